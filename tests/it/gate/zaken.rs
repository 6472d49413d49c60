//! Every rule about a zaak, its decisions and its sub-statuses.

use jiff::civil::date;
use zijspan::domain::zgw::{Besluit, Rol, Substatus, Zaak, Zaaktype};
use zijspan::domain::{Proven, ResourceKind, Vertrouwelijkheid};
use zijspan::gate::{
    HiddenCounts, KnownZaaktype, Reason, Show, ShownZaak, Verdict, Viewer, fold, judge_besluit,
    judge_substatus, judge_zaak,
};
use zijspan::policy::{Deelzaken, Policy, RolSoort};

use super::build::*;

fn why(zaak: Zaak, rollen: &[Rol], viewer: &Viewer, policy: &Policy) -> Option<Reason> {
    judge(zaak, rollen, viewer, policy).reason()
}

fn why_jan(zaak: Zaak, policy: &Policy) -> Option<Reason> {
    why(zaak, &[initiator()], &jan(), policy)
}

fn policy(json: serde_json::Value) -> Policy {
    serde_json::from_value(json).unwrap()
}

#[test]
fn a_zaak_of_its_initiator_is_shown() {
    assert_eq!(why_jan(zaak(1), &Policy::default()), None);
    assert!(shown("initiator").get().is_initiator());
    assert!(!shown("belanghebbende").get().is_initiator());
}

#[test]
fn a_zaak_without_any_rol_is_hidden() {
    let reason = why(zaak(1), &[], &jan(), &Policy::default());
    assert_eq!(reason, Some(Reason::GeenRol));
}

#[test]
fn a_zaak_of_somebody_else_is_hidden_and_not_counted() {
    let rollen = [rol(persoon(ANDER), "initiator")];
    let mut hidden = HiddenCounts::default();
    let verdict = judge(zaak(1), &rollen, &jan(), &Policy::default());
    assert_eq!(verdict.reason(), Some(Reason::RolAnder));
    assert!(verdict.or_count(&mut hidden).is_none());
    assert!(hidden.is_empty());
}

#[test]
fn a_rol_in_the_hoofdzaak_or_in_no_zaak_opens_nothing() {
    let elsewhere = Rol {
        zaak: Some(zaak_ref(2)),
        ..initiator()
    };
    let nowhere = Rol {
        zaak: None,
        ..initiator()
    };
    let deelzaak = Zaak {
        hoofdzaak: Some(zaak_ref(2)),
        ..zaak(1)
    };
    let reason = why(deelzaak, &[elsewhere, nowhere], &jan(), &Policy::default());
    assert_eq!(reason, Some(Reason::GeenRol));
}

#[test]
fn rollen_that_only_together_carry_everything_open_nothing() {
    let policy = Policy::default();
    let yesterday = Some(date(2026, 11, 23));
    for rollen in [
        // The right person in the wrong role, the wrong person in the right one.
        vec![
            rol(persoon(JAN), "behandelaar"),
            rol(persoon(ANDER), "initiator"),
        ],
        // Expired as initiator, valid as belanghebbende.
        vec![
            geldig(initiator(), None, yesterday),
            rol(persoon(JAN), "belanghebbende"),
        ],
        // Initiator at too high a level, another's rol at the right one.
        vec![
            op_niveau(initiator(), HOOG),
            op_niveau(rol(persoon(ANDER), "initiator"), BASIS),
        ],
    ] {
        let reason = why(zaak(1), &rollen, &jan(), &policy).unwrap();
        assert!(reason.is_own(), "{reason:?}");
    }
    let branch = company(None, Some(VESTIGING));
    let rollen = [
        // The KvK in one rol, the vestiging in another.
        rol(nnp(Some(KVK), None, None), "initiator"),
        rol(vestiging(None, Some(VESTIGING)), "initiator"),
    ];
    assert_eq!(
        why(zaak(1), &rollen, &branch, &policy),
        Some(Reason::Vestiging)
    );
}

#[test]
fn one_rol_that_carries_everything_is_enough() {
    let rollen = [
        rol(persoon(ANDER), "initiator"),
        geldig(initiator(), None, Some(date(2026, 11, 23))),
        initiator(),
    ];
    assert_eq!(why(zaak(1), &rollen, &jan(), &Policy::default()), None);
}

#[test]
fn a_rol_by_url_makes_a_zaak_unprovable_unless_another_rol_counts() {
    let by_url = || {
        rol(
            zijspan::domain::zgw::Betrokkene::Url("https://x.example/1".to_owned()),
            "initiator",
        )
    };
    let mut hidden = HiddenCounts::default();
    let verdict = judge(zaak(1), &[by_url()], &jan(), &Policy::default());
    assert_eq!(verdict.reason(), Some(Reason::RolOnbewijsbaar));
    assert!(verdict.or_count(&mut hidden).is_none());
    assert!(hidden.unprovable());
    let rollen = [by_url(), initiator()];
    assert_eq!(why(zaak(1), &rollen, &jan(), &Policy::default()), None);
}

