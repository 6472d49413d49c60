//! `zijspan doctor` and `zijspan migrate` against the demo, as an operator runs them.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use serde_json::json;
use zijspan::domain::Clock;

use crate::harness::World;

struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

async fn zijspan(arguments: &[&str]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zijspan"));
    command.args(arguments).env_remove("ZIJSPAN_CONFIG");
    let output = tokio::task::spawn_blocking(move || command.output().unwrap())
        .await
        .unwrap();
    Ran {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

async fn world() -> World {
    World::at(Clock::system(), |_| {}).await
}

/// The demo's configuration with something else in it.
fn changed(world: &World, change: impl FnOnce(String) -> String) -> (tempfile::TempDir, String) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("zijspan.toml");
    let toml = change(fs::read_to_string(world.text("/config")).unwrap());
    fs::write(&path, toml).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    let path = path.to_str().unwrap().to_owned();
    (dir, path)
}

#[tokio::test(flavor = "multi_thread")]
async fn all_is_well_with_the_demo() {
    let world = world().await;
    let ran = zijspan(&["doctor", "--config", world.text("/config")]).await;
    assert_eq!(ran.code, Some(0), "{}\n{}", ran.out, ran.err);
    for step in [
        "werkmap",
        "zgw.zaken",
        "zgw.catalogi",
        "zgw.documenten",
        "zgw.besluiten",
        "zgw.klok",
        "inloggen digid",
        "inloggen portaal",
    ] {
        assert!(
            ran.out.contains(&format!("  goed  {step}: ")),
            "{}",
            ran.out
        );
    }
    assert!(ran.out.contains("Alles is goed: "), "{}", ran.out);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_named_with_what_to_do() {
    let world = world().await;
    world
        .fault(json!({"upstream": "zaken", "mode": "status", "status": 500}))
        .await;
    let issuer = format!("issuer = \"{}", world.text("/idp"));
    let (_dir, config) = changed(&world, |toml| {
        toml.replace(&format!("{issuer}\""), &format!("{issuer}/\""))
    });
    let ran = zijspan(&["doctor", "--config", &config]).await;
    assert_eq!(ran.code, Some(1), "{}\n{}", ran.out, ran.err);
    for line in [
        "  FOUT  zgw.zaken: De bron heeft een storing (antwoord 500).",
        "  FOUT  inloggen digid: De inlogvoorziening noemt zichzelf anders dan bij issuer staat.",
        "  goed  zgw.catalogi: ",
        " stappen zijn fout.",
    ] {
        assert!(ran.out.contains(line), "{line}\n{}", ran.out);
    }
    world.no_faults().await;

    let (_dir, config) = changed(&world, |toml| {
        let (before, rest) = toml.split_once("substatussen = true").unwrap();
        let (before, secret) = before.rsplit_once("secret = \"").unwrap();
        assert!(!secret.is_empty());
        format!("{before}secret = \"0123456789-0123456789-0123456789\"\nsubstatussen = true{rest}")
    });
    let ran = zijspan(&["doctor", "--config", &config]).await;
    assert_eq!(ran.code, Some(1), "{}\n{}", ran.out, ran.err);
    assert!(
        ran.out.contains("Het geheim (secret) klopt niet"),
        "{}",
        ran.out
    );
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn why_a_zaak_is_shown_is_said_without_a_number_or_a_name() {
    let world = world().await;
    let config = world.text("/config").to_owned();
    let mut canaries: Vec<String> = Vec::new();
    for person in world.ready["persons"].as_array().unwrap() {
        for field in ["bsn", "kvk", "name"] {
            canaries.extend(person[field].as_str().map(str::to_owned));
        }
    }
    assert!(canaries.len() >= 16);
    let mut shown = 0;
    for person in [0, 4, 7] {
        let token = world.log_in(person).await;
        let part = world.part(&token, "zaken", json!({"page_size": 3})).await;
        for zaak in part["data"]["zaken"].as_array().unwrap() {
            let nummer = zaak["zaaknummer"].as_str().unwrap();
            let ran = zijspan(&[
                "doctor", "zaak", "--config", &config, "--source", "zgw", "--nummer", nummer,
            ])
            .await;
            assert_eq!(ran.code, Some(0), "{}\n{}", ran.out, ran.err);
            assert!(ran.out.contains("  getoond    "), "{}", ran.out);
            assert!(ran.out.contains("initiator"), "{}", ran.out);
            shown += 1;
            let said = format!("{}{}", ran.out, ran.err);
            canaries.push(nummer.to_owned());
            for canary in &canaries {
                assert!(!said.contains(canary.as_str()), "{canary} in\n{said}");
            }
            // Not even digits of a number that no test person has.
            let longest = said
                .split(|letter: char| !letter.is_ascii_digit())
                .map(str::len)
                .max();
            assert!(longest.unwrap_or(0) <= 2, "{said}");
            canaries.pop();
        }
    }
    assert!(shown >= 5, "{shown}");
    let none = zijspan(&[
        "doctor",
        "zaak",
        "--config",
        &config,
        "--source",
        "zgw",
        "--nummer",
        "ZAAK-0000",
    ])
    .await;
    assert_eq!(none.code, Some(1));
    assert!(
        none.out.contains("geen zaak met dit nummer"),
        "{}",
        none.out
    );
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_zaak_says_by_which_rule() {
    let world = world().await;
    // The demo shows it; a municipality with a lower ceiling does not.
    let (_dir, config) = changed(&world, |toml| {
        toml.replace(
            "[site.policy]\n",
            "[site.policy]\nzaak_vertrouwelijkheid = \"openbaar\"\ndocument_vertrouwelijkheid = \"openbaar\"\n",
        )
    });
    let token = world.log_in(0).await;
    let part = world.part(&token, "zaken", json!({})).await;
    let mut reasons = 0;
    for zaak in part["data"]["zaken"].as_array().unwrap().iter().take(3) {
        let nummer = zaak["zaaknummer"].as_str().unwrap();
        let ran = zijspan(&[
            "doctor", "zaak", "--config", &config, "--source", "zgw", "--nummer", nummer, "--site",
            "demo",
        ])
        .await;
        assert_eq!(ran.code, Some(0), "{}\n{}", ran.out, ran.err);
        reasons += usize::from(ran.out.contains("(vertrouwelijkheid)"));
    }
    assert!(reasons > 0);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn migrate_makes_the_database_and_says_its_version() {
    let world = world().await;
    let (dir, config) = changed(&world, |toml| toml);
    for _ in 0..2 {
        let ran = zijspan(&["migrate", "--config", &config]).await;
        assert_eq!(ran.code, Some(0), "{}\n{}", ran.out, ran.err);
        assert!(
            ran.out.ends_with("zijspan.sqlite: version 1\n"),
            "{}",
            ran.out
        );
    }
    assert!(dir.path().join("state/zijspan.sqlite").is_file());
    let ran = zijspan(&["doctor", "--config", &config]).await;
    assert_eq!(ran.code, Some(0), "{}\n{}", ran.out, ran.err);
    assert!(ran.out.contains("De werkmap kan worden beschreven."));
    world.stop().await;
}
