//! Line 46: two things at once have one winner, and nothing breaks.

use futures_util::future::join_all;
use http::Method;
use serde_json::json;
use zijspan::identity::{Token, csrf};

use super::data::first_zaak;
use crate::harness::World;

#[tokio::test]
async fn attack_46_of_twenty_exchanges_at_once_one_wins() {
    let world = World::start().await;
    let id_token = world.id_token(json!({"bsn": "999912410"}), "n").await;
    let answers = join_all((0..20).map(|_| world.exchange(&id_token, "n"))).await;
    let won = answers.iter().filter(|answer| answer.status == 200).count();
    let lost = answers.iter().filter(|answer| answer.status == 400).count();
    assert_eq!((won, lost), (1, 19));
    world.stop().await;
}

#[tokio::test]
async fn attack_46_of_twenty_readers_of_a_ticket_one_gets_the_document() {
    let world = World::start().await;
    let token = world.log_in(0).await;
    let zaak = first_zaak(&world, &token).await;
    let page = world.part(&token, "zaak", json!({"handle": zaak})).await;
    let body = json!({"handle": page["data"]["documenten"][0]["handle"]});
    let ticket = world
        .json(Method::POST, "/v1/tickets", Some(&token), &body)
        .await;
    let url = ticket.body["url"].as_str().unwrap();
    let answers = join_all(
        (0..20).map(|_| async { world.http.get(url).send().await.unwrap().status().as_u16() }),
    )
    .await;
    assert_eq!(
        answers.iter().filter(|status| **status == 200).count(),
        1,
        "{answers:?}"
    );
    assert_eq!(
        answers.iter().filter(|status| **status == 404).count(),
        19,
        "{answers:?}"
    );
    world.stop().await;
}

#[tokio::test]
async fn attack_46_logging_out_ends_the_tickets_and_breaks_nothing() {
    let world = World::start().await;
    let token = world.log_in(0).await;
    let zaak = first_zaak(&world, &token).await;
    let page = world.part(&token, "zaak", json!({"handle": zaak})).await;
    let body = json!({"handle": page["data"]["documenten"][0]["handle"]});
    let ticket = async || {
        let answer = world
            .json(Method::POST, "/v1/tickets", Some(&token), &body)
            .await;
        answer.body["url"].as_str().unwrap().to_owned()
    };
    let (under_way, kept) = (ticket().await, ticket().await);
    world
        .fault(json!({"upstream": "documenten", "mode": "none", "latency_ms": 400, "path": "/download$"}))
        .await;
    let download = async {
        let answer = world.http.get(under_way).send().await.unwrap();
        (answer.status().as_u16(), answer.bytes().await.is_ok())
    };
    let proof = csrf::token(&Token::parse(&token).unwrap(), "session", "", "logout");
    let logout = async {
        tokio::time::sleep(std::time::Duration::from_millis(150)).await;
        let body = json!({"csrf": proof});
        join_all((0..5).map(|_| world.json(Method::DELETE, "/v1/session", Some(&token), &body)))
            .await
    };
    let ((status, _), outs) = tokio::join!(download, logout);
    assert_eq!(status, 200, "what was shown before the logout may end");
    assert!(outs.iter().any(|out| out.status == 200));
    assert!(outs.iter().all(|out| matches!(out.status, 200 | 401)));
    let late = world.http.get(kept).send().await.unwrap().status();
    assert_eq!(late, 401, "a ticket outlived its session");
    assert_eq!(world.get("/v1/session", Some(&token)).await.status, 401);
    world.stop().await;
}

#[tokio::test]
async fn attack_46_a_policy_written_by_two_at_once_is_one_of_them() {
    let world = World::start().await;
    let key = world.admin_key();
    let read = world
        .call(&key, Method::GET, "/v1/admin/policy", None, None)
        .await;
    let body = json!({"version": read.body["version"], "policy": read.body["policy"]}).to_string();
    let write = || {
        world.call(
            &key,
            Method::PUT,
            "/v1/admin/policy",
            None,
            Some(("application/json", body.as_bytes())),
        )
    };
    let answers = join_all((0..8).map(|_| write())).await;
    assert!(
        answers
            .iter()
            .all(|answer| matches!(answer.status, 200 | 409)),
        "{answers:?}"
    );
    assert!(
        answers
            .iter()
            .filter(|answer| answer.body["saved"] == true)
            .count()
            <= 1,
        "{answers:?}"
    );
    world.stop().await;
}
