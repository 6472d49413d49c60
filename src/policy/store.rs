//! The policies of all sites: kept in the durable store, held in memory for the pages.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use serde::Serialize;
use serde_json::Value;

use super::{Bounds, FieldError, Policy};
use crate::domain::{SiteId, Timestamp};
use crate::store::durable::{Durable, PolicyWrite, StoreError, StoredPolicy};

/// A site's policy as pages use it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Current {
    /// 0 until the first policy is written: then these are the defaults.
    pub version: u64,
    /// Within the bounds.
    pub policy: Arc<Policy>,
    /// Where the stored policy is wider than the bounds and was held back.
    pub wider: Vec<FieldError>,
    pub changed_at: Option<Timestamp>,
}

/// What a write did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Written {
    pub version: u64,
    pub policy: Arc<Policy>,
    pub changes: Vec<String>,
    pub saved: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    #[error("there is no site {0}")]
    UnknownSite(SiteId),
    /// Somebody else wrote since the version that the writer saw.
    #[error("the policy is at version {current} by now")]
    Conflict { current: u64 },
    #[error("the policy does not hold in {} places", .0.len())]
    Invalid(Vec<FieldError>),
    /// What is stored was written by another version of Zijspan, or by hand.
    #[error("the stored policy of site {site} cannot be read: {place}: {message}")]
    Unreadable {
        site: SiteId,
        place: String,
        message: String,
    },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A policy as it is kept, wider than the bounds or not.
#[derive(Debug, Clone, Default)]
struct Kept {
    version: u64,
    policy: Policy,
    changed_at: Option<Timestamp>,
}

impl Kept {
    fn within(&self, bounds: &Bounds) -> Arc<Current> {
        let narrowed = self.policy.narrowed(bounds);
        Arc::new(Current {
            version: self.version,
            policy: Arc::new(narrowed.policy),
            wider: narrowed.wider,
            changed_at: self.changed_at,
        })
    }
}

/// Policy and bounds of one site. Both can change while it serves, so one lock holds them together: what
/// pages use is always the newest policy within the newest bounds.
#[derive(Debug)]
struct Site(RwLock<Held>);

#[derive(Debug)]
struct Held {
    bounds: Arc<Bounds>,
    kept: Kept,
    current: Arc<Current>,
}

impl Site {
    fn new(kept: Kept, bounds: Bounds) -> Self {
        Self(RwLock::new(Held {
            current: kept.within(&bounds),
            bounds: Arc::new(bounds),
            kept,
        }))
    }

    fn current(&self) -> Arc<Current> {
        let held = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&held.current)
    }

    fn bounds(&self) -> Arc<Bounds> {
        let held = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&held.bounds)
    }

    /// Never goes back to an older version, whichever answer arrives last.
    fn set(&self, new: Kept) -> Arc<Current> {
        let mut held = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if new.version >= held.kept.version {
            held.current = new.within(&held.bounds);
            held.kept = new;
        }
        Arc::clone(&held.current)
    }

    fn set_bounds(&self, bounds: Bounds) -> Arc<Current> {
        let mut held = self.0.write().unwrap_or_else(PoisonError::into_inner);
        held.current = held.kept.within(&bounds);
        held.bounds = Arc::new(bounds);
        Arc::clone(&held.current)
    }
}

/// Every site's policy. Reading for a page never waits.
#[derive(Debug)]
pub struct PolicyStore {
    durable: Arc<dyn Durable>,
    sites: HashMap<SiteId, Site>,
}

impl PolicyStore {
    /// Reads the policy of every site. A stored policy that cannot be read is an error: to go on with the
    /// defaults would show what the webbeheerder had hidden.
    pub async fn load(
        durable: Arc<dyn Durable>,
        sites: impl IntoIterator<Item = (SiteId, Bounds)>,
    ) -> Result<Self, PolicyError> {
        let mut loaded = HashMap::new();
        for (site, bounds) in sites {
            let stored = durable.policy(&site).await?;
            let kept = kept(&site, stored)?;
            loaded.insert(site, Site::new(kept, bounds));
        }
        Ok(Self {
            durable,
            sites: loaded,
        })
    }

