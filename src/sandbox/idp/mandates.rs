//! Who acts for another at the test provider: what a login can say beside "this is me".

use crate::sandbox::data::{Person, PersonNumber, fixed};

/// One login: whose data it is, and who logged in.
#[derive(Debug, Clone)]
pub struct Login {
    /// Opaque, and another at every client.
    pub sub: String,
    pub acr: String,
    pub party: PersonNumber,
    pub rsin: Option<String>,
    pub vestiging: Option<String>,
    pub actor: Actor,
    /// The service that a mandate is for.
    pub service: Option<&'static str>,
    pub name: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// The party itself; of a company, somebody who works there.
    Zelf,
    /// DigiD Machtigen.
    Gemachtigde(String),
    /// A company that acts for a person under bewind.
    Bewindvoerder { kvk: String },
    /// A company that acts for another company (ketenmachtiging).
    Intermediair { kvk: String },
}

/// A way to act for another, as the page offers it.
#[derive(Debug, Clone)]
pub struct Mandate {
    /// What the form sends: `gemachtigde`.
    pub choice: &'static str,
    pub name: &'static str,
    pub about: String,
    pub actor: Actor,
    pub party: PersonNumber,
    pub rsin: Option<String>,
    pub service: Option<&'static str>,
    pub party_name: String,
}

const SERVICE: &str = "9d2a1c7e-4f0b-4c1d-8a53-6b1f0e7d2c45";

/// All of them, in the order of the page.
pub fn all() -> Vec<Mandate> {
    let karel = || PersonNumber::Bsn(fixed::KAREL.bsn.to_owned());
    let office = || fixed::BEWIND_KVK.to_owned();
    vec![
        Mandate {
            choice: "gemachtigde",
            name: "Pieter Overduin",
            about: format!("gemachtigd door {}, voor één dienst", fixed::KAREL.naam()),
            actor: Actor::Gemachtigde(fixed::PIETER.bsn.to_owned()),
            party: karel(),
            rsin: None,
            service: Some(SERVICE),
            party_name: fixed::KAREL.naam(),
        },
        Mandate {
            choice: "bewindvoerder",
            name: fixed::BEWIND,
            about: format!("bewindvoerder van {}", fixed::KAREL.naam()),
            actor: Actor::Bewindvoerder { kvk: office() },
            party: karel(),
            rsin: None,
            service: None,
            party_name: fixed::KAREL.naam(),
        },
        Mandate {
            choice: "intermediair",
            name: "Bewindkantoor Waardzicht B.V. (ketenmachtiging)",
            about: format!("intermediair van {}", fixed::BAKKERIJ),
            actor: Actor::Intermediair { kvk: office() },
            party: PersonNumber::Kvk(fixed::BAKKERIJ_KVK.to_owned()),
            rsin: Some(fixed::BAKKERIJ_RSIN.to_owned()),
            service: Some(SERVICE),
            party_name: fixed::BAKKERIJ.to_owned(),
        },
    ]
}

impl Mandate {
    pub fn login(&self, sub: String, acr: &str) -> Login {
        Login {
            sub,
            acr: acr.to_owned(),
            party: self.party.clone(),
            rsin: self.rsin.clone(),
            vestiging: None,
            actor: self.actor.clone(),
            service: self.service,
            name: Some(self.party_name.clone()),
        }
    }

    /// Every number that a token of it would hold.
    pub fn numbers(&self) -> Vec<&str> {
        let actor = match &self.actor {
            Actor::Zelf => None,
            Actor::Gemachtigde(number) => Some(number),
            Actor::Bewindvoerder { kvk } | Actor::Intermediair { kvk } => Some(kvk),
        };
        let mut numbers = vec![self.party.as_str()];
        numbers.extend(actor.map(String::as_str));
        numbers.extend(self.rsin.as_deref());
        numbers
    }
}

/// The RSIN of a company that has one.
pub fn rsin(person: &Person) -> Option<String> {
    (person.number.as_str() == fixed::BAKKERIJ_KVK).then(|| fixed::BAKKERIJ_RSIN.to_owned())
}
