//! Which pages of a party's list are read, in which words, and how much of the list was then seen.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::{Value, json};

use super::Door;
use super::client::OwnRollen;
use super::list::LIST;
use super::model;
use super::query::{Asking, Horizon, OpenFilter, Seen, Want, ZakenQuery};
use crate::domain::zgw::{Rol, Zaak};
use crate::domain::{Proven, RefSet, ResourceRef, Subject};
use crate::upstream::http::{ErrorKind, UpstreamError};
use crate::upstream::zgw::json::Object;
use crate::upstream::zgw::{
    Asker, Component, Feature, ListMethod, Listing, Reach, RollenStrategy, Zgw,
};

/// A zaak of a list, with all its rollen where they were sent along.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    pub zaak: Arc<Zaak>,
    pub rollen: Option<Vec<Arc<Rol>>>,
}

impl Listed {
    /// Whether the rollen that were sent along say that the zaak is somebody else's.
    fn is_foreign(&self, party: &Subject) -> bool {
        self.rollen.as_ref().is_some_and(|rollen| {
            let rollen = OwnRollen::among(rollen.iter().cloned(), party);
            !rollen.by_url && Proven::zaak(Arc::clone(&self.zaak), &rollen.own).is_none()
        })
    }
}

/// A party's zaken before they are proven, each once.
#[derive(Debug)]
pub(super) struct Read {
    pub zaken: Vec<Listed>,
    pub horizon: Horizon,
    pub said: Option<u64>,
}

impl Read {
    /// Adds what a further list holds. A list that changed between two of its pages may hold a zaak twice.
    fn add(&mut self, more: Vec<Listed>) {
        let mut seen: RefSet = self
            .zaken
            .iter()
            .map(|listed| listed.zaak.id.clone())
            .collect();
        self.zaken.extend(
            more.into_iter()
                .filter(|listed| seen.insert(listed.zaak.id.clone())),
        );
    }

    /// The zaken before which there is surely none that was not read.
    fn settled(&self, open: bool) -> usize {
        let seen = if open {
            self.horizon.open
        } else {
            self.horizon.closed
        };
        self.zaken
            .iter()
            .filter(|listed| listed.zaak.is_open() == open && seen.holds(listed.zaak.startdatum))
            .count()
    }
}

/// One list as it was read.
struct Pages {
    listing: Listing<Listed>,
    seen: Seen,
}

impl Zgw {
    /// As much of the list as is wanted. What is looked for is asked for by itself only when the first page
    /// does not hold everything.
    pub(super) async fn read_zaken(
        &self,
        query: &ZakenQuery<'_>,
        door: &Door,
        asker: &Asker,
    ) -> Result<Read, UpstreamError> {
        let whole = Reach::pages(self.settings().max_pages);
        let enough = |enough| Reach {
            enough: Some(enough),
            ..whole
        };
        let open_filter = self.settings().open_filter;
        let first = match query.want {
            Want::Everything => whole,
            Want::Newest(n) => enough(n),
            // A source that ignores a second filter would answer with everybody's zaken.
            _ if !open_filter => whole,
            Want::OpenFirst(_) | Want::Open(_) | Want::Closed(_) => Reach::pages(1),
        };
        let pages = async |open, reach| {
            self.list_pages(query.subject, open, reach, door, asker)
                .await
        };
        let all = pages(OpenFilter::All, first).await?;
        let mut read = Read {
            zaken: Vec::new(),
            horizon: Horizon {
                open: all.seen,
                closed: all.seen,
            },
            said: all.listing.count,
        };
        read.add(all.listing.items);
        if all.seen == Seen::All || !open_filter {
            return Ok(read);
        }
        if let Want::OpenFirst(n) | Want::Open(n) = query.want {
            let open = pages(OpenFilter::Open, enough(n)).await?;
            read.horizon.open = read.horizon.open.or(open.seen);
            read.add(open.listing.items);
        }
        let closed = match query.want {
            Want::Closed(n) => Some(n),
            // Only a page that goes beyond the open zaken needs closed ones.
            Want::OpenFirst(n) if read.horizon.open == Seen::All => n
                .checked_sub(read.settled(true))
                .filter(|left| *left > read.settled(false)),
            _ => None,
        };
        if let Some(n) = closed {
            let closed = pages(OpenFilter::Closed, enough(n)).await?;
            read.horizon.closed = read.horizon.closed.or(closed.seen);
            read.add(closed.listing.items);
        }
        Ok(read)
    }

