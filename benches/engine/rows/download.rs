//! A document of 500 MB through a ticket, against the same bytes straight from the source.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use serde_json::json;
use tokio::time::Instant;

use crate::demo::Demo;
use crate::load::median;
use crate::machine::Process;
use crate::table::{Bar, Row};
use crate::wire::{Conn, address, page, plain_request};
use crate::zaaksysteem::Zaaksysteem;

const SIZE_MB: u32 = 500;
const RATE_MB: u32 = 100;
const REPETITIONS: usize = 3;
const MIB: f64 = 1024.0 * 1024.0;

pub async fn measure() -> anyhow::Result<Vec<Row>> {
    let (size, rate) = (SIZE_MB.to_string(), RATE_MB.to_string());
    let sandbox = Demo::start(&["--document-mb", &size, "--document-rate", &rate])?;
    let demo = Demo::apart_from(&sandbox)?;
    let wp = demo.wp()?;
    let length = u64::from(SIZE_MB) * 1_000_000;
    let mut conn = wp.open().await?;
    let noor = sandbox.person(0);
    let token = wp.log_in(noor).await?;
    let list = wp
        .json(
            &mut conn,
            "/v1/page",
            Some(&token),
            &page("zaken", &json!({}), 10_000),
        )
        .await?;
    let zaken = list["parts"][0]["data"]["zaken"]
        .as_array()
        .context("no zaken")?;
    let latest = zaken
        .iter()
        .max_by_key(|zaak| zaak["startdatum"].as_str().map(str::to_owned))
        .context("no zaak")?;
    let params = json!({"handle": latest["handle"]});
    let zaak = wp
        .json(
            &mut conn,
            "/v1/page",
            Some(&token),
            &page("zaak", &params, 10_000),
        )
        .await?;
    let document = zaak["parts"][0]["data"]["documenten"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|document| document["omvang"].as_u64() == Some(length))
        .context("the large document is not on the page")?
        .clone();
    let direct_path = direct_path(&sandbox, length).await?;
    let zgw = Zaaksysteem::of(&sandbox)?;

    let process = demo.process();
    let (mut ratios, mut growth, mut cpu, mut rates) = (vec![], vec![], vec![], vec![]);
    for _ in 0..REPETITIONS {
        let request = zgw.request(&direct_path, "*/*")?;
        let direct = drain(Conn::open(zgw.at).await?, &request, length).await?;

        // The one before was idle for as long as the download took.
        conn = wp.open().await?;
        let ticket = json!({"handle": document["handle"]});
        let ticket = wp
            .json(&mut conn, "/v1/tickets", Some(&token), &ticket)
            .await?;
        let url = ticket["url"].as_str().context("no url")?;
        let (at, path) = split(url)?;
        let request = plain_request(address(at)?, "GET", path, &[], None);
        let (before, cpu_before) = (process.rss(), process.cpu());
        let watch = Watch::start(process);
        let through = drain(Conn::open(address(at)?).await?, &request, length).await?;
        growth.push(watch.most().saturating_sub(before) as f64 / MIB);
        let used = (process.cpu() - cpu_before).as_secs_f64();
        cpu.push(used / (length as f64 / 1e9));
        let megabytes = length as f64 / 1e6;
        rates.push(megabytes / through.as_secs_f64());
        ratios.push(direct.as_secs_f64() / through.as_secs_f64());
    }
    let how = format!(
        "{SIZE_MB} MB from a source that sends {RATE_MB} MB/s, a process of its own; {REPETITIONS} pairs"
    );
    Ok(vec![
        Row {
            what: "download of 500 MB: growth of memory",
            measured: growth.iter().copied().fold(0.0, f64::max),
            unit: " MiB",
            bar: Bar::AtMost(16.0),
            note: format!("the largest of {REPETITIONS}, looked at every 20 ms"),
        },
        Row {
            what: "the same: rate against the direct rate",
            measured: median(&ratios),
            unit: "x",
            bar: Bar::AtLeast(0.95),
            note: format!("{:.1} MB/s; {how}", median(&rates)),
        },
        Row {
            what: "the same: processor time per GB",
            measured: median(&cpu),
            unit: " s",
            bar: Bar::None,
            note: "of the sidecar alone".to_owned(),
        },
    ])
}

fn split(url: &str) -> anyhow::Result<(&str, &str)> {
    let host = url.find("://").map_or(0, |at| at + 3);
    let at = url
        .get(host..)
        .and_then(|rest| rest.find('/'))
        .context("the ticket has no path")?;
    Ok(url.split_at(host + at))
}

/// Where the source itself has the document.
async fn direct_path(sandbox: &Demo, length: u64) -> anyhow::Result<String> {
    let zgw = Zaaksysteem::of(sandbox)?;
    let bsn = sandbox.person(0)["bsn"].as_str().context("no bsn")?;
    zgw.document_of_length(bsn, length).await
}

async fn drain(mut conn: Conn, request: &[u8], length: u64) -> anyhow::Result<Duration> {
    let began = Instant::now();
    let (status, got) = conn.drain(request).await?;
    ensure!(
        (status, got) == (200, length),
        "status {status}, {got} bytes"
    );
    Ok(began.elapsed())
}

/// The most memory of a process while something goes on.
struct Watch {
    most: Arc<AtomicU64>,
    stop: Arc<AtomicBool>,
}

impl Watch {
    fn start(process: Process) -> Self {
        let watch = Self {
            most: Arc::default(),
            stop: Arc::default(),
        };
        let (most, stop) = (Arc::clone(&watch.most), Arc::clone(&watch.stop));
        // A thread, so that a busy runtime does not keep it from looking.
        std::thread::spawn(move || {
            while !stop.load(Ordering::Relaxed) {
                most.fetch_max(process.rss(), Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(20));
            }
        });
        watch
    }

    fn most(self) -> u64 {
        self.stop.store(true, Ordering::Relaxed);
        self.most.load(Ordering::Relaxed)
    }
}
