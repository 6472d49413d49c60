//! Many residents for a while: mixed pages and downloads, no error, and memory that does not grow.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::demo::Demo;
use super::load::{ms, percentile};
use super::machine::{load, machine};
use super::say;
use super::wire::{Conn, Wp, address, page, plain_request};

const SESSIONS: usize = 500;
/// Between two pages of one resident, on average. 500 residents then ask 250 pages a second.
const THINK: Duration = Duration::from_secs(2);
/// A client that keeps a connection must open another after the server's 5 s for the next headers.
const IDLE: Duration = Duration::from_secs(4);
const SAMPLE: Duration = Duration::from_secs(30);
/// After the second minute memory may grow by no more than this in ten minutes: what an allocator and
/// a sample at an unlucky moment make of memory that does not grow.
const TOLERANCE_MIB: f64 = 2.0;
const MIB: f64 = 1024.0 * 1024.0;
/// Errors that are printed; all are counted.
const SHOWN: u64 = 10;

#[derive(Debug, Default)]
struct Counts {
    pages: AtomicU64,
    downloads: AtomicU64,
    errors: AtomicU64,
}

pub async fn run(minutes: f64) -> anyhow::Result<ExitCode> {
    ensure!(
        (0.1..=1440.0).contains(&minutes),
        "minutes: between 0.1 and 1440"
    );
    let fixed = 8;
    let sandbox = Demo::start(&["--persons", &(SESSIONS - fixed).to_string()])?;
    let demo = Demo::apart_from(&sandbox)?;
    let wp = Arc::new(demo.wp()?);
    let machine = machine();
    let text = |name: &str| machine[name].as_str().unwrap_or_default();
    say(&format!(
        "{} x {}, Linux {}; load {}",
        machine["cores"],
        text("cpu"),
        text("kernel"),
        machine["load"]
    ));
    let counts = Arc::new(Counts::default());
    let tasks = zijspan::lifecycle::Tasks::new();
    let began = Instant::now();
    let until = began + Duration::from_secs_f64(minutes * 60.0);
    let mut residents = Vec::new();
    for (n, person) in sandbox.persons().iter().enumerate() {
        let token = wp
            .log_in(person)
            .await
            .with_context(|| format!("person {n}"))?;
        let (done, times) = tokio::sync::oneshot::channel();
        let resident = Resident {
            wp: Arc::clone(&wp),
            token,
            conn: wp.open().await?,
            counts: Arc::clone(&counts),
            turn: n,
            zaken: Vec::new(),
            next: Value::Null,
            times: Vec::new(),
            used: Instant::now(),
        };
        tasks.spawn(async move {
            let _ = done.send(resident.live(until).await);
        });
        residents.push(times);
    }
    ensure!(residents.len() == SESSIONS, "{} persons", residents.len());
    say(&format!(
        "{SESSIONS} sessions, logged in after {:.1} s",
        began.elapsed().as_secs_f64()
    ));

    let process = demo.process();
    let mut samples = Vec::new();
    while Instant::now() < until {
        let minute = began.elapsed().as_secs_f64() / 60.0;
        let rss = process.rss() as f64 / MIB;
        samples.push((minute, rss));
        let (pages, errors) = (
            counts.pages.load(Ordering::Relaxed),
            counts.errors.load(Ordering::Relaxed),
        );
        let nonces = nonces(&demo)
            .await
            .map_or_else(|| "unknown".to_owned(), |n| format!("{n:.0}"));
        say(&format!(
            "{minute:5.1} min  {rss:6.1} MiB  {pages} pages  {errors} errors  {nonces} nonces  load {}",
            load()
        ));
        tokio::time::sleep_until(until.min(Instant::now() + SAMPLE)).await;
    }
    let mut times: Vec<Duration> = join_all(residents)
        .await
        .into_iter()
        .flatten()
        .flatten()
        .collect();
    let nonces = nonces(&demo).await;
    samples.push((
        began.elapsed().as_secs_f64() / 60.0,
        process.rss() as f64 / MIB,
    ));

    let errors = counts.errors.load(Ordering::Relaxed);
    let late: Vec<(f64, f64)> = samples
        .iter()
        .copied()
        .filter(|(minute, _)| *minute >= 2.0)
        .collect();
    let growth = (late.len() >= 3).then(|| slope(&late) * 10.0);
    let result = json!({
        "machine": machine, "minutes": minutes, "sessions": SESSIONS,
        "pages": counts.pages.load(Ordering::Relaxed),
        "downloads": counts.downloads.load(Ordering::Relaxed),
        "errors": errors,
        "p50_ms": ms(percentile(&mut times, 0.5)), "p99_ms": ms(percentile(&mut times, 0.99)),
        "rss_mib": samples, "growth_mib_in_ten_minutes": growth, "tolerance_mib": TOLERANCE_MIB,
        "nonces": nonces, "sidecar_cpu_s": process.cpu().as_secs_f64(),
    });
    print(&result)?;
    let grew = growth.is_some_and(|growth| growth > TOLERANCE_MIB);
    match growth {
        Some(growth) => say(&format!(
            "memory after the second minute: {growth:+.2} MiB in ten minutes (at most {TOLERANCE_MIB})"
        )),
        None => say(
            "too short to tell whether memory grows: that takes three samples after the second minute",
        ),
    }
    let pass = errors == 0 && !grew;
    say(if pass { "pass" } else { "FAIL" });
    Ok(if pass {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn print(result: &Value) -> anyhow::Result<()> {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{result}")?;
    Ok(out.flush()?)
}

/// MiB a minute, by least squares.
fn slope(samples: &[(f64, f64)]) -> f64 {
    let n = samples.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| samples.iter().map(of).sum::<f64>() / n;
    let (mean_x, mean_y) = (mean(|sample| sample.0), mean(|sample| sample.1));
    let over: f64 = samples
        .iter()
        .map(|(x, y)| (x - mean_x) * (y - mean_y))
        .sum();
    let under: f64 = samples.iter().map(|(x, _)| (x - mean_x).powi(2)).sum();
    over / under
}

/// How many nonces the sidecar remembers, as its metrics say.
async fn nonces(demo: &Demo) -> Option<f64> {
    let ops = address(demo.ready["ops"].as_str()?).ok()?;
    let reply = Conn::open(ops)
        .await
        .ok()?
        .plain("GET", "/metrics", &[], None)
        .await
        .ok()?;
    let text = String::from_utf8(reply.body).ok()?;
    let mut lines = text.lines();
    lines.find_map(|line| line.strip_prefix("zijspan_nonces ")?.parse().ok())
}

/// Somebody with a session who looks around.
struct Resident {
    wp: Arc<Wp>,
    token: String,
    conn: Conn,
    counts: Arc<Counts>,
    turn: usize,
    zaken: Vec<Value>,
    next: Value,
    times: Vec<Duration>,
    /// When its connection was last used.
    used: Instant,
}

impl Resident {
    /// Until the time is over; gives how long each page took.
    async fn live(mut self, until: Instant) -> Vec<Duration> {
        // Not all at the same moment.
        let share = (self.turn * 7919 % 1000) as u32;
        tokio::time::sleep(THINK * share / 1000).await;
        while Instant::now() < until {
            if let Err(error) = self.look().await {
                let before = self.counts.errors.fetch_add(1, Ordering::Relaxed);
                if before < SHOWN {
                    say(&format!("error: {error:#}"));
                }
                match self.wp.open().await {
                    Ok(conn) => {
                        self.conn = conn;
                        self.used = Instant::now();
                    }
                    Err(error) => say(&format!("no connection: {error:#}")),
                }
            }
            self.turn += 1;
            let share = (self.turn * 7919 % 1000) as u32;
            tokio::time::sleep(THINK / 2 + THINK * share / 1000).await;
        }
        self.times
    }

    async fn look(&mut self) -> anyhow::Result<()> {
        match self.turn % 8 {
            0 => {
                let part = self.part("zaken", json!({})).await?;
                self.zaken = part["data"]["zaken"]
                    .as_array()
                    .cloned()
                    .unwrap_or_default();
                self.next = part["data"]["next"].clone();
            }
            1 => drop(self.part("zaken", json!({"status": "open"})).await?),
            2 => drop(
                self.part("zaken", json!({"status": "closed", "page_size": 10}))
                    .await?,
            ),
            3 => drop(self.part("zaken", json!({"q": "kastanjelaan"})).await?),
            4 if self.next.is_string() => {
                let cursor = self.next.clone();
                drop(self.part("zaken", json!({ "cursor": cursor })).await?);
            }
            7 => self.download().await?,
            n => {
                let at = n % self.zaken.len().max(1);
                match self.zaken.get(at) {
                    Some(zaak) => drop(self.part("zaak", json!({"handle": zaak["handle"]})).await?),
                    None => drop(self.part("zaken", json!({})).await?),
                }
            }
        }
        Ok(())
    }

    async fn part(&mut self, kind: &str, params: Value) -> anyhow::Result<Value> {
        let body = page(kind, &params, 5000);
        self.awake().await?;
        let began = Instant::now();
        let idle = self.used.elapsed();
        let answer = self
            .wp
            .json(&mut self.conn, "/v1/page", Some(&self.token), &body)
            .await
            .with_context(|| format!("{kind}, after {idle:?} without a call"))?;
        self.used = Instant::now();
        self.times.push(began.elapsed());
        self.counts.pages.fetch_add(1, Ordering::Relaxed);
        let part = answer["parts"][0].clone();
        ensure!(
            part["state"] == "ok",
            "{kind} is {}: {}",
            part["state"],
            part["problem"]
        );
        Ok(part)
    }

    /// A connection that was idle for long is being closed by the other side.
    async fn awake(&mut self) -> anyhow::Result<()> {
        if self.used.elapsed() > IDLE {
            self.conn = self.wp.open().await?;
        }
        Ok(())
    }

    /// The first document of a zaak, or the application itself, where there is one.
    async fn download(&mut self) -> anyhow::Result<()> {
        let Some(zaak) = self.zaken.first() else {
            return Ok(());
        };
        let handle = zaak["handle"].clone();
        let part = self.part("zaak", json!({ "handle": handle })).await?;
        let data = &part["data"];
        let document = Some(&data["documenten"][0]).filter(|first| first.is_object());
        let document = document.unwrap_or(&data["aanvraag"]);
        if !document.is_object() {
            return Ok(());
        }
        let body = json!({"handle": document["handle"]});
        let ticket = self
            .wp
            .json(&mut self.conn, "/v1/tickets", Some(&self.token), &body)
            .await?;
        let url = ticket["url"].as_str().context("no url")?;
        let (host, path) = url
            .get(7..)
            .and_then(|rest| rest.split_once('/'))
            .context("no path")?;
        let at = address(host)?;
        let request = plain_request(at, "GET", &format!("/{path}"), &[], None);
        let (status, length) = Conn::open(at)
            .await?
            .drain(&request)
            .await
            .context("download")?;
        ensure!(status == 200, "download: status {status}");
        ensure!(
            Some(length) == document["omvang"].as_u64(),
            "download: {length} bytes"
        );
        self.counts.downloads.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}
