//! Credentials on a socket: what a source and its token endpoint get to see, and how often.

mod dialects;
mod separation;
mod tokens;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use zijspan::domain::{BaseUrl, Clock, SecretBytes, SourceName, Timestamp, UserId};
use zijspan::lifecycle::Tasks;
use zijspan::upstream::http::auth::{
    AuthSettings, ClientAuth, ClientCredentials, Credential, SourceClient, TokenEncoding,
    TokenEndpoint,
};
use zijspan::upstream::http::{Call, ClientSettings, Host, Reply, UpstreamError};

/// One request as the server saw it.
#[derive(Debug, Clone)]
pub struct Seen {
    pub path: String,
    pub headers: HeaderMap,
    pub body: String,
}

impl Seen {
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// Everything in one text, to look for what should not be there.
    pub fn everything(&self) -> String {
        format!("{} {:?} {}", self.path, self.plain_headers(), self.body)
    }

    fn plain_headers(&self) -> Vec<(String, String)> {
        self.headers
            .iter()
            .map(|(name, value)| {
                let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
                (name.to_string(), value)
            })
            .collect()
    }
}

type Script = dyn Fn(&Seen, usize) -> Response + Send + Sync;

/// A server that remembers what it was asked and answers by a script. The number is how often this path was
/// asked before.
pub struct Server {
    pub url: String,
    inner: Arc<Inner>,
}

struct Inner {
    seen: Mutex<Vec<Seen>>,
    script: Box<Script>,
    /// Requests wait here while it is closed.
    gate: tokio::sync::Semaphore,
    arrived: AtomicUsize,
}

impl Server {
    pub async fn start(script: impl Fn(&Seen, usize) -> Response + Send + Sync + 'static) -> Self {
        Self::with_gate(script, tokio::sync::Semaphore::MAX_PERMITS).await
    }

    pub async fn with_gate(
        script: impl Fn(&Seen, usize) -> Response + Send + Sync + 'static,
        open: usize,
    ) -> Self {
        let inner = Arc::new(Inner {
            seen: Mutex::default(),
            script: Box::new(script),
            gate: tokio::sync::Semaphore::new(open),
            arrived: AtomicUsize::new(0),
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let app = axum::Router::new()
            .fallback(answer)
            .with_state(inner.clone());
        Tasks::new().spawn(async move { axum::serve(listener, app).await });
        Self { url, inner }
    }

    pub fn open(&self, requests: usize) {
        self.inner.gate.add_permits(requests);
    }

    /// Waits until this many have come, and fails when they do not.
    pub async fn arrived(&self, requests: usize) {
        let waiting = async {
            while self.came() < requests {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(20), waiting).await;
        assert!(waited.is_ok(), "{} of {requests} came", self.came());
    }

    /// How many came, those included that left before they were answered.
    pub fn came(&self) -> usize {
        self.inner.arrived.load(Ordering::SeqCst)
    }

    pub fn seen(&self, path: &str) -> Vec<Seen> {
        let seen = self.inner.seen.lock().unwrap();
        seen.iter()
            .filter(|seen| seen.path == path)
            .cloned()
            .collect()
    }

    pub fn all(&self) -> Vec<Seen> {
        self.inner.seen.lock().unwrap().clone()
    }

    pub fn count(&self, path: &str) -> usize {
        self.seen(path).len()
    }
}

async fn answer(
    State(inner): State<Arc<Inner>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let seen = Seen {
        path: uri.path().to_owned(),
        headers,
        body: String::from_utf8_lossy(&body).into_owned(),
    };
    inner.arrived.fetch_add(1, Ordering::SeqCst);
    inner.gate.acquire().await.unwrap().forget();
    let before = {
        let mut all = inner.seen.lock().unwrap();
        let before = all.iter().filter(|other| other.path == seen.path).count();
        all.push(seen.clone());
        before
    };
    (inner.script)(&seen, before)
}

pub fn json_answer(status: u16, body: &Value) -> Response {
    (
        StatusCode::from_u16(status).unwrap(),
        [("content-type", "application/json")],
        body.to_string(),
    )
        .into_response()
}

/// `token-1`, `token-2`, … for as long.
pub fn token_answer(before: usize, expires_in: u64) -> Response {
    json_answer(
        200,
        &json!({"access_token": format!("token-{}", before + 1), "expires_in": expires_in, "token_type": "Bearer"}),
    )
}

pub const SECRET: &str = "geheim-van-deze-bron-0123456789abcdef";

pub fn secret(text: &str) -> SecretBytes {
    SecretBytes::new(text.as_bytes().to_vec())
}

pub fn clock() -> Clock {
    Clock::manual(Timestamp::from_secs(1_795_510_800))
}

pub fn credentials(token_url: &str, client_auth: ClientAuth) -> ClientCredentials {
    ClientCredentials {
        endpoint: TokenEndpoint::parse(token_url).unwrap(),
        client_id: "zijspan".to_owned(),
        client_auth,
        scope: None,
        audience: None,
        extra: Vec::new(),
        encoding: TokenEncoding::Form,
        grant_type: true,
        secret_field: "client_secret".to_owned(),
        token_field: "access_token".to_owned(),
        lifetime: Duration::from_secs(300),
    }
}

pub fn basic(server: &Server) -> Credential {
    let url = format!("{}/token", server.url);
    Credential::ClientCredentials(Box::new(credentials(
        &url,
        ClientAuth::Basic(secret(SECRET)),
    )))
}

pub fn client(base: &str, credential: Credential, clock: &Clock) -> SourceClient {
    let auth = AuthSettings {
        credential,
        ..AuthSettings::default()
    };
    client_with(base, auth, clock)
}

pub fn client_with(base: &str, auth: AuthSettings, clock: &Clock) -> SourceClient {
    SourceClient::new(
        SourceName::parse("bron").unwrap(),
        BaseUrl::parse(base).unwrap(),
        ClientSettings {
            // What is counted here are the calls of one attempt.
            retries: 0,
            host: Host {
                clock: clock.clone(),
                ..Host::default()
            },
            ..ClientSettings::default()
        },
        auth,
    )
    .unwrap()
}

pub async fn ask(client: &SourceClient) -> Result<Reply, UpstreamError> {
    client
        .call(Call::get("zaken.list", "/api/zaken"), &UserId::system())
        .await
}
