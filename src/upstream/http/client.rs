//! One client for one source.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use http::HeaderValue;
use http::header::ACCEPT;
use serde::de::DeserializeOwned;

use super::breaker::Breaker;
use super::bulkhead::Bulkhead;
use super::exchange::{Answer, Content, Inner, Question, Want};
use super::judge::{is_json, judge};
use super::metrics::{Meter, Received};
use super::retry::Retries;
use super::vitals::Recorder;
use super::{
    BaseUrl, Body, Call, ClientSettings, ErrorKind, Reply, StreamReply, UpstreamError, Vitals, idle,
};
use crate::domain::SourceName;

/// Talks to one source. Cheap to clone; clones share connections, breaker and bulkhead.
#[derive(Debug, Clone)]
pub struct Client {
    inner: Arc<Inner>,
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
        let unusable = || UpstreamError::new(&source, "client", ErrorKind::Connect);
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .https_only(!base.is_loopback())
            .connect_timeout(settings.connect_timeout)
            .pool_idle_timeout(Duration::from_secs(50))
            .tcp_nodelay(true)
            .user_agent(concat!("zijspan/", env!("CARGO_PKG_VERSION")));
        let http = settings
            .tls
            .apply(http)
            .ok()
            .and_then(|http| http.build().ok())
            .ok_or_else(unusable)?;
        let clock = &settings.host.clock;
        let meter = Meter::new(&source, &settings.host);
        Ok(Self {
            inner: Arc::new(Inner {
                breaker: Breaker::new(settings.breaker, clock.clone(), meter.clone()),
                bulkhead: Bulkhead::new(settings.max_concurrent, settings.max_waiting),
                retries: Retries::new(settings.retries),
                recorder: Recorder::new(clock.clone()),
                meter,
                source,
                base,
                http,
                settings,
            }),
        })
    }

    /// How the source is doing, as this client sees it.
    pub fn vitals(&self) -> Vitals {
        let inner = &self.inner;
        inner
            .recorder
            .snapshot(inner.settings.host.component, inner.breaker.vitals())
    }

    pub fn source(&self) -> &SourceName {
        &self.inner.source
    }

    pub fn base(&self) -> &BaseUrl {
        &self.inner.base
    }

    fn question(&self, call: Call<'_>, want: Want) -> Result<Question, UpstreamError> {
        let operation = call.operation;
        let refused = || self.inner.fail(operation, ErrorKind::Rejected);
        let base = &self.inner.base;
        let url = base.join(call.path, call.query);
        // A path is made of constants and identifiers; should one ever climb out, it goes nowhere.
        if !base.same_origin(&url)
            || !url
                .path()
                .starts_with(base.as_url().path().trim_end_matches('/'))
        {
            return Err(refused());
        }
        let may_repeat = call.may_repeat();
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
        Ok(Question {
            operation,
            request: request.build().map_err(|_| refused())?,
            may_repeat,
            want,
        })
    }

    /// On the heap: a page holds many calls at once, and each would carry the whole of it.
    fn exchange(
        &self,
        question: Question,
    ) -> futures_util::future::BoxFuture<'_, Result<Answer, UpstreamError>> {
        Box::pin(self.inner.exchange(question))
    }

    /// The whole answer, whatever its status.
    pub async fn call(&self, call: Call<'_>) -> Result<Reply, UpstreamError> {
        let operation = call.operation;
        let question = self.question(call, Want::Whole)?;
        let answer = self.exchange(question).await?;
        match answer.body {
            Content::Whole(body) => Ok(Reply {
                status: answer.status,
                headers: answer.headers,
                body,
                counted: answer.counted,
            }),
            Content::Stream(_) => Err(self.inner.fail(operation, ErrorKind::Garbled)),
        }
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
        if let Some(error) = self.judge(operation, reply) {
            return Err(error);
        }
        is_json(&reply.headers)
            .then(|| serde_json::from_slice(&reply.body).ok())
            .flatten()
            .ok_or_else(|| {
                if let Some(counted) = &reply.counted {
                    counted.is_garbled();
                }
                self.inner.recorder.note_garbled();
                self.inner.fail(operation, ErrorKind::Garbled)
            })
    }

    fn judge(&self, operation: &'static str, reply: &Reply) -> Option<UpstreamError> {
        let source = &self.inner.source;
        judge(source, operation, reply.status, &reply.headers, &reply.body)
    }

    /// What an answer that is no stream says, where a stream was asked for.
    pub(super) fn refusal(&self, operation: &'static str, reply: &Reply) -> UpstreamError {
        self.judge(operation, reply)
            .unwrap_or_else(|| self.inner.fail(operation, ErrorKind::Garbled))
    }

    /// An answer to pass on piece by piece. The status is 2xx; `idle` bounds the wait for each piece.
    pub async fn stream(
        &self,
        call: Call<'_>,
        idle: Duration,
    ) -> Result<StreamReply, UpstreamError> {
        let operation = call.operation;
        self.open(call, idle)
            .await?
            .map_err(|reply| self.refusal(operation, &reply))
    }

    /// The stream, or the whole answer that came instead.
    pub(super) async fn open(
        &self,
        call: Call<'_>,
        idle: Duration,
    ) -> Result<Result<StreamReply, Reply>, UpstreamError> {
        let operation = call.operation;
        let question = self.question(call, Want::Stream)?;
        let answer = self.exchange(question).await?;
        let response = match answer.body {
            Content::Stream(response) => response,
            Content::Whole(body) => {
                return Ok(Err(Reply {
                    status: answer.status,
                    headers: answer.headers,
                    body,
                    counted: answer.counted,
                }));
            }
        };
        let inner = Arc::clone(&self.inner);
        let mut received = Received::new(&inner.meter, operation);
        let pieces = response.bytes_stream().map(move |piece| {
            let piece = piece.map_err(|_| inner.fail(operation, ErrorKind::Connect))?;
            received.add(piece.len());
            Ok(piece)
        });
        let inner = Arc::clone(&self.inner);
        let silent = move || inner.fail(operation, ErrorKind::Timeout);
        Ok(Ok(StreamReply {
            status: answer.status,
            headers: answer.headers,
            body: Box::pin(idle::bounded(Box::pin(pieces), idle, silent)),
        }))
    }
}
