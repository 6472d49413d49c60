//! Encrypted tokens (RFC 7516, compact form): one way to encrypt, and inside it always a signed token.
//!
//! Encrypting needs no more than a public key, so it proves nothing; what was inside is verified like any
//! other token.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::rsa::{OAEP_SHA256_MGF1SHA256, OaepPrivateDecryptingKey, PrivateDecryptingKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;
use serde::Deserialize;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::domain::SecretBytes;
use crate::identity::IdentityError;

/// A token of [`super::jws`] grows by a third, and by its key.
const MAX_TOKEN: usize = 24 * 1024;
/// One in use, one that comes, and what a long change asks for.
const MAX_KEYS: usize = 4;

/// The private keys that open tokens, newest first.
pub struct DecryptionKeys(Vec<DecryptionKey>);

struct DecryptionKey {
    key: OaepPrivateDecryptingKey,
    /// As the provider names it in `kid`.
    id: Option<String>,
}

impl fmt::Debug for DecryptionKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DecryptionKeys({})", self.0.len())
    }
}

/// What is wrong with the keys, in words that say what to change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecryptionKeysError {
    #[error("holds no private key in PEM")]
    Empty,
    #[error(
        "holds a key that is not RSA of 2048 bits or more in PKCS#8 (-----BEGIN PRIVATE KEY-----); `openssl pkcs8 -topk8 -nocrypt` makes one of an older form"
    )]
    Kind,
    #[error("holds more than {MAX_KEYS} keys; take out those that the provider no longer uses")]
    Many,
    #[error("gives as many names as there are keys, or none")]
    Names,
}

/// Members that are not named here say nothing that is believed.
#[derive(Deserialize)]
struct Header {
    alg: String,
    enc: String,
    kid: Option<String>,
    cty: Option<String>,
    zip: Option<Value>,
    crit: Option<Value>,
}

impl DecryptionKeys {
    /// The keys of a PEM file in their order, with the names that `ids` gives them.
    pub fn from_pem(pem: &SecretBytes, ids: &[String]) -> Result<Self, DecryptionKeysError> {
        let ders = PrivateKeyDer::pem_slice_iter(pem.expose())
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| DecryptionKeysError::Empty)?;
        if ders.is_empty() {
            return Err(DecryptionKeysError::Empty);
        }
        if ders.len() > MAX_KEYS {
            return Err(DecryptionKeysError::Many);
        }
        if !ids.is_empty() && ids.len() != ders.len() {
            return Err(DecryptionKeysError::Names);
        }
        let mut ids = ids.iter().cloned();
        let keys = ders.iter().map(|der| {
            let PrivateKeyDer::Pkcs8(der) = der else {
                return Err(DecryptionKeysError::Kind);
            };
            let key = PrivateDecryptingKey::from_pkcs8(der.secret_pkcs8_der())
                .map_err(|_| DecryptionKeysError::Kind)?;
            let key = OaepPrivateDecryptingKey::new(key).map_err(|_| DecryptionKeysError::Kind)?;
            Ok(DecryptionKey {
                key,
                id: ids.next(),
            })
        });
        keys.collect::<Result<_, _>>().map(Self)
    }

    /// The signed token inside. Why it does not open is one reason, whichever step failed.
    pub(super) fn open(&self, token: &str) -> Result<Zeroizing<String>, IdentityError> {
        if token.len() > MAX_TOKEN {
            return Err(IdentityError::TokenTooLarge);
        }
        let mut parts = token.split('.');
        let (Some(protected), Some(key), Some(iv), Some(content), Some(tag), None) = (
            parts.next(),
            parts.next(),
            parts.next(),
            parts.next(),
            parts.next(),
            parts.next(),
        ) else {
            return Err(IdentityError::TokenMalformed);
        };
        let header: Header = serde_json::from_slice(&decode(protected)?)
            .map_err(|_| IdentityError::TokenMalformed)?;
        if header.crit.is_some() {
            return Err(IdentityError::Critical);
        }
        // Unpacking would let a small token become a large one.
        if header.zip.is_some() {
            return Err(IdentityError::Compressed);
        }
        if header.alg != "RSA-OAEP-256" || header.enc != "A256GCM" {
            return Err(IdentityError::Algorithm);
        }
        let nested = header
            .cty
            .is_some_and(|cty| cty.eq_ignore_ascii_case("jwt"));
        if !nested {
            return Err(IdentityError::NotNested);
        }
        let encrypted_key = decode(key)?;
        let nonce: [u8; 12] = decode(iv)?
            .try_into()
            .map_err(|_| IdentityError::TokenMalformed)?;
        let tag: [u8; 16] = decode(tag)?
            .try_into()
            .map_err(|_| IdentityError::TokenMalformed)?;
        let mut sealed = Zeroizing::new(decode(content)?);
        sealed.extend_from_slice(&tag);
        let mut fitting = self
            .0
            .iter()
            .filter(|key| key.answers_to(&header.kid))
            .peekable();
        if fitting.peek().is_none() {
            return Err(IdentityError::UnknownKey);
        }
        for key in fitting {
            if let Some(inner) = key.decrypt(&encrypted_key, nonce, protected, &sealed) {
                return Ok(inner);
            }
        }
        Err(IdentityError::Decryption)
    }
}

impl DecryptionKey {
    /// A name that is known must agree. Where there is none, opening alone says whose it is.
    fn answers_to(&self, kid: &Option<String>) -> bool {
        match (&self.id, kid) {
            (Some(own), Some(kid)) => own == kid,
            (None, _) | (_, None) => true,
        }
    }

    fn decrypt(
        &self,
        encrypted_key: &[u8],
        nonce: [u8; 12],
        protected: &str,
        sealed: &[u8],
    ) -> Option<Zeroizing<String>> {
        let mut room = Zeroizing::new(vec![0; self.key.min_output_size()]);
        let content_key = self
            .key
            .decrypt(&OAEP_SHA256_MGF1SHA256, encrypted_key, &mut room, None)
            .ok()?;
        // Refuses a key of another length.
        let content_key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, content_key).ok()?);
        let mut content = Zeroizing::new(sealed.to_vec());
        let plain = content_key
            .open_in_place(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(protected.as_bytes()),
                &mut content,
            )
            .ok()?;
        std::str::from_utf8(plain)
            .ok()
            .map(|text| Zeroizing::new(text.to_owned()))
    }
}

/// Whether the text has the five parts of an encrypted token.
pub(super) fn is_encrypted(token: &str) -> bool {
    token.bytes().filter(|byte| *byte == b'.').count() == 4
}

fn decode(text: &str) -> Result<Vec<u8>, IdentityError> {
    URL_SAFE_NO_PAD
        .decode(text)
        .map_err(|_| IdentityError::TokenMalformed)
}
