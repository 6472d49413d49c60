//! The overview: a party's zaken from every source, judged, sorted, filtered and cut into pages.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use futures_util::future::{join, join_all};
use serde_json::Value;

use super::params::{ListParams, Sort, StatusFilter, cursor};
use super::types::Zaaktypen;
use super::view::{Count, Counts, Filters, Label, ListItem, ListView, StatusView, ZaaktypeFilter};
use super::{Zaken, handle, track};
use crate::documents::ZgwSource;
use crate::domain::zgw::{Rol, Status, Zaak};
use crate::domain::{Proven, SupportCode};
use crate::gate::{Folded, HiddenCounts, KnownZaaktype, Show, ShownZaak, fold, judge_zaak};
use crate::mijn::Viewing;
use crate::mijn::part::{Part, SourceReport, report};
use crate::upstream::http::{ErrorKind, UpstreamError};
use crate::upstream::zgw::Reach;
use crate::upstream::zgw::zaken::{OpenFilter, ZakenOfParty, ZakenQuery};

/// What one source gave, judged.
struct FromSource<'a> {
    source: &'a ZgwSource,
    zaken: Vec<Folded>,
    types: Zaaktypen,
    more: bool,
    /// Among what was not read may be zaken with the status asked for.
    more_wanted: bool,
    count: usize,
    hidden: HiddenCounts,
    /// Some zaken could not be judged, and why.
    lacking: Option<&'static str>,
}

/// One zaak in the merged list.
struct Entry<'a> {
    from: &'a FromSource<'a>,
    folded: &'a Folded,
    label: Option<&'a str>,
    filter_value: String,
}

impl Entry<'_> {
    fn zaak(&self) -> &Zaak {
        self.folded.zaak.get().zaak()
    }

    fn year(&self) -> Option<i16> {
        let zaak = self.zaak();
        zaak.registratiedatum
            .or(zaak.startdatum)
            .map(jiff::civil::Date::year)
    }

    fn matches(&self, params: &ListParams) -> bool {
        let zaak = self.zaak();
        let zaaktype = params
            .zaaktype
            .as_ref()
            .is_none_or(|wanted| *wanted == self.filter_value);
        let year = params.year.is_none_or(|wanted| self.year() == Some(wanted));
        params.wants(zaak) && zaaktype && year && params.q.as_deref().is_none_or(|q| self.holds(q))
    }

    /// Whether every word is somewhere in what the resident sees of the zaak, in whatever order.
    fn holds(&self, q: &str) -> bool {
        let zaak = self.zaak();
        let texts: Vec<String> = [
            zaak.identificatie.as_deref(),
            zaak.omschrijving.as_deref(),
            self.label,
        ]
        .into_iter()
        .flatten()
        .map(str::to_lowercase)
        .collect();
        q.to_lowercase()
            .split_whitespace()
            .all(|word| texts.iter().any(|text| text.contains(word)))
    }
}

impl Zaken {
    /// Kind `zaken` of `docs/wire.md`.
    pub async fn list(&self, viewing: &Viewing, params: &Value) -> Part {
        if !viewing.policy.modules.zaken {
            return Part::denied("module_off");
        }
        let Some(params) = ListParams::parse(params) else {
            return Part::not_understood("params");
        };
        let code = SupportCode::generate();
        let answers =
            join_all(self.sources.iter().map(|source| {
                source.within_deadline("zaken", from_source(source, viewing, &params))
            }))
            .await;
        self.assembled(viewing, &params, answers, code).await
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
            .map(|(source, answer)| judged(source, viewing, answer, false));
        let answers = join_all(judging).await;
        self.assembled(viewing, &params, answers, SupportCode::generate())
            .await
    }

