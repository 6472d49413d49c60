//! Who is asking: OIDC relying party, token exchange, claim maps and sessions.
//!
//! A login is proven in one of three ways (`oidc::Logins`, `exchange::Exchange`, `asserted::Asserted`),
//! each of which gives a [`ProvenLogin`]. Only [`Sessions::start`] makes a session out of it. Whose
//! data may be read follows from the session alone, never from anything that WordPress says.

pub mod asserted;
pub mod claims;
pub mod csrf;
mod error;
pub mod exchange;
mod grant;
mod login;
pub mod oidc;
mod pseudonyms;
mod return_to;
mod sessions;
mod token;

pub use error::{Class, IdentityError, TokenErrorCode};
pub use grant::Grant;
pub use login::ProvenLogin;
pub use pseudonyms::Pseudonyms;
pub use return_to::ReturnTo;
pub use sessions::{Session, SessionError, SessionId, SessionSettings, Sessions, Started};
pub use token::{BrowserHash, Token};
