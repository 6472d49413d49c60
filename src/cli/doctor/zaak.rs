//! `zijspan doctor zaak`: why a zaak is shown or not to each of its betrokkenen.
//!
//! Who may run this command may not for that reason see whose zaak it is: only types of rol and reasons
//! are printed. No number, no name, and no word of the source that is not one of a known list.

use std::fmt::Write as _;
use std::sync::Arc;

use anyhow::Context as _;

use super::Report;
use crate::app::{Sites, database, policy_bounds};
use crate::config::Config;
use crate::documents::ZgwSource;
use crate::domain::zgw::{Betrokkene, Rol, Zaak};
use crate::domain::{
    Bedrijfsnummers, Clock, KvkNummer, LevelOfAssurance, Onderneming, SourceName, Subject,
    today_in_nl,
};
use crate::gate::{KnownZaaktype, Reason, Verdict, Viewer, judge_zaak};
use crate::lifecycle::Tasks;
use crate::mijn::zaken::beheer::explain;
use crate::policy::{Policy, PolicyStore};
use crate::store::durable::Durable;
use crate::store::sqlite::Sqlite;
use crate::upstream::http::UpstreamError;

/// Which zaak of which source of which site.
#[derive(Clone, Copy)]
pub(super) struct Ask<'a> {
    pub source: &'a str,
    pub nummer: &'a str,
    pub site: Option<&'a str>,
}

pub(super) async fn report(config: &Config, clock: &Clock, ask: Ask<'_>) -> anyhow::Result<Report> {
    let site = match ask.site {
        Some(id) => config.sites.iter().find(|site| site.id.as_str() == id),
        None if config.sites.len() == 1 => config.sites.first(),
        None => anyhow::bail!("there is more than one site; say which with --site"),
    };
    let site = site.context("there is no such site in the configuration")?;
    let built = Sites::build(config, clock, &Tasks::new())?;
    let name = SourceName::parse(ask.source)?;
    let source = built
        .sites
        .get(&site.id)
        .and_then(|known| known.mijn.zaken.source(&name))
        .with_context(|| format!("site {} has no source {name}", site.id))?;
    let policy = policy(config, site).await?;
    Ok(match lines(source, ask.nummer, &policy, clock).await {
        Ok(Some(text)) => Report { text, ok: true },
        Ok(None) => Report {
            text: format!(
                "Bron {name} geeft geen zaak met dit nummer. Controleer het nummer, en of deze client leesrechten heeft voor dit zaaktype.\n"
            ),
            ok: false,
        },
        Err(error) => Report {
            text: format!("{}\n", explain(&error)),
            ok: false,
        },
    })
}

/// The policy that pages go by: the stored one, or the default where none was written.
async fn policy(config: &Config, site: &crate::config::Site) -> anyhow::Result<Arc<Policy>> {
    let file = database(config);
    let durable: Arc<dyn Durable> = if file.exists() {
        Arc::new(Sqlite::open(&file).await?)
    } else {
        Arc::new(Sqlite::in_memory().await?)
    };
    let policies = PolicyStore::load(Arc::clone(&durable), policy_bounds(config)).await?;
    durable.close().await;
    Ok(policies.policy(&site.id).unwrap_or_default())
}

/// `None` when there is no such zaak.
async fn lines(
    source: &ZgwSource,
    nummer: &str,
    policy: &Policy,
    clock: &Clock,
) -> Result<Option<String>, UpstreamError> {
    let zaken = source.zgw.zaken_by_number(nummer).await?;
    if zaken.is_empty() {
        return Ok(None);
    }
    let several = zaken.len() > 1;
    let mut text = String::new();
    if !policy.modules.zaken {
        text.push_str("Let op: Mijn zaken staat uit in de toonregels, dus niemand ziet zaken.\n");
    }
    for (at, zaak) in zaken.into_iter().enumerate() {
        if several {
            // A String cannot fail to be written to.
            let _ = writeln!(text, "Zaak {} met dit nummer:", at + 1);
        }
        let rollen = source.zgw.rollen_for_diagnosis(&zaak.id).await?;
        let known = match &zaak.zaaktype {
            None => None,
            Some(id) => match source.catalogus.zaaktype(id).await {
                Ok(known) => known,
                Err(error) => return Err(error),
            },
        };
        let known = known.as_ref().map(|(zaaktype, domein)| KnownZaaktype {
            zaaktype,
            domein: domein.as_deref(),
        });
        if rollen.is_empty() {
            text.push_str(
                "  verborgen  Er zijn geen rollen bij deze zaak, dus niemand ziet hem.\n",
            );
        }
        for rol in &rollen {
            text.push_str(&line(&zaak, known, rol, &rollen, policy, clock));
        }
    }
    Ok(Some(text))
}

