//! Why something is hidden: a code for counting and a Dutch sentence for the webbeheerder.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

macro_rules! reasons {
    ($($name:ident, $own:literal, $code:literal, $sentence:literal;)+) => {
        /// Why an object is hidden. Part of the contract: a code may be added, never renamed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Reason {
            $($name,)+
        }

        impl Reason {
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The code, as counted in an answer and in metrics.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)+
                }
            }

            /// One sentence that a webbeheerder understands.
            pub const fn sentence(self) -> &'static str {
                match self {
                    $(Self::$name => $sentence,)+
                }
            }

            /// Whether the object is the subject's own, so that it may be counted towards them.
            pub const fn is_own(self) -> bool {
                match self {
                    $(Self::$name => $own,)+
                }
            }
        }
    };
}

reasons! {
    GeenRol, false, "geen_rol",
        "De inwoner heeft geen rol bij deze zaak.";
    RolAnder, false, "rol_ander",
        "De rol bij deze zaak is van een ander.";
    RolZonderNummer, false, "rol_zonder_nummer",
        "De rol noemt geen geldig BSN, KvK-nummer of RSIN.";
    RolOnbewijsbaar, false, "rol_onbewijsbaar",
        "De rol verwijst naar een ander systeem dat voor deze bron niet is ingesteld (betrokkene_source).";
    AndereZaak, false, "andere_zaak",
        "Dit hoort bij een andere zaak dan gevraagd.";
    RolSoort, true, "rol_soort",
        "De inwoner heeft een rol die volgens de toonregels geen inzage geeft.";
    RolNogNietGeldig, true, "rol_nog_niet_geldig",
        "De rol van de inwoner is nog niet ingegaan.";
    RolVerlopen, true, "rol_verlopen",
        "De rol van de inwoner is verlopen.";
    RolNiveau, true, "rol_niveau",
        "De zaak is aangevraagd met een hoger of onbekend betrouwbaarheidsniveau dan waarmee nu is ingelogd.";
    // Of another branch, or of the company as a whole: not this login's, so neither is how many there are.
    Vestiging, false, "vestiging",
        "Er is ingelogd voor één vestiging, en de rol is van het hele bedrijf of van een andere vestiging.";
    // What lies outside a mandate is not counted: how much that is, is not for the one who acts.
    Mandaat, false, "mandaat",
        "De machtiging geeft geen inzage in deze zaak.";
    MandaatOntbreekt, false, "mandaat_ontbreekt",
        "Er is voor een ander ingelogd zonder dat er een machtiging bij staat.";
    MandaatBewind, false, "mandaat_bewind",
        "De toonregels staan inzage door een bewindvoerder niet toe.";
    MandaatZonderDienst, false, "mandaat_zonder_dienst",
        "De machtiging noemt geen dienst, en dat staan de toonregels niet toe.";
    MandaatDienstOnbekend, false, "mandaat_dienst_onbekend",
        "De machtiging is voor een dienst die niet in de toonregels staat.";
    MandaatOnduidelijk, false, "mandaat_onduidelijk",
        "De inlogdienst zegt niet in bekende vorm waarvoor de machtiging is.";
    MandaatModule, false, "mandaat_module",
        "De dienst van de machtiging geeft volgens de toonregels geen inzage in dit onderdeel.";
    Partij, false, "partij",
        "Er is ingelogd zonder nummer waarmee bij een bron gezocht kan worden.";
    Niveau, true, "niveau",
        "Hiervoor is volgens de toonregels een hoger betrouwbaarheidsniveau nodig dan waarmee nu is ingelogd.";
    ZaaktypeOnbekend, true, "zaaktype_onbekend",
        "Het zaaktype is niet te vinden in de catalogus, of zegt niet of het extern is.";
    ZaaktypeIntern, true, "zaaktype_intern",
        "Het zaaktype is in de catalogus aangemerkt als intern.";
    ZaaktypeVerborgen, true, "zaaktype_verborgen",
        "Het zaaktype wordt volgens de toonregels niet getoond.";
    VertrouwelijkheidOnbekend, true, "vertrouwelijkheid_onbekend",
        "De vertrouwelijkheidaanduiding ontbreekt of is geen bekende waarde.";
    Vertrouwelijkheid, true, "vertrouwelijkheid",
        "De vertrouwelijkheidaanduiding is hoger dan de toonregels toestaan.";
    ZichtbaarVanaf, true, "zichtbaar_vanaf",
        "De zaak is begonnen vóór de datum vanaf wanneer zaken worden getoond, of heeft geen startdatum.";
    DocumentStatus, true, "document_status",
        "Het document is nog niet definitief of gearchiveerd.";
    DocumentZonderStatus, true, "document_zonder_status",
        "Het document heeft geen status; alleen definitieve en gearchiveerde documenten worden getoond.";
    DocumentIntern, true, "document_intern",
        "Het document heeft niveau intern, en zijn type staat niet in de toonregels voor interne documenten.";
    DocumenttypeOnbekend, true, "documenttype_onbekend",
        "Het type van het document is niet te vinden, dus is niet te zien of het verborgen moet blijven.";
    DocumenttypeVerborgen, true, "documenttype_verborgen",
        "Het type van het document wordt volgens de toonregels niet getoond.";
    DocumentVervallen, true, "document_vervallen",
        "De inhoud van het document is vervallen.";
    DocumentNietGegeven, true, "document_niet_gegeven",
        "De bron geeft het document niet: het bestaat daar niet meer, of onze client heeft er geen rechten op.";
    NietVoorInitiator, true, "niet_voor_initiator",
        "Het document is in het zaaksysteem aangemerkt als niet te tonen aan de aanvrager.";
    SubstatusIntern, true, "substatus_intern",
        "De substatus is niet voor betrokkenen bedoeld.";
    SubstatusUit, true, "substatus_uit",
        "Substatussen worden volgens de toonregels niet getoond.";
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// How many objects were hidden, per reason. Only the subject's own objects are counted: how much
/// somebody else has is nobody's business.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct HiddenCounts {
    counts: BTreeMap<Reason, u32>,
    #[serde(skip)]
    unprovable: bool,
}

