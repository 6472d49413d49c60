//! Which keys there are, whose they are and what they may be used for.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use sha2::{Digest as _, Sha256};

use super::error::Reason;
use crate::domain::{KeyId, SecretBytes, SiteId, Timestamp};

const MIN_SECRET: usize = 32;

/// SHA-256 of the published test secret of RFC 9421 B.1.5, as bytes and as base64 text. The secret
/// itself would only set off secret scanners.
const RFC_TEST_KEY: [&str; 2] = [
    "57ca14d520f889be5bc6d9313b442f62a4a71d63fceac507c914683a8944b4a0",
    "dc524b946ccae61616618baefc80734d16f0a8b830cbcb152c4480c15c4da2ea",
];

/// What a key may be used for. All but `Pages` are off until the configuration names them.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Pages and changes of residents, with their session token.
    Pages,
    /// Saying who somebody is without a proof of a broker.
    Assert,
    /// Policy and health.
    Admin,
    /// Messages to residents.
    Publish,
    /// Asking why something is hidden.
    Diagnose,
}

/// A key id with its secret, for one direction.
#[derive(Debug, Clone)]
pub struct SigningKey {
    pub id: KeyId,
    pub secret: SecretBytes,
}

impl SigningKey {
    /// Sixteen hexadecimal digits by which two people can see that they have the same secret.
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.secret)
    }
}

/// The first sixteen hexadecimal digits of SHA-256 over `zijspan-key-fingerprint`, a zero byte and the secret.
pub fn fingerprint(secret: &SecretBytes) -> String {
    let digest = Sha256::new()
        .chain_update(b"zijspan-key-fingerprint\0")
        .chain_update(secret.expose())
        .finalize();
    hex(&digest).chars().take(16).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether the configuration still wants a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyStatus {
    #[default]
    Active,
    Retired,
    Revoked,
}

/// Two keys of one site: WordPress signs with `request`, the sidecar answers with `response`.
#[derive(Debug, Clone)]
pub struct KeyPair {
    pub site: SiteId,
    pub scopes: BTreeSet<Scope>,
    pub status: KeyStatus,
    /// Not valid before this moment.
    pub not_before: Option<Timestamp>,
    /// Not valid from this moment on.
    pub not_after: Option<Timestamp>,
    pub request: SigningKey,
    pub response: SigningKey,
}

impl KeyPair {
    /// A pair that is valid without an end.
    pub fn new(
        site: SiteId,
        scopes: impl IntoIterator<Item = Scope>,
        request: SigningKey,
        response: SigningKey,
    ) -> Self {
        Self {
            site,
            scopes: scopes.into_iter().collect(),
            status: KeyStatus::Active,
            not_before: None,
            not_after: None,
            request,
            response,
        }
    }

    pub fn check(&self, now: Timestamp) -> Result<(), Reason> {
        match self.status {
            KeyStatus::Revoked => Err(Reason::KeyRevoked),
            KeyStatus::Retired => Err(Reason::KeyRetired),
            KeyStatus::Active if self.not_before.is_some_and(|from| now < from) => {
                Err(Reason::KeyNotYetValid)
            }
            KeyStatus::Active if self.not_after.is_some_and(|until| now >= until) => {
                Err(Reason::KeyRetired)
            }
            KeyStatus::Active => Ok(()),
        }
    }
}

/// Why a set of keys is refused at start-up, as a sentence that says what to change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyProblem {
    #[error(
        "the secret of key {key} has {bytes} bytes; make one of at least 32 with `zijspan keys new`"
    )]
    Short { key: KeyId, bytes: usize },
    #[error(
        "the secret of key {key} is the published test key of RFC 9421; make one with `zijspan keys new`"
    )]
    RfcTestKey { key: KeyId },
    #[error("sites {first} and {second} both have a key {key}; a key id belongs to one site")]
    TwoSites {
        key: KeyId,
        first: SiteId,
        second: SiteId,
    },
    #[error("key id {key} is used twice; give every key its own id")]
    Twice { key: KeyId },
    #[error("request key {request} and response key {response} have the same secret; make two")]
    SameSecret { request: KeyId, response: KeyId },
    #[error("keys {first} and {second} have the same secret; make two")]
    SharedSecret { first: KeyId, second: KeyId },
    #[error("key {key} has no scope, so it opens nothing; give it scopes = [\"pages\"]")]
    NoScope { key: KeyId },
}

