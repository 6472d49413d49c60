//! Whom a client trusts, and who it says it is.

use std::fmt;
use std::sync::Arc;

use crate::domain::SecretBytes;

/// Without anything: the machine's own trust store, and no certificate of ours.
#[derive(Clone, Default)]
pub struct TlsSettings {
    /// PEM of the only authorities that are trusted.
    pub roots: Option<Arc<[u8]>>,
    /// PEM of our certificate with its chain and its key, for a source that asks for it.
    pub identity: Option<SecretBytes>,
}

impl fmt::Debug for TlsSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsSettings")
            .field("roots", &self.roots.is_some())
            .field("identity", &self.identity.is_some())
            .finish()
    }
}

/// What of [`TlsSettings`] cannot be used.
#[derive(Debug)]
pub(super) struct Unusable;

impl TlsSettings {
    pub(super) fn apply(
        &self,
        mut client: reqwest::ClientBuilder,
    ) -> Result<reqwest::ClientBuilder, Unusable> {
        client = client.tls_version_min(reqwest::tls::Version::TLS_1_2);
        if let Some(roots) = &self.roots {
            let roots = reqwest::Certificate::from_pem_bundle(roots).map_err(|_| Unusable)?;
            if roots.is_empty() {
                return Err(Unusable);
            }
            client = client.tls_certs_only(roots);
        }
        if let Some(identity) = &self.identity {
            let identity = reqwest::Identity::from_pem(identity.expose()).map_err(|_| Unusable)?;
            client = client.identity(identity);
        }
        Ok(client)
    }
}
