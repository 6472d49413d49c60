//! What can go wrong at an upstream: where, doing what, of which kind, and whether trying again helps.

use std::fmt;

use crate::domain::SourceName;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// No connection, or it broke.
    Connect,
    /// No answer in time.
    Timeout,
    /// No answer within the time of the page; the call goes on.
    Late,
    /// 429, or 503 with Retry-After; or too many calls wait for this source already.
    Busy,
    /// Not asked: it failed several times in a row and is left alone for a while.
    Open,
    /// 5xx.
    Server,
    /// 401, or 403 about the token: our credentials are not accepted.
    Credentials,
    /// 403 about rights: the credentials are known, the object is not for them.
    Forbidden,
    /// 404 or 410.
    NotFound,
    /// Another 4xx: the source does not understand the question.
    Rejected,
    /// A redirect, which is never followed.
    Redirect,
    /// The answer is not what the API promises: another media type, broken JSON, too large.
    Garbled,
    /// The answer holds what was not asked for: a filter was ignored.
    FilterIgnored,
}

impl ErrorKind {
    /// Whether the same call may succeed a moment later.
    pub const fn retry_may_help(self) -> bool {
        matches!(
            self,
            Self::Connect | Self::Timeout | Self::Late | Self::Busy | Self::Open | Self::Server
        )
    }

    /// The reason word in answers and logs.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Timeout => "timeout",
            Self::Late => "late",
            Self::Busy => "busy",
            Self::Open => "open",
            Self::Server => "server",
            Self::Credentials => "credentials",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::Rejected => "rejected",
            Self::Redirect => "redirect",
            Self::Garbled => "garbled",
            Self::FilterIgnored => "filter_ignored",
        }
    }
}

/// An upstream call that gave nothing to use. Holds no URL, no query and no body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpstreamError {
    pub source: SourceName,
    /// What was being done, in the words of the API: `zaken.list`.
    pub operation: &'static str,
    pub kind: ErrorKind,
    pub status: Option<u16>,
    /// The source's own error code (`jwt-expired`), when it has the form of a code.
    pub code: Option<String>,
}

impl UpstreamError {
    pub fn new(source: &SourceName, operation: &'static str, kind: ErrorKind) -> Self {
        Self {
            source: source.clone(),
            operation,
            kind,
            status: None,
            code: None,
        }
    }
}

impl fmt::Display for UpstreamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {}: {}",
            self.source,
            self.operation,
            self.kind.reason()
        )?;
        if let Some(status) = self.status {
            write!(f, " (status {status}")?;
            if let Some(code) = &self.code {
                write!(f, ", {code}")?;
            }
            f.write_str(")")?;
        }
        Ok(())
    }
}

impl std::error::Error for UpstreamError {}
