//! Zaken API 1.5.1: zaken, statussen, substatussen, rollen, resultaten, zaakinformatieobjecten.

mod betrokkene;
mod client;
mod list;
mod model;
mod party;
mod query;
mod reading;

pub use client::OwnRollen;
pub use party::Door;
pub use query::{Horizon, Seen, Want, ZakenOfParty, ZakenQuery};
