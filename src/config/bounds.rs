//! `[site.policy]`: the outer bounds of what a site may show. wp-admin only narrows them.

use serde::{Deserialize, Serialize};

use super::report::{At, Report};
use super::words::choice;
use crate::domain::Vertrouwelijkheid;

#[derive(Debug, Clone, Serialize)]
pub struct PolicyBounds {
    /// Modules that may be on.
    pub modules: Vec<String>,
    /// Most confidential zaak that may be shown.
    pub zaak_vertrouwelijkheid: Vertrouwelijkheid,
    /// Most confidential document that may be shown.
    pub document_vertrouwelijkheid: Vertrouwelijkheid,
    /// Kinds of rol that may count: `initiator`, `belanghebbende`, `gemachtigde`.
    pub rollen: Vec<String>,
    /// A bewindvoerder may see the zaken of the person under bewind.
    pub bewind: bool,
    /// A mandate that names no service may open everything.
    pub mandaat_zonder_dienst: bool,
}

const MODULES: [(&str, ()); 1] = [("zaken", ())];
const ROLLEN: [(&str, ()); 3] = [
    ("initiator", ()),
    ("belanghebbende", ()),
    ("gemachtigde", ()),
];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawBounds {
    modules: Vec<String>,
    zaak_vertrouwelijkheid: String,
    document_vertrouwelijkheid: String,
    rollen: Vec<String>,
    bewind: bool,
    mandaat_zonder_dienst: bool,
}

impl RawBounds {
    pub fn build(self, at: &At, report: &mut Report) -> Option<PolicyBounds> {
        for module in &self.modules {
            choice(report, &at.key("modules"), module, &MODULES);
        }
        for rol in &self.rollen {
            choice(report, &at.key("rollen"), rol, &ROLLEN);
        }
        let levels = Vertrouwelijkheid::ALL.map(|level| (level.as_str(), level));
        let mut level = |key: &str, word: &str| choice(report, &at.key(key), word, &levels);
        let zaak = level("zaak_vertrouwelijkheid", &self.zaak_vertrouwelijkheid);
        let document = level(
            "document_vertrouwelijkheid",
            &self.document_vertrouwelijkheid,
        );
        Some(PolicyBounds {
            modules: self.modules,
            zaak_vertrouwelijkheid: zaak?,
            document_vertrouwelijkheid: document?,
            rollen: self.rollen,
            bewind: self.bewind,
            mandaat_zonder_dienst: self.mandaat_zonder_dienst,
        })
    }
}
