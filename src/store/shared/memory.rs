//! Shared state of a single instance, in memory. It is gone when the process ends.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{
    Answer, Digest, Moment, NewRecord, OneTime, SessionRecord, SharedError, SharedState, Which,
};
use crate::domain::{SiteId, Timestamp};

/// Bounds on what is held, so that a flood is refused instead of filling the machine.
#[derive(Debug, Clone, Copy)]
pub struct MemoryLimits {
    /// Values per kind that count once.
    pub one_time: usize,
    pub sessions: usize,
}

impl Default for MemoryLimits {
    fn default() -> Self {
        Self {
            one_time: 200_000,
            sessions: 100_000,
        }
    }
}

/// The default state: maps behind one lock that is never held while waiting.
#[derive(Debug)]
pub struct MemoryState {
    limits: MemoryLimits,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    rooms: HashMap<OneTime, Room>,
    sessions: HashMap<Digest, Kept>,
    indexes: HashMap<Digest, BTreeSet<(u64, Digest)>>,
    /// Counts sessions, so that "the oldest" is clear also within one millisecond.
    next: u64,
    swept: Timestamp,
}

#[derive(Debug, Default)]
struct Room(HashMap<Digest, (Timestamp, Vec<u8>)>);

#[derive(Debug)]
struct Kept {
    number: u64,
    record: SessionRecord,
}

/// A sweep goes along with a write at most this often.
const SWEEP_EVERY_SECS: i64 = 30;

impl MemoryState {
    pub fn new(limits: MemoryLimits) -> Self {
        Self {
            limits,
            inner: Mutex::new(Inner {
                rooms: HashMap::new(),
                sessions: HashMap::new(),
                indexes: HashMap::new(),
                next: 0,
                swept: Timestamp::from_millis(i64::MIN),
            }),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // Every change below is complete before the lock is let go, so a poisoned lock holds whole data.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many values of any kind, sessions and index entries are held: for health and for tests.
    pub fn held(&self) -> (usize, usize, usize) {
        let inner = self.lock();
        let values = inner.rooms.values().map(|room| room.0.len()).sum();
        (values, inner.sessions.len(), inner.indexes.len())
    }
}

impl Default for MemoryState {
    fn default() -> Self {
        Self::new(MemoryLimits::default())
    }
}

impl Inner {
    fn sweep_values(&mut self, now: Timestamp) {
        for room in self.rooms.values_mut() {
            room.0.retain(|_, (until, _)| now < *until);
            give_back(&mut room.0);
        }
    }

    fn sweep_sessions(&mut self, moment: Moment) {
        let dead: Vec<Digest> = self
            .sessions
            .values()
            .filter(|kept| !kept.record.lives(moment))
            .map(|kept| kept.record.key)
            .collect();
        for key in dead {
            self.remove(&key);
        }
        give_back(&mut self.sessions);
        give_back(&mut self.indexes);
    }

    fn remove(&mut self, key: &Digest) -> Option<SessionRecord> {
        let kept = self.sessions.remove(key)?;
        for index in &kept.record.indexes {
            if let Some(entries) = self.indexes.get_mut(index) {
                entries.remove(&(kept.number, *key));
                if entries.is_empty() {
                    self.indexes.remove(index);
                }
            }
        }
        Some(kept.record)
    }

    fn remove_of_site(&mut self, site: &SiteId, key: &Digest) -> Option<SessionRecord> {
        if self.sessions.get(key)?.record.site != *site {
            return None;
        }
        self.remove(key)
    }

    fn indexed(&self, indexes: &[Digest]) -> BTreeSet<(u64, Digest)> {
        indexes
            .iter()
            .filter_map(|index| self.indexes.get(index))
            .flatten()
            .copied()
            .collect()
    }
}

/// A map that once was large must not keep its size for ever.
fn give_back<K: Eq + Hash, V>(map: &mut HashMap<K, V>) {
    if map.capacity() > 64 && map.len() < map.capacity() / 4 {
        map.shrink_to_fit();
    }
}

fn ready<'a, T: Send + 'a>(result: Result<T, SharedError>) -> Answer<'a, T> {
    Box::pin(std::future::ready(result))
}

impl SharedState for MemoryState {
    fn put_once(
        &self,
        kind: OneTime,
        key: Digest,
        value: Vec<u8>,
        until: Timestamp,
        now: Timestamp,
    ) -> Answer<'_, bool> {
        let mut inner = self.lock();
        if inner.swept.plus_secs(SWEEP_EVERY_SECS) <= now {
            inner.swept = now;
            inner.sweep_values(now);
        }
        let room = inner.rooms.entry(kind).or_default();
        if room.0.get(&key).is_some_and(|(until, _)| now < *until) {
            return ready(Ok(false));
        }
        if room.0.len() >= self.limits.one_time {
            room.0.retain(|_, (until, _)| now < *until);
            if room.0.len() >= self.limits.one_time {
                return ready(Err(SharedError::Full));
            }
        }
        room.0.insert(key, (until, value));
        ready(Ok(true))
    }

