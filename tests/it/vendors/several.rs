//! What more than one product does.

use super::*;

/// A configuration that promises too much costs a refused call once, not with every page.
#[tokio::test]
async fn what_a_source_does_not_offer_is_found_out_once() {
    let played = json!({
        "absent": ["/zaken/_zoek", "/enkelvoudiginformatieobjecten/_zoek", "/substatussen"],
        "refused": ["expand", "ordering", "betrokkeneIdentificatie__natuurlijkPersoon__inpBsn"],
    });
    let source = "vendor = \"open-zaak\"";
    let world = playing(source, "", played).await;
    let (list, page) = pages(&world, NOOR).await;
    assert_eq!(list["data"]["zaken"].as_array().unwrap().len(), 20);
    assert_ne!(page["data"]["documenten"], json!([]));
    assert!(world.calls().await.refused >= 4);
    world.clear_calls().await;
    world.clock.advance_secs(61);
    pages(&world, NOOR).await;
    pages(&world, MANY).await;
    let calls = world.calls().await;
    assert_eq!(calls.refused, 0, "{calls:?}");
    // A quarter of an hour later it may have learned.
    world.clock.advance_secs(900);
    play(&world, json!({})).await;
    world.clear_calls().await;
    pages(&world, NOOR).await;
    assert!(asked(&world, "/zaken/_zoek").await > 0);
    world.stop().await;
}

#[tokio::test]
async fn bare_lists_are_read_as_they_come() {
    let world = playing("", "", json!({"bare": true})).await;
    let (list, page) = pages(&world, NOOR).await;
    assert_eq!(list["data"]["zaken"].as_array().unwrap().len(), 20);
    assert!(page["data"]["stappen"].as_array().unwrap().len() > 2);
    world.stop().await;
}

/// The page of a zaak, whatever it does not depend on being written otherwise.
async fn same_pages(source: &str, played: Value) {
    let world = playing(source, "", json!({})).await;
    let (mut list, mut page) = pages(&world, NOOR).await;
    play(&world, played.clone()).await;
    // What was remembered of the catalogue and the session is asked anew.
    world.clock.advance_secs(4000);
    let (mut other_list, mut other_page) = pages(&world, NOOR).await;
    for value in [&mut list, &mut page, &mut other_list, &mut other_page] {
        value.as_object_mut().unwrap().remove("sources");
    }
    assert_eq!(other_list, list, "{played}");
    assert_eq!(other_page, page, "{played}");
    world.stop().await;
}

#[tokio::test]
async fn days_with_a_time_behind_them_are_the_same_days() {
    same_pages("", json!({"time_part": true})).await;
}

#[tokio::test]
async fn volgnummers_with_gaps_are_the_same_steps() {
    let gaps: Vec<[String; 2]> = (1..10)
        .rev()
        .map(|n| {
            [
                format!("\"volgnummer\":{n},"),
                format!("\"volgnummer\":{},", n * 10 + 1),
            ]
        })
        .collect();
    same_pages("", json!({ "replace": gaps })).await;
}

#[tokio::test]
async fn a_status_that_means_none_is_no_step() {
    let world = playing("", "", json!({})).await;
    let (_, page) = pages(&world, NOOR).await;
    let steps = page["data"]["stappen"].as_array().unwrap().clone();
    world.stop().await;
    // The register's own word for the first step, which the source writes as its word for no status.
    let first = steps[0]["label"].as_str().unwrap();
    for (source, word) in [
        ("", "niet beschikbaar"),
        ("geen_status = [\"Onbekend\"]", "ONBEKEND"),
    ] {
        let hidden = json!({"replace": [["\"Aanvraag ontvangen\"", format!("\"{word}\"")]]});
        let world = playing(source, "", hidden).await;
        let (_, page) = pages(&world, NOOR).await;
        let shown: Vec<&str> = page["data"]["stappen"]
            .as_array()
            .unwrap()
            .iter()
            .map(|step| step["label"].as_str().unwrap())
            .collect();
        assert_eq!(shown.len(), steps.len() - 1, "{first} {shown:?}");
        world.stop().await;
    }
}

#[tokio::test]
async fn an_identificatie_with_a_slash_and_dashes_is_shown_as_it_is() {
    let played = json!({"replace": [["\"ZAAK-2026-", "\"Z--2026/1."]]});
    let world = playing("", "", played).await;
    let (list, page) = pages(&world, NOOR).await;
    let number = list["data"]["zaken"][0]["zaaknummer"].as_str().unwrap();
    assert!(number.starts_with("Z--2026/1."), "{number}");
    assert_eq!(page["data"]["zaaknummer"], number);
    world.stop().await;
}

#[tokio::test]
async fn a_company_is_looked_for_by_the_numbers_that_the_source_can_filter_on() {
    const NNP: &str = "rol__betrokkeneIdentificatie__nietNatuurlijkPersoon__kvkNummer";
    let world = playing("vendor = \"xxllnc\"", "", json!({"refused": [NNP]})).await;
    let token = world.log_in(COMPANY).await;
    let list = world.part(&token, "zaken", json!({})).await;
    assert_eq!(list["state"], "ok", "{list}");
    world.stop().await;
    // No number that the source understands: nobody was asked, and that is not "no zaken".
    let world = playing("company_filters = [\"rsin\"]", "", json!({})).await;
    let token = world.log_in(COMPANY).await;
    let list = world.part(&token, "zaken", json!({})).await;
    assert_eq!(list["state"], "unavailable", "{list}");
    world.stop().await;
}
