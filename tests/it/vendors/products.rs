//! What one product lacks or does otherwise.

use super::*;

/// What the profile of Open Zaak promises is there: not one call is refused.
#[tokio::test]
async fn the_pages_of_open_zaak_need_no_fallback() {
    let world = playing("vendor = \"open-zaak\"", "", json!({})).await;
    for person in [NOOR, CLOSED, COMPANY] {
        pages(&world, person).await;
    }
    let calls = world.calls().await;
    assert_eq!(calls.refused, 0, "{calls:?}");
    assert!(asked(&world, "/enkelvoudiginformatieobjecten/_zoek").await > 0);
    world.stop().await;
}

#[tokio::test]
async fn decos_join_has_no_resultaattypen_and_no_catalogussen() {
    let absent = json!({"absent": ["/resultaattypen", "/catalogussen", "/zaakobjecten"]});
    let world = playing("vendor = \"decos-join\"", "", absent).await;
    pages(&world, NOOR).await;
    // A closed zaak has a result, whose type nobody can tell: that is not a failure.
    pages(&world, CLOSED).await;
    assert_eq!(asked(&world, "/resultaattypen").await, 0);
    assert_eq!(asked(&world, "/catalogussen").await, 0);
    world.stop().await;
}

#[tokio::test]
async fn rx_mission_is_asked_for_rollen_per_zaak() {
    let played = json!({"refused": ["betrokkeneIdentificatie__natuurlijkPersoon__inpBsn"]});
    let world = playing("vendor = \"rx-mission\"", "", played).await;
    let (list, _) = pages(&world, NOOR).await;
    assert!(list["data"]["zaken"].as_array().unwrap().len() >= 20);
    let calls = world.calls().await;
    assert_eq!(calls.refused, 0, "{calls:?}");
    world.stop().await;
}

/// What is not known of a product is not asked of it.
#[tokio::test]
async fn xxllnc_is_asked_nothing_that_the_first_versions_did_not_have() {
    let played = json!({
        "refused": ["expand"],
        "absent": ["/_zoek", "/substatussen"],
        "versions": {"zaken": "1.0.2", "documenten": "1.0.1", "catalogi": "1.0.0"},
    });
    for vendor in ["xxllnc", "enable-u"] {
        let world = playing(&format!("vendor = \"{vendor}\""), "", played.clone()).await;
        pages(&world, NOOR).await;
        for path in ["/_zoek", "/substatussen"] {
            assert_eq!(asked(&world, path).await, 0, "{vendor} {path}");
        }
        let calls = world.calls().await;
        assert_eq!(calls.refused, 0, "{vendor}: {calls:?}");
        world.stop().await;
    }
}

#[tokio::test]
async fn e_suite_ignores_filters_that_are_combined() {
    // Per zaak, as the profile has it, the rollen of 872 zaken take longer than a test.
    let world = playing(
        "vendor = \"e-suite\"\nrollen_by_person = true",
        "",
        json!({"one_filter": true}),
    )
    .await;
    let token = world.log_in(MANY).await;
    let params = json!({"status": "closed", "page_size": 5});
    let list = world.part(&token, "zaken", params).await;
    assert_eq!(list["state"], "ok", "{list}");
    assert_eq!(list["data"]["zaken"].as_array().unwrap().len(), 5);
    // The whole list was read, so the number is the number.
    assert_eq!(list["data"]["total"]["at_least"], false, "{list}");
    world.stop().await;
    // With the filters of the standard it answers with everybody's zaken, which are not shown.
    let world = playing(
        "vendor = \"e-suite\"\nrollen_by_person = true\nopen_filter = true",
        "",
        json!({"one_filter": true}),
    )
    .await;
    let token = world.log_in(MANY).await;
    let list = world
        .part(&token, "zaken", json!({"status": "closed", "page_size": 5}))
        .await;
    assert_eq!(list["state"], "unavailable", "{list}");
    world.stop().await;
}

#[tokio::test]
async fn e_suite_fails_on_catalogussen_and_writes_zaaknummers_with_its_name_in_them() {
    let played = json!({
        "broken": ["/catalogussen"],
        "replace": [["\"ZAAK-2026-0000000", "\"0014ESUITE0000000"]],
    });
    let world = playing("vendor = \"e-suite\"", "", played).await;
    let (list, page) = pages(&world, NOOR).await;
    assert_eq!(asked(&world, "/catalogussen").await, 0);
    for zaaknummer in [
        &list["data"]["zaken"][0]["zaaknummer"],
        &page["data"]["zaaknummer"],
    ] {
        let text = zaaknummer.as_str().unwrap();
        assert!(!text.contains("ESUITE"), "{text}");
        // What the source writes otherwise came: this is not the sandbox's own number.
        assert!(!text.starts_with("ZAAK"), "{text}");
    }
    world.stop().await;
}
