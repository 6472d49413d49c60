//! How a party is known where its number has no business: in our audit log and in that of a source.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::domain::{SiteId, Subject, UserId};
use crate::logboek::Pseudonym;
use crate::store::shared::Vault;

/// Makes keyed pseudonyms, another for each site and purpose, so that two logs cannot be laid side by
/// side. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Pseudonyms(Arc<Vault>);

impl Pseudonyms {
    pub const fn new(vault: Arc<Vault>) -> Self {
        Self(vault)
    }

    fn mac(&self, purpose: &'static str, site: &SiteId, subject: &Subject) -> [u8; 32] {
        let binding = subject.binding();
        *self
            .0
            .index(purpose, &[site.as_str().as_bytes(), &binding])
            .as_bytes()
    }

    /// For our own audit log.
    pub fn logboek(&self, site: &SiteId, subject: &Subject) -> Pseudonym {
        Pseudonym::from_mac(&self.mac("logboek", site, subject))
    }

    /// For the `user_id` that ZGW sources write into theirs.
    pub fn user(&self, site: &SiteId, subject: &Subject) -> UserId {
        let mac = self.mac("zgw-user", site, subject);
        UserId::pseudonym(
            mac.iter()
                .take(16)
                .fold(String::with_capacity(32), |mut text, byte| {
                    // A String takes whatever is written to it.
                    let _ = write!(text, "{byte:02x}");
                    text
                }),
        )
    }
}
