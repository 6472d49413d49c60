//! The real sidecar with the sandbox around it, on free ports, with a clock that the test moves.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, Method};
use serde_json::{Value, json};
use zijspan::app::{App, Keeping, Sockets};
use zijspan::cli::DemoArgs;
use zijspan::cli::demo::Demo;
use zijspan::config::Purpose;
use zijspan::domain::{Clock, KeyId, SecretBytes, Timestamp};
use zijspan::signing::{Nonce, OutgoingRequest, SigningKey, sign_request};

pub struct World {
    pub demo: Option<Demo>,
    pub ready: Value,
    pub clock: Clock,
    pub http: reqwest::Client,
    /// The site that calls are signed for, where the demo has several.
    pub site: usize,
    dir: tempfile::TempDir,
}

/// What came back, its signature verified.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test plays the browser and WordPress"
)]
pub fn browser() -> reqwest::Client {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap()
}

impl World {
    pub async fn start() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(change: impl FnOnce(&mut DemoArgs)) -> Self {
        // 2026-11-24T09:00:00Z
        Self::at(Clock::manual(Timestamp::from_secs(1_795_510_800)), change).await
    }

    /// For a test that runs another process against it, which has the system's clock.
    pub async fn at(clock: Clock, change: impl FnOnce(&mut DemoArgs)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut args = DemoArgs {
            dir: dir.path().to_owned(),
            json: true,
            port_base: None,
            site_origin: None,
            zaken: None,
            persons: None,
            upstreams: None,
            sources: 1,
            sites: 1,
            latency: zijspan::sandbox::Latency::default(),
            document_mb: None,
            document_rate: 0,
        };
        change(&mut args);
        let demo = Demo::start(&args, clock.clone()).await.unwrap();
        Self {
            ready: demo.ready.clone(),
            demo: Some(demo),
            clock,
            http: browser(),
            site: 0,
            dir,
        }
    }

    /// The demo, stopped and started anew from its configuration as `edit` leaves it, on the same ports.
    pub async fn edited(keeping: Keeping, edit: impl FnOnce(&Self, String) -> String) -> Self {
        let mut world = Self::start().await;
        let text = edit(
            &world,
            std::fs::read_to_string(world.text("/config")).unwrap(),
        );
        std::fs::write(world.text("/config"), text).unwrap();
        world.restart(keeping).await;
        world
    }

    /// The sidecar, stopped and started anew from its configuration as it is now, on the same ports and with
    /// the same sandbox.
    pub async fn restart(&mut self, keeping: Keeping) {
        let Demo {
            app,
            sandbox,
            ready,
        } = self.demo.take().unwrap();
        app.stop(std::time::Duration::from_secs(4)).await;
        let file = std::path::PathBuf::from(self.text("/config"));
        let now = self.clock.now();
        let (config, _) = zijspan::config::check(&file, &[], Some(Purpose::Demo), now)
            .unwrap_or_else(|errors| panic!("{errors}"));
        let sockets = Sockets::bind(&config.listeners).await.unwrap();
        let app = App::start(&config, sockets, self.clock.clone(), keeping)
            .await
            .unwrap();
        self.demo = Some(Demo {
            app,
            sandbox,
            ready,
        });
    }

    /// The folder of the demo, with its configuration and what it keeps.
    pub fn dir(&self) -> &std::path::Path {
        self.dir.path()
    }

    /// Stops, and leaves the folder for as long as what is given back lives.
    pub async fn stop_keeping(mut self) -> tempfile::TempDir {
        if let Some(demo) = self.demo.take() {
            demo.stop().await;
        }
        self.dir
    }

    /// A page with a token that is no longer one: the refusal.
    pub async fn part_of_nobody(&self, token: &str) -> Value {
        let body = json!({"parts": [{"id": "p", "kind": "zaken", "params": {}}]});
        let answer = self
            .json(Method::POST, "/v1/page", Some(token), &body)
            .await;
        assert_eq!(answer.status, 401, "{}", answer.body);
        answer.body
    }

    pub async fn stop(mut self) {
        if let Some(demo) = self.demo.take() {
            demo.stop().await;
        }
    }

