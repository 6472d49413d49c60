//! The catalogue of one source in memory, for everyone, for an hour. What was read stays in use when a
//! refresh fails: a type that changed an hour ago is better than no page.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::{join, join3};
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

/// Zaaktypen of the source, with the short name of each one's catalogus.
#[derive(Debug, Default)]
struct Zaaktypen {
    by_id: HashMap<ResourceRef, Arc<Zaaktype>>,
    domeinen: HashMap<ResourceRef, String>,
}

#[derive(Debug)]
pub struct Catalogus {
    zgw: Zgw,
    clock: Clock,
    zaaktypen: Slot<Zaaktypen>,
    informatieobjecttypen: Slot<HashMap<ResourceRef, Arc<Informatieobjecttype>>>,
    besluittypen: Slot<HashMap<ResourceRef, Arc<Besluittype>>>,
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
            informatieobjecttypen: Slot::default(),
            besluittypen: Slot::default(),
            zaaktype: Slots::default(),
            statustypen: Slots::default(),
            resultaattypen: Slots::default(),
            informatieobjecttype: Slots::default(),
            besluittype: Slots::default(),
        }
    }

    async fn all(&self) -> Result<Arc<Zaaktypen>, UpstreamError> {
        self.zaaktypen
            .get(&self.clock, async {
                let (zaaktypen, catalogussen) =
                    join(self.zgw.zaaktypen(), self.zgw.fetch_catalogussen()).await;
                let domeinen = match catalogussen {
                    Ok(domeinen) => domeinen.into_iter().collect(),
                    // Some vendors have no catalogussen: their zaaktypen are named by identificatie alone.
                    Err(error) if !error.kind.retry_may_help() => HashMap::new(),
                    Err(error) => return Err(error),
                };
                Ok(Zaaktypen {
                    by_id: zaaktypen?
                        .into_iter()
                        .map(|item| (item.id.clone(), Arc::new(item)))
                        .collect(),
                    domeinen,
                })
            })
            .await
    }

    /// Begins to read the lists that every page needs, so that a first page waits one round for them.
    pub async fn warm(&self) {
        let _ = join3(
            self.all(),
            self.informatieobjecttypen(),
            self.besluittypen(),
        )
        .await;
    }

    /// The zaaktype, and the short name of its catalogus where the source has one.
    pub async fn zaaktype(
        &self,
        id: &ResourceRef,
    ) -> Result<(Arc<Zaaktype>, Option<String>), UpstreamError> {
        let all = self.all().await?;
        let zaaktype = match all.by_id.get(id) {
            Some(zaaktype) => zaaktype.clone(),
            // A concept, or beyond the bound of the list.
            None => {
                self.zaaktype
                    .slot(id)
                    .get(&self.clock, self.zgw.fetch_zaaktype(id))
                    .await?
            }
        };
        let domein = zaaktype
            .catalogus
            .as_ref()
            .and_then(|catalogus| all.domeinen.get(catalogus))
            .cloned();
        Ok((zaaktype, domein))
    }

    /// Every zaaktype of the source's list, for the webbeheerder.
    pub async fn zaaktypen(&self) -> Result<Vec<(Arc<Zaaktype>, Option<String>)>, UpstreamError> {
        let all = self.all().await?;
        Ok(all
            .by_id
            .values()
            .map(|item| {
                let domein = item.catalogus.as_ref().and_then(|id| all.domeinen.get(id));
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
    ) -> Result<Arc<HashMap<ResourceRef, Arc<Informatieobjecttype>>>, UpstreamError> {
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

    pub async fn informatieobjecttype(
        &self,
        id: &ResourceRef,
    ) -> Result<Arc<Informatieobjecttype>, UpstreamError> {
        if let Some(item) = self.informatieobjecttypen().await?.get(id) {
            return Ok(item.clone());
        }
        self.informatieobjecttype
            .slot(id)
            .get(&self.clock, self.zgw.fetch_informatieobjecttype(id))
            .await
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

    async fn besluittypen(
        &self,
    ) -> Result<Arc<HashMap<ResourceRef, Arc<Besluittype>>>, UpstreamError> {
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

    /// The type is not in the catalogue: an answer of the source, not a failure of it.
    pub const fn is_unknown(error: &UpstreamError) -> bool {
        matches!(
            error.kind,
            ErrorKind::NotFound | ErrorKind::Forbidden | ErrorKind::Rejected
        )
    }
}
