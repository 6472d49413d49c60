//! Health, readiness and metrics, on loopback.

mod metrics;

pub use metrics::metrics;

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
