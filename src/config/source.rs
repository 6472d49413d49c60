//! `[[site.source]]`: the systems of the municipality that hold the data.

use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::component::{Common, Component, RawComponent};
use super::credentials::{Account, Method, RawAuth};
use super::report::{At, Report};
use super::secret::{Given, Hidden, Text};
use super::source_http::{RawBreaker, RawHttp, RawTls, SourceHttp};
use super::timeouts::{Timeouts, check_order};
use super::vendor::Profile;
use super::words::{choice, count, filled, millis, minutes, required, show_millis, show_minutes};
use crate::domain::SourceName;

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
    /// Whose product it is: the defaults of what follows, and nothing else.
    pub vendor: &'static str,
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
    /// Open and closed zaken can be asked for apart.
    pub open_filter: bool,
    /// The numbers of a company on which zaken can be filtered.
    pub company_filters: Vec<CompanyFilter>,
    /// The catalogue has resultaattypen.
    pub resultaattypen: bool,
    /// The catalogue has catalogussen, by whose short name zaaktypen are told apart.
    pub catalogussen: bool,
    /// Statustypen of these names mean that there is no status.
    pub geen_status: Vec<String>,
    /// The word between the number of the organisation and the number that people know, if any.
    pub zaaknummer_marker: String,
    /// Each call through an FSC Outway has a number of its own.
    pub fsc_transaction_id: bool,
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

/// A filter on zaken and rollen by a number of a company. The standard has the last two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CompanyFilter {
    /// `nietNatuurlijkPersoon__kvkNummer`, with its vestigingsNummer.
    NnpKvk,
    /// `vestiging__kvkNummer`.
    VestigingKvk,
    /// `nietNatuurlijkPersoon__innNnpId`.
    Rsin,
    /// `vestiging__vestigingsNummer`.
    Vestiging,
}

