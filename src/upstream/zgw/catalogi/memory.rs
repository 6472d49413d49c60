//! The catalogue of one source in memory, for everyone. What was read stays in use while it is refreshed,
//! and when that fails: a type that changed an hour ago is better than no page.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{BoxFuture, join, try_join};

use super::public::Fetched;
use super::shelf::{Common, Known, Shelf};
use super::usage::Counted;
use super::weight::{Weigh, fitting};
use crate::domain::zgw::{Besluittype, Informatieobjecttype, Resultaattype, Statustype, Zaaktype};
use crate::domain::{Clock, RefMap, ResourceRef, SiteId};
use crate::lifecycle::Tasks;
use crate::upstream::http::{ErrorKind, UpstreamError};
use crate::upstream::zgw::{Component, Zgw};

/// Of each kind of list, and of each kind of single type. A zaaktype takes some 500 bytes, the statustypen
/// of one some 2000: this is the catalogue of the largest cities. With nine kinds it bounds one source.
const MAX_BYTES: usize = 2 * 1024 * 1024;

/// A list is cut below what its shelf holds, so that it always fits there.
const LIST_BYTES: usize = MAX_BYTES - 64 * 1024;

type ById<T> = RefMap<Arc<T>>;
type Domeinen = RefMap<String>;
type Answer<V> = Result<Fetched<V>, UpstreamError>;

/// A zaaktype, with the short name of its catalogus where the source has one.
pub type NamedZaaktype = (Arc<Zaaktype>, Option<String>);

/// Of a type that the source does not have by its own address: only a catalogue that could be listed has
/// then said that it does not exist. One that refuses both was not asked at all.
fn none_of<T, U>(
    listed: Result<T, UpstreamError>,
    error: UpstreamError,
) -> Result<Option<U>, UpstreamError> {
    match listed {
        Ok(_) if error.kind == ErrorKind::NotFound => Ok(None),
        Err(refused) if error.kind == ErrorKind::NotFound => Err(refused),
        _ => Err(error),
    }
}

/// Whether the source could not be asked, which says nothing of what it has.
fn could_not_ask(error: &UpstreamError) -> bool {
    error.kind.retry_may_help() || error.kind == ErrorKind::Credentials
}

/// A list that is refused may still be had item by item; one that is down is not asked again at once.
fn is_down<T>(listed: &Result<T, UpstreamError>) -> bool {
    listed.as_ref().is_err_and(could_not_ask)
}

/// A list that some vendors do not have is empty there. What is known of it does not disappear because the
/// source refuses it today.
fn empty_where_not_offered<V>(
    answer: Result<RefMap<V>, UpstreamError>,
    known: &Known<RefMap<V>>,
) -> Answer<RefMap<V>> {
    match answer {
        Ok(all) => Ok(Fetched::untagged(all)),
        Err(error) if could_not_ask(&error) => Err(error),
        Err(error) if known.value.as_ref().is_some_and(|all| !all.is_empty()) => Err(error),
        Err(_) => Ok(Fetched::untagged(RefMap::default())),
    }
}

/// How long a catalogue stays fresh, and under which name it is counted.
#[derive(Debug, Clone)]
pub struct CatalogusSettings {
    pub site: Option<SiteId>,
    pub fresh: Duration,
}

#[derive(Debug)]
pub struct Catalogus {
    zgw: Zgw,
    zaaktypen: Shelf<(), ById<Zaaktype>>,
    domeinen: Shelf<(), Domeinen>,
    informatieobjecttypen: Shelf<(), ById<Informatieobjecttype>>,
    besluittypen: Shelf<(), ById<Besluittype>>,
    zaaktype: Shelf<ResourceRef, Zaaktype>,
    statustypen: Shelf<ResourceRef, Vec<Statustype>>,
    resultaattypen: Shelf<ResourceRef, Vec<Resultaattype>>,
    informatieobjecttype: Shelf<ResourceRef, Informatieobjecttype>,
    besluittype: Shelf<ResourceRef, Besluittype>,
}

