//! Zaak, Rol, Document and their kin as the sidecar thinks of them: references instead of URLs, days
//! instead of text, and every field optional because registers leave out what they like.
//!
//! The JSON of each API is decoded in `upstream/zgw`; nothing here knows how it was written.

use jiff::civil::Date;

use super::{Bsn, KvkNummer, ResourceRef, Rsin, Timestamp, Vertrouwelijkheid, Vestigingsnummer};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zaak {
    pub id: ResourceRef,
    /// The zaaknummer, unique within the bronorganisatie.
    pub identificatie: Option<String>,
    /// The RSIN of the organisation that gave the zaaknummer.
    pub bronorganisatie: Option<String>,
    pub omschrijving: Option<String>,
    pub toelichting: Option<String>,
    pub zaaktype: Option<ResourceRef>,
    pub registratiedatum: Option<Date>,
    pub startdatum: Option<Date>,
    pub einddatum: Option<Date>,
    pub einddatum_gepland: Option<Date>,
    pub uiterlijke_einddatum: Option<Date>,
    /// `None` when absent or not one of the eight words.
    pub vertrouwelijkheid: Option<Vertrouwelijkheid>,
    pub status: Option<ResourceRef>,
    pub resultaat: Option<ResourceRef>,
    pub hoofdzaak: Option<ResourceRef>,
    pub deelzaken: Vec<ResourceRef>,
    /// The current status, where the source sent it along (`expand=status`).
    pub status_expanded: Option<Status>,
    /// The result, where the source sent it along (`expand=resultaat`).
    pub resultaat_expanded: Option<Resultaat>,
}

impl Zaak {
    /// A zaak without an einddatum is open (Zaken API 1.5.1, `einddatum`).
    pub const fn is_open(&self) -> bool {
        self.einddatum.is_none()
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    pub id: Option<ResourceRef>,
    pub zaak: Option<ResourceRef>,
    pub statustype: Option<ResourceRef>,
    pub datum_gezet: Option<Timestamp>,
    pub toelichting: Option<String>,
    pub laatst_gezet: Option<bool>,
}

/// A step inside a status, for whom it is meant included (Zaken API 1.5.1, experimental).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Substatus {
    pub zaak: Option<ResourceRef>,
    pub status: Option<ResourceRef>,
    pub omschrijving: Option<String>,
    pub tijdstip: Option<Timestamp>,
    /// `betrokkenen` or `intern`; anything else is not shown.
    pub doelgroep: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resultaat {
    pub id: Option<ResourceRef>,
    pub zaak: Option<ResourceRef>,
    pub resultaattype: Option<ResourceRef>,
    pub toelichting: Option<String>,
}

/// One person's or organisation's part in a zaak.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rol {
    pub id: Option<ResourceRef>,
    pub zaak: Option<ResourceRef>,
    pub betrokkene: Betrokkene,
    /// As written; compare with [`Rol::generiek`].
    pub omschrijving_generiek: Option<String>,
    pub indicatie_machtiging: Option<String>,
    pub begin_geldigheid: Option<Date>,
    pub einde_geldigheid: Option<Date>,
    /// The level at which the betrokkene had logged in, as the source writes it: `Some("")` when there is
    /// an authenticatieContext without a level.
    pub authenticatie_loa: Option<String>,
}

impl Rol {
    /// `initiator`, `belanghebbende`, …, in lower case: vendors write "Initiator" too.
    pub fn generiek(&self) -> Option<String> {
        self.omschrijving_generiek
            .as_deref()
            .map(|word| word.trim().to_lowercase())
            .filter(|word| !word.is_empty())
    }
}

/// Who a [`Rol`] is about. Identifiers that do not parse are `None`: they match nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Betrokkene {
    NatuurlijkPersoon {
        bsn: Option<Bsn>,
    },
    NietNatuurlijkPersoon {
        kvk: Option<KvkNummer>,
        rsin: Option<Rsin>,
        vestiging: Option<Vestigingsnummer>,
    },
    Vestiging {
        kvk: Option<KvkNummer>,
        vestiging: Option<Vestigingsnummer>,
    },
    /// Given by URL only: counts where the source's `betrokkene_source` proves the number.
    Url(String),
    /// medewerker, organisatorische_eenheid or a kind that is not known here.
    Ander(String),
    /// Nothing usable.
    Onbekend,
}

/// How a zaak knows a document (Zaakinformatieobject).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zaakinformatieobject {
    pub id: Option<ResourceRef>,
    pub zaak: Option<ResourceRef>,
    pub informatieobject: Option<ResourceRef>,
    pub titel: Option<String>,
    pub registratiedatum: Option<Timestamp>,
}

/// Enkelvoudiginformatieobject: one document's description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    pub id: ResourceRef,
    pub titel: Option<String>,
    pub bestandsnaam: Option<String>,
    pub formaat: Option<String>,
    pub bestandsomvang: Option<u64>,
    pub creatiedatum: Option<Date>,
    pub ontvangstdatum: Option<Date>,
    pub verzenddatum: Option<Date>,
    pub taal: Option<String>,
    pub versie: Option<u32>,
    /// `in_bewerking`, `ter_vaststelling`, `definitief`, `gearchiveerd`, or what the source writes.
    pub status: Option<String>,
    pub vertrouwelijkheid: Option<Vertrouwelijkheid>,
    pub informatieobjecttype: Option<ResourceRef>,
    /// Documenten 1.6 and later; absent before.
    pub tonen_aan_initiator: Option<bool>,
    /// Documenten 1.5 and later; absent before.
    pub inhoud_is_vervallen: Option<bool>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Besluit {
    pub id: ResourceRef,
    pub zaak: Option<ResourceRef>,
    pub besluittype: Option<ResourceRef>,
    pub datum: Option<Date>,
    pub ingangsdatum: Option<Date>,
    pub vervaldatum: Option<Date>,
    pub publicatiedatum: Option<Date>,
    pub verzenddatum: Option<Date>,
    pub uiterlijke_reactiedatum: Option<Date>,
    pub toelichting: Option<String>,
}

/// How a decision knows a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Besluitinformatieobject {
    pub besluit: Option<ResourceRef>,
    pub informatieobject: Option<ResourceRef>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zaaktype {
    pub id: ResourceRef,
    /// The same for every version of a zaaktype.
    pub identificatie: Option<String>,
    pub omschrijving: Option<String>,
    pub omschrijving_generiek: Option<String>,
    /// `extern` or `intern`, in lower case.
    pub indicatie_intern_of_extern: Option<String>,
    pub catalogus: Option<ResourceRef>,
    pub versiedatum: Option<Date>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statustype {
    pub id: ResourceRef,
    pub zaaktype: Option<ResourceRef>,
    pub volgnummer: Option<i64>,
    pub omschrijving: Option<String>,
    /// What the citizen reads, where the source has it.
    pub statustekst: Option<String>,
    pub is_eindstatus: Option<bool>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resultaattype {
    pub id: ResourceRef,
    pub zaaktype: Option<ResourceRef>,
    pub omschrijving: Option<String>,
    pub omschrijving_generiek: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Informatieobjecttype {
    pub id: ResourceRef,
    pub omschrijving: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Besluittype {
    pub id: ResourceRef,
    pub omschrijving: Option<String>,
}
