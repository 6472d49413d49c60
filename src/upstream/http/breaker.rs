//! The breaker: a source that fails is left alone, and tried again with one call at a time.
//!
//! [`Machine`] is the state and nothing else; [`Breaker`] shares it, tells those who wait, and keeps the
//! time for people.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::metrics::Meter;
use super::{BreakerSettings, BreakerState, BreakerVitals};
use crate::domain::{Clock, Timestamp};

/// How long a page waits for a call that probes the source, counted from when that call went out.
pub(super) const PROBE_WAIT: Duration = Duration::from_millis(25);

/// One call that was let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ticket {
    /// How many faults had been counted when the call began.
    seen: u64,
    /// The probe that this call is.
    probe: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Admission {
    Go(Ticket),
    /// This call finds out whether the source is back.
    Probe(Ticket),
    /// Another call is finding out; its outcome is worth waiting for until then.
    Wait(Instant),
    Refuse,
}

/// What a call says of the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It answered, if only with a refusal.
    Works,
    /// It could not; it may have said for how long.
    Fault(Option<Duration>),
    /// Nothing: the call never got that far.
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Closed { faults: u32 },
    Open { until: Instant, pause: Duration },
    HalfOpen { began: Instant, pause: Duration },
}

#[derive(Debug)]
struct Machine {
    settings: BreakerSettings,
    phase: Phase,
    /// Faults counted since the start. A call that began before the last of them failed together with it.
    counted: u64,
    probes: u64,
}

impl Machine {
    const fn new(settings: BreakerSettings) -> Self {
        Self {
            settings,
            phase: Phase::Closed { faults: 0 },
            counted: 0,
            probes: 0,
        }
    }

    fn admit(&mut self, now: Instant) -> Admission {
        let seen = self.counted;
        match self.phase {
            Phase::Closed { .. } => Admission::Go(Ticket { seen, probe: None }),
            Phase::Open { until, .. } if now < until => Admission::Refuse,
            Phase::Open { pause, .. } => {
                self.phase = Phase::HalfOpen { began: now, pause };
                self.probes += 1;
                Admission::Probe(Ticket {
                    seen,
                    probe: Some(self.probes),
                })
            }
            Phase::HalfOpen { began, .. } if now < began + PROBE_WAIT => {
                Admission::Wait(began + PROBE_WAIT)
            }
            Phase::HalfOpen { .. } => Admission::Refuse,
        }
    }

    fn end(&mut self, now: Instant, ticket: Ticket, verdict: Verdict) {
        let is_probe = ticket.probe == Some(self.probes);
        match (verdict, self.phase) {
            // Any answer will do, also one to a call that went out before.
            (Verdict::Works, _) => self.phase = Phase::Closed { faults: 0 },
            (Verdict::Fault(asked), Phase::Closed { faults }) => {
                if ticket.seen < self.counted {
                    return;
                }
                self.counted += 1;
                let faults = faults.saturating_add(1);
                self.phase = if faults >= self.settings.faults {
                    self.open(now, self.settings.open, asked)
                } else {
                    Phase::Closed { faults }
                };
            }
            (Verdict::Fault(asked), Phase::HalfOpen { pause, .. }) if is_probe => {
                self.counted += 1;
                self.phase = self.open(now, pause.saturating_mul(2), asked);
            }
            // The probe never got to the source: as if it had not been sent.
            (Verdict::Unknown, Phase::HalfOpen { pause, .. }) if is_probe => {
                self.phase = self.open(now, pause, None);
            }
            // Calls from before, while the source is left alone.
            (Verdict::Fault(_) | Verdict::Unknown, _) => {}
        }
    }

    fn open(&self, now: Instant, pause: Duration, asked: Option<Duration>) -> Phase {
        let pause = pause.min(self.settings.max_open);
        let this_time = asked
            .unwrap_or_default()
            .min(self.settings.max_open)
            .max(pause);
        Phase::Open {
            until: now + this_time,
            pause,
        }
    }

    const fn state(&self) -> BreakerState {
        match self.phase {
            Phase::Closed { .. } => BreakerState::Closed,
            Phase::Open { .. } => BreakerState::Open,
            Phase::HalfOpen { .. } => BreakerState::HalfOpen,
        }
    }
}

/// Shared by all calls of one client.
#[derive(Debug)]
pub(super) struct Breaker {
    machine: Mutex<Machine>,
    shown: watch::Sender<BreakerVitals>,
    clock: Clock,
    meter: Meter,
}

