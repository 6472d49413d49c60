//! How the sidecar proves to a provider that it is the client: with a key, or with a certificate.

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rcgen::PublicKeyData as _;
use serde_json::{Value, json};
use zijspan::domain::SecretBytes;
use zijspan::identity::oidc::ClientAuth;
use zijspan::upstream::http::auth::{AssertionAlgorithm, AssertionKey};

use super::jwe::{OURS, pem};
use crate::op::*;

fn part(token: &str, n: usize) -> Value {
    let text = token.split('.').nth(n).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
}

fn key(pem: &str, algorithm: AssertionAlgorithm, audience: Option<&str>) -> Option<AssertionKey> {
    AssertionKey::from_pem(
        &SecretBytes::new(pem.as_bytes().to_vec()),
        algorithm,
        Some("key-1".to_owned()),
        audience.map(str::to_owned),
    )
}

#[tokio::test]
async fn a_signed_assertion_says_who_the_client_is() {
    let pair = rcgen::KeyPair::generate().unwrap();
    let own = key(&pair.serialize_pem(), AssertionAlgorithm::Es256, None).unwrap();
    let world = World::with(|s| s.auth = ClientAuth::PrivateKeyJwt(own.clone())).await;
    world.land().await.unwrap();
    let form = world.last_form("token").unwrap();
    assert_eq!(form["client_id"], CLIENT);
    assert_eq!(
        form["client_assertion_type"],
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    );
    assert!(!form.contains_key("client_secret"));
    let assertion = &form["client_assertion"];
    assert_eq!(
        part(assertion, 0),
        json!({"typ": "JWT", "alg": "ES256", "kid": "key-1"})
    );
    let claims = part(assertion, 1);
    assert_eq!(
        (&claims["iss"], &claims["sub"]),
        (&json!(CLIENT), &json!(CLIENT))
    );
    assert_eq!(claims["aud"], json!(format!("{}/token", world.issuer)));
    assert_eq!(
        (claims["iat"].as_i64(), claims["exp"].as_i64()),
        (Some(T0), Some(T0 + 60))
    );
    let (message, signature) = assertion.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, pair.der_bytes())
        .verify(message.as_bytes(), &signature)
        .unwrap();
    // Each is another.
    world.land().await.unwrap();
    let next = part(&world.last_form("token").unwrap()["client_assertion"], 1);
    assert_ne!(next["jti"], claims["jti"]);
}

#[tokio::test]
async fn an_assertion_may_be_for_an_audience_of_its_own() {
    let own = key(
        &pem(&OURS),
        AssertionAlgorithm::Ps256,
        Some("https://broker.example"),
    )
    .unwrap();
    let world = World::with(|s| s.auth = ClientAuth::PrivateKeyJwt(own.clone())).await;
    world.land().await.unwrap();
    let assertion = &world.last_form("token").unwrap()["client_assertion"];
    assert_eq!(part(assertion, 0)["alg"], "PS256");
    assert_eq!(part(assertion, 1)["aud"], "https://broker.example");
}

#[test]
fn a_key_that_cannot_sign_is_refused_at_the_start() {
    let ec = rcgen::KeyPair::generate().unwrap().serialize_pem();
    let p384 = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384)
        .unwrap()
        .serialize_pem();
    let rsa = pem(&OURS);
    let reads = |pem: &str, algorithm| key(pem, algorithm, None).is_some();
    assert!(reads(&rsa, AssertionAlgorithm::Ps256));
    assert!(reads(&ec, AssertionAlgorithm::Es256));
    assert!(!reads(&ec, AssertionAlgorithm::Ps256));
    assert!(!reads(&rsa, AssertionAlgorithm::Es256));
    assert!(!reads(&p384, AssertionAlgorithm::Es256));
    assert!(!reads("no pem", AssertionAlgorithm::Es256));
}