    /// The policy for a page of this site; `None` when there is no such site.
    pub fn policy(&self, site: &SiteId) -> Option<Arc<Policy>> {
        self.sites
            .get(site)
            .map(|site| Arc::clone(&site.current().policy))
    }

    /// Whether policies could be read and written now.
    pub async fn check(&self) -> Result<(), PolicyError> {
        Ok(self.durable.check().await?)
    }

    pub fn bounds(&self, site: &SiteId) -> Option<Arc<Bounds>> {
        self.sites.get(site).map(Site::bounds)
    }

    /// Holds the policy of a site within other bounds from now on. What is stored stays as it is: bounds
    /// that become wider again give back what they took.
    pub fn set_bounds(&self, id: &SiteId, bounds: Bounds) -> Result<Arc<Current>, PolicyError> {
        Ok(self.site(id)?.set_bounds(bounds))
    }

    /// Reads the site's policy anew, because another instance may have written it.
    pub async fn read(&self, id: &SiteId) -> Result<Arc<Current>, PolicyError> {
        let site = self.site(id)?;
        let stored = self.durable.policy(id).await?;
        Ok(site.set(kept(id, stored)?))
    }

    /// Writes a policy over the version that the writer saw, or only says what that would change.
    pub async fn write(
        &self,
        id: &SiteId,
        expected: u64,
        policy: &Value,
        dry_run: bool,
        at: Timestamp,
    ) -> Result<Written, PolicyError> {
        let site = self.site(id)?;
        let before = self.read(id).await?;
        if before.version != expected {
            return Err(PolicyError::Conflict {
                current: before.version,
            });
        }
        let policy = Policy::from_json(policy).map_err(PolicyError::Invalid)?;
        let problems = policy.problems(&site.bounds());
        if !problems.is_empty() {
            return Err(PolicyError::Invalid(problems));
        }
        let changes = policy.changes_from(&before.policy);
        if dry_run {
            return Ok(Written {
                version: before.version,
                policy: Arc::new(policy),
                changes,
                saved: false,
            });
        }
        let document = serde_json::to_string(&policy).map_err(|error| PolicyError::Unreadable {
            site: id.clone(),
            place: String::new(),
            message: error.to_string(),
        })?;
        match self.durable.put_policy(id, expected, &document, at).await? {
            PolicyWrite::Conflict { current } => Err(PolicyError::Conflict { current }),
            PolicyWrite::Written { version } => {
                site.set(Kept {
                    version,
                    policy: policy.clone(),
                    changed_at: Some(at),
                });
                Ok(Written {
                    version,
                    policy: Arc::new(policy),
                    changes,
                    saved: true,
                })
            }
        }
    }

    fn site(&self, id: &SiteId) -> Result<&Site, PolicyError> {
        self.sites
            .get(id)
            .ok_or_else(|| PolicyError::UnknownSite(id.clone()))
    }
}

