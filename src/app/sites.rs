//! From a configuration to the sites with their sources and identity providers. Nothing is asked here.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::Context as _;
use aws_lc_rs::hkdf;

use super::{providers, sources};
use crate::api::state::Site;
use crate::config::{self, Config, LoginMode, SourceKind};
use crate::documents::ZgwSource;
use crate::domain::{Clock, HandleCodec, HandleKey, SiteId};
use crate::identity::asserted::AssertedSettings;
use crate::identity::oidc::Providers;
use crate::lifecycle::Tasks;
use crate::mijn::Mijn;
use crate::mijn::zaken::Zaken;
use crate::policy::{Bounds, MandaatBounds, Modules, RolSoort};
use crate::upstream::http::Host;
use crate::upstream::http::cache::Answers;
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
            providers: Arc::new(providers::build(config, host)?),
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
        mandaten: MandaatBounds {
            bewind: bounds.bewind,
            zonder_dienst: bounds.mandaat_zonder_dienst,
        },
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
        feeds_userdata: site.feed_userdata,
        mijn: Arc::new(Mijn {
            zaken: Zaken::new(sources),
        }),
        handles: Arc::new(handles(config, &site.id)?),
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
