//! Whose data it is, who logged in, and by what right one acts for the other.

use std::fmt;

use zeroize::Zeroize as _;

use super::{Bsn, KvkNummer, LevelOfAssurance, Rsin, Vestigingsnummer};

/// The party whose data is shown (`on_behalf_of`).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Subject {
    Burger(Bsn),
    Onderneming(Onderneming),
    /// Somebody whose number the provider does not tell, such as an eIDAS login that is not linked to a
    /// BSN. No source files anything under a pseudonym.
    Pseudoniem(Pseudoniem),
}

/// A company. `vestiging` is a *restriction*: when present, only that branch's data may be seen.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Onderneming {
    pub nummers: Bedrijfsnummers,
    pub vestiging: Option<Vestigingsnummer>,
}

/// By which numbers a company is known: at least one of the two.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Bedrijfsnummers {
    Kvk(KvkNummer),
    Rsin(Rsin),
    Beide { kvk: KvkNummer, rsin: Rsin },
}

impl Bedrijfsnummers {
    pub fn new(kvk: Option<KvkNummer>, rsin: Option<Rsin>) -> Option<Self> {
        match (kvk, rsin) {
            (Some(kvk), Some(rsin)) => Some(Self::Beide { kvk, rsin }),
            (Some(kvk), None) => Some(Self::Kvk(kvk)),
            (None, Some(rsin)) => Some(Self::Rsin(rsin)),
            (None, None) => None,
        }
    }

    pub const fn kvk(&self) -> Option<&KvkNummer> {
        match self {
            Self::Kvk(kvk) | Self::Beide { kvk, .. } => Some(kvk),
            Self::Rsin(_) => None,
        }
    }

    pub const fn rsin(&self) -> Option<&Rsin> {
        match self {
            Self::Rsin(rsin) | Self::Beide { rsin, .. } => Some(rsin),
            Self::Kvk(_) => None,
        }
    }

    /// Whether both may be the same company: no number of one is another of the other's, and at least one
    /// is the same.
    pub fn same_as(&self, other: &Self) -> bool {
        let agree = |equal: Option<bool>| equal != Some(false);
        let kvk = self.kvk().zip(other.kvk()).map(|(a, b)| a == b);
        let rsin = self.rsin().zip(other.rsin()).map(|(a, b)| a == b);
        agree(kvk) && agree(rsin) && (kvk.is_some() || rsin.is_some())
    }
}

impl Onderneming {
    pub const fn kvk(&self) -> Option<&KvkNummer> {
        self.nummers.kvk()
    }

    pub const fn rsin(&self) -> Option<&Rsin> {
        self.nummers.rsin()
    }
}

/// An opaque name that a provider gives somebody. It says nothing without that provider, and it is shown to
/// nobody.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Pseudoniem {
    uitgever: String,
    waarde: String,
}

impl Pseudoniem {
    /// The same text of another issuer is somebody else.
    pub fn new(uitgever: &str, waarde: &str) -> Self {
        Self {
            uitgever: uitgever.to_owned(),
            waarde: waarde.to_owned(),
        }
    }

    /// Issuer and text, only to seal them or to feed a keyed function.
    pub fn expose(&self) -> (&str, &str) {
        (&self.uitgever, &self.waarde)
    }
}

impl fmt::Debug for Pseudoniem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pseudoniem(***)")
    }
}

impl Drop for Pseudoniem {
    fn drop(&mut self) {
        self.waarde.zeroize();
    }
}

impl Subject {
    /// `burger`, `onderneming` or `pseudoniem`: what an answer may say about the kind of party.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Burger(_) => "burger",
            Self::Onderneming(_) => "onderneming",
            Self::Pseudoniem(_) => "pseudoniem",
        }
    }

    /// Whether any source can be asked about this party at all. A branch is proven by KvK-nummer and
    /// vestigingsnummer in one rol, so one that is known by RSIN only cannot be proven.
    pub const fn can_be_asked_for(&self) -> bool {
        match self {
            Self::Burger(_) => true,
            Self::Onderneming(company) => company.vestiging.is_none() || company.kvk().is_some(),
            Self::Pseudoniem(_) => false,
        }
    }

    /// Whether only one branch of a company may be seen.
    pub const fn is_branch(&self) -> bool {
        matches!(self, Self::Onderneming(company) if company.vestiging.is_some())
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
                // The KvK-nummer where there is one: an RSIN that comes beside it later is the same company.
                let (kind, number) = match &o.nummers {
                    Bedrijfsnummers::Kvk(kvk) | Bedrijfsnummers::Beide { kvk, .. } => {
                        (&b"kvk\0"[..], kvk.expose())
                    }
                    Bedrijfsnummers::Rsin(rsin) => (&b"rsin\0"[..], rsin.expose()),
                };
                out.extend_from_slice(kind);
                out.extend_from_slice(number.as_bytes());
                out.push(0);
                if let Some(vestiging) = &o.vestiging {
                    out.extend_from_slice(vestiging.expose().as_bytes());
                }
            }
            Self::Pseudoniem(pseudoniem) => {
                let (uitgever, waarde) = pseudoniem.expose();
                out.extend_from_slice(b"pseudoniem\0");
                out.extend_from_slice(&(uitgever.len() as u64).to_be_bytes());
                out.extend_from_slice(uitgever.as_bytes());
                out.extend_from_slice(waarde.as_bytes());
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
    /// Another person, for instance a gemachtigde.
    Burger(Bsn),
    /// Another company, for instance an intermediary or a bewindvoerder.
    Onderneming(Bedrijfsnummers),
    /// An employee, known only by an opaque pseudonym.
    Medewerker(Pseudoniem),
}

