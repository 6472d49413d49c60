//! Whether a login gets into a module at all, before any source is asked.

use jiff::civil::Date;
use serde::Serialize;

use super::Viewing;
use super::part::Part;
use crate::domain::Identity;
use crate::gate::{Reason, Viewer};
use crate::policy::{Module, Policy};

/// By what right somebody acts for another, in words that a page can show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MandateView {
    pub kind: &'static str,
    /// There may be more than this mandate opens.
    pub limited: bool,
    /// What its services are called, where the policy gives them a name.
    pub services: Vec<String>,
}

impl MandateView {
    /// None for somebody who looks at their own.
    pub fn of(identity: &Identity, policy: &Policy, today: Date) -> Option<Self> {
        let mandate = identity.mandate.as_ref()?;
        let viewer = Viewer::of(identity, today);
        let reach = viewer.reach(policy);
        Some(Self {
            kind: mandate.kind.as_str(),
            limited: reach.is_limited(),
            services: reach.names().map(str::to_owned).collect(),
        })
    }
}

impl Viewing {
    /// The part that says why not, or none. In this order: a module that is off is off for everybody, and a
    /// higher login does not help where the mandate opens nothing.
    pub fn refusal(&self, module: Module) -> Option<Part> {
        if !self.policy.modules.has(module) {
            return Some(Part::denied("module_off"));
        }
        if !self.identity.on_behalf_of.can_be_asked_for() {
            return Some(Part::denied_for("party", Reason::Partij));
        }
        if let Err(reason) = self.viewer().reach(&self.policy).module(module) {
            return Some(Part::denied_for("mandate", reason));
        }
        match self.policy.niveaus.of(module) {
            Some(needed) if self.identity.loa < needed => Some(Part::needs_level(needed)),
            _ => None,
        }
    }
}
