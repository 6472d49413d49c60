//! Encrypted id_tokens: opened with our key, and refused whenever anything about them is not as agreed.

use serde_json::json;
use zijspan::domain::SecretBytes;
use zijspan::identity::IdentityError as E;
use zijspan::identity::oidc::{DecryptionKeys, DecryptionKeysError};

use super::jwe::{OTHER, OURS, Recipe, decryption, encrypt, header, pem};
use crate::op::*;

async fn world(ids: &[&str], required: bool) -> World {
    let keys = decryption(&pem(&OURS), ids, required);
    World::with(|s| s.decryption = Some(keys.clone())).await
}

#[tokio::test]
async fn a_login_with_an_encrypted_token_succeeds_in_both_modes() {
    let world = world(&["enc-1"], true).await;
    world.set(|script| script.encrypt = Some(encrypt));
    world.land().await.unwrap();
    let token = encrypt(&sign(&world.claims(json!({}))));
    assert!(world.trade(&token).await.is_ok());
    assert_eq!(world.trade(&token).await.err(), Some(E::TokenUsed));
}

#[tokio::test]
async fn encrypting_a_used_token_again_does_not_make_it_another_one() {
    let world = world(&[], true).await;
    let signed = sign(&world.claims(json!({"jti": null})));
    assert!(world.trade(&encrypt(&signed)).await.is_ok());
    assert_eq!(
        world.trade(&encrypt(&signed)).await.err(),
        Some(E::TokenUsed)
    );
}

#[tokio::test]
async fn a_token_that_is_signed_only_is_refused_where_all_come_encrypted() {
    let signed = |world: &World| sign(&world.claims(json!({})));
    let strict = world(&[], true).await;
    assert_eq!(
        strict.trade(&signed(&strict)).await.err(),
        Some(E::TokenNotEncrypted)
    );
    let failure = strict.land().await.unwrap_err();
    assert_eq!(failure.error, E::TokenNotEncrypted);
    let lenient = world(&[], false).await;
    assert!(lenient.trade(&signed(&lenient)).await.is_ok());
}

#[tokio::test]
async fn only_the_agreed_way_of_encrypting_is_accepted() {
    let world = world(&["enc-1"], true).await;
    let signed = || sign(&world.claims(json!({})));
    let with = |name: &str, value: serde_json::Value| {
        let mut changed = header();
        changed[name] = value;
        if changed[name].is_null() {
            changed.as_object_mut().unwrap().remove(name);
        }
        changed
    };
    for (header, reason) in [
        (with("alg", json!("RSA1_5")), E::Algorithm),
        (with("alg", json!("RSA-OAEP")), E::Algorithm),
        (with("alg", json!("RSA-OAEP-512")), E::Algorithm),
        (with("alg", json!("dir")), E::Algorithm),
        (with("alg", json!("A256KW")), E::Algorithm),
        (with("alg", json!("A256GCMKW")), E::Algorithm),
        (with("alg", json!("ECDH-ES")), E::Algorithm),
        (with("alg", json!("PBES2-HS256+A128KW")), E::Algorithm),
        (with("alg", json!("none")), E::Algorithm),
        (with("alg", json!(null)), E::TokenMalformed),
        (with("enc", json!("A128GCM")), E::Algorithm),
        (with("enc", json!("A256CBC-HS512")), E::Algorithm),
        (with("enc", json!(null)), E::TokenMalformed),
        (with("zip", json!("DEF")), E::Compressed),
        (with("zip", json!("")), E::Compressed),
        (with("crit", json!(["exp"])), E::Critical),
        (with("crit", json!([])), E::Critical),
        (with("cty", json!("json")), E::NotNested),
        (with("cty", json!(null)), E::NotNested),
        (with("kid", json!("enc-2")), E::UnknownKey),
        (with("kid", json!(["enc-1"])), E::TokenMalformed),
    ] {
        let shown = header.to_string();
        let token = Recipe {
            header,
            ..Recipe::new(&signed())
        }
        .token();
        assert_eq!(world.trade(&token).await.err(), Some(reason), "{shown}");
    }
    // What the header says is one thing, what was done another.
    let text = signed();
    assert_eq!(
        world.trade(&Recipe::new(&text).sha1().token()).await.err(),
        Some(E::Decryption)
    );
    let padded = Recipe {
        oaep: None,
        ..Recipe::new(&text)
    };
    assert_eq!(
        world.trade(&padded.token()).await.err(),
        Some(E::Decryption)
    );
    let strange = Recipe {
        to: &OTHER,
        ..Recipe::new(&text)
    };
    assert_eq!(
        world.trade(&strange.token()).await.err(),
        Some(E::Decryption)
    );
    for length in [0, 16, 31, 33] {
        let short = Recipe {
            content_key: vec![1; length],
            ..Recipe::new(&text)
        };
        assert_eq!(
            world.trade(&short.token()).await.err(),
            Some(E::Decryption),
            "{length}"
        );
    }
    assert!(world.trade(&encrypt(&text)).await.is_ok());
}

