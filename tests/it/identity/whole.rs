//! Through the whole sidecar, against the sandbox provider: keys, encryption, requests beforehand, and
//! being told that somebody left.

use serde_json::{Value, json};

use super::jwe::{OTHER, OURS, pem};
use super::profiles::{
    Connection, begin, by_exchange, by_rp, choose, come_back, play, plugin, redeem, sandbox,
};
use crate::harness::World;
use crate::op::param;

fn public_pem(key: &aws_lc_rs::rsa::PrivateDecryptingKey) -> String {
    use aws_lc_rs::encoding::{AsDer as _, PublicKeyX509Der};
    use base64::Engine as _;
    let public = key.public_key();
    let der: PublicKeyX509Der<'_> = public.as_der().unwrap();
    let body = base64::engine::general_purpose::STANDARD.encode(der.as_ref());
    format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n")
}

async fn alive(world: &World, token: &str) -> bool {
    world.get("/v1/session", Some(token)).await.status == 200
}

fn token(answer: &Value) -> String {
    answer["access_token"].as_str().unwrap().to_owned()
}

/// Whether a login fails, on the way there or on the way back.
async fn failure(world: &World) -> bool {
    let body = json!({"idp": "makelaar", "return_to": "/", "browser_hash": "A".repeat(43)});
    let begun = world
        .json(http::Method::POST, "/v1/login", None, &body)
        .await;
    if begun.status != 200 {
        return true;
    }
    let callback = choose(world, begin(world).await, "0").await;
    let url = come_back(world, callback).await;
    url.query_pairs().any(|(name, _)| name == "zijspan_login")
}

#[tokio::test]
async fn everything_that_the_nl_gov_profile_asks_at_once() {
    let more = format!(
        "auth_method = \"private_key_jwt\"\nkey_id = \"k\"\npushed_requests = \"required\"\nuserinfo = true\n\
         decryption_key_ids = [\"enc\"]\nprivate_key = '''{}'''\ndecryption_key = '''{}'''",
        pem(&OTHER),
        pem(&OURS)
    );
    let connection = Connection {
        mode: "rp",
        claim_map: "nlgov",
        more: &more,
    };
    let world = connection.world().await;
    let how = json!({"profile": "nlgov", "client_key": public_pem(&OTHER), "encrypt_to": public_pem(&OURS),
        "encrypt_kid": "enc", "par": "required", "userinfo": "encrypted"});
    play(&world, how.clone()).await;
    let url = begin(&world).await;
    let mut names: Vec<_> = url
        .query_pairs()
        .map(|(name, _)| name.into_owned())
        .collect();
    names.sort();
    assert_eq!(names, ["client_id", "request_uri"]);
    let callback = choose(&world, url, "gemachtigde").await;
    let landed = come_back(&world, callback).await;
    let answer = redeem(&world, &param(&landed, "zijspan_handoff")).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(alive(&world, &token(&answer.body)).await);

    // Encrypted to another key, or not at all.
    let mut other = how.clone();
    other["encrypt_to"] = json!(public_pem(&OTHER));
    play(&world, other).await;
    assert!(failure(&world).await);
    let mut plain = how.clone();
    plain["encrypt_to"] = json!(null);
    plain["userinfo"] = json!("signed");
    play(&world, plain).await;
    assert!(failure(&world).await);
    // Another key of the client: the provider takes neither request nor code.
    let mut stranger = how;
    stranger["client_key"] = json!(public_pem(&OURS));
    play(&world, stranger).await;
    assert!(failure(&world).await);
    world.stop().await;
}

#[tokio::test]
async fn a_client_proves_itself_by_secret_or_by_a_key_of_another_kind() {
    let pair = rcgen::KeyPair::generate().unwrap();
    let by_key = format!(
        "auth_method = \"private_key_jwt\"\nalgorithm = \"ES256\"\nprivate_key = '''{}'''",
        pair.serialize_pem()
    );
    let public = pair.public_key_pem();
    for (more, how) in [
        (
            "auth_method = \"client_secret_post\"\nclient_secret = \"s e+c/r\"",
            json!({"client_secret": "s e+c/r"}),
        ),
        (
            "client_secret = \"s e+c/r\"",
            json!({"client_secret": "s e+c/r", "par": "offered"}),
        ),
        (
            by_key.as_str(),
            json!({"client_key": public, "client_alg": "ES256"}),
        ),
    ] {
        let connection = Connection {
            mode: "rp",
            claim_map: "demo",
            more,
        };
        let world = connection.world().await;
        play(&world, how).await;
        assert_eq!(by_rp(&world, "0").await.status, 200, "{more}");
        play(&world, json!({"client_secret": "another"})).await;
        assert!(failure(&world).await, "{more}");
        world.stop().await;
    }
}

