//! `[[site.idp]]`: who proves to a site who somebody is.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::report::{At, Report};
use super::secret::{Hidden, Text};
use super::source_http::RawTls;
use super::words::{choice, filled, required, show_text};
use crate::domain::{LevelOfAssurance, SourceName};

mod oidc;

pub use oidc::{AccessTokens, AssertionAlgorithm, ClientAuth, NonceRule, Oidc, PushedRequests};

#[derive(Debug, Clone, Serialize)]
pub struct Idp {
    /// What `POST /v1/login` calls it.
    pub name: SourceName,
    pub label: String,
    pub mode: LoginMode,
    /// The kinds of party that may log in with it; never empty.
    pub kinds: Vec<SubjectKind>,
    /// The lowest level that makes a session.
    #[serde(serialize_with = "show_text")]
    pub min_loa: LevelOfAssurance,
    /// The highest level that an asserted login is believed to have.
    #[serde(serialize_with = "show_text")]
    pub max_loa: LevelOfAssurance,
    /// `None` for `asserted`, where nobody but WordPress is asked.
    pub oidc: Option<Oidc>,
}

impl Idp {
    pub fn serves(&self, kind: SubjectKind) -> bool {
        self.kinds.contains(&kind)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LoginMode {
    Rp,
    Exchange,
    Asserted,
}

impl LoginMode {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rp => "rp",
            Self::Exchange => "exchange",
            Self::Asserted => "asserted",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    Burger,
    Onderneming,
}

impl SubjectKind {
    pub const ALL: [Self; 2] = [Self::Burger, Self::Onderneming];

    /// The same words as `Subject::kind`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Burger => "burger",
            Self::Onderneming => "onderneming",
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawIdp {
    name: Option<Text>,
    label: Option<Text>,
    mode: String,
    kinds: Vec<String>,
    min_loa: String,
    max_loa: String,
    issuer: Option<Text>,
    client_id: Option<Text>,
    auth_method: String,
    algorithm: String,
    key_id: Option<Text>,
    assertion_audience: Option<Text>,
    client_secret: Option<Hidden>,
    client_secret_file: Option<Text>,
    private_key: Option<Hidden>,
    private_key_file: Option<Text>,
    decryption_key: Option<Hidden>,
    decryption_key_file: Option<Text>,
    decryption_key_ids: Vec<String>,
    id_token_encrypted: String,
    scopes: Vec<String>,
    acr_values: Vec<String>,
    claim_map: Option<Text>,
    claims: BTreeMap<String, Value>,
    loa_claim: Value,
    loa_values: BTreeMap<String, Text>,
    nonce: String,
    access_token: String,
    pushed_requests: String,
    userinfo: Option<bool>,
    allowed_origins: Vec<String>,
    tls: RawTls,
}

impl RawIdp {
    pub fn name(&self) -> Option<&str> {
        self.name.as_ref().map(|name| name.0.as_str())
    }

    pub fn build(&self, at: &At, base: &Path, report: &mut Report) -> Option<Idp> {
        let name = required(report, at, "name", self.name.as_ref()).and_then(|name| {
            SourceName::parse(&name)
                .map_err(|error| report.refuse(&at.key("name"), error.to_string()))
                .ok()
        });
        let mode = choice(
            report,
            &at.key("mode"),
            &self.mode,
            &[
                ("rp", LoginMode::Rp),
                ("exchange", LoginMode::Exchange),
                ("asserted", LoginMode::Asserted),
            ],
        );
        let words = SubjectKind::ALL.map(|kind| (kind.as_str(), kind));
        let mut kinds = Vec::new();
        for kind in &self.kinds {
            kinds.extend(choice(report, &at.key("kinds"), kind, &words));
        }
        if self.kinds.is_empty() {
            report.refuse(
                &at.key("kinds"),
                "is empty; name who logs in here: \"burger\", \"onderneming\"",
            );
        }
        let min_loa = level(report, &at.key("min_loa"), &self.min_loa);
        let max_loa = level(report, &at.key("max_loa"), &self.max_loa);
        let mode = mode?;
        let oidc = if mode == LoginMode::Asserted {
            if self.issuer.is_some() {
                report.refuse(
                    &at.key("issuer"),
                    "is set, but mode \"asserted\" asks no issuer; remove it or choose \"rp\" or \"exchange\"",
                );
            }
            if let (Some(min), Some(max)) = (min_loa, max_loa)
                && min > max
            {
                report.refuse(
                    &at.key("min_loa"),
                    "is higher than max_loa, so nobody could log in; lower it",
                );
            }
            None
        } else {
            Some(self.oidc(mode, at, base, report)?)
        };
        let name = name?;
        Some(Idp {
            label: filled(self.label.as_ref()).unwrap_or_else(|| name.to_string()),
            name,
            mode,
            kinds,
            min_loa: min_loa?,
            max_loa: max_loa?,
            oidc,
        })
    }
}

fn level(report: &mut Report, at: &At, word: &str) -> Option<LevelOfAssurance> {
    let level = LevelOfAssurance::parse(word);
    if level.is_none() {
        report.refuse(
            at,
            "must be \"low\", \"middle\", \"substantial\", \"high\" or the URN of a level",
        );
    }
    level
}
