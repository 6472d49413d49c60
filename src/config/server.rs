//! `[server]`: what the process as a whole has: its folder, its own keys, its limits.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::report::{At, Report};
use super::secret::{Given, Hidden, Secret, Text};
use super::words::{choice, count, required, within};

#[derive(Debug, Clone, Serialize)]
pub struct Server {
    /// Database, saved nonces, upload spool.
    pub state_dir: PathBuf,
    pub log: Log,
    /// Exactly one of them is `Current`.
    pub keys: Vec<ServerKey>,
    pub signing: SigningWindow,
    pub limits: Limits,
}

impl Server {
    /// The key that seals and names what is new.
    pub fn current_key(&self) -> Option<&ServerKey> {
        self.keys
            .iter()
            .find(|key| key.state == ServerKeyState::Current)
    }
}

/// Seals sessions and makes handles. Never used as it is: the users derive their keys from it.
#[derive(Debug, Clone, Serialize)]
pub struct ServerKey {
    pub version: u8,
    pub state: ServerKeyState,
    pub secret: Secret,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ServerKeyState {
    /// Opens only: added everywhere before any instance writes with it.
    Next,
    /// Writes and opens.
    Current,
    /// Opens only, until what it wrote has ended.
    Retired,
}

#[derive(Debug, Clone, Serialize)]
pub struct Log {
    /// A filter as `tracing` reads it.
    pub level: String,
    pub format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    Text,
    Json,
}

/// How far a request's `created` may lie from the sidecar's clock.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct SigningWindow {
    pub past_secs: i64,
    pub future_secs: i64,
}

/// Bounds of the whole process. What is over them gets 503 with Retry-After.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Limits {
    /// Open connections, per listener.
    pub connections: usize,
    /// Signed calls at the same time.
    pub requests: usize,
    /// Downloads and uploads at the same time.
    pub streams: usize,
    /// Nonces remembered per signing key.
    pub nonces_per_key: usize,
    /// Live sessions per site.
    /// MiB of what sources said, for all sites together.
    pub answers_mb: usize,
    pub sessions_per_site: usize,
    /// Calls a minute with a key of scope `assert`.
    pub assert_per_minute: usize,
    /// Calls a minute with a key of scope `admin`, `publish` or `diagnose`.
    pub admin_per_minute: usize,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawServer {
    state_dir: Option<Text>,
    log: RawLog,
    key: Vec<RawServerKey>,
    signing: RawSigning,
    limits: RawLimits,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLog {
    level: String,
    format: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawServerKey {
    version: Option<u64>,
    state: String,
    secret: Option<Hidden>,
    secret_file: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSigning {
    past: u64,
    future: u64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLimits {
    connections: u64,
    requests: u64,
    streams: u64,
    nonces_per_key: u64,
    answers_mb: u64,
    sessions_per_site: u64,
    assert_per_minute: u64,
    admin_per_minute: u64,
}

impl RawServer {
    pub fn build(self, at: &At, base: &Path, report: &mut Report) -> Option<Server> {
        let state_dir = required(report, at, "state_dir", self.state_dir.as_ref());
        let format = choice(
            report,
            &at.key("log").key("format"),
            &self.log.format,
            &[("text", LogFormat::Text), ("json", LogFormat::Json)],
        );
        let before = report.errors.len();
        let mut keys = Vec::new();
        for (index, key) in self.key.iter().enumerate() {
            let place = at.key("key").item(index, None);
            keys.extend(key.build(&place, base, report));
        }
        if report.errors.len() == before {
            check_keys(&keys, &at.key("key"), report);
        }
        let signing = at.key("signing");
        let window = SigningWindow {
            past_secs: seconds(report, &signing.key("past"), self.signing.past, 5, 60),
            future_secs: seconds(report, &signing.key("future"), self.signing.future, 0, 30),
        };
        let limits = self.limits.build(&at.key("limits"), report);
        Some(Server {
            state_dir: base.join(state_dir?),
            log: Log {
                level: self.log.level,
                format: format?,
            },
            keys,
            signing: window,
            limits,
        })
    }
}

fn seconds(report: &mut Report, at: &At, value: u64, low: u64, high: u64) -> i64 {
    i64::try_from(within(report, at, value, low, high)).unwrap_or(i64::MAX)
}

impl RawServerKey {
    fn build(&self, at: &At, base: &Path, report: &mut Report) -> Option<ServerKey> {
        let version = self.version.and_then(|version| u8::try_from(version).ok());
        if version.is_none_or(|version| version == 0) {
            report.refuse(&at.key("version"), "must be a number of 1 to 255");
        }
        let state = choice(
            report,
            &at.key("state"),
            &self.state,
            &[
                ("next", ServerKeyState::Next),
                ("current", ServerKeyState::Current),
                ("retired", ServerKeyState::Retired),
            ],
        );
        let secret = Given {
            inline: self.secret.as_ref(),
            file: self.secret_file.as_ref().map(|file| file.0.as_str()),
            name: "secret",
        }
        .key_bytes(at, base, report);
        Some(ServerKey {
            version: version?,
            state: state?,
            secret: secret?,
        })
    }
}

fn check_keys(keys: &[ServerKey], at: &At, report: &mut Report) {
    let current = keys
        .iter()
        .filter(|key| key.state == ServerKeyState::Current)
        .count();
    if current != 1 {
        report.refuse(
            at,
            format!("{current} keys have state \"current\", exactly one is needed; make one with `zijspan keys new`"),
        );
    }
    for (index, key) in keys.iter().enumerate() {
        if keys
            .iter()
            .take(index)
            .any(|other| other.version == key.version)
        {
            report.refuse(
                &at.item(index, None).key("version"),
                format!(
                    "version {} is used twice; give each key its own",
                    key.version
                ),
            );
        }
    }
}

impl RawLimits {
    fn build(&self, at: &At, report: &mut Report) -> Limits {
        let mut limit = |key: &str, value, high| count(report, &at.key(key), value, 1, high);
        Limits {
            connections: limit("connections", self.connections, 100_000),
            requests: limit("requests", self.requests, 100_000),
            streams: limit("streams", self.streams, 10_000),
            nonces_per_key: limit("nonces_per_key", self.nonces_per_key, 10_000_000),
            answers_mb: limit("answers_mb", self.answers_mb, 65_536),
            sessions_per_site: limit("sessions_per_site", self.sessions_per_site, 10_000_000),
            assert_per_minute: limit("assert_per_minute", self.assert_per_minute, 100_000),
            admin_per_minute: limit("admin_per_minute", self.admin_per_minute, 100_000),
        }
    }
}
