//! The classes of invalid input that Wycheproof has for JSON Web Signature, Key and Encryption, each by the
//! name that it has there, with vectors of our own, through the function that judges real logins.

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use zijspan::domain::LevelOfAssurance;
use zijspan::identity::IdentityError as E;
use zijspan::identity::oidc::{Evidence, TokenKind};

use super::jwe::{OTHER, OURS, Recipe, decryption, header, pem};
use crate::op::*;

/// One key pair of each kind: the algorithm, its `kid`.
const KINDS: [(&str, &str); 4] = [
    ("RS256", "rsa"),
    ("PS256", "rsa"),
    ("ES256", "ec"),
    ("EdDSA", "ed"),
];

fn good(world: &World, alg: &str, kid: &str) -> [String; 3] {
    let header = json!({"alg": alg, "kid": kid});
    let token = sign_with(&header, &world.claims(json!({})), alg);
    let parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    parts.try_into().unwrap()
}

fn change(text: &str) -> String {
    let first = if text.starts_with('X') { "Y" } else { "X" };
    format!("{first}{}", &text[1..])
}

/// Refused by one of these reasons.
async fn refuses(world: &World, token: &str, reasons: &[E], what: &str) {
    let refused = world.trade(token).await.err();
    assert!(
        refused.is_some_and(|refused| reasons.contains(&refused)),
        "{what}: {refused:?}"
    );
}

/// What becomes of a token that is taken apart may also be that it is of nobody.
const BROKEN: &[E] = &[
    E::TokenMalformed,
    E::TokenEncrypted,
    E::Issuer,
    E::Signature,
];

#[tokio::test]
async fn jws_rejects_modified_and_missing_parts() {
    let world = World::new().await;
    for (alg, kid) in KINDS {
        let [h, p, s] = good(&world, alg, kid);
        for (what, token) in [
            ("ModifiedSignature", format!("{h}.{p}.{}", change(&s))),
            ("ModifiedPayload", format!("{h}.{}.{s}", change(&p))),
            ("ModifiedHeader", format!("{}.{p}.{s}", change(&h))),
            ("MissingSignature", format!("{h}.{p}.")),
            ("MissingSignatureAndSeparator", format!("{h}.{p}")),
            ("MissingPayload", format!("{h}..{s}")),
            ("MissingPayloadAndSeparator", format!("{h}.{s}")),
            ("MissingHeader", format!(".{p}.{s}")),
            ("MissingHeaderAndSeparator", format!("{p}.{s}")),
            ("MissingHeaderAndSignature", format!(".{p}.")),
            ("MissingHeaderSignatureAndSeparators", p.clone()),
            ("ExtraEmptyComponent", format!("{h}.{p}.{s}.")),
            ("ExtraComponent", format!("{h}.{p}.{s}.Zm9v")),
        ] {
            refuses(&world, &token, BROKEN, &format!("{alg} {what}")).await;
        }
        // Undisturbed by all that, the token itself is good.
        assert!(world.trade(&format!("{h}.{p}.{s}")).await.is_ok(), "{alg}");
    }
}

#[tokio::test]
async fn jws_empty_string() {
    let world = World::new().await;
    let provider = world.providers.get(&site("demo"), "digid").unwrap();
    for kind in [TokenKind::IdToken, TokenKind::AccessToken] {
        let evidence = Evidence {
            token: "",
            kind,
            access_token: None,
            nonce: Some(NONCE),
            min_loa: LevelOfAssurance::NONE,
        };
        let refused = provider.prove(evidence, &*world.shared).await.err();
        assert_eq!(refused, Some(E::TokenMalformed));
    }
}

#[tokio::test]
async fn jws_alg_is_none() {
    let world = World::new().await;
    for (alg, kid) in KINDS {
        let [_, p, s] = good(&world, alg, kid);
        for none in ["none", "None", "NONE", "nOnE"] {
            let h = b64(json!({"alg": none, "kid": kid}).to_string());
            for token in [format!("{h}.{p}."), format!("{h}.{p}.{s}")] {
                refuses(&world, &token, &[E::Algorithm], none).await;
            }
        }
    }
}

#[tokio::test]
async fn jws_json_serialization() {
    let world = World::new().await;
    let [h, p, s] = good(&world, "RS256", "rsa");
    let general = json!({"payload": p, "signatures": [{"protected": h, "signature": s}]});
    let flattened = json!({"payload": p, "protected": h, "signature": s});
    for form in [general, flattened] {
        refuses(&world, &form.to_string(), BROKEN, "JsonSerialization").await;
    }
}

