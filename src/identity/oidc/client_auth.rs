//! How the sidecar proves to an identity provider that it is the client.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderName;
use http::header::{AUTHORIZATION, HeaderValue};
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use crate::domain::Clock;
use crate::identity::IdentityError;
use crate::upstream::http::auth::{ASSERTION_TYPE, AssertionKey};

/// The NL GOV profile allows confidential clients the last two only.
#[derive(Debug, Clone)]
pub enum ClientAuth {
    /// A public client: PKCE alone.
    None,
    SecretBasic(SecretString),
    SecretPost(SecretString),
    /// RFC 8705: the certificate of the connection says it.
    Tls,
    PrivateKeyJwt(AssertionKey),
}

/// A form whose values are wiped.
pub(super) type Form<'a> = Vec<(&'a str, Zeroizing<String>)>;

impl ClientAuth {
    /// Adds to a question what says who asks: fields of its form, or a header.
    ///
    /// An assertion is for the token endpoint, also at the other endpoints, as RFC 9126 has it. That address
    /// comes from discovery; it is at the issuer or where the configuration says, so no other provider can
    /// have an assertion made for somebody else's endpoint.
    pub(super) fn apply(
        &self,
        client_id: &str,
        token_endpoint: &str,
        clock: &Clock,
        form: &mut Form<'_>,
    ) -> Result<Vec<(HeaderName, HeaderValue)>, IdentityError> {
        let mut put =
            |name: &'static str, value: &str| form.push((name, Zeroizing::new(value.to_owned())));
        match self {
            Self::None | Self::Tls => put("client_id", client_id),
            Self::SecretPost(secret) => {
                put("client_id", client_id);
                put("client_secret", secret.expose_secret());
            }
            Self::SecretBasic(secret) => {
                let pair = Zeroizing::new(format!(
                    "{}:{}",
                    encoded(client_id),
                    *Zeroizing::new(encoded(secret.expose_secret()))
                ));
                let value = Zeroizing::new(STANDARD.encode(pair.as_bytes()));
                return Ok(vec![credentials("Basic", &value)?]);
            }
            Self::PrivateKeyJwt(key) => {
                let assertion = key
                    .assertion(client_id, token_endpoint, clock)
                    .map(Zeroizing::new)
                    .ok_or(IdentityError::Assertion)?;
                put("client_id", client_id);
                put("client_assertion_type", ASSERTION_TYPE);
                put("client_assertion", &assertion);
            }
        }
        Ok(Vec::new())
    }
}

/// RFC 6749 section 2.3.1: id and secret are form-encoded before they are put together.
fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

pub(super) fn credentials(
    scheme: &str,
    value: &str,
) -> Result<(HeaderName, HeaderValue), IdentityError> {
    let secret = Zeroizing::new(format!("{scheme} {value}"));
    let mut value = HeaderValue::from_str(&secret).map_err(|_| IdentityError::TokenMalformed)?;
    value.set_sensitive(true);
    Ok((AUTHORIZATION, value))
}
