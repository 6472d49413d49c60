//! From the configuration of an identity provider to a client of it. Here its secrets and keys are read.

use std::sync::Arc;

use anyhow::Context as _;
use secrecy::SecretString;

use crate::config::{self, Config, LoginMode};
use crate::domain::SiteId;
use crate::identity::claims::{ClaimMap, ClaimPath};
use crate::identity::oidc::{
    AccessTokens, AcrValue, ClientAuth, Decryption, DecryptionKeys, ExchangeSettings, NonceRule,
    Provider, ProviderSettings, Providers, PushedRequests,
};
use crate::upstream::http::auth::{AssertionAlgorithm, AssertionKey};
use crate::upstream::http::{ClientSettings, Host, TlsSettings};

pub(super) fn build(config: &Config, host: impl Fn(&SiteId) -> Host) -> anyhow::Result<Providers> {
    let mut providers = Vec::new();
    for site in &config.sites {
        for idp in &site.idps {
            let Some(oidc) = &idp.oidc else { continue };
            let host = Host {
                component: "idp",
                ..host(&site.id)
            };
            let clock = host.clock.clone();
            let settings = provider_settings(config, site, idp, oidc, host)
                .with_context(|| format!("site {}, identity provider {}", site.id, idp.name))?;
            let provider = Provider::new(settings, clock)?;
            providers.push((site.id.clone(), Arc::new(provider)));
        }
    }
    Ok(Providers::new(providers))
}

fn provider_settings(
    config: &Config,
    site: &config::Site,
    idp: &config::Idp,
    oidc: &config::Oidc,
    host: Host,
) -> anyhow::Result<ProviderSettings> {
    let mut claims = match &oidc.claim_map {
        config::ClaimMap::Preset(name) => {
            ClaimMap::preset(name).context("claim_map is not one of the presets")?
        }
        config::ClaimMap::Custom(map) => {
            serde_json::from_value(serde_json::json!({ "claims": map }))
                .context("claims cannot be read; see the reference for their names")?
        }
    };
    let level: Vec<&str> = oidc.loa_claim.iter().map(String::as_str).collect();
    claims.loa = ClaimPath::new(&level);
    claims.loa_values.clone_from(&oidc.loa_values);
    let redirect = site
        .public_url
        .as_ref()
        .map(|public| format!("{}/callback", public.text()))
        .unwrap_or_default();
    let rp = idp.mode == LoginMode::Rp;
    Ok(ProviderSettings {
        auth: client_auth(oidc, rp)?,
        scopes: oidc.scopes.clone(),
        acr_values: oidc
            .acr_values
            .iter()
            .map(|value| AcrValue {
                level: crate::domain::LevelOfAssurance::from_acr(Some(value)),
                value: value.clone(),
            })
            .collect(),
        min_loa: idp.min_loa,
        userinfo: oidc.userinfo,
        extra_origins: oidc.allowed_origins.clone(),
        login: rp,
        exchange: (!rp).then(|| ExchangeSettings {
            nonce: match oidc.nonce {
                config::NonceRule::Required => NonceRule::Equal,
                config::NonceRule::Absent => NonceRule::Absent,
            },
            access_token: access_tokens(oidc),
        }),
        pushed_requests: match oidc.pushed_requests {
            config::PushedRequests::Offered => PushedRequests::Offered,
            config::PushedRequests::Required => PushedRequests::Required,
            config::PushedRequests::Never => PushedRequests::Never,
        },
        decryption: decryption(oidc)?,
        post_logout_redirect_uri: rp.then(|| format!("{}/", site.origin)),
        client: ClientSettings {
            connect_timeout: config.timeouts.connect,
            timeout: config.timeouts.login,
            deadline: config.timeouts.login,
            tls: TlsSettings {
                roots: oidc.tls.ca.as_ref().map(|ca| Arc::clone(&ca.bytes)),
                identity: oidc.tls.identity.as_ref().map(|own| own.pem.clone()),
            },
            host,
            ..ClientSettings::default()
        },
        ..ProviderSettings::new(
            idp.name.clone(),
            &oidc.issuer,
            &oidc.client_id,
            &redirect,
            claims,
        )
    })
}

/// How the client proves itself. Where it never asks anything in its own name it may have no proof.
fn client_auth(oidc: &config::Oidc, logs_in: bool) -> anyhow::Result<ClientAuth> {
    let asks = logs_in || oidc.access_token == config::AccessTokens::Introspect;
    let secret = || {
        let secret = oidc
            .client_secret
            .as_ref()
            .context("client_secret is not set")?;
        let text = std::str::from_utf8(secret.bytes().expose())?;
        Ok::<_, anyhow::Error>(SecretString::from(text.to_owned()))
    };
    Ok(match oidc.auth_method {
        _ if !asks => ClientAuth::None,
        config::ClientAuth::None => ClientAuth::None,
        config::ClientAuth::ClientSecretBasic => ClientAuth::SecretBasic(secret()?),
        config::ClientAuth::ClientSecretPost => ClientAuth::SecretPost(secret()?),
        config::ClientAuth::TlsClientAuth => ClientAuth::Tls,
        config::ClientAuth::PrivateKeyJwt => ClientAuth::PrivateKeyJwt(assertion_key(oidc)?),
    })
}

fn assertion_key(oidc: &config::Oidc) -> anyhow::Result<AssertionKey> {
    let pem = oidc
        .private_key
        .as_ref()
        .context("private_key is not set")?;
    let (algorithm, wanted) = match oidc.algorithm {
        config::AssertionAlgorithm::Ps256 => (AssertionAlgorithm::Ps256, "RSA key in PEM"),
        config::AssertionAlgorithm::Rs256 => (AssertionAlgorithm::Rs256, "RSA key in PEM"),
        config::AssertionAlgorithm::Es256 => {
            (AssertionAlgorithm::Es256, "P-256 key in PEM (PKCS#8)")
        }
    };
    AssertionKey::from_pem(
        pem.bytes(),
        algorithm,
        oidc.key_id.clone(),
        oidc.assertion_audience.clone(),
    )
    .with_context(|| format!("private_key holds no {wanted}"))
}

fn decryption(oidc: &config::Oidc) -> anyhow::Result<Option<Decryption>> {
    let Some(pem) = &oidc.decryption_key else {
        return Ok(None);
    };
    let keys = DecryptionKeys::from_pem(pem.bytes(), &oidc.decryption_key_ids)
        .context("decryption_key")?;
    Ok(Some(Decryption {
        keys: Arc::new(keys),
        required: oidc.encrypted_only,
    }))
}

const fn access_tokens(oidc: &config::Oidc) -> AccessTokens {
    match oidc.access_token {
        config::AccessTokens::Refused => AccessTokens::Refused,
        config::AccessTokens::Jwt => AccessTokens::Jwt,
        config::AccessTokens::Introspect => AccessTokens::Introspected,
    }
}
