//! The persons on whom the gate has most to judge: confidential things, roles of every kind, branches.

use super::super::build::{Builder, DocSpec, ZaakSpec};
use super::super::catalogus::{
    BESLUIT, BEWIJSSTUK, BEZWAAR, BIJSTAND, BRIEF, CONTROLE, EVENEMENT, INTERN_ADVIES, MELDING,
    OMGEVING, PARKEREN, SUBSIDIE, TERRAS, VERHUIZING,
};
use super::super::model::RolSoort;
use super::super::people as p;
use super::{LOA3, aanvrager, behandelaar, formulier, stuk};
use crate::sandbox::files::FileKind::{Docx, Pdf, Png};

pub fn sophie(b: &mut Builder) {
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

pub fn karel(b: &mut Builder) {
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

pub fn bakkerij(b: &mut Builder) {
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
