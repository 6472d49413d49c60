//! The provider's metadata (OpenID Connect Discovery 1.0), believed as far as its addresses are its own.

use serde::Deserialize;
use url::Url;

use super::{AccessTokens, ClientAuth, ProviderSettings};
use crate::identity::IdentityError;
use crate::upstream::http::BaseUrl;

/// What is read of the metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discovery {
    pub authorization: Url,
    pub token: Url,
    pub jwks: Url,
    pub userinfo: Option<Url>,
    pub end_session: Option<Url>,
    /// Takes authorization requests beforehand (RFC 9126), and perhaps takes them in no other way.
    pub pushed_authorization: Option<Url>,
    pub require_pushed_authorization: bool,
    /// Says what an access token is worth (RFC 7662).
    pub introspection: Option<Url>,
    /// The provider says in its answers who it is (RFC 9207), so an answer without that is not its own.
    pub iss_parameter: bool,
    /// A provider that lets anybody be anybody. Outside a demo the sidecar refuses to start with it.
    pub sandbox: bool,
}

#[derive(Deserialize)]
struct Document {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    userinfo_endpoint: Option<String>,
    end_session_endpoint: Option<String>,
    pushed_authorization_request_endpoint: Option<String>,
    #[serde(default)]
    require_pushed_authorization_requests: bool,
    introspection_endpoint: Option<String>,
    #[serde(default)]
    mtls_endpoint_aliases: Aliases,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
    #[serde(default)]
    zijspan_sandbox: bool,
}

/// RFC 8705 section 5: where the same endpoints ask for a certificate.
#[derive(Default, Deserialize)]
struct Aliases {
    token_endpoint: Option<String>,
    userinfo_endpoint: Option<String>,
    pushed_authorization_request_endpoint: Option<String>,
    introspection_endpoint: Option<String>,
}

impl Document {
    /// The endpoints for a client that is known by its certificate.
    fn with_aliases(self) -> Self {
        let aliases = self.mtls_endpoint_aliases;
        Self {
            token_endpoint: aliases.token_endpoint.unwrap_or(self.token_endpoint),
            userinfo_endpoint: aliases.userinfo_endpoint.or(self.userinfo_endpoint),
            pushed_authorization_request_endpoint: aliases
                .pushed_authorization_request_endpoint
                .or(self.pushed_authorization_request_endpoint),
            introspection_endpoint: aliases
                .introspection_endpoint
                .or(self.introspection_endpoint),
            mtls_endpoint_aliases: Aliases::default(),
            ..self
        }
    }
}

impl Discovery {
    pub(super) fn parse(
        body: &[u8],
        settings: &ProviderSettings,
        origins: &[BaseUrl],
    ) -> Result<Self, IdentityError> {
        let document: Document =
            serde_json::from_slice(body).map_err(|_| IdentityError::DiscoveryGarbled)?;
        if document.issuer != settings.issuer {
            return Err(IdentityError::DiscoveryIssuer);
        }
        let document = match settings.auth {
            ClientAuth::Tls => document.with_aliases(),
            _ => document,
        };
        let own = |address: &str| endpoint(address, origins);
        let own_if_any = |address: Option<String>| match address {
            Some(address) => own(&address).map(Some),
            None => Ok(None),
        };
        let found = Self {
            authorization: own(&document.authorization_endpoint)?,
            token: own(&document.token_endpoint)?,
            jwks: own(&document.jwks_uri)?,
            userinfo: own_if_any(document.userinfo_endpoint)?,
            end_session: own_if_any(document.end_session_endpoint)?,
            pushed_authorization: own_if_any(document.pushed_authorization_request_endpoint)?,
            require_pushed_authorization: document.require_pushed_authorization_requests,
            introspection: own_if_any(document.introspection_endpoint)?,
            iss_parameter: document.authorization_response_iss_parameter_supported,
            sandbox: document.zijspan_sandbox,
        };
        if settings.userinfo && found.userinfo.is_none() {
            return Err(IdentityError::DiscoveryEndpoint);
        }
        let introspects = settings
            .exchange
            .as_ref()
            .is_some_and(|exchange| exchange.access_token == AccessTokens::Introspected);
        if introspects && found.introspection.is_none() {
            return Err(IdentityError::DiscoveryEndpoint);
        }
        Ok(found)
    }
}

