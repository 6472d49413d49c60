//! Signature and session make a caller: every personal read needs both.

use std::sync::Arc;

use super::problem::Problem;
use super::signed::Signed;
use super::state::{Api, Site, failed};
use crate::domain::{Asker, Doelbinding, Identity, SessionKey, today_in_nl};
use crate::identity::{Session, SessionError};
use crate::mijn::Viewing;
use crate::signing::Scope;

#[derive(Debug)]
pub struct Caller {
    pub site: Arc<Site>,
    pub session: Session,
}

impl Api {
    pub fn site_of(&self, signed: &Signed) -> Result<Arc<Site>, Problem> {
        // A key of the table always belongs to a configured site.
        self.sites
            .get(signed.request.site())
            .cloned()
            .ok_or_else(Problem::internal)
    }

    /// The person behind the request. `touch` when a person opened a page: it extends the idle time.
    pub async fn caller(&self, signed: &Signed, touch: bool) -> Result<Caller, Problem> {
        signed.require(Scope::Pages)?;
        let site = self.site_of(signed)?;
        let token = signed.request.bearer().ok_or_else(Problem::session)?;
        match self
            .sessions
            .open(&site.id, token, touch, self.clock.now())
            .await
        {
            Ok(session) => Ok(Caller { site, session }),
            Err(SessionError::Ended) => Err(Problem::session()),
            Err(error) => Err(Problem::unavailable(failed("session", &error).as_str())),
        }
    }

    /// What the features need to know of the caller.
    pub fn viewing(&self, site: &Site, identity: &Identity, session: [u8; 32]) -> Viewing {
        Viewing {
            identity: Arc::new(identity.clone()),
            policy: self.policies.policy(&site.id).unwrap_or_default(),
            handles: Arc::clone(&site.handles),
            asker: Asker::in_session(
                self.pseudonyms.user(&site.id, &identity.on_behalf_of),
                SessionKey::new(session),
                Doelbinding::zaken(),
            ),
            today: today_in_nl(self.clock.now()),
        }
    }
}
