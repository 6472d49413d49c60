//! One constant per product. What a field rests on stands beside it; where nothing is known of a product,
//! the field is that of [`OTHER`].

use super::super::source::{CompanyFilter, ListMethod};
use super::{ApiVersions, AuthDefaults, Profile};

/// A JWT of our own making (HS256), as the standard has it.
const ZGW_JWT: AuthDefaults = AuthDefaults {
    kind: "zgw_jwt",
    client_auth: "basic",
    token_request: "form",
    grant_type: true,
    secret_field: "client_secret",
    token_field: "access_token",
    token_lifetime_s: 300,
};

/// A token endpoint that wants id and secret as JSON and in a Basic header at once.
const OWN_ENDPOINT: AuthDefaults = AuthDefaults {
    kind: "client_credentials",
    client_auth: "basic_and_body",
    token_request: "json",
    grant_type: false,
    token_lifetime_s: 1800,
    ..ZGW_JWT
};

const NO_VERSIONS: ApiVersions = ApiVersions {
    zaken: None,
    catalogi: None,
    documenten: None,
    besluiten: None,
};

/// What the standard (Zaken 1.5.1) promises. What a source turns out not to offer is noticed and asked for
/// in simpler words.
pub(super) const OTHER: Profile = Profile {
    name: "other",
    product: "any product that follows the standard",
    auth: ZGW_JWT,
    own_secret_for_catalogi: false,
    client_certificate: false,
    api_version: NO_VERSIONS,
    list_method: ListMethod::Zoek,
    expand: true,
    ordering: true,
    substatussen: false,
    documenten_zoek: true,
    bsn_in_url: true,
    rollen_by_person: true,
    open_filter: true,
    company_filters: &[
        CompanyFilter::NnpKvk,
        CompanyFilter::VestigingKvk,
        CompanyFilter::Rsin,
        CompanyFilter::Vestiging,
    ],
    resultaattypen: true,
    catalogussen: true,
    geen_status: &["Niet Beschikbaar"],
    zaaknummer_marker: "",
    attempt_ms: None,
    source_ms: None,
};

/// Recorded: `_zoek`, `expand`, `ordering`, substatussen and all four filters on companies are there.
pub(super) const OPEN_ZAAK: Profile = Profile {
    name: "open-zaak",
    product: "Open Zaak",
    substatussen: true,
    ..OTHER
};

/// Only what portals ask of it today is asked: `GET zaken`, no expand. The filters on companies are those
/// that they use: an unknown one may be refused, or worse, ignored.
const AS_PORTALS_ASK: Profile = Profile {
    list_method: ListMethod::Get,
    expand: false,
    company_filters: &[
        CompanyFilter::VestigingKvk,
        CompanyFilter::Rsin,
        CompanyFilter::Vestiging,
    ],
    ..OTHER
};

/// Another secret for the catalogue than for zaken and documents; no resultaattypen, no catalogussen; slow.
pub(super) const DECOS_JOIN: Profile = Profile {
    name: "decos-join",
    product: "Decos JOIN",
    own_secret_for_catalogi: true,
    documenten_zoek: false,
    resultaattypen: false,
    catalogussen: false,
    attempt_ms: Some(8000),
    source_ms: Some(9500),
    ..AS_PORTALS_ASK
};

/// Wants to be told which version of the Documenten API is meant, and prefers a betrokkene by URL, so that
/// its rollen are asked per zaak.
pub(super) const RX_MISSION: Profile = Profile {
    name: "rx-mission",
    product: "Rx.Mission (Roxit)",
    api_version: ApiVersions {
        documenten: Some("1.0.0"),
        ..NO_VERSIONS
    },
    documenten_zoek: false,
    rollen_by_person: false,
    ..AS_PORTALS_ASK
};

/// JWT since 2.0; which versions of the APIs it has is not known.
pub(super) const XXLLNC: Profile = Profile {
    name: "xxllnc",
    product: "xxllnc Zaken",
    documenten_zoek: false,
    ..AS_PORTALS_ASK
};

/// A client certificate beside the JWT.
pub(super) const PROCURA: Profile = Profile {
    name: "procura",
    product: "Procura (Shift2)",
    client_certificate: true,
    documenten_zoek: false,
    ..AS_PORTALS_ASK
};

/// A token from its own endpoint, in `token`, and a client certificate on every call.
pub(super) const OPENWAVE: Profile = Profile {
    name: "openwave",
    product: "OpenWave",
    auth: AuthDefaults {
        token_field: "token",
        ..OWN_ENDPOINT
    },
    client_certificate: true,
    documenten_zoek: false,
    ..AS_PORTALS_ASK
};

/// A token from its own endpoint, in `authorization`; the secret is called `secret`.
pub(super) const MOZARD: Profile = Profile {
    name: "mozard",
    product: "Mozard (also written Mozart)",
    auth: AuthDefaults {
        secret_field: "secret",
        token_field: "authorization",
        ..OWN_ENDPOINT
    },
    documenten_zoek: false,
    ..AS_PORTALS_ASK
};

/// A plain JWT.
pub(super) const ENABLE_U: Profile = Profile {
    name: "enable-u",
    product: "EnableU",
    documenten_zoek: false,
    ..AS_PORTALS_ASK
};

/// Ignores filters that are combined, fails on catalogussen, and writes `0014ESUITE66392022` where people
/// read 6639-2022.
pub(super) const E_SUITE: Profile = Profile {
    name: "e-suite",
    product: "e-Suite (Atos, Dimpact)",
    documenten_zoek: false,
    rollen_by_person: false,
    open_filter: false,
    catalogussen: false,
    zaaknummer_marker: "ESUITE",
    ..AS_PORTALS_ASK
};
