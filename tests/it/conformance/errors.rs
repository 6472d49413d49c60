//! Every recorded error as a scenario: the part says what came of it, and is never empty.

use serde_json::{Value, json};

use super::replay::Ways;
use super::world::{Conformance, NUMMER, Settings};

/// Recording, reason of the list, and of the zaak where it differs.
const EVERYTHING: [(&str, &str); 27] = [
    ("fout-geen-token", "forbidden"),
    ("fout-geen-rechten-lijst", "forbidden"),
    ("fout-geen-rechten-detail", "forbidden"),
    ("fout-beperkt-ander-zaaktype-detail", "forbidden"),
    ("fout-403-accept-alles", "forbidden"),
    ("fout-verkeerd-geheim", "credentials"),
    ("fout-token-verlopen", "credentials"),
    ("fout-onbekende-client", "credentials"),
    ("fout-token-geen-jwt", "credentials"),
    ("fout-404-pad", "garbled"),
    ("fout-404-zaak-geen-uuid", "server"),
    ("fout-geen-accept-crs", "rejected"),
    ("fout-verkeerde-accept-crs", "rejected"),
    ("zoek-geen-content-crs", "rejected"),
    ("fout-406-accept-html", "rejected"),
    ("fout-404-accept-problem-json", "rejected"),
    ("fout-405-put-status", "rejected"),
    ("fout-415-mediatype", "rejected"),
    ("fout-400-bsn-te-lang", "rejected"),
    ("fout-400-datumfilter", "rejected"),
    ("fout-400-expand-onbekend", "rejected"),
    ("fout-400-onbekende-queryparameter", "rejected"),
    ("fout-400-ordering", "rejected"),
    ("fout-400-rollen-zaak-ongeldig", "rejected"),
    ("fout-400-host", "rejected"),
    ("zaken-zoek-leeg-body-400", "rejected"),
    ("zaak-detail-if-none-match-304", "garbled"),
];

fn everything(recording: &'static str) -> Ways {
    at("", recording)
}

fn at(path: &'static str, recording: &'static str) -> Ways {
    Ways {
        scenario: vec![(path, recording)],
        ..Ways::default()
    }
}

fn assert_unavailable(part: &Value, reason: &str, why: &str) {
    assert_eq!(part["state"], "unavailable", "{why}: {part}");
    assert_eq!(part["problem"]["reason"], reason, "{why}: {part}");
    assert_eq!(part["data"], Value::Null, "{why}");
    assert_eq!(part["sources"][0]["state"], "unavailable", "{why}");
}

fn assert_partial(part: &Value, missing: &str, reason: &str, why: &str) {
    assert_eq!(part["state"], "partial", "{why}: {part}");
    assert_eq!(
        part["problem"]["missing"],
        json!([missing]),
        "{why}: {part}"
    );
    assert_eq!(part["problem"]["reason"], reason, "{why}: {part}");
}

#[tokio::test]
async fn every_recorded_error_is_told_apart() {
    let Some(conformance) = Conformance::with(Settings::confidential()).await else {
        return;
    };
    let token = conformance.log_in().await;
    let handle = conformance.handle(&token, NUMMER).await;
    for (recording, reason) in EVERYTHING {
        conformance.ways(everything(recording));
        let list = conformance.list(&token, json!({})).await;
        assert_unavailable(&list, reason, recording);
        let zaak = conformance.zaak(&token, &handle).await;
        assert_unavailable(&zaak, reason, recording);
    }
    conformance.ways(Ways::default());
    let list = conformance.list(&token, json!({})).await;
    assert_eq!(list["state"], "ok", "{list}");
    conformance.stop().await;
}

#[tokio::test]
async fn a_404_is_a_zaak_that_is_not_there_and_a_list_that_cannot_be_asked() {
    let Some(conformance) = Conformance::with(Settings::confidential()).await else {
        return;
    };
    let token = conformance.log_in().await;
    let handle = conformance.handle(&token, NUMMER).await;
    for recording in [
        "fout-404-zaak",
        "fout-404-accept-alles",
        "zaken-lijst-bsn-pagina-te-hoog-404",
        "zaken-zoek-pagina-bestaat-niet-404",
    ] {
        conformance.ways(everything(recording));
        let list = conformance.list(&token, json!({})).await;
        assert_unavailable(&list, "not_found", recording);
        let zaak = conformance.zaak(&token, &handle).await;
        assert_eq!(zaak["state"], "not_found", "{recording}: {zaak}");
        assert_eq!(zaak["data"], Value::Null);
    }
    // Rollen that are not there prove nothing, and are no answer about the zaak.
    conformance.ways(at("/zaken/api/v1/rollen", "fout-404-zaak"));
    let zaak = conformance.zaak(&token, &handle).await;
    assert_unavailable(&zaak, "not_found", "rollen");
    conformance.stop().await;
}

