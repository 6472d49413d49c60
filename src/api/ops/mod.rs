//! Health and readiness, on loopback.

use axum::extract::State;
use axum::http::StatusCode;

use super::state::Api;

/// Ready when the store of policies answers.
pub async fn ready(State(api): State<Api>) -> (StatusCode, &'static str) {
    match api.durable.check().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "store\n"),
    }
}

/// The number of sites and the version, in the text format of Prometheus.
pub async fn metrics(State(api): State<Api>) -> String {
    format!(
        "# TYPE zijspan_info gauge\nzijspan_info{{version=\"{}\"}} 1\n# TYPE zijspan_sites gauge\nzijspan_sites {}\n",
        env!("CARGO_PKG_VERSION"),
        api.sites.len()
    )
}
