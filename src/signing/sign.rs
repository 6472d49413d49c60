//! Signing: the sidecar's answers, and the client's side of the profile for tests, `doctor` and benches.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use zeroize::Zeroizing;

use super::base::{self, Base};
use super::components::{CONTENT_DIGEST, RequestComponents, one, printable, query};
use super::digest::ContentDigest;
use super::error::{Reason, SignError};
use super::fields::{
    Member, Nonce, REQUEST_TAG, RESPONSE_TAG, SIGNATURE, SIGNATURE_INPUT, write_params,
};
use super::keys::SigningKey;
use crate::domain::{Clock, SecretBytes, Timestamp};

const LABEL: &str = "zijspan";
const LIFETIME: i64 = 60;

/// The three fields that make a message a signed one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureHeaders {
    pub content_digest: HeaderValue,
    pub signature_input: HeaderValue,
    pub signature: HeaderValue,
}

impl SignatureHeaders {
    fn new(
        digest: &str,
        params: &str,
        secret: &SecretBytes,
        base: Base,
    ) -> Result<Self, SignError> {
        let mac = STANDARD.encode(base::sign(secret, &base.finish(params)));
        let value = |text: &str| {
            HeaderValue::from_str(text).map_err(|_| SignError::Value("a signature field"))
        };
        Ok(Self {
            content_digest: value(digest)?,
            signature_input: value(&format!("{LABEL}={params}"))?,
            signature: value(&format!("{LABEL}=:{mac}:"))?,
        })
    }

    /// Puts the fields in place of any that are there.
    pub fn apply(self, headers: &mut HeaderMap) {
        headers.insert(CONTENT_DIGEST, self.content_digest);
        headers.insert(SIGNATURE_INPUT, self.signature_input);
        headers.insert(SIGNATURE, self.signature);
    }
}

/// Signs answers to one request, with the response key of the key that the request was signed with.
#[derive(Debug, Clone)]
pub struct ResponseSigner(Arc<Answering>);

#[derive(Debug)]
struct Answering {
    components: RequestComponents,
    nonce: Nonce,
    key: SigningKey,
    clock: Clock,
}

impl ResponseSigner {
    pub(super) fn new(
        components: RequestComponents,
        nonce: Nonce,
        key: SigningKey,
        clock: Clock,
    ) -> Self {
        Self(Arc::new(Answering {
            components,
            nonce,
            key,
            clock,
        }))
    }

    pub(super) fn components(&self) -> &RequestComponents {
        &self.0.components
    }

    pub(super) fn nonce(&self) -> &Nonce {
        &self.0.nonce
    }

    /// The fields to add to an answer with this status, media type and body. The answer must go out
    /// with exactly these, without a content coding.
    pub fn sign(
        &self,
        status: u16,
        content_type: &str,
        body: &[u8],
    ) -> Result<SignatureHeaders, SignError> {
        let Answering {
            components,
            nonce,
            key,
            clock,
        } = &*self.0;
        let content_type = value("content-type", content_type)?;
        let digest = ContentDigest::of(body).field_value();
        let params = write_params(
            &components.covered().response_list(),
            clock.now().as_secs(),
            None,
            nonce,
            &key.id,
            RESPONSE_TAG,
        );
        let base = response_base(status, content_type, &digest, components);
        SignatureHeaders::new(&digest, &params, &key.secret, base)
    }
}

fn response_base(
    status: u16,
    content_type: &str,
    digest: &str,
    request: &RequestComponents,
) -> Base {
    let mut base = Base::default();
    base.line("@status", &format!("{status:03}"));
    base.line("content-type", content_type);
    base.line("content-digest", digest);
    for (name, value) in request.lines() {
        base.request_line(name, value);
    }
    base
}

/// A request to be signed, byte for byte as it goes out.
#[derive(Debug, Clone, Copy)]
pub struct OutgoingRequest<'a> {
    pub method: &'a str,
    /// Host and port as sent in `Host`.
    pub authority: &'a str,
    pub path: &'a str,
    /// Without the question mark.
    pub query: Option<&'a str>,
    /// The whole value, `Bearer …`.
    pub authorization: Option<&'a str>,
    /// Given when, and only when, there is a body.
    pub content_type: Option<&'a str>,
    pub body: &'a [u8],
}

