//! Zaken API 1.5.1: zaken, statussen, substatussen, rollen, resultaten, zaakinformatieobjecten.

mod betrokkene;
mod client;
mod list;
mod model;
mod party;

pub use client::OwnRollen;
pub use list::{OpenFilter, ZakenOfParty, ZakenQuery};
pub use party::Door;
