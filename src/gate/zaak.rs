//! Whether a zaak is shown to its subject.

use std::sync::Arc;

use super::{Reason, RolVerdict, Show, Verdict, Viewer, counts};
use crate::domain::zgw::{Rol, Zaak, Zaaktype};
use crate::domain::{LevelOfAssurance, RefMap, RefSet, ResourceRef, non_empty};
use crate::policy::{Deelzaken, Module, Policy, RolSoort};

/// A zaaktype with the domein of its catalogue, by which the policy names it.
#[derive(Debug, Clone, Copy)]
pub struct KnownZaaktype<'a> {
    pub zaaktype: &'a Zaaktype,
    pub domein: Option<&'a str>,
}

/// A zaak and by which of its subject's capacities it may be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownZaak {
    zaak: Arc<Zaak>,
    is_initiator: bool,
}

impl ShownZaak {
    pub fn zaak(&self) -> &Zaak {
        &self.zaak
    }

    /// Whether the subject is this zaak's initiator by a rol that counts.
    pub const fn is_initiator(&self) -> bool {
        self.is_initiator
    }

    pub fn into_zaak(self) -> Zaak {
        Arc::unwrap_or_clone(self.zaak)
    }
}

/// Judges a zaak by the rollen that name *it* as their zaak; others are passed over, so that nothing is
/// inherited from a hoofdzaak or deelzaak.
///
/// `zaaktype` is `None` when the catalogue has no such zaaktype. A catalogue that could not be asked is
/// the caller's to report; it must not be made to look like hidden zaken.
pub fn judge_zaak<'r>(
    zaak: impl Into<Arc<Zaak>>,
    zaaktype: Option<KnownZaaktype<'_>>,
    rollen: impl IntoIterator<Item = &'r Rol>,
    viewer: &Viewer,
    policy: &Policy,
) -> Verdict<ShownZaak> {
    let zaak = zaak.into();
    let decided = decide(&zaak, zaaktype, rollen, viewer, policy);
    verdict(zaak, decided)
}

fn verdict(zaak: Arc<Zaak>, decided: Result<Vec<RolSoort>, Reason>) -> Verdict<ShownZaak> {
    match decided {
        Ok(soorten) => Verdict::Show(Show::new(ShownZaak {
            zaak,
            is_initiator: soorten.contains(&RolSoort::Initiator),
        })),
        Err(reason) => Verdict::Hide(reason),
    }
}

/// The same, and the level at which a hidden zaak would be shown, where a higher login is all that it
/// takes: nobody is sent to log in again for what would stay hidden.
pub fn judge_zaak_and_level(
    zaak: impl Into<Arc<Zaak>>,
    zaaktype: Option<KnownZaaktype<'_>>,
    rollen: &[&Rol],
    viewer: &Viewer,
    policy: &Policy,
) -> (Verdict<ShownZaak>, Option<LevelOfAssurance>) {
    let zaak = zaak.into();
    let rollen = || rollen.iter().copied();
    let decided = decide(&zaak, zaaktype, rollen(), viewer, policy);
    let needs = match decided {
        Err(Reason::Niveau | Reason::RolNiveau) => {
            let higher = LevelOfAssurance::ALL
                .into_iter()
                .filter(|level| *level > viewer.loa);
            higher.into_iter().find(|loa| {
                let viewer = Viewer {
                    loa: *loa,
                    ..viewer.clone()
                };
                decide(&zaak, zaaktype, rollen(), &viewer, policy).is_ok()
            })
        }
        _ => None,
    };
    (verdict(zaak, decided), needs)
}

/// The capacities in which the zaak is shown, or why it is not.
fn decide<'r>(
    zaak: &Zaak,
    zaaktype: Option<KnownZaaktype<'_>>,
    rollen: impl IntoIterator<Item = &'r Rol>,
    viewer: &Viewer,
    policy: &Policy,
) -> Result<Vec<RolSoort>, Reason> {
    // The mandate comes first: of what lies outside it nothing is said, not even how it would be hidden.
    by_mandate(zaak, zaaktype, viewer, policy)?;
    let soorten = by_rollen(&zaak.id, rollen, viewer, policy)?;
    by_zaaktype(zaak, zaaktype, policy)?;
    by_level(zaak, policy)?;
    by_date(zaak, policy)?;
    // The level of the login comes last: only what a higher one would show is told to need it.
    by_login(zaaktype, viewer, policy)?;
    Ok(soorten)
}

/// The capacities in which the subject sees this zaak: at least one, or the reason why there is none.
fn by_rollen<'r>(
    zaak: &ResourceRef,
    rollen: impl IntoIterator<Item = &'r Rol>,
    viewer: &Viewer,
    policy: &Policy,
) -> Result<Vec<RolSoort>, Reason> {
    let mut soorten = Vec::new();
    let mut unprovable = false;
    let mut why = Reason::GeenRol;
    for rol in rollen {
        if rol.zaak.as_ref() != Some(zaak) {
            continue;
        }
        match counts(rol, viewer, policy) {
            RolVerdict::Counts(soort) => soorten.push(soort),
            RolVerdict::Unprovable => unprovable = true,
            // A reason that is about the subject's own rol says more than one about another's.
            RolVerdict::Not(reason) if !why.is_own() && (reason.is_own() || why < reason) => {
                why = reason;
            }
            RolVerdict::Not(_) => {}
        }
    }
    if !soorten.is_empty() {
        Ok(soorten)
    } else if unprovable {
        Err(Reason::RolOnbewijsbaar)
    } else {
        Err(why)
    }
}

