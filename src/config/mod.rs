//! The configuration: one file per section, and the checks that refuse to start.
//!
//! Three layers become one: `default.toml` (embedded, and the reference at once), the file, and the
//! environment (`ZIJSPAN__SECTION__KEY`). Then every section turns what was written into types and
//! says all that is wrong with it; [`Config::validate`] adds what shows only when the sections are
//! held against each other.
//!
//! To add a key: write it into `default.toml` with its meaning, unit and default; add it to the `Raw…`
//! struct of its section and to the type beside it; refuse what is unsafe with one sentence that says
//! what to change.

mod bounds;
mod claims;
mod component;
mod credentials;
mod identity;
mod keys;
mod layers;
mod listeners;
mod reload;
mod report;
mod secret;
mod server;
mod session;
mod site;
mod source;
mod source_http;
mod timeouts;
mod validate;
pub mod vendor;
mod words;

use std::path::{Path, PathBuf};

use figment::value::{Dict, Value};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use bounds::PolicyBounds;
pub use claims::ClaimMap;
pub use component::Component;
pub use credentials::{Auth, ClientAuthMethod, KeyAlgorithm, TokenClient, TokenRequest};
pub use identity::{
    AccessTokens, AssertionAlgorithm, ClientAuth, Idp, LoginMode, NonceRule, Oidc, PushedRequests,
    SubjectKind,
};
pub use keys::{KeyState, Scope, SigningKey, SiteKey};
pub use layers::REFERENCE;
pub use listeners::{ApiListener, Bind, Listener, Listeners, Tls};
pub use reload::Reload;
pub use report::{ConfigErrors, Problem};
pub use secret::{KEY_BYTES, Secret, fingerprint};
pub use server::{Limits, Log, LogFormat, Server, ServerKey, ServerKeyState, SigningWindow};
pub use session::SessionLimits;
pub use site::{Environment, Site};
pub use source::{CompanyFilter, ListMethod, Source, SourceKind, SourceTimeouts, ZgwSource};
pub use source_http::{Identity, Pem, SourceBreaker, SourceHttp, SourceTls};
pub use timeouts::Timeouts;

use crate::domain::{SiteId, Timestamp};
use report::{At, Provenance, Report};

/// All that the process was told. Prints and serialises without secrets.
#[derive(Debug, Clone, Serialize)]
pub struct Config {
    pub listeners: Listeners,
    pub server: Server,
    pub timeouts: Timeouts,
    pub session: SessionLimits,
    pub sites: Vec<Site>,
    #[serde(skip)]
    provenance: Provenance,
    /// The file itself holds secrets and everybody can read it.
    #[serde(skip)]
    exposed: bool,
}

/// What the configuration is to be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// `zijspan demo`: sandbox identities, this machine only.
    Demo,
    /// `zijspan serve`.
    Serve,
}