/// By what right the actor acts for the subject.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Mandate {
    pub kind: MandateKind,
    pub scope: MandateScope,
}

impl Mandate {
    /// The mandate between these two, as far as it goes.
    pub const fn between(actor: &Actor, subject: &Subject, scope: MandateScope) -> Self {
        Self {
            kind: MandateKind::between(actor, subject),
            scope,
        }
    }
}

/// What kind of right it is. No provider says so in words that all of them share; who stands on which side
/// does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MandateKind {
    /// A person gave it, as DigiD Machtigen has it.
    Machtiging,
    /// A company or its employee acts for a person: bewindvoering.
    Bewind,
    /// A company acts for a company: ketenmachtiging.
    Keten,
}

impl MandateKind {
    const fn between(actor: &Actor, subject: &Subject) -> Self {
        match (actor, subject) {
            (Actor::Onderneming(_) | Actor::Medewerker(_), Subject::Burger(_)) => Self::Bewind,
            (Actor::Onderneming(_) | Actor::Medewerker(_), Subject::Onderneming(_)) => Self::Keten,
            _ => Self::Machtiging,
        }
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Machtiging => "machtiging",
            Self::Bewind => "bewind",
            Self::Keten => "keten",
        }
    }
}

/// How far a mandate goes, as the provider states it. What that opens is for the policy to say.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum MandateScope {
    /// The provider names no service.
    Unstated,
    /// For the services of these names only.
    Services(Vec<String>),
    /// Something was stated that nobody wrote down the meaning of. It opens nothing.
    Unclear,
}

/// With what somebody proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Means {
    /// DigiD, eHerkenning, or what the provider does not say.
    #[default]
    National,
    /// A means of another European country.
    Eidas,
}

/// What a proven login says. Level and mandate are judged by the sidecar, never by WordPress.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub on_behalf_of: Subject,
    pub actor: Actor,
    pub mandate: Option<Mandate>,
    pub loa: LevelOfAssurance,
    pub means: Means,
    /// A name fit for "u bekijkt de gegevens van …"; never a number.
    pub label: Option<String>,
}

impl Identity {
    /// The kind of login, in the words of `kinds` of an identity provider: a person without a BSN logs in
    /// where persons do, and a bewindvoerder where companies do, though what is shown is a person's.
    pub const fn login_kind(&self) -> &'static str {
        match (&self.on_behalf_of, &self.mandate) {
            (_, Some(mandate)) if matches!(mandate.kind, MandateKind::Bewind) => "onderneming",
            (Subject::Burger(_) | Subject::Pseudoniem(_), _) => "burger",
            (Subject::Onderneming(_), _) => "onderneming",
        }
    }

    /// An employee acts for the own company, unless a mandate says that it is for another.
    pub const fn acts_for_another(&self) -> bool {
        !matches!(self.actor, Actor::Self_ | Actor::Medewerker(_)) || self.mandate.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn company(kvk: Option<&str>, rsin: Option<&str>, vestiging: Option<&str>) -> Subject {
        Subject::Onderneming(Onderneming {
            nummers: Bedrijfsnummers::new(
                kvk.map(|kvk| KvkNummer::parse(kvk).unwrap()),
                rsin.map(|rsin| Rsin::parse(rsin).unwrap()),
            )
            .unwrap(),
            vestiging: vestiging.map(|v| Vestigingsnummer::parse(v).unwrap()),
        })
    }

    #[test]
    fn a_branch_is_asked_for_by_kvk_or_not_at_all() {
        let (kvk, rsin, branch) = (Some("69599084"), Some("517439943"), Some("000037178598"));
        for (subject, can) in [
            (company(kvk, None, None), true),
            (company(None, rsin, None), true),
            (company(kvk, rsin, branch), true),
            (company(None, rsin, branch), false),
            (Subject::Pseudoniem(Pseudoniem::new("a", "b")), false),
        ] {
            assert_eq!(subject.can_be_asked_for(), can, "{subject:?}");
        }
    }

    #[test]
    fn no_two_parties_share_a_binding() {
        let pseudoniem = |uitgever, waarde| Subject::Pseudoniem(Pseudoniem::new(uitgever, waarde));
        let parties = [
            Subject::Burger(Bsn::parse("123456782").unwrap()),
            company(None, Some("123456782"), None),
            company(Some("12345678"), None, None),
            company(Some("12345678"), None, Some("000037178598")),
            company(None, Some("123456782"), Some("000037178598")),
            pseudoniem("a", "bc"),
            pseudoniem("ab", "c"),
        ];
        for (at, one) in parties.iter().enumerate() {
            for other in parties.iter().skip(at + 1) {
                assert_ne!(one.binding(), other.binding(), "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn a_pseudonym_does_not_print() {
        let printed = format!(
            "{:?}",
            Actor::Medewerker(Pseudoniem::new("iss", "f00d@cafe"))
        );
        assert!(
            !printed.contains("f00d") && !printed.contains("iss"),
            "{printed}"
        );
    }
}
