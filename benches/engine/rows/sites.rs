//! Two sites in one sidecar: a source of the one hangs while its residents keep asking, and the residents
//! of the other should not notice.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::ensure;
use futures_util::future::try_join_all;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::demo::Demo;
use crate::load::{median, ms, percentile};
use crate::table::{Bar, Row};
use crate::wire::{Conn, Wp, page};

const REPETITIONS: usize = 3;
/// Residents of the first site that ask at the same time, and of the second.
const FIRST: usize = 8;
const SECOND: usize = 32;
const TIME: Duration = Duration::from_secs(8);
const CALL_MS: u64 = 30;
const BUDGET_MS: u32 = 2000;

/// One resident after another: log in, then the overview, whose time counts.
async fn residents(
    wp: &Wp,
    persons: &[Value],
    next: &AtomicUsize,
    until: Instant,
) -> anyhow::Result<Vec<Duration>> {
    let (mut api, mut idp) = (wp.open().await?, Conn::open(wp.idp).await?);
    let body = page("zaken", &json!({}), BUDGET_MS);
    let mut times = Vec::new();
    while Instant::now() < until {
        let n = next.fetch_add(1, Ordering::Relaxed) % persons.len().max(1);
        let Some(person) = persons.get(n) else { break };
        let token = wp.log_in_over(&mut api, &mut idp, person).await?;
        let began = Instant::now();
        let answer = wp.json(&mut api, "/v1/page", Some(&token), &body).await?;
        times.push(began.elapsed());
        ensure!(
            answer["parts"][0]["state"] == "ok",
            "{}",
            answer["parts"][0]
        );
    }
    Ok(times)
}

async fn p95(wp: &Wp, persons: &[Value]) -> anyhow::Result<(f64, usize)> {
    let next = AtomicUsize::new(0);
    let until = Instant::now() + TIME;
    let all = try_join_all((0..FIRST).map(|_| residents(wp, persons, &next, until))).await?;
    let mut times: Vec<Duration> = all.into_iter().flatten().collect();
    Ok((ms(percentile(&mut times, 0.95)), times.len()))
}

/// Residents of the second site, who ask again as soon as they were answered, whatever the answer.
async fn impatient(wp: Arc<Wp>, person: Value, stop: Arc<AtomicBool>) -> anyhow::Result<()> {
    let token = wp.log_in(&person).await?;
    let mut conn = wp.open().await?;
    let body = page("zaken", &json!({}), BUDGET_MS);
    while !stop.load(Ordering::Relaxed) {
        wp.json(&mut conn, "/v1/page", Some(&token), &body).await?;
    }
    Ok(())
}

pub async fn measure() -> anyhow::Result<Vec<Row>> {
    let demo = Demo::start(&["--sites", "2", "--persons", "300"])?;
    let (first, second) = (demo.site(0)?, Arc::new(demo.site(1)?));
    // Generated persons have one to five zaken each.
    let persons = demo.persons().get(8..).unwrap_or_default();
    demo.fault("zgw", "none", CALL_MS).await?;
    p95(&first, persons).await?;
    let (mut ratios, mut calm, mut stormy, mut pages) = (vec![], vec![], vec![], 0);
    for _ in 0..REPETITIONS {
        demo.fault("site2", "none", CALL_MS).await?;
        let (before, _) = p95(&first, persons).await?;
        demo.fault("site2", "hang", 0).await?;
        let stop = Arc::new(AtomicBool::new(false));
        let tasks = zijspan::lifecycle::Tasks::new();
        for person in persons.iter().take(SECOND) {
            let work = impatient(Arc::clone(&second), person.clone(), Arc::clone(&stop));
            tasks.spawn(async move {
                if let Err(error) = work.await {
                    crate::say(&format!("the second site: {error:#}"));
                }
            });
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
        let (during, count) = p95(&first, persons).await?;
        stop.store(true, Ordering::Relaxed);
        demo.fault("site2", "none", CALL_MS).await?;
        tasks.stop();
        tasks.wait(Duration::from_secs(12)).await;
        ratios.push(during / before);
        calm.push(before);
        stormy.push(during);
        pages = count;
    }
    Ok(vec![Row {
        what: "one site's source hangs while another site is busy: the other's p95",
        measured: median(&ratios),
        unit: "x",
        bar: Bar::AtMost(1.2),
        note: format!(
            "{:.1} ms against {:.1} ms undisturbed; overviews of {FIRST} residents at a time, each a new session, calls of {CALL_MS} ms; {pages} pages a run, {SECOND} residents waiting at the other site",
            median(&stormy),
            median(&calm),
        ),
    }])
}
