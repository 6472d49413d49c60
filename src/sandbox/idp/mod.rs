//! An ordinary OpenID Connect provider with test persons instead of passwords. Its discovery carries a
//! mark, so that `serve` can refuse it outside the demo.

mod authorize;
mod page;
mod sign;
mod token;

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use http::{Response, StatusCode};
use serde_json::{Map, Value, json};

use super::data::Person;
use super::http::{Body, Cut, Handler, Reply, Request, Reset};
use crate::domain::Clock;
use sign::Signer;

pub use sign::random_text;

/// `urn:…:Smartcard` is DigiD Substantieel.
const DIGID_SUBSTANTIEEL: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:Smartcard";
const EHERKENNING_3: &str = "urn:etoegang:core:assurance-class:loa3";
const LIFETIME_SECS: i64 = 300;

/// The relying party that may send people here.
#[derive(Debug, Clone)]
pub struct OidcClient {
    pub client_id: String,
    /// Without a secret the client is public and PKCE alone protects the code.
    pub client_secret: Option<String>,
    /// Where the browser may be sent back to: an address, or one that begins with it.
    pub redirect_prefixes: Vec<String>,
}

#[derive(Debug)]
pub struct Idp {
    issuer: String,
    clock: Clock,
    client_id: String,
    client_secret: Option<String>,
    redirects: Mutex<Vec<String>>,
    persons: Vec<Person>,
    /// Only these numbers are signed, when given.
    signable: Option<Vec<String>>,
    signer: Signer,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    codes: HashMap<String, Code>,
    access_tokens: HashMap<String, Access>,
}

/// What a code stands for until it is traded.
#[derive(Debug, Clone)]
struct Code {
    redirect_uri: String,
    challenge: String,
    nonce: Option<String>,
    claims: Map<String, Value>,
    expires: i64,
}

#[derive(Debug, Clone)]
struct Access {
    claims: Map<String, Value>,
    expires: i64,
}

impl Idp {
    pub fn new(
        issuer: String,
        clock: Clock,
        client: OidcClient,
        persons: Vec<Person>,
        signable: Option<Vec<String>>,
    ) -> Result<Self, aws_lc_rs::error::Unspecified> {
        Ok(Self {
            issuer,
            clock,
            client_id: client.client_id,
            client_secret: client.client_secret,
            redirects: Mutex::new(client.redirect_prefixes),
            persons,
            signable,
            signer: Signer::new()?,
            state: Mutex::default(),
        })
    }

    pub fn allow_redirect(&self, prefix: String) {
        let mut redirects = self
            .redirects
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        redirects.push(prefix);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> i64 {
        self.clock.now().as_secs()
    }

    /// Whether `uri` is a registered address or lies below one.
    fn may_return_to(&self, uri: &str) -> bool {
        let redirects = self
            .redirects
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        redirects.iter().any(|prefix| {
            uri.strip_prefix(prefix.as_str()).is_some_and(|rest| {
                // `http://127.0.0.1:80` must not allow `http://127.0.0.1:8080`.
                rest.is_empty() || prefix.ends_with('/') || rest.starts_with(['/', '?'])
            })
        })
    }

    /// The same person is somebody else at another client.
    fn pairwise(&self, client_id: &str, number: &str) -> String {
        self.signer.pairwise(&format!("{client_id}\0{number}"))
    }

    fn answer(&self, request: &Request) -> Reply {
        let method = request.method.as_str();
        match (request.path.as_str(), method) {
            ("/.well-known/openid-configuration", "GET") => self.discovery(),
            ("/jwks", "GET") => Reply::json(StatusCode::OK, &self.signer.jwks()),
            ("/authorize", "GET") => self.authorize(&request.params()),
            ("/authorize", "POST") => self.chosen(&request.form()),
            ("/token", "POST") => self.token(request),
            ("/userinfo", "GET" | "POST") => self.userinfo(request),
            ("/logout", "GET") => self.end_session(&request.params()),
            ("/logout", "POST") => self.end_session(&request.form()),
            ("/sandbox/id_token", "POST") => self.script_token(request),
            ("/", "GET") => Reply::html(StatusCode::OK, page::home()),
            _ => Reply::html(
                StatusCode::NOT_FOUND,
                page::message("Niet gevonden", "Deze pagina bestaat niet."),
            ),
        }
    }

    fn discovery(&self) -> Reply {
        let at = |path: &str| format!("{}{path}", self.issuer);
        let methods = match self.client_secret {
            Some(_) => json!(["client_secret_basic", "client_secret_post"]),
            None => json!(["none"]),
        };
        Reply::json(
            StatusCode::OK,
            &json!({
                "issuer": self.issuer,
                "authorization_endpoint": at("/authorize"),
                "token_endpoint": at("/token"),
                "userinfo_endpoint": at("/userinfo"),
                "jwks_uri": at("/jwks"),
                "end_session_endpoint": at("/logout"),
                "response_types_supported": ["code"],
                "response_modes_supported": ["query"],
                "grant_types_supported": ["authorization_code"],
                "subject_types_supported": ["pairwise"],
                "id_token_signing_alg_values_supported": ["ES256"],
                "token_endpoint_auth_methods_supported": methods,
                "code_challenge_methods_supported": ["S256"],
                "scopes_supported": ["openid", "profile"],
                "claims_supported": [
                    "sub", "iss", "aud", "exp", "iat", "jti", "nonce", "acr", "sid", "at_hash",
                    "name", "bsn", "kvk", "vestigingsnummer",
                ],
                "acr_values_supported": [DIGID_SUBSTANTIEEL, EHERKENNING_3],
                "authorization_response_iss_parameter_supported": true,
                // `serve` refuses an issuer with this mark.
                "zijspan_sandbox": true,
            }),
        )
    }

    /// Back to the client, if the address is one of its own.
    fn end_session(&self, params: &[(String, String)]) -> Reply {
        let value = |name| super::http::value(params, name);
        match value("post_logout_redirect_uri") {
            Some(uri) if self.may_return_to(uri) => {
                let state: Vec<_> = value("state")
                    .map(|state| ("state", state))
                    .into_iter()
                    .collect();
                redirect(uri, &state)
            }
            _ => Reply::html(
                StatusCode::OK,
                page::message("U bent uitgelogd", "U kunt dit venster sluiten."),
            ),
        }
    }
}

impl Handler for Idp {
    async fn handle(&self, request: Request, _: &Reset) -> Result<Response<Body>, Cut> {
        let reply = self
            .answer(&request)
            .with("cache-control", "no-store")
            .with("x-content-type-options", "nosniff")
            .with("referrer-policy", "no-referrer")
            .with(
                "content-security-policy",
                "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
            );
        Ok(reply.into_response())
    }
}

/// 303 to `uri` with more parameters.
fn redirect(uri: &str, params: &[(&str, &str)]) -> Reply {
    let Ok(mut location) = url::Url::parse(uri) else {
        return Reply::html(
            StatusCode::BAD_REQUEST,
            page::message(
                "Er ging iets mis",
                "Het adres om naar terug te gaan klopt niet.",
            ),
        );
    };
    if !params.is_empty() {
        location.query_pairs_mut().extend_pairs(params);
    }
    Reply::html(StatusCode::SEE_OTHER, "").with("location", location.as_str())
}