const COMPANY_FILTERS: [(&str, CompanyFilter); 4] = [
    ("nnp_kvk", CompanyFilter::NnpKvk),
    ("vestiging_kvk", CompanyFilter::VestigingKvk),
    ("rsin", CompanyFilter::Rsin),
    ("vestiging", CompanyFilter::Vestiging),
];

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
    vendor: String,
    auth: RawAuth,
    fsc_grant_hash: Option<Text>,
    fsc_transaction_id: bool,
    client_id: Option<Text>,
    secret: Option<Hidden>,
    secret_file: Option<Text>,
    zaken: Option<RawComponent>,
    catalogi: Option<RawComponent>,
    documenten: Option<RawComponent>,
    besluiten: Option<RawComponent>,
    betrokkene_source: Option<RawComponent>,
    list_method: Option<Text>,
    expand: Option<bool>,
    ordering: Option<bool>,
    substatussen: Option<bool>,
    documenten_zoek: Option<bool>,
    bsn_in_url: Option<bool>,
    rollen_by_person: Option<bool>,
    open_filter: Option<bool>,
    company_filters: Option<Vec<Text>>,
    resultaattypen: Option<bool>,
    catalogussen: Option<bool>,
    geen_status: Option<Vec<Text>>,
    zaaknummer_marker: Option<Text>,
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
        let profile = self.profile(at, report)?;
        let common = self.common(profile, at, base, report);
        let mut component = |key: &str, raw: Option<&RawComponent>, api_version| {
            raw.map(|raw| raw.build(&common, api_version, &at.key(key), base, report))
        };
        let versions = &profile.api_version;
        // None: not there. Some(None): there and wrong.
        let zaken = component("zaken", self.zaken.as_ref(), versions.zaken);
        let catalogi = component("catalogi", self.catalogi.as_ref(), versions.catalogi);
        let documenten = component("documenten", self.documenten.as_ref(), versions.documenten);
        let besluiten = component("besluiten", self.besluiten.as_ref(), versions.besluiten);
        let betrokkene_source =
            component("betrokkene_source", self.betrokkene_source.as_ref(), None);
        for (key, given) in [
            ("zaken", zaken.is_some()),
            ("catalogi", catalogi.is_some()),
            ("documenten", documenten.is_some()),
        ] {
            if !given {
                report.refuse(&at.key(key), "is not set; add it with its base_url");
            }
        }
        if profile.own_secret_for_catalogi
            && self.catalogi.as_ref().is_some_and(|raw| !raw.has_account())
        {
            report.warn(
                &at.key("catalogi").key("secret"),
                format!(
                    "is that of the whole source; {} gives the catalogue one of its own",
                    profile.product
                ),
            );
        }
        let list_method = match filled(self.list_method.as_ref()) {
            Some(word) => choice(
                report,
                &at.key("list_method"),
                &word,
                &[("zoek", ListMethod::Zoek), ("get", ListMethod::Get)],
            ),
            None => Some(profile.list_method),
        };
        let expand = self.expand.unwrap_or(profile.expand);
        let bsn_in_url = self.bsn_in_url.unwrap_or(profile.bsn_in_url);
        if !bsn_in_url {
            check_bsn_in_body(list_method, expand, at, report);
        }
        let company_filters = match &self.company_filters {
            Some(words) => words
                .iter()
                .filter_map(|word| {
                    choice(
                        report,
                        &at.key("company_filters"),
                        &word.0,
                        &COMPANY_FILTERS,
                    )
                })
                .collect(),
            None => profile.company_filters.to_vec(),
        };
        let geen_status = match &self.geen_status {
            Some(words) => words.iter().map(|word| word.0.clone()).collect(),
            None => profile
                .geen_status
                .iter()
                .map(|word| (*word).to_owned())
                .collect(),
        };
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
        let addresses = [&zaken, &catalogi, &documenten, &besluiten];
        let elsewhere = addresses
            .into_iter()
            .flatten()
            .flatten()
            .any(|api| !api.base_url.is_loopback());
        let wants_certificate =
            profile.client_certificate || common.method.is_some_and(Method::needs_certificate);
        let has_certificate = http.as_ref().is_none_or(|http| http.tls.identity.is_some());
        if wants_certificate && elsewhere && !has_certificate {
            report.warn(
                &at.key("tls").key("cert_file"),
                format!(
                    "is not set; {} asks every client for a certificate",
                    profile.product
                ),
            );
        }
        let timeouts = self
            .timeouts
            .build(&at.key("timeouts"), timeouts, profile, report);
        Some(ZgwSource {
            vendor: profile.name,
            zaken: zaken??,
            catalogi: catalogi??,
            documenten: documenten??,
            besluiten: optional(besluiten)?,
            list_method: list_method?,
            expand,
            ordering: self.ordering.unwrap_or(profile.ordering),
            substatussen: self.substatussen.unwrap_or(profile.substatussen),
            documenten_zoek: self.documenten_zoek.unwrap_or(profile.documenten_zoek),
            bsn_in_url,
            rollen_by_person: self.rollen_by_person.unwrap_or(profile.rollen_by_person),
            open_filter: self.open_filter.unwrap_or(profile.open_filter),
            company_filters,
            resultaattypen: self.resultaattypen.unwrap_or(profile.resultaattypen),
            catalogussen: self.catalogussen.unwrap_or(profile.catalogussen),
            geen_status,
            zaaknummer_marker: filled(self.zaaknummer_marker.as_ref())
                .unwrap_or_else(|| profile.zaaknummer_marker.to_owned()),
            fsc_transaction_id: self.fsc_transaction_id,
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

    fn profile(&self, at: &At, report: &mut Report) -> Option<&'static Profile> {
        let words = Profile::ALL.map(|profile| (profile.name, profile));
        choice(report, &at.key("vendor"), &self.vendor, &words)
    }

    /// The credentials for every component that brings none of its own.
    fn common<'a>(
        &'a self,
        profile: &'static Profile,
        at: &At,
        base: &Path,
        report: &mut Report,
    ) -> Common<'a> {
        let method = self.auth.method(&profile.auth, &at.key("auth"), report);
        let given = Given {
            inline: self.secret.as_ref(),
            file: self.secret_file.as_ref().map(|file| file.0.as_str()),
            name: "secret",
        };
        let client_id = filled(self.client_id.as_ref());
        let secret = method.and_then(|method| {
            if given.is_set() && method.needs_client_id() && client_id.is_none() {
                report.refuse(&at.key("client_id"), "is not set; the secret needs it");
                None
            } else if given.is_set() || (method.needs_secret() && client_id.is_some()) {
                method.secret(given, at, base, report)
            } else {
                None
            }
        });
        Common {
            auth: &self.auth,
            at: at.key("auth"),
            method,
            account: Account { client_id, secret },
            secret_given: given.is_set(),
            profile,
            fsc_grant_hash: filled(self.fsc_grant_hash.as_ref()),
        }
    }
}

fn check_bsn_in_body(method: Option<ListMethod>, expand: bool, at: &At, report: &mut Report) {
    if method == Some(ListMethod::Get) {
        report.refuse(
            &at.key("list_method"),
            "is \"get\" and bsn_in_url is false; a GET puts the BSN in the URL: use \"zoek\"",
        );
    }
    if !expand {
        report.refuse(
            &at.key("expand"),
            "is false and bsn_in_url is false; without a BSN in the URL the rollen come by expand: set it to true",
        );
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

impl RawSourceTimeouts {
    fn build(
        &self,
        at: &At,
        common: &Timeouts,
        profile: &Profile,
        report: &mut Report,
    ) -> SourceTimeouts {
        let common = &slower(common, profile);
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

/// The common times, with those of a slow product where they are longer and still fit into a page.
fn slower(common: &Timeouts, profile: &Profile) -> Timeouts {
    let longer = |time: Option<u64>, common: Duration| {
        time.map(Duration::from_millis)
            .map_or(common, |time| time.max(common))
    };
    let attempt = longer(profile.attempt_ms, common.attempt);
    let source = longer(profile.source_ms, common.source);
    if attempt < source && source < common.page {
        Timeouts {
            attempt,
            source,
            ..*common
        }
    } else {
        *common
    }
}
