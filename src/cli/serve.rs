//! `zijspan serve`: the sites of a configuration, until a signal.

use std::process::ExitCode;

use anyhow::Context as _;

use super::{Outcome, ServeArgs, config as cli_config};
use crate::app::{App, Keeping, Sockets};
use crate::config::{Config, LogFormat, Purpose};
use crate::domain::Clock;
use crate::lifecycle::stop_signal;
use crate::telemetry;

pub fn run(args: &ServeArgs) -> Outcome {
    let config = match cli_config::load(&args.config, Some(Purpose::Serve)) {
        Ok(config) => config,
        Err(code) => return Ok(code),
    };
    telemetry::init(
        &config.server.log.level,
        config.server.log.format == LogFormat::Json,
    );
    runtime()?.block_on(serve(config))
}

/// The runtime that every long-lived command uses.
pub fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the runtime cannot start")
}

async fn serve(config: Config) -> Outcome {
    let sockets = Sockets::bind(&config.listeners).await?;
    let app = App::start(&config, sockets, Clock::system(), Keeping::OnDisk).await?;
    if let Err(refused) = app.refuse_sandbox_issuers(&config).await {
        app.stop(config.timeouts.stop).await;
        return Err(refused);
    }
    tracing::info!(
        sites = config.sites.len(),
        api = %config.listeners.api.bind,
        "zijspan is ready"
    );
    stop_signal().await;
    tracing::info!("stopping");
    app.stop(config.timeouts.stop).await;
    Ok(ExitCode::SUCCESS)
}
