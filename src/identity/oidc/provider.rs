//! One identity provider of one site: its papers, its keys, and calls to it.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderName;
use http::header::{AUTHORIZATION, HeaderValue};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use url::Url;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::cached::Cached;
use super::jwks::JwkSet;
use super::jws::Unverified;
use super::settings::MAX_BODY;
use super::{ClientAuth, Discovery, ProviderSettings, SettingsError};
use crate::domain::{Clock, SiteId};
use crate::identity::IdentityError;
use crate::identity::claims::Claims;
use crate::upstream::http::{BaseUrl, Body, Call, Client, ClientSettings, ErrorKind};

/// Keys that nobody knows make us ask for newer ones, but not oftener than this.
const JWKS_EVERY_SECS: i64 = 30;

/// Cheap to share; discovery and keys are kept in it.
#[derive(Debug)]
pub struct Provider {
    settings: ProviderSettings,
    origins: Vec<BaseUrl>,
    clients: Vec<Client>,
    discovery: Cached<Discovery>,
    jwks: Cached<JwkSet>,
    clock: Clock,
}

/// What the token endpoint gives for a code.
#[derive(Deserialize, Zeroize, ZeroizeOnDrop)]
pub(super) struct TokenAnswer {
    pub id_token: String,
    pub access_token: Option<String>,
    pub token_type: Option<String>,
}

impl Provider {
    /// Refuses settings that cannot be right. Asks nothing yet.
    pub fn new(settings: ProviderSettings, clock: Clock) -> Result<Self, SettingsError> {
        let origins = settings.origins()?;
        let mut clients = Vec::new();
        for origin in &origins {
            let client = Client::new(
                settings.name.clone(),
                origin.clone(),
                ClientSettings {
                    max_body: settings.client.max_body.min(MAX_BODY),
                    ..settings.client.clone()
                },
            )
            .map_err(|error| SettingsError {
                provider: settings.name.clone(),
                field: "client",
                what: error.to_string(),
            })?;
            clients.push(client);
        }
        Ok(Self {
            settings,
            origins,
            clients,
            discovery: Cached::new(),
            jwks: Cached::new(),
            clock,
        })
    }

    pub const fn settings(&self) -> &ProviderSettings {
        &self.settings
    }

    pub const fn clock(&self) -> &Clock {
        &self.clock
    }

    pub fn name(&self) -> &str {
        self.settings.name.as_str()
    }

    /// The provider's metadata, at most an hour old (a day when it does not answer).
    pub async fn discovery(&self) -> Result<Arc<Discovery>, IdentityError> {
        self.discovery
            .get(self.clock.now(), self.fetch_discovery())
            .await
    }

    /// Asks what the first login would ask, the person left out: the metadata and at least one usable key.
    pub async fn check(&self) -> Result<Arc<Discovery>, IdentityError> {
        let discovery = self.discovery().await?;
        let fetched = self.fetch_jwks(&discovery);
        let keys = self.jwks.get(self.clock.now(), fetched).await?;
        if keys.is_empty() {
            return Err(IdentityError::JwksGarbled);
        }
        Ok(discovery)
    }

    async fn fetch_discovery(&self) -> Result<Discovery, IdentityError> {
        let address = format!(
            "{}/.well-known/openid-configuration",
            self.settings.issuer.trim_end_matches('/')
        );
        let url = Url::parse(&address).map_err(|_| IdentityError::DiscoveryEndpoint)?;
        let body = self.get("oidc.discovery", &url, vec![]).await?;
        Discovery::parse(&body, &self.settings, &self.origins)
    }

    async fn fetch_jwks(&self, discovery: &Discovery) -> Result<JwkSet, IdentityError> {
        let body = self.get("oidc.jwks", &discovery.jwks, vec![]).await?;
        JwkSet::parse(&body)
    }

    /// The claims of a token that this provider signed. Nothing is said yet about what they must be.
    pub(super) async fn verified(&self, token: &Unverified<'_>) -> Result<Claims, IdentityError> {
        let discovery = self.discovery().await?;
        let now = self.clock.now();
        let mut keys = self.jwks.get(now, self.fetch_jwks(&discovery)).await?;
        if keys.find(token.kid.as_deref(), token.alg).is_none() {
            keys = self
                .jwks
                .newer(&keys, JWKS_EVERY_SECS, now, self.fetch_jwks(&discovery))
                .await;
        }
        let key = keys
            .find(token.kid.as_deref(), token.alg)
            .ok_or(IdentityError::UnknownKey)?;
        token.verify(key)
    }

