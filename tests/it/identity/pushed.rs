//! Pushed authorization requests (RFC 9126).

use secrecy::SecretString;
use serde_json::json;
use zijspan::identity::IdentityError as E;
use zijspan::identity::oidc::{ClientAuth, PushedRequests};

use crate::op::*;

async fn world(rule: PushedRequests, offered: bool, demanded: bool) -> World {
    let world = World::with(|s| {
        s.pushed_requests = rule;
        s.auth = ClientAuth::SecretPost(SecretString::from("geheim"));
    })
    .await;
    let issuer = world.issuer.clone();
    world.set(|script| {
        if offered {
            script.discovery["pushed_authorization_request_endpoint"] =
                json!(format!("{issuer}/par"));
        }
        script.discovery["require_pushed_authorization_requests"] = json!(demanded);
        script.pushed =
            json!({"request_uri": "urn:ietf:params:oauth:request_uri:x&y", "expires_in": 60});
    });
    world
}

#[tokio::test]
async fn a_request_that_was_pushed_leaves_only_a_reference_in_the_address() {
    let world = world(PushedRequests::Offered, true, false).await;
    let url = world.start().await.unwrap();
    let names: Vec<_> = url
        .query_pairs()
        .map(|(name, _)| name.into_owned())
        .collect();
    assert_eq!(names, ["client_id", "request_uri"]);
    assert_eq!(
        param(&url, "request_uri"),
        "urn:ietf:params:oauth:request_uri:x&y"
    );
    let form = world.last_form("par").unwrap();
    for (name, value) in [
        ("client_id", CLIENT),
        ("client_secret", "geheim"),
        ("response_type", "code"),
        ("scope", "openid"),
        ("code_challenge_method", "S256"),
        ("redirect_uri", "http://127.0.0.1:8481/login/callback"),
    ] {
        assert_eq!(form[name], value);
    }
    world.come_back(&form["state"]).await.unwrap();
}

#[tokio::test]
async fn the_rule_of_the_site_and_the_demand_of_the_provider_are_kept() {
    use PushedRequests::{Never, Offered, Required};
    for (rule, offered, demanded, expected) in [
        (Offered, false, false, Ok(false)),
        (Offered, true, true, Ok(true)),
        (Offered, false, true, Err(E::PushedRequest)),
        (Required, true, false, Ok(true)),
        (Required, false, false, Err(E::PushedRequest)),
        (Never, true, false, Ok(false)),
        (Never, true, true, Err(E::PushedRequest)),
    ] {
        let world = world(rule, offered, demanded).await;
        let started = world.start().await;
        let pushed = world.last_form("par").is_some();
        assert_eq!(
            started.map(|_| pushed),
            expected,
            "{rule:?} {offered} {demanded}"
        );
    }
}

#[tokio::test]
async fn an_answer_without_a_reference_stops_the_login() {
    for answer in [
        json!({}),
        json!({"request_uri": ""}),
        json!({"request_uri": 7}),
        json!({"request_uri": "x".repeat(5000)}),
    ] {
        let world = world(PushedRequests::Offered, true, false).await;
        world.set(|script| script.pushed = answer);
        assert_eq!(world.start().await.err(), Some(E::PushedRequest));
    }
}
