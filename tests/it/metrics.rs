//! `/metrics`: the figures are right, every label is one of a closed list, and nobody is in it.

use std::collections::{BTreeMap, BTreeSet};

use http::Method;
use serde_json::json;
use zijspan::api::router::API_ROUTES;

use crate::harness::World;

/// One line: its name, its labels and its value.
#[derive(Debug)]
struct Sample {
    name: String,
    labels: BTreeMap<String, String>,
    value: f64,
}

struct Scrape {
    text: String,
    samples: Vec<Sample>,
}

impl Scrape {
    async fn of(world: &World) -> Self {
        let url = format!("{}/metrics", world.text("/ops"));
        let answer = world.http.get(url).send().await.unwrap();
        let media = answer.headers()["content-type"].to_str().unwrap();
        assert!(media.starts_with("text/plain; version=0.0.4"), "{media}");
        let text = answer.text().await.unwrap();
        let samples = text
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .map(sample)
            .collect();
        Self { text, samples }
    }

    /// The sum of all samples of a name that have these labels.
    fn sum(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        self.samples
            .iter()
            .filter(|sample| sample.name == name)
            .filter(|sample| {
                let has = |(label, value): &(&str, &str)| sample.labels[*label] == *value;
                labels.iter().all(has)
            })
            .map(|sample| sample.value)
            .sum()
    }

    /// The names as they were described, without what a histogram adds.
    fn families(&self) -> BTreeSet<&str> {
        self.text
            .lines()
            .filter_map(|line| line.strip_prefix("# TYPE "))
            .filter_map(|rest| rest.split(' ').next())
            .collect()
    }
}

fn sample(line: &str) -> Sample {
    let (series, value) = line.rsplit_once(' ').unwrap();
    let (name, labels) = series.split_once('{').unwrap_or((series, "}"));
    let labels = labels
        .trim_end_matches('}')
        .split(',')
        .filter_map(|pair| pair.split_once("=\""))
        .map(|(label, value)| (label.to_owned(), value.trim_end_matches('"').to_owned()))
        .collect();
    Sample {
        name: name.to_owned(),
        labels,
        value: value.parse().unwrap(),
    }
}

/// Words in backticks.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

