//! What is counted of a catalogue in memory, for metrics under the names of the site and
//! the source, which are the configuration's.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use metrics::{Counter, Label, SharedString};

use crate::domain::{SiteId, SourceName, Timestamp};

const READS: &str = "zijspan_catalogue_reads_total";
const REFRESHES: &str = "zijspan_catalogue_refreshes_total";
const EVICTIONS: &str = "zijspan_catalogue_evictions_total";

/// How a catalogue in memory is used.
#[cfg(test)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CatalogusUse {
    /// Lists and single types in memory.
    pub entries: usize,
    pub bytes: usize,
    pub max_bytes: usize,
    /// Questions answered from memory, with what is fresh or being refreshed.
    pub hits: u64,
    /// Questions that waited for the source.
    pub misses: u64,
    /// Times that the source gave anew what was known, or said that it still holds.
    pub refreshes: u64,
    /// Of those, the times that it said so with a 304.
    pub not_modified: u64,
    /// Times that the source gave nothing to use.
    pub failures: u64,
    /// What made room for something else before its time.
    pub evictions: u64,
}

/// Says what each metric is, to the recorder that is installed. Call it once, after installing one.
pub fn describe() {
    use metrics::describe_counter;
    describe_counter!(
        READS,
        "Looks in the catalogue: fresh or stale from memory, or asked of the source"
    );
    describe_counter!(
        REFRESHES,
        "Catalogue data asked again in the background: new, same (304) or failed"
    );
    describe_counter!(
        EVICTIONS,
        "Catalogue data that made room for other before its time"
    );
}

/// Made when first counted: at start there may be no recorder yet.
#[derive(Debug)]
struct Meters {
    fresh: Counter,
    stale: Counter,
    asked: Counter,
    new: Counter,
    same: Counter,
    failed: Counter,
    evictions: Counter,
}

/// The counts of one source, shared by all its shelves.
#[derive(Debug)]
pub(super) struct Counted {
    labels: Vec<Label>,
    meters: OnceLock<Meters>,
    hits: AtomicU64,
    misses: AtomicU64,
    refreshes: AtomicU64,
    not_modified: AtomicU64,
    failures: AtomicU64,
    evictions: AtomicU64,
    /// When was last said that a refresh failed, in milliseconds.
    warned: AtomicI64,
}

fn add(count: &AtomicU64, meter: &Counter, by: u64) {
    count.fetch_add(by, Ordering::Relaxed);
    meter.increment(by);
}

impl Counted {
    pub fn new(site: Option<&SiteId>, source: &SourceName) -> Self {
        let shared = |text: &str| SharedString::from_shared(Arc::from(text));
        let mut labels = vec![Label::new("source", shared(source.as_str()))];
        labels.extend(site.map(|site| Label::new("site", shared(site.as_str()))));
        Self {
            labels,
            meters: OnceLock::new(),
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
            refreshes: AtomicU64::new(0),
            not_modified: AtomicU64::new(0),
            failures: AtomicU64::new(0),
            evictions: AtomicU64::new(0),
            warned: AtomicI64::new(i64::MIN),
        }
    }

    fn meters(&self) -> &Meters {
        self.meters.get_or_init(|| {
            let with = |outcome: &'static str| {
                let outcome = Label::from_static_parts("outcome", outcome);
                let labels: Vec<_> = self.labels.iter().cloned().chain([outcome]).collect();
                labels
            };
            Meters {
                fresh: metrics::counter!(READS, with("fresh")),
                stale: metrics::counter!(READS, with("stale")),
                asked: metrics::counter!(READS, with("asked")),
                new: metrics::counter!(REFRESHES, with("new")),
                same: metrics::counter!(REFRESHES, with("same")),
                failed: metrics::counter!(REFRESHES, with("failed")),
                evictions: metrics::counter!(EVICTIONS, self.labels.clone()),
            }
        })
    }

    pub fn hit(&self, fresh: bool) {
        let meters = self.meters();
        let meter = if fresh { &meters.fresh } else { &meters.stale };
        add(&self.hits, meter, 1);
    }

    pub fn miss(&self) {
        add(&self.misses, &self.meters().asked, 1);
    }

    /// The source gave anew what was known already.
    pub fn refreshed(&self) {
        add(&self.refreshes, &self.meters().new, 1);
    }

    /// The source said that what is known still holds.
    pub fn not_modified(&self) {
        self.not_modified.fetch_add(1, Ordering::Relaxed);
        add(&self.refreshes, &self.meters().same, 1);
    }

    /// The source gave nothing to use. `behind`: nobody waited for it.
    pub fn failed(&self, behind: bool) {
        self.failures.fetch_add(1, Ordering::Relaxed);
        if behind {
            self.meters().failed.increment(1);
        }
    }

    pub fn evicted(&self, entries: usize) {
        let entries = u64::try_from(entries).unwrap_or(u64::MAX);
        add(&self.evictions, &self.meters().evictions, entries);
    }

    /// Whether it is time to warn again: a source that is down fails for every type that it has.
    pub fn may_warn(&self, now: Timestamp, every_secs: i64) -> bool {
        let last = self.warned.load(Ordering::Relaxed);
        let next = last.saturating_add(every_secs.saturating_mul(1000));
        let now = now.as_millis();
        (now >= next || now < last)
            && self
                .warned
                .compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
    }

    #[cfg(test)]
    pub fn usage(&self, held: &[Shelved]) -> CatalogusUse {
        let count = |of: &AtomicU64| of.load(Ordering::Relaxed);
        CatalogusUse {
            entries: held.iter().map(|shelf| shelf.entries).sum(),
            bytes: held.iter().map(|shelf| shelf.bytes).sum(),
            max_bytes: held.iter().map(|shelf| shelf.max_bytes).sum(),
            hits: count(&self.hits),
            misses: count(&self.misses),
            refreshes: count(&self.refreshes),
            not_modified: count(&self.not_modified),
            failures: count(&self.failures),
            evictions: count(&self.evictions),
        }
    }
}

/// What stands on one shelf.
#[cfg(test)]
#[derive(Debug, Clone, Copy)]
pub(super) struct Shelved {
    pub entries: usize,
    pub bytes: usize,
    pub max_bytes: usize,
}
