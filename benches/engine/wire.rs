//! HTTP/1.1 by hand on one kept connection: the least that a client can cost, so that what is measured is
//! the other side. And the signed calls that WordPress would make.

use std::net::SocketAddr;

use anyhow::{Context as _, anyhow, ensure};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use zijspan::domain::{Clock, KeyId, SecretBytes};
use zijspan::signing::{AwaitedResponse, Nonce, OutgoingRequest, SigningKey, sign_request};

/// An answer as it came in.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn json(&self) -> anyhow::Result<Value> {
        let text = String::from_utf8_lossy(&self.body);
        ensure!(self.status == 200, "status {}: {text:.300}", self.status);
        serde_json::from_slice(&self.body).context("the answer is not JSON")
    }
}

/// One connection.
#[derive(Debug)]
pub struct Conn {
    stream: TcpStream,
    buffer: Vec<u8>,
    at: SocketAddr,
}

const HEAD_END: &[u8] = b"\r\n\r\n";

impl Conn {
    pub async fn open(at: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(at).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(64 * 1024),
            at,
        })
    }

    /// Sends and reads the head; the buffer then holds it and the beginning of the body. Gives the
    /// length of the head and of the body.
    async fn head(&mut self, request: &[u8]) -> anyhow::Result<(usize, usize)> {
        self.buffer.clear();
        self.stream.write_all(request).await?;
        loop {
            let read = self.stream.read_buf(&mut self.buffer).await?;
            ensure!(read > 0, "the connection ended before the answer did");
            if let Some(at) = find(&self.buffer, HEAD_END) {
                let head = at + HEAD_END.len();
                let length = content_length(self.buffer.get(..head).unwrap_or_default())
                    .context("the answer has no Content-Length")?;
                return Ok((head, length));
            }
        }
    }

    /// Sends and reads a whole answer. Gives its status and the bytes of its head.
    pub async fn exchange(&mut self, request: &[u8]) -> anyhow::Result<(u16, usize)> {
        let (head, length) = self.head(request).await?;
        while self.buffer.len() < head + length {
            let read = self.stream.read_buf(&mut self.buffer).await?;
            ensure!(read > 0, "the connection ended before the body did");
        }
        let status = std::str::from_utf8(self.buffer.get(9..12).unwrap_or_default())?.parse()?;
        Ok((status, head))
    }

    pub async fn call(&mut self, request: &[u8]) -> anyhow::Result<Reply> {
        let (status, head) = self.exchange(request).await?;
        let text = std::str::from_utf8(self.buffer.get(..head).unwrap_or_default())?;
        let mut headers = HeaderMap::new();
        for line in text.lines().skip(1) {
            if let Some((name, value)) = line.split_once(':') {
                headers.append(
                    HeaderName::from_bytes(name.as_bytes())?,
                    HeaderValue::from_str(value.trim())?,
                );
            }
        }
        Ok(Reply {
            status,
            headers,
            body: self.buffer.get(head..).unwrap_or_default().to_vec(),
        })
    }

    /// Sends and reads the body piece by piece, keeping nothing. Gives status and bytes of the body.
    pub async fn drain(&mut self, request: &[u8]) -> anyhow::Result<(u16, u64)> {
        let (head, length) = self.head(request).await?;
        let status = std::str::from_utf8(self.buffer.get(9..12).unwrap_or_default())?.parse()?;
        let mut left = length.saturating_sub(self.buffer.len() - head);
        let mut chunk = vec![0; 256 * 1024];
        while left > 0 {
            let read = self.stream.read(&mut chunk).await?;
            ensure!(read > 0, "the connection ended before the body did");
            left = left.saturating_sub(read);
        }
        Ok((status, length as u64))
    }

    /// A plain call. `body` is JSON.
    pub async fn plain(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> anyhow::Result<Reply> {
        let request = plain_request(self.at, method, path, headers, body);
        self.call(&request).await
    }
}

