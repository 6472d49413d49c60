//! One client for one source.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt as _};
use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde::de::DeserializeOwned;
use tokio::sync::Semaphore;

use super::{BaseUrl, ClientSettings, ErrorKind, UpstreamError};
use crate::domain::SourceName;

/// Talks to one source. Cheap to clone; clones share connections and the bulkhead.
#[derive(Debug, Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    source: SourceName,
    base: BaseUrl,
    http: reqwest::Client,
    settings: ClientSettings,
    bulkhead: Semaphore,
    health: AtomicU8,
}

/// How the last call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// Not asked yet.
    Unknown,
    Ok,
    Failing,
}

impl Health {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Ok => "ok",
            Self::Failing => "failing",
        }
    }
}

/// One question to the source.
#[derive(Debug)]
pub struct Call<'a> {
    /// What is being done, for errors and logs: `zaken.list`.
    pub operation: &'static str,
    pub method: Method,
    /// Below the base, starting with `/`.
    pub path: &'a str,
    /// Never logged.
    pub query: &'a [(&'a str, &'a str)],
    pub headers: Vec<(HeaderName, HeaderValue)>,
    pub body: Body<'a>,
}

#[derive(Debug)]
pub enum Body<'a> {
    None,
    Json(&'a serde_json::Value),
    Form(&'a [(&'a str, &'a str)]),
}

impl<'a> Call<'a> {
    pub const fn get(operation: &'static str, path: &'a str) -> Self {
        Self {
            operation,
            method: Method::GET,
            path,
            query: &[],
            headers: Vec::new(),
            body: Body::None,
        }
    }
}

/// A whole answer, 2xx to 5xx, its body bounded.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// An answer whose body comes piece by piece.
pub struct StreamReply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: std::pin::Pin<Box<dyn Stream<Item = Result<Bytes, UpstreamError>> + Send>>,
}

