//! The catalogue of one source in memory, for everyone, for an hour. What was read stays in use when a
//! refresh fails: a type that changed an hour ago is better than no page.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::{join, try_join};
use tokio::sync::Mutex as AsyncMutex;

use crate::domain::zgw::{Besluittype, Informatieobjecttype, Resultaattype, Statustype, Zaaktype};
use crate::domain::{Clock, ResourceRef, Timestamp};
use crate::upstream::http::{ErrorKind, UpstreamError};
use crate::upstream::zgw::{Component, Zgw};

const FRESH_SECS: i64 = 3600;

/// One value, read by one caller while the others wait for it.
#[derive(Debug)]
struct Slot<T>(AsyncMutex<Option<(Timestamp, Arc<T>)>>);

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self(AsyncMutex::new(None))
    }
}

impl<T> Slot<T> {
    async fn get<F>(&self, clock: &Clock, read: F) -> Result<Arc<T>, UpstreamError>
    where
        F: Future<Output = Result<T, UpstreamError>>,
    {
        let mut slot = self.0.lock().await;
        let now = clock.now();
        if let Some((at, value)) = &*slot
            && at.secs_until(now) < FRESH_SECS
        {
            return Ok(value.clone());
        }
        match read.await {
            Ok(value) => {
                let value = Arc::new(value);
                *slot = Some((now, value.clone()));
                Ok(value)
            }
            Err(error) => match &*slot {
                Some((_, old)) => {
                    tracing::warn!(%error, "the catalogue could not be refreshed, the old one stays");
                    Ok(old.clone())
                }
                None => Err(error),
            },
        }
    }
}

#[derive(Debug)]
struct Slots<K, T>(Mutex<HashMap<K, Arc<Slot<T>>>>);

impl<K, T> Default for Slots<K, T> {
    fn default() -> Self {
        Self(Mutex::new(HashMap::new()))
    }
}

impl<K: Eq + Hash + Clone, T> Slots<K, T> {
    fn slot(&self, key: &K) -> Arc<Slot<T>> {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        slots.entry(key.clone()).or_default().clone()
    }
}

type ById<T> = HashMap<ResourceRef, Arc<T>>;

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

/// A list that is refused may still be had item by item; one that is down is not asked again at once.
fn is_down<T>(listed: &Result<T, UpstreamError>) -> bool {
    listed
        .as_ref()
        .is_err_and(|error| error.kind.retry_may_help() || error.kind == ErrorKind::Credentials)
}

#[derive(Debug)]
pub struct Catalogus {
    zgw: Zgw,
    clock: Clock,
    zaaktypen: Slot<ById<Zaaktype>>,
    domeinen: Slot<HashMap<ResourceRef, String>>,
    informatieobjecttypen: Slot<ById<Informatieobjecttype>>,
    besluittypen: Slot<ById<Besluittype>>,
    zaaktype: Slots<ResourceRef, Zaaktype>,
    statustypen: Slots<ResourceRef, Vec<Statustype>>,
    resultaattypen: Slots<ResourceRef, Vec<Resultaattype>>,
    informatieobjecttype: Slots<ResourceRef, Informatieobjecttype>,
    besluittype: Slots<ResourceRef, Besluittype>,
}

impl Catalogus {
    pub fn new(zgw: Zgw, clock: Clock) -> Self {
        Self {
            zgw,
            clock,
            zaaktypen: Slot::default(),
            domeinen: Slot::default(),
            informatieobjecttypen: Slot::default(),
            besluittypen: Slot::default(),
            zaaktype: Slots::default(),
            statustypen: Slots::default(),
            resultaattypen: Slots::default(),
            informatieobjecttype: Slots::default(),
            besluittype: Slots::default(),
        }
    }

    async fn listed(&self) -> Result<Arc<ById<Zaaktype>>, UpstreamError> {
        self.zaaktypen
            .get(&self.clock, async {
                let zaaktypen = self.zgw.zaaktypen().await?;
                Ok(zaaktypen
                    .into_iter()
                    .map(|item| (item.id.clone(), Arc::new(item)))
                    .collect())
            })
            .await
    }

