//! Zaken API 1.5.1: zaken, statussen, substatussen, rollen, resultaten, zaakinformatieobjecten.

mod betrokkene;
mod client;
mod list;
mod model;
mod party;
mod query;

pub use client::OwnRollen;
pub use party::Door;
pub use query::{OpenFilter, ZakenOfParty, ZakenQuery};
