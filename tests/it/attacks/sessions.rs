//! Lines 27 to 32: the browser's way through a login, and the session that comes of it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::Method;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use url::Url;
use zijspan::identity::{Token, csrf};

use crate::harness::{Answer, World};

const SECRET: &str = "the-cookie-set-before-leaving";

fn query(url: &Url, name: &str) -> Option<String> {
    url.query_pairs()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.into_owned())
}

async fn begin(world: &World, return_to: &str) -> Answer {
    let hash = URL_SAFE_NO_PAD.encode(Sha256::digest(SECRET));
    let body = json!({"idp": "digid", "return_to": return_to, "browser_hash": hash});
    world.json(Method::POST, "/v1/login", None, &body).await
}

/// From the login button to the address of the callback, which is not visited yet.
async fn to_callback(world: &World) -> Url {
    let answer = begin(world, "/mijn/zaken/").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let authorize = Url::parse(answer.body["url"].as_str().unwrap()).unwrap();
    let mut form: Vec<(String, String)> = authorize.query_pairs().into_owned().collect();
    form.push(("person".to_owned(), "0".to_owned()));
    let mut at = authorize.clone();
    at.set_query(None);
    let answer = world.http.post(at).form(&form).send().await.unwrap();
    let location = answer.headers()["location"].to_str().unwrap();
    Url::parse(location).unwrap()
}

/// Where the callback sends the browser.
async fn visit(world: &World, url: Url) -> Option<Url> {
    let answer = world.http.get(url).send().await.unwrap();
    let location = answer.headers().get("location")?.to_str().unwrap();
    Some(Url::parse(location).unwrap())
}

async fn handoff(world: &World) -> String {
    let back = visit(world, to_callback(world).await).await.unwrap();
    assert!(
        back.as_str().starts_with("http://localhost:8488/?"),
        "{back}"
    );
    query(&back, "zijspan_handoff").unwrap()
}

async fn trade(world: &World, handoff: &str, secret: &str, old: Option<&str>) -> Answer {
    let form = [
        ("grant_type", "urn:zijspan:handoff"),
        ("handoff", handoff),
        ("browser_secret", secret),
    ];
    world.form(&form, old).await
}

async fn alive(world: &World, token: &str) -> bool {
    let answer = world.get("/v1/session", Some(token)).await;
    if answer.status == 401 {
        assert_eq!(answer.body["type"], "urn:zijspan:problem:session");
    }
    answer.status == 200
}

#[tokio::test]
async fn attack_27_a_handoff_is_for_one_browser_once_within_a_minute() {
    let world = World::start().await;
    let first = handoff(&world).await;
    let answer = trade(&world, &first, SECRET, None).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.body["return_to"], "/mijn/zaken/");
    assert_eq!(trade(&world, &first, SECRET, None).await.status, 400);
    // Another browser spends it: whoever it belonged to must begin again.
    let second = handoff(&world).await;
    assert_eq!(
        trade(&world, &second, "another cookie", None).await.status,
        400
    );
    assert_eq!(trade(&world, &second, SECRET, None).await.status, 400);
    let third = handoff(&world).await;
    world.clock.advance_secs(61);
    assert_eq!(trade(&world, &third, SECRET, None).await.status, 400);
    for nonsense in ["", "x", &"A".repeat(43), &"A".repeat(5000)] {
        assert_eq!(trade(&world, nonsense, SECRET, None).await.status, 400);
    }
    world.stop().await;
}

#[tokio::test]
async fn attack_27_a_login_never_goes_on_under_a_token_from_before_it() {
    let world = World::start().await;
    let before = world.log_in(1).await;
    let planted = "A".repeat(43);
    for old in [before.as_str(), planted.as_str()] {
        let handoff = handoff(&world).await;
        let answer = trade(&world, &handoff, SECRET, Some(old)).await;
        assert_eq!(answer.status, 200);
        let new = answer.body["access_token"].as_str().unwrap();
        assert_ne!(new, old);
        assert!(alive(&world, new).await);
        assert!(!alive(&world, old).await, "the old token lives on");
    }
    world.stop().await;
}

