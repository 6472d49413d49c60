//! What the test persons went through, in the order in which the demo lists them.

mod special;

use std::sync::Arc;

use super::Plan;
use super::build::{Builder, DocSpec, ZaakSpec};
use super::catalogus::{
    self as c, AANVRAAGFORMULIER, BESLUIT, BEZWAAR, BIJSTAND, BRIEF, EVENEMENT, FOTO, MELDING,
    OMGEVING, PARKEREN, SUBSIDIE, TEKENING, TERRAS, VERHUIZING, ZAAKTYPEN,
};
use super::model::{Betrokkene, RolSoort};
use super::people::{self as p, Person, PersonNumber};
use crate::sandbox::files::FileKind::{self, Docx, Pdf, Png};
use crate::sandbox::large::Large;

const SUBSTANTIEEL: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:Smartcard";
const LOA3: &str = "urn:etoegang:core:assurance-class:loa3";
/// Zaken of the person with very many.
const VEEL: usize = 872;

pub fn tell(b: &mut Builder, plan: &Plan) -> Vec<Person> {
    let zaken = plan.zaken;
    let mut persons = vec![
        p::NOOR.person(&format!("{zaken} zaken")),
        p::BRAM.person("geen zaken"),
        p::FARIDA.person("één zaak"),
        p::WILLEM.person("alleen afgehandelde zaken"),
        p::SOPHIE.person("vertrouwelijke documenten en zaken"),
        p::KAREL.person("onder bewind, met zaken van een gemachtigde"),
        p::THEO.person("872 zaken"),
        Person {
            number: PersonNumber::Kvk(p::BAKKERIJ_KVK.to_owned()),
            name: p::BAKKERIJ.to_owned(),
            about: "ondernemer met twee vestigingen".to_owned(),
            vestigingen: p::VESTIGINGEN
                .iter()
                .map(|(nummer, naam)| ((*nummer).to_owned(), (*naam).to_owned()))
                .collect(),
        },
    ];
    noor(b, plan);
    farida(b);
    willem(b);
    special::sophie(b);
    special::karel(b);
    let theo = p::THEO.betrokkene();
    for n in 0..VEEL {
        ordinary(b, "theo", n, &theo, 20 + i32::try_from(n * 4).unwrap_or(0));
    }
    special::bakkerij(b);
    for (person, betrokkene) in p::generated().take(plan.extra_persons) {
        let key = person.number.as_str().to_owned();
        let many = 1 + super::Seed::new(&key).below(5);
        for n in 0..many {
            let age = 15 + i32::try_from(n * 63).unwrap_or(0);
            ordinary(b, &key, n, &betrokkene, age);
        }
        persons.push(person);
    }
    b.number_by_date();
    persons
}

fn behandelaar() -> Arc<Betrokkene> {
    Arc::new(Betrokkene::Medewerker {
        id: "mdw-0417",
        voorletters: "R.",
        achternaam: "Steenbergen",
    })
}

fn afdeling() -> Arc<Betrokkene> {
    Arc::new(Betrokkene::Afdeling {
        id: "LW-VTH",
        naam: "Vergunningen, toezicht en handhaving",
    })
}

/// The initiator, with the level at which they logged in, and the behandelaar.
fn aanvrager(b: &mut Builder, zaak: usize, wie: &Arc<Betrokkene>) {
    let rol = b.rol(zaak, RolSoort::Aanvrager, wie);
    b.change_rol(rol, |rol| {
        rol.loa = match &*rol.betrokkene {
            Betrokkene::Persoon { .. } => Some(SUBSTANTIEEL),
            _ => Some(LOA3),
        };
    });
    b.rol(zaak, RolSoort::Behandelaar, &behandelaar());
}

fn formulier<'a>(titel: &'a str, geleden: i32, regels: &'a [&'a str]) -> DocSpec<'a> {
    DocSpec {
        titel,
        kind: Pdf,
        soort: AANVRAAGFORMULIER,
        vertrouwelijkheid: "zaakvertrouwelijk",
        status: "gearchiveerd",
        dagen_geleden: geleden,
        regels,
    }
}

