//! The browser comes back from the identity provider, and is sent on to the plugin's one address.

use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, StatusCode, header};

use crate::api::problem::Problem;
use crate::api::state::Api;
use crate::identity::Class;
use crate::identity::oidc::Callback;
use crate::logboek::{AuditActor, AuditEvent, LoginMode};

/// Longest query that is read, in bytes.
const MAX_QUERY: usize = 8 * 1024;

pub async fn callback(State(api): State<Api>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    if query.len() > MAX_QUERY {
        return Problem::request("the query is too long").into_response();
    }
    let fields: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    // A field that comes twice has no one meaning.
    let once = |wanted: &str| {
        let mut found = fields.iter().filter(|(name, _)| name == wanted);
        let first = found.next().map(|(_, value)| value.as_str());
        if found.next().is_some() { None } else { first }
    };
    let answer = api
        .logins
        .callback(Callback {
            state: once("state"),
            code: once("code"),
            iss: once("iss"),
            error: once("error"),
            route: None,
        })
        .await;
    match answer {
        Ok(landing) => match api.sites.get(&landing.site) {
            Some(site) => see_other(
                &site.return_url,
                &[("zijspan_handoff", landing.handoff.as_str())],
            ),
            None => Problem::internal().into_response(),
        },
        Err(failure) => {
            tracing::warn!(
                code = %failure.code, reason = failure.error.reason(), idp = failure.idp.as_deref(),
                "a login did not succeed"
            );
            if let Some(site) = &failure.site
                && failure.error.class() != Class::Cancelled
            {
                let event = AuditEvent::LoginRefused {
                    mode: LoginMode::Rp,
                    reason: failure.error.reason(),
                };
                api.audit
                    .note(Some(site), &AuditActor::System, &event)
                    .await;
            }
            match failure.site.and_then(|site| api.sites.get(&site)) {
                Some(site) => see_other(
                    &site.return_url,
                    &[
                        ("zijspan_login", "failed"),
                        ("zijspan_code", failure.code.as_str()),
                    ],
                ),
                // Without a known state there is no site to go back to.
                None => Problem::login(failure.code.as_str()).into_response(),
            }
        }
    }
}

fn see_other(to: &str, query: &[(&str, &str)]) -> Response {
    let Ok(mut url) = url::Url::parse(to) else {
        return Problem::internal().into_response();
    };
    url.query_pairs_mut().extend_pairs(query);
    match HeaderValue::try_from(url.as_str()) {
        Ok(location) => (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response(),
        Err(_) => Problem::internal().into_response(),
    }
}
