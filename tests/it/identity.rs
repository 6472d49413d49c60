//! Logging in, from the click to the session and out again, at the level of the library.

#[cfg(feature = "sandbox")]
mod backchannel;
mod client_auth;
mod conformance;
mod encrypted;
mod introspection;
mod jose;
mod jwe;
mod mtls;
#[cfg(feature = "sandbox")]
mod profiles;
mod pushed;
mod races;
mod userinfo;
#[cfg(feature = "sandbox")]
mod whole;

use futures_util::future::join_all;
use secrecy::SecretString;
use serde_json::{Value, json};
use zijspan::domain::{LevelOfAssurance, Subject};
use zijspan::identity::oidc::{ClientAuth, LoginStart};
use zijspan::identity::{Class, IdentityError, csrf};

use crate::op::*;

fn bsn(subject: &Subject) -> &str {
    match subject {
        Subject::Burger(bsn) => bsn.expose(),
        _ => panic!("a person was expected"),
    }
}

#[tokio::test]
async fn a_login_goes_from_click_to_session_to_logout() {
    let world = World::new().await;
    let url = world.start().await.unwrap();
    assert_eq!(
        url.as_str().split('?').next(),
        Some(format!("{}/auth", world.issuer).as_str())
    );
    assert_eq!(param(&url, "response_type"), "code");
    assert_eq!(param(&url, "scope"), "openid");
    assert_eq!(param(&url, "code_challenge_method"), "S256");
    assert_eq!(
        param(&url, "redirect_uri"),
        "http://127.0.0.1:8481/login/callback"
    );
    let landing = world.come_back(&param(&url, "state")).await.unwrap();
    assert_eq!(landing.site, site("demo"));
    let handoff = landing.handoff.as_str();
    let redeemed = world
        .logins
        .redeem(&site("demo"), handoff, COOKIE)
        .await
        .unwrap();
    assert_eq!(redeemed.return_to.as_str(), "/mijn-zaken/");
    let demo = site("demo");
    let started = world
        .sessions
        .start(&demo, redeemed.login, None, world.now())
        .await
        .unwrap();
    let token = started.token.as_str();
    let session = world
        .sessions
        .open(&demo, token, true, world.now())
        .await
        .unwrap();
    assert_eq!(bsn(&session.identity().on_behalf_of), ANNA);
    assert_eq!(session.identity().loa, LevelOfAssurance::SUBSTANTIAL);
    assert_eq!(
        (session.idp(), session.sub(), session.sid()),
        ("digid", "s-anna", Some("sid-1"))
    );
    let form = csrf::token(&started.token, "session", "", "logout");
    assert!(csrf::holds(&started.token, "session", "", "logout", &form));
    let ended = world.sessions.end(&demo, token, world.now()).await.unwrap();
    let provider = world.providers.get(&demo, "digid").unwrap();
    let out = provider.end_session_url(&ended).await.unwrap().unwrap();
    assert_eq!(
        (param(&out, "x").as_str(), param(&out, "client_id").as_str()),
        ("1", CLIENT)
    );
    assert!(!out.as_str().contains("id_token_hint"));
    assert!(
        world
            .sessions
            .open(&demo, token, true, world.now())
            .await
            .is_err()
    );
}

#[tokio::test]
async fn the_id_token_is_kept_for_logout_only_where_the_provider_insists() {
    let world = World::with(|s| {
        s.id_token_hint = true;
        s.post_logout_redirect_uri = Some("http://localhost:8080/".to_owned());
    })
    .await;
    let login = world.trade(&sign(&world.claims(json!({})))).await.unwrap();
    let started = world
        .sessions
        .start(&site("demo"), login, None, world.now())
        .await
        .unwrap();
    let ended = world
        .sessions
        .end(&site("demo"), started.token.as_str(), world.now())
        .await
        .unwrap();
    let provider = world.providers.get(&site("demo"), "digid").unwrap();
    let out = provider.end_session_url(&ended).await.unwrap().unwrap();
    assert_eq!(param(&out, "id_token_hint").split('.').count(), 3);
    assert_eq!(
        param(&out, "post_logout_redirect_uri"),
        "http://localhost:8080/"
    );
}

