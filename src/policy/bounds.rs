//! The outer bounds of the configuration file, and how a policy is held within them.

use serde::{Deserialize, Serialize};

use super::{FieldError, Modules, Policy, RolSoort};
use crate::domain::Vertrouwelijkheid;

/// The most that any policy of this site may show. By default no more than the default policy shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Bounds {
    pub modules: Modules,
    pub zaak_vertrouwelijkheid: Vertrouwelijkheid,
    pub document_vertrouwelijkheid: Vertrouwelijkheid,
    pub rollen: Vec<RolSoort>,
}

impl Default for Bounds {
    fn default() -> Self {
        let policy = Policy::default();
        Self {
            modules: policy.modules,
            zaak_vertrouwelijkheid: policy.zaak_vertrouwelijkheid,
            document_vertrouwelijkheid: policy.document_vertrouwelijkheid,
            rollen: policy.rollen,
        }
    }
}

impl Bounds {
    /// From the words of the configuration file. A word that is not known here allows nothing.
    pub fn of_words(
        modules: &[String],
        rollen: &[String],
        zaak_vertrouwelijkheid: Vertrouwelijkheid,
        document_vertrouwelijkheid: Vertrouwelijkheid,
    ) -> Self {
        let allowed = |list: &[String], word: &str| list.iter().any(|allowed| allowed == word);
        Self {
            modules: Modules {
                zaken: allowed(modules, "zaken"),
            },
            zaak_vertrouwelijkheid,
            document_vertrouwelijkheid,
            rollen: RolSoort::ALL
                .into_iter()
                .filter(|soort| allowed(rollen, soort.as_str()))
                .collect(),
        }
    }
}

/// A policy held within the bounds, and where it had to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Narrowed {
    pub policy: Policy,
    pub wider: Vec<FieldError>,
}

impl Policy {
    /// This policy, nowhere wider than the bounds.
    ///
    /// A rol that the bounds do not allow is left out, even when none remains: then nothing is shown.
    pub fn narrowed(&self, bounds: &Bounds) -> Narrowed {
        let mut policy = self.clone();
        let mut wider = Vec::new();
        let mut ceiling = |path: &str, level: &mut Vertrouwelijkheid, most: Vertrouwelijkheid| {
            if *level > most {
                wider.push(FieldError::new(
                    path,
                    format!(
                        "De configuratie staat hier ten hoogste ‘{}’ toe.",
                        most.as_str()
                    ),
                ));
                *level = most;
            }
        };
        ceiling(
            "zaak_vertrouwelijkheid",
            &mut policy.zaak_vertrouwelijkheid,
            bounds.zaak_vertrouwelijkheid,
        );
        ceiling(
            "document_vertrouwelijkheid",
            &mut policy.document_vertrouwelijkheid,
            bounds.document_vertrouwelijkheid,
        );
        for (at, soort) in self.rollen.iter().enumerate() {
            if !bounds.rollen.contains(soort) {
                wider.push(FieldError::new(
                    format!("rollen.{at}"),
                    format!(
                        "De configuratie staat de rol ‘{}’ niet toe.",
                        soort.as_str()
                    ),
                ));
            }
        }
        policy.rollen.retain(|soort| bounds.rollen.contains(soort));
        if policy.modules.zaken && !bounds.modules.zaken {
            wider.push(FieldError::new(
                "modules.zaken",
                "De configuratie heeft deze module uitgezet.",
            ));
            policy.modules.zaken = false;
        }
        Narrowed { policy, wider }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_policy_fits_the_default_bounds() {
        let narrowed = Policy::default().narrowed(&Bounds::default());
        assert_eq!(narrowed.policy, Policy::default());
        assert!(narrowed.wider.is_empty());
    }

    #[test]
    fn the_words_of_the_configuration_become_bounds() {
        let words = |list: &[&str]| list.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
        let level = Vertrouwelijkheid::Zaakvertrouwelijk;
        let bounds = Bounds::of_words(&words(&["zaken"]), &words(&["initiator"]), level, level);
        assert_eq!(bounds, Bounds::default());
        let bounds = Bounds::of_words(&[], &words(&["buurman", "gemachtigde"]), level, level);
        assert!(!bounds.modules.zaken);
        assert_eq!(bounds.rollen, [RolSoort::Gemachtigde]);
    }

    #[test]
    fn a_wider_policy_is_clamped_and_reported_per_field() {
        let policy = Policy {
            zaak_vertrouwelijkheid: Vertrouwelijkheid::Geheim,
            document_vertrouwelijkheid: Vertrouwelijkheid::Vertrouwelijk,
            rollen: vec![RolSoort::Initiator, RolSoort::Gemachtigde],
            ..Policy::default()
        };
        let narrowed = policy.narrowed(&Bounds::default());
        assert_eq!(narrowed.policy, Policy::default());
        let paths: Vec<_> = narrowed.wider.iter().map(|e| e.path.as_str()).collect();
        assert_eq!(
            paths,
            [
                "zaak_vertrouwelijkheid",
                "document_vertrouwelijkheid",
                "rollen.1"
            ]
        );
    }

    #[test]
    fn a_module_that_the_configuration_turned_off_stays_off() {
        let bounds = Bounds {
            modules: Modules { zaken: false },
            ..Bounds::default()
        };
        let narrowed = Policy::default().narrowed(&bounds);
        assert!(!narrowed.policy.modules.zaken);
        assert_eq!(narrowed.wider.len(), 1);
    }

    #[test]
    fn a_narrower_policy_stays_as_it_is() {
        let policy = Policy {
            zaak_vertrouwelijkheid: Vertrouwelijkheid::Openbaar,
            rollen: vec![],
            modules: Modules { zaken: false },
            ..Policy::default()
        };
        let narrowed = policy.narrowed(&Bounds::default());
        assert_eq!(narrowed.policy, policy);
        assert!(narrowed.wider.is_empty());
    }

    #[test]
    fn bounds_without_a_common_rol_leave_none() {
        let policy = Policy {
            rollen: vec![RolSoort::Gemachtigde],
            ..Policy::default()
        };
        assert!(policy.narrowed(&Bounds::default()).policy.rollen.is_empty());
    }
}