    async fn assembled(
        &self,
        viewing: &Viewing,
        params: &ListParams,
        answers: Vec<Result<FromSource<'_>, UpstreamError>>,
        code: SupportCode,
    ) -> Part {
        let mut reports = Vec::new();
        let mut given = Vec::new();
        let mut missing = BTreeSet::new();
        let mut reason = None;
        for (source, answer) in self.sources.iter().zip(answers) {
            match answer {
                Ok(from) => {
                    reports.push(SourceReport::answered(
                        source.name().clone(),
                        from.count,
                        hidden(&from.hidden),
                    ));
                    if let Some(why) = from.lacking {
                        missing.insert("zaken");
                        reason.get_or_insert(why);
                    }
                    given.push(from);
                }
                Err(error) => {
                    report(&error, &code);
                    missing.insert("zaken");
                    reason.get_or_insert(error.kind.reason());
                    reports.push(SourceReport::unavailable(source.name().clone()));
                }
            }
        }
        let nothing = given.iter().all(|from| from.zaken.is_empty());
        if let Some(reason) = reason
            && nothing
        {
            return Part::unavailable(reports, reason, code);
        }
        let (view, status_error) = page(viewing, params, &mut given).await;
        if let Some(error) = status_error {
            report(&error, &code);
            missing.insert("status");
            reason.get_or_insert(error.kind.reason());
        }
        let Ok(data) = serde_json::to_value(view) else {
            return Part::unavailable(reports, "view", code);
        };
        Part::partial(
            data,
            reports,
            missing.into_iter().collect(),
            reason.unwrap_or("bound"),
            code,
        )
    }
}

fn hidden(counts: &HiddenCounts) -> BTreeMap<&'static str, u32> {
    counts
        .iter()
        .map(|(reason, count)| (reason.as_str(), count))
        .collect()
}

/// Reads as many pages as the page asked for needs, and all of them when too many zaken turn out to be
/// hidden or folded: else what comes after these would be out of reach.
async fn from_source<'a>(
    source: &'a ZgwSource,
    viewing: &Viewing,
    params: &ListParams,
) -> Result<FromSource<'a>, UpstreamError> {
    let needed = params.offset().saturating_add(params.page_size);
    let whole = params.searches()
        || params.sort != Sort::default()
        // Without an order at the source, its first pages may hold any of the zaken.
        || !source.zgw.settings().ordering;
    let read = read_source(source, viewing, params, (!whole).then_some(needed)).await?;
    let wanted = |folded: &&Folded| params.wants(folded.zaak.get().zaak());
    if !whole && read.more_wanted && read.zaken.iter().filter(wanted).count() < needed {
        return read_source(source, viewing, params, None).await;
    }
    Ok(read)
}

/// Reads pages enough for `needed` zaken, however many the source sends in one, or all up to the bound.
async fn read_source<'a>(
    source: &'a ZgwSource,
    viewing: &Viewing,
    params: &ListParams,
    needed: Option<usize>,
) -> Result<FromSource<'a>, UpstreamError> {
    let whole = Reach::pages(source.zgw.settings().max_pages);
    let query = ZakenQuery {
        subject: &viewing.identity.on_behalf_of,
        open: match params.status {
            StatusFilter::All => OpenFilter::All,
            StatusFilter::Open => OpenFilter::Open,
            StatusFilter::Closed => OpenFilter::Closed,
        },
        reach: Reach {
            enough: needed,
            ..whole
        },
        reach_of_all: if needed.is_some() {
            Reach::pages(1)
        } else {
            whole
        },
    };
    let (answer, ()) = join(
        source.zgw.zaken_of(&query, &viewing.asker),
        source.catalogus.warm(),
    )
    .await;
    judged(source, viewing, answer?, needed.is_none()).await
}

/// Puts every zaak that a source gave before the gate. With `whole`, a list that goes on lacks something.
async fn judged<'a>(
    source: &'a ZgwSource,
    viewing: &Viewing,
    answer: ZakenOfParty,
    whole: bool,
) -> Result<FromSource<'a>, UpstreamError> {
    let mut lacking = (answer.unprovable > 0).then_some("role_unprovable");
    if whole && answer.more_wanted {
        lacking.get_or_insert("bound");
    }
    if let Some(refused) = &answer.refused {
        lacking.get_or_insert(refused.kind.reason());
    }
    let wanted: HashSet<_> = answer
        .zaken
        .iter()
        .filter_map(|(zaak, _)| zaak.get().zaaktype.clone())
        .collect();
    let mut types = Zaaktypen::of(source, wanted).await;
    let viewer = viewing.viewer();
    let mut hidden = HiddenCounts::default();
    let mut shown = Vec::with_capacity(answer.zaken.len());
    let count = answer.zaken.len();
    for (zaak, rollen) in answer.zaken {
        let zaaktype = zaak.get().zaaktype.clone();
        let known = zaaktype.as_ref().and_then(|id| types.get(id));
        if known.is_none() && zaaktype.is_some() && types.failed.is_some() {
            // Without its type nothing can be said about the zaak: that is not the same as hidden.
            lacking.get_or_insert("catalogus");
            continue;
        }
        let known = known.map(|(zaaktype, domein)| KnownZaaktype { zaaktype, domein });
        let own: Vec<&Rol> = rollen.iter().map(Proven::get).collect();
        let verdict = judge_zaak(zaak.into_inner(), known, own, &viewer, &viewing.policy);
        shown.extend(verdict.or_count(&mut hidden));
    }
    if shown.is_empty()
        && let Some(error) = types.failed.take()
    {
        return Err(error);
    }
    if hidden.unprovable() {
        lacking.get_or_insert("role_unprovable");
    }
    Ok(FromSource {
        source,
        zaken: fold(shown, &viewing.policy),
        types,
        more: answer.more,
        more_wanted: answer.more_wanted,
        count,
        hidden,
        lacking,
    })
}

