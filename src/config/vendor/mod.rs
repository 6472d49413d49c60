//! Vendors as data: what is known of the products that hold zaken, as defaults of the options of a source.
//!
//! A profile only fills in what the configuration does not say. Nothing outside this folder knows the name
//! of a vendor: whatever behaves differently does so by an option that anybody may set.

mod profiles;

use super::source::{CompanyFilter, ListMethod};

/// Defaults of one product, field by field an option of `[[site.source]]`.
#[derive(Debug, Clone, Copy)]
pub struct Profile {
    /// The word of `vendor`.
    pub name: &'static str,
    /// What people call the product.
    pub product: &'static str,
    pub auth: AuthDefaults,
    /// The catalogue has a secret of its own.
    pub own_secret_for_catalogi: bool,
    /// The product asks every client for a certificate.
    pub client_certificate: bool,
    /// The `API-version` that is asked for, per API.
    pub api_version: ApiVersions,
    pub list_method: ListMethod,
    pub expand: bool,
    pub ordering: bool,
    pub substatussen: bool,
    pub documenten_zoek: bool,
    pub bsn_in_url: bool,
    pub rollen_by_person: bool,
    pub open_filter: bool,
    pub company_filters: &'static [CompanyFilter],
    pub resultaattypen: bool,
    pub catalogussen: bool,
    pub geen_status: &'static [&'static str],
    pub zaaknummer_marker: &'static str,
    /// Where the product is slower than the common timeouts expect. Only as far as a page allows.
    pub attempt_ms: Option<u64>,
    pub source_ms: Option<u64>,
}

/// Defaults of `[site.source.auth]`.
#[derive(Debug, Clone, Copy)]
pub struct AuthDefaults {
    pub kind: &'static str,
    pub client_auth: &'static str,
    pub token_request: &'static str,
    pub grant_type: bool,
    pub secret_field: &'static str,
    pub token_field: &'static str,
    pub token_lifetime_s: u64,
}

#[derive(Debug, Clone, Copy)]
pub struct ApiVersions {
    pub zaken: Option<&'static str>,
    pub catalogi: Option<&'static str>,
    pub documenten: Option<&'static str>,
    pub besluiten: Option<&'static str>,
}

impl Profile {
    /// Every profile, the one without a product first.
    pub const ALL: [&'static Self; 10] = [
        &profiles::OTHER,
        &profiles::OPEN_ZAAK,
        &profiles::DECOS_JOIN,
        &profiles::RX_MISSION,
        &profiles::XXLLNC,
        &profiles::PROCURA,
        &profiles::OPENWAVE,
        &profiles::MOZARD,
        &profiles::ENABLE_U,
        &profiles::E_SUITE,
    ];

    pub fn named(name: &str) -> Option<&'static Self> {
        Self::ALL.into_iter().find(|profile| profile.name == name)
    }
}
