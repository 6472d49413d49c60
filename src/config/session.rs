//! `[session]`: how long a login lasts.

use serde::{Deserialize, Serialize};

use super::report::{At, Report};
use super::words::{count, within};

/// Longest idle and absolute time: what DigiD asks of those who connect to it. Shorter is allowed.
const IDLE_MAX: u64 = 900;
const ABSOLUTE_MAX: u64 = 7200;

#[derive(Debug, Clone, Copy, Serialize)]
pub struct SessionLimits {
    /// Seconds without a page that the resident opened.
    pub idle_secs: i64,
    /// Seconds after the login, whatever happens.
    pub absolute_secs: i64,
    /// Live sessions of one party on one site; a further one ends the oldest.
    pub parallel: usize,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSession {
    idle: u64,
    absolute: u64,
    parallel: u64,
}

impl RawSession {
    pub fn build(&self, at: &At, report: &mut Report) -> SessionLimits {
        let idle = within(report, &at.key("idle"), self.idle, 1, IDLE_MAX);
        let absolute = within(report, &at.key("absolute"), self.absolute, 1, ABSOLUTE_MAX);
        if idle > absolute {
            report.refuse(
                &at.key("idle"),
                format!(
                    "is {idle} and absolute is {absolute}; idle cannot be the longer one: lower it"
                ),
            );
        }
        SessionLimits {
            idle_secs: i64::try_from(idle).unwrap_or(i64::MAX),
            absolute_secs: i64::try_from(absolute).unwrap_or(i64::MAX),
            parallel: count(report, &at.key("parallel"), self.parallel, 1, 100),
        }
    }
}
