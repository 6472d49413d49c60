//! OpenID Connect, as relying party: the provider's papers, its tokens, and the way of the browser.
//!
//! [`Provider`] is one provider of one site. [`Logins`] sends browsers there and takes them back.

mod cached;
mod discovery;
mod id_token;
mod jwks;
mod jws;
mod login;
mod logout;
mod proof;
mod provider;
mod settings;

pub use discovery::Discovery;
pub use jws::Algorithm;
pub use login::{Callback, Landing, LoginFailure, LoginStart, Logins, Redeemed};
pub use logout::LoggedOut;
pub use proof::{Evidence, TokenKind};
pub use provider::{Provider, Providers};
pub use settings::{
    AcrValue, ClientAuth, ExchangeSettings, NonceRule, ProviderSettings, SettingsError,
};

use crate::identity::IdentityError;
use crate::identity::claims::Claims;

/// What a token says about itself before anything was verified: only to choose whose keys to try.
pub(super) fn unverified_claims(token: &str) -> Result<Claims, IdentityError> {
    jws::Unverified::parse(token, &Algorithm::ALL)?.claimed()
}
