//! RFC 8693: the token of a login plugin, traded once for a session.
//!
//! The signed request is the client's authentication. The site acts for nobody, so an actor token has no
//! meaning here and is refused.

use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::oidc::{
    Evidence, ExchangeSettings, NonceRule, Provider, Providers, TokenKind, unverified_claims,
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
        let kind = match request.subject_token_type.as_str() {
            ID_TOKEN_TYPE => TokenKind::IdToken,
            ACCESS_TOKEN_TYPE => TokenKind::AccessToken,
            _ => return Err(IdentityError::SubjectTokenType),
        };
        let (provider, settings) = self.provider(site, &request.subject_token)?;
        let nonce = match kind {
            TokenKind::AccessToken if !settings.access_token => {
                return Err(IdentityError::SubjectTokenType);
            }
            // An access token has no nonce: it is young, ours, and counts once.
            TokenKind::AccessToken => None,
            TokenKind::IdToken => match (&request.nonce, settings.nonce) {
                (Some(nonce), _) => Some(nonce.as_str()),
                (None, NonceRule::Absent) => None,
                (None, NonceRule::Equal) => return Err(IdentityError::MissingField),
            },
        };
        let evidence = Evidence {
            token: &request.subject_token,
            kind,
            access_token: request.access_token.as_ref().map(|token| token.as_str()),
            nonce,
            min_loa: LevelOfAssurance::NONE,
        };
        provider.prove(evidence, &*self.shared).await
    }

    /// The provider whose token it says it is. What it says is verified against that provider's keys.
    fn provider(
        &self,
        site: &SiteId,
        token: &str,
    ) -> Result<(&Arc<Provider>, &ExchangeSettings), IdentityError> {
        let mut open = self.providers.of_site(site).filter_map(|provider| {
            let settings = provider.settings().exchange.as_ref()?;
            Some((provider, settings))
        });
        let first = open.next().ok_or(IdentityError::ModeOff)?;
        let claims = unverified_claims(token)?;
        let of_issuer: Vec<_> = std::iter::once(first)
            .chain(open)
            .filter(|(provider, _)| {
                claims
                    .get("iss")
                    .is_some_and(|iss| *iss == provider.settings().issuer)
            })
            .collect();
        // Two clients at one provider (DigiD and eHerkenning): the token says for which it is.
        let for_client = of_issuer.iter().find(|(provider, _)| {
            let client_id = provider.settings().client_id.as_str();
            ["aud", "azp", "client_id"]
                .iter()
                .any(|name| match claims.get(*name) {
                    Some(serde_json::Value::Array(list)) => list.iter().any(|aud| aud == client_id),
                    Some(value) => value == client_id,
                    None => false,
                })
        });
        for_client
            .or(of_issuer.first())
            .copied()
            .ok_or(IdentityError::Issuer)
    }
}
