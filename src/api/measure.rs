//! Counts and times every request of a listener, outside everything else: a refused signature counts too.

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use tokio::time::Instant;

use super::router::API_ROUTES;
use crate::telemetry::metrics;

/// What a path is called that no route has: paths can hold anything, labels cannot.
const NO_ROUTE: &str = "other";

/// As middleware, with the name of its listener.
pub async fn measured(
    State(listener): State<&'static str>,
    request: Request,
    next: Next,
) -> Response {
    let began = Instant::now();
    let matched = request.extensions().get::<MatchedPath>().cloned();
    // On api the routes lie behind the signature, and are found only after it.
    let signed = API_ROUTES
        .iter()
        .map(|(_, route)| *route)
        .find(|route| matched.is_none() && listener == "api" && *route == request.uri().path());
    let response = next.run(request).await;
    let route = matched.as_ref().map(MatchedPath::as_str).or(signed);
    metrics::request(
        listener,
        route.unwrap_or(NO_ROUTE),
        response.status().as_u16(),
        began.elapsed(),
    );
    response
}
