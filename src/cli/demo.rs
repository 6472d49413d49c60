//! `zijspan demo`: sidecar, simulated sources and a test identity provider in one process.
//!
//! The demo writes an ordinary configuration and starts from it, so that it runs what `serve` runs.

#[cfg(not(feature = "sandbox"))]
pub fn run(_args: &super::DemoArgs) -> super::Outcome {
    anyhow::bail!(
        "this build has no sandbox, so it has no demo; build with the default features for one"
    )
}

#[cfg(feature = "sandbox")]
mod configuration;
#[cfg(feature = "sandbox")]
mod fragment;
#[cfg(feature = "sandbox")]
mod start;

#[cfg(feature = "sandbox")]
pub use start::{Demo, run};
