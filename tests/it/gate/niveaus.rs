//! How surely somebody must have proven who they are, per module and per zaaktype.

use zijspan::domain::LevelOfAssurance as L;
use zijspan::domain::zgw::Rol;
use zijspan::gate::{KnownZaaktype, Reason, Viewer, judge_zaak_and_level};
use zijspan::policy::{Niveaus, Policy, ZaaktypePolicy};

use super::build::*;

fn needs(module: Option<L>, zaaktype: Option<L>) -> Policy {
    let entry = serde_json::json!({"catalogus": "PORTL", "identificatie": "ZT-1"});
    let entry: ZaaktypePolicy = serde_json::from_value(entry).unwrap();
    Policy {
        niveaus: Niveaus { zaken: module },
        zaaktypen: vec![ZaaktypePolicy {
            niveau: zaaktype,
            ..entry
        }],
        ..Policy::default()
    }
}

fn at(loa: L) -> Viewer {
    Viewer { loa, ..jan() }
}

/// Why not, and what login would help.
fn judged(viewer: &Viewer, rollen: &[Rol], policy: &Policy) -> (Option<Reason>, Option<L>) {
    let zaaktype = zaaktype();
    let known = KnownZaaktype {
        zaaktype: &zaaktype,
        domein: Some("PORTL"),
    };
    let rollen: Vec<&Rol> = rollen.iter().collect();
    let (verdict, level) = judge_zaak_and_level(zaak(1), Some(known), &rollen, viewer, policy);
    (verdict.reason(), level)
}

#[test]
fn the_higher_of_module_and_zaaktype_counts() {
    let own = [initiator()];
    for (module, zaaktype, loa, answer) in [
        (None, None, L::NONE, (None, None)),
        (
            Some(L::LOW),
            None,
            L::NONE,
            (Some(Reason::Niveau), Some(L::LOW)),
        ),
        (Some(L::LOW), None, L::LOW, (None, None)),
        (
            Some(L::LOW),
            Some(L::HIGH),
            L::SUBSTANTIAL,
            (Some(Reason::Niveau), Some(L::HIGH)),
        ),
        (
            Some(L::HIGH),
            Some(L::LOW),
            L::SUBSTANTIAL,
            (Some(Reason::Niveau), Some(L::HIGH)),
        ),
        (
            None,
            Some(L::MIDDLE),
            L::LOW,
            (Some(Reason::Niveau), Some(L::MIDDLE)),
        ),
        (Some(L::HIGH), Some(L::HIGH), L::HIGH, (None, None)),
    ] {
        let policy = needs(module, zaaktype);
        assert_eq!(
            judged(&at(loa), &own, &policy),
            answer,
            "{module:?} {zaaktype:?} {loa}"
        );
    }
}

#[test]
fn a_zaak_applied_for_at_a_higher_level_says_which() {
    let rollen = [op_niveau(initiator(), HOOG)];
    let policy = needs(None, Some(L::SUBSTANTIAL));
    let hidden = judged(&at(L::LOW), &rollen, &policy);
    assert_eq!(hidden, (Some(Reason::RolNiveau), Some(L::HIGH)));
    // A level that nobody knows is reached by no login.
    let unknown = [op_niveau(initiator(), "urn:made-up")];
    let hidden = judged(&at(L::LOW), &unknown, &policy);
    assert_eq!(hidden, (Some(Reason::RolNiveau), None));
}

#[test]
fn nobody_is_sent_to_log_in_again_for_what_would_stay_hidden() {
    let policy = needs(Some(L::HIGH), None);
    let others = [rol(persoon(ANDER), "initiator")];
    assert_eq!(
        judged(&at(L::LOW), &others, &policy),
        (Some(Reason::RolAnder), None)
    );
    let hidden_type = Policy {
        nieuwe_zaaktypen: zijspan::policy::NieuweZaaktypen::Verbergen,
        zaaktypen: vec![],
        ..policy.clone()
    };
    assert_eq!(
        judged(&at(L::LOW), &[initiator()], &hidden_type),
        (Some(Reason::ZaaktypeVerborgen), None)
    );
    // Outside the mandate nothing is said of a level.
    let viewer = Viewer {
        loa: L::LOW,
        ..for_jan()
    };
    assert_eq!(
        judged(&viewer, &[initiator()], &policy),
        (Some(Reason::MandaatDienstOnbekend), None)
    );
    let inside = judged(&viewer, &[initiator()], &mapped(policy));
    assert_eq!(inside, (Some(Reason::Niveau), Some(L::HIGH)));
}

#[test]
fn a_catalogue_that_is_not_known_asks_for_the_highest_level_of_any() {
    let mut policy = needs(None, Some(L::SUBSTANTIAL));
    let mut other = policy.zaaktypen[0].clone();
    other.catalogus = "ANDER".to_owned();
    other.niveau = Some(L::HIGH);
    policy.zaaktypen.push(other);
    let niveau = |domein| policy.zaaktype(domein, Some("ZT-1")).niveau();
    assert_eq!(niveau(Some("PORTL")), Some(L::SUBSTANTIAL));
    assert_eq!(niveau(Some("ANDER")), Some(L::HIGH));
    assert_eq!(niveau(None), Some(L::HIGH));
    assert_eq!(policy.zaaktype(None, Some("ZT-2")).niveau(), None);
}