fn stuk<'a>(
    titel: &'a str,
    kind: FileKind,
    soort: &'static str,
    vertrouwelijkheid: &'static str,
    geleden: i32,
) -> DocSpec<'a> {
    DocSpec {
        titel,
        kind,
        soort,
        vertrouwelijkheid,
        status: "definitief",
        dagen_geleden: geleden,
        regels: &[
            "Dit stuk hoort bij uw zaak bij de gemeente Lindenwaard.",
            "Heeft u vragen? Noem dan uw zaaknummer.",
        ],
    }
}

/// The n-th unremarkable zaak of somebody: open or closed, with an application form.
fn ordinary(b: &mut Builder, key: &str, n: usize, wie: &Arc<Betrokkene>, geleden: i32) {
    // The types that a resident meets, the older version of one of them and internal ones aside.
    let soorten: Vec<_> = ZAAKTYPEN
        .iter()
        .filter(|def| !def.intern && def.einde.is_none() && def.identificatie != TERRAS)
        .collect();
    let Some(def) = soorten.get(n % soorten.len().max(1)) else {
        return;
    };
    let onderwerp = def
        .onderwerpen
        .get(n / soorten.len().max(1) % def.onderwerpen.len().max(1))
        .copied()
        .unwrap_or(def.omschrijving)
        .replace("{}", &c::adres(n + key.len()));
    // Mostly as long as they may take; now and then one that drags on.
    let open = geleden < def.dagen * 3 && n % 3 != 2 || n % 11 == 10;
    let spec = if open {
        ZaakSpec::open(
            def.identificatie,
            &onderwerp,
            geleden,
            1 + n % (def.statussen.len() - 1),
        )
    } else {
        ZaakSpec::closed(def.identificatie, &onderwerp, geleden, n / 2)
    };
    let zaak = b.zaak(&format!("{key} {n}"), spec);
    aanvrager(b, zaak, wie);
    let titel = format!("Aanvraagformulier {}", def.onderwerp.to_lowercase());
    b.attach(
        zaak,
        &formulier(&titel, geleden, &["Ingevuld en ondertekend met DigiD."]),
    );
}

fn noor(b: &mut Builder, plan: &Plan) {
    let noor = p::NOOR.betrokkene();
    for n in 0..plan.zaken {
        match n {
            0 => showpiece(b, &noor, plan.large),
            1 => zienswijze(b, &noor),
            // Older than the showpiece, and never two on one day.
            n => ordinary(b, "noor", n, &noor, 52 + i32::try_from(n * 19).unwrap_or(0)),
        }
    }
}

/// Six statustypen, five reached; three documents, a besluit and sub-statuses.
fn showpiece(b: &mut Builder, noor: &Arc<Betrokkene>, large: Option<Large>) {
    let spec = ZaakSpec::open(OMGEVING, "Dakkapel achtergevel, Kastanjelaan 14", 38, 5);
    let zaak = b.zaak("noor showpiece", spec);
    b.change(zaak, |zaak| {
        zaak.toelichting = "Dakkapel van 3,2 meter breed aan de achterkant van de woning";
    });
    aanvrager(b, zaak, noor);
    b.rol(zaak, RolSoort::Behandelaar, &afdeling());
    b.rol(zaak, RolSoort::Belanghebbende, &p::PIETER.betrokkene());
    b.attach(
        zaak,
        &formulier(
            "Aanvraagformulier omgevingsvergunning",
            38,
            &[
                "Aanvrager: Noor van den Akker",
                "Adres: Kastanjelaan 14, Lindenwaard",
                "",
                "Werkzaamheden: plaatsen van een dakkapel op het achterdakvlak.",
                "Breedte 3,20 m, hoogte 1,60 m, afstand tot de nok 0,70 m.",
                "Geschatte bouwkosten: € 11.500",
            ],
        ),
    );
    b.attach(
        zaak,
        &stuk(
            "Tekening dakkapel achtergevel",
            Png,
            TEKENING,
            "zaakvertrouwelijk",
            38,
        ),
    );
    let besluit = b.attach(
        zaak,
        &DocSpec {
            regels: &[
                "Kenmerk: omgevingsvergunning Kastanjelaan 14",
                "",
                "Geachte mevrouw Van den Akker,",
                "",
                "U vroeg een vergunning aan voor een dakkapel aan de achterkant van uw huis.",
                "Wij verlenen u deze vergunning. U mag beginnen als de bezwaartermijn van",
                "zes weken voorbij is.",
                "",
                "Bent u het niet eens met dit besluit? Dan kunt u binnen zes weken na de",
                "verzenddatum bezwaar maken.",
                "",
                "Met vriendelijke groet,",
                "Burgemeester en wethouders van Lindenwaard",
            ],
            ..stuk("Besluit omgevingsvergunning", Pdf, BESLUIT, "openbaar", 4)
        },
    );
    if let Some(large) = large {
        let soort = stuk("Bouwtekeningen, alle bladen", Pdf, TEKENING, "openbaar", 30);
        let document = b.attach(zaak, &soort);
        b.enlarge(document, large);
    }
    b.besluit(zaak, 4, "De vergunning is verleend", &[besluit]);
    b.substatus(
        zaak,
        2,
        "De commissie ruimtelijke kwaliteit bekijkt uw plan",
        "betrokkenen",
    );
    b.substatus(zaak, 2, "Dossier toegewezen aan team Bouwen", "intern");
    b.substatus(
        zaak,
        3,
        "De commissie heeft positief geadviseerd",
        "betrokkenen",
    );
}

