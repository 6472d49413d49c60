//! Audit log: who did what, without personal data.

mod audit;
mod event;

pub use audit::{Audit, Line};
pub use event::{AuditActor, AuditEvent, LoginMode, Party, Pseudonym, SessionEnd};
