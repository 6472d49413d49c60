//! What the page of one zaak lacks, and why: gathered while it is put together.

use std::collections::BTreeSet;

use super::kin::Kin;
use super::view::DeelzaakView;
use crate::documents::AccessError;
use crate::domain::SupportCode;
use crate::mijn::part::report;
use crate::upstream::http::{ErrorKind, UpstreamError};
use crate::upstream::zgw::Listing;

/// What went wrong besides, and what the page then lacks.
#[derive(Debug, Default)]
pub(super) struct Lacking {
    pub missing: BTreeSet<&'static str>,
    pub reason: Option<&'static str>,
    /// The source answered with what was not asked: nothing of this page can be trusted.
    pub filter_ignored: bool,
    /// Something is still being asked.
    pub late: bool,
}

impl Lacking {
    /// More than is read, or than is asked about, exists: what is shown is not all.
    pub(super) fn bound(&mut self, what: &'static str, hit: bool) {
        if hit {
            self.missing.insert(what);
            self.reason.get_or_insert("bound");
        }
    }

    pub(super) fn note(&mut self, what: &'static str, error: &UpstreamError, code: &SupportCode) {
        report(error, code);
        self.filter_ignored |= error.kind == ErrorKind::FilterIgnored;
        self.late |= error.kind == ErrorKind::Late;
        self.missing.insert(what);
        self.reason.get_or_insert(error.kind.reason());
    }

    /// The list, or nothing and a note; a list that does not end within the bound is noted too.
    pub(super) fn list<T>(
        &mut self,
        what: &'static str,
        answer: Result<Listing<T>, UpstreamError>,
        code: &SupportCode,
    ) -> Option<Listing<T>> {
        let listing = self.take(what, answer, code)?;
        self.bound(what, listing.truncated);
        Some(listing)
    }

    /// The related zaak, or nothing; and a note unless it is not there for this caller.
    pub(super) fn kin(
        &mut self,
        answer: Result<Kin, AccessError>,
        code: &SupportCode,
    ) -> Option<DeelzaakView> {
        const WHAT: &str = "deelzaken";
        match answer {
            Ok((view, lacks)) => {
                if let Some(error) = lacks {
                    self.note(WHAT, &error, code);
                }
                Some(view)
            }
            Err(AccessError::NotFound | AccessError::Level(_)) => None,
            Err(AccessError::Unprovable) => {
                self.missing.insert(WHAT);
                self.reason.get_or_insert("role_unprovable");
                None
            }
            Err(AccessError::Upstream(error)) => {
                self.note(WHAT, &error, code);
                None
            }
        }
    }

    /// The answer, or nothing and a note.
    pub(super) fn take<T>(
        &mut self,
        what: &'static str,
        answer: Result<T, UpstreamError>,
        code: &SupportCode,
    ) -> Option<T> {
        match answer {
            Ok(value) => Some(value),
            Err(error) => {
                self.note(what, &error, code);
                None
            }
        }
    }
}
