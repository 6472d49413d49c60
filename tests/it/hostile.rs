//! A source that ignores filters and answers with everybody's objects: nothing of it is shown, the
//! paging stops, and the part says so.

use serde_json::{Value, json};

use crate::harness::World;

const NOOR: usize = 0;
const ONE: usize = 2;

/// The fault on one call only.
fn ignore(upstream: &str, method: &str, path: &str) -> Value {
    json!({"upstream": upstream, "mode": "ignore_filter", "method": method, "path": path})
}

fn assert_nothing_leaked(part: &Value, why: &str) {
    assert_eq!(part["state"], "unavailable", "{why}: {part}");
    assert_eq!(part["problem"]["reason"], "filter_ignored", "{why}: {part}");
    assert_eq!(part["data"], Value::Null, "{why}");
    assert_eq!(part["problem"]["code"].as_str().unwrap().len(), 8);
}

#[tokio::test]
async fn a_list_of_everybodys_zaken_is_not_shown() {
    let world = World::start().await;
    let token = world.log_in(ONE).await;
    let everything = json!({"upstream": "zaken", "mode": "ignore_filter"});
    for (fault, path) in [
        (
            ignore("zaken", "POST", "/zaken/api/v1/zaken/_zoek"),
            "the list",
        ),
        (ignore("zaken", "GET", "/zaken/api/v1/rollen"), "the rollen"),
        // Then the rollen show it while the list is still on its way.
        (everything, "both"),
    ] {
        world.fault(fault).await;
        world.clear_calls().await;
        let part = world.part(&token, "zaken", json!({})).await;
        assert_nothing_leaked(&part, path);
        let calls = world.calls().await;
        let most = calls.paths.values().max().copied().unwrap_or(0);
        assert!(most <= 2, "the paging went on: {calls:?}");
        world.no_faults().await;
        // Nothing of it was remembered either, also not what came in later.
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        let part = world.part_again(&token, "zaken", json!({})).await;
        assert_eq!(part["state"], "ok", "{part}");
    }
    world.stop().await;
}

#[tokio::test]
async fn a_zaak_with_everybodys_children_is_not_shown() {
    let world = World::start().await;
    let token = world.log_in(NOOR).await;
    let list = world.part(&token, "zaken", json!({})).await;
    let params = json!({"handle": list["data"]["zaken"][0]["handle"]});
    for (upstream, method, path) in [
        ("zaken", "GET", "/zaken/api/v1/rollen"),
        ("zaken", "GET", "/zaken/api/v1/statussen"),
        ("zaken", "GET", "/zaken/api/v1/zaakinformatieobjecten"),
        ("besluiten", "GET", "/besluiten/api/v1/besluiten"),
        (
            "besluiten",
            "GET",
            "/besluiten/api/v1/besluitinformatieobjecten",
        ),
        (
            "documenten",
            "POST",
            "/documenten/api/v1/enkelvoudiginformatieobjecten/_zoek",
        ),
    ] {
        world.fault(ignore(upstream, method, path)).await;
        let part = world.part(&token, "zaak", params.clone()).await;
        assert_nothing_leaked(&part, path);
        world.no_faults().await;
    }
    let part = world.part(&token, "zaak", params).await;
    assert_eq!(part["state"], "ok", "{part}");
    world.stop().await;
}

#[tokio::test]
async fn a_source_that_is_down_is_never_an_empty_list() {
    let world = World::start().await;
    let token = world.log_in(NOOR).await;
    let list = world.part(&token, "zaken", json!({})).await;
    let handle = list["data"]["zaken"][0]["handle"].clone();
    for fault in [
        json!({"upstream": "zgw", "mode": "status", "status": 500}),
        json!({"upstream": "zgw", "mode": "status", "status": 503}),
        json!({"upstream": "zgw", "mode": "status", "status": 403}),
        json!({"upstream": "zgw", "mode": "refuse"}),
        json!({"upstream": "zgw", "mode": "reset"}),
        json!({"upstream": "zgw", "mode": "truncate"}),
        json!({"upstream": "zgw", "mode": "garbage"}),
        json!({"upstream": "zgw", "mode": "html"}),
        json!({"upstream": "zgw", "mode": "content_type"}),
        json!({"upstream": "zgw", "mode": "redirect"}),
        json!({"upstream": "zgw", "mode": "retry_after"}),
    ] {
        world.fault(fault.clone()).await;
        for (kind, params) in [("zaken", json!({})), ("zaak", json!({"handle": handle}))] {
            let part = world.part(&token, kind, params).await;
            assert_eq!(part["state"], "unavailable", "{fault} {kind}: {part}");
            assert_eq!(part["data"], Value::Null);
            assert_ne!(part["problem"]["reason"], "open", "{fault} was not met");
        }
        world.no_faults().await;
        world.recovered(&token).await;
    }
    world.stop().await;
}

#[tokio::test]
async fn a_part_that_takes_too_long_is_late_and_comes_when_asked_again() {
    let world = World::start().await;
    let token = world.log_in(ONE).await;
    world
        .fault(json!({"upstream": "zgw", "mode": "none", "latency_ms": 600}))
        .await;
    let ask = |budget: u64| json!({"budget_ms": budget, "touch": false, "parts": [{"id": "p", "kind": "zaken", "params": {}}]});
    let first = world
        .json(http::Method::POST, "/v1/page", Some(&token), &ask(200))
        .await;
    assert_eq!(first.body["parts"][0]["state"], "late", "{}", first.body);
    let second = world
        .json(http::Method::POST, "/v1/page", Some(&token), &ask(5000))
        .await;
    assert_eq!(second.body["parts"][0]["state"], "ok", "{}", second.body);
    let session = world.get("/v1/session", Some(&token)).await;
    assert_eq!(session.body["idle_expires_in"], 900);
    let admin = world
        .call(
            &world.admin_key(),
            http::Method::GET,
            "/v1/admin/policy",
            None,
            None,
        )
        .await;
    assert_eq!(admin.status, 200, "{}", admin.body);
    world.stop().await;
}
