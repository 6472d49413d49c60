//! What must outlive the process: the trait that every backend implements.
//!
//! The trait is asked through `Arc<dyn Durable>`, so that nothing above `store` knows which database it
//! is. `conformance.rs` holds what any backend must do.

use std::fmt;

use futures_util::future::BoxFuture;

use crate::domain::{SiteId, Timestamp};

/// An answer of a backend, some time later.
pub type Stored<'a, T> = BoxFuture<'a, Result<T, StoreError>>;

pub trait Durable: fmt::Debug + Send + Sync {
    /// The site's policy; `None` until the first is written.
    fn policy<'a>(&'a self, site: &'a SiteId) -> Stored<'a, Option<StoredPolicy>>;

    /// Writes a policy over version `expected` (0: there is none yet), whole or not at all.
    fn put_policy<'a>(
        &'a self,
        site: &'a SiteId,
        expected: u64,
        document: &'a str,
        at: Timestamp,
    ) -> Stored<'a, PolicyWrite>;

    fn append_audit<'a>(&'a self, row: &'a AuditRow) -> Stored<'a, ()>;

    /// The newest rows first, at most `limit`, before row `before` when paging.
    fn audit<'a>(
        &'a self,
        site: Option<&'a SiteId>,
        before: Option<i64>,
        limit: u32,
    ) -> Stored<'a, Vec<StoredAuditRow>>;

    /// Erases the rows whose time has come. How many there were.
    fn forget_audit(&self, now: Timestamp) -> Stored<'_, u64>;

    /// Whether the store answers and can be written to.
    fn check(&self) -> Stored<'_, ()>;

    /// Waits for what is being written, and lets go of the store.
    fn close(&self) -> BoxFuture<'_, ()>;
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPolicy {
    pub version: u64,
    pub document: String,
    pub changed_at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyWrite {
    Written {
        version: u64,
    },
    /// Somebody else wrote in between; `current` is the version that is there.
    Conflict {
        current: u64,
    },
}

/// One line of the audit log. Its texts come from the typed events of `logboek`, which have no place for
/// a person's data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    pub at: Timestamp,
    /// `None` for what concerns the whole process.
    pub site: Option<SiteId>,
    pub event: String,
    pub actor: String,
    /// JSON.
    pub detail: String,
    /// When the row is erased.
    pub forget_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAuditRow {
    /// Grows with every row; pages go by it.
    pub id: i64,
    pub row: AuditRow,
}

/// What kind of trouble a store has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreErrorKind {
    /// The file or server cannot be reached, opened or written.
    Unavailable,
    /// Others keep it busy; the same call may work in a moment.
    Busy,
    /// It answered with something that this version cannot read.
    Unreadable,
}

/// A store that failed. The message is the database's own, which never holds a value that was stored.
#[derive(Debug, thiserror::Error)]
#[error("store: {operation}: {message}")]
pub struct StoreError {
    pub operation: &'static str,
    pub kind: StoreErrorKind,
    pub message: String,
}

impl StoreError {
    pub const fn retry_may_help(&self) -> bool {
        matches!(self.kind, StoreErrorKind::Busy)
    }
}
