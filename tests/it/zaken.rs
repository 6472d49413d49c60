//! The main job: a resident's own zaken over signed HTTP, counted in calls and rounds.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::Method;
use serde_json::{Value, json};

use crate::harness::World;

const NOOR: usize = 0;
const NOBODY: usize = 1;
const CONFIDENTIAL: usize = 4;
const MANY: usize = 6;

async fn first_zaak(world: &World, token: &str) -> Value {
    let part = world.part(token, "zaken", json!({})).await;
    part["data"]["zaken"][0].clone()
}

#[tokio::test]
async fn a_resident_sees_their_own_zaken() {
    let world = World::start().await;
    let token = world.log_in(NOOR).await;
    let part = world.part(&token, "zaken", json!({})).await;
    assert_eq!(part["state"], "ok", "{part}");
    let zaken = part["data"]["zaken"].as_array().unwrap();
    assert_eq!(zaken.len(), 20, "{part}");
    for zaak in zaken {
        assert!(zaak["zaaknummer"].as_str().unwrap().starts_with("ZAAK-"));
        assert!(zaak["zaaktype"].is_string(), "{zaak}");
        assert!(zaak["handle"].as_str().unwrap().len() > 40);
    }
    let text = part["data"].to_string();
    assert!(!text.contains("http"), "an address left the sidecar");
    world.stop().await;
}

#[tokio::test]
async fn somebody_without_zaken_has_an_empty_list_and_nobody_else_s() {
    let world = World::start().await;
    let token = world.log_in(NOBODY).await;
    let part = world.part(&token, "zaken", json!({})).await;
    assert_eq!(part["state"], "ok");
    assert_eq!(part["data"]["zaken"], json!([]));
    assert_eq!(
        part["data"]["total"],
        json!({"value": 0, "at_least": false})
    );
    let noor = world.log_in(NOOR).await;
    let zaak = first_zaak(&world, &noor).await;
    let stolen = world
        .part(&token, "zaak", json!({"handle": zaak["handle"]}))
        .await;
    assert_eq!(stolen["state"], "not_found");
    assert_eq!(stolen["data"], Value::Null);
    world.stop().await;
}

#[tokio::test]
async fn an_overview_of_twenty_zaken_is_two_calls_in_one_round() {
    let world = World::with(|args| args.zaken = Some(20)).await;
    let token = world.log_in(NOOR).await;
    world.part(&token, "zaken", json!({})).await;
    world.slow_sources().await;
    world.clear_calls().await;
    let part = world.part(&token, "zaken", json!({})).await;
    assert_eq!(part["state"], "ok");
    let calls = world.calls().await;
    assert_eq!((calls.count, calls.rounds), (2, 1), "{calls:?}");
    world.stop().await;
}

#[tokio::test]
async fn a_zaak_page_is_at_most_eight_calls_in_two_rounds() {
    let world = World::start().await;
    let token = world.log_in(NOOR).await;
    let zaak = first_zaak(&world, &token).await;
    let params = json!({"handle": zaak["handle"]});
    let cold = world.part(&token, "zaak", params.clone()).await;
    assert_eq!(cold["state"], "ok", "{cold}");
    world.slow_sources().await;
    world.clear_calls().await;
    let part = world.part(&token, "zaak", params).await;
    let calls = world.calls().await;
    assert!(calls.count <= 8 && calls.rounds <= 2, "{calls:?}");
    assert!(
        part["data"]["stappen"].as_array().unwrap().len() >= 5,
        "{part}"
    );
    assert!(
        part["data"]["documenten"].as_array().unwrap().len() >= 2,
        "{part}"
    );
    world.stop().await;
}

