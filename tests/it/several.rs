//! Several zaaksystemen behind one list, and a page that answers at its deadline with what is there.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use http::Method;
use serde_json::{Value, json};
use zijspan::app::Keeping;

use crate::harness::World;

const NOOR: usize = 0;

async fn three() -> World {
    World::with(|args| args.sources = 3).await
}

/// One part with a budget, and how long it took.
async fn within(
    world: &World,
    token: &str,
    budget_ms: u64,
    kind: &str,
    params: Value,
) -> (Value, Duration) {
    let body =
        json!({"budget_ms": budget_ms, "parts": [{"id": "p", "kind": kind, "params": params}]});
    #[expect(clippy::disallowed_methods, reason = "measures what a caller waits")]
    let began = Instant::now();
    let answer = world
        .json(Method::POST, "/v1/page", Some(token), &body)
        .await;
    (answer.body["parts"][0].clone(), began.elapsed())
}

fn states(part: &Value) -> Vec<&str> {
    let sources = part["sources"].as_array().unwrap();
    sources
        .iter()
        .map(|source| source["state"].as_str().unwrap())
        .collect()
}

fn zaken(part: &Value) -> &Vec<Value> {
    part["data"]["zaken"].as_array().unwrap()
}

#[tokio::test]
async fn the_zaken_of_three_sources_stand_in_one_list_each_once_open_ones_first() {
    let world = three().await;
    let token = world.log_in(NOOR).await;
    let first = world.part(&token, "zaken", json!({"page_size": 10})).await;
    let given: u64 = first["sources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|source| source["count"].as_u64().unwrap())
        .sum();
    let mut seen = Vec::new();
    let mut cursor = Value::Null;
    loop {
        let params = json!({"page_size": 10, "cursor": cursor});
        let part = world.part(&token, "zaken", params).await;
        assert_eq!(part["state"], "ok", "{part}");
        seen.extend(zaken(&part).iter().map(|zaak| {
            let text = |name: &str| zaak[name].as_str().unwrap_or_default().to_owned();
            (
                !zaak["open"].as_bool().unwrap(),
                text("startdatum"),
                text("handle"),
            )
        }));
        cursor = part["data"]["next"].clone();
        if cursor.is_null() {
            assert_eq!(
                part["data"]["total"],
                json!({"value": seen.len(), "at_least": false})
            );
            break;
        }
    }
    let handles: BTreeSet<_> = seen.iter().map(|(_, _, handle)| handle).collect();
    assert_eq!(handles.len(), seen.len(), "each once");
    assert_eq!(
        u64::try_from(seen.len()).unwrap(),
        given,
        "and none is passed over"
    );
    let in_order = seen.is_sorted_by(|one, other| {
        (one.0, std::cmp::Reverse(&one.1)) <= (other.0, std::cmp::Reverse(&other.1))
    });
    assert!(in_order, "{seen:?}");
    world.stop().await;
}

#[tokio::test]
async fn a_source_that_hangs_does_not_hold_up_the_others_and_is_fetched_when_asked_again() {
    let world = three().await;
    let token = world.log_in(NOOR).await;
    let all = world.part(&token, "zaken", json!({"page_size": 100})).await;
    world
        .fault(json!({"upstream": "bron2", "mode": "none", "latency_ms": 1500}))
        .await;
    world.forget_answers();
    let (part, took) = within(&world, &token, 500, "zaken", json!({"page_size": 100})).await;
    assert!(took < Duration::from_millis(900), "{took:?}");
    assert_eq!(part["state"], "partial", "{part}");
    assert_eq!(part["problem"]["reason"], "late");
    assert_eq!(states(&part), ["answered", "late", "answered"]);
    assert!(!zaken(&part).is_empty() && zaken(&part).len() < zaken(&all).len());
    // The slow one went on behind the page: nothing is asked a second time.
    world.clear_calls().await;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let (part, _) = within(&world, &token, 2500, "zaken", json!({"page_size": 100})).await;
    assert_eq!(part["state"], "ok", "{part}");
    assert_eq!(zaken(&part).len(), zaken(&all).len());
    let lists = world.calls().await.paths;
    let again = lists.iter().any(|(path, _)| path.ends_with("/zaken/_zoek"));
    assert!(!again, "{lists:?}");
    world.stop().await;
}

#[tokio::test]
async fn a_zaak_is_shown_at_the_deadline_without_what_hangs() {
    let world = World::start().await;
    let token = world.log_in(NOOR).await;
    let list = world.part(&token, "zaken", json!({})).await;
    let params = json!({"handle": list["data"]["zaken"][0]["handle"]});
    let whole = world.part(&token, "zaak", params.clone()).await;
    assert_eq!(whole["state"], "ok", "{whole}");
    for (upstream, path, missing) in [
        (
            "zaken",
            "/zaken/api/v1/zaakinformatieobjecten",
            "documenten",
        ),
        ("zaken", "/zaken/api/v1/statussen", "stappen"),
        ("besluiten", "/besluiten/api/v1/besluiten", "besluiten"),
        (
            "documenten",
            "/documenten/api/v1/enkelvoudiginformatieobjecten/_zoek",
            "documenten",
        ),
    ] {
        world
            .fault(json!({"upstream": upstream, "mode": "hang", "path": path}))
            .await;
        // Anew, so that it does not wait for what hung before.
        let token = world.log_in(NOOR).await;
        let (part, took) = within(&world, &token, 600, "zaak", params.clone()).await;
        assert!(took < Duration::from_millis(1000), "{path}: {took:?}");
        assert_eq!(part["state"], "partial", "{path}: {part}");
        assert_eq!(part["problem"]["reason"], "late", "{path}");
        assert_eq!(part["problem"]["missing"], json!([missing]), "{path}");
        assert_eq!(states(&part), ["late"], "{path}");
        assert_eq!(part["data"]["zaaknummer"], whole["data"]["zaaknummer"]);
        world.no_faults().await;
    }
    world.stop().await;
}

/// Two sources in front of one zaaksysteem, as when a gateway stands beside it.
#[tokio::test]
async fn a_zaak_that_two_sources_offer_stands_in_the_list_once() {
    let world = World::edited(Keeping::InMemory, |_, toml| {
        let (before, source) = toml.split_once("[[site.source]]").unwrap();
        let end = source.find("\n[[").unwrap_or(source.len());
        let (source, after) = source.split_at(end);
        let copy = source.replacen("name = \"zgw\"", "name = \"kopie\"", 1);
        assert_ne!(copy, source, "the source has another name");
        format!("{before}[[site.source]]{source}\n[[site.source]]{copy}{after}")
    })
    .await;
    let token = world.log_in(NOOR).await;
    let part = world.part(&token, "zaken", json!({"page_size": 100})).await;
    assert_eq!(part["state"], "ok", "{part}");
    let counts: Vec<u64> = part["sources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|source| source["count"].as_u64().unwrap())
        .collect();
    assert_eq!(counts, [25, 25]);
    assert_eq!(
        part["data"]["total"],
        json!({"value": 25, "at_least": false})
    );
    let numbers: BTreeSet<&str> = zaken(&part)
        .iter()
        .map(|zaak| zaak["zaaknummer"].as_str().unwrap())
        .collect();
    assert_eq!((numbers.len(), zaken(&part).len()), (25, 25));
    world.stop().await;
}
