//! What is measured of the calls of one client.

use futures_util::{FutureExt as _, StreamExt as _};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use zijspan::upstream::http::{BreakerSettings, Call, ClientSettings, ErrorKind};

use super::server::{Line, Server, status};
use super::{MS, ask, client, kind, settings};

/// What is measured in this thread, and so in this test, for as long as it lives.
struct Figures {
    handle: PrometheusHandle,
    _here: metrics::LocalRecorderGuard<'static>,
}

impl Figures {
    fn new() -> Self {
        let recorder = Box::leak(Box::new(PrometheusBuilder::new().build_recorder()));
        Self {
            handle: recorder.handle(),
            _here: metrics::set_default_local_recorder(recorder),
        }
    }

    /// The one sample of a name that has this label.
    fn of(&self, name: &str, label: &str) -> Option<f64> {
        let text = self.handle.render();
        let mut samples = text.lines().filter(|line| {
            line.strip_prefix(name)
                .is_some_and(|rest| rest.starts_with('{'))
                && line.contains(label)
        });
        let value = samples.next()?.rsplit_once(' ')?.1.parse().ok();
        assert_eq!(samples.next(), None, "{text}");
        value
    }

    fn waiting(&self) -> Option<f64> {
        self.of("zijspan_upstream_waiting", "")
    }

    fn breaker(&self) -> Option<f64> {
        self.of("zijspan_upstream_breaker_state", "")
    }

    fn calls(&self, outcome: &str) -> Option<f64> {
        let label = format!("outcome=\"{outcome}\"");
        self.of("zijspan_upstream_calls_total", &label)
    }

    fn bytes(&self, operation: &str) -> Option<f64> {
        self.of("zijspan_upstream_bytes_total", operation)
    }
}

#[tokio::test]
async fn those_who_wait_are_counted_until_they_leave() {
    let figures = Figures::new();
    let server = Server::start([Line::Hang]).await;
    let narrow = ClientSettings {
        max_concurrent: 1,
        max_waiting: 2,
        ..settings()
    };
    let client = client(&server.base, narrow);
    let mut out = Box::pin(ask(&client));
    assert!(out.as_mut().now_or_never().is_none());
    assert_eq!(figures.waiting(), Some(0.0));
    let mut first = Box::pin(ask(&client));
    assert!(first.as_mut().now_or_never().is_none());
    assert_eq!(figures.waiting(), Some(1.0));
    let mut second = Box::pin(ask(&client));
    assert!(second.as_mut().now_or_never().is_none());
    assert_eq!(kind(&client).await, ErrorKind::Busy);
    assert_eq!(figures.waiting(), Some(2.0));
    drop(first);
    assert_eq!(figures.waiting(), Some(1.0));
    drop(second);
    assert_eq!(figures.waiting(), Some(0.0));
}

#[tokio::test]
async fn the_breaker_is_measured_when_it_changes_and_not_when_somebody_asks() {
    let figures = Figures::new();
    let server = Server::start([status(500)]).await;
    let quick = ClientSettings {
        breaker: BreakerSettings {
            faults: 1,
            open: 40 * MS,
            max_open: 40 * MS,
        },
        retries: 0,
        ..settings()
    };
    let client = client(&server.base, quick);
    assert_eq!(kind(&client).await, ErrorKind::Server);
    assert_eq!(figures.breaker(), Some(2.0));
    server.play([Line::Slow(100 * MS, 200)]);
    tokio::time::sleep(60 * MS).await;
    let mut probe = Box::pin(ask(&client));
    assert!(probe.as_mut().now_or_never().is_none());
    assert_eq!(figures.breaker(), Some(1.0));
    // The probe goes on without whoever made it, and nobody asks anything after it.
    drop(probe);
    for _ in 0..200 {
        if figures.breaker() == Some(0.0) {
            return;
        }
        tokio::time::sleep(10 * MS).await;
    }
    panic!("{:?} {:?}", figures.breaker(), client.vitals());
}

/// Nobody waits for a probe when the process stops, and it leaves the source as it was.
#[tokio::test]
async fn a_probe_that_a_stop_ends_is_measured_as_open_again() {
    let figures = Figures::new();
    let server = Server::start([status(500)]).await;
    let quick = ClientSettings {
        breaker: BreakerSettings {
            faults: 1,
            open: 40 * MS,
            max_open: 40 * MS,
        },
        retries: 0,
        ..settings()
    };
    let tasks = quick.host.tasks.clone();
    let client = client(&server.base, quick);
    assert_eq!(kind(&client).await, ErrorKind::Server);
    server.play([Line::Hang]);
    tokio::time::sleep(60 * MS).await;
    let mut probe = Box::pin(ask(&client));
    assert!(probe.as_mut().now_or_never().is_none());
    assert_eq!(figures.breaker(), Some(1.0));
    drop(probe);
    tasks.stop();
    assert!(tasks.wait(5000 * MS).await);
    assert_eq!(figures.breaker(), Some(2.0));
}

#[tokio::test]
async fn the_bytes_of_a_body_are_counted_however_it_ends() {
    let figures = Figures::new();
    let server = Server::start([status(200)]).await;
    let short = ClientSettings {
        timeout: 300 * MS,
        retries: 0,
        ..settings()
    };
    let client = client(&server.base, short);
    ask(&client).await.unwrap();
    assert_eq!(figures.bytes("test.get"), Some(7.0));
    server.play([Line::Half]);
    assert_eq!(kind(&client).await, ErrorKind::Connect);
    assert_eq!(figures.bytes("test.get"), Some(8.0));
    server.play([Line::Endless]);
    assert_eq!(kind(&client).await, ErrorKind::Timeout);
    assert_eq!(figures.bytes("test.get"), Some(9.0));
    let mut download = client
        .stream(Call::get("test.stream", "/download"), 5000 * MS)
        .await
        .unwrap();
    assert!(download.body.next().await.unwrap().is_ok());
    drop(download);
    assert_eq!(figures.bytes("test.stream"), Some(1.0));
}

#[tokio::test]
async fn an_answer_that_makes_no_sense_is_not_counted_as_one_that_does() {
    let figures = Figures::new();
    let server = Server::start([status(200)]).await;
    let client = client(&server.base, settings());
    let call = Call::get("test.get", "/zaken");
    let error = client.json::<Vec<u8>>(call).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Garbled);
    assert_eq!(figures.calls("garbled"), Some(1.0));
    assert_eq!(figures.calls("ok"), None);
    ask(&client).await.unwrap();
    // Nobody reads what it says.
    client.call(Call::get("test.get", "/zaken")).await.unwrap();
    assert_eq!(figures.calls("garbled"), Some(1.0));
    assert_eq!(figures.calls("ok"), Some(2.0));
}
