//! What one source has to offer for a party's list: its zaken, judged, with the types and statuses that the
//! page needs of them.

use std::collections::BTreeMap;

use futures_util::future::{join, join_all};

use super::list::year;
use super::order::Place;
use super::params::{ListParams, Sort, StatusFilter};
use super::track;
use super::types::Zaaktypen;
use super::view::StatusView;
use crate::documents::ZgwSource;
use crate::domain::zgw::{Rol, Status, Zaak};
use crate::domain::{LevelOfAssurance, RefMap, RefSet, SourceName};
use crate::gate::{Folded, HiddenCounts, KnownZaaktype, Reason, fold, judge_zaak_and_level};
use crate::mijn::Viewing;
use crate::mijn::part::SourceReport;
use crate::upstream::http::{ErrorKind, UpstreamError};
use crate::upstream::zgw::zaken::{Horizon, Seen, Want, ZakenOfParty, ZakenQuery};

pub(super) struct Offer {
    source: SourceName,
    pub zaken: Vec<Folded>,
    pub horizon: Horizon,
    /// What is missing, and why.
    pub lacking: BTreeMap<&'static str, &'static str>,
    /// What went wrong without hiding a zaak.
    pub failed: Vec<UpstreamError>,
    labels: RefMap<Labels>,
    types: Zaaktypen,
    statuses: RefMap<Status>,
    /// Zaken of the party's own that the source gave.
    count: usize,
    /// How many it says that there are, where not all could be read.
    of: Option<u64>,
    age_ms: u64,
    hidden: HiddenCounts,
    /// How many zaken a higher login would show, by the lowest level that does.
    pub needs_level: BTreeMap<LevelOfAssurance, usize>,
}

/// How a zaaktype is called on the page and in the filter.
struct Labels {
    label: Option<String>,
    filter_value: String,
}

/// Asks the source for as much as the page needs, and for all of it when too many zaken turn out to be
/// hidden, folded or of the same day: else what comes after these would be out of reach.
pub(super) async fn ask(
    source: &ZgwSource,
    viewing: &Viewing,
    params: &ListParams,
) -> Result<Offer, UpstreamError> {
    let before = params.cursor().map_or(0, |cursor| cursor.before);
    let needed = before.saturating_add(params.page_size);
    // Behind a first page there would be a next one, also where all that is left lies outside the mandate.
    let limited = viewing.viewer().reach(&viewing.policy).is_limited();
    let want = match (params.sort, params.status) {
        _ if limited || params.searches() || !source.zgw.settings().ordering => Want::Everything,
        (Sort::OpenFirst | Sort::StartdatumDown, StatusFilter::Open) => Want::Open(needed),
        (Sort::OpenFirst | Sort::StartdatumDown, StatusFilter::Closed) => Want::Closed(needed),
        (Sort::OpenFirst, StatusFilter::All) => Want::OpenFirst(needed),
        (Sort::StartdatumDown, StatusFilter::All) => Want::Newest(needed),
        _ => Want::Everything,
    };
    source.catalogus.warm();
    let mut offer = read(source, viewing, want).await?;
    if want != Want::Everything && !offer.settles(params, needed) {
        offer = read(source, viewing, Want::Everything).await?;
    }
    offer.prepared(source, viewing, params).await
}

/// What a source gave, judged and looked up: for a benchmark, which asks nothing.
pub(super) async fn judged(
    source: &ZgwSource,
    viewing: &Viewing,
    params: &ListParams,
    answer: ZakenOfParty,
) -> Result<Offer, UpstreamError> {
    let offer = judge(source, viewing, answer).await?;
    offer.prepared(source, viewing, params).await
}

async fn read(source: &ZgwSource, viewing: &Viewing, want: Want) -> Result<Offer, UpstreamError> {
    let query = ZakenQuery {
        subject: &viewing.identity.on_behalf_of,
        want,
    };
    let answer = source.zgw.zaken_of(&query, &viewing.asker).await?;
    let mut offer = judge(source, viewing, answer).await?;
    if want == Want::Everything && !offer.horizon.is_everything() {
        offer.lacking.entry("zaken").or_insert("bound");
    } else {
        offer.of = None;
    }
    Ok(offer)
}

