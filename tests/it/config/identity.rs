//! What a configuration may say about an identity provider, and that a check says what a start would.

use super::*;
use zijspan::config::{AccessTokens, AssertionAlgorithm, ClientAuth, PushedRequests};

/// The base with `change` in its identity provider.
fn idp(change: &str) -> String {
    edit(
        &base(),
        "client_secret = \"CANARY-client-secret\"\n",
        &format!("{change}\n"),
    )
}

/// Accepted by the sections, and then by what a start builds.
fn starts(toml: &str) -> Result<Config, String> {
    let (config, _) = Folder::new().check(toml)?;
    zijspan::app::check(&config).map_err(|error| format!("{error:#}"))?;
    Ok(config)
}

fn rsa() -> String {
    use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
    let key = aws_lc_rs::rsa::PrivateDecryptingKey::generate(aws_lc_rs::rsa::KeySize::Rsa2048);
    let key = key.unwrap();
    let der: Pkcs8V1Der<'_> = key.as_der().unwrap();
    let body = STANDARD.encode(der.as_ref());
    format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n")
}

fn ec() -> String {
    rcgen::KeyPair::generate().unwrap().serialize_pem()
}

#[tokio::test]
async fn every_way_to_prove_the_client_starts_when_its_parts_are_there() {
    let default = starts(&base()).unwrap();
    let oidc = default.sites[0].idps[0].oidc.clone().unwrap();
    assert_eq!(oidc.pushed_requests, PushedRequests::Offered);
    assert_eq!(oidc.access_token, AccessTokens::Refused);
    // Signicat has the number at UserInfo only.
    assert!(oidc.userinfo && oidc.encrypted_only);
    for (algorithm, key) in [("PS256", rsa()), ("RS256", rsa()), ("ES256", ec())] {
        let toml = idp(&format!(
            "auth_method = \"private_key_jwt\"\nalgorithm = \"{algorithm}\"\nkey_id = \"a\"\nprivate_key = '''{key}'''"
        ));
        let config = starts(&toml).unwrap();
        let oidc = config.sites[0].idps[0].oidc.as_ref().unwrap();
        assert_eq!(oidc.auth_method, ClientAuth::PrivateKeyJwt);
        assert_eq!(
            oidc.algorithm == AssertionAlgorithm::Es256,
            algorithm == "ES256"
        );
    }
    let two = format!("{}{}", rsa(), rsa());
    let toml = format!(
        "client_secret = \"s\"\ndecryption_key_ids = [\"b\", \"a\"]\ndecryption_key = '''{two}'''"
    );
    starts(&idp(&toml)).unwrap();
    // Who only verifies what others fetched needs no proof of its own.
    starts(&idp("mode = \"exchange\"")).unwrap();
}

#[tokio::test]
async fn what_a_start_would_refuse_a_check_refuses_with_a_sentence() {
    let (rsa, ec) = (rsa(), ec());
    for (change, sentence) in [
        (
            "auth_method = \"private_key_jwt\"".to_owned(),
            "private_key: is not set",
        ),
        (
            format!("auth_method = \"private_key_jwt\"\nprivate_key = '''{ec}'''"),
            "site voorbeeld, identity provider digid: private_key holds no RSA key in PEM",
        ),
        (
            format!(
                "auth_method = \"private_key_jwt\"\nalgorithm = \"ES256\"\nprivate_key = '''{rsa}'''"
            ),
            "private_key holds no P-256 key in PEM",
        ),
        (
            "auth_method = \"private_key_jwt\"\nalgorithm = \"HS256\"".to_owned(),
            "must be \"PS256\" or \"ES256\" or \"RS256\"",
        ),
        (
            "auth_method = \"tls_client_auth\"".to_owned(),
            "idp[digid].tls.cert_file: is not set; auth_method \"tls_client_auth\" needs it",
        ),
        (
            "client_secret = \"s\"\ndecryption_key = \"no pem\"".to_owned(),
            "decryption_key: holds no private key in PEM",
        ),
        (
            format!("client_secret = \"s\"\ndecryption_key = '''{ec}'''"),
            "decryption_key: holds a key that is not RSA",
        ),
        (
            format!(
                "client_secret = \"s\"\ndecryption_key_ids = [\"a\", \"b\"]\ndecryption_key = '''{rsa}'''"
            ),
            "as many names as there are keys",
        ),
        (
            "client_secret = \"s\"\ndecryption_key_ids = [\"a\"]".to_owned(),
            "names keys, and there is no decryption_key",
        ),
        (
            "client_secret = \"s\"\nid_token_encrypted = \"maybe\"".to_owned(),
            "must be \"required\" or \"optional\"",
        ),
        (
            "client_secret = \"s\"\npushed_requests = \"always\"".to_owned(),
            "must be \"offered\" or \"required\" or \"never\"",
        ),
        (
            "client_secret = \"s\"\naccess_token = \"jwt\"".to_owned(),
            "is for mode \"exchange\" only",
        ),
        (
            "mode = \"exchange\"\naccess_token = \"introspect\"".to_owned(),
            "client_secret: is not set",
        ),
        (
            "mode = \"exchange\"\nauth_method = \"none\"\naccess_token = \"introspect\"".to_owned(),
            "asks the provider in the client's name",
        ),
    ] {
        let refused = starts(&idp(&change)).err().unwrap_or_default();
        assert!(refused.contains(sentence), "{change:.80}\n{refused}");
        assert!(!refused.contains("PRIVATE KEY-----\n"), "{refused}");
    }
}
