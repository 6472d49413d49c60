//! The way of the browser, and the session after it (lines 27, 28, 31, 32).

use serde_json::{Value, json};
use zijspan::identity::oidc::{Callback, LoginStart};
use zijspan::identity::{Class, IdentityError as E, ReturnTo, SessionError, TokenErrorCode};

use crate::op::*;

#[tokio::test]
async fn line_27_a_handoff_is_for_one_browser_one_site_one_minute_and_one_time() {
    let world = World::new().await;
    let demo = site("demo");
    let redeem = async |site_name: &str, handoff: &str, cookie: &str| {
        world
            .logins
            .redeem(&site(site_name), handoff, cookie)
            .await
            .err()
    };
    let first = world.land().await.unwrap().handoff;
    assert_eq!(redeem("demo", first.as_str(), COOKIE).await, None);
    assert_eq!(
        redeem("demo", first.as_str(), COOKIE).await,
        Some(E::Handoff)
    );
    // Another browser, another site: refused, and spent for the right one too.
    for (site_name, cookie) in [("demo", "another"), ("demo", ""), ("other", COOKIE)] {
        let handoff = world.land().await.unwrap().handoff;
        let refused = redeem(site_name, handoff.as_str(), cookie).await;
        assert_eq!(refused, Some(E::HandoffBinding));
        assert_eq!(
            redeem("demo", handoff.as_str(), COOKIE).await,
            Some(E::Handoff)
        );
    }
    let late = world.land().await.unwrap().handoff;
    world.clock.advance_secs(61);
    assert_eq!(
        redeem("demo", late.as_str(), COOKIE).await,
        Some(E::Handoff)
    );
    for made_up in ["", "x", &"A".repeat(43), &"A".repeat(4000)] {
        assert_eq!(redeem("demo", made_up, COOKIE).await, Some(E::Handoff));
    }
    assert_eq!(E::Handoff.token_error(), TokenErrorCode::InvalidGrant);
    // A handoff is no session token.
    let opened = world
        .sessions
        .open(&demo, first.as_str(), true, world.now())
        .await;
    assert_eq!(opened.err(), Some(SessionError::Ended));
}