#[tokio::test]
async fn any_part_that_was_changed_does_not_open() {
    let world = world(&[], true).await;
    let text = sign(&world.claims(json!({})));
    let good = Recipe::new(&text).parts();
    for at in 0..5 {
        let mut parts = good.clone();
        // Not the last character: it may carry bits that mean nothing.
        let from = parts[at].len() / 2;
        let other = if &parts[at][from..=from] == "A" {
            "B"
        } else {
            "A"
        };
        parts[at].replace_range(from..=from, other);
        let refused = world.trade(&parts.join(".")).await.err();
        let known = [E::Decryption, E::TokenMalformed, E::Algorithm, E::NotNested];
        assert!(
            refused.is_some_and(|refused| known.contains(&refused)),
            "part {at}: {refused:?}"
        );
        let mut parts = good.clone();
        parts[at] = String::new();
        assert!(world.trade(&parts.join(".")).await.is_err(), "part {at}");
        let mut parts = good.clone();
        parts[at].push('=');
        assert!(world.trade(&parts.join(".")).await.is_err(), "part {at}");
    }
    // A shorter tag would be easier to guess.
    let mut parts = good.clone();
    parts[4] = b64([0; 12]);
    assert_eq!(
        world.trade(&parts.join(".")).await.err(),
        Some(E::TokenMalformed)
    );
    assert!(world.trade(&good.join(".")).await.is_ok());
}

#[tokio::test]
async fn what_is_inside_is_a_signed_token_or_nothing() {
    let world = world(&[], true).await;
    let claims = world.claims(json!({}));
    let unsigned = format!("{}.{}.", b64(r#"{"alg":"none"}"#), b64(claims.to_string()));
    let twice = encrypt(&sign(&claims));
    for (inner, reason) in [
        ("{}".to_owned(), E::TokenMalformed),
        (unsigned, E::Algorithm),
        (twice, E::TokenEncrypted),
        (String::new(), E::TokenMalformed),
    ] {
        assert_eq!(world.trade(&encrypt(&inner)).await.err(), Some(reason));
    }
    let not_text = Recipe {
        plain: &[0xff, 0xfe],
        ..Recipe::new("")
    };
    assert_eq!(
        world.trade(&not_text.token()).await.err(),
        Some(E::Decryption)
    );
    let huge = "a".repeat(40_000);
    assert_eq!(
        world.trade(&encrypt(&huge)).await.err(),
        Some(E::TokenTooLarge)
    );
}

#[tokio::test]
async fn keys_change_one_by_one_without_anybody_noticing() {
    let both = format!("{}{}", pem(&OTHER), pem(&OURS));
    for ids in [&["enc-2", "enc-1"][..], &[][..]] {
        let keys = decryption(&both, ids, true);
        let world = World::with(|s| s.decryption = Some(keys.clone())).await;
        let old = encrypt(&sign(&world.claims(json!({}))));
        assert!(world.trade(&old).await.is_ok());
        let text = sign(&world.claims(json!({})));
        let mut named = header();
        named["kid"] = json!("enc-2");
        let new = Recipe {
            header: named,
            to: &OTHER,
            ..Recipe::new(&text)
        };
        assert!(world.trade(&new.token()).await.is_ok());
        let text = sign(&world.claims(json!({})));
        let mut nameless = header();
        nameless.as_object_mut().unwrap().remove("kid");
        let new = Recipe {
            header: nameless,
            ..Recipe::new(&text)
        };
        assert!(world.trade(&new.token()).await.is_ok());
    }
}

#[test]
fn keys_that_cannot_open_anything_are_refused_at_the_start() {
    let read = |pem: &str, ids: &[&str]| {
        let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
        DecryptionKeys::from_pem(&SecretBytes::new(pem.as_bytes().to_vec()), &ids).err()
    };
    let one = pem(&OURS);
    let ec = rcgen::KeyPair::generate().unwrap().serialize_pem();
    assert_eq!(read(&one, &[]), None);
    assert_eq!(read("no pem", &[]), Some(DecryptionKeysError::Empty));
    assert_eq!(read(&ec, &[]), Some(DecryptionKeysError::Kind));
    assert_eq!(
        read(&one.replace("PRIVATE KEY", "RSA PRIVATE KEY"), &[]),
        Some(DecryptionKeysError::Kind)
    );
    assert_eq!(read(&one.repeat(5), &[]), Some(DecryptionKeysError::Many));
    assert_eq!(read(&one, &["a", "b"]), Some(DecryptionKeysError::Names));
    assert_eq!(
        format!("{:?}", decryption(&one, &["a"], true)),
        "Decryption { keys: DecryptionKeys(1), required: true }"
    );
}
