//! `zijspan serve`: the sites of a configuration, until a signal.

use std::process::ExitCode;

use anyhow::Context as _;

use super::{ConfigFile, Outcome, ServeArgs, config as cli_config};
use crate::app::{self, App, Keeping, Sockets};
use crate::config::{self, Config, LogFormat, Purpose};
use crate::domain::Clock;
use crate::lifecycle::{Hangup, stop_signal};
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
    runtime()?.block_on(serve(config, &args.config))
}

/// The runtime that every long-lived command uses.
pub fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the runtime cannot start")
}

async fn serve(mut config: Config, file: &ConfigFile) -> Outcome {
    let mut hangup = Hangup::listen();
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
    let stop = stop_signal();
    tokio::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            () = hangup.next() => reload(&app, &mut config, file).await,
        }
    }
    tracing::info!("stopping");
    app.stop(config.timeouts.stop).await;
    Ok(ExitCode::SUCCESS)
}

/// Reads the file again. All of it must hold; what may change at run time then does, and the rest is named.
async fn reload(app: &App, running: &mut Config, file: &ConfigFile) {
    let environment = config::process_environment();
    let now = Clock::system().now();
    let read = match config::check(&file.path, &environment, Some(Purpose::Serve), now) {
        Ok((read, _)) => read,
        Err(errors) => {
            let problems = errors.problems();
            let first = problems.first().map(ToString::to_string);
            tracing::error!(
                "the configuration does not hold, so nothing was changed; {} of {}: {}",
                problems.len().min(1),
                problems.len(),
                first.unwrap_or_default()
            );
            app.reload_refused(problems.len()).await;
            return;
        }
    };
    if let Err(error) = app::check(&read) {
        tracing::error!("the configuration does not hold, so nothing was changed: {error:#}");
        app.reload_refused(1).await;
        return;
    }
    match running.reload(&read) {
        Ok(reload) => {
            app.reload(&reload).await;
            *running = reload.config;
        }
        Err(error) => tracing::error!(%error, "the configuration could not be compared"),
    }
}
