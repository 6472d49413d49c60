//! The table of refusals.

use super::*;

/// A minimal change to the base, and a part of the sentence that refuses it.
#[test]
fn what_is_unsafe_refuses_to_start_with_a_sentence() {
    const RFC_TEST_KEY: &str = concat!(
        "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtj",
        "UkdJPBtbmHhIDi6pcl8jsasjlTMtDQ=="
    );
    let request = key("request");
    let table: &[(&str, &str, &str)] = &[
        // Upstreams.
        (
            r#""https://zgw.example/zaken/api/v1""#,
            r#""http://zgw.example/zaken/api/v1""#,
            "site[voorbeeld].source[zgw].zaken.base_url: \"http://zgw.example/zaken/api/v1\" uses http: off this machine",
        ),
        (
            r#""https://zgw.example/zaken/api/v1""#,
            r#""http://10.1.2.3/zaken/api/v1""#,
            "uses http: off this machine",
        ),
        (
            r#""https://zgw.example/zaken/api/v1""#,
            r#""zgw.example""#,
            "is not an absolute http or https address",
        ),
        (
            r#""https://broker.example""#,
            r#""http://broker.example""#,
            "site[voorbeeld].idp[digid].issuer: \"http://broker.example\" uses http: off this machine",
        ),
        (
            "[site.source.catalogi]\nbase_url = \"https://zgw.example/catalogi/api/v1\"",
            "",
            "site[voorbeeld].source[zgw].catalogi: is not set",
        ),
        (
            "client_id = \"zijspan\"\n",
            "",
            "site[voorbeeld].source[zgw].client_id: is not set; the secret needs it",
        ),
        (
            "secret = \"CANARY-zgw-secret-that-is-long-enough\"\n",
            "",
            "site[voorbeeld].source[zgw].secret: is not set; set secret or secret_file",
        ),
        (
            "name = \"zgw\"",
            "name = \"zgw\"\nlist_method = \"post\"",
            "must be \"zoek\" or \"get\"",
        ),
        (
            "name = \"zgw\"",
            "name = \"zgw\"\nbsn_in_url = false\nlist_method = \"get\"",
            "a GET puts the BSN in the URL",
        ),
        (
            "name = \"zgw\"",
            "name = \"zgw\"\nbsn_in_url = false\nexpand = false",
            "the rollen come by expand",
        ),
        (
            "name = \"zgw\"",
            "name = \"Zgw\"",
            "may hold only a-z, 0-9 and -",
        ),
        // Keys.
        (&request, "", "request.secret: the key is empty"),
        (
            &request,
            "c2hvcnQ=",
            "the key is too short: 5 bytes, 32 are needed",
        ),
        (
            &request,
            RFC_TEST_KEY,
            "this is the test key that RFC 9421 publishes",
        ),
        (
            &request,
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            "the key is not random",
        ),
        (
            &request,
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
            "the key is not random",
        ),
        (&request, &request[..43], "is not padded standard base64"),
        (
            &request,
            &key("response"),
            "has the same secret as key voorbeeld-1 of site voorbeeld",
        ),
        (
            &request,
            &key("server"),
            "has the same secret as server key 1",
        ),
        (&key("server"), "", "server.key[0].secret: the key is empty"),
        (
            "\"voorbeeld-response-1\"",
            "\"voorbeeld-1\"",
            "key id \"voorbeeld-1\" is used twice in this site",
        ),
        (
            "\"voorbeeld-1\"",
            "\"Voorbeeld 1\"",
            "request.keyid: key id \"Voorbeeld 1\" may hold only",
        ),
        (
            "not_before = 2026-11-01",
            "scopes = [\"everything\"]",
            "scopes: must be \"pages\" or",
        ),
        ("not_before = 2026-11-01", "scopes = []", "scopes: is empty"),
        (
            "not_before = 2026-11-01",
            "scopes = [\"admin\"]",
            "there is no key with scope \"pages\"",
        ),
        (
            "not_before = 2026-11-01",
            "state = \"revoked\"",
            "there is no key with scope \"pages\"",
        ),
        (
            "not_before = 2026-11-01",
            "not_before = 2026-11-02\nnot_after = \"2026-11-01\"",
            "lies before not_before",
        ),
        (
            "not_before = 2026-11-01",
            "not_before = \"yesterday\"",
            "is neither a day",
        ),
        ("version = 1", "version = 0", "must be a number of 1 to 255"),
        (
            "version = 1",
            "version = 1\nstate = \"next\"",
            "0 keys have state \"current\"",
        ),
        // Login.
        (
            "public_url = \"https://www.voorbeeld.example/zijspan\"",
            "",
            "site[voorbeeld].public_url: is not set, and mode \"rp\" needs an address",
        ),
        (
            "[listeners.api]",
            "[listeners.public]\nenabled = false\n[listeners.api]",
            "listeners.public.enabled: is false, and site voorbeeld logs in by mode \"rp\"",
        ),
        (
            "name = \"digid\"",
            "name = \"digid\"\nmode = \"sso\"",
            "must be \"rp\" or \"exchange\" or \"asserted\"",
        ),
        (
            "name = \"digid\"",
            "name = \"digid\"\nnonce = \"absent\"",
            "which is for mode \"exchange\" only",
        ),
        (
            "name = \"digid\"",
            "name = \"digid\"\nscopes = [\"profile\"]",
            "lacks \"openid\"",
        ),
        (
            "name = \"digid\"",
            "name = \"digid\"\nkinds = []",
            "name who logs in here",
        ),
        (
            "name = \"digid\"",
            "name = \"digid\"\nmin_loa = \"very\"",
            "or the URN of a level",
        ),
        (
            "claim_map = \"signicat\"",
            "",
            "site[voorbeeld].idp[digid].claim_map: is not set",
        ),
        (
            "claim_map = \"signicat\"",
            "claim_map = \"custom\"",
            "says nowhere who it is",
        ),
        (
            "claim_map = \"signicat\"",
            "claim_map = \"custom\"\nclaims = { bsn = 3 }",
            "must be the name of a claim",
        ),
        (
            "claim_map = \"signicat\"",
            "claim_map = \"custom\"\nclaims = { bsn = \"sub\", bns = \"x\" }",
            "claims.bns: unknown key",
        ),
        (
            "client_secret = \"CANARY-client-secret\"\n",
            "",
            "set client_secret or client_secret_file",
        ),
        (
            "client_secret = \"CANARY-client-secret\"",
            "client_secret = \"CANARY-client-secret\"\nclient_secret_file = \"x\"",
            "both client_secret and client_secret_file are set; keep one of them",
        ),
        (
            "issuer = \"https://broker.example\"",
            "mode = \"asserted\"\nissuer = \"https://broker.example\"",
            "mode \"asserted\" asks no issuer",
        ),
        (
            "issuer = \"https://broker.example\"",
            "mode = \"asserted\"",
            "mode \"asserted\" needs a key with scope \"assert\"",
        ),
        // Listeners.
        (
            "\"localhost:8480\"",
            "\"0.0.0.0:8480\"",
            "plain HTTP on 0.0.0.0:8480 leaves this machine",
        ),
        (
            "\"localhost:8480\"",
            "\"0.0.0.0:8480\"\ntls = \"terminated\"",
            "listeners.api.authorities: is not set",
        ),
        (
            "\"localhost:8480\"",
            "\"sidecar:8480\"",
            "must be localhost:PORT, an IP address with a port, or unix:/path",
        ),
        (
            "\"localhost:8480\"",
            "\"localhost:8481\"",
            "is the address of listeners.api too",
        ),
        (
            "\"localhost:8480\"",
            "\"localhost:8480\"\nauthorities = [\"*\"]",
            "write each one out, without * or scheme",
        ),
        (
            "\"localhost:8480\"",
            "\"localhost:8480\"\ntls = \"on\"",
            "must be \"off\" or \"terminated\"",
        ),
        (
            "\"localhost:8480\"",
            "\"localhost:8480\"\ntls_cert_file = \"x\"",
            "tls_key_file: is not set",
        ),
        // Time.
        (
            "[server]",
            "[timeouts]\nconnect_ms = 5000\n[server]",
            "timeouts.connect_ms: is 5000 and attempt_ms is 5000",
        ),
        (
            "[server]",
            "[timeouts]\nsource_ms = 4000\n[server]",
            "timeouts.attempt_ms: is 5000 and source_ms is 4000",
        ),
        (
            "[server]",
            "[timeouts]\npage_ms = 7000\n[server]",
            "timeouts.source_ms: is 8000 and page_ms is 7000",
        ),
        (
            "[server]",
            "[timeouts]\nconnect_ms = 100\nattempt_ms = 500\nsource_ms = 800\npage_ms = 1000\n[server]",
            "timeouts.budget_ms: is 2000 and page_ms is 1000",
        ),
        (
            "[site.source.zaken]",
            "catalogus_minutes = 721\n[site.source.zaken]",
            "site[voorbeeld].source[zgw].catalogus_minutes: is 721; take 1 to 720",
        ),
        (
            "[site.source.zaken]",
            "[site.source.timeouts]\nattempt_ms = 9000\n[site.source.zaken]",
            "site[voorbeeld].source[zgw].timeouts.attempt_ms: is 9000 and source_ms is 8000",
        ),
        (
            "[server]",
            "[session]\nidle = 901\n[server]",
            "session.idle: is 901; take 1 to 900",
        ),
        (
            "[server]",
            "[session]\nabsolute = 600\n[server]",
            "idle cannot be the longer one",
        ),
        // Site.
        (
            "environment = \"acceptatie\"",
            "",
            "site[voorbeeld].environment: is not set",
        ),
        (
            "environment = \"acceptatie\"",
            "environment = \"test\"",
            "must be \"demo\" or \"acceptatie\" or \"productie\"",
        ),
        (
            "environment = \"acceptatie\"",
            "environment = \"demo\"",
            "which only `zijspan demo` runs",
        ),
        (
            "\"https://www.voorbeeld.example\"",
            "\"https://www.voorbeeld.example/site\"",
            "origin: has a path",
        ),
        (
            "\"https://www.voorbeeld.example\"",
            "\"http://www.voorbeeld.example\"",
            "origin: \"http://www.voorbeeld.example\" uses http:",
        ),
        (
            "\"https://www.voorbeeld.example/zijspan\"",
            "\"http://www.voorbeeld.example/zijspan\"",
            "public_url: \"http://",
        ),
        (
            "id = \"voorbeeld\"",
            "id = \"voorbeeld\"\nreturn_path = \"//evil.example\"",
            "must be a path on the site",
        ),
        (
            "id = \"voorbeeld\"",
            "id = \"voorbeeld\"\npolicy = { rollen = [\"iedereen\"] }",
            "must be \"initiator\" or",
        ),
        // Shape.
        (
            "[server]",
            "[server]\nstate_dirr = \"x\"",
            "server.state_dirr: unknown key; remove it or use one of state_dir",
        ),
        (
            "id = \"voorbeeld\"",
            "id = \"voorbeeld\"\nsecret = \"CANARY\"",
            "site[voorbeeld].secret: unknown key",
        ),
        ("[server]", "[servers]\n[server]", "servers: unknown key"),
        ("version = 1", "version = \"CANARY\"", "holds a text; write"),
        (
            "[server]",
            "[server]\nsecret = CANARY",
            "TOML parse error at line",
        ),
    ];
    let folder = Folder::new();
    for (from, to, sentence) in table {
        let errors = folder.check(&edit(&base(), from, to)).err();
        let errors = errors.unwrap_or_else(|| panic!("accepted {to:?} for {from:?}"));
        assert!(
            errors.contains(sentence),
            "{to:?} gave\n{errors}\nand not\n{sentence}"
        );
        assert!(!errors.contains("CANARY"), "a secret in\n{errors}");
    }
}