#[tokio::test]
async fn jws_symmetry_confusion() {
    let world = World::new().await;
    let hmac = |header: &Value, key: &[u8]| {
        let message = format!(
            "{}.{}",
            b64(header.to_string()),
            b64(world.claims(json!({})).to_string())
        );
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(key).unwrap();
        mac.update(message.as_bytes());
        format!("{message}.{}", b64(mac.finalize().into_bytes()))
    };
    for (number, (_, kid)) in KINDS.iter().enumerate() {
        let jwk = jwks()["keys"]
            .as_array()
            .unwrap()
            .iter()
            .find(|jwk| jwk["kid"] == **kid)
            .unwrap()
            .to_string();
        let header = json!({"alg": "HS256", "kid": kid});
        for key in [modulus(&KEYS.rsa), jwk.into_bytes(), Vec::new()] {
            let token = hmac(&header, &key);
            refuses(&world, &token, &[E::Algorithm], &format!("{number}")).await;
        }
    }
}

#[tokio::test]
async fn jws_wrong_primitive() {
    let world = World::new().await;
    let claims = world.claims(json!({}));
    // The signature is one, and good, but not of the algorithm that is named or that the key is for.
    for (named, kid, made) in [
        ("RS256", "rsa", "PS256"),
        ("PS256", "rsa", "RS256"),
        ("ES256", "ec", "EdDSA"),
        ("EdDSA", "ed", "ES256"),
        ("ES256", "ec", "RS256"),
    ] {
        let token = sign_with(&json!({"alg": named, "kid": kid}), &claims, made);
        refuses(&world, &token, &[E::Signature], named).await;
    }
    for (named, kid, made) in [
        ("ES256", "rsa", "ES256"),
        ("RS256", "ec", "RS256"),
        ("EdDSA", "ec", "EdDSA"),
    ] {
        let token = sign_with(&json!({"alg": named, "kid": kid}), &claims, made);
        refuses(&world, &token, &[E::UnknownKey], named).await;
    }
    for named in [
        "RS384", "RS512", "PS384", "PS512", "ES384", "ES512", "ES256K", "Ed448",
    ] {
        let token = sign_with(&json!({"alg": named, "kid": "rsa"}), &claims, "RS256");
        refuses(&world, &token, &[E::Algorithm], named).await;
    }
    // A key that says what it is for is for nothing else.
    let pinned = World::new().await;
    pinned.set(|script| script.jwks["keys"][0]["alg"] = json!("PS256"));
    let header = json!({"alg": "RS256", "kid": "rsa"});
    let token = sign_with(&header, &pinned.claims(json!({})), "RS256");
    refuses(&pinned, &token, &[E::UnknownKey], "alg of the key").await;
}

#[tokio::test]
async fn jws_modified_padding() {
    let world = World::new().await;
    // The signature as a number is the same, written in another length; or another number altogether.
    for alg in ["RS256", "PS256"] {
        let [h, p, _] = good(&world, alg, "rsa");
        let raw = signature(alg, format!("{h}.{p}").as_bytes());
        let mut longer = vec![0];
        longer.extend(&raw);
        let mut high = raw.clone();
        high[0] ^= 0x80;
        for (what, other) in [
            ("leading zero", longer),
            ("trailing zero", [raw.as_slice(), &[0]].concat()),
            ("one byte less", raw[..255].to_vec()),
            ("first bit", high),
            ("all zero", vec![0; 256]),
            ("all ones", vec![0xff; 256]),
            ("one", [vec![0; 255], vec![1]].concat()),
        ] {
            let token = format!("{h}.{p}.{}", b64(other));
            refuses(&world, &token, &[E::Signature], &format!("{alg} {what}")).await;
        }
    }
    // ECDSA: both numbers zero, of another length, or in the other way of writing.
    let [h, p, _] = good(&world, "ES256", "ec");
    for other in [
        vec![0; 64],
        vec![0; 0],
        vec![1; 63],
        vec![1; 65],
        vec![0x30; 70],
    ] {
        let token = format!("{h}.{p}.{}", b64(other));
        refuses(&world, &token, &[E::Signature], "ES256").await;
    }
    // And of the text: padding, another alphabet, white space, bits that mean nothing.
    let [h, p, s] = good(&world, "RS256", "rsa");
    for other in [
        format!("{s}="),
        format!("{s}=="),
        format!("{s}\n"),
        format!(" {s}"),
    ] {
        let token = format!("{h}.{p}.{other}");
        refuses(&world, &token, &[E::TokenMalformed], "text").await;
    }
}

