//! The ZGW APIs behave as the recordings of Open Zaak 1.30 do.

mod errors;

use serde_json::{Value, json};

use super::help::{BSN, text, world, world_with};

#[tokio::test]
async fn a_list_is_paged_and_ordered() {
    let world = world().await;
    let bsn = world.number(0).to_owned();
    let path = format!("/zaken/api/v1/zaken?{BSN}={bsn}&ordering=-startdatum&pageSize=20");
    let first = world.json(&path).await;
    assert_eq!(first["count"], 25);
    assert_eq!(first["results"].as_array().unwrap().len(), 20);
    assert_eq!(first["previous"], Value::Null);
    let next = text(&first["next"]);
    assert_eq!(
        next,
        world.url(&format!(
            "/zaken/api/v1/zaken?ordering=-startdatum&page=2&pageSize=20&{BSN}={bsn}"
        ))
    );
    let second = world.json(next).await;
    assert_eq!(second["results"].as_array().unwrap().len(), 5);
    assert_eq!(second["next"], Value::Null);
    let starts: Vec<&str> = first["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|z| text(&z["startdatum"]))
        .collect();
    assert!(starts.is_sorted_by(|a, b| a >= b));

    let (status, body) = world.problem(world.get(&format!("{path}&page=3"))).await;
    assert_eq!((status, text(&body["code"])), (404, "not_found"));
    assert_eq!(body["detail"], "Ongeldige pagina.");
    for size in ["0", "100000"] {
        let bsn = world.number(6);
        let body = world
            .json(&format!("/zaken/api/v1/zaken?{BSN}={bsn}&pageSize={size}"))
            .await;
        assert_eq!(body["count"], 872);
        assert_eq!(body["results"].as_array().unwrap().len(), 100);
    }
}

#[tokio::test]
async fn the_persons_have_what_the_design_says() {
    let world = world().await;
    let mut counts = Vec::new();
    for person in 0..7 {
        counts.push(world.zaken_of(person).await.len());
    }
    assert_eq!(counts[..4], [25, 0, 1, 6]);
    let closed = world.zaken_of(3).await;
    assert!(
        closed
            .iter()
            .all(|zaak| zaak["einddatum"].is_string() && zaak["resultaat"].is_string())
    );
    let kvk = world.number(7);
    let count = |filter: String| {
        let world = &world;
        async move {
            let body = world
                .json(&format!(
                    "/zaken/api/v1/zaken?rol__betrokkeneIdentificatie__{filter}"
                ))
                .await;
            body["count"].as_u64().unwrap()
        }
    };
    assert_eq!(
        count(format!("nietNatuurlijkPersoon__kvkNummer={kvk}")).await,
        4
    );
    assert_eq!(count(format!("vestiging__kvkNummer={kvk}")).await, 2);
    let branch = &world.sandbox.persons()[7].vestigingen[0].0;
    assert_eq!(
        count(format!("vestiging__vestigingsNummer={branch}")).await,
        1
    );
    assert_eq!(
        count(format!("nietNatuurlijkPersoon__vestigingsNummer={branch}")).await,
        1
    );
}

#[tokio::test]
async fn initiator_beside_the_bsn_keeps_other_roles_out() {
    let world = world().await;
    let bsn = world.number(5);
    let all = world
        .json(&format!("/zaken/api/v1/zaken?{BSN}={bsn}"))
        .await;
    let own = world
        .json(&format!(
            "/zaken/api/v1/zaken?{BSN}={bsn}&rol__omschrijvingGeneriek=initiator"
        ))
        .await;
    assert!(all["count"].as_u64() > own["count"].as_u64());
    let rollen = world
        .json(&format!(
            "/zaken/api/v1/rollen?betrokkeneIdentificatie__natuurlijkPersoon__inpBsn={bsn}"
        ))
        .await;
    assert_eq!(rollen["count"], all["count"]);
}

#[tokio::test]
async fn zoek_takes_its_filters_from_the_body_and_its_page_from_the_query() {
    let world = world().await;
    let bsn = world.number(0);
    let zoek = "/zaken/api/v1/zaken/_zoek";
    let (status, body) = world
        .zoek(zoek, &json!({BSN: bsn, "pageSize": 2, "onbekend": 1}))
        .await;
    assert_eq!(
        (status, body["results"].as_array().unwrap().len()),
        (200, 25)
    );
    let (_, body) = world
        .zoek(
            &format!("{zoek}?pageSize=20&page=2&onbekend=1"),
            &json!({BSN: bsn, "expand": ["status"]}),
        )
        .await;
    assert_eq!(body["results"].as_array().unwrap().len(), 5);
    assert!(body["results"][0]["_expand"]["status"]["datumStatusGezet"].is_string());
    let (status, body) = world.zoek(zoek, &json!({})).await;
    assert_eq!(
        (status, text(&body["invalidParams"][0]["code"])),
        (400, "empty_search_body")
    );
    let uuids: Vec<Value> = world.zaken_of(0).await[..2]
        .iter()
        .map(|zaak| zaak["uuid"].clone())
        .collect();
    let (_, body) = world.zoek(zoek, &json!({"uuid__in": uuids})).await;
    assert_eq!(body["count"], 2);
    let request = world
        .request(reqwest::Method::POST, zoek)
        .json(&json!({BSN: bsn}));
    let (status, body) = world.problem(request).await;
    assert_eq!(
        (status, text(&body["detail"])),
        (412, "'Content-Crs' header ontbreekt")
    );
}

#[tokio::test]
async fn a_zaak_has_an_etag_that_expanding_does_not_change() {
    let world = world().await;
    let url = text(&world.zaken_of(0).await[0]["url"]).to_owned();
    let answer = world.get(&url).send().await.unwrap();
    let etag = answer.headers()["etag"].clone();
    assert_eq!(answer.headers()["api-version"], "1.5.1");
    assert_eq!(answer.headers()["content-crs"], "EPSG:4326");
    assert_eq!(answer.headers()["vary"], "origin, Cookie");
    assert_eq!(
        answer.headers()["allow"],
        "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"
    );
    assert_eq!(answer.json::<Value>().await.unwrap()["_expand"], json!({}));

    let expand = "zaaktype,status,status.statustype,resultaat,rollen.roltype,zaakinformatieobjecten,eigenschappen";
    let answer = world
        .get(&format!("{url}?expand={expand}"))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["etag"], etag);
    let body: Value = answer.json().await.unwrap();
    let expanded = body["_expand"].as_object().unwrap();
    assert_eq!(
        expanded.keys().collect::<Vec<_>>(),
        ["rollen", "status", "zaakinformatieobjecten", "zaaktype"]
    );
    assert!(expanded["status"]["_expand"]["statustype"]["volgnummer"].is_number());
    assert!(expanded["rollen"][0]["_expand"]["roltype"]["omschrijving"].is_string());

    let answer = world
        .get(&url)
        .header("if-none-match", etag)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 304);
    assert!(!answer.headers().contains_key("api-version"));
    let (status, _) = world
        .problem(world.get(&format!(
            "{url}?expand=zaakinformatieobjecten.informatieobject"
        )))
        .await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn the_showpiece_hangs_together() {
    let world = world().await;
    let zaak = world.zaken_of(0).await.remove(0);
    let url = text(&zaak["url"]);
    let list = |path: &str| {
        let path = format!("{path}={url}");
        let world = &world;
        async move {
            let body = world.json(&path).await;
            match body {
                Value::Array(rows) => rows,
                body => body["results"].as_array().unwrap().clone(),
            }
        }
    };
    let statussen = list("/zaken/api/v1/statussen?zaak").await;
    assert_eq!(statussen.len(), 5);
    assert_eq!(statussen[0]["url"], zaak["status"], "newest first");
    let path = format!(
        "/catalogi/api/v1/statustypen?zaaktype={}",
        text(&zaak["zaaktype"])
    );
    let typen = world.json(&path).await;
    assert_eq!(typen["count"], 6);
    assert_eq!(typen["results"][0]["isEindstatus"], true, "highest first");
    assert_eq!(list("/zaken/api/v1/substatussen?zaak").await.len(), 3);
    assert!(list("/zaken/api/v1/rollen?zaak").await.len() >= 3);

    let links = list("/zaken/api/v1/zaakinformatieobjecten?zaak").await;
    let uuids: Vec<&str> = links
        .iter()
        .map(|link| text(&link["informatieobject"]).rsplit('/').next().unwrap())
        .collect();
    let (status, found) = world
        .zoek(
            "/documenten/api/v1/enkelvoudiginformatieobjecten/_zoek",
            &json!({"uuid__in": uuids}),
        )
        .await;
    assert_eq!((status, found["count"].as_u64()), (200, Some(3)));

    let besluiten = list("/besluiten/api/v1/besluiten?zaak").await;
    assert_eq!(besluiten.len(), 1);
    let path = format!(
        "/besluiten/api/v1/besluitinformatieobjecten?besluit={}",
        text(&besluiten[0]["url"])
    );
    let of_besluit = world.json(&path).await;
    assert!(
        links
            .iter()
            .any(|link| link["informatieobject"] == of_besluit[0]["informatieobject"])
    );
    let known = world.json(&format!("{url}/besluiten")).await;
    assert_eq!(known[0]["besluit"], besluiten[0]["url"]);
}

