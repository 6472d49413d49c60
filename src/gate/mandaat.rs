//! How far somebody who acts for another may look.

use super::{Reason, Viewer};
use crate::domain::{MandateKind, MandateScope};
use crate::policy::{DienstPolicy, Module, Policy};

/// What a login opens, before any object is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach<'p> {
    /// All that the party itself would see.
    Everything,
    /// The zaaktypen of these services only.
    Diensten(Vec<&'p DienstPolicy>),
    Nothing(Reason),
}

impl Viewer {
    /// Fails closed: a mandate opens what the policy says that its services open. A service that the policy
    /// does not name opens nothing, and neither does acting for another without any mandate.
    pub fn reach<'p>(&self, policy: &'p Policy) -> Reach<'p> {
        let rules = &policy.mandaten;
        let Some(mandate) = &self.mandate else {
            return if self.acts_for_another {
                Reach::Nothing(Reason::MandaatOntbreekt)
            } else {
                Reach::Everything
            };
        };
        let bewind = mandate.kind == MandateKind::Bewind;
        if bewind && !rules.bewind {
            return Reach::Nothing(Reason::MandaatBewind);
        }
        match &mandate.scope {
            MandateScope::Unclear => Reach::Nothing(Reason::MandaatOnduidelijk),
            MandateScope::Services(names) => {
                let diensten: Vec<_> = rules
                    .diensten
                    .iter()
                    .filter(|dienst| names.iter().any(|name| dienst.is(name)))
                    .collect();
                if diensten.is_empty() {
                    Reach::Nothing(Reason::MandaatDienstOnbekend)
                } else {
                    Reach::Diensten(diensten)
                }
            }
            // Bewind is over all that somebody has: it needs no service to say what it is for.
            MandateScope::Unstated if bewind || rules.zonder_dienst => Reach::Everything,
            MandateScope::Unstated => Reach::Nothing(Reason::MandaatZonderDienst),
        }
    }
}

impl<'p> Reach<'p> {
    /// Whether a module may be shown at all.
    pub fn module(&self, module: Module) -> Result<(), Reason> {
        match self {
            Self::Everything => Ok(()),
            Self::Nothing(reason) => Err(*reason),
            Self::Diensten(diensten) if diensten.iter().any(|d| d.modules.has(module)) => Ok(()),
            Self::Diensten(_) => Err(Reason::MandaatModule),
        }
    }

    /// Whether zaken of this zaaktype may be. Where the catalogue's domein is not known, only a rule for a
    /// source without catalogues can be meant.
    pub(in crate::gate) fn zaaktype(
        &self,
        domein: Option<&str>,
        identificatie: Option<&str>,
    ) -> Result<(), Reason> {
        match self {
            Self::Everything => Ok(()),
            Self::Nothing(reason) => Err(*reason),
            Self::Diensten(diensten) => diensten
                .iter()
                .filter(|dienst| dienst.modules.has(Module::Zaken))
                .any(|dienst| dienst.opens(domein, identificatie))
                .then_some(())
                .ok_or(Reason::Mandaat),
        }
    }

    /// Whether there may be more than this login may see.
    pub const fn is_limited(&self) -> bool {
        !matches!(self, Self::Everything)
    }

    /// What the services are called, for a page that says for what one acts.
    pub fn names(&self) -> impl Iterator<Item = &'p str> {
        let diensten = match self {
            Self::Diensten(diensten) => diensten.as_slice(),
            Self::Everything | Self::Nothing(_) => &[],
        };
        diensten
            .iter()
            .filter_map(|dienst| dienst.naam.as_deref())
            .collect::<Vec<_>>()
            .into_iter()
    }
}
