//! Health and readiness, on loopback.

use axum::extract::State;

use super::problem::Problem;
use super::state::{Api, failed};

/// Ready when the store of policies answers.
pub async fn ready(State(api): State<Api>) -> Result<&'static str, Problem> {
    match api.policies.check().await {
        Ok(()) => Ok("ready\n"),
        Err(error) => Err(Problem::unavailable(failed("store", &error).as_str())),
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
