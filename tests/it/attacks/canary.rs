//! Lines 29 and 42, and "nothing personal in the clear": everything that the sidecar writes is read back
//! and searched for everybody and everything of the run.

use std::collections::BTreeSet;
use std::path::Path;

use http::Method;
use serde_json::{Value, json};
use zijspan::app::Keeping;
use zijspan::identity::{Token, csrf};

use super::mirror::Mirror;
use super::wire::{send, sign_get, socket};
use crate::harness::World;
use crate::log::Log;

fn files(dir: &Path, out: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, out);
        } else {
            out.push((path.display().to_string(), std::fs::read(&path).unwrap()));
        }
    }
}

/// What must be found nowhere.
#[derive(Default)]
struct Canaries(BTreeSet<String>);

impl Canaries {
    fn add(&mut self, text: &str) {
        if text.len() >= 5 {
            self.0.insert(text.to_owned());
        }
    }

    fn search(&self, place: &str, bytes: &[u8], found: &mut Vec<String>) {
        let text = String::from_utf8_lossy(bytes);
        for canary in &self.0 {
            if let Some(at) = text.find(canary.as_str()) {
                let from = text[..at].rfind('\n').map_or(0, |line| line + 1);
                let line = text[from..].lines().next().unwrap_or_default();
                let line: String = line.chars().take(300).collect();
                found.push(format!("{canary} in {place}: {line}"));
            }
        }
    }
}

