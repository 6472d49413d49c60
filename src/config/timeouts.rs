//! `[timeouts]`: how long anything waits, and that each wait fits into the one around it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::report::{At, Report};
use super::words::{millis, show_millis};

#[derive(Debug, Clone, Copy, Serialize)]
pub struct Timeouts {
    /// To have a connection to a source.
    #[serde(rename = "connect_ms", serialize_with = "show_millis")]
    pub connect: Duration,
    /// For one whole answer of a source.
    #[serde(rename = "attempt_ms", serialize_with = "show_millis")]
    pub attempt: Duration,
    /// For everything asked of one source for one page, second attempts included.
    #[serde(rename = "source_ms", serialize_with = "show_millis")]
    pub source: Duration,
    /// The longest that work for a page may run, late parts included.
    #[serde(rename = "page_ms", serialize_with = "show_millis")]
    pub page: Duration,
    /// How long a page waits for its parts when the call names no budget.
    #[serde(rename = "budget_ms", serialize_with = "show_millis")]
    pub budget: Duration,
    /// For one answer of an identity provider.
    #[serde(rename = "login_ms", serialize_with = "show_millis")]
    pub login: Duration,
    /// Between two pieces of a stream.
    #[serde(rename = "stream_idle_ms", serialize_with = "show_millis")]
    pub stream_idle: Duration,
    /// For the headers of a request to arrive.
    #[serde(rename = "headers_ms", serialize_with = "show_millis")]
    pub headers: Duration,
    /// For the body of a request to arrive.
    #[serde(rename = "body_ms", serialize_with = "show_millis")]
    pub body: Duration,
    /// For running work to end after a stop was asked for.
    #[serde(rename = "stop_ms", serialize_with = "show_millis")]
    pub stop: Duration,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTimeouts {
    connect_ms: u64,
    attempt_ms: u64,
    source_ms: u64,
    page_ms: u64,
    budget_ms: u64,
    login_ms: u64,
    stream_idle_ms: u64,
    headers_ms: u64,
    body_ms: u64,
    stop_ms: u64,
}

const MINUTE: u64 = 60_000;

impl RawTimeouts {
    pub fn build(&self, at: &At, report: &mut Report) -> Timeouts {
        let mut time = |key: &str, value, low, high| millis(report, &at.key(key), value, low, high);
        let timeouts = Timeouts {
            connect: time("connect_ms", self.connect_ms, 10, MINUTE),
            attempt: time("attempt_ms", self.attempt_ms, 10, MINUTE),
            source: time("source_ms", self.source_ms, 10, 2 * MINUTE),
            page: time("page_ms", self.page_ms, 100, 2 * MINUTE),
            // The same bounds as `budget_ms` of POST /v1/page.
            budget: time("budget_ms", self.budget_ms, 100, 10_000),
            login: time("login_ms", self.login_ms, 100, MINUTE),
            stream_idle: time("stream_idle_ms", self.stream_idle_ms, 100, 10 * MINUTE),
            headers: time("headers_ms", self.headers_ms, 100, MINUTE),
            body: time("body_ms", self.body_ms, 100, MINUTE),
            stop: time("stop_ms", self.stop_ms, 0, 10 * MINUTE),
        };
        let order = [
            ("connect_ms", timeouts.connect),
            ("attempt_ms", timeouts.attempt),
            ("source_ms", timeouts.source),
            ("page_ms", timeouts.page),
        ];
        check_order(&order, at, report);
        if timeouts.budget > timeouts.page {
            report.refuse(
                &at.key("budget_ms"),
                format!(
                    "is {} and page_ms is {}; a page cannot wait longer than its work may run: lower budget_ms or raise page_ms",
                    timeouts.budget.as_millis(),
                    timeouts.page.as_millis()
                ),
            );
        }
        timeouts
    }
}

/// Each time must be shorter than the next one.
pub(super) fn check_order(order: &[(&str, Duration)], at: &At, report: &mut Report) {
    for ((inner, short), (outer, long)) in order.iter().zip(order.iter().skip(1)) {
        if short >= long {
            report.refuse(
                &at.key(inner),
                format!(
                    "is {} and {outer} is {}; the order is connect_ms < attempt_ms < source_ms < page_ms: lower {inner} or raise {outer}",
                    short.as_millis(),
                    long.as_millis()
                ),
            );
        }
    }
}
