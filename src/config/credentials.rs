//! `[site.source.auth]`: in which way a source is told who asks.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::report::{At, Report};
use super::secret::{Given, Hidden, Secret, Text};
use super::vendor::{AuthDefaults, Profile};
use super::words::{base_url, choice, filled, required, within};

/// Below this length the HS256 key of a ZGW application is weaker than the hash (RFC 7518 §3.2).
const ZGW_SECRET_BYTES: usize = 32;

/// Who an API of a source is told that we are.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Auth {
    None,
    ZgwJwt { client_id: String, secret: Secret },
    Token { secret: Secret },
    ApiKey { header: String, secret: Secret },
    ClientCredentials(Box<TokenClient>),
}

/// A client of a token endpoint.
#[derive(Debug, Clone, Serialize)]
pub struct TokenClient {
    pub token_url: String,
    pub client_id: String,
    pub client_auth: ClientAuthMethod,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<Secret>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private_key: Option<Secret>,
    pub key_id: Option<String>,
    pub algorithm: KeyAlgorithm,
    pub assertion_audience: Option<String>,
    pub scope: Option<String>,
    pub audience: Option<String>,
    pub parameters: BTreeMap<String, String>,
    pub token_request: TokenRequest,
    pub grant_type: bool,
    pub secret_field: String,
    pub token_field: String,
    #[serde(rename = "token_lifetime_s", serialize_with = "show_secs")]
    pub token_lifetime: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuthMethod {
    Basic,
    Body,
    BasicAndBody,
    Mtls,
    PrivateKeyJwt,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum KeyAlgorithm {
    #[serde(rename = "PS256")]
    Ps256,
    #[serde(rename = "RS256")]
    Rs256,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenRequest {
    Form,
    Json,
}

fn show_secs<S: serde::Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(time.as_secs())
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawAuth {
    kind: Option<Text>,
    header: Option<Text>,
    token_url: Option<Text>,
    client_auth: Option<Text>,
    private_key: Option<Hidden>,
    private_key_file: Option<Text>,
    key_id: Option<Text>,
    algorithm: Option<Text>,
    assertion_audience: Option<Text>,
    scope: Option<Text>,
    audience: Option<Text>,
    parameters: BTreeMap<String, Text>,
    token_request: Option<Text>,
    grant_type: Option<bool>,
    secret_field: Option<Text>,
    token_field: Option<Text>,
    token_lifetime_s: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    None,
    ZgwJwt,
    Token,
    ApiKey,
    ClientCredentials,
}

/// The id and the secret that stand at an API or at its source.
#[derive(Debug, Clone, Default)]
pub(super) struct Account {
    pub client_id: Option<String>,
    pub secret: Option<Secret>,
}

/// What a kind of credential is made of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Method {
    kind: Kind,
    client_auth: ClientAuthMethod,
}

impl Method {
    pub(super) const fn needs_client_id(self) -> bool {
        matches!(self.kind, Kind::ZgwJwt | Kind::ClientCredentials)
    }

    pub(super) const fn needs_secret(self) -> bool {
        match self.kind {
            Kind::None => false,
            Kind::ZgwJwt | Kind::Token | Kind::ApiKey => true,
            Kind::ClientCredentials => matches!(
                self.client_auth,
                ClientAuthMethod::Basic | ClientAuthMethod::Body | ClientAuthMethod::BasicAndBody
            ),
        }
    }

    /// The certificate of the connection is what proves who we are.
    pub(super) const fn needs_certificate(self) -> bool {
        matches!(self.kind, Kind::ClientCredentials)
            && matches!(self.client_auth, ClientAuthMethod::Mtls)
    }

    /// Reads the secret, and says when it is weaker than the hash that it feeds.
    pub(super) fn secret(
        self,
        given: Given<'_>,
        at: &At,
        base: &Path,
        report: &mut Report,
    ) -> Option<Secret> {
        let secret = given.text(at, base, report)?;
        if self.kind == Kind::ZgwJwt && secret.bytes().len() < ZGW_SECRET_BYTES {
            report.warn(
                &at.key("secret"),
                format!(
                    "has {} bytes; ask the administrator of the source for one of {ZGW_SECRET_BYTES} or more",
                    secret.bytes().len()
                ),
            );
        }
        Some(secret)
    }
}

const CLIENT_AUTHS: [(&str, ClientAuthMethod); 5] = [
    ("basic", ClientAuthMethod::Basic),
    ("body", ClientAuthMethod::Body),
    ("basic_and_body", ClientAuthMethod::BasicAndBody),
    ("mtls", ClientAuthMethod::Mtls),
    ("private_key_jwt", ClientAuthMethod::PrivateKeyJwt),
];

impl RawAuth {
    pub(super) fn method(
        &self,
        defaults: &AuthDefaults,
        at: &At,
        report: &mut Report,
    ) -> Option<Method> {
        let word = |text: &Option<Text>, default: &str| {
            filled(text.as_ref()).unwrap_or_else(|| default.to_owned())
        };
        let kind = choice(
            report,
            &at.key("kind"),
            &word(&self.kind, defaults.kind),
            &[
                ("zgw_jwt", Kind::ZgwJwt),
                ("client_credentials", Kind::ClientCredentials),
                ("api_key", Kind::ApiKey),
                ("token", Kind::Token),
                ("none", Kind::None),
            ],
        )?;
        let client_auth = choice(
            report,
            &at.key("client_auth"),
            &word(&self.client_auth, defaults.client_auth),
            &CLIENT_AUTHS,
        )?;
        Some(Method { kind, client_auth })
    }

    /// `None` when it is wrong, which is then in the report.
    pub(super) fn build(
        &self,
        method: Method,
        account: Account,
        profile: &Profile,
        at: &At,
        base: &Path,
        report: &mut Report,
    ) -> Option<Auth> {
        let Account { client_id, secret } = account;
        match method.kind {
            Kind::None => Some(Auth::None),
            Kind::ZgwJwt => Some(Auth::ZgwJwt {
                client_id: client_id?,
                secret: secret?,
            }),
            Kind::Token => Some(Auth::Token { secret: secret? }),
            Kind::ApiKey => {
                let header = required(report, at, "header", self.header.as_ref())?;
                if !is_key_header(&header) {
                    report.refuse(
                        &at.key("header"),
                        "cannot be the name of the header with the key; use the one that the source names, such as \"x-api-key\"",
                    );
                    return None;
                }
                Some(Auth::ApiKey {
                    header: header.to_ascii_lowercase(),
                    secret: secret?,
                })
            }
            Kind::ClientCredentials => {
                let client = self.token_client(
                    method.client_auth,
                    client_id,
                    secret,
                    &profile.auth,
                    at,
                    base,
                    report,
                );
                client.map(|client| Auth::ClientCredentials(Box::new(client)))
            }
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the parts of one table, read once"
    )]
    fn token_client(
        &self,
        client_auth: ClientAuthMethod,
        client_id: Option<String>,
        secret: Option<Secret>,
        defaults: &AuthDefaults,
        at: &At,
        base: &Path,
        report: &mut Report,
    ) -> Option<TokenClient> {
        let token_url = required(report, at, "token_url", self.token_url.as_ref())
            .filter(|text| base_url(report, &at.key("token_url"), text).is_some());
        let by_key = client_auth == ClientAuthMethod::PrivateKeyJwt;
        let given = Given {
            inline: self.private_key.as_ref(),
            file: self.private_key_file.as_ref().map(|file| file.0.as_str()),
            name: "private_key",
        };
        let private_key = if by_key {
            Some(given.text(at, base, report)?)
        } else {
            if given.is_set() {
                report.refuse(
                    &at.key("private_key"),
                    "is set and client_auth is not \"private_key_jwt\"; remove it or set client_auth",
                );
            }
            None
        };
        let word = |text: &Option<Text>, default: &str| {
            filled(text.as_ref()).unwrap_or_else(|| default.to_owned())
        };
        let algorithm = choice(
            report,
            &at.key("algorithm"),
            &word(&self.algorithm, "PS256"),
            &[
                ("PS256", KeyAlgorithm::Ps256),
                ("RS256", KeyAlgorithm::Rs256),
            ],
        );
        let token_request = choice(
            report,
            &at.key("token_request"),
            &word(&self.token_request, defaults.token_request),
            &[("form", TokenRequest::Form), ("json", TokenRequest::Json)],
        );
        let lifetime = within(
            report,
            &at.key("token_lifetime_s"),
            self.token_lifetime_s.unwrap_or(defaults.token_lifetime_s),
            10,
            24 * 3600,
        );
        Some(TokenClient {
            token_url: token_url?,
            client_id: client_id?,
            client_auth,
            secret,
            private_key,
            key_id: filled(self.key_id.as_ref()),
            algorithm: algorithm?,
            assertion_audience: filled(self.assertion_audience.as_ref()),
            scope: filled(self.scope.as_ref()),
            audience: filled(self.audience.as_ref()),
            parameters: self
                .parameters
                .iter()
                .map(|(name, value)| (name.clone(), value.0.clone()))
                .collect(),
            token_request: token_request?,
            grant_type: self.grant_type.unwrap_or(defaults.grant_type),
            secret_field: word(&self.secret_field, defaults.secret_field),
            token_field: word(&self.token_field, defaults.token_field),
            token_lifetime: Duration::from_secs(lifetime),
        })
    }
}

/// A header of its own: none that means something else on the way.
fn is_key_header(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let token = !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    let taken = [
        "accept",
        "accept-crs",
        "connection",
        "content-crs",
        "content-length",
        "content-type",
        "cookie",
        "host",
        "te",
        "transfer-encoding",
        "upgrade",
    ];
    token && !taken.contains(&name.as_str())
}
