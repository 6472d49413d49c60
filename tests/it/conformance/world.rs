//! The sidecar as `zijspan demo --upstreams FILE` starts it, with the replay server for a source.

use std::sync::Arc;

use http::Method;
use serde_json::{Value, json};

use super::recordings::Recordings;
use super::replay::{CLIENT, Replay, SECRET, Ways};
use crate::harness::World;

/// The person with fifty zaken.
pub const PERSON: &str = "999993653";
/// The zaak that was recorded with everything in it. It is `vertrouwelijk`.
pub const NUMMER: &str = "ZAAK-2026-0000000004";
/// The harness's clock: 2026-11-24T09:00:00Z.
const NOW: i64 = 1_795_510_800;

pub struct Conformance {
    pub world: World,
    pub replay: Arc<Replay>,
}

/// How the source is configured.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Lines of `[[source]]`.
    pub lines: &'static str,
    pub client_id: &'static str,
    pub secret: &'static str,
    pub besluiten: bool,
    /// Show what is `vertrouwelijk`, by bounds and by policy.
    pub confidential: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            lines: "",
            client_id: CLIENT,
            secret: SECRET,
            besluiten: true,
            confidential: false,
        }
    }
}

impl Settings {
    pub fn lines(lines: &'static str) -> Self {
        Self {
            lines,
            ..Self::default()
        }
    }

    pub fn confidential() -> Self {
        Self {
            confidential: true,
            ..Self::default()
        }
    }

    fn toml(&self, port: u16) -> String {
        let mut toml = String::new();
        if self.confidential {
            toml += "zaak_vertrouwelijkheid = \"vertrouwelijk\"\n";
            toml += "document_vertrouwelijkheid = \"vertrouwelijk\"\n";
        }
        toml += &format!(
            "[[source]]\nname = \"zgw\"\nclient_id = \"{}\"\nsecret = \"{}\"\n{}\n",
            self.client_id, self.secret, self.lines
        );
        for component in ["zaken", "catalogi", "documenten", "besluiten"] {
            if component == "besluiten" && !self.besluiten {
                continue;
            }
            // Called at one address, writing another: what the server writes is never called.
            toml += &format!(
                "[source.{component}]\nbase_url = \"http://127.0.0.1:{port}/{component}/api/v1\"\nadvertised_url = \"http://127.0.0.1:8000/{component}/api/v1\"\n"
            );
        }
        toml
    }
}

impl Conformance {
    pub async fn start() -> Option<Self> {
        Self::with(Settings::default()).await
    }

    pub async fn with(settings: Settings) -> Option<Self> {
        let replay = Replay::new(Recordings::find()?, NOW);
        let port = replay.serve().await;
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), settings.toml(port)).unwrap();
        let path = file.path().to_owned();
        let world = World::with(|args| args.upstreams = Some(path)).await;
        let this = Self { world, replay };
        if settings.confidential {
            this.allow_confidential().await;
        }
        Some(this)
    }

    async fn allow_confidential(&self) {
        let key = self.world.admin_key();
        let path = "/v1/admin/policy";
        let now = self.world.call(&key, Method::GET, path, None, None).await;
        let mut policy = now.body["policy"].clone();
        policy["zaak_vertrouwelijkheid"] = json!("vertrouwelijk");
        policy["document_vertrouwelijkheid"] = json!("vertrouwelijk");
        let body = json!({"version": now.body["version"], "policy": policy}).to_string();
        let put = self
            .world
            .call(
                &key,
                Method::PUT,
                path,
                None,
                Some(("application/json", body.as_bytes())),
            )
            .await;
        assert_eq!(put.status, 200, "{}", put.body);
    }

    pub async fn log_in(&self) -> String {
        self.world.log_in_as(json!({"bsn": PERSON})).await
    }

    pub async fn list(&self, token: &str, params: Value) -> Value {
        self.world.part(token, "zaken", params).await
    }

    /// The handle of a zaak in the person's list.
    pub async fn handle(&self, token: &str, nummer: &str) -> Value {
        let part = self.list(token, json!({"page_size": 100})).await;
        part["data"]["zaken"]
            .as_array()
            .unwrap()
            .iter()
            .find(|zaak| zaak["zaaknummer"] == nummer)
            .unwrap_or_else(|| panic!("{nummer} is not in {part}"))["handle"]
            .clone()
    }

    pub async fn zaak(&self, token: &str, handle: &Value) -> Value {
        self.world
            .part(token, "zaak", json!({"handle": handle}))
            .await
    }

    /// From now on the server answers so.
    pub fn ways(&self, ways: Ways) {
        self.replay.set(ways);
    }

    /// Every call was one that Open Zaak answers.
    pub fn assert_all_answered(&self) {
        let refused: Vec<_> = self
            .replay
            .seen()
            .into_iter()
            .filter(|call| call.status >= 400)
            .collect();
        assert_eq!(refused, [], "the server refused calls");
    }

    pub async fn stop(self) {
        self.world.stop().await;
    }
}
