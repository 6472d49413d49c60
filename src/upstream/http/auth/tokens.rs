//! The token of one API of one source: fetched once for everybody who needs it, renewed a little before it
//! ends, and fetched anew when it is refused.
//!
//! The fetch runs in a task of its own. A caller that leaves neither ends it nor begins it again, and a
//! caller that comes joins it. Every caller waits no longer than its own deadline.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use http::HeaderValue;

use super::oauth::{ClientCredentials, Granted, OPERATION};
use crate::domain::{Clock, Timestamp};
use crate::lifecycle::Tasks;
use crate::upstream::http::cache::Flights;
use crate::upstream::http::{Client, ErrorKind, UpstreamError, Vitals};

/// A token is not used in its last seconds: a call on its way would arrive too late.
const MARGIN_SECS: i64 = 30;
/// From this long before that, a new one is fetched while the old one is still used.
const AHEAD_SECS: i64 = 60;
/// After a refusal of the client itself, or of a token that was new, nothing is fetched for a while: a
/// wrong secret must not become a flood at the endpoint.
const PAUSE_SECS: i64 = 10;

/// A token in use.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub value: HeaderValue,
    /// Which one, so that a refusal ends only the token that was refused.
    pub serial: u64,
    renew_from: Timestamp,
    good_until: Timestamp,
}

type Outcome = Result<Held, UpstreamError>;

#[derive(Debug, Default)]
struct State {
    held: Option<Held>,
    serial: u64,
    /// The endpoint refused the client: what it said, and until when nobody asks again.
    refused: Option<(Timestamp, UpstreamError)>,
    /// A token was refused that was new: until when a refusal is no reason for another.
    hopeless: Option<Timestamp>,
}

#[derive(Debug, Clone)]
pub(super) struct Tokens {
    inner: Arc<Inner>,
    flights: Flights<(), Outcome>,
}

#[derive(Debug)]
struct Inner {
    credentials: ClientCredentials,
    client: Client,
    clock: Clock,
    state: Mutex<State>,
}

impl Tokens {
    pub(super) fn new(
        credentials: ClientCredentials,
        client: Client,
        clock: Clock,
        tasks: Tasks,
    ) -> Self {
        Self {
            inner: Arc::new(Inner {
                credentials,
                client,
                clock,
                state: Mutex::default(),
            }),
            flights: Flights::new(tasks),
        }
    }

    /// How the endpoint is doing.
    pub(super) fn vitals(&self) -> Vitals {
        self.inner.client.vitals()
    }

    /// The token, fetched if there is none.
    pub(super) async fn get(&self) -> Outcome {
        let flight = {
            let now = self.inner.clock.now();
            let state = self.inner.state();
            if let Some(held) = &state.held
                && now < held.good_until
            {
                let held = held.clone();
                if now >= held.renew_from && state.may_ask(now) {
                    drop(self.take_off(&state));
                }
                return Ok(held);
            }
            if let Some((until, error)) = &state.refused
                && now < *until
            {
                return Err(error.clone());
            }
            self.take_off(&state)
        };
        // Without an outcome the process stops.
        let stopped = || Err(self.inner.error(ErrorKind::Connect));
        flight.await.unwrap_or_else(stopped)
    }

    /// Joins the fetch that is under way, or begins one. Under the lock of the state: who finds no token there
    /// begins no second fetch when the first one lands meanwhile.
    fn take_off(&self, _: &State) -> BoxFuture<'static, Option<Outcome>> {
        let inner = Arc::clone(&self.inner);
        let fetch = async move {
            let asked = inner.clock.now();
            let answer = inner.credentials.fetch(&inner.client, &inner.clock).await;
            inner.landed(asked, answer)
        };
        self.flights.join((), fetch).boxed()
    }

    /// The source refused this token. Whether a new one is worth asking for.
    pub(super) fn was_refused(&self, serial: u64) -> bool {
        let now = self.inner.clock.now();
        let mut state = self.inner.state();
        if state
            .held
            .as_ref()
            .is_some_and(|held| held.serial != serial)
        {
            // Somebody else was refused before us, and has the new one already.
            return true;
        }
        if state.hopeless.is_some_and(|until| now < until) {
            return false;
        }
        state.held = None;
        true
    }

    /// The source refused this token too, and it was a new one.
    pub(super) fn was_refused_again(&self, serial: u64) {
        let mut state = self.inner.state();
        if state
            .held
            .as_ref()
            .is_some_and(|held| held.serial == serial)
        {
            state.hopeless = Some(self.inner.clock.now().plus_secs(PAUSE_SECS));
        }
    }
}

impl State {
    fn may_ask(&self, now: Timestamp) -> bool {
        self.refused.as_ref().is_none_or(|(until, _)| now >= *until)
    }
}

impl Inner {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn error(&self, kind: ErrorKind) -> UpstreamError {
        UpstreamError::new(self.client.source(), OPERATION, kind)
    }

    fn landed(&self, asked: Timestamp, answer: Result<Granted, UpstreamError>) -> Outcome {
        let mut state = self.state();
        match answer {
            Ok(granted) => {
                let lifetime = i64::try_from(granted.lifetime.as_secs()).unwrap_or(i64::MAX);
                // A token that lives a minute still has most of it.
                let good = lifetime - MARGIN_SECS.min(lifetime / 4);
                let renew = good - AHEAD_SECS.min(lifetime / 4);
                state.serial += 1;
                let held = Held {
                    value: granted.value,
                    serial: state.serial,
                    renew_from: asked.plus_secs(renew),
                    good_until: asked.plus_secs(good),
                };
                state.held = Some(held.clone());
                state.refused = None;
                Ok(held)
            }
            Err(error) => {
                tracing::warn!(%error, "no token");
                if error.kind == ErrorKind::Credentials {
                    let until = self.clock.now().plus_secs(PAUSE_SECS);
                    state.refused = Some((until, error.clone()));
                }
                Err(error)
            }
        }
    }
}