/// The zaaktype, if it is the one of this zaak.
fn of_zaak<'k>(zaak: &Zaak, known: Option<KnownZaaktype<'k>>) -> Option<KnownZaaktype<'k>> {
    known.filter(|known| zaak.zaaktype.as_ref() == Some(&known.zaaktype.id))
}

fn by_mandate(
    zaak: &Zaak,
    known: Option<KnownZaaktype<'_>>,
    viewer: &Viewer,
    policy: &Policy,
) -> Result<(), Reason> {
    let known = of_zaak(zaak, known);
    let domein = known.and_then(|known| known.domein);
    let identificatie = known.and_then(|known| known.zaaktype.identificatie.as_deref());
    viewer.reach(policy).zaaktype(domein, identificatie)
}

fn by_login(
    known: Option<KnownZaaktype<'_>>,
    viewer: &Viewer,
    policy: &Policy,
) -> Result<(), Reason> {
    let of_zaaktype = known.and_then(|known| {
        let identificatie = known.zaaktype.identificatie.as_deref();
        policy.zaaktype(known.domein, identificatie).niveau()
    });
    match policy.niveaus.of(Module::Zaken).max(of_zaaktype) {
        Some(needed) if viewer.loa < needed => Err(Reason::Niveau),
        _ => Ok(()),
    }
}

fn by_zaaktype(
    zaak: &Zaak,
    known: Option<KnownZaaktype<'_>>,
    policy: &Policy,
) -> Result<(), Reason> {
    let known = of_zaak(zaak, known).ok_or(Reason::ZaaktypeOnbekend)?;
    let indicatie = non_empty(known.zaaktype.indicatie_intern_of_extern.as_deref());
    match indicatie.map(str::to_lowercase).as_deref() {
        Some("extern") => {}
        Some("intern") => return Err(Reason::ZaaktypeIntern),
        _ => return Err(Reason::ZaaktypeOnbekend),
    }
    let identificatie =
        non_empty(known.zaaktype.identificatie.as_deref()).ok_or(Reason::ZaaktypeOnbekend)?;
    if policy.zaaktype(known.domein, Some(identificatie)).tonen() {
        Ok(())
    } else {
        Err(Reason::ZaaktypeVerborgen)
    }
}

fn by_level(zaak: &Zaak, policy: &Policy) -> Result<(), Reason> {
    match zaak.vertrouwelijkheid {
        Some(level) if level <= policy.zaak_vertrouwelijkheid => Ok(()),
        Some(_) => Err(Reason::Vertrouwelijkheid),
        None => Err(Reason::VertrouwelijkheidOnbekend),
    }
}

fn by_date(zaak: &Zaak, policy: &Policy) -> Result<(), Reason> {
    let Some(from) = policy.zichtbaar_vanaf else {
        return Ok(());
    };
    match zaak.startdatum {
        Some(start) if start >= from => Ok(()),
        _ => Err(Reason::ZichtbaarVanaf),
    }
}

/// A zaak of the list with the deelzaken that stand under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folded {
    pub zaak: Show<ShownZaak>,
    pub deelzaken: Vec<Show<ShownZaak>>,
}

/// Puts deelzaken under their hoofdzaak where the policy says so. Every one of them was shown in its own
/// right; a deelzaak whose hoofdzaak is not shown stays in the list. The order is kept.
pub fn fold(zaken: Vec<Show<ShownZaak>>, policy: &Policy) -> Vec<Folded> {
    let hoofdzaak_of = |shown: &Show<ShownZaak>| shown.get().zaak().hoofdzaak.clone();
    let alone = |zaak| Folded {
        zaak,
        deelzaken: Vec::new(),
    };
    if policy.deelzaken != Deelzaken::Gevouwen
        || zaken
            .iter()
            .all(|zaak| zaak.get().zaak().hoofdzaak.is_none())
    {
        return zaken.into_iter().map(alone).collect();
    }
    let shown: RefSet = zaken.iter().map(|z| z.get().zaak().id.clone()).collect();
    let is_root = |zaak: &Show<ShownZaak>| hoofdzaak_of(zaak).is_none_or(|h| !shown.contains(&h));
    // Only a zaak that stands in the list itself can have others under it, so that a chain or a circle,
    // which no register should hold, makes nothing vanish.
    let roots: RefSet = zaken
        .iter()
        .filter(|zaak| is_root(zaak))
        .map(|zaak| zaak.get().zaak().id.clone())
        .collect();
    let (folded, listed): (Vec<_>, Vec<_>) = zaken
        .into_iter()
        .partition(|zaak| hoofdzaak_of(zaak).is_some_and(|hoofdzaak| roots.contains(&hoofdzaak)));
    let mut list: Vec<Folded> = listed.into_iter().map(alone).collect();
    let index: RefMap<usize> = list
        .iter()
        .enumerate()
        .map(|(at, entry)| (entry.zaak.get().zaak().id.clone(), at))
        .collect();
    for deelzaak in folded {
        let at = hoofdzaak_of(&deelzaak).and_then(|hoofdzaak| index.get(&hoofdzaak).copied());
        match at.and_then(|at| list.get_mut(at)) {
            Some(entry) => entry.deelzaken.push(deelzaak),
            // A root is always listed; should that ever fail, the zaak is listed rather than lost.
            None => list.push(alone(deelzaak)),
        }
    }
    list
}
