//! The client of a source against servers that do what they are told, over real sockets.

mod breaker;
mod figures;
mod places;
mod retries;
mod server;
mod tls;

use std::time::Duration;

use serde_json::Value;
use zijspan::domain::{Clock, SourceName, Timestamp};
use zijspan::lifecycle::Tasks;
use zijspan::upstream::http::{
    BaseUrl, BreakerSettings, Call, Client, ClientSettings, ErrorKind, Host, UpstreamError,
};

const MS: Duration = Duration::from_millis(1);

/// 2026-11-24T08:00:00Z.
const NOW: Timestamp = Timestamp::from_secs(1_795_507_200);

/// Patient enough for a busy machine, and with a breaker that stays out of the way.
fn settings() -> ClientSettings {
    ClientSettings {
        connect_timeout: 500 * MS,
        timeout: 5000 * MS,
        deadline: 8000 * MS,
        breaker: BreakerSettings {
            faults: 1000,
            ..BreakerSettings::default()
        },
        host: Host {
            site: None,
            component: "zaken",
            clock: Clock::manual(NOW),
            tasks: Tasks::new(),
        },
        ..ClientSettings::default()
    }
}

fn client(base: &str, settings: ClientSettings) -> Client {
    Client::new(
        SourceName::parse("zgw").unwrap(),
        BaseUrl::parse(base).unwrap(),
        settings,
    )
    .unwrap()
}

async fn ask(client: &Client) -> Result<Value, UpstreamError> {
    client.json::<Value>(Call::get("test.get", "/zaken")).await
}

async fn kind(client: &Client) -> ErrorKind {
    ask(client).await.unwrap_err().kind
}
