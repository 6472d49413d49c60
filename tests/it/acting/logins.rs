//! Who may log in where, and what is remembered of a login that was refused.

use http::Method;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use url::Url;
use zijspan::app::Keeping;
use zijspan::domain::SiteId;

use super::{BAKKERIJ_KVK, BAKKERIJ_RSIN, KVK, list, noor, zaken};
use crate::harness::World;

async fn with_map(map: &str) -> World {
    World::edited(Keeping::InMemory, |_, toml| {
        toml.replace("claim_map = \"demo\"", &format!("claim_map = \"{map}\""))
    })
    .await
}

/// Both numbers of a company: all its doors are asked, and a zaak behind several of them is there once.
#[tokio::test]
async fn a_company_with_both_numbers_is_asked_for_by_each_and_sees_each_zaak_once() {
    let world = with_map("keycloak").await;
    let both = json!({"aanvrager": {"kvk": BAKKERIJ_KVK, "rsin": BAKKERIJ_RSIN}});
    let both = world.log_in_as(both).await;
    let by_kvk = json!({"aanvrager": {"kvk": BAKKERIJ_KVK}});
    let by_kvk = world.log_in_as(by_kvk).await;
    let by_rsin = world
        .log_in_as(json!({"aanvrager": {"rsin": BAKKERIJ_RSIN}}))
        .await;
    let mut numbers = Vec::new();
    let mut lists = Vec::new();
    for token in [&by_kvk, &by_rsin, &both] {
        world.clear_calls().await;
        let part = list(&world, token).await;
        let mut of: Vec<Value> = zaken(&part)
            .iter()
            .map(|z| z["zaaknummer"].clone())
            .collect();
        of.sort_by_key(Value::to_string);
        numbers.push(of);
        let calls = world.calls().await;
        let asked = |path: &str| calls.paths.get(path).copied().unwrap_or_default();
        lists.push(asked("GET /zaken/api/v1/rollen"));
    }
    // Legal person and branch by KvK-nummer, legal person by RSIN.
    assert_eq!(lists, [2, 1, 3]);
    let [kvk, rsin, both] = &numbers[..] else {
        unreachable!("three were asked");
    };
    assert!(rsin.iter().all(|number| kvk.contains(number)));
    // Each once: the zaken that both numbers find are no more by being found twice.
    assert_eq!(both, kvk);
    world.stop().await;
}

#[tokio::test]
async fn a_bewindvoerder_logs_in_where_companies_do_and_a_person_does_not() {
    let only = |kinds: &'static str| {
        World::edited(Keeping::InMemory, move |_, toml| {
            toml.replace("claim_map = \"demo\"", "claim_map = \"maykin\"")
                .replace("kinds = [\"burger\", \"onderneming\"]", kinds)
        })
    };
    let bewind = |world: &World| json!({"urn:etoegang:core:LegalSubjectID": BAKKERIJ_KVK, "namequalifier": KVK, "sel_uid": noor(world)});
    let world = only("kinds = [\"onderneming\"]").await;
    world.log_in_as(bewind(&world)).await;
    let token = world.id_token(json!({"bsn": noor(&world)}), "n-1").await;
    assert_eq!(world.exchange(&token, "n-1").await.status, 400);
    world.stop().await;

    let world = only("kinds = [\"burger\"]").await;
    world.log_in_as(json!({"bsn": noor(&world)})).await;
    let token = world.id_token(bewind(&world), "n-2").await;
    assert_eq!(world.exchange(&token, "n-2").await.status, 400);
    world.stop().await;
}

async fn refusals(world: &World) -> Vec<Value> {
    let api = world.demo.as_ref().unwrap().app.api();
    let site = SiteId::parse("demo").unwrap();
    let lines = api.audit.lines(&site, None, 100).await.unwrap();
    lines
        .iter()
        .filter(|line| line.event == "inloggen_geweigerd")
        .map(|line| serde_json::from_str(line.detail.as_ref().unwrap().get()).unwrap())
        .collect()
}

/// The claims are those of another provider than the map was written for: nothing falls back to `sub`.
#[tokio::test]
async fn a_login_in_a_form_that_is_not_known_is_refused_with_its_reason_in_the_audit_log() {
    let world = with_map("nlgov").await;
    let token = world
        .id_token(json!({"sub": noor(&world), "bsn": noor(&world)}), "n-1")
        .await;
    assert_eq!(world.exchange(&token, "n-1").await.status, 400);
    let exchange = json!({"mode": "exchange", "reason": "representation"});
    assert_eq!(refusals(&world).await, [exchange]);

    // The same with the browser's way in.
    let hash = base64::Engine::encode(
        &base64::engine::general_purpose::URL_SAFE_NO_PAD,
        Sha256::digest("cookie"),
    );
    let body = json!({"idp": "digid", "return_to": "/mijn/", "browser_hash": hash});
    let answer = world.json(Method::POST, "/v1/login", None, &body).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let authorize = Url::parse(answer.body["url"].as_str().unwrap()).unwrap();
    let mut form: Vec<(String, String)> = authorize.query_pairs().into_owned().collect();
    form.push(("person".to_owned(), "0".to_owned()));
    let mut at = authorize.clone();
    at.set_query(None);
    let answer = world.http.post(at).form(&form).send().await.unwrap();
    let callback = answer.headers()["location"].to_str().unwrap().to_owned();
    let answer = world.http.get(&callback).send().await.unwrap();
    let back = answer.headers()["location"].to_str().unwrap().to_owned();
    assert!(back.contains("zijspan_login=failed"), "{back}");
    let refused = refusals(&world).await;
    assert_eq!(refused.len(), 2);
    assert_eq!(refused[0]["mode"], "rp");
    assert_eq!(refused[0]["reason"], "representation");
    assert!(!refused[0].to_string().contains(&noor(&world)));
    world.stop().await;
}
