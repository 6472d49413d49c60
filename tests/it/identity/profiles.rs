//! A login as each kind of broker writes it, in each of the modes that ask a broker.

use http::Method;
use serde_json::{Value, json};
use url::Url;
use zijspan::app::Keeping;

use crate::harness::{Answer, World};
use crate::op::{b64, param, sha256};

pub const COOKIE: &str = "the-cookie-of-this-browser";
/// Where a login plugin has the browser come back.
const PLUGIN: &str = "http://localhost:8488/openid";

/// One connection to a broker, as the test writes it into the configuration.
pub struct Connection<'a> {
    pub mode: &'a str,
    pub claim_map: &'a str,
    /// More lines of `[[site.idp]]`.
    pub more: &'a str,
}

impl Connection<'_> {
    /// The demo with this connection in place of its own.
    pub async fn world(&self) -> World {
        World::edited(Keeping::InMemory, |world, text| {
            let first = text.find("[[site.idp]]").unwrap();
            let last = text.find("[[site.source]]").unwrap();
            format!(
                "{}[[site.idp]]\nname = \"makelaar\"\nmode = \"{}\"\nkinds = [\"burger\", \"onderneming\"]\n\
                 issuer = \"{}\"\nclient_id = \"zijspan-demo\"\nclaim_map = \"{}\"\nmin_loa = \"low\"\n{}\n\n{}",
                &text[..first],
                self.mode,
                world.text("/idp"),
                self.claim_map,
                self.more,
                &text[last..]
            )
        })
        .await
    }
}

