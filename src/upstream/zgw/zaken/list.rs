//! The list of a party's zaken, each proven by a rol before it leaves here.

use std::collections::{HashMap, HashSet};

use futures_util::future::{join_all, try_join};
use serde_json::{Value, json};

use super::Door;
use super::client::{OwnRollen, ROLLEN};
use super::model;
use super::query::{Asking, OpenFilter, ZakenOfParty, ZakenQuery};
use crate::domain::zgw::{Rol, Zaak};
use crate::domain::{Proven, ResourceRef, RolOwner, Subject};
use crate::upstream::http::{ErrorKind, UpstreamError};
use crate::upstream::zgw::json::Object;
use crate::upstream::zgw::{Asker, Component, ListMethod, Listing, Reach, RollenStrategy, Zgw};

/// What the rollen of a zaak in a party's list say of it.
enum Match {
    Own(Box<(Proven<Zaak>, Vec<Proven<Rol>>)>),
    Unprovable,
    Foreign,
}

impl Match {
    fn of(zaak: Zaak, rollen: OwnRollen) -> Self {
        match Proven::<Zaak>::zaak(zaak, &rollen.own) {
            Some(zaak) => Self::Own(Box::new((zaak, rollen.own))),
            None if rollen.by_url => Self::Unprovable,
            None => Self::Foreign,
        }
    }
}

/// A party's zaken before they are proven, each once.
struct Listed {
    zaken: Vec<Zaak>,
    more: bool,
    more_wanted: bool,
}

/// The party's rollen in all zaken.
struct RollenOfParty {
    own: Vec<Proven<Rol>>,
    by_url: HashSet<ResourceRef>,
    truncated: bool,
}

