//! Vendors as defaults of a source, and the credentials that it may have.

use std::time::Duration;

use zijspan::config::vendor::Profile;
use zijspan::config::{Auth, ClientAuthMethod, CompanyFilter, ListMethod, TokenRequest, ZgwSource};

use super::*;

/// The base with these lines under its source, and these tables.
fn with(lines: &str, tables: &str) -> String {
    let label = "name = \"zgw\"\n";
    let zaken = "[site.source.zaken]\n";
    let toml = edit(&base(), label, &format!("{label}{lines}\n"));
    edit(&toml, zaken, &format!("{tables}\n{zaken}"))
}

/// The same without the account of the whole source.
fn without_account(lines: &str, tables: &str) -> String {
    let account = "client_id = \"zijspan\"\nsecret = \"CANARY-zgw-secret-that-is-long-enough\"\n";
    edit(&with(lines, tables), account, "")
}

fn zgw(toml: &str) -> ZgwSource {
    source_of(&accepts(toml).0)
}

fn source_of(config: &Config) -> ZgwSource {
    let SourceKind::Zgw(zgw) = &config.sites[0].sources[0].kind else {
        panic!("not a ZGW source")
    };
    zgw.as_ref().clone()
}

fn token_client(toml: &str) -> config::TokenClient {
    match zgw(toml).zaken.auth {
        Auth::ClientCredentials(client) => *client,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_the_file_says_wins_over_the_vendor() {
    let decos = zgw(&with("vendor = \"decos-join\"", ""));
    assert_eq!(decos.vendor, "decos-join");
    assert_eq!(decos.list_method, ListMethod::Get);
    assert!(!decos.resultaattypen && !decos.catalogussen && !decos.expand);
    assert!(!decos.company_filters.contains(&CompanyFilter::NnpKvk));
    let lines = "vendor = \"decos-join\"\nlist_method = \"zoek\"\nexpand = true\nresultaattypen = true\n\
                 company_filters = [\"nnp_kvk\"]\ngeen_status = []\nzaaknummer_marker = \"X\"";
    let own = zgw(&with(lines, ""));
    assert_eq!(own.list_method, ListMethod::Zoek);
    assert!(own.expand && own.resultaattypen && !own.catalogussen);
    assert_eq!(own.company_filters, [CompanyFilter::NnpKvk]);
    assert_eq!(own.geen_status, Vec::<String>::new());
    assert_eq!(own.zaaknummer_marker, "X");
}

/// Every profile can be used, and says no more than its own options can.
#[test]
fn every_vendor_of_the_reference_is_a_profile() {
    let line = config::REFERENCE
        .lines()
        .find(|line| line.starts_with("vendor = "))
        .unwrap();
    for profile in Profile::ALL {
        assert!(line.contains(&format!("\"{}\"", profile.name)), "{line}");
        let tables = "[site.source.auth]\ntoken_url = \"https://zgw.example/token\"";
        let source = zgw(&with(&format!("vendor = \"{}\"", profile.name), tables));
        assert_eq!(source.vendor, profile.name);
        assert_eq!(source.bsn_in_url, profile.bsn_in_url);
        assert_eq!(
            source.documenten.api_version.as_deref(),
            profile.api_version.documenten
        );
        assert_eq!(
            Profile::named(profile.name).unwrap().product,
            profile.product
        );
    }
    assert!(Profile::named("unknown").is_none());
}

#[test]
fn a_slow_product_gets_more_time_as_far_as_a_page_allows() {
    let times = |toml: &str| {
        let times = zgw(toml).timeouts;
        (times.attempt, times.source)
    };
    let millis = |a, b| (Duration::from_millis(a), Duration::from_millis(b));
    assert_eq!(times(&with("", "")), millis(5000, 8000));
    let decos = with("vendor = \"decos-join\"", "");
    assert_eq!(times(&decos), millis(8000, 9500));
    // A page that may not take so long keeps its own times, and a file that names them decides.
    let short =
        format!("{decos}\n[timeouts]\nattempt_ms = 3000\nsource_ms = 4000\npage_ms = 5000\n");
    assert_eq!(times(&short), millis(3000, 4000));
    let own = with(
        "vendor = \"decos-join\"",
        "[site.source.timeouts]\nattempt_ms = 1500",
    );
    assert_eq!(times(&own), millis(1500, 9500));
}

#[test]
fn decos_join_without_a_secret_for_the_catalogue_is_warned_about() {
    let warned = |toml: &str| {
        let (_, warnings) = accepts(toml);
        warnings.iter().any(|warning| {
            warning
                .message
                .contains("Decos JOIN gives the catalogue one of its own")
        })
    };
    let decos = with("vendor = \"decos-join\"", "");
    assert!(warned(&decos));
    let own = edit(
        &decos,
        "[site.source.catalogi]\n",
        "[site.source.catalogi]\nsecret = \"another-secret-that-is-long-enough-too\"\n",
    );
    assert!(!warned(&own));
    assert!(!warned(&with("vendor = \"open-zaak\"", "")));
}

#[test]
fn a_product_that_asks_for_a_certificate_says_so() {
    let warned = |toml: &str| {
        let (_, warnings) = accepts(toml);
        warnings.iter().any(|warning| {
            warning
                .message
                .contains("asks every client for a certificate")
        })
    };
    let auth = "[site.source.auth]\ntoken_url = \"https://zgw.example/token\"";
    assert!(warned(&with("vendor = \"procura\"", "")));
    assert!(warned(&with("vendor = \"openwave\"", auth)));
    let mtls = format!("{auth}\nkind = \"client_credentials\"\nclient_auth = \"mtls\"");
    assert!(warned(&with("", &mtls)));
    assert!(!warned(&with("vendor = \"mozard\"", auth)));
    let local =
        with("vendor = \"procura\"", "").replace("https://zgw.example", "http://127.0.0.1:8000");
    assert!(!warned(&local));
}

#[test]
fn the_dialects_of_openwave_and_mozard_come_with_their_names() {
    let auth = "[site.source.auth]\ntoken_url = \"https://zgw.example/token\"";
    let openwave = token_client(&with("vendor = \"openwave\"", auth));
    assert_eq!(openwave.client_auth, ClientAuthMethod::BasicAndBody);
    assert_eq!(openwave.token_request, TokenRequest::Json);
    assert_eq!(
        (
            openwave.token_field.as_str(),
            openwave.secret_field.as_str()
        ),
        ("token", "client_secret")
    );
    assert_eq!(openwave.token_lifetime, Duration::from_secs(1800));
    let mozard = token_client(&with("vendor = \"mozard\"", auth));
    assert_eq!(
        (mozard.token_field.as_str(), mozard.secret_field.as_str()),
        ("authorization", "secret")
    );
    assert!(!mozard.grant_type);
    let own = token_client(&with(
        "vendor = \"mozard\"",
        &format!("{auth}\nsecret_field = \"geheim\"\ntoken_request = \"form\""),
    ));
    assert_eq!(
        (own.secret_field.as_str(), own.token_request),
        ("geheim", TokenRequest::Form)
    );
}

#[test]
fn a_key_needs_no_client_and_a_key_pair_no_secret() {
    let key = without_account(
        "secret = \"CANARY-key\"",
        "[site.source.auth]\nkind = \"api_key\"\nheader = \"X-Api-Key\"",
    );
    assert!(
        matches!(zgw(&key).catalogi.auth, Auth::ApiKey { header, .. } if header == "x-api-key")
    );
    let token = without_account(
        "secret = \"CANARY-token\"",
        "[site.source.auth]\nkind = \"token\"",
    );
    assert!(matches!(zgw(&token).catalogi.auth, Auth::Token { .. }));
    let none = without_account("", "[site.source.auth]\nkind = \"none\"");
    assert!(matches!(zgw(&none).catalogi.auth, Auth::None));
    let pair = "[site.source.auth]\nkind = \"client_credentials\"\nclient_auth = \"private_key_jwt\"\n\
                token_url = \"https://zgw.example/token\"\nprivate_key = \"CANARY-pem\"\nkey_id = \"2026a\"";
    let client = token_client(&without_account("client_id = \"zijspan\"", pair));
    assert!(client.secret.is_none() && client.private_key.is_some());
}

/// Another way to sign in is another register, which must not get the source's secret.
#[test]
fn an_api_with_its_own_auth_does_not_inherit_the_secret_of_the_source() {
    let table = "[site.source.betrokkene_source]\nbase_url = \"https://brp.example/personen\"\n\
                 [site.source.betrokkene_source.auth]\nkind = \"api_key\"\nheader = \"x-api-key\"\n";
    let errors = Folder::new().check(&with("", table)).unwrap_err();
    assert!(
        errors.contains("betrokkene_source.secret: is not set"),
        "{errors}"
    );
    let own = edit(
        &with("", table),
        "base_url = \"https://brp.example/personen\"\n",
        "base_url = \"https://brp.example/personen\"\nsecret = \"CANARY-own\"\n",
    );
    let Some(register) = zgw(&own).betrokkene_source else {
        panic!("no register")
    };
    let Auth::ApiKey { secret, .. } = register.auth else {
        panic!("{:?}", register.auth)
    };
    assert_eq!(secret.bytes().expose(), b"CANARY-own");
}

#[test]
fn what_cannot_sign_in_is_refused_with_a_sentence() {
    let auth = |lines: &str| with("", &format!("[site.source.auth]\n{lines}"));
    let client = "kind = \"client_credentials\"\n";
    let table = [
        (
            with("vendor = \"openzaak\"", ""),
            "source[zgw].vendor: must be \"other\" or \"open-zaak\"",
        ),
        (auth("kind = \"saml\""), "auth.kind: must be \"zgw_jwt\""),
        (auth("kind = \"api_key\""), "auth.header: is not set"),
        (
            auth("kind = \"api_key\"\nheader = \"Host\""),
            "auth.header: cannot be the name of the header with the key",
        ),
        (
            auth("kind = \"api_key\"\nheader = \"x key\""),
            "auth.header: cannot be the name of the header with the key",
        ),
        (auth(client), "auth.token_url: is not set"),
        (
            auth(&format!("{client}token_url = \"http://zgw.example/token\"")),
            "auth.token_url: \"http://zgw.example/token\" uses http: off this machine",
        ),
        (
            auth(&format!(
                "{client}token_url = \"https://a:b@zgw.example/token\""
            )),
            "auth.token_url: the address holds a user name",
        ),
        (
            auth(&format!(
                "{client}token_url = \"https://zgw.example/token\"\nclient_auth = \"private_key_jwt\""
            )),
            "auth.private_key: is not set",
        ),
        (
            auth(&format!(
                "{client}token_url = \"https://zgw.example/token\"\nprivate_key = \"CANARY\""
            )),
            "auth.private_key: is set and client_auth is not",
        ),
        (
            auth(&format!(
                "{client}token_url = \"https://zgw.example/token\"\nalgorithm = \"HS256\""
            )),
            "auth.algorithm: must be \"PS256\" or \"RS256\"",
        ),
        (
            auth(&format!(
                "{client}token_url = \"https://zgw.example/token\"\ntoken_lifetime_s = 1"
            )),
            "auth.token_lifetime_s: is 1; take 10 to 86400",
        ),
        (
            with("company_filters = [\"kvk\"]", ""),
            "company_filters: must be \"nnp_kvk\"",
        ),
        (
            with("fsc_grant_hash = \"a b\"", ""),
            "fsc_grant_hash: has a character that cannot stand in a header",
        ),
        (
            without_account("", "[site.source.auth]\nkind = \"token\""),
            "zaken.secret: is not set; set secret_file here or for the whole source",
        ),
    ];
    for (toml, sentence) in table {
        let errors = Folder::new().check(&toml).unwrap_err();
        assert!(errors.contains(sentence), "{errors}\nand not\n{sentence}");
        assert!(!errors.contains("CANARY"), "a secret in\n{errors}");
    }
}
