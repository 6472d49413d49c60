//! From the JSON of the Zaken API to the words of [`crate::domain::zgw`].

use jiff::civil::Date;

use crate::domain::zgw::{
    Betrokkene, Resultaat, Rol, Status, Substatus, Zaak, Zaakinformatieobject,
};
use crate::domain::{Bsn, KvkNummer, ResourceKind, Rsin, Vertrouwelijkheid, Vestigingsnummer};
use crate::upstream::zgw::json::Object;

/// `None` when the object has no identity of its own.
pub(super) fn zaak(json: Object<'_>) -> Option<Zaak> {
    let id = json.own(ResourceKind::Zaak)?;
    Some(Zaak {
        bronorganisatie: json.digits("bronorganisatie"),
        identificatie: json.zaaknummer(),
        omschrijving: json.text("omschrijving"),
        toelichting: json.text("toelichting"),
        zaaktype: json.reference("zaaktype", ResourceKind::Zaaktype),
        registratiedatum: json.date("registratiedatum"),
        startdatum: json.date("startdatum"),
        einddatum: json.date("einddatum"),
        einddatum_gepland: json.date("einddatumGepland"),
        uiterlijke_einddatum: json.date("uiterlijkeEinddatumAfdoening"),
        vertrouwelijkheid: json
            .text("vertrouwelijkheidaanduiding")
            .and_then(|word| Vertrouwelijkheid::parse(&word)),
        status: json.reference("status", ResourceKind::Status),
        resultaat: json.reference("resultaat", ResourceKind::Resultaat),
        hoofdzaak: json.reference("hoofdzaak", ResourceKind::Zaak),
        deelzaken: json.references("deelzaken", ResourceKind::Zaak),
        status_expanded: json.expanded("status").map(status),
        resultaat_expanded: json.expanded("resultaat").map(resultaat),
        id,
    })
}

pub(super) fn status(json: Object<'_>) -> Status {
    Status {
        id: json.own(ResourceKind::Status),
        zaak: json.reference("zaak", ResourceKind::Zaak),
        statustype: json.reference("statustype", ResourceKind::Statustype),
        datum_gezet: json.moment("datumStatusGezet"),
        toelichting: json.text("statustoelichting"),
        laatst_gezet: json.bool("indicatieLaatstGezetteStatus"),
    }
}

pub(super) fn substatus(json: Object<'_>) -> Substatus {
    Substatus {
        zaak: json.reference("zaak", ResourceKind::Zaak),
        status: json.reference("status", ResourceKind::Status),
        omschrijving: json.text("omschrijving"),
        tijdstip: json.moment("tijdstip"),
        doelgroep: json.text("doelgroep").map(|word| word.to_lowercase()),
    }
}

pub(super) fn resultaat(json: Object<'_>) -> Resultaat {
    Resultaat {
        id: json.own(ResourceKind::Resultaat),
        zaak: json.reference("zaak", ResourceKind::Zaak),
        resultaattype: json.reference("resultaattype", ResourceKind::Resultaattype),
        toelichting: json.text("toelichting"),
    }
}

pub(super) fn zaakinformatieobject(json: Object<'_>) -> Zaakinformatieobject {
    Zaakinformatieobject {
        id: json.own(ResourceKind::Zaakinformatieobject),
        zaak: json.reference("zaak", ResourceKind::Zaak),
        informatieobject: json.reference(
            "informatieobject",
            ResourceKind::Enkelvoudiginformatieobject,
        ),
        titel: json.text("titel"),
        registratiedatum: json.moment("registratiedatum"),
    }
}

