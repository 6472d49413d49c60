//! Records of the Zaken API as JSON, field by field as Open Zaak 1.30 answers them.

use serde_json::{Value, json};
use uuid::Uuid;

use super::endpoint::Collection;
use super::rol_filter::kind;
use crate::sandbox::data::model::{
    Betrokkene, Resultaat, Rol, Row, Status, Substatus, Zaak, Zaakeigenschap, Zaakinformatieobject,
    Zaaktype,
};
use crate::sandbox::data::{GEMEENTE_RSIN, World};
use jiff::ToSpan as _;

/// Writes records with addresses below `base`.
#[derive(Debug, Clone, Copy)]
pub struct Render<'a> {
    pub world: &'a World,
    pub base: &'a str,
}

/// Sets a field of an object.
pub fn set(object: &mut Value, name: &str, value: Value) {
    if let Some(object) = object.as_object_mut() {
        object.insert(name.to_owned(), value);
    }
}

impl<'a> Render<'a> {
    pub fn url(&self, collection: Collection, id: Uuid) -> String {
        format!("{}{}/{id}", self.base, collection.path())
    }

    /// The address of a row that may be missing: null then.
    pub fn link<T: Row>(&self, collection: Collection, row: Option<&T>) -> Value {
        row.map_or(Value::Null, |row| self.url(collection, row.id()).into())
    }

    pub fn links<'r, T: Row + 'r>(
        &self,
        collection: Collection,
        rows: impl Iterator<Item = &'r T>,
    ) -> Value {
        rows.map(|row| Value::from(self.url(collection, row.id())))
            .collect()
    }

    pub fn zaak_url(&self, zaak: usize) -> Value {
        self.link(Collection::Zaken, self.world.zaken.get(zaak))
    }

