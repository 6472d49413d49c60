//! What sources said to one person, kept in memory for seconds: within the session it was asked in, for
//! the purpose it was asked for, and gone when that session ends.
//!
//! Only whole and checked answers are kept, as the source gave them; what of it may be seen is judged anew
//! every time. Failures are not kept. Equal questions at the same time are one call ([`Flights`]).

mod flight;
mod key;

use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use moka::notification::RemovalCause;
use moka::sync::Cache;
use tokio::time::Instant;

pub use flight::Flights;
pub use key::{AnswerKey, Question};

use super::{ErrorKind, UpstreamError};
use crate::domain::{Asker, SessionKey};
use crate::lifecycle::Tasks;

/// Nothing is kept longer, whatever a source is configured with.
pub const LONGEST: Duration = Duration::from_secs(60);

/// What keeping one answer costs besides its bytes.
const OVERHEAD: u32 = 256;

/// An answer, decoded, with the bytes it came in.
#[derive(Debug)]
pub struct Sized<T> {
    pub value: T,
    pub bytes: usize,
}

#[derive(Debug, Clone)]
struct Kept {
    value: Arc<dyn Any + Send + Sync>,
    weight: u32,
    since: Instant,
}

/// Cheap to clone; clones share what is kept.
#[derive(Debug, Clone)]
pub struct Answers {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    secret: [u8; 32],
    max_bytes: u64,
    kept: Cache<AnswerKey, Kept>,
    /// Sessions for which something that must not be kept may still be on its way.
    void: Cache<SessionKey, Void>,
    flights: Flights<AnswerKey, Result<Kept, UpstreamError>>,
    counted: Arc<Counted>,
}

/// What of a session is not kept when it arrives.
#[derive(Debug, Clone, Copy)]
enum Void {
    /// Anything: the session ended.
    All,
    /// What was asked until then.
    AskedUntil(Instant),
}

impl Void {
    fn holds(self, asked: Instant) -> bool {
        match self {
            Self::All => true,
            Self::AskedUntil(moment) => asked <= moment,
        }
    }
}

#[derive(Debug, Default)]
struct Counted {
    hits: AtomicU64,
    /// Not in memory: asked, or joined to what was being asked.
    absent: AtomicU64,
    misses: AtomicU64,
    evictions: AtomicU64,
}

/// How the memory is used, for status and metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnswersUse {
    pub entries: u64,
    pub bytes: u64,
    pub max_bytes: u64,
    /// Questions answered from memory.
    pub hits: u64,
    /// Questions that joined an equal one under way.
    pub joined: u64,
    /// Questions that a source was asked.
    pub misses: u64,
    /// Answers that made room for others before their time.
    pub evictions: u64,
}

impl Answers {
    /// Keeps at most `max_bytes`. `secret` must be random: keys are made with it.
    pub fn new(max_bytes: u64, secret: [u8; 32], tasks: Tasks) -> Self {
        let counted = Arc::new(Counted::default());
        let evictions = Arc::clone(&counted);
        let kept = Cache::builder()
            .max_capacity(max_bytes)
            .weigher(|_: &AnswerKey, kept: &Kept| kept.weight)
            .time_to_live(LONGEST)
            .support_invalidation_closures()
            .eviction_listener(move |_, _, cause| {
                if cause == RemovalCause::Size {
                    evictions.evictions.fetch_add(1, Ordering::Relaxed);
                }
            })
            .build();
        Self {
            inner: Arc::new(Inner {
                secret,
                max_bytes,
                kept,
                void: Cache::builder().time_to_live(2 * LONGEST).build(),
                flights: Flights::new(tasks),
                counted,
            }),
        }
    }

    /// What the source said to this question within `fresh`, or what it says now. Only then `ask` is called;
    /// it bounds itself, and goes on when the caller leaves, so that its answer is there when the page asks
    /// again.
    pub async fn get<T, Fut>(
        &self,
        asker: &Asker,
        question: Question<'_>,
        fresh: Duration,
        operation: &'static str,
        ask: impl FnOnce() -> Fut,
    ) -> Result<Arc<T>, UpstreamError>
    where
        T: Send + Sync + 'static,
        Fut: Future<Output = Result<Sized<T>, UpstreamError>> + Send + 'static,
    {
        let inner = &*self.inner;
        let failed = || UpstreamError::new(question.source, operation, ErrorKind::Connect);
        let Some(key) = AnswerKey::new::<T>(&inner.secret, asker, question) else {
            return ask().await.map(|answer| Arc::new(answer.value));
        };
        if let Some(kept) = inner.kept.get(&key) {
            let age = kept.since.elapsed();
            if age < fresh
                && let Ok(value) = kept.value.downcast::<T>()
            {
                inner.counted.hits.fetch_add(1, Ordering::Relaxed);
                asker.used(age);
                return Ok(value);
            }
        }
        inner.counted.absent.fetch_add(1, Ordering::Relaxed);
        let answers = self.clone();
        let ask = ask();
        let landing = inner.flights.join(key, async move {
            answers.inner.counted.misses.fetch_add(1, Ordering::Relaxed);
            let asked = Instant::now();
            let answer = ask.await?;
            let kept = Kept {
                value: Arc::new(answer.value),
                weight: u32::try_from(answer.bytes)
                    .unwrap_or(u32::MAX)
                    .saturating_add(OVERHEAD),
                since: Instant::now(),
            };
            answers.inner.kept.insert(key, kept.clone());
            // Afterwards: a session that ends between the two is seen by one of them.
            let void = answers.inner.void.get(&key.session());
            if void.is_some_and(|void| void.holds(asked)) {
                answers.inner.kept.invalidate(&key);
            }
            Ok(kept)
        });
        let kept = landing.await.ok_or_else(failed)??;
        kept.value.downcast::<T>().map_err(|_| failed())
    }

    /// Drops what was kept for a session that ended.
    pub fn forget_session(&self, session: SessionKey) {
        self.drop_session(session, Void::All);
    }

    fn drop_session(&self, session: SessionKey, void: Void) {
        // A session that ended stays ended.
        if !matches!(self.inner.void.get(&session), Some(Void::All)) {
            self.inner.void.insert(session, void);
        }
        // Refused only when the cache was built without such closures, which it was not.
        let _ = self
            .inner
            .kept
            .invalidate_entries_if(move |key, _| key.session() == session);
    }

    /// Drops what was kept for somebody, and what is on its way: one of the answers turned out to hold what
    /// is not theirs.
    pub fn distrust(&self, asker: &Asker) {
        if let Some(session) = asker.session() {
            self.drop_session(session, Void::AskedUntil(Instant::now()));
            self.sweep();
        }
    }

    /// Drops everything: what sources said before something about them changed.
    pub fn clear(&self) {
        self.inner.kept.invalidate_all();
    }

    /// Drops what has expired, so that its memory comes back also when nobody asks.
    pub fn sweep(&self) {
        self.inner.kept.run_pending_tasks();
        self.inner.void.run_pending_tasks();
    }

    pub fn usage(&self) -> AnswersUse {
        let count = |of: &AtomicU64| of.load(Ordering::Relaxed);
        let counted = &self.inner.counted;
        AnswersUse {
            entries: self.inner.kept.entry_count(),
            bytes: self.inner.kept.weighted_size(),
            max_bytes: self.inner.max_bytes,
            hits: count(&counted.hits),
            joined: count(&counted.absent).saturating_sub(count(&counted.misses)),
            misses: count(&counted.misses),
            evictions: count(&counted.evictions),
        }
    }
}

#[cfg(test)]
mod tests;