/// Sorts, filters and cuts; then looks up what only the shown page needs.
async fn page(
    viewing: &Viewing,
    params: &ListParams,
    given: &mut [FromSource<'_>],
) -> (ListView, Option<UpstreamError>) {
    let more = given.iter().any(|from| from.more);
    let more_wanted = given.iter().any(|from| from.more_wanted);
    // The page is chosen first, so that status lines are read for its zaaktypen only.
    let wanted: Vec<(HashSet<_>, HashSet<_>)> = {
        let entries = entries(viewing, given);
        let chosen = chosen(&entries, params);
        given
            .iter()
            .map(|from| {
                let of = |closed_only: bool| {
                    chosen
                        .iter()
                        .filter(|entry| std::ptr::eq(entry.from, from))
                        .filter(|entry| !closed_only || !entry.zaak().is_open())
                        .filter_map(|entry| entry.zaak().zaaktype.clone())
                        .collect()
                };
                (of(false), of(true))
            })
            .collect()
    };
    let mut failed = None;
    join_all(
        given
            .iter_mut()
            .zip(&wanted)
            .map(|(from, (wanted, closed))| {
                let source = from.source;
                from.types.with_statustypen(source, wanted.clone(), closed)
            }),
    )
    .await;
    for from in given.iter_mut() {
        failed = failed.or(from.types.statustypen_failed.take());
    }
    let entries = entries(viewing, given);
    let matching = entries.iter().filter(|entry| entry.matches(params)).count();
    let chosen = chosen(&entries, params);
    let items = join_all(chosen.iter().map(|entry| item(viewing, entry))).await;
    let mut zaken = Vec::with_capacity(items.len());
    for (item, error) in items {
        zaken.push(item);
        failed = failed.or(error);
    }
    let offset = params.offset();
    let end = offset.saturating_add(params.page_size);
    let open = entries
        .iter()
        .filter(|entry| entry.zaak().is_open())
        .count();
    // Of the status asked for everything may have been read while there is more of the other.
    let count = |value, of| Count {
        value,
        at_least: more && (more_wanted || params.status != of),
    };
    let view = ListView {
        next: (matching > end || (more_wanted && !zaken.is_empty())).then(|| cursor(end)),
        previous: params.previous(matching).map(cursor),
        zaken,
        total: count(matching, params.status),
        counts: Counts {
            open: count(open, StatusFilter::Open),
            closed: count(entries.len() - open, StatusFilter::Closed),
        },
        filters: filters(&entries),
    };
    (view, failed)
}

/// Every zaak of every source, in the order of the catalogue's days.
fn entries<'a>(viewing: &'a Viewing, given: &'a [FromSource<'a>]) -> Vec<Entry<'a>> {
    given
        .iter()
        .flat_map(|from| from.zaken.iter().map(move |folded| (from, folded)))
        .map(|(from, folded)| {
            let known = folded
                .zaak
                .get()
                .zaak()
                .zaaktype
                .as_ref()
                .and_then(|id| from.types.get(id));
            let label = known.and_then(|(zaaktype, domein)| {
                viewing
                    .policy
                    .zaaktype(domein, zaaktype.identificatie.as_deref())
                    .label()
                    .or(zaaktype.omschrijving.as_deref())
            });
            let filter_value = known.map_or_else(String::new, |(zaaktype, domein)| {
                format!(
                    "{}/{}",
                    domein.unwrap_or_default(),
                    zaaktype.identificatie.as_deref().unwrap_or_default()
                )
            });
            Entry {
                from,
                folded,
                label,
                filter_value,
            }
        })
        .collect()
}