impl Catalogus {
    pub fn new(zgw: Zgw, settings: &CatalogusSettings, clock: Clock, tasks: Tasks) -> Self {
        let source = zgw.settings().name.clone();
        let counted = Counted::new(settings.site.as_ref(), &source);
        let fresh = i64::try_from(settings.fresh.as_secs()).unwrap_or(i64::MAX);
        let common = Arc::new(Common::new(source, clock, tasks, fresh, counted));
        Self {
            zgw,
            zaaktypen: Shelf::new(&common, MAX_BYTES),
            domeinen: Shelf::new(&common, MAX_BYTES),
            informatieobjecttypen: Shelf::new(&common, MAX_BYTES),
            besluittypen: Shelf::new(&common, MAX_BYTES),
            zaaktype: Shelf::new(&common, MAX_BYTES),
            statustypen: Shelf::new(&common, MAX_BYTES),
            resultaattypen: Shelf::new(&common, MAX_BYTES),
            informatieobjecttype: Shelf::new(&common, MAX_BYTES),
            besluittype: Shelf::new(&common, MAX_BYTES),
        }
    }

    async fn listed(&self) -> Result<Arc<ById<Zaaktype>>, UpstreamError> {
        self.zaaktypen.get(&(), read_zaaktypen(&self.zgw)).await
    }

    async fn domeinen(&self) -> Result<Arc<Domeinen>, UpstreamError> {
        self.domeinen.get(&(), read_domeinen(&self.zgw)).await
    }

    async fn informatieobjecttypen(
        &self,
    ) -> Result<Arc<ById<Informatieobjecttype>>, UpstreamError> {
        let read = read_informatieobjecttypen(&self.zgw);
        self.informatieobjecttypen.get(&(), read).await
    }

    async fn besluittypen(&self) -> Result<Arc<ById<Besluittype>>, UpstreamError> {
        let read = read_besluittypen(&self.zgw);
        self.besluittypen.get(&(), read).await
    }

    /// Begins to read the lists that every page needs, so that a first page waits one round for them. It is
    /// who needs one of them that waits for it: a list that hangs must not hold up a page without it.
    pub fn warm(&self) {
        self.zaaktypen.begin(&(), read_zaaktypen(&self.zgw));
        self.domeinen.begin(&(), read_domeinen(&self.zgw));
        let informatieobjecttypen = read_informatieobjecttypen(&self.zgw);
        self.informatieobjecttypen.begin(&(), informatieobjecttypen);
        self.besluittypen.begin(&(), read_besluittypen(&self.zgw));
    }

    /// Reads the lists that every page needs, and says whether they came.
    pub async fn fill(&self) -> Result<(), UpstreamError> {
        let (zaaktypen, domeinen, informatieobjecttypen, besluittypen) = tokio::join!(
            self.listed(),
            self.domeinen(),
            self.informatieobjecttypen(),
            self.besluittypen(),
        );
        zaaktypen?;
        domeinen?;
        informatieobjecttypen?;
        besluittypen?;
        Ok(())
    }

    /// The zaaktype; `None` when the catalogue answers and does not have it.
    pub async fn zaaktype(&self, id: &ResourceRef) -> Result<Option<NamedZaaktype>, UpstreamError> {
        let (zaaktype, domeinen) = join(self.zaaktype_alone(id), self.domeinen()).await;
        let Some(zaaktype) = zaaktype? else {
            return Ok(None);
        };
        let domeinen = domeinen?;
        let domein = zaaktype
            .catalogus
            .as_ref()
            .and_then(|catalogus| domeinen.get(catalogus))
            .cloned();
        Ok(Some((zaaktype, domein)))
    }

