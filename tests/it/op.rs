//! An OpenID provider that says whatever a test wants, and the sidecar's identity modules beside it.

use std::sync::{Arc, LazyLock, Mutex};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256,
    RSA_PSS_SHA256, RsaKeyPair,
};
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use url::Url;
use zijspan::domain::{Clock, SiteId, SourceName, Timestamp};
use zijspan::identity::claims::ClaimMap;
use zijspan::identity::exchange::{Exchange, ExchangeRequest};
use zijspan::identity::oidc::{
    Callback, ExchangeSettings, Landing, LoginFailure, LoginStart, Logins, Provider,
    ProviderSettings, Providers,
};
use zijspan::identity::{Grant, IdentityError, ProvenLogin, SessionSettings, Sessions};
use zijspan::lifecycle::Tasks;
use zijspan::store::shared::{MemoryState, Vault};

pub const CLIENT: &str = "zijspan-test";
pub const ANNA: &str = "999990019";
pub const BERT: &str = "123456782";
pub const NONCE: &str = "nonce-of-the-plugin";
pub const SMARTCARD: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:Smartcard";
pub const COOKIE: &str = "the-cookie-of-the-browser";
pub const T0: i64 = 1_800_000_000;

/// Keys are slow to make and the same for every test.
pub static KEYS: LazyLock<Keys> = LazyLock::new(|| Keys {
    rsa: RsaKeyPair::generate(aws_lc_rs::rsa::KeySize::Rsa2048).unwrap(),
    other_rsa: RsaKeyPair::generate(aws_lc_rs::rsa::KeySize::Rsa2048).unwrap(),
    ec: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap(),
    ed: Ed25519KeyPair::generate().unwrap(),
});

pub struct Keys {
    pub rsa: RsaKeyPair,
    pub other_rsa: RsaKeyPair,
    pub ec: EcdsaKeyPair,
    pub ed: Ed25519KeyPair,
}

pub fn b64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub fn sha256(text: &str) -> Vec<u8> {
    Sha256::digest(text.as_bytes()).to_vec()
}

/// The modulus, from the DER of a 2048-bit RSAPublicKey with exponent 65537.
pub fn modulus(key: &RsaKeyPair) -> Vec<u8> {
    let der = key.public_key().as_ref();
    assert_eq!((der.len(), &der[265..]), (270, &[2, 3, 1, 0, 1][..]));
    der[9..265].to_vec()
}

pub fn rsa_jwk(key: &RsaKeyPair, kid: &str) -> Value {
    json!({"kty": "RSA", "use": "sig", "kid": kid, "n": b64(modulus(key)), "e": "AQAB"})
}

/// The keys that the provider publishes unless a test says otherwise.
pub fn jwks() -> Value {
    let point = KEYS.ec.public_key().as_ref();
    json!({"keys": [
        rsa_jwk(&KEYS.rsa, "rsa"),
        {"kty": "EC", "use": "sig", "kid": "ec", "crv": "P-256", "x": b64(&point[1..33]), "y": b64(&point[33..])},
        {"kty": "OKP", "use": "sig", "kid": "ed", "crv": "Ed25519", "x": b64(KEYS.ed.public_key().as_ref())},
    ]})
}

pub fn signature(alg: &str, message: &[u8]) -> Vec<u8> {
    let random = SystemRandom::new();
    let rsa = |key: &RsaKeyPair, padding| {
        let mut out = vec![0; 256];
        key.sign(padding, &random, message, &mut out).unwrap();
        out
    };
    match alg {
        "RS256" => rsa(&KEYS.rsa, &RSA_PKCS1_SHA256),
        "PS256" => rsa(&KEYS.rsa, &RSA_PSS_SHA256),
        "other RS256" => rsa(&KEYS.other_rsa, &RSA_PKCS1_SHA256),
        "ES256" => KEYS.ec.sign(&random, message).unwrap().as_ref().to_vec(),
        "EdDSA" => KEYS.ed.sign(message).as_ref().to_vec(),
        _ => panic!("no key for {alg}"),
    }
}

