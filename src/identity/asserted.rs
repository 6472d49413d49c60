//! Mode `asserted`: WordPress states the number, for login plugins that have no token to show.
//!
//! This is the weakest mode: whoever runs code in WordPress can be anybody. So it is off unless configured,
//! needs a key of scope `assert`, has a level that the contract states, knows no mandates, and lets only so
//! many new people in per minute.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::claims::number;
use super::{IdentityError, ProvenLogin};
use crate::domain::{
    Actor, Bedrijfsnummers, Identity, LevelOfAssurance, Means, Onderneming, SiteId, Subject,
    Timestamp,
};
use crate::store::shared::{Digest, Vault};

/// What one site may state.
#[derive(Debug, Clone)]
pub struct AssertedSettings {
    pub bsn: bool,
    pub kvk: bool,
    /// The level that the contract with the site states. Never above [`AssertedSettings::CEILING`].
    pub loa: LevelOfAssurance,
    /// Different people and companies per minute.
    pub per_minute: usize,
}

impl AssertedSettings {
    /// Nothing that was only stated is as sure as what a provider signed.
    pub const CEILING: LevelOfAssurance = LevelOfAssurance::SUBSTANTIAL;
}

/// `iss` of such a login, so that it cannot be taken for one of a provider.
pub const ISSUER: &str = "urn:zijspan:asserted";

/// The sites that may state who somebody is.
#[derive(Debug)]
pub struct Asserted {
    sites: HashMap<SiteId, AssertedSettings>,
    vault: Arc<Vault>,
    recent: Mutex<HashMap<SiteId, VecDeque<(Timestamp, Digest)>>>,
}

impl Asserted {
    pub fn new(sites: HashMap<SiteId, AssertedSettings>, vault: Arc<Vault>) -> Self {
        Self {
            sites,
            vault,
            recent: Mutex::default(),
        }
    }

    /// The login of the person or company that the site states. That the key had scope `assert` was
    /// checked by the caller.
    pub fn assert(
        &self,
        site: &SiteId,
        subject_type: &str,
        subject: &str,
        now: Timestamp,
    ) -> Result<ProvenLogin, IdentityError> {
        let settings = self.sites.get(site).ok_or(IdentityError::ModeOff)?;
        let value = Value::from(subject);
        let on_behalf_of = match subject_type {
            // An eIDAS login of the facade has a BSN or nothing.
            "bsn" | "eidas" if settings.bsn => Subject::Burger(number::bsn(&value)?),
            "kvk" if settings.kvk => Subject::Onderneming(Onderneming {
                nummers: Bedrijfsnummers::Kvk(number::kvk(&value)?),
                vestiging: None,
            }),
            _ => return Err(IdentityError::AssertedKind),
        };
        let binding = on_behalf_of.binding();
        let who = self
            .vault
            .index("asserted", &[site.as_str().as_bytes(), &binding]);
        self.count(site, who, settings.per_minute, now)?;
        Ok(ProvenLogin {
            identity: Identity {
                on_behalf_of,
                actor: Actor::Self_,
                mandate: None,
                loa: settings.loa.min(AssertedSettings::CEILING),
                means: if subject_type == "eidas" {
                    Means::Eidas
                } else {
                    Means::National
                },
                label: None,
            },
            idp: "asserted".to_owned(),
            iss: ISSUER.to_owned(),
            sub: URL_SAFE_NO_PAD.encode(who.as_bytes()),
            sid: None,
            id_token: None,
            auth_time: None,
        })
    }

    /// Refuses one person too many in the last minute. Somebody who was counted is not counted again.
    fn count(
        &self,
        site: &SiteId,
        who: Digest,
        per_minute: usize,
        now: Timestamp,
    ) -> Result<(), IdentityError> {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = recent.entry(site.clone()).or_default();
        while seen.front().is_some_and(|(at, _)| at.plus_secs(60) <= now) {
            seen.pop_front();
        }
        if seen.iter().any(|(_, other)| *other == who) {
            return Ok(());
        }
        if seen.len() >= per_minute {
            return Err(IdentityError::AssertedRate);
        }
        seen.push_back((now, who));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T0: Timestamp = Timestamp::from_secs(1_800_000_000);

    fn site() -> SiteId {
        SiteId::parse("demo").unwrap()
    }

    fn asserted(loa: LevelOfAssurance) -> Asserted {
        let settings = AssertedSettings {
            bsn: true,
            kvk: false,
            loa,
            per_minute: 2,
        };
        let vault = Arc::new(Vault::ephemeral().unwrap());
        Asserted::new(HashMap::from([(site(), settings)]), vault)
    }

    #[test]
    fn it_is_off_for_other_sites_and_other_kinds() {
        let asserted = asserted(LevelOfAssurance::LOW);
        let reason =
            |site: &SiteId, kind: &str, number: &str| asserted.assert(site, kind, number, T0).err();
        let other = SiteId::parse("other").unwrap();
        assert_eq!(
            reason(&other, "bsn", "999990019"),
            Some(IdentityError::ModeOff)
        );
        assert_eq!(
            reason(&site(), "kvk", "69599084"),
            Some(IdentityError::AssertedKind)
        );
        assert_eq!(
            reason(&site(), "rsin", "111222333"),
            Some(IdentityError::AssertedKind)
        );
        assert_eq!(
            reason(&site(), "bsn", "123456789"),
            Some(IdentityError::Number)
        );
        assert_eq!(reason(&site(), "bsn", "999990019"), None);
    }

    #[test]
    fn the_level_is_capped_and_there_is_no_mandate() {
        let login = asserted(LevelOfAssurance::HIGH)
            .assert(&site(), "bsn", "999990019", T0)
            .unwrap();
        assert_eq!(login.identity.loa, AssertedSettings::CEILING);
        assert_eq!(
            (login.identity.actor, login.identity.mandate),
            (Actor::Self_, None)
        );
        assert!(!login.sub.contains("999990019"));
    }

    #[test]
    fn an_eidas_login_of_the_facade_is_the_same_person() {
        let login = |kind| {
            let asserted = asserted(LevelOfAssurance::LOW);
            asserted
                .assert(&site(), kind, "999990019", T0)
                .unwrap()
                .identity
        };
        let (national, eidas) = (login("bsn"), login("eidas"));
        assert_eq!(national.on_behalf_of, eidas.on_behalf_of);
        assert_eq!(
            (national.means, eidas.means),
            (Means::National, Means::Eidas)
        );
    }

    #[test]
    fn only_so_many_new_people_per_minute() {
        let asserted = asserted(LevelOfAssurance::LOW);
        let at = |secs, bsn: &str| {
            asserted
                .assert(&site(), "bsn", bsn, T0.plus_secs(secs))
                .err()
        };
        assert_eq!(at(0, "999990019"), None);
        assert_eq!(at(10, "123456782"), None);
        assert_eq!(at(20, "111222333"), Some(IdentityError::AssertedRate));
        assert_eq!(at(20, "999990019"), None);
        assert_eq!(at(60, "111222333"), None);
        assert_eq!(at(61, "999990019"), Some(IdentityError::AssertedRate));
    }
}
