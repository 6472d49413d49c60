//! A panic in a route is a fault of ours for one request, not the end of its connection: the answer is a
//! problem like any other, and on api it is signed.

use std::panic::AssertUnwindSafe;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use futures_util::FutureExt as _;

use super::problem::Problem;

/// Runs the routes. What the panic said is not logged: it may quote what a resident asked for. The hook
/// of `telemetry` has logged where it happened.
pub async fn run(next: Next, request: Request) -> Response {
    // The request is gone after a panic, and what routes share is behind locks that shrug off poison.
    match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(_) => {
            tracing::error!(alarm = "panic", "a request ended in a panic");
            Problem::internal().into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::middleware::from_fn;
    use axum::routing::get;
    use http::Request;
    use tower::ServiceExt as _;

    use super::*;

    #[tokio::test]
    async fn a_panic_is_a_problem_that_quotes_nothing() {
        let router = Router::new()
            .route(
                "/",
                get(|| async {
                    let name = String::from("Noor de Vries");
                    assert!(name.is_empty(), "{name}");
                }),
            )
            .layer(from_fn(|request: Request<Body>, next: Next| async move {
                super::super::problem::render(run(next, request).await, "trace")
            }));
        let request = Request::builder().uri("/").body(Body::empty()).unwrap();
        let answer = router.oneshot(request).await.unwrap();
        assert_eq!(answer.status(), 500);
        let body = axum::body::to_bytes(answer.into_body(), 4096)
            .await
            .unwrap();
        let text = String::from_utf8(body.to_vec()).unwrap();
        assert!(text.contains("urn:zijspan:problem:internal"), "{text}");
        assert!(!text.contains("Noor"), "{text}");
    }
}
