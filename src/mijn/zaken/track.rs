//! Track & trace: from the status line of a zaaktype and the statussen that were set to the steps that a
//! resident sees. Statustypen and statussen are matched by reference, never by their text.

use crate::domain::zgw::{Status, Statustype, Substatus};
use crate::domain::{Timestamp, non_empty};
use crate::gate::Show;
use crate::policy::{Beurt, StatusBetekenis, ZaaktypeRegels};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StapState {
    Done,
    Current,
    Todo,
}

impl StapState {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Current => "current",
            Self::Todo => "todo",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stap {
    pub label: String,
    pub toelichting: Option<String>,
    pub state: StapState,
    /// When the step was reached; none while it is still to come.
    pub datum: Option<Timestamp>,
    pub substatussen: Vec<(String, Option<Timestamp>)>,
}

/// Where the zaak is now, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Current {
    pub label: String,
    pub toelichting: Option<String>,
    pub datum: Option<Timestamp>,
    /// Only where the policy says so; nothing is claimed otherwise.
    pub beurt: Option<Beurt>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Track {
    pub stappen: Vec<Stap>,
    pub current: Option<Current>,
}

/// The line of a zaak. Exactly one step is current while the zaak is open and has a status; none is when
/// it is closed.
pub fn track(
    statustypen: &[Statustype],
    statussen: &[Status],
    substatussen: &[Show<Substatus>],
    regels: &ZaaktypeRegels<'_>,
    open: bool,
) -> Track {
    let line = line(statustypen, regels);
    let place = |status: &Status| {
        let wanted = status.statustype.as_ref()?;
        line.iter().position(|step| step.id == *wanted)
    };
    // A status whose step is hidden or unknown says nothing; the one before it still stands.
    let last = statussen
        .iter()
        .filter_map(|status| place(status).map(|at| (at, status)))
        .max_by_key(|(at, status)| (status.laatst_gezet == Some(true), status.datum_gezet, *at));
    let Some((reached, status)) = last else {
        return Track {
            stappen: line
                .iter()
                .map(|step| stap(step, regels, StapState::Todo, None))
                .collect(),
            current: None,
        };
    };
    let now = match (open, regels.status_betekenis()) {
        (false, _) => None,
        (true, StatusBetekenis::Bezig) => Some(reached),
        // The next milestone is what is being worked on; beyond the last one there is none.
        (true, StatusBetekenis::Bereikt) => Some((reached + 1).min(line.len() - 1)),
    };
    let mut stappen: Vec<Stap> = line
        .iter()
        .enumerate()
        .map(|(at, step)| {
            let state = if now == Some(at) {
                StapState::Current
            } else if at <= reached {
                StapState::Done
            } else {
                StapState::Todo
            };
            let datum = (at <= reached)
                .then(|| {
                    statussen
                        .iter()
                        .filter(|status| status.statustype.as_ref() == Some(&step.id))
                        .filter_map(|status| status.datum_gezet)
                        .max()
                })
                .flatten();
            stap(step, regels, state, datum)
        })
        .collect();
    for substatus in substatussen {
        let substatus = substatus.get();
        let Some(label) = non_empty(substatus.omschrijving.as_deref()) else {
            continue;
        };
        let at = match &substatus.status {
            Some(of) => statussen
                .iter()
                .find(|status| status.id.as_ref() == Some(of))
                .and_then(place),
            None => Some(reached),
        };
        if let Some(stap) = at.and_then(|at| stappen.get_mut(at)) {
            stap.substatussen
                .push((label.to_owned(), substatus.tijdstip));
        }
    }
    for stap in &mut stappen {
        stap.substatussen.sort_by_key(|(_, at)| *at);
    }
    Track {
        stappen,
        current: current(status, statustypen, regels, open),
    }
}

/// A single status in words: for the list, where only the last one is known.
pub fn current(
    status: &Status,
    statustypen: &[Statustype],
    regels: &ZaaktypeRegels<'_>,
    open: bool,
) -> Option<Current> {
    let wanted = status.statustype.as_ref()?;
    let step = statustypen
        .iter()
        .filter(|step| step.id == *wanted)
        .find(|step| !regels.verbergt_status(step.volgnummer, step.omschrijving.as_deref()))?;
    let own = regels
        .statustype(step.volgnummer, step.omschrijving.as_deref())
        .bekend();
    Some(Current {
        label: label(step, regels),
        toelichting: own
            .and_then(|own| non_empty(own.toelichting.as_deref()))
            .map(str::to_owned),
        datum: status.datum_gezet,
        beurt: own.and_then(|own| own.beurt).filter(|_| open),
    })
}

/// The steps that are shown, in order. Where numbers are missing or the same, the source's order stands.
fn line<'s>(statustypen: &'s [Statustype], regels: &ZaaktypeRegels<'_>) -> Vec<&'s Statustype> {
    let mut line: Vec<&Statustype> = statustypen
        .iter()
        .filter(|step| !regels.verbergt_status(step.volgnummer, step.omschrijving.as_deref()))
        .collect();
    line.sort_by_key(|step| step.volgnummer.unwrap_or(i64::MAX));
    line
}

fn stap(
    step: &Statustype,
    regels: &ZaaktypeRegels<'_>,
    state: StapState,
    datum: Option<Timestamp>,
) -> Stap {
    let own = regels
        .statustype(step.volgnummer, step.omschrijving.as_deref())
        .bekend();
    Stap {
        label: label(step, regels),
        toelichting: own
            .and_then(|own| non_empty(own.toelichting.as_deref()))
            .map(str::to_owned),
        state,
        datum,
        substatussen: Vec::new(),
    }
}

/// The policy's words, else those that the register has for citizens, else the register's own.
fn label(step: &Statustype, regels: &ZaaktypeRegels<'_>) -> String {
    regels
        .statustype(step.volgnummer, step.omschrijving.as_deref())
        .bekend()
        .and_then(|own| non_empty(own.label.as_deref()))
        .or_else(|| non_empty(step.statustekst.as_deref()))
        .or_else(|| non_empty(step.omschrijving.as_deref()))
        .unwrap_or("Stap")
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ResourceKind, ResourceRef, SourceName};
    use crate::policy::Policy;

