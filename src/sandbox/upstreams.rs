//! The listener that plays every upstream: control routes, call log, faults, and the APIs themselves.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::{HeaderValue, Method, Response, StatusCode, header};
use http_body::{Frame, SizeHint};
use http_body_util::StreamBody;
use http_body_util::combinators::UnsyncBoxBody;
use serde_json::json;

use super::bronnen::Bronnen;
use super::calls::{CallGuard, CallLog};
use super::faults::{Fault, Faults, Mode};
use super::http::{Body, Cut, Handler, Reply, Request, Reset, respond};
use super::latency::Latencies;
use super::zgw::{Played, Quirks, Zgw};

/// Which upstream a path belongs to, by its first characters.
const PREFIXES: [(&str, &str); 15] = [
    ("/zaken/", "zaken"),
    ("/catalogi/", "catalogi"),
    ("/documenten/", "documenten"),
    ("/besluiten/", "besluiten"),
    ("/haalcentraal/api/brp/", "brp"),
    ("/kvk/", "kvk"),
    ("/klantinteracties/", "klantinteracties"),
    ("/objects/", "objecten"),
    ("/objecttypes/", "objecten"),
    ("/vtb/", "vtb"),
    ("/woz/", "woz"),
    ("/geo/", "geo"),
    ("/notificaties/", "notificaties"),
    ("/notifynl/", "notifynl"),
    ("/payment/", "payment"),
];

const SLOW: Duration = Duration::from_millis(100);
/// Long enough for the bytes before a cut to leave the process.
const BEFORE_CUT: Duration = Duration::from_millis(30);
const HUGE_CHUNK: usize = 64 * 1024;
/// 1 GiB in all: no client should take it, and a broken one must still end.
const HUGE_CHUNKS: usize = 16 * 1024;

#[derive(Debug)]
pub struct Upstreams {
    pub bronnen: Bronnen,
    pub calls: Arc<CallLog>,
    pub faults: Faults,
    pub latencies: Latencies,
    /// As which product the ZGW APIs answer.
    pub played: Played,
    pub port: u16,
}

impl Handler for Upstreams {
    async fn handle(&self, request: Request, reset: &Reset) -> Result<Response<Body>, Cut> {
        if request.path.starts_with("/sandbox/") {
            return Ok(self.control(&request).into_response());
        }
        let (bron, zgw, path) = self.bronnen.of(&request.path);
        let upstream = bron.unwrap_or_else(|| {
            PREFIXES
                .iter()
                .find(|(prefix, _)| path.starts_with(prefix))
                .map_or("unknown", |(_, name)| name)
        });
        let call = self.calls.begin(upstream, &request);
        let fault = self.faults.find(upstream, &request);
        let quirks = fault.as_ref().map_or_else(Quirks::default, Fault::quirks);
        let asked = Asked {
            zgw,
            right: self.played.answer(zgw, path, &request, quirks),
            path: &request.path,
            port: self.port,
        };
        wait(
            self.latencies.network(&request) + self.latencies.server(path, &request, &asked.right),
        )
        .await;
        match fault {
            Some(fault) => {
                wait(fault.latency).await;
                asked.faulty(&fault, reset, call).await
            }
            None => Ok(whole(asked.right, call)),
        }
    }
}

/// Also the shortest sleep takes a millisecond.
async fn wait(time: Duration) {
    if !time.is_zero() {
        tokio::time::sleep(time).await;
    }
}

/// A call under way, with the answer that it gets unless a fault stands between.
struct Asked<'a> {
    zgw: &'a Zgw,
    right: Reply,
    path: &'a str,
    port: u16,
}

impl Upstreams {
    fn control(&self, request: &Request) -> Reply {
        let done = || Reply::json(StatusCode::OK, &json!({}));
        match (request.path.as_str(), request.method.as_str()) {
            ("/sandbox/calls", "GET") => Reply::json(StatusCode::OK, &self.calls.to_json()),
            ("/sandbox/calls", "DELETE") => {
                self.calls.clear();
                done()
            }
            ("/sandbox/faults", "POST") => match self.faults.set(&request.body) {
                Ok(()) => done(),
                Err(error) => Reply::json(StatusCode::BAD_REQUEST, &json!({ "error": error })),
            },
            ("/sandbox/faults", "DELETE") => {
                self.faults.clear();
                done()
            }
            ("/sandbox/vendor", _) => self.played.control(request),
            ("/sandbox/latency", "POST") => match self.latencies.set(&request.body) {
                Ok(()) => done(),
                Err(error) => Reply::json(StatusCode::BAD_REQUEST, &json!({ "error": error })),
            },
            ("/sandbox/calls" | "/sandbox/faults" | "/sandbox/latency", _) => Reply::json(
                StatusCode::METHOD_NOT_ALLOWED,
                &json!({ "error": "method not allowed" }),
            ),
            _ => Reply::json(StatusCode::NOT_FOUND, &json!({ "error": "not found" })),
        }
    }
}

