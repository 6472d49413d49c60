//! Resident memory: idle, and of sessions that are not in use.

use std::time::Duration;

use anyhow::Context as _;

use crate::demo::Demo;
use crate::load::median;
use crate::table::{Bar, Row};
use crate::wire::Conn;

const IDLE_STARTS: usize = 5;
/// Sessions that are made first, so that what is allocated once is not counted.
const FIRST: usize = 500;
const SESSIONS: usize = 2000;
const MIB: f64 = 1024.0 * 1024.0;

pub async fn measure() -> anyhow::Result<Vec<Row>> {
    let mut idle = Vec::new();
    for _ in 0..IDLE_STARTS {
        let demo = Demo::start(&[])?;
        tokio::time::sleep(Duration::from_secs(3)).await;
        idle.push(demo.process().rss() as f64 / MIB);
    }
    let (first, all) = (FIRST, FIRST + SESSIONS);
    let sandbox = Demo::start(&["--persons", &all.to_string()])?;
    let demo = Demo::apart_from(&sandbox)?;
    let wp = demo.wp()?;
    let (mut api, mut idp) = (wp.open().await?, Conn::open(wp.idp).await?);
    // The fixed persons come first and may have more than one session.
    let persons = sandbox.persons().get(8..).context("no persons")?;
    let mut before = 0;
    for (n, person) in persons.iter().enumerate().take(all) {
        if n == first {
            before = demo.process().rss();
        }
        wp.log_in_over(&mut api, &mut idp, person).await?;
    }
    let after = demo.process().rss();
    let each = after.saturating_sub(before) as f64 / SESSIONS as f64 / 1024.0;
    Ok(vec![
        Row {
            what: "memory, idle",
            measured: median(&idle),
            unit: " MiB",
            bar: Bar::AtMost(25.0),
            note: format!("3 s after it was ready, sandbox included; {IDLE_STARTS} starts"),
        },
        Row {
            what: "memory of an idle session",
            measured: each,
            unit: " KiB",
            bar: Bar::AtMost(16.0),
            note: format!(
                "growth over {SESSIONS} logins after {FIRST} others, with what each login leaves for a minute: its nonce and its spent token"
            ),
        },
    ])
}