/// An address at one of the origins, which are https or loopback.
fn endpoint(address: &str, origins: &[BaseUrl]) -> Result<Url, IdentityError> {
    let url = Url::parse(address).map_err(|_| IdentityError::DiscoveryEndpoint)?;
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    if plain && origins.iter().any(|origin| origin.same_origin(&url)) {
        Ok(url)
    } else {
        Err(IdentityError::DiscoveryEndpoint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::SourceName;
    use crate::identity::claims::ClaimMap;
    use serde_json::{Value, json};

    const ISSUER: &str = "https://idp.example/realms/x";

    fn read(change: impl FnOnce(&mut Value)) -> Result<Discovery, IdentityError> {
        read_as(ClientAuth::None, change)
    }

    fn read_as(
        auth: ClientAuth,
        change: impl FnOnce(&mut Value),
    ) -> Result<Discovery, IdentityError> {
        let mut document = json!({
            "issuer": ISSUER,
            "authorization_endpoint": "https://idp.example/auth",
            "token_endpoint": "https://idp.example/token",
            "jwks_uri": "https://keys.example/jwks",
        });
        change(&mut document);
        let name = SourceName::parse("digid").unwrap();
        let claims = ClaimMap::preset("demo").unwrap();
        let mut settings =
            ProviderSettings::new(name, ISSUER, "client", "https://mijn.example/cb", claims);
        settings.auth = auth;
        settings.extra_origins = vec!["https://keys.example".to_owned()];
        let origins = settings.origins().unwrap();
        Discovery::parse(document.to_string().as_bytes(), &settings, &origins)
    }

    #[test]
    fn endpoints_are_at_the_issuer_or_where_the_configuration_says() {
        let found = read(|_| ()).unwrap();
        assert!(!found.sandbox && !found.iss_parameter);
        assert_eq!(found.jwks.as_str(), "https://keys.example/jwks");
        assert!(
            read(|d| d["zijspan_sandbox"] = json!(true))
                .unwrap()
                .sandbox
        );
    }

    #[test]
    fn a_client_with_a_certificate_goes_where_it_is_asked_for() {
        let aliases = |d: &mut Value| {
            d["userinfo_endpoint"] = json!("https://idp.example/userinfo");
            d["mtls_endpoint_aliases"] = json!({
                "token_endpoint": "https://keys.example/token",
                "pushed_authorization_request_endpoint": "https://keys.example/par",
            });
        };
        let plain = read(aliases).unwrap();
        assert_eq!(plain.token.as_str(), "https://idp.example/token");
        assert_eq!(plain.pushed_authorization, None);
        let tls = read_as(ClientAuth::Tls, aliases).unwrap();
        assert_eq!(tls.token.as_str(), "https://keys.example/token");
        let pushed = tls.pushed_authorization.unwrap();
        assert_eq!(pushed.as_str(), "https://keys.example/par");
        let userinfo = tls.userinfo.unwrap();
        assert_eq!(userinfo.as_str(), "https://idp.example/userinfo");
        let elsewhere = read_as(ClientAuth::Tls, |d| {
            d["mtls_endpoint_aliases"] = json!({"token_endpoint": "https://evil.example/token"});
        });
        assert_eq!(elsewhere, Err(IdentityError::DiscoveryEndpoint));
    }

    #[test]
    fn an_issuer_that_is_not_exactly_the_configured_one_is_refused() {
        for other in [
            "https://idp.example/realms/x/",
            "https://IDP.example/realms/x",
            "https://evil.example",
        ] {
            let refused = read(|d| d["issuer"] = json!(other)).err();
            assert_eq!(refused, Some(IdentityError::DiscoveryIssuer));
        }
    }

    #[test]
    fn endpoints_elsewhere_are_refused() {
        for field in [
            "authorization_endpoint",
            "token_endpoint",
            "jwks_uri",
            "userinfo_endpoint",
            "end_session_endpoint",
            "pushed_authorization_request_endpoint",
            "introspection_endpoint",
        ] {
            for bad in [
                "https://evil.example/x",
                "http://idp.example/x",
                "https://idp.example:8443/x",
                "https://u:p@idp.example/x",
                "https://idp.example@evil.example/x",
                "/x",
                "javascript:1",
                "",
            ] {
                let refused = read(|d| d[field] = json!(bad)).err();
                assert_eq!(
                    refused,
                    Some(IdentityError::DiscoveryEndpoint),
                    "{field} {bad}"
                );
            }
        }
        let garbled = read(|d| d["jwks_uri"] = json!(["https://idp.example/x"])).err();
        assert_eq!(garbled, Some(IdentityError::DiscoveryGarbled));
    }
}
