//! A sandbox that stays, and a sidecar that is new for every case.

use http::Method;
use serde_json::{Value, json};
use zijspan::app::Keeping;
use zijspan::domain::SiteId;

use crate::harness::{Answer, World, browser};

/// One attempt < what a zaak waits for one of its lists, six tenths of its source's time < the source's time < the
/// page's budget. Short, because many cases wait for them to run out, and shorter than a source with Retry-After
/// asks for; long enough for a machine that is busy with other things.
const TIMEOUTS: &str =
    "[timeouts]\nconnect_ms = 500\nattempt_ms = 1300\nsource_ms = 2500\npage_ms = 6000\n";
/// The budget of a page.
pub const BUDGET_MS: u64 = 4000;
const NOOR: usize = 0;

pub struct Ground {
    pub world: World,
    pub zaak: String,
    pub zaak_id: String,
    pub document: String,
}

impl Ground {
    pub async fn new() -> Self {
        let mut world = World::with(|args| args.zaken = Some(3)).await;
        let text = std::fs::read_to_string(world.text("/config")).unwrap();
        // Few pages, so that a list without an end comes to its bound in time.
        let text = text.replacen(
            "substatussen = true",
            "substatussen = true\nmax_pages = 3",
            1,
        );
        std::fs::write(world.text("/config"), format!("{TIMEOUTS}{text}")).unwrap();
        let token = world.log_in(NOOR).await;
        let list = world.part(&token, "zaken", json!({})).await;
        let first = &list["data"]["zaken"][0];
        let zaak = first["handle"].as_str().unwrap().to_owned();
        world.clear_calls().await;
        let page = world.part(&token, "zaak", json!({ "handle": zaak })).await;
        let documenten = page["data"]["documenten"].as_array().unwrap();
        assert!(!documenten.is_empty(), "{page}");
        let document = documenten[0]["handle"].as_str().unwrap().to_owned();
        let calls = world.calls().await;
        let below = "GET /zaken/api/v1/zaken/";
        let zaak_id = calls
            .paths
            .keys()
            .find_map(|path| path.strip_prefix(below))
            .unwrap()
            .to_owned();
        world.http = browser();
        Self {
            world,
            zaak,
            zaak_id,
            document,
        }
    }

    /// A sidecar that remembers nothing, on the same ports.
    pub async fn new_sidecar(&mut self) {
        self.world.no_faults().await;
        self.world.restart(Keeping::InMemory).await;
        let site = SiteId::parse("demo").unwrap();
        let rules = zijspan::sandbox::toonregels();
        let demo = self.world.demo.as_ref().unwrap();
        let policies = &demo.app.api().policies;
        policies
            .write(&site, 0, &rules, false, self.world.clock.now())
            .await
            .unwrap();
        // Its connections were to the one before.
        self.world.http = browser();
    }

    pub async fn log_in(&self) -> String {
        self.world.log_in(NOOR).await
    }

    /// The catalogue in memory.
    pub async fn warm(&self) {
        let mut last = Value::Null;
        for _ in 0..3 {
            let token = self.log_in().await;
            last = self.page(&token, &["zaken", "zaak"]).await.body;
            let parts = last["parts"].as_array().unwrap();
            if parts.iter().all(|part| part["state"] == "ok") {
                return;
            }
        }
        panic!("{last}");
    }

    /// One page with these parts.
    pub async fn page(&self, token: &str, kinds: &[&str]) -> Answer {
        let parts: Vec<Value> = kinds
            .iter()
            .map(|kind| match *kind {
                "zaak" => json!({"id": kind, "kind": kind, "params": {"handle": self.zaak}}),
                _ => json!({"id": kind, "kind": kind, "params": {}}),
            })
            .collect();
        let body = json!({"budget_ms": BUDGET_MS, "parts": parts});
        self.world
            .json(Method::POST, "/v1/page", Some(token), &body)
            .await
    }

    /// The address of a ticket for the document.
    pub async fn ticket(&self, token: &str) -> String {
        let body = json!({"handle": self.document});
        let ticket = self
            .world
            .json(Method::POST, "/v1/tickets", Some(token), &body)
            .await;
        assert_eq!(ticket.status, 200, "{}", ticket.body);
        ticket.body["url"].as_str().unwrap().to_owned()
    }
}
