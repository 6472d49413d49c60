//! The recorded person's zaken, the person without any, and the company.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::replay::Ways;
use super::world::{Conformance, NUMMER, Settings};

fn numbers(part: &Value) -> BTreeSet<String> {
    part["data"]["zaken"]
        .as_array()
        .unwrap_or_else(|| panic!("no zaken in {part}"))
        .iter()
        .map(|zaak| zaak["zaaknummer"].as_str().unwrap().to_owned())
        .collect()
}

/// The fifty of the recording, three of which are `vertrouwelijk`, whatever the words it is asked in.
async fn assert_shows_the_person(settings: Settings) {
    let lines = settings.lines;
    let Some(conformance) = Conformance::with(settings).await else {
        return;
    };
    let token = conformance.log_in().await;
    let part = conformance.list(&token, json!({"page_size": 100})).await;
    assert_eq!(part["state"], "ok", "{lines}: {part}");
    let recorded = conformance.replay.recordings.get("zaken-zoek-bsn");
    let expected: BTreeSet<_> = recorded
        .results()
        .iter()
        .filter(|zaak| zaak["vertrouwelijkheidaanduiding"] == "zaakvertrouwelijk")
        .map(|zaak| zaak["identificatie"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(expected.len(), 47);
    assert_eq!(numbers(&part), expected, "{lines}");
    assert!(!expected.contains(NUMMER));
    let source = &part["sources"][0];
    assert_eq!(source["count"], 50, "{source}");
    assert_eq!(source["hidden"], json!({"vertrouwelijkheid": 3}));
    let total = json!({"value": 47, "at_least": false});
    assert_eq!(part["data"]["total"], total);
    let labels: BTreeSet<_> = part["data"]["zaken"]
        .as_array()
        .unwrap()
        .iter()
        .map(|zaak| zaak["zaaktype"].as_str().unwrap())
        .collect();
    assert_eq!(
        labels.into_iter().collect::<Vec<_>>(),
        [
            "Melding openbare ruimte",
            "Omgevingsvergunning behandelen",
            "Parkeervergunning aanvragen"
        ]
    );
    let text = part["data"].to_string();
    assert!(!text.contains("http") && !text.contains("999993653"));
    conformance.assert_all_answered();
    conformance.stop().await;
}

#[tokio::test]
async fn the_zaken_of_the_person_by_zoek() {
    assert_shows_the_person(Settings::default()).await;
}

#[tokio::test]
async fn the_zaken_of_the_person_by_get() {
    assert_shows_the_person(Settings::lines("list_method = \"get\"")).await;
}

#[tokio::test]
async fn the_zaken_of_the_person_without_expand_or_ordering() {
    assert_shows_the_person(Settings::lines("expand = false\nordering = false")).await;
}

#[tokio::test]
async fn the_zaken_of_the_person_with_no_bsn_in_any_url() {
    let settings = Settings::lines("bsn_in_url = false");
    assert_shows_the_person(settings.clone()).await;
    let Some(conformance) = Conformance::with(settings).await else {
        return;
    };
    let token = conformance.log_in().await;
    conformance.list(&token, json!({})).await;
    let seen = conformance.replay.seen();
    assert!(seen.iter().all(|call| !call.target.contains("999993653")));
    assert!(seen.iter().any(|call| call.target.ends_with("/_zoek")));
    conformance.stop().await;
}

#[tokio::test]
async fn an_overview_is_two_calls_and_shows_the_newest_first_with_its_status() {
    let Some(conformance) = Conformance::start().await else {
        return;
    };
    let token = conformance.log_in().await;
    conformance.list(&token, json!({})).await;
    conformance.replay.clear();
    let part = conformance.list(&token, json!({})).await;
    assert_eq!(conformance.replay.seen().len(), 2);
    let zaken = part["data"]["zaken"].as_array().unwrap();
    assert_eq!(zaken.len(), 20);
    assert!(zaken.is_sorted_by(|a, b| a["startdatum"].as_str() >= b["startdatum"].as_str()));
    for zaak in zaken {
        assert!(zaak["status"]["label"].is_string(), "{zaak}");
    }
    conformance.stop().await;
}

#[tokio::test]
async fn a_person_without_zaken_has_an_empty_list() {
    let Some(conformance) = Conformance::with(Settings::lines("list_method = \"get\"")).await
    else {
        return;
    };
    // Nobody's rollen were recorded for this person; the recorded empty list stands for them.
    conformance.ways(Ways {
        scenario: vec![("/zaken/api/v1/rollen", "statussen-zaak-niet-bestaand")],
        ..Ways::default()
    });
    let token = conformance
        .world
        .log_in_as(json!({"bsn": "999991000"}))
        .await;
    let part = conformance.list(&token, json!({})).await;
    assert_eq!(part["state"], "ok", "{part}");
    assert_eq!(part["data"]["zaken"], json!([]));
    assert_eq!(
        part["data"]["total"],
        json!({"value": 0, "at_least": false})
    );
    conformance.stop().await;
}

/// Rollen of a company were not recorded, only its zaken: these have the form of the recorded ones.
fn rollen_of_company(conformance: &Conformance) -> Vec<Value> {
    let recordings = &conformance.replay.recordings;
    let like = &recordings.get("rollen-op-bsn").results()[0];
    recordings
        .get("zaken-lijst-kvk")
        .results()
        .iter()
        .map(|zaak| {
            let mut rol = like.clone();
            rol["url"] = zaak["rollen"][0].clone();
            rol["zaak"] = zaak["url"].clone();
            rol["betrokkeneType"] = json!("niet_natuurlijk_persoon");
            rol["betrokkeneIdentificatie"] = json!({
                "innNnpId": "", "annIdentificatie": "", "kvkNummer": "69599084",
                "vestigingsNummer": "000037178598", "statutaireNaam": "Bakkerij Zon",
                "innRechtsvorm": "", "bezoekadres": "", "subVerblijfBuitenland": null
            });
            rol
        })
        .collect()
}

#[tokio::test]
async fn a_company_sees_its_zaken_by_kvk_and_by_vestiging() {
    let Some(conformance) = Conformance::with(Settings::lines("list_method = \"get\"")).await
    else {
        return;
    };
    let shown = |part: &Value| {
        assert_eq!(part["sources"][0]["count"], 4, "{part}");
        numbers(part).len()
    };
    // A company is looked for among legal persons and among branches; the recorded one has no zaken as the
    // latter, which is the recorded empty list.
    let ways = Ways {
        made_rollen: rollen_of_company(&conformance),
        empty_doors: true,
        ..Ways::default()
    };
    conformance.ways(ways);
    for claims in [
        json!({"kvk": "69599084"}),
        json!({"kvk": "69599084", "vestigingsnummer": "000037178598"}),
    ] {
        let token = conformance.world.log_in_as(claims).await;
        let part = conformance.list(&token, json!({})).await;
        assert_eq!(part["state"], "ok", "{part}");
        assert!(shown(&part) >= 3);
    }
    conformance.stop().await;
}

#[tokio::test]
async fn a_company_whose_rollen_cannot_be_had_is_not_shown_an_empty_list() {
    let Some(conformance) = Conformance::with(Settings::lines("list_method = \"get\"")).await
    else {
        return;
    };
    let token = conformance
        .world
        .log_in_as(json!({"kvk": "69599084"}))
        .await;
    let part = conformance.list(&token, json!({})).await;
    assert_eq!(part["state"], "unavailable", "{part}");
    assert_eq!(part["problem"]["reason"], "not_found");
    conformance.stop().await;
}

#[tokio::test]
async fn a_server_without_filters_on_kvk_gives_what_it_can_and_says_so() {
    let Some(conformance) = Conformance::with(Settings::lines("list_method = \"get\"")).await
    else {
        return;
    };
    conformance.ways(Ways {
        made_rollen: rollen_of_company(&conformance),
        empty_doors: true,
        // Open Zaak's own, not in the standard.
        unknown: vec![
            "rol__betrokkeneIdentificatie__vestiging__kvkNummer",
            "betrokkeneIdentificatie__vestiging__kvkNummer",
        ],
        ..Ways::default()
    });
    let token = conformance
        .world
        .log_in_as(json!({"kvk": "69599084"}))
        .await;
    let part = conformance.list(&token, json!({})).await;
    assert_eq!(part["state"], "partial", "{part}");
    assert_eq!(part["problem"]["reason"], "rejected");
    assert_eq!(part["sources"][0]["count"], 4);
    conformance.stop().await;
}
