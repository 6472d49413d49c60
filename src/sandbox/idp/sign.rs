//! The keys of the provider, which can be changed, and the tokens made with them.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rand::{SystemRandom, fill};
use aws_lc_rs::rsa::{KeySize, OAEP_SHA256_MGF1SHA256, OaepPublicEncryptingKey};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256,
    RsaEncoding, RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::play::Recipient;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Algorithm {
    Es256,
    Ps256,
    Rs256,
}

impl Algorithm {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Ps256 => "PS256",
            Self::Rs256 => "RS256",
        }
    }
}

pub struct Signer {
    keys: Mutex<Keys>,
    /// Makes `sub` unguessable from a number.
    salt: String,
}

struct Keys {
    ec: EcdsaKeyPair,
    /// Made when it is first needed, because that takes a while.
    rsa: Option<RsaKeyPair>,
    /// Public keys of before a change that are still shown.
    old: Vec<Value>,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer(…)")
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

fn kid(public: &[u8]) -> String {
    s256(&URL_SAFE_NO_PAD.encode(public))
        .chars()
        .take(16)
        .collect()
}

impl Keys {
    fn new() -> Result<Self, Unspecified> {
        Ok(Self {
            ec: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?,
            rsa: None,
            old: Vec::new(),
        })
    }

    fn public(&self) -> Vec<Value> {
        // An uncompressed point: 4, then x and y of 32 bytes.
        let point = self.ec.public_key().as_ref();
        let coordinate =
            |from: usize| URL_SAFE_NO_PAD.encode(point.get(from..from + 32).unwrap_or_default());
        let mut keys = vec![json!({
            "kty": "EC",
            "crv": "P-256",
            "use": "sig",
            "alg": "ES256",
            "kid": kid(point),
            "x": coordinate(1),
            "y": coordinate(33),
        })];
        if let Some(rsa) = &self.rsa {
            // The DER of an RSAPublicKey of 2048 bits with exponent 65537.
            let der = rsa.public_key().as_ref();
            let modulus = der.get(9..265).unwrap_or_default();
            keys.push(json!({
                "kty": "RSA",
                "use": "sig",
                "kid": kid(der),
                "n": URL_SAFE_NO_PAD.encode(modulus),
                "e": "AQAB",
            }));
        }
        keys
    }

    fn rsa(&mut self) -> Result<&RsaKeyPair, Unspecified> {
        if self.rsa.is_none() {
            self.rsa = Some(RsaKeyPair::generate(KeySize::Rsa2048)?);
        }
        self.rsa.as_ref().ok_or(Unspecified)
    }
}

impl Signer {
    pub fn new() -> Result<Self, Unspecified> {
        Ok(Self {
            keys: Mutex::new(Keys::new()?),
            salt: random_text(),
        })
    }

    fn keys(&self) -> MutexGuard<'_, Keys> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn pairwise(&self, of: &str) -> String {
        s256(&format!("{}\0{of}", self.salt))
    }

    pub fn jwks(&self) -> Value {
        let keys = self.keys();
        let mut all = keys.public();
        all.extend(keys.old.iter().cloned());
        json!({ "keys": all })
    }

    /// New keys; the old ones stay published, or are gone.
    pub fn rotate(&self, keep: bool) -> Result<(), Unspecified> {
        let mut new = Keys::new()?;
        let mut keys = self.keys();
        if keep {
            new.old = keys.public();
            new.old.extend(keys.old.iter().cloned());
        }
        *keys = new;
        Ok(())
    }

    /// A signed JWT; empty when the signature could not be made.
    pub fn sign(&self, algorithm: Algorithm, typ: &str, claims: &Map<String, Value>) -> String {
        self.try_sign(algorithm, typ, claims).unwrap_or_default()
    }

    fn try_sign(
        &self,
        algorithm: Algorithm,
        typ: &str,
        claims: &Map<String, Value>,
    ) -> Result<String, Unspecified> {
        let mut keys = self.keys();
        let random = SystemRandom::new();
        let kid = match algorithm {
            Algorithm::Es256 => kid(keys.ec.public_key().as_ref()),
            Algorithm::Ps256 | Algorithm::Rs256 => kid(keys.rsa()?.public_key().as_ref()),
        };
        let header = json!({"alg": algorithm.name(), "typ": typ, "kid": kid});
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{}.{}", part(&header), part(&Value::Object(claims.clone())));
        let mut rsa = |padding: &'static dyn RsaEncoding| {
            let key = keys.rsa()?;
            let mut out = vec![0; key.public_modulus_len()];
            key.sign(padding, &random, text.as_bytes(), &mut out)?;
            Ok::<_, Unspecified>(out)
        };
        let signature = match algorithm {
            Algorithm::Ps256 => rsa(&RSA_PSS_SHA256)?,
            Algorithm::Rs256 => rsa(&RSA_PKCS1_SHA256)?,
            Algorithm::Es256 => keys.ec.sign(&random, text.as_bytes())?.as_ref().to_vec(),
        };
        Ok(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

/// A token inside another one that only its reader opens; empty when that could not be made.
pub fn encrypt(token: &str, to: &Recipient) -> String {
    try_encrypt(token, to).unwrap_or_default()
}

fn try_encrypt(token: &str, to: &Recipient) -> Result<String, Unspecified> {
    let mut header = json!({"alg": "RSA-OAEP-256", "enc": "A256GCM", "cty": "JWT"});
    if let (Some(kid), Some(fields)) = (&to.kid, header.as_object_mut()) {
        fields.insert("kid".to_owned(), kid.clone().into());
    }
    let protected = URL_SAFE_NO_PAD.encode(header.to_string());
    let (mut content_key, mut nonce) = ([0; 32], [0; 12]);
    fill(&mut content_key)?;
    fill(&mut nonce)?;
    let key = OaepPublicEncryptingKey::new(to.key.clone())?;
    let mut room = vec![0; key.ciphertext_size()];
    let wrapped = key.encrypt(&OAEP_SHA256_MGF1SHA256, &content_key, &mut room, None)?;
    let mut content = token.as_bytes().to_vec();
    let tag = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &content_key)?)
        .seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(protected.as_bytes()),
            &mut content,
        )?;
    let b64 = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    Ok(format!(
        "{protected}.{}.{}.{}.{}",
        b64(wrapped),
        b64(&nonce),
        b64(&content),
        b64(tag.as_ref())
    ))
}
