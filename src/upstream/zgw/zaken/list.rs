//! The list of a party's zaken, each proven by a rol before it leaves here.

use std::sync::Arc;

use futures_util::StreamExt as _;
use futures_util::future::{join_all, try_join};
use futures_util::stream;

use super::Door;
use super::client::{OwnRollen, ROLLEN};
use super::model;
use super::query::{ZakenOfParty, ZakenQuery};
use super::reading::{Listed, Read};
use crate::domain::zgw::{Rol, Zaak};
use crate::domain::{Proven, RefMap, RefSet, RolOwner, Subject};
use crate::upstream::http::{ErrorKind, UpstreamError};
use crate::upstream::zgw::call::AT_ONCE;
use crate::upstream::zgw::{Asker, Component, Feature, Reach, Zgw};

/// What the rollen of a zaak in a party's list say of it.
enum Match {
    Own(Proven<Arc<Zaak>>, Vec<Proven<Arc<Rol>>>),
    Unprovable,
    Foreign,
}

impl Match {
    fn of(zaak: Arc<Zaak>, rollen: OwnRollen) -> Self {
        match Proven::zaak(zaak, &rollen.own) {
            Some(zaak) => Self::Own(zaak, rollen.own),
            None if rollen.by_url => Self::Unprovable,
            None => Self::Foreign,
        }
    }
}

/// The party's rollen in all zaken.
struct RollenOfParty {
    own: Vec<Proven<Arc<Rol>>>,
    by_url: RefSet,
    truncated: bool,
}

pub(super) const LIST: &str = "zaken.list";

/// More zaken than this without a rol of the party mean that the filter was ignored; fewer may be new
/// since the rollen were read, and are asked about one by one.
const MAX_UNMATCHED: usize = 3;
/// The same where not all rollen could be read: a page of zaken.
const MAX_UNMATCHED_TRUNCATED: usize = 100;

impl Zgw {
    /// The party's zaken, through every door, each proven by a rol.
    pub async fn zaken_of(
        &self,
        query: &ZakenQuery<'_>,
        asker: &Asker,
    ) -> Result<ZakenOfParty, UpstreamError> {
        let answer = self.through_doors(query, asker).await;
        if let Err(error) = &answer
            && error.kind == ErrorKind::FilterIgnored
        {
            // Only the list and the rollen together show it, and both are remembered by then.
            self.distrust(asker);
        }
        answer
    }

    async fn through_doors(
        &self,
        query: &ZakenQuery<'_>,
        asker: &Asker,
    ) -> Result<ZakenOfParty, UpstreamError> {
        let doors = Door::of(query.subject, &self.settings().company_filters);
        if let [door] = doors.as_slice() {
            return self.through_door(query, door, asker).await;
        }
        let through = doors
            .iter()
            .map(|door| self.through_door(query, door, asker));
        let answers = join_all(through).await;
        let mut out = ZakenOfParty::default();
        let mut seen: RefMap<usize> = RefMap::default();
        let mut answered = false;
        for answer in answers {
            let answer = match answer {
                Ok(answer) => answer,
                // Filters on a KvK-nummer are Open Zaak's own; the standard has fewer.
                Err(error) if error.kind == ErrorKind::Rejected => {
                    out.refused.get_or_insert(error);
                    continue;
                }
                Err(error) => return Err(error),
            };
            answered = true;
            out.horizon = out.horizon.and(answer.horizon);
            // Through two doors the same zaak may come in twice: the larger number is at least right.
            out.said = out.said.max(answer.said);
            out.unprovable += answer.unprovable;
            for (zaak, rollen) in answer.zaken {
                match seen
                    .get(&zaak.get().id)
                    .and_then(|at| out.zaken.get_mut(*at))
                {
                    Some((_, known)) => {
                        for rol in rollen {
                            if !known.contains(&rol) {
                                known.push(rol);
                            }
                        }
                    }
                    None => {
                        seen.insert(zaak.get().id.clone(), out.zaken.len());
                        out.zaken.push((zaak, rollen));
                    }
                }
            }
        }
        match out.refused.take_if(|_| !answered) {
            Some(error) => Err(error),
            // Not one door: nobody was asked, which is not the same as having no zaken.
            None if !answered => Err(self.error(LIST, ErrorKind::Rejected)),
            None => Ok(out),
        }
    }

    async fn through_door(
        &self,
        query: &ZakenQuery<'_>,
        door: &Door,
        asker: &Asker,
    ) -> Result<ZakenOfParty, UpstreamError> {
        if !self.may_have(Feature::RollenByPerson) {
            let read = self.read_zaken(query, door, asker).await?;
            return self.prove_one_by_one(query.subject, read, asker).await;
        }
        let rollen = async {
            match self.rollen_of(query.subject, door, asker).await {
                Err(error) if error.status == Some(400) => Ok(None),
                answer => answer.map(Some),
            }
        };
        match try_join(self.read_zaken(query, door, asker), rollen).await? {
            (read, Some(rollen)) => self.match_up(query.subject, read, rollen, asker).await,
            (read, None) => {
                let out = self.prove_one_by_one(query.subject, read, asker).await?;
                // A number of a company may be unknown where a BSN is not.
                if matches!(query.subject, Subject::Burger(_)) {
                    self.lacks(Feature::RollenByPerson);
                }
                Ok(out)
            }
        }
    }

