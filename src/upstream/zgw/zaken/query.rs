//! How a list of zaken is asked for, and what comes of it.

use crate::domain::zgw::{Rol, Zaak};
use crate::domain::{Proven, Subject};
use crate::upstream::http::UpstreamError;
use crate::upstream::zgw::{ListMethod, Reach, is_not_offered};

/// Open, closed or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OpenFilter {
    All,
    Open,
    Closed,
}

/// A list of zaken of a party. There is no way to leave the party out.
#[derive(Debug, Clone)]
pub struct ZakenQuery<'a> {
    pub subject: &'a Subject,
    /// The zaken that are looked for. The others come along as far as the first pages hold them; where
    /// these do not hold everything, the ones looked for are asked for by themselves as well.
    pub open: OpenFilter,
    /// How far the zaken looked for are read: a first page of a longer list is an answer too.
    pub reach: Reach,
    /// The same of open and closed together, where only one of them is looked for.
    pub reach_of_all: Reach,
}

impl ZakenQuery<'_> {
    pub(super) const fn first_reach(&self) -> Reach {
        match self.open {
            OpenFilter::All => self.reach,
            OpenFilter::Open | OpenFilter::Closed => self.reach_of_all,
        }
    }
}

/// The zaken of a party with the party's own rollen in each.
#[derive(Debug, Clone, Default)]
pub struct ZakenOfParty {
    pub zaken: Vec<(Proven<Zaak>, Vec<Proven<Rol>>)>,
    /// The source has more zaken than were read.
    pub more: bool,
    /// Among them may be some that were looked for.
    pub more_wanted: bool,
    /// Zaken whose betrokkene is given by URL only: they may be the party's, and nothing can prove it.
    pub unprovable: usize,
    /// The source does not understand one of the questions by which a company's zaken are found; what the
    /// others found is here.
    pub refused: Option<UpstreamError>,
}

/// In which words a list of zaken is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asking {
    pub method: ListMethod,
    pub expand: bool,
    pub ordering: bool,
}

impl Asking {
    /// A simpler question, where the answer says that the source does not offer this one. What the source
    /// offers is configured; a configuration that promises too much must cost a call, not the page.
    pub(super) fn simpler(self, error: &UpstreamError) -> Option<Self> {
        if self.method == ListMethod::Zoek && is_not_offered(error) {
            return Some(Self {
                method: ListMethod::Get,
                ..self
            });
        }
        if error.status != Some(400) {
            return None;
        }
        if self.expand {
            return Some(Self {
                expand: false,
                ..self
            });
        }
        self.ordering.then_some(Self {
            ordering: false,
            ..self
        })
    }
}
