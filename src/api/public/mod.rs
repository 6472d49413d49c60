//! What a browser reaches: the way back from logging in, and documents. The identity provider comes here too, to say that
//! somebody logged out.

pub mod backchannel;
pub mod callback;
pub mod ticket;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderValue, header};

use super::panics;
use super::problem::{self, Problem};
use super::signed::{harden, trace_id};

/// Problems become a small page where a browser reads it, a document elsewhere; every answer is hardened.
pub async fn finish(request: Request, next: Next) -> Response {
    let wants_html = request
        .headers()
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    let trace_id = trace_id();
    let mut response = panics::run(next, request).await;
    let problem = response.extensions().get::<Problem>().cloned();
    response = match problem {
        Some(problem) if wants_html => page(response, &problem, &trace_id),
        _ => problem::render(response, &trace_id),
    };
    harden(response.headers_mut());
    response
}

fn page(response: Response, problem: &Problem, trace_id: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"nl\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"robots\" content=\"noindex\"><title>{title}</title></head><body><main>\
         <h1>{title}</h1><p>Ga terug naar de vorige pagina en probeer het opnieuw.</p>\
         <p>Blijft het misgaan? Neem dan contact op met uw gemeente en noem deze code: \
         <code>{code}</code></p></main></body></html>",
        title = problem.title(),
        code = trace_id.get(..8).unwrap_or(trace_id),
    );
    let (mut parts, _) = response.into_parts();
    parts.headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    Response::from_parts(parts, axum::body::Body::from(html))
}
