//! A token used twice, by another, or with another's papers beside it (lines 21 to 23).

use serde_json::{Value, json};
use zijspan::identity::oidc::{AccessTokens, ExchangeSettings, NonceRule};
use zijspan::identity::{IdentityError as E, TokenErrorCode};

use crate::op::*;

#[tokio::test]
async fn line_21_the_fields_of_the_exchange_are_checked() {
    let world = World::new().await;
    let token = sign(&world.claims(json!({})));
    use TokenErrorCode::{InvalidRequest, InvalidScope, InvalidTarget};
    let jwt = "urn:ietf:params:oauth:token-type:jwt";
    for (more, reason, code) in [
        (
            ("audience", "urn:zijspan:other"),
            E::Audience,
            InvalidTarget,
        ),
        (("audience", "demo"), E::Audience, InvalidTarget),
        (
            ("resource", "https://x.example"),
            E::Resource,
            InvalidTarget,
        ),
        (("scope", "zaken admin"), E::Scope, InvalidScope),
        (("actor_token", "x"), E::ActorToken, InvalidRequest),
        (("actor_token_type", jwt), E::ActorToken, InvalidRequest),
        (
            ("requested_token_type", jwt),
            E::RequestedTokenType,
            InvalidRequest,
        ),
        (
            ("subject_token_type", jwt),
            E::SubjectTokenType,
            InvalidRequest,
        ),
        (
            (
                "subject_token_type",
                "urn:ietf:params:oauth:token-type:saml2",
            ),
            E::SubjectTokenType,
            InvalidRequest,
        ),
        (
            (
                "subject_token_type",
                "urn:ietf:params:oauth:token-type:access_token",
            ),
            E::SubjectTokenType,
            InvalidRequest,
        ),
    ] {
        let refused = world.trade_with(&token, &[more]).await.err();
        assert_eq!(refused, Some(reason), "{more:?}");
        assert_eq!(reason.token_error(), code);
    }
    assert_eq!(
        E::GrantType.token_error(),
        TokenErrorCode::UnsupportedGrantType
    );
    // None of that spent the token.
    let good = [
        ("scope", "zaken documenten"),
        (
            "requested_token_type",
            zijspan::identity::exchange::ACCESS_TOKEN_TYPE,
        ),
    ];
    assert!(world.trade_with(&token, &good).await.is_ok());
}

#[tokio::test]
async fn line_22_a_token_counts_once_everywhere() {
    let world = World::new().await;
    let token = sign(&world.claims(json!({})));
    assert!(world.trade(&token).await.is_ok());
    assert_eq!(world.trade(&token).await.err(), Some(E::TokenUsed));
    // The same jti in another token is the same use, and without jti the token itself is counted.
    let jti = json!({"jti": "one"});
    assert_eq!(world.refusal(jti).await, None);
    let again = json!({"jti": "one", "auth_time": T0 - 9});
    assert_eq!(world.refusal(again).await, Some(E::TokenUsed));
    let nameless = world.claims(json!({"jti": null}));
    assert!(world.trade(&sign(&nameless)).await.is_ok());
    // PS256 is randomised: another signature over the same content.
    assert_eq!(
        world.trade(&sign(&nameless)).await.err(),
        Some(E::TokenUsed)
    );
    // When the memory of it ends, the token is too old.
    world.clock.advance_secs(301);
    let late = world.trade(&token).await.err();
    assert_eq!(late, Some(E::IssuedAt));
}

#[tokio::test]
async fn line_22_a_signature_written_in_another_way_does_not_make_another_token() {
    let world = World::new().await;
    let claims = world.claims(json!({"jti": null}));
    let token = sign_with(&json!({"alg": "ES256", "kid": "ec"}), &claims, "ES256");
    assert!(world.trade(&token).await.is_ok());
    let (message, signature) = token.rsplit_once('.').unwrap();
    use base64::Engine as _;
    let mut bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(signature)
        .unwrap();
    // (r, s) and (r, n − s) both verify.
    let order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
    let mut borrow = 0_i16;
    for at in (0..32).rev() {
        let n = i16::from(u8::from_str_radix(&order[at * 2..at * 2 + 2], 16).unwrap());
        let digit = n - i16::from(bytes[32 + at]) - borrow;
        borrow = i16::from(digit < 0);
        bytes[32 + at] = u8::try_from(digit.rem_euclid(256)).unwrap();
    }
    let twin = format!("{message}.{}", b64(bytes));
    assert_ne!(twin, token);
    assert_eq!(world.trade(&twin).await.err(), Some(E::TokenUsed));
}

#[tokio::test]
async fn line_22_tokens_of_another_site_or_relying_party_are_refused() {
    let world = World::new().await;
    let token = sign(&world.claims(json!({})));
    let request = world.request(&token, &[("audience", "urn:zijspan:other")]);
    // Site `other` has its own client at the same provider.
    let refused = world
        .exchange
        .exchange(&site("other"), &request)
        .await
        .err();
    assert_eq!(refused, Some(E::TokenAudience));
    let request = world.request(&token, &[]);
    let refused = world
        .exchange
        .exchange(&site("other"), &request)
        .await
        .err();
    assert_eq!(refused, Some(E::Audience));
    let request = world.request(&token, &[("audience", "urn:zijspan:third")]);
    let refused = world
        .exchange
        .exchange(&site("third"), &request)
        .await
        .err();
    assert_eq!(refused, Some(E::ModeOff));
    assert_eq!(
        world.refusal(json!({"aud": "other-client"})).await,
        Some(E::TokenAudience)
    );
    // And used at one site, it is used at all.
    let both = json!({"aud": [CLIENT, "other-client"], "jti": "both", "azp": CLIENT});
    assert_eq!(world.refusal(both.clone()).await, None);
    let mut moved = world.claims(both);
    moved["azp"] = json!("other-client");
    let request = world.request(&sign(&moved), &[("audience", "urn:zijspan:other")]);
    assert_eq!(
        world
            .exchange
            .exchange(&site("other"), &request)
            .await
            .err(),
        Some(E::TokenUsed)
    );
}

