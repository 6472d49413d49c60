//! Switching off without a restart: a module or a source, by the policy or by the configuration.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use zijspan::domain::Clock;

use crate::harness::World;

/// A `zijspan serve` of its own beside the demo, whose sources it asks. It ends with the test.
struct Serve {
    child: Child,
    dir: tempfile::TempDir,
    /// The demo; its calls go to `serve`.
    world: World,
    ops: String,
    /// The configuration as it is now.
    toml: String,
}

impl Drop for Serve {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> u16 {
    let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    socket.local_addr().unwrap().port()
}

/// As a municipality would have it, with a login that needs no browser and the demo's sources under two names.
fn configuration(world: &World, api: u16, ops: u16) -> String {
    let demo = fs::read_to_string(world.text("/config")).unwrap();
    let source = format!(
        "[[site.source]]{}",
        demo.split("[[site.source]]").nth(1).unwrap()
    );
    let server = demo.split("[[server.key]]").nth(1).unwrap();
    let server = server.split("[[site]]").next().unwrap();
    let key = |which: &str| world.text(&format!("/site/{which}")).to_owned();
    format!(
        r#"
[listeners.api]
bind = "localhost:{api}"
[listeners.public]
enabled = false
[listeners.hooks]
enabled = false
[listeners.ops]
bind = "127.0.0.1:{ops}"
[server]
state_dir = "state"
[server.signing]
future = 0
[[server.key]]{server}
[[site]]
id = "demo"
environment = "acceptatie"
origin = "https://www.voorbeeld.example"
[site.policy]
modules = ["zaken"]
[[site.key]]
scopes = ["pages", "assert"]
[site.key.request]
keyid = "{}"
secret = "{}"
[site.key.response]
keyid = "{}"
secret = "{}"
[[site.idp]]
name = "saml"
mode = "asserted"
{source}
{}
"#,
        key("request_keyid"),
        key("request_secret"),
        key("response_keyid"),
        key("response_secret"),
        source.replace("name = \"zgw\"", "name = \"archief\"")
    )
}

impl Serve {
    async fn start() -> Self {
        let mut world = World::at(Clock::system(), |_| {}).await;
        let (api, ops) = (free_port(), free_port());
        let toml = configuration(&world, api, ops);
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("zijspan.toml");
        fs::write(&file, &toml).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        let log = fs::File::create(dir.path().join("log")).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_zijspan"))
            .args(["serve", "--config", file.to_str().unwrap()])
            .env_remove("ZIJSPAN_CONFIG")
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        world.ready["api"] = json!(format!("http://localhost:{api}"));
        let mut serve = Self {
            child,
            dir,
            world,
            ops: format!("http://127.0.0.1:{ops}"),
            toml,
        };
        serve.until_logged("zijspan is ready").await;
        // Nobody knows what was used before an unclean stop, and a first start looks like one.
        while serve.world.get("/v1/status", None).await.status == 503 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        serve
    }

    fn log(&self) -> String {
        fs::read_to_string(self.dir.path().join("log")).unwrap()
    }

    /// Waits until the process has said this once more than before, and gives all that it said.
    async fn until_logged(&mut self, what: &str) -> String {
        self.until_logged_times(what, 1).await
    }

