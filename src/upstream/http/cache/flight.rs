//! Single-flight: who asks what is already being asked waits for that answer.
//!
//! The work runs in a tracked task of its own. A caller that leaves neither stops it nor makes the next
//! one begin anew, and nobody waits for a caller that is no longer there to drive it.

use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared};
use tokio::sync::oneshot;

use crate::lifecycle::Tasks;

type Landing<V> = Shared<BoxFuture<'static, Option<V>>>;

/// What is under way, by key. Cheap to clone; clones share the flights.
pub struct Flights<K, V> {
    tasks: Tasks,
    under_way: Arc<Mutex<HashMap<K, Landing<V>>>>,
}

impl<K, V> Clone for Flights<K, V> {
    fn clone(&self) -> Self {
        Self {
            tasks: self.tasks.clone(),
            under_way: Arc::clone(&self.under_way),
        }
    }
}

impl<K, V> fmt::Debug for Flights<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flights").finish_non_exhaustive()
    }
}

impl<K, V> Flights<K, V>
where
    K: Clone + Eq + Hash + Send + 'static,
    V: Clone + Send + Sync + 'static,
{
    pub fn new(tasks: Tasks) -> Self {
        Self {
            tasks,
            under_way: Arc::default(),
        }
    }

    /// What is under way at this moment.
    pub fn count(&self) -> usize {
        self.locked().len()
    }

    /// Waits for what is under way under this key, or begins `work`. The work must bound itself. `None`
    /// when it panicked, or the process stops.
    pub fn join(
        &self,
        key: K,
        work: impl Future<Output = V> + Send + 'static,
    ) -> impl Future<Output = Option<V>> + Send + 'static {
        let mut under_way = self.locked();
        if let Some(landing) = under_way.get(&key) {
            return landing.clone();
        }
        let (landed, landing) = oneshot::channel();
        let landing: Landing<V> = landing.map(Result::ok).boxed().shared();
        under_way.insert(key.clone(), landing.clone());
        drop(under_way);
        let cleared = Cleared {
            flights: self.clone(),
            key: Some(key),
        };
        self.tasks.spawn(async move {
            let value = work.await;
            // First the key, then the answer: who comes after it asks anew instead of reading an old one.
            drop(cleared);
            let _ = landed.send(value);
        });
        landing
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, HashMap<K, Landing<V>>> {
        self.under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Frees the key when the work ends, also when it ends in a panic.
struct Cleared<K, V>
where
    K: Clone + Eq + Hash + Send + 'static,
    V: Clone + Send + Sync + 'static,
{
    flights: Flights<K, V>,
    key: Option<K>,
}

impl<K, V> Drop for Cleared<K, V>
where
    K: Clone + Eq + Hash + Send + 'static,
    V: Clone + Send + Sync + 'static,
{
    fn drop(&mut self) {
        if let Some(key) = self.key.take() {
            self.flights.locked().remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use futures_util::future::join_all;

    use super::*;

    type Counted = (Flights<u8, usize>, Arc<AtomicUsize>);

    fn counted() -> Counted {
        (Flights::new(Tasks::new()), Arc::default())
    }

    /// Takes a second and says the how manieth time it ran.
    fn work((_, runs): &Counted) -> impl Future<Output = usize> + Send + 'static {
        let runs = Arc::clone(runs);
        async move {
            let run = runs.fetch_add(1, Ordering::SeqCst) + 1;
            tokio::time::sleep(Duration::from_secs(1)).await;
            run
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_thousand_callers_are_one_call() {
        let counted = counted();
        let answers = join_all((0..1000).map(|_| counted.0.join(1, work(&counted)))).await;
        assert!(answers.iter().all(|answer| *answer == Some(1)));
        assert_eq!(counted.1.load(Ordering::SeqCst), 1);
        assert_eq!(counted.0.count(), 0);
        assert_eq!(counted.0.join(1, work(&counted)).await, Some(2));
    }

    #[tokio::test(start_paused = true)]
    async fn a_caller_that_leaves_neither_stops_nor_restarts_it() {
        let counted = counted();
        let first = counted.0.join(1, work(&counted));
        let left = tokio::time::timeout(Duration::from_millis(100), first).await;
        assert!(left.is_err());
        assert_eq!(counted.0.join(1, work(&counted)).await, Some(1));
        assert_eq!(counted.1.load(Ordering::SeqCst), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_caller_that_stands_still_does_not_stall_the_others() {
        let counted = counted();
        let never_polled = counted.0.join(1, work(&counted));
        assert_eq!(counted.0.join(1, work(&counted)).await, Some(1));
        drop(never_polled);
    }

    #[tokio::test(start_paused = true)]
    async fn a_panic_reaches_every_caller_and_frees_the_key() {
        let counted = counted();
        let boom = || async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            panic!("boom")
        };
        let (first, second) = tokio::join!(counted.0.join(1, boom()), counted.0.join(1, boom()));
        assert_eq!((first, second), (None, None));
        assert_eq!(counted.0.join(1, work(&counted)).await, Some(1));
    }

    #[tokio::test(start_paused = true)]
    async fn another_key_is_another_flight() {
        let counted = counted();
        let (one, two) = tokio::join!(
            counted.0.join(1, work(&counted)),
            counted.0.join(2, work(&counted))
        );
        assert_ne!(one, two);
    }
}
