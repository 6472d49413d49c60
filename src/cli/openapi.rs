//! `zijspan openapi`.

use super::Outcome;

pub fn run() -> Outcome {
    anyhow::bail!("`openapi` is not in this build")
}
