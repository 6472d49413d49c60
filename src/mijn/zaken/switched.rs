//! Sources that are switched off: not asked for anything, and reported as that. What they hold is neither
//! "unavailable" nor "empty".

use std::borrow::Cow;

use super::Zaken;
use crate::mijn::Viewing;
use crate::mijn::part::SourceReport;

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
}
