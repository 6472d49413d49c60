//! `zijspan config`: whether the configuration would start, and what it would be.

use std::process::ExitCode;

use super::serve::runtime;
use super::{ConfigFile, EXIT_REFUSED, Outcome, print, say};
use crate::app;
use crate::config::{self, Config, Purpose};
use crate::domain::Clock;

/// Loads what a command works on and prints warnings; `Err` is the exit code, the errors are printed.
pub(crate) fn load(file: &ConfigFile, purpose: Option<Purpose>) -> Result<Config, ExitCode> {
    let environment = config::process_environment();
    match config::check(&file.path, &environment, purpose, Clock::system().now()) {
        Ok((config, warnings)) => {
            for warning in warnings {
                say(&format!("warning: {warning}"));
            }
            Ok(config)
        }
        Err(errors) => {
            say(&errors.to_string());
            Err(ExitCode::from(EXIT_REFUSED))
        }
    }
}

pub fn check(file: &ConfigFile, show: bool) -> Outcome {
    let config = match load(file, None) {
        Ok(config) => config,
        Err(code) => return Ok(code),
    };
    // Building clients needs a runtime, though nothing is asked.
    if let Err(error) = runtime()?.block_on(async { app::check(&config) }) {
        say(&format!("{error:#}"));
        return Ok(ExitCode::from(EXIT_REFUSED));
    }
    if show {
        print(&format!("{}\n", serde_json::to_string_pretty(&config)?))?;
    } else {
        print("ok\n")?;
    }
    Ok(ExitCode::SUCCESS)
}

pub fn reference() -> Outcome {
    print(config::REFERENCE)?;
    Ok(ExitCode::SUCCESS)
}
