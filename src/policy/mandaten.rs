//! What somebody sees who acts for another.

use serde::{Deserialize, Serialize};

use super::Modules;
use crate::domain::non_empty;

/// By default nobody who acts for another sees anything: a municipality says which services it lets others
/// be authorised for, and what belongs to them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mandaten {
    /// Whether a bewindvoerder sees the zaken of the person under bewind.
    pub bewind: bool,
    /// Whether a mandate for which the provider names no service opens everything.
    pub zonder_dienst: bool,
    /// What each service opens. A service that is not here opens nothing.
    pub diensten: Vec<DienstPolicy>,
}

/// One service that somebody can be authorised for, as the provider names it, and what it opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DienstPolicy {
    /// ServiceUUID or ServiceID.
    pub dienst: String,
    /// What residents call it.
    #[serde(default)]
    pub naam: Option<String>,
    #[serde(default)]
    pub modules: Modules,
    pub zaaktypen: Vec<ZaaktypeNaam>,
}

/// A zaaktype in every version of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ZaaktypeNaam {
    /// The catalogue's domein; empty for a source that has no catalogues.
    pub catalogus: String,
    pub identificatie: String,
}

impl DienstPolicy {
    /// Whether the provider means this service. A UUID is the same in capitals.
    pub fn is(&self, name: &str) -> bool {
        let own = self.dienst.trim();
        !own.is_empty() && own.eq_ignore_ascii_case(name)
    }

    /// Whether zaken of this zaaktype belong to the service.
    pub fn opens(&self, domein: Option<&str>, identificatie: Option<&str>) -> bool {
        let Some(identificatie) = non_empty(identificatie) else {
            return false;
        };
        let domein = non_empty(domein).unwrap_or_default();
        self.zaaktypen.iter().any(|zaaktype| {
            zaaktype.catalogus.trim() == domein && zaaktype.identificatie.trim() == identificatie
        })
    }
}