#[tokio::test]
async fn encrypted_tokens_are_exchanged_and_access_tokens_looked_up() {
    let more = format!(
        "client_secret = \"geheim\"\naccess_token = \"introspect\"\nuserinfo = true\ndecryption_key = '''{}'''",
        pem(&OURS)
    );
    let connection = Connection {
        mode: "exchange",
        claim_map: "maykin",
        more: &more,
    };
    let world = connection.world().await;
    // The plugin's own calls say no secret, so it is set only for what the sidecar asks.
    let open =
        json!({"profile": "maykin", "encrypt_to": public_pem(&OURS), "userinfo": "encrypted"});
    play(&world, open.clone()).await;
    assert_eq!(by_exchange(&world, "0", Some("n")).await.status, 200);
    let trade = async |access_token: &str| {
        world
            .form(
                &[
                    (
                        "grant_type",
                        "urn:ietf:params:oauth:grant-type:token-exchange",
                    ),
                    ("subject_token", access_token),
                    (
                        "subject_token_type",
                        "urn:ietf:params:oauth:token-type:access_token",
                    ),
                    ("audience", "urn:zijspan:demo"),
                ],
                None,
            )
            .await
    };
    let (_, access_token) = plugin(&world, "bewindvoerder", Some("n")).await;
    let mut closed = open.clone();
    closed["client_secret"] = json!("geheim");
    play(&world, closed).await;
    let answer = trade(&access_token).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.body["on_behalf_of"]["type"], "burger");
    assert_eq!(answer.body["loa"], "substantial");
    assert_eq!(trade(&access_token).await.status, 400, "it counts once");
    assert_eq!(trade("made-up").await.status, 400);
    // The provider no longer knows our secret.
    play(&world, open.clone()).await;
    let (_, access_token) = plugin(&world, "0", Some("n")).await;
    let mut other = open;
    other["client_secret"] = json!("another");
    play(&world, other).await;
    assert_eq!(trade(&access_token).await.status, 503);
    world.stop().await;
}

#[tokio::test]
async fn new_keys_of_the_provider_are_found_and_old_ones_forgotten() {
    let connection = Connection {
        mode: "rp",
        claim_map: "keycloak",
        more: "auth_method = \"none\"",
    };
    let world = connection.world().await;
    play(&world, json!({"profile": "keycloak", "alg": "PS256"})).await;
    assert_eq!(by_rp(&world, "0").await.status, 200);
    assert_eq!(
        sandbox(&world, "rotate", &json!({"keep_old": true}))
            .await
            .0,
        200
    );
    // Not asked for again at once, so that nobody can make the sidecar ask all the time.
    assert!(failure(&world).await);
    world.clock.advance_secs(31);
    assert_eq!(by_rp(&world, "0").await.status, 200);
    assert_eq!(sandbox(&world, "rotate", &json!({})).await.0, 200);
    world.clock.advance_secs(31);
    assert_eq!(by_rp(&world, "0").await.status, 200);
    world.stop().await;
}

#[tokio::test]
async fn the_provider_says_who_left_and_only_that_login_ends() {
    let connection = Connection {
        mode: "rp",
        claim_map: "demo",
        more: "auth_method = \"none\"",
    };
    let world = connection.world().await;
    let at = format!("{}/backchannel/demo/makelaar", world.text("/public"));
    for alg in ["ES256", "PS256", "RS256"] {
        play(&world, json!({"alg": alg, "backchannel_logout_uri": at})).await;
        // A key that is new to the sidecar is looked for at most every half minute.
        world.clock.advance_secs(31);
        let stays = token(&by_rp(&world, "0").await.body);
        let leaves = token(&by_rp(&world, "0").await.body);
        // Without a name it is about the last login.
        let (status, told) = sandbox(&world, "logout", &json!({})).await;
        assert_eq!(
            (status, &told["status"]),
            (200, &json!(200)),
            "{alg} {told}"
        );
        assert!(!alive(&world, &leaves).await && alive(&world, &stays).await);
        let nobody = json!({"sub": "somebody-else"});
        assert_eq!(sandbox(&world, "logout", &nobody).await.1["status"], 200);
        assert!(alive(&world, &stays).await);
    }
    world.stop().await;
}

#[tokio::test]
async fn what_the_sandbox_cannot_play_is_refused() {
    let connection = Connection {
        mode: "rp",
        claim_map: "demo",
        more: "auth_method = \"none\"",
    };
    let world = connection.world().await;
    for how in [
        json!({"profile": "digid"}),
        json!({"alg": "HS256"}),
        json!({"profil": "demo"}),
        json!({"client_secret": "s", "client_key": public_pem(&OURS)}),
        json!({"client_key": "no pem"}),
        json!({"encrypt_to": "no pem"}),
        json!({"userinfo": "encrypted"}),
        json!([]),
    ] {
        assert_eq!(sandbox(&world, "play", &how).await.0, 400, "{how}");
    }
    let (status, answer) = sandbox(&world, "logout", &json!({})).await;
    assert_eq!(status, 400, "{answer}");
    // It is called on this machine or not at all.
    play(
        &world,
        json!({"backchannel_logout_uri": "http://192.0.2.1/x"}),
    )
    .await;
    assert_eq!(sandbox(&world, "logout", &json!({"sub": "x"})).await.0, 400);
    world.stop().await;
}