#[tokio::test]
async fn a_document_downloads_as_what_it_says() {
    let world = world().await;
    let zaken = [world.zaken_of(0).await, world.zaken_of(4).await].concat();
    let mut kinds = std::collections::BTreeSet::new();
    for zaak in zaken {
        let path = format!(
            "/zaken/api/v1/zaakinformatieobjecten?zaak={}",
            text(&zaak["url"])
        );
        for link in world.json(&path).await.as_array().unwrap() {
            let document = world.json(text(&link["informatieobject"])).await;
            let answer = world
                .get(text(&document["inhoud"]))
                .header("accept", "*/*")
                .header("range", "bytes=0-9")
                .send()
                .await
                .unwrap();
            assert_eq!(answer.status(), 200);
            assert_eq!(answer.headers()["content-type"], "application/octet-stream");
            let name = answer.headers()["content-disposition"]
                .to_str()
                .unwrap()
                .to_owned();
            assert!(name.ends_with(".bin\""), "{name}");
            let bytes = answer.bytes().await.unwrap();
            assert_eq!(document["bestandsomvang"], bytes.len());
            let magic: &[u8] = match text(&document["formaat"]) {
                "application/pdf" => b"%PDF-1.4",
                "image/png" => b"\x89PNG",
                _ => b"PK\x03\x04",
            };
            assert!(bytes.starts_with(magic));
            kinds.insert(text(&document["formaat"]).to_owned());
        }
    }
    assert_eq!(kinds.len(), 3);
}

