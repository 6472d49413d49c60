//! How a source is doing, as one client sees it: for `/v1/status`, doctor and the board in wp-admin.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::ErrorKind;
use crate::domain::{Clock, Timestamp};

/// A snapshot. Holds nothing of any question or answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vitals {
    /// The API of the source: `zaken`.
    pub component: &'static str,
    pub breaker: BreakerVitals,
    /// How the last call ended, and since when they end like that; `None` before the first one.
    pub health: Health,
    pub since: Option<Timestamp>,
    /// When the source last answered as it should.
    pub last_ok: Option<Timestamp>,
    pub last_failure: Option<Failure>,
    /// Calls that went out, and how many of them failed.
    pub calls: u64,
    pub failures: u64,
    /// Of the last 200 calls, waiting and second attempts included; `None` before the first one.
    pub median_ms: Option<u32>,
    pub p95_ms: Option<u32>,
    pub in_flight: usize,
    pub waiting: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BreakerVitals {
    pub state: BreakerState,
    /// `None`: since the start.
    pub since: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BreakerState {
    /// Calls go out.
    Closed,
    /// Calls are refused.
    Open,
    /// One call is out to see whether the source is back.
    HalfOpen,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failure {
    pub at: Timestamp,
    /// A word of [`ErrorKind::reason`].
    pub reason: &'static str,
}

/// How the last call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// Not asked yet.
    Unknown,
    Ok,
    Failing,
}

/// Calls that the times are taken from.
const WINDOW: usize = 200;

/// Keeps the figures of one client.
#[derive(Debug)]
pub(super) struct Recorder {
    clock: Clock,
    figures: Mutex<Figures>,
    pub in_flight: AtomicUsize,
    pub waiting: AtomicUsize,
}

#[derive(Debug, Default)]
struct Figures {
    last_ok: Option<Timestamp>,
    last_failure: Option<Failure>,
    failing: Option<bool>,
    since: Option<Timestamp>,
    calls: u64,
    failures: u64,
    millis: VecDeque<u32>,
}

impl Recorder {
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            figures: Mutex::default(),
            in_flight: AtomicUsize::new(0),
            waiting: AtomicUsize::new(0),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Figures> {
        self.figures.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A call that went out has ended.
    pub fn note(&self, took: Duration, kind: Option<ErrorKind>) {
        let at = self.clock.now();
        let mut figures = self.lock();
        figures.calls += 1;
        if figures.millis.len() == WINDOW {
            figures.millis.pop_front();
        }
        let millis = u32::try_from(took.as_millis()).unwrap_or(u32::MAX);
        figures.millis.push_back(millis);
        figures.end(at, kind);
    }

    /// An answer that arrived turned out not to be what the API promises.
    pub fn note_garbled(&self) {
        let at = self.clock.now();
        self.lock().end(at, Some(ErrorKind::Garbled));
    }

    pub fn snapshot(&self, component: &'static str, breaker: BreakerVitals) -> Vitals {
        let figures = self.lock();
        let mut millis: Vec<u32> = figures.millis.iter().copied().collect();
        millis.sort_unstable();
        // Nearest rank: the smallest time that at least so many of a hundred calls stayed within.
        let rank = |percent: usize| {
            let rank = (millis.len() * percent).div_ceil(100);
            millis.get(rank.checked_sub(1)?).copied()
        };
        Vitals {
            component,
            breaker,
            health: figures.health(),
            since: figures.since,
            last_ok: figures.last_ok,
            last_failure: figures.last_failure,
            calls: figures.calls,
            failures: figures.failures,
            median_ms: rank(50),
            p95_ms: rank(95),
            in_flight: self.in_flight.load(Ordering::Relaxed),
            waiting: self.waiting.load(Ordering::Relaxed),
        }
    }
}

impl Figures {
    const fn health(&self) -> Health {
        match self.failing {
            None => Health::Unknown,
            Some(false) => Health::Ok,
            Some(true) => Health::Failing,
        }
    }

    fn end(&mut self, at: Timestamp, kind: Option<ErrorKind>) {
        let failed = kind.filter(|kind| is_failure(*kind));
        if self.failing != Some(failed.is_some()) {
            self.failing = Some(failed.is_some());
            self.since = Some(at);
        }
        match failed {
            None => self.last_ok = Some(at),
            Some(kind) => {
                self.failures += 1;
                self.last_failure = Some(Failure {
                    at,
                    reason: kind.reason(),
                });
            }
        }
    }
}

/// That an object is not there, or not for us, is how a source that works answers.
const fn is_failure(kind: ErrorKind) -> bool {
    !matches!(kind, ErrorKind::NotFound | ErrorKind::Forbidden)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLOSED: BreakerVitals = BreakerVitals {
        state: BreakerState::Closed,
        since: None,
    };

    #[test]
    fn nothing_is_made_up_before_the_first_call() {
        let recorder = Recorder::new(Clock::manual(Timestamp::from_secs(7)));
        let vitals = recorder.snapshot("zaken", CLOSED);
        assert_eq!((vitals.median_ms, vitals.p95_ms), (None, None));
        assert_eq!((vitals.last_ok, vitals.last_failure), (None, None));
        assert_eq!((vitals.health, vitals.since), (Health::Unknown, None));
    }

    #[test]
    fn times_are_of_the_last_two_hundred_calls() {
        let recorder = Recorder::new(Clock::manual(Timestamp::from_secs(7)));
        for _ in 0..50 {
            recorder.note(Duration::from_secs(9), None);
        }
        for millis in 1..=200 {
            recorder.note(Duration::from_millis(millis), None);
        }
        let vitals = recorder.snapshot("zaken", CLOSED);
        assert_eq!(vitals.calls, 250);
        assert_eq!(vitals.median_ms, Some(100));
        assert_eq!(vitals.p95_ms, Some(190));
    }

    #[test]
    fn an_object_that_is_not_there_is_no_failure_of_the_source() {
        let clock = Clock::manual(Timestamp::from_secs(7));
        let recorder = Recorder::new(clock.clone());
        recorder.note(Duration::ZERO, Some(ErrorKind::NotFound));
        recorder.note(Duration::ZERO, Some(ErrorKind::Forbidden));
        assert_eq!(recorder.snapshot("zaken", CLOSED).health, Health::Ok);
        clock.advance_secs(3);
        recorder.note(Duration::ZERO, Some(ErrorKind::Credentials));
        assert_eq!(recorder.snapshot("zaken", CLOSED).health, Health::Failing);
        clock.advance_secs(5);
        recorder.note(Duration::ZERO, Some(ErrorKind::Timeout));
        let vitals = recorder.snapshot("zaken", CLOSED);
        assert_eq!((vitals.calls, vitals.failures), (4, 2));
        assert_eq!(vitals.last_ok, Some(Timestamp::from_secs(7)));
        let failure = vitals.last_failure.unwrap();
        assert_eq!(failure.reason, "timeout");
        assert_eq!(failure.at, Timestamp::from_secs(15));
        // Failing since the first of the two.
        assert_eq!(vitals.health, Health::Failing);
        assert_eq!(vitals.since, Some(Timestamp::from_secs(10)));
    }
}
