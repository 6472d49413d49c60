//! One ZGW source as the features use it: its client and its catalogue.

use std::sync::Arc;

use crate::domain::SourceName;
use crate::upstream::http::{ErrorKind, UpstreamError};
use crate::upstream::zgw::Zgw;
use crate::upstream::zgw::catalogi::Catalogus;

/// Cheap to clone; clones share connections and catalogue.
#[derive(Debug, Clone)]
pub struct ZgwSource {
    pub zgw: Zgw,
    pub catalogus: Arc<Catalogus>,
}

impl ZgwSource {
    pub fn name(&self) -> &SourceName {
        &self.zgw.settings().name
    }

    /// Gives the source no longer than its own deadline for all the calls of one part.
    pub async fn within_deadline<T, E: From<UpstreamError>>(
        &self,
        operation: &'static str,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        match tokio::time::timeout(self.zgw.settings().deadline, work).await {
            Ok(answer) => answer,
            Err(_) => Err(UpstreamError::new(self.name(), operation, ErrorKind::Timeout).into()),
        }
    }
}
