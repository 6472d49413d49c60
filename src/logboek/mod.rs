//! Audit log: who did what, without personal data.
