//! UserInfo that is signed, or signed and encrypted.

use serde_json::{Value, json};
use zijspan::identity::IdentityError as E;

use super::jwe::{OURS, decryption, encrypt, pem};
use crate::op::*;

fn info(world: &World, change: Value) -> Value {
    let mut claims = json!({"iss": world.issuer, "aud": CLIENT, "sub": "s-anna", "bsn": ANNA});
    for (name, value) in change.as_object().unwrap() {
        claims[name] = value.clone();
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(name);
        }
    }
    claims
}

async fn refusal(world: &World, userinfo: String) -> Option<E> {
    world.set(|script| {
        script.claims = json!({"bsn": null});
        script.userinfo_token = Some(userinfo);
    });
    world.land().await.err().map(|failure| failure.error)
}

#[tokio::test]
async fn signed_userinfo_is_verified_by_the_rules_of_a_token() {
    let world = World::with(|s| s.userinfo = true).await;
    assert_eq!(refusal(&world, sign(&info(&world, json!({})))).await, None);
    for (change, reason) in [
        (json!({"iss": "https://evil.example"}), E::Issuer),
        (json!({"iss": null}), E::Issuer),
        (json!({"aud": "another"}), E::TokenAudience),
        (json!({"aud": null}), E::TokenAudience),
        (json!({"aud": [CLIENT, "another"]}), E::AuthorizedParty),
        (json!({"exp": T0 - 31}), E::Expired),
        (json!({"nbf": T0 + 31}), E::NotYet),
        (json!({"iat": T0 + 31}), E::IssuedAt),
        (json!({"sub": "s-bert"}), E::UserInfoSubject),
        (json!({"sub": null}), E::UserInfoSubject),
        (json!({"events": {}}), E::TokenType),
        (json!({"bsn": null}), E::NoParty),
    ] {
        let refused = refusal(&world, sign(&info(&world, change.clone()))).await;
        assert_eq!(refused, Some(reason), "{change}");
    }
    let good = info(&world, json!({}));
    for (token, reason) in [
        (
            sign_with(&json!({"alg": "RS256", "kid": "rsa"}), &good, "other RS256"),
            E::Signature,
        ),
        (
            sign_with(&json!({"alg": "PS256", "kid": "old"}), &good, "PS256"),
            E::UnknownKey,
        ),
        (
            sign_with(
                &json!({"alg": "PS256", "kid": "rsa", "typ": "logout+jwt"}),
                &good,
                "PS256",
            ),
            E::TokenType,
        ),
        (
            format!("{}.{}.", b64(r#"{"alg":"none"}"#), b64(good.to_string())),
            E::Algorithm,
        ),
        (good.to_string(), E::TokenMalformed),
        (encrypt(&sign(&good)), E::TokenEncrypted),
    ] {
        assert_eq!(refusal(&world, token).await, Some(reason));
    }
}

#[tokio::test]
async fn encrypted_userinfo_is_opened_and_must_be_signed_inside() {
    let keys = decryption(&pem(&OURS), &[], false);
    let world = World::with(|s| {
        s.userinfo = true;
        s.decryption = Some(keys.clone());
    })
    .await;
    let good = info(&world, json!({}));
    assert_eq!(refusal(&world, encrypt(&sign(&good))).await, None);
    assert_eq!(
        refusal(&world, encrypt(&good.to_string())).await,
        Some(E::TokenMalformed)
    );
    let other = sign(&info(&world, json!({"aud": "another"})));
    assert_eq!(
        refusal(&world, encrypt(&other)).await,
        Some(E::TokenAudience)
    );
}
