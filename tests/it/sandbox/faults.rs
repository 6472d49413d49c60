//! The call log and every fault mode.

use std::time::Duration;

use serde_json::{Value, json};

use super::help::{BSN, World, text, world};

fn list(world: &World) -> String {
    format!("/zaken/api/v1/zaken?{BSN}={}&pageSize=5", world.number(0))
}

async fn clear(world: &World) {
    let answer = world
        .client
        .delete(world.url("/sandbox/faults"))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn calls_are_logged_in_rounds() {
    let world = world().await;
    let path = list(&world);
    world.json(&path).await;
    tokio::join!(world.json(&path), world.json("/catalogi/api/v1/zaaktypen"));
    world.get("/documenten/api/v1/onzin").send().await.unwrap();
    let calls = world.calls().await;
    let upstreams: Vec<&str> = calls.iter().map(|call| text(&call["upstream"])).collect();
    assert_eq!(
        upstreams.len(),
        4,
        "calls of the sandbox itself do not count"
    );
    assert_eq!((upstreams[0], upstreams[3]), ("zaken", "documenten"));
    assert_eq!(calls[0]["path"], "/zaken/api/v1/zaken", "no query, no BSN");
    assert_eq!(calls[3]["status"], 404);
    let time = |call: usize, name: &str| calls[call][name].as_f64().unwrap();
    for later in 1..4 {
        assert!(time(0, "end_ms") < time(later, "start_ms"));
    }
    world
        .client
        .delete(world.url("/sandbox/calls"))
        .send()
        .await
        .unwrap();
    assert!(world.calls().await.is_empty());
}

#[tokio::test]
async fn unknown_upstreams_and_modes_are_refused() {
    let world = world().await;
    for (body, status) in [
        (json!({"upstream": "zgw", "mode": "status"}), 200),
        (json!({"upstream": "zgw", "latency_ms": 1}), 200),
        (
            json!({"upstream": "*", "mode": "none", "latency_ms": 0}),
            200,
        ),
        (json!({"upstream": "onzin", "mode": "status"}), 400),
        (json!({"upstream": "zaken", "mode": "onzin"}), 400),
        (json!({"upstream": "zaken"}), 200),
        (json!({"mode": "hang"}), 400),
        (
            json!({"upstream": "zaken", "mode": "status", "status": 9000}),
            400,
        ),
    ] {
        assert_eq!(world.fault(&body).await, status, "{body}");
    }
    for upstream in zijspan::sandbox::UPSTREAMS {
        assert_eq!(
            world
                .fault(&json!({"upstream": upstream, "mode": "none"}))
                .await,
            200
        );
    }
}

#[tokio::test]
async fn a_fault_can_be_narrowed_to_a_method_and_a_path() {
    let world = world().await;
    world
        .fault(&json!({"upstream": "zgw", "mode": "status", "status": 503, "method": "get", "path": "/zaken/api/v1/rollen"}))
        .await;
    assert_eq!(
        world
            .get("/zaken/api/v1/rollen")
            .send()
            .await
            .unwrap()
            .status(),
        503
    );
    assert_eq!(world.get(&list(&world)).send().await.unwrap().status(), 200);
    world
        .fault(
            &json!({"upstream": "zaken", "mode": "status", "status": 503, "query": "pageSize=5"}),
        )
        .await;
    assert_eq!(world.get(&list(&world)).send().await.unwrap().status(), 503);
    let other = list(&world).replace("pageSize=5", "pageSize=6");
    assert_eq!(world.get(&other).send().await.unwrap().status(), 200);
    world
        .fault(&json!({"upstream": "zaken", "mode": "none"}))
        .await;
    assert_eq!(
        world
            .get("/zaken/api/v1/rollen")
            .send()
            .await
            .unwrap()
            .status(),
        200
    );
}

#[tokio::test]
async fn answers_can_be_wrong_in_content() {
    let world = world().await;
    let path = list(&world);
    let set = |mode: &str| json!({"upstream": "zaken", "mode": mode});

    world.fault(&set("garbage")).await;
    let answer = world.get(&path).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/json");
    assert!(answer.json::<Value>().await.is_err());

    world.fault(&set("html")).await;
    let answer = world.get(&path).send().await.unwrap();
    assert!(
        answer.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/html")
    );

    world.fault(&set("content_type")).await;
    let answer = world.get(&path).send().await.unwrap();
    assert!(
        answer.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/plain")
    );
    assert_eq!(answer.json::<Value>().await.unwrap()["count"], 25);

    world.fault(&set("redirect")).await;
    let answer = world.get(&path).send().await.unwrap();
    assert_eq!(answer.status(), 302);
    assert!(
        answer.headers()["location"]
            .to_str()
            .unwrap()
            .starts_with("http://localhost:")
    );

    world.fault(&set("retry_after")).await;
    let answer = world.get(&path).send().await.unwrap();
    assert_eq!(answer.status(), 503);
    assert!(answer.headers().contains_key("retry-after"));

    world.fault(&set("many_pages")).await;
    let mut url = path.clone();
    for _ in 0..9 {
        let body = world.json(&url).await;
        assert_eq!(body["results"].as_array().unwrap().len(), 5);
        text(&body["next"]).clone_into(&mut url);
    }
    clear(&world).await;
    assert_eq!(world.json(&path).await["count"], 25);
}

#[tokio::test]
async fn connections_can_fail() {
    let world = world().await;
    let path = list(&world);
    let set = |mode: &str| json!({"upstream": "zaken", "mode": mode});

    world.fault(&set("refuse")).await;
    assert!(world.get(&path).send().await.is_err());
    for mode in ["reset", "truncate"] {
        world.fault(&set(mode)).await;
        let answer = world.get(&path).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{mode}");
        assert!(answer.bytes().await.is_err(), "{mode}");
    }
    for mode in ["hang", "drip", "huge"] {
        world.fault(&set(mode)).await;
        let whole = async { world.get(&path).send().await?.bytes().await };
        let patience = Duration::from_millis(400);
        assert!(
            tokio::time::timeout(patience, whole).await.is_err(),
            "{mode}"
        );
    }
    clear(&world).await;
    assert_eq!(world.json(&path).await["count"], 25);
    let calls = world.calls().await;
    assert_eq!(calls[0]["status"], Value::Null, "refused without an answer");
}

#[tokio::test]
async fn a_refused_call_sees_a_reset_and_a_truncated_one_an_end() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let world = world().await;
    for (mode, reset) in [("refuse", true), ("reset", true), ("truncate", false)] {
        world
            .fault(&json!({"upstream": "zaken", "mode": mode}))
            .await;
        let address = world
            .sandbox
            .upstreams_url()
            .trim_start_matches("http://")
            .to_owned();
        let mut socket = tokio::net::TcpStream::connect(&address).await.unwrap();
        let request = format!("GET /zaken/api/v1/zaken HTTP/1.1\r\nhost: {address}\r\n\r\n");
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        let end = socket.read_to_end(&mut bytes).await;
        assert_eq!(end.is_err(), reset, "{mode}: {end:?}");
        assert_eq!(bytes.is_empty(), mode == "refuse", "{mode}");
    }
}

