//! Lines 21 to 26: tokens that prove nothing, sent over the wire.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::harness::{Answer, World};

const BSN: &str = "999912410";

/// A token of the sandbox provider with any level.
async fn token(world: &World, claims: Value, acr: Option<&str>) -> String {
    let body = json!({"client_id": "zijspan-demo", "claims": claims, "nonce": "n", "acr": acr});
    let answer: Value = world
        .http
        .post(format!("{}/sandbox/id_token", world.text("/idp")))
        .json(&body)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    answer["id_token"].as_str().unwrap().to_owned()
}

/// Refused with the standard's word, and nothing else than that.
fn assert_refused(answer: &Answer, why: &str) {
    assert_eq!(answer.status, 400, "{why}: {}", answer.body);
    assert_eq!(answer.body["type"], "urn:zijspan:problem:token", "{why}");
    assert!(answer.body["access_token"].is_null(), "{why}");
    let mut names: Vec<&str> = answer
        .body
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
        ["code", "error", "status", "title", "trace_id", "type"],
        "{why}"
    );
}

#[tokio::test]
async fn attack_21_a_token_that_proves_nothing_is_refused() {
    let world = World::start().await;
    let now = world.clock.now().as_secs();
    let mut wrong = Vec::new();
    for claims in [
        json!({"iss": "https://evil.example"}),
        json!({"aud": "another-client"}),
        json!({"aud": ["zijspan-demo", "another-client"]}),
        json!({"aud": ["zijspan-demo", "another-client"], "azp": "another-client"}),
        json!({"aud": []}),
        json!({"azp": "another-client"}),
        json!({"exp": now - 120}),
        json!({"exp": null}),
        json!({"exp": "tomorrow"}),
        json!({"iat": now + 600}),
        json!({"iat": now - 90_000}),
        json!({"nbf": now + 600}),
        json!({"nonce": "another"}),
        json!({"nonce": null}),
        json!({"sub": ""}),
        json!({"sub": null}),
    ] {
        let mut with_bsn = claims.clone();
        with_bsn["bsn"] = json!(BSN);
        wrong.push((claims.to_string(), token(&world, with_bsn, None).await));
    }
    let good = token(&world, json!({"bsn": BSN}), None).await;
    let parts: Vec<&str> = good.split('.').collect();
    let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[0]).unwrap()).unwrap();
    for change in [
        json!({"alg": "none"}),
        json!({"alg": "HS256"}),
        json!({"kid": "unknown"}),
        json!({"crit": ["exp"]}),
        json!({"jku": "https://evil.example/keys"}),
        json!({"jwk": {"kty": "oct", "k": "AAAA"}}),
        json!({"typ": "logout+jwt"}),
    ] {
        let mut header = header.clone();
        header
            .as_object_mut()
            .unwrap()
            .extend(change.as_object().unwrap().clone());
        let header = URL_SAFE_NO_PAD.encode(header.to_string());
        wrong.push((
            change.to_string(),
            format!("{header}.{}.{}", parts[1], parts[2]),
        ));
        wrong.push((
            format!("{change} unsigned"),
            format!("{header}.{}.", parts[1]),
        ));
    }
    wrong.extend([
        (
            "no signature".to_owned(),
            format!("{}.{}.", parts[0], parts[1]),
        ),
        ("two parts".to_owned(), format!("{}.{}", parts[0], parts[1])),
        ("five parts".to_owned(), format!("{good}.a.b")),
        ("nonsense".to_owned(), "%%%".to_owned()),
        ("a large one".to_owned(), "a".repeat(200_000)),
    ]);
    for (why, token) in wrong {
        assert_refused(&world.exchange(&token, "n").await, &why);
    }
    assert_eq!(world.exchange(&good, "n").await.status, 200);
    world.stop().await;
}

