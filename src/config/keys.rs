//! `[[site.key]]`: pairs of signing keys. A request under one key is answered under its own response
//! key.

use std::collections::BTreeSet;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::report::{At, Report};
use super::secret::{Given, Hidden, Secret, Text};
use super::words::{choice, moment, required, show_moment};
use crate::domain::{KeyId, Timestamp};

#[derive(Debug, Clone, Serialize)]
pub struct SiteKey {
    pub state: KeyState,
    pub scopes: BTreeSet<Scope>,
    /// Not accepted before this moment; also what the key's age is counted from.
    #[serde(serialize_with = "show_moment")]
    pub not_before: Option<Timestamp>,
    /// Not accepted from this moment on.
    #[serde(serialize_with = "show_moment")]
    pub not_after: Option<Timestamp>,
    pub request: SigningKey,
    pub response: SigningKey,
}

#[derive(Debug, Clone, Serialize)]
pub struct SigningKey {
    pub keyid: KeyId,
    pub secret: Secret,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyState {
    Current,
    /// Accepted as well, so that WordPress can be moved to it without a gap.
    Next,
    /// Refused, and kept in the file so that the audit log can tell it from an unknown one.
    Revoked,
}

impl KeyState {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Next => "next",
            Self::Revoked => "revoked",
        }
    }
}

/// What a key may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Pages, sessions, tickets, changes: what a site needs.
    Pages,
    /// State who is logged in, without proof.
    Assert,
    /// Policy and health; opens no personal route.
    Admin,
    /// Messages to residents.
    Publish,
    Diagnose,
}

impl Scope {
    const WORDS: [(&'static str, Self); 5] = [
        ("pages", Self::Pages),
        ("assert", Self::Assert),
        ("admin", Self::Admin),
        ("publish", Self::Publish),
        ("diagnose", Self::Diagnose),
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pages => "pages",
            Self::Assert => "assert",
            Self::Admin => "admin",
            Self::Publish => "publish",
            Self::Diagnose => "diagnose",
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSiteKey {
    state: String,
    scopes: Vec<String>,
    not_before: Option<Text>,
    not_after: Option<Text>,
    request: Option<RawSigningKey>,
    response: Option<RawSigningKey>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSigningKey {
    keyid: Option<Text>,
    secret: Option<Hidden>,
    secret_file: Option<Text>,
}

impl RawSigningKey {
    fn given(&self) -> Given<'_> {
        Given {
            inline: self.secret.as_ref(),
            file: self.secret_file.as_ref().map(|file| file.0.as_str()),
            name: "secret",
        }
    }

    fn keyid(&self, at: &At, report: &mut Report) -> Option<KeyId> {
        let text = required(report, at, "keyid", self.keyid.as_ref())?;
        match KeyId::parse(&text) {
            Ok(keyid) => Some(keyid),
            Err(error) => {
                report.refuse(&at.key("keyid"), error.to_string());
                None
            }
        }
    }

    fn build(&self, at: &At, base: &Path, report: &mut Report) -> Option<SigningKey> {
        let keyid = self.keyid(at, report);
        let secret = self.given().key_bytes(at, base, report);
        Some(SigningKey {
            keyid: keyid?,
            secret: secret?,
        })
    }
}

/// Where the key at `index` of a site stands.
pub(super) fn place(site: &At, index: usize, name: Option<&str>) -> At {
    site.key("key").item(index, name)
}

impl RawSiteKey {
    fn name(&self) -> Option<&str> {
        Some(self.request.as_ref()?.keyid.as_ref()?.0.as_str())
    }

    fn build(
        &self,
        at: &At,
        base: &Path,
        known: &[SiteKey],
        report: &mut Report,
    ) -> Option<SiteKey> {
        let state = choice(
            report,
            &at.key("state"),
            &self.state,
            &[
                ("current", KeyState::Current),
                ("next", KeyState::Next),
                ("revoked", KeyState::Revoked),
            ],
        );
        let mut scopes = BTreeSet::new();
        for scope in &self.scopes {
            scopes.extend(choice(report, &at.key("scopes"), scope, &Scope::WORDS));
        }
        if self.scopes.is_empty() {
            report.refuse(&at.key("scopes"), "is empty; a site's key has [\"pages\"]");
        }
        let not_before = moment(report, &at.key("not_before"), self.not_before.as_ref());
        let not_after = moment(report, &at.key("not_after"), self.not_after.as_ref());
        if let (Some(from), Some(until)) = (not_before, not_after)
            && from >= until
        {
            report.refuse(
                &at.key("not_after"),
                "lies before not_before; exchange them",
            );
        }
        let request = match &self.request {
            Some(request) => request.build(&at.key("request"), base, report),
            None => {
                report.refuse(&at.key("request"), "is not set; add keyid and secret_file");
                None
            }
        };
        let response = self.response(&at.key("response"), base, known, report);
        Some(SiteKey {
            state: state?,
            scopes,
            not_before,
            not_after,
            request: request?,
            response: response?,
        })
    }

    /// A response key without a secret is the one that an earlier pair of the site has under that id,
    /// so that a key for administration need not bring a second response secret to WordPress.
    fn response(
        &self,
        at: &At,
        base: &Path,
        known: &[SiteKey],
        report: &mut Report,
    ) -> Option<SigningKey> {
        let Some(response) = &self.response else {
            report.refuse(at, "is not set; add keyid and secret_file");
            return None;
        };
        if response.given().is_set() {
            return response.build(at, base, report);
        }
        let keyid = response.keyid(at, report)?;
        let shared = known
            .iter()
            .map(|key| &key.response)
            .find(|other| other.keyid == keyid);
        if shared.is_none() {
            report.refuse(
                &at.key("secret"),
                "is not set; set secret or secret_file, or name the response key of an earlier pair of this site",
            );
        }
        shared.cloned()
    }
}

pub(super) fn build_all(
    raw: &[RawSiteKey],
    site: &At,
    base: &Path,
    report: &mut Report,
) -> Vec<SiteKey> {
    let mut keys = Vec::new();
    for (index, key) in raw.iter().enumerate() {
        let at = place(site, index, key.name());
        let built = key.build(&at, base, &keys, report);
        keys.extend(built);
    }
    keys
}
