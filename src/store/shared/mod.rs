//! State that every instance of the sidecar must see: sessions and values that count once.
//!
//! What is put in here is sealed before it comes ([`Vault`]); this folder files it under digests and
//! forgets it in time. [`MemoryState`] is the default; a networked store implements the same trait.

mod memory;
mod vault;

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use crate::domain::{SiteId, Timestamp};

pub use memory::{MemoryLimits, MemoryState};
pub use vault::{SealError, ServerKey, Vault};

/// What a caller waits for.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, SharedError>> + Send + 'a>>;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SharedError {
    /// No room left. Nothing unexpired is ever thrown out to make room: that would let a value count twice.
    #[error("the shared state is full")]
    Full,
    #[error("the shared state does not answer")]
    Unavailable,
}

/// 32 bytes under which something is filed: a SHA-256 or an HMAC, never the value itself.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest([u8; 32]);

impl Digest {
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// SHA-256 over the parts, each preceded by its length so that no two lists look alike.
    pub fn of(parts: &[&[u8]]) -> Self {
        use sha2::Digest as _;
        let mut hash = sha2::Sha256::new();
        for part in parts {
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(part);
        }
        Self(hash.finalize().into())
    }

    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digest(…)")
    }
}

/// Kinds of values that count once. Each has its own room, so that one kind cannot crowd out another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OneTime {
    /// `state` of a login on its way.
    LoginState,
    /// What the browser brings back after a login.
    Handoff,
    /// A token of an identity provider that was used.
    TokenUse,
    /// The right to fetch one document.
    Ticket,
}

/// When a session is judged, and how long it may rest.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    pub now: Timestamp,
    pub idle_secs: i64,
}

/// A session as it is kept. Only what is needed to find and end it is readable.
#[derive(Debug, Clone)]
pub struct SessionRecord {
    /// SHA-256 of the token.
    pub key: Digest,
    pub site: SiteId,
    pub last_seen: Timestamp,
    pub absolute_end: Timestamp,
    /// Keyed digests by which sessions of one person, one login or one session id are found.
    pub indexes: Vec<Digest>,
    pub sealed: Vec<u8>,
}

impl SessionRecord {
    /// Whether the session may still be used.
    pub fn lives(&self, moment: Moment) -> bool {
        moment.now < self.absolute_end && moment.now < self.last_seen.plus_secs(moment.idle_secs)
    }
}

/// Which sessions to end at once.
#[derive(Debug, Clone)]
pub enum Which {
    /// Those of this site that are filed under any of these.
    Indexed(SiteId, Vec<Digest>),
    /// All of a site: "everyone out".
    Site(SiteId),
}

/// A new session, and how many its subject may have beside each other.
#[derive(Debug)]
pub struct NewRecord {
    pub record: SessionRecord,
    /// The digests (one per server key) under which sessions of the same subject are filed.
    pub same_subject: Vec<Digest>,
    /// How many of them may live, this one included; the oldest go first.
    pub at_most: usize,
    /// The session that this one takes the place of.
    pub replaces: Option<Digest>,
}

/// State shared by every instance. Each call is atomic: of callers at the same time, one wins.
pub trait SharedState: Send + Sync + fmt::Debug {
    /// Keeps `value` until `until`; false when there is one already.
    fn put_once(
        &self,
        kind: OneTime,
        key: Digest,
        value: Vec<u8>,
        until: Timestamp,
        now: Timestamp,
    ) -> Answer<'_, bool>;

    /// Takes the value out: one caller gets it, once.
    fn take(&self, kind: OneTime, key: Digest, now: Timestamp) -> Answer<'_, Option<Vec<u8>>>;

    /// Looks at the value and leaves it there.
    fn read(&self, kind: OneTime, key: Digest, now: Timestamp) -> Answer<'_, Option<Vec<u8>>>;

    fn put_session(&self, new: NewRecord, moment: Moment) -> Answer<'_, ()>;

    /// The session of this site under `key` if it still lives; `touch` makes `now` its last-seen.
    fn session<'a>(
        &'a self,
        site: &'a SiteId,
        key: Digest,
        touch: bool,
        moment: Moment,
    ) -> Answer<'a, Option<SessionRecord>>;

    /// Ends one session of this site and returns it if it still lived.
    fn end_session<'a>(
        &'a self,
        site: &'a SiteId,
        key: Digest,
        moment: Moment,
    ) -> Answer<'a, Option<SessionRecord>>;

    /// Ends several and says how many.
    fn end_sessions(&self, which: Which) -> Answer<'_, usize>;

    /// Whether a live session of this site is filed under `index`.
    fn has_session<'a>(
        &'a self,
        site: &'a SiteId,
        index: Digest,
        moment: Moment,
    ) -> Answer<'a, bool>;

    /// How many sessions of all sites are held, and how many fit. For a gauge, so not exact to the second.
    fn sessions_held(&self) -> Answer<'_, (usize, usize)>;

    /// Drops what has expired and gives its memory back.
    fn sweep(&self, moment: Moment) -> Answer<'_, ()>;
}
