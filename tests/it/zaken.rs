//! The main job: a resident's own zaken over signed HTTP, counted in calls and rounds.

use http::Method;
use serde_json::{Value, json};

use crate::harness::World;

const NOOR: usize = 0;
const NOBODY: usize = 1;
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
