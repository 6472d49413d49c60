//! Second attempts: which calls get one, and which do not.

use futures_util::StreamExt as _;
use serde_json::json;
use zijspan::upstream::http::{Body, Call, ClientSettings, ErrorKind};

use super::server::{Line, Server, status};
use super::{MS, ask, client, kind, settings};

#[tokio::test]
async fn what_may_pass_is_asked_once_more() {
    for first in [
        status(429),
        status(502),
        status(503),
        status(504),
        Line::Break,
        Line::Half,
        Line::Status(503, "retry-after: 0\r\n".to_owned()),
        Line::Status(
            503,
            "date: Sun, 06 Nov 1994 08:49:37 GMT\r\nretry-after: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                .to_owned(),
        ),
    ] {
        let server = Server::start([first.clone(), status(200)]).await;
        let began = tokio::time::Instant::now();
        let answer = ask(&client(&server.base, settings())).await;
        assert_eq!(answer.unwrap(), json!({"a": 1}), "{first:?}");
        assert_eq!(server.seen(), 2, "{first:?}");
        assert!(began.elapsed() >= 50 * MS, "{first:?}: no pause");
    }
}

#[tokio::test]
async fn an_answer_that_would_be_the_same_is_not_asked_for_again() {
    for first in [
        status(400),
        status(401),
        status(403),
        status(404),
        status(500),
        status(501),
        Line::Status(302, "location: /elsewhere\r\n".to_owned()),
        // More than is left of the call's time.
        Line::Status(503, "retry-after: 120\r\n".to_owned()),
        Line::Status(
            429,
            "date: Sun, 06 Nov 1994 08:49:37 GMT\r\nretry-after: Sun, 06 Nov 1994 09:49:37 GMT\r\n"
                .to_owned(),
        ),
    ] {
        let server = Server::start([first.clone(), status(200)]).await;
        let began = tokio::time::Instant::now();
        assert!(
            ask(&client(&server.base, settings())).await.is_err(),
            "{first:?}"
        );
        assert_eq!(server.seen(), 1, "{first:?}");
        assert!(began.elapsed() < 1000 * MS, "{first:?}: it waited");
    }
}

#[tokio::test]
async fn what_retry_after_asks_for_is_waited_for() {
    let server = Server::start([
        Line::Status(503, "retry-after: 1\r\n".to_owned()),
        status(200),
    ])
    .await;
    let began = tokio::time::Instant::now();
    ask(&client(&server.base, settings())).await.unwrap();
    assert!(began.elapsed() >= 1000 * MS);
    assert_eq!(server.seen(), 2);
}

#[tokio::test]
async fn silence_is_not_asked_again() {
    let server = Server::start([Line::Hang, status(200)]).await;
    let quick = ClientSettings {
        timeout: 150 * MS,
        ..settings()
    };
    let client = client(&server.base, quick);
    assert_eq!(kind(&client).await, ErrorKind::Timeout);
    assert_eq!(server.seen(), 1);
}

#[tokio::test]
async fn only_what_changes_nothing_is_sent_twice() {
    let body = json!({"a": 1});
    for (idempotent, attempts) in [(false, 1), (true, 2)] {
        let server = Server::start([status(503), status(200)]).await;
        let call = Call {
            idempotent,
            ..Call::post("test.post", "/zaken/_zoek", Body::Json(&body))
        };
        let reply = client(&server.base, settings()).call(call).await.unwrap();
        assert_eq!(reply.status, if idempotent { 200 } else { 503 });
        assert_eq!(server.seen(), attempts);
    }
}

#[tokio::test]
async fn there_are_as_many_attempts_as_configured() {
    for retries in 0..=2 {
        let server = Server::start([status(503)]).await;
        let settings = ClientSettings {
            retries,
            ..settings()
        };
        assert_eq!(
            kind(&client(&server.base, settings)).await,
            ErrorKind::Server
        );
        assert_eq!(server.seen(), 1 + retries as usize);
    }
}

/// A source that fails always is not asked twice as much for it.
#[tokio::test]
async fn second_attempts_have_a_budget() {
    let server = Server::start([status(503)]).await;
    let client = client(&server.base, settings());
    let calls = (0..100).map(|_| kind(&client));
    futures_util::future::join_all(calls).await;
    let second = server.seen() - 100;
    // A fifth of a hundred, and ten.
    assert!((10..=31).contains(&second), "{second}");
}

#[tokio::test]
async fn a_stream_begins_again_only_before_its_first_byte() {
    let server = Server::start([status(503), status(200)]).await;
    let client_ = client(&server.base, settings());
    let stream = client_
        .stream(Call::get("test.stream", "/download"), 1000 * MS)
        .await
        .unwrap();
    let bytes: Vec<_> = stream.body.map(Result::unwrap).collect().await;
    assert_eq!(bytes.concat(), b"{\"a\":1}");
    assert_eq!(server.seen(), 2);

    let server = Server::start([Line::Half, status(200)]).await;
    let client = client(&server.base, settings());
    let stream = client
        .stream(Call::get("test.stream", "/download"), 1000 * MS)
        .await
        .unwrap();
    let pieces: Vec<_> = stream.body.collect().await;
    let last = pieces.last().unwrap().as_ref().unwrap_err();
    assert_eq!(last.kind, ErrorKind::Connect);
    assert_eq!(server.seen(), 1);
}

#[tokio::test]
async fn second_attempts_end_with_the_deadline_of_the_call() {
    let server = Server::start([Line::Slow(700 * MS, 503), Line::Hang]).await;
    let tight = ClientSettings {
        connect_timeout: 50 * MS,
        timeout: 1400 * MS,
        deadline: 1500 * MS,
        ..settings()
    };
    let began = tokio::time::Instant::now();
    let error = kind(&client(&server.base, tight)).await;
    let took = began.elapsed();
    assert_eq!(error, ErrorKind::Timeout);
    assert_eq!(server.seen(), 2);
    assert!(took >= 1400 * MS && took < 2000 * MS, "{took:?}");
}

#[tokio::test]
async fn nothing_is_asked_of_a_port_that_is_closed_but_it_is_tried_twice() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let began = tokio::time::Instant::now();
    assert_eq!(kind(&client(&base, settings())).await, ErrorKind::Connect);
    assert!(began.elapsed() >= 50 * MS, "no second attempt");
}

/// An answer without a charset is UTF-8 as JSON is, and compressed ones are not asked for.
#[tokio::test]
async fn answers_are_not_asked_for_compressed() {
    let server = Server::start([status(200)]).await;
    ask(&client(&server.base, settings())).await.unwrap();
    let head = server.heads().concat().to_ascii_lowercase();
    assert!(head.starts_with("get /api/v1/zaken http/1.1"), "{head}");
    assert!(!head.contains("accept-encoding"), "{head}");
}
