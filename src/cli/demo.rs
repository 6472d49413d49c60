//! `zijspan demo`: sidecar, simulated sources and a test identity provider in one process.
//!
//! The demo writes an ordinary configuration and starts from it, so that it runs what `serve` runs.

#[cfg(not(feature = "sandbox"))]
pub fn run(_args: &super::DemoArgs) -> super::Outcome {
    anyhow::bail!(
        "this build has no sandbox, so it has no demo; build with the default features for one"
    )
}

#[cfg(feature = "sandbox")]
pub use with_sandbox::{Demo, run};

/// `--upstreams FILE`: sources that stand in for the simulated ones.
///
/// FILE holds `[[source]]` tables, written as `[[site.source]]` in a configuration. Their addresses must be
/// on this machine; any other needs `test_data = true` and `numbers = [...]` above the first table, and
/// then only those numbers can log in: real people's data is not for a demo. There too may stand
/// `zaak_vertrouwelijkheid` and `document_vertrouwelijkheid`, where the test data is more confidential than
/// a site shows of itself; the Toonregels must then allow it as well.
#[cfg(feature = "sandbox")]
mod fragment {
    use std::path::Path;

    use anyhow::Context as _;
    use figment::Figment;
    use figment::providers::{Format as _, Toml};
    use figment::value::Value;

    use crate::domain::{BaseUrl, Vertrouwelijkheid};

    #[derive(Debug)]
    pub struct Fragment {
        /// As `[[site.source]]` tables.
        pub toml: String,
        /// The only numbers that can log in, when given.
        pub signable: Option<Vec<String>>,
        /// Lines for `[site.policy]`.
        pub bounds: String,
    }

    #[derive(Debug, serde::Deserialize)]
    struct Head {
        #[serde(default)]
        test_data: bool,
        numbers: Option<Vec<String>>,
        zaak_vertrouwelijkheid: Option<Vertrouwelijkheid>,
        document_vertrouwelijkheid: Option<Vertrouwelijkheid>,
    }

    impl Head {
        fn bounds(&self) -> String {
            [
                ("zaak_vertrouwelijkheid", self.zaak_vertrouwelijkheid),
                (
                    "document_vertrouwelijkheid",
                    self.document_vertrouwelijkheid,
                ),
            ]
            .into_iter()
            .filter_map(|(key, level)| Some(format!("{key} = \"{}\"\n", level?.as_str())))
            .collect()
        }
    }

    pub fn read(file: &Path) -> anyhow::Result<Fragment> {
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("{} cannot be read", file.display()))?;
        parse(&text).with_context(|| file.display().to_string())
    }

    fn parse(text: &str) -> anyhow::Result<Fragment> {
        let at = text
            .lines()
            .take_while(|line| !line.trim_start().starts_with('['))
            .map(|line| line.len() + 1)
            .sum::<usize>()
            .min(text.len());
        let (head, tables) = text.split_at(at);
        let head: Head = Figment::from(Toml::string(head)).extract()?;
        let toml: String = tables
            .lines()
            .map(|line| {
                let line = line.replacen("[[source]]", "[[site.source]]", 1);
                let line = line.replacen("[source.", "[site.source.", 1);
                line + "\n"
            })
            .collect();
        let value: Value = Figment::from(Toml::string(&toml)).extract()?;
        let mut addresses = Vec::new();
        collect(&value, &mut addresses);
        anyhow::ensure!(!addresses.is_empty(), "it holds no source with a base_url");
        let away = addresses
            .iter()
            .find(|address| BaseUrl::parse(address).map_or(true, |base| !base.is_loopback()));
        if let Some(address) = away {
            anyhow::ensure!(
                head.test_data && head.numbers.is_some(),
                "{address} is not on this machine; a demo with other systems needs test_data = true and numbers = [\"…\"], the test numbers that may log in"
            );
        }
        Ok(Fragment {
            toml,
            bounds: head.bounds(),
            signable: head.numbers,
        })
    }

    fn collect(value: &Value, addresses: &mut Vec<String>) {
        match value {
            Value::Dict(_, dict) => {
                for (key, value) in dict {
                    match value.as_str() {
                        Some(text) if key == "base_url" => addresses.push(text.to_owned()),
                        _ => collect(value, addresses),
                    }
                }
            }
            Value::Array(_, items) => items.iter().for_each(|item| collect(item, addresses)),
            _ => {}
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        const SOURCE: &str = "[[source]]\nname = \"zgw\"\n[source.zaken]\nbase_url = \"";

        #[test]
        fn sources_on_this_machine_stand_in_for_the_sandbox() {
            let read = parse(&format!("{SOURCE}http://127.0.0.1:8000/zaken/api/v1\"\n")).unwrap();
            assert!(read.toml.contains("[[site.source]]"));
            assert!(read.toml.contains("[site.source.zaken]"));
            assert_eq!(read.signable, None);
        }

        #[test]
        fn bounds_may_be_wider_for_test_data() {
            let file =
                format!("zaak_vertrouwelijkheid = \"geheim\"\n{SOURCE}http://127.0.0.1:8000\"\n");
            assert_eq!(
                parse(&file).unwrap().bounds,
                "zaak_vertrouwelijkheid = \"geheim\"\n"
            );
            let unknown = file.replace("geheim", "zeer");
            assert!(parse(&unknown).is_err());
        }

        #[test]
        fn other_systems_need_test_data_and_numbers() {
            let elsewhere = format!("{SOURCE}https://zgw.example/zaken/api/v1\"\n");
            assert!(parse(&elsewhere).is_err());
            assert!(parse(&format!("test_data = true\n{elsewhere}")).is_err());
            let told = format!("test_data = true\nnumbers = [\"999990019\"]\n\n{elsewhere}");
            assert_eq!(
                parse(&told).unwrap().signable,
                Some(vec!["999990019".to_owned()])
            );
            assert!(parse("numbers = []\n").is_err());
        }
    }
}

