//! Composition root: the only file that knows every module. From a configuration to running listeners.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::Context as _;
use aws_lc_rs::hkdf;

use crate::api::router;
use crate::api::server::{Bound, ServerLimits};
use crate::api::state::{Api, Inner, RateCap, Site};
use crate::config::{self, Config, LoginMode, SourceKind};
use crate::documents::{Tickets, ZgwSource};
use crate::domain::{Clock, HandleCodec, HandleKey, KeyId, SecretBytes, SiteId};
use crate::identity::asserted::{Asserted, AssertedSettings};
use crate::identity::claims::{ClaimMap, ClaimPath};
use crate::identity::exchange::Exchange;
use crate::identity::oidc::{
    AcrValue, ClientAuth, ExchangeSettings, Logins, NonceRule, Provider, ProviderSettings,
    Providers,
};
use crate::identity::{Pseudonyms, SessionSettings, Sessions};
use crate::lifecycle::Tasks;
use crate::logboek::{Audit, AuditActor, AuditEvent};
use crate::mijn::Mijn;
use crate::mijn::page::Pages;
use crate::mijn::zaken::Zaken;
use crate::policy::{Bounds, Modules, PolicyStore, RolSoort};
use crate::signing::{KeyPair, KeyStatus, KeyTable, Scope, SigningKey, Verifier, Window};
use crate::store::durable::Durable;
use crate::store::nonces::{MemoryNonces, Nonces};
use crate::store::shared::{MemoryLimits, MemoryState, ServerKey, SharedState, Vault};
use crate::store::sqlite::Sqlite;
use crate::upstream::http::ClientSettings;
use crate::upstream::zgw::catalogi::Catalogus;
use crate::upstream::zgw::{
    Component, ComponentSettings, ListMethod, RollenStrategy, Zgw, ZgwCredentials, ZgwSettings,
};

/// The sockets of the four listeners, bound before anything else so that a port that is taken is said at
/// once.
#[derive(Debug)]
pub struct Sockets {
    pub api: Bound,
    pub public: Option<Bound>,
    pub hooks: Option<Bound>,
    pub ops: Option<Bound>,
}

impl Sockets {
    pub async fn bind(listeners: &config::Listeners) -> anyhow::Result<Self> {
        let optional = async |name: &str, listener: &Option<config::Listener>| match listener {
            Some(listener) => bind(name, listener).await.map(Some),
            None => Ok(None),
        };
        Ok(Self {
            api: bind("api", &listeners.api.as_listener()).await?,
            public: optional("public", &listeners.public).await?,
            hooks: optional("hooks", &listeners.hooks).await?,
            ops: optional("ops", &listeners.ops).await?,
        })
    }
}

async fn bind(name: &str, listener: &config::Listener) -> anyhow::Result<Bound> {
    let bound = match &listener.bind {
        config::Bind::Localhost(port) => Bound::localhost(*port).await,
        config::Bind::Addr(address) => Bound::address(*address).await,
        config::Bind::Unix(path) => Bound::unix(path).await,
    };
    let bound = bound.with_context(|| {
        format!(
            "listener {name} cannot listen on {}; stop what uses it, or choose another address",
            listener.bind
        )
    })?;
    match &listener.tls {
        config::Tls::Files { cert, key } => bound
            .with_tls(cert, key)
            .with_context(|| format!("listener {name}: TLS")),
        config::Tls::Off | config::Tls::Terminated => Ok(bound),
    }
}

/// How much outlives the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// Nonces and policy in the state directory.
    OnDisk,
    /// Nothing: the keys are new at every start.
    InMemory,
}

/// A running sidecar.
#[derive(Debug)]
pub struct App {
    tasks: Tasks,
    nonces: Arc<MemoryNonces>,
    durable: Arc<dyn Durable>,
    clock: Clock,
    api: Api,
}

/// How often what has expired is dropped.
const SWEEP: std::time::Duration = std::time::Duration::from_secs(30);

