//! `[[site.source]]`: the systems of the municipality that hold the data.

use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::Url;

use super::report::{At, Report};
use super::secret::{Given, Hidden, Secret, Text};
use super::source_http::{RawBreaker, RawHttp, RawTls, SourceHttp};
use super::timeouts::{Timeouts, check_order};
use super::words::{
    base_url, choice, count, filled, millis, minutes, required, show_millis, show_minutes, show_url,
};
use crate::domain::{BaseUrl, SourceName};

/// Below this length the HS256 key of a ZGW application is weaker than the hash (RFC 7518 §3.2).
const ZGW_SECRET_BYTES: usize = 32;

#[derive(Debug, Clone, Serialize)]
pub struct Source {
    pub name: SourceName,
    /// What the webbeheerder calls it.
    pub label: String,
    /// `false`: not asked at all.
    pub enabled: bool,
    #[serde(flatten)]
    pub kind: SourceKind,
}

#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum SourceKind {
    Zgw(Box<ZgwSource>),
}

/// One registration of zaken: the four APIs that belong together.
#[derive(Debug, Clone, Serialize)]
pub struct ZgwSource {
    pub zaken: Component,
    pub catalogi: Component,
    pub documenten: Component,
    /// `None`: this source has no decisions, and nobody is told that some are missing.
    pub besluiten: Option<Component>,
    pub list_method: ListMethod,
    /// `_zoek` may be asked for `expand=status` (never for the catalogue).
    pub expand: bool,
    /// Lists of zaken can be asked in an order.
    pub ordering: bool,
    pub substatussen: bool,
    /// `enkelvoudiginformatieobjecten/_zoek {uuid__in}` is there.
    pub documenten_zoek: bool,
    /// Whether a BSN may stand in the query of a URL.
    pub bsn_in_url: bool,
    /// `GET /rollen` can be asked by person.
    pub rollen_by_person: bool,
    /// Where a betrokkene that is given by URL may be fetched.
    pub betrokkene_source: Option<Component>,
    /// The claim of the same name in the token; `user_id` is a pseudonym.
    pub user_representation: String,
    /// Pages of one list that are read before the rest is reported as not read.
    pub max_pages: usize,
    /// Largest JSON answer, in bytes.
    pub max_body: usize,
    /// Calls at the same time; a further one waits.
    pub max_concurrent: usize,
    #[serde(flatten)]
    pub http: SourceHttp,
    /// How long an answer is used again within the session that asked.
    #[serde(rename = "answers_ms", serialize_with = "show_millis")]
    pub answers: Duration,
    /// How long the catalogue is used before it is read again.
    #[serde(rename = "catalogus_minutes", serialize_with = "show_minutes")]
    pub catalogus: Duration,
    /// The catalogue is read at start, before somebody needs it. `None`: except in a demo.
    pub catalogus_at_start: Option<bool>,
    pub timeouts: SourceTimeouts,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ListMethod {
    Zoek,
    Get,
}

/// One API of a source.
#[derive(Debug, Clone, Serialize)]
pub struct Component {
    /// Where it is called.
    pub base_url: BaseUrl,
    /// What it writes in its answers; never called, only recognised. Without a trailing slash.
    #[serde(serialize_with = "show_url")]
    pub advertised_url: Url,
    pub client_id: String,
    pub secret: Secret,
}

#[derive(Debug, Clone, Copy, Serialize)]
pub struct SourceTimeouts {
    #[serde(rename = "connect_ms", serialize_with = "show_millis")]
    pub connect: Duration,
    #[serde(rename = "attempt_ms", serialize_with = "show_millis")]
    pub attempt: Duration,
    #[serde(rename = "source_ms", serialize_with = "show_millis")]
    pub source: Duration,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSource {
    kind: String,
    enabled: bool,
    name: Option<Text>,
    label: Option<Text>,
    client_id: Option<Text>,
    secret: Option<Hidden>,
    secret_file: Option<Text>,
    zaken: Option<RawComponent>,
    catalogi: Option<RawComponent>,
    documenten: Option<RawComponent>,
    besluiten: Option<RawComponent>,
    betrokkene_source: Option<RawComponent>,
    list_method: String,
    expand: bool,
    ordering: bool,
    substatussen: bool,
    documenten_zoek: bool,
    bsn_in_url: bool,
    rollen_by_person: bool,
    user_representation: String,
    max_pages: u64,
    max_body: u64,
    max_concurrent: u64,
    max_waiting: Option<u64>,
    retries: u64,
    breaker: RawBreaker,
    tls: RawTls,
    answers_ms: u64,
    catalogus_minutes: u64,
    catalogus_at_start: Option<bool>,
    timeouts: RawSourceTimeouts,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawComponent {
    base_url: Option<Text>,
    advertised_url: Option<Text>,
    client_id: Option<Text>,
    secret: Option<Hidden>,
    secret_file: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSourceTimeouts {
    connect_ms: Option<u64>,
    attempt_ms: Option<u64>,
    source_ms: Option<u64>,
}

impl RawSource {
    pub fn name(&self) -> Option<&str> {
        self.name.as_ref().map(|name| name.0.as_str())
    }

    pub fn build(
        &self,
        at: &At,
        base: &Path,
        timeouts: &Timeouts,
        report: &mut Report,
    ) -> Option<Source> {
        let name = required(report, at, "name", self.name.as_ref()).and_then(|name| {
            SourceName::parse(&name)
                .map_err(|error| report.refuse(&at.key("name"), error.to_string()))
                .ok()
        });
        let kind = choice(report, &at.key("kind"), &self.kind, &[("zgw", ())]);
        let zgw = self.zgw(at, base, timeouts, report);
        let name = name?;
        kind?;
        Some(Source {
            label: filled(self.label.as_ref()).unwrap_or_else(|| name.to_string()),
            name,
            enabled: self.enabled,
            kind: SourceKind::Zgw(Box::new(zgw?)),
        })
    }

    fn zgw(
        &self,
        at: &At,
        base: &Path,
        timeouts: &Timeouts,
        report: &mut Report,
    ) -> Option<ZgwSource> {
        let common = self.common(at, base, report);
        let mut component = |key: &str, raw: Option<&RawComponent>| {
            raw.map(|raw| raw.build(&at.key(key), base, common.as_ref(), report))
        };
        // None: not there. Some(None): there and wrong.
        let zaken = component("zaken", self.zaken.as_ref());
        let catalogi = component("catalogi", self.catalogi.as_ref());
        let documenten = component("documenten", self.documenten.as_ref());
        let besluiten = component("besluiten", self.besluiten.as_ref());
        let betrokkene_source = component("betrokkene_source", self.betrokkene_source.as_ref());
        for (key, given) in [
            ("zaken", zaken.is_some()),
            ("catalogi", catalogi.is_some()),
            ("documenten", documenten.is_some()),
        ] {
            if !given {
                report.refuse(&at.key(key), "is not set; add it with its base_url");
            }
        }
        let list_method = choice(
            report,
            &at.key("list_method"),
            &self.list_method,
            &[("zoek", ListMethod::Zoek), ("get", ListMethod::Get)],
        );
        if !self.bsn_in_url {
            self.check_bsn_in_body(list_method, at, report);
        }
        let max_pages = count(report, &at.key("max_pages"), self.max_pages, 1, 1000);
        let max_body = count(report, &at.key("max_body"), self.max_body, 1024, 1 << 30);
        let max_concurrent = count(
            report,
            &at.key("max_concurrent"),
            self.max_concurrent,
            1,
            10_000,
        );
        let answers = millis(report, &at.key("answers_ms"), self.answers_ms, 1000, 60_000);
        let catalogus = minutes(
            report,
            &at.key("catalogus_minutes"),
            self.catalogus_minutes,
            1,
            720,
        );
        let http = RawHttp {
            max_concurrent,
            max_waiting: self.max_waiting,
            retries: self.retries,
            breaker: self.breaker,
            tls: &self.tls,
        };
        let http = http.build(at, base, report);
        let timeouts = self.timeouts.build(&at.key("timeouts"), timeouts, report);
        Some(ZgwSource {
            zaken: zaken??,
            catalogi: catalogi??,
            documenten: documenten??,
            besluiten: optional(besluiten)?,
            list_method: list_method?,
            expand: self.expand,
            ordering: self.ordering,
            substatussen: self.substatussen,
            documenten_zoek: self.documenten_zoek,
            bsn_in_url: self.bsn_in_url,
            rollen_by_person: self.rollen_by_person,
            betrokkene_source: optional(betrokkene_source)?,
            user_representation: self.user_representation.clone(),
            max_pages,
            max_body,
            max_concurrent,
            http: http?,
            answers,
            catalogus,
            catalogus_at_start: self.catalogus_at_start,
            timeouts,
        })
    }

    /// The credentials for every component that brings none of its own.
    fn common(&self, at: &At, base: &Path, report: &mut Report) -> Option<(String, Secret)> {
        let given = Given {
            inline: self.secret.as_ref(),
            file: self.secret_file.as_ref().map(|file| file.0.as_str()),
            name: "secret",
        };
        match filled(self.client_id.as_ref()) {
            Some(client_id) => {
                let secret = zgw_secret(given, at, base, report)?;
                Some((client_id, secret))
            }
            None if given.is_set() => {
                report.refuse(&at.key("client_id"), "is not set; the secret needs it");
                None
            }
            None => None,
        }
    }

    fn check_bsn_in_body(&self, method: Option<ListMethod>, at: &At, report: &mut Report) {
        if method == Some(ListMethod::Get) {
            report.refuse(
                &at.key("list_method"),
                "is \"get\" and bsn_in_url is false; a GET puts the BSN in the URL: use \"zoek\"",
            );
        }
        if !self.expand {
            report.refuse(
                &at.key("expand"),
                "is false and bsn_in_url is false; without a BSN in the URL the rollen come by expand: set it to true",
            );
        }
    }
}

/// Not there is fine, there and wrong is not.
#[expect(clippy::option_option, reason = "absent and wrong are two things")]
fn optional<T>(component: Option<Option<T>>) -> Option<Option<T>> {
    match component {
        None => Some(None),
        Some(None) => None,
        Some(component) => Some(component),
    }
}

fn zgw_secret(given: Given<'_>, at: &At, base: &Path, report: &mut Report) -> Option<Secret> {
    let secret = given.text(at, base, report)?;
    if secret.bytes().len() < ZGW_SECRET_BYTES {
        report.warn(
            &at.key("secret"),
            format!(
                "has {} bytes; ask the administrator of the source for one of {ZGW_SECRET_BYTES} or more",
                secret.bytes().len()
            ),
        );
    }
    Some(secret)
}

impl RawComponent {
    fn build(
        &self,
        at: &At,
        base: &Path,
        common: Option<&(String, Secret)>,
        report: &mut Report,
    ) -> Option<Component> {
        let address = required(report, at, "base_url", self.base_url.as_ref())
            .and_then(|text| base_url(report, &at.key("base_url"), &text));
        let advertised = match filled(self.advertised_url.as_ref()) {
            Some(text) => advertised_url(report, &at.key("advertised_url"), &text),
            None => address.as_ref().map(|url| without_slash(url.as_url())),
        };
        let given = Given {
            inline: self.secret.as_ref(),
            file: self.secret_file.as_ref().map(|file| file.0.as_str()),
            name: "secret",
        };
        let own_id = filled(self.client_id.as_ref());
        let secret = if given.is_set() {
            zgw_secret(given, at, base, report)
        } else if own_id.is_some() {
            report.refuse(
                &at.key("secret"),
                "is not set; client_id has its own secret",
            );
            None
        } else {
            common.map(|(_, secret)| secret.clone())
        };
        let client_id = own_id.or_else(|| common.map(|(id, _)| id.clone()));
        if client_id.is_none() {
            report.refuse(
                &at.key("client_id"),
                "is not set; set client_id and secret_file here or for the whole source",
            );
        }
        Some(Component {
            base_url: address?,
            advertised_url: advertised?,
            client_id: client_id?,
            secret: secret?,
        })
    }
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

impl RawSourceTimeouts {
    fn build(&self, at: &At, common: &Timeouts, report: &mut Report) -> SourceTimeouts {
        let mut time = |key: &str, own: Option<u64>, common| {
            own.map_or(common, |own| millis(report, &at.key(key), own, 10, 120_000))
        };
        let times = SourceTimeouts {
            connect: time("connect_ms", self.connect_ms, common.connect),
            attempt: time("attempt_ms", self.attempt_ms, common.attempt),
            source: time("source_ms", self.source_ms, common.source),
        };
        // The common ones were compared already; say it once.
        if [self.connect_ms, self.attempt_ms, self.source_ms]
            .iter()
            .any(Option::is_some)
        {
            let order = [
                ("connect_ms", times.connect),
                ("attempt_ms", times.attempt),
                ("source_ms", times.source),
                ("page_ms", common.page),
            ];
            check_order(&order, at, report);
        }
        times
    }
}