/// A token with this header and these claims, signed by the key of `alg`.
pub fn sign_with(header: &Value, claims: &Value, alg: &str) -> String {
    let message = format!("{}.{}", b64(header.to_string()), b64(claims.to_string()));
    let signature = signature(alg, message.as_bytes());
    format!("{message}.{}", b64(signature))
}

pub fn sign(claims: &Value) -> String {
    sign_with(&json!({"alg": "PS256", "kid": "rsa"}), claims, "PS256")
}

/// What the provider answers next.
#[derive(Debug, Default)]
pub struct Script {
    pub discovery: Value,
    pub jwks: Value,
    /// Merged over the claims of the id_token of the next code.
    pub claims: Value,
    pub userinfo: Value,
    pub access_token: Option<String>,
    pub token_status: Option<u16>,
    /// `(path, form or authorization)` of every call.
    pub calls: Vec<(&'static str, String)>,
    /// `(path, fields)` of every form.
    pub forms: Vec<(&'static str, Fields)>,
    /// UserInfo as a token instead of JSON.
    pub userinfo_token: Option<String>,
    /// What the pushed authorization request endpoint answers; status 201.
    pub pushed: Value,
    pub introspection: Value,
    /// Put around the id_token of the next code.
    pub encrypt: Option<fn(&str) -> String>,
    /// Signs the id_token of the next code in place of PS256.
    pub sign: Option<fn(&Value) -> String>,
    /// `(nonce, code_challenge)` of the last address that a browser was sent to.
    pub asked: Option<(String, String)>,
}

pub type Fields = std::collections::HashMap<String, String>;

type Shared = Arc<Mutex<Script>>;

pub struct World {
    pub issuer: String,
    pub script: Shared,
    pub clock: Clock,
    pub shared: Arc<MemoryState>,
    pub providers: Arc<Providers>,
    pub logins: Logins,
    pub exchange: Exchange,
    pub sessions: Sessions,
    _tasks: Tasks,
}

fn answer(value: &Value) -> Response {
    (
        [(header::CONTENT_TYPE, "application/json")],
        value.to_string(),
    )
        .into_response()
}

async fn serve(script: Shared, tasks: &Tasks) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    {
        let mut script = script.lock().unwrap();
        script.discovery = json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/auth"),
            "token_endpoint": format!("{issuer}/token"),
            "jwks_uri": format!("{issuer}/jwks"),
            "userinfo_endpoint": format!("{issuer}/userinfo"),
            "end_session_endpoint": format!("{issuer}/end?x=1"),
        });
        script.jwks = jwks();
    }
    let note =
        |script: &Shared, path, what: String| script.lock().unwrap().calls.push((path, what));
    let router = Router::new()
        .route(
            "/.well-known/openid-configuration",
            get(move |State(script): State<Shared>| async move {
                note(&script, "discovery", String::new());
                answer(&script.lock().unwrap().discovery)
            }),
        )
        .route(
            "/jwks",
            get(move |State(script): State<Shared>| async move {
                note(&script, "jwks", String::new());
                answer(&script.lock().unwrap().jwks)
            }),
        )
        .route(
            "/userinfo",
            get(
                move |State(script): State<Shared>, headers: HeaderMap| async move {
                    note(
                        &script,
                        "userinfo",
                        headers["authorization"].to_str().unwrap().to_owned(),
                    );
                    let script = script.lock().unwrap();
                    match &script.userinfo_token {
                        Some(token) => ([(header::CONTENT_TYPE, "application/jwt")], token.clone())
                            .into_response(),
                        None => answer(&script.userinfo),
                    }
                },
            ),
        )
        .route("/token", post(token))
        .route(
            "/par",
            post(|State(script): State<Shared>, body: String| async move {
                let mut script = script.lock().unwrap();
                script.forms.push(("par", fields(&body)));
                (StatusCode::CREATED, answer(&script.pushed)).into_response()
            }),
        )
        .route(
            "/introspect",
            post(
                |State(script): State<Shared>, headers: HeaderMap, body: String| async move {
                    let mut script = script.lock().unwrap();
                    script.calls.push(("introspect", authorization(&headers)));
                    script.forms.push(("introspect", fields(&body)));
                    answer(&script.introspection)
                },
            ),
        )
        .with_state(script);
    tasks.spawn(async move { axum::serve(listener, router).await.unwrap() });
    issuer
}

