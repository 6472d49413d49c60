//! The accept loop of every listener: limits on heads, connections and idle time, and a stop that lets
//! running requests end.
//!
//! `axum::serve` sets no timer, so that hyper's bound on slow heads never works; hence this loop.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, UnixListener};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tower::{Service as _, ServiceExt as _};

use crate::lifecycle::Tasks;

/// Largest head that is read, in bytes.
const MAX_HEAD: usize = 16 * 1024;
const MAX_HEADERS: usize = 64;

/// What one listener allows.
#[derive(Debug, Clone, Copy)]
pub struct ServerLimits {
    pub connections: usize,
    /// To send a whole head.
    pub head: Duration,
}

/// Where a listener is bound. `localhost` has two sockets.
pub struct Bound {
    sockets: Vec<Socket>,
    tls: Option<TlsAcceptor>,
}

#[derive(Debug)]
enum Socket {
    Tcp(TcpListener),
    Unix(UnixListener),
}

impl fmt::Debug for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bound")
            .field("sockets", &self.sockets)
            .field("tls", &self.tls.is_some())
            .finish()
    }
}

impl Bound {
    /// 127.0.0.1 and, where the machine has it, ::1 on the same port; fails when either is taken.
    pub async fn localhost(port: u16) -> io::Result<Self> {
        let v4 = TcpListener::bind(("127.0.0.1", port)).await?;
        let port = v4.local_addr()?.port();
        let mut sockets = vec![Socket::Tcp(v4)];
        match TcpListener::bind(("::1", port)).await {
            Ok(v6) => sockets.push(Socket::Tcp(v6)),
            // No IPv6 on this machine is fine; an address that is taken is not.
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => return Err(error),
            Err(_) => {}
        }
        Ok(Self { sockets, tls: None })
    }

    pub async fn address(address: SocketAddr) -> io::Result<Self> {
        Ok(Self {
            sockets: vec![Socket::Tcp(TcpListener::bind(address).await?)],
            tls: None,
        })
    }

    /// A Unix socket that owner and group may use. One that a process before us left is replaced.
    pub async fn unix(path: &Path) -> io::Result<Self> {
        use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
        if let Ok(meta) = tokio::fs::symlink_metadata(path).await {
            if !meta.file_type().is_socket() {
                return Err(io::ErrorKind::AlreadyExists.into());
            }
            if tokio::net::UnixStream::connect(path).await.is_ok() {
                return Err(io::ErrorKind::AddrInUse.into());
            }
            tokio::fs::remove_file(path).await?;
        }
        let socket = UnixListener::bind(path)?;
        tokio::fs::set_permissions(path, std::fs::Permissions::from_mode(0o660)).await?;
        Ok(Self {
            sockets: vec![Socket::Unix(socket)],
            tls: None,
        })
    }

    /// Speaks TLS 1.2 or later with this certificate chain and key (PEM).
    pub fn with_tls(mut self, certificates: &Path, key: &Path) -> Result<Self, TlsError> {
        let certificates = CertificateDer::pem_file_iter(certificates)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|_| TlsError::Read(certificates.to_owned()))?;
        let key = PrivateKeyDer::from_pem_file(key).map_err(|_| TlsError::Read(key.to_owned()))?;
        let mut config = rustls::ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(certificates, key)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        self.tls = Some(TlsAcceptor::from(Arc::new(config)));
        Ok(self)
    }

    /// The port, 0 for a Unix socket.
    pub fn port(&self) -> u16 {
        self.sockets
            .iter()
            .find_map(|socket| match socket {
                Socket::Tcp(tcp) => tcp.local_addr().ok(),
                Socket::Unix(_) => None,
            })
            .map_or(0, |address| address.port())
    }

    /// Serves until the tasks are asked to stop.
    pub fn serve(self, router: Router, limits: ServerLimits, tasks: &Tasks) {
        let places = Arc::new(Semaphore::new(limits.connections));
        for socket in self.sockets {
            let (router, places, tasks_) = (router.clone(), Arc::clone(&places), tasks.clone());
            let tls = self.tls.clone();
            tasks.spawn(async move { accept(socket, tls, router, limits, places, tasks_).await });
        }
    }
}

async fn accept(
    socket: Socket,
    tls: Option<TlsAcceptor>,
    router: Router,
    limits: ServerLimits,
    places: Arc<Semaphore>,
    tasks: Tasks,
) {
    loop {
        let accepted = tokio::select! {
            () = tasks.stopping() => return,
            accepted = next(&socket) => accepted,
        };
        let stream = match accepted {
            Ok(stream) => stream,
            Err(error) => {
                // Out of file descriptors, most likely: wait for some to come free.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            tracing::warn!("too many connections, one was turned away");
            continue;
        };
        let (router, tasks_, tls) = (router.clone(), tasks.clone(), tls.clone());
        tasks.spawn(async move {
            match tls {
                None => connection(stream, router, limits, tasks_).await,
                Some(tls) => {
                    let handshake = tokio::time::timeout(limits.head, tls.accept(stream)).await;
                    if let Ok(Ok(stream)) = handshake {
                        connection(Box::new(stream), router, limits, tasks_).await;
                    }
                }
            }
            drop(place);
        });
    }
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

async fn next(socket: &Socket) -> io::Result<Box<dyn Stream>> {
    match socket {
        Socket::Tcp(tcp) => {
            let (stream, _) = tcp.accept().await?;
            let _ = stream.set_nodelay(true);
            Ok(Box::new(stream))
        }
        Socket::Unix(unix) => Ok(Box::new(unix.accept().await?.0)),
    }
}

async fn connection(stream: Box<dyn Stream>, router: Router, limits: ServerLimits, tasks: Tasks) {
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        let mut router = router.clone();
        async move {
            let request = request.map(Body::new);
            router.as_service().ready().await?.call(request).await
        }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_buf_size(MAX_HEAD)
        .max_headers(MAX_HEADERS)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let stopped = tokio::select! {
        _ = connection.as_mut() => false,
        () = tasks.stopping() => true,
    };
    if stopped {
        connection.as_mut().graceful_shutdown();
        let _ = connection.await;
    }
}

#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error("{} is not a readable PEM file", .0.display())]
    Read(PathBuf),
    #[error("the certificate and the key do not go together: {0}")]
    Pair(#[from] rustls::Error),
}
