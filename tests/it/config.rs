//! What a configuration may say, and what refuses to start.

mod environment;
mod identity;
mod refusals;
mod reload;
mod secrets;
mod source_http;
mod vendors;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tempfile::TempDir;
use zijspan::config::{
    self, Bind, ClaimMap, Config, KeyState, LoginMode, Problem, Purpose, SourceKind, SubjectKind,
};
use zijspan::domain::Timestamp;

/// 2026-11-24T08:00:00Z.
const NOW: Timestamp = Timestamp::from_secs(1_795_507_200);

/// A key that is the same for the same word and not a row that counts.
fn key(word: &str) -> String {
    let mut bytes: Vec<u8> = word.bytes().cycle().take(32).collect();
    for (n, byte) in bytes.iter_mut().enumerate() {
        *byte ^= u8::try_from(n * n % 251).unwrap();
    }
    STANDARD.encode(bytes)
}

fn base() -> String {
    format!(
        r#"
[listeners.api]
bind = "localhost:8480"

[server]
state_dir = "state"

[[server.key]]
version = 1
secret = "{server}"

[[site]]
id = "voorbeeld"
environment = "acceptatie"
origin = "https://www.voorbeeld.example"
public_url = "https://www.voorbeeld.example/zijspan"

[[site.key]]
not_before = 2026-11-01
[site.key.request]
keyid = "voorbeeld-1"
secret = "{request}"
[site.key.response]
keyid = "voorbeeld-response-1"
secret = "{response}"

[[site.source]]
name = "zgw"
client_id = "zijspan"
secret = "CANARY-zgw-secret-that-is-long-enough"
[site.source.zaken]
base_url = "https://zgw.example/zaken/api/v1"
[site.source.catalogi]
base_url = "https://zgw.example/catalogi/api/v1"
[site.source.documenten]
base_url = "https://zgw.example/documenten/api/v1/"

[[site.idp]]
name = "digid"
issuer = "https://broker.example"
client_id = "voorbeeld"
client_secret = "CANARY-client-secret"
claim_map = "signicat"
"#,
        server = key("server"),
        request = key("request"),
        response = key("response"),
    )
}

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn write(&self, name: &str, text: &str, mode: u32) -> PathBuf {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        path
    }

    fn check(&self, toml: &str) -> Result<(Config, Vec<Problem>), String> {
        self.check_with(toml, &[], Purpose::Serve)
    }

    fn check_with(
        &self,
        toml: &str,
        environment: &[(&str, &str)],
        purpose: Purpose,
    ) -> Result<(Config, Vec<Problem>), String> {
        let path = self.write("zijspan.toml", toml, 0o600);
        let environment: Vec<_> = environment
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        config::check(&path, &environment, Some(purpose), NOW).map_err(|errors| errors.to_string())
    }
}

fn accepts(toml: &str) -> (Config, Vec<Problem>) {
    Folder::new().check(toml).unwrap()
}

/// Replaces `from`, which must be there, once.
fn edit(toml: &str, from: &str, to: &str) -> String {
    assert!(toml.contains(from), "{from:?} is not in the configuration");
    toml.replacen(from, to, 1)
}

/// A second site, whose key has the given id.
fn second_site(keyid: &str) -> String {
    format!(
        r#"
[[site]]
id = "tiel"
environment = "acceptatie"
origin = "https://www.tiel.example"
[[site.key]]
[site.key.request]
keyid = "{keyid}"
secret = "{}"
[site.key.response]
keyid = "tiel-response-1"
secret = "{}"
"#,
        key("tiel-request"),
        key("tiel-response")
    )
}

#[test]
fn the_base_of_these_tests_is_accepted() {
    let (config, warnings) = accepts(&base());
    assert_eq!(warnings, []);
    let site = &config.sites[0];
    assert!(site.forbids_sandbox_issuer());
    assert_eq!(site.login_modes(SubjectKind::Burger), [LoginMode::Rp]);
    assert_eq!(site.return_url(), "https://www.voorbeeld.example/");
    assert!(site.public_is_same_origin());
    assert_eq!(config.listeners.api.bind, Bind::Localhost(8480));
    assert_eq!(
        config.listeners.api.authorities,
        ["localhost:8480", "127.0.0.1:8480", "[::1]:8480"]
    );
    let SourceKind::Zgw(zgw) = &site.sources[0].kind else {
        panic!("not a ZGW source")
    };
    assert_eq!(
        zgw.documenten.advertised_url.as_str(),
        "https://zgw.example/documenten/api/v1"
    );
    assert!(zgw.besluiten.is_none());
    assert!(config.server.state_dir.ends_with("state") && config.server.state_dir.is_absolute());
}