#[tokio::test]
async fn attack_28_a_session_ends_in_time_whatever_is_done() {
    let world = World::start().await;
    let page = |touch: bool| json!({"touch": touch, "parts": []});
    let touched = async |token: &str, touch: bool| {
        world
            .json(Method::POST, "/v1/page", Some(token), &page(touch))
            .await
            .status
    };
    // Idle: a quarter of an hour, and nothing but a page that a person opened extends it.
    let token = world.log_in(0).await;
    world.clock.advance_secs(899);
    assert_eq!(touched(&token, false).await, 200);
    world.clock.advance_secs(2);
    assert_eq!(
        touched(&token, true).await,
        401,
        "a heartbeat kept it alive"
    );
    // Absolute: two hours, whoever stays busy.
    let token = world.log_in(0).await;
    for _ in 0..8 {
        world.clock.advance_secs(890);
        assert_eq!(touched(&token, true).await, 200);
    }
    world.clock.advance_secs(7200 - 8 * 890 + 1);
    assert_eq!(touched(&token, true).await, 401);
    // Logged out is logged out.
    let token = world.log_in(0).await;
    let proof = csrf::token(&Token::parse(&token).unwrap(), "session", "", "logout");
    let out = world
        .json(
            Method::DELETE,
            "/v1/session",
            Some(&token),
            &json!({"csrf": proof}),
        )
        .await;
    assert_eq!(out.status, 200, "{}", out.body);
    assert_eq!(touched(&token, true).await, 401);
    assert!(!alive(&world, &token).await);
    for nonsense in ["x", &"A".repeat(43), &"A".repeat(4000), "null", "Bearer"] {
        assert!(!alive(&world, nonsense).await, "{nonsense}");
    }
    world.stop().await;
}

#[tokio::test]
async fn attack_30_a_change_needs_the_token_of_its_own_form() {
    let world = World::start().await;
    let (token, other) = (world.log_in(0).await, world.log_in(2).await);
    let (mine, theirs) = (Token::parse(&token).unwrap(), Token::parse(&other).unwrap());
    let wrong = [
        String::new(),
        "x".to_owned(),
        csrf::token(&theirs, "session", "", "logout"),
        csrf::token(&mine, "session", "", "nothing"),
        csrf::token(&mine, "session", "logout", ""),
    ];
    for proof in &wrong {
        let body = json!({"csrf": proof});
        for (method, path) in [
            (Method::DELETE, "/v1/session"),
            (Method::POST, "/v1/session/extend"),
        ] {
            let answer = world.json(method, path, Some(&token), &body).await;
            assert_eq!(
                (answer.status, answer.body["type"].as_str()),
                (403, Some("urn:zijspan:problem:csrf")),
                "{path} {proof}"
            );
        }
        let body = json!({"kind": "taak", "handle": "h", "action": "afronden", "data": {}, "csrf": proof, "idempotency_key": "k"});
        let answer = world
            .json(Method::POST, "/v1/do", Some(&token), &body)
            .await;
        assert_eq!(answer.status, 403, "{proof}");
    }
    // The token of extending does not log out, and a GET changes nothing.
    let extend = csrf::token(&mine, "session", "", "extend");
    let answer = world
        .json(
            Method::DELETE,
            "/v1/session",
            Some(&token),
            &json!({"csrf": extend}),
        )
        .await;
    assert_eq!(answer.status, 403);
    for path in [
        "/v1/session/extend",
        "/v1/do",
        "/v1/token",
        "/v1/login",
        "/v1/tickets",
    ] {
        assert_eq!(world.get(path, Some(&token)).await.status, 405, "{path}");
    }
    let answer = world
        .json(
            Method::POST,
            "/v1/session/extend",
            Some(&token),
            &json!({"csrf": extend}),
        )
        .await;
    assert_eq!(answer.status, 200);
    assert!(alive(&world, &token).await);
    world.stop().await;
}

#[tokio::test]
async fn attack_31_the_way_back_is_a_path_of_the_site() {
    let world = World::start().await;
    for evil in [
        "//evil.example",
        "\\\\evil.example",
        "/\\evil.example",
        "https:evil.example",
        "https://evil.example/",
        "/%0d%0aLocation:%20x",
        "/\r\nLocation: x",
        "javascript:alert(1)",
        "@evil.example",
        "/%5cevil.example",
        "/%2f/evil.example",
        "/%252f%252fevil.example",
        "",
        "mijn",
        "/\t/evil.example",
        "http:/evil.example",
        "/.//evil.example",
    ] {
        let answer = begin(&world, evil).await;
        assert_eq!(
            (answer.status, answer.body["reason"].as_str()),
            (400, Some("return_to")),
            "{evil:?}: {}",
            answer.body
        );
    }
    for good in ["/", "/mijn/zaken/?zaak=abc#stap", "/a%20b"] {
        assert_eq!(begin(&world, good).await.status, 200, "{good}");
    }
    world.stop().await;
}

