//! Back-channel logout at the address that the identity provider calls.

use serde_json::{Value, json};

use crate::harness::World;

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

async fn logout_token(world: &World, change: Value) -> String {
    let mut claims = json!({"events": {EVENT: {}}, "sid": "s-1"});
    for (name, value) in change.as_object().unwrap() {
        claims[name] = value.clone();
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(name);
        }
    }
    let body = json!({"client_id": "zijspan-demo", "claims": claims, "acr": ""});
    let answer = world
        .http
        .post(format!("{}/sandbox/id_token", world.text("/idp")))
        .json(&body)
        .send()
        .await
        .unwrap();
    let answer: Value = answer.json().await.unwrap();
    answer["id_token"].as_str().unwrap().to_owned()
}

async fn post(world: &World, path: &str, body: String) -> (u16, Value) {
    let answer = world
        .http
        .post(format!("{}/backchannel/{path}", world.text("/public")))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let status = answer.status().as_u16();
    let bytes = answer.bytes().await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

async fn tell(world: &World, change: Value) -> u16 {
    let token = logout_token(world, change).await;
    post(world, "demo/digid", format!("logout_token={token}"))
        .await
        .0
}

async fn log_in(world: &World, sid: &str) -> String {
    let bsn = world.ready["persons"][0]["bsn"].clone();
    world
        .log_in_as(json!({"bsn": bsn, "sid": sid, "sub": "s-anna"}))
        .await
}

async fn alive(world: &World, token: &str) -> bool {
    world.get("/v1/session", Some(token)).await.status == 200
}

#[tokio::test]
async fn the_provider_ends_one_login_or_all_of_an_account() {
    let world = World::start().await;
    let (one, two) = (log_in(&world, "s-1").await, log_in(&world, "s-2").await);
    // A `sub` beside the `sid` does not widen it.
    assert_eq!(tell(&world, json!({"sub": "s-anna"})).await, 200);
    assert!(!alive(&world, &one).await);
    assert!(alive(&world, &two).await);
    assert_eq!(
        tell(&world, json!({"sid": null, "sub": "s-bert"})).await,
        200
    );
    assert!(alive(&world, &two).await);
    assert_eq!(
        tell(&world, json!({"sid": null, "sub": "s-anna"})).await,
        200
    );
    assert!(!alive(&world, &two).await);
    world.stop().await;
}

#[tokio::test]
async fn a_token_that_is_no_logout_token_of_this_provider_ends_nothing() {
    let world = World::start().await;
    let session = log_in(&world, "s-1").await;
    let now = world.clock.now().as_secs();
    for change in [
        json!({"events": null}),
        json!({"events": {}}),
        json!({"events": {EVENT: true}}),
        json!({"events": {"http://schemas.openid.net/event/other": {}}}),
        json!({"nonce": "n"}),
        json!({"aud": "another"}),
        json!({"iss": "https://evil.example"}),
        json!({"iat": now - 301}),
        json!({"iat": now + 31}),
        json!({"exp": now - 31}),
        json!({"sid": null, "sub": 7}),
    ] {
        assert_eq!(tell(&world, change.clone()).await, 400, "{change}");
    }
    let good = logout_token(&world, json!({})).await;
    let cut = &good[..good.len() - 20];
    for body in [
        String::new(),
        "logout_token=".to_owned(),
        format!("logout_token={cut}"),
        format!("logout_token={good}&logout_token={good}"),
        format!("token={good}"),
    ] {
        let (status, problem) = post(&world, "demo/digid", body).await;
        assert_eq!(status, 400, "{problem}");
    }
    for path in [
        "demo/nobody",
        "nowhere/digid",
        "demo",
        "DEMO/digid",
        "demo/digid/x",
    ] {
        let (status, _) = post(&world, path, format!("logout_token={good}")).await;
        assert_eq!(status, 404, "{path}");
    }
    let huge = format!("logout_token={good}&pad={}", "x".repeat(40_000));
    assert_eq!(post(&world, "demo/digid", huge).await.0, 413);
    let url = format!("{}/backchannel/demo/digid", world.text("/public"));
    let as_json = world.http.post(&url).json(&json!({"logout_token": good}));
    assert_eq!(as_json.send().await.unwrap().status(), 415);
    let read = world.http.get(format!("{url}?logout_token={good}"));
    assert_eq!(read.send().await.unwrap().status(), 405);
    assert!(alive(&world, &session).await);

    let (status, _) = post(&world, "demo/digid", format!("logout_token={good}")).await;
    assert_eq!(status, 200);
    assert!(!alive(&world, &session).await);
    let (status, problem) = post(&world, "demo/digid", format!("logout_token={good}")).await;
    assert_eq!(
        (status, &problem["type"]),
        (400, &json!("urn:zijspan:problem:logout"))
    );
    assert_eq!(problem["error"], "invalid_request");
    world.stop().await;
}

#[tokio::test]
async fn what_ends_at_one_site_goes_on_at_another() {
    let mut world = World::with(|args| args.sites = 2).await;
    let here = log_in(&world, "s-1").await;
    world.site = 1;
    let there = log_in(&world, "s-1").await;
    assert_eq!(tell(&world, json!({})).await, 200);
    assert!(alive(&world, &there).await);
    world.site = 0;
    assert!(!alive(&world, &here).await);
    world.stop().await;
}