#[tokio::test]
async fn jws_attacker_provided_embedded_jwk() {
    let world = World::new().await;
    let own = rsa_jwk(&KEYS.other_rsa, "rsa");
    let header = json!({"alg": "RS256", "kid": "rsa", "jwk": own});
    let token = sign_with(&header, &world.claims(json!({})), "other RS256");
    refuses(&world, &token, &[E::Signature], "jwk").await;
}

/// A token of `alg` when the provider publishes these keys.
async fn with_keys(keys: Value, alg: &str, kid: &str, reason: Option<E>, what: &str) {
    let world = World::new().await;
    world.set(|script| script.jwks = json!({ "keys": keys }));
    let header = json!({"alg": alg, "kid": kid});
    let token = sign_with(&header, &world.claims(json!({})), alg);
    assert_eq!(world.trade(&token).await.err(), reason, "{what}");
}

fn key(kid: &str, change: Value) -> Value {
    let mut jwk = jwks()["keys"]
        .as_array()
        .unwrap()
        .iter()
        .find(|jwk| jwk["kid"] == kid)
        .unwrap()
        .clone();
    for (name, value) in change.as_object().unwrap() {
        jwk[name] = value.clone();
    }
    jwk
}

#[tokio::test]
async fn jwk_duplicate_kid() {
    let twice = json!([key("rsa", json!({})), rsa_jwk(&KEYS.other_rsa, "rsa")]);
    with_keys(twice, "RS256", "rsa", Some(E::UnknownKey), "DuplicateKid").await;
    // The same name for keys of another kind is not ambiguous: the algorithm tells them apart.
    let kinds = json!([key("rsa", json!({})), key("ec", json!({"kid": "rsa"}))]);
    with_keys(kinds, "RS256", "rsa", None, "kinds").await;
}

#[tokio::test]
async fn jwk_mixed_key_set() {
    let secret =
        json!({"kty": "oct", "kid": "hmac", "use": "sig", "alg": "HS256", "k": b64([7; 32])});
    let mixed = json!([secret, key("ec", json!({}))]);
    let world = World::new().await;
    world.set(|script| script.jwks = json!({"keys": mixed}));
    let message = format!(
        "{}.{}",
        b64(json!({"alg": "HS256", "kid": "hmac"}).to_string()),
        b64(world.claims(json!({})).to_string())
    );
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&[7; 32]).unwrap();
    mac.update(message.as_bytes());
    let token = format!("{message}.{}", b64(mac.finalize().into_bytes()));
    refuses(&world, &token, &[E::Algorithm], "MixedKeySet").await;
    // A key whose private half is published is anybody's.
    for (kid, alg) in [("rsa", "RS256"), ("ec", "ES256"), ("ed", "EdDSA")] {
        let leaked = json!([key(kid, json!({"d": b64([1; 32])}))]);
        with_keys(leaked, alg, kid, Some(E::UnknownKey), "private").await;
    }
}

#[tokio::test]
async fn jwk_wrong_use_kty_curve_or_algorithm() {
    for (kid, alg, change) in [
        ("rsa", "RS256", json!({"use": "enc"})),
        ("ec", "ES256", json!({"use": "enc"})),
        ("ec", "ES256", json!({"use": "SIG"})),
        ("rsa", "RS256", json!({"key_ops": ["encrypt"]})),
        ("rsa", "RS256", json!({"key_ops": []})),
        ("ec", "ES256", json!({"alg": "ES521"})),
        ("ec", "ES256", json!({"alg": "ES224"})),
        ("rsa", "RS256", json!({"alg": "RSA1_5"})),
        ("ec", "ES256", json!({"crv": "P-384"})),
        ("ec", "ES256", json!({"crv": "secp256k1"})),
        ("ec", "ES256", json!({"kty": "RSA"})),
        ("ec", "ES256", json!({"kty": "OKP"})),
        ("rsa", "RS256", json!({"kty": "EC"})),
        ("ed", "EdDSA", json!({"crv": "X25519"})),
        ("rsa", "RS256", json!({"n": 7})),
        ("ec", "ES256", json!({"y": null})),
    ] {
        let what = format!("{kid} {change}");
        let keys = json!([key(kid, change)]);
        with_keys(keys, alg, kid, Some(E::UnknownKey), &what).await;
    }
}

