//! A login that was proven, on its way to become a session, and the form in which it is sealed.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::IdentityError;
use crate::domain::{
    Actor, Bsn, Identity, KvkNummer, LevelOfAssurance, Mandate, Onderneming, Rsin, Subject,
    Timestamp, Vestigingsnummer,
};

/// What a way of logging in has proven. [`super::Sessions::start`] makes a session of it.
#[derive(Clone)]
pub struct ProvenLogin {
    pub identity: Identity,
    /// The provider as the configuration calls it; `asserted` when WordPress stated the number.
    pub idp: String,
    pub iss: String,
    pub sub: String,
    pub sid: Option<String>,
    /// Kept only where the provider needs it to log out.
    pub id_token: Option<SecretString>,
    pub auth_time: Option<Timestamp>,
}

impl fmt::Debug for ProvenLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // `sub` may be a BSN and a label is a name: neither is for a log.
        f.debug_struct("ProvenLogin")
            .field("idp", &self.idp)
            .field("kind", &self.identity.on_behalf_of.kind())
            .field("loa", &self.identity.loa)
            .finish_non_exhaustive()
    }
}

/// The sealed form. The numbers are readable in it, so it is wiped as soon as it was used.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
struct Content {
    subject: Party,
    actor: Option<Party>,
    employee: Option<String>,
    mandate: Option<Service>,
    loa: String,
    label: Option<String>,
    idp: String,
    iss: String,
    sub: String,
    sid: Option<String>,
    id_token: Option<String>,
    auth_time: Option<i64>,
}

#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
enum Party {
    #[serde(rename = "bsn")]
    Bsn(String),
    #[serde(rename = "kvk")]
    Kvk {
        kvk: String,
        rsin: Option<String>,
        vestiging: Option<String>,
    },
}

#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
struct Service {
    service: Option<String>,
}

