//! How long the page of one zaak waits for what it can do without. What hangs is then missing by itself: the
//! calls go on in the background, and their answers are there when the page asks again.

use std::time::Duration;

use tokio::time::Instant;

use crate::documents::ZgwSource;
use crate::domain::SourceName;
use crate::mijn::page::Until;
use crate::upstream::http::{ErrorKind, UpstreamError};

/// Kept back to put the page together before its own deadline.
const MARGIN: Duration = Duration::from_millis(50);

#[derive(Debug, Clone)]
pub(super) struct Waits {
    source: SourceName,
    first: Instant,
    last: Instant,
}

impl Waits {
    /// Within the page's deadline and the source's own. The first round leaves time for what it names.
    pub(super) fn new(until: &Until, source: &ZgwSource) -> Self {
        let now = Instant::now();
        let end = until.deadline().min(now + source.zgw.settings().deadline);
        let left = end.saturating_duration_since(now);
        let last = left.saturating_sub(MARGIN.min(left / 10));
        // A call that can fail by itself in time says better what is wrong than one that is given up.
        let attempt = source.zgw.settings().http.timeout + MARGIN;
        let first = if attempt < last {
            attempt.max(left * 6 / 10)
        } else {
            left * 6 / 10
        };
        Self {
            source: source.name().clone(),
            first: now + first,
            last: now + last,
        }
    }

    /// For what needs no more than the zaak's address.
    pub(super) async fn first<T, E: From<UpstreamError>>(
        &self,
        operation: &'static str,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        self.until(self.first, operation, work).await
    }

    /// For what the first answers named.
    pub(super) async fn last<T, E: From<UpstreamError>>(
        &self,
        operation: &'static str,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        self.until(self.last, operation, work).await
    }

    async fn until<T, E: From<UpstreamError>>(
        &self,
        moment: Instant,
        operation: &'static str,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        match tokio::time::timeout_at(moment, work).await {
            Ok(answer) => answer,
            Err(_) => Err(UpstreamError::new(&self.source, operation, ErrorKind::Late).into()),
        }
    }
}
