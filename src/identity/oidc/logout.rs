//! Logging out at the provider, and being told by the provider that somebody did.

use secrecy::ExposeSecret as _;
use serde_json::Value;
use url::Url;

use super::jws::Unverified;
use super::proof::use_once;
use super::{Provider, id_token};
use crate::identity::{IdentityError, Session};
use crate::store::shared::SharedState;

/// Whom a back-channel logout is about.
#[derive(Clone, PartialEq, Eq)]
pub struct LoggedOut {
    pub iss: String,
    /// One login; without it, every login of `sub`.
    pub sid: Option<String>,
    pub sub: Option<String>,
}

impl std::fmt::Debug for LoggedOut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LoggedOut(…)")
    }
}

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

impl Provider {
    /// Where to send the browser to log out there too, when the provider has such a place.
    pub async fn end_session_url(&self, session: &Session) -> Result<Option<Url>, IdentityError> {
        let Some(mut url) = self.discovery().await?.end_session.clone() else {
            return Ok(None);
        };
        let settings = self.settings();
        let mut query = url.query_pairs_mut();
        query.append_pair("client_id", &settings.client_id);
        if let Some(back) = &settings.post_logout_redirect_uri {
            query.append_pair("post_logout_redirect_uri", back);
        }
        if let Some(hint) = session.id_token_hint() {
            query.append_pair("id_token_hint", hint.expose_secret());
        }
        drop(query);
        Ok(Some(url))
    }

    /// Reads a logout token (OpenID Connect Back-Channel Logout 1.0, section 2.6).
    pub async fn logged_out(
        &self,
        token: &str,
        shared: &dyn SharedState,
    ) -> Result<LoggedOut, IdentityError> {
        let settings = self.settings();
        let opened = self.opened(token)?;
        let token = Unverified::parse(opened.text(), &settings.algorithms)?;
        if !matches!(token.typ.as_deref(), None | Some("jwt" | "logout+jwt")) {
            return Err(IdentityError::TokenType);
        }
        let claims = self.verified(&token).await?;
        let now = self.clock().now();
        let times = id_token::issuer_and_times(&claims, &settings.issuer, now)?;
        id_token::audience(&claims, &settings.client_id)?;
        let event = claims.get("events").and_then(|events| events.get(EVENT));
        // A nonce would mean that it is a login's token after all.
        if !event.is_some_and(Value::is_object) || claims.contains_key("nonce") {
            return Err(IdentityError::LogoutEvent);
        }
        let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
        let (sid, sub) = (text("sid"), text("sub"));
        if sid.is_none() && sub.is_none() {
            return Err(IdentityError::SubjectMissing);
        }
        let name = id_token::use_name(&claims, &settings.issuer, token.name());
        use_once(shared, name, times.refused_from, now).await?;
        Ok(LoggedOut {
            iss: settings.issuer.clone(),
            sid,
            sub,
        })
    }
}
