//! The words of the field as types. No I/O, no HTTP, no clock of its own.
//!
//! What must not happen cannot be written with these types: a [`Bsn`] does not print itself, a
//! [`Proven`] value exists only after its owner was compared, and an identifier leaves the process
//! only as a [`Handle`].

mod asker;
mod base_url;
mod clock;
mod handle;
mod identifiers;
mod loa;
mod names;
mod proven;
mod resource;
mod secret;
mod subject;
mod support;
mod text;
mod user;
mod vertrouwelijkheid;
pub mod zgw;

pub use asker::{Asker, Doelbinding, SessionKey};
pub use base_url::{BaseUrl, BaseUrlError};
pub use clock::{Clock, Timestamp, dutch_time, today_in_nl};
pub use handle::{Handle, HandleCodec, HandleError, HandleKey, HandleTarget, Sealer};
pub use identifiers::{Bsn, IdentifierError, KvkNummer, Rsin, Vestigingsnummer};
pub use loa::LevelOfAssurance;
pub use names::{KeyId, NameError, SiteId, SourceName};
pub use proven::{Proven, RolOwner};
pub use resource::{RefMap, RefSet, ResourceKind, ResourceRef};
pub use secret::SecretBytes;
pub use subject::{
    Actor, Bedrijfsnummers, Identity, Mandate, MandateKind, MandateScope, Means, Onderneming,
    Pseudoniem, Subject,
};
pub use support::SupportCode;
pub use text::non_empty;
pub use user::UserId;
pub use vertrouwelijkheid::Vertrouwelijkheid;
