//! Simulated upstreams and identity provider for demo and tests, with data of our own.
//!
//! It behaves as the recordings of real servers do and shares no model with the clients: a fake that is
//! built from the client's own types hides the client's errors. Absent from release packages.

mod bronnen;
mod calls;
mod data;
mod faults;
mod files;
mod http;
mod idp;
mod large;
mod latency;
mod toonregels;
mod upstreams;
mod zgw;

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;

pub use bronnen::{Bron, MAX_SITES, MAX_SOURCES};
pub use data::{Person, PersonNumber};
pub use faults::{UPSTREAMS, mode_names};
pub use idp::OidcClient;
pub use large::Large;
pub use latency::Latency;
pub use toonregels::toonregels;
pub use zgw::ApiClient;

use crate::domain::{Clock, SecretBytes, today_in_nl};
use crate::lifecycle::Tasks;

/// The client id of the demo site, towards the provider and the ZGW APIs alike.
pub const CLIENT_ID: &str = "zijspan-demo";

#[derive(Debug, Clone)]
pub struct SandboxOptions {
    /// 0 takes a free port.
    pub upstreams_port: u16,
    /// 0 takes a free port.
    pub idp_port: u16,
    pub clock: Clock,
    /// Zaken of the first person.
    pub zaken: usize,
    /// Generated persons beyond the fixed ones.
    pub extra_persons: usize,
    /// Sites that have zaaksystemen here, at most [`MAX_SITES`].
    pub sites: usize,
    /// Zaaksystemen of each site, at most [`MAX_SOURCES`], each with other zaken of the same people.
    pub sources: usize,
    /// How long answers take.
    pub latency: Latency,
    /// One more document of the first person's latest zaak, in every zaaksysteem.
    pub large: Option<Large>,
    /// Whose tokens the first zaaksysteem accepts. When empty, one client with a random secret is made.
    pub api_clients: Vec<ApiClient>,
    pub oidc_client: OidcClient,
    /// The address that answers write in place of the listener's own, as behind a gateway.
    pub advertised: Option<String>,
    /// When given, the provider signs these numbers and no other, and lists them as its persons.
    pub signable: Option<Vec<String>>,
}

