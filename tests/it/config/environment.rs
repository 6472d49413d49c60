//! The environment over the file.

use super::*;

#[test]
fn the_environment_lies_over_the_file() {
    let folder = Folder::new();
    let environment = [
        ("ZIJSPAN__TIMEOUTS__PAGE_MS", "9000"),
        ("ZIJSPAN__SERVER__STATE_DIR", "/srv/zijspan"),
        (
            "ZIJSPAN__LISTENERS__API__AUTHORITIES",
            "sidecar.example, localhost:8480",
        ),
        (
            "ZIJSPAN__SITE__VOORBEELD__SOURCE__ZGW__SECRET",
            "1234567890",
        ),
        ("ZIJSPAN__SITE__0__SOURCE__0__EXPAND", "false"),
        ("ZIJSPAN__SITE__VOORBEELD__KEY__VOORBEELD_1__STATE", "next"),
        ("ZIJSPAN_URL", "of the plugin, not ours"),
    ];
    let (config, warnings) = folder
        .check_with(&base(), &environment, Purpose::Serve)
        .unwrap();
    assert_eq!(config.timeouts.page.as_millis(), 9000);
    assert_eq!(config.server.state_dir, Path::new("/srv/zijspan"));
    assert_eq!(
        config.listeners.api.authorities,
        ["sidecar.example", "localhost:8480"]
    );
    assert_eq!(config.sites[0].keys[0].state, KeyState::Next);
    let SourceKind::Zgw(zgw) = &config.sites[0].sources[0].kind else {
        panic!("not a ZGW source")
    };
    let config::Auth::ZgwJwt { secret, .. } = &zgw.zaken.auth else {
        panic!("not a JWT of our own making")
    };
    assert_eq!(secret.bytes().expose(), b"1234567890");
    assert!(!zgw.expand);
    assert_eq!(
        warnings[0].origin,
        "environment ZIJSPAN__SITE__VOORBEELD__SOURCE__ZGW__SECRET"
    );
    assert!(warnings[0].message.contains("has 10 bytes"));
}

#[test]
fn a_wrong_variable_is_named() {
    let folder = Folder::new();
    for (name, value, sentence) in [
        (
            "ZIJSPAN__TIMEOUTS__PAGE",
            "1",
            "environment ZIJSPAN__TIMEOUTS__PAGE: timeouts.page: unknown key",
        ),
        (
            "ZIJSPAN__TIMEOUTS__PAGE_MS",
            "soon",
            "environment ZIJSPAN__TIMEOUTS__PAGE_MS: timeouts.page_ms: holds a text",
        ),
        ("ZIJSPAN__TIMEOUTS__PAGE_MS", "1000", "page_ms"),
        (
            "ZIJSPAN__SITE__TIEL__LABEL",
            "Tiel",
            "environment ZIJSPAN__SITE__TIEL__LABEL: names the site \"tiel\"",
        ),
        ("ZIJSPAN__SITE__7__LABEL", "Tiel", "names site number 7"),
        (
            "ZIJSPAN__SERVER__STATE_DIR__X",
            "1",
            "goes deeper than the key it names",
        ),
        ("ZIJSPAN__", "1", "has an empty part"),
    ] {
        let errors = folder
            .check_with(&base(), &[(name, value)], Purpose::Serve)
            .unwrap_err();
        assert!(
            errors.contains(sentence),
            "{name} gave\n{errors}\nand not\n{sentence}"
        );
    }
}

/// Every key that the reference explains can really be set: each `KEY = value` line, with or without `#`,
/// names its variable, and a misspelt one would be an unknown key.
#[test]
fn every_variable_of_the_reference_is_known() {
    let mut seen = 0;
    for line in config::REFERENCE.lines() {
        let Some((_, name)) = line.rsplit_once(' ') else {
            continue;
        };
        if !name.starts_with("ZIJSPAN__") || !line.contains(" = ") {
            continue;
        }
        let key = line
            .trim_start_matches(['#', ' '])
            .split(' ')
            .next()
            .unwrap();
        assert!(
            name.ends_with(&format!("__{}", key.to_uppercase())),
            "{line}"
        );
        let errors = Folder::new()
            .check_with(&base(), &[(name, "x")], Purpose::Serve)
            .err()
            .unwrap_or_default();
        assert!(
            !errors.contains("unknown key") && !errors.contains("names the"),
            "{line}\n{errors}"
        );
        seen += 1;
    }
    assert!(seen > 90, "{seen}");
}
