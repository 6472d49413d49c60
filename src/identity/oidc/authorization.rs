//! The authorization request: in the address of the browser, or handed to the provider beforehand (RFC 9126).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use url::Url;
use zeroize::Zeroizing;

use super::client_auth::Form;
use super::settings::PushedRequests;
use super::{Discovery, Provider};
use crate::domain::LevelOfAssurance;
use crate::identity::{IdentityError, Token};

/// What makes one login this login.
pub(super) struct Question<'a> {
    pub state: &'a Token,
    pub nonce: &'a str,
    pub verifier: &'a str,
    pub min_loa: LevelOfAssurance,
}

impl Provider {
    /// Where to send the browser.
    pub(super) async fn authorization_url(
        &self,
        discovery: &Discovery,
        question: &Question<'_>,
    ) -> Result<Url, IdentityError> {
        let client_id = self.settings().client_id.as_str();
        let parameters = self.parameters(question);
        let mut url = discovery.authorization.clone();
        let Some(endpoint) = self.pushes_to(discovery)? else {
            url.query_pairs_mut()
                .append_pair("client_id", client_id)
                .extend_pairs(
                    parameters
                        .iter()
                        .map(|(name, value)| (name, value.as_str())),
                );
            return Ok(url);
        };
        let request_uri = self.push(endpoint, parameters).await?;
        url.query_pairs_mut()
            .append_pair("client_id", client_id)
            .append_pair("request_uri", &request_uri);
        Ok(url)
    }

    /// The endpoint that takes the request, where it is used. A provider that demands it gets nothing else.
    fn pushes_to<'a>(&self, discovery: &'a Discovery) -> Result<Option<&'a Url>, IdentityError> {
        let endpoint = discovery.pushed_authorization.as_ref();
        let demanded = discovery.require_pushed_authorization;
        match (self.settings().pushed_requests, endpoint) {
            (PushedRequests::Never, _) if demanded => Err(IdentityError::PushedRequest),
            (PushedRequests::Never, _) => Ok(None),
            (PushedRequests::Required, None) => Err(IdentityError::PushedRequest),
            (PushedRequests::Offered, None) if demanded => Err(IdentityError::PushedRequest),
            (PushedRequests::Offered | PushedRequests::Required, endpoint) => Ok(endpoint),
        }
    }

    /// Code flow with PKCE, state and nonce. `client_id` is left to who sends it.
    fn parameters(&self, question: &Question<'_>) -> Form<'static> {
        let settings = self.settings();
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(question.verifier.as_bytes()));
        let others = settings.scopes.iter().filter(|scope| *scope != "openid");
        let scope = std::iter::once("openid")
            .chain(others.map(String::as_str))
            .collect::<Vec<_>>()
            .join(" ");
        let mut form: Form<'static> = Vec::new();
        let mut put =
            |name: &'static str, value: &str| form.push((name, Zeroizing::new(value.to_owned())));
        put("response_type", "code");
        put("redirect_uri", &settings.redirect_uri);
        put("scope", &scope);
        put("state", question.state.as_str());
        put("nonce", question.nonce);
        put("code_challenge", &challenge);
        put("code_challenge_method", "S256");
        let wanted = question.min_loa.max(settings.min_loa);
        let values = &settings.acr_values;
        let acr = values.iter().find(|acr| acr.level >= wanted);
        if let Some(acr) = acr.or(values.last()) {
            put("acr_values", &acr.value);
        }
        if let Some(prompt) = &settings.prompt {
            put("prompt", prompt);
        }
        form
    }
}