#[tokio::test]
async fn a_download_with_the_files_own_media_type_is_406() {
    let world = world().await;
    let zaak = world.zaken_of(0).await.remove(0);
    let link = world.json(text(&zaak["zaakinformatieobjecten"][0])).await;
    let url = format!("{}/download", text(&link["informatieobject"]));
    let request = world.client.get(&url).bearer_auth(world.token());
    let answer = request
        .header("accept", "application/pdf")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 406);
    let request = world.client.get(&url).bearer_auth(world.token());
    let answer = request.header("accept", "*/*").send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.headers().contains_key("last-modified"));
}

#[tokio::test]
async fn confidential_things_are_there_for_the_gate_to_hide() {
    let world = world().await;
    let zaken = world.zaken_of(4).await;
    let with = |name: &str, value: Value| zaken.iter().any(|zaak| zaak[name] == value);
    assert!(with("vertrouwelijkheidaanduiding", "vertrouwelijk".into()));
    assert!(with("status", Value::Null));
    assert!(
        zaken
            .iter()
            .any(|zaak| zaak["deelzaken"].as_array().unwrap().len() == 2)
    );
    assert!(zaken.iter().any(|zaak| zaak["hoofdzaak"].is_string()));
    let mut intern = false;
    for zaak in &zaken {
        let zaaktype = world.json(text(&zaak["zaaktype"])).await;
        intern |= zaaktype["indicatieInternOfExtern"] == "intern";
    }
    assert!(intern);
    let path = format!(
        "/zaken/api/v1/zaken?{BSN}={}&maximaleVertrouwelijkheidaanduiding=zaakvertrouwelijk",
        world.number(4)
    );
    assert_eq!(world.json(&path).await["count"], zaken.len() - 1);
}

#[tokio::test]
async fn the_catalogue_has_versions_and_an_etag() {
    let world = world().await;
    let all = world.json("/catalogi/api/v1/zaaktypen").await;
    assert!(all["count"].as_u64().unwrap() >= 8);
    let versions = world
        .json("/catalogi/api/v1/zaaktypen?identificatie=LW-OMGEVINGSVERGUNNING&status=definitief")
        .await;
    assert_eq!(versions["count"], 2);
    let url = text(&all["results"][0]["url"]);
    let answer = world.get(url).send().await.unwrap();
    assert_eq!(answer.headers()["vary"], "Accept, origin, Cookie");
    assert_eq!(answer.headers()["api-version"], "1.3.1");
    let etag = answer.headers()["etag"].clone();
    let answer = world
        .get(url)
        .header("if-none-match", etag)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 304);
    let types = world.json("/catalogi/api/v1/informatieobjecttypen").await;
    assert_eq!(types["count"], 7);
}

#[tokio::test]
async fn the_options_decide_how_much_there_is() {
    let world = world_with(|options| {
        options.zaken = 40;
        options.extra_persons = 12;
    })
    .await;
    assert_eq!(world.zaken_of(0).await.len(), 40);
    assert_eq!(world.sandbox.persons().len(), 20);
    assert!(!world.zaken_of(19).await.is_empty());
    let json = serde_json::to_value(&world.sandbox.persons()[7]).unwrap();
    assert_eq!(json["kvk"], world.number(7));
    assert_eq!(json.as_object().unwrap().len(), 3);
    world.sandbox.stop().await;
    assert!(
        world
            .client
            .get(world.url("/sandbox/calls"))
            .send()
            .await
            .is_err()
    );
}

#[tokio::test]
async fn answers_can_carry_another_address_than_the_listeners() {
    let outside = "https://zgw.lindenwaard.example/open-zaak";
    let world = world_with(|options| options.advertised = Some(outside.to_owned())).await;
    let zaken = world.zaken_of(0).await;
    let url = text(&zaken[0]["url"]);
    assert!(url.starts_with(&format!("{outside}/zaken/api/v1/zaken/")));
    let count = |zaak: String| {
        let world = &world;
        let path = format!("/zaken/api/v1/statussen?zaak={zaak}");
        async move { world.json(&path).await["count"].clone() }
    };
    assert_eq!(count(url.to_owned()).await, 5);
    let own = url.replace(outside, world.sandbox.upstreams_url());
    assert_eq!(
        count(own).await,
        0,
        "a filter must be written as the server writes it"
    );
}
