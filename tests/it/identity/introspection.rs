//! Access tokens that say nothing: the provider is asked what they are worth (RFC 7662).

use secrecy::SecretString;
use serde_json::{Value, json};
use zijspan::identity::oidc::{AccessTokens, ClientAuth, ExchangeSettings};
use zijspan::identity::{IdentityError as E, ProvenLogin};

use crate::op::*;

const AS_ACCESS_TOKEN: &[(&str, &str)] = &[(
    "subject_token_type",
    "urn:ietf:params:oauth:token-type:access_token",
)];

async fn world() -> World {
    let world = World::with(|s| {
        s.auth = ClientAuth::SecretBasic(SecretString::from("geheim"));
        s.exchange = Some(ExchangeSettings {
            access_token: AccessTokens::Introspected,
            ..ExchangeSettings::default()
        });
    })
    .await;
    let issuer = world.issuer.clone();
    world.set(|script| {
        script.discovery["introspection_endpoint"] = json!(format!("{issuer}/introspect"));
    });
    world
}

async fn trade(world: &World, token: &str, change: Value) -> Result<ProvenLogin, E> {
    let mut answer = json!({"active": true, "client_id": CLIENT, "token_type": "Bearer", "sub": "s-anna",
        "iat": T0 - 10, "exp": T0 + 290, "acr": SMARTCARD, "bsn": ANNA, "sid": "sid-1"});
    for (name, value) in change.as_object().unwrap() {
        answer[name] = value.clone();
        if value.is_null() {
            answer.as_object_mut().unwrap().remove(name);
        }
    }
    world.set(|script| script.introspection = answer);
    world.trade_with(token, AS_ACCESS_TOKEN).await
}

#[tokio::test]
async fn an_opaque_token_is_worth_what_the_provider_says_of_it_once() {
    let world = world().await;
    let login = trade(&world, "opaque-1", json!({})).await.unwrap();
    assert_eq!(
        (login.sub.as_str(), login.sid.as_deref()),
        ("s-anna", Some("sid-1"))
    );
    let form = world.last_form("introspect").unwrap();
    assert_eq!(form["token"], "opaque-1");
    assert_eq!(form["token_type_hint"], "access_token");
    let script_calls = world.script.lock().unwrap().calls.clone();
    let asked = script_calls.iter().find(|(path, _)| *path == "introspect");
    assert!(asked.unwrap().1.starts_with("Basic "));
    assert_eq!(
        trade(&world, "opaque-1", json!({})).await.err(),
        Some(E::TokenUsed)
    );
    // Another name for the same token is the same token.
    assert!(trade(&world, "opaque-2", json!({"jti": "j"})).await.is_ok());
    assert_eq!(
        trade(&world, "opaque-3", json!({"jti": "j"})).await.err(),
        Some(E::TokenUsed)
    );
}

#[tokio::test]
async fn what_the_provider_does_not_vouch_for_is_refused() {
    let world = world().await;
    for (change, reason) in [
        (json!({"active": false}), E::Inactive),
        (json!({"active": null}), E::Inactive),
        (json!({"active": "true"}), E::Inactive),
        (json!({"client_id": "another"}), E::AuthorizedParty),
        (json!({"client_id": null}), E::AuthorizedParty),
        (json!({"azp": "another"}), E::AuthorizedParty),
        (json!({"iss": "https://evil.example"}), E::Issuer),
        (json!({"exp": T0 - 31}), E::Expired),
        (json!({"exp": null}), E::Expired),
        (json!({"iat": T0 - 301}), E::IssuedAt),
        (json!({"iat": null}), E::IssuedAt),
        (json!({"sub": null}), E::SubjectMissing),
        (json!({"token_type": "N_A"}), E::TokenType),
        (json!({"typ": "Refresh"}), E::TokenType),
        (json!({"bsn": null}), E::NoParty),
        (json!({"kvk": "69599084"}), E::Contradiction),
    ] {
        assert_eq!(
            trade(&world, "opaque", change.clone()).await.err(),
            Some(reason),
            "{change}"
        );
    }
}

#[tokio::test]
async fn a_token_is_shown_to_no_provider_that_it_is_not_of() {
    let world = world().await;
    // It says whose it is, and that is somebody else.
    let strange = sign(&world.claims(json!({"iss": "https://elsewhere.example"})));
    assert_eq!(
        trade(&world, &strange, json!({})).await.err(),
        Some(E::Issuer)
    );
    assert_eq!(world.calls("introspect"), 0);
    // Without the option nothing is asked.
    let off = World::new().await;
    assert_eq!(
        off.trade_with("opaque", AS_ACCESS_TOKEN).await.err(),
        Some(E::SubjectTokenType)
    );
    assert_eq!(off.calls("introspect"), 0);
}

#[tokio::test]
async fn a_provider_that_cannot_be_asked_is_not_used() {
    let world = world().await;
    world.set(|script| script.discovery["introspection_endpoint"] = json!(null));
    assert_eq!(
        trade(&world, "opaque", json!({})).await.err(),
        Some(E::DiscoveryEndpoint)
    );
}
