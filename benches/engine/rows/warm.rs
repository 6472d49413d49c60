//! A warm page call against a bare axum handler that answers with the same bytes.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use crate::bare::Bare;
use crate::demo::Demo;
use crate::load::{at_once, in_turn, median, ms, percentile};
use crate::machine::Process;
use crate::table::{Bar, Row};
use crate::wire::{Reply, Signed, Wp, page};

const ZAKEN: &str = "20";
const REPETITIONS: usize = 5;
/// Requests of one repetition over one connection.
const IN_TURN: usize = 3000;
const CONNECTIONS: usize = 64;
const AT_ONCE: Duration = Duration::from_secs(3);
/// More than one connection gets through in that time.
const PREPARED: usize = 1200;

/// A demo with somebody logged in whose overview was read, and the handler that gives its bytes.
struct Pair {
    demo: Demo,
    bare: Bare,
    wp: Wp,
    token: String,
    length: usize,
    _dir: tempfile::TempDir,
}

fn overview() -> Value {
    page("zaken", &json!({}), 2000)
}

impl Pair {
    async fn start() -> anyhow::Result<Self> {
        let demo = Demo::start(&["--zaken", ZAKEN])?;
        let wp = demo.wp()?;
        let token = wp.log_in(demo.person(0)).await?;
        let reply = read(&wp, &token).await?;
        let dir = tempfile::tempdir()?;
        Ok(Self {
            bare: Bare::start(&reply, dir.path())?,
            length: reply.body.len(),
            demo,
            wp,
            token,
            _dir: dir,
        })
    }

    fn requests(&self, count: usize) -> anyhow::Result<Vec<Signed>> {
        let body = overview().to_string();
        (0..count)
            .map(|_| {
                self.wp.sign(
                    "POST",
                    "/v1/page",
                    Some(&self.token),
                    "application/json",
                    &body,
                )
            })
            .collect()
    }
}

/// The page, verified, with its twenty zaken.
async fn read(wp: &Wp, token: &str) -> anyhow::Result<Reply> {
    let body = overview().to_string();
    let signed = wp.sign("POST", "/v1/page", Some(token), "application/json", &body)?;
    let mut conn = wp.open().await?;
    let reply = conn.call(&signed.bytes).await?;
    wp.verify(&signed, &reply)?;
    let part = &reply.json()?["parts"][0];
    anyhow::ensure!(part["state"] == "ok", "{part}");
    anyhow::ensure!(
        part["data"]["zaken"].as_array().map(Vec::len) == Some(20),
        "{part}"
    );
    Ok(reply)
}

pub async fn one_connection() -> anyhow::Result<Vec<Row>> {
    let mut p50 = Vec::new();
    let mut p99 = Vec::new();
    let (mut ours50, mut ours99, mut bare50, mut bare99) = (vec![], vec![], vec![], vec![]);
    let mut length = 0;
    for _ in 0..REPETITIONS {
        let pair = Pair::start().await?;
        length = pair.length;
        in_turn(pair.wp.api, &pair.requests(300)?).await?;
        in_turn(pair.bare.at, &pair.requests(300)?).await?;
        let mut ours = in_turn(pair.wp.api, &pair.requests(IN_TURN)?).await?;
        let mut bare = in_turn(pair.bare.at, &pair.requests(IN_TURN)?).await?;
        read(&pair.wp, &pair.token).await?;
        let of = |share, times: &mut [Duration]| ms(percentile(times, share));
        let (a50, b50) = (of(0.5, &mut ours), of(0.5, &mut bare));
        let (a99, b99) = (of(0.99, &mut ours), of(0.99, &mut bare));
        p50.push(a50 / b50);
        p99.push(a99 / b99);
        ours50.push(a50);
        ours99.push(a99);
        bare50.push(b50);
        bare99.push(b99);
    }
    let note = |ours: &[f64], bare: &[f64]| {
        format!(
            "{:.3} ms against {:.3} ms; {length} bytes; medians of {REPETITIONS} x {IN_TURN} calls, signed beforehand",
            median(ours),
            median(bare),
        )
    };
    Ok(vec![
        Row {
            what: "warm page of 20 zaken, 1 connection, p50",
            measured: median(&p50),
            unit: "x",
            bar: Bar::AtMost(3.0),
            note: note(&ours50, &bare50),
        },
        Row {
            what: "the same, p99",
            measured: median(&p99),
            unit: "x",
            bar: Bar::AtMost(5.0),
            note: note(&ours99, &bare99),
        },
    ])
}

pub async fn many_connections() -> anyhow::Result<Vec<Row>> {
    let mut ratios = Vec::new();
    let (mut ours, mut bare) = (vec![], vec![]);
    let (mut own, mut theirs, mut cores) = (vec![], vec![], vec![]);
    for _ in 0..REPETITIONS {
        // A new one each time: nonces are remembered for a minute, and one key has a bound on them.
        let pair = Pair::start().await?;
        let lists = |count| -> anyhow::Result<Vec<Vec<Signed>>> {
            (0..CONNECTIONS).map(|_| pair.requests(count)).collect()
        };
        let prepared = lists(PREPARED)?;
        at_once(pair.bare.at, &lists(20)?, AT_ONCE).await?;
        let process = pair.demo.process();
        let (cpu, own_cpu, began) = (process.cpu(), Process::own().cpu(), Instant::now());
        let mine = at_once(pair.wp.api, &prepared, AT_ONCE).await?;
        let wall = began.elapsed().as_secs_f64();
        theirs.push((process.cpu() - cpu).as_secs_f64() / wall);
        own.push((Process::own().cpu() - own_cpu).as_secs_f64() / wall);
        let process = pair.bare.process();
        let (cpu, began) = (process.cpu(), Instant::now());
        let same = at_once(pair.bare.at, &prepared, AT_ONCE).await?;
        cores.push((process.cpu() - cpu).as_secs_f64() / began.elapsed().as_secs_f64());
        read(&pair.wp, &pair.token).await?;
        ratios.push(mine / same);
        ours.push(mine);
        bare.push(same);
    }
    Ok(vec![Row {
        what: "the same, 64 connections, requests per second",
        measured: median(&ratios),
        unit: "x",
        bar: Bar::AtLeast(0.25),
        note: format!(
            "{:.0}/s against {:.0}/s (aim: 0.5x); cores used: sidecar {:.2} with a load generator of {:.2}, bare {:.2}",
            median(&ours),
            median(&bare),
            median(&theirs),
            median(&own),
            median(&cores),
        ),
    }])
}