impl SandboxOptions {
    /// Free ports, 25 zaken, no more persons, new secrets, a public OIDC client without addresses.
    pub fn new(clock: Clock) -> Self {
        Self {
            upstreams_port: 0,
            idp_port: 0,
            clock,
            zaken: 25,
            extra_persons: 0,
            sites: 1,
            sources: 1,
            latency: Latency::default(),
            large: None,
            api_clients: Vec::new(),
            oidc_client: OidcClient {
                client_id: CLIENT_ID.to_owned(),
                client_secret: None,
                redirect_prefixes: Vec::new(),
            },
            advertised: None,
            signable: None,
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    #[error("the sandbox cannot listen on 127.0.0.1:{port}")]
    Listen {
        port: u16,
        #[source]
        source: io::Error,
    },
    #[error("the sandbox provider could not make its signing key")]
    Key,
}

/// A sandbox that is running. Dropping it stops nothing; [`Sandbox::stop`] does.
#[derive(Debug)]
pub struct Sandbox {
    upstreams: String,
    idp_base: String,
    persons: Vec<Person>,
    api_clients: Vec<ApiClient>,
    bronnen: Vec<Bron>,
    client_id: String,
    idp: Arc<idp::Idp>,
    tasks: Tasks,
}

impl Sandbox {
    /// Address of the upstreams, without a path or trailing slash.
    pub fn upstreams_url(&self) -> &str {
        &self.upstreams
    }

    /// Address of the identity provider, which is its issuer too.
    pub fn idp_url(&self) -> &str {
        &self.idp_base
    }

    /// The test persons in the order of the design, generated ones last.
    pub fn persons(&self) -> &[Person] {
        &self.persons
    }

    /// The zaaksystemen, those of the first site first.
    pub fn bronnen(&self) -> &[Bron] {
        &self.bronnen
    }

    /// The credentials that the first zaaksysteem accepts; never empty.
    pub fn api_clients(&self) -> &[ApiClient] {
        &self.api_clients
    }

    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// Registers one more address (or its beginning) to which the browser may be sent back after login
    /// and logout: the relying party often knows its own port only later.
    pub fn allow_redirect(&self, prefix: impl Into<String>) {
        self.idp.allow_redirect(prefix.into());
    }

    /// Ends both listeners and their connections.
    pub async fn stop(&self) {
        self.tasks.stop();
        self.tasks.wait(Duration::from_secs(2)).await;
    }
}

/// Starts the upstreams and the provider on 127.0.0.1.
pub async fn start(options: SandboxOptions) -> Result<Sandbox, SandboxError> {
    let (upstreams_listener, upstreams_port) = listen(options.upstreams_port).await?;
    let (idp_listener, idp_port) = listen(options.idp_port).await?;
    let upstreams = format!("http://127.0.0.1:{upstreams_port}");
    let idp_base = format!("http://127.0.0.1:{idp_port}");

    let mut api_clients = options.api_clients;
    if api_clients.is_empty() {
        api_clients.push(new_client());
    }
    let today = today_in_nl(options.clock.now());
    let plan = |source| data::Plan {
        zaken: options.zaken,
        extra_persons: options.extra_persons,
        source,
        large: options.large,
    };
    let (world, persons) = data::make(today, &plan(0));
    let advertised = options.advertised.unwrap_or_else(|| upstreams.clone());
    let mut bronnen = Vec::new();
    let mut others = Vec::new();
    for (n, (site, name, upstream)) in bronnen::names(options.sites, options.sources).enumerate() {
        let first = n == 0;
        let path = if first {
            String::new()
        } else {
            format!("/{upstream}")
        };
        let client = match api_clients.first() {
            Some(client) if first => client.clone(),
            _ => new_client(),
        };
        if !first {
            others.push(bronnen::Served {
                upstream,
                zgw: zgw::Zgw {
                    world: data::make(today, &plan(n)).0,
                    base: format!("{advertised}{path}"),
                    clients: vec![client.clone()],
                    clock: options.clock.clone(),
                },
            });
        }
        bronnen.push(Bron {
            site,
            name,
            upstream,
            url: format!("{upstreams}{path}"),
            client,
        });
    }
    let persons = match &options.signable {
        Some(listed) => listed.iter().map(|number| listed_person(number)).collect(),
        None => persons,
    };

    let client_id = options.oidc_client.client_id.clone();
    let idp = idp::Idp::new(
        idp_base.clone(),
        options.clock.clone(),
        options.oidc_client,
        persons.clone(),
        options.signable,
    )
    .map_err(|_| SandboxError::Key)?;
    let idp = Arc::new(idp);
    let first = zgw::Zgw {
        world,
        base: advertised,
        clients: api_clients.clone(),
        clock: options.clock,
    };
    let served = bronnen::Bronnen::new(first, others);
    let upstreams_handler = Arc::new(upstreams::Upstreams {
        calls: calls::CallLog::new(),
        faults: faults::Faults::new(served.others()),
        latencies: latency::Latencies::new(options.latency),
        bronnen: served,
        played: zgw::Played::default(),
        port: upstreams_port,
    });

    let tasks = Tasks::new();
    http::serve(upstreams_listener, upstreams_handler, &tasks);
    http::serve(idp_listener, Arc::clone(&idp), &tasks);
    Ok(Sandbox {
        upstreams,
        idp_base,
        persons,
        api_clients,
        bronnen,
        client_id,
        idp,
        tasks,
    })
}

fn new_client() -> ApiClient {
    ApiClient {
        client_id: CLIENT_ID.to_owned(),
        secret: SecretBytes::new(idp::random_text().into_bytes()),
    }
}

async fn listen(port: u16) -> Result<(TcpListener, u16), SandboxError> {
    let failed = |source| SandboxError::Listen { port, source };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(failed)?;
    let taken = listener.local_addr().map_err(failed)?.port();
    Ok((listener, taken))
}

/// Somebody of a real test environment, known by number only.
fn listed_person(number: &str) -> Person {
    let number = number.to_owned();
    let number = if number.len() == 8 {
        PersonNumber::Kvk(number)
    } else {
        PersonNumber::Bsn(number)
    };
    Person {
        name: format!("Testpersoon {}", number.as_str()),
        about: "uit de eigen testgegevens".to_owned(),
        number,
        vestigingen: Vec::new(),
    }
}
