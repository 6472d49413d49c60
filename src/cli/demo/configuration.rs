//! The configuration that the demo writes and starts from.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::app::random_key;
use crate::sandbox::{self, Bron};

/// Name and municipality of each site that a demo can have.
const SITES: [(&str, &str); sandbox::MAX_SITES] = [
    ("demo", "Gemeente Lindenwaard"),
    ("demo2", "Gemeente Wilgenhout"),
];

/// A key in the form of a configuration.
fn new_secret() -> anyhow::Result<String> {
    Ok(STANDARD.encode(random_key()?.expose()))
}

/// One site with its keys and sources.
#[derive(Debug)]
pub struct DemoSite {
    pub id: &'static str,
    label: &'static str,
    request: String,
    response: String,
    admin: String,
    /// As `[[site.source]]` tables.
    sources: String,
}

impl DemoSite {
    /// The n-th site, with new keys.
    pub fn new(n: usize, sources: String) -> anyhow::Result<Self> {
        let (id, label) = SITES
            .get(n)
            .copied()
            .ok_or_else(|| anyhow::anyhow!("the demo has no site {}", n + 1))?;
        Ok(Self {
            id,
            label,
            request: new_secret()?,
            response: new_secret()?,
            admin: new_secret()?,
            sources,
        })
    }

    /// As `zijspan demo --json` prints it.
    pub fn to_json(&self) -> Value {
        let id = self.id;
        json!({
            "id": id,
            "request_keyid": format!("{id}-request-1"),
            "request_secret": self.request,
            "response_keyid": format!("{id}-response-1"),
            "response_secret": self.response,
            "admin_keyid": format!("{id}-admin-1"),
            "admin_secret": self.admin,
        })
    }
}

/// A simulated zaaksysteem as `[[site.source]]`.
pub fn source_of(bron: &Bron) -> anyhow::Result<String> {
    let label = match bron.name.strip_prefix("bron") {
        Some(number) => format!("Zaaksysteem {number}"),
        None => "Zaaksysteem".to_owned(),
    };
    let mut toml = format!(
        "[[site.source]]\nkind = \"zgw\"\nname = \"{}\"\nlabel = \"{label}\"\nclient_id = \"{}\"\nsecret = \"{}\"\nsubstatussen = true\n",
        bron.name,
        bron.client.client_id,
        std::str::from_utf8(bron.client.secret.expose())?,
    );
    for component in ["zaken", "catalogi", "documenten", "besluiten"] {
        write!(
            toml,
            "[site.source.{component}]\nbase_url = \"{}/{component}/api/v1\"\n",
            bron.url
        )?;
    }
    Ok(toml)
}

/// What all sites of the demo share.
#[derive(Debug)]
pub struct Configuration<'a> {
    /// Of api, public, hooks and ops.
    pub ports: [u16; 4],
    pub public_url: &'a str,
    pub origin: &'a str,
    pub issuer: &'a str,
    /// Lines for `[site.policy]`.
    pub bounds: &'a str,
}

impl Configuration<'_> {
    pub fn to_toml(&self, sites: &[DemoSite]) -> anyhow::Result<String> {
        let [api, public, hooks, ops] = self.ports;
        let mut toml = format!(
            r#"# Written anew by every `zijspan demo`.
[listeners.api]
bind = "localhost:{api}"
[listeners.public]
bind = "127.0.0.1:{public}"
[listeners.hooks]
enabled = true
bind = "127.0.0.1:{hooks}"
[listeners.ops]
bind = "127.0.0.1:{ops}"

[server]
state_dir = "state"
[[server.key]]
version = 1
state = "current"
secret = "{server}"
"#,
            server = new_secret()?,
        );
        for site in sites {
            self.write_site(&mut toml, site)?;
        }
        Ok(toml)
    }

    fn write_site(&self, toml: &mut String, site: &DemoSite) -> std::fmt::Result {
        write!(
            toml,
            r#"
[[site]]
id = "{id}"
label = "{label}"
environment = "demo"
origin = "{origin}"
public_url = "{public_url}"
return_path = "/"
feed_userdata = true

[site.policy]
rollen = ["initiator", "gemachtigde", "belanghebbende"]
{bounds}
[[site.key]]
state = "current"
scopes = ["pages"]
[site.key.request]
keyid = "{id}-request-1"
secret = "{request}"
[site.key.response]
keyid = "{id}-response-1"
secret = "{response}"

[[site.key]]
state = "current"
scopes = ["admin"]
[site.key.request]
keyid = "{id}-admin-1"
secret = "{admin}"
[site.key.response]
keyid = "{id}-response-1"

"#,
            id = site.id,
            label = site.label,
            origin = self.origin,
            public_url = self.public_url,
            bounds = self.bounds,
            request = site.request,
            response = site.response,
            admin = site.admin,
        )?;
        for (name, label, mode, kinds) in [
            ("digid", "DigiD", "rp", r#"["burger", "onderneming"]"#),
            ("eherkenning", "eHerkenning", "rp", r#"["onderneming"]"#),
            (
                "portaal",
                "Portaal",
                "exchange",
                r#"["burger", "onderneming"]"#,
            ),
        ] {
            write!(
                toml,
                "[[site.idp]]\nname = \"{name}\"\nlabel = \"{label}\"\nmode = \"{mode}\"\nkinds = {kinds}\nissuer = \"{issuer}\"\nclient_id = \"{client}\"\nauth_method = \"none\"\nclaim_map = \"demo\"\nmin_loa = \"low\"\n\n",
                issuer = self.issuer,
                client = sandbox::CLIENT_ID,
            )?;
        }
        toml.push_str(&site.sources);
        Ok(())
    }
}
