//! `zijspan doctor`: whether a page would get its answers, one line per question, in words that a
//! webbeheerder understands.

mod zaak;

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use super::{ConfigFile, DoctorArgs, DoctorCommand, EXIT_REFUSED, Outcome};
use super::{config as cli_config, print, say, serve::runtime};
use crate::app::Sites;
use crate::config::{self, Config};
use crate::domain::Clock;
use crate::identity::IdentityError;
use crate::identity::oidc::Provider;
use crate::lifecycle::Tasks;
use crate::mijn::zaken::beheer::{self, Step};
use crate::upstream::http::ErrorKind;

pub fn run(args: &DoctorArgs) -> Outcome {
    match &args.command {
        Some(DoctorCommand::Zaak {
            config,
            source,
            nummer,
            site,
        }) => with_config(config, async |config| {
            let ask = zaak::Ask {
                source,
                nummer,
                site: site.as_deref(),
            };
            zaak::report(&config, &Clock::system(), ask).await
        }),
        None => {
            let Some(config) = &args.config else {
                say("zijspan: doctor needs --config FILE");
                return Ok(ExitCode::from(EXIT_REFUSED));
            };
            with_config(config, async |config| {
                report(&config, &Clock::system()).await
            })
        }
    }
}

/// What is printed, and whether all is well.
struct Report {
    text: String,
    ok: bool,
}

fn with_config(
    file: &ConfigFile,
    work: impl AsyncFnOnce(Config) -> anyhow::Result<Report>,
) -> Outcome {
    let config = match cli_config::load(file, None) {
        Ok(config) => config,
        Err(code) => return Ok(code),
    };
    let report = runtime()?.block_on(work(config))?;
    print(&report.text)?;
    Ok(if report.ok {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn report(config: &Config, clock: &Clock) -> anyhow::Result<Report> {
    let mut text = String::new();
    let mut failed = 0;
    let mut asked = 0;
    let mut write = |steps: &[Step]| -> std::fmt::Result {
        for step in steps {
            asked += 1;
            let word = if step.ok { "goed" } else { "FOUT" };
            failed += usize::from(!step.ok);
            write!(text, "  {word}  {}: {}", step.step, step.message)?;
            if step.ms > 0 {
                write!(text, " ({} ms)", step.ms)?;
            }
            text.push('\n');
        }
        Ok(())
    };
    let built = Sites::build(config, clock, &Tasks::new())?;
    write(&[state_dir(&config.server.state_dir)])?;
    for site in &config.sites {
        let Some(known) = built.sites.get(&site.id) else {
            continue;
        };
        let off = |name: &_| {
            let mut sources = site.sources.iter();
            sources.any(|source| source.name == *name && !source.enabled)
        };
        let mut steps = beheer::check(&known.mijn.zaken, clock, off).await;
        for provider in built.providers.of_site(&site.id) {
            steps.push(login(provider, site).await);
        }
        for step in &mut steps {
            // The same source name can stand at two sites.
            if config.sites.len() > 1 {
                step.step = format!("{} {}", site.id, step.step);
            }
        }
        write(&steps)?;
    }
    match failed {
        0 => writeln!(text, "Alles is goed: {asked} stappen.")?,
        1 => writeln!(text, "1 van de {asked} stappen is fout.")?,
        _ => writeln!(text, "{failed} van de {asked} stappen zijn fout.")?,
    }
    Ok(Report {
        text,
        ok: failed == 0,
    })
}

/// Whether the database and the nonces can be written. Nothing stays behind.
fn state_dir(dir: &Path) -> Step {
    // `serve` makes the folder, in the nearest folder that there is.
    let there = dir.ancestors().find(|folder| folder.is_dir());
    let written = there.map(|folder| {
        let probe = folder.join(format!(".zijspan-doctor-{}", uuid::Uuid::new_v4().simple()));
        std::fs::write(&probe, b"").and_then(|()| std::fs::remove_file(&probe))
    });
    let (ok, message) = match written {
        Some(Ok(())) if there == Some(dir) => {
            (true, "De werkmap kan worden beschreven.".to_owned())
        }
        Some(Ok(())) => (
            true,
            "De werkmap is er nog niet; zijspan maakt hem bij de eerste start.".to_owned(),
        ),
        _ => (
            false,
            format!(
                "In de werkmap {} kan niet worden geschreven. Geef de gebruiker waaronder zijspan draait schrijfrechten, of kies een andere map bij server.state_dir.",
                dir.display()
            ),
        ),
    };
    Step {
        step: "werkmap".to_owned(),
        ok,
        ms: 0,
        message,
    }
}

/// What the first login would ask of an identity provider.
async fn login(provider: &Provider, site: &config::Site) -> Step {
    let began = tokio::time::Instant::now();
    let answer = provider.check().await;
    let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let (ok, message) = match answer {
        Ok(discovery) if discovery.sandbox && site.forbids_sandbox_issuer() => (
            false,
            "Dit is een proefvoorziening waarmee iedereen als een ander kan inloggen. Die mag alleen bij environment \"demo\". Zet de echte inlogvoorziening bij issuer.".to_owned(),
        ),
        Ok(_) => (true, "De inlogvoorziening antwoordt.".to_owned()),
        Err(error) => (false, explain(error).to_owned()),
    };
    Step {
        step: format!("inloggen {}", provider.name()),
        ok,
        ms,
        message,
    }
}

const fn explain(error: IdentityError) -> &'static str {
    match error {
        IdentityError::DiscoveryIssuer => {
            "De inlogvoorziening noemt zichzelf anders dan bij issuer staat. Neem issuer letterlijk over uit haar metadata, met of zonder schuine streep aan het eind."
        }
        IdentityError::DiscoveryEndpoint => {
            "De metadata van de inlogvoorziening noemt een adres op een andere server, of er ontbreekt er een. Zet die server bij allowed_origins als dat klopt."
        }
        IdentityError::DiscoveryGarbled => {
            "De metadata van de inlogvoorziening is niet te lezen. Controleer issuer."
        }
        IdentityError::JwksGarbled => {
            "De inlogvoorziening geeft geen sleutel die te gebruiken is (RS256, PS256, ES256 of EdDSA). Vraag de leverancier naar haar jwks_uri."
        }
        IdentityError::Provider(ErrorKind::Connect) => {
            "De inlogvoorziening is niet bereikbaar. Controleer issuer, de firewall en het certificaat."
        }
        IdentityError::Provider(ErrorKind::Timeout) => {
            "De inlogvoorziening antwoordt niet op tijd."
        }
        IdentityError::Provider(ErrorKind::Redirect) => {
            "De inlogvoorziening verwijst door naar een ander adres. Zet het juiste adres bij issuer."
        }
        IdentityError::Provider(ErrorKind::Busy | ErrorKind::Server) => {
            "De inlogvoorziening heeft een storing. Meld dit bij de leverancier."
        }
        _ => "De inlogvoorziening geeft haar metadata of sleutels niet. Controleer issuer.",
    }
}
