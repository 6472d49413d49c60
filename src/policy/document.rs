//! The document itself, exactly as `docs/wire.md` writes it. A field that is left out has the default
//! shown there; a field that is not known is refused.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::mandaten::Mandaten;
use crate::domain::{LevelOfAssurance, SourceName, Vertrouwelijkheid};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    pub modules: Modules,
    /// The least surely somebody must have proven who they are, per module.
    pub niveaus: Niveaus,
    /// What somebody sees who acts for another.
    pub mandaten: Mandaten,
    /// Sources that are not asked. See [`Policy::source_is_off`].
    pub bronnen_uit: Vec<SourceName>,
    /// What the configuration has switched off. No part of the document: the bounds put it here.
    #[serde(skip)]
    pub bronnen_uit_door_configuratie: Vec<SourceName>,
    /// The most confidential zaak that is shown.
    pub zaak_vertrouwelijkheid: Vertrouwelijkheid,
    /// The most confidential document that is shown.
    pub document_vertrouwelijkheid: Vertrouwelijkheid,
    /// Who sees a zaak.
    pub rollen: Vec<RolSoort>,
    /// What happens to a zaaktype that [`Policy::zaaktypen`] does not name.
    pub nieuwe_zaaktypen: NieuweZaaktypen,
    pub deelzaken: Deelzaken,
    /// Zaken that started before this day are not shown.
    pub zichtbaar_vanaf: Option<Date>,
    pub status_betekenis: StatusBetekenis,
    pub substatussen: bool,
    /// Types of document that hold what the resident sent in.
    pub aanvraag_documenttypen: Vec<String>,
    /// Types of document that are shown although their level is `intern`.
    pub interne_documenttypen: Vec<String>,
    /// Types of document that are never shown.
    pub verborgen_documenttypen: Vec<String>,
    pub zaaktypen: Vec<ZaaktypePolicy>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            modules: Modules::default(),
            niveaus: Niveaus::default(),
            mandaten: Mandaten::default(),
            bronnen_uit: Vec::new(),
            bronnen_uit_door_configuratie: Vec::new(),
            zaak_vertrouwelijkheid: Vertrouwelijkheid::Zaakvertrouwelijk,
            document_vertrouwelijkheid: Vertrouwelijkheid::Zaakvertrouwelijk,
            rollen: vec![RolSoort::Initiator],
            nieuwe_zaaktypen: NieuweZaaktypen::Tonen,
            deelzaken: Deelzaken::Gevouwen,
            zichtbaar_vanaf: None,
            status_betekenis: StatusBetekenis::Bereikt,
            substatussen: false,
            aanvraag_documenttypen: vec!["Aanvraagformulier".to_owned()],
            interne_documenttypen: Vec::new(),
            verborgen_documenttypen: Vec::new(),
            zaaktypen: Vec::new(),
        }
    }
}

/// Which features a site has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Modules {
    pub zaken: bool,
}

impl Default for Modules {
    fn default() -> Self {
        Self { zaken: true }
    }
}

/// The features by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Module {
    Zaken,
}

impl Modules {
    pub const fn has(self, module: Module) -> bool {
        match module {
            Module::Zaken => self.zaken,
        }
    }
}

/// The level of assurance that each feature needs; `None` asks for no more than the login itself did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Niveaus {
    pub zaken: Option<LevelOfAssurance>,
}

impl Niveaus {
    pub const fn of(self, module: Module) -> Option<LevelOfAssurance> {
        match module {
            Module::Zaken => self.zaken,
        }
    }
}

/// The kinds of rol that can give sight of a zaak.
///
/// `mede_initiator` is none of them: the contract does not name it, and what is not named does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RolSoort {
    Initiator,
    Belanghebbende,
    Gemachtigde,
}

impl RolSoort {
    pub const ALL: [Self; 3] = [Self::Initiator, Self::Belanghebbende, Self::Gemachtigde];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Initiator => "initiator",
            Self::Belanghebbende => "belanghebbende",
            Self::Gemachtigde => "gemachtigde",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NieuweZaaktypen {
    Tonen,
    Verbergen,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deelzaken {
    /// Under their hoofdzaak.
    Gevouwen,
    /// In the list like any other zaak.
    Los,
}

/// What it means that a status is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatusBetekenis {
    /// A milestone is reached: that step is done, the next one is current.
    Bereikt,
    /// This is being done now: that step is current.
    Bezig,
}

/// Who has to do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Beurt {
    Gemeente,
    Inwoner,
    Ander,
}

