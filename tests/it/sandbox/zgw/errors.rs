//! Errors of the ZGW APIs, with the statuses, codes and media types of the recordings.

use serde_json::json;

use super::super::help::{BSN, NOW, World, jwt, text, world};

async fn refused(world: &World, token: Option<String>) -> (u16, String) {
    let url = world.url("/zaken/api/v1/zaken");
    let mut request = world.client.get(url).header("accept-crs", "EPSG:4326");
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    let (status, body) = world.problem(request).await;
    (status, text(&body["code"]).to_owned())
}

#[tokio::test]
async fn every_fault_of_a_token_is_a_403_with_its_code() {
    let world = world().await;
    let client = world.sandbox.api_clients()[0].clone();
    let secret = client.secret.expose();
    let id = client.client_id.as_str();
    let claims = |iat: i64| json!({"client_id": id, "iat": iat});
    for (token, code) in [
        (None, "permission_denied"),
        (Some("geen-jwt".to_owned()), "jwt-decode-error"),
        (
            Some(jwt(b"ander geheim", &claims(NOW))),
            "invalid-jwt-signature",
        ),
        (
            Some(jwt(secret, &json!({"client_id": "wie", "iat": NOW}))),
            "invalid-client-identifier",
        ),
        (Some(jwt(secret, &claims(NOW - 3601))), "jwt-expired"),
    ] {
        assert_eq!(refused(&world, token).await, (403, code.to_owned()));
    }
    let ahead = jwt(secret, &claims(NOW + 600));
    let request = world
        .client
        .get(world.url("/zaken/api/v1/zaken"))
        .header("accept-crs", "EPSG:4326");
    assert_eq!(
        request.bearer_auth(ahead).send().await.unwrap().status(),
        200
    );
}

#[tokio::test]
async fn errors_have_the_statuses_and_codes_of_the_recordings() {
    let world = world().await;
    let zaken = "/zaken/api/v1/zaken";
    let none = "00000000-0000-4000-8000-000000000000";
    for (path, status, code) in [
        (format!("{zaken}?bsn=1"), 400, "invalid"),
        (format!("{zaken}?{BSN}=1234567890"), 400, "invalid"),
        (format!("{zaken}?startdatum__gte=gisteren"), 400, "invalid"),
        (format!("{zaken}?ordering=onbekend"), 400, "invalid"),
        (format!("{zaken}?expand=onzin"), 400, "invalid"),
        (
            "/zaken/api/v1/rollen?zaak=geen-url".to_owned(),
            400,
            "invalid",
        ),
        (format!("{zaken}/{none}"), 404, "not_found"),
        (
            format!("/documenten/api/v1/enkelvoudiginformatieobjecten/{none}"),
            404,
            "not_found",
        ),
        (format!("{zaken}/123"), 500, "error"),
    ] {
        let (got, body) = world.problem(world.get(&path)).await;
        assert_eq!((got, text(&body["code"])), (status, code), "{path}");
    }
    let bare = || {
        world
            .client
            .get(world.url(zaken))
            .bearer_auth(world.token())
    };
    let (status, body) = world.problem(bare()).await;
    assert_eq!((status, text(&body["code"])), (412, "precondition_failed"));
    let (status, _) = world
        .problem(bare().header("accept-crs", "EPSG:28992"))
        .await;
    assert_eq!(status, 406);
    let (status, _) = world
        .problem(bare().header("accept", "application/problem+json"))
        .await;
    assert_eq!(status, 406);
    let request = world.request(reqwest::Method::PUT, "/zaken/api/v1/statussen/x");
    assert_eq!(world.problem(request).await.0, 405);

    let answer = world.get("/zaken/api/v1/bestaatniet").send().await.unwrap();
    assert_eq!(answer.status(), 404);
    assert_eq!(answer.headers()["content-type"], "text/html; charset=utf-8");
    let empty = world
        .json(&format!(
            "/zaken/api/v1/statussen?zaak={}{zaken}/{none}",
            world.sandbox.upstreams_url()
        ))
        .await;
    assert_eq!(empty["count"], 0);
    assert_eq!(
        world.json(&format!("{zaken}?{BSN}=123456789")).await["count"],
        0
    );
}