    /// The zaaktype, when it is in memory and fresh.
    pub fn zaaktype_at_hand(&self, id: &ResourceRef) -> Option<NamedZaaktype> {
        let zaaktype = self.zaaktypen.at_hand(&())?.get(id)?.clone();
        let domeinen = self.domeinen.at_hand(&())?;
        let domein = zaaktype.catalogus.as_ref().and_then(|id| domeinen.get(id));
        let domein = domein.cloned();
        Some((zaaktype, domein))
    }

    async fn zaaktype_alone(
        &self,
        id: &ResourceRef,
    ) -> Result<Option<Arc<Zaaktype>>, UpstreamError> {
        // Where the list is not for us, what was read by its own address does not wait for it to say so.
        let read_before = self.zaaktypen.peek(&()).is_none() && self.zaaktype.peek(id).is_some();
        let listed = if read_before {
            Ok(Arc::default())
        } else {
            self.listed().await
        };
        if let Some(zaaktype) = listed.as_ref().ok().and_then(|all| all.get(id)) {
            return Ok(Some(zaaktype.clone()));
        }
        if is_down(&listed) {
            return listed.map(|_| None);
        }
        // A concept, or beyond the bound of the list, or the list is not for us.
        let zgw = self.zgw.clone();
        let read = |id, known: Known<_>| async move { zgw.fetch_zaaktype(&id, known.tag).await };
        match self.zaaktype.get(id, read).await {
            Ok(zaaktype) => Ok(Some(zaaktype)),
            Err(error) => none_of(listed, error),
        }
    }

    /// Every zaaktype of the source's list, for the webbeheerder.
    pub async fn zaaktypen(&self) -> Result<Vec<NamedZaaktype>, UpstreamError> {
        let (listed, domeinen) = try_join(self.listed(), self.domeinen()).await?;
        Ok(listed
            .values()
            .map(|item| {
                let domein = item.catalogus.as_ref().and_then(|id| domeinen.get(id));
                (item.clone(), domein.cloned())
            })
            .collect())
    }

    pub async fn statustypen(
        &self,
        zaaktype: &ResourceRef,
    ) -> Result<Arc<Vec<Statustype>>, UpstreamError> {
        let zgw = self.zgw.clone();
        let read = |zaaktype, _| async move {
            let all = zgw.fetch_statustypen(&zaaktype).await?;
            Ok(Fetched::untagged(all))
        };
        self.statustypen.get(zaaktype, read).await
    }

    /// Those, when they are in memory and fresh.
    pub fn statustypen_at_hand(&self, zaaktype: &ResourceRef) -> Option<Arc<Vec<Statustype>>> {
        self.statustypen.at_hand(zaaktype)
    }

    pub fn has_resultaattypen(&self, zaaktype: &ResourceRef) -> bool {
        self.resultaattypen.at_hand(zaaktype).is_some()
    }

    pub async fn resultaattypen(
        &self,
        zaaktype: &ResourceRef,
    ) -> Result<Arc<Vec<Resultaattype>>, UpstreamError> {
        let zgw = self.zgw.clone();
        let read = |zaaktype, _| async move {
            let all = zgw.fetch_resultaattypen(&zaaktype).await?;
            Ok(Fetched::untagged(all))
        };
        self.resultaattypen.get(zaaktype, read).await
    }

    /// The informatieobjecttype; `None` when the catalogue answers and does not have it.
    pub async fn informatieobjecttype(
        &self,
        id: &ResourceRef,
    ) -> Result<Option<Arc<Informatieobjecttype>>, UpstreamError> {
        // As for a zaaktype: one that is known does not wait for a list that is refused.
        let read_before = self.informatieobjecttypen.peek(&()).is_none()
            && self.informatieobjecttype.peek(id).is_some();
        let listed = if read_before {
            Ok(Arc::default())
        } else {
            self.informatieobjecttypen().await
        };
        if let Some(item) = listed.as_ref().ok().and_then(|all| all.get(id)) {
            return Ok(Some(item.clone()));
        }
        if is_down(&listed) {
            return listed.map(|_| None);
        }
        let zgw = self.zgw.clone();
        let read = |id, known: Known<_>| async move {
            zgw.fetch_informatieobjecttype(&id, known.tag).await
        };
        match self.informatieobjecttype.get(id, read).await {
            Ok(item) => Ok(Some(item)),
            Err(error) => none_of(listed, error),
        }
    }

