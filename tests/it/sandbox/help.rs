//! A sandbox at a fixed moment and a plain client that speaks to it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use sha2::Sha256;
use zijspan::domain::{Clock, Timestamp};
use zijspan::sandbox::{Sandbox, SandboxOptions, start};

/// 24 November 2026, 09:00 UTC.
pub const NOW: i64 = 1_795_510_800;
pub const BSN: &str = "rol__betrokkeneIdentificatie__natuurlijkPersoon__inpBsn";

pub struct World {
    pub sandbox: Sandbox,
    pub client: reqwest::Client,
}

#[expect(clippy::disallowed_methods, reason = "a test plays the outside world")]
pub fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

pub async fn world() -> World {
    world_with(|_| {}).await
}

pub async fn world_with(change: impl FnOnce(&mut SandboxOptions)) -> World {
    let mut options = SandboxOptions::new(Clock::manual(Timestamp::from_secs(NOW)));
    change(&mut options);
    World {
        sandbox: start(options).await.unwrap(),
        client: client(),
    }
}

pub fn jwt(secret: &[u8], claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let text = format!(
        "{}.{}",
        part(&json!({"typ": "JWT", "alg": "HS256"})),
        part(claims)
    );
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
    mac.update(text.as_bytes());
    format!(
        "{text}.{}",
        URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    )
}

impl World {
    pub fn token(&self) -> String {
        let client = &self.sandbox.api_clients()[0];
        let claims =
            json!({"iss": client.client_id, "client_id": client.client_id, "iat": NOW - 5});
        jwt(client.secret.expose(), &claims)
    }

    pub fn url(&self, path: &str) -> String {
        if path.starts_with("http") {
            return path.to_owned();
        }
        format!("{}{path}", self.sandbox.upstreams_url())
    }

    /// A request with token, media type and coordinates.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, self.url(path))
            .bearer_auth(self.token())
            .header("accept", "application/json")
            .header("accept-crs", "EPSG:4326")
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.request(Method::GET, path)
    }

    pub async fn json(&self, path: &str) -> Value {
        let answer = self.get(path).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.unwrap()
    }

    pub async fn zoek(&self, path: &str, body: &Value) -> (u16, Value) {
        let answer = self
            .request(Method::POST, path)
            .header("content-crs", "EPSG:4326")
            .json(body)
            .send()
            .await
            .unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    /// Status and body of an error, whose media type is plain JSON.
    pub async fn problem(&self, request: RequestBuilder) -> (u16, Value) {
        let answer = request.send().await.unwrap();
        assert_eq!(answer.headers()["content-type"], "application/json");
        let status = answer.status().as_u16();
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["status"], status);
        (status, body)
    }

    pub fn number(&self, person: usize) -> &str {
        self.sandbox.persons()[person].number.as_str()
    }

    /// A person's zaken, newest first.
    pub async fn zaken_of(&self, person: usize) -> Vec<Value> {
        let path = format!(
            "/zaken/api/v1/zaken?{BSN}={}&ordering=-startdatum",
            self.number(person)
        );
        let body = self.json(&path).await;
        body["results"].as_array().unwrap().clone()
    }

    pub async fn fault(&self, fault: &Value) -> u16 {
        self.client
            .post(self.url("/sandbox/faults"))
            .json(fault)
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    }

    pub async fn calls(&self) -> Vec<Value> {
        let answer = self
            .client
            .get(self.url("/sandbox/calls"))
            .send()
            .await
            .unwrap();
        answer.json().await.unwrap()
    }
}

pub fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}
