//! Tests of the profile as a whole: what the vectors cannot say.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{HeaderMap, HeaderName, HeaderValue};
use http::{Method, Uri};
use serde::Deserialize;

use super::base::{self, Base};
use super::*;
use crate::domain::{Clock, KeyId, SecretBytes, SiteId, Timestamp};
use crate::store::nonces::MemoryNonces;

mod attacks;
mod properties;

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
    fn head(&self, verifier: &Verifier) -> Result<VerifiedHead, Refused> {
        verifier.verify_head(&RequestHead {
            method: &self.method,
            uri: &self.uri,
            headers: &self.headers,
        })
    }

    fn set(&mut self, name: &'static str, value: &[u8]) {
        if let Ok(value) = HeaderValue::from_bytes(value) {
            self.headers.insert(HeaderName::from_static(name), value);
        }
    }

    fn judge(
        &self,
        verifier: &Verifier,
        nonces: &MemoryNonces,
    ) -> Result<VerifiedRequest, Refused> {
        self.head(verifier)?
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
    post_at(key, nonce, NOW)
}

fn post_at(key: &SigningKey, nonce: u8, created: i64) -> (Wire, AwaitedResponse) {
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
    let signed = sign_request(key, &request, Timestamp::from_secs(created), nonce).unwrap();
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
    let key = key("zs-demo-1", 101);
    assert_eq!(awaiting.verify(&key, 200, &headers, b"{}"), Ok(()));
    assert_eq!(
        other.verify(&key, 200, &headers, b"{}"),
        Err(Reason::WrongNonce)
    );
    assert_eq!(
        awaiting.verify(&key, 500, &headers, b"{}"),
        Err(Reason::Mac)
    );
    assert_eq!(
        awaiting.verify(&key, 200, &headers, b"{} "),
        Err(Reason::Digest)
    );
}

#[test]
fn two_pairs_of_one_site_may_share_their_response_key_and_nothing_else() {
    let first = pair("voorbeeld", 1);
    let second = KeyPair {
        response: first.response.clone(),
        ..pair("voorbeeld", 2)
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

#[test]
fn an_answer_is_signed_before_the_body_is_known() {
    let verifier = verifier_with(vec![pair("demo", 1)], &clock());
    let (wire, awaiting) = post(&key("wp-demo-1", 1), 1);
    let head = wire.head(&verifier).unwrap();
    let mut headers = HeaderMap::new();
    headers.insert("content-type", HeaderValue::from_static("text/plain"));
    head.responder()
        .sign(413, "text/plain", b"")
        .unwrap()
        .apply(&mut headers);
    let verdict = awaiting.verify(&key("zs-demo-1", 101), 413, &headers, b"");
    assert_eq!(verdict, Ok(()));
}

#[test]
fn what_cannot_travel_is_not_signed() {
    let body = b"{}";
    let good = OutgoingRequest {
        method: "POST",
        authority: HOST,
        path: "/v1/page",
        query: None,
        authorization: None,
        content_type: Some("application/json"),
        body,
    };
    let sign = |request: &OutgoingRequest<'_>| {
        let nonce = Nonce::from_bytes([1; 16]);
        sign_request(
            &key("wp-demo-1", 1),
            request,
            Timestamp::from_secs(NOW),
            nonce,
        )
        .map(|_| ())
        .unwrap_err()
    };
    for (what, request) in [
        (
            "authorization",
            OutgoingRequest {
                authorization: Some("a\r\nX: b"),
                ..good
            },
        ),
        (
            "authorization",
            OutgoingRequest {
                authorization: Some(" a"),
                ..good
            },
        ),
        (
            "authorization",
            OutgoingRequest {
                authorization: Some("\u{e9}"),
                ..good
            },
        ),
        (
            "@path",
            OutgoingRequest {
                path: "/a\0",
                ..good
            },
        ),
        (
            "@query",
            OutgoingRequest {
                query: Some("a\nb"),
                ..good
            },
        ),
        (
            "content-type",
            OutgoingRequest {
                content_type: Some("a\tb"),
                ..good
            },
        ),
    ] {
        assert_eq!(sign(&request), SignError::Value(what));
    }
    let without = OutgoingRequest {
        content_type: None,
        ..good
    };
    assert_eq!(sign(&without), SignError::ContentType);
    let bodyless = OutgoingRequest { body: b"", ..good };
    assert_eq!(sign(&bodyless), SignError::ContentType);
}

#[test]
fn a_window_has_bounds() {
    assert!(Window::new(60, 30).is_some() && Window::new(1, 0).is_some());
    for (past, future) in [(0, 5), (61, 5), (60, -1), (60, 31)] {
        assert!(Window::new(past, future).is_none());
    }
    let narrow = Window::new(10, 0).unwrap();
    let keys = Arc::new(KeyTable::new(vec![pair("demo", 1)]).unwrap());
    let clock = clock();
    let verifier = Verifier::new(keys, [HOST.to_owned()], narrow, clock.clone()).unwrap();
    let (wire, _) = post(&key("wp-demo-1", 1), 1);
    for (at, accepted) in [
        (NOW - 1, false),
        (NOW, true),
        (NOW + 10, true),
        (NOW + 11, false),
    ] {
        clock.set(Timestamp::from_secs(at));
        assert_eq!(wire.head(&verifier).is_ok(), accepted, "{at}");
    }
}

#[test]
fn nothing_secret_is_printed() {
    let verifier = verifier_with(vec![pair("demo", 1)], &clock());
    let (wire, awaiting) = post(&key("wp-demo-1", 1), 1);
    let head = wire.head(&verifier).unwrap();
    let printed = format!("{verifier:?} {head:?} {awaiting:?}");
    let request = wire.judge(&verifier, &MemoryNonces::volatile(1)).unwrap();
    let printed = format!("{printed} {request:?}");
    for secret in ["c2Vzc2lvbi10b2tlbg", "/v1/page", "b=%20", "[1, 1,"] {
        assert!(!printed.contains(secret), "{secret} in {printed}");
    }
}

#[test]
fn the_signature_base_of_rfc_9421_b_2_5_is_ours() {
    #[derive(Deserialize)]
    struct Standard {
        key: StandardKey,
        lines: Vec<(String, String)>,
        params: String,
        base: String,
        mac: String,
    }
    #[derive(Deserialize)]
    struct StandardKey {
        secret: String,
    }
    let text = include_str!("../../tests/vectors/rfc9421-b25.json");
    let standard: Standard = serde_json::from_str(text).unwrap();
    let mut base = Base::default();
    for (name, value) in &standard.lines {
        base.line(name.trim_matches('"'), value);
    }
    let base = base.finish(&standard.params);
    assert_eq!(*base, standard.base);
    let decode = |text: &str| STANDARD.decode(text).unwrap();
    let secret = SecretBytes::new(decode(&standard.key.secret));
    assert_eq!(base::sign(&secret, &base), decode(&standard.mac));
    let mac: [u8; 32] = decode(&standard.mac).try_into().unwrap();
    assert!(base::fits(&secret, &base, &mac));
}
