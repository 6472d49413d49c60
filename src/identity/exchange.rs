//! RFC 8693: the token of a login plugin, traded once for a session.
//!
//! The signed request is the client's authentication. The site acts for nobody, so an actor token has no
//! meaning here and is refused.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;
use zeroize::Zeroizing;

use super::oidc::{
    AccessTokens, Evidence, ExchangeSettings, NonceRule, Provider, Providers, TokenKind,
};
use super::{IdentityError, ProvenLogin};
use crate::domain::{LevelOfAssurance, SiteId};
use crate::store::shared::SharedState;

/// The fields of the request.
pub struct ExchangeRequest {
    pub subject_token: Zeroizing<String>,
    pub subject_token_type: Zeroizing<String>,
    pub audience: Zeroizing<String>,
    pub resource: Option<Zeroizing<String>>,
    pub requested_token_type: Option<Zeroizing<String>>,
    pub scope: Option<Zeroizing<String>>,
    pub actor_token: Option<Zeroizing<String>>,
    pub actor_token_type: Option<Zeroizing<String>>,
    pub nonce: Option<Zeroizing<String>>,
    pub access_token: Option<Zeroizing<String>>,
}

impl fmt::Debug for ExchangeRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ExchangeRequest(…)")
    }
}

pub const ACCESS_TOKEN_TYPE: &str = "urn:ietf:params:oauth:token-type:access_token";
const ID_TOKEN_TYPE: &str = "urn:ietf:params:oauth:token-type:id_token";
const AUDIENCE: &str = "urn:zijspan:";
/// Scopes that may be named. A session covers what the policy shows, so naming fewer changes nothing.
const SCOPES: [&str; 6] = ["zaken", "documenten", "taken", "berichten", "brp", "kvk"];

/// Trades tokens. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Exchange {
    shared: Arc<dyn SharedState>,
    providers: Arc<Providers>,
}

impl Exchange {
    pub fn new(shared: Arc<dyn SharedState>, providers: Arc<Providers>) -> Self {
        Self { shared, providers }
    }

    /// Whom the subject token is about, if this site may trade it.
    pub async fn exchange(
        &self,
        site: &SiteId,
        request: &ExchangeRequest,
    ) -> Result<ProvenLogin, IdentityError> {
        if request.actor_token.is_some() || request.actor_token_type.is_some() {
            return Err(IdentityError::ActorToken);
        }
        if request.audience.strip_prefix(AUDIENCE) != Some(site.as_str()) {
            return Err(IdentityError::Audience);
        }
        if request.resource.is_some() {
            return Err(IdentityError::Resource);
        }
        if let Some(wanted) = &request.requested_token_type
            && wanted.as_str() != ACCESS_TOKEN_TYPE
        {
            return Err(IdentityError::RequestedTokenType);
        }
        if let Some(scope) = &request.scope
            && !scope.split(' ').all(|scope| SCOPES.contains(&scope))
        {
            return Err(IdentityError::Scope);
        }
        let token = request.subject_token.as_str();
        let access_token = match request.subject_token_type.as_str() {
            ID_TOKEN_TYPE => false,
            ACCESS_TOKEN_TYPE => true,
            _ => return Err(IdentityError::SubjectTokenType),
        };
        let (provider, kind, nonce) = if access_token {
            let (provider, kind) = self.of_access_token(site, token)?;
            // An access token has no nonce: it is young, ours, and counts once.
            (provider, kind, None)
        } else {
            let (provider, settings) = self.of_jwt(site, token, |_| true)?;
            let nonce = match (&request.nonce, settings.nonce) {
                (Some(nonce), _) => Some(nonce.as_str()),
                (None, NonceRule::Absent) => None,
                (None, NonceRule::Equal) => return Err(IdentityError::MissingField),
            };
            (provider, TokenKind::IdToken, nonce)
        };
        let evidence = Evidence {
            token,
            kind,
            access_token: request.access_token.as_ref().map(|token| token.as_str()),
            nonce,
            min_loa: LevelOfAssurance::NONE,
        };
        provider.prove(evidence, &*self.shared).await
    }

    fn open<'a>(
        &'a self,
        site: &SiteId,
    ) -> impl Iterator<Item = (&'a Arc<Provider>, &'a ExchangeSettings)> {
        self.providers.of_site(site).filter_map(|provider| {
            let settings = provider.settings().exchange.as_ref()?;
            Some((provider, settings))
        })
    }

    /// The provider that an access token is of, and how it is judged there.
    ///
    /// A token that says nothing does not say of whom it is either. So it goes to a provider only where the
    /// site has one that it can be of: asking around would show it to strangers.
    fn of_access_token(
        &self,
        site: &SiteId,
        token: &str,
    ) -> Result<(&Arc<Provider>, TokenKind), IdentityError> {
        let takes = |how| {
            self.open(site)
                .filter(move |(_, settings)| settings.access_token == how)
                .map(|(provider, _)| provider)
        };
        let mut asked = takes(AccessTokens::Introspected);
        let by_jwt = self.of_jwt(site, token, |s| s.access_token == AccessTokens::Jwt);
        match (by_jwt, asked.next(), asked.next()) {
            (Ok((provider, _)), _, _) => Ok((provider, TokenKind::AccessToken)),
            (Err(_), Some(provider), None) => {
                // One that does say whose it is goes nowhere else.
                let strange = provider.claimed(token).is_ok_and(|claims| {
                    let issuer = provider.settings().issuer.as_str();
                    claims.get("iss").is_some_and(|iss| iss != issuer)
                });
                if strange {
                    return Err(IdentityError::Issuer);
                }
                Ok((provider, TokenKind::Opaque))
            }
            (Err(_), Some(_), Some(_)) => Err(IdentityError::UnknownProvider),
            (Err(_), None, _) if self.open(site).next().is_none() => Err(IdentityError::ModeOff),
            (Err(_), None, _) if takes(AccessTokens::Jwt).next().is_none() => {
                Err(IdentityError::SubjectTokenType)
            }
            (Err(error), None, _) => Err(error),
        }
    }

    /// The provider whose token it says it is. What it says is verified against that provider's keys.
    fn of_jwt(
        &self,
        site: &SiteId,
        token: &str,
        fits: impl Fn(&ExchangeSettings) -> bool,
    ) -> Result<(&Arc<Provider>, &ExchangeSettings), IdentityError> {
        let mut refusal = IdentityError::ModeOff;
        let mut of_issuer = None;
        for (provider, settings) in self.open(site).filter(|(_, settings)| fits(settings)) {
            let own = provider.settings();
            // An encrypted token says nothing before it is opened, and opens for its own provider only.
            let claims = match provider.claimed(token) {
                Ok(claims) => claims,
                Err(error) => {
                    refusal = error;
                    continue;
                }
            };
            if claims.get("iss").is_none_or(|iss| *iss != own.issuer) {
                refusal = IdentityError::Issuer;
                continue;
            }
            // Two clients at one provider (DigiD and eHerkenning): the token says for which it is.
            let names_us = ["aud", "azp", "client_id"]
                .iter()
                .any(|name| match claims.get(*name) {
                    Some(Value::Array(list)) => list.iter().any(|aud| *aud == own.client_id),
                    Some(value) => *value == own.client_id,
                    None => false,
                });
            if names_us {
                return Ok((provider, settings));
            }
            of_issuer.get_or_insert((provider, settings));
        }
        of_issuer.ok_or(refusal)
    }
}
