//! What is counted and timed, and its text for Prometheus. A label is a word of the code or a name from the
//! configuration: never a person, a number of theirs, an address or what somebody sent. `docs/beheer.md`
//! explains every name.

use std::sync::OnceLock;
use std::time::Duration;

use metrics::{Label, SharedString, Unit};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use crate::domain::SiteId;
use crate::lifecycle::Tasks;

/// Upper bounds of the histograms, in seconds: from an answer out of memory to a page that gave up.
const BUCKETS: [f64; 13] = [
    0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0,
];

/// How often samples become buckets. Until then each takes memory.
const UPKEEP: Duration = Duration::from_secs(5);

const PAGE_SECONDS: &str = "zijspan_page_seconds";
const PARTS: &str = "zijspan_part_total";
const REQUESTS: &str = "zijspan_http_requests_total";
const REQUEST_SECONDS: &str = "zijspan_http_requests_seconds";

/// Where the counts of this process are kept.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Metrics")
    }
}

/// Counts from here on. A second call gives the counts of the first: a process has one.
pub fn install() -> Metrics {
    static INSTALLED: OnceLock<Metrics> = OnceLock::new();
    let metrics = INSTALLED.get_or_init(|| {
        let builder = PrometheusBuilder::new();
        // Refused is an empty list of bounds only, and this one is not.
        let builder = builder
            .set_buckets(&BUCKETS)
            .unwrap_or_else(|_| PrometheusBuilder::new());
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            tracing::warn!("something else counts in this process; /metrics stays empty");
        }
        describe();
        Metrics(handle)
    });
    metrics.clone()
}

impl Metrics {
    /// Everything that was counted, in the text format of Prometheus.
    pub fn render(&self) -> String {
        self.0.render()
    }

    /// Turns samples into buckets for as long as the process runs, whether somebody scrapes or not.
    pub fn keep(&self, tasks: &Tasks) {
        let (metrics, watched) = (self.clone(), tasks.clone());
        tasks.spawn(async move {
            loop {
                tokio::select! {
                    () = watched.stopping() => return,
                    () = tokio::time::sleep(UPKEEP) => metrics.0.run_upkeep(),
                }
            }
        });
    }
}

fn describe() {
    use metrics::{describe_counter, describe_histogram};
    describe_histogram!(
        PAGE_SECONDS,
        Unit::Seconds,
        "Time of a page call, from the request to its signed answer's content"
    );
    describe_counter!(PARTS, "Parts of pages, by what came of them");
    describe_counter!(
        REQUESTS,
        "Requests by listener, route and class of the answer's status"
    );
    describe_histogram!(
        REQUEST_SECONDS,
        Unit::Seconds,
        "Time until an answer begins; a download goes on after it"
    );
    for total in Total::ALL {
        let (name, meaning) = total.described();
        describe_counter!(name, meaning);
    }
    for gauge in Gauge::ALL {
        let (unit, meaning) = gauge.described();
        metrics::describe_gauge!(gauge.name(), unit, meaning);
    }
}

fn shared(text: &str) -> SharedString {
    SharedString::from(text.to_owned())
}

/// A page was answered.
pub fn page(site: &SiteId, took: Duration) {
    let labels = vec![Label::new("site", shared(site.as_str()))];
    metrics::histogram!(PAGE_SECONDS, labels).record(took);
}

/// What came of one part of a page. The words are those of the contract, never what a caller wrote.
pub fn part(site: &SiteId, kind: &'static str, state: &str, reason: Option<&str>) {
    let reason = reason.unwrap_or("none");
    let labels = vec![
        Label::new("site", shared(site.as_str())),
        Label::from_static_parts("kind", kind),
        Label::new("state", shared(state)),
        Label::new("reason", shared(reason)),
    ];
    metrics::counter!(PARTS, labels).increment(1);
}

/// A request was answered. `route` is the pattern of the route, never the path that was asked for.
pub fn request(listener: &'static str, route: &str, status: u16, took: Duration) {
    let class = match status / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    };
    let labels = vec![
        Label::from_static_parts("listener", listener),
        Label::new("route", shared(route)),
        Label::from_static_parts("status", class),
    ];
    metrics::counter!(REQUESTS, labels.clone()).increment(1);
    metrics::histogram!(REQUEST_SECONDS, labels).record(took);
}

/// Which version this is.
pub fn version(version: &'static str) {
    let labels = vec![Label::from_static_parts("version", version)];
    metrics::gauge!(Gauge::Info.name(), labels).set(1.0);
}

