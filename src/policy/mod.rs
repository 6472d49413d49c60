//! What a site shows and says: one versioned document per site.
//!
//! [`Policy`] is what the webbeheerder edits ("Toonregels"), [`Bounds`] is what the configuration file
//! allows at most. What a page uses is always [`Policy::narrowed`]: a policy can narrow the bounds and
//! never widen them.

mod bounds;
mod changes;
mod document;
mod lookup;
mod mandaten;
mod store;
mod validate;

pub use bounds::{Bounds, MandaatBounds, Narrowed};
pub use document::{
    Beurt, Deelzaken, Module, Modules, NieuweZaaktypen, Niveaus, Policy, ResultaattypePolicy,
    RolSoort, StatusBetekenis, StatustypePolicy, ZaaktypePolicy,
};
pub use lookup::{Genoemd, OffBy, ZaaktypeRegels, ZaaktypeState, names};
pub use mandaten::{DienstPolicy, Mandaten, ZaaktypeNaam};
pub use store::{Current, PolicyError, PolicyStore, Written};
pub use validate::FieldError;