#[test]
fn all_problems_are_said_at_once() {
    let toml = edit(
        &base(),
        "https://zgw.example/zaken",
        "http://zgw.example/zaken",
    );
    let toml = edit(&toml, &key("request"), "");
    let toml = edit(&toml, "localhost:8480", "0.0.0.0:8480");
    let toml = edit(&toml, "[server]", "[timeouts]\nconnect_ms = 6000\n[server]");
    let toml = edit(&toml, "name = \"digid\"", "name = \"digid\"\nfoo = 1");
    let errors = Folder::new().check(&toml).unwrap_err();
    for part in ["0.0.0.0:8480", "connect_ms", "idp[0].foo: unknown key"] {
        assert!(errors.contains(part), "{part} is not in\n{errors}");
    }
    let toml = edit(&toml, "foo = 1", "");
    let errors = Folder::new().check(&toml).unwrap_err();
    assert_eq!(errors.lines().count(), 5, "{errors}");
}

#[test]
fn asserted_stands_alone_for_its_kind_of_party() {
    let scoped = edit(
        &base(),
        "not_before = 2026-11-01",
        "scopes = [\"pages\", \"assert\"]",
    );
    let beside = |kind: &str| {
        format!(
            "{scoped}\n[[site.idp]]\nname = \"saml\"\nmode = \"asserted\"\nkinds = [\"{kind}\"]\n"
        )
    };
    let folder = Folder::new();
    let errors = folder.check(&beside("burger")).unwrap_err();
    assert!(
        errors.contains("mode \"asserted\" stands beside another mode for burger"),
        "{errors}"
    );
    let (config, _) = folder.check(&beside("onderneming")).unwrap();
    assert!(config.sites[0].idp("saml").unwrap().oidc.is_none());
    let (_, warnings) = folder.check(&scoped).unwrap();
    assert!(
        warnings[0]
            .message
            .contains("no login uses mode \"asserted\"")
    );
}

#[test]
fn production_refuses_test_providers() {
    let toml = edit(&base(), "\"acceptatie\"", "\"productie\"");
    let folder = Folder::new();
    assert!(folder.check(&toml).is_ok());
    let errors = folder
        .check(&edit(
            &toml,
            "https://broker.example",
            "http://127.0.0.1:9000",
        ))
        .unwrap_err();
    assert!(
        errors.contains("is on this machine, where only test providers are"),
        "{errors}"
    );
    let errors = folder
        .check(&edit(&toml, "\"signicat\"", "\"demo\""))
        .unwrap_err();
    assert!(errors.contains("is how test providers write"), "{errors}");
}

#[test]
fn a_demo_stays_on_this_machine_and_serves_demo_sites_only() {
    let folder = Folder::new();
    let demo = edit(&base(), "\"acceptatie\"", "\"demo\"");
    let (config, _) = folder.check_with(&demo, &[], Purpose::Demo).unwrap();
    assert_eq!(config.purpose(), Purpose::Demo);
    assert!(!config.sites[0].forbids_sandbox_issuer());
    let open = edit(
        &demo,
        "\"localhost:8480\"",
        "\"10.0.0.1:8480\"\ntls = \"terminated\"",
    );
    let errors = folder.check_with(&open, &[], Purpose::Demo).unwrap_err();
    assert!(errors.contains("a demo binds localhost only"), "{errors}");
    let errors = folder.check_with(&base(), &[], Purpose::Demo).unwrap_err();
    assert!(errors.contains("a demo has made-up logins"), "{errors}");
}

#[test]
fn an_old_or_ended_key_is_warned_about() {
    let (_, warnings) = accepts(&edit(
        &base(),
        "not_before = 2026-11-01",
        "not_before = 2025-11-01",
    ));
    assert!(warnings[0].message.contains("older than a year"));
    let ended = edit(&base(), "not_before = 2026-11-01", "not_after = 2026-11-01");
    let (_, warnings) = accepts(&ended);
    assert!(warnings.iter().any(|w| {
        w.message
            .contains("no key with scope \"pages\" is valid today")
    }));
}

#[test]
fn a_claim_map_of_ones_own_is_read() {
    let toml = edit(
        &base(),
        "claim_map = \"signicat\"",
        "claim_map = \"custom\"\nloa_claim = [\"context\", \"loa\"]\nloa_values = { \"digid:25\" = \"substantial\" }\n\
         claims = { bsn = [\"sub\", [\"aanvrager\", \"bsn\"]], company = { value = \"id\", qualifier = \"kind\" } }",
    );
    let (config, _) = accepts(&toml);
    let oidc = config.sites[0].idps[0].oidc.as_ref().unwrap();
    assert_eq!(oidc.loa_claim, ["context", "loa"]);
    assert_eq!(oidc.loa_values["digid:25"].to_string(), "substantial");
    let ClaimMap::Custom(map) = &oidc.claim_map else {
        panic!("not a map of one's own")
    };
    assert_eq!(
        serde_json::Value::from(map.clone()),
        serde_json::json!({
            "bsn": [["sub"], ["aanvrager", "bsn"]],
            "company": {"value": ["id"], "qualifier": ["kind"]}
        })
    );
}

