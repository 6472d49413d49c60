//! What a page may ask.

use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ListParams {
    /// Only those that are valid today.
    pub geldig: bool,
}

impl ListParams {
    pub fn parse(params: &Value) -> Option<Self> {
        if params.is_null() {
            return Some(Self::default());
        }
        // A JSON list would fill the fields by their place.
        params.as_object()?;
        Self::deserialize(params).ok()
    }
}