pub(super) fn rol(json: Object<'_>) -> Rol {
    Rol {
        id: json.own(ResourceKind::Rol),
        zaak: json.reference("zaak", ResourceKind::Zaak),
        betrokkene: betrokkene(json),
        omschrijving_generiek: json.text("omschrijvingGeneriek"),
        indicatie_machtiging: json
            .text("indicatieMachtiging")
            .map(|word| word.to_lowercase()),
        begin_geldigheid: json.date("beginGeldigheid"),
        // A validity that cannot be read is none: it must not become one without an end.
        einde_geldigheid: if ["beginGeldigheid", "eindeGeldigheid"]
            .into_iter()
            .any(|field| json.is_garbled_date(field))
        {
            Some(Date::MIN)
        } else {
            json.date("eindeGeldigheid")
        },
        authenticatie_loa: json.holds("authenticatieContext").then(|| {
            json.object("authenticatieContext")
                .and_then(|context| context.text("levelOfAssurance"))
                .unwrap_or_default()
        }),
    }
}

/// A number that may be written without its leading zeros; an invalid one is nobody's.
struct Numbers<'a>(Option<Object<'a>>);

impl Numbers<'_> {
    fn digits(&self, field: &str, len: usize) -> Option<String> {
        self.0
            .and_then(|object| object.digits(field))
            .filter(|digits| digits.len() <= len)
            .map(|digits| format!("{digits:0>len$}"))
    }

    fn burger(&self, field: &str) -> Option<Betrokkene> {
        let digits = self.digits(field, 9)?;
        Some(Betrokkene::NatuurlijkPersoon {
            bsn: Bsn::parse(&digits).ok(),
        })
    }

    fn bedrijf(&self) -> Option<Betrokkene> {
        let (kvk, vestiging) = (self.kvk(), self.vestiging());
        let rsin = self
            .digits("innNnpId", 9)
            .and_then(|text| Rsin::parse(&text).ok());
        (kvk.is_some() || rsin.is_some() || vestiging.is_some()).then_some(
            Betrokkene::NietNatuurlijkPersoon {
                kvk,
                rsin,
                vestiging,
            },
        )
    }

    fn branch(&self) -> Option<Betrokkene> {
        let (kvk, vestiging) = (self.kvk(), self.vestiging());
        (kvk.is_some() || vestiging.is_some()).then_some(Betrokkene::Vestiging { kvk, vestiging })
    }

    fn kvk(&self) -> Option<KvkNummer> {
        self.digits("kvkNummer", 8)
            .and_then(|text| KvkNummer::parse(&text).ok())
    }

    fn vestiging(&self) -> Option<Vestigingsnummer> {
        self.digits("vestigingsNummer", 12)
            .and_then(|text| Vestigingsnummer::parse(&text).ok())
    }
}

fn betrokkene(json: Object<'_>) -> Betrokkene {
    let kind = json.text("betrokkeneType").map(|kind| kind.to_lowercase());
    let numbers = Numbers(json.object("betrokkeneIdentificatie"));
    let identified = match kind.as_deref() {
        Some("natuurlijk_persoon") => numbers.burger("inpBsn"),
        Some("niet_natuurlijk_persoon") => numbers.bedrijf(),
        Some("vestiging") => numbers.branch(),
        Some(other) => Some(Betrokkene::Ander(other.to_owned())),
        None => None,
    };
    identified
        .or_else(|| json.text("betrokkene").map(Betrokkene::Url))
        .unwrap_or(Betrokkene::Onbekend)
}

