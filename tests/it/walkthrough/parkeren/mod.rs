//! The register of parking permits. What leaves this folder is [`Proven`](zijspan::domain::Proven).

mod client;
mod model;
mod settings;

pub use client::{Parkeren, Vergunningen};
pub use model::{Eigenaar, Vergunning};
pub use settings::ParkerenSettings;
