//! The provider's public keys (RFC 7517).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::Value;

use super::{Algorithm, roca};
use crate::identity::IdentityError;

/// More keys than any provider has in use.
const MAX_KEYS: usize = 20;

/// The keys that can be used. Those of other kinds are skipped: a provider may have them for others.
#[derive(Debug)]
pub struct JwkSet {
    keys: Vec<Jwk>,
}

#[derive(Debug)]
pub struct Jwk {
    kid: Option<String>,
    alg: Option<String>,
    pub(super) key: PublicKey,
}

#[derive(Debug)]
pub enum PublicKey {
    Rsa { n: Vec<u8>, e: Vec<u8> },
    P256(Vec<u8>),
    Ed25519(Vec<u8>),
}

#[derive(Deserialize)]
struct Raw {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    key_ops: Option<Vec<String>>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
    /// The private half. Where it is published, the key is anybody's.
    d: Option<Value>,
}

impl JwkSet {
    pub fn parse(body: &[u8]) -> Result<Self, IdentityError> {
        #[derive(Deserialize)]
        struct Set {
            keys: Vec<Value>,
        }
        let set: Set = serde_json::from_slice(body).map_err(|_| IdentityError::JwksGarbled)?;
        if set.keys.len() > MAX_KEYS {
            return Err(IdentityError::JwksGarbled);
        }
        let keys = set.keys.into_iter().filter_map(usable).collect();
        Ok(Self { keys })
    }

    pub const fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The one key for a token: the one with its `kid`, or without `kid` the only one that fits.
    pub fn find(&self, kid: Option<&str>, alg: Algorithm) -> Option<&Jwk> {
        let mut fitting = self.keys.iter().filter(|jwk| {
            jwk.key.fits(alg)
                && jwk.alg.as_deref().is_none_or(|own| own == alg.name())
                && kid.is_none_or(|kid| jwk.kid.as_deref() == Some(kid))
        });
        let found = fitting.next()?;
        fitting.next().is_none().then_some(found)
    }
}

impl PublicKey {
    const fn fits(&self, alg: Algorithm) -> bool {
        matches!(
            (self, alg),
            (Self::Rsa { .. }, Algorithm::Rs256 | Algorithm::Ps256)
                | (Self::P256(_), Algorithm::Es256)
                | (Self::Ed25519(_), Algorithm::EdDsa)
        )
    }
}

fn usable(value: Value) -> Option<Jwk> {
    let raw: Raw = serde_json::from_value(value).ok()?;
    if raw.usage.as_deref().is_some_and(|usage| usage != "sig") {
        return None;
    }
    if raw
        .key_ops
        .is_some_and(|ops| !ops.iter().any(|op| op == "verify"))
    {
        return None;
    }
    if raw.d.is_some() {
        return None;
    }
    let key = match (raw.kty.as_str(), raw.crv.as_deref()) {
        ("RSA", _) => {
            let n = without_leading_zeros(bytes(raw.n)?);
            let e = without_leading_zeros(bytes(raw.e)?);
            // 2048 bits: 256 bytes of which the first has its highest bit set.
            let long = n.len() > 256 || (n.len() == 256 && n.first().is_some_and(|b| *b >= 0x80));
            if !long || !usual_exponent(&e) || roca::is_suspect(&n) {
                return None;
            }
            PublicKey::Rsa { n, e }
        }
        ("EC", Some("P-256")) => {
            let mut point = vec![4];
            point.extend(bytes(raw.x)?);
            point.extend(bytes(raw.y)?);
            if point.len() != 65 {
                return None;
            }
            PublicKey::P256(point)
        }
        ("OKP", Some("Ed25519")) => {
            let point = bytes(raw.x)?;
            if point.len() != 32 {
                return None;
            }
            PublicKey::Ed25519(point)
        }
        _ => return None,
    };
    Some(Jwk {
        kid: raw.kid,
        alg: raw.alg,
        key,
    })
}

/// Odd, from 65537 (NIST SP 800-56B) to 32 bits. Everybody uses 65537 itself.
fn usual_exponent(e: &[u8]) -> bool {
    let value = e.iter().try_fold(0_u32, |value, byte| {
        value.checked_mul(256).map(|value| value | u32::from(*byte))
    });
    value.is_some_and(|value| value >= 65_537 && value % 2 == 1)
}

fn bytes(text: Option<String>) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text?).ok()
}

fn without_leading_zeros(bytes: Vec<u8>) -> Vec<u8> {
    bytes.into_iter().skip_while(|byte| *byte == 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn rsa(kid: &str, len: usize) -> Value {
        let n = URL_SAFE_NO_PAD.encode(vec![0xff; len]);
        json!({"kty": "RSA", "kid": kid, "use": "sig", "n": n, "e": "AQAB"})
    }

    fn set(keys: Vec<Value>) -> Result<JwkSet, IdentityError> {
        JwkSet::parse(json!({"keys": keys}).to_string().as_bytes())
    }

    #[test]
    fn keys_that_cannot_be_used_are_skipped_without_spoiling_the_set() {
        let mut enc = rsa("enc", 256);
        enc["use"] = json!("enc");
        let mut ops = rsa("ops", 256);
        ops["key_ops"] = json!(["encrypt"]);
        let odd = json!({"kty": "oct", "kid": "oct", "k": "AAAA"});
        let x448 = json!({"kty": "OKP", "crv": "X448", "kid": "x", "x": "AA"});
        let keys = vec![
            enc,
            ops,
            odd,
            x448,
            json!(7),
            json!({}),
            rsa("weak", 255),
            rsa("good", 256),
        ];
        let set = set(keys).unwrap();
        assert_eq!(set.keys.len(), 1);
        assert!(set.find(Some("good"), Algorithm::Rs256).is_some());
    }

    #[test]
    fn a_key_is_found_by_kid_or_when_it_is_the_only_one_that_fits() {
        let one = set(vec![rsa("a", 256)]).unwrap();
        assert!(one.find(None, Algorithm::Ps256).is_some());
        assert!(one.find(Some("b"), Algorithm::Ps256).is_none());
        assert!(one.find(Some("a"), Algorithm::Es256).is_none());
        let two = set(vec![rsa("a", 256), rsa("b", 256)]).unwrap();
        assert!(two.find(None, Algorithm::Rs256).is_none());
        assert!(two.find(Some("b"), Algorithm::Rs256).is_some());
        let twice = set(vec![rsa("a", 256), rsa("a", 257)]).unwrap();
        assert!(twice.find(Some("a"), Algorithm::Rs256).is_none());
        let mut pinned = rsa("a", 256);
        pinned["alg"] = json!("RS256");
        let pinned = set(vec![pinned]).unwrap();
        assert!(pinned.find(Some("a"), Algorithm::Rs256).is_some());
        assert!(pinned.find(Some("a"), Algorithm::Ps256).is_none());
    }

    #[test]
    fn a_set_that_is_too_large_or_no_set_is_refused() {
        assert!(set(vec![rsa("a", 256); 20]).is_ok());
        assert!(set(vec![rsa("a", 256); 21]).is_err());
        for bad in ["", "[]", "{}", r#"{"keys":{}}"#] {
            assert!(JwkSet::parse(bad.as_bytes()).is_err());
        }
    }
}