/// Who an object of the betrokkenen's own register is: a klant (`subjectIdentificatie`, Klanten API 1.0) or
/// a person (`burgerservicenummer`, Haal Centraal BRP).
pub(super) fn fetched_betrokkene(json: Object<'_>) -> Option<Betrokkene> {
    let subject = Numbers(json.object("subjectIdentificatie").or(Some(json)));
    Numbers(Some(json))
        .burger("burgerservicenummer")
        .or_else(|| subject.burger("inpBsn"))
        .or_else(|| subject.bedrijf())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::SourceName;
    use crate::upstream::zgw::UrlMap;
    use serde_json::json;

    fn rol_of(value: &serde_json::Value) -> Rol {
        let urls = UrlMap::new(SourceName::parse("zgw").unwrap(), vec![]);
        rol(Object::new(value, &urls))
    }

    #[test]
    fn null_empty_and_absent_are_alike() {
        for value in [
            json!({}),
            json!({"betrokkeneType": "", "betrokkeneIdentificatie": null, "betrokkene": ""}),
            json!({"betrokkeneType": null, "omschrijvingGeneriek": ""}),
            json!({"betrokkeneType": 7, "omschrijvingGeneriek": ["x"], "authenticatieContext": null}),
        ] {
            let rol = rol_of(&value);
            assert_eq!(rol.betrokkene, Betrokkene::Onbekend, "{value}");
            assert_eq!(rol.omschrijving_generiek, None, "{value}");
            assert_eq!(rol.authenticatie_loa, None, "{value}");
        }
    }

    #[test]
    fn role_types_are_compared_without_case() {
        for written in ["initiator", "Initiator", "INITIATOR "] {
            let rol = rol_of(&json!({"omschrijvingGeneriek": written}));
            assert_eq!(rol.generiek().as_deref(), Some("initiator"), "{written}");
        }
    }

    #[test]
    fn a_number_without_its_leading_zeros_is_still_the_number() {
        let rol = rol_of(&json!({"betrokkeneType": "vestiging",
            "betrokkeneIdentificatie": {"vestigingsNummer": 37_178_598, "kvkNummer": "69599084"}}));
        let Betrokkene::Vestiging { kvk, vestiging } = rol.betrokkene else {
            panic!("not a vestiging");
        };
        assert_eq!(vestiging, Vestigingsnummer::parse("000037178598").ok());
        assert_eq!(kvk, KvkNummer::parse("69599084").ok());
    }

    #[test]
    fn a_validity_or_level_that_cannot_be_read_does_not_become_a_wider_one() {
        for field in ["beginGeldigheid", "eindeGeldigheid"] {
            for written in [json!("gisteren"), json!(20_260_101), json!({})] {
                let rol = rol_of(&json!({ field: written }));
                assert_eq!(rol.einde_geldigheid, Some(Date::MIN), "{field}");
            }
            assert_eq!(rol_of(&json!({ field: "" })).einde_geldigheid, None);
        }
        let rol = rol_of(&json!({"authenticatieContext": "digid"}));
        assert_eq!(rol.authenticatie_loa, Some(String::new()));
    }

    #[test]
    fn an_invalid_bsn_is_nobodys() {
        let rol = rol_of(&json!({"betrokkeneType": "natuurlijk_persoon",
            "betrokkeneIdentificatie": {"inpBsn": "123456789"}}));
        assert_eq!(rol.betrokkene, Betrokkene::NatuurlijkPersoon { bsn: None });
    }

    #[test]
    fn a_betrokkene_by_url_only_is_kept_as_that() {
        let rol = rol_of(&json!({"betrokkeneType": "natuurlijk_persoon",
            "betrokkene": "https://klanten.example/1", "betrokkeneIdentificatie": {"inpBsn": ""}}));
        assert_eq!(
            rol.betrokkene,
            Betrokkene::Url("https://klanten.example/1".to_owned())
        );
    }

    #[test]
    fn a_fetched_betrokkene_is_known_by_the_register_s_own_words() {
        let urls = UrlMap::new(SourceName::parse("zgw").unwrap(), vec![]);
        let fetched = |value: serde_json::Value| fetched_betrokkene(Object::new(&value, &urls));
        let burger = Some(Betrokkene::NatuurlijkPersoon {
            bsn: Bsn::parse("999990019").ok(),
        });
        assert_eq!(fetched(json!({"burgerservicenummer": "999990019"})), burger);
        assert_eq!(
            fetched(json!({"subjectIdentificatie": {"inpBsn": "999990019"}})),
            burger
        );
        assert!(matches!(
            fetched(json!({"subjectIdentificatie": {"kvkNummer": "69599084"}})),
            Some(Betrokkene::NietNatuurlijkPersoon { kvk: Some(_), .. })
        ));
        assert_eq!(fetched(json!({"naam": "Jansen"})), None);
        assert_eq!(fetched(json!([])), None);
    }
}
