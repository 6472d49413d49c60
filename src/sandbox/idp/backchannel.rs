//! The provider tells a client that somebody logged out: `POST /sandbox/logout`.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Map, Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use url::Url;

use super::{Idp, random_text};
use crate::sandbox::http::{Reply, Request};

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
const PATIENCE: Duration = Duration::from_secs(5);

impl Idp {
    /// `{"client_id","sid","sub"}`: without a `sid` or `sub` it is about the client's last login. Answers
    /// with the status that the client gave.
    pub(super) async fn tell_logout(&self, request: &Request) -> Reply {
        let refused = |text: &str| {
            let body = json!({"error": "invalid_request", "error_description": text});
            Reply::json(StatusCode::BAD_REQUEST, &body)
        };
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let text = |name: &str| body.get(name).and_then(Value::as_str);
        let client_id = text("client_id").unwrap_or(&self.client_id);
        let Some(play) = self.play_of(client_id) else {
            return refused("the client is not known");
        };
        let Some(uri) = &play.backchannel_logout_uri else {
            return refused("the client has no backchannel_logout_uri; set it with /sandbox/play");
        };
        let mut claims: Map<String, Value> = self.registered(client_id);
        claims.insert("events".to_owned(), json!({ EVENT: {} }));
        for name in ["sid", "sub"] {
            if let Some(value) = text(name) {
                claims.insert(name.to_owned(), value.into());
            }
        }
        if text("sid").is_none() && text("sub").is_none() {
            let Some(sid) = self.state().last_sid.get(client_id).cloned() else {
                return refused("nobody logged in yet");
            };
            claims.insert("sid".to_owned(), sid.into());
        }
        claims.insert("jti".to_owned(), random_text().into());
        let token = self.signer.sign(play.algorithm, "logout+jwt", &claims);
        match tokio::time::timeout(PATIENCE, post(uri, &format!("logout_token={token}"))).await {
            Ok(Some(status)) => Reply::json(StatusCode::OK, &json!({ "status": status })),
            Ok(None) | Err(_) => refused("the client could not be reached"),
        }
    }
}

/// A form to an address on this machine; the status of the answer.
async fn post(uri: &str, form: &str) -> Option<u16> {
    let url = Url::parse(uri).ok()?;
    let host = url.host_str()?;
    let local = matches!(host, "127.0.0.1" | "localhost") && url.scheme() == "http";
    if !local {
        return None;
    }
    let port = url.port_or_known_default()?;
    let mut stream = TcpStream::connect((host, port)).await.ok()?;
    let request = format!(
        "POST {} HTTP/1.1\r\nhost: {host}:{port}\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n{form}",
        url.path(),
        form.len()
    );
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut answer = Vec::new();
    stream.take(64 * 1024).read_to_end(&mut answer).await.ok()?;
    let line = String::from_utf8_lossy(answer.get(..16)?).into_owned();
    line.split(' ').nth(1)?.get(..3)?.parse().ok()
}