impl ProvenLogin {
    /// The bytes to seal.
    pub(crate) fn to_bytes(&self) -> Result<Zeroizing<Vec<u8>>, IdentityError> {
        let identity = &self.identity;
        let (actor, employee) = match &identity.actor {
            Actor::Self_ => (None, None),
            Actor::Burger(bsn) => (Some(Party::Bsn(bsn.expose().to_owned())), None),
            Actor::Onderneming(kvk) => {
                let kvk = kvk.expose().to_owned();
                let party = Party::Kvk {
                    kvk,
                    rsin: None,
                    vestiging: None,
                };
                (Some(party), None)
            }
            Actor::Medewerker(pseudonym) => (None, Some(pseudonym.clone())),
        };
        let subject = match &identity.on_behalf_of {
            Subject::Burger(bsn) => Party::Bsn(bsn.expose().to_owned()),
            Subject::Onderneming(o) => Party::Kvk {
                kvk: o.kvk.expose().to_owned(),
                rsin: o.rsin.as_ref().map(|rsin| rsin.expose().to_owned()),
                vestiging: o.vestiging.as_ref().map(|v| v.expose().to_owned()),
            },
        };
        let content = Content {
            subject,
            actor,
            employee,
            mandate: identity.mandate.as_ref().map(|mandate| Service {
                service: mandate.service.clone(),
            }),
            loa: identity.loa.to_string(),
            label: identity.label.clone(),
            idp: self.idp.clone(),
            iss: self.iss.clone(),
            sub: self.sub.clone(),
            sid: self.sid.clone(),
            id_token: self
                .id_token
                .as_ref()
                .map(|token| token.expose_secret().to_owned()),
            auth_time: self.auth_time.map(Timestamp::as_millis),
        };
        serde_json::to_vec(&content)
            .map(Zeroizing::new)
            .map_err(|_| IdentityError::Sealing)
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, IdentityError> {
        Self::read(bytes).ok_or(IdentityError::Sealing)
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let content: Content = serde_json::from_slice(bytes).ok()?;
        let subject = match &content.subject {
            Party::Bsn(bsn) => Subject::Burger(Bsn::parse(bsn).ok()?),
            Party::Kvk {
                kvk,
                rsin,
                vestiging,
            } => Subject::Onderneming(Onderneming {
                kvk: KvkNummer::parse(kvk).ok()?,
                rsin: match rsin {
                    Some(rsin) => Some(Rsin::parse(rsin).ok()?),
                    None => None,
                },
                vestiging: match vestiging {
                    Some(vestiging) => Some(Vestigingsnummer::parse(vestiging).ok()?),
                    None => None,
                },
            }),
        };
        let actor = match (&content.actor, &content.employee) {
            (None, None) => Actor::Self_,
            (None, Some(pseudonym)) => Actor::Medewerker(pseudonym.clone()),
            (Some(Party::Bsn(bsn)), None) => Actor::Burger(Bsn::parse(bsn).ok()?),
            (Some(Party::Kvk { kvk, .. }), None) => Actor::Onderneming(KvkNummer::parse(kvk).ok()?),
            (Some(_), Some(_)) => return None,
        };
        Some(Self {
            identity: Identity {
                on_behalf_of: subject,
                actor,
                mandate: content.mandate.as_ref().map(|mandate| Mandate {
                    service: mandate.service.clone(),
                }),
                loa: LevelOfAssurance::from_acr(Some(&content.loa)),
                label: content.label.clone(),
            },
            idp: content.idp.clone(),
            iss: content.iss.clone(),
            sub: content.sub.clone(),
            sid: content.sid.clone(),
            id_token: content.id_token.as_deref().map(SecretString::from),
            auth_time: content.auth_time.map(Timestamp::from_millis),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login(on_behalf_of: Subject, actor: Actor, mandate: Option<Mandate>) -> ProvenLogin {
        ProvenLogin {
            identity: Identity {
                on_behalf_of,
                actor,
                mandate,
                loa: LevelOfAssurance::SUBSTANTIAL,
                label: Some("M. Test".to_owned()),
            },
            idp: "digid".to_owned(),
            iss: "https://idp.example".to_owned(),
            sub: "999990019".to_owned(),
            sid: Some("s1".to_owned()),
            id_token: Some(SecretString::from("a.b.c")),
            auth_time: Some(Timestamp::from_secs(5)),
        }
    }

    #[test]
    fn every_kind_of_login_survives_sealing() {
        let burger = || Subject::Burger(Bsn::parse("999990019").unwrap());
        let company = Subject::Onderneming(Onderneming {
            kvk: KvkNummer::parse("69599084").unwrap(),
            rsin: Some(Rsin::parse("111222333").unwrap()),
            vestiging: Some(Vestigingsnummer::parse("000037178598").unwrap()),
        });
        let mandate = || {
            Some(Mandate {
                service: Some("service".to_owned()),
            })
        };
        let intermediary = Actor::Onderneming(KvkNummer::parse("12345678").unwrap());
        for login in [
            login(burger(), Actor::Self_, None),
            login(
                burger(),
                Actor::Burger(Bsn::parse("123456782").unwrap()),
                mandate(),
            ),
            login(
                company.clone(),
                intermediary,
                Some(Mandate { service: None }),
            ),
            login(company, Actor::Medewerker("p@q".to_owned()), None),
        ] {
            let read = ProvenLogin::from_bytes(&login.to_bytes().unwrap()).unwrap();
            assert_eq!(read.identity, login.identity);
            assert_eq!(
                (&read.idp, &read.iss, &read.sub),
                (&login.idp, &login.iss, &login.sub)
            );
            assert_eq!((&read.sid, read.auth_time), (&login.sid, login.auth_time));
            assert_eq!(read.id_token.unwrap().expose_secret(), "a.b.c");
        }
    }

    #[test]
    fn a_login_does_not_print_numbers_names_or_tokens() {
        let subject = Subject::Burger(Bsn::parse("999990019").unwrap());
        let printed = format!("{:?}", login(subject, Actor::Self_, None));
        for secret in ["999990019", "Test", "a.b.c"] {
            assert!(!printed.contains(secret), "{printed}");
        }
    }
}