#[tokio::test]
async fn the_first_page_of_872_zaken_is_at_most_twelve_calls_in_two_rounds() {
    let world = World::start().await;
    let token = world.log_in(MANY).await;
    world.part(&token, "zaken", json!({})).await;
    world.slow_sources().await;
    world.clear_calls().await;
    let part = world.part(&token, "zaken", json!({})).await;
    let calls = world.calls().await;
    assert!(calls.count <= 12 && calls.rounds <= 2, "{calls:?}");
    assert_eq!(part["state"], "ok");
    assert_eq!(part["data"]["total"]["at_least"], true);
    world.stop().await;
}

/// What the block asks for when a resident opens the page.
#[tokio::test]
async fn the_open_ones_of_872_zaken_take_no_more_calls_and_are_counted_exactly() {
    let world = World::start().await;
    let token = world.log_in(MANY).await;
    world.part(&token, "zaken", json!({})).await;
    world.slow_sources().await;
    world.clear_calls().await;
    let part = world.part(&token, "zaken", json!({"status": "open"})).await;
    let calls = world.calls().await;
    assert!(calls.count <= 12 && calls.rounds <= 2, "{calls:?}");
    let exactly = json!({"value": 100, "at_least": false});
    assert_eq!(part["data"]["total"], exactly);
    assert_eq!(part["data"]["counts"]["open"], exactly);
    assert_eq!(part["data"]["counts"]["closed"]["at_least"], true);
    world.no_faults().await;
    let pages = walk(&world, &token, json!({"status": "open"})).await;
    assert_eq!(pages.len(), 100, "and no empty page follows");
    world.stop().await;
}

async fn walk(world: &World, token: &str, mut params: Value) -> Vec<String> {
    let mut seen = Vec::new();
    loop {
        let part = world.part(token, "zaken", params.clone()).await;
        assert_eq!(part["state"], "ok", "{part}");
        for zaak in part["data"]["zaken"].as_array().unwrap() {
            seen.push(zaak["zaaknummer"].as_str().unwrap().to_owned());
        }
        params["cursor"] = part["data"]["next"].clone();
        if params["cursor"].is_null() {
            assert_eq!(part["data"]["total"]["value"], seen.len());
            assert_eq!(part["data"]["total"]["at_least"], false);
            return seen;
        }
    }
}

#[tokio::test]
async fn zaken_that_come_after_many_hidden_ones_can_be_reached() {
    let world = World::start().await;
    let token = world.log_in(MANY).await;
    let all = world
        .part(&token, "zaken", json!({"sort": "startdatum"}))
        .await;
    let kinds = all["data"]["filters"]["zaaktypen"].as_array().unwrap();
    let hidden: Vec<Value> = kinds[1..]
        .iter()
        .map(|kind| {
            let (catalogus, identificatie) =
                kind["value"].as_str().unwrap().split_once('/').unwrap();
            json!({"catalogus": catalogus, "identificatie": identificatie, "tonen": false})
        })
        .collect();
    let body = json!({"version": 1, "policy": {"zaaktypen": hidden}}).to_string();
    let written = world
        .call(
            &world.admin_key(),
            Method::PUT,
            "/v1/admin/policy",
            None,
            Some(("application/json", body.as_bytes())),
        )
        .await;
    assert_eq!(written.status, 200, "{}", written.body);
    for status in ["all", "open", "closed"] {
        let seen = walk(&world, &token, json!({"status": status})).await;
        let sorted = world
            .part(
                &token,
                "zaken",
                json!({"status": status, "sort": "startdatum"}),
            )
            .await;
        assert_eq!(sorted["data"]["total"]["value"], seen.len(), "{status}");
    }
    world.stop().await;
}

