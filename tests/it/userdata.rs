//! The two routes that WordPress has for its own administration of logins: the number for its forms, and everyone out.

use http::Method;
use serde_json::{Value, json};
use zijspan::app::Keeping;

use crate::harness::{Answer, World};

async fn userdata(world: &World, token: Option<&str>) -> Answer {
    world
        .call(
            &world.pages_key(),
            Method::POST,
            "/v1/session/userdata",
            token,
            None,
        )
        .await
}

async fn everyone_out(world: &World) -> Answer {
    world
        .call(
            &world.admin_key(),
            Method::DELETE,
            "/v1/admin/sessions",
            None,
            None,
        )
        .await
}

#[tokio::test]
async fn a_site_that_may_have_it_gets_the_number_of_who_is_logged_in_and_no_other() {
    let world = World::start().await;
    let token = world.log_in(0).await;
    let answer = userdata(&world, Some(&token)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let bsn = world.ready["persons"][0]["bsn"].clone();
    let expected =
        json!({"type": "burger", "bsn": bsn, "kvk": null, "rsin": null, "vestigingsnummer": null});
    assert_eq!(answer.body, expected);
    let company = world.log_in(7).await;
    let answer = userdata(&world, Some(&company)).await;
    assert_eq!(answer.body["kvk"], world.ready["persons"][7]["kvk"]);
    assert_eq!(answer.body["bsn"], Value::Null);
    assert_eq!(userdata(&world, None).await.status, 401);
    assert_eq!(
        userdata(&world, Some(&"A".repeat(43))).await.body["type"],
        "urn:zijspan:problem:session"
    );
    world.stop().await;
}

#[tokio::test]
async fn it_is_off_unless_the_configuration_says_so() {
    let world = World::edited(Keeping::InMemory, |_, text| {
        assert!(text.contains("feed_userdata = true\n"));
        text.replace("feed_userdata = true\n", "")
    })
    .await;
    let token = world.log_in(0).await;
    let answer = userdata(&world, Some(&token)).await;
    assert_eq!(answer.status, 403, "{}", answer.body);
    assert_eq!(answer.body["reason"], "userdata_off");
    assert!(!answer.body.to_string().contains("99999"));
    world.stop().await;
}

#[tokio::test]
async fn it_never_gives_the_number_of_somebody_for_whom_another_acts() {
    let world = World::edited(Keeping::InMemory, |_, text| {
        text.replace("claim_map = \"demo\"", "claim_map = \"keycloak\"")
    })
    .await;
    let own = world
        .log_in_as(json!({"aanvrager": {"bsn": "999990019"}}))
        .await;
    assert_eq!(userdata(&world, Some(&own)).await.body["bsn"], "999990019");
    let claims = json!({"aanvrager": {"bsn": "999990019"}, "gemachtigde": {"bsn": "123456782"}});
    let for_another = world.log_in_as(claims).await;
    let answer = userdata(&world, Some(&for_another)).await;
    assert_eq!(answer.status, 403, "{}", answer.body);
    assert_eq!(answer.body["reason"], "acts_for_another");
    assert!(!answer.body.to_string().contains("99999"));
    world.stop().await;
}

#[tokio::test]
async fn everyone_out_ends_every_session_of_the_site_and_nothing_else_may() {
    let world = World::start().await;
    let tokens = [world.log_in(0).await, world.log_in(1).await];
    let key = world.pages_key();
    let refused = world
        .call(&key, Method::DELETE, "/v1/admin/sessions", None, None)
        .await;
    assert_eq!(refused.status, 403, "{}", refused.body);
    assert_eq!(world.get("/v1/session", Some(&tokens[0])).await.status, 200);

    let answer = everyone_out(&world).await;
    assert_eq!((answer.status, &answer.body["ended"]), (200, &json!(2)));
    for token in &tokens {
        assert_eq!(world.get("/v1/session", Some(token)).await.status, 401);
    }
    assert_eq!(everyone_out(&world).await.body["ended"], 0);
    let after = world.log_in(0).await;
    assert_eq!(world.get("/v1/session", Some(&after)).await.status, 200);
    world.stop().await;
}
