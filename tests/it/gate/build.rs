//! Parties, rollen and zaken to judge.

use jiff::civil::{Date, date};
use uuid::Uuid;
use zijspan::domain::zgw::{Betrokkene, Document, Informatieobjecttype, Rol, Zaak, Zaaktype};
use zijspan::domain::{
    Bedrijfsnummers, Bsn, KvkNummer, LevelOfAssurance, Mandate, MandateKind, MandateScope,
    Onderneming, Proven, ResourceKind, ResourceRef, Rsin, SourceName, Subject, Vertrouwelijkheid,
    Vestigingsnummer,
};
use zijspan::gate::{KnownZaaktype, Show, ShownZaak, Verdict, Viewer, judge_zaak};
use zijspan::policy::{DienstPolicy, Mandaten, Modules, Policy, RolSoort, ZaaktypeNaam};

pub const JAN: &str = "999990019";
pub const ANDER: &str = "123456782";
pub const KVK: &str = "69599084";
pub const ANDER_KVK: &str = "12345678";
pub const RSIN: &str = "517439943";
pub const ANDER_RSIN: &str = "123456782";
pub const VESTIGING: &str = "000037178598";
pub const ANDERE_VESTIGING: &str = "000037178601";
pub const TODAY: Date = date(2026, 11, 24);

pub const SUBSTANTIEEL: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:Smartcard";
pub const HOOG: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI";
pub const BASIS: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";

pub fn reference(kind: ResourceKind, n: u128) -> ResourceRef {
    ResourceRef {
        source: SourceName::parse("zgw").unwrap(),
        kind,
        id: Uuid::from_u128(n),
    }
}

pub fn zaak_ref(n: u128) -> ResourceRef {
    reference(ResourceKind::Zaak, n)
}

pub fn viewer(subject: Subject) -> Viewer {
    Viewer {
        subject,
        acts_for_another: false,
        mandate: None,
        loa: LevelOfAssurance::SUBSTANTIAL,
        today: TODAY,
    }
}

pub fn jan() -> Viewer {
    viewer(Subject::Burger(Bsn::parse(JAN).unwrap()))
}

/// Somebody else logged in for Jan, with a mandate for [`DIENST`].
pub fn for_jan() -> Viewer {
    for_jan_with(MandateScope::Services(vec![DIENST.to_owned()]))
}

pub fn for_jan_with(scope: MandateScope) -> Viewer {
    Viewer {
        acts_for_another: true,
        mandate: Some(Mandate {
            kind: MandateKind::Machtiging,
            scope,
        }),
        ..jan()
    }
}

/// The service that [`mapped`] knows.
pub const DIENST: &str = "3f1c0a52-0000-4000-8000-000000000001";

/// The policy with [`DIENST`] for zaaktype ZT-1 of catalogue PORTL.
pub fn mapped(policy: Policy) -> Policy {
    let zaaktype = ZaaktypeNaam {
        catalogus: "PORTL".to_owned(),
        identificatie: "ZT-1".to_owned(),
    };
    Policy {
        mandaten: Mandaten {
            diensten: vec![DienstPolicy {
                dienst: DIENST.to_owned(),
                naam: None,
                modules: Modules::default(),
                zaaktypen: vec![zaaktype],
            }],
            ..Mandaten::default()
        },
        ..policy
    }
}

pub fn company(rsin: Option<&str>, vestiging: Option<&str>) -> Viewer {
    known_by(Some(KVK), rsin, vestiging)
}

pub fn known_by(kvk: Option<&str>, rsin: Option<&str>, vestiging: Option<&str>) -> Viewer {
    viewer(Subject::Onderneming(Onderneming {
        nummers: Bedrijfsnummers::new(
            kvk.map(|kvk| KvkNummer::parse(kvk).unwrap()),
            rsin.map(|rsin| Rsin::parse(rsin).unwrap()),
        )
        .unwrap(),
        vestiging: vestiging.map(|v| Vestigingsnummer::parse(v).unwrap()),
    }))
}

pub fn rol(betrokkene: Betrokkene, generiek: &str) -> Rol {
    Rol {
        id: None,
        zaak: Some(zaak_ref(1)),
        betrokkene,
        omschrijving_generiek: Some(generiek.to_owned()),
        indicatie_machtiging: None,
        begin_geldigheid: None,
        einde_geldigheid: None,
        authenticatie_loa: None,
    }
}

pub fn persoon(bsn: &str) -> Betrokkene {
    Betrokkene::NatuurlijkPersoon {
        bsn: Bsn::parse(bsn).ok(),
    }
}

