//! Puts the demo together and runs it until a signal.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use serde_json::json;

use super::configuration::{Configuration, DemoSite, source_of};
use super::fragment;
use crate::api::server::Bound;
use crate::app::{App, Keeping, Sockets};
use crate::cli::serve::runtime;
use crate::cli::{DemoArgs, Outcome};
use crate::config::{self, Purpose};
use crate::domain::{Clock, SiteId};
use crate::lifecycle::stop_signal;
use crate::sandbox::{self, Large, PersonNumber, Sandbox, SandboxOptions};
use crate::telemetry;

/// A stop must be over within five seconds.
const STOP: Duration = Duration::from_secs(3);
/// A megabyte as networks and disks count it.
const MB: u64 = 1_000_000;

pub fn run(args: &DemoArgs) -> Outcome {
    telemetry::init("warn,zijspan=info", false);
    runtime()?.block_on(async {
        let demo = Demo::start(args, Clock::system()).await?;
        announce(args.json, &demo.ready)?;
        stop_signal().await;
        demo.stop().await;
        Ok(ExitCode::SUCCESS)
    })
}

/// A running demo. The integration tests use it too, with a clock of their own.
#[derive(Debug)]
pub struct Demo {
    pub app: App,
    pub sandbox: Sandbox,
    /// The line that `--json` prints.
    pub ready: serde_json::Value,
}

impl Demo {
    pub async fn stop(self) {
        self.app.stop(STOP).await;
        self.sandbox.stop().await;
    }
}

/// Ports in the order of the design; all 0 where the system may choose.
struct Ports([u16; 6]);

impl Ports {
    fn new(base: Option<u16>) -> Self {
        Self(base.map_or([0; 6], |base| {
            [0, 1, 2, 3, 4, 5].map(|n| base.saturating_add(n))
        }))
    }
}