#[tokio::test]
async fn attack_29_nobody_and_no_secret_is_found_in_logs_disk_metrics_or_addresses() {
    let log = Log::of_everything();
    let world = World::edited(Keeping::OnDisk, |_, config| config).await;
    // Nobody knows which nonces a first start on this folder has used: it waits their window out.
    world.clock.advance_secs(10);
    // The demo writes keys into its configuration; nothing but the state is the sidecar's.
    let state = world.dir().join("state");
    let mut canaries = Canaries::default();
    let mut seen: Vec<(String, Vec<u8>)> = Vec::new();
    let persons = world.ready["persons"].as_array().unwrap().clone();
    for (n, person) in persons.iter().enumerate() {
        canaries.add(person["bsn"].as_str().or(person["kvk"].as_str()).unwrap());
        let name = person["name"].as_str().unwrap();
        canaries.add(name);
        canaries.add(name.rsplit(' ').next().unwrap());
        let mut claims = json!({"name": name});
        match person["bsn"].as_str() {
            Some(bsn) => claims["bsn"] = json!(bsn),
            None => claims["kvk"] = person["kvk"].clone(),
        }
        let id_token = world.id_token(claims, "canary-nonce").await;
        canaries.add(&id_token);
        let login = world.exchange(&id_token, "canary-nonce").await;
        let token = login.body["access_token"].as_str().unwrap().to_owned();
        canaries.add(&token);
        flow(&world, &token, n, &mut canaries, &mut seen).await;
    }
    // Refusals of every kind.
    let bsn = persons[0]["bsn"].as_str().unwrap();
    let bad = world
        .id_token(json!({"bsn": bsn, "kvk": "90027516"}), "canary-nonce")
        .await;
    canaries.add(&bad);
    let refused = world.exchange(&bad, "canary-nonce").await;
    seen.push((
        "refused login".to_owned(),
        refused.body.to_string().into_bytes(),
    ));
    for path in [format!("/v1/session?bsn={bsn}"), format!("/v1/{bsn}")] {
        let answer = world.get(&path, None).await;
        seen.push((path.replace(bsn, "…"), answer.body.to_string().into_bytes()));
    }
    for (listener, target) in [
        ("/api", format!("/{bsn}")),
        ("/public", format!("/t/{bsn}")),
        ("/public", format!("/callback?state={bsn}&error={bsn}")),
        ("/hooks", format!("/{bsn}")),
        ("/ops", format!("/{bsn}")),
    ] {
        let bytes = format!(
            "GET {target} HTTP/1.1\r\nhost: localhost\r\nuser-agent: {bsn}\r\nx-name: {bsn}\r\n\r\n"
        );
        let raw = send(&socket(&world, listener), bytes.as_bytes())
            .await
            .unwrap();
        seen.push((listener.to_owned(), raw.body));
    }
    for fault in [
        "status",
        "garbage",
        "html",
        "refuse",
        "truncate",
        "ignore_filter",
        "redirect",
    ] {
        world.fault(json!({"upstream": "zgw", "mode": fault})).await;
        let token = world.log_in(0).await;
        canaries.add(&token);
        let part = world.part(&token, "zaken", json!({})).await;
        seen.push((format!("fault {fault}"), part.to_string().into_bytes()));
        world.no_faults().await;
    }
    let metrics = world
        .http
        .get(format!("{}/metrics", world.text("/ops")))
        .send()
        .await
        .unwrap();
    seen.push((
        "metrics".to_owned(),
        metrics.bytes().await.unwrap().to_vec(),
    ));
    world
        .http
        .get(format!("{}/ready", world.text("/ops")))
        .send()
        .await
        .unwrap();
    // While it runs, and after a clean stop has written what it keeps.
    files(&state, &mut seen);
    let dir = state.clone();
    let keep = world.stop_keeping().await;
    files(&dir, &mut seen);
    drop(keep);
    assert!(
        seen.iter().any(|(place, _)| place.ends_with(".sqlite")),
        "nothing was on disk"
    );
    assert!(canaries.0.len() > 40, "{}", canaries.0.len());

    let written = log.text();
    assert!(
        written.contains("upstream answered"),
        "the log was not listened to"
    );
    let mut found = Vec::new();
    // Everything that any crate of the process says, the test's own client and the sandbox included.
    canaries.search("the log", written.as_bytes(), &mut found);
    for (place, bytes) in &seen {
        canaries.search(place, bytes, &mut found);
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Everything that a person does.
async fn flow(
    world: &World,
    token: &str,
    n: usize,
    canaries: &mut Canaries,
    seen: &mut Vec<(String, Vec<u8>)>,
) {
    let list = world.part(token, "zaken", json!({"page_size": 3})).await;
    world.part(token, "zaken", json!({"q": "vergunning"})).await;
    let session = world.get("/v1/session", Some(token)).await;
    assert_eq!(session.status, 200);
    if let Some(zaak) = list["data"]["zaken"]
        .as_array()
        .and_then(|zaken| zaken.first())
    {
        let page = world
            .part(token, "zaak", json!({"handle": zaak["handle"]}))
            .await;
        if let Some(document) = page["data"]["documenten"]
            .as_array()
            .and_then(|all| all.first())
        {
            let body = json!({"handle": document["handle"]});
            let ticket = world
                .json(Method::POST, "/v1/tickets", Some(token), &body)
                .await;
            let url = ticket.body["url"].as_str().unwrap();
            // The address of a download says nothing of whose it is.
            let path = url.rsplit_once('/').unwrap().1;
            seen.push((
                format!("ticket of person {n}"),
                url.replace(path, "…").into_bytes(),
            ));
            canaries.add(path);
            let answer = world.http.get(url).send().await.unwrap();
            seen.push((
                format!("headers of person {n}"),
                format!("{:?}", answer.headers()).into_bytes(),
            ));
            answer.bytes().await.unwrap();
        }
    }
    if n.is_multiple_of(2) {
        let proof = csrf::token(&Token::parse(token).unwrap(), "session", "", "logout");
        canaries.add(&proof);
        let out = world
            .json(
                Method::DELETE,
                "/v1/session",
                Some(token),
                &json!({"csrf": proof}),
            )
            .await;
        assert_eq!(out.status, 200);
        let after = world.part_of_nobody(token).await;
        seen.push((
            format!("after logout of person {n}"),
            after.to_string().into_bytes(),
        ));
    }
}

#[tokio::test]
async fn attack_42_nobody_writes_lines_into_the_log() {
    let log = Log::of_everything();
    let (world, mirror) = Mirror::world().await;
    let token = world.log_in(0).await;
    let evil = "x\r\n{\"level\":\"INFO\",\"message\":\"FORGED\"}\u{1b}[31m {} {:?} %s";
    for field in [
        "omschrijving",
        "zaaktype",
        "status",
        "url",
        "code",
        "detail",
        "title",
    ] {
        mirror.field(field, move |_| json!(evil));
        world.part(&token, "zaken", json!({"q": evil})).await;
    }
    // An error of a source that quotes a person.
    mirror.bytes(|_, _| {
        br#"{"code":"999912410 FORGED\r\n","title":"FORGED 999912410","status":400}"#.to_vec()
    });
    world.part(&token, "zaken", json!({})).await;
    mirror.honest();
    for header in ["user-agent", "traceparent", "x-forwarded-for"] {
        let request =
            sign_get(&world, "/v1/status", None).header(header, "FORGED \u{1b}[31m {} {\"a\":1}");
        let _ = send(&socket(&world, "/api"), &request.bytes()).await;
    }
    let keyid = sign_get(&world, "/v1/status", None);
    let input = keyid
        .headers
        .iter()
        .find(|(name, _)| name == "signature-input")
        .unwrap()
        .1
        .clone();
    let request = keyid.replaced(
        "signature-input",
        &input.replace("demo-request-1", "FORGED\\\" {} x"),
    );
    request.send(&world).await.assert_uniform_401("key id");
    world
        .json(
            Method::POST,
            "/v1/page",
            Some(&token),
            &json!({"parts": [{"id": evil, "kind": evil, "params": {}}]}),
        )
        .await;
    world
        .json(
            Method::POST,
            "/v1/login",
            None,
            &json!({"idp": evil, "return_to": evil, "browser_hash": evil}),
        )
        .await;
    world.stop().await;
    let text = log.text();
    assert!(
        !text.contains('\u{1b}'),
        "an escape sequence reached the log"
    );
    for line in text.lines() {
        let parsed: Value = serde_json::from_str(line)
            .unwrap_or_else(|_| panic!("a line that is no event: {line}"));
        assert_ne!(parsed["message"], "FORGED", "{line}");
    }
    // Nothing that a source or a visitor wrote is quoted at all.
    let quoted: Vec<&str> = text
        .lines()
        .filter(|line| line.contains("FORGED") || line.contains("999912410"))
        .collect();
    assert!(quoted.is_empty(), "{}", quoted.join("\n"));
}
