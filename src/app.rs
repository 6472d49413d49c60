//! Composition root: the only file that knows every module. From a configuration to running listeners.

mod providers;
mod sites;
mod sources;

use std::sync::Arc;

use anyhow::Context as _;

pub use sites::{Sites, policy_bounds};

use crate::api::router;
use crate::api::server::{Bound, ServerLimits};
use crate::api::state::{Api, Inner, Places, RateCap};
use crate::config::{self, Config, Reload};
use crate::documents::Tickets;
use crate::domain::{Clock, KeyId, SecretBytes};
use crate::identity::asserted::Asserted;
use crate::identity::exchange::Exchange;
use crate::identity::oidc::Logins;
use crate::identity::{Pseudonyms, SessionSettings, Sessions};
use crate::lifecycle::Tasks;
use crate::logboek::{Audit, AuditActor, AuditEvent};
use crate::mijn::page::Pages;
use crate::policy::PolicyStore;
use crate::signing::{KeyPair, KeyStatus, KeyTable, Scope, SigningKey, Verifier, Window};
use crate::store::durable::Durable;
use crate::store::nonces::{MemoryNonces, Nonces};
use crate::store::shared::{MemoryLimits, MemoryState, ServerKey, SharedState, Vault};
use crate::store::sqlite::Sqlite;
use crate::telemetry;
use crate::upstream::http::cache::Answers;

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

/// The file in which policies and the audit log are kept.
pub fn database(config: &Config) -> std::path::PathBuf {
    config.server.state_dir.join("zijspan.sqlite")
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
        let metrics = telemetry::metrics::install();
        crate::upstream::http::describe();
        crate::upstream::zgw::catalogi::describe();
        metrics.keep(&tasks);
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
                (nonces, Arc::new(Sqlite::open(&database(config)).await?))
            }
        };
        let nonces = Arc::new(nonces);
        let verifier = verifier(config, &clock)?;
        let vault = Arc::new(vault(config)?);
        let shared: Arc<dyn SharedState> = Arc::new(MemoryState::new(MemoryLimits {
            sessions: limits.sessions_per_site.saturating_mul(config.sites.len()),
            ..MemoryLimits::default()
        }));
        let Sites {
            sites,
            providers,
            answers,
        } = Sites::build(config, &clock, &tasks)?;
        let policies = PolicyStore::load(Arc::clone(&durable), policy_bounds(config)).await?;
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
            asserted: Asserted::new(sites::asserted(config), Arc::clone(&vault)),
            tickets: Tickets::new(Arc::clone(&shared), Arc::clone(&vault), clock.clone()),
            pages: Pages::new(tasks.clone(), config.timeouts.page, answers.clone()),
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
            limits: Places {
                streams: limits.streams,
                requests: limits.requests,
            },
            caps: RateCap::new(limits.admin_per_minute),
            metrics: metrics.clone(),
            started: now,
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
        read_catalogues(config, &api, &tasks);
        sweep(&tasks, sessions, answers, api.audit.clone(), clock.clone());
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

    /// Applies what of a configuration may change at run time, for every page from here on, and says what
    /// waits for a restart.
    pub async fn reload(&self, reload: &Reload) {
        for (site, bounds) in policy_bounds(&reload.config) {
            if self.api.policies.bounds(&site).as_deref() == Some(&bounds) {
                continue;
            }
            let modules = reload
                .config
                .site(&site)
                .map(|site| site.policy.modules.clone());
            let event = AuditEvent::ConfigurationApplied {
                modules: modules.unwrap_or_default(),
                sources_off: bounds.bronnen_uit.clone(),
                needs_restart: reload.needs_restart.len(),
            };
            if self.api.policies.set_bounds(&site, bounds).is_ok() {
                self.api
                    .audit
                    .note(Some(&site), &AuditActor::System, &event)
                    .await;
            }
        }
        tracing::info!(
            changed = reload.applied.join(" "),
            "the configuration was read again"
        );
        if !reload.needs_restart.is_empty() {
            tracing::warn!(
                keys = reload.needs_restart.join(" "),
                "these keys changed and need a restart"
            );
        }
    }

    /// The configuration was read again and does not hold.
    pub async fn reload_refused(&self, problems: usize) {
        let event = AuditEvent::ConfigurationRefused { problems };
        self.api.audit.note(None, &AuditActor::System, &event).await;
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

/// Reads the catalogues before somebody needs them. Nobody waits for it, and a source that fails now is
/// asked again by the first page.
fn read_catalogues(config: &Config, api: &Api, tasks: &Tasks) {
    for settings in &config.sites {
        let (Some(site), Some(policy)) = (
            api.sites.get(&settings.id),
            api.policies.policy(&settings.id),
        ) else {
            continue;
        };
        for source in &settings.sources {
            let config::SourceKind::Zgw(zgw) = &source.kind;
            let wanted = zgw
                .catalogus_at_start
                .unwrap_or(settings.environment != config::Environment::Demo);
            if !wanted || policy.source_is_off(&source.name) {
                continue;
            }
            let Some(known) = site.mijn.zaken.source(&source.name) else {
                continue;
            };
            let catalogus = Arc::clone(&known.catalogus);
            tasks.spawn(async move {
                if let Err(error) = catalogus.fill().await {
                    tracing::warn!(%error, "the catalogue could not be read at start; the first page asks again");
                }
            });
        }
    }
}

fn sweep(tasks: &Tasks, sessions: Sessions, answers: Answers, audit: Audit, clock: Clock) {
    let watched = tasks.clone();
    tasks.spawn(async move {
        loop {
            tokio::select! {
                () = watched.stopping() => return,
                () = tokio::time::sleep(SWEEP) => {}
            }
            answers.sweep();
            if let Err(error) = sessions.sweep(clock.now()).await {
                tracing::warn!(%error, "expired sessions could not be dropped");
            }
            if let Err(error) = audit.forget().await {
                tracing::warn!(%error, "old audit lines could not be erased");
            }
        }
    });
}

/// Builds what a start builds before it listens, and drops it: a check refuses what a start refuses.
pub fn check(config: &Config) -> anyhow::Result<()> {
    let clock = Clock::system();
    verifier(config, &clock)?;
    vault(config)?;
    Sites::build(config, &clock, &Tasks::new())?;
    Ok(())
}

fn verifier(config: &Config, clock: &Clock) -> anyhow::Result<Verifier> {
    let window = Window::new(
        config.server.signing.past_secs,
        config.server.signing.future_secs,
    )
    .context("server.signing: the window cannot be negative")?;
    Ok(Verifier::new(
        Arc::new(key_table(config)?),
        config.listeners.api.authorities.iter().cloned(),
        window,
        clock.clone(),
    )?)
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

/// New random bytes for a key.
pub fn random_key() -> anyhow::Result<SecretBytes> {
    let mut bytes = vec![0_u8; 32];
    aws_lc_rs::rand::fill(&mut bytes)
        .map_err(|_| anyhow::anyhow!("the system gave no random bytes"))?;
    Ok(SecretBytes::new(bytes))
}
