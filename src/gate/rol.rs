//! Whether one rol gives its subject sight of a zaak. One rol must carry everything: a party that is the
//! subject, a role that counts, a validity that includes today, and a level that the session has.

use super::party::{Party, party};
use super::{Reason, Viewer};
use crate::domain::zgw::Rol;
use crate::domain::{LevelOfAssurance, non_empty};
use crate::policy::{Policy, RolSoort};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RolVerdict {
    /// This rol alone gives sight of its zaak, in this capacity.
    Counts(RolSoort),
    Not(Reason),
    /// The rol would count if the person behind its URL is the subject. Fetch that person at the source's
    /// `betrokkene_source`, put the number found in [`Rol::betrokkene`] and ask again.
    Unprovable,
}

/// Judges one rol. Whether it belongs to the zaak in hand is judged by [`super::judge_zaak`].
pub fn counts(rol: &Rol, viewer: &Viewer, policy: &Policy) -> RolVerdict {
    let by_url = match party(&rol.betrokkene, &viewer.subject) {
        Party::Same => false,
        Party::ByUrl => true,
        Party::Other => return RolVerdict::Not(Reason::RolAnder),
        Party::Nobody => return RolVerdict::Not(Reason::RolZonderNummer),
        Party::OtherVestiging => return RolVerdict::Not(Reason::Vestiging),
    };
    let verdict = soort(rol, viewer, policy)
        .and_then(|soort| valid_today(rol, viewer).map(|()| soort))
        .and_then(|soort| level(rol, viewer).map(|()| soort));
    match verdict {
        // Whose rol it is stays unknown, so neither is its reason theirs.
        Err(_) if by_url => RolVerdict::Not(Reason::RolAnder),
        Err(reason) => RolVerdict::Not(reason),
        Ok(_) if by_url => RolVerdict::Unprovable,
        Ok(soort) => RolVerdict::Counts(soort),
    }
}

/// In which capacity the rol stands, when that capacity gives sight.
///
/// `indicatieMachtiging` weighs more than the generic role: an initiator who is marked `gemachtigde`
/// applied for somebody else. Acting for another, it is the represented party's rol that counts, which
/// sources write as initiator, as belanghebbende, or as whatever is marked `machtiginggever`; a rol that
/// the represented party has as somebody's gemachtigde does not pass on to a third.
fn soort(rol: &Rol, viewer: &Viewer, policy: &Policy) -> Result<RolSoort, Reason> {
    let generiek = rol.generiek();
    let generiek = generiek.as_deref();
    let indicatie = non_empty(rol.indicatie_machtiging.as_deref()).map(str::to_lowercase);
    let soort = match (indicatie.as_deref(), generiek) {
        (Some("gemachtigde"), Some("initiator" | "belanghebbende" | "gemachtigde"))
        | (None, Some("gemachtigde")) => RolSoort::Gemachtigde,
        (None | Some("machtiginggever"), Some("initiator")) => RolSoort::Initiator,
        (None | Some("machtiginggever"), Some("belanghebbende")) => RolSoort::Belanghebbende,
        // Some forms write the represented party as mede_initiator.
        (Some("machtiginggever"), Some("mede_initiator")) if viewer.acts_for_another => {
            RolSoort::Belanghebbende
        }
        _ => return Err(Reason::RolSoort),
    };
    let gives_sight = match (viewer.acts_for_another, soort) {
        (true, RolSoort::Gemachtigde) => return Err(Reason::Mandaat),
        (true, RolSoort::Belanghebbende) => true,
        _ => policy.allows(soort),
    };
    if gives_sight {
        Ok(soort)
    } else {
        Err(Reason::RolSoort)
    }
}

/// The first and the last day of a validity belong to it.
fn valid_today(rol: &Rol, viewer: &Viewer) -> Result<(), Reason> {
    if rol
        .begin_geldigheid
        .is_some_and(|begin| viewer.today < begin)
    {
        return Err(Reason::RolNogNietGeldig);
    }
    if rol
        .einde_geldigheid
        .is_some_and(|einde| einde < viewer.today)
    {
        return Err(Reason::RolVerlopen);
    }
    Ok(())
}

/// A zaak that was applied for at a higher level is not shown at a lower one. A level that is not known
/// cannot be compared.
fn level(rol: &Rol, viewer: &Viewer) -> Result<(), Reason> {
    let Some(written) = rol.authenticatie_loa.as_deref() else {
        return Ok(());
    };
    match LevelOfAssurance::parse(written.trim()) {
        Some(needed) if needed <= viewer.loa => Ok(()),
        _ => Err(Reason::RolNiveau),
    }
}
