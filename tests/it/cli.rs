//! The commands that need no server: exit codes, and what goes to stdout and stderr.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

fn zijspan(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_zijspan"))
        .args(arguments)
        .env_remove("ZIJSPAN_CONFIG")
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn write(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

/// A configuration out of what `keys new` prints.
fn pasted() -> String {
    let server = text(&zijspan(&["keys", "new"]).stdout);
    let site = text(&zijspan(&["keys", "new", "--site", "voorbeeld"]).stdout);
    let (toml, php) = site.split_once("// Into wp-config.php").unwrap();
    for constant in [
        "REQUEST_KEYID",
        "REQUEST_SECRET",
        "RESPONSE_KEYID",
        "RESPONSE_SECRET",
    ] {
        assert!(
            php.contains(&format!("define( 'ZIJSPAN_{constant}', '")),
            "{php}"
        );
    }
    format!(
        "{server}\n[[site]]\nid = \"voorbeeld\"\nenvironment = \"acceptatie\"\norigin = \"https://www.voorbeeld.example\"\n{toml}"
    )
}

#[test]
fn what_keys_new_prints_can_be_pasted_and_is_listed_without_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("zijspan.toml");
    let toml = pasted();
    write(&path, &toml);
    let file = path.to_str().unwrap();
    let checked = zijspan(&["config", "check", "--config", file]);
    assert_eq!(text(&checked.stdout), "ok\n", "{}", text(&checked.stderr));
    assert_eq!(checked.status.code(), Some(0));
    assert!(text(&checked.stderr).starts_with("warning: "));

    let listed = text(&zijspan(&["keys", "list", "--config", file]).stdout);
    let shown = zijspan(&["config", "check", "--show", "--config", file]);
    let shown = text(&shown.stdout);
    serde_json::from_str::<serde_json::Value>(&shown).unwrap();
    let mut secrets = 0;
    for line in toml.lines() {
        if let Some((_, secret)) = line.split_once("secret = ") {
            let secret = secret.trim_matches('"');
            assert!(!listed.contains(secret) && !shown.contains(secret));
            secrets += 1;
        }
        if let Some((_, fingerprint)) = line.split_once("fingerprint ") {
            let fingerprint = fingerprint.split('.').next().unwrap();
            assert!(
                listed.contains(fingerprint),
                "{fingerprint} is not in\n{listed}"
            );
        }
    }
    assert_eq!(secrets, 3);
}

#[test]
fn new_keys_are_new() {
    assert_ne!(pasted(), pasted());
}

#[test]
fn a_refused_configuration_ends_with_2_and_every_reason_on_stderr() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("zijspan.toml");
    write(
        &path,
        &pasted()
            .replace("https://www", "http://www")
            .replace("version = 1 ", "version = 0 "),
    );
    let refused = zijspan(&["config", "check", "--config", path.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(text(&refused.stdout), "");
    let errors = text(&refused.stderr);
    assert!(
        errors.contains("site[voorbeeld].origin:") && errors.contains("server.key[0].version:"),
        "{errors}"
    );
    for arguments in [
        &["config", "check", "--config", "/nowhere/zijspan.toml"][..],
        &["keys", "list", "--config", "/nowhere/zijspan.toml"],
        &["keys", "new", "--site", "Not an id"],
        &["config", "check"],
        &["no-such-command"],
    ] {
        assert_eq!(zijspan(arguments).status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn the_reference_is_printed_as_it_is() {
    let printed = zijspan(&["config", "reference"]);
    assert_eq!(text(&printed.stdout), zijspan::config::REFERENCE);
}

#[test]
fn a_check_refuses_a_key_that_only_a_start_would_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("zijspan.toml");
    let idp = "public_url = \"https://www.voorbeeld.example/zijspan\"\n[[site.idp]]\nname = \"digid\"\n\
               issuer = \"https://broker.example\"\nclient_id = \"x\"\nclaim_map = \"signicat\"\n\
               client_secret = \"s\"\ndecryption_key = \"no key at all\"\n";
    let origin = "origin = \"https://www.voorbeeld.example\"\n";
    let (before, keys) = pasted().split_once(origin).map_or_else(
        || panic!("no origin"),
        |(before, after)| (before.to_owned(), after.to_owned()),
    );
    write(&path, &format!("{before}{origin}{idp}{keys}"));
    let refused = zijspan(&["config", "check", "--config", path.to_str().unwrap()]);
    let errors = text(&refused.stderr);
    assert_eq!(refused.status.code(), Some(2), "{errors}");
    assert_eq!(text(&refused.stdout), "");
    assert!(
        errors.contains("identity provider digid: decryption_key: holds no private key"),
        "{errors}"
    );
}