fn kept(site: &SiteId, stored: Option<StoredPolicy>) -> Result<Kept, PolicyError> {
    let unreadable = |place: String, message: String| PolicyError::Unreadable {
        site: site.clone(),
        place,
        message,
    };
    let Some(stored) = stored else {
        return Ok(Kept::default());
    };
    let json: Value = serde_json::from_str(&stored.document)
        .map_err(|error| unreadable(String::new(), error.to_string()))?;
    let policy = Policy::from_json(&json).map_err(|errors| {
        let first = errors.into_iter().next();
        first.map_or_else(
            || unreadable(String::new(), String::new()),
            |error| unreadable(error.path, error.message),
        )
    })?;
    Ok(Kept {
        version: stored.version,
        policy,
        changed_at: Some(stored.changed_at),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{SourceName, Vertrouwelijkheid};
    use crate::policy::{Modules, OffBy, RolSoort};
    use crate::store::sqlite::Sqlite;
    use serde_json::json;

    const AT: Timestamp = Timestamp::from_secs(1_000);

    fn demo() -> SiteId {
        SiteId::parse("demo").unwrap()
    }

    async fn durable() -> Arc<dyn Durable> {
        Arc::new(Sqlite::in_memory().await.unwrap())
    }

    async fn load(durable: &Arc<dyn Durable>, bounds: Bounds) -> PolicyStore {
        PolicyStore::load(Arc::clone(durable), [(demo(), bounds)])
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn without_a_policy_the_defaults_hold_at_version_zero() {
        let store = load(&durable().await, Bounds::default()).await;
        let current = store.read(&demo()).await.unwrap();
        assert_eq!(current.version, 0);
        assert_eq!(*current.policy, Policy::default());
        assert_eq!(*store.policy(&demo()).unwrap(), Policy::default());
    }

    #[tokio::test]
    async fn a_written_policy_is_what_pages_use_at_once() {
        let durable = durable().await;
        let store = load(&durable, Bounds::default()).await;
        let policy = json!({"nieuwe_zaaktypen": "verbergen"});
        let written = store.write(&demo(), 0, &policy, false, AT).await.unwrap();
        assert!(written.saved);
        assert_eq!(written.version, 1);
        assert_eq!(written.changes, ["Nieuwe zaaktypen: tonen → verbergen"]);
        assert_eq!(store.policy(&demo()).unwrap(), written.policy);
        let again = load(&durable, Bounds::default()).await;
        assert_eq!(again.policy(&demo()).unwrap(), written.policy);
    }

    #[tokio::test]
    async fn a_dry_run_says_what_would_change_and_changes_nothing() {
        let store = load(&durable().await, Bounds::default()).await;
        let policy = json!({"deelzaken": "los"});
        let written = store.write(&demo(), 0, &policy, true, AT).await.unwrap();
        assert!(!written.saved);
        assert_eq!((written.version, written.changes.len()), (0, 1));
        assert_eq!(*store.policy(&demo()).unwrap(), Policy::default());
        assert_eq!(store.read(&demo()).await.unwrap().version, 0);
    }

    #[tokio::test]
    async fn an_old_version_is_a_conflict_in_a_dry_run_too() {
        let store = load(&durable().await, Bounds::default()).await;
        store
            .write(&demo(), 0, &json!({}), false, AT)
            .await
            .unwrap();
        for dry_run in [true, false] {
            let error = store
                .write(&demo(), 0, &json!({}), dry_run, AT)
                .await
                .unwrap_err();
            assert!(
                matches!(error, PolicyError::Conflict { current: 1 }),
                "{error}"
            );
        }
    }

    #[tokio::test]
    async fn what_another_instance_wrote_is_seen_after_a_read() {
        let durable = durable().await;
        let one = load(&durable, Bounds::default()).await;
        let two = load(&durable, Bounds::default()).await;
        one.write(&demo(), 0, &json!({"deelzaken": "los"}), false, AT)
            .await
            .unwrap();
        let error = two
            .write(&demo(), 0, &json!({}), false, AT)
            .await
            .unwrap_err();
        assert!(matches!(error, PolicyError::Conflict { current: 1 }));
        assert_eq!(two.policy(&demo()), one.policy(&demo()));
    }

    #[tokio::test]
    async fn a_policy_that_does_not_hold_is_not_written() {
        let store = load(&durable().await, Bounds::default()).await;
        for policy in [
            json!({"zaak_vertrouwelijkheid": "geheim"}),
            json!({"meer": true}),
            json!({"rollen": []}),
        ] {
            let error = store
                .write(&demo(), 0, &policy, false, AT)
                .await
                .unwrap_err();
            assert!(matches!(error, PolicyError::Invalid(_)), "{error}");
        }
        assert_eq!(store.read(&demo()).await.unwrap().version, 0);
    }

    #[tokio::test]
    async fn bounds_that_became_narrower_hold_a_stored_policy_back() {
        let durable = durable().await;
        let wide = Bounds {
            zaak_vertrouwelijkheid: Vertrouwelijkheid::Vertrouwelijk,
            rollen: RolSoort::ALL.to_vec(),
            ..Bounds::default()
        };
        let policy = json!({"zaak_vertrouwelijkheid": "vertrouwelijk", "rollen": ["initiator", "gemachtigde"]});
        let store = load(&durable, wide).await;
        store.write(&demo(), 0, &policy, false, AT).await.unwrap();
        let store = load(&durable, Bounds::default()).await;
        let current = store.read(&demo()).await.unwrap();
        assert_eq!(*current.policy, Policy::default());
        assert_eq!(current.wider.len(), 2);
        assert_eq!(*store.policy(&demo()).unwrap(), Policy::default());
    }

    #[tokio::test]
    async fn a_stored_policy_that_cannot_be_read_does_not_become_the_defaults() {
        let durable = durable().await;
        durable
            .put_policy(&demo(), 0, r#"{"van_later":1}"#, AT)
            .await
            .unwrap();
        let error = PolicyStore::load(durable, [(demo(), Bounds::default())])
            .await
            .unwrap_err();
        assert!(error.to_string().contains("van_later"), "{error}");
    }

    #[tokio::test]
    async fn a_site_that_is_not_configured_has_no_policy() {
        let store = load(&durable().await, Bounds::default()).await;
        let other = SiteId::parse("ander").unwrap();
        assert!(store.policy(&other).is_none());
        let error = store.read(&other).await.unwrap_err();
        assert!(matches!(error, PolicyError::UnknownSite(_)));
    }

    #[tokio::test]
    async fn bounds_that_change_while_it_serves_hold_at_once_and_give_back_what_they_took() {
        let zgw = SourceName::parse("zgw").unwrap();
        let open = Bounds {
            bronnen: vec![zgw.clone()],
            ..Bounds::default()
        };
        let store = load(&durable().await, open.clone()).await;
        let policy = json!({"bronnen_uit": ["zgw"], "deelzaken": "los"});
        store.write(&demo(), 0, &policy, false, AT).await.unwrap();
        let shut = Bounds {
            modules: Modules { zaken: false },
            bronnen_uit: vec![zgw.clone()],
            ..open.clone()
        };
        store.set_bounds(&demo(), shut.clone()).unwrap();
        let now = store.policy(&demo()).unwrap();
        assert!(!now.modules.zaken);
        assert_eq!(now.source_off_by(&zgw), Some(OffBy::Configuration));
        assert_eq!(*store.bounds(&demo()).unwrap(), shut);
        // A write and a read from the store do not bring the old bounds back.
        let policy = json!({"modules": {"zaken": false}, "bronnen_uit": ["zgw"]});
        store.write(&demo(), 1, &policy, false, AT).await.unwrap();
        store.read(&demo()).await.unwrap();
        let now = store.policy(&demo()).unwrap();
        assert_eq!(now.source_off_by(&zgw), Some(OffBy::Configuration));

        store.set_bounds(&demo(), open).unwrap();
        let now = store.policy(&demo()).unwrap();
        assert_eq!(now.source_off_by(&zgw), Some(OffBy::Policy));
        let other = SiteId::parse("ander").unwrap();
        assert!(store.set_bounds(&other, Bounds::default()).is_err());
    }

    #[test]
    fn an_older_answer_does_not_undo_a_newer_one() {
        let at = |version| Kept {
            version,
            ..Kept::default()
        };
        let site = Site::new(at(0), Bounds::default());
        site.set(at(2));
        assert_eq!(site.set(at(1)).version, 2);
    }
}
