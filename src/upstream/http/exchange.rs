//! One call from beginning to end: let through by the breaker, in a place of the bulkhead, tried again
//! where that may help, all within one deadline.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use tokio::sync::{SemaphorePermit, oneshot};
use tokio::time::Instant;

use super::breaker::{Admission, Breaker, PROBE_WAIT, Ticket, Verdict};
use super::bulkhead::Bulkhead;
use super::judge::{is_fault, judge, may_pass};
use super::metrics::{Counted, Meter, Received};
use super::retry::{Retries, retry_after};
use super::vitals::Recorder;
use super::{BaseUrl, BreakerState, ClientSettings, ErrorKind, UpstreamError};
use crate::domain::SourceName;

/// A call made ready: it can be sent again, and from another task. Prints nothing: its address may hold a BSN.
pub(super) struct Question {
    pub operation: &'static str,
    pub request: reqwest::Request,
    pub may_repeat: bool,
    pub want: Want,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Want {
    /// The body, read whole.
    Whole,
    /// A 2xx as soon as its headers are there; of anything else the body too.
    Stream,
}

/// What came back, of whatever status. Prints nothing: it is about somebody, and a stream knows its address.
pub(super) struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Content,
    pub counted: Option<Counted>,
}

pub(super) enum Content {
    Whole(Bytes),
    Stream(reqwest::Response),
}

impl Content {
    fn read(&self) -> &[u8] {
        match self {
            Self::Whole(bytes) => bytes,
            Self::Stream(_) => &[],
        }
    }
}

/// What the clones of one client share.
#[derive(Debug)]
pub(super) struct Inner {
    pub source: SourceName,
    pub base: BaseUrl,
    pub http: reqwest::Client,
    pub settings: ClientSettings,
    pub breaker: Breaker,
    pub bulkhead: Bulkhead,
    pub retries: Retries,
    pub recorder: Recorder,
    pub meter: Meter,
}

/// How one attempt ended.
struct Attempt {
    result: Result<Answer, UpstreamError>,
    /// The source had all the time it may take, so that its silence says something.
    had_its_time: bool,
    /// The wait for a connection ended without one, and took its time.
    slow: bool,
}

impl Inner {
    pub fn fail(&self, operation: &'static str, kind: ErrorKind) -> UpstreamError {
        UpstreamError::new(&self.source, operation, kind)
    }

    pub async fn exchange(self: &Arc<Self>, question: Question) -> Result<Answer, UpstreamError> {
        let operation = question.operation;
        let deadline = Instant::now() + self.settings.deadline;
        let mut admission = self.breaker.admit();
        if let Admission::Wait(until) = admission {
            self.breaker.probed(until.min(deadline)).await;
            admission = self.breaker.admit();
        }
        match admission {
            Admission::Go(ticket) => self.call(question, ticket, deadline).await,
            Admission::Probe(ticket) => self.probe(question, ticket, deadline).await,
            Admission::Wait(_) | Admission::Refuse => Err(self.skip(operation)),
        }
    }

    /// Nothing is sent.
    fn skip(&self, operation: &'static str) -> UpstreamError {
        self.meter.refused(operation, ErrorKind::Open.reason());
        tracing::debug!(source = %self.source, operation, "upstream skipped: its breaker is open");
        self.fail(operation, ErrorKind::Open)
    }

