//! The overview: a party's zaken from every source, merged, sorted, filtered and cut into pages.
//!
//! Every source is asked and judged by itself ([`super::offer`]); what it gave within the page's time is
//! merged here, where nothing is asked any more. A source that is late goes on in the background.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use futures_util::future::join_all;
use serde_json::Value;

use super::offer::{Offer, ask, judged};
use super::order::{Cursor, Place, same_everywhere};
use super::params::{ListParams, StatusFilter};
use super::view::{Count, Counts, Filters, Label, ListItem, ListView, NeedsLevel, ZaaktypeFilter};
use super::{Zaken, target};
use crate::domain::zgw::Zaak;
use crate::domain::{LevelOfAssurance, Sealer, SupportCode};
use crate::gate::Folded;
use crate::mijn::Viewing;
use crate::mijn::page::{InTime, Until};
use crate::mijn::part::{Part, SourceReport, report};
use crate::policy::Module;
use crate::upstream::http::UpstreamError;
use crate::upstream::zgw::zaken::{Seen, ZakenOfParty};

/// One zaak in the merged list.
struct Entry<'a> {
    offer: &'a Offer,
    folded: &'a Folded,
    place: Place,
}

impl<'a> Entry<'a> {
    fn zaak(&self) -> &'a Zaak {
        self.folded.zaak.get().zaak()
    }
}

/// What became of the question to one source.
type Answer = InTime<Result<Offer, UpstreamError>>;

impl Zaken {
    /// Kind `zaken` of `docs/wire.md`.
    pub async fn list(&self, viewing: &Viewing, params: &Value, until: &Until) -> Part {
        if let Some(refusal) = viewing.refusal(Module::Zaken) {
            return refusal;
        }
        let Some(params) = ListParams::parse(params) else {
            return Part::not_understood("params");
        };
        let answers = join_all(self.sources.iter().map(|source| {
            let (source, params) = (source.clone(), params.clone());
            let viewing = viewing.measured();
            until.or_late(async move {
                let asked = Box::pin(ask(&source, &viewing, &params));
                source.within_deadline("zaken", asked).await
            })
        }))
        .await;
        self.assembled(viewing, &params, answers)
    }

    /// The list out of what each source answered: everything but the asking, for a benchmark.
    pub async fn list_of(
        &self,
        viewing: &Viewing,
        params: &Value,
        answers: Vec<ZakenOfParty>,
    ) -> Part {
        let Some(params) = ListParams::parse(params) else {
            return Part::not_understood("params");
        };
        let judging = self
            .sources
            .iter()
            .zip(answers)
            .map(|(source, answer)| judged(source, viewing, &params, answer));
        let answers = join_all(judging).await;
        let answers = answers.into_iter().map(InTime::Yes).collect();
        self.assembled(viewing, &params, answers)
    }

    fn assembled(&self, viewing: &Viewing, params: &ListParams, answers: Vec<Answer>) -> Part {
        let code = LazyCell::new(SupportCode::generate);
        let mut reports = Vec::new();
        let mut offers = Vec::new();
        let mut missing = BTreeSet::new();
        let mut reason = None;
        let mut late = false;
        for (source, answer) in self.sources.iter().zip(answers) {
            let name = source.name().clone();
            match answer {
                InTime::Yes(Ok(offer)) => {
                    reports.push(offer.report());
                    for (what, why) in &offer.lacking {
                        missing.insert(*what);
                        reason.get_or_insert(*why);
                    }
                    for error in &offer.failed {
                        report(error, &code);
                    }
                    offers.push(offer);
                }
                InTime::Yes(Err(error)) => {
                    report(&error, &code);
                    missing.insert("zaken");
                    reason.get_or_insert(error.kind.reason());
                    reports.push(SourceReport::unavailable(name));
                }
                InTime::Late => {
                    late = true;
                    missing.insert("zaken");
                    reports.push(SourceReport::late(name));
                }
                InTime::Failed => {
                    missing.insert("zaken");
                    reason.get_or_insert("internal");
                    reports.push(SourceReport::unavailable(name));
                }
            }
        }
        if offers.iter().all(|offer| offer.zaken.is_empty()) {
            if late {
                return Part::late(reports);
            }
            if let Some(reason) = reason {
                return Part::unavailable(reports, reason, *code);
            }
        }
        let view = page(viewing, params, &offers);
        if missing.is_empty() {
            return Part::ok(&view, reports);
        }
        let reason = reason.unwrap_or(if late { "late" } else { "bound" });
        Part::partial(&view, reports, missing.into_iter().collect(), reason, *code)
    }
}

