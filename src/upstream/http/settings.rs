//! How a client behaves.

use std::time::Duration;

/// How a client behaves. The order connect < attempt is checked by the configuration.
#[derive(Debug, Clone)]
pub struct ClientSettings {
    /// To have a connection.
    pub connect_timeout: Duration,
    /// For one whole answer.
    pub timeout: Duration,
    /// Largest JSON answer that is read, in bytes.
    pub max_body: usize,
    /// Calls at the same time; a further one waits.
    pub max_concurrent: usize,
}

impl Default for ClientSettings {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(1),
            timeout: Duration::from_secs(5),
            max_body: 8 * 1024 * 1024,
            max_concurrent: 32,
        }
    }
}
