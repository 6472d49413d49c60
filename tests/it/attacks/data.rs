//! Lines 33 to 35, 38, 40, 41, 43 and 45: what sources say, and whose it is.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use http::Method;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use zijspan::lifecycle::Tasks;

use super::mirror::Mirror;
use super::wire::{send, sign_get, sign_json, socket};
use crate::harness::World;

const NOOR: usize = 0;
const ONE: usize = 2;

pub async fn first_zaak(world: &World, token: &str) -> Value {
    let list = world.part(token, "zaken", json!({})).await;
    list["data"]["zaken"][0]["handle"].clone()
}

async fn ticket_for(world: &World, token: &str, handle: &Value) -> crate::harness::Answer {
    world
        .json(
            Method::POST,
            "/v1/tickets",
            Some(token),
            &json!({"handle": handle}),
        )
        .await
}

#[tokio::test]
async fn attack_33_a_handle_opens_for_its_own_party_alone() {
    let world = World::start().await;
    let (noor, other) = (world.log_in(NOOR).await, world.log_in(ONE).await);
    let zaak = first_zaak(&world, &noor).await;
    let page = world.part(&noor, "zaak", json!({"handle": zaak})).await;
    let document = page["data"]["documenten"][0]["handle"].clone();
    // Stable over logins, and of no use to anybody else.
    let again = world.log_in(NOOR).await;
    assert_eq!(first_zaak(&world, &again).await, zaak);
    let stolen = world.part(&other, "zaak", json!({"handle": zaak})).await;
    assert_eq!(
        (stolen["state"].as_str(), &stolen["data"]),
        (Some("not_found"), &Value::Null)
    );
    assert_eq!(ticket_for(&world, &other, &document).await.status, 404);
    assert_eq!(ticket_for(&world, &noor, &document).await.status, 200);
    // Neither is a zaak a document, nor a document a zaak, nor a guess anything.
    assert_eq!(ticket_for(&world, &noor, &zaak).await.status, 404);
    let text = zaak.as_str().unwrap();
    let mut flipped = text.to_owned();
    flipped.replace_range(20..21, if &text[20..21] == "A" { "B" } else { "A" });
    for guess in [
        document.clone(),
        json!(flipped),
        json!(text[..text.len() - 1]),
        json!(format!("{text}A")),
        json!(""),
        json!("e5df286d-66aa-4c5e-b151-d2934e5148df"),
        json!("A".repeat(10_000)),
    ] {
        let part = world.part(&noor, "zaak", json!({"handle": guess})).await;
        assert_eq!(part["state"], "not_found", "{guess}");
    }
    world.stop().await;
}

#[tokio::test]
async fn attack_33_a_branch_sees_nothing_of_another_branch() {
    let world = World::start().await;
    let branch = |nummer: &str| json!({"kvk": "90027516", "vestigingsnummer": nummer});
    let lindeplein = world.log_in_as(branch("000090027511")).await;
    let haven = world.log_in_as(branch("000090027522")).await;
    let whole = world.log_in(7).await;
    let mut counts = Vec::new();
    let mut seen: Vec<(String, Value)> = Vec::new();
    for token in [&lindeplein, &haven, &whole] {
        let list = world.part(token, "zaken", json!({})).await;
        let zaken = list["data"]["zaken"].as_array().unwrap().clone();
        counts.push(zaken.len());
        seen.extend(
            zaken
                .into_iter()
                .map(|zaak| (token.clone(), zaak["handle"].clone())),
        );
    }
    assert!(counts.iter().all(|count| *count > 0), "{counts:?}");
    assert!(counts[2] > counts[0].max(counts[1]), "{counts:?}");
    for (owner, handle) in &seen {
        for token in [&lindeplein, &haven, &whole]
            .into_iter()
            .filter(|token| *token != owner)
        {
            let part = world.part(token, "zaak", json!({"handle": handle})).await;
            assert_eq!(part["state"], "not_found");
        }
    }
    world.stop().await;
}

