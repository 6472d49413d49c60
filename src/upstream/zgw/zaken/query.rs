//! How a list of zaken is asked for, and what comes of it.

use std::sync::Arc;

use jiff::civil::Date;

use crate::domain::zgw::{Rol, Zaak};
use crate::domain::{Proven, Subject};
use crate::upstream::http::UpstreamError;
use crate::upstream::zgw::{Feature, ListMethod, is_not_offered};

/// Which zaken of a party are looked for, and how many of them are enough: counted from the start of the
/// list, with the newest first. There is no way to leave the party out.
#[derive(Debug, Clone)]
pub struct ZakenQuery<'a> {
    pub subject: &'a Subject,
    pub want: Want,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// All of them, up to the bound.
    Everything,
    /// Open and closed together.
    Newest(usize),
    /// Open zaken, then closed ones.
    OpenFirst(usize),
    Open(usize),
    Closed(usize),
}

/// Open, closed or both, as a source is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum OpenFilter {
    All,
    Open,
    Closed,
}

/// How much of a list was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// The end was reached.
    All,
    /// As far as this day, in the source's own order. Of the day itself there may be more.
    Until(Date),
    /// Some of it, in no order.
    Some,
}

impl Seen {
    /// Whether every zaak that stands before one of this day, newest first, was seen.
    pub fn holds(self, startdatum: Option<Date>) -> bool {
        match self {
            Self::All => true,
            Self::Until(day) => startdatum.is_some_and(|start| start >= day),
            Self::Some => false,
        }
    }

    /// What is seen through two doors together: as much as through the one that shows least.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::All, seen) | (seen, Self::All) => seen,
            (Self::Until(one), Self::Until(other)) => Self::Until(one.max(other)),
            (Self::Some, _) | (_, Self::Some) => Self::Some,
        }
    }

    /// What two readings of the same list show together.
    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::All, _) | (_, Self::All) => Self::All,
            (Self::Until(one), Self::Until(other)) => Self::Until(one.min(other)),
            (Self::Some, seen) | (seen, Self::Some) => seen,
        }
    }
}

/// How much was seen of the open zaken and of the closed ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Horizon {
    pub open: Seen,
    pub closed: Seen,
}

impl Horizon {
    pub const EVERYTHING: Self = Self {
        open: Seen::All,
        closed: Seen::All,
    };

    pub const fn is_everything(self) -> bool {
        matches!((self.open, self.closed), (Seen::All, Seen::All))
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self {
            open: self.open.and(other.open),
            closed: self.closed.and(other.closed),
        }
    }
}

/// A zaak with the party's own rollen in it.
pub type OwnZaak = (Proven<Arc<Zaak>>, Vec<Proven<Arc<Rol>>>);

/// The zaken of a party.
#[derive(Debug, Clone)]
pub struct ZakenOfParty {
    pub zaken: Vec<OwnZaak>,
    pub horizon: Horizon,
    /// How many zaken the source says the party has, proven or not; `None` where it does not say.
    pub said: Option<u64>,
    /// Zaken whose betrokkene is given by URL only: they may be the party's, and nothing can prove it.
    pub unprovable: usize,
    /// The source does not understand one of the questions by which a company's zaken are found; what the
    /// others found is here.
    pub refused: Option<UpstreamError>,
}

impl Default for ZakenOfParty {
    fn default() -> Self {
        Self {
            zaken: Vec::new(),
            horizon: Horizon::EVERYTHING,
            said: None,
            unprovable: 0,
            refused: None,
        }
    }
}

/// In which words a list of zaken is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Asking {
    pub method: ListMethod,
    pub expand: bool,
    pub ordering: bool,
}

impl Asking {
    /// A simpler question, where the answer says that the source does not offer this one. `wanted` is the
    /// first that was asked: of its two extras each is left out by itself before both are, so that what is
    /// remembered as missing is what was refused.
    pub(super) fn simpler(self, wanted: Self, error: &UpstreamError) -> Option<Self> {
        if self.method == ListMethod::Zoek && is_not_offered(error) {
            return Some(Self {
                method: ListMethod::Get,
                ..self
            });
        }
        if error.status != Some(400) {
            return None;
        }
        let with = |expand, ordering| {
            Some(Self {
                expand,
                ordering,
                ..self
            })
        };
        match (self.expand, self.ordering) {
            (true, ordering) if ordering == wanted.ordering => with(false, ordering),
            (false, true) if wanted.expand => with(true, false),
            (true, _) | (false, true) => with(false, false),
            (false, false) => None,
        }
    }

    /// What was wanted and is not asked for any more.
    pub(super) fn given_up(self, wanted: Self) -> impl Iterator<Item = Feature> {
        [
            (wanted.method != self.method).then_some(Feature::ZakenZoek),
            (wanted.expand && !self.expand).then_some(Feature::Expand),
            (wanted.ordering && !self.ordering).then_some(Feature::Ordering),
        ]
        .into_iter()
        .flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::SourceName;
    use crate::upstream::http::ErrorKind;

    /// What is asked in a row by a source that refuses what `offers` does not allow.
    fn asked(wanted: Asking, offers: impl Fn(Asking) -> Option<u16>) -> Vec<Asking> {
        let source = SourceName::parse("zgw").unwrap();
        let mut row = vec![wanted];
        let mut asking = wanted;
        while let Some(status) = offers(asking) {
            let error = UpstreamError {
                status: Some(status),
                ..UpstreamError::new(&source, "zaken.list", ErrorKind::Rejected)
            };
            match asking.simpler(wanted, &error) {
                Some(simpler) => asking = simpler,
                None => break,
            }
            row.push(asking);
        }
        row
    }

    const ALL: Asking = Asking {
        method: ListMethod::Zoek,
        expand: true,
        ordering: true,
    };

    #[test]
    fn only_what_is_refused_is_given_up() {
        type Lacks = fn(Asking) -> bool;
        let cases: [(Lacks, &[Feature]); 4] = [
            (|asking| asking.expand, &[Feature::Expand]),
            (|asking| asking.ordering, &[Feature::Ordering]),
            (
                |asking| asking.expand || asking.ordering,
                &[Feature::Expand, Feature::Ordering],
            ),
            (|_| false, &[]),
        ];
        for method in [ListMethod::Zoek, ListMethod::Get] {
            for (lacks, given_up) in &cases {
                let row = asked(Asking { method, ..ALL }, |asking| {
                    lacks(asking).then_some(400)
                });
                let last = row.last().unwrap();
                let features: Vec<_> = last.given_up(Asking { method, ..ALL }).collect();
                assert_eq!(features, *given_up, "{row:?}");
                assert!(row.len() <= 4, "{row:?}");
            }
        }
    }

    #[test]
    fn a_question_that_is_refused_in_every_form_is_not_asked_for_ever() {
        assert_eq!(asked(ALL, |_| Some(400)).len(), 4);
        assert_eq!(asked(ALL, |_| Some(404)).len(), 2);
        assert_eq!(asked(ALL, |_| Some(500)).len(), 1);
        let plain = Asking {
            expand: false,
            ordering: false,
            ..ALL
        };
        assert_eq!(asked(plain, |_| Some(400)).len(), 1);
    }

    #[test]
    fn without_zoek_the_rest_of_the_question_stays() {
        let row = asked(ALL, |asking| {
            (asking.method == ListMethod::Zoek).then_some(405)
        });
        let last = *row.last().unwrap();
        assert_eq!(
            last,
            Asking {
                method: ListMethod::Get,
                ..ALL
            }
        );
        assert_eq!(last.given_up(ALL).collect::<Vec<_>>(), [Feature::ZakenZoek]);
    }
}
