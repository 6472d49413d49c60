//! Lines 1, 7, 11, 12, 14 to 20: the signature as it is judged on the wire.

use futures_util::future::join_all;
use http::Method;
use serde_json::json;
use zijspan::app::{Keeping, random_key};
use zijspan::domain::{KeyId, Timestamp};
use zijspan::signing::SigningKey;

use super::wire::{sign, sign_get, sign_json};
use crate::harness::World;

/// A second site with keys of its own, beside the demo's.
async fn two_sites() -> (World, SigningKey, SigningKey) {
    two_sites_with(|_, config| config).await
}

/// `first` changes the configuration of the first site alone.
pub async fn two_sites_with(
    first: impl FnOnce(&World, String) -> String,
) -> (World, SigningKey, SigningKey) {
    let (request, response) = (random_key().unwrap(), random_key().unwrap());
    let text = |key: &zijspan::domain::SecretBytes| {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD.encode(key.expose())
    };
    let (request_text, response_text) = (text(&request), text(&response));
    let world = World::edited(Keeping::InMemory, |world, config| {
        let at = config.find("[[site]]").unwrap();
        // Without the admin key, which is the first site's.
        let (site, rest) = config[at..]
            .split_once("[[site.key]]\nstate = \"current\"\nscopes = [\"admin\"]")
            .unwrap();
        let (_, rest) = rest.split_once("[[site.idp]]").unwrap();
        let other = format!("{site}[[site.idp]]{rest}")
            .replace("id = \"demo\"", "id = \"ander\"")
            .replace("http://localhost:8488", "http://localhost:8499")
            .replace("demo-request-1", "ander-request-1")
            .replace("demo-response-1", "ander-response-1")
            .replace(world.text("/site/request_secret"), &request_text)
            .replace(world.text("/site/response_secret"), &response_text);
        format!("{}\n{other}", first(world, config))
    })
    .await;
    let key = |id: &str, secret| SigningKey {
        id: KeyId::parse(id).unwrap(),
        secret,
    };
    (
        world,
        key("ander-request-1", request),
        key("ander-response-1", response),
    )
}

#[tokio::test]
async fn attack_01_a_request_works_once_also_among_a_hundred_at_once() {
    let world = World::start().await;
    let request = sign_get(&world, "/v1/status", None);
    assert_eq!(request.send_signed(&world).await.status, 200);
    request.send(&world).await.assert_uniform_401("again");

    let request = sign_get(&world, "/v1/status", None);
    let answers = join_all((0..100).map(|_| request.send(&world))).await;
    let good = answers.iter().filter(|answer| answer.status == 200).count();
    let refused = answers.iter().filter(|answer| answer.status == 401).count();
    assert_eq!((good, refused), (1, 99));
    world.stop().await;
}