    pub fn zaaktype_of(&self, zaak: &Zaak) -> Option<&'a Zaaktype> {
        self.world.zaaktypen.get(zaak.zaaktype)
    }

    pub fn zaak(&self, zaak: &Zaak) -> Value {
        let w = self.world;
        let dagen = self.zaaktype_of(zaak).map_or(56, |found| found.def.dagen);
        let dag = |n: i32| zaak.start.saturating_add(n.days()).to_string();
        let laatste = zaak
            .statussen
            .last()
            .and_then(|index| w.statussen.get(*index));
        let mut value = json!({
            "url": self.url(Collection::Zaken, zaak.id),
            "uuid": zaak.id,
            "identificatie": zaak.identificatie,
            "bronorganisatie": GEMEENTE_RSIN,
            "omschrijving": zaak.omschrijving,
            "toelichting": zaak.toelichting,
            "zaaktype": self.link(Collection::Zaaktypen, self.zaaktype_of(zaak)),
            "registratiedatum": zaak.start.to_string(),
            "verantwoordelijkeOrganisatie": GEMEENTE_RSIN,
            "startdatum": zaak.start.to_string(),
            "einddatum": zaak.einde.map(|day| day.to_string()),
            "einddatumGepland": dag(dagen * 3 / 4),
            "uiterlijkeEinddatumAfdoening": dag(dagen),
            "hoofdzaak": zaak.hoofdzaak.map(|hoofd| self.zaak_url(hoofd)),
            "deelzaken": self.links(Collection::Zaken, w.zaken.at(&zaak.deelzaken)),
            "relevanteAndereZaken": [],
            "gerelateerdeZaken": [],
            "eigenschappen": w.zaakeigenschappen.at(&zaak.eigenschappen)
                .map(|row| self.zaakeigenschap_url(zaak, row)).collect::<Vec<_>>(),
            "rollen": self.links(Collection::Rollen, w.rollen.at(&zaak.rollen)),
            "status": self.link(Collection::Statussen, laatste),
            "zaakinformatieobjecten": self.links(
                Collection::Zaakinformatieobjecten,
                w.zaakinformatieobjecten.at(&zaak.zaakinformatieobjecten),
            ),
            "zaakobjecten": [],
            "kenmerken": [],
            "_expand": {},
        });
        // What is the same for every zaak, or follows from its end; one literal would be too long.
        let rest = self.zaak_rest(zaak);
        if let (Some(value), Value::Object(rest)) = (value.as_object_mut(), rest) {
            value.extend(rest);
        }
        value
    }

    fn zaak_rest(&self, zaak: &Zaak) -> Value {
        let resultaat = zaak
            .resultaat
            .and_then(|index| self.world.resultaten.get(index));
        let bewaren = zaak
            .einde
            .map(|einde| einde.saturating_add(5.years()).to_string());
        json!({
            "publicatiedatum": null,
            "laatstGemuteerd": zaak.gemuteerd.to_string(),
            "laatstGeopend": null,
            "communicatiekanaal": "",
            "communicatiekanaalNaam": "Webformulier",
            "productenOfDiensten": [],
            "vertrouwelijkheidaanduiding": zaak.vertrouwelijkheid,
            "betalingsindicatie": "",
            "betalingsindicatieWeergave": "",
            "laatsteBetaaldatum": null,
            "zaakgeometrie": zaak.plek.map(|(lon, lat)| json!({"type": "Point", "coordinates": [lon, lat]})),
            "verlenging": null,
            "opschorting": {"indicatie": false, "eerdereOpschorting": false, "reden": ""},
            "selectielijstklasse": "",
            "archiefnominatie": zaak.einde.map(|_| "vernietigen"),
            "archiefstatus": "nog_te_archiveren",
            "archiefactiedatum": bewaren,
            "resultaat": self.link(Collection::Resultaten, resultaat),
            "opdrachtgevendeOrganisatie": "",
            "processobjectaard": "",
            "startdatumBewaartermijn": zaak.einde.map(|day| day.to_string()),
            "processobject": {"datumkenmerk": "", "identificatie": "", "objecttype": "", "registratie": ""},
        })
    }

    pub fn status(&self, status: &Status) -> Value {
        json!({
            "url": self.url(Collection::Statussen, status.id),
            "uuid": status.id,
            "zaak": self.zaak_url(status.zaak),
            "statustype": self.link(Collection::Statustypen, self.world.statustypen.get(status.statustype)),
            "datumStatusGezet": status.gezet.to_string(),
            "statustoelichting": status.toelichting,
            "indicatieLaatstGezetteStatus": status.laatst,
            "gezetdoor": null,
            "zaakinformatieobjecten": [],
        })
    }

    pub fn substatus(&self, row: &Substatus) -> Value {
        json!({
            "url": self.url(Collection::Substatussen, row.id),
            "uuid": row.id,
            "zaak": self.zaak_url(row.zaak),
            "status": self.link(Collection::Statussen, self.world.statussen.get(row.status)),
            "omschrijving": row.omschrijving,
            "tijdstip": row.tijdstip.to_string(),
            "doelgroep": row.doelgroep,
        })
    }

    pub fn resultaat(&self, row: &Resultaat) -> Value {
        let resultaattype = self.world.resultaattypen.get(row.resultaattype);
        json!({
            "url": self.url(Collection::Resultaten, row.id),
            "uuid": row.id,
            "zaak": self.zaak_url(row.zaak),
            "resultaattype": self.link(Collection::Resultaattypen, resultaattype),
            "toelichting": row.toelichting,
        })
    }

    pub fn rol(&self, rol: &Rol) -> Value {
        let mut value = json!({
            "url": self.url(Collection::Rollen, rol.id),
            "uuid": rol.id,
            "zaak": self.zaak_url(rol.zaak),
            "betrokkene": "",
            "betrokkeneType": kind(&rol.betrokkene),
            "afwijkendeNaamBetrokkene": "",
            "roltype": self.link(Collection::Roltypen, self.world.roltypen.get(rol.roltype)),
            "omschrijving": rol.soort.omschrijving(),
            "omschrijvingGeneriek": rol.soort.generiek(),
            "roltoelichting": rol.soort.omschrijving(),
            "registratiedatum": rol.geregistreerd.to_string(),
            "indicatieMachtiging": rol.machtiging,
            "contactpersoonRol": {"emailadres": "", "functie": "", "telefoonnummer": "", "naam": ""},
            "statussen": [],
            "beginGeldigheid": rol.begin.map(|day| day.to_string()),
            "eindeGeldigheid": rol.einde.map(|day| day.to_string()),
            "betrokkeneIdentificatie": identificatie(&rol.betrokkene),
        });
        // Employees and departments do not log in, and have no such field.
        let context = match &*rol.betrokkene {
            Betrokkene::Persoon { bsn, .. } => Some(rol.loa.map(|loa| {
                json!({
                    "source": "digid",
                    "levelOfAssurance": loa,
                    "representee": {"identifierType": "bsn", "identifier": bsn},
                    "mandate": {"services": []},
                })
            })),
            Betrokkene::Bedrijf { kvk, .. } | Betrokkene::Vestiging { kvk, .. } => {
                Some(rol.loa.map(|loa| {
                    json!({
                        "source": "eherkenning",
                        "levelOfAssurance": loa,
                        "actingSubject": "",
                        "representee": {"identifierType": "kvkNummer", "identifier": kvk},
                        "mandate": {"role": "", "services": []},
                    })
                }))
            }
            Betrokkene::Medewerker { .. } | Betrokkene::Afdeling { .. } => None,
        };
        if let Some(context) = context {
            set(
                &mut value,
                "authenticatieContext",
                context.unwrap_or(Value::Null),
            );
        }
        value
    }

    pub fn zaakinformatieobject(&self, row: &Zaakinformatieobject) -> Value {
        let document = self.world.documenten.get(row.document);
        json!({
            "url": self.url(Collection::Zaakinformatieobjecten, row.id),
            "uuid": row.id,
            "informatieobject": self.link(Collection::Documenten, document),
            "zaak": self.zaak_url(row.zaak),
            "aardRelatieWeergave": "Hoort bij, omgekeerd: kent",
            "titel": document.map_or("", |document| &document.titel),
            "beschrijving": "",
            "registratiedatum": row.geregistreerd.to_string(),
            "vernietigingsdatum": null,
            "status": null,
        })
    }

    fn zaakeigenschap_url(&self, zaak: &Zaak, row: &Zaakeigenschap) -> String {
        format!(
            "{}/zaakeigenschappen/{}",
            self.url(Collection::Zaken, zaak.id),
            row.id
        )
    }

    pub fn zaakeigenschap(&self, row: &Zaakeigenschap) -> Value {
        let zaak = self.world.zaken.get(row.zaak);
        let eigenschap = self.world.eigenschappen.get(row.eigenschap);
        json!({
            "url": zaak.map(|zaak| self.zaakeigenschap_url(zaak, row)),
            "uuid": row.id,
            "zaak": self.zaak_url(row.zaak),
            "eigenschap": self.link(Collection::Eigenschappen, eigenschap),
            "naam": eigenschap.map_or("", |eigenschap| eigenschap.naam),
            "waarde": row.waarde,
        })
    }
}

