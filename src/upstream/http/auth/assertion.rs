//! `private_key_jwt` (RFC 7523): a JWT of our own that says who we are, signed with a key that never leaves
//! us. The same for the token endpoint of a source and for an identity provider.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};

use crate::domain::{Clock, SecretBytes};

/// Value of `client_assertion_type` beside the assertion.
pub const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

const ASSERTION_SECS: i64 = 60;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssertionAlgorithm {
    Ps256,
    Rs256,
    Es256,
}

/// The key of `private_key_jwt`.
#[derive(Clone)]
pub struct AssertionKey {
    key: EncodingKey,
    algorithm: AssertionAlgorithm,
    key_id: Option<String>,
    /// Who the assertion is for, where that is not the endpoint's address as we know it.
    audience: Option<String>,
}

impl std::fmt::Debug for AssertionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AssertionKey")
            .field("algorithm", &self.algorithm)
            .field("key_id", &self.key_id)
            .finish_non_exhaustive()
    }
}

impl AssertionKey {
    /// `None` when the PEM holds no key that can sign with this algorithm.
    pub fn from_pem(
        pem: &SecretBytes,
        algorithm: AssertionAlgorithm,
        key_id: Option<String>,
        audience: Option<String>,
    ) -> Option<Self> {
        let key = match algorithm {
            AssertionAlgorithm::Ps256 | AssertionAlgorithm::Rs256 => {
                EncodingKey::from_rsa_pem(pem.expose())
            }
            AssertionAlgorithm::Es256 => EncodingKey::from_ec_pem(pem.expose()),
        };
        let key = Self {
            key: key.ok()?,
            algorithm,
            key_id,
            audience,
        };
        // A key of another curve or size reads well and signs nothing: that is said now, not at a login.
        key.sign(&serde_json::json!({})).map(|_| key)
    }

    /// Says that we are `client_id`, to `endpoint` unless the key has an audience of its own.
    pub fn assertion(&self, client_id: &str, endpoint: &str, clock: &Clock) -> Option<String> {
        #[derive(serde::Serialize)]
        struct Claims<'a> {
            iss: &'a str,
            sub: &'a str,
            aud: &'a str,
            iat: i64,
            exp: i64,
            jti: String,
        }
        let mut random = [0_u8; 16];
        aws_lc_rs::rand::fill(&mut random).ok()?;
        let now = clock.now().as_secs();
        self.sign(&Claims {
            iss: client_id,
            sub: client_id,
            aud: self.audience.as_deref().unwrap_or(endpoint),
            iat: now,
            exp: now + ASSERTION_SECS,
            jti: URL_SAFE_NO_PAD.encode(random),
        })
    }

    fn sign(&self, claims: &impl serde::Serialize) -> Option<String> {
        let header = Header {
            kid: self.key_id.clone(),
            ..Header::new(match self.algorithm {
                AssertionAlgorithm::Ps256 => Algorithm::PS256,
                AssertionAlgorithm::Rs256 => Algorithm::RS256,
                AssertionAlgorithm::Es256 => Algorithm::ES256,
            })
        };
        jsonwebtoken::encode(&header, claims, &self.key).ok()
    }
}
