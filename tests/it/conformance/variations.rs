//! Live servers that differ from the recorded one, and are configured as it was.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::replay::Ways;
use super::world::{Conformance, Settings};

async fn walk(conformance: &Conformance, token: &str, status: &str) -> Vec<String> {
    let mut numbers = Vec::new();
    let mut cursor = Value::Null;
    loop {
        let params = json!({"status": status, "page_size": 10, "cursor": cursor});
        let part = conformance.list(token, params).await;
        assert_eq!(part["state"], "ok", "{part}");
        let zaken = part["data"]["zaken"].as_array().unwrap();
        assert!(!zaken.is_empty(), "an empty page: {part}");
        numbers.extend(
            zaken
                .iter()
                .map(|zaak| zaak["zaaknummer"].as_str().unwrap().to_owned()),
        );
        cursor = part["data"]["next"].clone();
        if cursor.is_null() {
            return numbers;
        }
    }
}

/// A source decides itself how many zaken it sends in a page, and some decide the order too.
async fn assert_every_zaak_is_reached(settings: Settings) {
    let Some(conformance) = Conformance::with(settings).await else {
        return;
    };
    let token = conformance.log_in().await;
    for (page_size, ignores_ordering) in [(5, false), (20, false), (49, false), (5, true)] {
        conformance.ways(Ways {
            page_size: Some(page_size),
            ignores_ordering,
            ..Ways::default()
        });
        let numbers = walk(&conformance, &token, "all").await;
        assert_eq!(numbers.len(), 47, "{page_size} {ignores_ordering}");
        let distinct: BTreeSet<_> = numbers.into_iter().collect();
        assert_eq!(distinct.len(), 47, "{page_size} {ignores_ordering}");
    }
    conformance.stop().await;
}

#[tokio::test]
async fn every_zaak_is_reached_whatever_the_page_size_of_the_source() {
    assert_every_zaak_is_reached(Settings::default()).await;
}

#[tokio::test]
async fn every_zaak_is_reached_whatever_the_page_size_with_no_bsn_in_any_url() {
    assert_every_zaak_is_reached(Settings::lines("bsn_in_url = false")).await;
}

#[tokio::test]
async fn what_a_source_does_not_offer_is_asked_for_in_other_words() {
    for (what, ways) in [
        (
            "expand",
            Ways {
                refuses_expand: true,
                ..Ways::default()
            },
        ),
        (
            "ordering",
            Ways {
                refuses_ordering: true,
                ..Ways::default()
            },
        ),
        (
            "zoek 405",
            Ways {
                scenario: vec![("/zaken/api/v1/zaken/_zoek", "fout-405-put-status")],
                ..Ways::default()
            },
        ),
        (
            "zoek 404",
            Ways {
                scenario: vec![("/zaken/api/v1/zaken/_zoek", "fout-404-pad")],
                ..Ways::default()
            },
        ),
        (
            "list of zaaktypen without status",
            Ways {
                wants_status: true,
                ..Ways::default()
            },
        ),
        (
            "list of zaaktypen not for us",
            Ways {
                scenario: vec![("/catalogi/api/v1/zaaktypen", "fout-geen-rechten-lijst")],
                ..Ways::default()
            },
        ),
        (
            "catalogussen",
            Ways {
                scenario: vec![("/catalogi/api/v1/catalogussen", "fout-404-pad")],
                ..Ways::default()
            },
        ),
        (
            "concept",
            Ways {
                concept: Some("ZT-OMGEVING"),
                ..Ways::default()
            },
        ),
        (
            "odd fields",
            Ways {
                odd_fields: true,
                ..Ways::default()
            },
        ),
    ] {
        let Some(conformance) = Conformance::start().await else {
            return;
        };
        conformance.ways(ways);
        let token = conformance.log_in().await;
        let part = conformance.list(&token, json!({"page_size": 100})).await;
        assert_eq!(part["state"], "ok", "{what}: {part}");
        let zaken = part["data"]["zaken"].as_array().unwrap();
        assert_eq!(zaken.len(), 47, "{what}");
        assert!(zaken.iter().all(|zaak| zaak["zaaktype"].is_string()));
        conformance.stop().await;
    }
}

#[tokio::test]
async fn without_a_bsn_in_urls_a_search_that_is_refused_is_not_asked_by_get() {
    let Some(conformance) = Conformance::with(Settings::lines("bsn_in_url = false")).await else {
        return;
    };
    conformance.ways(Ways {
        scenario: vec![("/zaken/api/v1/zaken/_zoek", "fout-405-put-status")],
        ..Ways::default()
    });
    let token = conformance.log_in().await;
    let part = conformance.list(&token, json!({})).await;
    assert_eq!(part["state"], "unavailable", "{part}");
    let seen = conformance.replay.seen();
    assert!(seen.iter().all(|call| !call.target.contains("999993653")));
    conformance.stop().await;
}

#[tokio::test]
async fn the_check_of_the_webbeheerder_finds_nothing_wrong() {
    let Some(conformance) = Conformance::start().await else {
        return;
    };
    let key = conformance.world.admin_key();
    let answer = conformance
        .world
        .call(&key, http::Method::GET, "/v1/admin/catalogus", None, None)
        .await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.body["zaaktypen"].as_array().unwrap().len(), 3);
    conformance.stop().await;
}

/// Open Zaak gives every detail an ETag, and answers 304 to it.
#[tokio::test]
async fn a_type_that_was_read_by_its_own_address_is_asked_for_a_change_only() {
    let Some(conformance) = Conformance::start().await else {
        return;
    };
    // Only a concept is asked for by its own address: no list has it.
    let ways = Ways {
        concept: Some("ZT-OMGEVING"),
        ..Ways::default()
    };
    conformance.ways(ways);
    let token = conformance.log_in().await;
    let before = conformance.list(&token, json!({"page_size": 100})).await;
    assert_eq!(before["state"], "ok", "{before}");
    conformance.world.clock.advance_secs(3600);
    conformance.replay.clear();
    let token = conformance.log_in().await;
    let after = conformance.list(&token, json!({"page_size": 100})).await;
    assert_eq!(before["data"]["zaken"], after["data"]["zaken"]);
    let path = "/catalogi/api/v1/zaaktypen/";
    let statuses = || {
        let seen = conformance.replay.seen();
        let details = seen.iter().filter(|call| call.target.starts_with(path));
        details.map(|call| call.status).collect::<Vec<_>>()
    };
    for _ in 0..100 {
        if !statuses().is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(statuses(), [304]);
    let again = conformance.list(&token, json!({"page_size": 100})).await;
    assert_eq!(before["data"]["zaken"], again["data"]["zaken"]);
    assert_eq!(statuses(), [304], "it is fresh again");
    conformance.stop().await;
}
