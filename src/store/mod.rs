//! What may be kept: durable storage behind one trait, and shared state in memory.

#[cfg(test)]
mod conformance;
pub mod durable;
pub mod nonces;
pub mod shared;
pub mod sqlite;
