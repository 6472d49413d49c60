//! `zijspan migrate`: brings the database up to date before the new version serves, and says where it is.

use std::process::ExitCode;

use anyhow::Context as _;

use super::{MigrateArgs, Outcome, config as cli_config, print, serve::runtime};
use crate::app;
use crate::store::durable::Durable as _;
use crate::store::sqlite::Sqlite;

pub fn run(args: &MigrateArgs) -> Outcome {
    let config = match cli_config::load(&args.config, None) {
        Ok(config) => config,
        Err(code) => return Ok(code),
    };
    let dir = &config.server.state_dir;
    std::fs::create_dir_all(dir).with_context(|| format!("{} cannot be made", dir.display()))?;
    let file = app::database(&config);
    let version = runtime()?.block_on(async {
        let store = Sqlite::open(&file).await?;
        let version = store.version().await;
        store.close().await;
        version
    })?;
    print(&format!("{}: version {version}\n", file.display()))?;
    Ok(ExitCode::SUCCESS)
}
