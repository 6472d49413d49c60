//! `GET /t/{ticket}`: the gate judges again, then the document streams through.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::api::problem::Problem;
use crate::api::state::{Api, Site, failed};
use crate::documents::{AccessError, filename};
use crate::domain::{SourceName, SupportCode};
use crate::identity::{ProvenLogin, SessionId, Token};
use crate::logboek::{AuditActor, AuditEvent};
use crate::mijn::Viewing;
use crate::mijn::part::report;

const COOKIE: &str = "__Host-zijspan";

pub async fn ticket(
    State(api): State<Api>,
    Path(ticket): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    // Which kind of site it is stands in the ticket, so it is looked at before it is spent.
    let unavailable =
        |error: &dyn std::fmt::Display| Problem::unavailable(failed("ticket", error).as_str());
    let looked = api
        .tickets
        .redeem(&ticket, true)
        .await
        .map_err(|error| unavailable(&error))?
        .ok_or_else(Problem::not_found)?;
    let site = api
        .sites
        .get(&looked.site)
        .cloned()
        .ok_or_else(Problem::not_found)?;
    let content = if site.public_is_same_origin {
        // Bound to the browser that asked for it; a viewer may read it again within its time.
        let session = cookie(&headers)
            .and_then(Token::parse)
            .map(|t| SessionId::of(&t));
        if session.as_ref().map(SessionId::as_bytes) != Some(&looked.session) {
            return Err(Problem::not_found());
        }
        looked
    } else {
        api.tickets
            .redeem(&ticket, false)
            .await
            .map_err(|error| unavailable(&error))?
            .ok_or_else(Problem::not_found)?
    };
    let session = SessionId::from_bytes(content.session);
    let alive = api
        .sessions
        .alive(&site.id, &session, api.clock.now())
        .await
        .map_err(|error| unavailable(&error))?;
    if !alive {
        return Err(Problem::session());
    }
    let login = ProvenLogin::from_bytes(&content.who).map_err(|error| unavailable(&error))?;
    let viewing = api.viewing(&site, &login.identity, content.session);
    stream(&api, &site, &viewing, &content.handle).await
}

/// A source that is switched off gives no document, whoever has a ticket.
pub fn source_on(api: &Api, site: &Site, source: &SourceName) -> Result<(), Problem> {
    if !is_off(api, site, source) {
        return Ok(());
    }
    let code = SupportCode::generate();
    tracing::info!(site = %site.id, %source, code = %code, "a document was asked of a source that is switched off");
    Err(Problem::unavailable(code.as_str()))
}

fn is_off(api: &Api, site: &Site, source: &SourceName) -> bool {
    let policy = api.policies.policy(&site.id);
    policy.is_some_and(|policy| policy.source_is_off(source))
}

/// Opens the document for this caller and passes its bytes on. Status, name and type are known before
/// the first byte.
pub async fn stream(
    api: &Api,
    site: &Arc<Site>,
    viewing: &Viewing,
    handle: &str,
) -> Result<Response, Problem> {
    let Ok(place) = Arc::clone(&api.streams).try_acquire_owned() else {
        return Err(Problem::busy(5));
    };
    if let Ok(target) = viewing.handles.open(&viewing.identity.on_behalf_of, handle) {
        source_on(api, site, &target.source)?;
    }
    let code = SupportCode::generate();
    let opened = site
        .mijn
        .zaken
        .open_document(viewing, handle, api.stream_idle)
        .await
        .map_err(|error| match error {
            AccessError::NotFound | AccessError::Level(_) => Problem::not_found(),
            AccessError::Unprovable => Problem::unavailable(code.as_str()),
            AccessError::Upstream(error) => {
                report(&error, &code);
                Problem::unavailable(code.as_str())
            }
        })?;
    let subject = &viewing.identity.on_behalf_of;
    let actor = AuditActor::Session(api.pseudonyms.logboek(&site.id, subject));
    let event = AuditEvent::DocumentDelivered {
        source: opened.source.clone(),
    };
    api.audit.note(Some(&site.id), &actor, &event).await;
    let document = &opened.document;
    let extension = filename::extension(
        document.bestandsnaam.as_deref(),
        document.formaat.as_deref(),
    );
    let name = filename::safe(
        document
            .bestandsnaam
            .as_deref()
            .or(document.titel.as_deref()),
        extension,
    );
    let length = opened.reply.content_length();
    let bytes = opened.reply.body;
    let (api, site, source) = (api.clone(), Arc::clone(site), opened.source);
    // The place is given back when the stream ends or the browser goes away.
    let body = futures_util::stream::unfold(Some((bytes, place)), move |state| {
        let (api, site, source) = (api.clone(), Arc::clone(&site), source.clone());
        async move {
            use futures_util::StreamExt as _;
            let (mut bytes, place) = state?;
            let item = bytes.next().await?.map_err(std::io::Error::other);
            if is_off(&api, &site, &source) {
                // The length was promised, so the browser sees that it does not have all of it.
                let ended = std::io::Error::other("the source was switched off");
                return Some((Err(ended), None));
            }
            Some((item, Some((bytes, place))))
        }
    });
    let mut response = (StatusCode::OK, Body::from_stream(body)).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(filename::media_type(extension)),
    );
    if let Ok(value) = HeaderValue::try_from(filename::disposition(&name)) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("sandbox; default-src 'none'; frame-ancestors 'none'"),
    );
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-store"),
    );
    headers.insert(
        "x-robots-tag",
        HeaderValue::from_static("noindex, noarchive"),
    );
    if let Some(length) = length {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    crate::api::signed::harden(headers);
    Ok(response)
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, value)| value)
}
