//! What a municipality says about one identity provider.

use std::sync::Arc;

use url::Url;

use super::{Algorithm, ClientAuth, DecryptionKeys};
use crate::domain::{LevelOfAssurance, SourceName};
use crate::identity::claims::ClaimMap;
use crate::upstream::http::{BaseUrl, ClientSettings};

/// What to ask the provider for a level.
#[derive(Debug, Clone)]
pub struct AcrValue {
    pub level: LevelOfAssurance,
    /// As this provider writes it in `acr_values`.
    pub value: String,
}

/// What stands for the nonce of a login that another plugin started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NonceRule {
    /// The plugin passes the nonce on, and it must be the token's.
    #[default]
    Equal,
    /// The plugin sends none: then the token may be five minutes old and count once, as always.
    Absent,
}

/// How tokens of this provider are traded for a session (mode `exchange`).
#[derive(Debug, Clone, Default)]
pub struct ExchangeSettings {
    pub nonce: NonceRule,
    /// Whether an access token may be the subject token.
    pub access_token: AccessTokens,
}

/// How an access token is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AccessTokens {
    #[default]
    Refused,
    /// It is a JWT, and verified like one.
    Jwt,
    /// The provider is asked (RFC 7662): it says nothing to us.
    Introspected,
}

/// Whether the authorization request is handed to the provider before the browser goes there (RFC 9126).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PushedRequests {
    /// Where the provider has an endpoint for it.
    #[default]
    Offered,
    /// A provider without such an endpoint is not logged in at.
    Required,
    Never,
}

/// How encrypted tokens are opened.
#[derive(Debug, Clone)]
pub struct Decryption {
    pub keys: Arc<DecryptionKeys>,
    /// An id_token that is not encrypted is refused.
    pub required: bool,
}

#[derive(Debug, Clone)]
pub struct ProviderSettings {
    /// As in `POST /v1/login` and in the log.
    pub name: SourceName,
    /// Exactly as the provider writes it in `iss`.
    pub issuer: String,
    pub client_id: String,
    pub auth: ClientAuth,
    /// Where the provider sends the browser: an address of the public listener.
    pub redirect_uri: String,
    /// Beside `openid`.
    pub scopes: Vec<String>,
    /// From low to high. The first that reaches the wanted level is asked for.
    pub acr_values: Vec<AcrValue>,
    pub prompt: Option<String>,
    pub claims: ClaimMap,
    pub min_loa: LevelOfAssurance,
    /// Whether claims are fetched from UserInfo too.
    pub userinfo: bool,
    /// Origins beside the issuer's own at which its endpoints may be.
    pub extra_origins: Vec<String>,
    pub algorithms: Vec<Algorithm>,
    /// Whether this provider serves mode `rp`.
    pub login: bool,
    pub exchange: Option<ExchangeSettings>,
    pub pushed_requests: PushedRequests,
    /// `None`: tokens come signed only.
    pub decryption: Option<Decryption>,
    pub post_logout_redirect_uri: Option<String>,
    /// Whether the id_token goes along in the address at logout. It holds what the provider knows of the
    /// person and ends up in the browser's history, so only where the provider insists.
    pub id_token_hint: bool,
    pub client: ClientSettings,
}

/// Discovery, keys and tokens are small; what is not, is something else.
pub(super) const MAX_BODY: usize = 64 * 1024;

impl ProviderSettings {
    pub fn new(
        name: SourceName,
        issuer: &str,
        client_id: &str,
        redirect_uri: &str,
        claims: ClaimMap,
    ) -> Self {
        Self {
            name,
            issuer: issuer.to_owned(),
            client_id: client_id.to_owned(),
            auth: ClientAuth::None,
            redirect_uri: redirect_uri.to_owned(),
            scopes: Vec::new(),
            acr_values: Vec::new(),
            prompt: None,
            claims,
            min_loa: LevelOfAssurance::NONE,
            userinfo: false,
            extra_origins: Vec::new(),
            algorithms: Algorithm::ALL.to_vec(),
            login: true,
            exchange: None,
            pushed_requests: PushedRequests::Offered,
            decryption: None,
            post_logout_redirect_uri: None,
            id_token_hint: false,
            client: ClientSettings {
                max_body: MAX_BODY,
                ..ClientSettings::default()
            },
        }
    }

    /// The origins that may be asked, the issuer's first, or what is wrong with these settings.
    pub(super) fn origins(&self) -> Result<Vec<BaseUrl>, SettingsError> {
        let issuer = BaseUrl::parse(&self.issuer).map_err(|error| self.wrong("issuer", error))?;
        let origin = |base: &BaseUrl| {
            let origin = base.as_url().origin().ascii_serialization();
            BaseUrl::parse(&origin).map_err(|error| self.wrong("issuer", error))
        };
        let mut origins = vec![origin(&issuer)?];
        for extra in &self.extra_origins {
            let base = BaseUrl::parse(extra).map_err(|e| self.wrong("extra_origins", e))?;
            if base.as_url().path() != "/" {
                return Err(self.wrong("extra_origins", "an origin has no path"));
            }
            origins.push(base);
        }
        if self.client_id.trim().is_empty() {
            return Err(self.wrong("client_id", "it is empty"));
        }
        if self.algorithms.is_empty() {
            return Err(self.wrong("algorithms", "name at least one"));
        }
        let addresses = [
            ("redirect_uri", Some(&self.redirect_uri)),
            (
                "post_logout_redirect_uri",
                self.post_logout_redirect_uri.as_ref(),
            ),
        ];
        for (field, address) in addresses {
            let Some(address) = address else { continue };
            // In exchange mode another plugin has the redirect address.
            if address.is_empty() && !self.login {
                continue;
            }
            match Url::parse(address) {
                Ok(url) if url.has_host() && url.fragment().is_none() => {}
                _ => return Err(self.wrong(field, "it is not an absolute address")),
            }
        }
        Ok(origins)
    }

    fn wrong(&self, field: &'static str, what: impl ToString) -> SettingsError {
        SettingsError {
            provider: self.name.clone(),
            field,
            what: what.to_string(),
        }
    }
}

/// A reason not to start, in words that say what to change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("identity provider {provider}: {field}: {what}")]
pub struct SettingsError {
    pub provider: SourceName,
    pub field: &'static str,
    pub what: String,
}