    async fn domeinen(&self) -> Result<Arc<HashMap<ResourceRef, String>>, UpstreamError> {
        self.domeinen
            .get(&self.clock, async {
                match self.zgw.fetch_catalogussen().await {
                    Ok(domeinen) => Ok(domeinen.into_iter().collect()),
                    // Some vendors have no catalogussen: their zaaktypen are named by identificatie alone.
                    Err(error) if !error.kind.retry_may_help() => Ok(HashMap::new()),
                    Err(error) => Err(error),
                }
            })
            .await
    }

    /// Begins to read the lists that every page needs, so that a first page waits one round for them.
    pub async fn warm(&self) {
        let _ = tokio::join!(
            self.listed(),
            self.domeinen(),
            self.informatieobjecttypen(),
            self.besluittypen(),
        );
    }

    /// The zaaktype; `None` when the catalogue answers and does not have it.
    pub async fn zaaktype(&self, id: &ResourceRef) -> Result<Option<NamedZaaktype>, UpstreamError> {
        let (listed, domeinen) = join(self.listed(), self.domeinen()).await;
        let known = listed.as_ref().ok().and_then(|all| all.get(id).cloned());
        let zaaktype = match known {
            Some(zaaktype) => zaaktype,
            None if is_down(&listed) => return listed.map(|_| None),
            // A concept, or beyond the bound of the list, or the list is not for us.
            None => {
                let slot = self.zaaktype.slot(id);
                match slot.get(&self.clock, self.zgw.fetch_zaaktype(id)).await {
                    Ok(zaaktype) => zaaktype,
                    Err(error) => return none_of(listed, error),
                }
            }
        };
        let domeinen = domeinen?;
        let domein = zaaktype
            .catalogus
            .as_ref()
            .and_then(|catalogus| domeinen.get(catalogus))
            .cloned();
        Ok(Some((zaaktype, domein)))
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
        self.statustypen
            .slot(zaaktype)
            .get(&self.clock, self.zgw.fetch_statustypen(zaaktype))
            .await
    }

    pub async fn resultaattypen(
        &self,
        zaaktype: &ResourceRef,
    ) -> Result<Arc<Vec<Resultaattype>>, UpstreamError> {
        self.resultaattypen
            .slot(zaaktype)
            .get(&self.clock, self.zgw.fetch_resultaattypen(zaaktype))
            .await
    }

    async fn informatieobjecttypen(
        &self,
    ) -> Result<Arc<ById<Informatieobjecttype>>, UpstreamError> {
        self.informatieobjecttypen
            .get(&self.clock, async {
                let all = self.zgw.fetch_informatieobjecttypen().await?;
                Ok(all
                    .into_iter()
                    .map(|item| (item.id.clone(), Arc::new(item)))
                    .collect())
            })
            .await
    }

    /// The informatieobjecttype; `None` when the catalogue answers and does not have it.
    pub async fn informatieobjecttype(
        &self,
        id: &ResourceRef,
    ) -> Result<Option<Arc<Informatieobjecttype>>, UpstreamError> {
        let listed = self.informatieobjecttypen().await;
        if let Some(item) = listed.as_ref().ok().and_then(|all| all.get(id)) {
            return Ok(Some(item.clone()));
        }
        if is_down(&listed) {
            return listed.map(|_| None);
        }
        let slot = self.informatieobjecttype.slot(id);
        match slot
            .get(&self.clock, self.zgw.fetch_informatieobjecttype(id))
            .await
        {
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

    async fn besluittypen(&self) -> Result<Arc<ById<Besluittype>>, UpstreamError> {
        self.besluittypen
            .get(&self.clock, async {
                if !self.zgw.has(Component::Besluiten) {
                    return Ok(HashMap::new());
                }
                match self.zgw.fetch_besluittypen().await {
                    Ok(all) => Ok(all
                        .into_iter()
                        .map(|item| (item.id.clone(), Arc::new(item)))
                        .collect()),
                    // Some vendors have no such list: their besluittypen are asked for one by one.
                    Err(error) if !error.kind.retry_may_help() => Ok(HashMap::new()),
                    Err(error) => Err(error),
                }
            })
            .await
    }

    pub async fn besluittype(&self, id: &ResourceRef) -> Result<Arc<Besluittype>, UpstreamError> {
        if let Ok(all) = self.besluittypen().await
            && let Some(item) = all.get(id)
        {
            return Ok(item.clone());
        }
        self.besluittype
            .slot(id)
            .get(&self.clock, self.zgw.fetch_besluittype(id))
            .await
    }
}
