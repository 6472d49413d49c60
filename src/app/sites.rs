//! From a configuration to the sites with their sources and identity providers. Nothing is asked here.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::Context as _;
use aws_lc_rs::hkdf;

use super::sources;
use crate::api::state::Site;
use crate::config::{self, Config, LoginMode, SourceKind};
use crate::documents::ZgwSource;
use crate::domain::{Clock, HandleCodec, HandleKey, SiteId};
use crate::identity::asserted::AssertedSettings;
use crate::identity::claims::{ClaimMap, ClaimPath};
use crate::identity::oidc::{
    AcrValue, ClientAuth, ExchangeSettings, NonceRule, Provider, ProviderSettings, Providers,
};
use crate::lifecycle::Tasks;
use crate::mijn::Mijn;
use crate::mijn::zaken::Zaken;
use crate::policy::{Bounds, Modules, RolSoort};
use crate::upstream::http::cache::Answers;
use crate::upstream::http::{ClientSettings, Host};
use crate::upstream::zgw::Zgw;
use crate::upstream::zgw::catalogi::{Catalogus, CatalogusSettings};

/// What a configuration knows of its sites, without a listener, a session or a key in sight.
#[derive(Debug)]
pub struct Sites {
    pub sites: HashMap<SiteId, Arc<Site>>,
    pub providers: Arc<Providers>,
    /// What the sources of all sites said a moment ago.
    pub answers: Answers,
}

impl Sites {
    pub fn build(config: &Config, clock: &Clock, tasks: &Tasks) -> anyhow::Result<Self> {
        let answers = answers(config, tasks)?;
        let host = |site: &SiteId| Host {
            site: Some(site.clone()),
            component: "",
            clock: clock.clone(),
            tasks: tasks.clone(),
        };
        let mut sites = HashMap::new();
        for site in &config.sites {
            let built = build_site(config, site, &host(&site.id), &answers)?;
            sites.insert(site.id.clone(), Arc::new(built));
        }
        Ok(Self {
            sites,
            providers: Arc::new(providers(config, host)?),
            answers,
        })
    }
}

/// How far the policy of each site can go.
pub fn policy_bounds(config: &Config) -> Vec<(SiteId, Bounds)> {
    config
        .sites
        .iter()
        .map(|site| (site.id.clone(), bounds(site)))
        .collect()
}

/// Handles of one site, under keys derived from the server keys.
fn handles(config: &Config, site: &SiteId) -> anyhow::Result<HandleCodec> {
    let derive = |key: &config::ServerKey| {
        let info = format!("zijspan/v1/handle/site={site}");
        let mut out = [0_u8; 64];
        hkdf::Salt::new(hkdf::HKDF_SHA256, b"zijspan-handle")
            .extract(key.secret.bytes().expose())
            .expand(&[info.as_bytes()], Length(64))
            .and_then(|okm| okm.fill(&mut out))
            .map_err(|_| anyhow::anyhow!("the handle key of site {site} cannot be derived"))?;
        Ok::<_, anyhow::Error>(HandleKey::new(key.version, out))
    };
    let current = config
        .server
        .current_key()
        .context("server.key: none has state \"current\"")?;
    let older = config
        .server
        .keys
        .iter()
        .filter(|other| other.version != current.version)
        .map(derive)
        .collect::<Result<Vec<_>, _>>()?;
    Ok(HandleCodec::new(site.clone(), derive(current)?, older))
}

struct Length(usize);

impl hkdf::KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn bounds(site: &config::Site) -> Bounds {
    let bounds = &site.policy;
    let sources = |off: bool| {
        let named = site
            .sources
            .iter()
            .filter(move |source| !off || !source.enabled);
        named.map(|source| source.name.clone()).collect()
    };
    Bounds {
        modules: Modules {
            zaken: bounds.modules.iter().any(|module| module == "zaken"),
        },
        zaak_vertrouwelijkheid: bounds.zaak_vertrouwelijkheid,
        document_vertrouwelijkheid: bounds.document_vertrouwelijkheid,
        rollen: RolSoort::ALL
            .into_iter()
            .filter(|soort| bounds.rollen.iter().any(|rol| rol == soort.as_str()))
            .collect(),
        bronnen: sources(false),
        bronnen_uit: sources(true),
    }
}

fn answers(config: &Config, tasks: &Tasks) -> anyhow::Result<Answers> {
    let mut secret = [0_u8; 32];
    aws_lc_rs::rand::fill(&mut secret)
        .map_err(|_| anyhow::anyhow!("the system gave no random bytes"))?;
    let bytes = u64::try_from(config.server.limits.answers_mb)
        .unwrap_or(u64::MAX)
        .saturating_mul(1024 * 1024);
    Ok(Answers::new(bytes, secret, tasks.clone()))
}

