//! The sandbox against the recordings of a live Open Zaak: the same fields of the same kind, the same
//! headers. The recordings are not part of the repository; without them the test says so and passes.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::Value;

use super::help::{BSN, World, text, world};

fn recordings() -> Option<PathBuf> {
    let root = option_env!("ZIJSPAN_SHARED")
        .map(PathBuf::from)
        .or_else(|| {
            PathBuf::from(env!("CARGO_MANIFEST_DIR"))
                .ancestors()
                .map(|folder| folder.join("shared"))
                .find(|shared| shared.join("captures").is_dir())
        })?;
    Some(root.join("captures/open-zaak")).filter(|folder| folder.is_dir())
}

/// Paths of all fields, with the kind of value; arrays count by their first item.
fn shape(value: &Value, path: &str, out: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let path = format!("{path}.{name}");
                out.insert(path.clone());
                // What hangs under these depends on what is there, not on the API.
                if !matches!(
                    name.as_str(),
                    "_expand" | "authenticatieContext" | "zaakgeometrie"
                ) {
                    shape(value, &path, out);
                }
            }
        }
        Value::Array(items) => {
            if let Some(first) = items.first() {
                shape(first, &format!("{path}[]"), out);
            }
        }
        _ => {}
    }
}

const HEADERS: [&str; 6] = [
    "content-type",
    "allow",
    "content-crs",
    "api-version",
    "vary",
    "etag",
];

#[tokio::test]
async fn conformance_answers_have_the_recorded_fields_and_headers() {
    let Some(folder) = recordings() else {
        println!("skipped: no recordings (shared/captures is absent)");
        return;
    };
    let world = world().await;
    for (name, path) in pairs(&world).await {
        let recorded = std::fs::read_to_string(folder.join(format!("{name}.json"))).unwrap();
        let recorded: Value = serde_json::from_str(&recorded).unwrap();
        let recorded = &recorded["response"];
        let answer = world.get(&path).send().await.unwrap();
        assert_eq!(recorded["status"], answer.status().as_u16(), "{name}");
        for header in HEADERS {
            let wanted = recorded["headers"]
                .as_array()
                .unwrap()
                .iter()
                .find(|pair| text(&pair[0]).eq_ignore_ascii_case(header))
                .map(|pair| text(&pair[1]));
            let got = answer
                .headers()
                .get(header)
                .map(|value| value.to_str().unwrap());
            if header == "etag" {
                assert_eq!(wanted.is_some(), got.is_some(), "{name}: {header}");
            } else {
                assert_eq!(wanted, got, "{name}: {header}");
            }
        }
        let (mut wanted, mut got) = (BTreeSet::new(), BTreeSet::new());
        shape(&recorded["body"], "", &mut wanted);
        shape(&answer.json().await.unwrap(), "", &mut got);
        // What only one side has filled in: identification of another kind of betrokkene, points, kenmerken.
        let both = |path: &&String| {
            !path.contains("betrokkeneIdentificatie.")
                && !path.contains("kenmerken[]")
                && !path.contains("authenticatieContext")
        };
        let missing: Vec<_> = wanted.difference(&got).filter(both).collect();
        let extra: Vec<_> = got.difference(&wanted).filter(both).collect();
        assert!(
            missing.is_empty() && extra.is_empty(),
            "{name}: missing {missing:?}, extra {extra:?}"
        );
    }
}