pub fn plain_request(
    at: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&Value>,
) -> Vec<u8> {
    let body = body.map(Value::to_string).unwrap_or_default();
    let mut text = format!("{method} {path} HTTP/1.1\r\nhost: {at}\r\n");
    for (name, value) in headers {
        text += &format!("{name}: {value}\r\n");
    }
    if !body.is_empty() {
        text += "content-type: application/json\r\n";
    }
    text += &format!("content-length: {}\r\n\r\n{body}", body.len());
    text.into_bytes()
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

fn content_length(head: &[u8]) -> Option<usize> {
    const NAME: &[u8] = b"content-length:";
    let mut lines = head.split(|byte| *byte == b'\n');
    let line = lines.find(|line| {
        line.get(..NAME.len())
            .is_some_and(|name| name.eq_ignore_ascii_case(NAME))
    })?;
    std::str::from_utf8(line.get(NAME.len()..)?)
        .ok()?
        .trim()
        .parse()
        .ok()
}

/// The socket address of `http://localhost:P` or `http://127.0.0.1:P`.
pub fn address(url: &str) -> anyhow::Result<SocketAddr> {
    let port = url.rsplit_once(':').map_or("", |(_, port)| port);
    Ok(SocketAddr::from(([127, 0, 0, 1], port.parse()?)))
}

/// One site's keys and addresses: what WordPress knows.
#[derive(Debug, Clone)]
pub struct Wp {
    pub api: SocketAddr,
    pub idp: SocketAddr,
    authority: String,
    site: String,
    request: SigningKey,
    response: SigningKey,
}

/// A request as it goes over the wire, and what is needed to verify its answer.
#[derive(Debug)]
pub struct Signed {
    pub bytes: Vec<u8>,
    awaiting: AwaitedResponse,
}

impl Wp {
    /// From the line that the demo prints; `site` is its `site` or one of its `sites`.
    pub fn new(ready: &Value, site: &Value) -> anyhow::Result<Self> {
        let text = |value: &Value| {
            value
                .as_str()
                .map(str::to_owned)
                .ok_or_else(|| anyhow!("the demo's line lacks a field"))
        };
        let key = |id: &str, secret: &str| {
            Ok::<_, anyhow::Error>(SigningKey {
                id: KeyId::parse(&text(&site[id])?)?,
                secret: SecretBytes::new(decode(&text(&site[secret])?)?),
            })
        };
        let api = text(&ready["api"])?;
        Ok(Self {
            api: address(&api)?,
            idp: address(&text(&ready["idp"])?)?,
            authority: api.trim_start_matches("http://").to_owned(),
            site: text(&site["id"])?,
            request: key("request_keyid", "request_secret")?,
            response: key("response_keyid", "response_secret")?,
        })
    }

    pub async fn open(&self) -> anyhow::Result<Conn> {
        Conn::open(self.api).await
    }

    pub fn sign(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        content_type: &str,
        body: &str,
    ) -> anyhow::Result<Signed> {
        let authorization = token.map(|token| format!("Bearer {token}"));
        let outgoing = OutgoingRequest {
            method,
            authority: &self.authority,
            path,
            query: None,
            authorization: authorization.as_deref(),
            content_type: (!body.is_empty()).then_some(content_type),
            body: body.as_bytes(),
        };
        let signed = sign_request(
            &self.request,
            &outgoing,
            Clock::system().now(),
            Nonce::random()?,
        )?;
        let mut headers = HeaderMap::new();
        signed.apply(&mut headers);
        let mut bytes =
            format!("{method} {path} HTTP/1.1\r\nhost: {}\r\n", self.authority).into_bytes();
        for (name, value) in &headers {
            bytes.extend_from_slice(name.as_str().as_bytes());
            bytes.extend_from_slice(b": ");
            bytes.extend_from_slice(value.as_bytes());
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(format!("content-length: {}\r\n\r\n{body}", body.len()).as_bytes());
        Ok(Signed {
            bytes,
            awaiting: signed.awaiting,
        })
    }

    pub fn verify(&self, signed: &Signed, reply: &Reply) -> anyhow::Result<()> {
        signed
            .awaiting
            .verify(&self.response, reply.status, &reply.headers, &reply.body)
            .map_err(|reason| anyhow!("the answer's signature does not hold: {reason:?}"))
    }

    /// Signs, calls and verifies.
    pub async fn json(
        &self,
        conn: &mut Conn,
        path: &str,
        token: Option<&str>,
        body: &Value,
    ) -> anyhow::Result<Value> {
        let signed = self.sign("POST", path, token, "application/json", &body.to_string())?;
        let reply = conn.call(&signed.bytes).await?;
        self.verify(&signed, &reply)?;
        reply.json()
    }

    /// Logs a person in by number and gives the session token.
    pub async fn log_in(&self, person: &Value) -> anyhow::Result<String> {
        let (mut api, mut idp) = (self.open().await?, Conn::open(self.idp).await?);
        self.log_in_over(&mut api, &mut idp, person).await
    }

    pub async fn log_in_over(
        &self,
        api: &mut Conn,
        idp: &mut Conn,
        person: &Value,
    ) -> anyhow::Result<String> {
        let claims = match person["bsn"].as_str() {
            Some(bsn) => json!({ "bsn": bsn }),
            None => json!({ "kvk": person["kvk"] }),
        };
        let body =
            json!({"client_id": "zijspan-demo", "claims": claims, "nonce": "a-nonce-of-the-bench"});
        let answer = idp
            .plain("POST", "/sandbox/id_token", &[], Some(&body))
            .await?
            .json()?;
        let id_token = answer["id_token"].as_str().context("no id_token")?;
        let form = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                (
                    "grant_type",
                    "urn:ietf:params:oauth:grant-type:token-exchange",
                ),
                ("subject_token", id_token),
                (
                    "subject_token_type",
                    "urn:ietf:params:oauth:token-type:id_token",
                ),
                ("audience", &format!("urn:zijspan:{}", self.site)),
                ("nonce", "a-nonce-of-the-bench"),
            ])
            .finish();
        let media = "application/x-www-form-urlencoded";
        let signed = self.sign("POST", "/v1/token", None, media, &form)?;
        let reply = api.call(&signed.bytes).await?;
        self.verify(&signed, &reply)?;
        let token = reply.json()?["access_token"].as_str().map(str::to_owned);
        token.context("no access_token")
    }
}

pub fn decode(text: &str) -> anyhow::Result<Vec<u8>> {
    use base64::Engine as _;
    Ok(base64::engine::general_purpose::STANDARD.decode(text)?)
}

/// The call of one page with one part.
pub fn page(kind: &str, params: &Value, budget_ms: u32) -> Value {
    json!({"budget_ms": budget_ms, "parts": [{"id": "p", "kind": kind, "params": params}]})
}