/// A besluit with one document of the zaak and one that only the besluit knows.
fn zienswijze(b: &mut Builder, noor: &Arc<Betrokkene>) {
    let spec = ZaakSpec::open(SUBSIDIE, "Geveltuinen in de straat, Kastanjelaan", 61, 4);
    let zaak = b.zaak("noor subsidie", spec);
    aanvrager(b, zaak, noor);
    b.attach(
        zaak,
        &formulier("Aanvraagformulier subsidie", 61, &["Begroting: € 1.850"]),
    );
    let brief = b.attach(
        zaak,
        &stuk(
            "Brief verlening subsidie",
            Docx,
            BRIEF,
            "zaakvertrouwelijk",
            20,
        ),
    );
    let los = b.document(&stuk(
        "Subsidiebesluit buurtinitiatief",
        Pdf,
        BESLUIT,
        "openbaar",
        21,
    ));
    b.besluit(zaak, 21, "De subsidie is verleend", &[brief, los]);
}

fn farida(b: &mut Builder) {
    let spec = ZaakSpec::open(VERHUIZING, "Verhuizing naar Molenkade 22", 3, 2);
    let zaak = b.zaak("farida", spec);
    aanvrager(b, zaak, &p::FARIDA.betrokkene());
    b.attach(
        zaak,
        &formulier("Formulier verhuizing", 3, &["Nieuw adres: Molenkade 22"]),
    );
    b.attach(
        zaak,
        &stuk("Foto huurcontract", Png, FOTO, "zaakvertrouwelijk", 3),
    );
}

fn willem(b: &mut Builder) {
    let willem = p::WILLEM.betrokkene();
    // The oldest is of the earlier version of its zaaktype.
    for (n, (zaaktype, onderwerp, geleden, resultaat)) in [
        (OMGEVING, "Aanbouw aan de woning, Vlierbeslaan 40", 1500, 0),
        (PARKEREN, "Parkeervergunning zone Centrum", 410, 1),
        (MELDING, "Lantaarnpaal defect, Weverspad 3", 200, 2),
        (BIJSTAND, "Vergoeding voor een bril", 330, 1),
        (BEZWAAR, "Bezwaar tegen naheffing parkeren", 260, 1),
        (EVENEMENT, "Rommelmarkt, Lindeplein", 520, 0),
    ]
    .into_iter()
    .enumerate()
    {
        let zaak = b.zaak(
            &format!("willem {n}"),
            ZaakSpec::closed(zaaktype, onderwerp, geleden, resultaat),
        );
        aanvrager(b, zaak, &willem);
        b.attach(
            zaak,
            &formulier("Aanvraagformulier", geleden, &["Ingevuld op papier."]),
        );
        let brief = b.attach(
            zaak,
            &stuk(
                "Brief met de uitkomst",
                Docx,
                BRIEF,
                "zaakvertrouwelijk",
                geleden - 7,
            ),
        );
        b.besluit(zaak, geleden - 7, "", &[brief]);
    }
}
