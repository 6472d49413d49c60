//! Whose data it is, who logged in, and by what right one acts for the other.

use super::{Bsn, KvkNummer, LevelOfAssurance, Rsin, Vestigingsnummer};

/// The party whose data is shown (`on_behalf_of`).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Subject {
    Burger(Bsn),
    Onderneming(Onderneming),
}

/// A company. `vestiging` is a *restriction*: when present, only that branch's data may be seen.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Onderneming {
    pub kvk: KvkNummer,
    pub rsin: Option<Rsin>,
    pub vestiging: Option<Vestigingsnummer>,
}

impl Subject {
    /// `burger` or `onderneming`: what an answer may say about the kind of party.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Burger(_) => "burger",
            Self::Onderneming(_) => "onderneming",
        }
    }

    /// A byte string that is the same for the same party and differs between any two parties. It holds
    /// the identifier itself, so it may only be fed to a keyed function, never stored or logged.
    pub fn binding(&self) -> zeroize::Zeroizing<Vec<u8>> {
        let mut out = Vec::with_capacity(64);
        match self {
            Self::Burger(bsn) => {
                out.extend_from_slice(b"bsn\0");
                out.extend_from_slice(bsn.expose().as_bytes());
            }
            Self::Onderneming(o) => {
                out.extend_from_slice(b"kvk\0");
                out.extend_from_slice(o.kvk.expose().as_bytes());
                out.push(0);
                if let Some(vestiging) = &o.vestiging {
                    out.extend_from_slice(vestiging.expose().as_bytes());
                }
            }
        }
        zeroize::Zeroizing::new(out)
    }
}

/// Who logged in.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Actor {
    /// The party itself.
    Self_,
    /// Another person, for instance a gemachtigde or a bewindvoerder.
    Burger(Bsn),
    /// Another company, for instance an intermediary.
    Onderneming(KvkNummer),
    /// An employee, known only by an opaque pseudonym.
    Medewerker(String),
}

/// By what right the actor acts for the subject.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Mandate {
    /// Service that the mandate is limited to; `None` means the provider stated no limit.
    pub service: Option<String>,
}

/// What a proven login says. Level and mandate are judged by the sidecar, never by WordPress.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub on_behalf_of: Subject,
    pub actor: Actor,
    pub mandate: Option<Mandate>,
    pub loa: LevelOfAssurance,
    /// A name fit for "u bekijkt de gegevens van …"; never a number.
    pub label: Option<String>,
}

impl Identity {
    /// An employee acts for the own company, unless a mandate says that it is for another.
    pub const fn acts_for_another(&self) -> bool {
        !matches!(self.actor, Actor::Self_ | Actor::Medewerker(_)) || self.mandate.is_some()
    }
}