#[tokio::test]
async fn line_23_an_access_token_of_another_client_or_kind_is_refused() {
    let world = World::with(|s| {
        s.exchange = Some(ExchangeSettings {
            nonce: NonceRule::Equal,
            access_token: AccessTokens::Jwt,
        });
    })
    .await;
    let kind = [(
        "subject_token_type",
        "urn:ietf:params:oauth:token-type:access_token",
    )];
    let trade = async |header: Value, change: Value| {
        let token = sign_with(&header, &world.claims(change), "PS256");
        world.trade_with(&token, &kind).await.err()
    };
    let at = || json!({"alg": "PS256", "kid": "rsa", "typ": "at+jwt"});
    let plain = || json!({"alg": "PS256", "kid": "rsa", "typ": "JWT"});
    let access = |change: Value| {
        let mut claims = json!({"aud": "zgw-api", "nonce": null, "client_id": CLIENT});
        claims
            .as_object_mut()
            .unwrap()
            .extend(change.as_object().unwrap().clone());
        claims
    };
    assert_eq!(trade(at(), access(json!({}))).await, None);
    assert_eq!(trade(plain(), access(json!({"typ": "Bearer"}))).await, None);
    for change in [
        json!({"client_id": "another"}),
        json!({"client_id": null}),
        json!({"azp": "another"}),
        json!({"client_id": [CLIENT]}),
    ] {
        assert_eq!(
            trade(at(), access(change.clone())).await,
            Some(E::AuthorizedParty),
            "{change}"
        );
    }
    // An id_token is no access token, and the other way round: each would escape a check of its own.
    assert_eq!(
        trade(plain(), json!({"client_id": CLIENT})).await,
        Some(E::TokenType)
    );
    assert_eq!(
        trade(plain(), access(json!({"typ": "ID"}))).await,
        Some(E::TokenType)
    );
    assert_eq!(
        trade(at(), access(json!({"iat": T0 - 301}))).await,
        Some(E::IssuedAt)
    );
    for header in [
        at(),
        json!({"alg": "PS256", "kid": "rsa", "typ": "logout+jwt"}),
    ] {
        let token = sign_with(&header, &world.claims(json!({})), "PS256");
        assert_eq!(world.trade(&token).await.err(), Some(E::TokenType));
    }
    assert_eq!(
        world.refusal(json!({"typ": "Bearer"})).await,
        Some(E::TokenType)
    );
    assert_eq!(
        world.refusal(json!({"events": {}})).await,
        Some(E::TokenType)
    );
    assert_eq!(trade(at(), access(json!({"jti": "a"}))).await, None);
    assert_eq!(
        trade(at(), access(json!({"jti": "a"}))).await,
        Some(E::TokenUsed)
    );
}

#[tokio::test]
async fn line_23_userinfo_about_somebody_else_is_refused() {
    let world = World::with(|s| s.userinfo = true).await;
    let trade = async |info: Value, change: Value| {
        world.set(|script| script.userinfo = info);
        let token = sign(&world.claims(change));
        world
            .trade_with(&token, &[("access_token", "opaque")])
            .await
            .err()
    };
    let none = || json!({"bsn": null});
    assert_eq!(
        trade(json!({"sub": "s-anna", "bsn": BERT}), none()).await,
        None
    );
    for sub in [json!("s-bert"), json!(null), json!(["s-anna"]), json!("")] {
        let refused = trade(json!({"sub": sub, "bsn": BERT}), none()).await;
        assert_eq!(refused, Some(E::UserInfoSubject), "{sub}");
    }
    assert_eq!(
        trade(json!({"bsn": BERT}), none()).await,
        Some(E::UserInfoSubject)
    );
    // The same claim with another value, or a second party beside the first.
    assert_eq!(
        trade(json!({"sub": "s-anna", "bsn": BERT}), json!({})).await,
        Some(E::UserInfoConflict)
    );
    assert_eq!(
        trade(json!({"sub": "s-anna", "kvk": "69599084"}), json!({})).await,
        Some(E::Contradiction)
    );
    assert_eq!(
        trade(json!({"sub": "s-anna", "represents": {}}), json!({})).await,
        Some(E::Representation)
    );
    let without = world.trade(&sign(&world.claims(json!({})))).await.err();
    assert_eq!(without, Some(E::MissingField));
}

#[tokio::test]
async fn line_23_an_access_token_that_does_not_belong_to_the_id_token_is_refused() {
    let world = World::new().await;
    let half = |token: &str| b64(&sha256(token)[..16]);
    let trade = async |at_hash: Value, access_token: &str| {
        let token = sign(&world.claims(json!({"at_hash": at_hash})));
        world
            .trade_with(&token, &[("access_token", access_token)])
            .await
            .err()
    };
    assert_eq!(trade(json!(half("mine")), "mine").await, None);
    assert_eq!(
        trade(json!(half("mine")), "another").await,
        Some(E::AccessTokenHash)
    );
    assert_eq!(
        trade(json!([half("mine")]), "mine").await,
        Some(E::AccessTokenHash)
    );
    assert_eq!(trade(json!(""), "mine").await, Some(E::AccessTokenHash));
    // In the login too.
    world.set(|script| script.claims = json!({"at_hash": half("another")}));
    assert_eq!(world.land().await.unwrap_err().error, E::AccessTokenHash);
}
