//! `tls_client_auth` (RFC 8705): the certificate of the connection proves who the client is.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::RootCertStore;
use rustls::pki_types::PrivateKeyDer;
use rustls::server::WebPkiClientVerifier;
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use zijspan::domain::SecretBytes;
use zijspan::identity::oidc::ClientAuth;
use zijspan::identity::{Class, IdentityError};
use zijspan::lifecycle::Tasks;
use zijspan::upstream::http::TlsSettings;

use crate::op::*;

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

fn issue(authority: &Authority, name: &str) -> (rcgen::Certificate, KeyPair) {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    (params.signed_by(&key, authority).unwrap(), key)
}

/// Takes TLS connections with a certificate of `authority` alone, and passes on what comes through them.
fn terminate(listener: TcpListener, authority: &Authority, to: String, tasks: &Tasks) {
    let mut roots = RootCertStore::empty();
    roots.add(authority.der().clone()).unwrap();
    let verifier = WebPkiClientVerifier::builder(Arc::new(roots))
        .build()
        .unwrap();
    let (cert, key) = issue(authority, "localhost");
    let config = rustls::ServerConfig::builder()
        .with_client_cert_verifier(verifier)
        .with_single_cert(
            vec![cert.der().clone()],
            PrivateKeyDer::Pkcs8(key.serialize_der().into()),
        )
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let all = tasks.clone();
    tasks.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, to) = (acceptor.clone(), to.clone());
            all.spawn(async move {
                if let Ok(mut stream) = acceptor.accept(stream).await {
                    let mut inner = TcpStream::connect(to).await.unwrap();
                    let _ = tokio::io::copy_bidirectional(&mut stream, &mut inner).await;
                }
            });
        }
    });
}

/// A provider whose token endpoint with certificates is at an address of its own.
async fn world(identity: impl Fn(&Authority) -> Option<SecretBytes>, auth: ClientAuth) -> World {
    let authority = authority();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let secure = format!(
        "https://localhost:{}",
        listener.local_addr().unwrap().port()
    );
    let own = identity(&authority);
    let world = World::with(|s| {
        s.auth = auth.clone();
        s.extra_origins = vec![secure.clone()];
        s.client.tls = TlsSettings {
            roots: Some(authority.pem().into_bytes().into()),
            identity: own.clone(),
        };
    })
    .await;
    let to = world.issuer.strip_prefix("http://").unwrap().to_owned();
    terminate(listener, &authority, to, &Tasks::new());
    world.set(|script| {
        script.discovery["mtls_endpoint_aliases"] =
            json!({"token_endpoint": format!("{secure}/token")});
        // Only the way with a certificate leads anywhere.
        if matches!(auth, ClientAuth::Tls) {
            script.discovery["token_endpoint"] = json!(format!("{}/nowhere", world.issuer));
        }
    });
    world
}

fn ours(authority: &Authority) -> Option<SecretBytes> {
    let (cert, key) = issue(authority, "zijspan");
    let pem = format!("{}\n{}", key.serialize_pem(), cert.pem());
    Some(SecretBytes::new(pem.into_bytes()))
}

#[tokio::test]
async fn the_certificate_is_shown_where_discovery_says_it_is_asked_for() {
    let world = world(ours, ClientAuth::Tls).await;
    world.land().await.unwrap();
    let form = world.last_form("token").unwrap();
    assert_eq!(form["client_id"], CLIENT);
    assert!(!form.contains_key("client_secret") && !form.contains_key("client_assertion"));
}

#[tokio::test]
async fn without_a_certificate_of_that_authority_no_token_is_had() {
    let nobody = world(|_| None, ClientAuth::Tls).await;
    let failure = nobody.land().await.unwrap_err();
    assert_eq!(failure.error.class(), Class::Unavailable);
    assert!(nobody.last_form("token").is_none());
    let stranger = authority();
    let other = world(|_| ours(&stranger), ClientAuth::Tls).await;
    let failure = other.land().await.unwrap_err();
    assert!(matches!(failure.error, IdentityError::Provider(_)));
    assert!(other.last_form("token").is_none());
}

#[tokio::test]
async fn a_client_without_a_certificate_does_not_go_there() {
    let world = world(|_| None, ClientAuth::None).await;
    world.land().await.unwrap();
    assert!(world.last_form("token").is_some());
}
