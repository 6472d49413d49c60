//! OAuth 2.0 client credentials, and the dialects of it that products speak: how the token is asked for
//! and where in the answer it stands.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderValue, Method};
use serde_json::{Map, Value};
use url::Url;
use zeroize::Zeroizing;

use super::assertion::{ASSERTION_TYPE, AssertionKey};
use super::scheme_value;
use crate::domain::{BaseUrl, BaseUrlError, Clock, SecretBytes};
use crate::upstream::http::judge::code_word;
use crate::upstream::http::{Body, Call, Client, ErrorKind, Reply, UpstreamError};

pub(super) const OPERATION: &str = "token.fetch";

/// The one address that gets the client's secret.
#[derive(Debug, Clone)]
pub struct TokenEndpoint {
    /// Only its origin.
    pub(super) base: BaseUrl,
    path: String,
    /// As configured, for the audience of an assertion.
    text: String,
}

impl TokenEndpoint {
    /// https anywhere, http on this machine. A slash at the end stays: it may be part of the address.
    pub fn parse(text: &str) -> Result<Self, BaseUrlError> {
        let text = text.trim();
        let whole = BaseUrl::parse(text)?;
        let base = BaseUrl::parse(&whole.as_url().origin().ascii_serialization())?;
        let path = Url::parse(text).map_or_else(|_| "/".to_owned(), |url| url.path().to_owned());
        Ok(Self {
            base,
            path,
            text: text.to_owned(),
        })
    }
}

/// How the client proves to the token endpoint who it is.
#[derive(Debug, Clone)]
pub enum ClientAuth {
    /// RFC 6749 §2.3.1: id and secret, form-encoded, in a Basic header.
    Basic(SecretBytes),
    /// Id and secret as fields of the request.
    Body(SecretBytes),
    /// Both at once and the header without form-encoding, as OpenWave and Mozard want it.
    BasicAndBody(SecretBytes),
    /// RFC 8705: the client certificate says it; only the id is a field of the request.
    Mtls,
    /// RFC 7523: a JWT, signed with a key that never leaves us.
    PrivateKeyJwt(AssertionKey),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenEncoding {
    Form,
    Json,
}

/// Where a token comes from and what is said to get it.
#[derive(Debug, Clone)]
pub struct ClientCredentials {
    pub endpoint: TokenEndpoint,
    pub client_id: String,
    pub client_auth: ClientAuth,
    pub scope: Option<String>,
    pub audience: Option<String>,
    /// Fields that this endpoint wants beside those of the standard.
    pub extra: Vec<(String, String)>,
    pub encoding: TokenEncoding,
    /// `grant_type=client_credentials` is sent; some products know only one grant, and no word for it.
    pub grant_type: bool,
    /// Under what name the secret goes: `client_secret`, `secret`.
    pub secret_field: String,
    /// Under what name the token comes: `access_token`, `token`, `authorization`.
    pub token_field: String,
    /// For how long a token is good whose answer does not say so.
    pub lifetime: Duration,
}

/// A token as the endpoint gave it.
#[derive(Debug)]
pub(super) struct Granted {
    /// `Authorization` as it goes along with each call.
    pub value: HeaderValue,
    pub lifetime: Duration,
}

/// A token that is good for longer is asked for anew at least this often.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

impl ClientCredentials {
    /// Asks for a token, once.
    pub(super) async fn fetch(
        &self,
        client: &Client,
        clock: &Clock,
    ) -> Result<Granted, UpstreamError> {
        let refused = |kind| UpstreamError::new(client.source(), OPERATION, kind);
        let fields = self
            .fields(clock)
            .ok_or_else(|| refused(ErrorKind::Credentials))?;
        let mut headers = Vec::new();
        if let Some(value) = self
            .basic()
            .ok_or_else(|| refused(ErrorKind::Credentials))?
        {
            headers.push((http::header::AUTHORIZATION, value));
        }
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let json;
        let body = match self.encoding {
            TokenEncoding::Form => Body::Form(&fields),
            TokenEncoding::Json => {
                json = Value::Object(
                    fields
                        .iter()
                        .map(|(name, value)| ((*name).to_owned(), Value::from(*value)))
                        .collect::<Map<_, _>>(),
                );
                Body::Json(&json)
            }
        };
        let reply = client
            .call(Call {
                method: Method::POST,
                headers,
                body,
                // Two tokens are as good as one.
                idempotent: true,
                ..Call::get(OPERATION, &self.endpoint.path)
            })
            .await?;
        if !(200..300).contains(&reply.status) {
            return Err(refusal(client, &reply));
        }
        let answer: Value = client.decode(OPERATION, &reply)?;
        self.read(&answer)
            .ok_or_else(|| refused(ErrorKind::Garbled))
    }

