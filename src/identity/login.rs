//! A login that was proven, on its way to become a session, and the form in which it is sealed.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::IdentityError;
use crate::domain::{
    Actor, Bedrijfsnummers, Bsn, Identity, KvkNummer, LevelOfAssurance, Mandate, MandateScope,
    Means, Onderneming, Pseudoniem, Rsin, Subject, Timestamp, Vestigingsnummer,
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
    mandate: Option<Scope>,
    loa: String,
    eidas: bool,
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
        kvk: Option<String>,
        rsin: Option<String>,
        vestiging: Option<String>,
    },
    #[serde(rename = "pseudoniem")]
    Pseudoniem { uitgever: String, waarde: String },
}

#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(rename_all = "snake_case")]
enum Scope {
    Unstated,
    Services(Vec<String>),
    Unclear,
}

impl Party {
    fn of_company(nummers: &Bedrijfsnummers, vestiging: Option<&Vestigingsnummer>) -> Self {
        Self::Kvk {
            kvk: nummers.kvk().map(|kvk| kvk.expose().to_owned()),
            rsin: nummers.rsin().map(|rsin| rsin.expose().to_owned()),
            vestiging: vestiging.map(|vestiging| vestiging.expose().to_owned()),
        }
    }

    fn of_pseudonym(pseudoniem: &Pseudoniem) -> Self {
        let (uitgever, waarde) = pseudoniem.expose();
        Self::Pseudoniem {
            uitgever: uitgever.to_owned(),
            waarde: waarde.to_owned(),
        }
    }

    fn read(&self) -> Option<Subject> {
        Some(match self {
            Self::Bsn(bsn) => Subject::Burger(Bsn::parse(bsn).ok()?),
            Self::Kvk {
                kvk,
                rsin,
                vestiging,
            } => {
                let kvk = kvk.as_deref().map(KvkNummer::parse);
                let rsin = rsin.as_deref().map(Rsin::parse);
                let vestiging = vestiging.as_deref().map(Vestigingsnummer::parse);
                Subject::Onderneming(Onderneming {
                    nummers: Bedrijfsnummers::new(kvk.transpose().ok()?, rsin.transpose().ok()?)?,
                    vestiging: vestiging.transpose().ok()?,
                })
            }
            Self::Pseudoniem { uitgever, waarde } => {
                Subject::Pseudoniem(Pseudoniem::new(uitgever, waarde))
            }
        })
    }
}

impl ProvenLogin {
    /// The bytes to seal.
    pub(crate) fn to_bytes(&self) -> Result<Zeroizing<Vec<u8>>, IdentityError> {
        let identity = &self.identity;
        let actor = match &identity.actor {
            Actor::Self_ => None,
            Actor::Burger(bsn) => Some(Party::Bsn(bsn.expose().to_owned())),
            Actor::Onderneming(nummers) => Some(Party::of_company(nummers, None)),
            Actor::Medewerker(name) => Some(Party::of_pseudonym(name)),
        };
        let subject = match &identity.on_behalf_of {
            Subject::Burger(bsn) => Party::Bsn(bsn.expose().to_owned()),
            Subject::Onderneming(o) => Party::of_company(&o.nummers, o.vestiging.as_ref()),
            Subject::Pseudoniem(name) => Party::of_pseudonym(name),
        };
        let content = Content {
            subject,
            actor,
            mandate: identity
                .mandate
                .as_ref()
                .map(|mandate| match &mandate.scope {
                    MandateScope::Unstated => Scope::Unstated,
                    MandateScope::Services(names) => Scope::Services(names.clone()),
                    MandateScope::Unclear => Scope::Unclear,
                }),
            eidas: identity.means == Means::Eidas,
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
        let subject = content.subject.read()?;
        let actor = match &content.actor {
            None => Actor::Self_,
            Some(party) => match party.read()? {
                Subject::Burger(bsn) => Actor::Burger(bsn),
                Subject::Onderneming(company) => Actor::Onderneming(company.nummers),
                Subject::Pseudoniem(name) => Actor::Medewerker(name),
            },
        };
        let scope = content.mandate.as_ref().map(|scope| match scope {
            Scope::Unstated => MandateScope::Unstated,
            Scope::Services(names) => MandateScope::Services(names.clone()),
            Scope::Unclear => MandateScope::Unclear,
        });
        Some(Self {
            identity: Identity {
                mandate: scope.map(|scope| Mandate::between(&actor, &subject, scope)),
                on_behalf_of: subject,
                actor,
                means: if content.eidas {
                    Means::Eidas
                } else {
                    Means::National
                },
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
                means: Means::Eidas,
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
        let kvk = || KvkNummer::parse("69599084").unwrap();
        let rsin = || Rsin::parse("111222333").unwrap();
        let company = |nummers, vestiging: Option<&str>| {
            Subject::Onderneming(Onderneming {
                nummers,
                vestiging: vestiging.map(|v| Vestigingsnummer::parse(v).unwrap()),
            })
        };
        let both = || Bedrijfsnummers::Beide {
            kvk: kvk(),
            rsin: rsin(),
        };
        let branch = || company(both(), Some("000037178598"));
        let whole = || company(Bedrijfsnummers::Rsin(rsin()), None);
        let name = |text| Pseudoniem::new("https://idp.example", text);
        let other = || Actor::Burger(Bsn::parse("123456782").unwrap());
        let intermediary = || Actor::Onderneming(Bedrijfsnummers::Rsin(rsin()));
        let employee = || Actor::Medewerker(name("p@q"));
        let services = || MandateScope::Services(vec!["u-1".to_owned(), "u-2".to_owned()]);
        let acting = |subject: Subject, actor: Actor, scope| {
            let mandate = Mandate::between(&actor, &subject, scope);
            login(subject, actor, Some(mandate))
        };
        for login in [
            login(burger(), Actor::Self_, None),
            login(branch(), Actor::Self_, None),
            login(whole(), employee(), None),
            login(Subject::Pseudoniem(name("x")), Actor::Self_, None),
            acting(burger(), other(), services()),
            acting(burger(), other(), MandateScope::Services(vec![])),
            acting(burger(), employee(), MandateScope::Unclear),
            acting(branch(), intermediary(), MandateScope::Unstated),
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