pub fn nnp(kvk: Option<&str>, rsin: Option<&str>, vestiging: Option<&str>) -> Betrokkene {
    Betrokkene::NietNatuurlijkPersoon {
        kvk: kvk.map(|kvk| KvkNummer::parse(kvk).unwrap()),
        rsin: rsin.map(|rsin| Rsin::parse(rsin).unwrap()),
        vestiging: vestiging.map(|v| Vestigingsnummer::parse(v).unwrap()),
    }
}

pub fn vestiging(kvk: Option<&str>, vestiging: Option<&str>) -> Betrokkene {
    Betrokkene::Vestiging {
        kvk: kvk.map(|kvk| KvkNummer::parse(kvk).unwrap()),
        vestiging: vestiging.map(|v| Vestigingsnummer::parse(v).unwrap()),
    }
}

pub fn initiator() -> Rol {
    rol(persoon(JAN), "initiator")
}

pub fn gemachtigd(rol: Rol, indicatie: &str) -> Rol {
    Rol {
        indicatie_machtiging: Some(indicatie.to_owned()),
        ..rol
    }
}

pub fn geldig(rol: Rol, van: Option<Date>, tot: Option<Date>) -> Rol {
    Rol {
        begin_geldigheid: van,
        einde_geldigheid: tot,
        ..rol
    }
}

pub fn op_niveau(rol: Rol, loa: &str) -> Rol {
    Rol {
        authenticatie_loa: Some(loa.to_owned()),
        ..rol
    }
}

pub fn zaak(n: u128) -> Zaak {
    Zaak {
        id: zaak_ref(n),
        identificatie: Some(format!("ZAAK-{n}")),
        bronorganisatie: None,
        omschrijving: None,
        toelichting: None,
        zaaktype: Some(reference(ResourceKind::Zaaktype, 1)),
        registratiedatum: Some(TODAY),
        startdatum: Some(TODAY),
        einddatum: None,
        einddatum_gepland: None,
        uiterlijke_einddatum: None,
        vertrouwelijkheid: Some(Vertrouwelijkheid::Zaakvertrouwelijk),
        status: None,
        resultaat: None,
        hoofdzaak: None,
        deelzaken: vec![],
        status_expanded: None,
        resultaat_expanded: None,
    }
}

pub fn zaaktype() -> Zaaktype {
    Zaaktype {
        id: reference(ResourceKind::Zaaktype, 1),
        identificatie: Some("ZT-1".to_owned()),
        omschrijving: Some("Vergunning".to_owned()),
        omschrijving_generiek: None,
        indicatie_intern_of_extern: Some("extern".to_owned()),
        catalogus: None,
        versiedatum: None,
    }
}

/// Judges one zaak of zaaktype ZT-1 in catalogue PORTL.
pub fn judge(zaak: Zaak, rollen: &[Rol], viewer: &Viewer, policy: &Policy) -> Verdict<ShownZaak> {
    let zaaktype = zaaktype();
    let known = KnownZaaktype {
        zaaktype: &zaaktype,
        domein: Some("PORTL"),
    };
    judge_zaak(zaak, Some(known), rollen, viewer, policy)
}

/// Zaak 1, shown to Jan in this capacity.
pub fn shown(generiek: &str) -> Show<ShownZaak> {
    let policy = with_rollen(&RolSoort::ALL);
    let rollen = [rol(persoon(JAN), generiek)];
    match judge(zaak(1), &rollen, &jan(), &policy) {
        Verdict::Show(shown) => shown,
        Verdict::Hide(reason) => panic!("hidden: {reason:?}"),
    }
}

pub fn with_rollen(rollen: &[RolSoort]) -> Policy {
    Policy {
        rollen: rollen.to_vec(),
        ..Policy::default()
    }
}

pub fn document(level: Option<Vertrouwelijkheid>, status: Option<&str>) -> Document {
    Document {
        id: reference(ResourceKind::Enkelvoudiginformatieobject, 1),
        titel: None,
        bestandsnaam: None,
        formaat: None,
        bestandsomvang: None,
        creatiedatum: None,
        ontvangstdatum: None,
        verzenddatum: None,
        taal: None,
        versie: None,
        status: status.map(str::to_owned),
        vertrouwelijkheid: level,
        informatieobjecttype: Some(reference(ResourceKind::Informatieobjecttype, 1)),
        tonen_aan_initiator: None,
        inhoud_is_vervallen: None,
    }
}

pub fn documenttype(omschrijving: &str) -> Informatieobjecttype {
    Informatieobjecttype {
        id: reference(ResourceKind::Informatieobjecttype, 1),
        omschrijving: Some(omschrijving.to_owned()),
    }
}

pub fn proven(document: Document) -> Proven<Document> {
    let id = document.id.clone();
    Proven::<Document>::asked(document, Some(&id), std::slice::from_ref(&id)).unwrap()
}
