//! One identity provider of one site: its papers, its keys, and calls to it.

use std::sync::Arc;

use url::Url;
use zeroize::Zeroizing;

use super::cached::Cached;
use super::jwks::JwkSet;
use super::jws::Unverified;
use super::settings::MAX_BODY;
use super::{Discovery, ProviderSettings, SettingsError, jwe};
use crate::domain::{Clock, SiteId};
use crate::identity::IdentityError;
use crate::identity::claims::Claims;
use crate::upstream::http::{BaseUrl, Call, Client, ClientSettings};

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
        let body = self.get("oidc.discovery", &url).await?;
        Discovery::parse(&body, &self.settings, &self.origins)
    }

    async fn fetch_jwks(&self, discovery: &Discovery) -> Result<JwkSet, IdentityError> {
        let body = self.get("oidc.jwks", &discovery.jwks).await?;
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

    /// What is to be verified: the token itself, or the signed one inside an encrypted one.
    pub(super) fn opened<'a>(&self, token: &'a str) -> Result<Opened<'a>, IdentityError> {
        match &self.settings.decryption {
            Some(decryption) if jwe::is_encrypted(token) => {
                decryption.keys.open(token).map(Opened::Inside)
            }
            // Without a key the encrypted form is refused where it is parsed.
            Some(_) | None => Ok(Opened::Itself(token)),
        }
    }

    async fn get(&self, operation: &'static str, url: &Url) -> Result<Vec<u8>, IdentityError> {
        let query: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let query: Vec<(&str, &str)> = pairs(&query);
        let call = Call {
            query: &query,
            ..Call::get(operation, url.path())
        };
        let client = self.client(url)?;
        let reply = client.call(call).await?;
        // Decoded as any JSON: that is the client's check of status and media type.
        client.decode::<serde::de::IgnoredAny>(operation, &reply)?;
        Ok(reply.body.to_vec())
    }

    pub(super) fn client(&self, url: &Url) -> Result<&Client, IdentityError> {
        self.clients
            .iter()
            .find(|client| client.base().same_origin(url))
            .ok_or(IdentityError::DiscoveryEndpoint)
    }
}

pub(super) fn pairs(owned: &[(String, String)]) -> Vec<(&str, &str)> {
    owned
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

/// A token as it came, or what was inside.
#[derive(Debug)]
pub(super) enum Opened<'a> {
    Itself(&'a str),
    Inside(Zeroizing<String>),
}

impl Opened<'_> {
    pub fn text(&self) -> &str {
        match self {
            Self::Itself(text) => text,
            Self::Inside(text) => text,
        }
    }

    pub const fn was_encrypted(&self) -> bool {
        matches!(self, Self::Inside(_))
    }
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