/// A signed request: its fields, and what is needed to judge the answer.
#[derive(Debug)]
pub struct SignedRequest {
    pub headers: SignatureHeaders,
    pub awaiting: AwaitedResponse,
}

impl SignedRequest {
    /// All fields that the signature covers or consists of.
    pub fn apply(&self, headers: &mut HeaderMap) {
        self.headers.clone().apply(headers);
        let components = &self.awaiting.components;
        let covered = [
            (
                AUTHORIZATION,
                components
                    .authorization
                    .as_ref()
                    .map(|value| value.as_str()),
            ),
            (CONTENT_TYPE, components.content_type.as_deref()),
        ];
        for (name, value) in covered {
            if let Some(Ok(value)) = value.map(HeaderValue::from_str) {
                headers.insert(name, value);
            }
        }
    }
}

/// Signs a request as the plugin does.
pub fn sign_request(
    key: &SigningKey,
    request: &OutgoingRequest<'_>,
    created: Timestamp,
    nonce: Nonce,
) -> Result<SignedRequest, SignError> {
    if request.body.is_empty() == request.content_type.is_some() {
        return Err(SignError::ContentType);
    }
    let digest = ContentDigest::of(request.body).field_value();
    let components = RequestComponents {
        method: value("@method", request.method)?.to_owned(),
        authority: value("@authority", request.authority)?.to_ascii_lowercase(),
        path: value("@path", request.path)?.to_owned(),
        query: query(value("@query", request.query.unwrap_or_default())?),
        content_digest: digest.clone(),
        authorization: request
            .authorization
            .map(|text| value("authorization", text))
            .transpose()?
            .map(|text| Zeroizing::new(text.to_owned())),
        content_type: request
            .content_type
            .map(|text| value("content-type", text))
            .transpose()?
            .map(str::to_owned),
    };
    let created = created.as_secs();
    let params = write_params(
        &components.covered().request_list(),
        created,
        Some(created.saturating_add(LIFETIME)),
        &nonce,
        &key.id,
        REQUEST_TAG,
    );
    let mut base = Base::default();
    for (name, value) in components.lines() {
        base.line(name, value);
    }
    Ok(SignedRequest {
        headers: SignatureHeaders::new(&digest, &params, &key.secret, base)?,
        awaiting: AwaitedResponse { components, nonce },
    })
}

/// What is known of a request when its answer comes in.
#[derive(Debug, Clone)]
pub struct AwaitedResponse {
    components: RequestComponents,
    nonce: Nonce,
}

impl AwaitedResponse {
    /// An answer that does not pass is no answer at all, whatever its status. `created` is not
    /// compared with a clock: the nonce says that the answer is to this request, so it is as fresh
    /// as the client's own deadline.
    pub fn verify(
        &self,
        key: &SigningKey,
        status: u16,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<(), Reason> {
        let member = Member::find(headers, RESPONSE_TAG)?;
        self.components.covered().check_response(&member.list)?;
        if member.params.expires.is_some() {
            return Err(Reason::Parameters);
        }
        if member.params.nonce != self.nonce {
            return Err(Reason::WrongNonce);
        }
        if member.params.keyid != key.id.as_str() {
            return Err(Reason::WrongResponseKey);
        }
        let content_type = one(headers, &CONTENT_TYPE)?;
        let digest = one(headers, &CONTENT_DIGEST)?;
        let parsed = ContentDigest::parse(digest)?;
        let base = response_base(status, content_type, digest, &self.components);
        if !base::fits(&key.secret, &base.finish(&member.text), &member.mac) {
            return Err(Reason::Mac);
        }
        if !parsed.matches(body) {
            return Err(Reason::Digest);
        }
        Ok(())
    }
}

/// A value that comes out of the wire as it went in: printable ASCII without space around it.
fn value<'a>(what: &'static str, text: &'a str) -> Result<&'a str, SignError> {
    match printable(text) {
        Ok(text) if text.trim_matches(' ') == text => Ok(text),
        _ => Err(SignError::Value(what)),
    }
}
