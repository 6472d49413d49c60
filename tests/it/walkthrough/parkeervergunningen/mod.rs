//! Mijn parkeervergunningen: the permits of a party, out of every register of the site.

mod params;
mod view;

use std::sync::Arc;

use futures_util::future::join_all;
use serde_json::Value;
use zijspan::domain::{Doelbinding, SupportCode};
use zijspan::mijn::Viewing;
use zijspan::mijn::page::{InTime, Until};
use zijspan::mijn::part::{Part, SourceReport, SourceState, report};

use super::parkeren::{Eigenaar, Parkeren, Vergunningen};
use params::ListParams;

/// The registers of one site.
#[derive(Debug, Clone)]
pub struct Parkeervergunningen {
    sources: Arc<[Parkeren]>,
}

impl Parkeervergunningen {
    pub fn new(sources: Vec<Parkeren>) -> Self {
        Self {
            sources: sources.into(),
        }
    }

    /// Kind `parkeervergunningen`.
    pub async fn list(&self, viewing: &Viewing, params: &Value, until: &Until) -> Part {
        let Some(params) = ListParams::parse(params) else {
            return Part::not_understood("params");
        };
        let Some(eigenaar) = Eigenaar::of(&viewing.identity.on_behalf_of) else {
            return Part::denied("party");
        };
        // No rule says which services are about parking: a mandate that is limited opens nothing here.
        if viewing.viewer().reach(&viewing.policy).is_limited() {
            return Part::denied("mandate");
        }
        let (off, on): (Vec<_>, Vec<_>) = self
            .sources
            .iter()
            .partition(|source| viewing.source_is_off(source.name()));
        let off: Vec<_> = off
            .iter()
            .map(|source| SourceReport::skipped(source.name().clone()))
            .collect();
        if on.is_empty() && !off.is_empty() {
            return Part::source_off(off);
        }
        let answers = join_all(on.iter().map(|&source| {
            let (source, eigenaar) = (source.clone(), eigenaar.clone());
            // The age of what is used counts per source; the purpose is this module's own.
            let asker = viewing
                .asker
                .measured()
                .for_purpose(Doelbinding::new("parkeervergunningen"));
            until.or_late(async move {
                let found = source.vergunningen(&eigenaar, &asker).await;
                found.map(|found| (found, asker.oldest_ms()))
            })
        }))
        .await;

        let code = SupportCode::generate();
        let mut reports = Vec::new();
        let mut found: Vec<Vergunningen> = Vec::new();
        let mut reason = None;
        for (source, answer) in on.iter().zip(answers) {
            let name = source.name().clone();
            reports.push(match answer {
                InTime::Yes(Ok((vergunningen, age_ms))) => {
                    let of = vergunningen.of;
                    let count = vergunningen.items.len();
                    found.push(vergunningen);
                    if of.is_some() {
                        reason = reason.or(Some("bound"));
                    }
                    SourceReport {
                        age_ms,
                        of,
                        ..SourceReport::answered(name, count, Default::default())
                    }
                }
                InTime::Yes(Err(error)) => {
                    report(&error, &code);
                    reason = reason.or(Some(error.kind.reason()));
                    SourceReport::unavailable(name)
                }
                InTime::Late => {
                    reason = reason.or(Some("late"));
                    SourceReport::late(name)
                }
                InTime::Failed => {
                    reason = reason.or(Some("internal"));
                    SourceReport::unavailable(name)
                }
            });
        }
        let late = reports.iter().any(|it| it.state == SourceState::Late);
        let part = match reason {
            Some(_) if found.is_empty() && late => Part::late(reports),
            Some(reason) if found.is_empty() => Part::unavailable(reports, reason, code),
            Some(reason) => {
                let data = view::list(viewing.today, &params, &found, true);
                Part::partial(&data, reports, vec!["parkeervergunningen"], reason, code)
            }
            None => Part::ok(&view::list(viewing.today, &params, &found, false), reports),
        };
        part.and_sources(off)
    }
}
