//! What holds for every line of track & trace, whatever a register may send.

use proptest::prelude::*;
use uuid::Uuid;
use zijspan::domain::zgw::{Status, Statustype};
use zijspan::domain::{ResourceKind, ResourceRef, SourceName, Timestamp};
use zijspan::mijn::zaken::track::{StapState, Track, track};
use zijspan::policy::{Policy, StatusBetekenis};

const STEPS: u128 = 5;

fn reference(kind: ResourceKind, n: u128) -> ResourceRef {
    ResourceRef {
        source: SourceName::parse("zgw").unwrap(),
        kind,
        id: Uuid::from_u128(n),
    }
}

prop_compose! {
    fn any_step(n: u128)(
        volgnummer in prop::option::weighted(0.9, -1i64..8),
        omschrijving in prop::option::of(prop::sample::select(vec!["Ontvangen", "Bezig", "Klaar", "", "Niet Beschikbaar"])),
    ) -> Statustype {
        Statustype {
            id: reference(ResourceKind::Statustype, n),
            zaaktype: None,
            volgnummer,
            omschrijving: omschrijving.map(str::to_owned),
            statustekst: None,
            is_eindstatus: None,
        }
    }
}

prop_compose! {
    // Some statussen name a statustype that the line does not have, or none at all.
    fn any_status()(
        step in prop::option::weighted(0.9, 0u128..STEPS + 2),
        secs in prop::option::weighted(0.9, 0i64..1_000),
        laatst_gezet in prop::option::of(any::<bool>()),
    ) -> Status {
        Status {
            id: None,
            zaak: None,
            statustype: step.map(|n| reference(ResourceKind::Statustype, n)),
            datum_gezet: secs.map(Timestamp::from_secs),
            toelichting: None,
            laatst_gezet,
        }
    }
}

fn any_line() -> impl Strategy<Value = Vec<Statustype>> {
    (0..STEPS).map(any_step).collect::<Vec<_>>()
}

fn policy(betekenis: StatusBetekenis) -> Policy {
    Policy {
        status_betekenis: betekenis,
        ..Policy::default()
    }
}

fn states(track: &Track) -> Vec<StapState> {
    track.stappen.iter().map(|stap| stap.state).collect()
}

proptest! {
    #[test]
    fn the_line_is_done_then_current_then_todo(
        steps in any_line(), statussen in prop::collection::vec(any_status(), 0..6), open: bool, bezig: bool,
    ) {
        let policy = policy(if bezig { StatusBetekenis::Bezig } else { StatusBetekenis::Bereikt });
        let regels = policy.zaaktype(Some("PORTL"), Some("ZT-1"));
        let line = track(&steps, &statussen, &[], &regels, open);
        let states = states(&line);
        let count = |wanted| states.iter().filter(|state| **state == wanted).count();
        let shape: Vec<StapState> = std::iter::repeat_n(StapState::Done, count(StapState::Done))
            .chain(std::iter::repeat_n(StapState::Current, count(StapState::Current)))
            .chain(std::iter::repeat_n(StapState::Todo, count(StapState::Todo)))
            .collect();
        prop_assert_eq!(&states, &shape);
        let expected = usize::from(open && line.current.is_some());
        prop_assert_eq!(count(StapState::Current), expected);
        prop_assert!(line.stappen.iter().all(|stap| stap.state != StapState::Todo || stap.datum.is_none()));
        prop_assert!(line.stappen.iter().all(|stap| !stap.label.trim().is_empty()));
    }

    #[test]
    fn only_references_match_never_texts(
        steps in any_line(), statussen in prop::collection::vec(any_status(), 0..6), open: bool,
    ) {
        // With every step called the same, the states are those of the steps as they were.
        let policy = policy(StatusBetekenis::Bereikt);
        let regels = policy.zaaktype(Some("PORTL"), Some("ZT-1"));
        let named = |name: fn(usize) -> String| -> Vec<Statustype> {
            steps.iter().enumerate().map(|(at, step)| Statustype {
                omschrijving: Some(name(at)),
                ..step.clone()
            }).collect()
        };
        let same = track(&named(|_| "Stap".to_owned()), &statussen, &[], &regels, open);
        let different = track(&named(|at| format!("Stap {at}")), &statussen, &[], &regels, open);
        prop_assert_eq!(states(&same), states(&different));
    }
}