/// One zaaktype in every version of it, named by the catalogue's domein and the identificatie.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ZaaktypePolicy {
    /// The catalogue's domein; empty for a source that has no catalogues.
    pub catalogus: String,
    pub identificatie: String,
    #[serde(default = "yes")]
    pub tonen: bool,
    /// The level of assurance that its zaken need, where that is more than the module's.
    #[serde(default)]
    pub niveau: Option<LevelOfAssurance>,
    #[serde(default)]
    pub label: Option<String>,
    #[serde(default)]
    pub status_betekenis: Option<StatusBetekenis>,
    #[serde(default)]
    pub substatussen: Option<bool>,
    #[serde(default)]
    pub statustypen: Vec<StatustypePolicy>,
    #[serde(default)]
    pub resultaattypen: Vec<ResultaattypePolicy>,
}

/// One statustype, named by volgnummer *and* omschrijving, so that a change in the catalogue is noticed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatustypePolicy {
    pub volgnummer: i64,
    pub omschrijving: String,
    #[serde(default)]
    pub label: Option<String>,
    #[serde(default)]
    pub toelichting: Option<String>,
    #[serde(default)]
    pub beurt: Option<Beurt>,
    #[serde(default)]
    pub verborgen: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResultaattypePolicy {
    pub omschrijving: String,
    #[serde(default)]
    pub label: Option<String>,
    #[serde(default)]
    pub toelichting: Option<String>,
    /// Whether one can object to this result; `None` claims nothing.
    #[serde(default)]
    pub bezwaar: Option<bool>,
}

const fn yes() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The policy of `docs/wire.md`, so that the page and the types cannot drift apart.
    fn documented() -> serde_json::Value {
        let page = include_str!("../../docs/wire.md");
        let (_, after) = page.split_once("### The policy").unwrap();
        let (_, after) = after.split_once("```json").unwrap();
        let (json, _) = after.split_once("```").unwrap();
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn the_documented_policy_reads_and_writes_unchanged() {
        let documented = documented();
        let policy: Policy = serde_json::from_value(documented.clone()).unwrap();
        assert_eq!(serde_json::to_value(&policy).unwrap(), documented);
    }

    #[test]
    fn the_defaults_are_the_documented_ones() {
        let mut documented = documented();
        documented["zaaktypen"] = serde_json::json!([]);
        documented["mandaten"]["diensten"] = serde_json::json!([]);
        assert_eq!(serde_json::to_value(Policy::default()).unwrap(), documented);
        assert_eq!(
            serde_json::from_str::<Policy>("{}").unwrap(),
            Policy::default()
        );
    }

    #[test]
    fn an_unknown_field_is_refused_on_every_level() {
        for json in [
            r#"{"meer":1}"#,
            r#"{"modules":{"taken":true}}"#,
            r#"{"zaaktypen":[{"catalogus":"P","identificatie":"Z","meer":1}]}"#,
            r#"{"zaaktypen":[{"catalogus":"P","identificatie":"Z","statustypen":[{"volgnummer":1,"omschrijving":"O","meer":1}]}]}"#,
            r#"{"niveaus":{"taken":"low"}}"#,
            r#"{"niveaus":{"zaken":"none"}}"#,
            r#"{"mandaten":{"meer":1}}"#,
            r#"{"mandaten":{"diensten":[{"dienst":"d","zaaktypen":[],"meer":1}]}}"#,
            r#"{"mandaten":{"diensten":[{"dienst":"d"}]}}"#,
            r#"{"mandaten":{"diensten":[{"dienst":"d","zaaktypen":[{"identificatie":"Z"}]}]}}"#,
            r#"{"rollen":["mede_initiator"]}"#,
            r#"{"zaak_vertrouwelijkheid":"Openbaar"}"#,
        ] {
            assert!(serde_json::from_str::<Policy>(json).is_err(), "{json}");
        }
    }
}
