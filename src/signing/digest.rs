//! `Content-Digest` (RFC 9530) with exactly one member, `sha-256`.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::error::Reason;

/// The digest of a body, as sent or as computed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ContentDigest([u8; 32]);

impl fmt::Debug for ContentDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.field_value())
    }
}

impl ContentDigest {
    pub fn of(body: &[u8]) -> Self {
        Self(Sha256::digest(body).into())
    }

    /// Reads the one form of the profile. Another algorithm next to it, a parameter or a loose
    /// encoding is refused, so that nobody can think another member was compared.
    pub fn parse(value: &str) -> Result<Self, Reason> {
        let encoded = value
            .strip_prefix("sha-256=:")
            .and_then(|rest| rest.strip_suffix(':'))
            .ok_or(Reason::DigestForm)?;
        let bytes = STANDARD.decode(encoded).map_err(|_| Reason::DigestForm)?;
        bytes.try_into().map(Self).map_err(|_| Reason::DigestForm)
    }

    pub fn field_value(&self) -> String {
        format!("sha-256=:{}:", STANDARD.encode(self.0))
    }

    pub fn matches(&self, body: &[u8]) -> bool {
        self.0.ct_eq(&Self::of(body).0).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &str = "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:";

    #[test]
    fn a_digest_is_one_sha_256_member() {
        assert_eq!(ContentDigest::of(b"").field_value(), EMPTY);
        assert!(ContentDigest::parse(EMPTY).unwrap().matches(b""));
        assert!(!ContentDigest::parse(EMPTY).unwrap().matches(b"{}"));
        for bad in [
            "",
            "sha-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
            "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU:",
            "sha-256=:47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=:",
            "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=:",
            "sha-256=:47DEQpj8HBSa+/TImW+5JA==:",
            "SHA-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:",
            "md5=:1B2M2Y8AsgTpgAmY7PhCfg==:",
            "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:, md5=:1B2M2Y8AsgTpgAmY7PhCfg==:",
            "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:;q=1",
        ] {
            assert_eq!(ContentDigest::parse(bad), Err(Reason::DigestForm), "{bad}");
        }
    }
}
