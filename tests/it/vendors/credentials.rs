//! Secrets, tokens and headers as products want them.

use super::*;

const CATALOGI: &str = "another-secret-for-the-catalogue-0123";

#[tokio::test]
async fn decos_join_has_another_secret_for_the_catalogue_in_any_order() {
    let own = "[site.source.catalogi]\n";
    let world = World::edited(Keeping::InMemory, |_, config| {
        config
            .replacen(
                "label = \"Zaaksysteem\"\n",
                "label = \"Zaaksysteem\"\nvendor = \"decos-join\"\n",
                1,
            )
            .replacen(own, &format!("{own}secret = \"{CATALOGI}\"\n"), 1)
    })
    .await;
    play(&world, json!({"secrets": {"catalogi": CATALOGI}})).await;
    // Zaken, catalogue, zaken again, documents: each call under its own secret.
    pages(&world, NOOR).await;
    pages(&world, CLOSED).await;
    // Were it one secret for all, nothing of this would work.
    play(
        &world,
        json!({"secrets": {"catalogi": "a-secret-that-nobody-was-told-0123456"}}),
    )
    .await;
    world.clock.advance_secs(4000);
    world.clear_calls().await;
    let token = world.log_in(NOOR).await;
    world.part(&token, "zaken", json!({})).await;
    assert!(world.calls().await.refused > 0);
    world.stop().await;
}

fn dialect(fields: Value) -> Value {
    let mut token = json!({
        "client_id": "zijspan", "secret": "geheim/van+openwave", "request": "json", "basic": true,
        "secret_field": "client_secret", "token_field": "token", "expires_in": 600,
    });
    for (name, value) in fields.as_object().unwrap() {
        token[name] = value.clone();
    }
    json!({ "token": token })
}

/// A source whose tokens come from its own endpoint.
async fn with_endpoint(vendor: &str, tables: &str, played: Value) -> World {
    let world = World::edited(Keeping::InMemory, |world, config| {
        let upstreams = world.text("/upstreams");
        let label = "label = \"Zaaksysteem\"\n";
        let start = config.find("client_id = \"zijspan-demo\"\nsecret").unwrap();
        let end = start + config[start..].find("[site.source.zaken]").unwrap();
        let account = "client_id = \"zijspan\"\nsecret = \"geheim/van+openwave\"\n";
        let auth =
            format!("[site.source.auth]\ntoken_url = \"{upstreams}/vendor/token\"\n{tables}\n");
        format!("{}{account}{auth}{}", &config[..start], &config[end..]).replacen(
            label,
            &format!("{label}vendor = \"{vendor}\"\n"),
            1,
        )
    })
    .await;
    play(&world, played).await;
    world
}

async fn works_and_goes_on_with_a_new_token(world: World) {
    pages(&world, NOOR).await;
    // One per API of the source, and no more: zaken, catalogi, documenten, besluiten.
    assert_eq!(asked(&world, "/vendor/token").await, 4);
    end_tokens(&world).await;
    world.clock.advance_secs(61);
    pages(&world, NOOR).await;
    let all = asked(&world, "/vendor/token").await;
    assert!((5..=8).contains(&all), "{all}");
    world.stop().await;
}

#[tokio::test]
async fn openwave_gives_a_token_for_json_and_basic_in_the_field_token() {
    let world = with_endpoint("openwave", "", dialect(json!({}))).await;
    works_and_goes_on_with_a_new_token(world).await;
}

#[tokio::test]
async fn mozard_calls_the_secret_secret_and_the_token_authorization() {
    let played = dialect(json!({
        "secret_field": "secret", "token_field": "authorization", "expires_in": null,
    }));
    let world = with_endpoint("mozard", "", played).await;
    works_and_goes_on_with_a_new_token(world).await;
}

#[tokio::test]
async fn an_ordinary_token_endpoint_takes_a_form() {
    let played = dialect(json!({
        "request": "form", "basic": false, "token_field": "access_token",
    }));
    let tables = "kind = \"client_credentials\"\nclient_auth = \"body\"";
    let world = with_endpoint("other", tables, played).await;
    works_and_goes_on_with_a_new_token(world).await;
}

#[tokio::test]
async fn rx_mission_is_told_which_version_of_the_documenten_api_is_meant() {
    let wants = json!({"wants": {"/documenten": {"api-version": "1.0.0"}}});
    let world = playing("vendor = \"rx-mission\"", "", wants.clone()).await;
    let (_, page) = pages(&world, NOOR).await;
    assert_ne!(page["data"]["documenten"], json!([]), "{page}");
    world.stop().await;
    // It is the header that does it.
    let world = playing("vendor = \"xxllnc\"", "", wants).await;
    let token = world.log_in(NOOR).await;
    let list = world.part(&token, "zaken", json!({})).await;
    let handle = &list["data"]["zaken"][0]["handle"];
    let page = world.part(&token, "zaak", json!({"handle": handle})).await;
    assert_eq!(page["state"], "partial", "{page}");
    world.stop().await;
}
