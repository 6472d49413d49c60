//! Zaken API 1.5.1: zaken, statussen, substatussen, rollen, resultaten, zaakinformatieobjecten.

mod betrokkene;
mod client;
mod model;
mod party;

pub use client::{OpenFilter, OwnRollen, ZakenOfParty, ZakenQuery};
pub use party::Door;
