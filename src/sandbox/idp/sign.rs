//! One ES256 key per start, and the tokens signed with it.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::{SystemRandom, fill};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

pub struct Signer {
    key: EcdsaKeyPair,
    kid: String,
    /// Makes `sub` unguessable from a number.
    salt: String,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}

/// 32 random bytes as 43 characters.
pub fn random_text() -> String {
    let mut bytes = [0; 32];
    if fill(&mut bytes).is_err() {
        // The system's random source failed; uuid has its own way to it and would panic rather than repeat.
        return format!("{}{}", uuid::Uuid::new_v4(), uuid::Uuid::new_v4());
    }
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The left half of SHA-256, as `at_hash` wants it.
pub fn at_hash(access_token: &str) -> String {
    let hash = digest(&SHA256, access_token.as_bytes());
    let half = hash.as_ref().get(..16).unwrap_or_default();
    URL_SAFE_NO_PAD.encode(half)
}

/// SHA-256 in base64url, as PKCE wants it.
pub fn s256(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()))
}

impl Signer {
    pub fn new() -> Result<Self, aws_lc_rs::error::Unspecified> {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?;
        let kid = s256(&URL_SAFE_NO_PAD.encode(key.public_key().as_ref()));
        Ok(Self {
            key,
            kid: kid.chars().take(16).collect(),
            salt: random_text(),
        })
    }

    pub fn pairwise(&self, of: &str) -> String {
        s256(&format!("{}\0{of}", self.salt))
    }

    pub fn jwks(&self) -> Value {
        // An uncompressed point: 4, then x and y of 32 bytes.
        let point = self.key.public_key().as_ref();
        let coordinate =
            |from: usize| URL_SAFE_NO_PAD.encode(point.get(from..from + 32).unwrap_or_default());
        json!({"keys": [{
            "kty": "EC",
            "crv": "P-256",
            "use": "sig",
            "alg": "ES256",
            "kid": self.kid,
            "x": coordinate(1),
            "y": coordinate(33),
        }]})
    }

    /// A signed JWT; empty when the signature could not be made.
    pub fn sign(&self, claims: &Map<String, Value>) -> String {
        let header = json!({"alg": "ES256", "typ": "JWT", "kid": self.kid});
        let part = |value: &str| URL_SAFE_NO_PAD.encode(value);
        let claims = Value::Object(claims.clone());
        let text = format!(
            "{}.{}",
            part(&header.to_string()),
            part(&claims.to_string())
        );
        match self.key.sign(&SystemRandom::new(), text.as_bytes()) {
            Ok(signature) => format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)),
            Err(_) => String::new(),
        }
    }
}
