//! Questions to the provider in which the sidecar says who it is: a code traded, a request pushed, a token
//! looked up.

use http::{HeaderName, HeaderValue};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::Provider;
use super::client_auth::Form;
use crate::identity::IdentityError;
use crate::identity::claims::Claims;
use crate::upstream::http::{Body, Call, ErrorKind};

/// What the token endpoint gives for a code.
#[derive(Deserialize, Zeroize, ZeroizeOnDrop)]
pub(super) struct TokenAnswer {
    pub id_token: String,
    pub access_token: Option<String>,
    pub token_type: Option<String>,
}

/// Longer than any `request_uri`, which is a reference and not the request.
const MAX_REFERENCE: usize = 1024;

impl Provider {
    /// Trades a code for tokens.
    pub(super) async fn redeem_code(
        &self,
        code: &str,
        verifier: &str,
    ) -> Result<TokenAnswer, IdentityError> {
        let endpoint = self.discovery().await?.token.clone();
        let form = vec![
            ("grant_type", secret("authorization_code")),
            ("code", secret(code)),
            ("redirect_uri", secret(&self.settings().redirect_uri)),
            ("code_verifier", secret(verifier)),
        ];
        let answer = self.ask("oidc.token", &endpoint, form).await;
        answer.map_err(|error| match error {
            // The provider understood us and does not want this code.
            IdentityError::Provider(ErrorKind::Rejected) => IdentityError::CodeRefused,
            IdentityError::Provider(ErrorKind::Garbled) => IdentityError::TokenAnswer,
            other => other,
        })
    }

    /// Hands the request to the provider, and gives the reference that stands for it.
    pub(super) async fn push(
        &self,
        endpoint: &Url,
        form: Form<'static>,
    ) -> Result<String, IdentityError> {
        #[derive(Deserialize)]
        struct Pushed {
            request_uri: String,
        }
        let pushed: Pushed =
            self.ask("oidc.par", endpoint, form)
                .await
                .map_err(|error| match error {
                    IdentityError::Provider(ErrorKind::Rejected | ErrorKind::Garbled) => {
                        IdentityError::PushedRequest
                    }
                    other => other,
                })?;
        let fits = (1..=MAX_REFERENCE).contains(&pushed.request_uri.len());
        if fits {
            Ok(pushed.request_uri)
        } else {
            Err(IdentityError::PushedRequest)
        }
    }

    /// What the provider knows of an access token (RFC 7662), when it is good now.
    pub(super) async fn introspect(&self, token: &str) -> Result<Claims, IdentityError> {
        let endpoint = self
            .discovery()
            .await?
            .introspection
            .clone()
            .ok_or(IdentityError::DiscoveryEndpoint)?;
        let form = vec![
            ("token", secret(token)),
            ("token_type_hint", secret("access_token")),
        ];
        let mut claims: Claims = self.ask("oidc.introspection", &endpoint, form).await?;
        if claims.get("active") != Some(&Value::Bool(true)) {
            return Err(IdentityError::Inactive);
        }
        // A refresh token is active too, and is not what was asked for.
        let is_bearer = |name: &str| match claims.get(name) {
            None | Some(Value::Null) => true,
            Some(kind) => kind
                .as_str()
                .is_some_and(|kind| kind.eq_ignore_ascii_case("bearer")),
        };
        if !is_bearer("token_type") || !is_bearer("typ") {
            return Err(IdentityError::TokenType);
        }
        // It may leave out who it is: the answer comes from the issuer's own endpoint.
        claims
            .entry("iss")
            .or_insert_with(|| self.settings().issuer.clone().into());
        Ok(claims)
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        operation: &'static str,
        url: &Url,
        mut form: Form<'static>,
    ) -> Result<T, IdentityError> {
        let settings = self.settings();
        let token_endpoint = self.discovery().await?.token.clone();
        let headers: Vec<(HeaderName, HeaderValue)> = settings.auth.apply(
            &settings.client_id,
            token_endpoint.as_str(),
            self.clock(),
            &mut form,
        )?;
        let fields: Vec<(&str, &str)> = form
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let query: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let query = super::provider::pairs(&query);
        let call = Call {
            query: &query,
            headers,
            ..Call::post(operation, url.path(), Body::Form(&fields))
        };
        Ok(self.client(url)?.json(call).await?)
    }
}

fn secret(text: &str) -> Zeroizing<String> {
    Zeroizing::new(text.to_owned())
}
