//! A credential cannot reach another source, and does not print itself.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use zijspan::upstream::http::auth::{AssertionAlgorithm, AssertionKey, ZgwCredentials};

use super::*;

/// Two sources with a token endpoint each; every secret and every token has the source's own word in it.
struct Two {
    servers: [Server; 2],
    clients: [SourceClient; 2],
}

const WORDS: [&str; 2] = ["aardbei", "bosbes"];

impl Two {
    async fn start(clock: &Clock) -> Self {
        let server = |word: &'static str| {
            Server::start(move |seen, before| match seen.path.as_str() {
                "/token" => json_answer(
                    200,
                    &json!({"access_token": format!("{word}-token-{before}"), "expires_in": 120}),
                ),
                // Now and then the source refuses the token, so that fetches and calls interleave.
                _ if before % 5 == 4 => json_answer(401, &json!({})),
                _ => json_answer(200, &json!({})),
            })
        };
        let servers = [server(WORDS[0]).await, server(WORDS[1]).await];
        let clients = [0, 1].map(|at| {
            let mut own = credentials(
                &format!("{}/token", servers[at].url),
                ClientAuth::Body(secret(&format!("{}-secret", WORDS[at]))),
            );
            own.client_id = format!("{}-client", WORDS[at]);
            client(
                &servers[at].url,
                Credential::ClientCredentials(Box::new(own)),
                clock,
            )
        });
        Self { servers, clients }
    }

    fn assert_apart(&self) {
        for (at, server) in self.servers.iter().enumerate() {
            let all = server.all();
            assert!(!all.is_empty());
            for seen in all {
                let text = seen.everything();
                assert!(text.contains(WORDS[at]), "{text}");
                assert!(!text.contains(WORDS[1 - at]), "{text}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Calls of two sources in any order, at once and apart, with tokens that end and are refused on the way.
    #[test]
    fn each_source_sees_its_own_credential_and_no_other(
        steps in prop::collection::vec((0_usize..2, prop::bool::ANY, 0_i64..100), 1..24),
    ) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let clock = clock();
            let two = Two::start(&clock).await;
            let tasks = Tasks::new();
            let mut running = Vec::new();
            for at in [0, 1] {
                ask(&two.clients[at]).await.unwrap();
            }
            for (at, wait, seconds) in steps {
                clock.advance_secs(seconds);
                let client = two.clients[at].clone();
                let call = tasks.spawn(async move { ask(&client).await.map(|reply| reply.status) });
                if wait {
                    call.await.unwrap().unwrap();
                } else {
                    running.push(call);
                }
            }
            for call in running {
                call.await.unwrap().unwrap();
            }
            two.assert_apart();
        });
    }
}

/// A server that sends everybody on to another address.
async fn sends_on_to(other: &Server) -> Server {
    let target = other.url.clone();
    Server::start(move |seen, _| {
        let mut answer = json_answer(307, &json!({}));
        let to = format!("{target}{}", seen.path);
        answer.headers_mut().insert("location", to.parse().unwrap());
        answer
    })
    .await
}

#[tokio::test]
async fn a_redirect_carries_no_credential_anywhere() {
    let other = Server::start(|_, before| token_answer(before, 60)).await;
    let source = sends_on_to(&other).await;
    let credentials = [
        Credential::Token(secret(SECRET)),
        Credential::ApiKey {
            header: axum::http::HeaderName::from_static("x-api-key"),
            key: secret(SECRET),
        },
        // Here the token endpoint itself sends on.
        basic(&source),
    ];
    for credential in credentials {
        let answer = ask(&client(&source.url, credential, &clock())).await;
        assert!(answer.is_err() || answer.unwrap().status == 307);
    }
    assert_eq!(other.all().len(), 0);
}

/// Only the address that is configured as the token endpoint gets the secret, and it gets no token; what
/// the source writes in its answers changes nothing.
#[tokio::test]
async fn a_token_endpoint_elsewhere_gets_the_secret_and_the_source_gets_the_token() {
    let endpoint = Server::start(|_, before| token_answer(before, 60)).await;
    let source = Server::start(|_, _| {
        let mut answer = json_answer(200, &json!({"token_endpoint": "http://127.0.0.1:1/token"}));
        let said = "Bearer error=\"x\", authorization_uri=\"http://127.0.0.1:1/token\"";
        answer
            .headers_mut()
            .insert("www-authenticate", said.parse().unwrap());
        answer
    })
    .await;
    let client = client(&source.url, basic(&endpoint), &clock());
    ask(&client).await.unwrap();
    let to_source = source.all();
    assert_eq!(to_source.len(), 1);
    assert!(!to_source[0].everything().contains("Basic"));
    assert_eq!(to_source[0].header("authorization"), "Bearer token-1");
    assert_eq!(endpoint.all().len(), 1);
    assert!(!endpoint.all()[0].everything().contains("token-1"));
}

#[tokio::test]
async fn a_path_that_climbs_out_goes_nowhere() {
    let server = Server::start(|_, _| json_answer(200, &json!({}))).await;
    let client = client(
        &format!("{}/zaken/api/v1", server.url),
        Credential::Token(secret(SECRET)),
        &clock(),
    );
    for path in ["/../../../catalogi", "/%2e%2e/%2e%2e/%2e%2e/x"] {
        let call = Call::get("zaken.list", path);
        assert!(
            client.call(call, &UserId::system()).await.is_err(),
            "{path}"
        );
    }
    assert_eq!(server.all().len(), 0);
}

/// Nothing that anybody could print or log holds a secret or a token.
#[tokio::test]
async fn a_credential_does_not_print_itself() {
    let server = Server::start(|seen, _| match seen.path.as_str() {
        "/token" => json_answer(
            200,
            &json!({"access_token": "canary-token", "expires_in": 60}),
        ),
        _ => json_answer(401, &json!({"code": "canary-code-is-a-word"})),
    })
    .await;
    let canary = || secret("canary-secret");
    // As it goes into the header.
    let basic = STANDARD.encode("zijspan:canary-secret");
    let rsa = crate::credentials::dialects::pem_of_a_key();
    let key = AssertionKey::from_pem(&rsa, AssertionAlgorithm::Ps256, None, None).unwrap();
    let url = format!("{}/token", server.url);
    let oauth = |auth| Credential::ClientCredentials(Box::new(credentials(&url, auth)));
    let all = [
        Credential::Zgw(ZgwCredentials {
            client_id: "zijspan".to_owned(),
            secret: canary(),
            user_representation: "MijnOmgeving".to_owned(),
        }),
        Credential::Token(canary()),
        Credential::ApiKey {
            header: axum::http::HeaderName::from_static("x-api-key"),
            key: canary(),
        },
        oauth(ClientAuth::Basic(canary())),
        oauth(ClientAuth::Body(canary())),
        oauth(ClientAuth::BasicAndBody(canary())),
        oauth(ClientAuth::PrivateKeyJwt(key)),
    ];
    for credential in all {
        let mut printed = format!("{credential:?}");
        let client = client(&server.url, credential, &clock());
        printed += &format!("{:?}", ask(&client).await);
        printed += &format!("{client:?}");
        for word in ["canary-secret", "canary-token", &basic] {
            assert!(!printed.contains(word), "{word}: {printed}");
        }
    }
}
