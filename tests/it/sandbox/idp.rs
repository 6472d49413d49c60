//! The identity provider as an ordinary relying party meets it.

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};

use super::help::{NOW, World, world_with};

const BACK: &str = "http://127.0.0.1:9/callback";
/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

async fn provider() -> World {
    world_with(|options| {
        options
            .oidc_client
            .redirect_prefixes
            .push("http://127.0.0.1:9".to_owned())
    })
    .await
}

fn asked() -> Vec<(&'static str, &'static str)> {
    vec![
        ("response_type", "code"),
        ("client_id", "zijspan-demo"),
        ("redirect_uri", BACK),
        ("scope", "openid profile"),
        ("state", "toestand"),
        ("nonce", "eenmalig"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ]
}

async fn claims_of(world: &World, token: &str) -> Value {
    let keys: JwkSet = world
        .client
        .get(format!("{}/jwks", world.sandbox.idp_url()))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let mut validation = Validation::new(Algorithm::ES256);
    validation.validate_exp = false;
    validation.validate_aud = false;
    let key = DecodingKey::from_jwk(&keys.keys[0]).unwrap();
    jsonwebtoken::decode::<Value>(token, &key, &validation)
        .unwrap()
        .claims
}

/// Where the browser is sent after somebody was chosen.
async fn choose(world: &World, person: &str) -> url::Url {
    let mut form = asked();
    form.push(("person", person));
    let answer = world
        .client
        .post(format!("{}/authorize", world.sandbox.idp_url()))
        .form(&form)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 303);
    answer.headers()["location"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap()
}

fn param(url: &url::Url, name: &str) -> Option<String> {
    url.query_pairs()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

async fn trade(world: &World, code: &str, verifier: &str) -> (u16, Value) {
    let answer = world
        .client
        .post(format!("{}/token", world.sandbox.idp_url()))
        .form(&[
            ("grant_type", "authorization_code"),
            ("client_id", "zijspan-demo"),
            ("code", code),
            ("redirect_uri", BACK),
            ("code_verifier", verifier),
        ])
        .send()
        .await
        .unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

#[tokio::test]
async fn somebody_logs_in() {
    let world = provider().await;
    let idp = world.sandbox.idp_url().to_owned();
    let discovery: Value = world
        .client
        .get(format!("{idp}/.well-known/openid-configuration"))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(discovery["issuer"], idp);
    assert_eq!(discovery["zijspan_sandbox"], true);
    let page = world
        .client
        .get(format!("{idp}/authorize"))
        .query(&asked())
        .send()
        .await
        .unwrap();
    assert_eq!(page.status(), 200);
    let page = page.text().await.unwrap();
    assert!(page.contains("dit is geen DigiD") && page.contains("lang=\"nl\""));
    assert!(
        page.contains("value=\"7/000090027511\""),
        "a branch can be chosen"
    );
    assert!(!page.contains("<script"));

    let back = choose(&world, "0").await;
    assert!(back.as_str().starts_with(BACK));
    assert_eq!(param(&back, "state").as_deref(), Some("toestand"));
    assert_eq!(param(&back, "iss"), Some(idp.clone()));
    let code = param(&back, "code").unwrap();
    let (status, tokens) = trade(&world, &code, VERIFIER).await;
    assert_eq!(status, 200);
    let claims = claims_of(&world, tokens["id_token"].as_str().unwrap()).await;
    assert_eq!(claims["bsn"], world.number(0));
    assert_eq!(
        (&claims["iss"], &claims["aud"]),
        (&json!(idp), &json!("zijspan-demo"))
    );
    assert_eq!(
        (&claims["iat"], &claims["exp"]),
        (&json!(NOW), &json!(NOW + 300))
    );
    assert_eq!(claims["nonce"], "eenmalig");
    assert_eq!(
        claims["acr"],
        "urn:oasis:names:tc:SAML:2.0:ac:classes:Smartcard"
    );
    assert!(claims["jti"].is_string() && claims["at_hash"].is_string());

    let me: Value = world
        .client
        .get(format!("{idp}/userinfo"))
        .bearer_auth(tokens["access_token"].as_str().unwrap())
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(me["sub"], claims["sub"]);
    assert_eq!(
        trade(&world, &code, VERIFIER).await.0,
        400,
        "a code works once"
    );
}

#[tokio::test]
async fn a_company_logs_in_whole_or_for_one_branch() {
    let world = provider().await;
    for (choice, branch) in [("7", None), ("7/000090027522", Some("000090027522"))] {
        let code = param(&choose(&world, choice).await, "code").unwrap();
        let (_, tokens) = trade(&world, &code, VERIFIER).await;
        let claims = claims_of(&world, tokens["id_token"].as_str().unwrap()).await;
        assert_eq!(claims["kvk"], world.number(7));
        assert_eq!(
            claims.get("vestigingsnummer").and_then(Value::as_str),
            branch
        );
        assert_eq!(claims["acr"], "urn:etoegang:core:assurance-class:loa3");
        assert!(claims.get("bsn").is_none());
    }
}

#[tokio::test]
async fn a_number_that_is_not_listed_can_be_typed() {
    let world = provider().await;
    let mut form = asked();
    form.extend([("person", "other"), ("number", "999987112")]);
    let answer = world
        .client
        .post(format!("{}/authorize", world.sandbox.idp_url()))
        .form(&form)
        .send()
        .await
        .unwrap();
    let back: url::Url = answer.headers()["location"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    let (_, tokens) = trade(&world, &param(&back, "code").unwrap(), VERIFIER).await;
    let claims = claims_of(&world, tokens["id_token"].as_str().unwrap()).await;
    assert_eq!(claims["bsn"], "999987112");
}

#[tokio::test]
async fn what_is_not_in_order_is_refused() {
    let world = provider().await;
    let idp = world.sandbox.idp_url();
    let status = |change: (&'static str, &'static str)| {
        let mut params = asked();
        params.retain(|(name, _)| *name != change.0);
        params.push(change);
        let request = world.client.get(format!("{idp}/authorize")).query(&params);
        async move { request.send().await.unwrap().status().as_u16() }
    };
    assert_eq!(status(("client_id", "ander")).await, 400);
    assert_eq!(
        status(("redirect_uri", "http://127.0.0.1:99/callback")).await,
        400
    );
    assert_eq!(
        status(("redirect_uri", "https://elders.example/")).await,
        400
    );
    assert_eq!(status(("code_challenge_method", "plain")).await, 303);
    assert_eq!(status(("response_type", "token")).await, 303);

    let code = param(&choose(&world, "0").await, "code").unwrap();
    let wrong = format!("{}A", &VERIFIER[..42]);
    assert_eq!(trade(&world, &code, &wrong).await.0, 400);
    assert_eq!(
        param(&choose(&world, "cancel").await, "error").as_deref(),
        Some("access_denied")
    );
    assert_eq!(
        param(&choose(&world, "99").await, "error").as_deref(),
        Some("access_denied")
    );

    let out = |to: &'static str| {
        let request = world
            .client
            .get(format!("{idp}/logout"))
            .query(&[("post_logout_redirect_uri", to), ("state", "x")]);
        async move { request.send().await.unwrap() }
    };
    assert_eq!(
        out("http://127.0.0.1:9/uit").await.headers()["location"],
        "http://127.0.0.1:9/uit?state=x"
    );
    assert_eq!(out("https://elders.example/").await.status(), 200);
}

async fn script(world: &World, body: &Value) -> (u16, Value) {
    let answer = world
        .client
        .post(format!("{}/sandbox/id_token", world.sandbox.idp_url()))
        .json(body)
        .send()
        .await
        .unwrap();
    let status = answer.status().as_u16();
    let body: Value = answer.json().await.unwrap();
    match body["id_token"].as_str() {
        Some(token) => (status, claims_of(world, token).await),
        None => (status, body),
    }
}

#[tokio::test]
async fn scripts_have_tokens_signed_as_they_like() {
    let world = provider().await;
    let body = json!({"client_id": "c", "claims": {"bsn": "999912410", "exp": 1}, "acr": null, "nonce": "n"});
    let (_, first) = script(&world, &body).await;
    let (_, second) = script(&world, &body).await;
    assert_eq!(
        (&first["aud"], &first["nonce"], &first["exp"]),
        (&json!("c"), &json!("n"), &json!(1))
    );
    assert_eq!(first["sub"], second["sub"]);
    assert_ne!(first["jti"], second["jti"]);
    assert_eq!(
        first["acr"],
        "urn:oasis:names:tc:SAML:2.0:ac:classes:Smartcard"
    );
    let (_, company) = script(&world, &json!({"claims": {"kvk": "90027516"}})).await;
    assert_eq!(company["acr"], "urn:etoegang:core:assurance-class:loa3");
    assert_eq!(company["aud"], "zijspan-demo");
    let (_, without) = script(&world, &json!({"claims": {"bsn": "1"}, "acr": ""})).await;
    assert!(without.get("acr").is_none() && without.get("nonce").is_none());
}

#[tokio::test]
async fn with_real_test_data_only_listed_numbers_are_signed() {
    let world = world_with(|options| options.signable = Some(vec!["999946043".to_owned()])).await;
    assert_eq!(world.sandbox.persons().len(), 1);
    assert_eq!(
        script(&world, &json!({"claims": {"bsn": "999946043"}}))
            .await
            .0,
        200
    );
    assert_eq!(
        script(&world, &json!({"claims": {"bsn": "999912410"}}))
            .await
            .0,
        403
    );
    assert_eq!(
        script(&world, &json!({"claims": {"act": {"sub": "x:999912410"}}}))
            .await
            .0,
        403
    );
}
