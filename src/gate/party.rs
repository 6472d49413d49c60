//! Whether a betrokkene is the subject. The only place where identifiers are compared.

use crate::domain::zgw::{Betrokkene, Rol};
use crate::domain::{Onderneming, Subject};

/// How a betrokkene relates to the subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::gate) enum Party {
    Same,
    /// The subject's company, but not the branch that the login is restricted to.
    OtherVestiging,
    /// Somebody else, or something that carries no number of a person or company.
    Other,
    /// A person or company without a valid number.
    Nobody,
    /// Given by URL: nothing here says whose it is.
    ByUrl,
}

pub(in crate::gate) fn party(betrokkene: &Betrokkene, subject: &Subject) -> Party {
    match (betrokkene, subject) {
        (Betrokkene::Url(_), _) => Party::ByUrl,
        (Betrokkene::Onbekend, _) => Party::Nobody,
        (Betrokkene::Ander(_), _) => Party::Other,
        (Betrokkene::NatuurlijkPersoon { bsn }, Subject::Burger(own)) => match bsn {
            Some(bsn) if bsn == own => Party::Same,
            Some(_) => Party::Other,
            None => Party::Nobody,
        },
        (
            Betrokkene::NietNatuurlijkPersoon {
                kvk,
                rsin,
                vestiging,
            },
            Subject::Onderneming(own),
        ) => {
            // One number that is somebody else's outweighs any number that fits.
            let kvk = compare(kvk.as_ref(), own.kvk());
            let rsin = compare(rsin.as_ref(), own.rsin());
            match (kvk, rsin) {
                (Number::Other, _) | (_, Number::Other) => Party::Other,
                (Number::Same, _) => branch(vestiging.as_ref(), own),
                // KvK and vestiging must stand in the same rol, so an RSIN cannot prove a branch.
                (_, Number::Same) if own.vestiging.is_some() => Party::OtherVestiging,
                (_, Number::Same) => Party::Same,
                (Number::Absent, Number::Absent) => Party::Nobody,
                // A number that the login does not have: there is nothing to compare it with.
                (Number::Incomparable, _) | (_, Number::Incomparable) => Party::Other,
            }
        }
        (Betrokkene::Vestiging { kvk, vestiging }, Subject::Onderneming(own)) => {
            match compare(kvk.as_ref(), own.kvk()) {
                Number::Same => branch(vestiging.as_ref(), own),
                Number::Absent => Party::Nobody,
                Number::Other | Number::Incomparable => Party::Other,
            }
        }
        (Betrokkene::NatuurlijkPersoon { .. }, Subject::Onderneming(_))
        | (
            Betrokkene::NietNatuurlijkPersoon { .. } | Betrokkene::Vestiging { .. },
            Subject::Burger(_),
        )
        // Nothing is filed under a pseudonym.
        | (_, Subject::Pseudoniem(_)) => Party::Other,
    }
}

/// A number of a rol beside the same kind of number of the login.
enum Number {
    Same,
    Other,
    Absent,
    /// The rol has one, the login has none.
    Incomparable,
}

fn compare<T: PartialEq>(number: Option<&T>, own: Option<&T>) -> Number {
    match (number, own) {
        (None, _) => Number::Absent,
        (Some(_), None) => Number::Incomparable,
        (Some(number), Some(own)) if number == own => Number::Same,
        (Some(_), Some(_)) => Number::Other,
    }
}

/// The company is the subject's; is the branch? Without a restriction every branch is.
fn branch(vestiging: Option<&crate::domain::Vestigingsnummer>, own: &Onderneming) -> Party {
    match &own.vestiging {
        None => Party::Same,
        Some(own) if vestiging == Some(own) => Party::Same,
        Some(_) => Party::OtherVestiging,
    }
}

/// Whether a rol carries an identification that is present and is not the subject's.
///
/// Meant for answers that were filtered *on the subject*: there, one such rol proves that the filter
/// was ignored. Other branches of the subject's company are no others. A rol without any valid number,
/// by URL or of an employee proves nothing.
pub fn identifies_other(rol: &Rol, subject: &Subject) -> bool {
    match (&rol.betrokkene, subject) {
        (Betrokkene::Url(_) | Betrokkene::Ander(_) | Betrokkene::Onbekend, _) => false,
        (Betrokkene::NatuurlijkPersoon { bsn }, Subject::Burger(own)) => {
            bsn.as_ref().is_some_and(|bsn| bsn != own)
        }
        (Betrokkene::NatuurlijkPersoon { bsn }, Subject::Onderneming(_)) => bsn.is_some(),
        (
            Betrokkene::NietNatuurlijkPersoon {
                kvk,
                rsin,
                vestiging,
            },
            Subject::Burger(_),
        ) => kvk.is_some() || rsin.is_some() || vestiging.is_some(),
        (Betrokkene::Vestiging { kvk, vestiging }, Subject::Burger(_)) => {
            kvk.is_some() || vestiging.is_some()
        }
        (
            Betrokkene::NietNatuurlijkPersoon {
                kvk,
                rsin,
                vestiging,
            },
            Subject::Onderneming(own),
        ) => match (kvk, rsin) {
            (None, None) => other_branch_alone(vestiging.as_ref(), own),
            // The KvK-nummer says which company it is; the RSIN where there is none to compare.
            (Some(kvk), _) if own.kvk().is_some() => own.kvk() != Some(kvk),
            (_, rsin) => rsin.is_none() || own.rsin() != rsin.as_ref(),
        },
        (Betrokkene::Vestiging { kvk, vestiging }, Subject::Onderneming(own)) => match kvk {
            Some(kvk) => own.kvk() != Some(kvk),
            None => other_branch_alone(vestiging.as_ref(), own),
        },
        (
            Betrokkene::NatuurlijkPersoon { .. }
            | Betrokkene::NietNatuurlijkPersoon { .. }
            | Betrokkene::Vestiging { .. },
            Subject::Pseudoniem(_),
        ) => true,
    }
}

/// A vestigingsnummer without its company can only be the one that the answer was filtered on.
fn other_branch_alone(
    vestiging: Option<&crate::domain::Vestigingsnummer>,
    own: &Onderneming,
) -> bool {
    vestiging.is_some_and(|vestiging| own.vestiging.as_ref() != Some(vestiging))
}
