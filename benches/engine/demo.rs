//! A `zijspan demo` in a process of its own.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::machine::Process;
use super::wire::{Conn, Wp, address};

/// Ends with what is dropped.
#[derive(Debug)]
pub struct Running(Child);

impl Running {
    pub fn start(command: &mut Command) -> anyhow::Result<(Self, String)> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("the process cannot be started")?;
        let out = child.stdout.take().context("no stdout")?;
        let running = Self(child);
        let mut line = String::new();
        BufReader::new(out).read_line(&mut line)?;
        Ok((running, line))
    }

    pub fn process(&self) -> Process {
        Process::of(self.0.id())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[derive(Debug)]
pub struct Demo {
    running: Running,
    pub ready: Value,
    /// From the start of the process to its line.
    pub took: Duration,
    pub upstreams: SocketAddr,
    dir: tempfile::TempDir,
}

impl Demo {
    pub fn start(args: &[&str]) -> anyhow::Result<Self> {
        let dir = tempfile::tempdir()?;
        let log = dir.path().join("demo.log");
        let began = Instant::now();
        let (running, line) = Running::start(
            Command::new(env!("CARGO_BIN_EXE_zijspan"))
                .arg("demo")
                .arg("--dir")
                .arg(dir.path())
                .arg("--json")
                .args(args)
                .stderr(File::create(&log)?),
        )?;
        let took = began.elapsed();
        let said = || std::fs::read_to_string(&log).unwrap_or_default();
        ensure!(!line.is_empty(), "the demo did not start: {}", said());
        let ready: Value = serde_json::from_str(&line)?;
        let upstreams = address(ready["upstreams"].as_str().unwrap_or_default())?;
        Ok(Self {
            running,
            ready,
            took,
            upstreams,
            dir,
        })
    }

    /// A sidecar in a process of its own whose sources are those of `sandbox`, so that what the sources
    /// cost is not its cost.
    pub fn apart_from(sandbox: &Self) -> anyhow::Result<Self> {
        let file = sandbox.dir.path().join("sources.toml");
        std::fs::write(&file, sandbox.sources()?)?;
        Self::start(&["--upstreams", &file.to_string_lossy()])
    }

    fn sources(&self) -> anyhow::Result<String> {
        let config = std::fs::read_to_string(self.config())?;
        let at = config.find("[[site.source]]").context("no source")?;
        Ok(config
            .get(at..)
            .unwrap_or_default()
            .replace("[site.source", "[source")
            .replace("[[site.source", "[[source"))
    }

    pub fn config(&self) -> PathBuf {
        self.ready["config"].as_str().unwrap_or_default().into()
    }

    pub fn process(&self) -> Process {
        self.running.process()
    }

    pub fn wp(&self) -> anyhow::Result<Wp> {
        Wp::new(&self.ready, &self.ready["site"])
    }

    pub fn site(&self, n: usize) -> anyhow::Result<Wp> {
        Wp::new(&self.ready, &self.ready["sites"][n])
    }

    pub fn person(&self, n: usize) -> &Value {
        &self.ready["persons"][n]
    }

    pub fn persons(&self) -> &[Value] {
        self.ready["persons"].as_array().map_or(&[], Vec::as_slice)
    }

    async fn control(&self, path: &str, body: &Value) -> anyhow::Result<()> {
        let mut conn = Conn::open(self.upstreams).await?;
        conn.plain("POST", path, &[], Some(body))
            .await?
            .json()
            .map(drop)
    }

    pub async fn fault(&self, upstream: &str, mode: &str, latency_ms: u64) -> anyhow::Result<()> {
        let body = json!({"upstream": upstream, "mode": mode, "latency_ms": latency_ms});
        self.control("/sandbox/faults", &body).await
    }

    pub async fn latency(&self, profile: &str, rtt_ms: u64) -> anyhow::Result<()> {
        let body = json!({"profile": profile, "rtt_ms": rtt_ms});
        self.control("/sandbox/latency", &body).await
    }
}
