//! UserInfo: as JSON, or as a token of its own that is signed and perhaps encrypted.

use http::header::{ACCEPT, CONTENT_TYPE, HeaderValue};

use super::client_auth::credentials;
use super::jws::Unverified;
use super::{Provider, id_token};
use crate::identity::IdentityError;
use crate::identity::claims::Claims;
use crate::upstream::http::{Call, ErrorKind, Reply};

impl Provider {
    /// The claims that the provider has about the person of this access token.
    pub(super) async fn userinfo(&self, access_token: &str) -> Result<Claims, IdentityError> {
        let discovery = self.discovery().await?;
        let url = discovery
            .userinfo
            .as_ref()
            .ok_or(IdentityError::DiscoveryEndpoint)?;
        let query: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let query = super::provider::pairs(&query);
        let accept = HeaderValue::from_static("application/jwt, application/json");
        let call = Call {
            query: &query,
            headers: vec![credentials("Bearer", access_token)?, (ACCEPT, accept)],
            ..Call::get("oidc.userinfo", url.path())
        };
        let client = self.client(url)?;
        let reply = client.call(call).await?;
        if reply.status == 200 && is_jwt(&reply) {
            let text = std::str::from_utf8(&reply.body)
                .map_err(|_| IdentityError::Provider(ErrorKind::Garbled))?;
            return self.signed_userinfo(text.trim()).await;
        }
        Ok(client.decode("oidc.userinfo", &reply)?)
    }

    /// Its signature, issuer and audience must hold as those of any token; times where it has them.
    async fn signed_userinfo(&self, token: &str) -> Result<Claims, IdentityError> {
        let settings = self.settings();
        let opened = self.opened(token)?;
        let token = Unverified::parse(opened.text(), &settings.algorithms)?;
        // A logout token or an access token of the same provider is no answer to this question.
        if !matches!(token.typ.as_deref(), None | Some("jwt")) {
            return Err(IdentityError::TokenType);
        }
        let claims = self.verified(&token).await?;
        id_token::issuer(&claims, &settings.issuer)?;
        id_token::audience(&claims, &settings.client_id)?;
        id_token::times_where_stated(&claims, self.clock().now())?;
        if claims.contains_key("events") {
            return Err(IdentityError::TokenType);
        }
        Ok(claims)
    }
}

fn is_jwt(reply: &Reply) -> bool {
    reply
        .headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|media| media.trim().eq_ignore_ascii_case("application/jwt"))
}
