//! Whose data it is, and how surely (lines 24 to 26).

use serde_json::{Value, json};
use zijspan::domain::{LevelOfAssurance, Subject};
use zijspan::identity::claims::ClaimMap;
use zijspan::identity::oidc::LoginStart;
use zijspan::identity::{Class, IdentityError as E};

use crate::op::*;

#[tokio::test]
async fn line_24_a_delegation_gives_the_deepest_party_or_nobody() {
    let id = |kind: &str| format!("urn:nl-eid-gdi:1.0:id:{kind}");
    let party =
        |kind: &str, sub: &str| json!({"iss": "urn:uuid:1", "sub": sub, "sub_id_type": id(kind)});
    let mut middle = party("KvKnr", "69599084");
    middle["represents"] = party("BSN", ANNA);
    let chain = json!({"sub": BERT, "sub_id_type": id("BSN"), "bsn": null, "represents": middle});
    let nlgov = World::with(|s| s.claims = ClaimMap::preset("nlgov").unwrap()).await;
    let login = nlgov
        .trade(&sign(&nlgov.claims(chain.clone())))
        .await
        .unwrap();
    match &login.identity.on_behalf_of {
        Subject::Burger(bsn) => assert_eq!(bsn.expose(), ANNA),
        _ => panic!("the deepest party is a person"),
    }
    assert!(login.identity.acts_for_another());
    let with = |change: fn(&mut Value)| {
        let mut chain = chain.clone();
        change(&mut chain);
        chain
    };
    for (claims, reason) in [
        (
            with(|c| drop(c["represents"].as_object_mut().unwrap().remove("iss"))),
            E::Representation,
        ),
        (
            with(|c| c["represents"]["represents"]["sub"] = json!(BERT)),
            E::RepresentationCycle,
        ),
        (
            with(|c| c["represents"]["represents"]["sub_id_type"] = json!("x")),
            E::PartyKind,
        ),
        (with(|c| c["represents"] = json!([])), E::Representation),
    ] {
        assert_eq!(
            nlgov.refusal(claims.clone()).await,
            Some(reason),
            "{claims}"
        );
    }
    // A map that does not know delegation does not pass it over.
    let demo = World::new().await;
    assert_eq!(
        demo.refusal(json!({"represents": party("BSN", BERT)}))
            .await,
        Some(E::Representation)
    );
    assert_eq!(
        demo.refusal(json!({"act": {"sub": "x"}})).await,
        Some(E::Representation)
    );
}

#[tokio::test]
async fn line_25_a_level_that_is_missing_low_or_unknown_asks_for_a_higher_one() {
    let world = World::with(|s| s.min_loa = LevelOfAssurance::SUBSTANTIAL).await;
    let midden = "urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorContract";
    for acr in [
        json!(null),
        json!(midden),
        json!("urn:made-up"),
        json!(""),
        json!([SMARTCARD]),
        json!(30),
        json!(" substantial"),
    ] {
        let refused = world.refusal(json!({"acr": acr})).await;
        assert_eq!(refused, Some(E::Level), "{acr}");
    }
    assert_eq!(E::Level.class(), Class::StepUp);
    assert_eq!(world.refusal(json!({})).await, None);
    // What the page asked for counts as well as what the provider is set to.
    let lax = World::new().await;
    let hash = b64(sha256(COOKIE));
    let start = LoginStart {
        idp: "digid",
        min_loa: Some(LevelOfAssurance::HIGH),
        return_to: "/",
        browser_hash: &hash,
    };
    let url = lax.start_with(start).await.unwrap();
    let failure = lax.come_back(&param(&url, "state")).await.unwrap_err();
    assert_eq!(failure.error, E::Level);
}

#[tokio::test]
async fn line_26_numbers_that_are_none_are_refused() {
    let world = World::new().await;
    for bsn in [
        json!("000000000"),
        json!("12345678"),
        json!("９９９９９００１９"),
        json!("999990019\n"),
        json!("s00000001:999990019"),
        json!([ANNA]),
        json!(999_990_019),
        json!({"value": ANNA}),
        json!(""),
        json!("123456789"),
        json!(true),
    ] {
        let refused = world.refusal(json!({"bsn": bsn})).await;
        assert!(
            matches!(refused, Some(E::Number | E::Sector)),
            "{bsn} {refused:?}"
        );
    }
    for kvk in [
        json!("1234567"),
        json!(12_345_678),
        json!("1234567 "),
        json!(["12345678"]),
    ] {
        let refused = world.refusal(json!({"bsn": null, "kvk": kvk})).await;
        assert_eq!(refused, Some(E::Number), "{kvk}");
    }
    assert_eq!(
        world.refusal(json!({"kvk": "69599084"})).await,
        Some(E::Contradiction)
    );
    // Never the subject of the token in its place.
    assert_eq!(
        world.refusal(json!({"bsn": null, "sub": ANNA})).await,
        Some(E::NoParty)
    );
    assert_eq!(
        world.refusal(json!({"bsn": "s00000000:999990019"})).await,
        None
    );
}