#[test]
fn an_intern_zaaktype_is_hidden_and_so_is_one_that_does_not_say() {
    let with = |indicatie: Option<&str>| {
        let zaaktype = Zaaktype {
            indicatie_intern_of_extern: indicatie.map(str::to_owned),
            ..zaaktype()
        };
        let known = KnownZaaktype {
            zaaktype: &zaaktype,
            domein: Some("PORTL"),
        };
        let rollen = [initiator()];
        judge_zaak(zaak(1), Some(known), &rollen, &jan(), &Policy::default()).reason()
    };
    assert_eq!(with(Some("extern")), None);
    assert_eq!(with(Some("Extern ")), None);
    assert_eq!(with(Some("intern")), Some(Reason::ZaaktypeIntern));
    assert_eq!(with(Some("")), Some(Reason::ZaaktypeOnbekend));
    assert_eq!(with(None), Some(Reason::ZaaktypeOnbekend));
}

#[test]
fn an_unknown_or_other_zaaktype_hides() {
    let rollen = [initiator()];
    let policy = Policy::default();
    let verdict = judge_zaak(zaak(1), None, &rollen, &jan(), &policy);
    assert_eq!(verdict.reason(), Some(Reason::ZaaktypeOnbekend));
    let other = Zaak {
        zaaktype: Some(reference(ResourceKind::Zaaktype, 2)),
        ..zaak(1)
    };
    assert_eq!(why_jan(other, &policy), Some(Reason::ZaaktypeOnbekend));
    let none = Zaak {
        zaaktype: None,
        ..zaak(1)
    };
    assert_eq!(why_jan(none, &policy), Some(Reason::ZaaktypeOnbekend));
}

#[test]
fn a_zaaktype_that_the_policy_hides_is_hidden() {
    let hidden = policy(serde_json::json!({
        "zaaktypen": [{"catalogus": "PORTL", "identificatie": "ZT-1", "tonen": false}]
    }));
    assert_eq!(why_jan(zaak(1), &hidden), Some(Reason::ZaaktypeVerborgen));
    let new_ones = policy(serde_json::json!({"nieuwe_zaaktypen": "verbergen"}));
    assert_eq!(why_jan(zaak(1), &new_ones), Some(Reason::ZaaktypeVerborgen));
}

#[test]
fn the_ceiling_hides_what_is_above_it() {
    for level in Vertrouwelijkheid::ALL {
        for ceiling in Vertrouwelijkheid::ALL {
            let policy = Policy {
                zaak_vertrouwelijkheid: ceiling,
                ..Policy::default()
            };
            let zaak = Zaak {
                vertrouwelijkheid: Some(level),
                ..zaak(1)
            };
            let expected = (level > ceiling).then_some(Reason::Vertrouwelijkheid);
            assert_eq!(why_jan(zaak, &policy), expected, "{level:?} {ceiling:?}");
        }
    }
}

#[test]
fn unknown_confidentiality_hides_under_any_ceiling() {
    let policy = Policy {
        zaak_vertrouwelijkheid: Vertrouwelijkheid::ZeerGeheim,
        ..Policy::default()
    };
    let zaak = Zaak {
        vertrouwelijkheid: None,
        ..zaak(1)
    };
    assert_eq!(
        why_jan(zaak, &policy),
        Some(Reason::VertrouwelijkheidOnbekend)
    );
}

#[test]
fn zaken_from_before_the_visible_day_are_hidden() {
    let policy = policy(serde_json::json!({"zichtbaar_vanaf": "2026-01-01"}));
    let started = |day| Zaak {
        startdatum: day,
        ..zaak(1)
    };
    assert_eq!(why_jan(started(Some(date(2026, 1, 1))), &policy), None);
    let before = started(Some(date(2025, 12, 31)));
    assert_eq!(why_jan(before, &policy), Some(Reason::ZichtbaarVanaf));
    assert_eq!(
        why_jan(started(None), &policy),
        Some(Reason::ZichtbaarVanaf)
    );
    assert_eq!(why_jan(started(None), &Policy::default()), None);
}

#[test]
fn a_decision_of_another_zaak_is_not_shown() {
    let besluit = |zaak| Besluit {
        id: reference(ResourceKind::Besluit, 1),
        zaak: Some(zaak_ref(zaak)),
        besluittype: None,
        datum: None,
        ingangsdatum: None,
        vervaldatum: None,
        publicatiedatum: None,
        verzenddatum: None,
        uiterlijke_reactiedatum: None,
        toelichting: None,
    };
    let prove = |zaak| {
        Proven::<Besluit>::child(besluit(zaak), Some(&zaak_ref(zaak)), &zaak_ref(zaak)).unwrap()
    };
    assert!(judge_besluit(prove(1), &shown("initiator")).is_shown());
    assert_eq!(
        judge_besluit(prove(2), &shown("initiator")).reason(),
        Some(Reason::AndereZaak)
    );
}

