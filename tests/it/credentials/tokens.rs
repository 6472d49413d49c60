//! One token for everybody, in time, and anew when it is refused.

use zijspan::domain::UserId;
use zijspan::upstream::http::{Call, ErrorKind, Health};

use super::*;

/// A source that takes every token, and gives tokens that live this many seconds.
fn tokens_for(seconds: u64) -> impl Fn(&Seen, usize) -> Response + Send + Sync + 'static {
    move |seen, before| match seen.path.as_str() {
        "/token" => token_answer(before, seconds),
        _ => json_answer(200, &json!({})),
    }
}

/// What the source was told last.
fn last_authorization(server: &Server) -> String {
    let seen = server.seen("/api/zaken");
    seen.last().unwrap().header("authorization").to_owned()
}

/// A source that takes only the newest `good` token and those after it.
async fn source(refuses: impl Fn(&str, usize) -> bool + Send + Sync + 'static) -> Server {
    Server::start(move |seen, before| {
        if seen.path == "/token" {
            return token_answer(before, 3600);
        }
        let token = seen.header("authorization").to_owned();
        if refuses(&token, before) {
            json_answer(401, &json!({"error": "invalid_token"}))
        } else {
            json_answer(200, &json!({}))
        }
    })
    .await
}

#[tokio::test]
async fn one_token_is_fetched_for_everybody_who_waits() {
    let server = Server::with_gate(tokens_for(3600), 0).await;
    let client = client(&server.url, basic(&server), &clock());
    let tasks = Tasks::new();
    let waiting: Vec<_> = (0..50)
        .map(|_| {
            let client = client.clone();
            tasks.spawn(async move { ask(&client).await.map(|reply| reply.status) })
        })
        .collect();
    server.arrived(1).await;
    server.open(100);
    for one in waiting {
        assert_eq!(one.await.unwrap(), Ok(200));
    }
    assert_eq!(server.count("/token"), 1);
    for call in server.seen("/api/zaken") {
        assert_eq!(call.header("authorization"), "Bearer token-1");
    }
}

#[tokio::test]
async fn a_caller_that_leaves_neither_ends_nor_repeats_the_fetch() {
    let server = Server::with_gate(tokens_for(3600), 0).await;
    let client = client(&server.url, basic(&server), &clock());
    let tasks = Tasks::new();
    let first = tasks.spawn({
        let client = client.clone();
        async move { ask(&client).await }
    });
    server.arrived(1).await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    let second = tasks.spawn({
        let client = client.clone();
        async move { ask(&client).await }
    });
    tokio::task::yield_now().await;
    server.open(10);
    assert_eq!(second.await.unwrap().unwrap().status, 200);
    // One fetch and the second caller's question: a fetch that had ended with its caller would be a third.
    assert_eq!(server.came(), 2);
    assert_eq!(server.seen("/api/zaken").len(), 1);
}

#[tokio::test]
async fn a_token_is_renewed_before_it_ends_and_nobody_waits_for_that() {
    let server = Server::start(tokens_for(600)).await;
    let clock = clock();
    let client = client(&server.url, basic(&server), &clock);
    // 600 s: renewed from 510 s on, not used after 570 s.
    for seconds in [0, 505, 5] {
        clock.advance_secs(seconds);
        ask(&client).await.unwrap();
    }
    assert_eq!(last_authorization(&server), "Bearer token-1");
    server.arrived(5).await;
    clock.advance_secs(59);
    ask(&client).await.unwrap();
    assert_eq!(last_authorization(&server), "Bearer token-2");
    assert_eq!(server.count("/token"), 2);
    // Nothing was asked for a long time: the token is over, and a new one comes first.
    clock.advance_secs(100_000);
    ask(&client).await.unwrap();
    assert_eq!(last_authorization(&server), "Bearer token-3");
}