    /// Sends the one call that finds out whether the source is back, in a task of its own: whoever made it
    /// does not hang on it. A call that may be sent once only is waited for, for it has its effect.
    async fn probe(
        self: &Arc<Self>,
        question: Question,
        ticket: Ticket,
        deadline: Instant,
    ) -> Result<Answer, UpstreamError> {
        let operation = question.operation;
        let patience = if question.may_repeat {
            deadline.min(Instant::now() + PROBE_WAIT)
        } else {
            deadline
        };
        let (outcome, told) = oneshot::channel();
        let inner = Arc::clone(self);
        let tasks = self.settings.host.tasks.clone();
        self.settings.host.tasks.spawn(async move {
            let guard = Guard::new(&inner, ticket);
            let began = Instant::now();
            // No place is asked for: all of them may be held by calls that hang.
            let mut attempt = tokio::select! {
                attempt = inner.attempt(&question, deadline) => attempt,
                () = tasks.stopping() => return,
            };
            let verdict = inner.verdict(&attempt, true);
            guard.end(verdict);
            inner.note(operation, &mut attempt.result, began.elapsed(), 0);
            // Whoever asked may have left.
            let _ = outcome.send(attempt.result);
        });
        match tokio::time::timeout_at(patience, told).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) | Err(_) => Err(self.skip(operation)),
        }
    }

    async fn call(
        &self,
        question: Question,
        ticket: Ticket,
        deadline: Instant,
    ) -> Result<Answer, UpstreamError> {
        let operation = question.operation;
        let guard = Guard::new(self, ticket);
        let began = Instant::now();
        let mut made = 0;
        let mut failed: Option<Attempt> = None;
        let mut fault = false;
        self.retries.deposit();
        let (mut attempt, place) = loop {
            let place = match (self.place(operation, deadline).await, failed) {
                (Ok(place), _) => place,
                // What the first attempt gave says more than that there is no place for a second one.
                (Err(_), Some(attempt)) => break (attempt, None),
                (Err(error), None) => {
                    self.meter.refused(operation, error.kind.reason());
                    return Err(error);
                }
            };
            let attempt = self.attempt(&question, deadline).await;
            fault |= matches!(self.verdict(&attempt, false), Verdict::Fault(_));
            let Some(pause) = self.pause(&question, &attempt, made, deadline) else {
                break (attempt, Some(place));
            };
            drop(place);
            made += 1;
            tracing::debug!(source = %self.source, operation, "upstream is asked once more");
            failed = Some(attempt);
            tokio::time::sleep(pause).await;
        };
        guard.end(self.verdict(&attempt, fault));
        // Only now: whoever gets this place next knows already what became of this call.
        drop(place);
        self.note(operation, &mut attempt.result, began.elapsed(), made);
        attempt.result
    }

    /// How long to wait before another attempt, if one may help.
    fn pause(
        &self,
        question: &Question,
        attempt: &Attempt,
        made: u32,
        deadline: Instant,
    ) -> Option<Duration> {
        let asked = match &attempt.result {
            Ok(answer) if may_pass(answer.status) => {
                retry_after(&answer.headers, &self.settings.host.clock)
            }
            Err(error) if error.kind == ErrorKind::Connect && !attempt.slow => None,
            _ => return None,
        };
        let left = deadline
            .saturating_duration_since(Instant::now())
            // There must be time for an answer too.
            .saturating_sub(self.settings.connect_timeout);
        if !question.may_repeat || self.breaker.state() != BreakerState::Closed {
            return None;
        }
        self.retries.pause(made, asked, left)
    }

    /// What an attempt says of the source. `fault`: an earlier one, or this one itself, is known to count.
    fn verdict(&self, attempt: &Attempt, fault: bool) -> Verdict {
        match &attempt.result {
            Ok(answer) if is_fault(answer.status) => {
                Verdict::Fault(retry_after(&answer.headers, &self.settings.host.clock))
            }
            Ok(_) => Verdict::Works,
            Err(error) => match error.kind {
                ErrorKind::Connect => Verdict::Fault(None),
                ErrorKind::Timeout if attempt.had_its_time || fault => Verdict::Fault(None),
                ErrorKind::Garbled => Verdict::Works,
                _ => Verdict::Unknown,
            },
        }
    }

    /// Waits for a place, until the deadline or until the source is left alone.
    async fn place(
        &self,
        operation: &'static str,
        deadline: Instant,
    ) -> Result<Place<'_>, UpstreamError> {
        let entered = tokio::select! {
            biased;
            entered = tokio::time::timeout_at(deadline, self.bulkhead.enter(&self.recorder.waiting, &self.meter)) => entered,
            () = self.breaker.refusing() => return Err(self.fail(operation, ErrorKind::Open)),
        };
        match entered {
            Ok(Ok(_)) if self.breaker.state() != BreakerState::Closed => {
                Err(self.fail(operation, ErrorKind::Open))
            }
            Ok(Ok(permit)) => Ok(Place::new(self, permit)),
            Ok(Err(_)) | Err(_) => Err(self.fail(operation, ErrorKind::Busy)),
        }
    }

    async fn attempt(&self, question: &Question, deadline: Instant) -> Attempt {
        let operation = question.operation;
        let until = Instant::now() + self.settings.timeout;
        let had_its_time = until <= deadline;
        let mut slow = false;
        let Some(request) = question.request.try_clone() else {
            // Cannot be: the body of a question is bytes.
            return Attempt {
                result: Err(self.fail(operation, ErrorKind::Rejected)),
                had_its_time,
                slow,
            };
        };
        let work = async {
            let response = self.http.execute(request).await.map_err(|error| {
                slow = error.is_timeout();
                self.fail(operation, ErrorKind::Connect)
            })?;
            self.read(operation, question.want, response).await
        };
        let result = tokio::time::timeout_at(until.min(deadline), work).await;
        Attempt {
            result: result.unwrap_or_else(|_| Err(self.fail(operation, ErrorKind::Timeout))),
            had_its_time,
            slow,
        }
    }

    async fn read(
        &self,
        operation: &'static str,
        want: Want,
        mut response: reqwest::Response,
    ) -> Result<Answer, UpstreamError> {
        let status = response.status().as_u16();
        let headers = std::mem::take(response.headers_mut());
        if want == Want::Stream && (200..300).contains(&status) {
            return Ok(Answer {
                status,
                headers,
                body: Content::Stream(response),
                counted: None,
            });
        }
        let max = self.settings.max_body;
        let declared = response.content_length().unwrap_or(0);
        if declared > u64::try_from(max).unwrap_or(u64::MAX) {
            return Err(self.fail(operation, ErrorKind::Garbled));
        }
        let mut body = BytesMut::new();
        let mut received = Received::new(&self.meter, operation);
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|_| self.fail(operation, ErrorKind::Connect))?
        {
            received.add(chunk.len());
            if body.len().saturating_add(chunk.len()) > max {
                return Err(self.fail(operation, ErrorKind::Garbled));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer {
            status,
            headers,
            body: Content::Whole(body.freeze()),
            counted: None,
        })
    }

    /// Counts a call that went out. One that was answered is counted with its answer, whose worth is not known yet.
    fn note(
        &self,
        operation: &'static str,
        result: &mut Result<Answer, UpstreamError>,
        took: Duration,
        retries: u32,
    ) {
        let kind = match &*result {
            Ok(answer) => {
                tracing::debug!(source = %self.source, operation, status = answer.status, "upstream answered");
                let body = answer.body.read();
                judge(
                    &self.source,
                    operation,
                    answer.status,
                    &answer.headers,
                    body,
                )
                .map(|error| error.kind)
            }
            Err(error) => {
                tracing::warn!(source = %self.source, operation, reason = error.kind.reason(), "upstream gave no answer");
                Some(error.kind)
            }
        };
        self.recorder.note(took, kind);
        let outcome = kind.map_or("ok", ErrorKind::reason);
        let counted = Counted::new(&self.meter, operation, outcome, took, retries);
        if let Ok(answer) = result {
            answer.counted = Some(counted);
        }
    }
}

