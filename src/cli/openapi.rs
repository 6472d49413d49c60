//! `zijspan openapi`: the description of the api listener, as `docs/openapi.json` holds it.

use std::process::ExitCode;

use super::{Outcome, print};
use crate::api::openapi;

pub fn run() -> Outcome {
    let text = serde_json::to_string_pretty(&openapi::document())?;
    print(&format!("{text}\n"))?;
    Ok(ExitCode::SUCCESS)
}