    /// Trades a code for tokens.
    pub(super) async fn redeem_code(
        &self,
        code: &str,
        verifier: &str,
    ) -> Result<TokenAnswer, IdentityError> {
        let discovery = self.discovery().await?;
        let client_id = self.settings.client_id.as_str();
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", self.settings.redirect_uri.as_str()),
            ("code_verifier", verifier),
        ];
        let mut headers = Vec::new();
        match &self.settings.auth {
            ClientAuth::None => form.push(("client_id", client_id)),
            ClientAuth::SecretPost(secret) => {
                form.push(("client_id", client_id));
                form.push(("client_secret", secret.expose_secret()));
            }
            ClientAuth::SecretBasic(secret) => {
                let pair = format!("{}:{}", encoded(client_id), encoded(secret.expose_secret()));
                headers.push(credentials("Basic", &STANDARD.encode(pair))?);
            }
        }
        let url = &discovery.token;
        let query: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let query: Vec<(&str, &str)> = pairs(&query);
        let call = Call {
            query: &query,
            headers,
            ..Call::post("oidc.token", url.path(), Body::Form(&form))
        };
        let answer = self.client(url)?.json::<TokenAnswer>(call).await;
        answer.map_err(|error| match error.kind {
            // The provider understood us and does not want this code.
            ErrorKind::Rejected => IdentityError::CodeRefused,
            ErrorKind::Garbled => IdentityError::TokenAnswer,
            _ => error.into(),
        })
    }

    /// The claims that the provider has about the person of this access token.
    pub(super) async fn userinfo(&self, access_token: &str) -> Result<Claims, IdentityError> {
        let discovery = self.discovery().await?;
        let url = discovery
            .userinfo
            .as_ref()
            .ok_or(IdentityError::DiscoveryEndpoint)?;
        let bearer = credentials("Bearer", access_token)?;
        let body = self.get("oidc.userinfo", url, vec![bearer]).await?;
        serde_json::from_slice(&body).map_err(|_| IdentityError::Provider(ErrorKind::Garbled))
    }

    async fn get(
        &self,
        operation: &'static str,
        url: &Url,
        headers: Vec<(HeaderName, HeaderValue)>,
    ) -> Result<Vec<u8>, IdentityError> {
        let query: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let query: Vec<(&str, &str)> = pairs(&query);
        let call = Call {
            query: &query,
            headers,
            ..Call::get(operation, url.path())
        };
        let client = self.client(url)?;
        let reply = client.call(call).await?;
        // Decoded as any JSON: that is the client's check of status and media type.
        client.decode::<serde::de::IgnoredAny>(operation, &reply)?;
        Ok(reply.body.to_vec())
    }

    fn client(&self, url: &Url) -> Result<&Client, IdentityError> {
        self.clients
            .iter()
            .find(|client| client.base().same_origin(url))
            .ok_or(IdentityError::DiscoveryEndpoint)
    }
}

fn pairs(owned: &[(String, String)]) -> Vec<(&str, &str)> {
    owned
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

/// RFC 6749 section 2.3.1: id and secret are form-encoded before they are put together.
fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn credentials(scheme: &str, value: &str) -> Result<(HeaderName, HeaderValue), IdentityError> {
    let secret = SecretString::from(format!("{scheme} {value}"));
    let mut value =
        HeaderValue::from_str(secret.expose_secret()).map_err(|_| IdentityError::TokenMalformed)?;
    value.set_sensitive(true);
    Ok((AUTHORIZATION, value))
}

/// The providers of every site.
#[derive(Debug, Default)]
pub struct Providers(Vec<(SiteId, Arc<Provider>)>);

impl Providers {
    pub const fn new(providers: Vec<(SiteId, Arc<Provider>)>) -> Self {
        Self(providers)
    }

    pub fn of_site(&self, site: &SiteId) -> impl Iterator<Item = &Arc<Provider>> {
        self.0
            .iter()
            .filter(move |(of, _)| of == site)
            .map(|(_, provider)| provider)
    }

    pub fn get(&self, site: &SiteId, name: &str) -> Result<&Arc<Provider>, IdentityError> {
        self.of_site(site)
            .find(|provider| provider.name() == name)
            .ok_or(IdentityError::UnknownProvider)
    }

    pub fn all(&self) -> impl Iterator<Item = (&SiteId, &Arc<Provider>)> {
        self.0.iter().map(|(site, provider)| (site, provider))
    }
}
