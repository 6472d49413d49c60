//! OpenID Connect, as relying party: the provider's papers, its tokens, and the way of the browser.
//!
//! [`Provider`] is one provider of one site. [`Logins`] sends browsers there and takes them back.

mod authorization;
mod cached;
mod client_auth;
mod discovery;
mod endpoints;
mod id_token;
mod jwe;
mod jwks;
mod jws;
mod login;
mod logout;
mod proof;
mod provider;
mod roca;
mod settings;
mod userinfo;

pub use client_auth::ClientAuth;
pub use discovery::Discovery;
pub use jwe::{DecryptionKeys, DecryptionKeysError};
pub use jws::Algorithm;
pub use login::{Callback, Landing, LoginFailure, LoginStart, Logins, Redeemed};
pub use logout::LoggedOut;
pub use proof::{Evidence, TokenKind};
pub use provider::{Provider, Providers};
pub use settings::{
    AccessTokens, AcrValue, Decryption, ExchangeSettings, NonceRule, ProviderSettings,
    PushedRequests, SettingsError,
};

use crate::identity::IdentityError;
use crate::identity::claims::Claims;

impl Provider {
    /// What a token says about itself before anything was verified: only to choose whose keys to try.
    pub(super) fn claimed(&self, token: &str) -> Result<Claims, IdentityError> {
        jws::Unverified::parse(self.opened(token)?.text(), &Algorithm::ALL)?.claimed()
    }
}
