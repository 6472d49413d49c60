//! The signature, before route, method, media type and body: headers → MAC → body and digest → nonce.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, header};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::de::DeserializeOwned;

use super::panics;
use super::problem::{self, Problem};
use super::state::Api;
use crate::signing::{Refused, RequestHead, ResponseSigner, Scope, VerifiedRequest};

/// Largest body of a request, in bytes.
const MAX_BODY: usize = 1024 * 1024;
/// Largest body of a signed answer, in bytes.
const MAX_ANSWER: usize = 16 * 1024 * 1024;

/// A request whose signature held, with its body. Only what the signature covers is in it.
#[derive(Debug, Clone)]
pub struct Signed {
    pub request: Arc<VerifiedRequest>,
    pub body: Bytes,
    pub trace_id: Arc<str>,
}

impl Signed {
    /// The key must have this scope.
    pub fn require(&self, scope: Scope) -> Result<(), Problem> {
        if self.request.has_scope(scope) {
            Ok(())
        } else {
            Err(Problem::scope())
        }
    }

    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        let media = self.request.content_type().unwrap_or_default();
        if media.split(';').next().map(str::trim) != Some("application/json") {
            return Err(Problem::media_type());
        }
        serde_json::from_slice(&self.body).map_err(|error| {
            Problem::request(&format!(
                "the body is not the JSON of this route (line {}, column {})",
                error.line(),
                error.column()
            ))
        })
    }

    /// The fields of a form, decoded, in order.
    pub fn form(&self) -> Result<Vec<(String, String)>, Problem> {
        let media = self.request.content_type().unwrap_or_default();
        if media.split(';').next().map(str::trim) != Some("application/x-www-form-urlencoded") {
            return Err(Problem::media_type());
        }
        Ok(url::form_urlencoded::parse(&self.body)
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Signed {
    type Rejection = Problem;

    async fn from_request_parts(
        parts: &mut http::request::Parts,
        _: &S,
    ) -> Result<Self, Self::Rejection> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(Problem::internal)
    }
}

/// An answer that streams bytes through and is not signed.
#[derive(Debug, Clone, Copy)]
pub struct Unsigned;

/// Verifies the request, lets the routes answer, and signs what they answer.
pub async fn signed(State(api): State<Api>, request: Request, next: Next) -> Response {
    let trace_id: Arc<str> = trace_id().into();
    let (mut parts, body) = request.into_parts();
    let head = match api.verifier.verify_head(&RequestHead::from(&parts)) {
        Ok(head) => head,
        Err(refused) => {
            tracing::warn!(reason = refused.code(), trace_id = %trace_id, "a request was not signed well");
            return unsigned(Problem::signature(), &trace_id, true);
        }
    };
    // From here on every answer is signed.
    let signer = head.responder();
    let site = head.site().clone();
    let Ok(_place) = api.requests.try_acquire() else {
        return sign(Problem::busy(1).into_response(), &signer, &trace_id, true).await;
    };
    let body = match read_body(&parts.headers, body, api.body_timeout).await {
        Ok(body) => body,
        Err(problem) => return sign(problem.into_response(), &signer, &trace_id, true).await,
    };
    let verified = head
        .verify_body(&body)
        .and_then(|body| body.spend_nonce(&*api.nonces));
    let verified = match verified {
        Ok(verified) => verified,
        Err(refused) => {
            tracing::warn!(%site, reason = refused.code(), trace_id = %trace_id, "a request was refused");
            return match refused {
                Refused::Signature(_) => unsigned(Problem::signature(), &trace_id, true),
                Refused::JustStarted { retry_after_secs } => {
                    let seconds = u64::try_from(retry_after_secs).unwrap_or(1);
                    let busy = Problem::busy(seconds).into_response();
                    sign(busy, &signer, &trace_id, false).await
                }
                Refused::NoncesFull | Refused::NoncesUnavailable(_) => {
                    let busy = Problem::busy(1).into_response();
                    sign(busy, &signer, &trace_id, false).await
                }
            };
        }
    };
    let signed = Signed {
        request: Arc::new(verified),
        body,
        trace_id: Arc::clone(&trace_id),
    };
    // What the signature does not cover is not there for the routes to read.
    parts.headers = HeaderMap::new();
    parts.extensions.insert(signed);
    let response = panics::run(next, Request::from_parts(parts, Body::empty())).await;
    sign(response, &signer, &trace_id, false).await
}

async fn read_body(headers: &HeaderMap, body: Body, longest: Duration) -> Result<Bytes, Problem> {
    if headers.contains_key(header::CONTENT_ENCODING) {
        return Err(Problem::media_type());
    }
    if headers.contains_key(header::TRANSFER_ENCODING) {
        return Err(Problem::length_required());
    }
    let declared: usize = match headers.get(header::CONTENT_LENGTH) {
        Some(length) => length
            .to_str()
            .ok()
            .and_then(|length| length.parse().ok())
            .ok_or_else(Problem::length_required)?,
        None => return Ok(Bytes::new()),
    };
    if declared > MAX_BODY {
        return Err(Problem::too_large());
    }
    let read = Limited::new(body, MAX_BODY).collect();
    match tokio::time::timeout(longest, read).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Problem::too_large()),
        Ok(Err(_)) => Err(Problem::request("the body broke off")),
        Err(_) => Err(Problem::slow_body()),
    }
}

fn unsigned(problem: Problem, trace_id: &str, close: bool) -> Response {
    let mut response = problem::render(problem.into_response(), trace_id);
    harden(response.headers_mut());
    if close {
        response
            .headers_mut()
            .insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

async fn sign(
    response: Response,
    signer: &ResponseSigner,
    trace_id: &str,
    close: bool,
) -> Response {
    if response.extensions().get::<Unsigned>().is_some() {
        return response;
    }
    let response = problem::render(response, trace_id);
    let (mut parts, body) = response.into_parts();
    let Ok(collected) = Limited::new(body, MAX_ANSWER).collect().await else {
        return unsigned(Problem::internal(), trace_id, true);
    };
    let body = collected.to_bytes();
    let content_type = parts
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("application/json")
        .to_owned();
    let Ok(signature) = signer.sign(parts.status.as_u16(), &content_type, &body) else {
        return unsigned(Problem::internal(), trace_id, true);
    };
    if let Ok(value) = HeaderValue::from_str(&content_type) {
        parts.headers.insert(header::CONTENT_TYPE, value);
    }
    parts.headers.remove(header::TRANSFER_ENCODING);
    harden(&mut parts.headers);
    if close {
        parts
            .headers
            .insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    signature.apply(&mut parts.headers);
    Response::from_parts(parts, Body::from(body))
}

/// Headers on every answer (API Design Rules, transport security).
pub fn harden(headers: &mut HeaderMap) {
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
    ] {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
}

/// 32 hexadecimal digits, as a W3C trace id.
pub fn trace_id() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}