impl App {
    pub async fn start(
        config: &Config,
        sockets: Sockets,
        clock: Clock,
        keeping: Keeping,
    ) -> anyhow::Result<Self> {
        let tasks = Tasks::new();
        let now = clock.now();
        let limits = &config.server.limits;
        let (nonces, durable): (MemoryNonces, Arc<dyn Durable>) = match keeping {
            Keeping::InMemory => (
                MemoryNonces::volatile(limits.nonces_per_key),
                Arc::new(Sqlite::in_memory().await?),
            ),
            Keeping::OnDisk => {
                let dir = &config.server.state_dir;
                let nonces = MemoryNonces::open(
                    dir,
                    limits.nonces_per_key,
                    config.server.signing.future_secs,
                    now,
                )?;
                let database = dir.join("zijspan.sqlite");
                (nonces, Arc::new(Sqlite::open(&database).await?))
            }
        };
        let nonces = Arc::new(nonces);
        let keys = Arc::new(key_table(config)?);
        let window = Window::new(
            config.server.signing.past_secs,
            config.server.signing.future_secs,
        )
        .context("server.signing: the window cannot be negative")?;
        let verifier = Verifier::new(
            keys,
            config.listeners.api.authorities.iter().cloned(),
            window,
            clock.clone(),
        )?;
        let vault = Arc::new(vault(config)?);
        let shared: Arc<dyn SharedState> = Arc::new(MemoryState::new(MemoryLimits {
            sessions: limits.sessions_per_site.saturating_mul(config.sites.len()),
            ..MemoryLimits::default()
        }));
        let providers = Arc::new(providers(config, &clock)?);
        let bounds: Vec<(SiteId, Bounds)> = config
            .sites
            .iter()
            .map(|site| (site.id.clone(), bounds(&site.policy)))
            .collect();
        let policies = PolicyStore::load(Arc::clone(&durable), bounds).await?;
        let mut sites = HashMap::new();
        for site in &config.sites {
            sites.insert(site.id.clone(), Arc::new(build_site(config, site, &clock)?));
        }
        let sessions = Sessions::new(
            Arc::clone(&shared),
            Arc::clone(&vault),
            SessionSettings {
                idle_secs: config.session.idle_secs,
                absolute_secs: config.session.absolute_secs,
                parallel: config.session.parallel,
            },
        );
        let api = Api::new(Inner {
            verifier,
            nonces: Arc::clone(&nonces) as Arc<dyn Nonces>,
            sessions: sessions.clone(),
            logins: Logins::new(
                Arc::clone(&shared),
                Arc::clone(&vault),
                Arc::clone(&providers),
                clock.clone(),
            ),
            exchange: Exchange::new(Arc::clone(&shared), Arc::clone(&providers)),
            asserted: Asserted::new(asserted(config), Arc::clone(&vault)),
            tickets: Tickets::new(Arc::clone(&shared), Arc::clone(&vault), clock.clone()),
            pages: Pages::new(tasks.clone()),
            policies,
            audit: Audit::new(Arc::clone(&durable), clock.clone()),
            pseudonyms: Pseudonyms::new(vault),
            clock: clock.clone(),
            sites,
            body_timeout: config.timeouts.body,
            streams: Arc::new(tokio::sync::Semaphore::new(limits.streams)),
            stream_idle: config.timeouts.stream_idle,
            page_budget: config.timeouts.page,
            default_budget: config.timeouts.budget,
            requests: Arc::new(tokio::sync::Semaphore::new(limits.requests)),
            caps: RateCap::new(limits.admin_per_minute),
        });
        let server = ServerLimits {
            connections: limits.connections,
            head: config.timeouts.headers,
        };
        sockets.api.serve(router::api(api.clone()), server, &tasks);
        if let Some(public) = sockets.public {
            public.serve(router::public(api.clone()), server, &tasks);
        }
        if let Some(hooks) = sockets.hooks {
            hooks.serve(router::hooks(), server, &tasks);
        }
        if let Some(ops) = sockets.ops {
            ops.serve(router::ops(api.clone()), server, &tasks);
        }
        let started = AuditEvent::Started {
            version: env!("CARGO_PKG_VERSION"),
        };
        api.audit.note(None, &AuditActor::System, &started).await;
        sweep(&tasks, sessions, api.audit.clone(), clock.clone());
        Ok(Self {
            tasks,
            nonces,
            durable,
            clock,
            api,
        })
    }

    pub const fn api(&self) -> &Api {
        &self.api
    }

    /// Refuses a provider that says it is a sandbox, where the site may not have one.
    pub async fn refuse_sandbox_issuers(&self, config: &Config) -> anyhow::Result<()> {
        for site in config
            .sites
            .iter()
            .filter(|site| site.forbids_sandbox_issuer())
        {
            for provider in self.api.logins.providers().of_site(&site.id) {
                // A provider that does not answer now is not refused: it is asked again at each login.
                if let Ok(discovery) = provider.discovery().await
                    && discovery.sandbox
                {
                    anyhow::bail!(
                        "site {}: identity provider {} is a sandbox, which is for environment \"demo\" only; configure the real one",
                        site.id,
                        provider.name()
                    );
                }
            }
        }
        Ok(())
    }

    /// A clean stop: running requests end, nonces are written down, the store is closed.
    pub async fn stop(self, grace: std::time::Duration) {
        self.tasks.stop();
        if !self.tasks.wait(grace).await {
            tracing::warn!("some requests were still running when the process stopped");
        }
        if let Err(error) = self.nonces.close(self.clock.now()) {
            tracing::error!(%error, "the nonces could not be written down");
        }
        self.durable.close().await;
    }
}

fn sweep(tasks: &Tasks, sessions: Sessions, audit: Audit, clock: Clock) {
    let watched = tasks.clone();
    tasks.spawn(async move {
        loop {
            tokio::select! {
                () = watched.stopping() => return,
                () = tokio::time::sleep(SWEEP) => {}
            }
            if let Err(error) = sessions.sweep(clock.now()).await {
                tracing::warn!(%error, "expired sessions could not be dropped");
            }
            if let Err(error) = audit.forget().await {
                tracing::warn!(%error, "old audit lines could not be erased");
            }
        }
    });
}

