//! The evidence that something may be seen.

use super::Reason;

/// A value that the gate let through. It cannot be made outside `gate`, so an answer that asks for a
/// `Show<T>` cannot hold anything that was not judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Show<T>(T);

impl<T> Show<T> {
    pub(in crate::gate) const fn new(value: T) -> Self {
        Self(value)
    }

    pub const fn get(&self) -> &T {
        &self.0
    }

    pub fn into_inner(self) -> T {
        self.0
    }
}

/// What the gate decided. A hidden value is gone: it was moved in and does not come back.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a hidden object has a reason that must be counted"]
pub enum Verdict<T> {
    Show(Show<T>),
    Hide(Reason),
}

impl<T> Verdict<T> {
    pub const fn is_shown(&self) -> bool {
        matches!(self, Self::Show(_))
    }

    pub const fn reason(&self) -> Option<Reason> {
        match self {
            Self::Show(_) => None,
            Self::Hide(reason) => Some(*reason),
        }
    }

    /// The shown value; a hidden one is counted.
    pub fn or_count(self, hidden: &mut super::HiddenCounts) -> Option<Show<T>> {
        match self {
            Self::Show(shown) => Some(shown),
            Self::Hide(reason) => {
                hidden.add(reason);
                None
            }
        }
    }
}