/// The variables of the process: the one place where the environment is read.
#[expect(
    clippy::disallowed_methods,
    reason = "the configuration is where the environment is read"
)]
pub fn process_environment() -> Vec<(String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

/// Reads the file at `path` with the process's environment over it.
pub fn load(path: &Path) -> Result<Config, ConfigErrors> {
    load_with(path, &process_environment())
}

/// As [`load`], with the environment as a parameter.
pub fn load_with(path: &Path, environment: &[(String, String)]) -> Result<Config, ConfigErrors> {
    let (config, report) = assemble(path, environment);
    finish(config, report).map(|(config, _)| config)
}

/// Loads and validates at once, so that all that is wrong is said in one go. Gives the warnings
/// beside the configuration. Without a purpose it is `Demo` when every site is a demo.
pub fn check(
    path: &Path,
    environment: &[(String, String)],
    purpose: Option<Purpose>,
    now: Timestamp,
) -> Result<(Config, Vec<Problem>), ConfigErrors> {
    let (config, mut report) = assemble(path, environment);
    if let Some(config) = &config {
        let purpose = purpose.unwrap_or_else(|| config.purpose());
        validate::validate(config, purpose, now, &mut report);
    }
    finish(config, report)
}

impl Config {
    /// Refuses what is unsafe or contradicts itself; gives the warnings otherwise.
    pub fn validate(&self, purpose: Purpose, now: Timestamp) -> Result<Vec<Problem>, ConfigErrors> {
        let mut report = Report::new(self.provenance.clone());
        validate::validate(self, purpose, now, &mut report);
        if report.errors.is_empty() {
            Ok(report.warnings)
        } else {
            Err(ConfigErrors(report.errors))
        }
    }

    /// What the sites themselves say it is for.
    pub fn purpose(&self) -> Purpose {
        let demo = |site: &Site| site.environment == Environment::Demo;
        if !self.sites.is_empty() && self.sites.iter().all(demo) {
            Purpose::Demo
        } else {
            Purpose::Serve
        }
    }

    pub fn site(&self, id: &SiteId) -> Option<&Site> {
        self.sites.iter().find(|site| site.id == *id)
    }

    /// The file that it was read from.
    pub fn file(&self) -> &Path {
        Path::new(&self.provenance.file)
    }
}

fn finish(config: Option<Config>, report: Report) -> Result<(Config, Vec<Problem>), ConfigErrors> {
    match config {
        Some(config) if report.errors.is_empty() => Ok((config, report.warnings)),
        _ => Err(ConfigErrors(report.errors)),
    }
}

/// As much of the configuration as can be made, and all that was wrong with it.
fn assemble(path: &Path, environment: &[(String, String)]) -> (Option<Config>, Report) {
    let mut report = Report::new(Provenance {
        file: path.display().to_string(),
        ..Provenance::default()
    });
    let root = At::default();
    let defaults = match layers::parse(REFERENCE) {
        Ok(defaults) => defaults,
        Err(message) => {
            report.refuse(&root, format!("the embedded reference: {message}"));
            return (None, report);
        }
    };
    let text = match std::fs::read_to_string(path) {
        Ok(text) => zeroize::Zeroizing::new(text),
        Err(error) => {
            let message = format!(
                "cannot read it ({}); name a file with --config",
                error.kind()
            );
            report.refuse(&root, message);
            return (None, report);
        }
    };
    let mut file = match layers::parse(&text) {
        Ok(file) => file,
        Err(message) => {
            report.refuse(&root, message);
            return (None, report);
        }
    };
    let exposed = holds_secret(&file) && secret::world_readable(path);
    layers::overlay(&mut file, &defaults, environment, &mut report);
    let mut sections = layers::merge(&defaults, file);
    // Paths in the file are relative to the file.
    let base = path.parent().map(PathBuf::from).unwrap_or_default();
    let config = build(&mut sections, &base, exposed, &mut report);
    for key in sections.keys() {
        report.refuse(
            &root.key(key),
            "unknown key; remove it or use one of listeners, server, timeouts, session, site",
        );
    }
    (config, report)
}

fn build(sections: &mut Dict, base: &Path, exposed: bool, report: &mut Report) -> Option<Config> {
    let root = At::default();
    let listeners = take::<listeners::RawListeners>(sections, "listeners", report)
        .and_then(|raw| raw.build(&root.key("listeners"), base, report));
    let server = take::<server::RawServer>(sections, "server", report)
        .and_then(|raw| raw.build(&root.key("server"), base, report));
    let timeouts = take::<timeouts::RawTimeouts>(sections, "timeouts", report)
        .map(|raw| raw.build(&root.key("timeouts"), report));
    let session = take::<session::RawSession>(sections, "session", report)
        .map(|raw| raw.build(&root.key("session"), report));
    let items = match sections.remove("site") {
        Some(Value::Array(_, items)) => items,
        Some(_) => {
            report.refuse(&root.key("site"), "must be written as [[site]]");
            Vec::new()
        }
        None => Vec::new(),
    };
    let timeouts = timeouts?;
    let mut sites = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let at = root.key("site").item(index, layers::item_name(item));
        let raw: Option<site::RawSite> = read(item, &at, report);
        sites.extend(raw.and_then(|raw| raw.build(index, &at, base, &timeouts, report)));
    }
    Some(Config {
        listeners: listeners?,
        server: server?,
        timeouts,
        session: session?,
        sites,
        provenance: report.provenance.clone(),
        exposed,
    })
}

fn take<T: DeserializeOwned>(sections: &mut Dict, key: &str, report: &mut Report) -> Option<T> {
    let value = sections.remove(key)?;
    read(&value, &At::default().key(key), report)
}

fn read<T: DeserializeOwned>(value: &Value, at: &At, report: &mut Report) -> Option<T> {
    match value.deserialize() {
        Ok(raw) => Some(raw),
        Err(error) => {
            report.refuse_shape(at, error);
            None
        }
    }
}

/// Whether a secret stands in the file itself.
fn holds_secret(dict: &Dict) -> bool {
    dict.iter().any(|(key, value)| {
        let named = matches!(
            key.as_str(),
            "secret" | "client_secret" | "private_key" | "decryption_key"
        );
        match value {
            Value::Dict(_, inner) => holds_secret(inner),
            Value::Array(_, items) => items.iter().filter_map(Value::as_dict).any(holds_secret),
            _ => named,
        }
    })
}
