//! What the configuration says of one ZGW source.

use url::Url;

use super::Component;
use crate::domain::SourceName;
use crate::upstream::http::auth::AuthSettings;
use crate::upstream::http::{BaseUrl, ClientSettings};

/// How the zaken of a party are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListMethod {
    /// `GET /zaken?rol__…`: works everywhere, the number stands in the address.
    Get,
    /// `POST /zaken/_zoek`: the number stands in the body.
    Zoek,
}

/// How the rollen that prove a list are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RollenStrategy {
    /// `GET /rollen?betrokkeneIdentificatie__…` beside the list: one call for all.
    ByPerson,
    /// `GET /rollen?zaak=…` per zaak, where the server lacks that filter.
    PerZaak,
    /// `expand=rollen` in `_zoek`, so that no number stands in an address.
    Expand,
}

/// A filter on zaken and rollen by a number of a company.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

#[derive(Debug, Clone)]
pub struct ComponentSettings {
    pub component: Component,
    /// Where we call.
    pub base_url: BaseUrl,
    /// What the source writes in its answers; the same unless a gateway stands between. Never called,
    /// so it may be an `http:` address inside a data centre.
    pub advertised_url: Url,
    pub auth: AuthSettings,
}

#[derive(Debug, Clone)]
pub struct ZgwSettings {
    pub name: SourceName,
    pub label: String,
    pub components: Vec<ComponentSettings>,
    pub list_method: ListMethod,
    pub rollen: RollenStrategy,
    /// The source knows `expand` (Zaken 1.5 and later).
    pub expand: bool,
    /// The source knows `ordering` on lists of zaken.
    pub ordering: bool,
    /// The source knows `/substatussen` (Zaken 1.5, experimental).
    pub substatussen: bool,
    /// The source knows `enkelvoudiginformatieobjecten/_zoek` (Documenten 1.3 and later).
    pub documenten_zoek: bool,
    /// Open and closed zaken can be asked for apart from each other, beside the filter on the party.
    pub open_filter: bool,
    /// The numbers of a company by which zaken can be found.
    pub company_filters: Vec<CompanyFilter>,
    /// The catalogue has resultaattypen. One without them cannot say what a result is called.
    pub resultaattypen: bool,
    /// The catalogue has catalogussen.
    pub catalogussen: bool,
    /// Names of statustypen, in lower case, that mean that there is no status.
    pub geen_status: Vec<String>,
    /// The word between the number of the organisation and the number that people know; empty for none.
    pub zaaknummer_marker: String,
    /// Most pages of one list that are read.
    pub max_pages: u32,
    /// How long an answer may be used again within the session that asked.
    pub fresh: std::time::Duration,
    /// For all calls of one part of a page together.
    pub deadline: std::time::Duration,
    pub http: ClientSettings,
}