fn key_table(config: &Config) -> anyhow::Result<KeyTable> {
    let signing = |key: &config::SigningKey| SigningKey {
        id: key.keyid.clone(),
        secret: key.secret.bytes().clone(),
    };
    let mut pairs = Vec::new();
    for site in &config.sites {
        for key in &site.keys {
            let scopes = key.scopes.iter().map(|scope| match scope {
                config::Scope::Pages => Scope::Pages,
                config::Scope::Assert => Scope::Assert,
                config::Scope::Admin => Scope::Admin,
                config::Scope::Publish => Scope::Publish,
                config::Scope::Diagnose => Scope::Diagnose,
            });
            pairs.push(KeyPair {
                status: match key.state {
                    config::KeyState::Current | config::KeyState::Next => KeyStatus::Active,
                    config::KeyState::Revoked => KeyStatus::Revoked,
                },
                not_before: key.not_before,
                not_after: key.not_after,
                ..KeyPair::new(
                    site.id.clone(),
                    scopes,
                    signing(&key.request),
                    signing(&key.response),
                )
            });
        }
    }
    KeyTable::new(pairs).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        anyhow::anyhow!(lines.join("\n"))
    })
}

fn vault(config: &Config) -> anyhow::Result<Vault> {
    let key = |key: &config::ServerKey| {
        Ok::<_, anyhow::Error>(ServerKey {
            id: KeyId::parse(&format!("v{}", key.version))?,
            secret: key.secret.bytes().clone(),
        })
    };
    let current = config
        .server
        .current_key()
        .context("server.key: none has state \"current\"")?;
    let others = config
        .server
        .keys
        .iter()
        .filter(|other| other.version != current.version)
        .map(key)
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Vault::new(key(current)?, others)?)
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

fn bounds(bounds: &config::PolicyBounds) -> Bounds {
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
    }
}

fn build_site(config: &Config, site: &config::Site, clock: &Clock) -> anyhow::Result<Site> {
    let mut sources = Vec::new();
    for source in &site.sources {
        let SourceKind::Zgw(zgw) = &source.kind;
        let zgw = Zgw::new(zgw_settings(source, zgw), clock.clone())?;
        sources.push(ZgwSource {
            catalogus: Arc::new(Catalogus::new(zgw.clone(), clock.clone())),
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

fn zgw_settings(source: &config::Source, zgw: &config::ZgwSource) -> ZgwSettings {
    let component = |component, settings: &config::Component| ComponentSettings {
        component,
        base_url: settings.base_url.clone(),
        advertised_url: settings.advertised_url.clone(),
        credentials: ZgwCredentials {
            client_id: settings.client_id.clone(),
            secret: settings.secret.bytes().clone(),
            user_representation: zgw.user_representation.clone(),
        },
    };
    let mut components = vec![
        component(Component::Zaken, &zgw.zaken),
        component(Component::Catalogi, &zgw.catalogi),
        component(Component::Documenten, &zgw.documenten),
    ];
    components.extend(
        zgw.besluiten
            .as_ref()
            .map(|besluiten| component(Component::Besluiten, besluiten)),
    );
    components.extend(
        zgw.betrokkene_source
            .as_ref()
            .map(|register| component(Component::Betrokkenen, register)),
    );
    ZgwSettings {
        name: source.name.clone(),
        label: source.label.clone(),
        components,
        list_method: match zgw.list_method {
            config::ListMethod::Zoek => ListMethod::Zoek,
            config::ListMethod::Get => ListMethod::Get,
        },
        rollen: if !zgw.bsn_in_url {
            RollenStrategy::Expand
        } else if zgw.rollen_by_person {
            RollenStrategy::ByPerson
        } else {
            RollenStrategy::PerZaak
        },
        expand: zgw.expand,
        ordering: zgw.ordering,
        substatussen: zgw.substatussen,
        documenten_zoek: zgw.documenten_zoek,
        max_pages: u32::try_from(zgw.max_pages).unwrap_or(u32::MAX),
        http: ClientSettings {
            connect_timeout: zgw.timeouts.connect,
            timeout: zgw.timeouts.attempt,
            max_body: zgw.max_body,
            max_concurrent: zgw.max_concurrent,
        },
    }
}

fn providers(config: &Config, clock: &Clock) -> anyhow::Result<Providers> {
    let mut providers = Vec::new();
    for site in &config.sites {
        for idp in &site.idps {
            let Some(oidc) = &idp.oidc else { continue };
            let settings = provider_settings(config, site, idp, oidc)
                .with_context(|| format!("site {}, identity provider {}", site.id, idp.name))?;
            let provider = Provider::new(settings, clock.clone())?;
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

fn asserted(config: &Config) -> HashMap<SiteId, AssertedSettings> {
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

/// New random bytes for a key.
pub fn random_key() -> anyhow::Result<SecretBytes> {
    let mut bytes = vec![0_u8; 32];
    aws_lc_rs::rand::fill(&mut bytes)
        .map_err(|_| anyhow::anyhow!("the system gave no random bytes"))?;
    Ok(SecretBytes::new(bytes))
}