#[tokio::test]
async fn attack_07_nothing_of_one_site_is_of_use_at_another() {
    let (world, key, response_key) = two_sites().await;
    let token = world.log_in(0).await;
    let mine = world.get("/v1/session", Some(&token)).await;
    assert_eq!(mine.status, 200);

    // The other site's signature with this site's token: signed by the other, and no session there.
    let request = sign(&world, &key, "GET", "/v1/session", Some(&token), None);
    let raw = request.send(&world).await;
    request
        .awaiting
        .verify(&response_key, raw.status, &raw.headers, &raw.body)
        .unwrap();
    assert_eq!(raw.status, 401);
    assert_eq!(raw.json()["type"], "urn:zijspan:problem:session");

    // This site's audience at the other.
    let id_token = world.id_token(json!({"bsn": "999912410"}), "n").await;
    let exchange = |audience: &str, id_token: &str| {
        url::form_urlencoded::Serializer::new(String::new())
            .append_pair(
                "grant_type",
                "urn:ietf:params:oauth:grant-type:token-exchange",
            )
            .append_pair("subject_token", id_token)
            .append_pair(
                "subject_token_type",
                "urn:ietf:params:oauth:token-type:id_token",
            )
            .append_pair("audience", audience)
            .append_pair("nonce", "n")
            .finish()
    };
    let form = "application/x-www-form-urlencoded";
    let body = exchange("urn:zijspan:demo", &id_token);
    let request = sign(
        &world,
        &key,
        "POST",
        "/v1/token",
        None,
        Some((form, body.as_bytes())),
    );
    let raw = request.send(&world).await;
    assert_eq!(
        (raw.status, raw.json()["error"].as_str()),
        (400, Some("invalid_target"))
    );

    // A token that one site traded is spent at the other too.
    assert_eq!(world.exchange(&id_token, "n").await.status, 200);
    let body = exchange("urn:zijspan:ander", &id_token);
    let request = sign(
        &world,
        &key,
        "POST",
        "/v1/token",
        None,
        Some((form, body.as_bytes())),
    );
    assert_eq!(request.send(&world).await.status, 400);

    // A handle of this site opens nothing at the other, for the same person.
    let list = world.part(&token, "zaken", json!({})).await;
    let handle = list["data"]["zaken"][0]["handle"].clone();
    let id_token = world.id_token(json!({"bsn": "999912410"}), "n").await;
    let body = exchange("urn:zijspan:ander", &id_token);
    let request = sign(
        &world,
        &key,
        "POST",
        "/v1/token",
        None,
        Some((form, body.as_bytes())),
    );
    let raw = request.send(&world).await;
    assert_eq!(raw.status, 200, "{raw:?}");
    let there = raw.json()["access_token"].as_str().unwrap().to_owned();
    let page =
        json!({"parts": [{"id": "p", "kind": "zaak", "params": {"handle": handle}}]}).to_string();
    let body = Some(("application/json", page.as_bytes()));
    let request = sign(&world, &key, "POST", "/v1/page", Some(&there), body);
    let raw = request.send(&world).await;
    assert_eq!(raw.json()["parts"][0]["state"], "not_found", "{raw:?}");
    world.stop().await;
}

#[tokio::test]
async fn attack_11_a_covered_field_that_comes_twice_is_refused() {
    let world = World::start().await;
    let token = world.log_in(0).await;
    let body = json!({"parts": []});
    let request = || sign_json(&world, "POST", "/v1/page", Some(&token), &body);
    for (name, value) in [
        ("content-type", "application/json"),
        ("content-type", "text/plain"),
        ("authorization", "Bearer x"),
        (
            "content-digest",
            "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:",
        ),
        ("signature", "zijspan=:AAAA:"),
        ("signature-input", "zijspan=()"),
    ] {
        let raw = request().header(name, value).send(&world).await;
        raw.assert_uniform_401(name);
    }
    // Two lengths are malformed HTTP, whoever signed it.
    let raw = request().header("content-length", "1").send(&world).await;
    assert_eq!((raw.status, raw.closed), (400, true), "{raw:?}");
    let raw = request().header("host", "localhost").send(&world).await;
    raw.assert_uniform_401("host");
    assert_eq!(request().send_signed(&world).await.status, 200);
    world.stop().await;
}

#[tokio::test]
async fn attack_12_the_body_is_the_one_that_was_signed() {
    let world = World::start().await;
    let token = world.log_in(0).await;
    let request = || {
        sign_json(
            &world,
            "POST",
            "/v1/page",
            Some(&token),
            &json!({"parts": []}),
        )
    };
    let mut swapped = request();
    let last = swapped.body.len() - 1;
    swapped.body[last] = b' ';
    swapped.send(&world).await.assert_uniform_401("swapped");
    for digest in [
        "md5=:1B2M2Y8AsgTpgAmY7PhCfg==:",
        "sha=:2jmj7l5rSw0yVb/vlWAYkK/YBwk=:",
        "sha-256=:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=:",
        "",
    ] {
        let raw = request()
            .replaced("content-digest", digest)
            .send(&world)
            .await;
        raw.assert_uniform_401(digest);
    }
    // Space after the digest is no part of its value, and the body is still the signed one.
    let spaced = request();
    let digest = spaced
        .headers
        .iter()
        .find(|(name, _)| name == "content-digest")
        .unwrap()
        .1
        .clone();
    let raw = spaced
        .replaced("content-digest", &format!("{digest}  "))
        .send(&world)
        .await;
    assert_eq!(raw.status, 200);
    // An empty body under the digest of `{}`.
    let mut empty = sign_json(&world, "POST", "/v1/page", Some(&token), &json!({}));
    empty.body.clear();
    let raw = empty.replaced("content-length", "0").send(&world).await;
    raw.assert_uniform_401("empty");
    world.stop().await;
}