    async fn list_pages(
        &self,
        subject: &Subject,
        open: OpenFilter,
        reach: Reach,
        door: &Door,
        asker: &Asker,
    ) -> Result<Pages, UpstreamError> {
        let settings = self.settings();
        let whole = Reach::pages(settings.max_pages);
        let wanted = self.wanted();
        let mut asking = wanted;
        let mut reach = reach;
        loop {
            // In no order, the first of a list are not the newest.
            if !asking.ordering {
                reach = whole;
            }
            let answer = self
                .list_by(subject, open, reach, door, asker, asking)
                .await;
            match answer {
                Ok(listing) => {
                    let seen = seen(&listing);
                    if asking.ordering && seen == Seen::Some && reach != whole {
                        // A list that moved between two pages is in order all the same.
                        asking.ordering = in_order(&listing);
                        reach = whole;
                        continue;
                    }
                    // Only what was answered in simpler words was refused for its words.
                    asking
                        .given_up(wanted)
                        .for_each(|lacking| self.lacks(lacking));
                    return Ok(Pages { listing, seen });
                }
                Err(error) => match asking.simpler(wanted, &error) {
                    // Without expand there would be no rollen, and so no proof.
                    Some(simpler) if settings.rollen != RollenStrategy::Expand => {
                        asking = simpler;
                    }
                    _ => return Err(error),
                },
            }
        }
    }

    /// In the words that the source is known to understand.
    fn wanted(&self) -> Asking {
        let settings = self.settings();
        if settings.rollen == RollenStrategy::Expand {
            return Asking {
                method: settings.list_method,
                expand: settings.expand,
                ordering: settings.ordering,
            };
        }
        Asking {
            method: if self.may_have(Feature::ZakenZoek) {
                ListMethod::Zoek
            } else {
                ListMethod::Get
            },
            expand: self.may_have(Feature::Expand),
            ordering: self.may_have(Feature::Ordering),
        }
    }

    async fn list_by(
        &self,
        subject: &Subject,
        open: OpenFilter,
        reach: Reach,
        door: &Door,
        asker: &Asker,
        asking: Asking,
    ) -> Result<Listing<Listed>, UpstreamError> {
        let terms = list_terms(open, door, asking.ordering);
        let with_rollen = self.settings().rollen == RollenStrategy::Expand;
        let read = move |json: Object<'_>| {
            let zaak = Arc::new(model::zaak(json)?);
            let rollen = with_rollen.then(|| {
                let rollen = json.expanded_list("rollen").unwrap_or_default();
                let rollen = rollen.into_iter().map(model::rol);
                rollen.map(Arc::new).collect()
            });
            Some(Listed { zaak, rollen })
        };
        let party = subject.clone();
        let check = move |zgw: &Self, items: &[Option<Listed>]| {
            if items
                .iter()
                .flatten()
                .any(|listed| listed.is_foreign(&party))
            {
                return Err(zgw.error(LIST, ErrorKind::FilterIgnored));
            }
            Ok(())
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
                self.get_all(ask, reach, read, check).await?
            }
            ListMethod::Zoek => {
                let expand: &[&str] = match (with_rollen, asking.expand) {
                    (true, _) => &["status", "rollen"],
                    (false, true) => &["status"],
                    (false, false) => &[],
                };
                let body = search_body(&terms, expand);
                let ask = self.ask(LIST, Component::Zaken, "/zaken/_zoek", &[], asker);
                self.post_all(ask, &body, reach, read, check).await?
            }
        };
        let answered = !listing.items.is_empty();
        let zaken: Vec<Listed> = listing.items.into_iter().flatten().collect();
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

/// Whether the newest come first.
fn in_order(listing: &Listing<Listed>) -> bool {
    let days = listing.items.iter().map(|listed| listed.zaak.startdatum);
    days.is_sorted_by(|a, b| a >= b)
}

/// How much of a list was seen, by what was read of it. A search that does not know `ordering` ignores it
/// without a word: what it gives first is then no first page. And a source that puts zaken of one day in
/// another order for every page gives some twice, and others not at all.
fn seen(listing: &Listing<Listed>) -> Seen {
    let zaken = || listing.items.iter().map(|listed| &listed.zaak);
    let mut ids: HashSet<&ResourceRef, foldhash::fast::RandomState> = HashSet::default();
    if !zaken().all(|zaak| ids.insert(&zaak.id)) {
        return Seen::Some;
    }
    if !listing.truncated {
        return Seen::All;
    }
    if !in_order(listing) {
        return Seen::Some;
    }
    let last = zaken().next_back().and_then(|zaak| zaak.startdatum);
    last.map_or(Seen::Some, Seen::Until)
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
