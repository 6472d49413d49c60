//! What was read of the catalogue, for everyone. Something that has been there for a while is still given
//! at once, and read again behind it, so that nobody waits for a refresh. When that fails, the old stays,
//! up to a bound. Equal reads are one call, which goes on when the one who asked for it leaves.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, Hash, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use http::HeaderValue;
use tokio::sync::Semaphore;

use super::public::Fetched;
use super::usage::Counted;
#[cfg(test)]
use super::usage::Shelved;
use super::weight::Weigh;
use crate::domain::{Clock, SourceName, Timestamp};
use crate::lifecycle::Tasks;
use crate::upstream::http::cache::Flights;
use crate::upstream::http::{ErrorKind, UpstreamError};

/// What is older is not given any more, but asked and waited for. After a day a zaaktype may have been
/// withdrawn by the people who are responsible for it.
pub(super) const LONGEST_SECS: i64 = 24 * 3600;

/// After a refresh that failed, the next one begins this much later.
pub(super) const RETRY_SECS: i64 = 60;

/// Refreshes of one source at the same time. Nobody waits for them, and what residents wait for must not
/// wait behind them.
const REFRESHES: usize = 2;

/// What one entry costs besides its value.
const OVERHEAD: usize = 256;

/// What the shelves of one source share.
#[derive(Debug)]
pub(super) struct Common {
    pub source: SourceName,
    pub clock: Clock,
    pub tasks: Tasks,
    /// How long something is given without a thought.
    pub fresh_secs: i64,
    pub counted: Counted,
    refreshing: Arc<Semaphore>,
}

impl Common {
    pub fn new(
        source: SourceName,
        clock: Clock,
        tasks: Tasks,
        fresh_secs: i64,
        counted: Counted,
    ) -> Self {
        Self {
            source,
            clock,
            tasks,
            fresh_secs,
            counted,
            refreshing: Arc::new(Semaphore::new(REFRESHES)),
        }
    }

    /// When something that was read now is to be read again: not everything at the same moment.
    fn next(&self, now: Timestamp) -> Timestamp {
        let early = u64::try_from(self.fresh_secs / 10).unwrap_or(0) + 1;
        // Nothing secret: every RandomState hashes differently.
        let early = RandomState::new().hash_one(early) % early;
        let early = i64::try_from(early).unwrap_or(0);
        now.plus_secs(self.fresh_secs.saturating_sub(early))
    }
}

/// What is known already to the one who asks the source again.
#[derive(Debug)]
pub(super) struct Known<V> {
    pub value: Option<Arc<V>>,
    pub tag: Option<HeaderValue>,
}

#[derive(Debug)]
struct Entry<V> {
    value: Arc<V>,
    tag: Option<HeaderValue>,
    since: Timestamp,
    /// When it is to be read again.
    next: Timestamp,
    bytes: usize,
    /// The higher, the later it was used.
    used: u64,
}

#[derive(Debug)]
struct Held<K, V> {
    entries: HashMap<K, Entry<V>>,
    bytes: usize,
    uses: u64,
    /// After a first read that failed, nobody begins the next one unasked before this moment.
    not_before: Option<Timestamp>,
}

impl<K, V> Default for Held<K, V> {
    fn default() -> Self {
        Self {
            entries: HashMap::new(),
            bytes: 0,
            uses: 0,
            not_before: None,
        }
    }
}

#[derive(Debug)]
struct Inner<K, V> {
    common: Arc<Common>,
    max_bytes: usize,
    flights: Flights<K, Result<Arc<V>, UpstreamError>>,
    held: Mutex<Held<K, V>>,
}

/// Values of one kind, by key. Cheap to clone; clones share what stands on it.
#[derive(Debug)]
pub(super) struct Shelf<K, V> {
    inner: Arc<Inner<K, V>>,
}

impl<K, V> Clone for Shelf<K, V> {
    fn clone(&self) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
        }
    }
}

struct Found<V> {
    value: Arc<V>,
    fresh: bool,
    /// It is time to read it again.
    due: bool,
}