#[cfg(feature = "sandbox")]
mod with_sandbox {
    use std::fmt::Write as _;
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    use std::path::Path;
    use std::process::ExitCode;
    use std::time::Duration;

    use anyhow::Context as _;
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use serde_json::json;

    use crate::api::server::Bound;
    use crate::app::{App, Keeping, Sockets, random_key};
    use crate::cli::serve::runtime;
    use crate::cli::{DemoArgs, Outcome};
    use crate::config::{self, Purpose};
    use crate::domain::{Clock, SiteId};
    use crate::lifecycle::stop_signal;
    use crate::sandbox::{self, PersonNumber, Sandbox, SandboxOptions};
    use crate::telemetry;

    /// A stop must be over within five seconds.
    const STOP: Duration = Duration::from_secs(3);
    const SITE: &str = "demo";

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

    struct Keys {
        request: String,
        response: String,
        admin: String,
        server: String,
    }

    impl Keys {
        fn new() -> anyhow::Result<Self> {
            let key = || Ok::<_, anyhow::Error>(STANDARD.encode(random_key()?.expose()));
            Ok(Self {
                request: key()?,
                response: key()?,
                admin: key()?,
                server: key()?,
            })
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
                Some(file) => Some(super::fragment::read(file)?),
                None => None,
            };
            let mut options = SandboxOptions::new(clock.clone());
            options.idp_port = idp;
            options.upstreams_port = upstreams;
            options.zaken = args.zaken.map_or(options.zaken, to_usize);
            options.extra_persons = args.persons.map_or(0, to_usize);
            options.signable = own.as_ref().and_then(|own| own.signable.clone());
            options.oidc_client.redirect_prefixes =
                vec![format!("{public_url}/"), format!("{origin}/")];
            let sandbox = sandbox::start(options).await?;

