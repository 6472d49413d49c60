//! Line 13: HTTP that no honest client writes. Whatever two readers could read in two ways ends the
//! connection.

use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use super::wire::{receive, send, sign_get, sign_json, socket};
use crate::harness::World;

/// A second request that must never be answered: smuggled behind the first.
const SMUGGLED: &str = "GET /v1/status HTTP/1.1\r\nhost: localhost\r\n\r\n";

#[tokio::test]
async fn attack_13_ambiguous_lengths_end_the_connection() {
    let world = World::start().await;
    let token = world.log_in(0).await;
    let api = socket(&world, "/api");
    let request = || {
        sign_json(
            &world,
            "POST",
            "/v1/page",
            Some(&token),
            &json!({"parts": []}),
        )
    };
    for (name, value) in [
        ("transfer-encoding", "chunked"),
        ("transfer-encoding", "xchunked"),
        ("transfer-encoding", "chunked, identity"),
        ("transfer-encoding", "identity"),
        ("transfer-encoding", "\u{b}chunked"),
        ("transfer-encoding ", "chunked"),
        ("content-length", "7"),
        ("content-length", "+12"),
        ("content-length", "0x0c"),
        ("content-length", "12, 12"),
        ("content-length", "-1"),
        ("content-length", "99999999999999999999999"),
    ] {
        let mut bytes = request().header(name, value).bytes();
        bytes.extend_from_slice(SMUGGLED.as_bytes());
        let why = format!("{name}: {value}");
        // Hyper may end the connection without a word.
        if let Some(raw) = send(&api, &bytes).await {
            assert!((400..500).contains(&raw.status), "{why}: {raw:?}");
            assert!(raw.closed, "{why}: the connection stayed open");
        }
    }
    // A chunked body instead of a length: signed well, and still refused.
    let chunked = request()
        .replaced("transfer-encoding", "chunked")
        .without("content-length");
    let mut bytes = chunked.head();
    bytes.extend_from_slice(b"c\r\n{\"parts\":[]}\r\n0\r\n\r\n");
    bytes.extend_from_slice(SMUGGLED.as_bytes());
    let raw = send(&api, &bytes).await.unwrap();
    chunked.verify(&world, &raw);
    assert_eq!((raw.status, raw.closed), (411, true), "{raw:?}");
    world.stop().await;
}

#[tokio::test]
async fn attack_13_a_body_that_is_longer_or_shorter_than_it_says() {
    let world = World::start().await;
    let token = world.log_in(0).await;
    let api = socket(&world, "/api");
    let request = || {
        sign_json(
            &world,
            "POST",
            "/v1/page",
            Some(&token),
            &json!({"parts": []}),
        )
    };
    // Shorter than was signed: what is left over is no request.
    let short = request().replaced("content-length", "5");
    send(&api, &short.bytes())
        .await
        .unwrap()
        .assert_uniform_401("short");
    // Longer than what comes: the client goes away.
    let long = request().replaced("content-length", "500");
    let mut stream = TcpStream::connect(&api).await.unwrap();
    stream.write_all(&long.bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    if let Some(raw) = receive(&mut stream).await {
        long.verify(&world, &raw);
        assert_eq!(raw.status, 400);
    }
    // A GET with a body that its signature knows nothing of.
    let mut get = sign_get(&world, "/v1/session", Some(&token)).header("content-length", "4");
    get.body = b"evil".to_vec();
    get.send(&world).await.assert_uniform_401("GET with a body");
    assert_eq!(request().send_signed(&world).await.status, 200);
    world.stop().await;
}

#[tokio::test]
async fn attack_13_malformed_lines_and_targets() {
    let world = World::start().await;
    let api = socket(&world, "/api");
    let good = sign_get(&world, "/v1/status", None);
    let text = String::from_utf8(good.bytes()).unwrap();
    let host = format!("host: {}\r\n", good.host);
    let malformed = [
        ("a space in a name", text.replace("host:", "ho st:")),
        (
            "a folded line",
            text.replace(&host, &format!("{host} folded: x\r\n")),
        ),
        ("no host", text.replace(&host, "")),
        ("an empty host", text.replace(&host, "host:\r\n")),
        (
            "another host",
            text.replace(&host, "host: evil.example\r\n"),
        ),
        (
            "two hosts",
            text.replace(&host, &format!("{host}host: evil.example\r\n")),
        ),
        (
            "an absolute target",
            text.replace("GET /v1", "GET http://evil.example/v1"),
        ),
        (
            "an absolute target of our own",
            text.replace("GET /v1", &format!("GET http://{}/v1", good.host)),
        ),
        (
            "an authority as target",
            text.replace("GET /v1/status", &format!("CONNECT {}", good.host)),
        ),
        (
            "a star as target",
            text.replace("GET /v1/status", "OPTIONS *"),
        ),
        ("a zero byte", text.replace("/v1/status", "/v1/sta\0tus")),
        (
            "a control character",
            text.replace(&host, &format!("{host}x: a\u{1}b\r\n")),
        ),
        (
            "a carriage return alone",
            text.replace(&host, &format!("{host}x: a\rb\r\n")),
        ),
        ("HTTP/3.7", text.replace("HTTP/1.1", "HTTP/3.7")),
        (
            "HTTP/2 without TLS",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(),
        ),
        (
            "a long head",
            text.replace(&host, &format!("{host}x: {}\r\n", "a".repeat(20_000))),
        ),
        (
            "many headers",
            text.replace(&host, &format!("{host}{}", "x: a\r\n".repeat(100))),
        ),
        ("no HTTP", "\u{16}\u{3}\u{1}\0\u{5}hello\r\n\r\n".to_owned()),
    ];
    for (why, bytes) in malformed {
        if let Some(raw) = send(&api, bytes.as_bytes()).await {
            assert!((400..500).contains(&raw.status), "{why}: {raw:?}");
            assert!(!raw.is_signed(), "{why}: {raw:?}");
            assert!(raw.closed, "{why}: the connection stayed open");
        }
    }
    // Bare line feeds are how some read the end of a line. The signature is over the values alone, so
    // nothing that it covers can be changed by them: answered as itself or not at all.
    if let Some(raw) = send(&api, text.replace("\r\n", "\n").as_bytes()).await {
        assert!(matches!(raw.status, 200 | 400 | 401), "{raw:?}");
    }
    // What is left after an answer to a bad signature is not read.
    let bad = text.replace("zijspan=:", "zijspan=:A");
    let mut bytes = bad.into_bytes();
    bytes.extend_from_slice(&sign_get(&world, "/v1/status", None).bytes());
    send(&api, &bytes)
        .await
        .unwrap()
        .assert_uniform_401("pipelined behind a bad one");
    world.stop().await;
}

#[tokio::test]
async fn attack_13_two_honest_requests_on_one_connection_get_two_answers() {
    let world = World::start().await;
    let mut stream = TcpStream::connect(socket(&world, "/api")).await.unwrap();
    for _ in 0..2 {
        let request = sign_get(&world, "/v1/status", None);
        stream.write_all(&request.bytes()).await.unwrap();
        let raw = receive(&mut stream).await.unwrap();
        request.verify(&world, &raw);
        assert_eq!((raw.status, raw.closed), (200, false));
    }
    world.stop().await;
}