#[tokio::test]
async fn attack_32_a_callback_of_another_login_or_provider_gives_nothing() {
    let world = World::start().await;
    let public = world.text("/public").to_owned();
    let with = |url: &Url, name: &str, value: Option<&str>| {
        let pairs: Vec<(String, String)> = url
            .query_pairs()
            .into_owned()
            .filter(|(known, _)| known != name)
            .collect();
        let mut url = url.clone();
        url.query_pairs_mut().clear().extend_pairs(pairs);
        if let Some(value) = value {
            url.query_pairs_mut().append_pair(name, value);
        }
        url
    };
    // A state that nobody began: there is no site to go back to, so a plain refusal.
    for state in ["", "x", &"A".repeat(43)] {
        let url = with(&to_callback(&world).await, "state", Some(state));
        let answer = world.http.get(url).send().await.unwrap();
        assert_eq!(answer.status(), 400, "{state}");
        assert!(answer.headers().get("location").is_none());
    }
    // The right state with anything else wrong: back to the site's one address, without a handoff.
    for (name, value) in [
        ("iss", Some("https://evil.example")),
        ("iss", None),
        ("code", None),
        ("code", Some("")),
        ("code", Some("another-code")),
    ] {
        let good = to_callback(&world).await;
        let back = visit(&world, with(&good, name, value)).await.unwrap();
        assert!(
            back.as_str().starts_with("http://localhost:8488/?"),
            "{back}"
        );
        assert_eq!(query(&back, "zijspan_handoff"), None, "{name} {value:?}");
        assert_eq!(query(&back, "zijspan_login").as_deref(), Some("failed"));
        // That attempt spent the state.
        let again = world.http.get(good).send().await.unwrap();
        assert_eq!(again.status(), 400);
    }
    // The code of one login with the state of another.
    let (one, two) = (to_callback(&world).await, to_callback(&world).await);
    let mixed = with(&one, "code", query(&two, "code").as_deref());
    let back = visit(&world, mixed).await.unwrap();
    assert_eq!(query(&back, "zijspan_handoff"), None);
    // A parameter that comes twice, a query that never ends, another method.
    let mut twice = to_callback(&world).await;
    let state = query(&twice, "state").unwrap();
    twice.query_pairs_mut().append_pair("state", &state);
    assert_eq!(world.http.get(twice).send().await.unwrap().status(), 400);
    let long = format!("{public}/callback?state={}", "A".repeat(10_000));
    assert_eq!(world.http.get(long).send().await.unwrap().status(), 400);
    let answer = world
        .http
        .post(format!("{public}/callback"))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 405);
    // Too late.
    let late = to_callback(&world).await;
    world.clock.advance_secs(3600);
    assert_eq!(world.http.get(late).send().await.unwrap().status(), 400);
    world.stop().await;
}

/// Line 29 as far as the sidecar goes: the token stands in the one answer that gives it and nowhere else.
#[tokio::test]
async fn attack_29_the_token_is_in_no_address_and_in_no_other_answer() {
    let world = World::start().await;
    let callback = to_callback(&world).await;
    let answer = world.http.get(callback).send().await.unwrap();
    assert_eq!(answer.headers()["referrer-policy"], "no-referrer");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    assert!(answer.headers().get("set-cookie").is_none());
    let location = Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
    let handoff = query(&location, "zijspan_handoff").unwrap();
    let answer = trade(&world, &handoff, SECRET, None).await;
    let token = answer.body["access_token"].as_str().unwrap().to_owned();
    assert!(!location.as_str().contains(&token));
    let list = world.part(&token, "zaken", json!({})).await;
    let zaak = world
        .part(
            &token,
            "zaak",
            json!({"handle": list["data"]["zaken"][0]["handle"]}),
        )
        .await;
    let document = &zaak["data"]["documenten"][0]["handle"];
    let ticket = world
        .json(
            Method::POST,
            "/v1/tickets",
            Some(&token),
            &json!({"handle": document}),
        )
        .await;
    let session = world.get("/v1/session", Some(&token)).await;
    let status = world.get("/v1/status", Some(&token)).await;
    for body in [&list, &zaak, &ticket.body, &session.body, &status.body] {
        assert!(!body.to_string().contains(&token));
    }
    // Nor does a token in an address log anybody in.
    let answer = world
        .get(&format!("/v1/session?access_token={token}"), None)
        .await;
    assert_eq!(answer.status, 401);
    let _: Value = answer.body;
    world.stop().await;
}