const LIST: &str = "zaken.list";

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
        let answers = join_all(
            Door::of(query.subject)
                .into_iter()
                .map(|door| async move { self.through_door(query, &door, asker).await }),
        )
        .await;
        let mut out = ZakenOfParty::default();
        let mut seen: HashMap<ResourceRef, usize> = HashMap::new();
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
            out.more |= answer.more;
            out.more_wanted |= answer.more_wanted;
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
            None => Ok(out),
        }
    }

    async fn through_door(
        &self,
        query: &ZakenQuery<'_>,
        door: &Door,
        asker: &Asker,
    ) -> Result<ZakenOfParty, UpstreamError> {
        match self.settings().rollen {
            RollenStrategy::Expand => self.list_with_rollen(query, door, asker).await,
            RollenStrategy::ByPerson => {
                let (zaken, rollen) = try_join(
                    self.list_zaken(query, door, asker),
                    self.rollen_of(query.subject, door, asker),
                )
                .await?;
                self.match_up(query.subject, zaken, rollen, asker).await
            }
            RollenStrategy::PerZaak => {
                let zaken = self.list_zaken(query, door, asker).await?;
                let mut out = ZakenOfParty {
                    more: zaken.more,
                    more_wanted: zaken.more_wanted,
                    ..ZakenOfParty::default()
                };
                self.ask_one_by_one(query.subject, zaken.zaken, asker, &mut out)
                    .await?;
                Ok(out)
            }
        }
    }

    /// Proves zaken by the rollen of each. A zaak of somebody else means that the filter was ignored.
    async fn ask_one_by_one(
        &self,
        subject: &Subject,
        zaken: Vec<Zaak>,
        asker: &Asker,
        out: &mut ZakenOfParty,
    ) -> Result<(), UpstreamError> {
        let answers = join_all(zaken.into_iter().map(|zaak| async move {
            let rollen = self.rollen_in(&zaak.id, asker).await?;
            Ok(Match::of(zaak, OwnRollen::among(rollen.items, subject)))
        }))
        .await;
        for answer in answers {
            self.take(answer?, out)?;
        }
        Ok(())
    }

    fn take(&self, found: Match, out: &mut ZakenOfParty) -> Result<(), UpstreamError> {
        match found {
            Match::Own(pair) => out.zaken.push(*pair),
            Match::Unprovable => out.unprovable += 1,
            Match::Foreign => return Err(self.error(LIST, ErrorKind::FilterIgnored)),
        }
        Ok(())
    }

    fn list_terms(open: OpenFilter, door: &Door, ordering: bool) -> Vec<(String, String)> {
        let mut terms = door.for_zaken();
        if ordering {
            terms.push(("ordering".to_owned(), "-startdatum".to_owned()));
        }
        match open {
            OpenFilter::All => {}
            OpenFilter::Open => terms.push(("einddatum__isnull".to_owned(), "true".to_owned())),
            OpenFilter::Closed => terms.push(("einddatum__isnull".to_owned(), "false".to_owned())),
        }
        terms
    }

    /// The list, each zaak once. What is looked for is asked for by itself only when the first pages do not
    /// hold everything, while the rollen are still being read: that costs no round of its own.
    async fn list_zaken(
        &self,
        query: &ZakenQuery<'_>,
        door: &Door,
        asker: &Asker,
    ) -> Result<Listed, UpstreamError> {
        let all = self
            .list_pages(OpenFilter::All, query.first_reach(), door, asker)
            .await?;
        let mut out = Listed {
            zaken: all.items,
            more: all.truncated,
            more_wanted: all.truncated,
        };
        if out.more && query.open != OpenFilter::All {
            let wanted = self
                .list_pages(query.open, query.reach, door, asker)
                .await?;
            out.zaken.extend(wanted.items);
            out.more_wanted = wanted.truncated;
        }
        // A list that changed between two of its pages may hold a zaak twice too.
        let mut seen = HashSet::new();
        out.zaken.retain(|zaak| seen.insert(zaak.id.clone()));
        Ok(out)
    }

    async fn list_pages(
        &self,
        open: OpenFilter,
        reach: Reach,
        door: &Door,
        asker: &Asker,
    ) -> Result<Listing<Zaak>, UpstreamError> {
        let settings = self.settings();
        let mut asking = Asking {
            method: settings.list_method,
            expand: settings.expand,
            ordering: settings.ordering,
        };
        loop {
            let answer = self.list_by(open, reach, door, asker, asking).await;
            if asking.ordering
                && reach != Reach::pages(settings.max_pages)
                && let Ok(listing) = &answer
                && listing.truncated
                && !newest_first(listing.items.iter())
            {
                asking.ordering = false;
                continue;
            }
            let simpler = answer.as_ref().err().and_then(|error| {
                let simpler = asking.simpler(error)?;
                tracing::warn!(
                    %error, ?simpler,
                    "the source does not offer what its configuration says (list_method, expand, ordering); asking in simpler words"
                );
                Some(simpler)
            });
            match simpler {
                Some(simpler) => asking = simpler,
                None => return answer,
            }
        }
    }

    async fn list_by(
        &self,
        open: OpenFilter,
        reach: Reach,
        door: &Door,
        asker: &Asker,
        asking: Asking,
    ) -> Result<Listing<Zaak>, UpstreamError> {
        let terms = Self::list_terms(open, door, asking.ordering);
        let check = |_: &Self, _: &[Option<Zaak>]| Ok(());
        let reach = if asking.ordering {
            reach
        } else {
            // In no order, the first of a list are not the newest.
            Reach::pages(self.settings().max_pages)
        };
        let listing = match asking.method {
            ListMethod::Get => {
                let mut params: Vec<(&str, &str)> = terms
                    .iter()
                    .map(|(k, v)| (k.as_str(), v.as_str()))
                    .collect();
                if asking.expand {
                    params.push(("expand", "status"));
                }
                let ask = self.ask(LIST, Component::Zaken, "/zaken", &params, asker);
                self.get_all(ask, reach, model::zaak, check).await?
            }
            ListMethod::Zoek => {
                let expand: &[&str] = if asking.expand { &["status"] } else { &[] };
                let body = search_body(&terms, expand);
                let ask = self.ask(LIST, Component::Zaken, "/zaken/_zoek", &[], asker);
                self.post_all(ask, &body, reach, model::zaak, check).await?
            }
        };
        let answered = !listing.items.is_empty();
        let zaken: Vec<Zaak> = listing.items.into_iter().flatten().collect();
        if zaken.is_empty() && answered {
            // Not one has an address of this source: that is a wrong advertised_url, not an empty list.
            return Err(self.error(LIST, ErrorKind::Garbled));
        }
        Ok(Listing {
            items: zaken,
            truncated: listing.truncated,
            count: listing.count,
        })
    }

    /// `_zoek` with the rollen sent along: no number in any address.
    async fn list_with_rollen(
        &self,
        query: &ZakenQuery<'_>,
        door: &Door,
        asker: &Asker,
    ) -> Result<ZakenOfParty, UpstreamError> {
        let all = self
            .pages_with_rollen(
                query.subject,
                OpenFilter::All,
                query.first_reach(),
                door,
                asker,
            )
            .await?;
        let mut out = ZakenOfParty {
            more: all.truncated,
            more_wanted: all.truncated,
            ..ZakenOfParty::default()
        };
        let mut found = all.items;
        if out.more && query.open != OpenFilter::All {
            let wanted = self
                .pages_with_rollen(query.subject, query.open, query.reach, door, asker)
                .await?;
            let known: HashSet<ResourceRef> = found.iter().map(|(id, _)| id.clone()).collect();
            found.extend(
                wanted
                    .items
                    .into_iter()
                    .filter(|(id, _)| !known.contains(id)),
            );
            out.more_wanted = wanted.truncated;
        }
        for (_, found) in found {
            self.take(found, &mut out)?;
        }
        Ok(out)
    }

    async fn pages_with_rollen(
        &self,
        subject: &Subject,
        open: OpenFilter,
        reach: Reach,
        door: &Door,
        asker: &Asker,
    ) -> Result<Listing<(ResourceRef, Match)>, UpstreamError> {
        let whole = Reach::pages(self.settings().max_pages);
        if !self.settings().ordering {
            return self
                .search_with_rollen(subject, open, whole, door, asker)
                .await;
        }
        let begin = self
            .search_with_rollen(subject, open, reach, door, asker)
            .await?;
        let own = begin.items.iter().filter_map(|(_, found)| match found {
            Match::Own(pair) => Some(pair.0.get()),
            Match::Unprovable | Match::Foreign => None,
        });
        if begin.truncated && reach != whole && !newest_first(own) {
            return self
                .search_with_rollen(subject, open, whole, door, asker)
                .await;
        }
        Ok(begin)
    }

    async fn search_with_rollen(
        &self,
        subject: &Subject,
        open: OpenFilter,
        reach: Reach,
        door: &Door,
        asker: &Asker,
    ) -> Result<Listing<(ResourceRef, Match)>, UpstreamError> {
        let terms = Self::list_terms(open, door, self.settings().ordering);
        let body = search_body(&terms, &["status", "rollen"]);
        let read = |json: Object<'_>| {
            let zaak = model::zaak(json)?;
            let rollen = json.expanded_list("rollen").unwrap_or_default();
            let rollen: Vec<Rol> = rollen.into_iter().map(model::rol).collect();
            Some((zaak, rollen))
        };
        let party = subject.clone();
        let check = move |zgw: &Self, items: &[Option<(Zaak, Vec<Rol>)>]| {
            let foreign = items.iter().flatten().any(|(zaak, rollen)| {
                let own = OwnRollen::among(rollen.clone(), &party);
                matches!(Match::of(zaak.clone(), own), Match::Foreign)
            });
            if foreign {
                return Err(zgw.error(LIST, ErrorKind::FilterIgnored));
            }
            Ok(())
        };
        let ask = self.ask(LIST, Component::Zaken, "/zaken/_zoek", &[], asker);
        let listing = self.post_all(ask, &body, reach, read, check).await?;
        let answered = !listing.items.is_empty();
        let found: Vec<_> = listing
            .items
            .into_iter()
            .flatten()
            .map(|(zaak, rollen)| {
                let id = zaak.id.clone();
                (id, Match::of(zaak, OwnRollen::among(rollen, subject)))
            })
            .collect();
        if found.is_empty() && answered {
            return Err(self.error(LIST, ErrorKind::Garbled));
        }
        Ok(Listing {
            items: found,
            truncated: listing.truncated,
            count: listing.count,
        })
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
        let check = move |zgw: &Self, items: &[Rol]| {
            let foreign = |rol: &Rol| RolOwner::of(rol, &party) == RolOwner::Other;
            if items.iter().any(foreign) {
                return Err(zgw.error(ROLLEN, ErrorKind::FilterIgnored));
            }
            Ok(())
        };
        let max_pages = self.settings().max_pages;
        let listing = self.get_all(ask, max_pages, model::rol, check).await?;
        let mut out = RollenOfParty {
            own: Vec::with_capacity(listing.items.len()),
            by_url: HashSet::new(),
            truncated: listing.truncated,
        };
        for rol in listing.items {
            if RolOwner::of(&rol, subject) == RolOwner::ByUrl {
                out.by_url.extend(rol.zaak);
            } else if let Some(rol) = Proven::<Rol>::rol(rol, subject) {
                out.own.push(rol);
            }
        }
        Ok(out)
    }

    async fn match_up(
        &self,
        subject: &Subject,
        zaken: Listed,
        rollen: RollenOfParty,
        asker: &Asker,
    ) -> Result<ZakenOfParty, UpstreamError> {
        let mut by_zaak: HashMap<ResourceRef, Vec<Proven<Rol>>> = HashMap::new();
        for rol in rollen.own {
            if let Some(zaak) = rol.get().zaak.clone() {
                by_zaak.entry(zaak).or_default().push(rol);
            }
        }
        let mut out = ZakenOfParty {
            zaken: Vec::with_capacity(zaken.zaken.len()),
            more: zaken.more,
            more_wanted: zaken.more_wanted,
            ..ZakenOfParty::default()
        };
        let mut unmatched = Vec::new();
        // Their betrokkene is given by URL, and there is a register that can say who it is.
        let mut to_fetch = Vec::new();
        for zaak in zaken.zaken {
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

/// Whether the beginning of a list can be its newest zaken. A search that does not know `ordering` ignores
/// it without a word; what it gives first is then no first page.
fn newest_first<'a>(zaken: impl Iterator<Item = &'a Zaak>) -> bool {
    let in_order = zaken
        .map(|zaak| zaak.startdatum)
        .is_sorted_by(|a, b| a >= b);
    if !in_order {
        tracing::warn!(
            "a source ignores ordering, which its configuration says it offers; reading the whole list"
        );
    }
    in_order
}

fn search_body(terms: &[(String, String)], expand: &[&str]) -> Value {
    let mut body = serde_json::Map::new();
    for (name, value) in terms {
        let value = match value.as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            text => Value::String(text.to_owned()),
        };
        body.insert(name.clone(), value);
    }
    if !expand.is_empty() {
        body.insert("expand".to_owned(), json!(expand));
    }
    Value::Object(body)
}
