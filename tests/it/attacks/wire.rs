//! Bytes on a socket: what no HTTP library would send.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use zijspan::signing::{AwaitedResponse, Nonce, OutgoingRequest, SigningKey, sign_request};

use crate::harness::World;

/// A signed request whose parts a test may still change.
pub struct Signed {
    pub method: String,
    pub target: String,
    pub host: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub awaiting: AwaitedResponse,
}

/// What came back over a socket.
#[derive(Debug)]
pub struct Raw {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    /// The server ended the connection after the answer.
    pub closed: bool,
}

impl Raw {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    pub fn is_signed(&self) -> bool {
        self.headers.contains_key("signature")
    }

    /// The uniform refusal of what is not signed well.
    pub fn assert_uniform_401(&self, why: &str) {
        assert_eq!(self.status, 401, "{why}: {self:?}");
        assert!(!self.is_signed(), "{why}");
        assert!(self.closed, "{why}: the connection stayed open");
        let mut body = self.json();
        assert_eq!(body["trace_id"].as_str().unwrap().len(), 32, "{why}");
        body.as_object_mut().unwrap().remove("trace_id");
        assert_eq!(
            body,
            serde_json::json!({
                "type": "urn:zijspan:problem:signature",
                "title": "De website kon niet worden herkend.",
                "status": 401,
            }),
            "{why}"
        );
    }
}

/// `127.0.0.1:port` of a listener, whatever name its address has.
pub fn socket(world: &World, listener: &str) -> String {
    let address = world.text(listener);
    let (_, port) = address.rsplit_once(':').unwrap();
    format!("127.0.0.1:{port}")
}

pub fn sign(
    world: &World,
    key: &SigningKey,
    method: &str,
    target: &str,
    token: Option<&str>,
    body: Option<(&str, &[u8])>,
) -> Signed {
    let host = world
        .text("/api")
        .strip_prefix("http://")
        .unwrap()
        .to_owned();
    let (path, query) = target
        .split_once('?')
        .map_or((target, None), |(path, query)| (path, Some(query)));
    let authorization = token.map(|token| format!("Bearer {token}"));
    let outgoing = OutgoingRequest {
        method,
        authority: &host,
        path,
        query,
        authorization: authorization.as_deref(),
        content_type: body.map(|(media, _)| media),
        body: body.map_or(&[], |(_, bytes)| bytes),
    };
    let nonce = Nonce::random().unwrap();
    let signed = sign_request(key, &outgoing, world.clock.now(), nonce).unwrap();
    let mut map = HeaderMap::new();
    signed.apply(&mut map);
    let mut headers: Vec<(String, String)> = map
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    let body = body.map_or_else(Vec::new, |(_, bytes)| bytes.to_vec());
    if !body.is_empty() {
        headers.push(("content-length".to_owned(), body.len().to_string()));
    }
    Signed {
        method: method.to_owned(),
        target: target.to_owned(),
        host,
        headers,
        body,
        awaiting: signed.awaiting,
    }
}

pub fn sign_json(
    world: &World,
    method: &str,
    target: &str,
    token: Option<&str>,
    body: &Value,
) -> Signed {
    let bytes = body.to_string();
    let body = Some(("application/json", bytes.as_bytes()));
    sign(world, &world.pages_key(), method, target, token, body)
}

pub fn sign_get(world: &World, target: &str, token: Option<&str>) -> Signed {
    sign(world, &world.pages_key(), "GET", target, token, None)
}

impl Signed {
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self
    }

    pub fn replaced(self, name: &str, value: &str) -> Self {
        self.without(name).header(name, value)
    }

    pub fn head(&self) -> Vec<u8> {
        let mut out = format!(
            "{} {} HTTP/1.1\r\nhost: {}\r\n",
            self.method, self.target, self.host
        );
        for (name, value) in &self.headers {
            out.push_str(&format!("{name}: {value}\r\n"));
        }
        out.push_str("\r\n");
        out.into_bytes()
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut out = self.head();
        out.extend_from_slice(&self.body);
        out
    }

    pub async fn send(&self, world: &World) -> Raw {
        send(&socket(world, "/api"), &self.bytes()).await.unwrap()
    }

    /// Sends it; the answer must carry a signature that holds.
    pub async fn send_signed(&self, world: &World) -> Raw {
        let raw = self.send(world).await;
        self.verify(world, &raw);
        raw
    }

    pub fn verify(&self, world: &World, raw: &Raw) {
        let key = world.key("response_keyid", "response_secret");
        self.awaiting
            .verify(&key, raw.status, &raw.headers, &raw.body)
            .unwrap_or_else(|reason| panic!("the answer is not signed well: {reason} {raw:?}"));
    }
}

/// Sends bytes and reads one answer; `None` when the connection ends without one.
pub async fn send(address: &str, bytes: &[u8]) -> Option<Raw> {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // The server may answer and close before it has read everything.
    let _ = stream.write_all(bytes).await;
    receive(&mut stream).await
}

/// Reads one answer with its body.
pub async fn receive(stream: &mut TcpStream) -> Option<Raw> {
    let mut got = Vec::new();
    let mut piece = [0; 16 * 1024];
    loop {
        if let Some(at) = got.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8(got[..at].to_vec()).unwrap();
            let mut lines = head.split("\r\n");
            let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
            let mut headers = HeaderMap::new();
            for line in lines {
                let (name, value) = line.split_once(':')?;
                headers.append(
                    HeaderName::from_bytes(name.as_bytes()).unwrap(),
                    HeaderValue::from_str(value.trim()).unwrap(),
                );
            }
            let length: usize = headers
                .get("content-length")
                .and_then(|value| value.to_str().ok()?.parse().ok())
                .unwrap_or(0);
            let mut body = got[at + 4..].to_vec();
            while body.len() < length {
                match stream.read(&mut piece).await {
                    Ok(0) | Err(_) => break,
                    Ok(n) => body.extend_from_slice(&piece[..n]),
                }
            }
            let more = tokio::time::timeout(Duration::from_millis(200), stream.read(&mut piece));
            let closed = matches!(more.await, Ok(Ok(0) | Err(_)));
            return Some(Raw {
                status,
                headers,
                body,
                closed,
            });
        }
        match tokio::time::timeout(Duration::from_secs(15), stream.read(&mut piece)).await {
            Ok(Ok(n)) if n > 0 => got.extend_from_slice(&piece[..n]),
            _ => return None,
        }
    }
}