    /// Names of the informatieobjecttypen, for the webbeheerder.
    pub async fn informatieobjecttype_names(&self) -> Result<Vec<String>, UpstreamError> {
        let mut names: Vec<String> = self
            .informatieobjecttypen()
            .await?
            .values()
            .filter_map(|item| item.omschrijving.clone())
            .collect();
        names.sort();
        names.dedup();
        Ok(names)
    }

    pub async fn besluittype(&self, id: &ResourceRef) -> Result<Arc<Besluittype>, UpstreamError> {
        if let Ok(all) = self.besluittypen().await
            && let Some(item) = all.get(id)
        {
            return Ok(item.clone());
        }
        let zgw = self.zgw.clone();
        let read = |id, known: Known<_>| async move { zgw.fetch_besluittype(&id, known.tag).await };
        self.besluittype.get(id, read).await
    }
}

/// What fits in memory of a list; what does not is asked for by its own address.
fn fitted<T: Weigh>(zgw: &Zgw, items: Vec<T>, id: impl Fn(&T) -> ResourceRef) -> ById<T> {
    let by_id = items.into_iter().map(|item| (id(&item), Arc::new(item)));
    let (held, left) = fitting(by_id, LIST_BYTES);
    if left > 0 {
        tracing::warn!(
            source = %zgw.settings().name,
            held = held.len(),
            left,
            "the catalogue is too large to hold whole"
        );
    }
    held
}

type Reading<V> = BoxFuture<'static, Answer<V>>;

fn read_zaaktypen(
    zgw: &Zgw,
) -> impl FnOnce((), Known<ById<Zaaktype>>) -> Reading<ById<Zaaktype>> + Send + 'static {
    let zgw = zgw.clone();
    move |(), _| {
        Box::pin(async move {
            let all = zgw.fetch_zaaktypen().await?;
            Ok(Fetched::untagged(fitted(&zgw, all, |item| item.id.clone())))
        })
    }
}

fn read_domeinen(
    zgw: &Zgw,
) -> impl FnOnce((), Known<Domeinen>) -> Reading<Domeinen> + Send + 'static {
    let zgw = zgw.clone();
    move |(), known| {
        Box::pin(async move {
            // Without catalogussen zaaktypen are named by their identificatie alone.
            let all = zgw.fetch_catalogussen().await;
            let all = all.map(|all| fitting(all, LIST_BYTES).0);
            empty_where_not_offered(all, &known)
        })
    }
}

fn read_informatieobjecttypen(
    zgw: &Zgw,
) -> impl FnOnce((), Known<ById<Informatieobjecttype>>) -> Reading<ById<Informatieobjecttype>>
+ Send
+ 'static {
    let zgw = zgw.clone();
    move |(), _| {
        Box::pin(async move {
            let all = zgw.fetch_informatieobjecttypen().await?;
            Ok(Fetched::untagged(fitted(&zgw, all, |item| item.id.clone())))
        })
    }
}

fn read_besluittypen(
    zgw: &Zgw,
) -> impl FnOnce((), Known<ById<Besluittype>>) -> Reading<ById<Besluittype>> + Send + 'static {
    let zgw = zgw.clone();
    move |(), known| {
        Box::pin(async move {
            if !zgw.has(Component::Besluiten) {
                return Ok(Fetched::untagged(RefMap::default()));
            }
            // Without this list besluittypen are asked for one by one.
            let all = zgw.fetch_besluittypen().await;
            let all = all.map(|all| fitted(&zgw, all, |item| item.id.clone()));
            empty_where_not_offered(all, &known)
        })
    }
}