/// What is looked at when somebody scrapes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gauge {
    Info,
    Sites,
    Sessions,
    SessionsLimit,
    Nonces,
    NoncesFullestKey,
    NoncesPerKeyLimit,
    Streams,
    StreamsLimit,
    Requests,
    RequestsLimit,
    PartsLate,
    CacheEntries,
    CacheBytes,
    CacheMaxBytes,
    StartTime,
    ResidentMemory,
}

impl Gauge {
    pub const ALL: [Self; 17] = [
        Self::Info,
        Self::Sites,
        Self::Sessions,
        Self::SessionsLimit,
        Self::Nonces,
        Self::NoncesFullestKey,
        Self::NoncesPerKeyLimit,
        Self::Streams,
        Self::StreamsLimit,
        Self::Requests,
        Self::RequestsLimit,
        Self::PartsLate,
        Self::CacheEntries,
        Self::CacheBytes,
        Self::CacheMaxBytes,
        Self::StartTime,
        Self::ResidentMemory,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "zijspan_info",
            Self::Sites => "zijspan_sites",
            Self::Sessions => "zijspan_sessions",
            Self::SessionsLimit => "zijspan_sessions_limit",
            Self::Nonces => "zijspan_nonces",
            Self::NoncesFullestKey => "zijspan_nonces_fullest_key",
            Self::NoncesPerKeyLimit => "zijspan_nonces_per_key_limit",
            Self::Streams => "zijspan_streams",
            Self::StreamsLimit => "zijspan_streams_limit",
            Self::Requests => "zijspan_requests",
            Self::RequestsLimit => "zijspan_requests_limit",
            Self::PartsLate => "zijspan_parts_late",
            Self::CacheEntries => "zijspan_cache_entries",
            Self::CacheBytes => "zijspan_cache_bytes",
            Self::CacheMaxBytes => "zijspan_cache_max_bytes",
            Self::StartTime => "process_start_time_seconds",
            Self::ResidentMemory => "process_resident_memory_bytes",
        }
    }

    const fn described(self) -> (Unit, &'static str) {
        match self {
            Self::Info => (Unit::Count, "1, with the version"),
            Self::Sites => (Unit::Count, "Sites in the configuration"),
            Self::Sessions => (Unit::Count, "Sessions held, ended ones for 30 seconds more"),
            Self::SessionsLimit => (Unit::Count, "Sessions that fit"),
            Self::Nonces => (Unit::Count, "Nonces remembered, of all keys"),
            Self::NoncesFullestKey => (Unit::Count, "Nonces of the key that has most"),
            Self::NoncesPerKeyLimit => (Unit::Count, "Nonces that fit per key"),
            Self::Streams => (Unit::Count, "Downloads under way"),
            Self::StreamsLimit => (Unit::Count, "Downloads at the same time at most"),
            Self::Requests => (Unit::Count, "Signed calls under way"),
            Self::RequestsLimit => (Unit::Count, "Signed calls at the same time at most"),
            Self::PartsLate => (
                Unit::Count,
                "Late work on parts that goes on behind its page",
            ),
            Self::CacheEntries => (Unit::Count, "Answers of sources that are remembered"),
            Self::CacheBytes => (Unit::Bytes, "What the remembered answers take"),
            Self::CacheMaxBytes => (Unit::Bytes, "What they may take"),
            Self::StartTime => (Unit::Seconds, "When the process started, since 1970"),
            Self::ResidentMemory => (Unit::Bytes, "Memory of the process"),
        }
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "no count of ours comes near 2^53"
    )]
    pub fn set(self, value: u64) {
        metrics::gauge!(self.name()).set(value as f64);
    }
}

/// What is counted elsewhere, from the start on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Total {
    CacheHits,
    CacheJoined,
    CacheMisses,
    CacheEvictions,
}

impl Total {
    const ALL: [Self; 4] = [
        Self::CacheHits,
        Self::CacheJoined,
        Self::CacheMisses,
        Self::CacheEvictions,
    ];

    const fn described(self) -> (&'static str, &'static str) {
        match self {
            Self::CacheHits => (
                "zijspan_cache_hits_total",
                "Questions answered with what was remembered",
            ),
            Self::CacheJoined => (
                "zijspan_cache_joined_total",
                "Questions that joined an equal one under way",
            ),
            Self::CacheMisses => (
                "zijspan_cache_misses_total",
                "Questions that a source was asked",
            ),
            Self::CacheEvictions => (
                "zijspan_cache_evictions_total",
                "Answers that made room for others before their time",
            ),
        }
    }

    pub fn set(self, value: u64) {
        metrics::counter!(self.described().0).absolute(value);
    }
}
