//! From a token to a proven login: every check, in the order in which they cost.

use secrecy::SecretString;
use serde_json::Value;

use super::id_token::Times;
use super::jws::Unverified;
use super::{Provider, id_token};
use crate::domain::{LevelOfAssurance, Timestamp};
use crate::identity::claims::Claims;
use crate::identity::{IdentityError, ProvenLogin};
use crate::store::shared::{Digest, OneTime, SharedState};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    IdToken,
    /// A JWT access token of which we are the client.
    AccessToken,
    /// An access token that says nothing to us: the provider is asked.
    Opaque,
}

/// What is offered as proof of a login.
#[derive(Clone, Copy)]
pub struct Evidence<'a> {
    pub token: &'a str,
    pub kind: TokenKind,
    /// The access token that came with an id_token, for UserInfo.
    pub access_token: Option<&'a str>,
    /// The nonce of the question; `None` where there was none.
    pub nonce: Option<&'a str>,
    pub min_loa: LevelOfAssurance,
}

impl std::fmt::Debug for Evidence<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Evidence")
            .field("kind", &self.kind)
            .field("min_loa", &self.min_loa)
            .finish_non_exhaustive()
    }
}

/// Claims about the token and not about the person: UserInfo need not agree on them.
const ABOUT_THE_TOKEN: [&str; 12] = [
    "iss",
    "aud",
    "azp",
    "exp",
    "nbf",
    "iat",
    "jti",
    "nonce",
    "acr",
    "amr",
    "at_hash",
    "auth_time",
];

impl Provider {
    /// Who the evidence is about. A token counts once: of several callers at the same time one succeeds.
    pub async fn prove(
        &self,
        evidence: Evidence<'_>,
        shared: &dyn SharedState,
    ) -> Result<ProvenLogin, IdentityError> {
        let settings = self.settings();
        let now = self.clock().now();
        let Verified {
            claims,
            times,
            name,
            hint,
        } = match evidence.kind {
            TokenKind::Opaque => self.introspected(evidence.token, now).await?,
            TokenKind::IdToken | TokenKind::AccessToken => self.signed(evidence, now).await?,
        };
        let sub = id_token::subject(&claims)?;
        let auth_time = id_token::auth_time(&claims, now)?;
        let loa = settings.claims.level(&claims);
        let merged = self.with_userinfo(&claims, &sub, evidence).await?;
        let identity = settings.claims.identity(&merged, loa)?;
        if loa < settings.min_loa.max(evidence.min_loa) {
            return Err(IdentityError::Level);
        }
        use_once(shared, name, times.refused_from, now).await?;
        Ok(ProvenLogin {
            identity,
            idp: self.name().to_owned(),
            iss: settings.issuer.clone(),
            sub,
            sid: claims.get("sid").and_then(Value::as_str).map(str::to_owned),
            id_token: hint,
            auth_time,
        })
    }

    /// A token that the provider signed: its signature, and what must be true of its kind.
    async fn signed(
        &self,
        evidence: Evidence<'_>,
        now: Timestamp,
    ) -> Result<Verified, IdentityError> {
        let settings = self.settings();
        let opened = self.opened(evidence.token)?;
        let token = Unverified::parse(opened.text(), &settings.algorithms)?;
        let claims = self.verified(&token).await?;
        let times = id_token::issuer_and_times(&claims, &settings.issuer, now)?;
        let is_login = evidence.kind == TokenKind::IdToken;
        if is_login {
            let encrypted_only = settings
                .decryption
                .as_ref()
                .is_some_and(|decryption| decryption.required);
            if encrypted_only && !opened.was_encrypted() {
                return Err(IdentityError::TokenNotEncrypted);
            }
            is_id_token(&token, &claims)?;
            id_token::audience(&claims, &settings.client_id)?;
            id_token::nonce(&claims, evidence.nonce)?;
            if let Some(access_token) = evidence.access_token {
                id_token::access_token_hash(&claims, token.alg, access_token)?;
            }
        } else {
            is_access_token(&token, &claims)?;
            id_token::issued_to(&claims, &settings.client_id)?;
        }
        let keep = settings.id_token_hint && is_login;
        Ok(Verified {
            times,
            name: id_token::use_name(&claims, &settings.issuer, token.name()),
            // A hint is the signed token, never the encrypted one around it.
            hint: keep.then(|| SecretString::from(opened.text())),
            claims,
        })
    }

