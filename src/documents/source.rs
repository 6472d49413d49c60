//! One ZGW source as the features use it: its client and its catalogue.

use std::sync::Arc;

use crate::domain::SourceName;
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
}
