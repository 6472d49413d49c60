//! The relying-party modules of the OpenID conformance plans "basic" and "config", reproduced against a
//! provider of our own. Each test has the name of its module, `oidcc-client-test-…`.

use secrecy::SecretString;
use serde_json::{Value, json};
use zijspan::identity::IdentityError as E;
use zijspan::identity::oidc::ClientAuth;

use crate::op::*;

/// Why a login ends whose id_token has these claims.
async fn refusal(world: &World, claims: Value) -> Option<E> {
    world.set(|script| script.claims = claims);
    world.land().await.err().map(|failure| failure.error)
}

fn rs256_of_ours(claims: &Value) -> String {
    sign_with(&json!({"alg": "RS256", "kid": "rsa"}), claims, "RS256")
}

fn rs256_without_kid(claims: &Value) -> String {
    sign_with(&json!({"alg": "RS256"}), claims, "RS256")
}

#[tokio::test]
async fn oidcc_client_test() {
    let world = World::new().await;
    let landing = world.land().await.unwrap();
    let redeemed = world
        .logins
        .redeem(&site("demo"), landing.handoff.as_str(), COOKIE)
        .await
        .unwrap();
    assert_eq!(redeemed.login.sub, "s-anna");
}

#[tokio::test]
async fn oidcc_client_test_invalid_iss() {
    let world = World::new().await;
    let other = format!("{}/other", world.issuer);
    assert_eq!(
        refusal(&world, json!({"iss": other})).await,
        Some(E::Issuer)
    );
}

#[tokio::test]
async fn oidcc_client_test_missing_sub() {
    let world = World::new().await;
    assert_eq!(
        refusal(&world, json!({"sub": null})).await,
        Some(E::SubjectMissing)
    );
}

#[tokio::test]
async fn oidcc_client_test_invalid_aud() {
    let world = World::new().await;
    assert_eq!(
        refusal(&world, json!({"aud": "https://example.com/"})).await,
        Some(E::TokenAudience)
    );
}

#[tokio::test]
async fn oidcc_client_test_missing_iat() {
    let world = World::new().await;
    assert_eq!(
        refusal(&world, json!({"iat": null})).await,
        Some(E::IssuedAt)
    );
}

#[tokio::test]
async fn oidcc_client_test_kid_absent_single_jwks() {
    let world = World::new().await;
    world.set(|script| {
        script.jwks = json!({"keys": [rsa_jwk(&KEYS.rsa, "only")]});
        script.sign = Some(rs256_without_kid);
    });
    assert!(world.land().await.is_ok());
}

#[tokio::test]
async fn oidcc_client_test_kid_absent_multiple_jwks() {
    let world = World::new().await;
    world.set(|script| {
        script.jwks = json!({"keys": [rsa_jwk(&KEYS.rsa, "one"), rsa_jwk(&KEYS.other_rsa, "two")]});
        script.sign = Some(rs256_without_kid);
    });
    let failure = world.land().await.unwrap_err();
    assert_eq!(failure.error, E::UnknownKey);
}

#[tokio::test]
async fn oidcc_client_test_idtoken_sig_rs256() {
    let world = World::new().await;
    world.set(|script| script.sign = Some(rs256_of_ours));
    assert!(world.land().await.is_ok());
}