#[tokio::test]
async fn line_27_what_the_browser_had_before_the_login_does_not_become_the_session() {
    let world = World::new().await;
    let demo = site("demo");
    let login = async || world.trade(&sign(&world.claims(json!({})))).await.unwrap();
    let fixed = "A".repeat(43);
    let started = world
        .sessions
        .start(&demo, login().await, Some(&fixed), world.now())
        .await
        .unwrap();
    assert_ne!(started.token.as_str(), fixed);
    assert!(
        world
            .sessions
            .open(&demo, &fixed, true, world.now())
            .await
            .is_err()
    );
    let old = started.token.as_str();
    let next = world
        .sessions
        .start(&demo, login().await, Some(old), world.now())
        .await
        .unwrap();
    assert!(
        world
            .sessions
            .open(&demo, old, true, world.now())
            .await
            .is_err()
    );
    assert!(
        world
            .sessions
            .open(&demo, next.token.as_str(), true, world.now())
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn line_28_a_session_ends_in_time_and_when_it_is_told() {
    let world = World::new().await;
    let demo = site("demo");
    let open = async |token: &str, touch: bool| {
        world
            .sessions
            .open(&demo, token, touch, world.now())
            .await
            .is_ok()
    };
    let start = async || {
        let login = world.trade(&sign(&world.claims(json!({})))).await.unwrap();
        world
            .sessions
            .start(&demo, login, None, world.now())
            .await
            .unwrap()
            .token
    };
    let idle = start().await;
    // A heartbeat that does not touch keeps nothing alive.
    for _ in 0..9 {
        world.clock.advance_secs(99);
        assert!(open(idle.as_str(), false).await);
    }
    world.clock.advance_secs(10);
    assert!(!open(idle.as_str(), true).await);
    let busy = start().await;
    for _ in 0..14 {
        world.clock.advance_secs(514);
        assert!(open(busy.as_str(), true).await);
    }
    world.clock.advance_secs(5);
    assert!(!open(busy.as_str(), true).await);
    let out = start().await;
    world
        .sessions
        .end(&demo, out.as_str(), world.now())
        .await
        .unwrap();
    assert!(!open(out.as_str(), true).await);
}

#[tokio::test]
async fn line_28_a_back_channel_logout_ends_the_session() {
    let world = World::new().await;
    let demo = site("demo");
    let login = world.trade(&sign(&world.claims(json!({})))).await.unwrap();
    let token = world
        .sessions
        .start(&demo, login, None, world.now())
        .await
        .unwrap()
        .token;
    let provider = world.providers.get(&demo, "digid").unwrap();
    let events = json!({"http://schemas.openid.net/event/backchannel-logout": {}});
    let told = async |change: Value| {
        let mut claims = json!({"nonce": null, "bsn": null, "acr": null, "events": events});
        claims
            .as_object_mut()
            .unwrap()
            .extend(change.as_object().unwrap().clone());
        let header = json!({"alg": "PS256", "kid": "rsa", "typ": "logout+jwt"});
        let token = sign_with(&header, &world.claims(claims), "PS256");
        provider.logged_out(&token, &*world.shared).await
    };
    for (change, reason) in [
        (json!({"nonce": NONCE}), E::LogoutEvent),
        (json!({"events": null}), E::LogoutEvent),
        (json!({"events": {"x": {}}}), E::LogoutEvent),
        (json!({"aud": "another"}), E::TokenAudience),
        (json!({"iss": "https://evil.example"}), E::Issuer),
        (json!({"sid": null, "sub": null}), E::SubjectMissing),
    ] {
        assert_eq!(told(change.clone()).await.err(), Some(reason), "{change}");
    }
    let whom = told(json!({"jti": "l1"})).await.unwrap();
    assert_eq!(told(json!({"jti": "l1"})).await.err(), Some(E::TokenUsed));
    let ended = world
        .sessions
        .end_login(&demo, &whom.iss, &whom.sid.unwrap())
        .await;
    assert_eq!(ended, Ok(1));
    assert!(
        world
            .sessions
            .open(&demo, token.as_str(), true, world.now())
            .await
            .is_err()
    );
}

#[tokio::test]
async fn line_31_a_return_address_elsewhere_is_refused() {
    let world = World::new().await;
    let hash = b64(sha256(COOKIE));
    for bad in [
        "//evil",
        "\\\\evil",
        "/\\evil",
        "https:evil",
        "https://evil.example/",
        "/%0d%0aLocation:https://evil.example",
        "javascript:alert(1)",
        "user@evil.example",
        "https://site@evil.example",
        "/%2f%2fevil",
        "/%5cevil",
        "",
        "mijn-zaken",
    ] {
        let start = LoginStart {
            idp: "digid",
            min_loa: None,
            return_to: bad,
            browser_hash: &hash,
        };
        assert_eq!(
            world.start_with(start).await.err(),
            Some(E::ReturnTo),
            "{bad}"
        );
        assert!(ReturnTo::parse(bad).is_err());
    }
    assert_eq!(E::ReturnTo.class(), Class::Request);
    for bad in ["", "x", COOKIE, &format!("{hash}="), &"é".repeat(22)] {
        let start = LoginStart {
            idp: "digid",
            min_loa: None,
            return_to: "/",
            browser_hash: bad,
        };
        assert_eq!(
            world.start_with(start).await.err(),
            Some(E::BrowserHash),
            "{bad}"
        );
    }
}

#[tokio::test]
async fn line_32_a_state_that_is_foreign_used_or_old_is_refused() {
    let world = World::new().await;
    for state in ["", "x", &"A".repeat(43)] {
        let failure = world.come_back(state).await.unwrap_err();
        assert_eq!((failure.error, failure.site), (E::State, None));
    }
    assert_eq!(
        world
            .logins
            .callback(Callback::default())
            .await
            .unwrap_err()
            .error,
        E::State
    );
    let state = param(&world.start().await.unwrap(), "state");
    assert!(world.come_back(&state).await.is_ok());
    assert_eq!(world.come_back(&state).await.unwrap_err().error, E::State);
    // Also a failed return spends it.
    let state = param(&world.start().await.unwrap(), "state");
    let denied = Callback {
        state: Some(&state),
        error: Some("access_denied"),
        ..Callback::default()
    };
    assert_eq!(
        world.logins.callback(denied).await.unwrap_err().error,
        E::Cancelled
    );
    assert_eq!(world.come_back(&state).await.unwrap_err().error, E::State);
    let state = param(&world.start().await.unwrap(), "state");
    world.clock.advance_secs(301);
    assert_eq!(world.come_back(&state).await.unwrap_err().error, E::State);
}

#[tokio::test]
async fn line_32_an_answer_of_another_provider_is_refused() {
    let world = World::new().await;
    let come_back = async |iss: Option<&str>, route: Option<&str>| {
        let state = param(&world.start().await.unwrap(), "state");
        let callback = Callback {
            state: Some(&state),
            code: Some("code"),
            iss,
            error: None,
            route,
        };
        world
            .logins
            .callback(callback)
            .await
            .map_err(|failure| failure.error)
            .err()
    };
    let issuer = world.issuer.clone();
    assert_eq!(come_back(Some(&issuer), Some("digid")).await, None);
    assert_eq!(
        come_back(Some("https://evil.example"), None).await,
        Some(E::IssuerParameter)
    );
    assert_eq!(come_back(Some(""), None).await, Some(E::IssuerParameter));
    assert_eq!(
        come_back(Some(&format!("{issuer}/")), None).await,
        Some(E::IssuerParameter)
    );
    assert_eq!(
        come_back(None, Some("eherkenning")).await,
        Some(E::IssuerParameter)
    );
    assert_eq!(world.calls("token"), 1);
    // A provider that announces the parameter always sends it, also with an error.
    let strict = World::new().await;
    strict.set(|s| s.discovery["authorization_response_iss_parameter_supported"] = json!(true));
    let state = param(&strict.start().await.unwrap(), "state");
    assert_eq!(
        strict.come_back(&state).await.unwrap_err().error,
        E::IssuerParameter
    );
    let state = param(&strict.start().await.unwrap(), "state");
    let denied = Callback {
        state: Some(&state),
        error: Some("access_denied"),
        ..Callback::default()
    };
    assert_eq!(
        strict.logins.callback(denied).await.unwrap_err().error,
        E::IssuerParameter
    );
}

#[tokio::test]
async fn line_32_a_token_for_another_question_is_refused_at_the_callback() {
    let world = World::new().await;
    world.set(|script| script.claims = json!({"nonce": "another"}));
    assert_eq!(world.land().await.unwrap_err().error, E::Nonce);
    for (claim, reason) in [("iss", E::Issuer), ("aud", E::TokenAudience)] {
        world.set(|script| script.claims = json!({claim: "https://evil.example"}));
        assert_eq!(world.land().await.unwrap_err().error, reason);
    }
    // The victim's browser is given the attacker's return: it has another cookie.
    world.set(|script| script.claims = json!({}));
    let attackers = world.land().await.unwrap().handoff;
    let victim = world
        .logins
        .redeem(&site("demo"), attackers.as_str(), "cookie-of-the-victim")
        .await;
    assert_eq!(victim.err(), Some(E::HandoffBinding));
}
