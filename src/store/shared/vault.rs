//! Sealing: what is kept can be read only by who brings the secret that it was kept under.
//!
//! The key of a sealed value is HKDF-SHA256 over that secret with the server key as salt, so that
//! neither a copy of the store nor the server key alone opens anything.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::{hkdf, hmac, rand};
use zeroize::Zeroizing;

use super::Digest;
use crate::domain::{KeyId, SecretBytes};

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    #[error("a server key has at least 32 bytes")]
    ShortKey,
    #[error("two server keys have the same id")]
    SameId,
    #[error("could not seal")]
    Seal,
    #[error("the sealed value does not open")]
    Open,
}

/// One key of the server with its public name.
#[derive(Debug, Clone)]
pub struct ServerKey {
    pub id: KeyId,
    pub secret: SecretBytes,
}

/// Seals with one server key and opens with any: add a key everywhere, then write with it, then retire the old.
pub struct Vault {
    write: ServerKey,
    others: Vec<ServerKey>,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault")
            .field("write", &self.write.id)
            .finish_non_exhaustive()
    }
}

const VERSION: u8 = 1;

impl Vault {
    pub fn new(write: ServerKey, others: Vec<ServerKey>) -> Result<Self, SealError> {
        let mut ids = std::collections::HashSet::new();
        for key in std::iter::once(&write).chain(&others) {
            if key.secret.len() < 32 {
                return Err(SealError::ShortKey);
            }
            if !ids.insert(key.id.as_str()) {
                return Err(SealError::SameId);
            }
        }
        Ok(Self { write, others })
    }

    /// A vault for one life of the process: what it sealed cannot be opened after a restart.
    pub fn ephemeral() -> Result<Self, SealError> {
        let mut secret = vec![0; 32];
        rand::fill(&mut secret).map_err(|_| SealError::Seal)?;
        let id = KeyId::parse("ephemeral").map_err(|_| SealError::Seal)?;
        Self::new(
            ServerKey {
                id,
                secret: SecretBytes::new(secret),
            },
            vec![],
        )
    }

    /// Seals `plain` under `secret`. `purpose` and `bound` must be the same when it is opened.
    pub fn seal(
        &self,
        secret: &[u8],
        purpose: &str,
        bound: &[&[u8]],
        plain: &[u8],
    ) -> Result<Vec<u8>, SealError> {
        let mut nonce = [0; NONCE_LEN];
        rand::fill(&mut nonce).map_err(|_| SealError::Seal)?;
        let id = self.write.id.as_str().as_bytes();
        let mut out = Vec::with_capacity(2 + id.len() + NONCE_LEN + plain.len() + 16);
        out.push(VERSION);
        out.push(u8::try_from(id.len()).map_err(|_| SealError::Seal)?);
        out.extend_from_slice(id);
        out.extend_from_slice(&nonce);
        let mut text = Zeroizing::new(plain.to_vec());
        let tag = sealing_key(&self.write, secret, purpose)
            .ok_or(SealError::Seal)?
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(Digest::of(bound).as_bytes()),
                &mut text,
            )
            .map_err(|_| SealError::Seal)?;
        out.extend_from_slice(&text);
        out.extend_from_slice(tag.as_ref());
        Ok(out)
    }

    pub fn open(
        &self,
        secret: &[u8],
        purpose: &str,
        bound: &[&[u8]],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, SealError> {
        self.try_open(secret, purpose, bound, sealed)
            .ok_or(SealError::Open)
    }

    fn try_open(
        &self,
        secret: &[u8],
        purpose: &str,
        bound: &[&[u8]],
        sealed: &[u8],
    ) -> Option<Zeroizing<Vec<u8>>> {
        let (&version, rest) = sealed.split_first()?;
        let (&len, rest) = rest.split_first()?;
        let (id, rest) = rest.split_at_checked(usize::from(len))?;
        let (nonce, text) = rest.split_at_checked(NONCE_LEN)?;
        if version != VERSION {
            return None;
        }
        let key = self.all().find(|key| key.id.as_str().as_bytes() == id)?;
        let mut text = Zeroizing::new(text.to_vec());
        let len = sealing_key(key, secret, purpose)?
            .open_in_place(
                Nonce::try_assume_unique_for_key(nonce).ok()?,
                Aad::from(Digest::of(bound).as_bytes()),
                &mut text,
            )
            .ok()?
            .len();
        text.truncate(len);
        Some(text)
    }

    /// The keyed digest under which something personal is filed, made with the writing key.
    pub fn index(&self, purpose: &str, parts: &[&[u8]]) -> Digest {
        index(&self.write, purpose, parts)
    }

    /// That digest under every key, the writing one first: for finding what was filed before a rotation.
    pub fn indexes(&self, purpose: &str, parts: &[&[u8]]) -> Vec<Digest> {
        self.all().map(|key| index(key, purpose, parts)).collect()
    }

    fn all(&self) -> impl Iterator<Item = &ServerKey> {
        std::iter::once(&self.write).chain(&self.others)
    }
}