/// Sorts, filters and cuts.
fn page<'a>(viewing: &Viewing, params: &ListParams, offers: &'a [Offer]) -> ListView<'a> {
    let entries = entries(params, offers);
    let mut matching: Vec<&Entry<'_>> = entries
        .iter()
        .filter(|entry| entry.offer.matches(entry.zaak(), params))
        .collect();
    matching.sort_by(|one, other| one.place.cmp(&other.place));
    let start = params.cursor().map_or(0, |cursor| {
        cursor.start(&matching, |entry| (&entry.place, entry.zaak()))
    });
    let end = matching.len().min(start.saturating_add(params.page_size));
    let shown = matching.get(start..end).unwrap_or_default();
    let mut handles = viewing.handles.sealer(&viewing.identity.on_behalf_of);
    let item = |entry: &&Entry<'a>| item(viewing, &mut handles, entry);
    let zaken = shown.iter().map(item).collect();
    let unseen = |open: bool| {
        offers.iter().any(|offer| {
            let horizon = offer.horizon;
            Seen::All != if open { horizon.open } else { horizon.closed }
        })
    };
    let more = match params.status {
        StatusFilter::All => unseen(true) || unseen(false),
        StatusFilter::Open => unseen(true),
        StatusFilter::Closed => unseen(false),
    };
    // Behind the last one and not at the next: between the two may be zaken that were not read yet.
    let next = shown
        .last()
        .filter(|_| more || matching.len() > end)
        .map(|last| Cursor::behind(params.sort, &last.place, last.zaak(), end));
    // From beyond the end, as an old bookmark may be, one goes back to the last page.
    let before = match start {
        0 => None,
        _ if shown.is_empty() => Some((start - 1) / params.page_size * params.page_size),
        _ => Some(start.saturating_sub(params.page_size)),
    };
    let previous = before.and_then(|at| {
        let first = matching.get(at)?;
        Some(Cursor::at(params.sort, &first.place, first.zaak(), at))
    });
    let open = entries
        .iter()
        .filter(|entry| entry.zaak().is_open())
        .count();
    let count = |value, at_least| Count { value, at_least };
    ListView {
        next: next.map(|cursor| cursor.text()),
        previous: previous.map(|cursor| cursor.text()),
        zaken,
        total: count(matching.len(), more),
        counts: Counts {
            open: count(open, unseen(true)),
            closed: count(entries.len() - open, unseen(false)),
        },
        filters: filters(&entries),
        needs_loa: needs_level(offers),
    }
}

/// The nearest level at which more is shown, and how many zaken that are.
fn needs_level(offers: &[Offer]) -> Option<NeedsLevel> {
    let mut levels: BTreeMap<LevelOfAssurance, usize> = BTreeMap::new();
    for (level, count) in offers.iter().flat_map(|offer| &offer.needs_level) {
        *levels.entry(*level).or_default() += count;
    }
    let (required_loa, count) = levels.pop_first()?;
    Some(NeedsLevel {
        required_loa,
        count,
    })
}

/// Every zaak of every source. One that two sources offer stands in it once, as the source that is named
/// first in the configuration gives it.
fn entries<'a>(params: &ListParams, offers: &'a [Offer]) -> Vec<Entry<'a>> {
    let mut seen = HashSet::new();
    offers
        .iter()
        .flat_map(|offer| offer.zaken.iter().map(move |folded| (offer, folded)))
        .filter(|(_, folded)| {
            offers.len() < 2
                || same_everywhere(folded.zaak.get().zaak()).is_none_or(|same| seen.insert(same))
        })
        .map(|(offer, folded)| {
            let zaak = folded.zaak.get().zaak();
            Entry {
                offer,
                folded,
                place: Place::of(params.sort, zaak, offer.label(zaak)),
            }
        })
        .collect()
}

fn filters<'a>(entries: &[Entry<'a>]) -> Filters<'a> {
    let mut zaaktypen: BTreeMap<&str, (&str, usize)> = BTreeMap::new();
    let mut years = BTreeSet::new();
    for entry in entries {
        let zaak = entry.zaak();
        if let (Some(label), Some(value)) =
            (entry.offer.label(zaak), entry.offer.filter_value(zaak))
        {
            zaaktypen.entry(value).or_insert((label, 0)).1 += 1;
        }
        years.extend(year(zaak));
    }
    let mut zaaktypen: Vec<_> = zaaktypen
        .into_iter()
        .map(|(value, (label, count))| ZaaktypeFilter {
            value,
            label,
            count,
        })
        .collect();
    zaaktypen.sort_by_cached_key(|filter| filter.label.to_lowercase());
    Filters {
        zaaktypen,
        years: years.into_iter().rev().collect(),
    }
}

/// The year in which residents look for the zaak.
pub(super) fn year(zaak: &Zaak) -> Option<i16> {
    zaak.registratiedatum
        .or(zaak.startdatum)
        .map(jiff::civil::Date::year)
}

fn item<'a>(viewing: &Viewing, handles: &mut Sealer<'_>, entry: &Entry<'a>) -> ListItem<'a> {
    let zaak = entry.zaak();
    ListItem {
        handle: handles.seal(&target(&zaak.id, None)),
        zaaknummer: zaak.identificatie.as_deref(),
        zaaktype: entry.offer.label(zaak),
        omschrijving: zaak.omschrijving.as_deref(),
        registratiedatum: zaak.registratiedatum,
        startdatum: zaak.startdatum,
        einddatum_gepland: zaak.einddatum_gepland,
        uiterlijke_einddatum: zaak.uiterlijke_einddatum,
        einddatum: zaak.einddatum,
        open: zaak.is_open(),
        status: entry.offer.status(viewing, zaak),
        resultaat: None::<Label>,
        deelzaken: entry.folded.deelzaken.len(),
    }
}
