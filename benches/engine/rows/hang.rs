//! Six sources, one of which never answers: the page answers with the five at its deadline, and at once
//! when the sixth is known to be down.

use anyhow::ensure;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::demo::Demo;
use crate::load::{median, ms};
use crate::table::{Bar, Row};
use crate::wire::{Wp, page};

const HEALTHY: [&str; 5] = ["zgw", "bron2", "bron3", "bron4", "bron5"];
const HANGING: &str = "bron6";
const HEALTHY_MS: u64 = 30;
const BUDGET_MS: u32 = 1000;
const REPETITIONS: usize = 3;
const PROBES: usize = 10;
/// Tries until the breaker is open, a page each.
const UNTIL_OPEN: usize = 60;

struct Answer {
    took: f64,
    part: Value,
}

impl Answer {
    fn source(&self, name: &str) -> Value {
        let sources = self.part["sources"].as_array().into_iter().flatten();
        let mut of = sources.filter(|source| source["name"] == name);
        of.next()
            .map_or(Value::Null, |source| source["state"].clone())
    }

    /// The five, and the sixth was not even asked.
    fn is_skipped(&self) -> bool {
        self.has_the_five("unavailable") && self.part["problem"]["reason"] == "open"
    }

    /// The zaken of the five, and word of the sixth.
    fn has_the_five(&self, sixth: &str) -> bool {
        self.part["state"] == "partial"
            && HEALTHY.iter().all(|name| self.source(name) == "answered")
            && self.source(HANGING) == sixth
            && self.part["data"]["zaken"]
                .as_array()
                .is_some_and(|zaken| zaken.len() == 20)
    }
}

/// A page of a new session, so that no answer is in memory.
async fn ask(demo: &Demo, wp: &Wp, budget_ms: u32) -> anyhow::Result<Answer> {
    let token = wp.log_in(demo.person(0)).await?;
    let mut conn = wp.open().await?;
    let body = page("zaken", &json!({}), budget_ms);
    let began = Instant::now();
    let answer = wp.json(&mut conn, "/v1/page", Some(&token), &body).await?;
    Ok(Answer {
        took: ms(began.elapsed()),
        part: answer["parts"][0].clone(),
    })
}

async fn six() -> anyhow::Result<(Demo, Wp)> {
    let demo = Demo::start(&["--sources", "6"])?;
    let wp = demo.wp()?;
    let first = ask(&demo, &wp, 10_000).await?;
    ensure!(first.part["state"] == "ok", "{}", first.part);
    for name in HEALTHY {
        demo.fault(name, "none", HEALTHY_MS).await?;
    }
    demo.fault(HANGING, "hang", 0).await?;
    Ok((demo, wp))
}

pub async fn measure() -> anyhow::Result<Vec<Row>> {
    let deadline = f64::from(BUDGET_MS) + 50.0;
    let mut times = Vec::new();
    let mut what_came = String::new();
    let mut last = six().await?;
    let mut whole = true;
    for repetition in 0..REPETITIONS {
        if repetition > 0 {
            // Each time with a breaker that has seen nothing.
            last = six().await?;
        }
        let answer = ask(&last.0, &last.1, BUDGET_MS).await?;
        times.push(answer.took);
        if !(answer.has_the_five("late") || answer.has_the_five("unavailable")) {
            whole = false;
            what_came = format!("; NOT with the five: state {}", answer.part["state"]);
        }
    }
    let closed = Row {
        what: "one of six sources hangs: the page answers with the five",
        measured: median(&times),
        unit: " ms",
        bar: if whole {
            Bar::AtMost(deadline)
        } else {
            Bar::Failed(deadline)
        },
        note: format!(
            "budget {BUDGET_MS} ms, the five take {HEALTHY_MS} ms; {REPETITIONS} starts{what_came}"
        ),
    };
    Ok(vec![closed, opened(&last.0, &last.1).await?])
}

async fn opened(demo: &Demo, wp: &Wp) -> anyhow::Result<Row> {
    const MOST: f64 = 60.0;
    let row = |measured, bar, note| Row {
        what: "the same with the breaker open",
        measured,
        unit: " ms",
        bar,
        note,
    };
    let mut last = ask(demo, wp, 300).await?;
    let mut tries = 1;
    while !last.is_skipped() && tries < UNTIL_OPEN {
        last = ask(demo, wp, 300).await?;
        tries += 1;
    }
    if !last.is_skipped() {
        let note = format!(
            "the source was not skipped in {tries} pages; last: {} {}",
            last.part["state"], last.part["problem"]["reason"]
        );
        return Ok(row(last.took, Bar::Failed(MOST), note));
    }
    let mut times = Vec::new();
    for _ in 0..PROBES {
        let answer = ask(demo, wp, BUDGET_MS).await?;
        // The one call that tries whether the source is back waits for it.
        if answer.is_skipped() {
            times.push(answer.took);
        }
    }
    let slowest = times.iter().copied().fold(0.0, f64::max);
    let note = format!(
        "the slowest of {} pages (median {:.1} ms); open after {tries} pages",
        times.len(),
        median(&times),
    );
    Ok(row(
        slowest,
        if times.is_empty() {
            Bar::Failed(MOST)
        } else {
            Bar::AtMost(MOST)
        },
        note,
    ))
}