fn read(path: &str) -> String {
    std::fs::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// Pages that work and pages that do not, calls that nobody signed, and addresses that nobody has.
async fn a_busy_day(world: &World) {
    let bsn = world.text("/persons/0/bsn").to_owned();
    let token = world.log_in(0).await;
    assert_eq!(world.part(&token, "zaken", json!({})).await["state"], "ok");
    let made_up = format!("kind-{bsn}");
    let part = world.part(&token, &made_up, json!({})).await;
    assert_eq!(part["problem"]["reason"], "unknown_kind");
    let part = world.part(&token, "zaak", json!({"handle": bsn})).await;
    assert_eq!(part["state"], "not_found");
    world
        .fault(json!({"upstream": "zaken", "mode": "status", "status": 500}))
        .await;
    let part = world.part(&token, "zaken", json!({"year": 2020})).await;
    assert_eq!(part["state"], "unavailable");
    world.no_faults().await;
    // Twice the same: the second time nobody is asked.
    for _ in 0..2 {
        let part = world.part_again(&token, "zaken", json!({})).await;
        assert_eq!(part["state"], "ok");
    }
    world
        .get(&format!("/v1/person/{bsn}?q={bsn}"), Some(&token))
        .await;
    for address in [
        format!("{}/v1/page?q={bsn}", world.text("/api")),
        format!("{}/elsewhere/{bsn}", world.text("/api")),
        format!("{}/t/{bsn}", world.text("/public")),
        format!("{}/{bsn}", world.text("/public")),
        format!("{}/{bsn}", world.text("/hooks")),
        format!("{}/health", world.text("/ops")),
    ] {
        world
            .http
            .request(Method::GET, address)
            .send()
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn what_happened_is_counted() {
    let world = World::start().await;
    a_busy_day(&world).await;
    let scrape = Scrape::of(&world).await;
    for (kind, state, reason, times) in [
        ("zaken", "ok", "none", 3.0),
        ("unknown", "unavailable", "unknown_kind", 1.0),
        ("zaak", "not_found", "none", 1.0),
        ("zaken", "unavailable", "server", 1.0),
    ] {
        let labels = [
            ("site", "demo"),
            ("kind", kind),
            ("state", state),
            ("reason", reason),
        ];
        let count = scrape.sum("zijspan_part_total", &labels);
        assert!((count - times).abs() < 1e-9, "{labels:?}: {count}");
    }
    let figures = [
        ("zijspan_part_total", vec![("site", "demo")], 6.0),
        ("zijspan_page_seconds_count", vec![("site", "demo")], 6.0),
        (
            "zijspan_page_seconds_bucket",
            vec![("site", "demo"), ("le", "10")],
            6.0,
        ),
        (
            "zijspan_http_requests_total",
            vec![
                ("listener", "api"),
                ("route", "/v1/page"),
                ("status", "2xx"),
            ],
            6.0,
        ),
        (
            "zijspan_http_requests_seconds_count",
            vec![
                ("listener", "api"),
                ("route", "/v1/page"),
                ("status", "2xx"),
            ],
            6.0,
        ),
        // Nobody signed it, and it counts all the same.
        (
            "zijspan_http_requests_total",
            vec![
                ("listener", "api"),
                ("route", "/v1/page"),
                ("status", "4xx"),
            ],
            1.0,
        ),
        // Signed or not: no such route.
        (
            "zijspan_http_requests_total",
            vec![("listener", "api"), ("route", "other"), ("status", "4xx")],
            2.0,
        ),
        (
            "zijspan_http_requests_total",
            vec![
                ("listener", "public"),
                ("route", "/t/{ticket}"),
                ("status", "4xx"),
            ],
            1.0,
        ),
        (
            "zijspan_http_requests_total",
            vec![
                ("listener", "public"),
                ("route", "other"),
                ("status", "4xx"),
            ],
            1.0,
        ),
        (
            "zijspan_http_requests_total",
            vec![("listener", "hooks"), ("route", "other"), ("status", "4xx")],
            1.0,
        ),
        (
            "zijspan_http_requests_total",
            vec![("listener", "ops"), ("route", "/health"), ("status", "2xx")],
            1.0,
        ),
        ("zijspan_sites", vec![], 1.0),
        ("zijspan_sessions", vec![], 1.0),
        // One trade, six pages, one address that nobody has.
        ("zijspan_nonces", vec![], 8.0),
        ("zijspan_nonces_fullest_key", vec![], 8.0),
        ("zijspan_streams", vec![], 0.0),
        ("zijspan_requests", vec![], 0.0),
        (
            "zijspan_info",
            vec![("version", env!("CARGO_PKG_VERSION"))],
            1.0,
        ),
        // The clock of the test.
        ("process_start_time_seconds", vec![], 1_795_510_800.0),
    ];
    for (name, labels, expected) in figures {
        let value = scrape.sum(name, &labels);
        assert!(
            (value - expected).abs() < 1e-9,
            "{name} {labels:?}: {value}\n{}",
            scrape.text
        );
    }
    for name in [
        "process_resident_memory_bytes",
        "zijspan_sessions_limit",
        "zijspan_nonces_per_key_limit",
        "zijspan_streams_limit",
        "zijspan_requests_limit",
        "zijspan_cache_entries",
        "zijspan_cache_bytes",
        "zijspan_cache_max_bytes",
        "zijspan_cache_misses_total",
        "zijspan_cache_hits_total",
    ] {
        assert!(scrape.sum(name, &[]) >= 1.0, "{name}\n{}", scrape.text);
    }
    world.stop().await;
}

/// A label that can hold anything is a memory that can be filled, and a place where a person can end up.
#[tokio::test]
async fn every_label_is_one_of_a_closed_list_and_nobody_is_in_it() {
    let world = World::start().await;
    a_busy_day(&world).await;
    let scrape = Scrape::of(&world).await;
    for person in world.ready["persons"].as_array().unwrap() {
        for name in ["bsn", "kvk", "name"] {
            if let Some(canary) = person[name].as_str() {
                assert!(!scrape.text.contains(canary), "{canary}\n{}", scrape.text);
            }
        }
    }
    assert!(!scrape.text.contains("http:"), "{}", scrape.text);
    let problems = read("docs/problems.md");
    let reasons: BTreeSet<&str> = code(&problems).chain(["none", "ok"]).collect();
    let mut routes: BTreeSet<&str> = API_ROUTES.iter().map(|(_, route)| *route).collect();
    routes.extend([
        "other",
        "/callback",
        "/t/{ticket}",
        "/health",
        "/ready",
        "/metrics",
    ]);
    let words = |words: &[&'static str]| words.iter().copied().collect::<BTreeSet<&str>>();
    let operations: String = ["zgw/call.rs", "zgw/zaken/client.rs", "zgw/zaken/list.rs"]
        .iter()
        .chain(&["zgw/catalogi/client.rs", "zgw/documenten/client.rs"])
        .chain(&["zgw/besluiten/client.rs", "zgw/zaken/betrokkene.rs"])
        .map(|file| read(&format!("src/upstream/{file}")))
        .chain([read("src/identity/oidc/provider.rs")])
        .collect();
    let mut seen = BTreeSet::new();
    for sample in &scrape.samples {
        for (label, value) in &sample.labels {
            seen.insert(label.as_str());
            let known = match label.as_str() {
                "site" => words(&["demo"]),
                "kind" => words(&["zaken", "zaak", "unknown"]),
                "state" => words(&[
                    "ok",
                    "partial",
                    "late",
                    "unavailable",
                    "denied",
                    "not_found",
                ]),
                "reason" => reasons.clone(),
                "listener" => words(&["api", "public", "hooks", "ops"]),
                "route" => routes.clone(),
                "status" => words(&["1xx", "2xx", "3xx", "4xx", "5xx"]),
                "source" => words(&["zgw", "digid", "eherkenning", "portaal"]),
                "component" => words(&["zaken", "catalogi", "documenten", "besluiten", "idp"]),
                "outcome" if sample.name.starts_with("zijspan_catalogue_") => {
                    words(&["fresh", "stale", "asked", "new", "same", "failed"])
                }
                "outcome" => reasons.clone(),
                // A text of the code itself.
                "operation" if operations.contains(&format!("\"{value}\"")) => continue,
                "version" => words(&[env!("CARGO_PKG_VERSION")]),
                "le" if value == "+Inf" || value.parse::<f64>().is_ok() => continue,
                _ => panic!("{label} of {sample:?}"),
            };
            assert!(
                known.contains(value.as_str()),
                "{label}={value} of {sample:?}"
            );
        }
    }
    let labels = words(&[
        "site",
        "kind",
        "state",
        "reason",
        "listener",
        "route",
        "status",
        "source",
        "component",
        "outcome",
        "operation",
        "version",
        "le",
    ]);
    assert_eq!(seen, labels);
    world.stop().await;
}

#[tokio::test]
async fn every_metric_is_explained_and_no_other() {
    let world = World::start().await;
    a_busy_day(&world).await;
    let scrape = Scrape::of(&world).await;
    let page = read("docs/beheer.md");
    let documented: BTreeSet<&str> = page
        .lines()
        .filter(|line| line.starts_with("| `zijspan_") || line.starts_with("| `process_"))
        .flat_map(|line| code(line.split(" | ").next().unwrap()))
        .collect();
    assert_eq!(scrape.families(), documented);
    world.stop().await;
}

#[tokio::test]
async fn a_second_sidecar_in_the_process_counts_on() {
    let one = World::start().await;
    let two = World::start().await;
    let token = two.log_in(0).await;
    two.part(&token, "zaken", json!({})).await;
    for world in [&one, &two] {
        let scrape = Scrape::of(world).await;
        let pages = scrape.sum("zijspan_page_seconds_count", &[("site", "demo")]);
        assert!(pages >= 1.0, "{}", scrape.text);
    }
    one.stop().await;
    two.stop().await;
}