/// Tells the breaker how a call ended, also when nobody waits for it any more.
struct Guard<'a> {
    inner: &'a Inner,
    ticket: Ticket,
    verdict: Verdict,
}

impl<'a> Guard<'a> {
    const fn new(inner: &'a Inner, ticket: Ticket) -> Self {
        Self {
            inner,
            ticket,
            verdict: Verdict::Unknown,
        }
    }

    fn end(mut self, verdict: Verdict) {
        self.verdict = verdict;
    }
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        let Some(state) = self.inner.breaker.end(self.ticket, self.verdict) else {
            return;
        };
        let (source, component) = (&self.inner.source, self.inner.settings.host.component);
        match state {
            BreakerState::Open => {
                tracing::warn!(%source, component, "upstream fails and is skipped for a while");
            }
            BreakerState::Closed => tracing::info!(%source, component, "upstream works again"),
            BreakerState::HalfOpen => {}
        }
    }
}

/// A place that is held, and counted.
struct Place<'a> {
    inner: &'a Inner,
    _permit: SemaphorePermit<'a>,
}

impl<'a> Place<'a> {
    fn new(inner: &'a Inner, permit: SemaphorePermit<'a>) -> Self {
        let out = &inner.recorder.in_flight;
        inner.meter.in_flight(add(out, 1));
        Self {
            inner,
            _permit: permit,
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let before = self
            .inner
            .recorder
            .in_flight
            .fetch_sub(1, Ordering::Relaxed);
        self.inner.meter.in_flight(before.saturating_sub(1));
    }
}

fn add(count: &AtomicUsize, by: usize) -> usize {
    count.fetch_add(by, Ordering::Relaxed).saturating_add(by)
}
