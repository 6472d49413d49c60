//! The recorded zaak with its steps, result, decision and documents, and the download of one.

use http::Method;
use serde_json::{Value, json};

use super::recordings::Answer;
use super::replay::Ways;
use super::world::{Conformance, NUMMER, Settings};

fn labels<'a>(list: &'a Value, field: &str) -> Vec<&'a str> {
    list.as_array()
        .unwrap_or_else(|| panic!("not a list: {list}"))
        .iter()
        .map(|item| item[field].as_str().unwrap())
        .collect()
}

fn assert_is_the_recorded_zaak(part: &Value) {
    assert_eq!(part["state"], "ok", "{part}");
    let zaak = &part["data"];
    assert_eq!(zaak["zaaknummer"], NUMMER);
    assert_eq!(zaak["zaaktype"], "Omgevingsvergunning behandelen");
    assert_eq!(zaak["open"], false);
    assert_eq!(zaak["einddatum"], "2026-08-21");
    let stappen = zaak["stappen"].as_array().unwrap();
    assert_eq!(stappen.len(), 6, "{part}");
    assert!(stappen.iter().all(|stap| stap["state"] == "done"));
    assert_eq!(stappen[5]["datum"], "2026-08-21");
    assert_eq!(zaak["status"]["label"], "De procedure is afgerond");
    assert!(zaak["resultaat"]["label"].is_string(), "{part}");
    let mut names = labels(&zaak["documenten"], "naam");
    names.sort_unstable();
    assert_eq!(
        names,
        ["Aanvraagformulier 6", "Besluitbrief 6", "Bijlage 6"]
    );
}

fn assert_has_its_decision(part: &Value) {
    let besluit = &part["data"]["besluiten"][0];
    assert_eq!(besluit["datum"], "2026-03-18", "{part}");
    assert_eq!(besluit["uiterlijke_reactiedatum"], "2026-04-29");
    assert_eq!(labels(&besluit["documenten"], "naam"), ["Besluitbrief 6"]);
}

#[tokio::test]
async fn the_recorded_zaak_is_shown_whole_within_eight_calls() {
    let Some(conformance) = Conformance::with(Settings::confidential()).await else {
        return;
    };
    let token = conformance.log_in().await;
    let handle = conformance.handle(&token, NUMMER).await;
    let cold = conformance.zaak(&token, &handle).await;
    assert_is_the_recorded_zaak(&cold);
    conformance.replay.clear();
    let part = conformance.zaak(&token, &handle).await;
    assert_is_the_recorded_zaak(&part);
    assert_has_its_decision(&part);
    assert!(conformance.replay.seen().len() <= 8);
    assert!(!part["data"].to_string().contains("http"));
    conformance.assert_all_answered();
    conformance.stop().await;
}

#[tokio::test]
async fn the_recorded_zaak_is_shown_in_any_words_it_is_asked_in() {
    for (lines, ways) in [
        ("expand = false\ndocumenten_zoek = false", Ways::default()),
        ("bsn_in_url = false", Ways::default()),
        (
            "rollen_by_person = true\nlist_method = \"get\"",
            Ways::default(),
        ),
        (
            "",
            Ways {
                refuses_expand: true,
                ..Ways::default()
            },
        ),
        (
            "",
            Ways {
                odd_fields: true,
                ..Ways::default()
            },
        ),
        (
            "",
            Ways {
                concept: Some("ZT-OMGEVING"),
                ..Ways::default()
            },
        ),
        (
            "",
            Ways {
                scenario: vec![(
                    "/documenten/api/v1/enkelvoudiginformatieobjecten/_zoek",
                    "fout-405-put-status",
                )],
                ..Ways::default()
            },
        ),
    ] {
        let settings = Settings {
            lines,
            ..Settings::confidential()
        };
        let Some(conformance) = Conformance::with(settings).await else {
            return;
        };
        conformance.ways(ways.clone());
        let token = conformance.log_in().await;
        let handle = conformance.handle(&token, NUMMER).await;
        let part = conformance.zaak(&token, &handle).await;
        println!("{lines} {ways:?}");
        assert_is_the_recorded_zaak(&part);
        assert_has_its_decision(&part);
        conformance.stop().await;
    }
}

#[tokio::test]
async fn a_source_without_besluiten_has_no_decisions_and_lacks_none() {
    let settings = Settings {
        besluiten: false,
        ..Settings::confidential()
    };
    let Some(conformance) = Conformance::with(settings).await else {
        return;
    };
    let token = conformance.log_in().await;
    let handle = conformance.handle(&token, NUMMER).await;
    let part = conformance.zaak(&token, &handle).await;
    assert_is_the_recorded_zaak(&part);
    assert_eq!(part["data"]["besluiten"], json!([]));
    let seen = conformance.replay.seen();
    assert!(
        seen.iter()
            .all(|call| !call.target.starts_with("/besluiten"))
    );
    conformance.stop().await;
}

/// The Toonregels are narrowed again after the handle was given out.
#[tokio::test]
async fn a_zaak_above_the_ceiling_is_not_found() {
    let Some(conformance) = Conformance::with(Settings::confidential()).await else {
        return;
    };
    let token = conformance.log_in().await;
    let handle = conformance.handle(&token, NUMMER).await;
    let key = conformance.world.admin_key();
    let path = "/v1/admin/policy";
    let now = conformance
        .world
        .call(&key, Method::GET, path, None, None)
        .await;
    let mut policy = now.body["policy"].clone();
    policy["zaak_vertrouwelijkheid"] = json!("zaakvertrouwelijk");
    let body = json!({"version": now.body["version"], "policy": policy}).to_string();
    let body = Some(("application/json", body.as_bytes()));
    let put = conformance
        .world
        .call(&key, Method::PUT, path, None, body)
        .await;
    assert_eq!(put.status, 200, "{}", put.body);
    let part = conformance.zaak(&token, &handle).await;
    assert_eq!(part["state"], "not_found", "{part}");
    assert_eq!(part["data"], Value::Null);
    conformance.stop().await;
}

#[tokio::test]
async fn a_document_comes_as_it_was_recorded_under_its_own_name() {
    let Some(conformance) = Conformance::with(Settings::confidential()).await else {
        return;
    };
    let token = conformance.log_in().await;
    let handle = conformance.handle(&token, NUMMER).await;
    let part = conformance.zaak(&token, &handle).await;
    let document = part["data"]["documenten"]
        .as_array()
        .unwrap()
        .iter()
        .find(|document| document["naam"] == "Besluitbrief 6")
        .unwrap();
    let body = json!({"handle": document["handle"]});
    let ticket = conformance
        .world
        .json(Method::POST, "/v1/tickets", Some(&token), &body)
        .await;
    assert_eq!(ticket.status, 200, "{}", ticket.body);
    let url = ticket.body["url"].as_str().unwrap();
    let answer = conformance.world.http.get(url).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let headers = answer.headers().clone();
    let disposition = headers["content-disposition"].to_str().unwrap();
    assert!(disposition.contains("besluitbrief-6.pdf"), "{disposition}");
    assert!(!disposition.contains(".bin"), "{disposition}");
    let bytes = answer.bytes().await.unwrap();
    let recording = "enkelvoudiginformatieobject-download-versie";
    let Answer::Bytes(recorded) = &conformance.replay.recordings.get(recording).answer else {
        panic!("{recording} has no bytes");
    };
    assert!(bytes == recorded[..], "{} bytes", bytes.len());
    assert_eq!(document["omvang"], recorded.len());
    conformance.assert_all_answered();
    conformance.stop().await;
}
