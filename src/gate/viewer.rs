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

    /// Whether a mandate stands in the way. A policy has no mapping from a service to zaaktypen yet, so a
    /// mandate that is limited to one opens nothing, and neither does acting for another without any.
    pub(in crate::gate) fn mandate_blocks(&self) -> bool {
        match &self.mandate {
            Some(mandate) => mandate.service.is_some(),
            None => self.acts_for_another,
        }
    }
}