#[tokio::test]
async fn every_allowed_algorithm_signs_a_login() {
    let world = World::new().await;
    for (alg, kid) in [
        ("RS256", "rsa"),
        ("PS256", "rsa"),
        ("ES256", "ec"),
        ("EdDSA", "ed"),
    ] {
        let header = json!({"alg": alg, "kid": kid, "typ": "JWT"});
        let token = sign_with(&header, &world.claims(json!({})), alg);
        assert!(world.trade(&token).await.is_ok(), "{alg}");
    }
    // Discovery and keys were asked for once.
    assert_eq!((world.calls("discovery"), world.calls("jwks")), (1, 1));
}

#[tokio::test]
async fn the_client_proves_itself_as_configured() {
    let secret = || SecretString::from("s:e/c r");
    let post = World::with(|s| s.auth = ClientAuth::SecretPost(secret())).await;
    post.land().await.unwrap();
    let basic = World::with(|s| s.auth = ClientAuth::SecretBasic(secret())).await;
    basic.land().await.unwrap();
    let script = basic.script.lock().unwrap();
    let sent = script
        .calls
        .iter()
        .find(|(path, _)| *path == "token")
        .unwrap();
    // base64 of "zijspan-test:s%3Ae%2Fc+r".
    assert_eq!(sent.1, "Basic emlqc3Bhbi10ZXN0OnMlM0FlJTJGYyty");
}

#[tokio::test]
async fn userinfo_fills_in_what_the_token_leaves_out() {
    let world = World::with(|s| s.userinfo = true).await;
    world.set(|script| {
        script.claims = json!({"bsn": null});
        script.userinfo =
            json!({"sub": "s-anna", "bsn": ANNA, "acr": "urn:made-up", "name": "A. Test"});
    });
    let landing = world.land().await.unwrap();
    let redeemed = world
        .logins
        .redeem(&site("demo"), landing.handoff.as_str(), COOKIE)
        .await
        .unwrap();
    let identity = &redeemed.login.identity;
    assert_eq!(bsn(&identity.on_behalf_of), ANNA);
    // The level is the token's, whatever UserInfo says.
    assert_eq!(identity.loa, LevelOfAssurance::SUBSTANTIAL);
    assert_eq!(identity.label.as_deref(), Some("A. Test"));
    assert_eq!(
        world.script.lock().unwrap().calls.last().unwrap().1,
        "Bearer opaque"
    );
}

#[tokio::test]
async fn a_new_key_is_fetched_when_a_token_names_it_but_not_all_the_time() {
    let world = World::new().await;
    let new_key = |kid: &str, world: &World| {
        let header = json!({"alg": "RS256", "kid": kid});
        sign_with(&header, &world.claims(json!({})), "other RS256")
    };
    assert!(world.trade(&sign(&world.claims(json!({})))).await.is_ok());
    assert_eq!(
        world.trade(&new_key("new", &world)).await.err(),
        Some(IdentityError::UnknownKey)
    );
    world.set(|script| script.jwks = json!({"keys": [rsa_jwk(&KEYS.other_rsa, "new")]}));
    assert_eq!(
        world.trade(&new_key("new", &world)).await.err(),
        Some(IdentityError::UnknownKey)
    );
    assert_eq!(world.calls("jwks"), 1);
    world.clock.advance_secs(31);
    let tokens: Vec<String> = (0..20).map(|_| new_key("new", &world)).collect();
    let traded = join_all(tokens.iter().map(|token| world.trade(token))).await;
    assert!(traded.iter().all(Result::is_ok));
    assert_eq!(world.calls("jwks"), 2);
    for _ in 0..20 {
        assert!(world.trade(&new_key("made-up", &world)).await.is_err());
    }
    assert_eq!(world.calls("jwks"), 2);
}

#[tokio::test]
async fn a_provider_that_is_away_is_unavailable_and_not_a_refusal() {
    let world = World::new().await;
    world.set(|script| script.token_status = Some(503));
    let failure = world.land().await.unwrap_err();
    assert_eq!(failure.error.class(), Class::Unavailable);
    assert_eq!(
        (failure.site, failure.idp.as_deref()),
        (Some(site("demo")), Some("digid"))
    );
    assert_eq!(failure.code.as_str().len(), 8);
    world.set(|script| script.token_status = Some(400));
    assert_eq!(
        world.land().await.unwrap_err().error,
        IdentityError::CodeRefused
    );
}

