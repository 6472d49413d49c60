//! `POST /v1/tickets`: the right to fetch one document, and its redemption for a site without a public
//! route.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use super::caller::Caller;
use super::problem::Problem;
use super::public::ticket::{source_on, stream};
use super::signed::{Signed, Unsigned};
use super::state::{Api, failed};
use crate::documents::{TicketContent, Tickets};
use crate::domain::{ResourceKind, SourceName};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TicketRequest {
    handle: String,
}

/// The handle must be of a document and of this party. Whether the party may have the document is asked
/// when the ticket is redeemed.
pub async fn issue(State(api): State<Api>, signed: Signed) -> Result<Json<Value>, Problem> {
    let request: TicketRequest = signed.json()?;
    let caller = api.caller(&signed, true).await?;
    let source = check_handle(&caller, &request.handle)?;
    source_on(&api, &caller.site, &source)?;
    let Some(public_url) = &caller.site.public_url else {
        return Ok(Json(
            json!({ "url": null, "expires_in": Tickets::lifetime_secs() }),
        ));
    };
    let who = caller
        .session
        .login()
        .to_bytes()
        .map_err(|error| Problem::unavailable(failed("ticket", &error).as_str()))?;
    let content = TicketContent {
        site: caller.site.id.clone(),
        handle: request.handle,
        session: *caller.session.id().as_bytes(),
        who,
    };
    let ticket = api
        .tickets
        .issue(&content)
        .await
        .map_err(|error| Problem::unavailable(failed("ticket", &error).as_str()))?;
    Ok(Json(json!({
        "url": format!("{public_url}/t/{ticket}"),
        "expires_in": Tickets::lifetime_secs(),
    })))
}

/// `POST /v1/tickets/redeem`: the bytes themselves, not signed, for the shim to pass on.
pub async fn redeem(State(api): State<Api>, signed: Signed) -> Result<Response, Problem> {
    let request: TicketRequest = signed.json()?;
    let caller = api.caller(&signed, true).await?;
    check_handle(&caller, &request.handle)?;
    let viewing = api.viewing(
        &caller.site,
        caller.session.identity(),
        *caller.session.id().as_bytes(),
    );
    let mut response = stream(&api, &caller.site, &viewing, &request.handle).await?;
    response.extensions_mut().insert(Unsigned);
    Ok(response)
}

/// The source of the document.
fn check_handle(caller: &Caller, handle: &str) -> Result<SourceName, Problem> {
    let subject = &caller.session.identity().on_behalf_of;
    let target = caller
        .site
        .handles
        .open(subject, handle)
        .map_err(|_| Problem::not_found())?;
    match target.kind {
        ResourceKind::Enkelvoudiginformatieobject if target.parent.is_some() => Ok(target.source),
        _ => Err(Problem::not_found()),
    }
}
