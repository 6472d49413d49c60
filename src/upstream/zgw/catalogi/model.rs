//! From the JSON of the Catalogi API to the words of [`crate::domain::zgw`].

use crate::domain::ResourceKind;
use crate::domain::zgw::{Besluittype, Informatieobjecttype, Resultaattype, Statustype, Zaaktype};
use crate::upstream::zgw::json::Object;

pub(super) fn zaaktype(json: Object<'_>) -> Option<Zaaktype> {
    Some(Zaaktype {
        id: json.own(ResourceKind::Zaaktype)?,
        identificatie: json.digits("identificatie"),
        omschrijving: json.text("omschrijving"),
        omschrijving_generiek: json.text("omschrijvingGeneriek"),
        indicatie_intern_of_extern: json
            .text("indicatieInternOfExtern")
            .map(|word| word.to_lowercase()),
        catalogus: json.reference("catalogus", ResourceKind::Catalogus),
        versiedatum: json.date("versiedatum"),
    })
}

pub(super) fn statustype(json: Object<'_>) -> Option<Statustype> {
    Some(Statustype {
        id: json.own(ResourceKind::Statustype)?,
        zaaktype: json.reference("zaaktype", ResourceKind::Zaaktype),
        volgnummer: json.int("volgnummer"),
        omschrijving: json.text("omschrijving"),
        statustekst: json.text("statustekst"),
        is_eindstatus: json.bool("isEindstatus"),
    })
}

pub(super) fn resultaattype(json: Object<'_>) -> Option<Resultaattype> {
    Some(Resultaattype {
        id: json.own(ResourceKind::Resultaattype)?,
        zaaktype: json.reference("zaaktype", ResourceKind::Zaaktype),
        omschrijving: json.text("omschrijving"),
        omschrijving_generiek: json.text("omschrijvingGeneriek"),
    })
}

pub(super) fn informatieobjecttype(json: Object<'_>) -> Option<Informatieobjecttype> {
    Some(Informatieobjecttype {
        id: json.own(ResourceKind::Informatieobjecttype)?,
        omschrijving: json.text("omschrijving"),
    })
}

pub(super) fn besluittype(json: Object<'_>) -> Option<Besluittype> {
    Some(Besluittype {
        id: json.own(ResourceKind::Besluittype)?,
        omschrijving: json.text("omschrijving"),
    })
}
