//! The zaaksystemen of the sandbox: one, or several per site, each with a world, an address and a client
//! of its own.

use super::zgw::{ApiClient, Zgw};

/// Sites that the sandbox can have sources for.
pub const MAX_SITES: usize = 2;
/// Sources that one site can have.
pub const MAX_SOURCES: usize = 8;

/// What faults, calls and paths call the sources of each site. The very first is called by its four APIs
/// and has no prefix.
const NAMES: [[&str; MAX_SOURCES]; MAX_SITES] = [
    [
        "zgw", "bron2", "bron3", "bron4", "bron5", "bron6", "bron7", "bron8",
    ],
    [
        "site2",
        "site2-bron2",
        "site2-bron3",
        "site2-bron4",
        "site2-bron5",
        "site2-bron6",
        "site2-bron7",
        "site2-bron8",
    ],
];

/// One source as a site is configured with it.
#[derive(Debug, Clone)]
pub struct Bron {
    /// 0 for the first site.
    pub site: usize,
    /// What the site calls it: `zgw`, `bron2`, …
    pub name: &'static str,
    /// What `/sandbox/faults` and `/sandbox/calls` call it.
    pub upstream: &'static str,
    /// The address below which its four APIs lie, without a trailing slash.
    pub url: String,
    /// Whose tokens it accepts. A source accepts no other source's.
    pub client: ApiClient,
}

/// The names of the sources: those of the first site first.
pub fn names(
    sites: usize,
    sources: usize,
) -> impl Iterator<Item = (usize, &'static str, &'static str)> {
    let own = NAMES.first().copied().unwrap_or_default();
    NAMES
        .into_iter()
        .enumerate()
        .take(sites)
        .flat_map(move |(site, upstreams)| {
            own.into_iter()
                .zip(upstreams)
                .take(sources)
                .map(move |(name, upstream)| (site, name, upstream))
        })
}

/// What a source answers with, below its prefix.
#[derive(Debug)]
pub struct Served {
    pub upstream: &'static str,
    pub zgw: Zgw,
}

/// The sources by the beginning of a path.
#[derive(Debug)]
pub struct Bronnen {
    first: Zgw,
    others: Vec<Served>,
}

impl Bronnen {
    pub const fn new(first: Zgw, others: Vec<Served>) -> Self {
        Self { first, others }
    }

    pub fn others(&self) -> impl Iterator<Item = &'static str> {
        self.others.iter().map(|served| served.upstream)
    }

    /// Which source a path is of, and the path as the source itself knows it. `None` as name for the first.
    pub fn of<'a>(&self, path: &'a str) -> (Option<&'static str>, &Zgw, &'a str) {
        let other = self.others.iter().find_map(|served| {
            let rest = path.strip_prefix('/')?.strip_prefix(served.upstream)?;
            rest.starts_with('/').then_some((served, rest))
        });
        match other {
            Some((served, rest)) => (Some(served.upstream), &served.zgw, rest),
            None => (None, &self.first, path),
        }
    }
}
