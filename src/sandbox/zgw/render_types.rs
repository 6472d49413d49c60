//! Records of the Catalogi, Documenten and Besluiten APIs as JSON.

use jiff::ToSpan as _;
use serde_json::{Value, json};

use super::endpoint::Collection;
use super::render::Render;
use crate::sandbox::data::GEMEENTE_RSIN;
use crate::sandbox::data::catalogus::{DOMEIN, GEMEENTE};
use crate::sandbox::data::model::{
    Besluit, Besluitinformatieobject, Besluittype, Document, Eigenschap, Informatieobjecttype,
    Resultaattype, Roltype, Statustype, Zaakinformatieobject, Zaaktype,
    ZaaktypeInformatieobjecttype,
};

/// Bezwaar can be made for six weeks.
const BEZWAARTERMIJN: i32 = 42;
const SINDS: &str = "2019-01-01";

impl Render<'_> {
    fn catalogus_url(&self) -> String {
        self.url(Collection::Catalogussen, self.world.catalogus)
    }

    fn zaaktype_link(&self, zaaktype: usize) -> Value {
        self.link(Collection::Zaaktypen, self.world.zaaktypen.get(zaaktype))
    }

    fn identificatie_of(&self, zaaktype: usize) -> &'static str {
        self.world
            .zaaktypen
            .get(zaaktype)
            .map_or("", |found| found.def.identificatie)
    }

    pub fn catalogus(&self) -> Value {
        let w = self.world;
        json!({
            "url": self.catalogus_url(),
            "domein": DOMEIN,
            "rsin": GEMEENTE_RSIN,
            "contactpersoonBeheerNaam": "Functioneel beheer zaaksysteem",
            "contactpersoonBeheerTelefoonnummer": "",
            "contactpersoonBeheerEmailadres": "zaaksysteem@lindenwaard.example",
            "zaaktypen": self.links(Collection::Zaaktypen, w.zaaktypen.iter()),
            "besluittypen": self.links(Collection::Besluittypen, w.besluittypen.iter()),
            "informatieobjecttypen": self.links(
                Collection::Informatieobjecttypen,
                w.informatieobjecttypen.iter(),
            ),
            "naam": format!("Zaaktypen {GEMEENTE}"),
            "versie": "",
            "begindatumVersie": null,
        })
    }

    pub fn zaaktype(&self, row: &Zaaktype) -> Value {
        let w = self.world;
        let def = row.def;
        let besluittypen = row.besluittype.and_then(|index| w.besluittypen.get(index));
        let eigenschappen = row.eigenschap.and_then(|index| w.eigenschappen.get(index));
        let mut value = json!({
            "url": self.url(Collection::Zaaktypen, row.id),
            "identificatie": def.identificatie,
            "omschrijving": def.omschrijving,
            "omschrijvingGeneriek": def.omschrijving,
            "vertrouwelijkheidaanduiding": "zaakvertrouwelijk",
            "doel": format!("Afhandelen van een zaak over: {}", def.onderwerp.to_lowercase()),
            "aanleiding": "Verzoek van een inwoner of ondernemer",
            "toelichting": "",
            "indicatieInternOfExtern": if def.intern { "intern" } else { "extern" },
            "handelingInitiator": def.handeling,
            "onderwerp": def.onderwerp,
            "handelingBehandelaar": "behandelen",
            "doorlooptijd": format!("P{}D", def.dagen),
            "servicenorm": format!("P{}D", def.dagen * 3 / 4),
            "concept": false,
            "verantwoordelijke": GEMEENTE_RSIN,
            "broncatalogus": {"url": "", "domein": "", "rsin": ""},
            "bronzaaktype": {"url": "", "identificatie": "", "omschrijving": ""},
            "beginGeldigheid": def.begin,
            "eindeGeldigheid": def.einde,
            "versiedatum": def.begin,
            "beginObject": def.begin,
            "eindeObject": def.einde,
            "catalogus": self.catalogus_url(),
            "statustypen": self.links(
                Collection::Statustypen,
                w.statustypen.at(&row.statustypen).rev(),
            ),
            "resultaattypen": self.links(
                Collection::Resultaattypen,
                w.resultaattypen.at(&row.resultaattypen).rev(),
            ),
            "eigenschappen": self.links(Collection::Eigenschappen, eigenschappen.into_iter()),
            "informatieobjecttypen": self.links(
                Collection::Informatieobjecttypen,
                w.informatieobjecttypen.iter(),
            ),
            "roltypen": self.links(Collection::Roltypen, w.roltypen.at(&row.roltypen)),
            "besluittypen": self.links(Collection::Besluittypen, besluittypen.into_iter()),
            "deelzaaktypen": [],
            "gerelateerdeZaaktypen": [],
            "zaakobjecttypen": [],
        });
        // What is the same for every zaaktype; one literal would be too long.
        let rest = json!({
            "opschortingEnAanhoudingMogelijk": true,
            "verlengingMogelijk": true,
            "verlengingstermijn": "P42D",
            "trefwoorden": [def.onderwerp.to_lowercase()],
            "publicatieIndicatie": false,
            "publicatietekst": "",
            "verantwoordingsrelatie": [],
            "productenOfDiensten": [],
            "selectielijstProcestype": "",
            "referentieproces": {"naam": def.omschrijving, "link": ""},
        });
        if let (Some(value), Value::Object(rest)) = (value.as_object_mut(), rest) {
            value.extend(rest);
        }
        value
    }

    pub fn statustype(&self, row: &Statustype) -> Value {
        json!({
            "url": self.url(Collection::Statustypen, row.id),
            "omschrijving": row.omschrijving,
            "omschrijvingGeneriek": row.omschrijving,
            "statustekst": row.statustekst,
            "zaaktype": self.zaaktype_link(row.zaaktype),
            "zaaktypeIdentificatie": self.identificatie_of(row.zaaktype),
            "volgnummer": row.volgnummer,
            "isEindstatus": row.eind,
            "informeren": !row.statustekst.is_empty(),
            "doorlooptijd": null,
            "toelichting": "",
            "checklistitemStatustype": [],
            "catalogus": self.catalogus_url(),
            "eigenschappen": [],
            "zaakobjecttypen": [],
            "beginGeldigheid": null,
            "eindeGeldigheid": null,
            "beginObject": null,
            "eindeObject": null,
        })
    }

    pub fn resultaattype(&self, row: &Resultaattype) -> Value {
        json!({
            "url": self.url(Collection::Resultaattypen, row.id),
            "zaaktype": self.zaaktype_link(row.zaaktype),
            "zaaktypeIdentificatie": self.identificatie_of(row.zaaktype),
            "omschrijving": row.omschrijving,
            "resultaattypeomschrijving": "",
            "omschrijvingGeneriek": row.omschrijving,
            "selectielijstklasse": "",
            "toelichting": "",
            "archiefnominatie": "vernietigen",
            "archiefactietermijn": "P5Y",
            "brondatumArchiefprocedure": {
                "afleidingswijze": "afgehandeld",
                "datumkenmerk": "",
                "einddatumBekend": false,
                "objecttype": "",
                "registratie": "",
                "procestermijn": null,
            },
            "procesobjectaard": "",
            "indicatieSpecifiek": null,
            "procestermijn": null,
            "catalogus": self.catalogus_url(),
            "besluittypen": [],
            "besluittypeOmschrijving": [],
            "informatieobjecttypen": [],
            "informatieobjecttypeOmschrijving": [],
            "beginGeldigheid": null,
            "eindeGeldigheid": null,
            "beginObject": null,
            "eindeObject": null,
        })
    }

    pub fn roltype(&self, row: &Roltype) -> Value {
        json!({
            "url": self.url(Collection::Roltypen, row.id),
            "zaaktype": self.zaaktype_link(row.zaaktype),
            "zaaktypeIdentificatie": self.identificatie_of(row.zaaktype),
            "omschrijving": row.soort.omschrijving(),
            "omschrijvingGeneriek": row.soort.generiek(),
            "catalogus": self.catalogus_url(),
            "beginGeldigheid": null,
            "eindeGeldigheid": null,
            "beginObject": null,
            "eindeObject": null,
        })
    }

    pub fn eigenschap(&self, row: &Eigenschap) -> Value {
        json!({
            "url": self.url(Collection::Eigenschappen, row.id),
            "naam": row.naam,
            "definitie": row.naam,
            "specificatie": {
                "groep": "",
                "formaat": "tekst",
                "lengte": "80",
                "kardinaliteit": "1",
                "waardenverzameling": [],
            },
            "toelichting": "",
            "zaaktype": self.zaaktype_link(row.zaaktype),
            "zaaktypeIdentificatie": self.identificatie_of(row.zaaktype),
            "catalogus": self.catalogus_url(),
            "statustype": null,
            "beginGeldigheid": null,
            "eindeGeldigheid": null,
            "beginObject": null,
            "eindeObject": null,
        })
    }

    pub fn informatieobjecttype(&self, row: &Informatieobjecttype) -> Value {
        json!({
            "url": self.url(Collection::Informatieobjecttypen, row.id),
            "catalogus": self.catalogus_url(),
            "omschrijving": row.omschrijving,
            "vertrouwelijkheidaanduiding": row.vertrouwelijkheid,
            "beginGeldigheid": SINDS,
            "eindeGeldigheid": null,
            "concept": false,
            "besluittypen": [],
            "informatieobjectcategorie": "document",
            "trefwoord": [],
            "omschrijvingGeneriek": {
                "informatieobjecttypeOmschrijvingGeneriek": row.omschrijving.to_lowercase(),
                "definitieInformatieobjecttypeOmschrijvingGeneriek": row.omschrijving,
                "herkomstInformatieobjecttypeOmschrijvingGeneriek": "KING",
                "hierarchieInformatieobjecttypeOmschrijvingGeneriek": "1",
                "opmerkingInformatieobjecttypeOmschrijvingGeneriek": "",
            },
            "zaaktypen": self.links(Collection::Zaaktypen, self.world.zaaktypen.iter()),
            "beginObject": SINDS,
            "eindeObject": null,
        })
    }

    pub fn besluittype(&self, row: &Besluittype) -> Value {
        json!({
            "url": self.url(Collection::Besluittypen, row.id),
            "catalogus": self.catalogus_url(),
            "zaaktypen": [self.zaaktype_link(row.zaaktype)],
            "omschrijving": row.omschrijving,
            "omschrijvingGeneriek": "Besluit",
            "besluitcategorie": "",
            "reactietermijn": format!("P{BEZWAARTERMIJN}D"),
            "publicatieIndicatie": false,
            "publicatietekst": "",
            "publicatietermijn": null,
            "toelichting": "",
            "informatieobjecttypen": [],
            "beginGeldigheid": SINDS,
            "eindeGeldigheid": null,
            "concept": false,
            "resultaattypen": [],
            "resultaattypenOmschrijving": [],
            "vastgelegdIn": ["Besluit"],
            "beginObject": SINDS,
            "eindeObject": null,
        })
    }

    pub fn zaaktype_informatieobjecttype(&self, row: &ZaaktypeInformatieobjecttype) -> Value {
        let informatieobjecttype = self
            .world
            .informatieobjecttypen
            .get(row.informatieobjecttype);
        json!({
            "url": self.url(Collection::ZaaktypeInformatieobjecttypen, row.id),
            "zaaktype": self.zaaktype_link(row.zaaktype),
            "zaaktypeIdentificatie": self.identificatie_of(row.zaaktype),
            "informatieobjecttype": self.link(Collection::Informatieobjecttypen, informatieobjecttype),
            "volgnummer": row.volgnummer,
            "richting": "inkomend",
            "statustype": null,
            "catalogus": self.catalogus_url(),
        })
    }

    pub fn document(&self, row: &Document) -> Value {
        let soort = self
            .world
            .informatieobjecttypen
            .get(row.informatieobjecttype);
        json!({
            "url": self.url(Collection::Documenten, row.id),
            "identificatie": row.identificatie,
            "bronorganisatie": GEMEENTE_RSIN,
            "creatiedatum": row.creatie.to_string(),
            "titel": row.titel,
            "vertrouwelijkheidaanduiding": row.vertrouwelijkheid,
            "auteur": row.auteur,
            "status": row.status,
            "formaat": row.soort.media_type(),
            "taal": "nld",
            "versie": 1,
            "beginRegistratie": row.geregistreerd.to_string(),
            "bestandsnaam": row.bestandsnaam,
            "inhoud": format!("{}/download?versie=1", self.url(Collection::Documenten, row.id)),
            "bestandsomvang": row.length(),
            "link": "",
            "beschrijving": "",
            "ontvangstdatum": row.ontvangst.map(|day| day.to_string()),
            "verzenddatum": row.verzending.map(|day| day.to_string()),
            "indicatieGebruiksrecht": false,
            "verschijningsvorm": "",
            "ondertekening": null,
            "integriteit": null,
            "informatieobjecttype": self.link(Collection::Informatieobjecttypen, soort),
            "locked": false,
            "bestandsdelen": [],
            "trefwoorden": [],
            "_expand": {},
        })
    }

    pub fn objectinformatieobject(&self, row: &Zaakinformatieobject) -> Value {
        let document = self.world.documenten.get(row.document);
        json!({
            "url": self.url(Collection::Objectinformatieobjecten, row.objectinformatieobject),
            "informatieobject": self.link(Collection::Documenten, document),
            "object": self.zaak_url(row.zaak),
            "objectType": "zaak",
        })
    }

    pub fn besluit(&self, row: &Besluit) -> Value {
        let besluittype = self.world.besluittypen.get(row.besluittype);
        let reactie = row.datum.saturating_add(BEZWAARTERMIJN.days());
        json!({
            "url": self.url(Collection::Besluiten, row.id),
            "identificatie": row.identificatie,
            "verantwoordelijkeOrganisatie": GEMEENTE_RSIN,
            "besluittype": self.link(Collection::Besluittypen, besluittype),
            "zaak": self.zaak_url(row.zaak),
            "datum": row.datum.to_string(),
            "toelichting": row.toelichting,
            "bestuursorgaan": "",
            "ingangsdatum": row.datum.to_string(),
            "vervaldatum": null,
            "vervalreden": "",
            "vervalredenWeergave": "",
            "publicatiedatum": null,
            "verzenddatum": row.datum.to_string(),
            "uiterlijkeReactiedatum": reactie.to_string(),
        })
    }

    pub fn besluitinformatieobject(&self, row: &Besluitinformatieobject) -> Value {
        let document = self.world.documenten.get(row.document);
        let besluit = self.world.besluiten.get(row.besluit);
        json!({
            "url": self.url(Collection::Besluitinformatieobjecten, row.id),
            "informatieobject": self.link(Collection::Documenten, document),
            "besluit": self.link(Collection::Besluiten, besluit),
        })
    }

    /// How the Zaken API knows a besluit.
    pub fn zaakbesluit(&self, row: &Besluit) -> Value {
        let zaak = self.world.zaken.get(row.zaak);
        json!({
            "url": zaak.map(|zaak| format!(
                "{}/besluiten/{}",
                self.url(Collection::Zaken, zaak.id),
                row.zaakbesluit
            )),
            "uuid": row.zaakbesluit,
            "besluit": self.url(Collection::Besluiten, row.id),
        })
    }
}
