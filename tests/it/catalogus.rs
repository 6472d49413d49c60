//! The catalogue in memory, seen from a page: how many rounds a first page takes, and that no page waits
//! for a refresh.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;
use zijspan::app::Keeping;

use crate::harness::World;

const NOOR: usize = 0;
const HOUR: i64 = 3600;

/// Long enough that nothing of the catalogue is given without asking.
const DAY: i64 = 24 * HOUR;

const LISTS: [&str; 4] = [
    "GET /catalogi/api/v1/zaaktypen",
    "GET /catalogi/api/v1/catalogussen",
    "GET /catalogi/api/v1/informatieobjecttypen",
    "GET /catalogi/api/v1/besluittypen",
];

async fn world_of_twenty() -> World {
    World::with(|args| args.zaken = Some(20)).await
}

async fn first_handle(world: &World) -> Value {
    let token = world.log_in(NOOR).await;
    let part = world.part(&token, "zaken", json!({})).await;
    part["data"]["zaken"][0]["handle"].clone()
}

#[tokio::test]
async fn a_cold_overview_is_two_rounds() {
    let world = world_of_twenty().await;
    let token = world.log_in(NOOR).await;
    world.slow_sources().await;
    world.clear_calls().await;
    let part = world.part(&token, "zaken", json!({})).await;
    assert_eq!(part["state"], "ok", "{part}");
    let calls = world.calls().await;
    assert!(calls.rounds <= 2, "{calls:?}");
    for list in LISTS {
        assert_eq!(calls.paths.get(list), Some(&1), "{calls:?}");
    }
    world.stop().await;
}

#[tokio::test]
async fn a_cold_zaak_page_is_three_rounds() {
    let world = World::start().await;
    let handle = first_handle(&world).await;
    world.clock.advance_secs(DAY);
    let token = world.log_in(NOOR).await;
    world.slow_sources().await;
    world.clear_calls().await;
    let part = world.part(&token, "zaak", json!({"handle": handle})).await;
    assert_eq!(part["state"], "ok", "{part}");
    let calls = world.calls().await;
    assert!(calls.rounds <= 3, "{calls:?}");
    for list in LISTS {
        assert_eq!(calls.paths.get(list), Some(&1), "{calls:?}");
    }
    world.stop().await;
}

#[tokio::test]
async fn no_page_waits_while_the_catalogue_hangs_at_its_refresh() {
    let world = world_of_twenty().await;
    let handle = first_handle(&world).await;
    let token = world.log_in(NOOR).await;
    let params = json!({"handle": handle});
    let before = world.part(&token, "zaak", params.clone()).await;
    world.clock.advance_secs(HOUR);
    let token = world.log_in(NOOR).await;
    world
        .fault(json!({"upstream": "catalogi", "mode": "hang"}))
        .await;
    world.clear_calls().await;
    let began = Instant::now();
    let list = world.part(&token, "zaken", json!({})).await;
    let zaak = world.part(&token, "zaak", params).await;
    assert!(began.elapsed() < Duration::from_secs(3), "it waited");
    assert_eq!(list["state"], "ok", "{list}");
    assert_eq!(zaak["state"], "ok", "{zaak}");
    assert_eq!(zaak["data"]["stappen"], before["data"]["stappen"]);
    world.no_faults().await;
    world.stop().await;
}

#[tokio::test]
async fn a_catalogue_that_fails_for_hours_is_used_and_asked_about_once_a_minute() {
    let world = world_of_twenty().await;
    first_handle(&world).await;
    world
        .fault(json!({"upstream": "catalogi", "mode": "status", "status": 500}))
        .await;
    world.clock.advance_secs(5 * HOUR);
    let token = world.log_in(NOOR).await;
    world.clear_calls().await;
    for _ in 0..10 {
        let part = world.part(&token, "zaken", json!({})).await;
        assert_eq!(part["state"], "ok", "{part}");
    }
    let calls = world.calls().await;
    for list in LISTS {
        let asked = calls.paths.get(list).copied().unwrap_or(0);
        assert!((1..=2).contains(&asked), "{list}: {calls:?}");
    }
    // A day after it was read it is no longer known what holds.
    world.clock.advance_secs(19 * HOUR);
    let token = world.log_in(NOOR).await;
    let part = world.part(&token, "zaken", json!({})).await;
    assert_eq!(part["state"], "unavailable", "{part}");
    world.no_faults().await;
    world.stop().await;
}

#[tokio::test]
async fn a_list_that_a_page_does_not_need_does_not_hold_it_up() {
    let world = world_of_twenty().await;
    let token = world.log_in(NOOR).await;
    let path = "/catalogi/api/v1/informatieobjecttypen";
    world
        .fault(json!({"upstream": "catalogi", "mode": "hang", "path": path}))
        .await;
    let began = Instant::now();
    let part = world.part(&token, "zaken", json!({})).await;
    assert!(began.elapsed() < Duration::from_secs(3), "it waited");
    assert_eq!(part["state"], "ok", "{part}");
    world.no_faults().await;
    world.stop().await;
}

#[tokio::test]
async fn a_catalogue_that_was_read_at_start_is_not_asked_for_by_the_first_page() {
    let world = World::edited(Keeping::InMemory, |_, text| {
        text.replacen(
            "substatussen = true\n",
            "substatussen = true\ncatalogus_at_start = true\n",
            1,
        )
    })
    .await;
    let mut read = 0;
    for _ in 0..200 {
        read = world.calls().await.count;
        if read == LISTS.len() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(read, LISTS.len());
    let token = world.log_in(NOOR).await;
    world.clear_calls().await;
    let part = world.part(&token, "zaken", json!({})).await;
    assert_eq!(part["state"], "ok", "{part}");
    let calls = world.calls().await;
    for list in LISTS {
        assert_eq!(calls.paths.get(list), None, "{calls:?}");
    }
    world.stop().await;
}

#[tokio::test]
async fn a_demo_reads_no_catalogue_before_a_page_asks() {
    let world = World::start().await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(world.calls().await.count, 0);
    world.stop().await;
}