impl HiddenCounts {
    pub fn add(&mut self, reason: Reason) {
        self.unprovable |= reason == Reason::RolOnbewijsbaar;
        if reason.is_own() {
            let count = self.counts.entry(reason).or_default();
            *count = count.saturating_add(1);
        }
    }

    pub fn merge(&mut self, other: &Self) {
        self.unprovable |= other.unprovable;
        for (reason, more) in &other.counts {
            let count = self.counts.entry(*reason).or_default();
            *count = count.saturating_add(*more);
        }
    }

    /// Some rol could be the subject's but is given by a URL that nothing here can prove: the part is
    /// unavailable (`role_unprovable`), not empty.
    pub const fn unprovable(&self) -> bool {
        self.unprovable
    }

    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    pub fn get(&self, reason: Reason) -> u32 {
        self.counts.get(&reason).copied().unwrap_or_default()
    }

    pub fn iter(&self) -> impl Iterator<Item = (Reason, u32)> + '_ {
        self.counts.iter().map(|(reason, count)| (*reason, *count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_reason_has_its_own_code_and_a_sentence() {
        let codes: HashSet<_> = Reason::ALL.iter().map(|reason| reason.as_str()).collect();
        assert_eq!(codes.len(), Reason::ALL.len());
        for reason in Reason::ALL {
            let snake = |b: u8| b.is_ascii_lowercase() || b == b'_';
            assert!(reason.as_str().bytes().all(snake), "{reason:?}");
            assert!(reason.sentence().ends_with('.'), "{reason:?}");
        }
    }

    #[test]
    fn only_the_subjects_own_objects_are_counted() {
        let mut hidden = HiddenCounts::default();
        hidden.add(Reason::RolAnder);
        hidden.add(Reason::GeenRol);
        assert!(hidden.is_empty());
        hidden.add(Reason::RolVerlopen);
        hidden.add(Reason::RolVerlopen);
        assert_eq!(hidden.get(Reason::RolVerlopen), 2);
        assert_eq!(
            serde_json::to_value(&hidden).unwrap(),
            serde_json::json!({"rol_verlopen": 2})
        );
    }

    #[test]
    fn an_unprovable_rol_is_remembered_and_survives_a_merge() {
        let mut one = HiddenCounts::default();
        one.add(Reason::RolOnbewijsbaar);
        assert!(one.is_empty());
        let mut all = HiddenCounts::default();
        assert!(!all.unprovable());
        all.merge(&one);
        assert!(all.unprovable());
    }
}
