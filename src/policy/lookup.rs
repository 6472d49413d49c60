//! Finding what the policy says about one zaaktype, statustype, result or type of document.

use super::{
    NieuweZaaktypen, Policy, ResultaattypePolicy, RolSoort, StatusBetekenis, StatustypePolicy,
    ZaaktypePolicy,
};
use crate::domain::{LevelOfAssurance, SourceName, non_empty};

/// How well a policy's entry fits what the catalogue has now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Genoemd<'p, T> {
    Bekend(&'p T),
    /// Only one of volgnummer and omschrijving is still the same, so what the entry says may be meant for
    /// another step.
    Gewijzigd(&'p T),
    Nieuw,
}

impl<'p, T> Genoemd<'p, T> {
    /// The entry, if it surely is about this.
    pub const fn bekend(self) -> Option<&'p T> {
        match self {
            Self::Bekend(entry) => Some(entry),
            Self::Gewijzigd(_) | Self::Nieuw => None,
        }
    }
}

/// What the webbeheerder is told about a zaaktype of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ZaaktypeState {
    Bekend,
    Nieuw,
    Gewijzigd,
}

/// What the policy says about one zaaktype: its own rules where it has them, else those of the site.
#[derive(Debug, Clone, Copy)]
pub struct ZaaktypeRegels<'p> {
    policy: &'p Policy,
    entry: Option<&'p ZaaktypePolicy>,
    tonen: bool,
    niveau: Option<LevelOfAssurance>,
}

/// Whether a list of names holds this one. Case and outer spaces do not make another name.
pub fn names(list: &[String], name: &str) -> bool {
    list.iter().any(|listed| same_name(listed, name))
}

fn same_name(a: &str, b: &str) -> bool {
    a == b || lower(a).eq(lower(b))
}

fn lower(text: &str) -> impl Iterator<Item = char> + '_ {
    text.trim().chars().flat_map(char::to_lowercase)
}

/// Who has switched a source off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OffBy {
    Policy,
    Configuration,
}

impl Policy {
    /// Whether this source may not be asked at all, not even for a document.
    pub fn source_is_off(&self, source: &SourceName) -> bool {
        self.source_off_by(source).is_some()
    }

    pub fn source_off_by(&self, source: &SourceName) -> Option<OffBy> {
        if self.bronnen_uit_door_configuratie.contains(source) {
            Some(OffBy::Configuration)
        } else if self.bronnen_uit.contains(source) {
            Some(OffBy::Policy)
        } else {
            None
        }
    }

    pub fn allows(&self, soort: RolSoort) -> bool {
        self.rollen.contains(&soort)
    }

    /// The rules for a zaaktype, named by its catalogue's domein and its identificatie.
    ///
    /// Where the domein is not known (a source without catalogues, or a catalogue that could not be asked)
    /// an entry of any catalogue that hides this identificatie hides it: better hidden than shown
    /// against the policy. A zaaktype without identificatie cannot be compared with the policy and is
    /// not shown.
    pub fn zaaktype(
        &self,
        domein: Option<&str>,
        identificatie: Option<&str>,
    ) -> ZaaktypeRegels<'_> {
        let domein = non_empty(domein);
        let Some(identificatie) = non_empty(identificatie) else {
            return ZaaktypeRegels {
                policy: self,
                entry: None,
                tonen: false,
                niveau: None,
            };
        };
        let named = |entry: &&ZaaktypePolicy| entry.identificatie.trim() == identificatie;
        let entry = self
            .zaaktypen
            .iter()
            .filter(named)
            .find(|entry| entry.catalogus.trim() == domein.unwrap_or_default());
        let hidden_elsewhere =
            domein.is_none() && self.zaaktypen.iter().filter(named).any(|e| !e.tonen);
        let tonen = match entry {
            Some(entry) => entry.tonen,
            None => self.nieuwe_zaaktypen == NieuweZaaktypen::Tonen,
        };
        let niveau = match domein {
            Some(_) => entry.and_then(|entry| entry.niveau),
            None => {
                let entries = self.zaaktypen.iter().filter(named);
                entries.filter_map(|entry| entry.niveau).max()
            }
        };
        ZaaktypeRegels {
            policy: self,
            entry,
            tonen: tonen && !hidden_elsewhere,
            niveau,
        }
    }
}

impl<'p> ZaaktypeRegels<'p> {
    pub const fn tonen(&self) -> bool {
        self.tonen
    }

    /// The level of assurance that zaken of this type need by themselves.
    ///
    /// Where the domein is not known, it is the highest that any catalogue's entry demands.
    pub const fn niveau(&self) -> Option<LevelOfAssurance> {
        self.niveau
    }

