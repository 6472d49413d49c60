//! A file that is read again while the sidecar runs.

use super::*;

#[test]
fn what_may_change_is_applied_and_the_rest_is_named_without_a_secret() {
    let folder = Folder::new();
    let (running, _) = folder.check(&base()).unwrap();
    let same = running.reload(&folder.check(&base()).unwrap().0).unwrap();
    assert_eq!((same.applied, same.needs_restart), (vec![], vec![]));

    let toml = edit(&base(), "name = \"zgw\"", "name = \"zgw\"\nenabled = false");
    let toml = edit(
        &toml,
        "[[site.key]]",
        "[site.policy]\nmodules = []\n[[site.key]]",
    );
    let (read, _) = folder.check(&toml).unwrap();
    let reload = running.reload(&read).unwrap();
    assert_eq!(
        reload.applied,
        [
            "site[voorbeeld].policy.modules",
            "site[voorbeeld].source[zgw].enabled"
        ]
    );
    assert_eq!(reload.needs_restart, [""; 0]);
    assert!(!reload.config.sites[0].sources[0].enabled);
    assert!(reload.config.sites[0].policy.modules.is_empty());

    // Beside what may change: a key, a secret of each kind, a time, and a site that was not there.
    let toml = edit(&toml, &key("request"), &key("another"));
    let toml = edit(&toml, "version = 1", "version = 2");
    let toml = format!(
        "{toml}\n[timeouts]\npage_ms = 9000\n{}",
        second_site("tiel-1")
    );
    let (read, _) = folder.check(&toml).unwrap();
    let next = reload.config.reload(&read).unwrap();
    assert_eq!(next.applied, [""; 0]);
    let named: std::collections::BTreeSet<&str> =
        next.needs_restart.iter().map(String::as_str).collect();
    assert_eq!(
        named,
        [
            "server.key[1]",
            "server.key[2]",
            "site[tiel]",
            "site[voorbeeld].key[voorbeeld-1].request.secret",
            "timeouts.page_ms",
        ]
        .into()
    );
    // What waits for a restart is not in what runs, and is named again the next time.
    assert_eq!(next.config.sites.len(), 1);
    let again = next.config.reload(&read).unwrap();
    assert_eq!(again.needs_restart.len(), 5);

    let on_again = next.config.reload(&running).unwrap();
    assert_eq!(on_again.applied.len(), 2);
    assert!(on_again.config.sites[0].sources[0].enabled);
}

#[test]
fn a_secret_that_prints_says_nothing_of_itself_outside_a_comparison() {
    let (config, _) = accepts(&base());
    let (other, _) = accepts(&edit(&base(), &key("request"), &key("another")));
    config.reload(&other).unwrap();
    let printed = serde_json::to_string(&config).unwrap();
    assert!(printed.contains("\"*** (inline)\""), "{printed}");
    assert_eq!(
        printed.matches("***").count(),
        printed.matches("*** (inline)\"").count()
    );
}
