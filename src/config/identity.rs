//! `[[site.idp]]`: who proves to a site who somebody is.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::claims::{self, ClaimMap};
use super::report::{At, Report};
use super::secret::{Given, Hidden, Secret, Text};
use super::words::{base_url, choice, filled, origin, required, show_text};
use crate::domain::{BaseUrl, LevelOfAssurance, SourceName};

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

#[derive(Debug, Clone, Serialize)]
pub struct Oidc {
    /// Exactly as `iss` has it: a trailing slash counts.
    pub issuer: String,
    pub issuer_url: BaseUrl,
    pub client_id: String,
    pub auth_method: ClientAuth,
    /// For `client_secret_basic` and `client_secret_post`.
    pub client_secret: Option<Secret>,
    /// PEM; for `private_key_jwt`.
    pub private_key: Option<Secret>,
    /// PEM; opens id_tokens that come as JWE.
    pub decryption_key: Option<Secret>,
    pub scopes: Vec<String>,
    pub acr_values: Vec<String>,
    pub claim_map: ClaimMap,
    /// Where the level of assurance stands, from the outside in.
    pub loa_claim: Vec<String>,
    /// Levels that this provider writes in words of its own.
    #[serde(serialize_with = "show_levels")]
    pub loa_values: BTreeMap<String, LevelOfAssurance>,
    pub nonce: NonceRule,
    /// Origins besides the issuer's own that discovery may name for its endpoints.
    pub allowed_origins: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuth {
    ClientSecretBasic,
    ClientSecretPost,
    PrivateKeyJwt,
    None,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NonceRule {
    Required,
    /// The login plugin sends none: then iat <= 5 minutes and single use.
    Absent,
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
    client_secret: Option<Hidden>,
    client_secret_file: Option<Text>,
    private_key: Option<Hidden>,
    private_key_file: Option<Text>,
    decryption_key: Option<Hidden>,
    decryption_key_file: Option<Text>,
    scopes: Vec<String>,
    acr_values: Vec<String>,
    claim_map: Option<Text>,
    claims: BTreeMap<String, Value>,
    loa_claim: Value,
    loa_values: BTreeMap<String, Text>,
    nonce: String,
    allowed_origins: Vec<String>,
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

    fn oidc(&self, mode: LoginMode, at: &At, base: &Path, report: &mut Report) -> Option<Oidc> {
        let issuer = required(report, at, "issuer", self.issuer.as_ref());
        let issuer_url = issuer
            .as_ref()
            .and_then(|issuer| base_url(report, &at.key("issuer"), issuer));
        let client_id = required(report, at, "client_id", self.client_id.as_ref());
        let auth_method = choice(
            report,
            &at.key("auth_method"),
            &self.auth_method,
            &[
                ("client_secret_basic", ClientAuth::ClientSecretBasic),
                ("client_secret_post", ClientAuth::ClientSecretPost),
                ("private_key_jwt", ClientAuth::PrivateKeyJwt),
                ("none", ClientAuth::None),
            ],
        );
        let by_secret = matches!(
            auth_method,
            Some(ClientAuth::ClientSecretBasic | ClientAuth::ClientSecretPost)
        );
        let by_key = auth_method == Some(ClientAuth::PrivateKeyJwt);
        // `exchange` verifies a token that somebody else fetched; it needs no credentials to do so.
        let needed = mode == LoginMode::Rp;
        let mut secret = |inline, file: &Option<Text>, name, needed| {
            let file = file.as_ref().map(|file: &Text| file.0.as_str());
            let given = Given { inline, file, name };
            if given.is_set() || needed {
                given.text(at, base, report).map(Some)
            } else {
                Some(None)
            }
        };
        let client_secret = secret(
            self.client_secret.as_ref(),
            &self.client_secret_file,
            "client_secret",
            needed && by_secret,
        );
        let private_key = secret(
            self.private_key.as_ref(),
            &self.private_key_file,
            "private_key",
            needed && by_key,
        );
        let decryption_key = secret(
            self.decryption_key.as_ref(),
            &self.decryption_key_file,
            "decryption_key",
            false,
        );
        if !self.scopes.iter().any(|scope| scope == "openid") {
            report.refuse(&at.key("scopes"), "lacks \"openid\"; add it");
        }
        let nonce = choice(
            report,
            &at.key("nonce"),
            &self.nonce,
            &[
                ("required", NonceRule::Required),
                ("absent", NonceRule::Absent),
            ],
        );
        if mode == LoginMode::Rp && nonce == Some(NonceRule::Absent) {
            report.refuse(
                &at.key("nonce"),
                "is \"absent\", which is for mode \"exchange\" only; set \"required\"",
            );
        }
        let claim_map = required(report, at, "claim_map", self.claim_map.as_ref())
            .and_then(|word| claims::read(&word, &self.claims, at, report));
        let loa_claim = claims::claim_path(&self.loa_claim);
        if loa_claim.is_none() {
            report.refuse(&at.key("loa_claim"), claims::CLAIM_FORM);
        }
        let mut loa_values = BTreeMap::new();
        for (word, meaning) in &self.loa_values {
            let place = at.key("loa_values").item(0, Some(word));
            if let Some(level) = level(report, &place, &meaning.0) {
                loa_values.insert(word.clone(), level);
            }
        }
        let place = at.key("allowed_origins");
        let allowed_origins = self
            .allowed_origins
            .iter()
            .filter_map(|text| origin(report, &place, text))
            .collect();
        Some(Oidc {
            issuer: issuer?,
            issuer_url: issuer_url?,
            client_id: client_id?,
            auth_method: auth_method?,
            client_secret: client_secret?,
            private_key: private_key?,
            decryption_key: decryption_key?,
            scopes: self.scopes.clone(),
            acr_values: self.acr_values.clone(),
            claim_map: claim_map?,
            loa_claim: loa_claim?,
            loa_values,
            nonce: nonce?,
            allowed_origins,
        })
    }
}

fn show_levels<S: serde::Serializer>(
    levels: &BTreeMap<String, LevelOfAssurance>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(levels.iter().map(|(word, level)| (word, level.to_string())))
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