/// Every key pair, by the id of its request key.
pub struct KeyTable(BTreeMap<KeyId, KeyPair>);

impl fmt::Debug for KeyTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl KeyTable {
    /// All problems at once, so that they can be mended at once.
    pub fn new(pairs: Vec<KeyPair>) -> Result<Self, Vec<KeyProblem>> {
        let problems = problems(&pairs);
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Self(
            pairs
                .into_iter()
                .map(|pair| (pair.request.id.clone(), pair))
                .collect(),
        ))
    }

    pub fn find(&self, request_key: &KeyId) -> Option<&KeyPair> {
        self.0.get(request_key)
    }

    pub fn pairs(&self) -> impl Iterator<Item = &KeyPair> {
        self.0.values()
    }
}

fn problems(pairs: &[KeyPair]) -> Vec<KeyProblem> {
    let mut problems = Vec::new();
    let mut seen: Vec<(&SiteId, &SigningKey, bool)> = Vec::new();
    for pair in pairs {
        if pair.scopes.is_empty() {
            problems.push(KeyProblem::NoScope {
                key: pair.request.id.clone(),
            });
        }
        let same = pair.request.secret.expose() == pair.response.secret.expose();
        if same {
            problems.push(KeyProblem::SameSecret {
                request: pair.request.id.clone(),
                response: pair.response.id.clone(),
            });
        }
        for (key, answers) in [(&pair.request, false), (&pair.response, true)] {
            problems.extend(weak(key));
            for (site, other, other_answers) in &seen {
                let same_key = other.id == key.id && other.secret.expose() == key.secret.expose();
                if same_key && answers && *other_answers && **site == pair.site {
                    // A site's admin key may be answered under the response key of its pages key.
                    continue;
                }
                if other.id == key.id {
                    problems.push(id_problem(key, site, &pair.site));
                } else if other.secret.expose() == key.secret.expose()
                    && !(same && other.id == pair.request.id)
                {
                    problems.push(KeyProblem::SharedSecret {
                        first: other.id.clone(),
                        second: key.id.clone(),
                    });
                }
            }
            seen.push((&pair.site, key, answers));
        }
    }
    problems
}

fn weak(key: &SigningKey) -> Option<KeyProblem> {
    if key.secret.len() < MIN_SECRET {
        return Some(KeyProblem::Short {
            key: key.id.clone(),
            bytes: key.secret.len(),
        });
    }
    let digest = hex(&Sha256::digest(key.secret.expose()));
    RFC_TEST_KEY
        .contains(&digest.as_str())
        .then(|| KeyProblem::RfcTestKey {
            key: key.id.clone(),
        })
}

