//! A value fetched from elsewhere and kept for a while, asked for once however many wait for it.

use std::future::Future;
use std::sync::Arc;

use tokio::sync::Mutex;

use crate::domain::Timestamp;
use crate::identity::{Class, IdentityError};

/// How long a value is used without asking again.
const FRESH_SECS: i64 = 3600;
/// How long it is used when asking again fails.
const STALE_SECS: i64 = 24 * 3600;
/// After a failure, how long nobody asks again. Those who wait get the same answer at once.
const RETRY_SECS: i64 = 5;

#[derive(Debug)]
pub struct Cached<T> {
    /// Held while fetching: that is the single flight.
    slot: Mutex<Slot<T>>,
}

#[derive(Debug)]
struct Slot<T> {
    value: Option<Arc<T>>,
    fetched: Timestamp,
    asked: Timestamp,
    failed: Option<IdentityError>,
}

impl<T> Cached<T> {
    pub fn new() -> Self {
        let never = Timestamp::from_millis(i64::MIN);
        Self {
            slot: Mutex::new(Slot {
                value: None,
                fetched: never,
                asked: never,
                failed: None,
            }),
        }
    }

    /// The value, fetched when there is none or it is old.
    pub async fn get(
        &self,
        now: Timestamp,
        fetch: impl Future<Output = Result<T, IdentityError>>,
    ) -> Result<Arc<T>, IdentityError> {
        let mut slot = self.slot.lock().await;
        if let Some(value) = &slot.value
            && now < slot.fetched.plus_secs(FRESH_SECS)
        {
            return Ok(value.clone());
        }
        if let Some(error) = slot.failed
            && now < slot.asked.plus_secs(RETRY_SECS)
        {
            return slot.stale(now, error);
        }
        match slot.fetch(now, fetch).await {
            Ok(value) => Ok(value),
            Err(error) => slot.stale(now, error),
        }
    }

    /// A value newer than `than`, unless it was asked for in the last `at_most_every` seconds: then
    /// what there is.
    pub async fn newer(
        &self,
        than: &Arc<T>,
        at_most_every: i64,
        now: Timestamp,
        fetch: impl Future<Output = Result<T, IdentityError>>,
    ) -> Arc<T> {
        let mut slot = self.slot.lock().await;
        if let Some(value) = &slot.value
            && (!Arc::ptr_eq(value, than) || now < slot.asked.plus_secs(at_most_every))
        {
            return value.clone();
        }
        slot.fetch(now, fetch)
            .await
            .unwrap_or_else(|_| than.clone())
    }
}

impl<T> Slot<T> {
    async fn fetch(
        &mut self,
        now: Timestamp,
        fetch: impl Future<Output = Result<T, IdentityError>>,
    ) -> Result<Arc<T>, IdentityError> {
        self.asked = now;
        match fetch.await {
            Ok(value) => {
                let value = Arc::new(value);
                self.value = Some(value.clone());
                self.fetched = now;
                self.failed = None;
                Ok(value)
            }
            Err(error) => {
                self.failed = Some(error);
                Err(error)
            }
        }
    }

    /// An old value where the provider does not answer. An answer that is wrong replaces it by the error.
    fn stale(&self, now: Timestamp, error: IdentityError) -> Result<Arc<T>, IdentityError> {
        match &self.value {
            Some(value)
                if matches!(error, IdentityError::Provider(_))
                    && error.class() == Class::Unavailable
                    && now < self.fetched.plus_secs(STALE_SECS) =>
            {
                Ok(value.clone())
            }
            _ => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::upstream::http::ErrorKind;

    fn at(secs: i64) -> Timestamp {
        Timestamp::from_secs(secs)
    }

    const DOWN: IdentityError = IdentityError::Provider(ErrorKind::Connect);

    #[tokio::test]
    async fn an_outage_is_bridged_for_a_day_and_a_wrong_answer_is_not() {
        let cached = Cached::new();
        let get = async |now, fetched: Result<u8, IdentityError>| {
            cached
                .get(at(now), std::future::ready(fetched))
                .await
                .map(|v| *v)
        };
        assert_eq!(get(0, Err(DOWN)).await, Err(DOWN));
        // Not asked again at once.
        assert_eq!(get(4, Ok(1)).await, Err(DOWN));
        assert_eq!(get(5, Ok(1)).await, Ok(1));
        assert_eq!(get(3604, Ok(2)).await, Ok(1));
        assert_eq!(get(3605, Err(DOWN)).await, Ok(1));
        assert_eq!(get(3605 + 80_000, Err(DOWN)).await, Ok(1));
        let wrong = IdentityError::DiscoveryIssuer;
        assert_eq!(get(3605 + 80_010, Err(wrong)).await, Err(wrong));
        assert_eq!(get(5 + 86_400, Err(DOWN)).await, Err(DOWN));
    }

    #[tokio::test]
    async fn a_newer_value_is_asked_for_at_most_every_so_often() {
        let cached = Cached::new();
        let first = cached.get(at(0), std::future::ready(Ok(1))).await.unwrap();
        let newer = async |now, value| {
            *cached
                .newer(&first, 30, at(now), std::future::ready(Ok(value)))
                .await
        };
        assert_eq!(newer(29, 2).await, 1);
        assert_eq!(newer(30, 2).await, 2);
        // Somebody else had it refreshed already.
        assert_eq!(newer(60, 3).await, 2);
    }
}
