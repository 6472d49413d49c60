//! What a site says about an OpenID Connect provider.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use super::{LoginMode, RawIdp, level};
use crate::config::claims::{self, ClaimMap};
use crate::config::report::{At, Report};
use crate::config::secret::Text;
use crate::config::secret::{Given, Secret};
use crate::config::source_http::SourceTls;
use crate::config::words::{base_url, choice, filled, origin, required};
use crate::domain::{BaseUrl, LevelOfAssurance};

#[derive(Debug, Clone, Serialize)]
pub struct Oidc {
    /// Exactly as `iss` has it: a trailing slash counts.
    pub issuer: String,
    pub issuer_url: BaseUrl,
    pub client_id: String,
    pub auth_method: ClientAuth,
    /// For `client_secret_basic` and `client_secret_post`.
    pub client_secret: Option<Secret>,
    /// PEM; for `private_key_jwt`.
    pub private_key: Option<Secret>,
    pub algorithm: AssertionAlgorithm,
    pub key_id: Option<String>,
    pub assertion_audience: Option<String>,
    /// PEM, the newest key first; opens tokens that come as JWE.
    pub decryption_key: Option<Secret>,
    pub decryption_key_ids: Vec<String>,
    /// Refuses an id_token that is not encrypted. Of meaning beside a decryption key only.
    #[serde(rename = "id_token_encrypted")]
    pub encrypted_only: bool,
    pub scopes: Vec<String>,
    pub acr_values: Vec<String>,
    pub claim_map: ClaimMap,
    /// Where the level of assurance stands, from the outside in.
    pub loa_claim: Vec<String>,
    /// Levels that this provider writes in words of its own.
    #[serde(serialize_with = "show_levels")]
    pub loa_values: BTreeMap<String, LevelOfAssurance>,
    pub nonce: NonceRule,
    pub access_token: AccessTokens,
    pub pushed_requests: PushedRequests,
    /// Whether UserInfo is asked too.
    pub userinfo: bool,
    /// Origins besides the issuer's own that discovery may name for its endpoints.
    pub allowed_origins: Vec<String>,
    pub tls: SourceTls,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuth {
    ClientSecretBasic,
    ClientSecretPost,
    PrivateKeyJwt,
    TlsClientAuth,
    None,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum AssertionAlgorithm {
    #[serde(rename = "PS256")]
    Ps256,
    #[serde(rename = "ES256")]
    Es256,
    #[serde(rename = "RS256")]
    Rs256,
}

/// What an access token is worth as the token to exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AccessTokens {
    Refused,
    Jwt,
    Introspect,
}

/// Whether the provider gets the authorization request before the browser comes (RFC 9126).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PushedRequests {
    Offered,
    Required,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NonceRule {
    Required,
    /// The login plugin sends none: then iat <= 5 minutes and single use.
    Absent,
}

impl RawIdp {
    pub(super) fn oidc(
        &self,
        mode: LoginMode,
        at: &At,
        base: &Path,
        report: &mut Report,
    ) -> Option<Oidc> {
        let issuer = required(report, at, "issuer", self.issuer.as_ref());
        let issuer_url = issuer
            .as_ref()
            .and_then(|issuer| base_url(report, &at.key("issuer"), issuer));
        let client_id = required(report, at, "client_id", self.client_id.as_ref());
        let auth_method = choice(
            report,
            &at.key("auth_method"),
            &self.auth_method,
            &[
                ("client_secret_basic", ClientAuth::ClientSecretBasic),
                ("client_secret_post", ClientAuth::ClientSecretPost),
                ("private_key_jwt", ClientAuth::PrivateKeyJwt),
                ("tls_client_auth", ClientAuth::TlsClientAuth),
                ("none", ClientAuth::None),
            ],
        );
        let by_secret = matches!(
            auth_method,
            Some(ClientAuth::ClientSecretBasic | ClientAuth::ClientSecretPost)
        );
        let by_key = auth_method == Some(ClientAuth::PrivateKeyJwt);
        let access_token = self.access_token(mode, auth_method, at, report);
        // `exchange` verifies a token that somebody else fetched; it needs no credentials to do so, unless it
        // asks what the token is worth.
        let needed = mode == LoginMode::Rp || access_token == Some(AccessTokens::Introspect);
        let mut secret = |inline, file: &Option<Text>, name, needed| {
            let file = file.as_ref().map(|file: &Text| file.0.as_str());
            let given = Given { inline, file, name };
            if given.is_set() || needed {
                given.text(at, base, report).map(Some)
            } else {
                Some(None)
            }
        };
        let client_secret = secret(
            self.client_secret.as_ref(),
            &self.client_secret_file,
            "client_secret",
            needed && by_secret,
        );
        let private_key = secret(
            self.private_key.as_ref(),
            &self.private_key_file,
            "private_key",
            needed && by_key,
        );
        let decryption_key = secret(
            self.decryption_key.as_ref(),
            &self.decryption_key_file,
            "decryption_key",
            false,
        );
        self.check_decryption(at, report);
        let encrypted_only = choice(
            report,
            &at.key("id_token_encrypted"),
            &self.id_token_encrypted,
            &[("required", true), ("optional", false)],
        );
        let algorithm = choice(
            report,
            &at.key("algorithm"),
            &self.algorithm,
            &[
                ("PS256", AssertionAlgorithm::Ps256),
                ("ES256", AssertionAlgorithm::Es256),
                ("RS256", AssertionAlgorithm::Rs256),
            ],
        );
        let pushed_requests = choice(
            report,
            &at.key("pushed_requests"),
            &self.pushed_requests,
            &[
                ("offered", PushedRequests::Offered),
                ("required", PushedRequests::Required),
                ("never", PushedRequests::Never),
            ],
        );
        let tls = self.tls.build(&at.key("tls"), base, report);
        let without_certificate = tls.as_ref().is_some_and(|tls| tls.identity.is_none());
        if needed && auth_method == Some(ClientAuth::TlsClientAuth) && without_certificate {
            report.refuse(
                &at.key("tls").key("cert_file"),
                "is not set; auth_method \"tls_client_auth\" needs it, with key_file",
            );
        }
        if !self.scopes.iter().any(|scope| scope == "openid") {
            report.refuse(&at.key("scopes"), "lacks \"openid\"; add it");
        }
        let nonce = choice(
            report,
            &at.key("nonce"),
            &self.nonce,
            &[
                ("required", NonceRule::Required),
                ("absent", NonceRule::Absent),
            ],
        );
        if mode == LoginMode::Rp && nonce == Some(NonceRule::Absent) {
            report.refuse(
                &at.key("nonce"),
                "is \"absent\", which is for mode \"exchange\" only; set \"required\"",
            );
        }
        let claim_map = required(report, at, "claim_map", self.claim_map.as_ref())
            .and_then(|word| claims::read(&word, &self.claims, at, report));
        let loa_claim = claims::claim_path(&self.loa_claim);
        if loa_claim.is_none() {
            report.refuse(&at.key("loa_claim"), claims::CLAIM_FORM);
        }
        let mut loa_values = BTreeMap::new();
        for (word, meaning) in &self.loa_values {
            let place = at.key("loa_values").item(0, Some(word));
            if let Some(level) = level(report, &place, &meaning.0) {
                loa_values.insert(word.clone(), level);
            }
        }
        let place = at.key("allowed_origins");
        let allowed_origins = self
            .allowed_origins
            .iter()
            .filter_map(|text| origin(report, &place, text))
            .collect();
        let signicat = filled(self.claim_map.as_ref()).as_deref() == Some("signicat");
        Some(Oidc {
            issuer: issuer?,
            issuer_url: issuer_url?,
            client_id: client_id?,
            auth_method: auth_method?,
            client_secret: client_secret?,
            private_key: private_key?,
            algorithm: algorithm?,
            key_id: filled(self.key_id.as_ref()),
            assertion_audience: filled(self.assertion_audience.as_ref()),
            decryption_key: decryption_key?,
            decryption_key_ids: self.decryption_key_ids.clone(),
            encrypted_only: encrypted_only?,
            scopes: self.scopes.clone(),
            acr_values: self.acr_values.clone(),
            claim_map: claim_map?,
            loa_claim: loa_claim?,
            loa_values,
            nonce: nonce?,
            access_token: access_token?,
            pushed_requests: pushed_requests?,
            // Signicat gives the number at UserInfo only.
            userinfo: self.userinfo.unwrap_or(signicat),
            allowed_origins,
            tls: tls?,
        })
    }

