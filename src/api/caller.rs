//! Signature and session make a caller: every personal read needs both.

use std::sync::Arc;

use super::problem::Problem;
use super::signed::Signed;
use super::state::{Api, Site, failed};
use crate::domain::{Identity, SiteId, Subject, today_in_nl};
use crate::identity::{Session, SessionError};
use crate::logboek::Pseudonym;
use crate::mijn::{SessionKey, Viewing};
use crate::signing::Scope;
use crate::upstream::zgw::UserId;

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

    /// How the audit log knows a party.
    pub fn pseudonym(&self, site: &SiteId, subject: &Subject) -> Pseudonym {
        let binding = subject.binding();
        let mac = self
            .vault
            .index("logboek", &[site.as_str().as_bytes(), &binding]);
        Pseudonym::from_mac(mac.as_bytes())
    }

    /// What the features need to know of the caller.
    pub fn viewing(&self, site: &Site, identity: &Identity, session: [u8; 32]) -> Viewing {
        let binding = identity.on_behalf_of.binding();
        let pseudonym = self
            .vault
            .index("zgw-user", &[site.id.as_str().as_bytes(), &binding]);
        let text: String = pseudonym
            .as_bytes()
            .iter()
            .take(16)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Viewing {
            identity: Arc::new(identity.clone()),
            policy: self.policies.policy(&site.id).unwrap_or_default(),
            handles: Arc::clone(&site.handles),
            user: UserId::pseudonym(text),
            today: today_in_nl(self.clock.now()),
            session: SessionKey(session),
        }
    }
}
