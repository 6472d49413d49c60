//! Who looks, as far as the gate needs to know.

use jiff::civil::Date;

use crate::domain::{Identity, LevelOfAssurance, Mandate, Subject};

/// Who looks and on which day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// Whose data it is.
    pub subject: Subject,
    /// Whether somebody else logged in for the subject.
    pub acts_for_another: bool,
    pub mandate: Option<Mandate>,
    pub loa: LevelOfAssurance,
    /// The day in the Netherlands.
    pub today: Date,
}

impl Viewer {
    pub fn of(identity: &Identity, today: Date) -> Self {
        Self {
            subject: identity.on_behalf_of.clone(),
            acts_for_another: identity.acts_for_another(),
            mandate: identity.mandate.clone(),
            loa: identity.loa,
            today,
        }
    }
}