    /// A token that the provider knows: the same must be true of what it says.
    async fn introspected(&self, token: &str, now: Timestamp) -> Result<Verified, IdentityError> {
        let settings = self.settings();
        let claims = self.introspect(token).await?;
        let times = id_token::issuer_and_times(&claims, &settings.issuer, now)?;
        id_token::issued_to(&claims, &settings.client_id)?;
        let opaque = Digest::of(&[b"opaque", settings.issuer.as_bytes(), token.as_bytes()]);
        Ok(Verified {
            times,
            name: id_token::use_name(&claims, &settings.issuer, opaque),
            hint: None,
            claims,
        })
    }

    /// The token's claims with those of UserInfo beside them, where that is configured. It must be about the same person and may not contradict what the claim map reads.
    async fn with_userinfo(
        &self,
        claims: &Claims,
        sub: &str,
        evidence: Evidence<'_>,
    ) -> Result<Claims, IdentityError> {
        let settings = self.settings();
        let bearer = match evidence.kind {
            TokenKind::IdToken => evidence.access_token,
            TokenKind::AccessToken | TokenKind::Opaque => Some(evidence.token),
        };
        if !settings.userinfo {
            return Ok(claims.clone());
        }
        let bearer = bearer.ok_or(IdentityError::MissingField)?;
        let info = self.userinfo(bearer).await?;
        if info.get("sub").and_then(Value::as_str) != Some(sub) {
            return Err(IdentityError::UserInfoSubject);
        }
        let mut merged = claims.clone();
        for (name, value) in info {
            if ABOUT_THE_TOKEN.contains(&name.as_str()) {
                continue;
            }
            match merged.get(&name) {
                Some(own) if *own != value && settings.claims.reads(&name) => {
                    return Err(IdentityError::UserInfoConflict);
                }
                Some(_) => {}
                None => {
                    merged.insert(name, value);
                }
            }
        }
        Ok(merged)
    }
}

/// A token of which the provider stands for what it says.
struct Verified {
    claims: Claims,
    times: Times,
    /// Under which its use is counted.
    name: Digest,
    /// Kept where the provider wants it back at logout.
    hint: Option<SecretString>,
}

/// Marks the token as used, until it would be refused for its age anyway.
pub(super) async fn use_once(
    shared: &dyn SharedState,
    name: Digest,
    refused_from: Timestamp,
    now: Timestamp,
) -> Result<(), IdentityError> {
    let first = shared
        .put_once(OneTime::TokenUse, name, Vec::new(), refused_from, now)
        .await?;
    if first {
        Ok(())
    } else {
        Err(IdentityError::TokenUsed)
    }
}

/// Nothing about the token says that it is of another kind: an access token or a logout token of the
/// same provider for the same client must not pass for a login.
fn is_id_token(token: &Unverified<'_>, claims: &Claims) -> Result<(), IdentityError> {
    let header = token.typ.as_deref().is_none_or(|typ| typ == "jwt");
    let payload = match claims.get("typ") {
        None => true,
        Some(typ) => typ == "ID",
    };
    if header && payload && !claims.contains_key("events") {
        Ok(())
    } else {
        Err(IdentityError::TokenType)
    }
}

/// RFC 9068 says it in the header, Keycloak in the content.
fn is_access_token(token: &Unverified<'_>, claims: &Claims) -> Result<(), IdentityError> {
    let header = token.typ.as_deref();
    let by_header = matches!(header, Some("at+jwt" | "application/at+jwt"));
    let by_content = matches!(header, None | Some("jwt"))
        && claims.get("typ").is_some_and(|typ| typ == "Bearer");
    if (by_header || by_content) && !claims.contains_key("events") {
        Ok(())
    } else {
        Err(IdentityError::TokenType)
    }
}