fn build_site(
    config: &Config,
    site: &config::Site,
    host: &Host,
    answers: &Answers,
) -> anyhow::Result<Site> {
    let clock = &host.clock;
    let mut sources = Vec::new();
    for source in &site.sources {
        let SourceKind::Zgw(zgw) = &source.kind;
        let catalogus = CatalogusSettings {
            site: host.site.clone(),
            fresh: zgw.catalogus,
        };
        let zgw = Zgw::new(
            sources::zgw_settings(source, zgw, host)?,
            clock.clone(),
            answers.clone(),
        )?;
        let tasks = host.tasks.clone();
        let catalogus = Catalogus::new(zgw.clone(), &catalogus, clock.clone(), tasks);
        sources.push(ZgwSource {
            catalogus: Arc::new(catalogus),
            zgw,
        });
    }
    let public_url = site.public_url.as_ref().map(crate::domain::BaseUrl::text);
    Ok(Site {
        id: site.id.clone(),
        environment: site.environment.as_str(),
        origin: site.origin.clone(),
        return_url: site.return_url(),
        public_is_same_origin: site.public_is_same_origin(),
        public_url,
        idps: site
            .idps
            .iter()
            .map(|idp| {
                let kinds = idp.kinds.iter().map(|kind| kind.as_str()).collect();
                (idp.name.as_str().to_owned(), kinds)
            })
            .collect(),
        logins: site
            .idps
            .iter()
            .filter(|idp| idp.mode == LoginMode::Rp)
            .map(|idp| idp.name.as_str().to_owned())
            .collect(),
        mijn: Arc::new(Mijn {
            zaken: Zaken::new(sources),
        }),
        handles: Arc::new(handles(config, &site.id)?),
    })
}

fn providers(config: &Config, host: impl Fn(&SiteId) -> Host) -> anyhow::Result<Providers> {
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
    anyhow::ensure!(
        oidc.decryption_key.is_none(),
        "decryption_key: encrypted id_tokens are not in this version; let the provider send signed ones"
    );
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
    // Signicat gives the number at UserInfo only.
    let userinfo = matches!(&oidc.claim_map, config::ClaimMap::Preset(name) if name == "signicat");
    let redirect = site
        .public_url
        .as_ref()
        .map(|public| format!("{}/callback", public.text()))
        .unwrap_or_default();
    let secret = || {
        let secret = oidc
            .client_secret
            .as_ref()
            .context("client_secret is not set")?;
        let text = std::str::from_utf8(secret.bytes().expose())?;
        Ok::<_, anyhow::Error>(secrecy::SecretString::from(text.to_owned()))
    };
    let rp = idp.mode == LoginMode::Rp;
    Ok(ProviderSettings {
        auth: match oidc.auth_method {
            config::ClientAuth::None => ClientAuth::None,
            config::ClientAuth::ClientSecretBasic => ClientAuth::SecretBasic(secret()?),
            config::ClientAuth::ClientSecretPost => ClientAuth::SecretPost(secret()?),
            config::ClientAuth::PrivateKeyJwt => {
                anyhow::bail!(
                    "auth_method \"private_key_jwt\" is not in this version; use client_secret_basic"
                )
            }
        },
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
        userinfo,
        extra_origins: oidc.allowed_origins.clone(),
        login: rp,
        exchange: (!rp).then(|| ExchangeSettings {
            nonce: match oidc.nonce {
                config::NonceRule::Required => NonceRule::Equal,
                config::NonceRule::Absent => NonceRule::Absent,
            },
            ..ExchangeSettings::default()
        }),
        post_logout_redirect_uri: rp.then(|| format!("{}/", site.origin)),
        client: ClientSettings {
            connect_timeout: config.timeouts.connect,
            timeout: config.timeouts.login,
            deadline: config.timeouts.login,
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

pub(super) fn asserted(config: &Config) -> HashMap<SiteId, AssertedSettings> {
    config
        .sites
        .iter()
        .filter_map(|site| {
            let idps: Vec<_> = site
                .idps
                .iter()
                .filter(|idp| idp.mode == LoginMode::Asserted)
                .collect();
            let loa = idps.iter().map(|idp| idp.max_loa).min()?;
            let serves = |kind| idps.iter().any(|idp| idp.serves(kind));
            Some((
                site.id.clone(),
                AssertedSettings {
                    bsn: serves(config::SubjectKind::Burger),
                    kvk: serves(config::SubjectKind::Onderneming),
                    loa,
                    per_minute: config.server.limits.assert_per_minute,
                },
            ))
        })
        .collect()
}
