//! HTTP in. No business rules.
