//! Sources that are switched off: not asked for anything, and reported as that. What they hold is neither
//! "unavailable" nor "empty".

use std::borrow::Cow;

use serde_json::Value;

use super::{Zaken, open_zaak_handle};
use crate::mijn::Viewing;
use crate::mijn::part::{Part, SourceReport};

impl Zaken {
    /// The sources that may be asked, with a report of those that may not.
    pub(in crate::mijn) fn on(&self, viewing: &Viewing) -> (Cow<'_, Self>, Vec<SourceReport>) {
        let (off, on): (Vec<_>, Vec<_>) = self
            .sources
            .iter()
            .partition(|source| viewing.source_is_off(source.name()));
        // Where zaken are off as a whole, that is the reason that counts.
        if off.is_empty() || !viewing.policy.modules.zaken {
            return (Cow::Borrowed(self), Vec::new());
        }
        let skipped = off
            .iter()
            .map(|source| SourceReport::skipped(source.name().clone()))
            .collect();
        let on = Self::new(on.into_iter().cloned().collect());
        (Cow::Owned(on), skipped)
    }

    /// What the part of one zaak comes to when its source is off.
    pub(in crate::mijn) fn zaak_off(&self, viewing: &Viewing, params: &Value) -> Option<Part> {
        if !viewing.policy.modules.zaken {
            return None;
        }
        let handle = params.get("handle")?.as_str()?;
        let name = open_zaak_handle(viewing, handle)?.source;
        let off = viewing.source_is_off(&name) && self.source(&name).is_some();
        off.then(|| Part::source_off(vec![SourceReport::skipped(name)]))
    }
}
