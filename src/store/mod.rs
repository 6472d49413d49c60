//! What may be kept: durable storage behind one trait, and shared state in memory.

pub mod nonces;
pub mod shared;
