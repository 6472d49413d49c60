//! A client together with its credential. Neither can be had without the other.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderName, HeaderValue};
use serde::de::DeserializeOwned;

use super::tokens::Tokens;
use super::{AuthSettings, Credential, Fsc, ZgwCredentials, fsc, scheme_value, secret_value};
use crate::domain::{BaseUrl, Clock, SourceName, UserId};
use crate::upstream::http::{
    Body, Call, Client, ClientSettings, ErrorKind, Health, Reply, StreamReply, UpstreamError,
    Vitals,
};

/// Talks to one API of one source, in whose name it was built for. Cheap to clone.
#[derive(Debug, Clone)]
pub struct SourceClient {
    client: Client,
    auth: Arc<Auth>,
}

#[derive(Debug)]
struct Auth {
    kind: Kind,
    fsc: Option<Fsc>,
    headers: Vec<(HeaderName, HeaderValue)>,
    clock: Clock,
    /// For a call with everything around it: the token that it needs, and the same call again with a new one.
    deadline: Duration,
}

#[derive(Debug)]
enum Kind {
    None,
    Fixed(HeaderName, HeaderValue),
    Zgw(ZgwCredentials),
    Tokens(Tokens),
}

/// Largest answer of a token endpoint.
const MAX_TOKEN_BODY: usize = 64 * 1024;

impl SourceClient {
    /// A client whose calls all lie under `base`, and go nowhere else. A token endpoint gets a client of its
    /// own with the same trust and certificate; what stands at one does not reach the other.
    pub fn new(
        source: SourceName,
        base: BaseUrl,
        settings: ClientSettings,
        auth: AuthSettings,
    ) -> Result<Self, UpstreamError> {
        let impossible =
            |source: &SourceName| UpstreamError::new(source, "client", ErrorKind::Credentials);
        let kind = match auth.credential {
            Credential::None => Kind::None,
            Credential::Zgw(credentials) => Kind::Zgw(credentials),
            Credential::Token(token) => Kind::Fixed(
                http::header::AUTHORIZATION,
                scheme_value("Token", token.expose()).ok_or_else(|| impossible(&source))?,
            ),
            Credential::ApiKey { header, key } => Kind::Fixed(
                header,
                secret_value(key.expose()).ok_or_else(|| impossible(&source))?,
            ),
            Credential::ClientCredentials(credentials) => {
                let endpoint = Client::new(
                    source.clone(),
                    credentials.endpoint.base.clone(),
                    ClientSettings {
                        max_body: MAX_TOKEN_BODY,
                        ..settings.of_component("token")
                    },
                )?;
                Kind::Tokens(Tokens::new(
                    *credentials,
                    endpoint,
                    settings.host.clock.clone(),
                    settings.host.tasks.clone(),
                ))
            }
        };
        Ok(Self {
            auth: Arc::new(Auth {
                kind,
                fsc: auth.fsc,
                headers: auth.headers,
                clock: settings.host.clock.clone(),
                deadline: settings.deadline,
            }),
            client: Client::new(source, base, settings)?,
        })
    }

    /// How the source is doing, as this client sees it. One whose tokens cannot be had is not well, though
    /// nobody asks it anything then.
    pub fn vitals(&self) -> Vitals {
        let own = self.client.vitals();
        let Kind::Tokens(tokens) = &self.auth.kind else {
            return own;
        };
        let endpoint = tokens.vitals();
        if endpoint.health != Health::Failing {
            return own;
        }
        Vitals {
            breaker: endpoint.breaker,
            health: endpoint.health,
            since: endpoint.since,
            last_failure: endpoint.last_failure,
            ..own
        }
    }

    pub fn base(&self) -> &BaseUrl {
        self.client.base()
    }

    pub fn source(&self) -> &SourceName {
        self.client.source()
    }

    /// The headers of one call, and which token is among them.
    async fn headers(
        &self,
        operation: &'static str,
        user: &UserId,
    ) -> Result<(Vec<(HeaderName, HeaderValue)>, Option<u64>), UpstreamError> {
        let impossible = || UpstreamError::new(self.source(), operation, ErrorKind::Credentials);
        let mut headers = self.auth.headers.clone();
        if let Some(fsc) = &self.auth.fsc {
            headers.extend(fsc.headers(&self.auth.clock).ok_or_else(impossible)?);
        }
        let mut serial = None;
        match &self.auth.kind {
            Kind::None => {}
            Kind::Fixed(name, value) => headers.push((name.clone(), value.clone())),
            Kind::Zgw(credentials) => {
                let value = credentials
                    .bearer(user, &self.auth.clock)
                    .ok_or_else(impossible)?;
                headers.push((http::header::AUTHORIZATION, value));
            }
            Kind::Tokens(tokens) => {
                let held = tokens.get().await?;
                headers.push((http::header::AUTHORIZATION, held.value));
                serial = Some(held.serial);
            }
        }
        Ok((headers, serial))
    }