/// The suite lets a client skip this one, or accept `none` over TLS. We refuse.
#[tokio::test]
async fn oidcc_client_test_idtoken_sig_none() {
    let world = World::new().await;
    world.set(|script| {
        script.sign =
            Some(|claims| format!("{}.{}.", b64(r#"{"alg":"none"}"#), b64(claims.to_string())));
    });
    assert_eq!(world.land().await.unwrap_err().error, E::Algorithm);
}

#[tokio::test]
async fn oidcc_client_test_invalid_sig_rs256() {
    let world = World::new().await;
    world.set(|script| {
        script.sign = Some(|claims| {
            let header = json!({"alg": "RS256", "kid": "rsa"});
            sign_with(&header, claims, "other RS256")
        });
    });
    assert_eq!(world.land().await.unwrap_err().error, E::Signature);
}

#[tokio::test]
async fn oidcc_client_test_userinfo_invalid_sub() {
    let world = World::with(|s| s.userinfo = true).await;
    world.set(|script| script.userinfo = json!({"sub": "s-annainvalid", "bsn": ANNA}));
    assert_eq!(world.land().await.unwrap_err().error, E::UserInfoSubject);
}

#[tokio::test]
async fn oidcc_client_test_nonce_invalid() {
    let world = World::new().await;
    assert_eq!(
        refusal(&world, json!({"nonce": "another"})).await,
        Some(E::Nonce)
    );
    assert_eq!(
        refusal(&world, json!({"nonce": null})).await,
        Some(E::Nonce)
    );
}

#[tokio::test]
async fn oidcc_client_test_scope_userinfo_claims() {
    let world = World::with(|s| {
        s.userinfo = true;
        s.scopes = ["openid", "profile", "nin"].map(str::to_owned).to_vec();
    })
    .await;
    world.set(|script| {
        script.claims = json!({"bsn": null});
        script.userinfo = json!({"sub": "s-anna", "bsn": ANNA, "name": "A. Test"});
    });
    let url = world.start().await.unwrap();
    assert_eq!(param(&url, "scope"), "openid profile nin");
    let landing = world.come_back(&param(&url, "state")).await.unwrap();
    let redeemed = world
        .logins
        .redeem(&site("demo"), landing.handoff.as_str(), COOKIE)
        .await
        .unwrap();
    assert_eq!(redeemed.login.identity.label.as_deref(), Some("A. Test"));
    assert_eq!(world.calls("userinfo"), 1);
}

#[tokio::test]
async fn oidcc_client_test_client_secret_basic() {
    let world =
        World::with(|s| s.auth = ClientAuth::SecretBasic(SecretString::from("geheim"))).await;
    world.land().await.unwrap();
    let script = world.script.lock().unwrap();
    let (_, authorization) = script
        .calls
        .iter()
        .find(|(path, _)| *path == "token")
        .unwrap();
    assert!(authorization.starts_with("Basic "), "{authorization}");
    let (_, form) = script
        .forms
        .iter()
        .find(|(path, _)| *path == "token")
        .unwrap();
    assert!(!form.contains_key("client_secret"));
}

#[tokio::test]
async fn oidcc_client_test_discovery_issuer_mismatch() {
    let world = World::new().await;
    world.set(|script| script.discovery["issuer"] = json!("https://example.com/"));
    assert_eq!(world.start().await.err(), Some(E::DiscoveryIssuer));
}

#[tokio::test]
async fn oidcc_client_test_discovery_jwks_uri_keys() {
    let world = World::new().await;
    let provider = world.providers.get(&site("demo"), "digid").unwrap();
    let discovery = provider.check().await.unwrap();
    assert_eq!(discovery.jwks.as_str(), format!("{}/jwks", world.issuer));
    assert_eq!(world.calls("jwks"), 1);
    assert!(world.land().await.is_ok());
    let none = World::new().await;
    none.set(|script| script.jwks = json!({"keys": []}));
    let provider = none.providers.get(&site("demo"), "digid").unwrap();
    assert_eq!(provider.check().await.err(), Some(E::JwksGarbled));
}

fn with_the_new_key(claims: &Value) -> String {
    sign_with(
        &json!({"alg": "RS256", "kid": "new"}),
        claims,
        "other RS256",
    )
}

#[tokio::test]
async fn oidcc_client_test_signing_key_rotation() {
    let world = World::new().await;
    world.land().await.unwrap();
    world.clock.advance_secs(31);
    world.set(|script| {
        script.jwks = json!({"keys": [rsa_jwk(&KEYS.other_rsa, "new")]});
        script.sign = Some(with_the_new_key);
    });
    world.land().await.unwrap();
    assert_eq!(world.calls("jwks"), 2);
    // The old key is gone with the old set.
    world.set(|script| script.sign = None);
    assert_eq!(world.land().await.unwrap_err().error, E::UnknownKey);
}

#[tokio::test]
async fn oidcc_client_test_signing_key_rotation_just_before_signing() {
    let world = World::new().await;
    world.land().await.unwrap();
    world.clock.advance_secs(31);
    let url = world.start().await.unwrap();
    // The person is at the provider when the keys change.
    world.set(|script| {
        script.jwks = json!({"keys": [rsa_jwk(&KEYS.other_rsa, "new")]});
        script.sign = Some(with_the_new_key);
    });
    world.come_back(&param(&url, "state")).await.unwrap();
    assert_eq!(world.calls("jwks"), 2);
}