impl Demo {
    pub async fn start(args: &DemoArgs, clock: Clock) -> anyhow::Result<Self> {
        let Ports([api, public, hooks, ops, idp, upstreams]) = Ports::new(args.port_base);
        let address = |port| std::net::SocketAddr::from(([127, 0, 0, 1], port));
        let sockets = Sockets {
            api: Bound::localhost(api).await.context("listener api")?,
            public: Some(
                Bound::address(address(public))
                    .await
                    .context("listener public")?,
            ),
            hooks: Some(
                Bound::address(address(hooks))
                    .await
                    .context("listener hooks")?,
            ),
            ops: Some(Bound::address(address(ops)).await.context("listener ops")?),
        };
        let port = |bound: &Option<Bound>| bound.as_ref().map_or(0, Bound::port);
        let api_url = format!("http://localhost:{}", sockets.api.port());
        let public_url = format!("http://127.0.0.1:{}", port(&sockets.public));
        let hooks_url = format!("http://127.0.0.1:{}", port(&sockets.hooks));
        let ops_url = format!("http://127.0.0.1:{}", port(&sockets.ops));
        let origin = args
            .site_origin
            .as_deref()
            .unwrap_or("http://localhost:8488")
            .trim_end_matches('/');

        let own = match &args.upstreams {
            Some(file) => Some(fragment::read(file)?),
            None => None,
        };
        let mut options = SandboxOptions::new(clock.clone());
        options.idp_port = idp;
        options.upstreams_port = upstreams;
        options.zaken = args.zaken.map_or(options.zaken, to_usize);
        options.extra_persons = args.persons.map_or(0, to_usize);
        options.sites = usize::from(args.sites);
        options.sources = usize::from(args.sources);
        options.latency = args.latency;
        options.large = args.document_mb.map(|size| Large {
            length: u64::from(size) * MB,
            bytes_per_second: u64::from(args.document_rate) * MB,
        });
        options.signable = own.as_ref().and_then(|own| own.signable.clone());
        options.oidc_client.redirect_prefixes =
            vec![format!("{public_url}/"), format!("{origin}/")];
        // Other systems stand in for the sandbox's, whatever was said about those.
        anyhow::ensure!(
            own.is_none() || args.sites == 1,
            "--sites goes with the simulated sources; leave --upstreams out"
        );
        let site_count = options.sites;
        let sandbox = sandbox::start(options).await?;

        let mut sites = Vec::new();
        for n in 0..site_count {
            let sources = match &own {
                Some(own) => own.toml.clone(),
                None => sandbox_sources(&sandbox, n)?,
            };
            sites.push(DemoSite::new(n, sources)?);
        }
        std::fs::create_dir_all(&args.dir)
            .with_context(|| format!("{} cannot be made", args.dir.display()))?;
        let file = args.dir.join("zijspan.toml");
        let ports = [
            sockets.api.port(),
            port(&sockets.public),
            port(&sockets.hooks),
            port(&sockets.ops),
        ];
        let toml = Configuration {
            ports,
            public_url: &public_url,
            origin,
            issuer: sandbox.idp_url(),
            bounds: own.as_ref().map_or("", |own| &own.bounds),
        }
        .to_toml(&sites)?;
        write_private(&file, &toml)?;
        let loaded = config::check(&file, &[], Some(Purpose::Demo), clock.now());
        let config = match loaded {
            Ok((config, _)) => config,
            Err(errors) => anyhow::bail!("{errors}"),
        };
        let now = clock.now();
        let app = App::start(&config, sockets, clock, Keeping::InMemory).await?;
        if own.is_none() {
            for site in &sites {
                let site = SiteId::parse(site.id)?;
                app.api()
                    .policies
                    .write(&site, 0, &sandbox::toonregels(), false, now)
                    .await?;
            }
        }

        let persons: Vec<_> = sandbox
            .persons()
            .iter()
            .map(|person| {
                let (kind, number) = match &person.number {
                    PersonNumber::Bsn(number) => ("bsn", number),
                    PersonNumber::Kvk(number) => ("kvk", number),
                };
                json!({ kind: number, "name": person.name, "about": person.about })
            })
            .collect();
        let mut ready = json!({
            "api": api_url,
            "public": public_url,
            "hooks": hooks_url,
            "ops": ops_url,
            "idp": sandbox.idp_url(),
            "upstreams": sandbox.upstreams_url(),
            "config": std::path::absolute(&file)?,
            "client_id": sandbox.client_id(),
            "site": sites.first().map(DemoSite::to_json),
            "persons": persons,
        });
        if sites.len() > 1
            && let Some(line) = ready.as_object_mut()
        {
            let all = sites.iter().map(DemoSite::to_json).collect();
            line.insert("sites".to_owned(), all);
        }
        Ok(Self {
            app,
            sandbox,
            ready,
        })
    }
}

/// The simulated sources of the n-th site, as `[[site.source]]` tables.
fn sandbox_sources(sandbox: &Sandbox, site: usize) -> anyhow::Result<String> {
    sandbox
        .bronnen()
        .iter()
        .filter(|bron| bron.site == site)
        .map(source_of)
        .collect()
}

fn to_usize(n: u32) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

fn announce(json: bool, ready: &serde_json::Value) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    if json {
        writeln!(out, "{ready}")?;
    } else {
        let text = |field: &str| ready[field].as_str().unwrap_or_default().to_owned();
        writeln!(out, "api        {}", text("api"))?;
        writeln!(out, "public     {}", text("public"))?;
        writeln!(out, "inloggen   {}", text("idp"))?;
        writeln!(out, "bronnen    {}", text("upstreams"))?;
        writeln!(out, "instelling {}", text("config"))?;
        for person in ready["persons"].as_array().into_iter().flatten() {
            let number = person["bsn"].as_str().or(person["kvk"].as_str());
            writeln!(
                out,
                "  {:<9}  {}: {}",
                number.unwrap_or_default(),
                person["name"].as_str().unwrap_or_default(),
                person["about"].as_str().unwrap_or_default(),
            )?;
        }
    }
    out.flush()?;
    Ok(())
}

/// The file holds secrets.
fn write_private(file: &Path, text: &str) -> anyhow::Result<()> {
    let written = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(file)
        .and_then(|mut file| file.write_all(text.as_bytes()));
    written.with_context(|| format!("{} cannot be written", file.display()))
}
