//! What `docs/add-a-module.md` says of a module.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use zijspan::mijn::Viewing;
use zijspan::mijn::part::{Answered, Part, PartState};
use zijspan::policy::Policy;

use super::world::{ANNA, BRAM, Mode, Register, Site, company, person, viewing};

const LONG: u64 = 5000;
const SHORT: u64 = 100;

fn wire(part: &Part) -> Value {
    let answered = Answered {
        id: "p1".to_owned(),
        kind: "parkeervergunningen".to_owned(),
        part: part.clone(),
    };
    serde_json::to_value(answered).unwrap()
}

#[tokio::test]
async fn the_list_shows_ones_own_permits_and_says_how_old_they_are() {
    let register = Register::start("parkeren", Mode::Right).await;
    let site = Site::of(&[&register]);
    let anna = viewing(person(ANNA), 1);
    let part = wire(&site.part(&anna, LONG).await);
    assert_eq!(part["state"], "ok");
    assert_eq!(
        part["data"],
        json!({
            "total": {"value": 2, "at_least": false},
            "vergunningen": [
                {"nummer": "P-1", "zone": "Centrum", "geldig_tot": "2027-01-31"},
                {"nummer": "P-3", "zone": "Centrum", "geldig_tot": "2025-01-31"},
            ],
        })
    );
    assert_eq!(part["sources"][0]["count"], 2);
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(5)).await;
    tokio::time::resume();
    let again = wire(&site.part(&anna, LONG).await);
    assert_eq!(again["data"], part["data"]);
    assert!(again["sources"][0]["age_ms"].as_u64().unwrap() >= 5000);
    assert_eq!(register.asked(), 1);
    let other = wire(&site.part(&viewing(person(BRAM), 2), LONG).await);
    assert_eq!(other["data"]["vergunningen"][0]["nummer"], "P-2");
}

#[tokio::test]
async fn params_choose_and_strange_ones_are_not_understood() {
    let register = Register::start("parkeren", Mode::Right).await;
    let site = Site::of(&[&register]);
    let anna = viewing(person(ANNA), 1);
    let until = site.pages.until(Duration::from_millis(LONG));
    let valid = json!({"geldig": true});
    let part = site.module.list(&anna, &valid, &until).await;
    assert_eq!(wire(&part)["data"]["total"]["value"], 1);
    for bad in [json!({"bsn": ANNA}), json!([true]), json!("alles")] {
        let part = site.module.list(&anna, &bad, &until).await;
        assert_eq!(part.problem().unwrap().reason, "params", "{bad}");
    }
}

#[tokio::test]
async fn a_register_that_hangs_is_late_and_there_when_the_page_asks_again() {
    let register = Register::start("parkeren", Mode::Hang).await;
    let site = Site::of(&[&register]);
    let anna = viewing(person(ANNA), 1);
    let part = wire(&site.part(&anna, SHORT).await);
    assert_eq!(
        (&part["state"], &part["data"]),
        (&json!("late"), &json!(null))
    );
    assert_eq!(part["sources"][0]["state"], "late");
    register.release();
    assert_eq!(site.part(&anna, LONG).await.state(), PartState::Ok);
    // The question went on behind the page; it was not asked anew.
    assert_eq!(register.asked(), 1);
}

#[tokio::test]
async fn one_register_that_hangs_does_not_hold_up_the_other() {
    let slow = Register::start("slow", Mode::Hang).await;
    let quick = Register::start("quick", Mode::Right).await;
    let site = Site::of(&[&slow, &quick]);
    let part = wire(&site.part(&viewing(person(ANNA), 1), 1500).await);
    assert_eq!(part["state"], "partial");
    assert_eq!(part["problem"]["reason"], "late");
    assert_eq!(part["data"]["total"], json!({"value": 2, "at_least": true}));
    let states = |at: usize| part["sources"][at]["state"].clone();
    assert_eq!((states(0), states(1)), (json!("late"), json!("answered")));
}

#[tokio::test]
async fn a_register_that_fails_is_unavailable_and_not_empty() {
    let register = Register::start("parkeren", Mode::Fail).await;
    let site = Site::of(&[&register]);
    let part = wire(&site.part(&viewing(person(ANNA), 1), LONG).await);
    assert_eq!(
        (&part["state"], &part["data"]),
        (&json!("unavailable"), &json!(null))
    );
    assert_eq!(part["problem"]["reason"], "server");
    register.set(Mode::Right);
    // A failure is not remembered.
    let again = site.part(&viewing(person(ANNA), 1), LONG).await;
    assert_eq!(again.state(), PartState::Ok);
}

#[tokio::test]
async fn what_is_somebody_elses_is_nowhere_in_the_answer() {
    let register = Register::start("parkeren", Mode::IgnoreFilter).await;
    let site = Site::of(&[&register]);
    let part = wire(&site.part(&viewing(person(ANNA), 1), LONG).await);
    assert_eq!(part["problem"]["reason"], "filter_ignored");
    let text = part.to_string();
    assert!(!text.contains("P-") && !text.contains(BRAM), "{text}");
}

#[tokio::test]
async fn a_list_that_was_cut_off_says_so_with_numbers() {
    let register = Register::start("parkeren", Mode::Endless).await;
    let site = Site::of(&[&register]);
    let part = wire(&site.part(&viewing(person(ANNA), 1), LONG).await);
    assert_eq!(
        (&part["state"], &part["problem"]["reason"]),
        (&json!("partial"), &json!("bound"))
    );
    let source = &part["sources"][0];
    assert_eq!((&source["count"], &source["of"]), (&json!(3), &json!(872)));
}

#[tokio::test]
async fn a_register_that_is_off_is_skipped_and_not_asked() {
    let register = Register::start("parkeren", Mode::Right).await;
    let site = Site::of(&[&register]);
    let off = Viewing {
        policy: Arc::new(Policy {
            bronnen_uit: vec![register.name.clone()],
            ..Policy::default()
        }),
        ..viewing(person(ANNA), 1)
    };
    let part = wire(&site.part(&off, LONG).await);
    assert_eq!(part["problem"]["reason"], "source_off");
    assert_eq!(part["sources"][0]["state"], "skipped");
    assert_eq!(register.asked(), 0);
}

#[tokio::test]
async fn a_branch_is_denied_and_its_company_is_not() {
    let register = Register::start("parkeren", Mode::Right).await;
    let site = Site::of(&[&register]);
    let branch = viewing(company(Some("000037178598")), 1);
    assert_eq!(site.part(&branch, LONG).await.state(), PartState::Denied);
    assert_eq!(register.asked(), 0);
    let part = site.part(&viewing(company(None), 2), LONG).await;
    assert_eq!(wire(&part)["data"]["vergunningen"][0]["nummer"], "P-4");
}