#[tokio::test]
async fn attack_22_a_token_is_traded_once_for_the_site_that_asks() {
    let world = World::start().await;
    let good = token(&world, json!({"bsn": BSN}), None).await;
    let form = |audience: &'static str| {
        [
            (
                "grant_type",
                "urn:ietf:params:oauth:grant-type:token-exchange",
            ),
            (
                "subject_token_type",
                "urn:ietf:params:oauth:token-type:id_token",
            ),
            ("audience", audience),
            ("nonce", "n"),
        ]
    };
    for audience in [
        "urn:zijspan:ander",
        "urn:zijspan:DEMO",
        "zijspan-demo",
        "urn:zijspan:demo ",
    ] {
        let mut fields = form(audience).to_vec();
        fields.push(("subject_token", &good));
        assert_refused(&world.form(&fields, None).await, audience);
    }
    assert_eq!(world.exchange(&good, "n").await.status, 200);
    assert_refused(&world.exchange(&good, "n").await, "twice");
    world.clock.advance_secs(30);
    assert_refused(&world.exchange(&good, "n").await, "later");
    // A field that comes twice, another grant, and an assertion with a key that may not assert.
    let other = token(&world, json!({"bsn": BSN}), None).await;
    let mut fields = form("urn:zijspan:demo").to_vec();
    fields.extend([
        ("subject_token", other.as_str()),
        ("audience", "urn:zijspan:ander"),
    ]);
    assert_refused(&world.form(&fields, None).await, "audience twice");
    assert_refused(
        &world
            .form(&[("grant_type", "password"), ("username", "x")], None)
            .await,
        "password",
    );
    let asserted = [
        ("grant_type", "urn:zijspan:asserted"),
        ("subject_type", "bsn"),
        ("subject", BSN),
    ];
    let answer = world.form(&asserted, None).await;
    assert_eq!(answer.status, 403, "{}", answer.body);
    world.stop().await;
}

#[tokio::test]
async fn attack_23_a_token_of_another_kind_or_client_is_refused() {
    let world = World::start().await;
    for (kind, token) in [
        (
            "urn:ietf:params:oauth:token-type:access_token",
            token(&world, json!({"bsn": BSN, "azp": "another"}), None).await,
        ),
        (
            "urn:ietf:params:oauth:token-type:access_token",
            "an-opaque-token".to_owned(),
        ),
        (
            "urn:ietf:params:oauth:token-type:saml2",
            "PHNhbWw+".to_owned(),
        ),
        (
            "urn:ietf:params:oauth:token-type:refresh_token",
            "x".to_owned(),
        ),
    ] {
        let answer = world
            .form(
                &[
                    (
                        "grant_type",
                        "urn:ietf:params:oauth:grant-type:token-exchange",
                    ),
                    ("subject_token", &token),
                    ("subject_token_type", kind),
                    ("audience", "urn:zijspan:demo"),
                    ("nonce", "n"),
                ],
                None,
            )
            .await;
        assert_refused(&answer, kind);
    }
    world.stop().await;
}

#[tokio::test]
async fn attack_24_whoever_is_represented_is_known_or_the_login_refused() {
    let world = World::start().await;
    for claims in [
        json!({"bsn": BSN, "represents": {"sub": "x"}}),
        json!({"bsn": BSN, "act": {"sub": "x"}}),
        json!({"bsn": BSN, "may_act": {"sub": "x"}, "represents": [{"represents": {}}]}),
        json!({"bsn": BSN, "kvk": "90027516"}),
    ] {
        let token = token(&world, claims.clone(), None).await;
        assert_refused(&world.exchange(&token, "n").await, &claims.to_string());
    }
    world.stop().await;
}

#[tokio::test]
async fn attack_25_a_level_that_is_too_low_missing_or_unknown_is_refused() {
    let world = World::edited(zijspan::app::Keeping::InMemory, |_, config| {
        config.replace("min_loa = \"low\"", "min_loa = \"substantial\"")
    })
    .await;
    for acr in [
        "",
        "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
        "urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorContract",
        "urn:evil:highest",
        "smartcardpki",
    ] {
        let token = token(&world, json!({"bsn": BSN}), Some(acr)).await;
        assert_refused(&world.exchange(&token, "n").await, acr);
    }
    let high = token(
        &world,
        json!({"bsn": BSN}),
        Some("urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI"),
    )
    .await;
    assert_eq!(world.exchange(&high, "n").await.status, 200);
    world.stop().await;
}

#[tokio::test]
async fn attack_26_only_a_bsn_is_a_bsn() {
    let world = World::start().await;
    for bsn in [
        json!("000000000"),
        json!("99991241"),
        json!("9999124100"),
        json!("999912411"),
        json!("９９９９１２４１０"),
        json!("s00000001:999912410"),
        json!("999912410\n"),
        json!(" 999912410"),
        json!("999912410 "),
        json!(["999912410"]),
        json!({"value": "999912410"}),
        json!(999_912_410),
        json!(true),
        json!(""),
        json!("' OR 1=1 --"),
    ] {
        let token = token(&world, json!({"bsn": bsn}), None).await;
        let answer = world.exchange(&token, "n").await;
        assert_refused(&answer, &bsn.to_string());
    }
    world.stop().await;
}
