//! `/v1/admin/*`: the policy, what it can name, and whether the sources answer. Opens nothing personal.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};

use super::problem::Problem;
use super::signed::Signed;
use super::state::{Api, failed};
use crate::logboek::{AuditActor, AuditEvent};
use crate::mijn::zaken::beheer;
use crate::policy::PolicyError;
use crate::signing::Scope;

/// The key must have the scope, and may not be used more often than a person would.
fn allowed(api: &Api, signed: &Signed) -> Result<(), Problem> {
    signed.require(Scope::Admin)?;
    if api.caps.allows(signed.request.key_id(), api.clock.now()) {
        Ok(())
    } else {
        Err(Problem::rate())
    }
}

pub async fn read_policy(State(api): State<Api>, signed: Signed) -> Result<Json<Value>, Problem> {
    allowed(&api, &signed)?;
    let site = api.site_of(&signed)?;
    let current = api.policies.read(&site.id).await.map_err(refused)?;
    Ok(Json(json!({
        "version": current.version,
        "policy": *current.policy,
        "bounds": api.policies.bounds(&site.id),
    })))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WriteRequest {
    version: u64,
    policy: Value,
    #[serde(default)]
    dry_run: bool,
}

pub async fn write_policy(State(api): State<Api>, signed: Signed) -> Result<Json<Value>, Problem> {
    allowed(&api, &signed)?;
    let request: WriteRequest = signed.json()?;
    let site = api.site_of(&signed)?;
    let now = api.clock.now();
    let written = api
        .policies
        .write(
            &site.id,
            request.version,
            &request.policy,
            request.dry_run,
            now,
        )
        .await
        .map_err(refused)?;
    if written.saved {
        // What is not in the log did not happen: the webbeheerder is told when it could not be written.
        let actor = AuditActor::Key(signed.request.key_id().clone());
        let event = AuditEvent::PolicyChanged {
            version: written.version,
            changes: written.changes.len(),
        };
        api.audit
            .append(Some(&site.id), &actor, &event)
            .await
            .map_err(|error| Problem::unavailable(failed("audit", &error).as_str()))?;
    }
    serde_json::to_value(&written)
        .map(Json)
        .map_err(|_| Problem::internal())
}

fn refused(error: PolicyError) -> Problem {
    match error {
        PolicyError::Conflict { current } => Problem::conflict().with("version", current),
        PolicyError::Invalid(fields) => Problem::invalid(json!(fields)),
        PolicyError::UnknownSite(_) => Problem::internal(),
        other => Problem::unavailable(failed("policy", &other).as_str()),
    }
}

pub async fn catalogus(State(api): State<Api>, signed: Signed) -> Result<Json<Value>, Problem> {
    allowed(&api, &signed)?;
    let site = api.site_of(&signed)?;
    let policy = api.policies.policy(&site.id).unwrap_or_default();
    beheer::catalogus(&site.mijn.zaken, &policy)
        .await
        .map(Json)
        .map_err(|error| Problem::unavailable(failed("catalogus", &error).as_str()))
}

pub async fn check(State(api): State<Api>, signed: Signed) -> Result<Json<Value>, Problem> {
    allowed(&api, &signed)?;
    let site = api.site_of(&signed)?;
    let policy = api.policies.policy(&site.id).unwrap_or_default();
    let off = |source: &_| policy.source_is_off(source);
    let steps = beheer::check(&site.mijn.zaken, &api.clock, off).await;
    Ok(Json(json!({ "steps": steps })))
}

/// `DELETE /v1/admin/sessions`: everyone out. The line in the audit log comes first, so that nobody can end the
/// sessions of a site unseen.
pub async fn end_sessions(State(api): State<Api>, signed: Signed) -> Result<Json<Value>, Problem> {
    allowed(&api, &signed)?;
    let site = api.site_of(&signed)?;
    let actor = AuditActor::Key(signed.request.key_id().clone());
    api.audit
        .append(Some(&site.id), &actor, &AuditEvent::EveryoneOut)
        .await
        .map_err(|error| Problem::unavailable(failed("audit", &error).as_str()))?;
    let ended = api
        .sessions
        .end_site(&site.id)
        .await
        .map_err(|error| Problem::unavailable(failed("sessions", &error).as_str()))?;
    // What was remembered for those sessions dies with them.
    api.pages.forget_answers();
    Ok(Json(json!({ "ended": ended })))
}
