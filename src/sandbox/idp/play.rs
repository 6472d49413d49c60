//! How the provider behaves towards one client: `POST /sandbox/play`.

use aws_lc_rs::rsa::PublicEncryptingKey;
use http::StatusCode;
use jsonwebtoken::DecodingKey;
use rustls::pki_types::SubjectPublicKeyInfoDer;
use rustls::pki_types::pem::PemObject as _;
use serde::Deserialize;
use serde_json::json;

use super::Idp;
use super::profile::Profile;
use super::sign::Algorithm;
use crate::sandbox::http::{Reply, Request};

/// What one client gets to see.
#[derive(Clone)]
pub struct Play {
    pub profile: Profile,
    pub algorithm: Algorithm,
    pub auth: Auth,
    /// Tokens go encrypted to this key.
    pub encrypt: Option<Recipient>,
    pub userinfo: UserInfo,
    pub par: Par,
    pub backchannel_logout_uri: Option<String>,
}

/// How the client proves itself.
#[derive(Clone)]
pub enum Auth {
    None,
    Secret(String),
    Key(Box<(Algorithm, DecodingKey)>),
}

#[derive(Clone)]
pub struct Recipient {
    pub key: PublicEncryptingKey,
    pub kid: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserInfo {
    Json,
    Signed,
    Encrypted,
}

/// Pushed authorization requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Par {
    Off,
    Offered,
    Required,
}

impl std::fmt::Debug for Play {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Play")
            .field("profile", &self.profile)
            .field("algorithm", &self.algorithm)
            .field("par", &self.par)
            .finish_non_exhaustive()
    }
}

impl Play {
    pub const fn plain(auth: Auth) -> Self {
        Self {
            profile: Profile::Demo,
            algorithm: Algorithm::Es256,
            auth,
            encrypt: None,
            userinfo: UserInfo::Json,
            par: Par::Off,
            backchannel_logout_uri: None,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    client_id: Option<String>,
    profile: Option<String>,
    alg: Option<Algorithm>,
    client_secret: Option<String>,
    /// PEM of the public key, and what it signs with.
    client_key: Option<String>,
    client_alg: Option<Algorithm>,
    encrypt_to: Option<String>,
    encrypt_kid: Option<String>,
    userinfo: Option<UserInfo>,
    par: Option<Par>,
    backchannel_logout_uri: Option<String>,
}

impl Wanted {
    fn play(self) -> Result<Play, &'static str> {
        let profile = match self.profile.as_deref() {
            None => Profile::Demo,
            Some(word) => Profile::parse(word).ok_or("there is no such profile")?,
        };
        let auth = match (self.client_secret, self.client_key) {
            (None, None) => Auth::None,
            (Some(secret), None) => Auth::Secret(secret),
            (None, Some(pem)) => {
                let algorithm = self.client_alg.unwrap_or(Algorithm::Ps256);
                let key = match algorithm {
                    Algorithm::Es256 => DecodingKey::from_ec_pem(pem.as_bytes()),
                    Algorithm::Ps256 | Algorithm::Rs256 => {
                        DecodingKey::from_rsa_pem(pem.as_bytes())
                    }
                };
                Auth::Key(Box::new((
                    algorithm,
                    key.map_err(|_| "client_key is no such key")?,
                )))
            }
            (Some(_), Some(_)) => return Err("a client has a secret or a key"),
        };
        let encrypt = match self.encrypt_to {
            None => None,
            Some(pem) => {
                let der = SubjectPublicKeyInfoDer::from_pem_slice(pem.as_bytes())
                    .map_err(|_| "encrypt_to is no public key in PEM")?;
                let key = PublicEncryptingKey::from_der(der.as_ref())
                    .map_err(|_| "encrypt_to is no RSA key")?;
                Some(Recipient {
                    key,
                    kid: self.encrypt_kid,
                })
            }
        };
        let userinfo = self.userinfo.unwrap_or(UserInfo::Json);
        if userinfo == UserInfo::Encrypted && encrypt.is_none() {
            return Err("encrypted userinfo needs encrypt_to");
        }
        Ok(Play {
            profile,
            algorithm: self.alg.unwrap_or(match profile {
                Profile::Signicat | Profile::Keycloak => Algorithm::Rs256,
                Profile::NlGov => Algorithm::Ps256,
                Profile::Demo | Profile::Maykin => Algorithm::Es256,
            }),
            auth,
            encrypt,
            userinfo,
            par: self.par.unwrap_or(Par::Off),
            backchannel_logout_uri: self.backchannel_logout_uri,
        })
    }
}

impl Idp {
    /// Replaces how one client is treated; a client that is not known yet becomes known.
    pub(super) fn set_play(&self, request: &Request) -> Reply {
        let refused = |text: &str| {
            let body = json!({"error": "invalid_request", "error_description": text});
            Reply::json(StatusCode::BAD_REQUEST, &body)
        };
        let wanted: Wanted = match serde_json::from_slice(&request.body) {
            Ok(wanted) => wanted,
            Err(error) => return refused(&error.to_string()),
        };
        let client_id = wanted
            .client_id
            .clone()
            .unwrap_or_else(|| self.client_id.clone());
        match wanted.play() {
            Ok(play) => {
                self.state().plays.insert(client_id, play);
                Reply::json(StatusCode::OK, &json!({}))
            }
            Err(text) => refused(text),
        }
    }

    /// Everything as at the start.
    pub(super) fn no_play(&self) -> Reply {
        let mut state = self.state();
        state.plays.clear();
        state
            .plays
            .insert(self.client_id.clone(), self.first.clone());
        Reply::json(StatusCode::OK, &json!({}))
    }

    pub(super) fn play_of(&self, client_id: &str) -> Option<Play> {
        self.state().plays.get(client_id).cloned()
    }
}
