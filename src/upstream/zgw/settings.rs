//! What the configuration says of one ZGW source.

use url::Url;

use super::{Component, ZgwCredentials};
use crate::domain::SourceName;
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

#[derive(Debug, Clone)]
pub struct ComponentSettings {
    pub component: Component,
    /// Where we call.
    pub base_url: BaseUrl,
    /// What the source writes in its answers; the same unless a gateway stands between. Never called,
    /// so it may be an `http:` address inside a data centre.
    pub advertised_url: Url,
    pub credentials: ZgwCredentials,
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
    /// Most pages of one list that are read.
    pub max_pages: u32,
    /// How long an answer may be used again within the session that asked.
    pub fresh: std::time::Duration,
    /// For all calls of one part of a page together.
    pub deadline: std::time::Duration,
    pub http: ClientSettings,
}