#[tokio::test]
async fn a_token_without_an_end_is_used_for_as_long_as_is_configured() {
    let server = Server::start(|seen, before| match seen.path.as_str() {
        "/token" if before == 0 => json_answer(200, &json!({"access_token": "a", "expires_in": 0})),
        "/token" => json_answer(200, &json!({"access_token": "b", "expires_in": "600"})),
        _ => json_answer(200, &json!({})),
    })
    .await;
    let clock = clock();
    let client = client(&server.url, basic(&server), &clock);
    ask(&client).await.unwrap();
    // 300 s are configured, of which the last 30 are not used.
    clock.advance_secs(205);
    ask(&client).await.unwrap();
    assert_eq!(server.count("/token"), 1);
    clock.advance_secs(66);
    ask(&client).await.unwrap();
    assert_eq!(server.count("/token"), 2);
    // The number in the answer counts, also where it is text.
    clock.advance_secs(500);
    ask(&client).await.unwrap();
    assert_eq!(server.count("/token"), 2);
}

#[tokio::test]
async fn a_refused_token_is_fetched_anew_once_for_everybody() {
    let server = source(|token, before| before > 0 && token == "Bearer token-1").await;
    let client = client(&server.url, basic(&server), &clock());
    ask(&client).await.unwrap();
    let tasks = Tasks::new();
    let calls: Vec<_> = (0..20)
        .map(|_| {
            let client = client.clone();
            tasks.spawn(async move { ask(&client).await.map(|reply| reply.status) })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap(), Ok(200));
    }
    assert_eq!(server.count("/token"), 2);
}

#[tokio::test]
async fn a_post_is_sent_again_whole_with_the_new_token() {
    let server = source(|token, _| token == "Bearer token-1").await;
    let client = client(&server.url, basic(&server), &clock());
    let body = json!({"uuid__in": ["x"]});
    let call = Call {
        method: axum::http::Method::POST,
        body: zijspan::upstream::http::Body::Json(&body),
        ..Call::get("zaken.list", "/api/zaken/_zoek")
    };
    assert_eq!(
        client.call(call, &UserId::system()).await.unwrap().status,
        200
    );
    let seen = server.seen("/api/zaken/_zoek");
    assert_eq!(seen.len(), 2);
    for sent in &seen {
        assert_eq!(sent.body, body.to_string());
    }
}

#[tokio::test]
async fn a_download_is_asked_again_with_the_new_token() {
    let server = source(|token, _| token == "Bearer token-1").await;
    let client = client(&server.url, basic(&server), &clock());
    let reply = client
        .stream(
            Call::get("document.download", "/api/download"),
            &UserId::system(),
            Duration::from_secs(1),
        )
        .await
        .unwrap();
    assert_eq!(reply.status, 200);
    assert_eq!(server.count("/token"), 2);
}

#[tokio::test]
async fn a_source_that_refuses_every_token_is_asked_once_more_and_then_left_alone() {
    let server = source(|_, _| true).await;
    let clock = clock();
    let client = client(&server.url, basic(&server), &clock);
    let error = |reply: Result<Reply, _>| {
        client
            .decode::<Value>("zaken.list", &reply.unwrap())
            .unwrap_err()
    };
    assert_eq!(error(ask(&client).await).kind, ErrorKind::Credentials);
    assert_eq!((server.count("/token"), server.count("/api/zaken")), (2, 2));
    for _ in 0..5 {
        ask(&client).await.unwrap();
    }
    assert_eq!((server.count("/token"), server.count("/api/zaken")), (2, 7));
    clock.advance_secs(11);
    ask(&client).await.unwrap();
    assert_eq!((server.count("/token"), server.count("/api/zaken")), (3, 9));
}

#[tokio::test]
async fn a_403_is_a_refused_token_only_when_it_says_so() {
    for (code, tokens) in [
        ("permission_denied", 1),
        ("jwt-expired", 2),
        ("not_authenticated", 2),
    ] {
        let server = Server::start(move |seen, before| match seen.path.as_str() {
            "/token" => token_answer(before, 3600),
            _ if before == 0 => json_answer(403, &json!({"code": code})),
            _ => json_answer(200, &json!({})),
        })
        .await;
        let client = client(&server.url, basic(&server), &clock());
        let status = ask(&client).await.unwrap().status;
        assert_eq!(server.count("/token"), tokens, "{code}");
        assert_eq!(status, if tokens == 2 { 200 } else { 403 }, "{code}");
    }
}