#[tokio::test]
async fn jwk_point_that_is_not_on_the_curve() {
    let y = URL_SAFE_Y.to_owned();
    let off = json!([key("ec", json!({"y": y}))]);
    with_keys(off, "ES256", "ec", Some(E::Signature), "InvalidPoint").await;
    for (x, y) in [
        (b64([0; 32]), b64([0; 32])),
        (b64([0xff; 32]), b64([0xff; 32])),
    ] {
        let off = json!([key("ec", json!({"x": x, "y": y}))]);
        with_keys(off, "ES256", "ec", Some(E::Signature), "InvalidPoint").await;
    }
    for short in [b64([1; 31]), b64([1; 33]), String::new()] {
        let off = json!([key("ec", json!({"x": short}))]);
        with_keys(off, "ES256", "ec", Some(E::UnknownKey), "length").await;
    }
}

/// 32 bytes that are the second coordinate of no key of ours.
const URL_SAFE_Y: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

#[tokio::test]
async fn jwk_key_size_too_small() {
    let n = modulus(&KEYS.rsa);
    for bytes in [128, 192, 255] {
        let small = json!([key("rsa", json!({"n": b64(&n[..bytes])}))]);
        with_keys(small, "RS256", "rsa", Some(E::UnknownKey), "small").await;
    }
    let zeros = [vec![0; 128], n[..128].to_vec()].concat();
    let small = json!([key("rsa", json!({"n": b64(zeros)}))]);
    with_keys(small, "RS256", "rsa", Some(E::UnknownKey), "zeros").await;
}

#[tokio::test]
async fn jwk_public_exponent_one_and_other_weak_ones() {
    for exponent in [&[1][..], &[3], &[2], &[0], &[], &[1, 0, 0], &[0xff; 9]] {
        let weak = json!([key("rsa", json!({"e": b64(exponent)}))]);
        with_keys(
            weak,
            "RS256",
            "rsa",
            Some(E::UnknownKey),
            &format!("{exponent:?}"),
        )
        .await;
    }
}

#[tokio::test]
async fn jwk_key_with_the_roca_vulnerability() {
    // Keys of that kind are powers of 65537 modulo the small primes; so is this number.
    let n = roca_modulus();
    assert_eq!(n.len(), 256);
    let weak = json!([key("rsa", json!({"n": b64(n)}))]);
    with_keys(weak, "RS256", "rsa", Some(E::UnknownKey), "ROCA").await;
}

/// One more than a multiple of all the small primes: modulo each of them it is 65537 to the power nought.
fn roca_modulus() -> Vec<u8> {
    let mut number = vec![1_u8];
    let times = |number: &[u8], by: u32| {
        let mut out = Vec::new();
        let mut carry = 0_u64;
        for digit in number {
            carry += u64::from(*digit) * u64::from(by);
            out.push((carry & 0xff) as u8);
            carry >>= 8;
        }
        while carry > 0 {
            out.push((carry & 0xff) as u8);
            carry >>= 8;
        }
        out
    };
    // Least digit first; stretched with powers of 2 until it has 2048 bits.
    for prime in [
        3_u32, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83,
        89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
    ] {
        number = times(&number, prime);
    }
    while number.len() < 256 || number[255] < 0x80 {
        number = times(&number, 2);
    }
    number[0] |= 1;
    number.reverse();
    number
}

