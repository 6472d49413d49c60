//! Every route of every listener.

use axum::Router;
use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::{delete, get, post};

use super::measure::measured;
use super::problem::{self, Problem};
use super::state::Api;
use super::{admin, ops, page, panics, public, session, signed, status, tickets, token};

/// The **api** listener: signed calls from WordPress only.
pub fn api(api: Api) -> Router {
    let routes = Router::new()
        .route("/v1/login", post(session::login))
        .route("/v1/token", post(token::token))
        .route("/v1/session", get(session::read).delete(session::end))
        .route("/v1/session/extend", post(session::extend))
        .route("/v1/session/userdata", post(session::userdata))
        .route("/v1/page", post(page::page))
        .route("/v1/tickets", post(tickets::issue))
        .route("/v1/tickets/redeem", post(tickets::redeem))
        .route("/v1/do", post(page::act))
        .route("/v1/status", get(status::status))
        .route(
            "/v1/admin/policy",
            get(admin::read_policy).put(admin::write_policy),
        )
        .route("/v1/admin/catalogus", get(admin::catalogus))
        .route("/v1/admin/check", get(admin::check))
        .route("/v1/admin/sessions", delete(admin::end_sessions))
        .fallback(|| async { Problem::not_found() })
        .method_not_allowed_fallback(|| async { Problem::method() })
        .with_state(api.clone());
    // Outside the routes, so that the signature is judged before route, method and media type.
    Router::new()
        .fallback_service(routes)
        .layer(from_fn_with_state(api, signed::signed))
        .layer(from_fn_with_state("api", measured))
}

/// The **public** listener: the browser comes back from logging in, and fetches documents; the identity
/// provider says who logged out.
pub fn public(api: Api) -> Router {
    Router::new()
        .route("/callback", get(public::callback::callback))
        .route(
            "/backchannel/{site}/{idp}",
            post(public::backchannel::backchannel),
        )
        // A look ahead with HEAD, as download managers take, must not use up a ticket that works once.
        .route(
            "/t/{ticket}",
            get(public::ticket::ticket).head(|| async { Problem::method() }),
        )
        .fallback(|| async { Problem::not_found() })
        .method_not_allowed_fallback(|| async { Problem::method() })
        .layer(from_fn(public::finish))
        .layer(from_fn_with_state("public", measured))
        .with_state(api)
}

/// The **hooks** listener: no feature sends anything here yet.
pub fn hooks() -> Router {
    Router::new()
        .fallback(|| async { Problem::not_found() })
        .layer(from_fn(plain))
        .layer(from_fn_with_state("hooks", measured))
}

/// The **ops** listener: health and readiness, on loopback.
pub fn ops(api: Api) -> Router {
    Router::new()
        .route("/health", get(|| async { (StatusCode::OK, "ok\n") }))
        .route("/ready", get(ops::ready))
        .route("/metrics", get(ops::metrics))
        .fallback(|| async { Problem::not_found() })
        .method_not_allowed_fallback(|| async { Problem::method() })
        .layer(from_fn(plain))
        .layer(from_fn_with_state("ops", measured))
        .with_state(api)
}

async fn plain(request: Request, next: Next) -> Response {
    let response = panics::run(next, request).await;
    let mut response = problem::render(response, &signed::trace_id());
    signed::harden(response.headers_mut());
    response
}

/// The routes of the api listener, for its description.
pub const API_ROUTES: &[(Method, &str)] = &[
    (Method::POST, "/v1/login"),
    (Method::POST, "/v1/token"),
    (Method::GET, "/v1/session"),
    (Method::DELETE, "/v1/session"),
    (Method::POST, "/v1/session/extend"),
    (Method::POST, "/v1/session/userdata"),
    (Method::POST, "/v1/page"),
    (Method::POST, "/v1/tickets"),
    (Method::POST, "/v1/tickets/redeem"),
    (Method::POST, "/v1/do"),
    (Method::GET, "/v1/status"),
    (Method::GET, "/v1/admin/policy"),
    (Method::PUT, "/v1/admin/policy"),
    (Method::GET, "/v1/admin/catalogus"),
    (Method::GET, "/v1/admin/check"),
    (Method::DELETE, "/v1/admin/sessions"),
];