    pub fn text(&self, pointer: &str) -> &str {
        self.ready.pointer(pointer).unwrap().as_str().unwrap()
    }

    fn of_site(&self, field: &str) -> &str {
        let site = match self.site {
            0 => &self.ready["site"],
            other => &self.ready["sites"][other],
        };
        site[field].as_str().unwrap()
    }

    pub fn key(&self, id: &str, secret: &str) -> SigningKey {
        SigningKey {
            id: KeyId::parse(self.of_site(id)).unwrap(),
            secret: SecretBytes::new(STANDARD.decode(self.of_site(secret)).unwrap()),
        }
    }

    pub fn pages_key(&self) -> SigningKey {
        self.key("request_keyid", "request_secret")
    }

    pub fn admin_key(&self) -> SigningKey {
        self.key("admin_keyid", "admin_secret")
    }

    /// A signed call; the answer must be signed too.
    pub async fn call(
        &self,
        key: &SigningKey,
        method: Method,
        path: &str,
        token: Option<&str>,
        body: Option<(&str, &[u8])>,
    ) -> Answer {
        let api = self.text("/api");
        let authority = api.strip_prefix("http://").unwrap();
        let (path_only, query) = path
            .split_once('?')
            .map_or((path, None), |(p, q)| (p, Some(q)));
        let authorization = token.map(|token| format!("Bearer {token}"));
        let outgoing = OutgoingRequest {
            method: method.as_str(),
            authority,
            path: path_only,
            query,
            authorization: authorization.as_deref(),
            content_type: body.map(|(media, _)| media),
            body: body.map_or(&[], |(_, bytes)| bytes),
        };
        let nonce = Nonce::random().unwrap();
        let signed = sign_request(key, &outgoing, self.clock.now(), nonce).unwrap();
        let mut headers = HeaderMap::new();
        signed.apply(&mut headers);
        let mut request = self
            .http
            .request(method, format!("{api}{path}"))
            .headers(headers);
        if let Some((_, bytes)) = body {
            request = request.body(bytes.to_vec());
        }
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let bytes = response.bytes().await.unwrap();
        let response_key = self.key("response_keyid", "response_secret");
        signed
            .awaiting
            .verify(&response_key, status, &headers, &bytes)
            .expect("the answer is signed");
        Answer {
            status,
            body: serde_json::from_slice(&bytes).unwrap(),
        }
    }

    pub async fn json(
        &self,
        method: Method,
        path: &str,
        token: Option<&str>,
        body: &Value,
    ) -> Answer {
        let bytes = body.to_string();
        let key = self.pages_key();
        self.call(
            &key,
            method,
            path,
            token,
            Some(("application/json", bytes.as_bytes())),
        )
        .await
    }

    pub async fn get(&self, path: &str, token: Option<&str>) -> Answer {
        self.call(&self.pages_key(), Method::GET, path, token, None)
            .await
    }