fn identificatie(who: &Betrokkene) -> Value {
    match who {
        Betrokkene::Persoon {
            bsn,
            voornamen,
            voorvoegsel,
            geslachtsnaam,
            geboortedatum,
        } => json!({
            "inpBsn": bsn,
            "anpIdentificatie": "",
            "inpA_nummer": "",
            "geslachtsnaam": geslachtsnaam,
            "voorvoegselGeslachtsnaam": voorvoegsel,
            "voorletters": voornamen.chars().next().map_or(String::new(), |c| format!("{c}.")),
            "voornamen": voornamen,
            "geslachtsaanduiding": "",
            "geboortedatum": geboortedatum,
            "verblijfsadres": null,
            "subVerblijfBuitenland": null,
        }),
        Betrokkene::Bedrijf {
            kvk,
            rsin,
            vestiging,
            naam,
        } => json!({
            "innNnpId": rsin,
            "annIdentificatie": "",
            "kvkNummer": kvk,
            "vestigingsNummer": vestiging,
            "statutaireNaam": naam,
            "innRechtsvorm": "",
            "bezoekadres": "",
            "verblijfsadres": null,
            "subVerblijfBuitenland": null,
        }),
        Betrokkene::Vestiging { kvk, nummer, naam } => json!({
            "vestigingsNummer": nummer,
            "handelsnaam": [naam],
            "verblijfsadres": null,
            "subVerblijfBuitenland": null,
            "kvkNummer": kvk,
        }),
        Betrokkene::Medewerker {
            id,
            voorletters,
            achternaam,
        } => json!({
            "identificatie": id,
            "achternaam": achternaam,
            "voorletters": voorletters,
            "voorvoegselAchternaam": "",
        }),
        Betrokkene::Afdeling { id, naam } => json!({
            "identificatie": id,
            "naam": naam,
            "isGehuisvestIn": "",
        }),
    }
}