#[tokio::test]
async fn a_refused_client_does_not_become_a_flood_at_the_endpoint() {
    let server = Server::start(|_, _| json_answer(400, &json!({"error": "invalid_client"}))).await;
    let clock = clock();
    let client = client(&server.url, basic(&server), &clock);
    for _ in 0..5 {
        let error = ask(&client).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Credentials);
        assert_eq!(error.code.as_deref(), Some("invalid_client"));
        // A status would be read as the answer to the question.
        assert_eq!(error.status, None);
    }
    assert_eq!(server.count("/token"), 1);
    assert_eq!(server.count("/api/zaken"), 0);
    clock.advance_secs(11);
    ask(&client).await.unwrap_err();
    assert_eq!(server.count("/token"), 2);
}

/// While no token is to be had nobody asks the source, whose last word may have been a good one.
#[tokio::test]
async fn a_source_whose_tokens_cannot_be_had_is_not_well() {
    let server = Server::start(|seen, before| match (seen.path.as_str(), before) {
        ("/token", 0) => token_answer(before, 60),
        ("/token", _) => json_answer(500, &json!({})),
        _ => json_answer(200, &json!({})),
    })
    .await;
    let clock = clock();
    let client = client(&server.url, basic(&server), &clock);
    ask(&client).await.unwrap();
    assert_eq!(client.vitals().health, Health::Ok);
    clock.advance_secs(60);
    assert_eq!(ask(&client).await.unwrap_err().kind, ErrorKind::Server);
    let vitals = client.vitals();
    assert_eq!(vitals.health, Health::Failing);
    assert_eq!(vitals.last_failure.unwrap().reason, "server");
    assert_eq!(vitals.calls, 1);
}

#[tokio::test]
async fn what_is_wrong_at_the_endpoint_is_not_taken_for_an_answer_of_the_source() {
    for (status, body, kind) in [
        (404, json!({}), ErrorKind::Credentials),
        (302, json!({}), ErrorKind::Redirect),
        (500, json!({}), ErrorKind::Server),
        (503, json!({}), ErrorKind::Server),
        (200, json!({"token": "elsewhere"}), ErrorKind::Garbled),
        (200, json!({"access_token": ""}), ErrorKind::Garbled),
        (200, json!({"access_token": "a b"}), ErrorKind::Garbled),
        (200, json!({"access_token": ["a"]}), ErrorKind::Garbled),
    ] {
        let shown = body.clone();
        let server = Server::start(move |_, _| json_answer(status, &body)).await;
        let client = client(&server.url, basic(&server), &clock());
        let error = ask(&client).await.unwrap_err();
        assert_eq!((error.kind, error.status), (kind, None), "{status} {shown}");
        assert_eq!(server.count("/api/zaken"), 0);
    }
}

/// The wait around a call with its token does not cut off what its client would have counted.
#[tokio::test]
async fn a_call_that_fetches_no_token_is_counted_when_its_time_is_over() {
    let server = Server::with_gate(tokens_for(3600), 0).await;
    let short = ClientSettings {
        deadline: Duration::from_millis(300),
        max_concurrent: 100,
        ..ClientSettings::default()
    };
    let client = SourceClient::new(
        SourceName::parse("bron").unwrap(),
        BaseUrl::parse(&server.url).unwrap(),
        short,
        AuthSettings::default(),
    )
    .unwrap();
    let answers = futures_util::future::join_all((0..100).map(|_| ask(&client))).await;
    for answer in &answers {
        assert_eq!(answer.as_ref().unwrap_err().kind, ErrorKind::Timeout);
    }
    assert_eq!(client.vitals().calls, 100);
}