    fn fields(&self, clock: &Clock) -> Option<Vec<(String, Zeroizing<String>)>> {
        let mut fields: Vec<(String, Zeroizing<String>)> = Vec::new();
        let mut put = |name: &str, value: &str| {
            fields.push((name.to_owned(), Zeroizing::new(value.to_owned())));
        };
        if self.grant_type {
            put("grant_type", "client_credentials");
        }
        match &self.client_auth {
            ClientAuth::Basic(_) => {}
            ClientAuth::Body(secret) | ClientAuth::BasicAndBody(secret) => {
                put("client_id", &self.client_id);
                put(
                    &self.secret_field,
                    std::str::from_utf8(secret.expose()).ok()?,
                );
            }
            ClientAuth::Mtls => put("client_id", &self.client_id),
            ClientAuth::PrivateKeyJwt(key) => {
                put("client_id", &self.client_id);
                put("client_assertion_type", ASSERTION_TYPE);
                put(
                    "client_assertion",
                    &key.assertion(&self.client_id, &self.endpoint.text, clock)?,
                );
            }
        }
        if let Some(scope) = &self.scope {
            put("scope", scope);
        }
        if let Some(audience) = &self.audience {
            put("audience", audience);
        }
        for (name, value) in &self.extra {
            put(name, value);
        }
        Some(fields)
    }

    /// Some(None): this client says nothing in a header.
    #[expect(
        clippy::option_option,
        reason = "no header and no way to make it are two things"
    )]
    fn basic(&self) -> Option<Option<HeaderValue>> {
        let (secret, encoded) = match &self.client_auth {
            ClientAuth::Basic(secret) => (secret, true),
            ClientAuth::BasicAndBody(secret) => (secret, false),
            ClientAuth::Body(_) | ClientAuth::Mtls | ClientAuth::PrivateKeyJwt(_) => {
                return Some(None);
            }
        };
        let secret = std::str::from_utf8(secret.expose()).ok()?;
        let part = |text: &str| {
            Zeroizing::new(if encoded {
                url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>()
            } else {
                text.to_owned()
            })
        };
        let pair = Zeroizing::new(format!("{}:{}", *part(&self.client_id), *part(secret)));
        let text = Zeroizing::new(STANDARD.encode(pair.as_bytes()));
        scheme_value("Basic", text.as_bytes()).map(Some)
    }

    /// `None` when the answer holds no token where one should be.
    fn read(&self, answer: &Value) -> Option<Granted> {
        let token = answer.get(&self.token_field)?.as_str()?.trim();
        // Mozard's field may hold the whole header.
        let bare = match token.get(..7) {
            Some(scheme) if scheme.eq_ignore_ascii_case("bearer ") => token.get(7..)?.trim(),
            _ => token,
        };
        if bare.is_empty() || bare.contains(char::is_whitespace) {
            return None;
        }
        let said = match answer.get("expires_in") {
            Some(Value::String(text)) => text.trim().parse::<u64>().ok(),
            other => other.and_then(Value::as_u64),
        };
        let lifetime = said
            .filter(|secs| *secs > 0)
            .map_or(self.lifetime, Duration::from_secs);
        Some(Granted {
            value: scheme_value("Bearer", bare.as_bytes())?,
            lifetime: lifetime.min(LONGEST),
        })
    }
}

/// What the endpoint says when it gives nothing. Its status is about the token, not about what was to be
/// asked with it: a 404 here must not read as "there is no such zaak".
fn refusal(client: &Client, reply: &Reply) -> UpstreamError {
    let kind = match reply.status {
        300..=399 => ErrorKind::Redirect,
        429 => ErrorKind::Busy,
        400..=499 => ErrorKind::Credentials,
        503 if reply.headers.contains_key(http::header::RETRY_AFTER) => ErrorKind::Busy,
        _ => ErrorKind::Server,
    };
    UpstreamError {
        code: error_word(&reply.body),
        ..UpstreamError::new(client.source(), OPERATION, kind)
    }
}

/// `invalid_client`: RFC 6749 §5.2 has a word for what is wrong.
fn error_word(body: &[u8]) -> Option<String> {
    let value: Value = serde_json::from_slice(body).ok()?;
    code_word(value.get("error")?.as_str()?)
}
