//! The listeners themselves: TLS from files, and a Unix socket.

use std::time::Duration;

use axum::Router;
use axum::routing::get;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use zijspan::api::server::{Bound, ServerLimits};
use zijspan::lifecycle::Tasks;

const LIMITS: ServerLimits = ServerLimits {
    connections: 8,
    head: Duration::from_millis(300),
};

fn hello() -> Router {
    Router::new().route("/hello", get(|| async { "hallo" }))
}

#[tokio::test]
async fn a_listener_speaks_tls_with_the_certificate_of_its_files() {
    let dir = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let (cert, key) = (dir.path().join("cert.pem"), dir.path().join("key.pem"));
    std::fs::write(&cert, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let tasks = Tasks::new();
    let bound = Bound::localhost(0).await.unwrap();
    let port = bound.port();
    bound
        .with_tls(&cert, &key)
        .unwrap()
        .serve(hello(), LIMITS, &tasks);
    let root = reqwest::Certificate::from_pem(made.cert.pem().as_bytes()).unwrap();
    #[expect(clippy::disallowed_methods, reason = "a test plays the outside world")]
    let client = reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([root])
        .build()
        .unwrap();
    let answer = client
        .get(format!("https://localhost:{port}/hello"))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.text().await.unwrap(), "hallo");
    // Plain HTTP on the same port gets nothing.
    let plain = client
        .get(format!("http://localhost:{port}/hello"))
        .send()
        .await;
    assert!(plain.is_err());
    let mixed = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    std::fs::write(&key, mixed.signing_key.serialize_pem()).unwrap();
    let refused = Bound::localhost(0).await.unwrap().with_tls(&cert, &key);
    assert!(
        refused
            .unwrap_err()
            .to_string()
            .contains("do not go together")
    );
    tasks.stop();
}

#[tokio::test]
async fn a_listener_answers_on_a_unix_socket_and_takes_over_an_abandoned_one() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("api.sock");
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    let tasks = Tasks::new();
    Bound::unix(&path)
        .await
        .unwrap()
        .serve(hello(), LIMITS, &tasks);
    let mut stream = tokio::net::UnixStream::connect(&path).await.unwrap();
    stream
        .write_all(b"GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .await
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.ends_with("hallo"), "{answer}");
    assert!(Bound::unix(&path).await.is_err(), "the socket is in use");
    let file = dir.path().join("file");
    std::fs::write(&file, "mine").unwrap();
    assert!(Bound::unix(&file).await.is_err(), "a file is left alone");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
    tasks.stop();
}

#[tokio::test]
async fn localhost_refuses_when_one_of_its_addresses_is_taken() {
    let taken = Bound::localhost(0).await.unwrap();
    let port = taken.port();
    assert!(Bound::localhost(port).await.is_err());
}