/// Recordings, and the same question to the sandbox.
async fn pairs(world: &World) -> Vec<(&'static str, String)> {
    let person = world.number(0);
    let zaken = world.zaken_of(0).await;
    let zaak = text(&zaken[0]["url"]).to_owned();
    let closed = world.zaken_of(3).await;
    let zaaktype = text(&zaken[0]["zaaktype"]).to_owned();
    let besluiten = world
        .json(&format!("/besluiten/api/v1/besluiten?zaak={zaak}"))
        .await;
    let besluit = text(&besluiten["results"][0]["url"]).to_owned();
    let soort = world.json(&zaaktype).await;
    let link = text(&zaken[0]["zaakinformatieobjecten"][0]).to_owned();
    let document = text(&world.json(&link).await["informatieobject"]).to_owned();
    let rol = text(&zaken[0]["rollen"][1]).to_owned();
    let parkeren = world
        .json("/catalogi/api/v1/zaaktypen?identificatie=LW-PARKEERVERGUNNING")
        .await;
    let parkeren = text(&parkeren["results"][0]["url"]).to_owned();
    let with_field = zaken
        .iter()
        .find(|zaak| zaak["zaaktype"] == parkeren.as_str())
        .map(|zaak| format!("{}/zaakeigenschappen", text(&zaak["url"])))
        .unwrap();
    vec![
        ("zaak-detail", zaak.clone()),
        (
            "zaken-lijst-bsn-leeg",
            format!("/zaken/api/v1/zaken?{BSN}={}", world.number(1)),
        ),
        (
            "zaken-lijst-bsn-pagina1-20",
            format!("/zaken/api/v1/zaken?{BSN}={person}&pageSize=20"),
        ),
        ("status-detail", text(&zaken[0]["status"]).to_owned()),
        (
            "statussen-van-zaak",
            format!("/zaken/api/v1/statussen?zaak={zaak}"),
        ),
        ("rol-detail", rol),
        (
            "rollen-van-zaak",
            format!("/zaken/api/v1/rollen?zaak={zaak}"),
        ),
        ("resultaat-detail", text(&closed[0]["resultaat"]).to_owned()),
        ("zaakinformatieobject-detail", link),
        (
            "zaakinformatieobjecten-van-zaak",
            format!("/zaken/api/v1/zaakinformatieobjecten?zaak={zaak}"),
        ),
        ("zaak-besluiten", format!("{zaak}/besluiten")),
        ("zaak-eigenschappen", with_field),
        (
            "catalogussen-lijst",
            "/catalogi/api/v1/catalogussen".to_owned(),
        ),
        ("zaaktypen-lijst", "/catalogi/api/v1/zaaktypen".to_owned()),
        (
            "statustype-detail",
            text(&soort["statustypen"][0]).to_owned(),
        ),
        (
            "statustypen-van-zaaktype",
            format!("/catalogi/api/v1/statustypen?zaaktype={zaaktype}"),
        ),
        (
            "resultaattype-detail",
            text(&soort["resultaattypen"][0]).to_owned(),
        ),
        (
            "resultaattypen-van-zaaktype",
            format!("/catalogi/api/v1/resultaattypen?zaaktype={zaaktype}"),
        ),
        ("roltype-detail", text(&soort["roltypen"][0]).to_owned()),
        (
            "roltypen-van-zaaktype",
            format!("/catalogi/api/v1/roltypen?zaaktype={zaaktype}"),
        ),
        (
            "eigenschappen-van-zaaktype",
            format!("/catalogi/api/v1/eigenschappen?zaaktype={parkeren}"),
        ),
        (
            "informatieobjecttypen-lijst",
            "/catalogi/api/v1/informatieobjecttypen".to_owned(),
        ),
        (
            "besluittype-detail",
            text(&soort["besluittypen"][0]).to_owned(),
        ),
        (
            "zaaktype-informatieobjecttypen",
            format!("/catalogi/api/v1/zaaktype-informatieobjecttypen?zaaktype={zaaktype}"),
        ),
        ("enkelvoudiginformatieobject-detail", document),
        (
            "objectinformatieobjecten-van-zaak",
            format!("/documenten/api/v1/objectinformatieobjecten?object={zaak}"),
        ),
        (
            "besluiten-van-zaak",
            format!("/besluiten/api/v1/besluiten?zaak={zaak}"),
        ),
        ("besluit-detail", besluit.clone()),
        (
            "besluitinformatieobjecten-van-besluit",
            format!("/besluiten/api/v1/besluitinformatieobjecten?besluit={besluit}"),
        ),
    ]
}
