//! [`Proven`]: a value from an upstream whose owner was compared, not assumed from a filter.
//!
//! Servers exist that ignore a filter they do not know and answer with everybody's objects. An adapter
//! can therefore hand on only `Proven` values, and only the comparisons in this file make them.

use std::borrow::Borrow;

use super::zgw::{Betrokkene, Rol, Zaak};
use super::{ResourceRef, Subject};

/// A value that was compared with what was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven<T>(T);

impl<T> Proven<T> {
    /// A child counts only if its own parent field is the parent that was asked for.
    pub fn child(
        value: T,
        claimed_parent: Option<&ResourceRef>,
        parent: &ResourceRef,
    ) -> Option<Self> {
        (claimed_parent == Some(parent)).then_some(Self(value))
    }

    /// A single object, or a hit of a search by id, counts only if its own id was asked for.
    pub fn asked(value: T, claimed: Option<&ResourceRef>, asked: &[ResourceRef]) -> Option<Self> {
        claimed
            .is_some_and(|claimed| asked.contains(claimed))
            .then_some(Self(value))
    }

    /// A value counts for a party only if the party's own identifier stands in it.
    pub fn owned<O: PartialEq + ?Sized>(
        value: T,
        claimed_owner: Option<&O>,
        owner: &O,
    ) -> Option<Self> {
        (claimed_owner == Some(owner)).then_some(Self(value))
    }

    pub const fn get(&self) -> &T {
        &self.0
    }

    pub fn into_inner(self) -> T {
        self.0
    }

    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Proven<U> {
        Proven(f(self.0))
    }
}

impl<R: Borrow<Rol>> Proven<R> {
    /// A rol counts for a party only if the party's own number stands in it. Whether it then opens the zaak
    /// is for the gate; this says no more than whose it is.
    pub fn rol(value: R, subject: &Subject) -> Option<Self> {
        names(&value.borrow().betrokkene, subject).then_some(Self(value))
    }
}

impl<Z: Borrow<Zaak>> Proven<Z> {
    /// A zaak counts for a party only if one of the party's proven rollen is in that zaak.
    pub fn zaak(value: Z, rollen: &[Proven<impl Borrow<Rol>>]) -> Option<Self> {
        rollen
            .iter()
            .any(|rol| rol.0.borrow().zaak.as_ref() == Some(&value.borrow().id))
            .then_some(Self(value))
    }
}

/// Whose a rol is, seen from one party.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RolOwner {
    /// The party's own number stands in it.
    Own,
    /// Another person's or organisation's identification stands in it.
    Other,
    /// The person is given by URL only: it may be the party's, and nothing here can tell.
    ByUrl,
    /// No identification at all.
    Nobody,
}

impl RolOwner {
    pub fn of(rol: &Rol, subject: &Subject) -> Self {
        match &rol.betrokkene {
            betrokkene if names(betrokkene, subject) => Self::Own,
            Betrokkene::Url(_) => Self::ByUrl,
            Betrokkene::Onbekend => Self::Nobody,
            _ => Self::Other,
        }
    }
}

/// Whether a number is there and is the party's.
fn is<T: PartialEq>(number: Option<&T>, own: Option<&T>) -> bool {
    number.is_some() && number == own
}

/// Whether a betrokkene carries a number of this party. Numbers are compared as types, never as text.
fn names(betrokkene: &Betrokkene, subject: &Subject) -> bool {
    match (subject, betrokkene) {
        (Subject::Burger(own), Betrokkene::NatuurlijkPersoon { bsn }) => bsn.as_ref() == Some(own),
        (
            Subject::Onderneming(own),
            Betrokkene::NietNatuurlijkPersoon {
                kvk,
                rsin,
                vestiging,
            },
        ) => {
            is(kvk.as_ref(), own.kvk())
                || is(rsin.as_ref(), own.rsin())
                || (kvk.is_none() && own.vestiging.is_some() && *vestiging == own.vestiging)
        }
        (Subject::Onderneming(own), Betrokkene::Vestiging { kvk, vestiging }) => {
            is(kvk.as_ref(), own.kvk())
                || (kvk.is_none() && own.vestiging.is_some() && *vestiging == own.vestiging)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ResourceKind, SourceName};

    fn zaak(n: u128) -> ResourceRef {
        ResourceRef {
            source: SourceName::parse("zgw").unwrap(),
            kind: ResourceKind::Zaak,
            id: uuid::Uuid::from_u128(n),
        }
    }

    #[test]
    fn a_child_of_another_zaak_is_not_proven() {
        assert!(Proven::child("status", Some(&zaak(1)), &zaak(1)).is_some());
        assert!(Proven::child("status", Some(&zaak(2)), &zaak(1)).is_none());
        assert!(Proven::child("status", None, &zaak(1)).is_none());
    }

    #[test]
    fn a_hit_that_was_not_asked_for_is_not_proven() {
        assert!(Proven::asked("document", Some(&zaak(2)), &[zaak(1), zaak(2)]).is_some());
        assert!(Proven::asked("document", Some(&zaak(3)), &[zaak(1), zaak(2)]).is_none());
    }
}