/// Puts every zaak that a source gave before the gate.
async fn judge(
    source: &ZgwSource,
    viewing: &Viewing,
    answer: ZakenOfParty,
) -> Result<Offer, UpstreamError> {
    let mut lacking = BTreeMap::new();
    if answer.unprovable > 0 {
        lacking.insert("zaken", "role_unprovable");
    }
    if let Some(refused) = &answer.refused {
        lacking.entry("zaken").or_insert(refused.kind.reason());
    }
    let wanted: RefSet = answer
        .zaken
        .iter()
        .filter_map(|(zaak, _)| zaak.get().zaaktype.clone())
        .collect();
    let mut types = Zaaktypen::of(source, wanted).await;
    let viewer = viewing.viewer();
    let mut hidden = HiddenCounts::default();
    let mut needs_level = BTreeMap::new();
    let mut shown = Vec::with_capacity(answer.zaken.len());
    let mut count = 0;
    // What the source says that there are is more than a mandate or a branch may know.
    let limited = viewer.subject.is_branch() || viewer.reach(&viewing.policy).is_limited();
    for (zaak, rollen) in answer.zaken {
        let zaaktype = zaak.get().zaaktype.clone();
        let known = zaaktype.as_ref().and_then(|id| types.get(id));
        if known.is_none() && zaaktype.is_some() && types.failed.is_some() {
            // Without its type nothing can be said about the zaak: that is not the same as hidden.
            lacking.entry("zaken").or_insert("catalogus");
            continue;
        }
        let known = known.map(|(zaaktype, domein)| KnownZaaktype { zaaktype, domein });
        let own: Vec<&Rol> = rollen.iter().map(|rol| rol.get().as_ref()).collect();
        let (verdict, needs) =
            judge_zaak_and_level(zaak.into_inner(), known, &own, &viewer, &viewing.policy);
        if let Some(level) = needs {
            *needs_level.entry(level).or_default() += 1;
        }
        // What is not this login's own is not counted either.
        count += usize::from(verdict.reason().is_none_or(Reason::is_own));
        shown.extend(verdict.or_count(&mut hidden));
    }
    if shown.is_empty()
        && let Some(error) = types.failed.take()
    {
        return Err(error);
    }
    if hidden.unprovable() {
        lacking.entry("zaken").or_insert("role_unprovable");
    }
    let mut offer = Offer {
        source: source.name().clone(),
        zaken: fold(shown, &viewing.policy),
        horizon: answer.horizon,
        lacking,
        failed: Vec::new(),
        labels: RefMap::default(),
        types,
        statuses: RefMap::default(),
        count,
        of: answer.said.filter(|_| !limited),
        age_ms: 0,
        hidden,
        needs_level,
    };
    offer.labels = offer.labelled(viewing);
    Ok(offer)
}

impl Offer {
    pub(super) fn report(&self) -> SourceReport {
        let hidden = self
            .hidden
            .iter()
            .map(|(reason, count)| (reason.as_str(), count))
            .collect();
        SourceReport {
            age_ms: self.age_ms,
            of: self.of,
            ..SourceReport::answered(self.source.clone(), self.count, hidden)
        }
    }

    pub(super) fn label(&self, zaak: &Zaak) -> Option<&str> {
        self.labels.get(zaak.zaaktype.as_ref()?)?.label.as_deref()
    }

    /// The zaaktype as the filter of the list names it.
    pub(super) fn filter_value(&self, zaak: &Zaak) -> Option<&str> {
        Some(&self.labels.get(zaak.zaaktype.as_ref()?)?.filter_value)
    }

    pub(super) fn matches(&self, zaak: &Zaak, params: &ListParams) -> bool {
        let zaaktype = params.zaaktype.as_ref().is_none_or(|wanted| {
            let labels = zaak.zaaktype.as_ref().and_then(|id| self.labels.get(id));
            labels.is_some_and(|labels| *wanted == labels.filter_value)
        });
        params.wants(zaak)
            && zaaktype
            && params.year.is_none_or(|wanted| year(zaak) == Some(wanted))
            && params.q.as_deref().is_none_or(|q| self.holds(zaak, q))
    }

    /// Whether every word is somewhere in what the resident sees of the zaak, in whatever order.
    fn holds(&self, zaak: &Zaak, q: &str) -> bool {
        let texts: Vec<String> = [
            zaak.identificatie.as_deref(),
            zaak.omschrijving.as_deref(),
            self.label(zaak),
        ]
        .into_iter()
        .flatten()
        .map(str::to_lowercase)
        .collect();
        q.to_lowercase()
            .split_whitespace()
            .all(|word| texts.iter().any(|text| text.contains(word)))
    }

    /// The status that was set last, in the words of the policy.
    pub(super) fn status(&self, viewing: &Viewing, zaak: &Zaak) -> Option<StatusView> {
        let status = sent_along(zaak).or_else(|| self.statuses.get(&zaak.id))?;
        let zaaktype = zaak.zaaktype.as_ref()?;
        let (known, domein) = self.types.get(zaaktype)?;
        let regels = viewing
            .policy
            .zaaktype(domein, known.identificatie.as_deref());
        let statustypen = self.types.statustypen(zaaktype).unwrap_or_default();
        track::current(status, statustypen, &regels, zaak.is_open()).map(Into::into)
    }

