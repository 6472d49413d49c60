//! `GET /v1/status`: which versions and sources there are and how the sources do, for the plugin's settings
//! page. Figures of the process, nothing of a person.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::problem::Problem;
use super::signed::Signed;
use super::state::Api;
use crate::domain::Timestamp;
use crate::mijn::zaken::beheer::{BreakerState, Health, Vitals};
use crate::policy::{Bounds, OffBy, Policy};
use crate::signing::Scope;

/// The version of `docs/wire.md` that this sidecar speaks.
const CONTRACT: u32 = 1;

pub async fn status(State(api): State<Api>, signed: Signed) -> Result<Json<Value>, Problem> {
    if !signed.request.has_scope(Scope::Admin) {
        signed.require(Scope::Pages)?;
    }
    let site = api.site_of(&signed)?;
    let policy = api.policies.policy(&site.id).unwrap_or_default();
    let bounds = api.policies.bounds(&site.id).unwrap_or_default();
    let module = module_off_by(&policy, &bounds);
    let sources: Vec<Value> = site
        .mijn
        .zaken
        .sources()
        .iter()
        .map(|source| {
            let settings = source.zgw.settings();
            let off_by = policy.source_off_by(&settings.name).or(module);
            let vitals = source.zgw.vitals();
            json!({
                "name": settings.name,
                "label": settings.label,
                "state": if off_by.is_some() { "off" } else { of_source(&vitals) },
                "off_by": off_by,
                "components": vitals.iter().map(component).collect::<Vec<_>>(),
            })
        })
        .collect();
    let answers = api.pages.answers_use();
    Ok(Json(json!({
        "version": env!("CARGO_PKG_VERSION"),
        "contract": CONTRACT,
        "site": site.id,
        "environment": site.environment,
        "login": site.logins,
        "modules": { "zaken": policy.modules.zaken },
        "sources": sources,
        "cache": {
            "entries": answers.entries,
            "bytes": answers.bytes,
            "max_bytes": answers.max_bytes,
            "hits": answers.hits,
            "misses": answers.misses,
            "evictions": answers.evictions,
        },
        "time": moment(api.clock.now()),
    })))
}

/// All sources are those of zaken, so they are off when that is.
fn module_off_by(policy: &Policy, bounds: &Bounds) -> Option<OffBy> {
    if !bounds.modules.zaken {
        Some(OffBy::Configuration)
    } else if !policy.modules.zaken {
        Some(OffBy::Policy)
    } else {
        None
    }
}

const SKIPPED: &str = "skipped";
const FAILING: &str = "failing";

/// The worst of the components that were asked.
fn of_source(vitals: &[Vitals]) -> &'static str {
    let is = |state: &str| vitals.iter().any(|vitals| state_of(vitals).0 == state);
    let states = [SKIPPED, FAILING, "ok"];
    states
        .into_iter()
        .find(|state| is(state))
        .unwrap_or("unknown")
}

fn state_of(vitals: &Vitals) -> (&'static str, Option<Timestamp>) {
    match (vitals.breaker.state, vitals.health) {
        (BreakerState::Open | BreakerState::HalfOpen, _) => (SKIPPED, vitals.breaker.since),
        (BreakerState::Closed, Health::Failing) => (FAILING, vitals.since),
        (BreakerState::Closed, Health::Ok) => ("ok", vitals.since),
        (BreakerState::Closed, Health::Unknown) => ("unknown", None),
    }
}

fn component(vitals: &Vitals) -> Value {
    let (state, since) = state_of(vitals);
    json!({
        "component": vitals.component,
        "state": state,
        "since": since.map(moment),
        "last_ok": vitals.last_ok.map(moment),
        "last_failure": vitals.last_failure.map(|failure| json!({
            "at": moment(failure.at),
            "reason": failure.reason,
        })),
        "median_ms": vitals.median_ms,
        "p95_ms": vitals.p95_ms,
        "calls": vitals.calls,
        "failures": vitals.failures,
        "in_flight": vitals.in_flight,
        "waiting": vitals.waiting,
    })
}

/// RFC 3339, to the second.
fn moment(at: Timestamp) -> String {
    let at = jiff::Timestamp::from_second(at.as_secs()).unwrap_or_default();
    at.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mijn::zaken::beheer::{BreakerVitals, Failure};

    fn vitals(component: &'static str, breaker: BreakerState, health: Health) -> Vitals {
        Vitals {
            component,
            breaker: BreakerVitals {
                state: breaker,
                since: Some(Timestamp::from_secs(60)),
            },
            health,
            since: Some(Timestamp::from_secs(30)),
            last_ok: None,
            last_failure: Some(Failure {
                at: Timestamp::from_millis(61_900),
                reason: "timeout",
            }),
            calls: 4,
            failures: 1,
            median_ms: Some(12),
            p95_ms: None,
            in_flight: 2,
            waiting: 3,
        }
    }

    #[test]
    fn a_source_is_as_well_as_its_worst_component() {
        let ok = vitals("zaken", BreakerState::Closed, Health::Ok);
        let unknown = vitals("besluiten", BreakerState::Closed, Health::Unknown);
        let failing = vitals("catalogi", BreakerState::Closed, Health::Failing);
        let probed = vitals("documenten", BreakerState::HalfOpen, Health::Failing);
        let of =
            |list: &[&Vitals]| of_source(&list.iter().map(|&one| one.clone()).collect::<Vec<_>>());
        assert_eq!(of(&[&unknown]), "unknown");
        assert_eq!(of(&[&unknown, &ok]), "ok");
        assert_eq!(of(&[&ok, &failing, &unknown]), "failing");
        assert_eq!(of(&[&ok, &failing, &probed]), "skipped");
    }

    #[test]
    fn a_component_says_since_when_and_what_failed_last() {
        let open = component(&vitals("zaken", BreakerState::Open, Health::Failing));
        assert_eq!(
            open,
            json!({
                "component": "zaken", "state": "skipped", "since": "1970-01-01T00:01:00Z",
                "last_ok": null,
                "last_failure": {"at": "1970-01-01T00:01:01Z", "reason": "timeout"},
                "median_ms": 12, "p95_ms": null, "calls": 4, "failures": 1, "in_flight": 2, "waiting": 3,
            })
        );
        let failing = component(&vitals("zaken", BreakerState::Closed, Health::Failing));
        assert_eq!(failing["since"], "1970-01-01T00:00:30Z");
        let unknown = component(&vitals("zaken", BreakerState::Closed, Health::Unknown));
        assert_eq!(unknown["since"], Value::Null);
    }

    #[test]
    fn the_configuration_is_named_before_the_policy() {
        let mut policy = Policy::default();
        let mut bounds = Bounds::default();
        assert_eq!(module_off_by(&policy, &bounds), None);
        policy.modules.zaken = false;
        assert_eq!(module_off_by(&policy, &bounds), Some(OffBy::Policy));
        bounds.modules.zaken = false;
        assert_eq!(module_off_by(&policy, &bounds), Some(OffBy::Configuration));
    }
}
