//! What the test persons went through, in the order in which the demo lists them.

use std::sync::Arc;

use super::build::{Builder, DocSpec, ZaakSpec};
use super::catalogus::{
    self as c, AANVRAAGFORMULIER, BESLUIT, BEWIJSSTUK, BEZWAAR, BIJSTAND, BRIEF, CONTROLE,
    EVENEMENT, FOTO, INTERN_ADVIES, MELDING, OMGEVING, PARKEREN, SUBSIDIE, TEKENING, TERRAS,
    VERHUIZING, ZAAKTYPEN,
};
use super::model::{Betrokkene, RolSoort};
use super::people::{self as p, Person, PersonNumber};
use crate::sandbox::files::FileKind::{Docx, Pdf, Png};

const SUBSTANTIEEL: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:Smartcard";
const LOA3: &str = "urn:etoegang:core:assurance-class:loa3";
/// Zaken of the person with very many.
const VEEL: usize = 872;

pub fn tell(b: &mut Builder, zaken: usize, extra: usize) -> Vec<Person> {
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
    noor(b, zaken);
    farida(b);
    willem(b);
    sophie(b);
    karel(b);
    let theo = p::THEO.betrokkene();
    for n in 0..VEEL {
        ordinary(b, "theo", n, &theo, 20 + i32::try_from(n * 4).unwrap_or(0));
    }
    bakkerij(b);
    for (person, betrokkene) in p::generated().take(extra) {
        let key = person.number.as_str().to_owned();
        let many = 1 + super::Seed::new(&key).below(5);
        for n in 0..many {
            let age = 15 + i32::try_from(n * 63).unwrap_or(0);
            ordinary(b, &key, n, &betrokkene, age);
        }
        persons.push(person);
    }
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
    kind: crate::sandbox::files::FileKind,
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
    let open = geleden < 120 && n % 3 != 2 || n % 7 == 3;
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

fn noor(b: &mut Builder, zaken: usize) {
    let noor = p::NOOR.betrokkene();
    for n in 0..zaken {
        match n {
            0 => showpiece(b, &noor),
            1 => zienswijze(b, &noor),
            // Older than the showpiece, and never two on one day.
            n => ordinary(b, "noor", n, &noor, 52 + i32::try_from(n * 19).unwrap_or(0)),
        }
    }
}

/// Six statustypen, five reached; three documents, a besluit and sub-statuses.
fn showpiece(b: &mut Builder, noor: &Arc<Betrokkene>) {
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

fn sophie(b: &mut Builder) {
    let sophie = p::SOPHIE.betrokkene();
    let zaak = b.zaak(
        "sophie bijstand",
        ZaakSpec::open(BIJSTAND, "Vergoeding voor een wasmachine", 30, 3),
    );
    aanvrager(b, zaak, &sophie);
    b.attach(
        zaak,
        &DocSpec {
            vertrouwelijkheid: "vertrouwelijk",
            ..formulier(
                "Aanvraagformulier bijzondere bijstand",
                30,
                &["Inkomen: € 1.240 per maand"],
            )
        },
    );
    for (titel, kind, soort, niveau) in [
        ("Brief ontvangst aanvraag", Docx, BRIEF, "zaakvertrouwelijk"),
        ("Folder bijzondere bijstand", Pdf, BRIEF, "openbaar"),
        ("Toelichting op de regeling", Pdf, BRIEF, "beperkt_openbaar"),
        ("Intern advies consulent", Docx, INTERN_ADVIES, "intern"),
        ("Bankafschrift", Png, BEWIJSSTUK, "vertrouwelijk"),
        ("Medische verklaring", Pdf, BEWIJSSTUK, "confidentieel"),
        ("Signaal sociale recherche", Pdf, INTERN_ADVIES, "geheim"),
        ("Dreigingsanalyse", Pdf, INTERN_ADVIES, "zeer_geheim"),
    ] {
        b.attach(zaak, &stuk(titel, kind, soort, niveau, 25));
    }
    for (titel, status) in [
        ("Conceptbeschikking", "in_bewerking"),
        ("Beschikking ter vaststelling", "ter_vaststelling"),
    ] {
        b.attach(
            zaak,
            &DocSpec {
                status,
                ..stuk(titel, Docx, BESLUIT, "zaakvertrouwelijk", 5)
            },
        );
    }

    let spec = ZaakSpec {
        vertrouwelijkheid: "vertrouwelijk",
        ..ZaakSpec::open(BEZWAAR, "Bezwaar tegen intrekking bijstand", 44, 3)
    };
    let zaak = b.zaak("sophie vertrouwelijk", spec);
    aanvrager(b, zaak, &sophie);

    let zaak = b.zaak(
        "sophie intern",
        ZaakSpec::open(CONTROLE, "Controle dossier minima", 12, 2),
    );
    aanvrager(b, zaak, &sophie);

    let zaak = b.zaak(
        "sophie zonder status",
        ZaakSpec::open(PARKEREN, "Parkeervergunning zone Havenkwartier", 1, 0),
    );
    aanvrager(b, zaak, &sophie);

    let hoofd = b.zaak(
        "sophie hoofdzaak",
        ZaakSpec::open(EVENEMENT, "Straatfeest, Sluisweg", 26, 3),
    );
    aanvrager(b, hoofd, &sophie);
    for (key, zaaktype, onderwerp, bereikt) in [
        (
            "sophie deelzaak 1",
            OMGEVING,
            "Podium plaatsen, Sluisweg",
            2,
        ),
        (
            "sophie deelzaak 2",
            MELDING,
            "Afzetting regelen, Sluisweg",
            1,
        ),
    ] {
        let deel = b.zaak(key, ZaakSpec::open(zaaktype, onderwerp, 24, bereikt));
        aanvrager(b, deel, &sophie);
        b.deelzaak_van(deel, hoofd);
    }
}

fn karel(b: &mut Builder) {
    let karel = p::KAREL.betrokkene();
    let kantoor = p::bedrijf(p::BEWIND_KVK, p::BEWIND_RSIN, "", p::BEWIND);
    let pieter = p::PIETER.betrokkene();

    let zaak = b.zaak(
        "karel eigen",
        ZaakSpec::closed(PARKEREN, "Parkeervergunning zone Centrum", 700, 0),
    );
    aanvrager(b, zaak, &karel);
    let zaak = b.zaak(
        "karel eigen open",
        ZaakSpec::open(MELDING, "Losse stoeptegel, Kloosterhoek 9", 6, 2),
    );
    aanvrager(b, zaak, &karel);

    // Filed by the bewindvoerder: the represented person is belanghebbende, not initiator.
    for (n, (zaaktype, onderwerp, geleden, bereikt)) in [
        (BIJSTAND, "Kosten van bewindvoering", 33, 2),
        (VERHUIZING, "Verhuizing naar Kloosterhoek 9", 9, 1),
    ]
    .into_iter()
    .enumerate()
    {
        let zaak = b.zaak(
            &format!("karel bewind {n}"),
            ZaakSpec::open(zaaktype, onderwerp, geleden, bereikt),
        );
        let rol = b.rol(zaak, RolSoort::Aanvrager, &kantoor);
        b.change_rol(rol, |rol| {
            rol.machtiging = "gemachtigde";
            rol.loa = Some(LOA3);
        });
        let rol = b.rol(zaak, RolSoort::Belanghebbende, &karel);
        b.change_rol(rol, |rol| rol.machtiging = "machtiginggever");
        b.rol(zaak, RolSoort::Behandelaar, &behandelaar());
        b.attach(
            zaak,
            &formulier(
                "Aanvraagformulier",
                geleden,
                &["Ingediend door de bewindvoerder."],
            ),
        );
    }

    // Karel as somebody's gemachtigde, and as a neighbour.
    let zaak = b.zaak(
        "karel gemachtigde",
        ZaakSpec::open(SUBSIDIE, "Deelbakfiets voor de buurt, Oude Veerdam", 75, 2),
    );
    aanvrager(b, zaak, &pieter);
    let rol = b.rol(zaak, RolSoort::Gemachtigde, &karel);
    b.change_rol(rol, |rol| rol.machtiging = "gemachtigde");
    let zaak = b.zaak(
        "karel buurman",
        ZaakSpec::open(OMGEVING, "Kappen van een beuk, Oude Veerdam 31", 48, 3),
    );
    aanvrager(b, zaak, &pieter);
    b.rol(zaak, RolSoort::Belanghebbende, &karel);

    // A rol that has ended, and one that has not begun.
    for (key, verleden) in [("karel verlopen", true), ("karel later", false)] {
        let zaak = b.zaak(
            key,
            ZaakSpec::open(MELDING, "Verstopte straatkolk, Kloosterhoek 9", 90, 1),
        );
        let rol = b.rol(zaak, RolSoort::Aanvrager, &karel);
        let (begin, einde) = (b.day(90), b.day(30));
        let straks = b.day(-30);
        b.change_rol(rol, |rol| {
            rol.begin = Some(if verleden { begin } else { straks });
            rol.einde = verleden.then_some(einde);
        });
    }
}

fn bakkerij(b: &mut Builder) {
    let bedrijf = p::bedrijf(p::BAKKERIJ_KVK, p::BAKKERIJ_RSIN, "", p::BAKKERIJ);
    let zaak = b.zaak(
        "bakkerij bedrijf",
        ZaakSpec::open(OMGEVING, "Gevelreclame, Lindeplein 5", 29, 3),
    );
    aanvrager(b, zaak, &bedrijf);
    b.attach(
        zaak,
        &formulier(
            "Aanvraagformulier gevelreclame",
            29,
            &["Ingevuld met eHerkenning."],
        ),
    );
    let zaak = b.zaak(
        "bakkerij bedrijf oud",
        ZaakSpec::closed(EVENEMENT, "Open dag bakkerij, Lindeplein", 230, 0),
    );
    aanvrager(b, zaak, &bedrijf);
    for (n, (nummer, naam)) in p::VESTIGINGEN.into_iter().enumerate() {
        let geleden = 34 + 15 * i32::try_from(n).unwrap_or(0);
        let zaak = b.zaak(
            &format!("bakkerij terras {n}"),
            ZaakSpec::open(TERRAS, &format!("Terras aan de gevel, {naam}"), geleden, 2),
        );
        aanvrager(b, zaak, &p::vestiging(p::BAKKERIJ_KVK, nummer, naam));
        b.attach(
            zaak,
            &formulier("Aanvraagformulier terras", geleden, &[naam]),
        );
        // The other way in which registers write a branch: as a company with a vestigingsnummer.
        let zaak = b.zaak(
            &format!("bakkerij melding {n}"),
            ZaakSpec::open(MELDING, &format!("Container vol, {naam}"), geleden - 20, 1),
        );
        let wie = p::bedrijf(p::BAKKERIJ_KVK, p::BAKKERIJ_RSIN, nummer, p::BAKKERIJ);
        aanvrager(b, zaak, &wie);
    }
}
