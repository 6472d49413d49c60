//! `GET /metrics`: what was counted, beside what is looked at now.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};

use crate::api::state::Api;
use crate::telemetry::metrics::{self, Gauge, Total};

/// The text format of Prometheus.
pub async fn metrics(State(api): State<Api>) -> Response {
    metrics::version(env!("CARGO_PKG_VERSION"));
    set(Gauge::Sites, api.sites.len());
    // A store that gives no answer leaves the gauge as it was; `/ready` says that it does not answer.
    if let Ok((held, fit)) = api.sessions.held().await {
        set(Gauge::Sessions, held);
        set(Gauge::SessionsLimit, fit);
    }
    let nonces = api.nonces.held();
    set(Gauge::Nonces, nonces.all);
    set(Gauge::NoncesFullestKey, nonces.fullest_key);
    set(Gauge::NoncesPerKeyLimit, nonces.per_key);
    let limits = &api.limits;
    for (used, limit, places, free) in [
        (
            Gauge::Streams,
            Gauge::StreamsLimit,
            limits.streams,
            &api.streams,
        ),
        (
            Gauge::Requests,
            Gauge::RequestsLimit,
            limits.requests,
            &api.requests,
        ),
    ] {
        set(used, places.saturating_sub(free.available_permits()));
        set(limit, places);
    }
    set(Gauge::PartsLate, api.pages.late());
    let answers = api.pages.answers_use();
    Gauge::CacheEntries.set(answers.entries);
    Gauge::CacheBytes.set(answers.bytes);
    Gauge::CacheMaxBytes.set(answers.max_bytes);
    Total::CacheHits.set(answers.hits);
    Total::CacheJoined.set(answers.joined);
    Total::CacheMisses.set(answers.misses);
    Total::CacheEvictions.set(answers.evictions);
    if let Ok(started) = u64::try_from(api.started.as_secs()) {
        Gauge::StartTime.set(started);
    }
    if let Some(bytes) = resident().await {
        Gauge::ResidentMemory.set(bytes);
    }
    let mut response = api.metrics.render().into_response();
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8"),
    );
    response
}

fn set(gauge: Gauge, count: usize) {
    gauge.set(u64::try_from(count).unwrap_or(u64::MAX));
}

/// What the process has in memory, where the system tells.
async fn resident() -> Option<u64> {
    let status = tokio::fs::read_to_string("/proc/self/status").await.ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kilobytes.saturating_mul(1024))
}
