//! The features, one folder each with the standard's names. Knows no axum.
//!
//! A page asks for *parts*; [`page`] runs them side by side within one budget. To add a module, give it a
//! folder with a function from a [`Viewing`] and params to a [`part::Part`], and name its kinds in
//! [`Mijn::part`] and [`Mijn::KINDS`].

mod admission;
pub mod page;
pub mod part;
pub mod zaken;

pub use admission::MandateView;

use std::sync::Arc;

use jiff::civil::Date;
use serde_json::Value;

use crate::domain::{Asker, HandleCodec, Identity, SourceName};
use crate::gate::Viewer;
use crate::policy::Policy;
use page::Until;
use part::Part;

/// Everything that one caller's page needs besides the sources.
#[derive(Debug, Clone)]
pub struct Viewing {
    pub identity: Arc<Identity>,
    pub policy: Arc<Policy>,
    pub handles: Arc<HandleCodec>,
    /// How sources know the caller, and the session in which their answers may be remembered.
    pub asker: Asker,
    pub today: Date,
}

impl Viewing {
    /// The same caller, with the age of what sources said counted from here.
    #[must_use]
    pub fn measured(&self) -> Self {
        Self {
            asker: self.asker.measured(),
            ..self.clone()
        }
    }

    pub fn viewer(&self) -> Viewer {
        Viewer::of(&self.identity, self.today)
    }

    /// Whether a source is switched off for this site: then it is not asked, and what it holds is neither
    /// "unavailable" nor "empty".
    pub fn source_is_off(&self, source: &SourceName) -> bool {
        self.policy.source_is_off(source)
    }
}

/// The modules of one site with their sources.
#[derive(Debug, Clone)]
pub struct Mijn {
    pub zaken: zaken::Zaken,
}

impl Mijn {
    /// Every kind of part that there is; the metrics know no other.
    pub const KINDS: &[&str] = &["zaken", "zaak"];

    /// Runs one part. An unknown kind makes that part unavailable, never the page.
    pub async fn part(&self, viewing: &Viewing, kind: &str, params: &Value, until: &Until) -> Part {
        match kind {
            "zaken" => match self.zaken.on(viewing) {
                (zaken, off) if zaken.sources().is_empty() && !off.is_empty() => {
                    Part::source_off(off)
                }
                (zaken, off) => zaken.list(viewing, params, until).await.and_sources(off),
            },
            "zaak" => self.zaken.detail(viewing, params, until).await,
            _ => Part::not_understood("unknown_kind"),
        }
    }
}
