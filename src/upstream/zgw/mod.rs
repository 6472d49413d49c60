//! Zaakgericht werken: the Zaken, Catalogi, Documenten and Besluiten APIs of one source.
//!
//! Built against the versions in use (Zaken 1.5.1, Catalogi 1.3.1, Documenten 1.4.2, Besluiten 1.1.0).
//! What leaves this folder is [`crate::domain::Proven`], or belongs to the catalogue, which is nobody's.

mod call;
mod json;
mod listing;
mod offers;
mod refs;
mod settings;

pub mod besluiten;
pub mod catalogi;
pub mod documenten;
pub mod zaken;

pub use crate::domain::Asker;
pub use call::Zgw;
use call::is_not_offered;
pub use listing::{Listing, Reach};
pub use offers::{ApiVersion, Feature};
pub use refs::{Component, UrlMap};
pub use settings::{CompanyFilter, ComponentSettings, ListMethod, RollenStrategy, ZgwSettings};