fn fields(body: &str) -> Fields {
    url::form_urlencoded::parse(body.as_bytes())
        .into_owned()
        .collect()
}

fn authorization(headers: &HeaderMap) -> String {
    headers
        .get("authorization")
        .map_or(String::new(), |value| value.to_str().unwrap().to_owned())
}

async fn token(State(script): State<Shared>, headers: HeaderMap, body: String) -> Response {
    let mut script = script.lock().unwrap();
    script.calls.push(("token", authorization(&headers)));
    let form = fields(&body);
    script.forms.push(("token", form.clone()));
    if let Some(status) = script.token_status {
        let status = StatusCode::from_u16(status).unwrap();
        return (status, answer(&json!({"error": "invalid_grant"}))).into_response();
    }
    let (nonce, challenge) = script.asked.clone().unwrap();
    assert_eq!(b64(sha256(&form["code_verifier"])), challenge);
    let issuer = script.discovery["issuer"].as_str().unwrap().to_owned();
    let mut claims = base_claims(&issuer, T0, &nonce);
    merge(&mut claims, &script.claims);
    let signed = script.sign.unwrap_or(sign)(&claims);
    answer(&json!({
        "id_token": script.encrypt.map_or_else(|| signed.clone(), |encrypt| encrypt(&signed)),
        "token_type": "bearer",
        "access_token": script.access_token.clone().unwrap_or_else(|| "opaque".to_owned()),
    }))
}

pub fn base_claims(issuer: &str, now: i64, nonce: &str) -> Value {
    json!({"iss": issuer, "sub": "s-anna", "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce,
           "jti": uuid::Uuid::new_v4(), "acr": SMARTCARD, "bsn": ANNA, "sid": "sid-1"})
}

/// Members of `change` replace those of `claims`; null takes one away.
fn merge(claims: &mut Value, change: &Value) {
    let claims = claims.as_object_mut().unwrap();
    for (name, value) in change.as_object().into_iter().flatten() {
        if value.is_null() {
            claims.remove(name);
        } else {
            claims.insert(name.clone(), value.clone());
        }
    }
}

pub fn site(name: &str) -> SiteId {
    SiteId::parse(name).unwrap()
}

impl World {
    pub async fn new() -> Self {
        Self::with(|_| ()).await
    }