    /// One call with the credential on it; once more with a new token where the source refused the old one.
    /// All of it within the deadline of one call, the token included.
    async fn attempt<'a, T, F>(
        &self,
        call: Call<'a>,
        user: &UserId,
        send: impl Fn(Call<'a>) -> F,
        refused: impl Fn(&Result<T, UpstreamError>) -> bool,
    ) -> Result<T, UpstreamError>
    where
        F: Future<Output = Result<T, UpstreamError>>,
    {
        let operation = call.operation;
        // On the heap: a page has dozens of these inside each other's futures.
        let work = Box::pin(self.attempts(call, user, send, refused));
        if !matches!(self.auth.kind, Kind::Tokens(_)) {
            // It is one call, and its client keeps it within the same deadline and counts it.
            return work.await;
        }
        tokio::time::timeout(self.auth.deadline, work)
            .await
            .unwrap_or_else(|_| {
                Err(UpstreamError::new(
                    self.source(),
                    operation,
                    ErrorKind::Timeout,
                ))
            })
    }

    async fn attempts<'a, T, F>(
        &self,
        call: Call<'a>,
        user: &UserId,
        send: impl Fn(Call<'a>) -> F,
        refused: impl Fn(&Result<T, UpstreamError>) -> bool,
    ) -> Result<T, UpstreamError>
    where
        F: Future<Output = Result<T, UpstreamError>>,
    {
        let operation = call.operation;
        let with = |headers: Vec<(HeaderName, HeaderValue)>| Call {
            method: call.method.clone(),
            query: call.query,
            headers: call.headers.iter().cloned().chain(headers).collect(),
            body: match call.body {
                Body::None => Body::None,
                Body::Json(value) => Body::Json(value),
                Body::Form(fields) => Body::Form(fields),
            },
            idempotent: call.idempotent,
            operation,
            path: call.path,
        };
        let (headers, serial) = self.headers(operation, user).await?;
        let answer = send(with(headers)).await;
        let (Kind::Tokens(tokens), Some(serial)) = (&self.auth.kind, serial) else {
            return answer;
        };
        if !refused(&answer) || !tokens.was_refused(serial) {
            return answer;
        }
        tracing::info!(source = %self.source(), operation, "the token was refused; asking for a new one");
        let (headers, serial) = self.headers(operation, user).await?;
        let answer = send(with(headers)).await;
        if refused(&answer)
            && let Some(serial) = serial
        {
            tokens.was_refused_again(serial);
        }
        answer
    }

    /// The whole answer, whatever its status. In whose name only goes into a token of our own making.
    pub async fn call(&self, call: Call<'_>, user: &UserId) -> Result<Reply, UpstreamError> {
        let operation = call.operation;
        let reply = self
            .attempt(
                call,
                user,
                |call| self.client.call(call),
                |answer| {
                    answer
                        .as_ref()
                        .is_ok_and(|reply| self.refuses_token(operation, reply))
                },
            )
            .await?;
        match self.network_refusal(operation, &reply) {
            Some(error) => Err(error),
            None => Ok(reply),
        }
    }

    /// A 2xx JSON answer, decoded; anything else is an error that says what it was.
    pub async fn json<T: DeserializeOwned>(
        &self,
        call: Call<'_>,
        user: &UserId,
    ) -> Result<T, UpstreamError> {
        let operation = call.operation;
        let reply = self.call(call, user).await?;
        self.client.decode(operation, &reply)
    }

    /// Decodes an answer of [`SourceClient::call`].
    pub fn decode<T: DeserializeOwned>(
        &self,
        operation: &'static str,
        reply: &Reply,
    ) -> Result<T, UpstreamError> {
        self.client.decode(operation, reply)
    }

    /// An answer to pass on piece by piece; see [`Client::stream`].
    pub async fn stream(
        &self,
        call: Call<'_>,
        user: &UserId,
        idle: Duration,
    ) -> Result<StreamReply, UpstreamError> {
        let operation = call.operation;
        let opened = self
            .attempt(
                call,
                user,
                |call| self.client.open(call, idle),
                |answer| matches!(answer, Ok(Err(reply)) if self.refuses_token(operation, reply)),
            )
            .await?;
        opened.map_err(|reply| {
            self.network_refusal(operation, &reply)
                .unwrap_or_else(|| self.client.refusal(operation, &reply))
        })
    }

    fn refuses_token(&self, operation: &'static str, reply: &Reply) -> bool {
        matches!(reply.status, 401 | 403)
            && self.client.refusal(operation, reply).kind == ErrorKind::Credentials
    }

    /// An Outway or Inway that answers in the source's place says nothing about what was asked: its 404 is
    /// not "there is no such zaak".
    fn network_refusal(&self, operation: &'static str, reply: &Reply) -> Option<UpstreamError> {
        if self.auth.fsc.is_none()
            || (200..300).contains(&reply.status)
            || !fsc::is_from_the_network(&reply.headers)
        {
            return None;
        }
        let kind = match reply.status {
            401 | 403 => ErrorKind::Credentials,
            429 => ErrorKind::Busy,
            _ => ErrorKind::Server,
        };
        Some(UpstreamError {
            code: fsc::error_code(&reply.headers),
            ..UpstreamError::new(self.source(), operation, kind)
        })
    }
}