            let keys = Keys::new()?;
            std::fs::create_dir_all(&args.dir)
                .with_context(|| format!("{} cannot be made", args.dir.display()))?;
            let file = args.dir.join("zijspan.toml");
            let sources = match &own {
                Some(own) => own.toml.clone(),
                None => sandbox_source(&sandbox)?,
            };
            let ports = [
                sockets.api.port(),
                port(&sockets.public),
                port(&sockets.hooks),
                port(&sockets.ops),
            ];
            let toml = configuration(
                ports,
                &public_url,
                origin,
                &keys,
                sandbox.idp_url(),
                &sources,
                own.as_ref().map_or("", |own| &own.bounds),
            )?;
            write_private(&file, &toml)?;
            let loaded = config::check(&file, &[], Some(Purpose::Demo), clock.now());
            let config = match loaded {
                Ok((config, _)) => config,
                Err(errors) => anyhow::bail!("{errors}"),
            };
            let now = clock.now();
            let app = App::start(&config, sockets, clock, Keeping::InMemory).await?;
            if own.is_none() {
                let site = SiteId::parse(SITE)?;
                app.api()
                    .policies
                    .write(&site, 0, &sandbox::toonregels(), false, now)
                    .await?;
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
            let ready = json!({
                "api": api_url,
                "public": public_url,
                "hooks": hooks_url,
                "ops": ops_url,
                "idp": sandbox.idp_url(),
                "upstreams": sandbox.upstreams_url(),
                "config": std::path::absolute(&file)?,
                "client_id": sandbox.client_id(),
                "site": {
                    "id": SITE,
                    "request_keyid": "demo-request-1",
                    "request_secret": keys.request,
                    "response_keyid": "demo-response-1",
                    "response_secret": keys.response,
                    "admin_keyid": "demo-admin-1",
                    "admin_secret": keys.admin,
                },
                "persons": persons,
            });
            Ok(Self {
                app,
                sandbox,
                ready,
            })
        }
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

    fn sandbox_source(sandbox: &Sandbox) -> anyhow::Result<String> {
        let client = sandbox
            .api_clients()
            .first()
            .context("the sandbox has no client")?;
        let secret = std::str::from_utf8(client.secret.expose())?;
        let base = sandbox.upstreams_url();
        let mut toml = format!(
            "[[site.source]]\nkind = \"zgw\"\nname = \"zgw\"\nlabel = \"Zaaksysteem\"\nclient_id = \"{}\"\nsecret = \"{secret}\"\nsubstatussen = true\n",
            client.client_id
        );
        for component in ["zaken", "catalogi", "documenten", "besluiten"] {
            write!(
                toml,
                "[site.source.{component}]\nbase_url = \"{base}/{component}/api/v1\"\n"
            )?;
        }
        Ok(toml)
    }

    fn configuration(
        [api, public, hooks, ops]: [u16; 4],
        public_url: &str,
        origin: &str,
        keys: &Keys,
        issuer: &str,
        sources: &str,
        bounds: &str,
    ) -> anyhow::Result<String> {
        let mut toml = format!(
            r#"# Written anew by every `zijspan demo`.
[listeners.api]
bind = "localhost:{api}"
[listeners.public]
bind = "127.0.0.1:{public}"
[listeners.hooks]
enabled = true
bind = "127.0.0.1:{hooks}"
[listeners.ops]
bind = "127.0.0.1:{ops}"

[server]
state_dir = "state"
[[server.key]]
version = 1
state = "current"
secret = "{server}"

[[site]]
id = "{SITE}"
label = "Gemeente Lindenwaard"
environment = "demo"
origin = "{origin}"
public_url = "{public_url}"
return_path = "/"

[site.policy]
rollen = ["initiator", "gemachtigde", "belanghebbende"]
{bounds}
[[site.key]]
state = "current"
scopes = ["pages"]
[site.key.request]
keyid = "demo-request-1"
secret = "{request}"
[site.key.response]
keyid = "demo-response-1"
secret = "{response}"

[[site.key]]
state = "current"
scopes = ["admin"]
[site.key.request]
keyid = "demo-admin-1"
secret = "{admin}"
[site.key.response]
keyid = "demo-response-1"

"#,
            server = keys.server,
            request = keys.request,
            response = keys.response,
            admin = keys.admin,
        );
        for (name, label, mode, kinds) in [
            ("digid", "DigiD", "rp", r#"["burger", "onderneming"]"#),
            ("eherkenning", "eHerkenning", "rp", r#"["onderneming"]"#),
            (
                "portaal",
                "Portaal",
                "exchange",
                r#"["burger", "onderneming"]"#,
            ),
        ] {
            write!(
                toml,
                "[[site.idp]]\nname = \"{name}\"\nlabel = \"{label}\"\nmode = \"{mode}\"\nkinds = {kinds}\nissuer = \"{issuer}\"\nclient_id = \"{client}\"\nauth_method = \"none\"\nclaim_map = \"demo\"\nmin_loa = \"low\"\n\n",
                client = sandbox::CLIENT_ID,
            )?;
        }
        toml.push_str(sources);
        Ok(toml)
    }
}
