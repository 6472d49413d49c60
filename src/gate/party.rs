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
            let kvk_differs = kvk.as_ref().is_some_and(|kvk| *kvk != own.kvk);
            let rsin_differs = match (rsin, &own.rsin) {
                (Some(rsin), Some(own)) => rsin != own,
                _ => false,
            };
            if kvk_differs || rsin_differs {
                return Party::Other;
            }
            match (kvk, rsin) {
                (Some(_), _) => branch(vestiging.as_ref(), own),
                // An RSIN comes from the login; without it there is nothing to compare with.
                (None, Some(_)) if own.rsin.is_none() => Party::Other,
                // KvK and vestiging must stand in the same rol, so an RSIN cannot prove a branch.
                (None, Some(_)) if own.vestiging.is_some() => Party::OtherVestiging,
                (None, Some(_)) => Party::Same,
                (None, None) => Party::Nobody,
            }
        }
        (Betrokkene::Vestiging { kvk, vestiging }, Subject::Onderneming(own)) => match kvk {
            Some(kvk) if *kvk != own.kvk => Party::Other,
            Some(_) => branch(vestiging.as_ref(), own),
            None => Party::Nobody,
        },
        (Betrokkene::NatuurlijkPersoon { .. }, Subject::Onderneming(_))
        | (
            Betrokkene::NietNatuurlijkPersoon { .. } | Betrokkene::Vestiging { .. },
            Subject::Burger(_),
        ) => Party::Other,
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
            (Some(kvk), _) => *kvk != own.kvk,
            (None, Some(rsin)) => own.rsin.as_ref() != Some(rsin),
            (None, None) => other_branch_alone(vestiging.as_ref(), own),
        },
        (Betrokkene::Vestiging { kvk, vestiging }, Subject::Onderneming(own)) => match kvk {
            Some(kvk) => *kvk != own.kvk,
            None => other_branch_alone(vestiging.as_ref(), own),
        },
    }
}

/// A vestigingsnummer without its company can only be the one that the answer was filtered on.
fn other_branch_alone(
    vestiging: Option<&crate::domain::Vestigingsnummer>,
    own: &Onderneming,
) -> bool {
    vestiging.is_some_and(|vestiging| own.vestiging.as_ref() != Some(vestiging))
}