pub async fn sandbox(world: &World, path: &str, body: &Value) -> (u16, Value) {
    let answer = world
        .http
        .post(format!("{}/sandbox/{path}", world.text("/idp")))
        .json(body)
        .send()
        .await
        .unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

/// Tells the provider how to behave.
pub async fn play(world: &World, how: Value) {
    let (status, answer) = sandbox(world, "play", &how).await;
    assert_eq!(status, 200, "{answer}");
}

/// Chooses somebody on the page at `url`; where the browser is sent then.
pub async fn choose(world: &World, url: Url, person: &str) -> Url {
    let page = world.http.get(url).send().await.unwrap();
    assert_eq!(page.status(), 200);
    let page = page.text().await.unwrap();
    let form = page.split("<form").nth(1).unwrap();
    let mut fields: Vec<(String, String)> = form
        .split("<input type=\"hidden\" name=\"")
        .skip(1)
        .map(|rest| {
            let (name, rest) = rest.split_once("\" value=\"").unwrap();
            let (value, _) = rest.split_once('"').unwrap();
            (name.to_owned(), value.replace("&amp;", "&"))
        })
        .collect();
    fields.push(("person".to_owned(), person.to_owned()));
    let answer = world
        .http
        .post(format!("{}/authorize", world.text("/idp")))
        .form(&fields)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 303);
    answer.headers()["location"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap()
}

/// Where WordPress is told to send the browser.
pub async fn begin(world: &World) -> Url {
    let body = json!({"idp": "makelaar", "return_to": "/mijn-zaken/", "browser_hash": b64(sha256(COOKIE))});
    let answer = world.json(Method::POST, "/v1/login", None, &body).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body["url"].as_str().unwrap().parse().unwrap()
}

/// From the provider back to the site.
pub async fn come_back(world: &World, callback: Url) -> Url {
    let answer = world.http.get(callback).send().await.unwrap();
    assert_eq!(answer.status(), 303);
    answer.headers()["location"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap()
}

pub async fn redeem(world: &World, handoff: &str) -> Answer {
    world
        .form(
            &[
                ("grant_type", "urn:zijspan:handoff"),
                ("handoff", handoff),
                ("browser_secret", COOKIE),
            ],
            None,
        )
        .await
}

/// A login by the sidecar itself.
pub async fn by_rp(world: &World, person: &str) -> Answer {
    let callback = choose(world, begin(world).await, person).await;
    let landed = come_back(world, callback).await;
    redeem(world, &param(&landed, "zijspan_handoff")).await
}

/// What a login plugin gets for itself: the id_token and the access token.
pub async fn plugin(world: &World, person: &str, nonce: Option<&str>) -> (String, String) {
    let verifier = "v".repeat(43);
    let mut url: Url = format!("{}/authorize", world.text("/idp")).parse().unwrap();
    url.query_pairs_mut().extend_pairs([
        ("response_type", "code"),
        ("client_id", "zijspan-demo"),
        ("redirect_uri", PLUGIN),
        ("scope", "openid"),
        ("state", "x"),
    ]);
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("client_id", "zijspan-demo"),
        ("redirect_uri", PLUGIN),
    ];
    // A plugin that sends no nonce sends no PKCE either.
    if let Some(nonce) = nonce {
        url.query_pairs_mut().extend_pairs([
            ("nonce", nonce),
            ("code_challenge", &b64(sha256(&verifier))),
            ("code_challenge_method", "S256"),
        ]);
        form.push(("code_verifier", &verifier));
    }
    let back = choose(world, url, person).await;
    let code = param(&back, "code");
    form.push(("code", &code));
    let answer = world
        .http
        .post(format!("{}/token", world.text("/idp")))
        .form(&form)
        .send()
        .await
        .unwrap();
    let answer: Value = answer.json().await.unwrap();
    let text = |name: &str| answer[name].as_str().unwrap().to_owned();
    (text("id_token"), text("access_token"))
}

/// A login by a plugin, traded.
pub async fn by_exchange(world: &World, person: &str, nonce: Option<&str>) -> Answer {
    let (id_token, access_token) = plugin(world, person, nonce).await;
    let mut fields = vec![
        (
            "grant_type",
            "urn:ietf:params:oauth:grant-type:token-exchange",
        ),
        ("subject_token", id_token.as_str()),
        (
            "subject_token_type",
            "urn:ietf:params:oauth:token-type:id_token",
        ),
        ("audience", "urn:zijspan:demo"),
        ("access_token", &access_token),
    ];
    fields.extend(nonce.map(|nonce| ("nonce", nonce)));
    world.form(&fields, None).await
}

/// Kind of party, level, and whether for another.
async fn who(world: &World, answer: Answer) -> Option<(String, String, bool)> {
    if answer.status != 200 {
        assert_eq!(answer.status, 400, "{}", answer.body);
        return None;
    }
    let token = answer.body["access_token"].as_str().unwrap();
    let session = world.get("/v1/session", Some(token)).await.body;
    Some((
        session["on_behalf_of"]["type"].as_str().unwrap().to_owned(),
        session["loa"].as_str().unwrap().to_owned(),
        session["acts_for_another"].as_bool().unwrap(),
    ))
}

/// Whom the page of the provider offers, and what a login of them is.
const LOGINS: [(&str, &str, bool); 6] = [
    ("0", "burger", false),
    ("7", "onderneming", false),
    ("7/000090027511", "onderneming", false),
    ("gemachtigde", "burger", true),
    ("bewindvoerder", "burger", true),
    ("intermediair", "onderneming", true),
];

/// Every login that this broker has words for, in both modes.
async fn every_login(profile: &str, wordless: &[&str], nonce: Option<&str>) {
    for mode in ["rp", "exchange"] {
        let more = if mode == "exchange" && nonce.is_none() {
            "auth_method = \"none\"\nnonce = \"absent\""
        } else {
            "auth_method = \"none\""
        };
        let connection = Connection {
            mode,
            claim_map: profile,
            more,
        };
        let world = connection.world().await;
        play(&world, json!({"profile": profile})).await;
        for (person, kind, for_another) in LOGINS {
            if wordless.contains(&person) {
                let url = if mode == "rp" {
                    let callback = choose(&world, begin(&world).await, person).await;
                    come_back(&world, callback).await
                } else {
                    continue;
                };
                assert_eq!(param(&url, "zijspan_login"), "failed", "{profile} {person}");
                continue;
            }
            let answer = match mode {
                "rp" => by_rp(&world, person).await,
                _ => by_exchange(&world, person, nonce).await,
            };
            let expected = (kind.to_owned(), "substantial".to_owned(), for_another);
            assert_eq!(
                who(&world, answer).await,
                Some(expected),
                "{profile} {mode} {person}"
            );
        }
        world.stop().await;
    }
}

#[tokio::test]
async fn a_login_in_the_words_of_the_demo() {
    let others = ["gemachtigde", "bewindvoerder", "intermediair"];
    every_login("demo", &others, Some("n-1")).await;
}

#[tokio::test]
async fn a_login_in_the_words_of_signicat() {
    every_login("signicat", &[], None).await;
}

#[tokio::test]
async fn a_login_in_the_words_of_maykin() {
    every_login("maykin", &[], Some("n-1")).await;
}

#[tokio::test]
async fn a_login_in_the_words_of_nl_gov() {
    every_login("nlgov", &["7/000090027511"], Some("n-1")).await;
}

#[tokio::test]
async fn a_login_in_the_words_of_keycloak() {
    every_login("keycloak", &["7/000090027511"], Some("n-1")).await;
}

#[tokio::test]
async fn words_of_one_broker_mean_nothing_in_those_of_another() {
    for (map, profile) in [
        ("demo", "signicat"),
        ("signicat", "maykin"),
        ("maykin", "keycloak"),
        ("nlgov", "demo"),
        ("keycloak", "nlgov"),
        ("demo", "nlgov"),
    ] {
        let connection = Connection {
            mode: "rp",
            claim_map: map,
            more: "auth_method = \"none\"",
        };
        let world = connection.world().await;
        play(&world, json!({"profile": profile})).await;
        let callback = choose(&world, begin(&world).await, "0").await;
        let url = come_back(&world, callback).await;
        assert_eq!(param(&url, "zijspan_login"), "failed", "{map} {profile}");
        world.stop().await;
    }
}
