//! A token that is not the provider's, not for us, or not now (line 21).

use serde_json::{Value, json};
use zijspan::identity::oidc::{AccessTokens, ExchangeSettings, NonceRule};
use zijspan::identity::{IdentityError as E, TokenErrorCode};

use crate::op::*;

fn hmac_signed(header: &Value, claims: &Value, key: &[u8]) -> String {
    use hmac::{Hmac, KeyInit as _, Mac as _};
    let message = format!("{}.{}", b64(header.to_string()), b64(claims.to_string()));
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(key).unwrap();
    mac.update(message.as_bytes());
    format!("{message}.{}", b64(mac.finalize().into_bytes()))
}

#[tokio::test]
async fn line_21_algorithms_that_are_none_or_shared_are_refused() {
    let world = World::new().await;
    let claims = world.claims(json!({}));
    let unsigned = |alg: &str| {
        let header = json!({"alg": alg, "kid": "rsa"});
        format!("{}.{}.", b64(header.to_string()), b64(claims.to_string()))
    };
    for alg in [
        "none", "None", "NONE", "nOnE", "", "PS512", "ES384", "HS256",
    ] {
        assert_eq!(
            world.trade(&unsigned(alg)).await.err(),
            Some(E::Algorithm),
            "{alg}"
        );
    }
    // A signature left out under an algorithm that exists.
    assert_eq!(
        world.trade(&unsigned("PS256")).await.err(),
        Some(E::Signature)
    );
    let modulus = modulus(&KEYS.rsa);
    for (alg, reason) in [("HS256", E::Algorithm), ("RS256", E::Signature)] {
        let header = json!({"alg": alg, "kid": "rsa"});
        let token = hmac_signed(&header, &claims, &modulus);
        assert_eq!(world.trade(&token).await.err(), Some(reason));
    }
    // The signature of another algorithm of the same key, and of another key.
    let header = json!({"alg": "RS256", "kid": "rsa"});
    assert_eq!(
        world
            .trade(&sign_with(&header, &claims, "PS256"))
            .await
            .err(),
        Some(E::Signature)
    );
    assert_eq!(
        world
            .trade(&sign_with(&header, &claims, "other RS256"))
            .await
            .err(),
        Some(E::Signature)
    );
    let header = json!({"alg": "ES256", "kid": "rsa"});
    assert_eq!(
        world
            .trade(&sign_with(&header, &claims, "ES256"))
            .await
            .err(),
        Some(E::UnknownKey)
    );
}

#[tokio::test]
async fn line_21_wrong_issuer_audience_or_party_is_refused() {
    let world = World::new().await;
    let issuer = world.issuer.clone();
    for (change, reason) in [
        (json!({"iss": "https://evil.example"}), E::Issuer),
        (json!({"iss": format!("{issuer}/")}), E::Issuer),
        (json!({"iss": null}), E::Issuer),
        (json!({"iss": [issuer]}), E::Issuer),
        (json!({"aud": "another-client"}), E::TokenAudience),
        (json!({"aud": null}), E::TokenAudience),
        (json!({"aud": []}), E::TokenAudience),
        (json!({"aud": {"0": CLIENT}}), E::TokenAudience),
        (json!({"aud": [CLIENT, 7], "azp": CLIENT}), E::TokenAudience),
        (json!({"aud": [CLIENT, "another"]}), E::AuthorizedParty),
        (
            json!({"aud": [CLIENT, "another"], "azp": "another"}),
            E::AuthorizedParty,
        ),
        (json!({"azp": "another"}), E::AuthorizedParty),
        (json!({"azp": [CLIENT]}), E::AuthorizedParty),
        (json!({"sub": null}), E::SubjectMissing),
        (json!({"sub": ""}), E::SubjectMissing),
        (json!({"sub": 7}), E::SubjectMissing),
    ] {
        assert_eq!(
            world.refusal(change.clone()).await,
            Some(reason),
            "{change}"
        );
        assert_eq!(reason.token_error(), TokenErrorCode::InvalidRequest);
    }
    for good in [
        json!({"aud": [CLIENT]}),
        json!({"aud": [CLIENT, "another"], "azp": CLIENT}),
    ] {
        assert_eq!(world.refusal(good).await, None);
    }
}

