//! The log behind `GET /sandbox/calls`: what was asked, when it began and when its answer was complete.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};
use tokio::time::Instant;

use super::http::Request;

/// Older calls make room, so that a soak test does not fill the memory.
const KEPT: usize = 100_000;

#[derive(Debug)]
pub struct CallLog {
    started: Instant,
    calls: Mutex<Calls>,
}

#[derive(Debug, Default)]
struct Calls {
    /// Number of the first call that is still kept.
    first: u64,
    kept: VecDeque<Call>,
}

#[derive(Debug)]
struct Call {
    upstream: &'static str,
    method: String,
    path: String,
    status: Option<u16>,
    start: f64,
    end: Option<f64>,
}

impl CallLog {
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            started: Instant::now(),
            calls: Mutex::default(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, Calls> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Milliseconds since the sandbox started, to the microsecond: rounds are told apart by it.
    fn now(&self) -> f64 {
        (self.started.elapsed().as_secs_f64() * 1_000_000.0).round() / 1000.0
    }

    /// Notes the beginning of a call. The query is left out: it may hold a BSN.
    pub fn begin(self: &Arc<Self>, upstream: &'static str, request: &Request) -> CallGuard {
        let call = Call {
            upstream,
            method: request.method.to_string(),
            path: request.path.clone(),
            status: None,
            start: self.now(),
            end: None,
        };
        let mut calls = self.lock();
        let number = calls.first + calls.kept.len() as u64;
        calls.kept.push_back(call);
        if calls.kept.len() > KEPT {
            calls.kept.pop_front();
            calls.first += 1;
        }
        drop(calls);
        CallGuard {
            log: Arc::clone(self),
            number,
        }
    }

    fn change(&self, number: u64, change: impl FnOnce(&mut Call)) {
        let mut calls = self.lock();
        let index = number
            .checked_sub(calls.first)
            .and_then(|index| usize::try_from(index).ok());
        if let Some(call) = index.and_then(|index| calls.kept.get_mut(index)) {
            change(call);
        }
    }

    pub fn clear(&self) {
        let mut calls = self.lock();
        calls.first += calls.kept.len() as u64;
        calls.kept.clear();
    }

    /// Calls in the order in which they began. `status` is null where no answer was given; a call that
    /// is still being answered ends now.
    pub fn to_json(&self) -> Value {
        let now = self.now();
        self.lock()
            .kept
            .iter()
            .map(|call| {
                json!({
                    "upstream": call.upstream,
                    "method": call.method,
                    "path": call.path,
                    "status": call.status,
                    "start_ms": call.start,
                    "end_ms": call.end.unwrap_or(now),
                })
            })
            .collect()
    }
}

/// One call under way; dropping it notes the end.
#[derive(Debug)]
pub struct CallGuard {
    log: Arc<CallLog>,
    number: u64,
}

impl CallGuard {
    pub fn status(&self, status: u16) {
        self.log
            .change(self.number, |call| call.status = Some(status));
    }
}

impl Drop for CallGuard {
    fn drop(&mut self) {
        let now = self.log.now();
        self.log.change(self.number, |call| call.end = Some(now));
    }
}