/// A document that the person may have, asked through a zaak that does not hold it.
#[tokio::test]
async fn attack_33_a_document_is_had_through_its_own_zaak_alone() {
    let (world, mirror) = Mirror::world().await;
    let token = world.log_in(NOOR).await;
    let zaak = first_zaak(&world, &token).await;
    let page = world.part(&token, "zaak", json!({"handle": zaak})).await;
    let document = page["data"]["documenten"][0]["handle"].clone();
    let url = async || {
        let ticket = ticket_for(&world, &token, &document).await;
        assert_eq!(ticket.status, 200, "{}", ticket.body);
        ticket.body["url"].as_str().unwrap().to_owned()
    };
    let good = world.http.get(url().await).send().await.unwrap();
    assert_eq!(good.status(), 200);
    // The links are gone: the handle still names zaak and document, and opens nothing.
    mirror.bytes(|path, body| {
        if path.ends_with("informatieobjecten") {
            b"[]".to_vec()
        } else {
            body
        }
    });
    let late = world.http.get(url().await).send().await.unwrap();
    assert_eq!(late.status(), 404);
    world.stop().await;
}

#[tokio::test]
async fn attack_34_no_address_in_an_answer_is_ever_called() {
    let canary = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = canary.local_addr().unwrap().port();
    let sung = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&sung);
    Tasks::new().spawn(async move {
        while canary.accept().await.is_ok() {
            count.fetch_add(1, Ordering::SeqCst);
        }
    });
    let (world, mirror) = Mirror::world().await;
    let token = world.log_in(NOOR).await;
    let zaak = first_zaak(&world, &token).await;
    let page = world.part(&token, "zaak", json!({"handle": zaak})).await;
    let document = page["data"]["documenten"][0]["handle"].clone();
    let upstreams = world.text("/upstreams").to_owned();
    let own = upstreams.strip_prefix("http://").unwrap().to_owned();
    let evils = [
        format!("http://127.0.0.1:{port}"),
        format!("http://localhost:{port}"),
        format!("http://[::ffff:127.0.0.1]:{port}"),
        format!("http://2130706433:{port}"),
        format!("http://0x7f.1:{port}"),
        format!("http://{own}@127.0.0.1:{port}"),
        format!("https://127.0.0.1:{port}"),
        format!("//127.0.0.1:{port}"),
        "http://169.254.169.254".to_owned(),
        "http://[::1]".to_owned(),
        "file://".to_owned(),
        "gopher://127.0.0.1".to_owned(),
    ];
    // Every address with all that is followed at once, and every name by itself.
    const FOLLOWED: &[&str] = &["next", "inhoud", "status", "informatieobject", "zaaktype"];
    const ALONE: &[&[&str]] = &[
        &["url"],
        &["next"],
        &["inhoud"],
        &["zaaktype"],
        &["status"],
        &["informatieobject"],
        &["informatieobjecttype"],
        &["zaak"],
        &["betrokkene"],
        &["hoofdzaak"],
    ];
    let all = evils.iter().map(|evil| (evil, FOLLOWED));
    let alone = ALONE.iter().zip(evils.iter().cycle().skip(5));
    for (evil, fields) in all.chain(alone.map(|(fields, evil)| (evil, *fields))) {
        let (from, to) = (upstreams.clone(), evil.clone());
        mirror.fields(fields, move |text| json!(text.replace(&from, &to)));
        for (kind, params) in [
            ("zaken", json!({"page_size": 3})),
            ("zaak", json!({"handle": zaak})),
        ] {
            let part = world.part(&token, kind, params).await;
            let text = part.to_string();
            assert!(
                !text.contains("169.254") && !text.contains(&format!(":{port}")),
                "{fields:?} {evil}: {text}"
            );
            if *fields == ["url"] && kind == "zaken" {
                assert_ne!(
                    part["state"], "ok",
                    "{evil}: nothing of this source can be understood"
                );
            }
        }
        if *fields == ["inhoud"] {
            let ticket = ticket_for(&world, &token, &document).await;
            let url = ticket.body["url"].as_str().unwrap();
            // Its bytes come from the place where documents are, whatever the description says.
            assert_eq!(world.http.get(url).send().await.unwrap().status(), 200);
        }
    }
    // A redirect is not followed either.
    mirror.honest();
    world
        .fault(json!({"upstream": "zgw", "mode": "redirect"}))
        .await;
    world.part(&token, "zaken", json!({})).await;
    assert_eq!(
        sung.load(Ordering::SeqCst),
        0,
        "the sidecar called where an answer told it to"
    );
    world.stop().await;
}