/// What a login as the betrokkene of `rol` would see of the zaak.
fn line(
    zaak: &Zaak,
    known: Option<KnownZaaktype<'_>>,
    rol: &Rol,
    rollen: &[Rol],
    policy: &Policy,
    clock: &Clock,
) -> String {
    let who = format!("{}, {}", soort(&rol.betrokkene), roltype(rol));
    let reason = match login_as(&rol.betrokkene) {
        Login::Nobody => {
            return format!("  n.v.t.     {who}: Kan hier niet inloggen.\n");
        }
        Login::No(reason) => Some(reason),
        Login::Yes(subject) => {
            let viewer = Viewer {
                subject,
                acts_for_another: false,
                mandate: None,
                loa: LevelOfAssurance::HIGH,
                today: today_in_nl(clock.now()),
            };
            match judge_zaak(zaak.clone(), known, rollen, &viewer, policy) {
                Verdict::Show(_) => None,
                Verdict::Hide(reason) => Some(reason),
            }
        }
    };
    match reason {
        None => format!("  getoond    {who}\n"),
        Some(reason) => format!(
            "  verborgen  {who}: {} ({})\n",
            reason.sentence(),
            reason.as_str()
        ),
    }
}

/// Whether, and as whom, a betrokkene can log in.
enum Login {
    Yes(Subject),
    No(Reason),
    Nobody,
}

fn login_as(betrokkene: &Betrokkene) -> Login {
    let company =
        |kvk: &Option<KvkNummer>, rsin: Option<_>| match Bedrijfsnummers::new(kvk.clone(), rsin) {
            Some(nummers) => Login::Yes(Subject::Onderneming(Onderneming {
                nummers,
                vestiging: None,
            })),
            None => Login::No(Reason::RolZonderNummer),
        };
    match betrokkene {
        Betrokkene::NatuurlijkPersoon { bsn: Some(bsn) } => {
            Login::Yes(Subject::Burger(bsn.clone()))
        }
        Betrokkene::NatuurlijkPersoon { bsn: None } | Betrokkene::Onbekend => {
            Login::No(Reason::RolZonderNummer)
        }
        Betrokkene::NietNatuurlijkPersoon { kvk, rsin, .. } => company(kvk, rsin.clone()),
        Betrokkene::Vestiging { kvk, .. } => company(kvk, None),
        Betrokkene::Url(_) => Login::No(Reason::RolOnbewijsbaar),
        Betrokkene::Ander(_) => Login::Nobody,
    }
}

fn soort(betrokkene: &Betrokkene) -> &'static str {
    match betrokkene {
        Betrokkene::NatuurlijkPersoon { .. } => "natuurlijk persoon",
        Betrokkene::NietNatuurlijkPersoon { .. } => "bedrijf of organisatie",
        Betrokkene::Vestiging { .. } => "vestiging",
        Betrokkene::Url(_) => "betrokkene in een ander systeem",
        Betrokkene::Ander(kind) if kind == "medewerker" => "medewerker",
        Betrokkene::Ander(kind) if kind == "organisatorische_eenheid" => "afdeling",
        Betrokkene::Ander(_) => "ander soort betrokkene",
        Betrokkene::Onbekend => "betrokkene zonder gegevens",
    }
}

/// The generic roles of the Catalogi API; what a source writes beside those could be anything.
const ROLTYPEN: [&str; 10] = [
    "adviseur",
    "behandelaar",
    "belanghebbende",
    "beslisser",
    "gemachtigde",
    "initiator",
    "klantcontacter",
    "mede_initiator",
    "medeinitiator",
    "zaakcoordinator",
];

fn roltype(rol: &Rol) -> String {
    let written = rol.generiek();
    let known = ROLTYPEN
        .into_iter()
        .find(|known| written.as_deref() == Some(known))
        .unwrap_or("onbekend roltype");
    let marked = rol.indicatie_machtiging.as_deref().map(str::trim);
    match marked {
        Some(word @ ("gemachtigde" | "machtiginggever")) => format!("{known} ({word})"),
        _ => known.to_owned(),
    }
}
