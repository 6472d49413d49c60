//! The bare handler that a page call is compared with: axum in a process of its own, which takes the same
//! request and answers with the same bytes, without a signature, a session or a source.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use anyhow::Context as _;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::post;
use axum::serve::ListenerExt as _;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};

use super::demo::Running;
use super::machine::Process;
use super::wire::Reply;

/// A bare handler that is running.
#[derive(Debug)]
pub struct Bare {
    running: Running,
    pub at: SocketAddr,
}

impl Bare {
    /// Starts this very program again, to answer with `reply`.
    pub fn start(reply: &Reply, dir: &Path) -> anyhow::Result<Self> {
        let headers: Vec<Value> = reply
            .headers
            .iter()
            // The server writes these itself.
            .filter(|(name, _)| !matches!(name.as_str(), "content-length" | "date"))
            .map(|(name, value)| json!([name.as_str(), value.to_str().unwrap_or_default()]))
            .collect();
        let file = dir.join("reply.json");
        let body = String::from_utf8_lossy(&reply.body);
        std::fs::write(&file, json!({"headers": headers, "body": body}).to_string())?;
        let (running, line) = Running::start(
            Command::new(std::env::current_exe()?)
                .args(["--bench", "bare"])
                .arg(&file),
        )?;
        Ok(Self {
            running,
            at: line
                .trim()
                .parse()
                .context("the bare handler did not start")?,
        })
    }
}

impl Bare {
    pub fn process(&self) -> Process {
        self.running.process()
    }
}

type Same = (HeaderMap, Bytes);

async fn answer(State((headers, body)): State<Same>, _request: Bytes) -> impl IntoResponse {
    (headers, body)
}

/// The other process.
pub async fn serve(file: &str) -> anyhow::Result<()> {
    let said: Value = serde_json::from_str(&std::fs::read_to_string(file)?)?;
    let mut headers = HeaderMap::new();
    for pair in said["headers"].as_array().into_iter().flatten() {
        let text = |n: usize| pair[n].as_str().unwrap_or_default();
        headers.append(
            HeaderName::from_bytes(text(0).as_bytes())?,
            HeaderValue::from_str(text(1))?,
        );
    }
    let body = Bytes::from(said["body"].as_str().unwrap_or_default().to_owned());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    say(&listener.local_addr()?.to_string())?;
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    let router = Router::new()
        .route("/v1/page", post(answer))
        .with_state((headers, body));
    axum::serve(listener, router).await?;
    Ok(())
}

fn say(line: &str) -> anyhow::Result<()> {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}
