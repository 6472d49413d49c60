//! Login, and what is known of a session.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};

use super::caller::Caller;
use super::page::check_csrf;
use super::problem::Problem;
use super::signed::Signed;
use super::state::{Api, failed};
use crate::domain::{LevelOfAssurance, Means, SessionKey, Subject, today_in_nl};
use crate::identity::oidc::LoginStart;
use crate::identity::{Class, IdentityError};
use crate::logboek::{AuditActor, AuditEvent, Party, SessionEnd};
use crate::mijn::MandateView;
use crate::signing::Scope;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LoginRequest {
    idp: String,
    #[serde(default)]
    min_loa: Option<String>,
    return_to: String,
    browser_hash: String,
}

/// `POST /v1/login`: where to send the browser.
pub async fn login(State(api): State<Api>, signed: Signed) -> Result<Json<Value>, Problem> {
    signed.require(Scope::Pages)?;
    let request: LoginRequest = signed.json()?;
    let min_loa = match request.min_loa.as_deref() {
        None => None,
        Some(word) => {
            Some(LevelOfAssurance::parse(word).ok_or_else(|| Problem::request("unknown min_loa"))?)
        }
    };
    let start = LoginStart {
        idp: &request.idp,
        min_loa,
        return_to: &request.return_to,
        browser_hash: &request.browser_hash,
    };
    match api.logins.start(signed.request.site(), start).await {
        Ok(url) => Ok(Json(json!({ "url": url.as_str() }))),
        Err(error) => Err(refused(error)),
    }
}

fn refused(error: IdentityError) -> Problem {
    match error.class() {
        Class::Unavailable | Class::Limited => {
            Problem::unavailable(failed("login", &error).as_str())
        }
        _ => Problem::login(failed("login", &error).as_str()).with("reason", error.reason()),
    }
}

/// What the plugin may know of the session that a caller is in: for whom one looks, by what right, and with
/// which way to log in one can come back at a higher level.
pub fn session_view(api: &Api, caller: &Caller) -> Value {
    let (session, now) = (&caller.session, api.clock.now());
    let identity = session.identity();
    let policy = api.policies.policy(&caller.site.id).unwrap_or_default();
    let provider = api.logins.providers().get(&caller.site.id, session.idp());
    let can_log_in = provider.is_ok_and(|provider| provider.settings().login);
    json!({
        "idle_expires_in": session.idle_expires_in(now),
        "absolute_expires_in": session.absolute_expires_in(now),
        "loa": identity.loa,
        "on_behalf_of": { "type": identity.on_behalf_of.kind(), "label": identity.label },
        "acts_for_another": identity.acts_for_another(),
        "mandate": MandateView::of(identity, &policy, today_in_nl(now)),
        "one_branch": identity.on_behalf_of.is_branch(),
        "eidas": identity.means == Means::Eidas,
        "idp": can_log_in.then(|| session.idp()),
    })
}

/// `GET /v1/session`: does not extend it.
pub async fn read(State(api): State<Api>, signed: Signed) -> Result<Json<Value>, Problem> {
    let caller = api.caller(&signed, false).await?;
    Ok(Json(session_view(&api, &caller)))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CsrfRequest {
    csrf: String,
}

/// `POST /v1/session/extend`: "blijf ingelogd".
pub async fn extend(State(api): State<Api>, signed: Signed) -> Result<Json<Value>, Problem> {
    let request: CsrfRequest = signed.json()?;
    // Looked up before the token is checked, and extended only after.
    api.caller(&signed, false).await?;
    check_csrf(&signed, "session", "", "extend", &request.csrf)?;
    let caller = api.caller(&signed, true).await?;
    Ok(Json(session_view(&api, &caller)))
}

/// `DELETE /v1/session`: logs out here, and says where to log out at the provider.
pub async fn end(State(api): State<Api>, signed: Signed) -> Result<Json<Value>, Problem> {
    let request: CsrfRequest = signed.json()?;
    let caller = api.caller(&signed, false).await?;
    check_csrf(&signed, "session", "", "logout", &request.csrf)?;
    let token = signed.request.bearer().unwrap_or_default();
    let ended = api
        .sessions
        .end(&caller.site.id, token, api.clock.now())
        .await;
    api.pages
        .forget_session(SessionKey::new(*caller.session.id().as_bytes()));
    let session = match ended {
        Ok(session) => session,
        // Somebody else ended it a moment ago: it is ended.
        Err(_) => return Ok(Json(json!({ "logout_url": null }))),
    };
    let actor = AuditActor::Session(
        api.pseudonyms
            .logboek(&caller.site.id, &session.identity().on_behalf_of),
    );
    let event = AuditEvent::SessionEnded {
        by: SessionEnd::Logout,
    };
    api.audit.note(Some(&caller.site.id), &actor, &event).await;
    let provider = api
        .logins
        .providers()
        .get(&caller.site.id, session.idp())
        .ok();
    let url = match provider {
        Some(provider) => match provider.end_session_url(&session).await {
            Ok(url) => url,
            Err(error) => {
                failed("logout", &error);
                None
            }
        },
        None => None,
    };
    Ok(Json(json!({ "logout_url": url.map(String::from) })))
}

/// `POST /v1/session/userdata`: the number of who is logged in, for forms of the site. The one route that gives a
/// number to WordPress: off unless the site's configuration has `feed_userdata`, and never that of somebody for whom
/// another acts. Each answer is in the audit log, and none is given that could not be written there.
pub async fn userdata(State(api): State<Api>, signed: Signed) -> Result<Json<Value>, Problem> {
    let caller = api.caller(&signed, false).await?;
    if !caller.site.feeds_userdata {
        return Err(Problem::scope().with("reason", "userdata_off"));
    }
    let identity = caller.session.identity();
    if identity.acts_for_another() {
        return Err(Problem::scope().with("reason", "acts_for_another"));
    }
    let answer = match &identity.on_behalf_of {
        Subject::Burger(bsn) => json!({
            "type": "burger", "bsn": bsn.expose(), "kvk": null, "rsin": null, "vestigingsnummer": null,
        }),
        Subject::Onderneming(company) => json!({
            "type": "onderneming",
            "bsn": null,
            "kvk": company.kvk().map(|kvk| kvk.expose()),
            "rsin": company.rsin().map(|rsin| rsin.expose()),
            "vestigingsnummer": company.vestiging.as_ref().map(|vestiging| vestiging.expose()),
        }),
        // A pseudonym is no number, and nobody else's business.
        Subject::Pseudoniem(_) => return Err(Problem::scope().with("reason", "no_number")),
    };
    let actor = AuditActor::Session(
        api.pseudonyms
            .logboek(&caller.site.id, &identity.on_behalf_of),
    );
    let event = AuditEvent::UserdataGiven {
        party: Party::from(&identity.on_behalf_of),
    };
    api.audit
        .append(Some(&caller.site.id), &actor, &event)
        .await
        .map_err(|error| Problem::unavailable(failed("audit", &error).as_str()))?;
    Ok(Json(answer))
}