#[tokio::test]
async fn latency_delays_an_answer_that_is_otherwise_right() {
    let world = world().await;
    world
        .fault(&json!({"upstream": "zaken", "mode": "none", "latency_ms": 150}))
        .await;
    world.json(&list(&world)).await;
    let call = world.calls().await.remove(0);
    assert!(call["end_ms"].as_f64().unwrap() - call["start_ms"].as_f64().unwrap() >= 150.0);
}

#[tokio::test]
async fn ignore_filter_answers_with_everybodys_objects() {
    let world = world().await;
    let zaak = world.zaken_of(2).await.remove(0);
    let url = text(&zaak["url"]).to_owned();
    let besluit = "/besluiten/api/v1/besluitinformatieobjecten?besluit=http://x/";
    world
        .fault(&json!({"upstream": "zgw", "mode": "ignore_filter"}))
        .await;
    for path in [
        format!("/zaken/api/v1/zaken?{BSN}={}", world.number(2)),
        format!("/zaken/api/v1/rollen?zaak={url}"),
        format!("/zaken/api/v1/statussen?zaak={url}"),
        format!("/zaken/api/v1/substatussen?zaak={url}"),
        format!("/zaken/api/v1/zaakinformatieobjecten?zaak={url}"),
        format!("{url}/besluiten"),
        format!("/besluiten/api/v1/besluiten?zaak={url}"),
        besluit.to_owned(),
        format!(
            "/catalogi/api/v1/statustypen?zaaktype={}",
            text(&zaak["zaaktype"])
        ),
    ] {
        let body = world.json(&path).await;
        let rows = body
            .as_array()
            .map_or_else(|| body["count"].as_u64().unwrap(), |rows| rows.len() as u64);
        assert!(rows > 2, "{path}: {rows}");
    }
    let (_, body) = world
        .zoek(
            "/zaken/api/v1/zaken/_zoek",
            &json!({"uuid__in": [zaak["uuid"]]}),
        )
        .await;
    assert!(body["count"].as_u64().unwrap() > 900);
    let (_, body) = world
        .zoek(
            "/documenten/api/v1/enkelvoudiginformatieobjecten/_zoek",
            &json!({"uuid__in": [zaak["uuid"]]}),
        )
        .await;
    assert!(body["count"].as_u64().unwrap() > 900);
}