    fn labelled(&self, viewing: &Viewing) -> RefMap<Labels> {
        let mut labels = RefMap::default();
        for folded in &self.zaken {
            let Some(id) = &folded.zaak.get().zaak().zaaktype else {
                continue;
            };
            let Some((zaaktype, domein)) = self.types.get(id) else {
                continue;
            };
            if labels.contains_key(id) {
                continue;
            }
            let identificatie = zaaktype.identificatie.as_deref();
            let regels = viewing.policy.zaaktype(domein, identificatie);
            let label = regels.label().or(zaaktype.omschrijving.as_deref());
            let filter_value = format!(
                "{}/{}",
                domein.unwrap_or_default(),
                identificatie.unwrap_or_default()
            );
            labels.insert(
                id.clone(),
                Labels {
                    label: label.map(str::to_owned),
                    filter_value,
                },
            );
        }
        labels
    }

    /// Whether the page asked for can be cut out of what was read: as many zaken as it needs, or all, and
    /// none that was not read belongs between them.
    fn settles(&self, params: &ListParams, needed: usize) -> bool {
        let wanted = || {
            self.zaken
                .iter()
                .map(|folded| folded.zaak.get().zaak())
                .filter(|zaak| params.wants(zaak))
        };
        let open_first = params.sort == Sort::OpenFirst && params.status == StatusFilter::All;
        let settled = |zaak: &&Zaak| {
            let (open, closed) = (self.horizon.open, self.horizon.closed);
            let day = zaak.startdatum;
            match (open_first, params.status) {
                (true, _) if zaak.is_open() => open.holds(day),
                (true, _) => open == Seen::All && closed.holds(day),
                (false, StatusFilter::Open) => open.holds(day),
                (false, StatusFilter::Closed) => closed.holds(day),
                (false, StatusFilter::All) => open.holds(day) && closed.holds(day),
            }
        };
        self.has_all(params.status) || wanted().filter(settled).count() >= needed
    }

    const fn has_all(&self, status: StatusFilter) -> bool {
        let (open, closed) = (
            matches!(self.horizon.open, Seen::All),
            matches!(self.horizon.closed, Seen::All),
        );
        match status {
            StatusFilter::All => open && closed,
            StatusFilter::Open => open,
            StatusFilter::Closed => closed,
        }
    }

    /// With what the page needs of the zaken that this source can have on it: no more than would fill it if
    /// no other source had any.
    async fn prepared(
        mut self,
        source: &ZgwSource,
        viewing: &Viewing,
        params: &ListParams,
    ) -> Result<Self, UpstreamError> {
        let cursor = params.cursor();
        let mut candidates: Vec<(Place, &Zaak)> = self
            .zaken
            .iter()
            .map(|folded| folded.zaak.get().zaak())
            .filter(|zaak| self.matches(zaak, params))
            .map(|zaak| (Place::of(params.sort, zaak, self.label(zaak)), zaak))
            .collect();
        candidates.sort_by(|(one, _), (other, _)| one.cmp(other));
        // In the merged list the page begins here or later.
        let start = cursor.map_or(0, |cursor| {
            cursor.start(&candidates, |(place, zaak)| (place, *zaak))
        });
        let zaken: Vec<&Zaak> = candidates
            .into_iter()
            .skip(start)
            .take(params.page_size)
            .map(|(_, zaak)| zaak)
            .collect();
        let types = |closed_only: bool| -> RefSet {
            zaken
                .iter()
                .filter(|zaak| !closed_only || !zaak.is_open())
                .filter_map(|zaak| zaak.zaaktype.clone())
                .collect()
        };
        let closed = types(true);
        let to_ask = zaken.iter().filter(|zaak| sent_along(zaak).is_none());
        let to_ask = to_ask.filter_map(|zaak| Some((&zaak.id, zaak.status.as_ref()?)));
        let asked = join_all(to_ask.map(async |(zaak, status)| {
            let status = source.zgw.status(status, zaak, &viewing.asker).await;
            (zaak, status)
        }));
        let mut looked_up = std::mem::take(&mut self.types);
        let statustypen = looked_up.with_statustypen(source, types(false), &closed);
        let (asked, ()) = join(asked, statustypen).await;
        let mut failed: Vec<UpstreamError> =
            looked_up.statustypen_failed.take().into_iter().collect();
        for (zaak, status) in asked {
            match status {
                Ok(status) => {
                    self.statuses.insert(zaak.clone(), status.into_inner());
                }
                // The source answers that there is none: taken back since the list was read.
                Err(error) if error.kind == ErrorKind::NotFound => {}
                Err(error) => failed.push(error),
            }
        }
        self.types = looked_up;
        if let Some(error) = failed.first() {
            self.lacking.insert("status", error.kind.reason());
        }
        failed.truncate(1);
        self.failed = failed;
        self.age_ms = viewing.asker.oldest_ms();
        Ok(self)
    }
}

/// The status that was set last, where the list brought it along.
fn sent_along(zaak: &Zaak) -> Option<&Status> {
    zaak.status_expanded
        .as_ref()
        .filter(|status| status.zaak.as_ref() == Some(&zaak.id))
}