#[tokio::test]
async fn attack_35_nonsense_from_a_source_is_bounded_and_never_an_empty_list() {
    let (world, mirror) = Mirror::world().await;
    let token = world.log_in(NOOR).await;
    let zaak = first_zaak(&world, &token).await;
    let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
    let long = format!(
        "{{\"count\":1,\"next\":null,\"results\":[{{\"url\":\"{}\"}}]}}",
        "x".repeat(20_000_000)
    );
    for (why, answer) in [
        ("depth", deep.into_bytes()),
        ("a long text", long.into_bytes()),
        ("NaN", b"{\"count\":NaN,\"results\":[]}".to_vec()),
        (
            "a lone surrogate",
            b"{\"count\":0,\"results\":[\"\\ud800\"]}".to_vec(),
        ),
        (
            "a byte order mark",
            b"\xef\xbb\xbf{\"count\":0,\"results\":[]}".to_vec(),
        ),
        (
            "not UTF-8",
            b"{\"count\":0,\"results\":[\"\xff\"]}".to_vec(),
        ),
        ("half", b"{\"count\":0,\"resu".to_vec()),
        ("two values", b"{\"count\":0,\"results\":[]}{}".to_vec()),
        ("nothing", Vec::new()),
        ("null", b"null".to_vec()),
        ("a number", b"1e999".to_vec()),
        ("another shape", b"{\"results\":{\"a\":1}}".to_vec()),
        (
            "texts for objects",
            b"{\"count\":1,\"results\":[\"a\"]}".to_vec(),
        ),
    ] {
        mirror.bytes(move |path, body| {
            if path.starts_with("/zaken/") {
                answer.clone()
            } else {
                body
            }
        });
        for (kind, params) in [("zaken", json!({})), ("zaak", json!({"handle": zaak}))] {
            let part = world.part(&token, kind, params).await;
            assert!(
                matches!(part["state"].as_str(), Some("unavailable" | "not_found")),
                "{why} {kind}: {part}"
            );
            assert_eq!(part["data"], Value::Null, "{why}");
        }
    }
    mirror.honest();
    world
        .fault(json!({"upstream": "zgw", "mode": "huge"}))
        .await;
    let part = world.part(&token, "zaken", json!({"page_size": 3})).await;
    assert_eq!(part["state"], "unavailable", "{part}");
    world.no_faults().await;
    assert_eq!(world.part(&token, "zaken", json!({})).await["state"], "ok");
    world.stop().await;
}

#[tokio::test]
async fn attack_35_pages_without_end_are_read_to_a_bound() {
    let (world, mirror) = Mirror::world().await;
    let token = world.log_in(NOOR).await;
    for (why, count, next) in [
        ("a million", json!(1_000_000), "?page=2"),
        ("no count", Value::Null, "?page=2"),
        ("back to the start", json!(1_000_000), "?page=1"),
        ("far away", Value::Null, "?page=4000000000"),
        ("negative", json!(-5), "?page=2"),
        ("not a number", json!("many"), "?page=%00"),
    ] {
        mirror.bytes(move |_, body| {
            let Ok(mut value) = serde_json::from_slice::<Value>(&body) else {
                return body;
            };
            if value.get("results").is_some() {
                value["count"] = count.clone();
                value["next"] = json!(next);
            }
            value.to_string().into_bytes()
        });
        world.clear_calls().await;
        let part = world.part(&token, "zaken", json!({"q": "a"})).await;
        let calls = world.calls().await;
        // Twenty pages of each list that a page of zaken needs, five of those of one zaaktype.
        assert!(calls.count <= 240, "{why}: {} calls", calls.count);
        assert_ne!(part["state"], "late", "{why}");
    }
    world.stop().await;
}