#[tokio::test]
async fn line_21_times_that_do_not_hold_are_refused() {
    let world = World::new().await;
    for (change, reason) in [
        (json!({"exp": T0 - 30}), Some(E::Expired)),
        (json!({"exp": T0 - 29}), None),
        (json!({"exp": null}), Some(E::Expired)),
        (json!({"exp": (T0 + 300).to_string()}), Some(E::Expired)),
        (json!({"exp": -1}), Some(E::Expired)),
        (json!({"exp": 1e300}), Some(E::Expired)),
        (json!({"exp": u64::MAX}), Some(E::Expired)),
        (json!({"exp": 1_800_000_300.5}), None),
        (json!({"iat": null}), Some(E::IssuedAt)),
        (json!({"iat": T0 + 31}), Some(E::IssuedAt)),
        (json!({"iat": T0 + 30}), None),
        (json!({"iat": T0 - 301}), Some(E::IssuedAt)),
        (json!({"iat": T0 - 300}), None),
        (json!({"iat": "1800000000"}), Some(E::IssuedAt)),
        (json!({"nbf": T0 + 31}), Some(E::NotYet)),
        (json!({"nbf": T0 + 30}), None),
        (json!({"nbf": true}), Some(E::NotYet)),
        (json!({"auth_time": T0 + 31}), Some(E::AuthTime)),
        (json!({"auth_time": T0 - 9999}), None),
    ] {
        assert_eq!(world.refusal(change.clone()).await, reason, "{change}");
    }
}

#[tokio::test]
async fn line_21_a_nonce_that_is_missing_or_another_is_refused() {
    let world = World::new().await;
    for change in [
        json!({"nonce": "another"}),
        json!({"nonce": null}),
        json!({"nonce": ""}),
        json!({"nonce": [NONCE]}),
    ] {
        assert_eq!(
            world.refusal(change.clone()).await,
            Some(E::Nonce),
            "{change}"
        );
    }
    let token = sign(&world.claims(json!({})));
    let asked = world.trade_with(&token, &[("nonce", "")]).await.err();
    assert_eq!(asked, Some(E::MissingField));
    let lax = World::with(|s| {
        s.exchange = Some(ExchangeSettings {
            nonce: NonceRule::Absent,
            access_token: AccessTokens::Refused,
        });
    })
    .await;
    let without = sign(&lax.claims(json!({"nonce": null})));
    assert!(lax.trade_with(&without, &[("nonce", "")]).await.is_ok());
    assert_eq!(
        lax.trade_with(&without, &[("nonce", "")]).await.err(),
        Some(E::TokenUsed)
    );
    let old = sign(&lax.claims(json!({"nonce": null, "iat": T0 - 301})));
    assert_eq!(
        lax.trade_with(&old, &[("nonce", "")]).await.err(),
        Some(E::IssuedAt)
    );
    // A token that answers somebody's nonce is not one of a login without.
    let with = sign(&lax.claims(json!({})));
    assert_eq!(
        lax.trade_with(&with, &[("nonce", "")]).await.err(),
        Some(E::Nonce)
    );
}

