//! Who we are to a source: small exchangeable parts, each with one way to say it.
//!
//! A credential is never handed out. It goes into a [`SourceClient`] together with the one address that it
//! is for, and is put on calls of that client alone: another source, a redirect or the text of a URL in an
//! answer cannot get it.

mod assertion;
mod client;
mod fsc;
mod oauth;
mod tokens;
mod zgw;

use http::{HeaderName, HeaderValue};

pub use assertion::{ASSERTION_TYPE, AssertionAlgorithm, AssertionKey};
pub use client::SourceClient;
pub use fsc::Fsc;
pub use oauth::{ClientAuth, ClientCredentials, TokenEncoding, TokenEndpoint};
pub use zgw::ZgwCredentials;

use crate::domain::SecretBytes;

/// How one API of a source is told who asks.
#[derive(Debug, Clone, Default)]
pub enum Credential {
    /// Nothing is said: the network, or the client certificate, says it.
    #[default]
    None,
    /// A JWT of our own making for every call.
    Zgw(ZgwCredentials),
    /// `Authorization: Token …`, as the Objects API and Open Klant want it.
    Token(SecretBytes),
    /// A key in a header of its own.
    ApiKey {
        header: HeaderName,
        key: SecretBytes,
    },
    /// A token that an endpoint of the source gives for some time.
    ClientCredentials(Box<ClientCredentials>),
}

/// Everything that a source wants to see on each call beside the question itself.
#[derive(Debug, Clone, Default)]
pub struct AuthSettings {
    pub credential: Credential,
    /// The calls go through an FSC Outway.
    pub fsc: Option<Fsc>,
    /// The same on every call, for instance the version of the API that is meant.
    pub headers: Vec<(HeaderName, HeaderValue)>,
}

/// A header value that does not print itself.
fn secret_value(bytes: &[u8]) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_bytes(bytes).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// `scheme secret` as one value.
fn scheme_value(scheme: &str, secret: &[u8]) -> Option<HeaderValue> {
    let mut text = zeroize::Zeroizing::new(scheme.as_bytes().to_vec());
    text.push(b' ');
    text.extend_from_slice(secret);
    secret_value(&text)
}
