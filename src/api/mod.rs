//! HTTP in. No business rules.
//!
//! `router.rs` has every route on one screen, `problem.rs` is the only mapping from errors to a status,
//! `signed.rs` is the signature, `caller.rs` the person behind it.

mod admin;
mod caller;
mod measure;
pub mod openapi;
pub mod ops;
mod page;
mod panics;
pub mod problem;
pub mod public;
pub mod router;
pub mod server;
mod session;
mod signed;
pub mod state;
mod status;
mod tickets;
mod token;