    /// Sites `demo` and `other`, both with provider `digid`, clients `CLIENT` and `other-client`.
    pub async fn with(change: impl Fn(&mut ProviderSettings)) -> Self {
        let tasks = Tasks::new();
        let script = Shared::default();
        let issuer = serve(script.clone(), &tasks).await;
        let clock = Clock::manual(Timestamp::from_secs(T0));
        let shared = Arc::new(MemoryState::default());
        let vault = Arc::new(Vault::ephemeral().unwrap());
        let provider = |client: &str| {
            let mut settings = ProviderSettings::new(
                SourceName::parse("digid").unwrap(),
                &issuer,
                client,
                "http://127.0.0.1:8481/login/callback",
                ClaimMap::preset("demo").unwrap(),
            );
            settings.exchange = Some(ExchangeSettings::default());
            change(&mut settings);
            Arc::new(Provider::new(settings, clock.clone()).unwrap())
        };
        let providers = Arc::new(Providers::new(vec![
            (site("demo"), provider(CLIENT)),
            (site("other"), provider("other-client")),
        ]));
        let logins = Logins::new(
            shared.clone(),
            vault.clone(),
            providers.clone(),
            clock.clone(),
        );
        Self {
            issuer,
            script,
            exchange: Exchange::new(shared.clone(), providers.clone()),
            sessions: Sessions::new(shared.clone(), vault, SessionSettings::default()),
            clock,
            shared,
            providers,
            logins,
            _tasks: tasks,
        }
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn set(&self, change: impl FnOnce(&mut Script)) {
        change(&mut self.script.lock().unwrap());
    }

    pub fn calls(&self, path: &str) -> usize {
        let script = self.script.lock().unwrap();
        script
            .calls
            .iter()
            .filter(|(called, _)| *called == path)
            .count()
    }

    pub fn claims(&self, change: Value) -> Value {
        let mut claims = base_claims(&self.issuer, self.now().as_secs(), NONCE);
        merge(&mut claims, &change);
        claims
    }

    pub fn request(&self, token: &str, more: &[(&str, &str)]) -> ExchangeRequest {
        let mut fields = vec![
            (
                "grant_type",
                "urn:ietf:params:oauth:grant-type:token-exchange",
            ),
            ("subject_token", token),
            (
                "subject_token_type",
                "urn:ietf:params:oauth:token-type:id_token",
            ),
            ("audience", "urn:zijspan:demo"),
            ("nonce", NONCE),
        ];
        for (name, value) in more {
            fields.retain(|(other, _)| other != name);
            fields.push((name, value));
        }
        let fields: Vec<(String, String)> = fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        match Grant::from_form(&fields).unwrap() {
            Grant::Exchange(request) => request,
            other => panic!("{other:?}"),
        }
    }

    pub async fn trade(&self, token: &str) -> Result<ProvenLogin, IdentityError> {
        self.trade_with(token, &[]).await
    }

    pub async fn trade_with(
        &self,
        token: &str,
        more: &[(&str, &str)],
    ) -> Result<ProvenLogin, IdentityError> {
        let request = self.request(token, more);
        self.exchange.exchange(&site("demo"), &request).await
    }

    /// The reason for which a token with these claims is refused, if it is.
    pub async fn refusal(&self, change: Value) -> Option<IdentityError> {
        self.trade(&sign(&self.claims(change))).await.err()
    }

    pub async fn start(&self) -> Result<Url, IdentityError> {
        let hash = b64(sha256(COOKIE));
        self.start_with(LoginStart {
            idp: "digid",
            min_loa: None,
            return_to: "/mijn-zaken/",
            browser_hash: &hash,
        })
        .await
    }

    pub async fn start_with(&self, start: LoginStart<'_>) -> Result<Url, IdentityError> {
        let url = self.logins.start(&site("demo"), start).await?;
        self.set(|script| {
            let pushed = script.forms.iter().rev().find(|(path, _)| *path == "par");
            script.asked = Some(match pushed {
                Some((_, form)) => (form["nonce"].clone(), form["code_challenge"].clone()),
                None => (param(&url, "nonce"), param(&url, "code_challenge")),
            });
        });
        Ok(url)
    }

    pub async fn come_back(&self, state: &str) -> Result<Landing, LoginFailure> {
        let callback = Callback {
            state: Some(state),
            code: Some("code"),
            ..Callback::default()
        };
        self.logins.callback(callback).await
    }

    /// A whole login up to the handoff.
    pub async fn land(&self) -> Result<Landing, LoginFailure> {
        let url = self.start().await.unwrap();
        let pushed = self.last_form("par");
        let state = pushed.map_or_else(|| param(&url, "state"), |form| form["state"].clone());
        self.come_back(&state).await
    }

    /// The fields of the last form that came at `path`.
    pub fn last_form(&self, path: &str) -> Option<Fields> {
        let script = self.script.lock().unwrap();
        let last = script
            .forms
            .iter()
            .rev()
            .find(|(called, _)| *called == path);
        last.map(|(_, form)| form.clone())
    }
}

pub fn param(url: &Url, name: &str) -> String {
    let mut values = url.query_pairs().filter(|(key, _)| key == name);
    let value = values
        .next()
        .unwrap_or_else(|| panic!("{name} in {url}"))
        .1
        .into_owned();
    assert!(values.next().is_none());
    value
}