#[tokio::test]
async fn jwe_rejects_modified_and_missing_parts() {
    let keys = decryption(&pem(&OURS), &[], true);
    let world = World::with(|s| s.decryption = Some(keys.clone())).await;
    let text = sign(&world.claims(json!({})));
    let parts = Recipe::new(&text).parts();
    let [h, k, iv, c, t] = parts.clone();
    let tag = |bytes: usize| t[..bytes * 4 / 3].to_owned();
    let broken: &[E] = &[
        E::TokenMalformed,
        E::Decryption,
        E::Issuer,
        E::Algorithm,
        E::NotNested,
        E::TokenEncrypted,
    ];
    for (what, parts) in [
        (
            "ModifiedAuthenticationTag",
            vec![&h, &k, &iv, &c, &change(&t)],
        ),
        (
            "AuthenticationTagTooLong",
            vec![&h, &k, &iv, &c, &format!("{t}AAAA")],
        ),
        (
            "TruncatedAuthenticationTagBy4Bytes",
            vec![&h, &k, &iv, &c, &tag(12)],
        ),
        (
            "TruncatedAuthenticationTagBy10Bytes",
            vec![&h, &k, &iv, &c, &tag(6)],
        ),
        (
            "MissingAuthenticationTag",
            vec![&h, &k, &iv, &c, &String::new()],
        ),
        (
            "MissingAuthenticationTagAndSeparator",
            vec![&h, &k, &iv, &c],
        ),
        ("ModifiedCiphertext", vec![&h, &k, &iv, &change(&c), &t]),
        ("MissingCiphertext", vec![&h, &k, &iv, &String::new(), &t]),
        ("MissingCiphertextAndSeparator", vec![&h, &k, &iv, &t]),
        ("ModifiedIv", vec![&h, &k, &change(&iv), &c, &t]),
        ("MissingIv", vec![&h, &k, &String::new(), &c, &t]),
        ("LongIv", vec![&h, &k, &format!("{iv}AAAA"), &c, &t]),
        ("ModifiedEncryptedKey", vec![&h, &change(&k), &iv, &c, &t]),
        ("MissingEncryptedKey", vec![&h, &String::new(), &iv, &c, &t]),
        ("MissingEncryptedKeyAndSeparator", vec![&h, &iv, &c, &t]),
        ("ModifiedHeader", vec![&change(&h), &k, &iv, &c, &t]),
        ("MissingHeader", vec![&String::new(), &k, &iv, &c, &t]),
        ("MissingHeaderAndSeparator", vec![&k, &iv, &c, &t]),
        ("ExtraComponent", vec![&h, &k, &iv, &c, &t, &t]),
    ]
    .map(|(what, parts)| (what, parts.into_iter().cloned().collect::<Vec<_>>()))
    {
        refuses(&world, &parts.join("."), broken, what).await;
    }
    let json = json!({"protected": h, "encrypted_key": k, "iv": iv, "ciphertext": c, "tag": t});
    refuses(&world, &json.to_string(), broken, "JsonSerialization").await;
    assert!(world.trade(&parts.join(".")).await.is_ok());
}

#[tokio::test]
async fn jwe_wrong_cipher_padding_key_and_compression() {
    let keys = decryption(&pem(&OURS), &[], true);
    let world = World::with(|s| s.decryption = Some(keys.clone())).await;
    let text = sign(&world.claims(json!({})));
    let with = |name: &str, value: &str| {
        let mut header = header();
        header[name] = json!(value);
        header
    };
    for (what, recipe, reason) in [
        (
            "WrongCipher",
            Recipe {
                header: with("enc", "A128CBC-HS256"),
                ..Recipe::new(&text)
            },
            E::Algorithm,
        ),
        (
            "Pkcs15WithOaepKey",
            Recipe {
                header: with("alg", "RSA1_5"),
                oaep: None,
                ..Recipe::new(&text)
            },
            E::Algorithm,
        ),
        (
            "ModifiedPkcs15Padding",
            Recipe {
                oaep: None,
                ..Recipe::new(&text)
            },
            E::Decryption,
        ),
        ("OaepWithSha1", Recipe::new(&text).sha1(), E::Decryption),
        (
            "CompressedPlaintext",
            Recipe {
                header: with("zip", "DEF"),
                ..Recipe::new(&text)
            },
            E::Compressed,
        ),
        (
            "WrongKey",
            Recipe {
                to: &OTHER,
                ..Recipe::new(&text)
            },
            E::Decryption,
        ),
        (
            "ContentKeyOf128Bits",
            Recipe {
                content_key: vec![9; 16],
                ..Recipe::new(&text)
            },
            E::Decryption,
        ),
    ] {
        refuses(&world, &recipe.token(), &[reason], what).await;
    }
    // A key of the sender's own, without any of ours.
    let h = b64(json!({"alg": "dir", "enc": "A256GCM", "cty": "JWT"}).to_string());
    let direct = format!("{h}..AAAA.AAAA.AAAA");
    refuses(&world, &direct, &[E::Algorithm], "dir").await;
}