impl std::fmt::Debug for StreamReply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StreamReply")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Builds a client whose calls all lie under `base`.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that makes a client"
    )]
    pub fn new(
        source: SourceName,
        base: BaseUrl,
        settings: ClientSettings,
    ) -> Result<Self, UpstreamError> {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .https_only(!base.is_loopback())
            .connect_timeout(settings.connect_timeout)
            .pool_idle_timeout(Duration::from_secs(50))
            .tcp_nodelay(true)
            .user_agent(concat!("zijspan/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|_| UpstreamError::new(&source, "client", ErrorKind::Connect))?;
        let bulkhead = Semaphore::new(settings.max_concurrent);
        Ok(Self {
            inner: Arc::new(Inner {
                source,
                base,
                http,
                settings,
                bulkhead,
                health: AtomicU8::new(0),
            }),
        })
    }

    pub fn health(&self) -> Health {
        match self.inner.health.load(Ordering::Relaxed) {
            0 => Health::Unknown,
            1 => Health::Ok,
            _ => Health::Failing,
        }
    }

    fn note(&self, failing: bool) {
        let health = if failing { 2 } else { 1 };
        self.inner.health.store(health, Ordering::Relaxed);
    }

    pub fn source(&self) -> &SourceName {
        &self.inner.source
    }

    pub fn base(&self) -> &BaseUrl {
        &self.inner.base
    }

    fn fail(&self, operation: &'static str, kind: ErrorKind) -> UpstreamError {
        UpstreamError::new(&self.inner.source, operation, kind)
    }

    async fn send(&self, call: Call<'_>) -> Result<reqwest::Response, UpstreamError> {
        let operation = call.operation;
        let url = self.inner.base.join(call.path, call.query);
        // A path is made of constants and identifiers; should one ever climb out, it goes nowhere.
        if !self.inner.base.same_origin(&url)
            || !url
                .path()
                .starts_with(self.inner.base.as_url().path().trim_end_matches('/'))
        {
            return Err(self.fail(operation, ErrorKind::Rejected));
        }
        let mut request = self.inner.http.request(call.method, url);
        let mut accept = false;
        for (name, value) in call.headers {
            accept |= name == ACCEPT;
            request = request.header(name, value);
        }
        if !accept {
            request = request.header(ACCEPT, HeaderValue::from_static("application/json"));
        }
        request = match call.body {
            Body::None => request,
            Body::Json(value) => request.json(value),
            Body::Form(fields) => request.form(fields),
        };
        request.send().await.map_err(|error| {
            let kind = if error.is_timeout() {
                ErrorKind::Timeout
            } else {
                ErrorKind::Connect
            };
            self.fail(operation, kind)
        })
    }

    /// The whole answer, whatever its status.
    pub async fn call(&self, call: Call<'_>) -> Result<Reply, UpstreamError> {
        let operation = call.operation;
        let work = async {
            let _place = self
                .inner
                .bulkhead
                .acquire()
                .await
                .map_err(|_| self.fail(operation, ErrorKind::Busy))?;
            let mut response = self.send(call).await?;
            let status = response.status().as_u16();
            let headers = std::mem::take(response.headers_mut());
            let max = self.inner.settings.max_body;
            let declared = response.content_length().unwrap_or(0);
            if declared > u64::try_from(max).unwrap_or(u64::MAX) {
                return Err(self.fail(operation, ErrorKind::Garbled));
            }
            let mut body = BytesMut::new();
            loop {
                match response.chunk().await {
                    Ok(Some(chunk)) => {
                        if body.len().saturating_add(chunk.len()) > max {
                            return Err(self.fail(operation, ErrorKind::Garbled));
                        }
                        body.extend_from_slice(&chunk);
                    }
                    Ok(None) => break,
                    Err(error) if error.is_timeout() => {
                        return Err(self.fail(operation, ErrorKind::Timeout));
                    }
                    Err(_) => return Err(self.fail(operation, ErrorKind::Connect)),
                }
            }
            Ok(Reply {
                status,
                headers,
                body: body.freeze(),
            })
        };
        let result = match tokio::time::timeout(self.inner.settings.timeout, work).await {
            Ok(result) => result,
            Err(_) => Err(self.fail(operation, ErrorKind::Timeout)),
        };
        self.note(match &result {
            Ok(reply) => reply.status >= 500,
            Err(error) => error.kind.retry_may_help(),
        });
        match &result {
            Ok(reply) => {
                tracing::debug!(source = %self.inner.source, operation, status = reply.status, "upstream answered")
            }
            Err(error) => {
                tracing::warn!(source = %self.inner.source, operation, reason = error.kind.reason(), "upstream gave no answer")
            }
        }
        result
    }

    /// A 2xx JSON answer, decoded; anything else is an error that says what it was.
    pub async fn json<T: DeserializeOwned>(&self, call: Call<'_>) -> Result<T, UpstreamError> {
        let operation = call.operation;
        let reply = self.call(call).await?;
        self.decode(operation, &reply)
    }

    /// Decodes an answer of [`Client::call`].
    pub fn decode<T: DeserializeOwned>(
        &self,
        operation: &'static str,
        reply: &Reply,
    ) -> Result<T, UpstreamError> {
        if let Some(error) = self.judge(operation, reply.status, &reply.headers, &reply.body) {
            return Err(error);
        }
        if !is_json(&reply.headers) {
            return Err(self.fail(operation, ErrorKind::Garbled));
        }
        serde_json::from_slice(&reply.body).map_err(|_| self.fail(operation, ErrorKind::Garbled))
    }

    /// An answer to pass on piece by piece. The status is 2xx; `idle` bounds the wait for each piece.
    pub async fn stream(
        &self,
        call: Call<'_>,
        idle: Duration,
    ) -> Result<StreamReply, UpstreamError> {
        let operation = call.operation;
        let response = tokio::time::timeout(self.inner.settings.timeout, self.send(call))
            .await
            .map_err(|_| self.fail(operation, ErrorKind::Timeout))??;
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        if !(200..300).contains(&status) {
            return Err(self
                .judge(operation, status, &headers, &[])
                .unwrap_or_else(|| self.fail(operation, ErrorKind::Garbled)));
        }
        let client = self.clone();
        let mut bytes = response.bytes_stream();
        let body = futures_util::stream::poll_fn(move |cx| bytes.poll_next_unpin(cx));
        let body =
            body.map(move |item| item.map_err(|_| client.fail(operation, ErrorKind::Connect)));
        let client = self.clone();
        let body = Idle::new(body, idle, move || {
            client.fail(operation, ErrorKind::Timeout)
        });
        Ok(StreamReply {
            status,
            headers,
            body: Box::pin(body.into_stream()),
        })
    }

    fn judge(
        &self,
        operation: &'static str,
        status: u16,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Option<UpstreamError> {
        if (200..300).contains(&status) {
            return None;
        }
        let code = problem_code(body);
        let kind = match status {
            // Nothing was asked conditionally, so there is nothing that this could mean.
            304 => ErrorKind::Garbled,
            300..=399 => ErrorKind::Redirect,
            401 => ErrorKind::Credentials,
            403 if code.as_deref().is_some_and(is_token_code) => ErrorKind::Credentials,
            403 => ErrorKind::Forbidden,
            404 if is_json(headers) => ErrorKind::NotFound,
            410 => ErrorKind::NotFound,
            // An HTML 404 is a wrong address, not an object that is not there.
            404 => ErrorKind::Garbled,
            429 => ErrorKind::Busy,
            503 if headers.contains_key(http::header::RETRY_AFTER) => ErrorKind::Busy,
            500..=599 => ErrorKind::Server,
            _ => ErrorKind::Rejected,
        };
        Some(UpstreamError {
            status: Some(status),
            code,
            ..self.fail(operation, kind)
        })
    }
}

/// Ends a stream with an error when no piece comes for a while.
struct Idle<S, F> {
    inner: S,
    idle: Duration,
    error: F,
}

impl<S, F> Idle<S, F>
where
    S: Stream<Item = Result<Bytes, UpstreamError>> + Unpin + Send + 'static,
    F: Fn() -> UpstreamError + Send + 'static,
{
    const fn new(inner: S, idle: Duration, error: F) -> Self {
        Self { inner, idle, error }
    }

    fn into_stream(self) -> impl Stream<Item = Result<Bytes, UpstreamError>> + Send {
        futures_util::stream::unfold(Some(self), |state| async move {
            let mut state = state?;
            match tokio::time::timeout(state.idle, state.inner.next()).await {
                Ok(Some(Ok(bytes))) => Some((Ok(bytes), Some(state))),
                Ok(Some(Err(error))) => Some((Err(error), None)),
                Ok(None) => None,
                Err(_) => Some((Err((state.error)()), None)),
            }
        })
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .map(|value| {
            value
                .split(';')
                .next()
                .unwrap_or_default()
                .trim()
                .to_ascii_lowercase()
        })
        .is_some_and(|media| media == "application/json" || media.ends_with("+json"))
}

/// The `code` of a ZGW problem document, when it looks like a code and not like a sentence.
fn problem_code(body: &[u8]) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Problem {
        code: Option<String>,
    }
    serde_json::from_slice::<Problem>(body)
        .ok()?
        .code
        .filter(|code| {
            code.len() <= 64
                && code
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        })
}

/// Codes of a 403 that say the token itself is not accepted (commonground-api-common).
fn is_token_code(code: &str) -> bool {
    code.starts_with("jwt-")
        || matches!(
            code,
            "invalid-jwt-signature"
                | "invalid-client-identifier"
                | "missing-client-identifier"
                | "not_authenticated"
                | "authentication_failed"
        )
}

/// The length that a streamed answer declares.
impl StreamReply {
    pub fn content_length(&self) -> Option<u64> {
        self.headers
            .get(CONTENT_LENGTH)?
            .to_str()
            .ok()?
            .parse()
            .ok()
    }
}
