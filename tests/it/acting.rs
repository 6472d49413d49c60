//! Acting for another, and how surely somebody must have proven who they are: through the whole sidecar.

mod logins;

use http::Method;
use serde_json::{Value, json};
use zijspan::app::Keeping;
use zijspan::domain::SiteId;

use crate::harness::World;

const SERVICE: &str = "0a3cbd10-2f4e-4c6b-9d51-5f0d3b6f0001";
const NOBODY: &str = "123456782";
const BAKKERIJ_KVK: &str = "90027516";
const BAKKERIJ_RSIN: &str = "999987525";
const KVK: &str = "urn:etoegang:1.9:EntityConcernedID:KvKnr";
const PSEUDO: &str = "urn:etoegang:1.12:EntityConcernedID:PseudoID";
const BASIS: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";
const HOOG: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI";

/// A demo whose provider writes as Maykin's does, and whose configuration lets a policy allow everything
/// about mandates.
async fn world() -> World {
    World::edited(Keeping::InMemory, |_, toml| {
        toml.replace("claim_map = \"demo\"", "claim_map = \"maykin\"")
            .replace(
                "[site.policy]\n",
                "[site.policy]\nbewind = true\nmandaat_zonder_dienst = true\n",
            )
    })
    .await
}

fn noor(world: &World) -> String {
    world.text("/persons/0/bsn").to_owned()
}

fn machtiging(world: &World, service: &str) -> Value {
    json!({
        "urn:nl-eid-gdi:1.0:LegalSubjectID": noor(world),
        "urn:nl-eid-gdi:1.0:ActingSubjectID": NOBODY,
        "urn:nl-eid-gdi:1.0:ServiceUUID": service,
    })
}

async fn set_policy(world: &World, policy: Value) {
    let key = world.admin_key();
    let path = "/v1/admin/policy";
    let now = world.call(&key, Method::GET, path, None, None).await;
    let body =
        json!({"version": now.body["version"], "policy": policy, "dry_run": false}).to_string();
    let put = Some(("application/json", body.as_bytes()));
    let answer = world.call(&key, Method::PUT, path, None, put).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
}

/// The zaaktype that a value of the list's filter names.
fn zaaktype(filter: &Value) -> Value {
    let (catalogus, identificatie) = filter["value"].as_str().unwrap().split_once('/').unwrap();
    json!({"catalogus": catalogus, "identificatie": identificatie})
}

