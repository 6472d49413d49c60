//! All integration tests in one binary, which links once.
//!
//! `conformance` and `attacks` are groups of `./dev test` by their module name.

#[cfg(feature = "sandbox")]
mod sandbox;