#[tokio::test]
async fn attack_35_hostile_json_from_wordpress_is_refused() {
    let world = World::start().await;
    let token = world.log_in(NOOR).await;
    let deep = format!(
        "{{\"parts\":[{{\"id\":\"p\",\"kind\":\"zaken\",\"params\":{}1{}}}]}}",
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    let key = world.pages_key();
    for (why, body) in [
        ("depth", deep.as_bytes()),
        ("a name twice", b"{\"parts\":[],\"parts\":[]}".as_slice()),
        ("an unknown name", b"{\"parts\":[],\"bsn\":\"999912410\"}"),
        ("a byte order mark", b"\xef\xbb\xbf{\"parts\":[]}"),
        (
            "a lone surrogate",
            b"{\"parts\":[{\"id\":\"\\ud800\",\"kind\":\"zaken\"}]}",
        ),
        (
            "not UTF-8",
            b"{\"parts\":[{\"id\":\"\xff\",\"kind\":\"zaken\"}]}",
        ),
        ("NaN", b"{\"budget_ms\":NaN,\"parts\":[]}"),
        ("a budget below", b"{\"budget_ms\":0,\"parts\":[]}"),
        (
            "a budget above",
            b"{\"budget_ms\":18446744073709551615,\"parts\":[]}",
        ),
        ("a list", b"[]"),
    ] {
        let answer = world
            .call(
                &key,
                Method::POST,
                "/v1/page",
                Some(&token),
                Some(("application/json", body)),
            )
            .await;
        assert_eq!(answer.status, 400, "{why}: {}", answer.body);
    }
    let parts: Vec<Value> = (0..17)
        .map(|n| json!({"id": n.to_string(), "kind": "zaken", "params": {}}))
        .collect();
    let answer = world
        .json(
            Method::POST,
            "/v1/page",
            Some(&token),
            &json!({"parts": parts}),
        )
        .await;
    assert_eq!(answer.status, 400);
    world.stop().await;
}

#[tokio::test]
async fn attack_38_script_from_a_register_is_text() {
    let (world, mirror) = Mirror::world().await;
    let token = world.log_in(NOOR).await;
    let zaak = first_zaak(&world, &token).await;
    for evil in [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "javascript:alert(1)",
        "\u{202e}txet",
        "[x](javascript:alert(1))",
        "<svg onload=alert(1)>",
        "</script><!--",
    ] {
        mirror.fields(
            &["omschrijving", "toelichting", "statustoelichting"],
            move |_| json!(evil),
        );
        world.forget_answers();
        let page = json!({"budget_ms": 10_000, "parts": [
            {"id": "a", "kind": "zaken", "params": {"page_size": 3}},
            {"id": "b", "kind": "zaak", "params": {"handle": zaak}},
        ]});
        let raw = sign_json(&world, "POST", "/v1/page", Some(&token), &page)
            .send_signed(&world)
            .await;
        assert_eq!(raw.headers["content-type"], "application/json");
        assert_eq!(raw.headers["x-content-type-options"], "nosniff");
        assert_eq!(
            raw.headers["content-security-policy"],
            "default-src 'none'; frame-ancestors 'none'"
        );
        let shown = &raw.json()["parts"][0]["data"]["zaken"][0]["omschrijving"];
        assert_eq!(*shown, evil);
    }
    world.stop().await;
}

#[tokio::test]
async fn attack_40_what_may_not_be_seen_is_neither_listed_nor_opened() {
    let (world, mirror) = Mirror::world().await;
    let token = world.log_in(NOOR).await;
    let zaak = first_zaak(&world, &token).await;
    let page = world.part(&token, "zaak", json!({"handle": zaak})).await;
    assert_eq!(page["state"], "ok", "{page}");
    let document = page["data"]["documenten"][0]["handle"].clone();
    let before = page["data"]["documenten"].as_array().unwrap().len();
    let redeem = async || {
        let ticket = ticket_for(&world, &token, &document).await;
        let url = ticket.body["url"].as_str().unwrap().to_owned();
        world.http.get(url).send().await.unwrap().status().as_u16()
    };
    assert_eq!(redeem().await, 200);
    // A document above the bound, not finished yet, or of a level that nobody knows.
    for (field, value) in [
        ("vertrouwelijkheidaanduiding", "geheim"),
        ("vertrouwelijkheidaanduiding", "zeer_geheim"),
        ("vertrouwelijkheidaanduiding", "onbekend"),
        ("status", "in_bewerking"),
        ("status", "ter_vaststelling"),
    ] {
        mirror.bytes(move |path, body| {
            let Ok(mut json) = serde_json::from_slice::<Value>(&body) else {
                return body;
            };
            if path.starts_with("/documenten/") {
                match json.get_mut("results") {
                    Some(Value::Array(items)) => {
                        items.iter_mut().for_each(|item| item[field] = json!(value))
                    }
                    _ => json[field] = json!(value),
                }
            }
            json.to_string().into_bytes()
        });
        let page = world.part(&token, "zaak", json!({"handle": zaak})).await;
        assert_eq!(
            page["data"]["documenten"],
            json!([]),
            "{field} {value}: {page}"
        );
        assert_eq!(redeem().await, 404, "{field} {value}");
    }
    // A zaak above the bound.
    mirror.field("vertrouwelijkheidaanduiding", |_| json!("geheim"));
    let list = world.part(&token, "zaken", json!({})).await;
    assert_eq!(list["data"]["zaken"], json!([]), "{list}");
    let part = world.part(&token, "zaak", json!({"handle": zaak})).await;
    assert_eq!(
        (part["state"].as_str(), &part["data"]),
        (Some("not_found"), &Value::Null)
    );
    assert_eq!(redeem().await, 404);
    mirror.honest();
    let page = world.part(&token, "zaak", json!({"handle": zaak})).await;
    assert_eq!(page["data"]["documenten"].as_array().unwrap().len(), before);
    world.stop().await;
}

#[tokio::test]
async fn attack_41_the_same_question_of_two_sessions_at_once_gets_two_answers() {
    let world = World::start().await;
    let mut tokens = Vec::new();
    for person in [0, 1, 2, 3, 4, 5] {
        tokens.push(world.log_in(person).await);
    }
    let alone = |token: String| {
        let world = &world;
        async move { world.part(&token, "zaken", json!({})).await["data"]["zaken"].clone() }
    };
    let mut expected = Vec::new();
    for token in &tokens {
        expected.push(alone(token.clone()).await);
    }
    world.slow_sources().await;
    let together = join_all(tokens.iter().cloned().cycle().take(24).map(alone)).await;
    for (n, list) in together.iter().enumerate() {
        assert_eq!(*list, expected[n % 6], "session {n} saw another list");
    }
    world.stop().await;
}

#[tokio::test]
async fn attack_43_what_is_not_yours_looks_like_what_is_not_there() {
    let world = World::start().await;
    let (noor, other) = (world.log_in(NOOR).await, world.log_in(ONE).await);
    let zaak = first_zaak(&world, &noor).await;
    let page = world.part(&noor, "zaak", json!({"handle": zaak})).await;
    let document = page["data"]["documenten"][0]["handle"].clone();
    let nothing = json!("A".repeat(zaak.as_str().unwrap().len()));
    let foreign = world.part(&other, "zaak", json!({"handle": zaak})).await;
    let made_up = world.part(&other, "zaak", json!({"handle": nothing})).await;
    assert_eq!(foreign, made_up);
    let bare = |mut body: Value| {
        body.as_object_mut().unwrap().remove("trace_id");
        body
    };
    let foreign = ticket_for(&world, &other, &document).await;
    let made_up = ticket_for(&world, &other, &nothing).await;
    assert_eq!(
        (foreign.status, bare(foreign.body)),
        (made_up.status, bare(made_up.body))
    );
    // A session that ended, one of another site and one that never was.
    let ended = world.get("/v1/session", Some(&"A".repeat(43))).await;
    let none = world.get("/v1/session", None).await;
    assert_eq!(
        (ended.status, bare(ended.body)),
        (none.status, bare(none.body))
    );
    // A key that nobody has and a wrong secret under one that somebody has.
    let mut unknown = world.pages_key();
    unknown.id = zijspan::domain::KeyId::parse("nobody-1").unwrap();
    let mut wrong = world.pages_key();
    wrong.secret = zijspan::domain::SecretBytes::new(vec![7; 32]);
    let mut answers = Vec::new();
    for key in [unknown, wrong] {
        let raw = super::wire::sign(&world, &key, "GET", "/v1/status", None, None)
            .send(&world)
            .await;
        raw.assert_uniform_401("key");
        let names: Vec<String> = raw.headers.keys().map(ToString::to_string).collect();
        answers.push((names, raw.body.len()));
    }
    assert_eq!(answers[0], answers[1]);
    // A ticket that never was and one that is spent.
    let ticket = ticket_for(&world, &noor, &document).await;
    let url = ticket.body["url"].as_str().unwrap();
    world
        .http
        .get(url)
        .send()
        .await
        .unwrap()
        .bytes()
        .await
        .unwrap();
    let spent = world.http.get(url).send().await.unwrap();
    let made_up = format!("{}/t/{}", world.text("/public"), "A".repeat(43));
    let made_up = world.http.get(made_up).send().await.unwrap();
    assert_eq!(spent.status(), made_up.status());
    assert_eq!(
        spent.bytes().await.unwrap().len(),
        made_up.bytes().await.unwrap().len()
    );
    world.stop().await;
}

#[tokio::test]
async fn attack_45_an_error_says_nothing_of_the_house() {
    let world = World::start().await;
    let token = world.log_in(NOOR).await;
    world
        .fault(json!({"upstream": "zgw", "mode": "status", "status": 500}))
        .await;
    let mut answers = Vec::new();
    for (listener, head) in [
        ("/api", "GET /v1/status"),
        ("/public", "GET /callback?state=x"),
        ("/public", "GET /t/x"),
        ("/public", "GET /../../etc/passwd"),
        ("/public", "POST /callback"),
        ("/hooks", "POST /demo/zgw"),
        ("/ops", "GET /nothing"),
        ("/ops", "POST /metrics"),
    ] {
        let bytes = format!("{head} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
        let raw = send(&socket(&world, listener), bytes.as_bytes())
            .await
            .unwrap();
        assert!(
            (400..500).contains(&raw.status),
            "{listener} {head}: {raw:?}"
        );
        answers.push((format!("{listener} {head}"), raw));
    }
    for target in ["/v1/nothing", "/v1/page", "/v1/admin/check"] {
        answers.push((
            target.to_owned(),
            sign_get(&world, target, Some(&token))
                .send_signed(&world)
                .await,
        ));
    }
    let page = json!({"parts": [{"id": "p", "kind": "zaken", "params": {}}, {"id": "q", "kind": "nothing", "params": {}}]});
    answers.push((
        "page".to_owned(),
        sign_json(&world, "POST", "/v1/page", Some(&token), &page)
            .send_signed(&world)
            .await,
    ));
    let upstream = world
        .text("/upstreams")
        .strip_prefix("http://")
        .unwrap()
        .to_owned();
    for (why, raw) in answers {
        for name in ["server", "x-powered-by", "via"] {
            assert!(!raw.headers.contains_key(name), "{why}: {name}");
        }
        let text = String::from_utf8(raw.body.clone()).unwrap();
        if raw.status >= 400 && !text.is_empty() {
            assert_eq!(
                raw.headers["content-type"], "application/problem+json",
                "{why}: {text}"
            );
            assert_eq!(raw.json()["trace_id"].as_str().unwrap().len(), 32, "{why}");
        }
        for word in [
            upstream.as_str(),
            "src/",
            "panicked",
            "axum",
            "hyper",
            "serde",
            "reqwest",
            "sqlite",
            "/zaken/api",
            env!("CARGO_PKG_VERSION"),
            ".rs",
        ] {
            assert!(!text.contains(word), "{why} says {word}: {text}");
        }
    }
    tokio::time::sleep(Duration::from_millis(1)).await;
    world.stop().await;
}