impl Asked<'_> {
    async fn faulty(
        self,
        fault: &Fault,
        reset: &Reset,
        call: CallGuard,
    ) -> Result<Response<Body>, Cut> {
        let right = self.right;
        let reply = match fault.mode {
            Mode::None | Mode::IgnoreFilter | Mode::ManyPages => right,
            Mode::Status => self.zgw.failure(fault.status.unwrap_or(500)),
            Mode::RetryAfter => self
                .zgw
                .failure(fault.status.unwrap_or(503))
                .with("retry-after", "2"),
            Mode::Hang => {
                std::future::pending::<()>().await;
                return Err(Cut);
            }
            Mode::Refuse => {
                reset.arm();
                return Err(Cut);
            }
            Mode::Reset => {
                call.status(right.status.as_u16());
                return Ok(cut_short(right, call, Some(reset.clone())));
            }
            Mode::Truncate => {
                call.status(right.status.as_u16());
                return Ok(cut_short(right, call, None));
            }
            Mode::Drip => {
                call.status(right.status.as_u16());
                return Ok(drip(right, call));
            }
            Mode::Huge => {
                call.status(200);
                return Ok(huge(call));
            }
            Mode::Garbage => Reply::new(
                StatusCode::OK,
                "application/json",
                &b"{\"count\": 1, \"results\": [\xff\xfe<<"[..],
            ),
            Mode::Html => Reply::html(
                StatusCode::OK,
                "<!DOCTYPE html><html lang=\"nl\"><title>Onderhoud</title>\
                 <p>Wij werken aan onze systemen.</p></html>",
            ),
            Mode::ContentType => {
                let mut reply = right;
                reply.headers.insert(
                    header::CONTENT_TYPE,
                    HeaderValue::from_static("text/plain; charset=utf-8"),
                );
                reply
            }
            // Another origin that is the same listener, so that following it shows in the call log.
            Mode::Redirect => Reply::new(StatusCode::FOUND, "text/html; charset=utf-8", "").with(
                "location",
                &format!("http://localhost:{}{}", self.port, self.path),
            ),
        };
        Ok(whole(reply, call))
    }
}

/// The whole answer at once; the call ends when its last byte is handed over.
fn whole(reply: Reply, call: CallGuard) -> Response<Body> {
    call.status(reply.status.as_u16());
    if let Some(large) = reply.large {
        let mut headers = reply.headers;
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(large.length));
        // The stream owns the call, so that it ends with the last chunk or with the reader.
        let body = large.chunks().map(move |chunk| {
            let _until_the_end = &call;
            Ok(Frame::data(chunk))
        });
        return respond(
            reply.status,
            headers,
            UnsyncBoxBody::new(StreamBody::new(body)),
        );
    }
    if reply.body.is_empty() {
        // Nobody asks for the bytes of an empty body, so that its call ends here.
        drop(call);
        return reply.into_response();
    }
    let body = Whole {
        length: reply.body.len() as u64,
        left: Some((reply.body, call)),
    };
    respond(reply.status, reply.headers, UnsyncBoxBody::new(body))
}

struct Whole {
    length: u64,
    left: Option<(Bytes, CallGuard)>,
}

impl http_body::Body for Whole {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        Poll::Ready(self.left.take().map(|(bytes, call)| {
            drop(call);
            Ok(Frame::data(bytes))
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left.as_ref().map_or(0, |_| self.length))
    }
}

/// Half of the body under the full length, then the end: a reset where one is given.
fn cut_short(reply: Reply, call: CallGuard, reset: Option<Reset>) -> Response<Body> {
    let mut headers = reply.headers;
    headers.insert(
        header::CONTENT_LENGTH,
        HeaderValue::from(reply.body.len().max(2)),
    );
    let half = reply.body.slice(..reply.body.len() / 2);
    let body = stream::unfold((Some(half), Some(call), reset), |state| async move {
        match state {
            (Some(half), call, reset) => Some((Ok(Frame::data(half)), (None, call, reset))),
            (None, Some(call), reset) => {
                tokio::time::sleep(BEFORE_CUT).await;
                if let Some(reset) = &reset {
                    reset.arm();
                }
                drop(call);
                Some((Err(Cut), (None, None, None)))
            }
            (None, None, _) => None,
        }
    });
    respond(
        reply.status,
        headers,
        UnsyncBoxBody::new(StreamBody::new(body)),
    )
}

fn drip(reply: Reply, call: CallGuard) -> Response<Body> {
    let mut headers = reply.headers;
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(reply.body.len()));
    let body = stream::unfold((reply.body, call), |(mut left, call)| async move {
        if left.is_empty() {
            return None;
        }
        tokio::time::sleep(SLOW).await;
        let byte = left.split_to(1);
        Some((Ok(Frame::data(byte)), (left, call)))
    });
    respond(
        reply.status,
        headers,
        UnsyncBoxBody::new(StreamBody::new(body)),
    )
}

/// A JSON string that goes on and on.
fn huge(call: CallGuard) -> Response<Body> {
    let chunk = Bytes::from(vec![b'a'; HUGE_CHUNK]);
    let first = Bytes::from_static(b"{\"count\": 1, \"results\": [\"");
    let body = stream::unfold(
        (0_usize, first, chunk, call),
        |(n, next, chunk, call)| async move {
            (n < HUGE_CHUNKS).then(|| (Ok(Frame::data(next)), (n + 1, chunk.clone(), chunk, call)))
        },
    );
    let mut response = respond(
        StatusCode::OK,
        http::HeaderMap::new(),
        UnsyncBoxBody::new(StreamBody::new(body)),
    );
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    response
}

/// GET and its silent twin.
pub fn reads(method: &Method) -> bool {
    *method == Method::GET || *method == Method::HEAD
}