    fn id(kind: ResourceKind, n: u128) -> ResourceRef {
        ResourceRef {
            source: SourceName::parse("zgw").unwrap(),
            kind,
            id: uuid::Uuid::from_u128(n),
        }
    }

    fn step(n: i64, omschrijving: &str) -> Statustype {
        Statustype {
            id: id(ResourceKind::Statustype, n.unsigned_abs().into()),
            zaaktype: None,
            volgnummer: Some(n),
            omschrijving: Some(omschrijving.to_owned()),
            statustekst: None,
            is_eindstatus: None,
        }
    }

    fn set(step: u128, secs: i64) -> Status {
        Status {
            id: Some(id(ResourceKind::Status, step)),
            zaak: None,
            statustype: Some(id(ResourceKind::Statustype, step)),
            datum_gezet: Some(Timestamp::from_secs(secs)),
            toelichting: None,
            laatst_gezet: None,
        }
    }

    fn line_of(policy: &Policy, statussen: &[Status], open: bool) -> Vec<(String, &'static str)> {
        let steps = [
            step(2, "Behandeld"),
            step(1, "Ontvangen"),
            step(3, "Besloten"),
        ];
        let regels = policy.zaaktype(Some("PORTL"), Some("ZT-1"));
        let states: Vec<_> = track(&steps, statussen, &[], &regels, open)
            .stappen
            .into_iter()
            .map(|stap| (stap.label, stap.state.as_str()))
            .collect();
        states
    }

    fn states(policy: &Policy, statussen: &[Status], open: bool) -> Vec<&'static str> {
        line_of(policy, statussen, open)
            .into_iter()
            .map(|(_, state)| state)
            .collect()
    }

    #[test]
    fn a_milestone_reached_makes_the_next_step_current() {
        let policy = Policy::default();
        assert_eq!(
            states(&policy, &[set(1, 10)], true),
            ["done", "current", "todo"]
        );
        assert_eq!(states(&policy, &[], true), ["todo", "todo", "todo"]);
        // The last milestone is set, but the zaak is not closed yet.
        assert_eq!(
            states(&policy, &[set(3, 10)], true),
            ["done", "done", "current"]
        );
    }

    #[test]
    fn a_status_that_means_busy_is_current_itself() {
        let policy = Policy {
            status_betekenis: StatusBetekenis::Bezig,
            ..Policy::default()
        };
        assert_eq!(
            states(&policy, &[set(1, 10)], true),
            ["current", "todo", "todo"]
        );
    }

    #[test]
    fn a_closed_zaak_has_no_current_step() {
        let policy = Policy::default();
        let all = [set(1, 10), set(3, 30)];
        assert_eq!(states(&policy, &all, false), ["done", "done", "done"]);
        assert_eq!(
            states(&policy, &[set(2, 20)], false),
            ["done", "done", "todo"]
        );
    }

    #[test]
    fn a_reopened_zaak_goes_back_to_the_step_set_last() {
        let policy = Policy::default();
        let reopened = [set(3, 30), set(1, 40)];
        assert_eq!(
            states(&policy, &reopened, true),
            ["done", "current", "todo"]
        );
    }

    /// Some registers know only the day on which a status was set.
    #[test]
    fn of_two_statussen_of_one_moment_the_later_step_counts() {
        let policy = Policy::default();
        for same_day in [[set(1, 0), set(2, 0)], [set(2, 0), set(1, 0)]] {
            assert_eq!(
                states(&policy, &same_day, true),
                ["done", "done", "current"]
            );
        }
    }

    #[test]
    fn a_status_of_an_unknown_statustype_changes_nothing() {
        let policy = Policy::default();
        let strange = [set(1, 10), set(99, 50)];
        assert_eq!(states(&policy, &strange, true), ["done", "current", "todo"]);
    }

    #[test]
    fn words_and_turn_come_from_the_policy_only_for_the_very_step() {
        let policy: Policy = serde_json::from_value(serde_json::json!({"zaaktypen": [{
            "catalogus": "PORTL", "identificatie": "ZT-1",
            "statustypen": [
                {"volgnummer": 1, "omschrijving": "Ontvangen", "label": "Wij hebben uw aanvraag", "beurt": "gemeente"},
                {"volgnummer": 2, "omschrijving": "Heette vroeger anders", "label": "Nooit", "beurt": "inwoner"},
                {"volgnummer": 3, "omschrijving": "Besloten", "verborgen": true}
            ]}]}))
        .unwrap();
        let line = line_of(&policy, &[set(1, 10)], true);
        assert_eq!(
            line,
            [
                ("Wij hebben uw aanvraag".to_owned(), "done"),
                ("Behandeld".to_owned(), "current")
            ]
        );
        let steps = [step(1, "Ontvangen"), step(2, "Behandeld")];
        let regels = policy.zaaktype(Some("PORTL"), Some("ZT-1"));
        let now = |at, open| current(&set(at, 10), &steps, &regels, open).unwrap();
        assert_eq!(now(1, true).beurt, Some(Beurt::Gemeente));
        assert_eq!(now(1, false).beurt, None, "a closed zaak is nobody's turn");
        assert_eq!(now(2, true).beurt, None);
    }
}
