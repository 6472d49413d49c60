//! Lines 36 and 37: who takes their time, on either side.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use zijspan::app::Keeping;

use super::mirror::Mirror;
use super::signature::two_sites_with;
use super::wire::{receive, sign_get, sign_json, socket};
use crate::harness::World;

#[expect(
    clippy::disallowed_methods,
    reason = "a test measures how long something takes"
)]
fn now() -> Instant {
    Instant::now()
}

async fn hurried() -> World {
    World::edited(Keeping::InMemory, |_, config| {
        format!("[timeouts]\nheaders_ms = 400\nbody_ms = 400\n[server.limits]\nconnections = 40\n{config}")
    })
    .await
}

/// Waits for the server to end the connection.
async fn ended(stream: &mut TcpStream) -> bool {
    let mut piece = [0; 1024];
    loop {
        let read = tokio::time::timeout(Duration::from_secs(5), stream.read(&mut piece));
        match read.await {
            Ok(Ok(0) | Err(_)) => return true,
            Ok(Ok(_)) => {}
            Err(_) => return false,
        }
    }
}

#[tokio::test]
async fn attack_37_a_head_that_drips_is_cut_off() {
    let world = hurried().await;
    let began = now();
    for listener in ["/api", "/public", "/hooks", "/ops"] {
        let mut stream = TcpStream::connect(socket(&world, listener)).await.unwrap();
        let (mut read, mut write) = stream.split();
        let drip = async {
            for byte in b"GET / HTTP/1.1\r\nhost: localhost\r\nx: aaaaaaaaaaaaaaaaaaaaaaaaa"
                .iter()
                .cycle()
            {
                if write.write_all(&[*byte]).await.is_err() {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let end = async {
            let mut piece = [0; 1024];
            while !matches!(read.read(&mut piece).await, Ok(0) | Err(_)) {}
        };
        tokio::time::timeout(Duration::from_secs(5), async {
            tokio::select! { () = drip => {}, () = end => {} }
        })
        .await
        .unwrap_or_else(|_| panic!("{listener} reads a head for ever"));
    }
    assert!(began.elapsed() < Duration::from_secs(8));
    world.stop().await;
}

#[tokio::test]
async fn attack_37_a_body_that_stalls_gets_a_signed_408() {
    let world = hurried().await;
    let token = world.log_in(0).await;
    let request = sign_json(
        &world,
        "POST",
        "/v1/page",
        Some(&token),
        &json!({"parts": []}),
    );
    let mut stream = TcpStream::connect(socket(&world, "/api")).await.unwrap();
    stream.write_all(&request.head()).await.unwrap();
    stream.write_all(b"{").await.unwrap();
    let raw = receive(&mut stream).await.unwrap();
    request.verify(&world, &raw);
    assert_eq!((raw.status, raw.closed), (408, true));
    // Without a signature nobody waits for a body at all.
    let mut stream = TcpStream::connect(socket(&world, "/api")).await.unwrap();
    let began = now();
    stream
        .write_all(b"POST /v1/page HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000000\r\n\r\n")
        .await
        .unwrap();
    receive(&mut stream)
        .await
        .unwrap()
        .assert_uniform_401("unsigned body");
    assert!(began.elapsed() < Duration::from_secs(2));
    world.stop().await;
}

#[tokio::test]
async fn attack_37_idle_connections_are_bounded_and_let_go() {
    let world = hurried().await;
    let api = socket(&world, "/api");
    let mut idle = join_all((0..150).map(|_| TcpStream::connect(api.clone()))).await;
    // Also one that was of use once.
    let request = sign_get(&world, "/v1/status", None);
    tokio::time::sleep(Duration::from_millis(900)).await;
    let mut kept = TcpStream::connect(&api).await.unwrap();
    kept.write_all(&request.bytes()).await.unwrap();
    assert_eq!(
        receive(&mut kept).await.unwrap().status,
        200,
        "idle connections fill the listener"
    );
    assert!(ended(&mut kept).await, "a connection is kept for ever");
    for stream in idle.iter_mut().flatten() {
        assert!(ended(stream).await, "an idle connection is kept for ever");
    }
    world.stop().await;
}

#[tokio::test]
async fn attack_36_a_source_that_drips_or_hangs_costs_a_page_its_budget_and_no_more() {
    let world = World::edited(Keeping::InMemory, |_, config| {
        format!("[timeouts]\nconnect_ms = 100\nattempt_ms = 700\nsource_ms = 900\npage_ms = 1500\nbudget_ms = 400\n{config}")
    })
    .await;
    let token = world.log_in(0).await;
    for mode in ["drip", "hang"] {
        world.fault(json!({"upstream": "zgw", "mode": mode})).await;
        let began = now();
        let mut page =
            json!({"touch": false, "parts": [{"id": "p", "kind": "zaken", "params": {}}]});
        let ask = async |page: &serde_json::Value| {
            let raw = sign_json(&world, "POST", "/v1/page", Some(&token), page)
                .send_signed(&world)
                .await;
            raw.json()["parts"][0]["state"].as_str().unwrap().to_owned()
        };
        assert_eq!(ask(&page).await, "late", "{mode}");
        assert!(
            began.elapsed() < Duration::from_millis(1500),
            "{mode}: {:?}",
            began.elapsed()
        );
        // The total deadline, however many bytes keep coming: the same part, asked for again, has ended.
        page["budget_ms"] = json!(10_000);
        assert_eq!(ask(&page).await, "unavailable", "{mode}");
        assert!(
            began.elapsed() < Duration::from_millis(3500),
            "{mode}: {:?}",
            began.elapsed()
        );
        world.no_faults().await;
    }
    world.stop().await;
}

#[tokio::test]
async fn attack_36_a_slow_source_of_one_site_is_not_felt_at_another() {
    let (world, other, mirror) = mirrored_first_of_two().await;
    mirror.delay(Duration::from_secs(4));
    let slow_token = world.log_in(0).await;
    let page = json!({"budget_ms": 3000, "parts": [{"id": "p", "kind": "zaken", "params": {}}]});
    let blocked = join_all((0..40).map(|n| {
        let mut page = page.clone();
        page["parts"][0]["params"] = json!({"page_size": n + 1});
        let request = sign_json(&world, "POST", "/v1/page", Some(&slow_token), &page);
        let world = &world;
        async move { request.send(world).await.status }
    }));
    let quick = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let began = now();
        let state = other.part(&world).await;
        (state, began.elapsed())
    };
    let (_, (state, took)) = tokio::join!(blocked, quick);
    assert_eq!(state, "ok");
    assert!(took < Duration::from_secs(2), "{took:?}");
    world.stop().await;
}

/// How the second site asks.
struct Other {
    key: zijspan::signing::SigningKey,
    token: String,
}

impl Other {
    async fn part(&self, world: &World) -> String {
        let page =
            json!({"budget_ms": 5000, "parts": [{"id": "p", "kind": "zaken", "params": {}}]})
                .to_string();
        let body = Some(("application/json", page.as_bytes()));
        let request = super::wire::sign(
            world,
            &self.key,
            "POST",
            "/v1/page",
            Some(&self.token),
            body,
        );
        let raw = request.send(world).await;
        raw.json()["parts"][0]["state"].as_str().unwrap().to_owned()
    }
}

async fn mirrored_first_of_two() -> (World, Other, Mirror) {
    let mut mirror = None;
    let (world, key, _) = two_sites_with(|world, config| {
        let started = Mirror::start(world.text("/upstreams"));
        let config = started.put_between(&config);
        mirror = Some(started);
        config
    })
    .await;
    let id_token = world.id_token(json!({"bsn": "999946043"}), "n").await;
    let form = url::form_urlencoded::Serializer::new(String::new())
        .append_pair(
            "grant_type",
            "urn:ietf:params:oauth:grant-type:token-exchange",
        )
        .append_pair("subject_token", &id_token)
        .append_pair(
            "subject_token_type",
            "urn:ietf:params:oauth:token-type:id_token",
        )
        .append_pair("audience", "urn:zijspan:ander")
        .append_pair("nonce", "n")
        .finish();
    let body = Some(("application/x-www-form-urlencoded", form.as_bytes()));
    let request = super::wire::sign(&world, &key, "POST", "/v1/token", None, body);
    let raw = request.send(&world).await;
    let token = raw.json()["access_token"].as_str().unwrap().to_owned();
    (world, Other { key, token }, mirror.unwrap())
}
