//! Two browsers, two sites, and clocks that jump.

use futures_util::future::join_all;
use serde_json::json;
use zijspan::domain::Timestamp;
use zijspan::identity::IdentityError as E;
use zijspan::identity::oidc::Callback;

use crate::op::*;

#[tokio::test]
async fn of_two_browsers_that_race_for_a_handoff_only_the_one_that_began_can_win() {
    let world = World::new().await;
    let demo = site("demo");
    for round in 0..20 {
        let handoff = world.land().await.unwrap().handoff;
        let thief = "the cookie of another browser";
        // Who is first differs from round to round.
        let cookies = if round % 2 == 0 {
            [thief, COOKIE]
        } else {
            [COOKIE, thief]
        };
        let tries = cookies.map(|cookie| world.logins.redeem(&demo, handoff.as_str(), cookie));
        let results = join_all(tries).await;
        for (cookie, result) in cookies.iter().zip(&results) {
            assert!(*cookie == COOKIE || result.is_err(), "the thief won");
        }
        let refused: Vec<E> = results
            .iter()
            .filter_map(|r| r.as_ref().err().copied())
            .collect();
        assert!(
            refused
                .iter()
                .all(|error| matches!(error, E::Handoff | E::HandoffBinding)),
            "{refused:?}"
        );
        // Whoever won: it is spent.
        let again = world.logins.redeem(&demo, handoff.as_str(), COOKIE).await;
        assert_eq!(again.err(), Some(E::Handoff));
    }
}

#[tokio::test]
async fn two_browsers_that_return_with_one_state_get_one_login() {
    let world = World::new().await;
    let state = param(&world.start().await.unwrap(), "state");
    let returns = join_all([world.come_back(&state), world.come_back(&state)]).await;
    assert_eq!(returns.iter().filter(|landed| landed.is_ok()).count(), 1);
    let failure = returns.into_iter().find_map(Result::err).unwrap();
    assert_eq!((failure.error, failure.site), (E::State, None));
}

#[tokio::test]
async fn a_login_that_began_at_one_site_ends_at_that_site_or_nowhere() {
    let world = World::new().await;
    let landing = world.land().await.unwrap();
    // The browser goes to the site where it began, whatever it asked in between.
    assert_eq!(landing.site, site("demo"));
    let elsewhere = world
        .logins
        .redeem(&site("other"), landing.handoff.as_str(), COOKIE)
        .await;
    assert_eq!(elsewhere.err(), Some(E::HandoffBinding));
    // A session of the one is none at the other, and cannot be ended there.
    let login = world.trade(&sign(&world.claims(json!({})))).await.unwrap();
    let sessions = &world.sessions;
    let started = sessions
        .start(&site("demo"), login, None, world.now())
        .await
        .unwrap();
    let token = started.token.as_str();
    let open = async |name: &str| sessions.open(&site(name), token, true, world.now()).await;
    assert!(open("other").await.is_err());
    assert!(
        sessions
            .end(&site("other"), token, world.now())
            .await
            .is_err()
    );
    let provider = world.providers.get(&site("demo"), "digid").unwrap();
    let iss = provider.settings().issuer.clone();
    assert_eq!(
        sessions.end_login(&site("other"), &iss, "sid-1").await,
        Ok(0)
    );
    assert!(open("demo").await.is_ok());
}

#[tokio::test]
async fn a_callback_that_names_another_provider_than_it_left_for_is_refused() {
    let world = World::new().await;
    for (iss, route) in [
        (Some("https://evil.example"), None),
        (None, Some("eherkenning")),
    ] {
        let state = param(&world.start().await.unwrap(), "state");
        let callback = Callback {
            state: Some(&state),
            code: Some("code"),
            iss,
            route,
            ..Callback::default()
        };
        let failure = world.logins.callback(callback).await.unwrap_err();
        assert_eq!(failure.error, E::IssuerParameter);
        assert_eq!(world.calls("token"), 0, "the code went to nobody");
    }
}

fn jump(world: &World, secs: i64) {
    world.clock.set(Timestamp::from_secs(T0 + secs));
}

#[tokio::test]
async fn a_clock_that_jumps_forward_ends_what_was_under_way() {
    let world = World::new().await;
    let state = param(&world.start().await.unwrap(), "state");
    jump(&world, 301);
    assert_eq!(world.come_back(&state).await.unwrap_err().error, E::State);
    jump(&world, 0);
    let handoff = world.land().await.unwrap().handoff;
    jump(&world, 61);
    let late = world
        .logins
        .redeem(&site("demo"), handoff.as_str(), COOKIE)
        .await;
    assert_eq!(late.err(), Some(E::Handoff));
    // A token that was good at T0 is too old, and stays used when the clock comes back.
    let token = sign(&world.claims(json!({})));
    assert!(world.trade(&token).await.is_ok());
    jump(&world, 3600);
    assert!(world.trade(&token).await.is_err());
    jump(&world, 61);
    assert!(
        world.trade(&token).await.is_err(),
        "used twice after a jump"
    );
}

#[tokio::test]
async fn a_clock_that_is_set_back_makes_nothing_last_longer_than_it_says() {
    let world = World::new().await;
    let demo = site("demo");
    let token = sign(&world.claims(json!({})));
    let login = world.trade(&token).await.unwrap();
    let started = world
        .sessions
        .start(&demo, login, None, world.now())
        .await
        .unwrap();
    let session = started.token.as_str();
    let open = async || world.sessions.open(&demo, session, true, world.now()).await;
    jump(&world, -600);
    // Used is used; a token of the future is none.
    assert!(world.trade(&token).await.is_err());
    let future = sign(&base_claims(&world.issuer, T0, NONCE));
    assert_eq!(world.trade(&future).await.err(), Some(E::IssuedAt));
    // The session keeps the end that it had, counted from when it began.
    if let Ok(seen) = open().await {
        assert_eq!(seen.absolute_end(), started.session.absolute_end());
    }
    jump(&world, 7201);
    assert!(open().await.is_err());
    jump(&world, 0);
    assert!(open().await.is_err(), "an ended session came back");
}