    async fn until_logged_times(&mut self, what: &str, times: usize) -> String {
        for _ in 0..400 {
            let log = self.log();
            if log.matches(what).count() >= times {
                return log;
            }
            assert!(self.child.try_wait().unwrap().is_none(), "it ended: {log}");
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("{what:?} was not said: {}", self.log());
    }

    /// Changes the file and tells the process, which then says `answer`.
    async fn edit(&mut self, from: &str, to: &str, answer: &str) -> String {
        assert!(self.toml.contains(from), "{from}");
        self.toml = self.toml.replacen(from, to, 1);
        fs::write(self.dir.path().join("zijspan.toml"), &self.toml).unwrap();
        let times = self.log().matches(answer).count() + 1;
        let told = Command::new("kill")
            .args(["-HUP", &self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(told.success());
        self.until_logged_times(answer, times).await
    }

    async fn log_in(&self) -> String {
        let answer = self
            .world
            .form(
                &[
                    ("grant_type", "urn:zijspan:asserted"),
                    ("subject_type", "bsn"),
                    ("subject", self.world.text("/persons/0/bsn")),
                ],
                None,
            )
            .await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body["access_token"].as_str().unwrap().to_owned()
    }

    async fn zaken(&self, token: &str) -> Value {
        self.world.part(token, "zaken", json!({})).await
    }
}

const APPLIED: &str = "the configuration was read again";

#[tokio::test(flavor = "multi_thread")]
async fn sighup_switches_a_module_without_a_restart_and_without_a_logout() {
    let mut serve = Serve::start().await;
    let token = serve.log_in().await;
    assert_eq!(serve.zaken(&token).await["state"], "ok");

    let log = serve
        .edit("modules = [\"zaken\"]", "modules = []", APPLIED)
        .await;
    assert!(log.contains("site[demo].policy.modules"), "{log}");
    let part = serve.zaken(&token).await;
    assert_eq!(part["state"], "denied", "{part}");
    assert_eq!(part["problem"]["reason"], "module_off");

    serve
        .edit("modules = []", "modules = [\"zaken\"]", APPLIED)
        .await;
    // The same session, and it was not ended by anything in between.
    assert_eq!(serve.zaken(&token).await["state"], "ok");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_does_not_hold_changes_nothing_and_what_needs_a_restart_is_named() {
    let mut serve = Serve::start().await;
    let token = serve.log_in().await;
    // Two changes, one of which cannot be: neither is applied.
    serve.toml = serve
        .toml
        .replacen("modules = [\"zaken\"]", "modules = []", 1);
    let log = serve
        .edit(
            "environment = \"acceptatie\"",
            "environment = \"elders\"",
            "nothing was changed",
        )
        .await;
    let line = log
        .lines()
        .find(|line| line.contains("nothing was changed"))
        .unwrap();
    assert!(line.contains("site[demo].environment"), "{line}");
    assert!(!line.contains(serve.world.text("/site/request_secret")));
    assert_eq!(serve.zaken(&token).await["state"], "ok");

    let log = serve
        .edit(
            "environment = \"elders\"",
            "label = \"Anders\"\nenvironment = \"acceptatie\"",
            "need a restart",
        )
        .await;
    let line = log.lines().find(|line| line.contains("need a restart"));
    assert!(line.unwrap().contains("site[demo].label"), "{log}");
    // The file as a whole holds now, so the module is off.
    assert_eq!(serve.zaken(&token).await["state"], "denied");

    let answer = serve.world.http.get(format!("{}/metrics", serve.ops));
    assert_eq!(answer.send().await.unwrap().status(), 200);
}

/// What the page says of each source, by name.
fn states(part: &Value) -> std::collections::BTreeMap<&str, &str> {
    let sources = part["sources"].as_array().unwrap();
    let named = sources.iter();
    named
        .map(|one| {
            (
                one["name"].as_str().unwrap(),
                one["state"].as_str().unwrap(),
            )
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn sighup_switches_one_source_of_two_while_the_other_goes_on() {
    let mut serve = Serve::start().await;
    let token = serve.log_in().await;
    let part = serve.zaken(&token).await;
    assert_eq!(
        states(&part),
        [("zgw", "answered"), ("archief", "answered")].into()
    );

    let log = serve
        .edit(
            "name = \"archief\"",
            "name = \"archief\"\nenabled = false",
            APPLIED,
        )
        .await;
    assert!(log.contains("site[demo].source[archief].enabled"), "{log}");
    let part = serve.zaken(&token).await;
    // Nothing is missing that anybody expected, so nothing is said to be.
    assert_eq!(part["state"], "ok", "{part}");
    assert_eq!(
        states(&part),
        [("zgw", "answered"), ("archief", "skipped")].into()
    );

    serve
        .edit("name = \"zgw\"", "name = \"zgw\"\nenabled = false", APPLIED)
        .await;
    let part = serve.zaken(&token).await;
    assert_eq!(part["state"], "denied", "{part}");
    assert_eq!(part["problem"]["reason"], "source_off");
    assert_eq!(
        states(&part),
        [("zgw", "skipped"), ("archief", "skipped")].into()
    );

    serve
        .edit("name = \"zgw\"\nenabled = false", "name = \"zgw\"", APPLIED)
        .await;
    assert_eq!(serve.zaken(&token).await["state"], "ok");
}

/// Switches the demo's source by its policy.
async fn switch(world: &World, on: bool) {
    let key = world.admin_key();
    let read = world
        .call(&key, Method::GET, "/v1/admin/policy", None, None)
        .await;
    let mut policy = read.body["policy"].clone();
    policy["bronnen_uit"] = if on { json!([]) } else { json!(["zgw"]) };
    let body = json!({"version": read.body["version"], "policy": policy}).to_string();
    let body = Some(("application/json", body.as_bytes()));
    let written = world
        .call(&key, Method::PUT, "/v1/admin/policy", None, body)
        .await;
    assert_eq!(written.status, 200, "{}", written.body);
    let change = written.body["changes"][0].as_str().unwrap();
    assert!(change.contains("zgw"), "{change}");
}

/// A zaak of the first person that has documents, and one of these.
async fn a_document(world: &World, token: &str) -> (Value, Value) {
    let list = world.part(token, "zaken", json!({})).await;
    for zaak in list["data"]["zaken"].as_array().unwrap() {
        let zaak = json!({"handle": zaak["handle"]});
        let part = world.part(token, "zaak", zaak.clone()).await;
        let document = part["data"]["documenten"][0]["handle"].clone();
        if document.is_string() {
            return (zaak, document);
        }
    }
    panic!("no documents");
}

async fn ticket(world: &World, token: &str, document: &Value) -> crate::harness::Answer {
    let body = json!({"handle": document});
    world
        .json(Method::POST, "/v1/tickets", Some(token), &body)
        .await
}

async fn fetch(world: &World, token: &str, url: &Value) -> reqwest::Response {
    world
        .http
        .get(url.as_str().unwrap())
        .header("cookie", format!("__Host-zijspan={token}"))
        .send()
        .await
        .unwrap()
}

#[tokio::test]
async fn a_source_that_the_policy_switches_off_is_not_asked_at_all() {
    let world = World::start().await;
    let token = world.log_in(0).await;
    let (zaak, document) = a_document(&world, &token).await;
    let issued = ticket(&world, &token, &document).await;
    assert_eq!(issued.status, 200, "{}", issued.body);

    switch(&world, false).await;
    world.clear_calls().await;
    for (kind, params) in [("zaken", json!({})), ("zaak", zaak.clone())] {
        let part = world.part(&token, kind, params).await;
        assert_eq!(part["state"], "denied", "{part}");
        assert_eq!(part["problem"]["reason"], "source_off");
        assert_eq!(states(&part), [("zgw", "skipped")].into());
        assert_eq!(part["data"], Value::Null);
    }
    // No new ticket, and the one of before opens nothing.
    let refused = ticket(&world, &token, &document).await;
    assert_eq!(refused.status, 503, "{}", refused.body);
    assert_eq!(refused.body["type"], "urn:zijspan:problem:unavailable");
    assert!(refused.body["code"].is_string(), "{}", refused.body);
    let answer = fetch(&world, &token, &issued.body["url"]).await;
    assert_eq!(answer.status(), 503);
    let body = json!({"handle": document}).to_string();
    let body = Some(("application/json", body.as_bytes()));
    let key = world.pages_key();
    let redeemed = world
        .call(&key, Method::POST, "/v1/tickets/redeem", Some(&token), body)
        .await;
    assert_eq!(redeemed.status, 503, "{}", redeemed.body);
    let check = world
        .call(
            &world.admin_key(),
            Method::GET,
            "/v1/admin/check",
            None,
            None,
        )
        .await;
    assert_eq!(check.body["steps"][0]["step"], "zgw", "{}", check.body);
    assert_eq!(world.calls().await.count, 0);

    switch(&world, true).await;
    assert_eq!(world.part(&token, "zaken", json!({})).await["state"], "ok");
    assert_eq!(world.part(&token, "zaak", zaak).await["state"], "ok");
    let issued = ticket(&world, &token, &document).await;
    let answer = fetch(&world, &token, &issued.body["url"]).await;
    assert_eq!(answer.status(), 200);
    world.stop().await;
}

#[tokio::test]
async fn a_download_that_is_under_way_ends_when_its_source_is_switched_off() {
    let world = World::start().await;
    let token = world.log_in(0).await;
    let (_, document) = a_document(&world, &token).await;
    let issued = ticket(&world, &token, &document).await;
    world
        .fault(json!({"upstream": "documenten", "mode": "drip", "path": "/download"}))
        .await;
    let mut answer = fetch(&world, &token, &issued.body["url"]).await;
    assert_eq!(answer.status(), 200);
    assert!(answer.chunk().await.unwrap().is_some());
    switch(&world, false).await;
    let rest = async {
        loop {
            match answer.chunk().await {
                Ok(Some(_)) => {}
                Ok(None) => break false,
                Err(_) => break true,
            }
        }
    };
    let ended = tokio::time::timeout(Duration::from_secs(10), rest).await;
    assert_eq!(ended, Ok(true), "it went on");
    world.stop().await;
}
