//! What is asked of a source, and what comes back.

use std::pin::Pin;

use bytes::Bytes;
use futures_util::Stream;
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use super::UpstreamError;

/// One question to the source.
#[derive(Debug)]
pub struct Call<'a> {
    /// What is being done, for errors and logs: `zaken.list`.
    pub operation: &'static str,
    pub method: Method,
    /// Below the base, starting with `/`.
    pub path: &'a str,
    /// Never logged.
    pub query: &'a [(&'a str, &'a str)],
    pub headers: Vec<(HeaderName, HeaderValue)>,
    pub body: Body<'a>,
    /// Asking twice does no more than asking once, whatever the method (`POST …/_zoek`). A GET always is.
    pub idempotent: bool,
}

#[derive(Debug)]
pub enum Body<'a> {
    None,
    Json(&'a serde_json::Value),
    Form(&'a [(&'a str, &'a str)]),
}

impl<'a> Call<'a> {
    pub const fn get(operation: &'static str, path: &'a str) -> Self {
        Self {
            operation,
            method: Method::GET,
            path,
            query: &[],
            headers: Vec::new(),
            body: Body::None,
            idempotent: false,
        }
    }

    /// A POST: sent a second time only where `idempotent` says that it may be.
    pub fn post(operation: &'static str, path: &'a str, body: Body<'a>) -> Self {
        Self {
            method: Method::POST,
            body,
            ..Self::get(operation, path)
        }
    }

    pub(super) fn may_repeat(&self) -> bool {
        self.idempotent || matches!(self.method, Method::GET | Method::HEAD)
    }
}

/// A whole answer, 2xx to 5xx, its body bounded.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// An answer whose body comes piece by piece.
pub struct StreamReply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Pin<Box<dyn Stream<Item = Result<Bytes, UpstreamError>> + Send>>,
}

impl StreamReply {
    /// The length that the answer declares.
    pub fn content_length(&self) -> Option<u64> {
        self.headers
            .get(CONTENT_LENGTH)?
            .to_str()
            .ok()?
            .parse()
            .ok()
    }
}

impl std::fmt::Debug for StreamReply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StreamReply")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}
