//! A source that fails is left alone, and nobody hangs on the call that looks whether it is back.

use serde_json::json;
use zijspan::upstream::http::{
    Body, BreakerSettings, BreakerState, Call, Client, ClientSettings, ErrorKind, Health,
};

use super::server::{Line, Server, status};
use super::{MS, NOW, ask, client, kind, settings};

fn quick() -> ClientSettings {
    ClientSettings {
        timeout: 200 * MS,
        deadline: 1000 * MS,
        breaker: BreakerSettings {
            faults: 3,
            open: 40 * MS,
            max_open: 40 * MS,
        },
        retries: 0,
        ..settings()
    }
}

async fn opened(server: &Server, settings: ClientSettings) -> Client {
    let client = client(&server.base, settings);
    for _ in 0..3 {
        assert_ne!(kind(&client).await, ErrorKind::Open);
    }
    assert_eq!(client.vitals().breaker.state, BreakerState::Open);
    client
}

/// The bar: with a hanging source and its breaker open, 99 of a hundred are answered within 60 ms, and everybody
/// within 150 ms.
#[tokio::test]
async fn nobody_waits_for_a_source_that_hangs() {
    let server = Server::start([Line::Hang]).await;
    let client = opened(&server, quick()).await;
    assert_eq!(server.seen(), 3);
    let began = tokio::time::Instant::now();
    let mut waits = Vec::new();
    let mut rounds = 0;
    // Long enough for several probes, each of which hangs too.
    while began.elapsed() < 1500 * MS {
        let calls = (0..10).map(|_| async {
            let began = tokio::time::Instant::now();
            assert_eq!(kind(&client).await, ErrorKind::Open);
            began.elapsed()
        });
        let took = futures_util::future::join_all(calls).await;
        waits.extend(took);
        rounds += 1;
        tokio::time::sleep(5 * MS).await;
    }
    waits.sort();
    // The machine of the test may have other things to do for a moment; the source has none of it.
    let (most, longest) = (waits[waits.len() * 99 / 100], waits[waits.len() - 1]);
    assert!(most < 60 * MS, "{most:?}");
    assert!(longest < 150 * MS, "{longest:?}");
    // One probe at a time: 200 ms each with a pause of 40 ms between them.
    let probes = server.seen() - 3;
    assert!((3..=8).contains(&probes), "{probes} probes");
    assert!(rounds > 20, "{rounds}");
}

/// On a machine that is busy the probe may take longer than anyone waits for it: it may be tried three times
/// until everybody is served. What is not served is told at once that the source is left alone.
#[tokio::test]
async fn a_source_that_is_back_is_used_by_all_who_waited() {
    let mut answers = Vec::new();
    for _ in 0..3 {
        let server = Server::start([status(500)]).await;
        let client = opened(&server, quick()).await;
        server.play([Line::Slow(5 * MS, 200)]);
        tokio::time::sleep(60 * MS).await;
        let calls = (0..5).map(|_| ask(&client));
        answers = futures_util::future::join_all(calls).await;
        for answer in &answers {
            match answer {
                Ok(answer) => assert_eq!(*answer, json!({"a": 1})),
                Err(error) => assert_eq!(error.kind, ErrorKind::Open),
            }
        }
        closed(&client).await;
        ask(&client).await.unwrap();
        assert_eq!(client.vitals().health, Health::Ok);
        if answers.iter().all(Result::is_ok) {
            return;
        }
    }
    panic!("not everybody was served: {answers:?}");
}

/// Waits until nothing but time closes it: the probe goes on without whoever made it.
async fn closed(client: &Client) {
    for _ in 0..200 {
        if client.vitals().breaker.state == BreakerState::Closed {
            return;
        }
        tokio::time::sleep(10 * MS).await;
    }
    panic!("{:?}", client.vitals());
}

#[tokio::test]
async fn a_probe_that_takes_long_closes_it_without_whoever_made_it() {
    let server = Server::start([Line::Break]).await;
    let client = opened(&server, quick()).await;
    server.play([Line::Slow(120 * MS, 200)]);
    tokio::time::sleep(60 * MS).await;
    assert_eq!(kind(&client).await, ErrorKind::Open);
    assert_eq!(client.vitals().breaker.state, BreakerState::HalfOpen);
    closed(&client).await;
    assert_eq!(server.seen(), 4);
}

/// A token for a code can be had once: its call is not left behind.
#[tokio::test]
async fn a_probe_that_changes_something_is_waited_for() {
    let server = Server::start([status(503)]).await;
    let client = opened(&server, quick()).await;
    server.play([Line::Slow(120 * MS, 200)]);
    tokio::time::sleep(60 * MS).await;
    let call = Call::post("test.post", "/token", Body::Form(&[("code", "x")]));
    assert_eq!(client.call(call).await.unwrap().status, 200);
}

#[tokio::test]
async fn what_was_answered_is_no_fault() {
    for line in [
        status(400),
        status(401),
        status(403),
        status(404),
        status(501),
        Line::Status(302, "location: /elsewhere\r\n".to_owned()),
        Line::Status(200, "content-type: text/html\r\n".to_owned()),
    ] {
        let server = Server::start([line.clone()]).await;
        let client = client(&server.base, quick());
        for _ in 0..5 {
            let _ = ask(&client).await;
        }
        assert_eq!(server.seen(), 5, "{line:?}");
        assert_eq!(
            client.vitals().breaker.state,
            BreakerState::Closed,
            "{line:?}"
        );
    }
}

#[tokio::test]
async fn calls_that_fail_together_are_one_fault() {
    let server = Server::start([Line::Hang]).await;
    let client = client(&server.base, quick());
    for round in 0..2 {
        let calls = (0..10).map(|_| kind(&client));
        futures_util::future::join_all(calls).await;
        assert_eq!(
            client.vitals().breaker.state,
            BreakerState::Closed,
            "round {round}"
        );
    }
}

#[tokio::test]
async fn the_vitals_tell_how_it_went() {
    let server = Server::start([status(200), status(200), status(500)]).await;
    let client = client(&server.base, quick());
    assert_eq!(client.vitals().health, Health::Unknown);
    assert_eq!(client.vitals().median_ms, None);
    for _ in 0..5 {
        let _ = ask(&client).await;
    }
    let vitals = client.vitals();
    assert_eq!(vitals.component, "zaken");
    assert_eq!((vitals.calls, vitals.failures), (5, 3));
    assert_eq!(vitals.last_ok, Some(NOW));
    assert_eq!(vitals.last_failure.unwrap().reason, "server");
    assert_eq!(vitals.breaker.state, BreakerState::Open);
    assert_eq!(vitals.breaker.since, Some(NOW));
    assert!(vitals.median_ms.is_some() && vitals.p95_ms >= vitals.median_ms);
    assert_eq!(client.vitals().health, Health::Failing);
    // What is refused here never went out.
    assert_eq!(kind(&client).await, ErrorKind::Open);
    assert_eq!(client.vitals().calls, 5);
}
