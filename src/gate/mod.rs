//! The one visibility gate: pure functions that show an object or hide it with a reason.
//!
//! The same functions decide for list, detail, document, download, upload, mail and map. Nothing reaches
//! an answer without its [`Show`], which only this module makes, and what is not known is hidden.
//! There is no clock here and no I/O: today's date comes with the [`Viewer`].

mod besluit;
mod document;
mod mandaat;
mod party;
mod reason;
mod rol;
mod show;
mod substatus;
mod viewer;
mod zaak;

pub use besluit::judge_besluit;
pub use document::{DocumentSoort, ShownDocument, judge_document};
pub use mandaat::Reach;
pub use party::identifies_other;
pub use reason::{HiddenCounts, Reason};
pub use rol::{RolVerdict, counts};
pub use show::{Show, Verdict};
pub use substatus::judge_substatus;
pub use viewer::Viewer;
pub use zaak::{Folded, KnownZaaktype, ShownZaak, fold, judge_zaak, judge_zaak_and_level};