fn sealing_key(key: &ServerKey, secret: &[u8], purpose: &str) -> Option<LessSafeKey> {
    let prk = hkdf::Salt::new(hkdf::HKDF_SHA256, key.secret.expose()).extract(secret);
    let info = [
        b"zijspan-seal-v1\0".as_slice(),
        purpose.as_bytes(),
        b"\0",
        key.id.as_str().as_bytes(),
    ];
    let okm = prk.expand(&info, &AES_256_GCM).ok()?;
    Some(LessSafeKey::new(UnboundKey::from(okm)))
}

fn index(key: &ServerKey, purpose: &str, parts: &[&[u8]]) -> Digest {
    let mac_key = hmac::Key::new(hmac::HMAC_SHA256, key.secret.expose());
    let message = Digest::of(parts);
    let mut context = hmac::Context::with_key(&mac_key);
    context.update(b"zijspan-index-v1\0");
    context.update(purpose.as_bytes());
    context.update(b"\0");
    context.update(message.as_bytes());
    let mut out = [0; 32];
    for (slot, byte) in out.iter_mut().zip(context.sign().as_ref()) {
        *slot = *byte;
    }
    Digest::new(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(id: &str, byte: u8) -> ServerKey {
        ServerKey {
            id: KeyId::parse(id).unwrap(),
            secret: SecretBytes::new(vec![byte; 32]),
        }
    }

    #[test]
    fn a_sealed_value_opens_only_with_everything_it_was_sealed_under() {
        let vault = Vault::new(key("a", 1), vec![]).unwrap();
        let sealed = vault.seal(b"token", "session", &[b"demo"], b"hi").unwrap();
        let open = |vault: &Vault, secret: &[u8], purpose: &str, bound: &[&[u8]]| {
            vault
                .open(secret, purpose, bound, &sealed)
                .map(|t| t.to_vec())
        };
        assert_eq!(
            open(&vault, b"token", "session", &[b"demo"]),
            Ok(b"hi".to_vec())
        );
        assert!(open(&vault, b"other", "session", &[b"demo"]).is_err());
        assert!(open(&vault, b"token", "handoff", &[b"demo"]).is_err());
        assert!(open(&vault, b"token", "session", &[b"other"]).is_err());
        assert!(open(&vault, b"token", "session", &[b"de", b"mo"]).is_err());
        let stranger = Vault::new(key("a", 2), vec![]).unwrap();
        assert!(open(&stranger, b"token", "session", &[b"demo"]).is_err());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(
                vault
                    .open(b"token", "session", &[b"demo"], &changed)
                    .is_err()
            );
            assert!(
                vault
                    .open(b"token", "session", &[b"demo"], &sealed[..at])
                    .is_err()
            );
        }
    }

    #[test]
    fn a_server_key_rotates_without_losing_what_was_sealed() {
        let old = Vault::new(key("a", 1), vec![]).unwrap();
        let sealed = old.seal(b"token", "session", &[], b"hi").unwrap();
        let new = Vault::new(key("b", 2), vec![key("a", 1)]).unwrap();
        assert!(new.open(b"token", "session", &[], &sealed).is_ok());
        assert!(
            new.indexes("subject", &[b"x"])
                .contains(&old.index("subject", &[b"x"]))
        );
        let retired = Vault::new(key("b", 2), vec![]).unwrap();
        assert!(retired.open(b"token", "session", &[], &sealed).is_err());
    }

    #[test]
    fn weak_or_doubtful_keys_are_refused() {
        let short = ServerKey {
            id: KeyId::parse("a").unwrap(),
            secret: SecretBytes::new(vec![1; 31]),
        };
        assert_eq!(Vault::new(short, vec![]).err(), Some(SealError::ShortKey));
        let twice = Vault::new(key("a", 1), vec![key("a", 2)]);
        assert_eq!(twice.err(), Some(SealError::SameId));
    }
}
