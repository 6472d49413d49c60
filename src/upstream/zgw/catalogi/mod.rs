//! Catalogi API 1.3.1: the types behind zaken and documents. Nobody's data, held in memory for everyone.

mod client;
mod memory;
mod model;

pub use memory::Catalogus;
