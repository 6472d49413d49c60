//! `GET /v1/status`: how the sources do, for the board in wp-admin.

use http::Method;
use serde_json::{Value, json};

use crate::harness::World;

async fn status(world: &World) -> Value {
    let answer = world.get("/v1/status", None).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body
}

fn component<'s>(status: &'s Value, name: &str) -> &'s Value {
    let components = status["sources"][0]["components"].as_array().unwrap();
    let found = components.iter().find(|one| one["component"] == name);
    found.unwrap_or_else(|| panic!("{name} in {status}"))
}

#[tokio::test]
async fn the_board_shows_each_component_with_its_figures_and_nobody() {
    let world = World::start().await;
    let before = status(&world).await;
    assert_eq!(before["sources"][0]["state"], "unknown", "{before}");
    let zaken = component(&before, "zaken");
    assert_eq!(zaken["calls"], 0);
    for never in ["since", "last_ok", "last_failure", "median_ms", "p95_ms"] {
        assert_eq!(zaken[never], Value::Null, "{never} of {zaken}");
    }

    let token = world.log_in(0).await;
    world.part(&token, "zaken", json!({})).await;
    let now = status(&world).await;
    assert_eq!(now["sources"][0]["state"], "ok", "{now}");
    assert_eq!(now["sources"][0]["off_by"], Value::Null);
    let zaken = component(&now, "zaken");
    assert_eq!(zaken["state"], "ok");
    assert!(zaken["calls"].as_u64().unwrap() >= 1, "{zaken}");
    assert_eq!(zaken["failures"], 0);
    // The clock of the test.
    assert_eq!(zaken["last_ok"], "2026-11-24T09:00:00Z");
    assert_eq!(zaken["since"], "2026-11-24T09:00:00Z");
    assert!(
        zaken["median_ms"].is_u64() && zaken["p95_ms"].is_u64(),
        "{zaken}"
    );
    assert!(now["cache"]["misses"].as_u64().unwrap() > 0, "{now}");
    assert!(now["cache"]["max_bytes"].as_u64().unwrap() > 0, "{now}");

    world.clock.advance_secs(30);
    world
        .fault(json!({"upstream": "zaken", "mode": "status", "status": 500}))
        .await;
    for _ in 0..4 {
        world.part(&token, "zaken", json!({})).await;
    }
    let now = status(&world).await;
    assert_eq!(now["sources"][0]["state"], "skipped", "{now}");
    let zaken = component(&now, "zaken");
    assert_eq!(zaken["state"], "skipped");
    assert_eq!(zaken["since"], "2026-11-24T09:00:30Z");
    assert_eq!(zaken["last_ok"], "2026-11-24T09:00:00Z");
    assert_eq!(
        zaken["last_failure"],
        json!({"at": "2026-11-24T09:00:30Z", "reason": "server"})
    );
    // The others were not the cause.
    assert_ne!(component(&now, "catalogi")["state"], "skipped", "{now}");
    let text = now.to_string();
    assert!(!text.contains(world.text("/persons/0/bsn")), "{text}");
    assert!(!text.contains("http:"), "{text}");
    world.stop().await;
}

#[tokio::test]
async fn what_is_switched_off_is_off_and_says_by_whom() {
    let world = World::start().await;
    let key = world.admin_key();
    let read = world
        .call(&key, Method::GET, "/v1/admin/policy", None, None)
        .await;
    assert_eq!(read.body["bounds"]["bronnen"], json!(["zgw"]));
    assert_eq!(read.body["bounds"]["bronnen_uit"], json!([]));
    let mut policy = read.body["policy"].clone();
    let mut version = read.body["version"].clone();
    for (field, value, wrong) in [
        ("bronnen_uit", json!(["elders"]), Some("bronnen_uit.0")),
        ("bronnen_uit", json!(["zgw"]), None),
        ("bronnen_uit", json!([]), None),
        ("modules", json!({"zaken": false}), None),
    ] {
        policy[field] = value.clone();
        let body = json!({"version": version, "policy": policy}).to_string();
        let body = Some(("application/json", body.as_bytes()));
        let written = world
            .call(&key, Method::PUT, "/v1/admin/policy", None, body)
            .await;
        if let Some(path) = wrong {
            assert_eq!(written.status, 422, "{}", written.body);
            assert_eq!(written.body["fields"][0]["path"], path);
            continue;
        }
        assert_eq!(written.status, 200, "{}", written.body);
        version = written.body["version"].clone();
        let source = status(&world).await["sources"][0].clone();
        let expected = if value == json!([]) {
            ("unknown", Value::Null)
        } else {
            ("off", json!("policy"))
        };
        assert_eq!(source["state"], expected.0, "{field} {value}: {source}");
        assert_eq!(source["off_by"], expected.1);
    }
    world.stop().await;
}