    /// Proves a list by the rollen that were sent along with each zaak, or are asked of each.
    async fn prove_one_by_one(
        &self,
        subject: &Subject,
        read: Read,
        asker: &Asker,
    ) -> Result<ZakenOfParty, UpstreamError> {
        let mut out = ZakenOfParty {
            horizon: read.horizon,
            said: read.said,
            ..ZakenOfParty::default()
        };
        let mut to_ask = Vec::new();
        for Listed { zaak, rollen } in read.zaken {
            match rollen {
                Some(rollen) => {
                    let rollen = OwnRollen::among(rollen, subject);
                    self.take(Match::of(zaak, rollen), &mut out)?;
                }
                None => to_ask.push(zaak),
            }
        }
        self.ask_one_by_one(subject, to_ask, asker, &mut out)
            .await?;
        Ok(out)
    }

    /// Proves zaken by the rollen of each. A zaak of somebody else means that the filter was ignored.
    async fn ask_one_by_one(
        &self,
        subject: &Subject,
        zaken: Vec<Arc<Zaak>>,
        asker: &Asker,
        out: &mut ZakenOfParty,
    ) -> Result<(), UpstreamError> {
        let questions: Vec<_> = zaken
            .into_iter()
            .map(|zaak| async move {
                let rollen = self.rollen_in(&zaak.id, asker).await?;
                let rollen = rollen.items.into_iter().map(Arc::new);
                Ok(Match::of(zaak, OwnRollen::among(rollen, subject)))
            })
            .collect();
        let mut answers = stream::iter(questions).buffered(AT_ONCE);
        while let Some(answer) = answers.next().await {
            self.take(answer?, out)?;
        }
        Ok(())
    }

    fn take(&self, found: Match, out: &mut ZakenOfParty) -> Result<(), UpstreamError> {
        match found {
            Match::Own(zaak, rollen) => out.zaken.push((zaak, rollen)),
            Match::Unprovable => out.unprovable += 1,
            Match::Foreign => return Err(self.error(LIST, ErrorKind::FilterIgnored)),
        }
        Ok(())
    }

    /// The party's rollen in all zaken. Anybody else's number in the answer means that the filter was
    /// ignored.
    async fn rollen_of(
        &self,
        subject: &Subject,
        door: &Door,
        asker: &Asker,
    ) -> Result<RollenOfParty, UpstreamError> {
        let terms = door.for_rollen();
        let params: Vec<(&str, &str)> = terms
            .iter()
            .map(|(k, v)| (k.as_str(), v.as_str()))
            .collect();
        let ask = self.ask(ROLLEN, Component::Zaken, "/rollen", &params, asker);
        let party = subject.clone();
        let check = move |zgw: &Self, items: &[Arc<Rol>]| {
            let foreign = |rol: &Arc<Rol>| RolOwner::of(rol, &party) == RolOwner::Other;
            if items.iter().any(foreign) {
                return Err(zgw.error(ROLLEN, ErrorKind::FilterIgnored));
            }
            Ok(())
        };
        let reach = Reach::pages(self.settings().max_pages);
        let listing = self
            .get_all(ask, reach, |json| Arc::new(model::rol(json)), check)
            .await?;
        let mut out = RollenOfParty {
            own: Vec::with_capacity(listing.items.len()),
            by_url: RefSet::default(),
            truncated: listing.truncated,
        };
        for rol in listing.items {
            if RolOwner::of(&rol, subject) == RolOwner::ByUrl {
                out.by_url.extend(rol.zaak.clone());
            } else if let Some(rol) = Proven::rol(rol, subject) {
                out.own.push(rol);
            }
        }
        Ok(out)
    }

    async fn match_up(
        &self,
        subject: &Subject,
        read: Read,
        rollen: RollenOfParty,
        asker: &Asker,
    ) -> Result<ZakenOfParty, UpstreamError> {
        let mut by_zaak: RefMap<Vec<Proven<Arc<Rol>>>> = RefMap::default();
        for rol in rollen.own {
            if let Some(zaak) = rol.get().zaak.clone() {
                by_zaak.entry(zaak).or_default().push(rol);
            }
        }
        let mut out = ZakenOfParty {
            zaken: Vec::with_capacity(read.zaken.len()),
            horizon: read.horizon,
            said: read.said,
            ..ZakenOfParty::default()
        };
        let mut unmatched = Vec::new();
        // Their betrokkene is given by URL, and there is a register that can say who it is.
        let mut to_fetch = Vec::new();
        for Listed { zaak, .. } in read.zaken {
            let own = by_zaak.remove(&zaak.id).unwrap_or_default();
            let by_url = rollen.by_url.contains(&zaak.id);
            if own.is_empty() && by_url && self.has(Component::Betrokkenen) {
                to_fetch.push(zaak);
                continue;
            }
            if own.is_empty() && !by_url {
                unmatched.push(zaak);
                continue;
            }
            self.take(Match::of(zaak, OwnRollen { own, by_url }), &mut out)?;
        }
        let limit = if rollen.truncated {
            MAX_UNMATCHED_TRUNCATED
        } else {
            MAX_UNMATCHED
        };
        if unmatched.len() > limit {
            return Err(self.error(LIST, ErrorKind::FilterIgnored));
        }
        unmatched.extend(to_fetch);
        self.ask_one_by_one(subject, unmatched, asker, &mut out)
            .await?;
        Ok(out)
    }
}