#[tokio::test]
async fn a_late_part_says_who_is_being_asked() {
    let world = World::start().await;
    let token = world.log_in(NOOR).await;
    let handle = first_zaak(&world, &token).await["handle"].clone();
    world
        .fault(json!({"upstream": "zgw", "mode": "none", "latency_ms": 1500}))
        .await;
    world.forget_answers();
    let body = json!({"budget_ms": 100, "parts": [
        {"id": "a", "kind": "zaken", "params": {}},
        {"id": "b", "kind": "zaak", "params": {"handle": handle}},
    ]});
    let answer = world
        .json(Method::POST, "/v1/page", Some(&token), &body)
        .await;
    for part in answer.body["parts"].as_array().unwrap() {
        assert_eq!(part["state"], "late", "{part}");
        assert_eq!(part["data"], Value::Null);
        assert_eq!(part["sources"][0]["name"], "zgw", "{part}");
        assert_eq!(part["sources"][0]["state"], "late", "{part}");
    }
    world.stop().await;
}

#[tokio::test]
async fn a_page_beyond_the_end_leads_back_to_the_last_one() {
    let world = World::start().await;
    let token = world.log_in(NOOR).await;
    let beyond = json!({
        "sort": "open", "place": {"group": 1, "label": "", "day": 0},
        "tag": 0, "behind": false, "before": 2000,
    });
    let cursor = URL_SAFE_NO_PAD.encode(beyond.to_string());
    let part = world.part(&token, "zaken", json!({"cursor": cursor})).await;
    assert_eq!(part["data"]["zaken"], json!([]));
    let params = json!({"cursor": part["data"]["previous"]});
    let last = world.part(&token, "zaken", params).await;
    assert_eq!(last["data"]["zaken"].as_array().unwrap().len(), 5);
    world.stop().await;
}

#[tokio::test]
async fn words_are_found_in_any_order() {
    let world = World::start().await;
    let token = world.log_in(NOOR).await;
    for (q, found) in [
        ("Kastanjelaan  dakkapel", 1),
        ("omgevingsvergunning dakkapel", 1),
        ("dakkapel zwembad", 0),
    ] {
        let part = world.part(&token, "zaken", json!({"q": q})).await;
        assert_eq!(part["data"]["total"]["value"], found, "{q}");
    }
    world.stop().await;
}

#[tokio::test]
async fn every_zaak_of_an_overview_opens_in_eight_calls_and_two_rounds_at_once() {
    let world = World::start().await;
    let token = world.log_in(NOOR).await;
    let list = world.part(&token, "zaken", json!({})).await;
    world.slow_sources().await;
    for zaak in list["data"]["zaken"].as_array().unwrap() {
        world.clear_calls().await;
        let params = json!({"handle": zaak["handle"]});
        let part = world.part(&token, "zaak", params).await;
        assert_eq!(part["state"], "ok", "{part}");
        let calls = world.calls().await;
        // One round more only for a document of a decision that is not linked to the zaak.
        let more = usize::from(calls.rounds == 3);
        assert!(calls.count <= 8 + more, "{calls:?}");
        assert!(calls.rounds <= 3, "{calls:?}");
    }
    world.stop().await;
}

#[tokio::test]
async fn a_deelzaak_that_cannot_be_asked_about_is_missed_and_not_passed_over() {
    let world = World::start().await;
    let token = world.log_in(CONFIDENTIAL).await;
    let list = world.part(&token, "zaken", json!({})).await;
    let zaken = list["data"]["zaken"].as_array().unwrap();
    let zaak = zaken.iter().find(|zaak| zaak["deelzaken"] == 2).unwrap();
    let params = json!({"handle": zaak["handle"]});
    world.clear_calls().await;
    let part = world.part(&token, "zaak", params.clone()).await;
    assert_eq!(part["state"], "ok", "{part}");
    let deelzaken = part["data"]["deelzaken"].as_array().unwrap();
    let one = deelzaken[0]["handle"].as_str().unwrap();
    world.clear_calls().await;
    world.part(&token, "zaak", json!({"handle": one})).await;
    // Its hoofdzaak is read after it, so both are among the calls; the other deelzaak is neither.
    let calls = world.calls().await;
    world.clear_calls().await;
    world.part(&token, "zaak", params.clone()).await;
    let of_hoofdzaak = world.calls().await;
    let path = "/zaken/api/v1/zaken/";
    let other = of_hoofdzaak
        .paths
        .keys()
        .filter_map(|call| call.strip_prefix("GET "))
        .find(|call| call.starts_with(path) && !calls.paths.contains_key(&format!("GET {call}")))
        .unwrap();
    world
        .fault(json!({"upstream": "zaken", "mode": "status", "status": 500, "path": other}))
        .await;
    let part = world.part(&token, "zaak", params).await;
    assert_eq!(part["state"], "partial", "{part}");
    assert_eq!(part["problem"]["missing"], json!(["deelzaken"]));
    assert_eq!(part["data"]["deelzaken"].as_array().unwrap().len(), 1);
    world.stop().await;
}

