//! The first page after a start: no catalogue, no connection, every answer of a source after 100 ms.

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use tokio::time::Instant;
use uuid::Uuid;
use zijspan::app::Sites;
use zijspan::config::{self, Purpose};
use zijspan::domain::{Bsn, Clock, HandleTarget, ResourceKind, SiteId, SourceName, Subject};

use crate::demo::Demo;
use crate::load::{median, ms};
use crate::table::{Bar, Row};
use crate::wire::page;
use crate::zaaksysteem::Zaaksysteem;

const REPETITIONS: usize = 7;
const CALL_MS: f64 = 100.0;

pub async fn measure() -> anyhow::Result<Vec<Row>> {
    let mut overview = Vec::new();
    let mut zaak = Vec::new();
    for _ in 0..REPETITIONS {
        overview.push(first_page("zaken").await?);
        zaak.push(first_page("zaak").await?);
    }
    let row = |what, times: &[f64], rounds| Row {
        what,
        measured: median(times),
        unit: " ms",
        bar: Bar::AtMost(rounds * CALL_MS),
        note: format!("first page after a start; {REPETITIONS} starts"),
    };
    Ok(vec![
        row(
            "cold overview of 20 zaken, every call 100 ms",
            &overview,
            2.3,
        ),
        row("cold zaak page, every call 100 ms", &zaak, 3.3),
    ])
}

async fn first_page(kind: &str) -> anyhow::Result<f64> {
    let demo = Demo::start(&["--zaken", "20"])?;
    let wp = demo.wp()?;
    let params = if kind == "zaak" {
        handle(&demo).await?
    } else {
        json!({})
    };
    demo.fault("zgw", "none", 100).await?;
    let token = wp.log_in(demo.person(0)).await?;
    let mut conn = wp.open().await?;
    let began = Instant::now();
    let answer = wp
        .json(
            &mut conn,
            "/v1/page",
            Some(&token),
            &page(kind, &params, 10_000),
        )
        .await?;
    let took = ms(began.elapsed());
    let part = &answer["parts"][0];
    ensure!(part["state"] == "ok", "{kind}: {part}");
    Ok(took)
}

/// The handle of the first person's latest zaak, made with the site's own key: asking the sidecar for it
/// would read its catalogue.
async fn handle(demo: &Demo) -> anyhow::Result<Value> {
    let bsn = demo.person(0)["bsn"].as_str().context("no bsn")?;
    let zaak = Zaaksysteem::of(demo)?.latest(bsn).await?;
    let id = zaak["uuid"].as_str().context("no uuid")?;
    let clock = Clock::system();
    let (config, _) = config::check(&demo.config(), &[], Some(Purpose::Demo), clock.now())
        .map_err(|errors| anyhow::anyhow!("{errors}"))?;
    let sites = Sites::build(&config, &clock, &zijspan::lifecycle::Tasks::new())?;
    let site = sites
        .sites
        .get(&SiteId::parse("demo")?)
        .context("no site")?;
    let target = HandleTarget {
        kind: ResourceKind::Zaak,
        source: SourceName::parse("zgw")?,
        id: Uuid::try_parse(id)?,
        parent: None,
    };
    let subject = Subject::Burger(Bsn::parse(bsn)?);
    Ok(json!({"handle": site.handles.seal(&subject, &target).as_str()}))
}
