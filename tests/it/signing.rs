//! The vectors of `tests/vectors/`, which the PHP shim reads too. Their names say which attack they are.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{HeaderMap, HeaderName, HeaderValue};
use http::{Method, Uri};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use zijspan::domain::{Clock, KeyId, SecretBytes, SiteId, Timestamp};
use zijspan::signing::{
    AwaitedResponse, ContentDigest, KeyPair, KeyStatus, KeyTable, Nonce, OutgoingRequest, Refused,
    RequestHead, Scope, SignedRequest, SigningKey, VerifiedRequest, Verifier, Window, sign_request,
};
use zijspan::store::nonces::MemoryNonces;

#[derive(Deserialize)]
struct Keys {
    authorities: Vec<String>,
    keys: Vec<Pair>,
}

#[derive(Deserialize)]
struct Pair {
    site: SiteId,
    scopes: Vec<Scope>,
    status: KeyStatus,
    not_before: Option<i64>,
    not_after: Option<i64>,
    request: Key,
    response: Key,
}

#[derive(Deserialize)]
struct Key {
    keyid: KeyId,
    secret: String,
}

impl Key {
    fn read(&self) -> SigningKey {
        SigningKey {
            id: self.keyid.clone(),
            secret: SecretBytes::new(bytes(&self.secret)),
        }
    }
}

#[derive(Deserialize)]
struct File<V> {
    vectors: Vec<V>,
}

#[derive(Deserialize, Clone)]
struct Wire {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: String,
}

#[derive(Deserialize)]
struct Positive {
    name: String,
    now: i64,
    request: Wire,
    client: Option<Outgoing>,
    expect: Expect,
}

/// What a client is told, when the vector is written as this project's clients write.
#[derive(Deserialize)]
struct Outgoing {
    method: String,
    authority: String,
    path: String,
    query: Option<String>,
    authorization: Option<String>,
    content_type: Option<String>,
    body: String,
    created: i64,
    nonce: String,
    keyid: KeyId,
}

#[derive(Deserialize)]
struct Expect {
    site: String,
    keyid: String,
    nonce: String,
    bearer: Option<String>,
    content_type: Option<String>,
}

#[derive(Deserialize)]
struct Negative {
    name: String,
    line: u32,
    now: i64,
    request: Wire,
    reason: String,
    #[serde(default)]
    sent_before: bool,
}

#[derive(Deserialize)]
struct Answered {
    name: String,
    request: String,
    response: WireResponse,
    keyid: Option<KeyId>,
    #[serde(default)]
    created: i64,
    #[serde(default)]
    canonical: bool,
    reason: Option<String>,
}