    /// The name that residents read instead of the catalogue's.
    pub fn label(&self) -> Option<&'p str> {
        non_empty(self.entry?.label.as_deref())
    }

    pub fn status_betekenis(&self) -> StatusBetekenis {
        self.entry
            .and_then(|entry| entry.status_betekenis)
            .unwrap_or(self.policy.status_betekenis)
    }

    pub fn substatussen(&self) -> bool {
        self.entry
            .and_then(|entry| entry.substatussen)
            .unwrap_or(self.policy.substatussen)
    }

    /// Whether the policy names this zaaktype.
    pub const fn is_named(&self) -> bool {
        self.entry.is_some()
    }

    pub fn statustype(
        &self,
        volgnummer: Option<i64>,
        omschrijving: Option<&str>,
    ) -> Genoemd<'p, StatustypePolicy> {
        let entries = self.entry.map_or(&[][..], |e| e.statustypen.as_slice());
        let omschrijving = non_empty(omschrijving);
        let same_number = |e: &StatustypePolicy| volgnummer == Some(e.volgnummer);
        let same_text =
            |e: &StatustypePolicy| omschrijving.is_some_and(|o| same_name(o, &e.omschrijving));
        if let Some(entry) = entries.iter().find(|e| same_number(e) && same_text(e)) {
            return Genoemd::Bekend(entry);
        }
        // The text says more about what a step is than its place.
        let changed = entries
            .iter()
            .find(|e| same_text(e))
            .or_else(|| entries.iter().find(|e| same_number(e)));
        changed.map_or(Genoemd::Nieuw, Genoemd::Gewijzigd)
    }

    /// Whether a step is left out. A hidden step that was only renumbered stays hidden; another step that
    /// took over its number does not vanish with it.
    pub fn verbergt_status(&self, volgnummer: Option<i64>, omschrijving: Option<&str>) -> bool {
        match self.statustype(volgnummer, omschrijving) {
            Genoemd::Bekend(entry) => entry.verborgen,
            Genoemd::Gewijzigd(entry) => {
                entry.verborgen
                    && non_empty(omschrijving).is_some_and(|o| same_name(o, &entry.omschrijving))
            }
            Genoemd::Nieuw => false,
        }
    }

    pub fn resultaattype(&self, omschrijving: Option<&str>) -> Option<&'p ResultaattypePolicy> {
        let omschrijving = non_empty(omschrijving)?;
        self.entry?
            .resultaattypen
            .iter()
            .find(|entry| same_name(&entry.omschrijving, omschrijving))
    }

    /// Compares with what the catalogue has now. An entry that names no statustypen is not about them.
    pub fn state(&self, statustypen: &[(Option<i64>, Option<&str>)]) -> ZaaktypeState {
        let Some(entry) = self.entry else {
            return ZaaktypeState::Nieuw;
        };
        let is_known = |&(volgnummer, omschrijving): &(Option<i64>, Option<&str>)| {
            self.statustype(volgnummer, omschrijving).bekend().is_some()
        };
        let same = entry.statustypen.is_empty()
            || (entry.statustypen.len() == statustypen.len() && statustypen.iter().all(is_known));
        if same {
            ZaaktypeState::Bekend
        } else {
            ZaaktypeState::Gewijzigd
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(json: serde_json::Value) -> Policy {
        serde_json::from_value(json).unwrap()
    }

    fn with_steps() -> Policy {
        policy(serde_json::json!({
            "status_betekenis": "bezig",
            "zaaktypen": [{
                "catalogus": "PORTL", "identificatie": "ZT-1", "label": " ", "substatussen": true,
                "statustypen": [
                    {"volgnummer": 1, "omschrijving": "Ontvangen", "label": "Aanvraag ontvangen"},
                    {"volgnummer": 2, "omschrijving": "Intern overleg", "verborgen": true}
                ],
                "resultaattypen": [{"omschrijving": "Verleend", "bezwaar": true}]
            }]
        }))
    }

    #[test]
    fn a_zaaktype_is_named_by_catalogue_and_identificatie() {
        let policy = policy(serde_json::json!({
            "zaaktypen": [{"catalogus": "PORTL", "identificatie": "ZT-1", "tonen": false}]
        }));
        assert!(!policy.zaaktype(Some("PORTL"), Some("ZT-1")).tonen());
        assert!(policy.zaaktype(Some("ANDER"), Some("ZT-1")).tonen());
        assert!(policy.zaaktype(Some("PORTL"), Some("ZT-2")).tonen());
    }

    #[test]
    fn an_unknown_catalogue_does_not_uncover_a_hidden_zaaktype() {
        let policy = policy(serde_json::json!({
            "zaaktypen": [{"catalogus": "PORTL", "identificatie": "ZT-1", "tonen": false}]
        }));
        assert!(!policy.zaaktype(None, Some("ZT-1")).tonen());
        assert!(policy.zaaktype(None, Some("ZT-2")).tonen());
    }

    #[test]
    fn a_zaaktype_without_identificatie_is_not_shown() {
        assert!(!Policy::default().zaaktype(Some("PORTL"), None).tonen());
        assert!(!Policy::default().zaaktype(Some("PORTL"), Some(" ")).tonen());
    }

    #[test]
    fn a_source_without_catalogues_is_named_with_an_empty_one() {
        let policy = policy(serde_json::json!({
            "nieuwe_zaaktypen": "verbergen",
            "zaaktypen": [{"catalogus": "", "identificatie": "ZT-1", "label": "Paspoort"}]
        }));
        let regels = policy.zaaktype(None, Some("ZT-1"));
        assert!(regels.tonen());
        assert_eq!(regels.label(), Some("Paspoort"));
    }

    #[test]
    fn what_the_policy_does_not_name_follows_nieuwe_zaaktypen() {
        let policy = policy(serde_json::json!({"nieuwe_zaaktypen": "verbergen"}));
        assert!(!policy.zaaktype(Some("PORTL"), Some("ZT-1")).tonen());
    }

    #[test]
    fn a_zaaktype_without_its_own_rule_follows_the_site() {
        let policy = with_steps();
        let regels = policy.zaaktype(Some("PORTL"), Some("ZT-1"));
        assert_eq!(regels.status_betekenis(), StatusBetekenis::Bezig);
        assert!(regels.substatussen());
        assert_eq!(regels.label(), None, "a blank label is none");
        assert!(!policy.zaaktype(Some("PORTL"), Some("ZT-2")).substatussen());
    }

    #[test]
    fn a_statustype_is_known_only_when_number_and_text_match() {
        let policy = with_steps();
        let regels = policy.zaaktype(Some("PORTL"), Some("ZT-1"));
        let label = |n, o| {
            regels
                .statustype(n, o)
                .bekend()
                .and_then(|entry| entry.label.as_deref())
        };
        assert_eq!(
            label(Some(1), Some("ontvangen ")),
            Some("Aanvraag ontvangen")
        );
        assert_eq!(label(Some(2), Some("Ontvangen")), None);
        assert!(matches!(
            regels.statustype(Some(3), Some("Ontvangen")),
            Genoemd::Gewijzigd(_)
        ));
        assert!(matches!(
            regels.statustype(Some(1), Some("Binnen")),
            Genoemd::Gewijzigd(_)
        ));
        assert_eq!(regels.statustype(Some(3), Some("Binnen")), Genoemd::Nieuw);
    }

    #[test]
    fn a_hidden_step_stays_hidden_when_renumbered_and_hides_no_other() {
        let policy = with_steps();
        let regels = policy.zaaktype(Some("PORTL"), Some("ZT-1"));
        assert!(regels.verbergt_status(Some(2), Some("Intern overleg")));
        assert!(regels.verbergt_status(Some(5), Some("Intern overleg")));
        assert!(!regels.verbergt_status(Some(2), Some("Besluit genomen")));
    }

    #[test]
    fn the_catalogue_view_tells_known_changed_and_new_apart() {
        let policy = with_steps();
        let regels = policy.zaaktype(Some("PORTL"), Some("ZT-1"));
        let now = [
            (Some(1), Some("Ontvangen")),
            (Some(2), Some("Intern overleg")),
        ];
        assert_eq!(regels.state(&now), ZaaktypeState::Bekend);
        assert_eq!(regels.state(&now[..1]), ZaaktypeState::Gewijzigd);
        let renamed = [(Some(1), Some("Binnen")), (Some(2), Some("Intern overleg"))];
        assert_eq!(regels.state(&renamed), ZaaktypeState::Gewijzigd);
        assert_eq!(
            policy.zaaktype(Some("PORTL"), Some("ZT-9")).state(&now),
            ZaaktypeState::Nieuw
        );
    }

    #[test]
    fn a_result_is_found_by_its_text() {
        let policy = with_steps();
        let regels = policy.zaaktype(Some("PORTL"), Some("ZT-1"));
        assert_eq!(
            regels.resultaattype(Some("verleend")).unwrap().bezwaar,
            Some(true)
        );
        assert!(regels.resultaattype(Some("Geweigerd")).is_none());
    }
}