impl Breaker {
    pub fn new(settings: BreakerSettings, clock: Clock, meter: Meter) -> Self {
        let closed = BreakerVitals {
            state: BreakerState::Closed,
            since: None,
        };
        Self {
            machine: Mutex::new(Machine::new(settings)),
            shown: watch::Sender::new(closed),
            clock,
            meter,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Machine> {
        self.machine.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn admit(&self) -> Admission {
        let mut machine = self.lock();
        let admission = machine.admit(Instant::now());
        if self.show(machine.state()) {
            self.meter.breaker(machine.state());
        }
        admission
    }

    /// Gives the new state when it is another one.
    pub fn end(&self, ticket: Ticket, verdict: Verdict) -> Option<BreakerState> {
        let mut machine = self.lock();
        machine.end(Instant::now(), ticket, verdict);
        let state = machine.state();
        // Under the lock, so that what is measured last is what it is. Also without a change: a client that
        // replaces another may have its series.
        self.meter.breaker(state);
        self.show(state).then_some(state)
    }

    fn show(&self, state: BreakerState) -> bool {
        let since: Timestamp = self.clock.now();
        self.shown.send_if_modified(|shown| {
            let other = shown.state != state;
            if other {
                *shown = BreakerVitals {
                    state,
                    since: Some(since),
                };
            }
            other
        })
    }

    pub fn vitals(&self) -> BreakerVitals {
        *self.shown.borrow()
    }

    pub fn state(&self) -> BreakerState {
        self.shown.borrow().state
    }

    /// Ends when no probe is out any more, or at `until`.
    pub async fn probed(&self, until: Instant) {
        let mut shown = self.shown.subscribe();
        let back = shown.wait_for(|shown| shown.state != BreakerState::HalfOpen);
        // Late or not, the state is asked for again.
        let _ = tokio::time::timeout_at(until, back).await;
    }

    /// Ends when calls are refused.
    pub async fn refusing(&self) {
        let mut shown = self.shown.subscribe();
        if shown
            .wait_for(|shown| shown.state != BreakerState::Closed)
            .await
            .is_err()
        {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::SourceName;
    use crate::upstream::http::Host;

    const MS: Duration = Duration::from_millis(1);

    fn breaker() -> Breaker {
        Breaker::new(
            BreakerSettings::default(),
            Clock::manual(Timestamp::from_secs(7)),
            meter(),
        )
    }

    fn meter() -> Meter {
        let source = SourceName::parse("zgw").unwrap();
        Meter::new(&source, &Host::default())
    }

    fn go(breaker: &Breaker) -> Ticket {
        match breaker.admit() {
            Admission::Go(ticket) => ticket,
            other => panic!("{other:?}"),
        }
    }

    fn probe(breaker: &Breaker) -> Ticket {
        match breaker.admit() {
            Admission::Probe(ticket) => ticket,
            other => panic!("{other:?}"),
        }
    }

    fn fault(breaker: &Breaker) {
        let ticket = go(breaker);
        breaker.end(ticket, Verdict::Fault(None));
    }

    fn opened() -> Breaker {
        let breaker = breaker();
        for _ in 0..3 {
            fault(&breaker);
        }
        assert_eq!(breaker.state(), BreakerState::Open);
        breaker
    }

    /// The time from now at which a probe is let through.
    async fn open_for(breaker: &Breaker) -> Duration {
        let began = Instant::now();
        for _ in 0..100_000 {
            if let Admission::Probe(ticket) = breaker.admit() {
                breaker.end(ticket, Verdict::Unknown);
                return began.elapsed();
            }
            tokio::time::advance(MS).await;
        }
        panic!("it never opened its door again");
    }

    #[tokio::test(start_paused = true)]
    async fn three_faults_in_a_row_open_it() {
        let breaker = breaker();
        fault(&breaker);
        fault(&breaker);
        let ticket = go(&breaker);
        breaker.end(ticket, Verdict::Works);
        fault(&breaker);
        fault(&breaker);
        assert_eq!(breaker.state(), BreakerState::Closed);
        fault(&breaker);
        assert_eq!(breaker.state(), BreakerState::Open);
        assert_eq!(breaker.admit(), Admission::Refuse);
    }

    #[tokio::test(start_paused = true)]
    async fn calls_that_fail_together_are_one_fault() {
        let breaker = breaker();
        for round in 0..3 {
            assert_eq!(breaker.state(), BreakerState::Closed, "round {round}");
            let together: Vec<Ticket> = (0..20).map(|_| go(&breaker)).collect();
            for ticket in together {
                tokio::time::advance(MS).await;
                breaker.end(ticket, Verdict::Fault(None));
            }
        }
        assert_eq!(breaker.state(), BreakerState::Open);
    }

    #[tokio::test(start_paused = true)]
    async fn each_failed_probe_doubles_the_pause_up_to_the_longest() {
        let breaker = opened();
        let mut pauses = Vec::new();
        for _ in 0..8 {
            let began = Instant::now();
            while breaker.admit() == Admission::Refuse {
                tokio::time::advance(MS).await;
                if let Phase::Open { until, .. } = breaker.lock().phase
                    && Instant::now() >= until
                {
                    break;
                }
            }
            let ticket = probe(&breaker);
            pauses.push(began.elapsed().as_millis());
            assert_eq!(breaker.state(), BreakerState::HalfOpen);
            breaker.end(ticket, Verdict::Fault(None));
        }
        assert_eq!(
            pauses,
            [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]
        );
    }

    #[tokio::test(start_paused = true)]
    async fn exactly_one_probe_is_out() {
        let breaker = opened();
        tokio::time::advance(500 * MS).await;
        let ticket = probe(&breaker);
        for _ in 0..10 {
            assert!(matches!(breaker.admit(), Admission::Wait(_)));
        }
        // Waiting is bounded from the start of the probe, not of each call.
        tokio::time::advance(PROBE_WAIT).await;
        assert_eq!(breaker.admit(), Admission::Refuse);
        tokio::time::advance(Duration::from_secs(60)).await;
        assert_eq!(breaker.admit(), Admission::Refuse);
        breaker.end(ticket, Verdict::Works);
        go(&breaker);
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_closes_it_and_the_pause_starts_small_again() {
        let breaker = opened();
        tokio::time::advance(500 * MS).await;
        let ticket = probe(&breaker);
        breaker.end(ticket, Verdict::Fault(None));
        tokio::time::advance(1000 * MS).await;
        let ticket = probe(&breaker);
        breaker.end(ticket, Verdict::Works);
        assert_eq!(breaker.state(), BreakerState::Closed);
        fault(&breaker);
        fault(&breaker);
        assert_eq!(breaker.state(), BreakerState::Closed, "counted from zero");
        fault(&breaker);
        assert_eq!(open_for(&breaker).await, 500 * MS);
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_to_a_call_from_before_closes_it_too() {
        let breaker = breaker();
        let slow = go(&breaker);
        for _ in 0..3 {
            fault(&breaker);
        }
        assert_eq!(breaker.state(), BreakerState::Open);
        breaker.end(slow, Verdict::Works);
        assert_eq!(breaker.state(), BreakerState::Closed);
    }

    #[tokio::test(start_paused = true)]
    async fn calls_from_before_neither_move_the_pause_nor_open_it_again() {
        let breaker = breaker();
        let old: Vec<Ticket> = (0..5).map(|_| go(&breaker)).collect();
        for _ in 0..3 {
            fault(&breaker);
        }
        tokio::time::advance(400 * MS).await;
        breaker.end(old[0], Verdict::Fault(None));
        tokio::time::advance(100 * MS).await;
        let ticket = probe(&breaker);
        breaker.end(old[1], Verdict::Fault(None));
        assert_eq!(breaker.state(), BreakerState::HalfOpen);
        breaker.end(ticket, Verdict::Works);
        for ticket in &old[2..] {
            breaker.end(*ticket, Verdict::Fault(None));
        }
        assert_eq!(breaker.state(), BreakerState::Closed);
    }

    #[tokio::test(start_paused = true)]
    async fn retry_after_lengthens_the_pause_up_to_the_longest() {
        let pause_after = async |asked: u64| {
            let breaker = breaker();
            for _ in 0..3 {
                let ticket = go(&breaker);
                let asked = Some(Duration::from_secs(asked));
                breaker.end(ticket, Verdict::Fault(asked));
            }
            open_for(&breaker).await
        };
        assert_eq!(pause_after(0).await, 500 * MS);
        assert_eq!(pause_after(4).await, Duration::from_secs(4));
        assert_eq!(pause_after(3600).await, Duration::from_secs(30));
    }

    #[tokio::test(start_paused = true)]
    async fn a_probe_that_never_went_out_is_no_fault() {
        let breaker = opened();
        tokio::time::advance(500 * MS).await;
        let ticket = probe(&breaker);
        breaker.end(ticket, Verdict::Unknown);
        assert_eq!(breaker.state(), BreakerState::Open);
        assert_eq!(open_for(&breaker).await, 500 * MS);
    }

    #[tokio::test(start_paused = true)]
    async fn it_says_since_when() {
        let clock = Clock::manual(Timestamp::from_secs(7));
        let breaker = Breaker::new(BreakerSettings::default(), clock.clone(), meter());
        assert_eq!(breaker.vitals().since, None);
        clock.advance_secs(3);
        for _ in 0..3 {
            fault(&breaker);
        }
        clock.advance_secs(3);
        assert_eq!(breaker.admit(), Admission::Refuse);
        assert_eq!(breaker.vitals().since, Some(Timestamp::from_secs(10)));
    }

    #[tokio::test(start_paused = true)]
    async fn those_who_wait_for_a_probe_hear_of_it_at_once() {
        let breaker = opened();
        tokio::time::advance(500 * MS).await;
        let ticket = probe(&breaker);
        let Admission::Wait(until) = breaker.admit() else {
            panic!("a probe is out");
        };
        let began = Instant::now();
        let answer = async {
            tokio::time::sleep(10 * MS).await;
            breaker.end(ticket, Verdict::Works);
        };
        tokio::join!(breaker.probed(until), answer);
        assert_eq!(began.elapsed(), 10 * MS);
        go(&breaker);
    }
}
