//! `GET /v1/status`: which versions and sources there are, for the plugin's settings page.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::problem::Problem;
use super::signed::Signed;
use super::state::Api;
use crate::signing::Scope;

/// The version of `docs/wire.md` that this sidecar speaks.
const CONTRACT: u32 = 1;

pub async fn status(State(api): State<Api>, signed: Signed) -> Result<Json<Value>, Problem> {
    if !signed.request.has_scope(Scope::Admin) {
        signed.require(Scope::Pages)?;
    }
    let site = api.site_of(&signed)?;
    let policy = api.policies.policy(&site.id).unwrap_or_default();
    let sources: Vec<Value> = site
        .mijn
        .zaken
        .sources()
        .iter()
        .map(|source| {
            let settings = source.zgw.settings();
            json!({
                "name": settings.name,
                "label": settings.label,
                "state": source.zgw.health().as_str(),
            })
        })
        .collect();
    let now = jiff::Timestamp::from_second(api.clock.now().as_secs()).unwrap_or_default();
    Ok(Json(json!({
        "version": env!("CARGO_PKG_VERSION"),
        "contract": CONTRACT,
        "site": site.id,
        "environment": site.environment,
        "login": site.logins,
        "modules": { "zaken": policy.modules.zaken },
        "sources": sources,
        "time": now.to_string(),
    })))
}
