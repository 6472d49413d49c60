//! The signature base (RFC 9421 section 2.5) and the MAC over it.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::domain::SecretBytes;

/// Name and value per line, the parameters last, no line end after them. The base can hold a
/// session token, so it is wiped.
#[derive(Debug)]
pub(super) struct Base(Zeroizing<String>);

/// As much as a base usually takes: text that moves to grow leaves a copy behind that is not wiped.
const ROOM: usize = 1024;

impl Default for Base {
    fn default() -> Self {
        Self(Zeroizing::new(String::with_capacity(ROOM)))
    }
}

impl Base {
    /// One component of the message that is signed.
    pub fn line(&mut self, name: &str, value: &str) {
        self.push(&["\"", name, "\": ", value, "\n"]);
    }

    /// One component of the request that a response answers (section 2.4).
    pub fn request_line(&mut self, name: &str, value: &str) {
        self.push(&["\"", name, "\";req: ", value, "\n"]);
    }

    /// Ends the base with `params`, exactly as they are sent or were received.
    pub fn finish(mut self, params: &str) -> Zeroizing<String> {
        self.push(&["\"@signature-params\": ", params]);
        self.0
    }

    fn push(&mut self, parts: &[&str]) {
        for part in parts {
            self.0.push_str(part);
        }
    }
}

/// HMAC-SHA256 takes a key of any length, so this never is `None` in practice.
fn mac(secret: &SecretBytes, base: &str) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose()).ok()?;
    mac.update(base.as_bytes());
    Some(mac)
}

/// The MAC to send; empty, and so refused by everybody, if there could be none.
pub(super) fn sign(secret: &SecretBytes, base: &str) -> Vec<u8> {
    mac(secret, base)
        .map(|mac| mac.finalize().into_bytes().to_vec())
        .unwrap_or_default()
}

/// Compares in constant time.
pub(super) fn fits(secret: &SecretBytes, base: &str, received: &[u8; 32]) -> bool {
    mac(secret, base).is_some_and(|mac| mac.verify_slice(received).is_ok())
}
