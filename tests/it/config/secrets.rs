//! Secrets in files, in the file, and in what prints.

use super::*;

#[test]
fn a_secret_file_is_read_without_its_newline_and_must_be_closed_to_others() {
    let folder = Folder::new();
    let toml = edit(
        &base(),
        &format!("secret = \"{}\"", key("request")),
        "secret_file = \"secrets/request\"",
    );
    folder.write("secrets/request", &format!("{}\n", key("request")), 0o640);
    let (config, _) = folder.check(&toml).unwrap();
    let secret = &config.sites[0].keys[0].request.secret;
    assert_eq!(STANDARD.encode(secret.bytes().expose()), key("request"));
    assert!(secret.file().is_some());

    folder.write("secrets/request", &key("request"), 0o644);
    let errors = folder.check(&toml).unwrap_err();
    assert!(
        errors.contains("request.secret_file: everybody can read"),
        "{errors}"
    );
    assert!(errors.contains("chmod 600"), "{errors}");
    folder.write("secrets/request", "\n", 0o600);
    let errors = folder.check(&toml).unwrap_err();
    assert!(
        errors.contains("request.secret_file: the key is empty"),
        "{errors}"
    );
    fs::remove_file(folder.0.path().join("secrets/request")).unwrap();
    let errors = folder.check(&toml).unwrap_err();
    assert!(errors.contains("create it or correct the path"), "{errors}");
}

#[test]
fn a_file_with_secrets_in_it_is_a_secret_file() {
    let folder = Folder::new();
    let path = folder.write("open.toml", &base(), 0o644);
    let errors = config::check(&path, &[], Some(Purpose::Serve), NOW).unwrap_err();
    assert!(
        errors
            .to_string()
            .contains("everybody can read this file and it holds secrets")
    );
}

#[test]
fn nothing_that_prints_holds_a_secret() {
    let (config, _) = accepts(&base());
    let printed = format!(
        "{config:?}\n{config:#?}\n{}",
        serde_json::to_string(&config).unwrap()
    );
    assert!(printed.contains("voorbeeld-response-1"));
    let hidden = [
        "CANARY".to_owned(),
        key("server"),
        key("request"),
        key("response"),
    ];
    for secret in hidden {
        assert!(!printed.contains(&secret));
    }
}

#[test]
fn both_ways_to_a_fingerprint_agree() {
    let (config, _) = accepts(&base());
    let secret = &config.sites[0].keys[0].request.secret;
    assert_eq!(
        secret.fingerprint(),
        zijspan::signing::fingerprint(secret.bytes())
    );
}