#[tokio::test]
async fn attack_14_what_was_signed_is_what_is_routed() {
    let world = World::start().await;
    let token = world.log_in(0).await;
    // Signed as another path than it is sent.
    for target in [
        "/v1/%73ession",
        "//v1/session",
        "/v1/./session",
        "/v1/x/../session",
        "/v1/session/",
        "/v1/session;a=b",
        "/v1/session?x=1",
        "/V1/session",
    ] {
        let mut request = sign_get(&world, "/v1/session", Some(&token));
        request.target = target.to_owned();
        request.send(&world).await.assert_uniform_401(target);
    }
    // Signed as it is sent: no such route, and never the one that it resembles.
    for target in [
        "/v1/%73ession",
        "//v1/session",
        "/v1/./session",
        "/v1/x/../session",
        "/v1/session%2f..",
        "/v1/session/",
        "/v1/session;a=b",
        "/V1/session",
    ] {
        let raw = sign_get(&world, target, Some(&token))
            .send_signed(&world)
            .await;
        assert_eq!(raw.status, 404, "{target}: {raw:?}");
    }
    // An empty query and none are the same.
    let mut request = sign_get(&world, "/v1/session", Some(&token));
    request.target = "/v1/session?".to_owned();
    assert_eq!(request.send_signed(&world).await.status, 200);
    // The host as somebody else would write it.
    let host = world
        .text("/api")
        .strip_prefix("http://")
        .unwrap()
        .to_owned();
    let port = host.rsplit_once(':').unwrap().1;
    for other in [
        format!("localhost.:{port}"),
        "localhost".to_owned(),
        format!("localhost:{port}0"),
        format!("evil.example:{port}"),
        format!("user@localhost:{port}"),
    ] {
        let mut request = sign_get(&world, "/v1/session", Some(&token));
        request.host = other.clone();
        let raw = request.send(&world).await;
        assert!(
            matches!(raw.status, 400 | 401) && !raw.is_signed(),
            "{other}: {raw:?}"
        );
    }
    let mut request = sign_get(&world, "/v1/session", Some(&token));
    request.host = host.to_uppercase();
    assert_eq!(request.send_signed(&world).await.status, 200);
    world.stop().await;
}

#[tokio::test]
async fn attack_15_a_query_is_taken_as_it_was_signed() {
    let world = World::start().await;
    for (signed, sent) in [
        ("a=1&b=2", "b=2&a=1"),
        ("a=1", "a=1&a=1"),
        ("a=1+2", "a=1%202"),
        ("a=%2f", "a=%2F"),
    ] {
        let mut request = sign_get(&world, &format!("/v1/status?{signed}"), None);
        request.target = format!("/v1/status?{sent}");
        request.send(&world).await.assert_uniform_401(sent);
    }
    let many: String = (0..10_000).map(|n| format!("a{n}=1&")).collect();
    let request = sign_get(&world, &format!("/v1/status?{many}"), None);
    let raw = request.send(&world).await;
    assert!(
        matches!(raw.status, 400 | 401 | 414 | 431),
        "{}",
        raw.status
    );
    assert!(raw.closed && !raw.is_signed());
    world.stop().await;
}

