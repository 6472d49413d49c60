//! What is counted of every call. No label names a person, an address or an object.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use metrics::{Label, SharedString, Unit};

use super::{BreakerState, ErrorKind, Host};
use crate::domain::SourceName;

const SECONDS: &str = "zijspan_upstream_seconds";
const CALLS: &str = "zijspan_upstream_calls_total";
const RETRIES: &str = "zijspan_upstream_retries_total";
const BREAKER: &str = "zijspan_upstream_breaker_state";
const IN_FLIGHT: &str = "zijspan_upstream_in_flight";
const WAITING: &str = "zijspan_upstream_waiting";
const BYTES: &str = "zijspan_upstream_bytes_total";

/// Says what each metric is, to the recorder that is installed. Call it once, after installing one.
pub fn describe() {
    use metrics::{describe_counter, describe_gauge, describe_histogram};
    describe_histogram!(
        SECONDS,
        Unit::Seconds,
        "Time of a call to a source, waiting for a place and second attempts included"
    );
    describe_counter!(
        CALLS,
        "Calls to a source by outcome: ok, or the reason word of a failure"
    );
    describe_counter!(RETRIES, "Second attempts");
    describe_gauge!(
        BREAKER,
        "0 calls go out, 1 one call tries whether the source is back, 2 calls are refused"
    );
    describe_gauge!(IN_FLIGHT, "Calls that are out");
    describe_gauge!(WAITING, "Calls that wait for a place");
    describe_counter!(
        BYTES,
        Unit::Bytes,
        "Bytes of the bodies that a source answered"
    );
}

/// The labels of one client.
#[derive(Debug, Clone)]
pub(super) struct Meter {
    labels: Vec<Label>,
}

impl Meter {
    pub fn new(source: &SourceName, host: &Host) -> Self {
        let shared = |text: &str| SharedString::from_shared(Arc::from(text));
        let mut labels = vec![
            Label::new("source", shared(source.as_str())),
            Label::from_static_parts("component", host.component),
        ];
        if let Some(site) = &host.site {
            labels.push(Label::new("site", shared(site.as_str())));
        }
        Self { labels }
    }

    fn with(&self, more: &[(&'static str, &'static str)]) -> Vec<Label> {
        let more = more
            .iter()
            .map(|(name, value)| Label::from_static_parts(name, value));
        self.labels.iter().cloned().chain(more).collect()
    }

    /// A call that went out, with the attempts after its first.
    fn call(&self, operation: &'static str, outcome: &'static str, took: Duration, retries: u32) {
        let more = self.with(&[("operation", operation)]);
        // Also when there was none, so that the series begins at zero.
        metrics::counter!(RETRIES, more).increment(u64::from(retries));
        let labels = self.with(&[("operation", operation), ("outcome", outcome)]);
        metrics::counter!(CALLS, labels.clone()).increment(1);
        metrics::histogram!(SECONDS, labels).record(took);
    }

    /// A call that never went out.
    pub fn refused(&self, operation: &'static str, outcome: &'static str) {
        let labels = self.with(&[("operation", operation), ("outcome", outcome)]);
        metrics::counter!(CALLS, labels).increment(1);
    }

    fn bytes(&self, operation: &'static str, bytes: u64) {
        metrics::counter!(BYTES, self.with(&[("operation", operation)])).increment(bytes);
    }

    pub fn breaker(&self, state: BreakerState) {
        let value = match state {
            BreakerState::Closed => 0,
            BreakerState::HalfOpen => 1,
            BreakerState::Open => 2,
        };
        metrics::gauge!(BREAKER, self.labels.clone()).set(f64::from(value));
    }

    pub fn in_flight(&self, now: usize) {
        metrics::gauge!(IN_FLIGHT, self.labels.clone()).set(count(now));
    }

    /// One more waits, or one less: also when several come and go at once it ends at what it is.
    pub fn waiting(&self, more: f64) {
        metrics::gauge!(WAITING, self.labels.clone()).increment(more);
    }
}

/// A call that went out, counted when it is known what its answer was worth: at the latest when nobody holds it.
#[derive(Debug)]
pub(super) struct Counted {
    meter: Meter,
    operation: &'static str,
    outcome: &'static str,
    took: Duration,
    retries: u32,
    garbled: AtomicBool,
}

impl Counted {
    pub fn new(
        meter: &Meter,
        operation: &'static str,
        outcome: &'static str,
        took: Duration,
        retries: u32,
    ) -> Self {
        Self {
            meter: meter.clone(),
            operation,
            outcome,
            took,
            retries,
            garbled: AtomicBool::new(false),
        }
    }

    /// What it said makes no sense.
    pub fn is_garbled(&self) {
        self.garbled.store(true, Ordering::Relaxed);
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let outcome = if *self.garbled.get_mut() {
            ErrorKind::Garbled.reason()
        } else {
            self.outcome
        };
        self.meter
            .call(self.operation, outcome, self.took, self.retries);
    }
}

/// The bytes of one body, counted at once when it is over, however it ends.
#[derive(Debug)]
pub(super) struct Received {
    meter: Meter,
    operation: &'static str,
    bytes: u64,
}

impl Received {
    pub fn new(meter: &Meter, operation: &'static str) -> Self {
        Self {
            meter: meter.clone(),
            operation,
            bytes: 0,
        }
    }

    pub fn add(&mut self, bytes: usize) {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.bytes = self.bytes.saturating_add(bytes);
    }
}

impl Drop for Received {
    fn drop(&mut self) {
        self.meter.bytes(self.operation, self.bytes);
    }
}

fn count(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::from(u32::MAX), f64::from)
}
