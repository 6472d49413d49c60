//! HTTP/1.1 by hand on hyper: an own accept loop, because a fault must be able to reset a connection,
//! which a framework does not offer.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, Limited};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

use super::large::Large;
use crate::lifecycle::Tasks;

/// Larger requests are not answered: nothing that the sandbox plays takes more in one body.
const MAX_REQUEST: usize = 64 * 1024 * 1024;

/// A request with its body in memory.
#[derive(Debug)]
pub struct Request {
    pub method: Method,
    pub path: String,
    pub query: String,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// The first request on its connection.
    pub opens_connection: bool,
}

impl Request {
    /// A header as text; absent and unreadable are both `None`.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::trim)
    }

    /// The parameters of the query, decoded, in the order received.
    pub fn params(&self) -> Vec<(String, String)> {
        form(self.query.as_bytes())
    }

    /// The fields of a posted form.
    pub fn form(&self) -> Vec<(String, String)> {
        form(&self.body)
    }
}

fn form(bytes: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(bytes).into_owned().collect()
}

/// The first value under `name`.
pub fn value<'a>(params: &'a [(String, String)], name: &str) -> Option<&'a str> {
    params
        .iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.as_str())
}

/// The connection ends here instead of going on with the answer.
#[derive(Debug, thiserror::Error)]
#[error("the sandbox cut the connection")]
pub struct Cut;

pub type Body = UnsyncBoxBody<Bytes, Cut>;

/// An answer, complete in memory unless it is large.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// A body that is made while it is sent, in place of `body`.
    pub large: Option<Large>,
}

impl Reply {
    pub fn new(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(
            http::header::CONTENT_TYPE,
            HeaderValue::from_static(content_type),
        );
        Self {
            status,
            headers,
            body: body.into(),
            large: None,
        }
    }

    pub fn json(status: StatusCode, value: &serde_json::Value) -> Self {
        Self::new(status, "application/json", value.to_string())
    }

    pub fn html(status: StatusCode, page: impl Into<String>) -> Self {
        Self::new(status, "text/html; charset=utf-8", page.into())
    }

    /// Sets a header; a value that cannot be one is left out.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(HeaderName::from_static(name), value);
        }
        self
    }

    pub fn length(&self) -> u64 {
        self.large
            .map_or(self.body.len() as u64, |large| large.length)
    }

    pub fn into_response(self) -> Response<Body> {
        let body = Full::new(self.body).map_err(|never: Infallible| match never {});
        respond(self.status, self.headers, UnsyncBoxBody::new(body))
    }
}

pub fn respond(status: StatusCode, headers: HeaderMap, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

/// Makes the end of a connection a reset instead of an orderly close.
#[derive(Debug, Clone, Default)]
pub struct Reset(Arc<AtomicBool>);

impl Reset {
    pub fn arm(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    fn is_armed(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

pub trait Handler: Send + Sync + 'static {
    fn handle(
        &self,
        request: Request,
        reset: &Reset,
    ) -> impl Future<Output = Result<Response<Body>, Cut>> + Send;
}

/// Serves until `tasks` is asked to stop; connections that are open then are dropped.
pub fn serve<H: Handler>(listener: TcpListener, handler: Arc<H>, tasks: &Tasks) {
    let all = tasks.clone();
    tasks.spawn(async move {
        loop {
            let accepted = tokio::select! {
                () = all.stopping() => return,
                accepted = listener.accept() => accepted,
            };
            let Ok((stream, _)) = accepted else {
                // Out of file descriptors: give connections time to end.
                tokio::time::sleep(Duration::from_millis(10)).await;
                continue;
            };
            // Without it small answers would wait for the peer's acknowledgement; refusing it is harmless.
            let _ = stream.set_nodelay(true);
            let handler = Arc::clone(&handler);
            let stop = all.clone();
            all.spawn(async move {
                tokio::select! {
                    () = connection(stream, handler) => {}
                    () = stop.stopping() => {}
                }
            });
        }
    });
}

async fn connection<H: Handler>(stream: TcpStream, handler: Arc<H>) {
    let reset = Reset::default();
    let io = TokioIo::new(Socket {
        stream,
        reset: reset.clone(),
    });
    let fresh = AtomicBool::new(true);
    let service = service_fn(|request: hyper::Request<hyper::body::Incoming>| {
        let handler = Arc::clone(&handler);
        let reset = reset.clone();
        let opens_connection = fresh.swap(false, Ordering::Relaxed);
        async move {
            let (parts, body) = request.into_parts();
            let Ok(body) = Limited::new(body, MAX_REQUEST).collect().await else {
                return Err(Cut);
            };
            let request = Request {
                method: parts.method,
                path: parts.uri.path().to_owned(),
                query: parts.uri.query().unwrap_or_default().to_owned(),
                headers: parts.headers,
                body: body.to_bytes(),
                opens_connection,
            };
            handler.handle(request, &reset).await
        }
    });
    // An error here is a peer that left or a connection that a fault cut: both are meant.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(io, service)
        .await;
}

/// A socket that a fault can end with a reset.
struct Socket {
    stream: TcpStream,
    reset: Reset,
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.reset.is_armed() {
            // An orderly FIN first would hide the reset.
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        if self.reset.is_armed() {
            // Closing with a linger of zero sends RST. A failure leaves an ordinary close.
            let _ = self.stream.set_zero_linger();
        }
    }
}
