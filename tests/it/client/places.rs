//! Places for calls at the same time, and the queue before them.

use futures_util::FutureExt as _;
use zijspan::upstream::http::{BreakerSettings, BreakerState, Call, ClientSettings, ErrorKind};

use super::server::{Line, Server, status};
use super::{MS, ask, client, kind, settings};

fn narrow() -> ClientSettings {
    ClientSettings {
        max_concurrent: 1,
        max_waiting: 1,
        ..settings()
    }
}

#[tokio::test]
async fn a_full_queue_refuses_at_once_and_the_source_is_not_blamed() {
    let server = Server::start([Line::Slow(300 * MS, 200), status(200)]).await;
    let client = client(&server.base, narrow());
    let refused = async {
        while client.vitals().waiting == 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(client.vitals().in_flight, 1);
        ask(&client).now_or_never().expect("it is refused at once")
    };
    let (first, second, third) = tokio::join!(ask(&client), ask(&client), refused);
    assert!(first.is_ok() && second.is_ok());
    assert_eq!(third.unwrap_err().kind, ErrorKind::Busy);
    let vitals = client.vitals();
    assert_eq!((vitals.calls, vitals.failures), (2, 0));
    assert_eq!((vitals.in_flight, vitals.waiting), (0, 0));
}

#[tokio::test]
async fn waiting_for_a_place_is_part_of_the_deadline() {
    let server = Server::start([Line::Hang]).await;
    let tight = ClientSettings {
        timeout: 350 * MS,
        deadline: 400 * MS,
        ..narrow()
    };
    let client = client(&server.base, tight);
    let began = tokio::time::Instant::now();
    // The second gets its place when the first has timed out, and then has hardly any time left.
    let (first, second) = tokio::join!(kind(&client), kind(&client));
    assert_eq!((first, second), (ErrorKind::Timeout, ErrorKind::Timeout));
    let took = began.elapsed();
    assert!(took >= 400 * MS && took < 700 * MS, "{took:?}");
}

#[tokio::test]
async fn who_leaves_gives_its_place_back() {
    let server = Server::start([Line::Hang, status(200)]).await;
    let client = client(&server.base, narrow());
    let left = tokio::time::timeout(100 * MS, ask(&client)).await;
    assert!(left.is_err());
    assert_eq!(client.vitals().in_flight, 0);
    ask(&client).await.unwrap();
}

#[tokio::test]
async fn a_download_holds_a_place_until_its_headers_only() {
    let server = Server::start([Line::Endless, status(200)]).await;
    let client = client(&server.base, narrow());
    let download = client
        .stream(Call::get("test.stream", "/download"), 5000 * MS)
        .await
        .unwrap();
    ask(&client).await.unwrap();
    drop(download);
}

#[tokio::test]
async fn who_waits_for_a_place_is_refused_when_the_source_is_given_up() {
    let server = Server::start([Line::Slow(150 * MS, 500), Line::Hang]).await;
    let one = ClientSettings {
        breaker: BreakerSettings {
            faults: 1,
            open: 60_000 * MS,
            max_open: 60_000 * MS,
        },
        max_concurrent: 2,
        max_waiting: 5,
        ..settings()
    };
    let client = client(&server.base, one);
    let began = tokio::time::Instant::now();
    let fails = async {
        let kind = kind(&client).await;
        assert_eq!(kind, ErrorKind::Server);
    };
    let hangs = tokio::time::timeout(1000 * MS, ask(&client));
    let waits = async {
        assert_eq!(kind(&client).await, ErrorKind::Open);
        began.elapsed()
    };
    let waits_too = async {
        assert_eq!(kind(&client).await, ErrorKind::Open);
        began.elapsed()
    };
    let ((), hung, waited, waited_too) = tokio::join!(fails, hangs, waits, waits_too);
    assert!(hung.is_err());
    assert!(
        waited.max(waited_too) < 900 * MS,
        "{waited:?} {waited_too:?}"
    );
    assert_eq!(client.vitals().breaker.state, BreakerState::Open);
}
