//! The sandbox's zaaksysteem asked directly, as the plugin that is in use asks it: one call after another,
//! each over a new connection, each with a new token.

use std::net::SocketAddr;

use anyhow::{Context as _, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use zijspan::config::{self, Auth, Purpose, SourceKind};
use zijspan::domain::Clock;

use super::demo::Demo;
use super::wire::{Conn, Reply, plain_request};

const BSN: &str = "rol__betrokkeneIdentificatie__natuurlijkPersoon__inpBsn";

#[derive(Debug)]
pub struct Zaaksysteem {
    pub at: SocketAddr,
    client_id: String,
    secret: Vec<u8>,
}

/// What the plugin's page of one zaak came to.
#[derive(Debug, Default)]
pub struct PluginPage {
    pub calls: usize,
    pub documents: usize,
}

impl Zaaksysteem {
    /// With the credentials of the demo's first source.
    pub fn of(demo: &Demo) -> anyhow::Result<Self> {
        let now = Clock::system().now();
        let (config, _) = config::check(&demo.config(), &[], Some(Purpose::Demo), now)
            .map_err(|errors| anyhow::anyhow!("{errors}"))?;
        let source = config.sites.first().and_then(|site| site.sources.first());
        let SourceKind::Zgw(zgw) = &source.context("no source")?.kind else {
            anyhow::bail!("not a zaaksysteem");
        };
        let Auth::ZgwJwt { client_id, secret } = &zgw.zaken.auth else {
            anyhow::bail!("not a token of our own making");
        };
        Ok(Self {
            at: demo.upstreams,
            client_id: client_id.clone(),
            secret: secret.bytes().expose().to_vec(),
        })
    }

    pub fn bearer(&self) -> anyhow::Result<String> {
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let id = &self.client_id;
        let claims = json!({
            "iss": id, "iat": Clock::system().now().as_secs(), "client_id": id, "user_id": id,
            "user_representation": id,
        });
        let text = format!(
            "{}.{}",
            part(json!({"typ": "JWT", "alg": "HS256"})),
            part(claims)
        );
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.secret)?;
        mac.update(text.as_bytes());
        let mac = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
        Ok(format!("Bearer {text}.{mac}"))
    }

    /// The bytes of a request.
    pub fn request(&self, path: &str, accept: &str) -> anyhow::Result<Vec<u8>> {
        let bearer = self.bearer()?;
        let headers = [
            ("authorization", bearer.as_str()),
            ("accept", accept),
            ("accept-crs", "EPSG:4326"),
            ("content-crs", "EPSG:4326"),
        ];
        Ok(plain_request(self.at, "GET", path, &headers, None))
    }

    /// One call over a connection of its own.
    async fn get(&self, path: &str) -> anyhow::Result<Value> {
        let request = self.request(path, "application/json")?;
        let mut conn = Conn::open(self.at).await?;
        let reply: Reply = conn.call(&request).await?;
        reply
            .json()
            .with_context(|| path.split('?').next().unwrap_or_default().to_owned())
    }

    /// A person's latest zaak.
    pub async fn latest(&self, bsn: &str) -> anyhow::Result<Value> {
        let list = self
            .get(&format!(
                "/zaken/api/v1/zaken?{BSN}={bsn}&ordering=-startdatum&pageSize=1"
            ))
            .await?;
        Ok(list["results"][0].clone())
    }

    /// Where a document of this length in a person's latest zaak has its bytes.
    pub async fn document_of_length(&self, bsn: &str, length: u64) -> anyhow::Result<String> {
        let zaak = self.latest(bsn).await?;
        let url = zaak["url"].as_str().context("no zaak")?;
        let links = self
            .get(&format!(
                "/zaken/api/v1/zaakinformatieobjecten?{}",
                query("zaak", url)
            ))
            .await?;
        for link in links.as_array().into_iter().flatten() {
            let document = self.get(&path(&link["informatieobject"])?).await?;
            if document["bestandsomvang"].as_u64() == Some(length) {
                return path(&document["inhoud"]);
            }
        }
        anyhow::bail!("the zaak has no such document")
    }

    /// The page of one zaak as the plugin makes it.
    pub async fn plugin_page(&self, zaaknummer: &str, bsn: &str) -> anyhow::Result<PluginPage> {
        let mut page = PluginPage::default();
        let zaken = "/zaken/api/v1";
        let list = self
            .get(&format!(
                "{zaken}/zaken?identificatie={zaaknummer}&{BSN}={bsn}"
            ))
            .await?;
        page.calls += 1;
        let zaak = &list["results"][0];
        let url = zaak["url"].as_str().context("no such zaak")?;
        let links = self
            .get(&format!(
                "{zaken}/zaakinformatieobjecten?{}",
                query("zaak", url)
            ))
            .await?;
        page.calls += 1;
        for link in links.as_array().into_iter().flatten() {
            self.get(&path(&link["informatieobject"])?).await?;
            page.calls += 1;
            page.documents += 1;
        }
        let zaaktype = self.get(&path(&zaak["zaaktype"])?).await?;
        page.calls += 1;
        for statustype in zaaktype["statustypen"].as_array().into_iter().flatten() {
            self.get(&path(statustype)?).await?;
            page.calls += 1;
        }
        let status = self.get(&path(&zaak["status"])?).await?;
        self.get(&path(&status["statustype"])?).await?;
        let statussen = self
            .get(&format!("{zaken}/statussen?{}", query("zaak", url)))
            .await?;
        page.calls += 3;
        ensure!(statussen["count"].as_u64() > Some(0), "no statussen");
        Ok(page)
    }
}

/// The path and query of an address that the sandbox wrote.
fn path(url: &Value) -> anyhow::Result<String> {
    let url = url.as_str().context("an address is missing")?;
    let below = ["/zaken/", "/catalogi/", "/documenten/"];
    let at = below
        .iter()
        .find_map(|api| url.find(api))
        .context("an unknown address")?;
    Ok(url.get(at..).unwrap_or_default().to_owned())
}

fn query(name: &str, value: &str) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .append_pair(name, value)
        .finish()
}