#[tokio::test]
async fn attack_16_a_header_that_is_not_covered_is_not_there() {
    let world = World::start().await;
    let token = world.log_in(2).await;
    let body = json!({"parts": [{"id": "p", "kind": "zaken", "params": {}}]});
    let plain = sign_json(&world, "POST", "/v1/page", Some(&token), &body)
        .send_signed(&world)
        .await;
    let mut loud = sign_json(&world, "POST", "/v1/page", Some(&token), &body);
    for (name, value) in [
        ("x-http-method-override", "DELETE"),
        ("x-forwarded-for", "10.0.0.1"),
        ("x-forwarded-host", "evil.example"),
        ("x-original-url", "/v1/admin/policy"),
        ("x-rewrite-url", "/v1/admin/policy"),
        ("x-tenant", "ander"),
        ("x-bsn", "999912410"),
        (
            "cookie",
            "__Host-zijspan=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        ),
        ("accept", "text/html"),
        ("accept-encoding", "gzip, br"),
        (
            "traceparent",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        ),
    ] {
        loud = loud.header(name, value);
    }
    let loud = loud.send_signed(&world).await;
    assert_eq!(loud.status, 200);
    assert_eq!(
        loud.json()["parts"][0]["data"]["zaken"],
        plain.json()["parts"][0]["data"]["zaken"]
    );
    assert!(!loud.headers.contains_key("content-encoding"));
    // A token that the signature does not cover is worse than none.
    let raw = sign_get(&world, "/v1/session", None)
        .header("authorization", &format!("Bearer {token}"))
        .send(&world)
        .await;
    raw.assert_uniform_401("authorization");
    world.stop().await;
}

#[tokio::test]
async fn attack_17_an_answer_is_no_request_and_its_key_signs_none() {
    let world = World::start().await;
    let request = sign_get(&world, "/v1/status", None);
    let raw = request.send_signed(&world).await;
    let value = |name: &str| raw.headers[name].to_str().unwrap().to_owned();
    let reflected = sign_get(&world, "/v1/status", None)
        .replaced("signature-input", &value("signature-input"))
        .replaced("signature", &value("signature"))
        .replaced("content-digest", &value("content-digest"));
    reflected.send(&world).await.assert_uniform_401("reflected");
    let response_key = world.key("response_keyid", "response_secret");
    let request = sign(&world, &response_key, "GET", "/v1/status", None, None);
    request
        .send(&world)
        .await
        .assert_uniform_401("response key");
    // The request's key id with the response key's secret.
    let crossed = SigningKey {
        id: world.pages_key().id,
        secret: response_key.secret,
    };
    let request = sign(&world, &crossed, "GET", "/v1/status", None, None);
    request.send(&world).await.assert_uniform_401("crossed");
    world.stop().await;
}

#[tokio::test]
async fn attack_18_a_clock_set_back_and_a_full_memory_fail_closed() {
    let world = World::edited(Keeping::InMemory, |_, config| {
        format!("[server.limits]\nnonces_per_key = 3\n{config}")
    })
    .await;
    let first = sign_get(&world, "/v1/status", None);
    assert_eq!(first.send_signed(&world).await.status, 200);
    // Set back: what was used stays used, what is from the future is refused.
    let now = world.clock.now().as_secs();
    world.clock.set(Timestamp::from_secs(now - 4));
    first
        .send(&world)
        .await
        .assert_uniform_401("replay after the clock was set back");
    world.clock.set(Timestamp::from_secs(now - 30));
    first
        .send(&world)
        .await
        .assert_uniform_401("from the future");
    world.clock.set(Timestamp::from_secs(now));
    // The memory is full: a signed 503 that says when to come back, and no replay gets through.
    assert_eq!(
        sign_get(&world, "/v1/status", None)
            .send_signed(&world)
            .await
            .status,
        200
    );
    assert_eq!(
        sign_get(&world, "/v1/status", None)
            .send_signed(&world)
            .await
            .status,
        200
    );
    let raw = sign_get(&world, "/v1/status", None)
        .send_signed(&world)
        .await;
    assert_eq!(raw.status, 503, "{raw:?}");
    assert!(raw.headers.contains_key("retry-after"));
    first
        .send(&world)
        .await
        .assert_uniform_401("replay while full");
    // The other key has room of its own.
    let admin = sign(
        &world,
        &world.admin_key(),
        "GET",
        "/v1/admin/policy",
        None,
        None,
    );
    assert_eq!(admin.send_signed(&world).await.status, 200);
    world.clock.advance_secs(130);
    assert_eq!(
        sign_get(&world, "/v1/status", None)
            .send_signed(&world)
            .await
            .status,
        200
    );
    world.stop().await;
}

#[tokio::test]
async fn attack_19_keys_work_in_their_time_and_no_longer() {
    for (change, works) in [
        ("state = \"next\"", true),
        ("state = \"current\"\nnot_before = \"2026-11-01\"", true),
        ("state = \"revoked\"", false),
        (
            "state = \"current\"\nnot_before = \"2026-11-25T00:00:00Z\"",
            false,
        ),
        (
            "state = \"current\"\nnot_after = \"2026-11-24T08:00:00Z\"",
            false,
        ),
    ] {
        let (id, secret) = ("demo-request-2", random_key().unwrap());
        let text = {
            use base64::Engine as _;
            base64::engine::general_purpose::STANDARD.encode(secret.expose())
        };
        let world = World::edited(Keeping::InMemory, |_, config| {
            let admin = "[[site.key]]\nstate = \"current\"\nscopes = [\"admin\"]";
            config.replacen(
                admin,
                &format!("[[site.key]]\n{change}\nscopes = [\"pages\"]\n[site.key.request]\nkeyid = \"{id}\"\nsecret = \"{text}\"\n[site.key.response]\nkeyid = \"demo-response-1\"\n\n{admin}"),
                1,
            )
        })
        .await;
        let key = SigningKey {
            id: KeyId::parse(id).unwrap(),
            secret,
        };
        let raw = sign(&world, &key, "GET", "/v1/status", None, None)
            .send(&world)
            .await;
        if works {
            assert_eq!(raw.status, 200, "{change}");
        } else {
            raw.assert_uniform_401(change);
        }
        assert_eq!(
            sign_get(&world, "/v1/status", None)
                .send_signed(&world)
                .await
                .status,
            200
        );
        world.stop().await;
    }
}

#[tokio::test]
async fn attack_20_a_compressed_body_is_refused_unread() {
    let world = World::start().await;
    let token = world.log_in(0).await;
    for coding in ["gzip", "br", "deflate", "identity", "gzip, gzip"] {
        let request = sign_json(
            &world,
            "POST",
            "/v1/page",
            Some(&token),
            &json!({"parts": []}),
        )
        .header("content-encoding", coding);
        let raw = request.send_signed(&world).await;
        assert_eq!(raw.status, 415, "{coding}");
    }
    world.stop().await;
}

/// From the MAC on every answer is signed, whatever it says.
#[tokio::test]
async fn attack_17_every_answer_after_the_mac_is_signed() {
    let world = World::start().await;
    let token = world.log_in(0).await;
    let get = |target: &str| sign_get(&world, target, Some(&token));
    assert_eq!(get("/v1/nothing").send_signed(&world).await.status, 404);
    assert_eq!(get("/v1/page").send_signed(&world).await.status, 405);
    assert_eq!(
        get("/v1/admin/policy").send_signed(&world).await.status,
        403
    );
    assert_eq!(
        sign_get(&world, "/v1/session", None)
            .send_signed(&world)
            .await
            .status,
        401
    );
    let text = Some(("text/plain", b"{}".as_slice()));
    let request = sign(
        &world,
        &world.pages_key(),
        "POST",
        "/v1/page",
        Some(&token),
        text,
    );
    assert_eq!(request.send_signed(&world).await.status, 415);
    let request = sign_json(
        &world,
        "POST",
        "/v1/page",
        Some(&token),
        &json!({"parts": 1}),
    );
    assert_eq!(request.send_signed(&world).await.status, 400);
    let huge = vec![b' '; 1024 * 1024 + 1];
    let body = Some(("application/json", huge.as_slice()));
    let request = sign(
        &world,
        &world.pages_key(),
        "POST",
        "/v1/page",
        Some(&token),
        body,
    );
    let raw = super::wire::send(&super::wire::socket(&world, "/api"), &request.head())
        .await
        .unwrap();
    request.verify(&world, &raw);
    assert_eq!((raw.status, raw.closed), (413, true));
    let policy = world
        .call(
            &world.admin_key(),
            Method::GET,
            "/v1/admin/policy",
            None,
            None,
        )
        .await;
    let write =
        json!({"version": policy.body["version"], "policy": {"nonsense": true}}).to_string();
    let body = Some(("application/json", write.as_bytes()));
    let request = sign(
        &world,
        &world.admin_key(),
        "PUT",
        "/v1/admin/policy",
        None,
        body,
    );
    assert_eq!(request.send_signed(&world).await.status, 422);
    world.stop().await;
}