fn chosen<'e, 'a>(entries: &'e [Entry<'a>], params: &ListParams) -> Vec<&'e Entry<'a>> {
    let mut matching: Vec<&Entry<'a>> = entries
        .iter()
        .filter(|entry| entry.matches(params))
        .collect();
    match params.sort {
        Sort::StartdatumDown => matching.sort_by_key(|e| Reverse(e.zaak().startdatum)),
        Sort::StartdatumUp => matching.sort_by_key(|e| e.zaak().startdatum),
        Sort::RegistratiedatumDown => matching.sort_by_key(|e| Reverse(e.zaak().registratiedatum)),
        Sort::RegistratiedatumUp => matching.sort_by_key(|e| e.zaak().registratiedatum),
        Sort::Zaaktype => {
            matching.sort_by_key(|e| (e.label.map(str::to_lowercase), Reverse(e.zaak().startdatum)))
        }
    }
    matching
        .into_iter()
        .skip(params.offset())
        .take(params.page_size)
        .collect()
}

fn filters(entries: &[Entry<'_>]) -> Filters {
    let mut zaaktypen: BTreeMap<&str, (&str, usize)> = BTreeMap::new();
    let mut years = BTreeSet::new();
    for entry in entries {
        if let Some(label) = entry.label {
            zaaktypen.entry(&entry.filter_value).or_insert((label, 0)).1 += 1;
        }
        years.extend(entry.year());
    }
    let mut zaaktypen: Vec<_> = zaaktypen
        .into_iter()
        .map(|(value, (label, count))| ZaaktypeFilter {
            value: value.to_owned(),
            label: label.to_owned(),
            count,
        })
        .collect();
    zaaktypen.sort_by_key(|filter| filter.label.to_lowercase());
    Filters {
        zaaktypen,
        years: years.into_iter().rev().collect(),
    }
}

async fn item(viewing: &Viewing, entry: &Entry<'_>) -> (ListItem, Option<UpstreamError>) {
    let zaak = entry.zaak();
    let (status, failed) =
        match current_status(viewing, entry.from.source, &entry.folded.zaak).await {
            Ok(status) => (status, None),
            Err(error) => (None, Some(error)),
        };
    let item = ListItem {
        handle: handle(viewing, &zaak.id, None),
        zaaknummer: zaak.identificatie.clone(),
        zaaktype: entry.label.map(str::to_owned),
        omschrijving: zaak.omschrijving.clone(),
        registratiedatum: zaak.registratiedatum,
        startdatum: zaak.startdatum,
        einddatum_gepland: zaak.einddatum_gepland,
        uiterlijke_einddatum: zaak.uiterlijke_einddatum,
        einddatum: zaak.einddatum,
        open: zaak.is_open(),
        status: status.and_then(|status| status_view(viewing, entry, &status)),
        resultaat: None::<Label>,
        deelzaken: entry.folded.deelzaken.len(),
    };
    (item, failed)
}

/// The status that was set last: sent along with the list where the source can, else asked for.
async fn current_status(
    viewing: &Viewing,
    source: &ZgwSource,
    shown: &Show<ShownZaak>,
) -> Result<Option<Status>, UpstreamError> {
    let zaak = shown.get().zaak();
    if let Some(status) = &zaak.status_expanded
        && status.zaak.as_ref() == Some(&zaak.id)
    {
        return Ok(Some(status.clone()));
    }
    match &zaak.status {
        Some(id) => {
            match source.zgw.status(id, &zaak.id, &viewing.asker).await {
                Ok(status) => Ok(Some(status.into_inner())),
                // The source answers that there is none: taken back since the list was read.
                Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
                Err(error) => Err(error),
            }
        }
        None => Ok(None),
    }
}

fn status_view(viewing: &Viewing, entry: &Entry<'_>, status: &Status) -> Option<StatusView> {
    let zaaktype = entry.zaak().zaaktype.as_ref()?;
    let (known, domein) = entry.from.types.get(zaaktype)?;
    let regels = viewing
        .policy
        .zaaktype(domein, known.identificatie.as_deref());
    let statustypen = entry.from.types.statustypen(zaaktype).unwrap_or_default();
    track::current(status, statustypen, &regels, entry.zaak().is_open()).map(Into::into)
}