#[tokio::test]
async fn line_21_keys_come_from_discovery_alone() {
    let world = World::new().await;
    let claims = world.claims(json!({}));
    // The attacker's own key, offered in every way a header knows.
    let own = rsa_jwk(&KEYS.other_rsa, "evil");
    for (kid, reason) in [("rsa", E::Signature), ("evil", E::UnknownKey)] {
        let header = json!({"alg": "RS256", "kid": kid, "jwk": own, "jku": "https://evil.example/jwks",
                            "x5u": "https://evil.example/x5u", "x5c": ["AAAA"]});
        assert_eq!(
            world
                .trade(&sign_with(&header, &claims, "other RS256"))
                .await
                .err(),
            Some(reason)
        );
    }
    // Ours beside them is not disturbed.
    let header =
        json!({"alg": "PS256", "kid": "rsa", "jwk": own, "jku": "https://evil.example/jwks"});
    assert!(
        world
            .trade(&sign_with(&header, &claims, "PS256"))
            .await
            .is_ok()
    );
    for crit in [json!(["exp"]), json!([]), json!("b64"), json!({"a": 1})] {
        let header = json!({"alg": "PS256", "kid": "rsa", "crit": crit, "b64": false});
        assert_eq!(
            world
                .trade(&sign_with(&header, &claims, "PS256"))
                .await
                .err(),
            Some(E::Critical)
        );
    }
    let header = json!({"alg": "PS256", "kid": ["rsa"]});
    assert_eq!(
        world
            .trade(&sign_with(&header, &claims, "PS256"))
            .await
            .err(),
        Some(E::TokenMalformed)
    );
}

#[tokio::test]
async fn line_21_without_kid_a_token_needs_the_only_key_that_fits() {
    let header = json!({"alg": "PS256"});
    let world = World::new().await;
    assert!(
        world
            .trade(&sign_with(&header, &world.claims(json!({})), "PS256"))
            .await
            .is_ok()
    );
    let two = World::new().await;
    two.set(|s| s.jwks = json!({"keys": [rsa_jwk(&KEYS.rsa, "a"), rsa_jwk(&KEYS.other_rsa, "b")]}));
    let refused = two
        .trade(&sign_with(&header, &two.claims(json!({})), "PS256"))
        .await
        .err();
    assert_eq!(refused, Some(E::UnknownKey));
    let encryption = World::new().await;
    encryption.set(|s| {
        s.jwks["keys"][0]["use"] = json!("enc");
    });
    assert_eq!(encryption.refusal(json!({})).await, Some(E::UnknownKey));
}

#[tokio::test]
async fn line_21_encrypted_broken_and_huge_tokens_are_refused() {
    let world = World::new().await;
    let good = sign(&world.claims(json!({})));
    let parts: Vec<&str> = good.split('.').collect();
    for alg in ["RSA1_5", "RSA-OAEP", "PBES2-HS256+A128KW", "dir"] {
        let header = b64(json!({"alg": alg, "enc": "A256GCM", "zip": "DEF"}).to_string());
        let jwe = format!("{header}.AAAA.AAAA.AAAA.AAAA");
        assert_eq!(
            world.trade(&jwe).await.err(),
            Some(E::TokenEncrypted),
            "{alg}"
        );
    }
    let nested = sign_with(
        &json!({"alg": "PS256", "kid": "rsa", "cty": "JWT"}),
        &json!(good),
        "PS256",
    );
    let double = r#"{"alg":"none","alg":"PS256","kid":"rsa"}"#;
    for (bad, reason) in [
        (String::from("x"), E::TokenMalformed),
        (String::from(".."), E::TokenMalformed),
        (format!("{}.{}", parts[0], parts[1]), E::TokenMalformed),
        (format!("{good}."), E::TokenMalformed),
        (format!("{good}="), E::TokenMalformed),
        (format!(" {good}"), E::TokenMalformed),
        (
            format!("{}.{}.{}", b64(double), parts[1], parts[2]),
            E::TokenMalformed,
        ),
        (
            format!("{}.{}.{}", parts[0], b64("{}"), parts[2]),
            E::TokenMalformed,
        ),
        (nested, E::TokenMalformed),
        ("a".repeat(20_000), E::TokenTooLarge),
    ] {
        let refused = world.trade(&bad).await.err();
        // Which of the checks comes first does not matter here, only that one does.
        let known = [reason, E::Issuer, E::Signature];
        assert!(
            refused.is_some_and(|refused| known.contains(&refused)),
            "{bad:.60} {refused:?}"
        );
    }
    assert!(world.trade(&good).await.is_ok());
}