#[tokio::test]
async fn a_list_of_a_zaak_without_an_end_is_shown_in_part() {
    let world = World::start().await;
    let token = world.log_in(NOOR).await;
    let params = json!({"handle": first_zaak(&world, &token).await["handle"]});
    for (upstream, path, missing) in [
        ("zaken", "/statussen", "stappen"),
        ("besluiten", "/besluiten$", "besluiten"),
    ] {
        world.no_faults().await;
        world
            .fault(json!({"upstream": upstream, "mode": "many_pages", "path": path}))
            .await;
        let part = world.part(&token, "zaak", params.clone()).await;
        assert_eq!(part["state"], "partial", "{path}: {part}");
        assert_eq!(part["problem"]["reason"], "bound", "{path}");
        assert_eq!(part["problem"]["missing"], json!([missing]), "{path}");
    }
    world.stop().await;
}

#[tokio::test]
async fn pages_hold_every_zaak_once() {
    let world = World::start().await;
    let token = world.log_in(NOOR).await;
    let mut seen = Vec::new();
    let mut cursor = Value::Null;
    loop {
        let part = world
            .part(&token, "zaken", json!({"page_size": 7, "cursor": cursor}))
            .await;
        for zaak in part["data"]["zaken"].as_array().unwrap() {
            seen.push(zaak["zaaknummer"].as_str().unwrap().to_owned());
        }
        cursor = part["data"]["next"].clone();
        if cursor.is_null() {
            assert_eq!(part["data"]["total"]["value"], seen.len());
            break;
        }
    }
    let all = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), all);
    world.stop().await;
}

#[tokio::test]
async fn a_document_is_downloaded_through_a_ticket_that_works_once() {
    let world = World::start().await;
    let token = world.log_in(NOOR).await;
    let zaak = first_zaak(&world, &token).await;
    let page = world
        .part(&token, "zaak", json!({"handle": zaak["handle"]}))
        .await;
    let document = &page["data"]["documenten"][0];
    let ticket = world
        .json(
            Method::POST,
            "/v1/tickets",
            Some(&token),
            &json!({"handle": document["handle"]}),
        )
        .await;
    assert_eq!(ticket.status, 200, "{}", ticket.body);
    world.slow_sources().await;
    world.clear_calls().await;
    let url = ticket.body["url"].as_str().unwrap();
    let ahead = world.http.head(url).send().await.unwrap();
    assert_eq!(ahead.status(), 405, "a look ahead does not use it up");
    let answer = world.http.get(url).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let headers = answer.headers().clone();
    let bytes = answer.bytes().await.unwrap();
    assert_eq!(
        bytes.len() as u64,
        document["omvang"].as_u64().unwrap(),
        "{headers:?}"
    );
    let disposition = headers["content-disposition"].to_str().unwrap();
    assert!(
        disposition.starts_with("attachment; filename="),
        "{disposition}"
    );
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers["cache-control"], "private, no-store");
    let calls = world.calls().await;
    assert!(calls.rounds <= 2, "{calls:?}");
    let again = world.http.get(url).send().await.unwrap();
    assert_eq!(again.status(), 404);
    world.stop().await;
}
