//! What is asked of a source, and what comes back.

use std::fmt;
use std::pin::Pin;

use bytes::Bytes;
use futures_util::Stream;
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use super::UpstreamError;
use super::metrics::Counted;

/// One question to the source.
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
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
    pub(super) counted: Option<Counted>,
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

// What is asked and answered is about somebody, and a form may hold the secret of the client: none of it is
// printed.

impl fmt::Debug for Call<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("operation", &self.operation)
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Body<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::Json(_) => "Json(..)",
            Self::Form(_) => "Form(..)",
        })
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for StreamReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamReply")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CANARY: &str = "canary-999990019";

    #[test]
    fn nothing_of_what_is_asked_or_answered_is_printed() {
        let json = serde_json::json!({ "bsn": CANARY });
        let fields = [("client_secret", CANARY)];
        let header = HeaderValue::from_static(CANARY);
        let call = |body| Call {
            query: &[("bsn", CANARY)],
            headers: vec![(CONTENT_LENGTH, header.clone())],
            ..Call::post("zaken.list", CANARY, body)
        };
        let mut headers = HeaderMap::new();
        headers.insert(http::header::LOCATION, header.clone());
        let reply = Reply {
            status: 200,
            headers: headers.clone(),
            body: Bytes::from_static(CANARY.as_bytes()),
            counted: None,
        };
        let stream = StreamReply {
            status: 200,
            headers,
            body: Box::pin(futures_util::stream::empty()),
        };
        let printed = [
            format!("{:?} {:?}", call(Body::None), Body::None),
            format!("{:?} {:?}", call(Body::Json(&json)), Body::Json(&json)),
            format!("{:?} {:?}", call(Body::Form(&fields)), Body::Form(&fields)),
            format!("{reply:?} {stream:?}"),
        ];
        for text in &printed {
            assert!(!text.contains(CANARY), "{text}");
        }
        assert!(printed[0].contains("zaken.list") && printed[0].contains("POST"));
        assert!(printed[3].contains("200"));
    }
}