#[derive(Deserialize)]
struct WireResponse {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

fn load<T: DeserializeOwned>(name: &str) -> T {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/vectors")
        .join(name);
    serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap()
}

fn bytes(base64: &str) -> Vec<u8> {
    STANDARD.decode(base64).unwrap()
}

fn headers(lines: &[(String, String)]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in lines {
        map.append(
            HeaderName::from_bytes(name.as_bytes()).unwrap(),
            HeaderValue::from_bytes(value.as_bytes()).unwrap(),
        );
    }
    map
}

fn secs(at: i64) -> Timestamp {
    Timestamp::from_secs(at)
}

fn table() -> (Arc<KeyTable>, Vec<String>) {
    let Keys { authorities, keys } = load("keys.json");
    let pairs = keys
        .iter()
        .map(|pair| KeyPair {
            status: pair.status,
            not_before: pair.not_before.map(secs),
            not_after: pair.not_after.map(secs),
            ..KeyPair::new(
                pair.site.clone(),
                pair.scopes.clone(),
                pair.request.read(),
                pair.response.read(),
            )
        })
        .collect();
    (Arc::new(KeyTable::new(pairs).unwrap()), authorities)
}

fn request_key(keyid: &KeyId) -> SigningKey {
    table().0.find(keyid).unwrap().request.clone()
}

fn response_key(request_keyid: &KeyId) -> SigningKey {
    table().0.find(request_keyid).unwrap().response.clone()
}

fn judge(wire: &Wire, clock: &Clock, nonces: &MemoryNonces) -> Result<VerifiedRequest, Refused> {
    let (keys, authorities) = table();
    let verifier = Verifier::new(keys, authorities, Window::default(), clock.clone()).unwrap();
    let method = Method::from_bytes(wire.method.as_bytes()).unwrap();
    let uri: Uri = wire.target.parse().unwrap();
    let headers = headers(&wire.headers);
    verifier
        .verify_head(&RequestHead {
            method: &method,
            uri: &uri,
            headers: &headers,
        })?
        .verify_body(&bytes(&wire.body))?
        .spend_nonce(nonces)
}

fn sign(client: &Outgoing) -> SignedRequest {
    let body = bytes(&client.body);
    let nonce = Nonce::parse(&client.nonce).unwrap();
    let request = OutgoingRequest {
        method: &client.method,
        authority: &client.authority,
        path: &client.path,
        query: client.query.as_deref(),
        authorization: client.authorization.as_deref(),
        content_type: client.content_type.as_deref(),
        body: &body,
    };
    sign_request(
        &request_key(&client.keyid),
        &request,
        secs(client.created),
        nonce,
    )
    .unwrap()
}

fn positives() -> Vec<Positive> {
    load::<File<Positive>>("requests.json").vectors
}

#[test]
fn every_positive_request_vector_is_accepted_for_what_it_is() {
    for vector in positives() {
        let clock = Clock::manual(secs(vector.now));
        let request = judge(&vector.request, &clock, &MemoryNonces::volatile(10))
            .unwrap_or_else(|refused| panic!("{}: {refused}", vector.name));
        let got = (
            request.site().as_str(),
            request.key_id().as_str(),
            request.nonce().as_str(),
            request.bearer(),
            request.content_type(),
        );
        let expect = &vector.expect;
        let wanted = (
            expect.site.as_str(),
            expect.keyid.as_str(),
            expect.nonce.as_str(),
            expect.bearer.as_deref(),
            expect.content_type.as_deref(),
        );
        assert_eq!(got, wanted, "{}", vector.name);
    }
}

#[test]
fn a_client_signs_what_the_vectors_say_byte_for_byte() {
    let mut signed = 0;
    for vector in positives() {
        let Some(client) = &vector.client else {
            continue;
        };
        let mut ours = HeaderMap::new();
        sign(client).apply(&mut ours);
        let theirs = headers(&vector.request.headers);
        for (name, value) in &ours {
            assert_eq!(Some(value), theirs.get(name), "{} {name}", vector.name);
        }
        signed += 1;
    }
    assert!(signed >= 20, "{signed}");
}

#[test]
fn every_negative_request_vector_is_refused_for_its_reason() {
    let vectors = load::<File<Negative>>("negative.json").vectors;
    assert!(vectors.len() >= 40);
    let mut wrong = Vec::new();
    let mut lines = BTreeMap::<u32, usize>::new();
    for vector in &vectors {
        let clock = Clock::manual(secs(vector.now));
        let nonces = MemoryNonces::volatile(10);
        if vector.sent_before {
            judge(&vector.request, &clock, &nonces).unwrap();
        }
        let code = match judge(&vector.request, &clock, &nonces) {
            Ok(_) => "accepted",
            Err(refused) => refused.code(),
        };
        if code != vector.reason {
            wrong.push(format!("{}: {code}, not {}", vector.name, vector.reason));
        }
        *lines.entry(vector.line).or_default() += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // 16, 18 and 20 are not refusals of one message: positive vectors and tests elsewhere.
    for line in (1..=15).chain([17, 19]) {
        assert!(
            lines.contains_key(&line),
            "line {line} of the attacks has no vector"
        );
    }
}

fn awaiting(request: &str) -> (AwaitedResponse, KeyId) {
    let vector = positives()
        .into_iter()
        .find(|vector| vector.name == request)
        .unwrap();
    let client = vector.client.unwrap();
    (sign(&client).awaiting, client.keyid)
}

fn verdict(vector: &Answered) -> &'static str {
    let (awaiting, keyid) = awaiting(&vector.request);
    let verdict = awaiting.verify(
        &response_key(&keyid),
        vector.response.status,
        &headers(&vector.response.headers),
        &bytes(&vector.response.body),
    );
    verdict.map_or_else(|reason| reason.code(), |()| "accepted")
}

#[test]
fn every_positive_response_vector_is_accepted() {
    for vector in load::<File<Answered>>("responses.json").vectors {
        assert_eq!(verdict(&vector), "accepted", "{}", vector.name);
    }
}

#[test]
fn the_sidecar_signs_what_the_response_vectors_say_byte_for_byte() {
    let requests = positives();
    for vector in load::<File<Answered>>("responses.json").vectors {
        if !vector.canonical {
            continue;
        }
        let request = requests
            .iter()
            .find(|request| request.name == vector.request)
            .unwrap();
        let clock = Clock::manual(secs(request.now));
        let verified = judge(&request.request, &clock, &MemoryNonces::volatile(10)).unwrap();
        clock.set(secs(vector.created));
        let theirs = headers(&vector.response.headers);
        let mut ours = HeaderMap::new();
        verified
            .responder()
            .sign(
                vector.response.status,
                theirs.get("content-type").unwrap().to_str().unwrap(),
                &bytes(&vector.response.body),
            )
            .unwrap()
            .apply(&mut ours);
        for (name, value) in &ours {
            assert_eq!(Some(value), theirs.get(name), "{} {name}", vector.name);
        }
        let keyid = vector.keyid.unwrap();
        assert_eq!(response_key(verified.key_id()).id, keyid, "{}", vector.name);
    }
}

#[test]
fn attack_17_every_negative_response_vector_is_refused_for_its_reason() {
    let vectors = load::<File<Answered>>("negative-responses.json").vectors;
    let wrong: Vec<String> = vectors
        .iter()
        .filter(|vector| Some(verdict(vector)) != vector.reason.as_deref())
        .map(|vector| format!("{}: {}", vector.name, verdict(vector)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn digests_are_those_of_the_standard() {
    #[derive(Deserialize)]
    struct Digest {
        body: String,
        field: String,
    }
    for vector in load::<File<Digest>>("rfc9530-digests.json").vectors {
        let body = bytes(&vector.body);
        assert_eq!(ContentDigest::of(&body).field_value(), vector.field);
        assert!(ContentDigest::parse(&vector.field).unwrap().matches(&body));
    }
}

#[test]
fn the_example_in_the_documentation_is_the_vector() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/signing.md");
    let text = std::fs::read_to_string(path).unwrap();
    let find = |file: &str, name: &str| {
        let vectors = load::<File<serde_json::Value>>(file).vectors;
        vectors
            .into_iter()
            .find(|vector| vector["name"] == name)
            .unwrap()
    };
    let request = find("requests.json", "post-json-with-token");
    let answer = find("responses.json", "page");
    for (vector, message) in [(&request, "request"), (&answer, "response")] {
        for part in ["base", "mac"] {
            assert!(
                text.contains(vector[part].as_str().unwrap()),
                "{message} {part}"
            );
        }
        for line in vector[message]["headers"].as_array().unwrap() {
            let line = format!(
                "{}: {}",
                line[0].as_str().unwrap(),
                line[1].as_str().unwrap()
            );
            assert!(text.contains(&line), "{line}");
        }
        let body = bytes(vector[message]["body"].as_str().unwrap());
        assert!(
            text.contains(std::str::from_utf8(&body).unwrap()),
            "{message}"
        );
    }
}
