//! Whom a client trusts, and how it shows who it is, against a real TLS server.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use zijspan::domain::SecretBytes;
use zijspan::lifecycle::Tasks;
use zijspan::upstream::http::{ClientSettings, ErrorKind, TlsSettings};

use super::server::{Line, Server, status};
use super::{ask, client, kind, settings};

pub struct Authority(CertifiedIssuer<'static, KeyPair>);

pub struct Pair {
    pub cert: String,
    pub key: String,
    der: (CertificateDer<'static>, PrivateKeyDer<'static>),
}

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        Self(CertifiedIssuer::self_signed(params, key).unwrap())
    }

    pub fn pem(&self) -> String {
        self.0.pem()
    }

    pub fn issue(&self, name: &str) -> Pair {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        let cert = params.signed_by(&key, &self.0).unwrap();
        Pair {
            cert: cert.pem(),
            key: key.serialize_pem(),
            der: (
                cert.der().clone(),
                PrivateKeyDer::Pkcs8(key.serialize_der().into()),
            ),
        }
    }
}

/// A server on `https://localhost`; with `clients` it asks for a certificate of that authority.
async fn serve(own: Pair, clients: Option<&Authority>) -> (String, Server) {
    let script = Server::start([status(200)]).await;
    let builder = ServerConfig::builder();
    let builder = match clients {
        None => builder.with_no_client_auth(),
        Some(authority) => {
            let mut roots = RootCertStore::empty();
            roots.add(authority.0.der().clone()).unwrap();
            let verifier = WebPkiClientVerifier::builder(Arc::new(roots)).build();
            builder.with_client_cert_verifier(verifier.unwrap())
        }
    };
    let (cert, key) = own.der;
    let config = builder.with_single_cert(vec![cert], key).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!(
        "https://localhost:{}",
        listener.local_addr().unwrap().port()
    );
    let serving = script.clone();
    let tasks = Tasks::new();
    tasks.clone().spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, serving) = (acceptor.clone(), serving.clone());
            tasks.spawn(async move {
                if let Ok(stream) = acceptor.accept(stream).await {
                    serving.serve(stream).await;
                }
            });
        }
    });
    (base, script)
}

fn trusting(roots: Option<&Authority>, own: Option<&Pair>) -> ClientSettings {
    ClientSettings {
        tls: TlsSettings {
            roots: roots.map(|roots| roots.pem().into_bytes().into()),
            identity: own
                .map(|own| SecretBytes::new(format!("{}\n{}", own.key, own.cert).into_bytes())),
        },
        ..settings()
    }
}

#[tokio::test]
async fn only_the_authority_of_the_source_is_trusted() {
    let (ours, theirs) = (Authority::new(), Authority::new());
    let (base, server) = serve(ours.issue("localhost"), None).await;
    ask(&client(&base, trusting(Some(&ours), None)))
        .await
        .unwrap();
    assert_eq!(server.seen(), 1);
    for roots in [Some(&theirs), None] {
        let client = client(&base, trusting(roots, None));
        assert_eq!(kind(&client).await, ErrorKind::Connect);
    }
    assert_eq!(server.seen(), 1, "nothing was said to whom is not trusted");
}

#[tokio::test]
async fn a_certificate_for_another_name_is_refused() {
    let ours = Authority::new();
    let (base, server) = serve(ours.issue("zgw.example"), None).await;
    let client = client(&base, trusting(Some(&ours), None));
    assert_eq!(kind(&client).await, ErrorKind::Connect);
    assert_eq!(server.seen(), 0);
}

#[tokio::test]
async fn a_source_that_asks_who_we_are_is_shown_our_certificate() {
    let (ours, clients) = (Authority::new(), Authority::new());
    let (base, server) = serve(ours.issue("localhost"), Some(&clients)).await;
    let own = clients.issue("zijspan");
    ask(&client(&base, trusting(Some(&ours), Some(&own))))
        .await
        .unwrap();
    assert_eq!(server.seen(), 1);
    let other = Authority::new().issue("zijspan");
    for own in [None, Some(&other)] {
        let client = client(&base, trusting(Some(&ours), own));
        assert_eq!(kind(&client).await, ErrorKind::Connect);
    }
    assert_eq!(server.seen(), 1);
}

/// A server that chooses TLS 1.1 gets the alert `protocol_version`, and no request.
#[tokio::test]
async fn nothing_below_tls_1_2_is_spoken() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!(
        "https://localhost:{}",
        listener.local_addr().unwrap().port()
    );
    let ours = Authority::new();
    let no_retry = ClientSettings {
        retries: 0,
        ..trusting(Some(&ours), None)
    };
    let client = client(&base, no_retry);
    let server = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut record = [0; 5];
        stream.read_exact(&mut record).await.unwrap();
        assert_eq!(record[0], 22, "a handshake");
        let length = usize::from(u16::from_be_bytes([record[3], record[4]]));
        stream.read_exact(&mut vec![0; length]).await.unwrap();
        // ServerHello: TLS 1.1, a random of zeros, no session, ECDHE_RSA_WITH_AES_128_CBC_SHA.
        let mut hello = vec![22, 3, 2, 0, 42, 2, 0, 0, 38, 3, 2];
        hello.extend([0; 32]);
        hello.extend([0, 0xc0, 0x13, 0]);
        stream.write_all(&hello).await.unwrap();
        let mut alert = [0; 7];
        stream.read_exact(&mut alert).await.unwrap();
        assert_eq!((alert[0], alert[5]), (21, 2), "a fatal alert: {alert:?}");
        assert_eq!(alert[6], 70, "protocol_version");
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest).await;
        assert!(rest.is_empty());
    };
    let (kind, ()) = tokio::join!(kind(&client), server);
    assert_eq!(kind, ErrorKind::Connect);
}

#[tokio::test]
async fn a_plain_server_where_tls_is_meant_gets_no_request() {
    let server = Server::start([status(200)]).await;
    let base = server.base.replace("http://127.0.0.1", "https://localhost");
    let ours = Authority::new();
    let client = client(&base, trusting(Some(&ours), None));
    assert_eq!(kind(&client).await, ErrorKind::Connect);
    assert_eq!(server.seen(), 0);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Server::start([status(200)]).await;
    let line = format!("location: {}/zaken\r\n", elsewhere.base);
    let server = Server::start([Line::Status(302, line)]).await;
    let client = client(&server.base, settings());
    assert_eq!(kind(&client).await, ErrorKind::Redirect);
    assert_eq!(elsewhere.seen(), 0);
}
