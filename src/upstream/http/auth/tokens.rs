//! The token of one API of one source: fetched once for everybody who needs it, renewed a little before it
//! ends, and fetched anew when it is refused.
//!
//! The fetch runs in a task of its own. A caller that leaves neither ends it nor begins it again, and a
//! caller that comes joins it. Every caller waits no longer than its own deadline.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::HeaderValue;
use tokio::sync::watch;

use super::oauth::{ClientCredentials, Granted, OPERATION};
use crate::domain::{Clock, Timestamp};
use crate::lifecycle::Tasks;
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
    flight: Option<watch::Receiver<Option<Outcome>>>,
    serial: u64,
    /// The endpoint refused the client: what it said, and until when nobody asks again.
    refused: Option<(Timestamp, UpstreamError)>,
    /// A token was refused that was new: until when a refusal is no reason for another.
    hopeless: Option<Timestamp>,
}

#[derive(Debug, Clone)]
pub(super) struct Tokens {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    credentials: ClientCredentials,
    client: Client,
    clock: Clock,
    tasks: Tasks,
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
                tasks,
                state: Mutex::default(),
            }),
        }
    }

    /// How the endpoint is doing.
    pub(super) fn vitals(&self) -> Vitals {
        self.inner.client.vitals()
    }

    /// The token, fetched if there is none.
    pub(super) async fn get(&self) -> Outcome {
        let mut flight = {
            let now = self.inner.clock.now();
            let mut state = self.inner.state();
            if let Some(held) = &state.held
                && now < held.good_until
            {
                let held = held.clone();
                if now >= held.renew_from && state.may_ask(now) {
                    self.take_off(&mut state);
                }
                return Ok(held);
            }
            if let Some((until, error)) = &state.refused
                && now < *until
            {
                return Err(error.clone());
            }
            self.take_off(&mut state)
        };
        let landed = match flight.wait_for(Option::is_some).await {
            Ok(outcome) => outcome.clone(),
            // The task ended without an outcome: the process stops.
            Err(_) => None,
        };
        landed.unwrap_or_else(|| Err(self.inner.error(ErrorKind::Connect)))
    }

    /// Joins the fetch that is under way, or begins one.
    fn take_off(&self, state: &mut State) -> watch::Receiver<Option<Outcome>> {
        if let Some(flight) = &state.flight
            && flight.has_changed().is_ok()
        {
            return flight.clone();
        }
        let (send, receive) = watch::channel(None);
        state.flight = Some(receive.clone());
        let inner = self.inner.clone();
        self.inner.tasks.spawn(async move {
            let asked = inner.clock.now();
            let answer = inner.credentials.fetch(&inner.client, &inner.clock).await;
            let outcome = inner.landed(asked, answer);
            send.send_replace(Some(outcome));
        });
        receive
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
        state.flight = None;
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
