//! The page of a zaak with a source that takes as long as a real one was recorded to take, against the
//! fifteen calls in a row over new connections that the plugin in use makes.

use anyhow::ensure;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::demo::Demo;
use crate::load::{median, ms};
use crate::table::{Bar, Row};
use crate::wire::{Conn, Wp, page};
use crate::zaaksysteem::Zaaksysteem;

const REPETITIONS: usize = 9;
const RTT_MS: u64 = 20;

pub async fn measure() -> anyhow::Result<Vec<Row>> {
    let demo = Demo::start(&[])?;
    let wp = demo.wp()?;
    let noor = demo.person(0);
    let bsn = noor["bsn"].as_str().unwrap_or_default();
    let zgw = Zaaksysteem::of(&demo)?;
    let zaaknummer = zgw.latest(bsn).await?["identificatie"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let mut conn = wp.open().await?;
    let token = wp.log_in(noor).await?;
    let list = part(&wp, &mut conn, &token, "zaken", &json!({})).await?;
    let zaak = list["data"]["zaken"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|zaak| zaak["zaaknummer"] == *zaaknummer);
    let params = json!({"handle": zaak.map(|zaak| zaak["handle"].clone())});

    let mut rows = Vec::new();
    for (rtt, bar, what) in [
        (
            RTT_MS,
            6.0,
            "zaak page, recorded medians and 20 ms round trip, against 15 calls in a row",
        ),
        (0, 3.5, "the same without the round trip"),
    ] {
        demo.latency("recorded", rtt).await?;
        // The catalogue in memory and connections open, as in a sidecar that has been up for a while.
        let token = wp.log_in(noor).await?;
        part(&wp, &mut conn, &token, "zaak", &params).await?;
        let (mut ratios, mut ours, mut plugin) = (vec![], vec![], vec![]);
        for _ in 0..REPETITIONS {
            // A new session, so that no answer is in memory.
            let token = wp.log_in(noor).await?;
            let began = Instant::now();
            let mine = part(&wp, &mut conn, &token, "zaak", &params).await?;
            let took = ms(began.elapsed());
            ensure!(
                mine["data"]["documenten"]
                    .as_array()
                    .is_some_and(|list| list.len() >= 2),
                "{mine}"
            );
            let began = Instant::now();
            let theirs = zgw.plugin_page(&zaaknummer, bsn).await?;
            let theirs_took = ms(began.elapsed());
            ensure!((theirs.calls, theirs.documents) == (15, 3), "{theirs:?}");
            ratios.push(theirs_took / took);
            ours.push(took);
            plugin.push(theirs_took);
        }
        rows.push(Row {
            what,
            measured: median(&ratios),
            unit: "x",
            bar: Bar::AtLeast(bar),
            note: format!(
                "{:.1} ms against {:.1} ms; new session, catalogue in memory; {REPETITIONS} pairs",
                median(&ours),
                median(&plugin),
            ),
        });
    }
    Ok(rows)
}

async fn part(
    wp: &Wp,
    conn: &mut Conn,
    token: &str,
    kind: &str,
    params: &Value,
) -> anyhow::Result<Value> {
    let answer = wp
        .json(conn, "/v1/page", Some(token), &page(kind, params, 10_000))
        .await?;
    let part = answer["parts"][0].clone();
    ensure!(part["state"] == "ok", "{kind}: {part}");
    Ok(part)
}
