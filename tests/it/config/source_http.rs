//! How a source is spoken to: the order of its times, its queue, its breaker, its certificates.

use rcgen::{CertificateParams, KeyPair};

use super::*;

fn refused(toml: &str) -> String {
    Folder::new().check(toml).unwrap_err()
}

/// Each pair of neighbours, for all sources and for one.
#[test]
fn every_time_is_shorter_than_the_one_around_it() {
    for (place, shown) in [
        ("[timeouts]", "timeouts"),
        (
            "[site.source.timeouts]",
            "site[voorbeeld].source[zgw].timeouts",
        ),
    ] {
        // The defaults are 1000, 5000, 8000 and 10000.
        for (inner, outer, short, long) in [
            ("connect_ms", "attempt_ms", 5000, 5000),
            ("connect_ms", "attempt_ms", 5001, 5000),
            ("attempt_ms", "source_ms", 8000, 8000),
            ("source_ms", "page_ms", 10_000, 10_000),
        ] {
            let before = if place == "[timeouts]" {
                "[server]"
            } else {
                "[site.source.zaken]"
            };
            let set = |value: u32| {
                edit(
                    &base(),
                    before,
                    &format!("{place}\n{inner} = {value}\n{before}"),
                )
            };
            let errors = refused(&set(short));
            let said = format!("{shown}.{inner}: is {short} and {outer} is {long}");
            assert!(errors.contains(&said), "{said}\n{errors}");
            accepts(&set(long - 1));
        }
    }
}

#[test]
fn the_queue_is_twice_the_places_unless_told_otherwise() {
    let waiting = |more: &str| {
        let toml = edit(
            &base(),
            "name = \"zgw\"",
            &format!("name = \"zgw\"\n{more}"),
        );
        let (config, _) = accepts(&toml);
        let SourceKind::Zgw(zgw) = &config.sites[0].sources[0].kind else {
            panic!("another kind");
        };
        zgw.http.max_waiting
    };
    assert_eq!(waiting(""), 64);
    assert_eq!(waiting("max_concurrent = 5"), 10);
    assert_eq!(waiting("max_concurrent = 5\nmax_waiting = 0"), 0);
}

#[test]
fn bounds_are_kept() {
    for (given, said) in [
        ("retries = 3", "source[zgw].retries: is 3; take 0 to 2"),
        (
            "breaker.faults = 0",
            "source[zgw].breaker.faults: is 0; take 1 to 1000",
        ),
        (
            "breaker.open_ms = 40000",
            "source[zgw].breaker.open_ms: is 40000 and max_open_ms is 30000",
        ),
        (
            "tls.cert_file = \"x\"",
            "source[zgw].tls.key_file: is not set; cert_file needs it",
        ),
        (
            "tls.key_file = \"x\"",
            "source[zgw].tls.cert_file: is not set; key_file needs it",
        ),
        (
            "tls.ca_file = \"not-there.pem\"",
            "source[zgw].tls.ca_file: cannot read",
        ),
        ("tls.verify = false", "tls.verify: unknown key"),
    ] {
        let toml = edit(
            &base(),
            "name = \"zgw\"",
            &format!("name = \"zgw\"\n{given}"),
        );
        let errors = refused(&toml);
        assert!(errors.contains(said), "{said}\n{errors}");
    }
}

#[test]
fn certificates_are_read_at_the_start_and_must_belong_together() {
    let folder = Folder::new();
    let key = KeyPair::generate().unwrap();
    let cert = CertificateParams::new(vec!["zijspan".to_owned()])
        .unwrap()
        .self_signed(&key)
        .unwrap()
        .pem();
    let other = KeyPair::generate().unwrap().serialize_pem();
    folder.write("tls/ca.pem", &cert, 0o644);
    folder.write("tls/own.pem", &cert, 0o644);
    folder.write("tls/own.key", &key.serialize_pem(), 0o600);
    let with = |tls: &str| edit(&base(), "name = \"zgw\"", &format!("name = \"zgw\"\n{tls}"));
    let all = with(
        "tls.ca_file = \"tls/ca.pem\"\ntls.cert_file = \"tls/own.pem\"\ntls.key_file = \"tls/own.key\"",
    );
    let (config, _) = folder.check(&all).unwrap();
    let SourceKind::Zgw(zgw) = &config.sites[0].sources[0].kind else {
        panic!("another kind");
    };
    assert!(zgw.http.tls.ca.is_some() && zgw.http.tls.identity.is_some());
    let printed = format!("{config:?}{}", serde_json::to_string(&config).unwrap());
    assert!(printed.contains("own.pem"), "{printed}");
    assert!(!printed.contains("PRIVATE KEY"), "{printed}");
    for (file, content, mode, said) in [
        (
            "tls/ca.pem",
            "nothing",
            0o644,
            "tls.ca_file: .* does not hold certificates in PEM",
        ),
        (
            "tls/own.pem",
            "nothing",
            0o644,
            "tls.cert_file: .* does not hold a certificate in PEM",
        ),
        (
            "tls/own.key",
            "nothing",
            0o600,
            "tls.key_file: does not hold a private key in PEM",
        ),
        (
            "tls/own.key",
            &other,
            0o600,
            "tls.key_file: is not the key of the certificate",
        ),
        (
            "tls/own.key",
            &key.serialize_pem(),
            0o644,
            "tls.key_file: everybody can read",
        ),
    ] {
        let path = folder.0.path().join(file);
        let good = fs::read_to_string(&path).unwrap();
        folder.write(file, content, mode);
        let errors = folder.check(&all).unwrap_err();
        let (start, end) = said.split_once(" .* ").unwrap_or((said, ""));
        assert!(
            errors.contains(start) && errors.contains(end),
            "{said}\n{errors}"
        );
        assert_eq!(errors.lines().count(), 1, "{errors}");
        folder.write(
            file,
            &good,
            if file.ends_with("key") { 0o600 } else { 0o644 },
        );
    }
    folder.check(&all).unwrap();
}
