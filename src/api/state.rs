//! What the routes work with. Built once, by `app`.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

use crate::documents::Tickets;
use crate::domain::{Clock, HandleCodec, KeyId, SiteId, SupportCode, Timestamp};
use crate::identity::asserted::Asserted;
use crate::identity::exchange::Exchange;
use crate::identity::oidc::Logins;
use crate::identity::{Pseudonyms, Sessions};
use crate::logboek::Audit;
use crate::mijn::Mijn;
use crate::mijn::page::Pages;
use crate::policy::PolicyStore;
use crate::signing::{Nonces, Verifier};
use crate::telemetry::metrics::Metrics;

/// Cheap to clone.
#[derive(Debug, Clone)]
pub struct Api(Arc<Inner>);

impl Api {
    pub fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }
}

impl Deref for Api {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

#[derive(Debug)]
pub struct Inner {
    pub verifier: Verifier,
    pub nonces: Arc<dyn Nonces>,
    pub sessions: Sessions,
    pub logins: Logins,
    pub exchange: Exchange,
    pub asserted: Asserted,
    pub tickets: Tickets,
    pub pages: Pages,
    pub policies: PolicyStore,
    pub audit: Audit,
    pub pseudonyms: Pseudonyms,
    pub clock: Clock,
    pub sites: HashMap<SiteId, Arc<Site>>,
    /// Longest wait for the whole body of a request.
    pub body_timeout: std::time::Duration,
    /// Downloads at the same time.
    pub streams: Arc<tokio::sync::Semaphore>,
    /// Longest wait for a piece of a document.
    pub stream_idle: std::time::Duration,
    /// Most that a page may take.
    pub page_budget: std::time::Duration,
    /// What a page takes that does not say.
    pub default_budget: std::time::Duration,
    /// Signed calls at the same time.
    pub requests: Arc<tokio::sync::Semaphore>,
    /// How many there are of the two.
    pub limits: Places,
    pub caps: RateCap,
    pub metrics: Metrics,
    pub started: Timestamp,
}

/// Places for what happens at the same time.
#[derive(Debug, Clone, Copy)]
pub struct Places {
    pub streams: usize,
    pub requests: usize,
}

/// How often a key with more than `pages` may call, per minute: such a key is worth stealing.
#[derive(Debug)]
pub struct RateCap {
    per_minute: usize,
    counts: Mutex<HashMap<KeyId, (i64, usize)>>,
}

impl RateCap {
    pub fn new(per_minute: usize) -> Self {
        Self {
            per_minute,
            counts: Mutex::default(),
        }
    }

    /// Counts one call; false when it is one too many in this minute.
    pub fn allows(&self, key: &KeyId, now: Timestamp) -> bool {
        let minute = now.as_secs().div_euclid(60);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, count) = counts.entry(key.clone()).or_insert((minute, 0));
        if *at != minute {
            (*at, *count) = (minute, 0);
        }
        *count += 1;
        *count <= self.per_minute
    }
}

/// One WordPress site as the routes see it.
#[derive(Debug)]
pub struct Site {
    pub id: SiteId,
    pub environment: &'static str,
    /// Scheme, host and port of the WordPress site.
    pub origin: String,
    /// The plugin's one address to which a browser comes back.
    pub return_url: String,
    /// Where browsers reach the public listener; `None` when there is no public route.
    pub public_url: Option<String>,
    /// The public route lies on the site's own origin, so that its cookie comes along.
    pub public_is_same_origin: bool,
    /// Kinds of party that each identity provider may log in.
    pub idps: HashMap<String, Vec<&'static str>>,
    /// Names of the ways to log in.
    pub logins: Vec<String>,
    /// May WordPress have the number of who is logged in?
    pub feeds_userdata: bool,
    pub mijn: Arc<Mijn>,
    pub handles: Arc<HandleCodec>,
}

/// A code for the log and the page when something of ours fails.
pub fn failed(what: &'static str, error: &dyn std::fmt::Display) -> SupportCode {
    let code = SupportCode::generate();
    tracing::error!(%error, code = %code, what, "something failed");
    code
}
