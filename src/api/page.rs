//! `POST /v1/page`: one call per page. `POST /v1/do`: every change.

use std::collections::HashSet;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::time::Instant;

use super::caller::Caller;
use super::problem::Problem;
use super::session::session_view;
use super::signed::Signed;
use super::state::Api;
use crate::domain::SiteId;
use crate::identity::{Token, csrf};
use crate::logboek::{AuditActor, AuditEvent};
use crate::mijn::Mijn;
use crate::mijn::page::PartRequest;
use crate::mijn::part::{Answered, SourceState};
use crate::telemetry::metrics;

const MAX_PARTS: usize = 16;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PageRequest {
    #[serde(default)]
    budget_ms: Option<u64>,
    #[serde(default = "yes")]
    touch: bool,
    parts: Vec<Part>,
}

const fn yes() -> bool {
    true
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    id: String,
    kind: String,
    #[serde(default)]
    params: Value,
}

pub async fn page(State(api): State<Api>, signed: Signed) -> Result<Response, Problem> {
    let began = Instant::now();
    let request: PageRequest = signed.json()?;
    let budget = match request.budget_ms {
        None => api.default_budget.min(api.page_budget),
        Some(ms @ 100..=10_000) => Duration::from_millis(ms).min(api.page_budget),
        Some(_) => return Err(Problem::request("budget_ms must be 100 to 10000")),
    };
    if request.parts.len() > MAX_PARTS {
        return Err(Problem::request("a page has at most 16 parts"));
    }
    let ids: HashSet<&str> = request.parts.iter().map(|part| part.id.as_str()).collect();
    if ids.len() != request.parts.len() {
        return Err(Problem::request("two parts have the same id"));
    }
    let caller = api.caller(&signed, request.touch).await?;
    let viewing = api.viewing(
        &caller.site,
        caller.session.identity(),
        *caller.session.id().as_bytes(),
    );
    let parts: Vec<PartRequest> = request
        .parts
        .into_iter()
        .map(|part| PartRequest {
            id: part.id,
            kind: part.kind,
            params: part.params,
        })
        .collect();
    let parts = api
        .pages
        .run(&caller.site.mijn, &viewing, &parts, budget)
        .await;
    audit_alarms(&api, &signed, &parts).await;
    audit_withheld(&api, &caller, &parts).await;
    count(&caller.site.id, &parts, began.elapsed());
    let answer = PageAnswer {
        parts: &parts,
        session: session_view(&api, &caller),
        environment: caller.site.environment,
    };
    Ok(Json(answer).into_response())
}

#[derive(Serialize)]
struct PageAnswer<'a> {
    parts: &'a [Answered],
    session: Value,
    environment: &'static str,
}

/// For the metrics.
fn count(site: &SiteId, parts: &[Answered], took: Duration) {
    metrics::page(site, took);
    for Answered { kind, part, .. } in parts {
        let known = Mijn::KINDS.iter().find(|known| **known == kind.as_str());
        metrics::part(
            site,
            // A kind that is not known is whatever the caller wrote.
            known.unwrap_or(&"unknown"),
            part.state().as_str(),
            part.problem().map(|problem| problem.reason),
        );
    }
}

/// A source that answers with what is somebody else's, or that nothing can prove, is more than a failure:
/// the audit log has it too.
async fn audit_alarms(api: &Api, signed: &Signed, parts: &[Answered]) {
    for Answered { part, .. } in parts {
        let Some(problem) = part.problem() else {
            continue;
        };
        let unavailable = part
            .sources()
            .iter()
            .filter(|source| source.state == SourceState::Unavailable)
            .map(|source| source.name.clone());
        for source in unavailable {
            let event = match problem.reason {
                "filter_ignored" => AuditEvent::FilterIgnored {
                    source,
                    operation: "page",
                },
                "role_unprovable" => AuditEvent::RoleUnprovable { source },
                _ => continue,
            };
            api.audit
                .note(Some(signed.request.site()), &AuditActor::System, &event)
                .await;
        }
    }
}

/// What a mandate does not open is remembered, once per page: somebody who was sent away may ask why.
async fn audit_withheld(api: &Api, caller: &Caller, parts: &[Answered]) {
    let withheld = parts.iter().find_map(|answered| {
        let problem = answered.part.problem()?;
        problem.rule.filter(|_| problem.reason == "mandate")
    });
    let Some(rule) = withheld else {
        return;
    };
    let subject = &caller.session.identity().on_behalf_of;
    let actor = AuditActor::Session(api.pseudonyms.logboek(&caller.site.id, subject));
    let event = AuditEvent::Withheld {
        reason: rule.as_str(),
    };
    api.audit.note(Some(&caller.site.id), &actor, &event).await;
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DoRequest {
    kind: String,
    #[serde(default)]
    handle: String,
    action: String,
    #[serde(default)]
    #[expect(
        dead_code,
        reason = "no module takes changes yet; the contract names the field"
    )]
    data: Value,
    csrf: String,
    #[serde(default)]
    #[expect(
        dead_code,
        reason = "no module takes changes yet; the contract names the field"
    )]
    idempotency_key: String,
}

/// No module takes changes yet: a change of an unknown kind is refused, after its CSRF token was checked.
pub async fn act(State(api): State<Api>, signed: Signed) -> Result<Json<Value>, Problem> {
    let request: DoRequest = signed.json()?;
    api.caller(&signed, true).await?;
    check_csrf(
        &signed,
        &request.kind,
        &request.handle,
        &request.action,
        &request.csrf,
    )?;
    Err(Problem::request("unknown kind or action"))
}

/// The token of the form must be the one of this session, kind, handle and action.
pub fn check_csrf(
    signed: &Signed,
    kind: &str,
    handle: &str,
    action: &str,
    given: &str,
) -> Result<(), Problem> {
    let holds = signed
        .request
        .bearer()
        .and_then(Token::parse)
        .is_some_and(|token| csrf::holds(&token, kind, handle, action, given));
    if holds { Ok(()) } else { Err(Problem::csrf()) }
}