#[tokio::test]
async fn what_one_call_lacks_the_zaak_page_names() {
    let Some(conformance) = Conformance::with(Settings::confidential()).await else {
        return;
    };
    let token = conformance.log_in().await;
    let handle = conformance.handle(&token, NUMMER).await;
    conformance.zaak(&token, &handle).await;
    for (path, recording, missing, reason) in [
        (
            "/zaken/api/v1/statussen",
            "fout-geen-rechten-lijst",
            "stappen",
            "forbidden",
        ),
        (
            "/zaken/api/v1/zaakinformatieobjecten",
            "fout-404-zaak-geen-uuid",
            "documenten",
            "server",
        ),
        (
            "/documenten/api/v1/enkelvoudiginformatieobjecten/_zoek",
            "fout-beperkt-document",
            "documenten",
            "forbidden",
        ),
        (
            "/besluiten/api/v1/besluiten",
            "fout-geen-rechten-lijst",
            "besluiten",
            "forbidden",
        ),
        (
            "/besluiten/api/v1/besluiten",
            "fout-404-pad",
            "besluiten",
            "garbled",
        ),
        (
            "/besluiten/api/v1/besluitinformatieobjecten",
            "fout-token-verlopen",
            "besluiten",
            "credentials",
        ),
    ] {
        conformance.ways(at(path, recording));
        let part = conformance.zaak(&token, &handle).await;
        assert_partial(&part, missing, reason, path);
        assert_eq!(part["data"]["zaaknummer"], NUMMER);
    }
    conformance.ways(at("/zaken/api/v1/rollen", "fout-geen-rechten-lijst"));
    let part = conformance.zaak(&token, &handle).await;
    assert_unavailable(&part, "forbidden", "rollen");
    let part = conformance.list(&token, json!({})).await;
    assert_unavailable(&part, "forbidden", "rollen");
    conformance.stop().await;
}

const BESLUITBRIEF: &str =
    "/documenten/api/v1/enkelvoudiginformatieobjecten/0377321a-181d-47f5-b46a-52e842b1a987";

#[tokio::test]
async fn a_document_that_is_refused_hides_itself_alone() {
    let settings = Settings {
        lines: "documenten_zoek = false",
        ..Settings::confidential()
    };
    let Some(conformance) = Conformance::with(settings).await else {
        return;
    };
    let token = conformance.log_in().await;
    let handle = conformance.handle(&token, NUMMER).await;
    conformance.ways(at(BESLUITBRIEF, "fout-beperkt-document"));
    let part = conformance.zaak(&token, &handle).await;
    assert_partial(&part, "documenten", "forbidden", "fout-beperkt-document");
    assert_eq!(part["data"]["documenten"].as_array().unwrap().len(), 2);
    conformance.ways(at(BESLUITBRIEF, "fout-404-document"));
    let part = conformance.zaak(&token, &handle).await;
    assert_eq!(part["state"], "ok", "{part}");
    assert_eq!(part["data"]["documenten"].as_array().unwrap().len(), 2);
    let hidden = &part["sources"][0]["hidden"];
    assert_eq!(hidden["document_niet_gegeven"], 1, "{part}");
    conformance.stop().await;
}

#[tokio::test]
async fn a_list_that_was_silently_filtered_shows_what_was_given() {
    let Some(conformance) = Conformance::start().await else {
        return;
    };
    let token = conformance.log_in().await;
    conformance.ways(at("/zaken/api/v1/zaken/_zoek", "beperkt-lijst-gefilterd"));
    // Of sixteen the first page of three was recorded, in no order: these three need not be the newest, and
    // the rest cannot be had.
    let newest = json!({"page_size": 3, "sort": "-startdatum"});
    let part = conformance.list(&token, newest).await;
    assert_partial(&part, "zaken", "bound", "three of sixteen in no order");
    assert_eq!(part["sources"][0]["of"], 16);
    assert_eq!(part["data"]["zaken"].as_array().unwrap().len(), 3);
    assert_eq!(part["data"]["total"]["at_least"], true);
    let part = conformance.list(&token, json!({})).await;
    assert_partial(&part, "zaken", "bound", "the rest of the list");
    conformance.stop().await;
}

/// Without the catalogue no zaak can be judged: that is not the same as a person without zaken.
#[tokio::test]
async fn a_catalogue_that_refuses_is_not_an_empty_list() {
    for (recording, reason) in [
        ("fout-geen-rechten-lijst", "forbidden"),
        ("fout-verkeerd-geheim", "credentials"),
        ("fout-404-pad", "garbled"),
        ("fout-404-zaak", "not_found"),
        ("fout-400-datumfilter", "rejected"),
        ("fout-404-zaak-geen-uuid", "server"),
    ] {
        let Some(conformance) = Conformance::start().await else {
            return;
        };
        let names = [
            "486bdcad-6ee0-481d-bd64-db3558284ecc",
            "abc3d570-dda3-4a9a-a4dc-5bcbb4f3f150",
            "7ce51dac-c369-45af-969f-68da9bdbc69c",
        ];
        let mut scenario = vec![("/catalogi/api/v1/zaaktypen", recording)];
        for name in names {
            let path: &'static str = format!("/catalogi/api/v1/zaaktypen/{name}").leak();
            scenario.push((path, recording));
        }
        conformance.ways(Ways {
            scenario,
            ..Ways::default()
        });
        let token = conformance.log_in().await;
        let part = conformance.list(&token, json!({})).await;
        assert_unavailable(&part, reason, recording);
        // Nothing of the refusal is remembered.
        conformance.ways(Ways::default());
        let mut part = conformance.list(&token, json!({})).await;
        // Several 500s in a row: the catalogue is skipped for half a second.
        for _ in 0..40 {
            if reason != "server" || part["problem"]["reason"] != "open" {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            part = conformance.list(&token, json!({})).await;
        }
        assert_eq!(part["state"], "ok", "{recording}: {part}");
        conformance.stop().await;
    }
}

#[tokio::test]
async fn our_own_wrong_credentials_are_refused_as_recorded() {
    for settings in [
        Settings {
            secret: "another-secret-of-thirty-two-bytes-or-so",
            ..Settings::default()
        },
        Settings {
            client_id: "not-known-there",
            ..Settings::default()
        },
    ] {
        let Some(conformance) = Conformance::with(settings).await else {
            return;
        };
        let token = conformance.log_in().await;
        let part = conformance.list(&token, json!({})).await;
        assert_unavailable(&part, "credentials", "own credentials");
        conformance.stop().await;
    }
}
