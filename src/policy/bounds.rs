//! The outer bounds of the configuration file, and how a policy is held within them.

use serde::{Deserialize, Serialize};

use super::{FieldError, Modules, Policy, RolSoort};
use crate::domain::{SourceName, Vertrouwelijkheid};

/// The most that any policy of this site may show. By default no more than the default policy shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Bounds {
    pub modules: Modules,
    pub zaak_vertrouwelijkheid: Vertrouwelijkheid,
    pub document_vertrouwelijkheid: Vertrouwelijkheid,
    pub rollen: Vec<RolSoort>,
    pub mandaten: MandaatBounds,
    /// The sources of the site: no other can be switched off.
    pub bronnen: Vec<SourceName>,
    /// Those that the configuration has switched off, whatever a policy says.
    pub bronnen_uit: Vec<SourceName>,
}

impl Default for Bounds {
    fn default() -> Self {
        let policy = Policy::default();
        Self {
            modules: policy.modules,
            zaak_vertrouwelijkheid: policy.zaak_vertrouwelijkheid,
            document_vertrouwelijkheid: policy.document_vertrouwelijkheid,
            rollen: policy.rollen,
            mandaten: MandaatBounds::default(),
            bronnen: Vec::new(),
            bronnen_uit: Vec::new(),
        }
    }
}

/// What somebody who acts for another may be shown at most. By default as little as the default policy does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MandaatBounds {
    pub bewind: bool,
    pub zonder_dienst: bool,
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
        for (path, on, most) in [
            (
                "mandaten.bewind",
                &mut policy.mandaten.bewind,
                bounds.mandaten.bewind,
            ),
            (
                "mandaten.zonder_dienst",
                &mut policy.mandaten.zonder_dienst,
                bounds.mandaten.zonder_dienst,
            ),
        ] {
            if *on && !most {
                wider.push(FieldError::new(path, "De configuratie staat dit niet toe."));
                *on = false;
            }
        }
        for (at, bron) in self.bronnen_uit.iter().enumerate() {
            if !bounds.bronnen.contains(bron) {
                wider.push(FieldError::new(
                    format!("bronnen_uit.{at}"),
                    "Deze bron staat niet in de configuratie.",
                ));
            }
        }
        policy
            .bronnen_uit
            .retain(|bron| bounds.bronnen.contains(bron));
        policy
            .bronnen_uit_door_configuratie
            .clone_from(&bounds.bronnen_uit);
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
    fn a_source_is_off_by_the_policy_or_by_the_configuration_and_a_strange_one_is_named() {
        let name = |name: &str| SourceName::parse(name).unwrap();
        let bounds = Bounds {
            bronnen: vec![name("zgw"), name("archief"), name("derde")],
            bronnen_uit: vec![name("archief")],
            ..Bounds::default()
        };
        let policy = Policy {
            bronnen_uit: vec![name("vreemd"), name("zgw")],
            ..Policy::default()
        };
        let narrowed = policy.narrowed(&bounds);
        assert_eq!(narrowed.wider.len(), 1);
        assert_eq!(narrowed.wider[0].path, "bronnen_uit.0");
        let off = |source: &str| narrowed.policy.source_is_off(&name(source));
        assert!(off("zgw") && off("archief") && !off("derde"));
        // What the configuration says does not become part of the document, else a save would keep it.
        assert_eq!(narrowed.policy.bronnen_uit, [name("zgw")]);
        let document = serde_json::to_string(&narrowed.policy).unwrap();
        assert!(!document.contains("archief"), "{document}");
        let on_again = Bounds {
            bronnen_uit: vec![],
            ..bounds
        };
        let narrowed = narrowed.policy.narrowed(&on_again);
        assert!(!narrowed.policy.source_is_off(&name("archief")));
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
    fn a_mandate_opens_no_more_than_the_configuration_allows() {
        let policy = Policy {
            mandaten: crate::policy::Mandaten {
                bewind: true,
                zonder_dienst: true,
                diensten: vec![],
            },
            ..Policy::default()
        };
        let narrowed = policy.narrowed(&Bounds::default());
        assert_eq!(narrowed.policy, Policy::default());
        let paths: Vec<_> = narrowed.wider.iter().map(|e| e.path.as_str()).collect();
        assert_eq!(paths, ["mandaten.bewind", "mandaten.zonder_dienst"]);
        let open = Bounds {
            mandaten: MandaatBounds {
                bewind: true,
                zonder_dienst: true,
            },
            ..Bounds::default()
        };
        assert_eq!(policy.narrowed(&open).policy, policy);
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
