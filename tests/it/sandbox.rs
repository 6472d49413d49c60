//! The sandbox over a real socket: what the clients, the demo and other people's scripts rely on.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a helper of tests may fail like a test"
)]

mod conformance;
mod faults;
mod help;
mod idp;
mod zgw;