impl<K, V> Shelf<K, V>
where
    K: Clone + Eq + Hash + Send + 'static,
    V: Weigh + Send + Sync + 'static,
{
    /// Holds at most `max_bytes`; what was used longest ago makes room.
    pub fn new(common: &Arc<Common>, max_bytes: usize) -> Self {
        Self {
            inner: Arc::new(Inner {
                common: Arc::clone(common),
                max_bytes,
                flights: Flights::new(common.tasks.clone()),
                held: Mutex::default(),
            }),
        }
    }

    /// What is known, or what the source says now. `ask` bounds itself.
    pub async fn get<F, A>(&self, key: &K, ask: F) -> Result<Arc<V>, UpstreamError>
    where
        F: FnOnce(K, Known<V>) -> A + Send + 'static,
        A: Future<Output = Result<Fetched<V>, UpstreamError>> + Send + 'static,
    {
        let common = &self.inner.common;
        let Some(found) = self.look(key) else {
            common.counted.miss();
            let answer = self.read(key, ask, false).await;
            return answer.unwrap_or_else(|| {
                let stopped = ErrorKind::Connect;
                Err(UpstreamError::new(&common.source, "catalogus", stopped))
            });
        };
        common.counted.hit(found.fresh);
        if found.due {
            drop(self.read(key, ask, true));
        }
        Ok(found.value)
    }

    /// What is known and fresh: nothing is to be asked or waited for.
    pub fn at_hand(&self, key: &K) -> Option<Arc<V>> {
        let found = self.look(key).filter(|found| !found.due)?;
        self.inner.common.counted.hit(found.fresh);
        Some(found.value)
    }

    /// Begins to read what is not known or is due, for who will ask for it in a moment.
    pub fn begin<F, A>(&self, key: &K, ask: F)
    where
        F: FnOnce(K, Known<V>) -> A + Send + 'static,
        A: Future<Output = Result<Fetched<V>, UpstreamError>> + Send + 'static,
    {
        match self.look(key) {
            Some(found) if found.due => drop(self.read(key, ask, true)),
            Some(_) => {}
            None => {
                let now = self.inner.common.clock.now();
                let not_before = self.held().not_before;
                if not_before.is_none_or(|at| is_reached(at, now, RETRY_SECS)) {
                    drop(self.read(key, ask, false));
                }
            }
        }
    }

    /// What is known and may be given, however it came there. Nothing is asked.
    pub fn peek(&self, key: &K) -> Option<Arc<V>> {
        self.look(key).map(|found| found.value)
    }

    #[cfg(test)]
    pub fn shelved(&self) -> Shelved {
        let held = self.held();
        Shelved {
            entries: held.entries.len(),
            bytes: held.bytes,
            max_bytes: self.inner.max_bytes,
        }
    }

    fn held(&self) -> MutexGuard<'_, Held<K, V>> {
        self.inner
            .held
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn look(&self, key: &K) -> Option<Found<V>> {
        let common = &self.inner.common;
        let now = common.clock.now();
        let mut held = self.held();
        held.uses += 1;
        let uses = held.uses;
        let entry = held.entries.get_mut(key)?;
        entry.used = uses;
        let age = entry.since.secs_until(now);
        if age >= LONGEST_SECS {
            return None;
        }
        Some(Found {
            value: Arc::clone(&entry.value),
            fresh: age < common.fresh_secs,
            due: is_reached(entry.next, now, common.fresh_secs.max(RETRY_SECS)),
        })
    }

    /// Joins the read that is under way, or begins it. `behind`: nobody waits for it.
    fn read<F, A>(
        &self,
        key: &K,
        ask: F,
        behind: bool,
    ) -> BoxFuture<'static, Option<Result<Arc<V>, UpstreamError>>>
    where
        F: FnOnce(K, Known<V>) -> A + Send + 'static,
        A: Future<Output = Result<Fetched<V>, UpstreamError>> + Send + 'static,
    {
        let (shelf, own) = (self.clone(), key.clone());
        let work = async move {
            if !behind {
                return shelf.ask(own, ask, behind).await;
            }
            let common = Arc::clone(&shelf.inner.common);
            let stopped = || UpstreamError::new(&common.source, "catalogus", ErrorKind::Connect);
            tokio::select! {
                // A stop does not wait for what nobody waits for.
                () = common.tasks.stopping() => Err(stopped()),
                answer = async {
                    let _place = common.refreshing.acquire().await;
                    shelf.ask(own, ask, behind).await
                } => answer,
            }
        };
        self.inner.flights.join(key.clone(), work).boxed()
    }

    async fn ask<F, A>(self, key: K, ask: F, behind: bool) -> Result<Arc<V>, UpstreamError>
    where
        F: FnOnce(K, Known<V>) -> A + Send + 'static,
        A: Future<Output = Result<Fetched<V>, UpstreamError>> + Send + 'static,
    {
        // Another one may have landed between the look of the caller and this.
        if let Some(found) = self.look(&key)
            && !found.due
        {
            return Ok(found.value);
        }
        let known = self.known(&key);
        let old = known.value.clone();
        let counted = &self.inner.common.counted;
        match (ask(key.clone(), known).await, old) {
            (Ok(Fetched::New { value, tag }), old) => {
                if old.is_some() {
                    counted.refreshed();
                }
                let value = Arc::new(value);
                self.put(key, Arc::clone(&value), Some(tag));
                Ok(value)
            }
            (Ok(Fetched::Same), Some(old)) => {
                counted.not_modified();
                self.put(key, Arc::clone(&old), None);
                Ok(old)
            }
            // Nothing was known that could be the same.
            (Ok(Fetched::Same), None) => {
                let source = &self.inner.common.source;
                let garbled = UpstreamError::new(source, "catalogus", ErrorKind::Garbled);
                self.put_off(&key, &garbled, behind);
                Err(garbled)
            }
            (Err(error), _) => {
                self.put_off(&key, &error, behind);
                Err(error)
            }
        }
    }

    /// What stands there, however old: its tag may still hold.
    fn known(&self, key: &K) -> Known<V> {
        let held = self.held();
        let entry = held.entries.get(key);
        Known {
            value: entry.map(|entry| Arc::clone(&entry.value)),
            tag: entry.and_then(|entry| entry.tag.clone()),
        }
    }

    /// `tag`: `None` keeps the one that is there.
    fn put(&self, key: K, value: Arc<V>, tag: Option<Option<HeaderValue>>) {
        let common = &self.inner.common;
        let now = common.clock.now();
        let next = common.next(now);
        let bytes = value.bytes().saturating_add(OVERHEAD);
        let mut held = self.held();
        held.not_before = None;
        held.uses += 1;
        let old = held.entries.remove(&key);
        held.bytes -= old.as_ref().map_or(0, |old| old.bytes);
        let tag = tag.unwrap_or_else(|| old.and_then(|old| old.tag));
        let mut evicted = 0;
        while held.bytes.saturating_add(bytes) > self.inner.max_bytes {
            let oldest = held.entries.iter().min_by_key(|(_, entry)| entry.used);
            let Some(oldest) = oldest.map(|(key, _)| key.clone()) else {
                break;
            };
            let gone = held.entries.remove(&oldest);
            held.bytes -= gone.map_or(0, |gone| gone.bytes);
            evicted += 1;
        }
        if bytes <= self.inner.max_bytes {
            held.bytes += bytes;
            let used = held.uses;
            held.entries.insert(
                key,
                Entry {
                    value,
                    tag,
                    since: now,
                    next,
                    bytes,
                    used,
                },
            );
        } else {
            evicted += 1;
        }
        drop(held);
        if evicted > 0 {
            common.counted.evicted(evicted);
        }
    }

    /// The source gave nothing to use: what is there stays, and is asked for again in a while.
    fn put_off(&self, key: &K, error: &UpstreamError, behind: bool) {
        let common = &self.inner.common;
        common.counted.failed(behind);
        let now = common.clock.now();
        let later = now.plus_secs(RETRY_SECS);
        let mut held = self.held();
        match held.entries.get_mut(key) {
            Some(entry) => entry.next = later,
            None => held.not_before = Some(later),
        }
        drop(held);
        if behind && common.counted.may_warn(now, RETRY_SECS) {
            tracing::warn!(%error, "the catalogue could not be refreshed, the old one stays");
        }
    }
}

/// A moment is reached, also when the clock was set back to long before it.
fn is_reached(at: Timestamp, now: Timestamp, longest_secs: i64) -> bool {
    now >= at || now.secs_until(at) > longest_secs
}

#[cfg(test)]
#[path = "shelf_tests.rs"]
mod tests;
