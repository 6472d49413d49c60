//! What each kind of credential says, word for word.

use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::signature::{
    KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, RsaKeyPair,
    UnparsedPublicKey, VerificationAlgorithm,
};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use zijspan::upstream::http::ErrorKind;
use zijspan::upstream::http::auth::{AssertionAlgorithm, AssertionKey, Fsc, ZgwCredentials};

use super::*;

async fn endpoint(answer: Value) -> Server {
    Server::start(move |seen, _| match seen.path.as_str() {
        "/token/" => json_answer(200, &answer),
        _ => json_answer(200, &json!({})),
    })
    .await
}

async fn fetched(
    change: impl FnOnce(&mut ClientCredentials),
    client_auth: ClientAuth,
    answer: Value,
) -> (Seen, String) {
    let server = endpoint(answer).await;
    let mut credentials = credentials(&format!("{}/token/", server.url), client_auth);
    change(&mut credentials);
    let client = client(
        &server.url,
        Credential::ClientCredentials(Box::new(credentials)),
        &clock(),
    );
    ask(&client).await.unwrap();
    let used = server.seen("/api/zaken")[0]
        .header("authorization")
        .to_owned();
    (server.seen("/token/")[0].clone(), used)
}

fn form(seen: &Seen) -> Vec<(String, String)> {
    assert_eq!(
        seen.header("content-type"),
        "application/x-www-form-urlencoded"
    );
    url::form_urlencoded::parse(seen.body.as_bytes())
        .into_owned()
        .collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

#[tokio::test]
async fn basic_encodes_id_and_secret_as_the_standard_says() {
    let (seen, used) = fetched(
        |credentials| {
            credentials.client_id = "a:b".to_owned();
            credentials.scope = Some("zaken.lezen".to_owned());
            credentials.audience = Some("https://zgw.example".to_owned());
            credentials.extra = vec![("resourceServer".to_owned(), "ResourceServer01".to_owned())];
        },
        ClientAuth::Basic(secret("s e+c/r")),
        json!({"access_token": "abc"}),
    )
    .await;
    let basic = STANDARD.encode("a%3Ab:s+e%2Bc%2Fr");
    assert_eq!(seen.header("authorization"), format!("Basic {basic}"));
    assert_eq!(
        form(&seen),
        pairs(&[
            ("grant_type", "client_credentials"),
            ("scope", "zaken.lezen"),
            ("audience", "https://zgw.example"),
            ("resourceServer", "ResourceServer01"),
        ])
    );
    assert_eq!(used, "Bearer abc");
}

#[tokio::test]
async fn body_puts_id_and_secret_in_the_form() {
    let (seen, _) = fetched(
        |_| {},
        ClientAuth::Body(secret(SECRET)),
        json!({"access_token": "abc"}),
    )
    .await;
    assert_eq!(seen.header("authorization"), "");
    assert_eq!(
        form(&seen),
        pairs(&[
            ("grant_type", "client_credentials"),
            ("client_id", "zijspan"),
            ("client_secret", SECRET),
        ])
    );
}

#[tokio::test]
async fn mtls_names_only_the_client() {
    let (seen, _) = fetched(|_| {}, ClientAuth::Mtls, json!({"access_token": "abc"})).await;
    assert_eq!(seen.header("authorization"), "");
    assert_eq!(
        form(&seen),
        pairs(&[
            ("grant_type", "client_credentials"),
            ("client_id", "zijspan")
        ])
    );
}

#[tokio::test]
async fn a_token_request_may_be_json_with_names_of_its_own() {
    let (seen, used) = fetched(
        |credentials| {
            credentials.encoding = TokenEncoding::Json;
            credentials.grant_type = false;
            credentials.secret_field = "secret".to_owned();
            credentials.token_field = "authorization".to_owned();
        },
        ClientAuth::BasicAndBody(secret("s/1")),
        json!({"authorization": "Bearer abc.def"}),
    )
    .await;
    assert_eq!(seen.header("content-type"), "application/json");
    let body: Value = serde_json::from_str(&seen.body).unwrap();
    assert_eq!(body, json!({"client_id": "zijspan", "secret": "s/1"}));
    let basic = STANDARD.encode("zijspan:s/1");
    assert_eq!(seen.header("authorization"), format!("Basic {basic}"));
    assert_eq!(used, "Bearer abc.def");
}

fn pem(key: &RsaKeyPair) -> SecretBytes {
    let der: Pkcs8V1Der = key.as_der().unwrap();
    let text = STANDARD.encode(der.as_ref());
    secret(&format!(
        "-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n"
    ))
}

/// For tests that need some key.
pub fn pem_of_a_key() -> SecretBytes {
    pem(&crate::op::KEYS.rsa)
}

#[tokio::test]
async fn private_key_jwt_signs_a_fresh_assertion_for_this_endpoint() {
    let keys = &crate::op::KEYS;
    for (algorithm, name, verify) in [
        (
            AssertionAlgorithm::Ps256,
            "PS256",
            &RSA_PSS_2048_8192_SHA256 as &'static dyn VerificationAlgorithm,
        ),
        (
            AssertionAlgorithm::Rs256,
            "RS256",
            &RSA_PKCS1_2048_8192_SHA256,
        ),
    ] {
        let key =
            AssertionKey::from_pem(&pem(&keys.rsa), algorithm, Some("key-1".to_owned()), None)
                .unwrap();
        let (seen, _) = fetched(
            |_| {},
            ClientAuth::PrivateKeyJwt(key),
            json!({"access_token": "abc"}),
        )
        .await;
        assert_eq!(seen.header("authorization"), "");
        let form = form(&seen);
        let field = |name: &str| &form.iter().find(|(field, _)| field == name).unwrap().1;
        assert_eq!(
            field("client_assertion_type"),
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        );
        let (message, signature) = field("client_assertion").rsplit_once('.').unwrap();
        UnparsedPublicKey::new(verify, keys.rsa.public_key().as_ref())
            .verify(
                message.as_bytes(),
                &URL_SAFE_NO_PAD.decode(signature).unwrap(),
            )
            .unwrap();
        let (head, claims) = message.split_once('.').unwrap();
        let decode = |part: &str| -> Value {
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
        };
        assert_eq!(
            decode(head),
            json!({"alg": name, "typ": "JWT", "kid": "key-1"})
        );
        let claims = decode(claims);
        let host = seen.header("host");
        assert_eq!(claims["iss"], "zijspan");
        assert_eq!(claims["sub"], "zijspan");
        assert_eq!(claims["aud"], format!("http://{host}/token/"));
        assert_eq!(
            claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(),
            60
        );
        assert!(claims["jti"].as_str().unwrap().len() >= 22);
    }
    assert!(
        AssertionKey::from_pem(&secret("no pem"), AssertionAlgorithm::Ps256, None, None).is_none()
    );
}

#[tokio::test]
async fn a_key_stands_in_the_header_that_the_source_wants() {
    let cases = [
        (
            Credential::Token(secret("abc")),
            "authorization",
            "Token abc",
        ),
        (
            Credential::ApiKey {
                header: axum::http::HeaderName::from_static("x-api-key"),
                key: secret("k-1"),
            },
            "x-api-key",
            "k-1",
        ),
        (Credential::None, "authorization", ""),
    ];
    for (credential, header, value) in cases {
        let server = endpoint(json!({})).await;
        let client = client(&server.url, credential, &clock());
        ask(&client).await.unwrap();
        assert_eq!(server.seen("/api/zaken")[0].header(header), value);
    }
}

#[tokio::test]
async fn a_refused_token_of_our_own_making_is_not_tried_again() {
    let server = Server::start(|_, _| json_answer(403, &json!({"code": "jwt-expired"}))).await;
    let credential = Credential::Zgw(ZgwCredentials {
        client_id: "zijspan".to_owned(),
        secret: secret(SECRET),
        user_representation: "MijnOmgeving".to_owned(),
    });
    let client = client(&server.url, credential, &clock());
    ask(&client).await.unwrap();
    assert_eq!(server.count("/api/zaken"), 1);
}

#[tokio::test]
async fn through_an_outway_each_call_names_its_contract_and_a_number_of_its_own() {
    let server = Server::start(|_, _| json_answer(200, &json!({}))).await;
    let auth = AuthSettings {
        fsc: Fsc::new("$1$3$abc", true),
        headers: vec![(
            axum::http::HeaderName::from_static("api-version"),
            axum::http::HeaderValue::from_static("1.0.0"),
        )],
        ..AuthSettings::default()
    };
    let client = client_with(&server.url, auth, &clock());
    ask(&client).await.unwrap();
    ask(&client).await.unwrap();
    let seen = server.seen("/api/zaken");
    for call in &seen {
        assert_eq!(call.header("fsc-grant-hash"), "$1$3$abc");
        assert_eq!(call.header("api-version"), "1.0.0");
    }
    let id = |at: usize| seen[at].header("fsc-transaction-id").to_owned();
    assert_ne!(id(0), id(1));
    assert_eq!(id(0).as_bytes()[14], b'7');
}

/// What the Outway says is not what the source says.
#[tokio::test]
async fn a_404_of_the_outway_is_not_a_zaak_that_does_not_exist() {
    for (status, code, kind) in [
        (404, "SERVICE_NOT_FOUND", ErrorKind::Server),
        (
            401,
            "ERROR_CODE_ACCESS_TOKEN_EXPIRED",
            ErrorKind::Credentials,
        ),
        (502, "SERVICE_UNREACHABLE", ErrorKind::Server),
    ] {
        let answer = move || {
            let mut answer = json_answer(status, &json!({"message": "no"}));
            answer
                .headers_mut()
                .insert("fsc-error-code", code.parse().unwrap());
            answer
        };
        let server = Server::start(move |_, _| answer()).await;
        let auth = AuthSettings {
            fsc: Fsc::new("$1$3$abc", true),
            ..AuthSettings::default()
        };
        let through = client_with(&server.url, auth, &clock());
        let download = Call::get("document.download", "/api/zaken");
        let idle = Duration::from_secs(1);
        for error in [
            ask(&through).await.err(),
            through
                .stream(download, &UserId::system(), idle)
                .await
                .err(),
        ] {
            let error = error.unwrap();
            assert_eq!((error.kind, error.status), (kind, None));
            assert_eq!(error.code.as_deref(), Some(code));
        }
        // A source without FSC that writes the same header is a source like any other.
        let plain = ask(&client(&server.url, Credential::None, &clock()))
            .await
            .unwrap();
        assert_eq!(plain.status, status);
    }
}
