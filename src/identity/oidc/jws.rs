//! Signed tokens (RFC 7515, compact form): the header is read as little as possible, and nothing of the
//! content before the signature holds.

use aws_lc_rs::signature::{
    self, ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256,
    UnparsedPublicKey,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::Value;

use super::jwks::{Jwk, PublicKey};
use crate::identity::IdentityError;
use crate::identity::claims::Claims;
use crate::store::shared::Digest;

/// The algorithms that exist for us. `none` and the HMACs are not among them and cannot be configured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    Ps256,
    Es256,
    EdDsa,
    /// The NL GOV profile obliges providers to offer it.
    Rs256,
}

impl Algorithm {
    pub const ALL: [Self; 4] = [Self::Ps256, Self::Es256, Self::EdDsa, Self::Rs256];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Ps256 => "PS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
            Self::Rs256 => "RS256",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|alg| alg.name() == name)
    }
}

/// Larger than any token with the claims of one person.
const MAX_TOKEN: usize = 16 * 1024;

/// A token of which only the header was read.
#[derive(Debug)]
pub struct Unverified<'a> {
    pub alg: Algorithm,
    pub kid: Option<String>,
    pub typ: Option<String>,
    signed: &'a str,
    payload: &'a str,
    signature: Vec<u8>,
}

/// Members not named here (`jku`, `jwk`, `x5u`, `x5c`) are never read: keys come from discovery alone.
/// A member that comes twice is an error.
#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
    crit: Option<Value>,
}

impl<'a> Unverified<'a> {
    pub fn parse(token: &'a str, allowed: &[Algorithm]) -> Result<Self, IdentityError> {
        if token.len() > MAX_TOKEN {
            return Err(IdentityError::TokenTooLarge);
        }
        let (signed, signature) = token
            .rsplit_once('.')
            .ok_or(IdentityError::TokenMalformed)?;
        let (header, payload) = signed
            .split_once('.')
            .ok_or(IdentityError::TokenMalformed)?;
        if payload.contains('.') {
            let parts = token.split('.').count();
            return Err(if parts == 5 {
                IdentityError::TokenEncrypted
            } else {
                IdentityError::TokenMalformed
            });
        }
        let header: Header =
            serde_json::from_slice(&decode(header)?).map_err(|_| IdentityError::TokenMalformed)?;
        // No extension is understood, so none can be critical.
        if header.crit.is_some() {
            return Err(IdentityError::Critical);
        }
        let alg = Algorithm::parse(&header.alg)
            .filter(|alg| allowed.contains(alg))
            .ok_or(IdentityError::Algorithm)?;
        Ok(Self {
            alg,
            kid: header.kid,
            typ: header.typ.map(|typ| typ.to_ascii_lowercase()),
            signed,
            payload,
            signature: decode(signature)?,
        })
    }

    /// The claims, if `key` made the signature.
    pub fn verify(&self, key: &Jwk) -> Result<Claims, IdentityError> {
        let message = self.signed.as_bytes();
        let holds = match (&key.key, self.alg) {
            (PublicKey::Rsa { n, e }, Algorithm::Rs256) => {
                signature::RsaPublicKeyComponents { n, e }.verify(
                    &RSA_PKCS1_2048_8192_SHA256,
                    message,
                    &self.signature,
                )
            }
            (PublicKey::Rsa { n, e }, Algorithm::Ps256) => {
                signature::RsaPublicKeyComponents { n, e }.verify(
                    &RSA_PSS_2048_8192_SHA256,
                    message,
                    &self.signature,
                )
            }
            (PublicKey::P256(point), Algorithm::Es256) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
                    .verify(message, &self.signature)
            }
            (PublicKey::Ed25519(point), Algorithm::EdDsa) => {
                UnparsedPublicKey::new(&ED25519, point).verify(message, &self.signature)
            }
            _ => return Err(IdentityError::Algorithm),
        };
        holds.map_err(|_| IdentityError::Signature)?;
        serde_json::from_slice(&decode(self.payload)?).map_err(|_| IdentityError::TokenMalformed)
    }

    /// Names the token for counting its uses. The signature is left out, because for some algorithms
    /// anybody can write it in another way.
    pub fn name(&self) -> Digest {
        Digest::of(&[b"signed", self.signed.as_bytes()])
    }

    /// What the token says about itself before anything was verified: only to choose whose keys to try.
    pub fn claimed(&self) -> Result<Claims, IdentityError> {
        serde_json::from_slice(&decode(self.payload)?).map_err(|_| IdentityError::TokenMalformed)
    }
}

fn decode(text: &str) -> Result<Vec<u8>, IdentityError> {
    URL_SAFE_NO_PAD
        .decode(text)
        .map_err(|_| IdentityError::TokenMalformed)
}
