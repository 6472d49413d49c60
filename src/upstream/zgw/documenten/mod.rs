//! Documenten API 1.4.2: descriptions of documents, and their bytes.

mod client;
mod model;

pub use client::Documents;