    pub async fn form(&self, fields: &[(&str, &str)], token: Option<&str>) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.call(
            &self.pages_key(),
            Method::POST,
            "/v1/token",
            token,
            Some(("application/x-www-form-urlencoded", body.as_bytes())),
        )
        .await
    }

    /// An id_token of the sandbox provider, whose clock is the test's.
    pub async fn id_token(&self, claims: Value, nonce: &str) -> String {
        let body = json!({"client_id": "zijspan-demo", "claims": claims, "nonce": nonce});
        let answer: Value = self
            .http
            .post(format!("{}/sandbox/id_token", self.text("/idp")))
            .json(&body)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        answer["id_token"].as_str().unwrap().to_owned()
    }

    pub async fn exchange(&self, id_token: &str, nonce: &str) -> Answer {
        self.form(
            &[
                (
                    "grant_type",
                    "urn:ietf:params:oauth:grant-type:token-exchange",
                ),
                ("subject_token", id_token),
                (
                    "subject_token_type",
                    "urn:ietf:params:oauth:token-type:id_token",
                ),
                ("audience", &format!("urn:zijspan:{}", self.of_site("id"))),
                ("nonce", nonce),
            ],
            None,
        )
        .await
    }

    /// Logs the n-th test person in, and gives the session token.
    pub async fn log_in(&self, person: usize) -> String {
        let person = &self.ready["persons"][person];
        let claims = match person["bsn"].as_str() {
            Some(bsn) => json!({"bsn": bsn}),
            None => json!({"kvk": person["kvk"]}),
        };
        self.log_in_as(claims).await
    }

    pub async fn log_in_as(&self, claims: Value) -> String {
        let token = self.id_token(claims, "nonce-of-a-test").await;
        let answer = self.exchange(&token, "nonce-of-a-test").await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body["access_token"].as_str().unwrap().to_owned()
    }

    /// One part of a page, for which the sources are asked: nothing that they said before is used.
    pub async fn part(&self, token: &str, kind: &str, params: Value) -> Value {
        self.forget_answers();
        self.part_again(token, kind, params).await
    }

    /// What sources said before is forgotten, as if a minute went by.
    pub fn forget_answers(&self) {
        if let Some(demo) = &self.demo {
            demo.app.api().pages.forget_answers();
        }
    }

    /// One part of a page, as a resident gets it who was here a moment ago.
    pub async fn part_again(&self, token: &str, kind: &str, params: Value) -> Value {
        let body =
            json!({"budget_ms": 10_000, "parts": [{"id": "p", "kind": kind, "params": params}]});
        let answer = self
            .json(Method::POST, "/v1/page", Some(token), &body)
            .await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body["parts"][0].clone()
    }

    pub async fn fault(&self, fault: Value) {
        let response = self
            .http
            .post(format!("{}/sandbox/faults", self.text("/upstreams")))
            .json(&fault)
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), 200);
    }

    /// Every source takes a while, so that calls at the same time are seen to be at the same time.
    pub async fn slow_sources(&self) {
        self.fault(json!({"upstream": "zgw", "mode": "none", "latency_ms": 150}))
            .await;
    }

    pub async fn no_faults(&self) {
        self.http
            .delete(format!("{}/sandbox/faults", self.text("/upstreams")))
            .send()
            .await
            .unwrap();
    }

    /// After faults a source may be skipped for a moment: asks until it no longer is.
    pub async fn recovered(&self, token: &str) {
        for _ in 0..100 {
            let part = self.part(token, "zaken", json!({})).await;
            if part["state"] == "ok" {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("the source did not come back");
    }

    pub async fn clear_calls(&self) {
        self.http
            .delete(format!("{}/sandbox/calls", self.text("/upstreams")))
            .send()
            .await
            .unwrap();
    }

    /// The upstream calls since they were cleared, and in how many rounds: a call's round is one more than
    /// the highest among the calls that ended before it began.
    pub async fn calls(&self) -> Calls {
        let list: Vec<Value> = self
            .http
            .get(format!("{}/sandbox/calls", self.text("/upstreams")))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        let mut spans: Vec<(f64, f64, usize)> = Vec::new();
        let mut sorted = list.clone();
        sorted.sort_by(|a, b| {
            a["start_ms"]
                .as_f64()
                .partial_cmp(&b["start_ms"].as_f64())
                .unwrap()
        });
        for call in &sorted {
            let (start, end) = (
                call["start_ms"].as_f64().unwrap(),
                call["end_ms"].as_f64().unwrap(),
            );
            let round = 1 + spans
                .iter()
                .filter(|(_, ended, _)| *ended < start)
                .map(|(_, _, round)| *round)
                .max()
                .unwrap_or(0);
            spans.push((start, end, round));
        }
        let mut paths = BTreeMap::new();
        for call in &list {
            let path = format!(
                "{} {}",
                call["method"].as_str().unwrap(),
                call["path"].as_str().unwrap()
            );
            *paths.entry(path).or_insert(0) += 1;
        }
        Calls {
            count: list.len(),
            rounds: spans.iter().map(|(_, _, round)| *round).max().unwrap_or(0),
            refused: list
                .iter()
                .filter(|call| call["status"].as_u64().is_some_and(|status| status >= 400))
                .count(),
            paths,
        }
    }
}

#[derive(Debug)]
pub struct Calls {
    pub count: usize,
    pub rounds: usize,
    /// How many the sources answered with a status of 400 or more.
    pub refused: usize,
    pub paths: BTreeMap<String, usize>,
}