#[test]
fn the_example_is_accepted() {
    let example = include_str!("../../docs/zijspan.example.toml");
    let folder = Folder::new();
    for line in example.lines() {
        if let Some((_, file)) = line.split_once("secret_file = ") {
            let file = file.trim().trim_matches('"');
            folder.write(file, &key(file), 0o600);
        }
    }
    let (config, warnings) = folder.check(example).unwrap();
    assert_eq!(warnings, []);
    assert_eq!(config.sites[0].keys.len(), 2);
    assert_eq!(
        config.sites[0].keys[1].response.keyid.as_str(),
        "voorbeeld-admin-response-2026a"
    );
}

#[test]
fn two_sites_may_not_share_a_key_id_a_secret_or_a_name() {
    let folder = Folder::new();
    assert!(folder.check(&(base() + &second_site("tiel-1"))).is_ok());
    let errors = folder
        .check(&(base() + &second_site("voorbeeld-1")))
        .unwrap_err();
    assert!(
        errors.contains(
            "site[tiel].key[voorbeeld-1].request.keyid: key id \"voorbeeld-1\" is used by site voorbeeld too"
        ),
        "{errors}"
    );
    let shared = second_site("tiel-1").replace(&key("tiel-request"), &key("request"));
    let errors = folder.check(&(base() + &shared)).unwrap_err();
    assert!(
        errors.contains("has the same secret as key voorbeeld-1 of site voorbeeld"),
        "{errors}"
    );
    let twice = second_site("tiel-1").replace("id = \"tiel\"", "id = \"voorbeeld\"");
    let errors = folder.check(&(base() + &twice)).unwrap_err();
    assert!(errors.contains("is used by two sites"), "{errors}");
    let errors = folder
        .check(&edit(&base(), "[[site]]", "[[sites]]"))
        .unwrap_err();
    assert!(errors.contains("sites: unknown key"), "{errors}");
}

#[test]
fn two_sources_and_two_providers_need_two_names() {
    let toml = base();
    let (head, rest) = toml.split_once("[[site.source]]").unwrap();
    let (source, idp) = rest.split_once("[[site.idp]]").unwrap();
    let folder = Folder::new();
    let twice = format!("{head}[[site.source]]{source}[[site.source]]{source}[[site.idp]]{idp}");
    let errors = folder.check(&twice).unwrap_err();
    assert!(
        errors.contains("is used by two sources of this site"),
        "{errors}"
    );
    let errors = folder
        .check(&format!("{toml}[[site.idp]]{idp}"))
        .unwrap_err();
    assert!(
        errors.contains("is used by two identity providers"),
        "{errors}"
    );
    let alone = format!("{head}[[site.idp]]{idp}");
    let (_, warnings) = folder.check(&alone).unwrap();
    assert!(warnings[0].message.contains("will show nothing"));
}

#[test]
fn loading_and_validating_can_be_two_steps() {
    let folder = Folder::new();
    let path = folder.write("zijspan.toml", &base(), 0o600);
    let config = config::load_with(&path, &[]).unwrap();
    assert_eq!(config.validate(Purpose::Serve, NOW).unwrap(), []);
    let errors = config.validate(Purpose::Demo, NOW).unwrap_err();
    assert_eq!(errors.problems()[0].path, "site[voorbeeld].environment");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    /// Whatever stands in the file or in a variable is an answer, never a panic, and never repeated
    /// where it could be a secret.
    #[test]
    fn nonsense_is_an_error_and_no_panic(
        cut in 0..1200_usize,
        text in "[\\PC\n]{0,20}",
        path in "(SITE|SERVER|LISTENERS|KEY|VOORBEELD|0|API|ID|_|__|[A-Z]{0,3}){0,6}",
        value in "\\PC{0,12}",
    ) {
        let mut toml = base();
        let cut = (0..=cut.min(toml.len())).rev().find(|at| toml.is_char_boundary(*at)).unwrap();
        toml.insert_str(cut, &text);
        let variable = format!("ZIJSPAN__{path}");
        if let Err(errors) =
            Folder::new().check_with(&toml, &[(&variable, &value)], Purpose::Serve)
        {
            proptest::prop_assert!(!errors.contains("CANARY"), "{errors}");
        }
    }
}
