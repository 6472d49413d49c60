//! An ordinary OpenID Connect provider with test persons instead of passwords. Its discovery carries a
//! mark, so that `serve` can refuse it outside the demo.

mod authorize;
mod backchannel;
mod mandates;
mod page;
mod play;
mod profile;
mod sign;
mod token;

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use http::{Response, StatusCode};
use serde_json::{Map, Value, json};

use super::data::Person;
use super::http::{Body, Cut, Handler, Reply, Request, Reset};
use crate::domain::Clock;
use play::{Auth, Par, Play};
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
    /// How the first client is treated unless a script says otherwise.
    first: Play,
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
    /// The known clients.
    plays: HashMap<String, Play>,
    /// Requests that were handed over beforehand, and until when they wait.
    pushed: HashMap<String, (Vec<(String, String)>, i64)>,
    /// The session of each client's last login.
    last_sid: HashMap<String, String>,
}

/// What a code stands for until it is traded.
#[derive(Debug, Clone)]
struct Code {
    client_id: String,
    redirect_uri: String,
    challenge: String,
    nonce: Option<String>,
    /// Of the id_token, and of UserInfo.
    claims: Map<String, Value>,
    userinfo: Map<String, Value>,
    expires: i64,
}

#[derive(Debug, Clone)]
struct Access {
    client_id: String,
    userinfo: Map<String, Value>,
    acr: Option<Value>,
    issued: i64,
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
        let first = Play::plain(client.client_secret.map_or(Auth::None, Auth::Secret));
        let state = State {
            plays: HashMap::from([(client.client_id.clone(), first.clone())]),
            ..State::default()
        };
        Ok(Self {
            issuer,
            clock,
            client_id: client.client_id,
            first,
            redirects: Mutex::new(client.redirect_prefixes),
            persons,
            signable,
            signer: Signer::new()?,
            state: Mutex::new(state),
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
            ("/par", "POST") => self.par(request),
            ("/token", "POST") => self.token(request),
            ("/introspect", "POST") => self.introspect(request),
            ("/userinfo", "GET" | "POST") => self.userinfo(request),
            ("/logout", "GET") => self.end_session(&request.params()),
            ("/logout", "POST") => self.end_session(&request.form()),
            ("/sandbox/id_token", "POST") => self.script_token(request),
            ("/sandbox/play", "POST") => self.set_play(request),
            ("/sandbox/play", "DELETE") => self.no_play(),
            ("/sandbox/rotate", "POST") => self.rotate(request),
            ("/", "GET") => Reply::html(StatusCode::OK, page::home()),
            _ => Reply::html(
                StatusCode::NOT_FOUND,
                page::message("Niet gevonden", "Deze pagina bestaat niet."),
            ),
        }
    }

    fn discovery(&self) -> Reply {
        let at = |path: &str| format!("{}{path}", self.issuer);
        let plays: Vec<Play> = self.state().plays.values().cloned().collect();
        let mut methods = Vec::new();
        for (method, fits) in [
            (
                "none",
                plays.iter().any(|play| matches!(play.auth, Auth::None)),
            ),
            (
                "client_secret_basic",
                plays
                    .iter()
                    .any(|play| matches!(play.auth, Auth::Secret(_))),
            ),
            (
                "client_secret_post",
                plays
                    .iter()
                    .any(|play| matches!(play.auth, Auth::Secret(_))),
            ),
            (
                "private_key_jwt",
                plays.iter().any(|play| matches!(play.auth, Auth::Key(_))),
            ),
        ] {
            if fits {
                methods.push(method);
            }
        }
        let mut document = json!({
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
                "introspection_endpoint": at("/introspect"),
                "backchannel_logout_supported": true,
                "backchannel_logout_session_supported": true,
                "id_token_signing_alg_values_supported": ["ES256", "PS256", "RS256"],
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
        });
        if let Some(fields) = document.as_object_mut()
            && plays.iter().any(|play| play.par != Par::Off)
        {
            fields.insert(
                "pushed_authorization_request_endpoint".to_owned(),
                at("/par").into(),
            );
            let demanded = plays.iter().all(|play| play.par == Par::Required);
            fields.insert(
                "require_pushed_authorization_requests".to_owned(),
                demanded.into(),
            );
        }
        Reply::json(StatusCode::OK, &document)
    }

    /// New signing keys: `{"keep_old": true}` leaves the old ones published.
    fn rotate(&self, request: &Request) -> Reply {
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let keep = body
            .get("keep_old")
            .and_then(Value::as_bool)
            .unwrap_or(false);
        match self.signer.rotate(keep) {
            Ok(()) => Reply::json(StatusCode::OK, &json!({})),
            Err(_) => Reply::json(
                StatusCode::INTERNAL_SERVER_ERROR,
                &json!({"error": "server_error"}),
            ),
        }
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
        let told = request.path == "/sandbox/logout" && request.method == http::Method::POST;
        let reply = if told {
            self.tell_logout(&request).await
        } else {
            self.answer(&request)
        };
        let reply = reply
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
