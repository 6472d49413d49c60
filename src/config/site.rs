//! `[[site]]`: one WordPress site that this sidecar serves.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::bounds::{PolicyBounds, RawBounds};
use super::identity::{Idp, LoginMode, RawIdp, SubjectKind};
use super::keys::{self, RawSiteKey, SiteKey};
use super::report::{At, Report};
use super::secret::Text;
use super::source::{RawSource, Source};
use super::timeouts::Timeouts;
use super::words::{base_url, choice, filled, origin, required};
use crate::domain::{BaseUrl, SiteId};

#[derive(Debug, Clone, Serialize)]
pub struct Site {
    pub id: SiteId,
    pub label: String,
    pub environment: Environment,
    /// Origin of the WordPress site: scheme, host and port.
    pub origin: String,
    /// Where browsers reach the public listener; `None`: there is no such route.
    pub public_url: Option<BaseUrl>,
    /// The plugin's one address that browsers come back to after a login: a path on `origin`.
    pub return_path: String,
    /// Whether WordPress may ask the number of who is logged in, for its forms.
    pub feed_userdata: bool,
    pub keys: Vec<SiteKey>,
    pub sources: Vec<Source>,
    pub idps: Vec<Idp>,
    pub policy: PolicyBounds,
    /// Where it stands in the file.
    #[serde(skip)]
    pub(super) index: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Environment {
    Demo,
    Acceptatie,
    Productie,
}

impl Environment {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Demo => "demo",
            Self::Acceptatie => "acceptatie",
            Self::Productie => "productie",
        }
    }
}

impl Site {
    /// Whether an issuer that marks itself `sandbox` in its discovery document must be refused.
    pub const fn forbids_sandbox_issuer(&self) -> bool {
        !matches!(self.environment, Environment::Demo)
    }

    /// The address that a login comes back to.
    pub fn return_url(&self) -> String {
        format!("{}{}", self.origin, self.return_path)
    }

    /// Whether the public listener is reached on the site's own origin, so that the site's cookie comes
    /// along with a ticket.
    pub fn public_is_same_origin(&self) -> bool {
        self.public_url
            .as_ref()
            .is_some_and(|url| url.as_url().origin().ascii_serialization() == self.origin)
    }

    /// The ways in which a kind of party can log in; without repetition.
    pub fn login_modes(&self, kind: SubjectKind) -> Vec<LoginMode> {
        let mut modes = Vec::new();
        for idp in self.idps.iter().filter(|idp| idp.serves(kind)) {
            if !modes.contains(&idp.mode) {
                modes.push(idp.mode);
            }
        }
        modes
    }

    pub fn idp(&self, name: &str) -> Option<&Idp> {
        self.idps.iter().find(|idp| idp.name.as_str() == name)
    }

    pub(super) fn at(&self) -> At {
        At::default()
            .key("site")
            .item(self.index, Some(self.id.as_str()))
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSite {
    id: Option<Text>,
    label: Option<Text>,
    environment: Option<Text>,
    origin: Option<Text>,
    public_url: Option<Text>,
    return_path: String,
    feed_userdata: bool,
    key: Vec<RawSiteKey>,
    source: Vec<RawSource>,
    idp: Vec<RawIdp>,
    policy: RawBounds,
}

impl RawSite {
    pub fn build(
        self,
        index: usize,
        at: &At,
        base: &Path,
        timeouts: &Timeouts,
        report: &mut Report,
    ) -> Option<Site> {
        let id = required(report, at, "id", self.id.as_ref()).and_then(|id| {
            SiteId::parse(&id)
                .map_err(|error| report.refuse(&at.key("id"), error.to_string()))
                .ok()
        });
        let environment = required(report, at, "environment", self.environment.as_ref());
        let environment = environment.and_then(|word| {
            choice(
                report,
                &at.key("environment"),
                &word,
                &[
                    ("demo", Environment::Demo),
                    ("acceptatie", Environment::Acceptatie),
                    ("productie", Environment::Productie),
                ],
            )
        });
        let origin = required(report, at, "origin", self.origin.as_ref())
            .and_then(|text| origin(report, &at.key("origin"), &text));
        let public_url = match filled(self.public_url.as_ref()) {
            Some(text) => base_url(report, &at.key("public_url"), &text).map(Some),
            None => Some(None),
        };
        if !is_site_path(&self.return_path) {
            report.refuse(
                &at.key("return_path"),
                "must be a path on the site that begins with one /, without query",
            );
        }
        let keys = keys::build_all(&self.key, at, base, report);
        let mut sources = Vec::new();
        for (index, source) in self.source.iter().enumerate() {
            let place = at.key("source").item(index, source.name());
            sources.extend(source.build(&place, base, timeouts, report));
        }
        let mut idps = Vec::new();
        for (index, idp) in self.idp.iter().enumerate() {
            let place = at.key("idp").item(index, idp.name());
            idps.extend(idp.build(&place, base, report));
        }
        let policy = self.policy.build(&at.key("policy"), report);
        let id = id?;
        Some(Site {
            label: filled(self.label.as_ref()).unwrap_or_else(|| id.to_string()),
            id,
            environment: environment?,
            origin: origin?,
            public_url: public_url?,
            return_path: self.return_path,
            feed_userdata: self.feed_userdata,
            keys,
            sources,
            idps,
            policy: policy?,
            index,
        })
    }
}

/// `/x/` and nothing that a browser could take for another site.
fn is_site_path(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && path
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"/-_.~%".contains(&b))
}
