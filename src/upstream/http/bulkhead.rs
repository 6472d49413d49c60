//! Places for calls at the same time, and a queue that is no longer than it is told to be: a slow source
//! holds up its own callers and nobody else's.

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{Semaphore, SemaphorePermit};

use super::metrics::Meter;

#[derive(Debug)]
pub(super) struct Bulkhead {
    places: Semaphore,
    max_waiting: usize,
}

/// No place, and the queue is full.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Full;

impl Bulkhead {
    pub const fn new(places: usize, max_waiting: usize) -> Self {
        Self {
            places: Semaphore::const_new(places),
            max_waiting,
        }
    }

    /// A place, at once or in turn. `waiting` counts those in the queue.
    pub async fn enter(
        &self,
        waiting: &AtomicUsize,
        meter: &Meter,
    ) -> Result<SemaphorePermit<'_>, Full> {
        // Also when nobody ever waits, so that the series begins at zero.
        meter.waiting(0.0);
        if let Ok(place) = self.places.try_acquire() {
            return Ok(place);
        }
        let _queued = Queued::new(waiting, self.max_waiting, meter).ok_or(Full)?;
        self.places.acquire().await.map_err(|_| Full)
    }
}

/// One in the queue, for as long as it lives.
struct Queued<'a> {
    waiting: &'a AtomicUsize,
    meter: &'a Meter,
}

impl<'a> Queued<'a> {
    fn new(waiting: &'a AtomicUsize, most: usize, meter: &'a Meter) -> Option<Self> {
        let one_more = |now: usize| (now < most).then_some(now + 1);
        waiting
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more)
            .ok()?;
        meter.waiting(1.0);
        Some(Self { waiting, meter })
    }
}

impl Drop for Queued<'_> {
    fn drop(&mut self) {
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        self.meter.waiting(-1.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::SourceName;
    use crate::upstream::http::Host;
    use futures_util::FutureExt as _;

    #[tokio::test]
    async fn a_full_queue_refuses_at_once_and_one_that_leaves_makes_room() {
        let waiting = AtomicUsize::new(0);
        let source = SourceName::parse("zgw").unwrap();
        let meter = Meter::new(&source, &Host::default());
        let bulkhead = Bulkhead::new(1, 1);
        let place = bulkhead.enter(&waiting, &meter).await.unwrap();
        let mut first = Box::pin(bulkhead.enter(&waiting, &meter));
        assert!(first.as_mut().now_or_never().is_none());
        assert_eq!(waiting.load(Ordering::Relaxed), 1);
        assert_eq!(bulkhead.enter(&waiting, &meter).await.unwrap_err(), Full);
        drop(first);
        assert_eq!(waiting.load(Ordering::Relaxed), 0);
        let mut second = Box::pin(bulkhead.enter(&waiting, &meter));
        assert!(second.as_mut().now_or_never().is_none());
        drop(place);
        assert!(second.await.is_ok());
    }
}
