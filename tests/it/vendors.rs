//! Our client against the sandbox playing other products. Each test is named after what the product does.

mod credentials;
mod products;
mod several;

use serde_json::{Value, json};
use zijspan::app::Keeping;

use crate::harness::World;

pub const NOOR: usize = 0;
pub const CLOSED: usize = 3;
pub const MANY: usize = 6;
pub const COMPANY: usize = 7;

/// The sidecar with these lines under its source, and the sandbox doing these things otherwise.
pub async fn playing(source: &str, tables: &str, played: Value) -> World {
    let label = "label = \"Zaaksysteem\"\n";
    let zaken = "[site.source.zaken]\n";
    let world = World::edited(Keeping::InMemory, |_, config| {
        assert!(config.contains(label) && config.contains(zaken), "{config}");
        config
            .replacen("substatussen = true\n", "", 1)
            .replacen(label, &format!("{label}{source}\n"), 1)
            .replacen(zaken, &format!("{tables}\n{zaken}"), 1)
    })
    .await;
    play(&world, played).await;
    world
}

pub async fn play(world: &World, played: Value) {
    let url = format!("{}/sandbox/vendor", world.text("/upstreams"));
    let answer = world.http.post(url).json(&played).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{}", answer.text().await.unwrap());
}

/// Every token that was given so far is over.
pub async fn end_tokens(world: &World) {
    let url = format!("{}/sandbox/vendor", world.text("/upstreams"));
    assert_eq!(world.http.put(url).send().await.unwrap().status(), 200);
}

/// A list and the page of its first zaak, both whole.
pub async fn pages(world: &World, person: usize) -> (Value, Value) {
    let token = world.log_in(person).await;
    let list = world.part(&token, "zaken", json!({})).await;
    assert_eq!(list["state"], "ok", "{list}");
    let first = &list["data"]["zaken"][0];
    let page = world
        .part(&token, "zaak", json!({"handle": first["handle"]}))
        .await;
    assert_eq!(page["state"], "ok", "{page}");
    (list, page)
}

/// How often a path was asked, by its end.
pub async fn asked(world: &World, end: &str) -> usize {
    let calls = world.calls().await;
    calls
        .paths
        .iter()
        .filter(|(path, _)| path.ends_with(end))
        .map(|(_, times)| times)
        .sum()
}
