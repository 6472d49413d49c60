//! What a site shows and says: one versioned document per site.
//!
//! [`Policy`] is what the webbeheerder edits ("Toonregels"), [`Bounds`] is what the configuration file
//! allows at most. What a page uses is always [`Policy::narrowed`]: a policy can narrow the bounds and
//! never widen them.

mod bounds;
mod changes;
mod document;
mod lookup;
mod store;
mod validate;

pub use bounds::{Bounds, Narrowed};
pub use document::{
    Beurt, Deelzaken, Modules, NieuweZaaktypen, Policy, ResultaattypePolicy, RolSoort,
    StatusBetekenis, StatustypePolicy, ZaaktypePolicy,
};
pub use lookup::{Genoemd, OffBy, ZaaktypeRegels, ZaaktypeState, names};
pub use store::{Current, PolicyError, PolicyStore, Written};
pub use validate::FieldError;
