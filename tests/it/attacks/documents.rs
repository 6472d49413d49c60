//! Line 39: names, types and sizes that a register made up.

use http::Method;
use serde_json::{Value, json};

use super::data::first_zaak;
use super::mirror::Mirror;

#[tokio::test]
async fn attack_39_a_download_is_a_file_whatever_the_register_calls_it() {
    let (world, mirror) = Mirror::world().await;
    let token = world.log_in(0).await;
    let zaak = first_zaak(&world, &token).await;
    let page = world.part(&token, "zaak", json!({"handle": zaak})).await;
    let document = page["data"]["documenten"][0]["handle"].clone();
    let long = "x".repeat(4096) + ".pdf";
    for (name, formaat) in [
        ("a\r\nSet-Cookie: x=1.pdf", "application/pdf"),
        ("quo\"te\"; filename=\"evil.exe", "application/pdf"),
        ("../../../etc/passwd", "text/html"),
        ("..\\..\\evil.php", "application/x-httpd-php"),
        ("evil.html", "text/html; charset=utf-8"),
        ("evil.svg", "image/svg+xml"),
        ("evil.pdf.exe", "application/x-msdownload"),
        ("\u{202e}fdp.exe", "application/octet-stream"),
        ("brief 📄 één.pdf", "application/pdf"),
        ("", ""),
        ("   ", "text/html\r\nX-Evil: 1"),
        ("%0d%0aX-Evil: 1.pdf", "application/pdf"),
        (long.as_str(), "application/pdf"),
    ] {
        let (given, format) = (name.to_owned(), formaat.to_owned());
        mirror.bytes(move |path, body| {
            let Ok(mut json) = serde_json::from_slice::<Value>(&body) else {
                return body;
            };
            if path.starts_with("/documenten/") && !path.ends_with("/download") {
                json["bestandsnaam"] = json!(given);
                json["titel"] = json!(given);
                json["formaat"] = json!(format);
            }
            json.to_string().into_bytes()
        });
        let ticket = world
            .json(
                Method::POST,
                "/v1/tickets",
                Some(&token),
                &json!({"handle": document}),
            )
            .await;
        let url = ticket.body["url"].as_str().unwrap();
        let answer = world.http.get(url).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{name:?}");
        let headers = answer.headers();
        let all = format!("{headers:?}").to_lowercase();
        assert!(
            !all.contains("\"set-cookie\"") && !all.contains("\"x-evil\""),
            "{all}"
        );
        assert_eq!(headers.get_all("content-disposition").iter().count(), 1);
        let disposition = headers["content-disposition"].to_str().unwrap();
        assert!(
            disposition.starts_with("attachment; filename=\""),
            "{disposition}"
        );
        assert_eq!(disposition.matches('"').count(), 2, "{disposition}");
        assert!(
            !disposition.contains("..") && !disposition.contains(['/', '\\']),
            "{disposition}"
        );
        let plain = disposition.split('"').nth(1).unwrap();
        assert!(
            plain.ends_with(".pdf") || plain.ends_with(".bin"),
            "{disposition}"
        );
        assert!(disposition.len() < 2000);
        let media = headers["content-type"].to_str().unwrap();
        assert!(
            matches!(media, "application/pdf" | "application/octet-stream"),
            "{name:?}: {media}"
        );
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(
            headers["content-security-policy"],
            "sandbox; default-src 'none'; frame-ancestors 'none'"
        );
        assert_eq!(headers["cache-control"], "private, no-store");
        assert_eq!(headers["referrer-policy"], "no-referrer");
    }
    world.stop().await;
}

/// A document that is a folder of somebody else's making, or breaks off, is not passed off as whole.
#[tokio::test]
async fn attack_39_a_document_that_breaks_off_is_seen_to_break_off() {
    let world = crate::harness::World::start().await;
    let token = world.log_in(0).await;
    let zaak = first_zaak(&world, &token).await;
    let page = world.part(&token, "zaak", json!({"handle": zaak})).await;
    let document = page["data"]["documenten"][0]["handle"].clone();
    for mode in ["truncate", "reset"] {
        let ticket = world
            .json(
                Method::POST,
                "/v1/tickets",
                Some(&token),
                &json!({"handle": document}),
            )
            .await;
        world
            .fault(json!({"upstream": "documenten", "mode": mode, "path": "/download$"}))
            .await;
        let url = ticket.body["url"].as_str().unwrap();
        let whole = match world.http.get(url).send().await {
            Ok(answer) if answer.status() == 200 => answer.bytes().await.is_ok(),
            _ => false,
        };
        assert!(!whole, "{mode}: half a document looks whole");
        world.no_faults().await;
    }
    world.stop().await;
}
