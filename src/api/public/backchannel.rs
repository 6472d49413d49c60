//! The identity provider says that somebody logged out there (OpenID Connect Back-Channel Logout 1.0).
//!
//! Nobody is asked who calls: the logout token proves itself, or nothing happens.

use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, StatusCode, header};

use crate::api::problem::Problem;
use crate::api::state::{Api, failed};
use crate::domain::SiteId;
use crate::identity::oidc::LoggedOut;
use crate::identity::{Class, IdentityError};
use crate::logboek::{AuditActor, AuditEvent, SessionEnd};

/// Largest body: a logout token with its name.
const MAX_BODY: usize = 32 * 1024;

/// `POST /backchannel/{site}/{idp}`: the address names for whom the token is, the token what it is about.
pub async fn backchannel(
    State(api): State<Api>,
    Path((site, idp)): Path<(String, String)>,
    request: Request,
) -> Response {
    let Ok(site) = SiteId::parse(&site) else {
        return Problem::not_found().into_response();
    };
    if api.logins.providers().get(&site, &idp).is_err() {
        return Problem::not_found().into_response();
    }
    let token = match logout_token(&api, request).await {
        Ok(token) => token,
        Err(problem) => return problem.into_response(),
    };
    let ended = match api.logins.logged_out(&site, &idp, &token).await {
        Ok(about) => end(&api, &site, &about).await,
        Err(error) => Err(error),
    };
    match ended {
        Ok(ended) => {
            if ended > 0 {
                let event = AuditEvent::SessionEnded {
                    by: SessionEnd::BackChannel,
                };
                api.audit
                    .note(Some(&site), &AuditActor::System, &event)
                    .await;
            }
            StatusCode::OK.into_response()
        }
        Err(error) => {
            let code = failed("backchannel", &error);
            match error.class() {
                Class::Unavailable | Class::Limited => Problem::unavailable(code.as_str()),
                _ => Problem::logout(code.as_str()),
            }
            .into_response()
        }
    }
}

/// The one login that `sid` names, or every login of `sub`. A `sub` beside a `sid` does not widen it: other
/// devices of the same person stay logged in.
async fn end(api: &Api, site: &SiteId, about: &LoggedOut) -> Result<usize, IdentityError> {
    let ended = match (&about.sid, &about.sub) {
        (Some(sid), _) => api.sessions.end_login(site, &about.iss, sid).await,
        (None, Some(sub)) => api.sessions.end_account(site, &about.iss, sub).await,
        (None, None) => Ok(0),
    };
    Ok(ended?)
}

async fn logout_token(api: &Api, request: Request) -> Result<String, Problem> {
    if !is_form(request.headers()) {
        return Err(Problem::media_type());
    }
    let read = axum::body::to_bytes(request.into_body(), MAX_BODY);
    let body = match tokio::time::timeout(api.body_timeout, read).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return Err(Problem::too_large()),
        Err(_) => return Err(Problem::slow_body()),
    };
    let mut tokens = url::form_urlencoded::parse(&body).filter(|(name, _)| name == "logout_token");
    match (tokens.next(), tokens.next()) {
        (Some((_, token)), None) => Ok(token.into_owned()),
        _ => Err(Problem::request("one logout_token is needed")),
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|media| {
            media
                .trim()
                .eq_ignore_ascii_case("application/x-www-form-urlencoded")
        })
}
