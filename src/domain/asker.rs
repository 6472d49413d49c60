use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::UserId;

/// Tells one session from another without saying which: for what is remembered between two calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionKey([u8; 32]);

impl SessionKey {
    /// The bytes must be those of the session's id, which is a hash of its token.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// For what purpose a register is asked. What was given for one purpose is never served for another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Doelbinding(Arc<str>);

impl Doelbinding {
    /// To let residents follow their zaken.
    pub fn zaken() -> Self {
        Self::new("zaken")
    }

    pub fn new(text: &str) -> Self {
        Self(Arc::from(text))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// In whose name a source is asked, for what, and within which session its answer may be remembered.
///
/// Without a session nothing is remembered: an answer of a source cannot be filed under nobody.
#[derive(Debug, Clone)]
pub struct Asker {
    user: UserId,
    doelbinding: Doelbinding,
    session: Option<SessionKey>,
    /// Of the answers used so far, the age of the oldest in milliseconds.
    oldest: Arc<AtomicU64>,
}

impl Asker {
    /// Somebody who is logged in.
    pub fn in_session(user: UserId, session: SessionKey, doelbinding: Doelbinding) -> Self {
        Self {
            user,
            doelbinding,
            session: Some(session),
            oldest: Arc::default(),
        }
    }

    /// Nobody in particular: the catalogue, the health check, an operator's question.
    pub fn system() -> Self {
        Self {
            user: UserId::system(),
            doelbinding: Doelbinding::new("beheer"),
            session: None,
            oldest: Arc::default(),
        }
    }

    /// The same person, asking the source itself: nothing remembered is good enough.
    #[must_use]
    pub fn anew(&self) -> Self {
        Self {
            session: None,
            oldest: Arc::default(),
            ..self.clone()
        }
    }

    /// The same person, with the age of what is used counted from here.
    #[must_use]
    pub fn measured(&self) -> Self {
        Self {
            oldest: Arc::default(),
            ..self.clone()
        }
    }

    /// The same person in the same session, asking for another purpose: what was given for one is not found
    /// for the other.
    #[must_use]
    pub fn for_purpose(&self, doelbinding: Doelbinding) -> Self {
        Self {
            doelbinding,
            ..self.clone()
        }
    }

    pub const fn user(&self) -> &UserId {
        &self.user
    }

    pub const fn doelbinding(&self) -> &Doelbinding {
        &self.doelbinding
    }

    pub const fn session(&self) -> Option<SessionKey> {
        self.session
    }

    /// An answer of this age was used.
    pub fn used(&self, age: Duration) {
        let age = u64::try_from(age.as_millis()).unwrap_or(u64::MAX);
        self.oldest.fetch_max(age, Ordering::Relaxed);
    }

    /// The age in milliseconds of the oldest answer that was used.
    pub fn oldest_ms(&self) -> u64 {
        self.oldest.load(Ordering::Relaxed)
    }
}
