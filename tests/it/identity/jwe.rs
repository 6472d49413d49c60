//! Encrypts as a provider would, and in every way in which it should not.

use std::sync::{Arc, LazyLock};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rsa::{
    KeySize, OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepAlgorithm, OaepPublicEncryptingKey,
    Pkcs1PublicEncryptingKey, PrivateDecryptingKey,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use zijspan::domain::SecretBytes;
use zijspan::identity::oidc::{Decryption, DecryptionKeys};

use crate::op::*;

/// The key of the sidecar, and one of somebody else.
pub static OURS: LazyLock<PrivateDecryptingKey> =
    LazyLock::new(|| PrivateDecryptingKey::generate(KeySize::Rsa2048).unwrap());
pub static OTHER: LazyLock<PrivateDecryptingKey> =
    LazyLock::new(|| PrivateDecryptingKey::generate(KeySize::Rsa2048).unwrap());

pub fn pem(key: &PrivateDecryptingKey) -> String {
    let der: Pkcs8V1Der<'_> = key.as_der().unwrap();
    let body = STANDARD.encode(der.as_ref());
    let lines: Vec<&str> = body
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        lines.join("\n")
    )
}

pub fn decryption(pem: &str, ids: &[&str], required: bool) -> Decryption {
    let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
    let keys = DecryptionKeys::from_pem(&SecretBytes::new(pem.as_bytes().to_vec()), &ids);
    Decryption {
        keys: Arc::new(keys.unwrap()),
        required,
    }
}

pub fn header() -> Value {
    json!({"alg": "RSA-OAEP-256", "enc": "A256GCM", "cty": "JWT", "kid": "enc-1"})
}

/// How one token is encrypted.
pub struct Recipe<'a> {
    pub header: Value,
    pub to: &'a PrivateDecryptingKey,
    pub oaep: Option<&'static OaepAlgorithm>,
    pub content_key: Vec<u8>,
    pub plain: &'a [u8],
}

impl<'a> Recipe<'a> {
    pub fn new(plain: &'a str) -> Self {
        Self {
            header: header(),
            to: &OURS,
            oaep: Some(&OAEP_SHA256_MGF1SHA256),
            content_key: (0..32).collect(),
            plain: plain.as_bytes(),
        }
    }

    pub fn sha1(self) -> Self {
        Self {
            oaep: Some(&OAEP_SHA1_MGF1SHA1),
            ..self
        }
    }

    pub fn parts(&self) -> [String; 5] {
        let protected = b64(self.header.to_string());
        let public = self.to.public_key();
        let mut encrypted = vec![0; public.key_size_bytes()];
        let encrypted = match self.oaep {
            Some(oaep) => OaepPublicEncryptingKey::new(public)
                .unwrap()
                .encrypt(oaep, &self.content_key, &mut encrypted, None)
                .unwrap()
                .to_vec(),
            // RSA1_5.
            None => Pkcs1PublicEncryptingKey::new(public)
                .unwrap()
                .encrypt(&self.content_key, &mut encrypted)
                .unwrap()
                .to_vec(),
        };
        let mut content = self.plain.to_vec();
        let nonce = [7; 12];
        let mut long = self.content_key.clone();
        long.resize(32, 0);
        let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &long).unwrap());
        let tag = key
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(protected.as_bytes()),
                &mut content,
            )
            .unwrap();
        [
            protected,
            b64(encrypted),
            b64(nonce),
            b64(content),
            b64(tag.as_ref()),
        ]
    }

    pub fn token(&self) -> String {
        self.parts().join(".")
    }
}

/// As a provider in order does it.
pub fn encrypt(token: &str) -> String {
    Recipe::new(token).token()
}