#[tokio::test]
async fn papers_of_another_issuer_or_elsewhere_stop_the_login() {
    for (field, value, reason) in [
        (
            "issuer",
            "https://evil.example",
            IdentityError::DiscoveryIssuer,
        ),
        (
            "token_endpoint",
            "http://127.0.0.1:1/token",
            IdentityError::DiscoveryEndpoint,
        ),
        (
            "jwks_uri",
            "https://evil.example/jwks",
            IdentityError::DiscoveryEndpoint,
        ),
    ] {
        let world = World::new().await;
        world.set(|script| script.discovery[field] = json!(value));
        assert_eq!(world.start().await.err(), Some(reason));
    }
    let world = World::new().await;
    world.set(|script| script.discovery["padding"] = json!("x".repeat(70_000)));
    assert_eq!(
        world.start().await.err().map(|e| e.reason()),
        Some("garbled")
    );
}

#[tokio::test]
async fn a_sandbox_provider_is_recognised() {
    let world = World::new().await;
    world.set(|script| script.discovery["zijspan_sandbox"] = json!(true));
    let provider = world.providers.get(&site("demo"), "digid").unwrap();
    assert!(provider.discovery().await.unwrap().sandbox);
}

#[tokio::test]
async fn the_asked_level_follows_the_wanted_one() {
    use zijspan::identity::oidc::AcrValue;
    let world = World::with(|s| {
        s.acr_values = [
            (LevelOfAssurance::LOW, "basis"),
            (LevelOfAssurance::SUBSTANTIAL, "sub"),
        ]
        .map(|(level, value)| AcrValue {
            level,
            value: value.to_owned(),
        })
        .to_vec();
    })
    .await;
    let hash = b64(sha256(COOKIE));
    let asked = async |min_loa| {
        let start = LoginStart {
            idp: "digid",
            min_loa,
            return_to: "/",
            browser_hash: &hash,
        };
        param(&world.start_with(start).await.unwrap(), "acr_values")
    };
    assert_eq!(asked(None).await, "basis");
    assert_eq!(asked(Some(LevelOfAssurance::SUBSTANTIAL)).await, "sub");
    assert_eq!(asked(Some(LevelOfAssurance::HIGH)).await, "sub");
}

#[tokio::test]
async fn of_fifty_redemptions_of_one_handoff_one_wins() {
    let world = World::new().await;
    let handoff = world.land().await.unwrap().handoff;
    let demo = site("demo");
    let tries = (0..50).map(|_| world.logins.redeem(&demo, handoff.as_str(), COOKIE));
    let won = join_all(tries).await.iter().filter(|r| r.is_ok()).count();
    assert_eq!(won, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_fifty_threads_with_one_token_or_one_state_one_wins() {
    let world = std::sync::Arc::new(World::new().await);
    let token = sign(&world.claims(json!({})));
    let tasks = zijspan::lifecycle::Tasks::new();
    let trades = (0..50).map(|_| {
        let (world, token) = (world.clone(), token.clone());
        tasks.spawn(async move { world.trade(&token).await.is_ok() })
    });
    let trades: Vec<_> = trades.collect();
    let won = join_all(trades)
        .await
        .into_iter()
        .filter(|won| *won.as_ref().unwrap());
    assert_eq!(won.count(), 1);
    let state = param(&world.start().await.unwrap(), "state");
    let returns: Vec<_> = (0..50)
        .map(|_| {
            let (world, state) = (world.clone(), state.clone());
            tasks.spawn(async move { world.come_back(&state).await.is_ok() })
        })
        .collect();
    let won = join_all(returns)
        .await
        .into_iter()
        .filter(|won| *won.as_ref().unwrap());
    assert_eq!(won.count(), 1);
}

#[tokio::test]
async fn what_was_kept_for_logins_is_gone_afterwards() {
    let world = World::new().await;
    for _ in 0..20 {
        world.start().await.unwrap();
        world.land().await.unwrap();
    }
    assert!(world.shared.held().0 >= 60);
    world.clock.advance_secs(400);
    world.sessions.sweep(world.now()).await.unwrap();
    assert_eq!(world.shared.held(), (0, 0, 0));
}

#[tokio::test]
async fn no_refusal_prints_what_was_in_the_token() {
    let world = World::new().await;
    for change in [
        json!({"bsn": "123456789"}),
        json!({"kvk": "69599084"}),
        json!({"aud": "geheim"}),
    ] {
        let refused: Result<_, IdentityError> = world.trade(&sign(&world.claims(change))).await;
        let printed = format!("{0:?} {0}", refused.unwrap_err());
        for secret in [ANNA, "123456789", "69599084", "geheim", "s-anna"] {
            assert!(!printed.contains(secret), "{printed}");
        }
    }
    let _: Value = json!(null);
}