#[test]
fn a_substatus_is_shown_to_betrokkenen_where_the_policy_says_so() {
    let substatus = |zaak, doelgroep: Option<&str>| {
        let value = Substatus {
            zaak: Some(zaak_ref(zaak)),
            status: None,
            omschrijving: None,
            tijdstip: None,
            doelgroep: doelgroep.map(str::to_owned),
        };
        Proven::<Substatus>::child(value, Some(&zaak_ref(zaak)), &zaak_ref(zaak)).unwrap()
    };
    let on = policy(serde_json::json!({"substatussen": true}));
    let off = Policy::default();
    let why = |policy: &Policy, zaak, doelgroep| {
        let regels = policy.zaaktype(Some("PORTL"), Some("ZT-1"));
        judge_substatus(substatus(zaak, doelgroep), &shown("initiator"), &regels).reason()
    };
    assert_eq!(why(&on, 1, Some("betrokkenen")), None);
    assert_eq!(why(&on, 1, Some("Betrokkenen")), None);
    for doelgroep in [Some("intern"), Some(""), Some("iedereen"), None] {
        assert_eq!(why(&on, 1, doelgroep), Some(Reason::SubstatusIntern));
    }
    assert_eq!(why(&on, 2, Some("betrokkenen")), Some(Reason::AndereZaak));
    assert_eq!(
        why(&off, 1, Some("betrokkenen")),
        Some(Reason::SubstatusUit)
    );
}

/// Zaken n under hoofdzaak h, all shown to Jan.
fn family(pairs: &[(u128, Option<u128>)]) -> Vec<Show<ShownZaak>> {
    let show = |&(n, hoofdzaak): &(u128, Option<u128>)| {
        let zaak = Zaak {
            hoofdzaak: hoofdzaak.map(zaak_ref),
            ..zaak(n)
        };
        let rollen = [Rol {
            zaak: Some(zaak_ref(n)),
            ..initiator()
        }];
        match judge(zaak, &rollen, &jan(), &Policy::default()) {
            Verdict::Show(shown) => shown,
            Verdict::Hide(reason) => panic!("{reason:?}"),
        }
    };
    pairs.iter().map(show).collect()
}

fn folded(pairs: &[(u128, Option<u128>)], deelzaken: Deelzaken) -> Vec<(u128, Vec<u128>)> {
    let number = |zaak: &Show<ShownZaak>| zaak.get().zaak().id.id.as_u128();
    let policy = Policy {
        deelzaken,
        ..Policy::default()
    };
    fold(family(pairs), &policy)
        .iter()
        .map(|entry| {
            let under = entry.deelzaken.iter().map(number).collect();
            (number(&entry.zaak), under)
        })
        .collect()
}

#[test]
fn deelzaken_fold_under_their_hoofdzaak_unless_the_policy_lists_them() {
    let pairs = [(1, Some(2)), (2, None), (3, Some(2)), (4, None)];
    assert_eq!(
        folded(&pairs, Deelzaken::Gevouwen),
        [(2, vec![1, 3]), (4, vec![])]
    );
    assert_eq!(folded(&pairs, Deelzaken::Los).len(), 4);
}

#[test]
fn a_deelzaak_whose_hoofdzaak_is_not_shown_stays_in_the_list() {
    assert_eq!(
        folded(&[(1, Some(9)), (2, None)], Deelzaken::Gevouwen),
        [(1, vec![]), (2, vec![])]
    );
}

#[test]
fn a_circle_or_a_chain_of_hoofdzaken_makes_nothing_vanish() {
    for pairs in [
        vec![(1, Some(2)), (2, Some(1))],
        vec![(1, Some(1))],
        vec![(1, Some(2)), (2, Some(3)), (3, None)],
    ] {
        let list = folded(&pairs, Deelzaken::Gevouwen);
        let count: usize = list.iter().map(|(_, under)| 1 + under.len()).sum();
        assert_eq!(count, pairs.len(), "{list:?}");
    }
}

#[test]
fn folding_keeps_the_order_of_the_list() {
    let pairs = [(1, Some(2)), (2, Some(3)), (3, None), (4, None)];
    assert_eq!(
        folded(&pairs, Deelzaken::Gevouwen),
        [(1, vec![]), (3, vec![2]), (4, vec![])]
    );
}

#[test]
fn every_allowed_rol_shows_alone() {
    for soort in RolSoort::ALL {
        let rollen = [rol(persoon(JAN), soort.as_str())];
        assert_eq!(why(zaak(1), &rollen, &jan(), &with_rollen(&[soort])), None);
    }
}
