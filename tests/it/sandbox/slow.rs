//! How long the sandbox takes, several zaaksystemen and sites, and a document of any size.

use std::time::Duration;

use futures_util::StreamExt as _;
use http::Method;
use serde_json::{Value, json};
use tokio::time::Instant;
use zijspan::sandbox::Large;

use super::help::{BSN, client, jwt, text, world, world_with};
use crate::harness;

/// How long the calls took that are in the log.
async fn times(world: &super::help::World) -> Vec<f64> {
    let calls = world.calls().await;
    let time = |call: &Value, name: &str| call[name].as_f64().unwrap();
    calls
        .iter()
        .map(|call| time(call, "end_ms") - time(call, "start_ms"))
        .collect()
}

async fn set(world: &super::help::World, body: Value) -> u16 {
    let answer = world
        .client
        .post(world.url("/sandbox/latency"))
        .json(&body)
        .send()
        .await
        .unwrap();
    answer.status().as_u16()
}

#[tokio::test]
async fn a_profile_adds_what_was_recorded_and_the_network() {
    let world = world().await;
    let path = format!("/zaken/api/v1/zaken?{BSN}={}&pageSize=20", world.number(0));
    assert_eq!(set(&world, json!({"profile": "recorded"})).await, 200);
    world.json(&path).await;
    // A connection of its own, by a client of its own.
    let rtt = json!({"profile": "none", "rtt_ms": 60});
    assert_eq!(set(&world, rtt).await, 200);
    let request = world.get(&path).build().unwrap();
    let fresh = client();
    fresh
        .execute(request.try_clone().unwrap())
        .await
        .unwrap()
        .bytes()
        .await
        .unwrap();
    fresh.execute(request).await.unwrap();
    assert_eq!(set(&world, json!({"profile": "none"})).await, 200);
    world.json(&path).await;
    let times = times(&world).await;
    // How much more a busy machine takes is not the sandbox's doing.
    assert!(times[0] >= 47.0, "{times:?}");
    assert!(times[1] >= 120.0, "two trips: {times:?}");
    assert!(times[2] >= 60.0, "one trip: {times:?}");
    assert!(times[3] < times[1], "{times:?}");
    for wrong in [
        json!({}),
        json!({"profile": "x"}),
        json!({"profile": "none", "x": 1}),
    ] {
        assert_eq!(set(&world, wrong).await, 400);
    }
}

#[tokio::test]
async fn clearing_faults_leaves_the_latency() {
    let world = world_with(|options| options.latency = "none:50".parse().unwrap()).await;
    let faults = world.url("/sandbox/faults");
    world.client.delete(faults).send().await.unwrap();
    world.json("/catalogi/api/v1/catalogussen").await;
    assert!(times(&world).await[0] >= 50.0);
}

#[tokio::test]
async fn every_source_has_its_own_zaken_address_client_and_faults() {
    let world = world_with(|options| options.sources = 3).await;
    let bronnen = world.sandbox.bronnen();
    let names: Vec<&str> = bronnen.iter().map(|bron| bron.name).collect();
    assert_eq!(names, ["zgw", "bron2", "bron3"]);
    let claims = json!({"client_id": "zijspan-demo", "iat": super::help::NOW});
    let mut seen = Vec::new();
    for bron in bronnen {
        let url = format!("{}/zaken/api/v1/zaken?{BSN}={}", bron.url, world.number(0));
        let ask = |secret: &[u8]| {
            let token = jwt(secret, &claims);
            let request = world.client.get(&url).bearer_auth(token);
            request.header("accept-crs", "EPSG:4326").send()
        };
        let body: Value = ask(bron.client.secret.expose())
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        assert_eq!(body["count"], 25, "{}", bron.name);
        for zaak in body["results"].as_array().unwrap() {
            let zaak_url = text(&zaak["url"]);
            assert!(
                zaak_url.starts_with(&format!("{}/zaken/", bron.url)),
                "{zaak_url}"
            );
            seen.push(text(&zaak["identificatie"]).to_owned());
        }
        for other in bronnen.iter().filter(|other| other.name != bron.name) {
            let refused = ask(other.client.secret.expose()).await.unwrap();
            assert_eq!(refused.status(), 403, "{} at {}", other.name, bron.name);
        }
        let fault = json!({"upstream": bron.upstream, "mode": "status", "status": 503});
        assert_eq!(world.fault(&fault).await, 200);
        assert_eq!(
            ask(bron.client.secret.expose()).await.unwrap().status(),
            503
        );
    }
    let all = seen.len();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), all, "a zaaknummer was given out twice");
    let unknown = json!({"upstream": "bron4", "mode": "hang"});
    assert_eq!(world.fault(&unknown).await, 400);
    let calls = world.calls().await;
    assert_eq!(calls[0]["upstream"], "zaken");
    assert!(
        calls
            .iter()
            .any(|call| call["upstream"] == "bron2" && call["path"] == "/bron2/zaken/api/v1/zaken")
    );
}