async fn session(world: &World, token: &str) -> Value {
    let answer = world.get("/v1/session", Some(token)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body
}

async fn list(world: &World, token: &str) -> Value {
    world.part(token, "zaken", json!({"page_size": 100})).await
}

fn zaken(part: &Value) -> &Vec<Value> {
    assert_eq!(part["state"], "ok", "{part}");
    part["data"]["zaken"].as_array().unwrap()
}

/// The reasons for which something was withheld, as the audit log has them.
async fn withheld(world: &World) -> Vec<Value> {
    let api = world.demo.as_ref().unwrap().app.api();
    let lines = api
        .audit
        .lines(&SiteId::parse("demo").unwrap(), None, 100)
        .await
        .unwrap();
    lines
        .into_iter()
        .filter(|line| line.event == "inzage_geweigerd")
        .map(|line| serde_json::to_value(&line).unwrap())
        .collect()
}

#[tokio::test]
async fn a_mandate_for_a_service_that_is_not_mapped_opens_nothing_and_says_so() {
    let world = world().await;
    let token = world.log_in_as(machtiging(&world, SERVICE)).await;
    world.clear_calls().await;
    let part = list(&world, &token).await;
    assert_eq!(part["state"], "denied");
    assert_eq!(part["data"], Value::Null);
    assert_eq!(part["problem"]["reason"], "mandate");
    assert_eq!(part["problem"]["rule"], "mandaat_dienst_onbekend");
    assert_eq!(part["sources"], json!([]));
    // Nobody is asked about somebody whose zaken are not shown.
    assert_eq!(world.calls().await.count, 0);
    let withheld = withheld(&world).await;
    assert_eq!(withheld.len(), 1);
    let line = withheld[0].to_string();
    assert!(line.contains("mandaat_dienst_onbekend"), "{line}");
    assert!(
        !line.contains(SERVICE) && !line.contains(&noor(&world)),
        "{line}"
    );
    let session = session(&world, &token).await;
    assert_eq!(session["acts_for_another"], true);
    assert_eq!(
        session["mandate"],
        json!({"kind": "machtiging", "limited": true, "services": []})
    );
    assert_eq!(session["on_behalf_of"]["type"], "burger");
    world.stop().await;
}

#[tokio::test]
async fn a_mapped_service_shows_its_zaaktypen_and_no_number_of_what_else_there_is() {
    let world = world().await;
    let own = world.log_in_as(json!({"bsn": noor(&world)})).await;
    let all = list(&world, &own).await;
    let filters = all["data"]["filters"]["zaaktypen"].as_array().unwrap();
    assert!(filters.len() > 2, "{all}");
    let mapped = &filters[0];
    let policy = json!({"mandaten": {"diensten": [{
        "dienst": SERVICE.to_uppercase(), "naam": "Vergunningen", "zaaktypen": [zaaktype(mapped)],
    }]}});
    set_policy(&world, policy).await;
    let token = world.log_in_as(machtiging(&world, SERVICE)).await;
    let part = list(&world, &token).await;
    let shown = zaken(&part);
    assert_eq!(json!(shown.len()), mapped["count"]);
    let data = &part["data"];
    assert_eq!(data["filters"]["zaaktypen"], json!([mapped]));
    assert_eq!(
        data["total"],
        json!({"value": shown.len(), "at_least": false})
    );
    assert_eq!(
        (&data["next"], &data["previous"]),
        (&Value::Null, &Value::Null)
    );
    let source = &part["sources"][0];
    let hidden: u64 = source["hidden"]
        .as_object()
        .unwrap()
        .values()
        .map(|n| n.as_u64().unwrap())
        .sum();
    assert_eq!(
        source["count"].as_u64().unwrap(),
        shown.len() as u64 + hidden,
        "{source}"
    );
    assert!(
        !source["hidden"].to_string().contains("mandaat"),
        "{source}"
    );
    assert_eq!(source["of"], Value::Null);
    // A first page has no next one for what lies outside the mandate.
    let size = shown.len();
    let first = world
        .part(&token, "zaken", json!({"page_size": size}))
        .await;
    assert_eq!(first["data"]["next"], Value::Null, "{first}");
    assert_eq!(first["data"]["total"], data["total"]);

    // The handles are those of the same party: what lies outside is not found all the same.
    for zaak in zaken(&all) {
        let inside = zaak["zaaktype"] == mapped["label"];
        let params = json!({"handle": zaak["handle"]});
        let part = world.part(&token, "zaak", params).await;
        let state = if inside { "ok" } else { "not_found" };
        assert_eq!(part["state"], state, "{zaak}");
    }
    let session = session(&world, &token).await;
    assert_eq!(session["mandate"]["services"], json!(["Vergunningen"]));
    assert_eq!(withheld(&world).await, Vec::<Value>::new());
    world.stop().await;
}

#[tokio::test]
async fn a_document_outside_the_mandate_is_not_given() {
    let world = world().await;
    let own = world.log_in_as(json!({"bsn": noor(&world)})).await;
    let all = list(&world, &own).await;
    let mut documents = Vec::new();
    for zaak in zaken(&all) {
        let part = world
            .part(&own, "zaak", json!({"handle": zaak["handle"]}))
            .await;
        if let Some(document) = part["data"]["documenten"].get(0) {
            documents.push((zaak["zaaktype"].clone(), document["handle"].clone()));
        }
    }
    let (inside, _) = documents[0].clone();
    assert!(documents.iter().any(|(label, _)| *label != inside));
    let filters = all["data"]["filters"]["zaaktypen"].as_array().unwrap();
    let mapped = filters
        .iter()
        .find(|filter| filter["label"] == inside)
        .unwrap();
    let policy =
        json!({"mandaten": {"diensten": [{"dienst": SERVICE, "zaaktypen": [zaaktype(mapped)]}]}});
    set_policy(&world, policy).await;
    let token = world.log_in_as(machtiging(&world, SERVICE)).await;
    for (label, handle) in documents {
        let body = json!({"handle": handle});
        let ticket = world
            .json(Method::POST, "/v1/tickets", Some(&token), &body)
            .await;
        let status = match ticket.body["url"].as_str() {
            Some(url) => world.http.get(url).send().await.unwrap().status().as_u16(),
            None => ticket.status,
        };
        assert_eq!(status, if label == inside { 200 } else { 404 }, "{label}");
    }
    world.stop().await;
}

#[tokio::test]
async fn a_bewindvoerder_sees_the_wards_zaken_where_the_policy_allows_it() {
    let world = world().await;
    let claims = json!({
        "urn:etoegang:core:LegalSubjectID": BAKKERIJ_KVK, "namequalifier": KVK,
        "urn:etoegang:core:ActingSubjectID": "f00d@cafe", "sel_uid": noor(&world),
    });
    let token = world.log_in_as(claims).await;
    let part = list(&world, &token).await;
    assert_eq!(part["state"], "denied");
    assert_eq!(part["problem"]["rule"], "mandaat_bewind");
    set_policy(&world, json!({"mandaten": {"bewind": true}})).await;
    let part = list(&world, &token).await;
    let own = world.log_in_as(json!({"bsn": noor(&world)})).await;
    assert_eq!(zaken(&part), zaken(&list(&world, &own).await));
    let session = session(&world, &token).await;
    assert_eq!(
        session["mandate"],
        json!({"kind": "bewind", "limited": false, "services": []})
    );
    assert!(!session.to_string().contains("f00d"), "{session}");
    world.stop().await;
}

#[tokio::test]
async fn a_pseudonym_is_told_that_nothing_can_be_looked_up_and_a_linked_one_is_the_person() {
    let world = world().await;
    let alone = world
        .log_in_as(json!({PSEUDO: "NL/SE/7", "acr": "http://eidas.europa.eu/LoA/substantial"}))
        .await;
    world.clear_calls().await;
    for (kind, params) in [("zaken", json!({})), ("zaak", json!({"handle": "x"}))] {
        let part = world.part(&alone, kind, params).await;
        assert_eq!(part["state"], "denied", "{part}");
        assert_eq!(part["problem"]["reason"], "party");
        assert_eq!(part["problem"]["rule"], "partij");
    }
    assert_eq!(world.calls().await.count, 0);
    let of = session(&world, &alone).await;
    assert_eq!(of["on_behalf_of"]["type"], "pseudoniem");
    assert_eq!(
        (&of["eidas"], &of["loa"]),
        (&json!(true), &json!("substantial"))
    );
    let linked =
        json!({PSEUDO: "NL/SE/7", "urn:etoegang:1.12:EntityConcernedID:BSN": noor(&world)});
    let linked = world.log_in_as(linked).await;
    assert_eq!(zaken(&list(&world, &linked).await).len(), 25);
    assert_eq!(session(&world, &linked).await["eidas"], true);
    world.stop().await;
}

#[tokio::test]
async fn a_company_is_found_through_every_door_that_its_numbers_open() {
    let world = world().await;
    let company = |number: &str, kind: &str| {
        json!({"urn:etoegang:core:LegalSubjectID": number,
               "namequalifier": format!("urn:etoegang:1.9:EntityConcernedID:{kind}")})
    };
    let by_kvk = world.log_in_as(company(BAKKERIJ_KVK, "KvKnr")).await;
    let by_rsin = world.log_in_as(company(BAKKERIJ_RSIN, "RSIN")).await;
    let numbers = async |token: &str| -> Vec<String> {
        let part = list(&world, token).await;
        let mut numbers: Vec<String> = zaken(&part)
            .iter()
            .map(|zaak| zaak["zaaknummer"].as_str().unwrap().to_owned())
            .collect();
        let all = numbers.len();
        numbers.sort();
        numbers.dedup();
        assert_eq!(numbers.len(), all, "each zaak once: {part}");
        numbers
    };
    let (kvk, rsin) = (numbers(&by_kvk).await, numbers(&by_rsin).await);
    // Branches that a register writes as vestiging have no RSIN: only the KvK-nummer finds these.
    assert!(
        !rsin.is_empty() && rsin.len() < kvk.len(),
        "{rsin:?} {kvk:?}"
    );
    assert!(rsin.iter().all(|number| kvk.contains(number)));

    let mut branch = company(BAKKERIJ_RSIN, "RSIN");
    branch["urn:etoegang:1.9:ServiceRestriction:Vestigingsnr"] = json!("000090027511");
    let branch = world.log_in_as(branch).await;
    let part = list(&world, &branch).await;
    assert_eq!(part["problem"]["reason"], "party", "{part}");

    let mut branch = company(BAKKERIJ_KVK, "KvKnr");
    branch["urn:etoegang:1.9:ServiceRestriction:Vestigingsnr"] = json!("000090027511");
    let branch = world.log_in_as(branch).await;
    let part = list(&world, &branch).await;
    let shown = zaken(&part).len();
    assert!(shown > 0 && shown < kvk.len());
    let source = &part["sources"][0];
    assert_eq!(source["count"], shown, "{source}");
    assert_eq!(source["hidden"], json!({}));
    assert_eq!(session(&world, &branch).await["one_branch"], true);
    world.stop().await;
}

#[tokio::test]
async fn a_module_that_needs_a_higher_level_says_which_and_is_there_after_it() {
    let world = World::start().await;
    set_policy(&world, json!({"niveaus": {"zaken": "high"}})).await;
    let bsn = noor(&world);
    let low = world.log_in(0).await;
    world.clear_calls().await;
    for (kind, params) in [("zaken", json!({})), ("zaak", json!({"handle": "x"}))] {
        let part = world.part(&low, kind, params).await;
        assert_eq!(part["state"], "denied", "{part}");
        assert_eq!(part["problem"]["reason"], "loa");
        assert_eq!(part["problem"]["required_loa"], "high");
        assert_eq!(part["data"], Value::Null);
    }
    assert_eq!(world.calls().await.count, 0);
    let high = world.log_in_as(json!({"bsn": bsn, "acr": HOOG})).await;
    assert_eq!(zaken(&list(&world, &high).await).len(), 25);
    // What is asked for is met, not more.
    set_policy(&world, json!({"niveaus": {"zaken": "substantial"}})).await;
    assert_eq!(zaken(&list(&world, &low).await).len(), 25);
    let basis = world.log_in_as(json!({"bsn": bsn, "acr": BASIS})).await;
    assert_eq!(session(&world, &basis).await["loa"], "low");
    let part = list(&world, &basis).await;
    assert_eq!(part["problem"]["required_loa"], "substantial", "{part}");
    world.stop().await;
}

#[tokio::test]
async fn a_zaaktype_that_needs_a_higher_level_is_left_out_and_told_without_its_content() {
    let world = World::start().await;
    let token = world.log_in(0).await;
    let all = list(&world, &token).await;
    let filter = all["data"]["filters"]["zaaktypen"][0].clone();
    let count = filter["count"].as_u64().unwrap();
    let (label, mut rule) = (&filter["label"], zaaktype(&filter));
    rule["niveau"] = json!("high");
    set_policy(&world, json!({"zaaktypen": [rule]})).await;
    let part = list(&world, &token).await;
    let shown = zaken(&part);
    assert_eq!(shown.len() as u64, 25 - count);
    assert!(shown.iter().all(|zaak| zaak["zaaktype"] != *label));
    assert_eq!(
        part["data"]["needs_loa"],
        json!({"required_loa": "high", "count": count})
    );
    assert_eq!(part["data"]["total"]["value"], 25 - count);
    assert_eq!(part["sources"][0]["hidden"]["niveau"], count);
    for zaak in zaken(&all) {
        let one = world
            .part(&token, "zaak", json!({"handle": zaak["handle"]}))
            .await;
        if zaak["zaaktype"] == *label {
            assert_eq!(one["state"], "denied", "{one}");
            assert_eq!(one["problem"]["required_loa"], "high");
            assert_eq!(one["data"], Value::Null);
            assert_eq!(one["sources"], json!([]));
            let number = zaak["zaaknummer"].as_str().unwrap();
            assert!(!one.to_string().contains(number), "{one}");
        } else {
            assert_eq!(one["state"], "ok", "{one}");
        }
    }
    let bsn = noor(&world);
    let high = world.log_in_as(json!({"bsn": bsn, "acr": HOOG})).await;
    let part = list(&world, &high).await;
    assert_eq!(
        (zaken(&part).len(), &part["data"]["needs_loa"]),
        (25, &Value::Null)
    );
    // To somebody else the zaak is not there, at whatever level.
    let other = world.log_in(2).await;
    for zaak in zaken(&all).iter().filter(|zaak| zaak["zaaktype"] == *label) {
        let one = world
            .part(&other, "zaak", json!({"handle": zaak["handle"]}))
            .await;
        assert_eq!(one["state"], "not_found", "{one}");
    }
    world.stop().await;
}

#[tokio::test]
async fn a_session_of_a_higher_level_is_a_new_one_and_ends_the_old() {
    let world = World::start().await;
    let bsn = noor(&world);
    let old = world.log_in(0).await;
    let handed_over = session(&world, &old).await;
    assert_eq!(handed_over["loa"], "substantial");
    // This one was handed over by a login plugin, which is also where one logs in again.
    assert_eq!(handed_over["idp"], Value::Null);
    let nonce = "nonce-of-a-step-up";
    let proof = world
        .id_token(json!({"bsn": bsn, "acr": HOOG}), nonce)
        .await;
    let audience = "urn:zijspan:demo";
    let form = [
        (
            "grant_type",
            "urn:ietf:params:oauth:grant-type:token-exchange",
        ),
        ("subject_token", &proof),
        (
            "subject_token_type",
            "urn:ietf:params:oauth:token-type:id_token",
        ),
        ("audience", audience),
        ("nonce", nonce),
    ];
    let answer = world.form(&form, Some(&old)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let new = answer.body["access_token"].as_str().unwrap();
    assert_ne!(new, old);
    assert_eq!(session(&world, new).await["loa"], "high");
    let gone = world.get("/v1/session", Some(&old)).await;
    assert_eq!(gone.status, 401, "{}", gone.body);
    world.stop().await;
}
