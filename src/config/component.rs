//! One API of a source: where it is called, and who it is told that we are.

use std::path::Path;

use serde::{Deserialize, Serialize};
use url::Url;

use super::credentials::{Account, Auth, Method, RawAuth};
use super::report::{At, Report};
use super::secret::{Given, Hidden, Text};
use super::vendor::Profile;
use super::words::{base_url, filled, required, show_url};
use crate::domain::BaseUrl;

/// One API of a source.
#[derive(Debug, Clone, Serialize)]
pub struct Component {
    /// Where it is called.
    pub base_url: BaseUrl,
    /// What it writes in its answers; never called, only recognised. Without a trailing slash.
    #[serde(serialize_with = "show_url")]
    pub advertised_url: Url,
    pub auth: Auth,
    /// The version that is asked for in `API-version`; none is asked for where it is empty.
    pub api_version: Option<String>,
    /// The contract under which an FSC Outway passes the calls on.
    pub fsc_grant_hash: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawComponent {
    base_url: Option<Text>,
    advertised_url: Option<Text>,
    client_id: Option<Text>,
    secret: Option<Hidden>,
    secret_file: Option<Text>,
    auth: Option<RawAuth>,
    api_version: Option<Text>,
    fsc_grant_hash: Option<Text>,
}

/// What stands at the source for every API that brings none of its own.
#[derive(Debug)]
pub(super) struct Common<'a> {
    pub auth: &'a RawAuth,
    /// Where that stands.
    pub at: At,
    /// `None` when it is wrong, which is then in the report.
    pub method: Option<Method>,
    pub account: Account,
    /// A secret is there; whether it is right is in the report.
    pub secret_given: bool,
    pub profile: &'static Profile,
    pub fsc_grant_hash: Option<String>,
}

impl RawComponent {
    fn given(&self) -> Given<'_> {
        Given {
            inline: self.secret.as_ref(),
            file: self.secret_file.as_ref().map(|file| file.0.as_str()),
            name: "secret",
        }
    }

    /// Whether it has a secret that is not the source's.
    pub(super) fn has_account(&self) -> bool {
        self.given().is_set() || self.auth.is_some()
    }

    pub(super) fn build(
        &self,
        common: &Common<'_>,
        api_version: Option<&str>,
        at: &At,
        base: &Path,
        report: &mut Report,
    ) -> Option<Component> {
        let address = required(report, at, "base_url", self.base_url.as_ref())
            .and_then(|text| base_url(report, &at.key("base_url"), &text));
        let advertised = match filled(self.advertised_url.as_ref()) {
            Some(text) => advertised_url(report, &at.key("advertised_url"), &text),
            None => address.as_ref().map(|url| without_slash(url.as_url())),
        };
        let auth = self.auth(common, at, base, report);
        let api_version =
            filled(self.api_version.as_ref()).or_else(|| api_version.map(str::to_owned));
        let fsc_grant_hash =
            filled(self.fsc_grant_hash.as_ref()).or_else(|| common.fsc_grant_hash.clone());
        for (key, value) in [
            ("api_version", &api_version),
            ("fsc_grant_hash", &fsc_grant_hash),
        ] {
            if value.as_ref().is_some_and(|text| !is_plain(text)) {
                report.refuse(
                    &at.key(key),
                    "has a character that cannot stand in a header",
                );
            }
        }
        Some(Component {
            base_url: address?,
            advertised_url: advertised?,
            auth: auth?,
            api_version,
            fsc_grant_hash,
        })
    }

    fn auth(&self, common: &Common<'_>, at: &At, base: &Path, report: &mut Report) -> Option<Auth> {
        let place;
        let (auth, at_auth, method, inherited) = match &self.auth {
            // Another way to sign in is another register: the source's own account stays away from it.
            Some(own) => {
                place = at.key("auth");
                let method = own.method(&common.profile.auth, &place, report)?;
                (own, &place, method, Account::default())
            }
            None => (
                common.auth,
                &common.at,
                common.method?,
                common.account.clone(),
            ),
        };
        let given = self.given();
        let own_id = filled(self.client_id.as_ref());
        let has_own_id = own_id.is_some();
        let client_id = own_id.or(inherited.client_id);
        if method.needs_client_id() && client_id.is_none() {
            report.refuse(
                &at.key("client_id"),
                "is not set; set client_id and secret_file here or for the whole source",
            );
        }
        let secret = if given.is_set() {
            method.secret(given, at, base, report)
        } else if has_own_id && method.needs_secret() {
            report.refuse(
                &at.key("secret"),
                "is not set; client_id has its own secret",
            );
            None
        } else {
            let missing = method.needs_secret() && inherited.secret.is_none();
            // Where the source's own is wrong, or the id is missing too, that is said already.
            let said = (self.auth.is_none() && common.secret_given)
                || (method.needs_client_id() && client_id.is_none());
            if missing && !said {
                report.refuse(
                    &at.key("secret"),
                    "is not set; set secret_file here or for the whole source",
                );
            }
            inherited.secret
        };
        if (method.needs_client_id() && client_id.is_none())
            || (method.needs_secret() && secret.is_none())
        {
            return None;
        }
        let account = Account { client_id, secret };
        auth.build(method, account, common.profile, at_auth, base, report)
    }
}

fn is_plain(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_graphic())
}

/// Only recognised, never called: a plain `http:` address inside a data centre is fine.
fn advertised_url(report: &mut Report, at: &At, text: &str) -> Option<Url> {
    let url = Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.query().is_none());
    if url.is_none() {
        report.refuse(at, "is not an absolute http or https address");
    }
    url.as_ref().map(without_slash)
}

fn without_slash(url: &Url) -> Url {
    let mut url = url.clone();
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    url
}