#[tokio::test]
async fn a_demo_with_two_sites_of_two_sources_logs_in_at_both() {
    let mut world = harness::World::with(|args| {
        args.sites = 2;
        args.sources = 2;
    })
    .await;
    let sites = world.ready["sites"].as_array().unwrap();
    assert_eq!(sites.len(), 2);
    assert_eq!(sites[0], world.ready["site"]);
    assert_ne!(sites[0]["request_secret"], sites[1]["request_secret"]);
    for (n, count) in [(0, 2), (1, 2)] {
        world.site = n;
        let token = world.log_in(2).await;
        let body = json!({"parts": [{"id": "p", "kind": "zaken", "params": {}}]});
        let answer = world
            .json(Method::POST, "/v1/page", Some(&token), &body)
            .await;
        let part = &answer.body["parts"][0];
        assert_eq!(part["state"], "ok", "{part}");
        assert_eq!(
            part["data"]["zaken"].as_array().unwrap().len(),
            count,
            "{part}"
        );
        let names: Vec<&str> = part["sources"]
            .as_array()
            .unwrap()
            .iter()
            .map(|source| text(&source["name"]))
            .collect();
        assert_eq!(names, ["zgw", "bron2"]);
    }
    let calls = world.calls().await;
    assert!(
        calls
            .paths
            .keys()
            .any(|path| path.contains("/site2-bron2/zaken/"))
    );
    world.stop().await;
}

#[tokio::test]
async fn a_document_of_any_size_comes_at_the_rate_that_was_asked() {
    let world = world_with(|options| {
        options.large = Some(Large {
            length: 3_000_000,
            bytes_per_second: 10_000_000,
        });
    })
    .await;
    let zaak = world.zaken_of(0).await.remove(0);
    let links = world
        .json(&format!(
            "/zaken/api/v1/zaakinformatieobjecten?zaak={}",
            text(&zaak["url"])
        ))
        .await;
    let links = links.as_array().unwrap();
    let mut found = 0;
    for link in links {
        let document = world.json(text(&link["informatieobject"])).await;
        if document["bestandsomvang"] != 3_000_000 {
            continue;
        }
        found += 1;
        let began = Instant::now();
        let answer = world
            .get(text(&document["inhoud"]))
            .header("accept", "*/*")
            .send()
            .await
            .unwrap();
        assert_eq!(answer.content_length(), Some(3_000_000));
        let mut body = answer.bytes_stream();
        let mut length = 0;
        while let Some(chunk) = body.next().await {
            length += chunk.unwrap().len();
        }
        assert_eq!(length, 3_000_000);
        assert!(
            began.elapsed() >= Duration::from_millis(280),
            "{:?}",
            began.elapsed()
        );
    }
    assert_eq!((links.len(), found), (4, 1));
}
