//! A stream whose source falls silent ends with an error.

use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};

use super::UpstreamError;

/// Ends a stream with an error when no piece comes for a while.
pub(super) fn bounded<S, F>(
    inner: S,
    idle: Duration,
    error: F,
) -> impl Stream<Item = Result<Bytes, UpstreamError>> + Send
where
    S: Stream<Item = Result<Bytes, UpstreamError>> + Unpin + Send + 'static,
    F: Fn() -> UpstreamError + Send + 'static,
{
    futures_util::stream::unfold(Some((inner, error)), move |state| async move {
        let (mut inner, error) = state?;
        match tokio::time::timeout(idle, inner.next()).await {
            Ok(Some(Ok(bytes))) => Some((Ok(bytes), Some((inner, error)))),
            Ok(Some(Err(broken))) => Some((Err(broken), None)),
            Ok(None) => None,
            Err(_) => Some((Err(error()), None)),
        }
    })
}
