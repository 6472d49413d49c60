//! `POST /v1/token`: a handoff, a token or an assertion is traded once for a session.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::problem::Problem;
use super::signed::Signed;
use super::state::{Api, failed};
use crate::identity::exchange::ACCESS_TOKEN_TYPE;
use crate::identity::{Class, Grant, IdentityError, ReturnTo};
use crate::logboek::{AuditActor, AuditEvent, LoginMode, Party};
use crate::signing::Scope;

pub async fn token(State(api): State<Api>, signed: Signed) -> Result<Json<Value>, Problem> {
    let form = signed.form()?;
    let grant = Grant::from_form(&form).map_err(refused)?;
    let mode = match &grant {
        Grant::Handoff { .. } => LoginMode::Rp,
        Grant::Exchange(_) => LoginMode::Exchange,
        Grant::Asserted { .. } => LoginMode::Asserted,
    };
    let answer = trade(&api, &signed, grant, mode).await;
    if let Err(Refusal::Identity(error)) = &answer {
        let event = AuditEvent::LoginRefused {
            mode,
            reason: error.reason(),
        };
        let actor = AuditActor::Key(signed.request.key_id().clone());
        api.audit
            .note(Some(signed.request.site()), &actor, &event)
            .await;
    }
    answer.map(Json).map_err(|refusal| match refusal {
        Refusal::Identity(error) => refused(error),
        Refusal::Problem(problem) => problem,
    })
}

enum Refusal {
    Identity(IdentityError),
    Problem(Problem),
}

impl From<IdentityError> for Refusal {
    fn from(error: IdentityError) -> Self {
        Self::Identity(error)
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

async fn trade(
    api: &Api,
    signed: &Signed,
    grant: Grant,
    mode: LoginMode,
) -> Result<Value, Refusal> {
    let site = api.site_of(signed)?;
    let now = api.clock.now();
    let (login, return_to) = match grant {
        Grant::Handoff {
            handoff,
            browser_secret,
        } => {
            signed.require(Scope::Pages)?;
            let redeemed = api
                .logins
                .redeem(&site.id, &handoff, &browser_secret)
                .await?;
            (redeemed.login, Some(redeemed.return_to))
        }
        Grant::Exchange(request) => {
            signed.require(Scope::Pages)?;
            let login = api.exchange.exchange(&site.id, &request).await?;
            (login, None)
        }
        Grant::Asserted {
            subject_type,
            subject,
        } => {
            signed.require(Scope::Assert)?;
            let login = api
                .asserted
                .assert(&site.id, &subject_type, &subject, now)?;
            (login, None)
        }
    };
    let idp = login.idp.clone();
    let kind = login.identity.login_kind();
    if let Some(kinds) = site.idps.get(&idp)
        && !kinds.contains(&kind)
    {
        return Err(IdentityError::PartyKind.into());
    }
    let started = api
        .sessions
        .start(&site.id, login, signed.request.bearer(), now)
        .await?;
    let identity = started.session.identity();
    let event = AuditEvent::LoggedIn {
        mode,
        party: Party::from(&identity.on_behalf_of),
        loa: identity.loa,
        for_another: identity.acts_for_another(),
    };
    let actor = AuditActor::Session(api.pseudonyms.logboek(&site.id, &identity.on_behalf_of));
    api.audit.note(Some(&site.id), &actor, &event).await;
    Ok(json!({
        "access_token": started.token.as_str(),
        "issued_token_type": ACCESS_TOKEN_TYPE,
        "token_type": "Bearer",
        "expires_in": started.session.idle_expires_in(now),
        "return_to": return_to.as_ref().map(ReturnTo::as_str),
        "loa": identity.loa.to_string(),
        "on_behalf_of": { "type": identity.on_behalf_of.kind(), "label": identity.label },
    }))
}

/// The log has the reason and the code; the site has the code and the standard's error word.
fn refused(error: IdentityError) -> Problem {
    let code = failed("token", &error);
    match error.class() {
        Class::Unavailable => Problem::unavailable(code.as_str()),
        _ => Problem::token(error.token_error().as_str(), Some(code.as_str())),
    }
}
