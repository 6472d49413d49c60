//! How a client behaves.

use std::time::Duration;

use super::TlsSettings;
use crate::domain::{Clock, SiteId};
use crate::lifecycle::Tasks;

/// How a client behaves. The order connect < attempt < source is checked by the configuration.
#[derive(Debug, Clone)]
pub struct ClientSettings {
    /// To have a connection.
    pub connect_timeout: Duration,
    /// For one whole answer.
    pub timeout: Duration,
    /// For a call with everything around it: waiting for a place, and a second attempt.
    pub deadline: Duration,
    /// Largest JSON answer that is read, in bytes.
    pub max_body: usize,
    /// Calls at the same time; a further one waits.
    pub max_concurrent: usize,
    /// Calls that wait for a place; a further one is refused at once.
    pub max_waiting: usize,
    /// Attempts after the first one that failed.
    pub retries: u32,
    pub breaker: BreakerSettings,
    pub tls: TlsSettings,
    pub host: Host,
}

impl ClientSettings {
    /// The same, for one API of the source.
    #[must_use]
    pub fn of_component(&self, component: &'static str) -> Self {
        let mut settings = self.clone();
        settings.host.component = component;
        settings
    }
}

/// When a source that fails is left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BreakerSettings {
    /// Faults in a row that open it.
    pub faults: u32,
    /// How long it is open the first time; each failed probe doubles that.
    pub open: Duration,
    pub max_open: Duration,
}

/// What a client needs of the process around it, and the names under which it is counted.
#[derive(Debug, Clone)]
pub struct Host {
    pub site: Option<SiteId>,
    /// The API of the source: `zaken`.
    pub component: &'static str,
    pub clock: Clock,
    /// Where probes run.
    pub tasks: Tasks,
}

impl Default for ClientSettings {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(1),
            timeout: Duration::from_secs(5),
            deadline: Duration::from_secs(8),
            max_body: 8 * 1024 * 1024,
            max_concurrent: 32,
            max_waiting: 64,
            retries: 1,
            breaker: BreakerSettings::default(),
            tls: TlsSettings::default(),
            host: Host::default(),
        }
    }
}

impl Default for BreakerSettings {
    fn default() -> Self {
        Self {
            faults: 3,
            open: Duration::from_millis(500),
            max_open: Duration::from_secs(30),
        }
    }
}

impl Default for Host {
    fn default() -> Self {
        Self {
            site: None,
            component: "",
            clock: Clock::system(),
            tasks: Tasks::new(),
        }
    }
}
