//! Tests of the profile as a whole: what the vectors cannot say.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use http::header::{HeaderMap, HeaderValue};
use http::{Method, Uri};

use super::*;
use crate::domain::{Clock, KeyId, SecretBytes, SiteId, Timestamp};
use crate::store::nonces::MemoryNonces;

const NOW: i64 = 1_790_000_000;
const HOST: &str = "localhost:8480";
const TOKEN: &str = "Bearer c2Vzc2lvbi10b2tlbg";

fn key(id: &str, fill: u8) -> SigningKey {
    SigningKey {
        id: KeyId::parse(id).unwrap(),
        secret: SecretBytes::new(vec![fill; 32]),
    }
}

fn pair(site: &str, number: u8) -> KeyPair {
    KeyPair::new(
        SiteId::parse(site).unwrap(),
        [Scope::Pages],
        key(&format!("wp-{site}-{number}"), number),
        key(&format!("zs-{site}-{number}"), number + 100),
    )
}

fn verifier_with(pairs: Vec<KeyPair>, clock: &Clock) -> Verifier {
    let keys = Arc::new(KeyTable::new(pairs).unwrap());
    Verifier::new(keys, [HOST.to_owned()], Window::default(), clock.clone()).unwrap()
}

fn clock() -> Clock {
    Clock::manual(Timestamp::from_secs(NOW))
}

/// A request as it lies on the wire.
#[derive(Debug, Clone)]
struct Wire {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Wire {
    fn judge(
        &self,
        verifier: &Verifier,
        nonces: &MemoryNonces,
    ) -> Result<VerifiedRequest, Refused> {
        verifier
            .verify_head(&RequestHead {
                method: &self.method,
                uri: &self.uri,
                headers: &self.headers,
            })?
            .verify_body(&self.body)?
            .spend_nonce(nonces)
    }

    fn verdict(&self) -> Result<VerifiedRequest, Refused> {
        self.judge(
            &verifier_with(vec![pair("demo", 1)], &clock()),
            &MemoryNonces::volatile(10),
        )
    }
}

fn post(key: &SigningKey, nonce: u8) -> (Wire, AwaitedResponse) {
    let body = br#"{"parts":[]}"#;
    let request = OutgoingRequest {
        method: "POST",
        authority: HOST,
        path: "/v1/page",
        query: Some("a=1&b=%20"),
        authorization: Some(TOKEN),
        content_type: Some("application/json"),
        body,
    };
    let nonce = Nonce::from_bytes([nonce; 16]);
    let signed = sign_request(key, &request, Timestamp::from_secs(NOW), nonce).unwrap();
    let mut headers = HeaderMap::new();
    signed.apply(&mut headers);
    headers.insert("host", HeaderValue::from_static(HOST));
    let wire = Wire {
        method: Method::POST,
        uri: "/v1/page?a=1&b=%20".parse().unwrap(),
        headers,
        body: body.to_vec(),
    };
    (wire, signed.awaiting)
}

#[test]
fn a_signed_request_says_who_made_it_and_what_it_covers() {
    let (wire, _) = post(&key("wp-demo-1", 1), 1);
    let request = wire.verdict().unwrap();
    assert_eq!(request.site().as_str(), "demo");
    assert_eq!(request.key_id().as_str(), "wp-demo-1");
    assert_eq!(request.bearer(), Some("c2Vzc2lvbi10b2tlbg"));
    assert_eq!(request.content_type(), Some("application/json"));
    assert!(request.has_scope(Scope::Pages) && !request.has_scope(Scope::Admin));
}

#[test]
fn attack_01_the_same_request_twice_is_refused_the_second_time() {
    let verifier = verifier_with(vec![pair("demo", 1)], &clock());
    let nonces = MemoryNonces::volatile(10);
    let (wire, _) = post(&key("wp-demo-1", 1), 1);
    assert!(wire.judge(&verifier, &nonces).is_ok());
    assert_eq!(
        wire.judge(&verifier, &nonces).unwrap_err(),
        Reason::Replayed.into()
    );
}

#[test]
fn attack_01_of_a_hundred_in_parallel_one_passes() {
    let verifier = verifier_with(vec![pair("demo", 1)], &clock());
    let nonces = MemoryNonces::volatile(1000);
    let (wire, _) = post(&key("wp-demo-1", 1), 1);
    let passed = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..100 {
            scope.spawn(|| {
                if wire.judge(&verifier, &nonces).is_ok() {
                    passed.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
    });
    assert_eq!(passed.into_inner(), 1);
}

#[test]
fn an_answer_passes_for_its_own_request_only() {
    let verifier = verifier_with(vec![pair("demo", 1)], &clock());
    let (wire, awaiting) = post(&key("wp-demo-1", 1), 1);
    let (_, other) = post(&key("wp-demo-1", 1), 2);
    let request = wire.judge(&verifier, &MemoryNonces::volatile(10)).unwrap();
    let mut headers = HeaderMap::new();
    headers.insert("content-type", HeaderValue::from_static("application/json"));
    request
        .responder()
        .sign(200, "application/json", b"{}")
        .unwrap()
        .apply(&mut headers);
    let now = Timestamp::from_secs(NOW);
    let key = key("zs-demo-1", 101);
    assert_eq!(awaiting.verify(&key, 200, &headers, b"{}", now), Ok(()));
    assert_eq!(
        other.verify(&key, 200, &headers, b"{}", now),
        Err(Reason::WrongNonce)
    );
    assert_eq!(
        awaiting.verify(&key, 500, &headers, b"{}", now),
        Err(Reason::Mac)
    );
    assert_eq!(
        awaiting.verify(&key, 200, &headers, b"{} ", now),
        Err(Reason::Digest)
    );
}

#[test]
fn two_pairs_of_one_site_may_share_their_response_key_and_nothing_else() {
    let first = pair("buren", 1);
    let second = KeyPair {
        response: first.response.clone(),
        ..pair("buren", 2)
    };
    assert!(KeyTable::new(vec![first.clone(), second.clone()]).is_ok());
    let elsewhere = KeyPair {
        response: first.response.clone(),
        ..pair("tiel", 2)
    };
    assert!(KeyTable::new(vec![first.clone(), elsewhere]).is_err());
    let crossed = KeyPair {
        request: first.response.clone(),
        ..second
    };
    assert!(KeyTable::new(vec![first, crossed]).is_err());
}