fn id_problem(key: &SigningKey, first: &SiteId, second: &SiteId) -> KeyProblem {
    if first == second {
        KeyProblem::Twice {
            key: key.id.clone(),
        }
    } else {
        KeyProblem::TwoSites {
            key: key.id.clone(),
            first: first.clone(),
            second: second.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(id: &str, secret: &[u8]) -> SigningKey {
        SigningKey {
            id: KeyId::parse(id).unwrap(),
            secret: SecretBytes::new(secret.to_vec()),
        }
    }

    fn pair(site: &str, request: SigningKey, response: SigningKey) -> KeyPair {
        KeyPair::new(
            SiteId::parse(site).unwrap(),
            [Scope::Pages],
            request,
            response,
        )
    }

    fn refusals(pairs: Vec<KeyPair>) -> String {
        let problems = KeyTable::new(pairs).map(|_| ()).unwrap_err();
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        lines.join("\n")
    }

    #[test]
    fn two_pairs_of_one_site_are_fine() {
        let table = KeyTable::new(vec![
            pair("demo", key("wp-1", &[1; 32]), key("zs-1", &[2; 32])),
            pair("demo", key("wp-2", &[3; 32]), key("zs-2", &[4; 32])),
        ])
        .unwrap();
        assert_eq!(table.pairs().count(), 2);
        assert!(table.find(&KeyId::parse("wp-2").unwrap()).is_some());
        assert!(
            table.find(&KeyId::parse("zs-1").unwrap()).is_none(),
            "a response key opens nothing"
        );
        assert_eq!(format!("{table:?}"), r#"{KeyId("wp-1"), KeyId("wp-2")}"#);
    }

    #[test]
    fn a_short_secret_is_refused() {
        for short in [0, 31] {
            let refused = refusals(vec![pair(
                "demo",
                key("wp-1", &vec![1; short]),
                key("zs-1", &[2; 32]),
            )]);
            assert!(
                refused.contains(&format!("wp-1 has {short} bytes")),
                "{refused}"
            );
        }
    }

    #[test]
    fn the_published_test_key_is_refused_as_bytes_and_as_text() {
        use base64::Engine as _;
        let text = include_str!("../../tests/vectors/rfc9421-b25.json");
        let standard: serde_json::Value = serde_json::from_str(text).unwrap();
        let text = standard["key"]["secret"].as_str().unwrap();
        let raw = base64::engine::general_purpose::STANDARD
            .decode(text)
            .unwrap();
        for secret in [raw.as_slice(), text.as_bytes()] {
            let refused = refusals(vec![pair(
                "demo",
                key("wp-1", &[1; 32]),
                key("zs-1", secret),
            )]);
            assert!(
                refused.contains("zs-1 is the published test key"),
                "{refused}"
            );
        }
    }

    #[test]
    fn a_key_id_belongs_to_one_site_and_one_key() {
        let refused = refusals(vec![
            pair("demo", key("wp-1", &[1; 32]), key("zs-1", &[2; 32])),
            pair("other", key("wp-1", &[3; 32]), key("zs-2", &[4; 32])),
        ]);
        assert_eq!(
            refused,
            "sites demo and other both have a key wp-1; a key id belongs to one site"
        );
        let refused = refusals(vec![
            pair("demo", key("wp-1", &[1; 32]), key("zs-1", &[2; 32])),
            pair("demo", key("wp-2", &[3; 32]), key("zs-1", &[4; 32])),
        ]);
        assert!(refused.contains("key id zs-1 is used twice"), "{refused}");
    }

    #[test]
    fn no_two_keys_have_one_secret() {
        let refused = refusals(vec![pair(
            "demo",
            key("wp-1", &[1; 32]),
            key("zs-1", &[1; 32]),
        )]);
        assert_eq!(
            refused,
            "request key wp-1 and response key zs-1 have the same secret; make two"
        );
        let refused = refusals(vec![
            pair("demo", key("wp-1", &[1; 32]), key("zs-1", &[2; 32])),
            pair("other", key("wp-2", &[2; 32]), key("zs-2", &[4; 32])),
        ]);
        assert_eq!(refused, "keys zs-1 and wp-2 have the same secret; make two");
    }

    #[test]
    fn every_problem_is_told_at_once() {
        let mut pair = pair("demo", key("wp-1", &[1; 8]), key("zs-1", &[1; 8]));
        pair.scopes.clear();
        assert_eq!(refusals(vec![pair]).lines().count(), 4);
    }

    #[test]
    fn a_key_is_valid_from_its_first_second_until_before_its_last() {
        let mut pair = pair("demo", key("wp-1", &[1; 32]), key("zs-1", &[2; 32]));
        pair.not_before = Some(Timestamp::from_secs(10));
        pair.not_after = Some(Timestamp::from_secs(20));
        let at = |pair: &KeyPair, secs| pair.check(Timestamp::from_secs(secs));
        assert_eq!(at(&pair, 9), Err(Reason::KeyNotYetValid));
        assert_eq!(at(&pair, 10), Ok(()));
        assert_eq!(at(&pair, 19), Ok(()));
        assert_eq!(at(&pair, 20), Err(Reason::KeyRetired));
        pair.status = KeyStatus::Retired;
        assert_eq!(at(&pair, 15), Err(Reason::KeyRetired));
        pair.status = KeyStatus::Revoked;
        assert_eq!(at(&pair, 15), Err(Reason::KeyRevoked));
    }

    #[test]
    fn a_fingerprint_is_the_same_everywhere_and_not_the_plain_digest() {
        let secret = SecretBytes::new(vec![7; 32]);
        assert_eq!(fingerprint(&secret), "8d8f965a08501711");
        assert_eq!(fingerprint(&secret).len(), 16);
        assert!(!hex(&Sha256::digest(secret.expose())).starts_with(&fingerprint(&secret)));
    }
}