    fn take(&self, kind: OneTime, key: Digest, now: Timestamp) -> Answer<'_, Option<Vec<u8>>> {
        let mut inner = self.lock();
        let taken = inner.rooms.get_mut(&kind).and_then(|r| r.0.remove(&key));
        ready(Ok(taken
            .filter(|(until, _)| now < *until)
            .map(|(_, value)| value)))
    }

    fn read(&self, kind: OneTime, key: Digest, now: Timestamp) -> Answer<'_, Option<Vec<u8>>> {
        let inner = self.lock();
        let found = inner.rooms.get(&kind).and_then(|room| room.0.get(&key));
        ready(Ok(found
            .filter(|(until, _)| now < *until)
            .map(|(_, value)| value.clone())))
    }

    fn put_session(&self, new: NewRecord, moment: Moment) -> Answer<'_, ()> {
        let mut inner = self.lock();
        if let Some(old) = &new.replaces {
            inner.remove_of_site(&new.record.site, old);
        }
        let mut others: Vec<Digest> = Vec::new();
        for (_, key) in inner.indexed(&new.same_subject) {
            match inner.sessions.get(&key) {
                Some(kept) if kept.record.lives(moment) => others.push(key),
                _ => {
                    inner.remove(&key);
                }
            }
        }
        // Oldest first, as the index is ordered by number.
        let room_for_others = new.at_most.saturating_sub(1);
        let too_many = others.len().saturating_sub(room_for_others);
        for key in others.iter().take(too_many) {
            inner.remove(key);
        }
        if inner.sessions.len() >= self.limits.sessions {
            inner.sweep_sessions(moment);
            if inner.sessions.len() >= self.limits.sessions {
                return ready(Err(SharedError::Full));
            }
        }
        let number = inner.next;
        inner.next = inner.next.saturating_add(1);
        let record = new.record;
        for index in &record.indexes {
            let entries = inner.indexes.entry(*index).or_default();
            entries.insert((number, record.key));
        }
        inner.sessions.insert(record.key, Kept { number, record });
        ready(Ok(()))
    }

    fn session<'a>(
        &'a self,
        site: &'a SiteId,
        key: Digest,
        touch: bool,
        moment: Moment,
    ) -> Answer<'a, Option<SessionRecord>> {
        let mut inner = self.lock();
        let Some(kept) = inner.sessions.get_mut(&key) else {
            return ready(Ok(None));
        };
        if !kept.record.lives(moment) {
            inner.remove(&key);
            return ready(Ok(None));
        }
        if kept.record.site != *site {
            return ready(Ok(None));
        }
        // A clock that was set back must not shorten a session that is in use.
        if touch && kept.record.last_seen < moment.now {
            kept.record.last_seen = moment.now;
        }
        ready(Ok(Some(kept.record.clone())))
    }

    fn end_session<'a>(
        &'a self,
        site: &'a SiteId,
        key: Digest,
        moment: Moment,
    ) -> Answer<'a, Option<SessionRecord>> {
        let ended = self.lock().remove_of_site(site, &key);
        ready(Ok(ended.filter(|record| record.lives(moment))))
    }

    fn end_sessions(&self, which: Which) -> Answer<'_, usize> {
        let mut inner = self.lock();
        let (site, keys): (SiteId, Vec<Digest>) = match which {
            Which::Indexed(site, indexes) => {
                let keys = inner.indexed(&indexes).into_iter().map(|(_, k)| k);
                (site, keys.collect())
            }
            Which::Site(site) => (site, inner.sessions.keys().copied().collect()),
        };
        let ended = keys
            .iter()
            .filter(|key| inner.remove_of_site(&site, key).is_some())
            .count();
        ready(Ok(ended))
    }

    fn has_session<'a>(
        &'a self,
        site: &'a SiteId,
        index: Digest,
        moment: Moment,
    ) -> Answer<'a, bool> {
        let inner = self.lock();
        let found = inner.indexed(&[index]).iter().any(|(_, key)| {
            let kept = inner.sessions.get(key);
            kept.is_some_and(|kept| kept.record.site == *site && kept.record.lives(moment))
        });
        ready(Ok(found))
    }

    fn sessions_held(&self) -> Answer<'_, (usize, usize)> {
        ready(Ok((self.lock().sessions.len(), self.limits.sessions)))
    }

    fn sweep(&self, moment: Moment) -> Answer<'_, ()> {
        let mut inner = self.lock();
        inner.swept = moment.now;
        inner.sweep_values(moment.now);
        inner.sweep_sessions(moment);
        ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: i64) -> Timestamp {
        Timestamp::from_secs(secs)
    }

    #[tokio::test]
    async fn a_value_counts_once_until_it_expires() {
        let state = MemoryState::default();
        let key = Digest::of(&[b"jti"]);
        let put = |now| state.put_once(OneTime::TokenUse, key, vec![], at(100), at(now));
        assert_eq!(put(10).await, Ok(true));
        assert_eq!(put(99).await, Ok(false));
        assert_eq!(put(100).await, Ok(true));
    }

    #[tokio::test]
    async fn a_value_is_taken_by_one_caller_and_not_after_its_time() {
        let state = MemoryState::default();
        let key = Digest::of(&[b"handoff"]);
        let put = || state.put_once(OneTime::Handoff, key, vec![7], at(60), at(0));
        put().await.unwrap();
        assert_eq!(state.take(OneTime::LoginState, key, at(1)).await, Ok(None));
        assert_eq!(
            state.read(OneTime::Handoff, key, at(1)).await,
            Ok(Some(vec![7]))
        );
        assert_eq!(
            state.take(OneTime::Handoff, key, at(1)).await,
            Ok(Some(vec![7]))
        );
        assert_eq!(state.take(OneTime::Handoff, key, at(1)).await, Ok(None));
        put().await.unwrap();
        assert_eq!(state.take(OneTime::Handoff, key, at(60)).await, Ok(None));
    }

    #[tokio::test]
    async fn a_full_room_refuses_and_keeps_what_has_not_expired() {
        let state = MemoryState::new(MemoryLimits {
            one_time: 2,
            sessions: 2,
        });
        let put = |name: &'static [u8], now| {
            state.put_once(
                OneTime::TokenUse,
                Digest::of(&[name]),
                vec![],
                at(100),
                at(now),
            )
        };
        assert_eq!(put(b"a", 0).await, Ok(true));
        assert_eq!(put(b"b", 0).await, Ok(true));
        assert_eq!(put(b"c", 0).await, Err(SharedError::Full));
        assert_eq!(put(b"a", 0).await, Ok(false));
        assert_eq!(put(b"c", 100).await, Ok(true));
    }

    #[tokio::test]
    async fn memory_returns_to_where_it_started() {
        let state = MemoryState::default();
        for n in 0..1000_u32 {
            let key = Digest::of(&[&n.to_be_bytes()]);
            let put = state.put_once(OneTime::LoginState, key, vec![0; 64], at(300), at(0));
            put.await.unwrap();
        }
        let moment = Moment {
            now: at(300),
            idle_secs: 900,
        };
        state.sweep(moment).await.unwrap();
        assert_eq!(state.held(), (0, 0, 0));
        assert!(
            state
                .lock()
                .rooms
                .values()
                .all(|room| room.0.capacity() == 0)
        );
    }
}
