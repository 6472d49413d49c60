//! Catalogi API 1.3.1: the types behind zaken and documents. Nobody's data, held in memory for everyone.
//!
//! What is read here is asked in nobody's name ([`public`]) and kept apart from what sources said to a
//! person: no method takes an asker, a session or a purpose, so nothing personal can be filed here.

mod client;
mod memory;
mod model;
mod public;
mod shelf;
mod usage;
mod weight;

pub use memory::{Catalogus, CatalogusSettings};
pub use usage::describe;