    fn access_token(
        &self,
        mode: LoginMode,
        auth_method: Option<ClientAuth>,
        at: &At,
        report: &mut Report,
    ) -> Option<AccessTokens> {
        let place = at.key("access_token");
        let chosen = choice(
            report,
            &place,
            &self.access_token,
            &[
                ("refused", AccessTokens::Refused),
                ("jwt", AccessTokens::Jwt),
                ("introspect", AccessTokens::Introspect),
            ],
        )?;
        if mode == LoginMode::Rp && chosen != AccessTokens::Refused {
            report.refuse(&place, "is for mode \"exchange\" only; set \"refused\"");
        }
        if chosen == AccessTokens::Introspect && auth_method == Some(ClientAuth::None) {
            report.refuse(
                &at.key("auth_method"),
                "is \"none\", and access_token \"introspect\" asks the provider in the client's name; set how the client proves itself",
            );
        }
        Some(chosen)
    }

    fn check_decryption(&self, at: &At, report: &mut Report) {
        let keyless = self.decryption_key.is_none() && self.decryption_key_file.is_none();
        if keyless && !self.decryption_key_ids.is_empty() {
            report.refuse(
                &at.key("decryption_key_ids"),
                "names keys, and there is no decryption_key; set it or remove the names",
            );
        }
        if self
            .decryption_key_ids
            .iter()
            .any(|id| id.trim().is_empty())
        {
            report.refuse(&at.key("decryption_key_ids"), "holds an empty name");
        }
    }
}

fn show_levels<S: serde::Serializer>(
    levels: &BTreeMap<String, LevelOfAssurance>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(levels.iter().map(|(word, level)| (word, level.to_string())))
}
