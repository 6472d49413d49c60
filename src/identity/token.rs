//! Opaque tokens: 32 random bytes as text, which say nothing and are worth everything.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::IdentityError;
use crate::store::shared::Digest;

/// A token's text: 43 characters of base64url. Does not print itself.
#[derive(Clone)]
pub struct Token(Zeroizing<String>);

impl Token {
    pub fn random() -> Result<Self, IdentityError> {
        let mut bytes = Zeroizing::new([0_u8; 32]);
        aws_lc_rs::rand::fill(bytes.as_mut()).map_err(|_| IdentityError::Randomness)?;
        Ok(Self(Zeroizing::new(
            URL_SAFE_NO_PAD.encode(bytes.as_slice()),
        )))
    }

    /// Text that has the form of a token. Whether it opens anything is another matter.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(decode_32(text)?);
        (bytes.len() == 32).then(|| Self(Zeroizing::new(text.to_owned())))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Under what the token's value is filed.
    pub fn key(&self) -> Digest {
        Digest::new(Sha256::digest(self.0.as_bytes()).into())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(***)")
    }
}

/// 43 characters of base64url without padding, no loose bits at the end.
fn decode_32(text: &str) -> Option<Vec<u8>> {
    if text.len() != 43 {
        return None;
    }
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// SHA-256 of the cookie that binds a login to the browser in which it began.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct BrowserHash([u8; 32]);

impl BrowserHash {
    /// What WordPress sends before the browser leaves.
    pub fn parse(text: &str) -> Option<Self> {
        decode_32(text)?.try_into().ok().map(Self)
    }

    /// What it sends when the browser is back: the cookie itself.
    pub fn of_secret(secret: &str) -> Self {
        Self(Sha256::digest(secret.as_bytes()).into())
    }

    pub fn to_text(self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    pub fn agrees_with(&self, other: &Self) -> bool {
        bool::from(self.0.ct_eq(&other.0))
    }
}

impl fmt::Debug for BrowserHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BrowserHash(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_keep_their_form_and_hide() {
        let one = Token::random().unwrap();
        let two = Token::random().unwrap();
        assert_ne!(one.as_str(), two.as_str());
        assert_eq!(one.as_str().len(), 43);
        assert!(Token::parse(one.as_str()).is_some());
        assert_eq!(format!("{one:?}"), "Token(***)");
    }

    #[test]
    fn text_of_another_form_is_no_token() {
        let good = "A".repeat(43);
        assert!(Token::parse(&good).is_some());
        // The last character carries two bits that no 32 bytes can set.
        let loose_bits = format!("{}B", "A".repeat(42));
        let padded = format!("{good}=");
        for bad in [
            "",
            "A",
            loose_bits.as_str(),
            padded.as_str(),
            &"+".repeat(43),
            &"é".repeat(43),
        ] {
            assert!(Token::parse(bad).is_none(), "{bad}");
        }
    }
}
