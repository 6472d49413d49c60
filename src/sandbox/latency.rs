//! How long the sandbox takes: nothing, or what a real Open Zaak was recorded to take per kind of call,
//! plus a network round trip. `POST /sandbox/latency` and `zijspan demo --latency` set it; clearing faults
//! does not.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::http::{Reply, Request};
use super::zgw::{Collection as C, Endpoint, Form};

/// What the sandbox adds to every answer of an upstream.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Latency {
    /// The medians of Open Zaak 1.30 on loopback, with one client.
    pub recorded: bool,
    /// One network round trip. A call costs one; the first call on a connection one more.
    pub rtt: Duration,
}

impl std::str::FromStr for Latency {
    type Err = String;

    /// `none`, `recorded`, or either with `:` and the round trip in milliseconds.
    fn from_str(text: &str) -> Result<Self, String> {
        let (profile, rtt) = text.split_once(':').unwrap_or((text, "0"));
        let rtt = rtt
            .parse::<u64>()
            .ok()
            .filter(|rtt| *rtt <= MAX_RTT)
            .ok_or_else(|| format!("the round trip is a number of milliseconds up to {MAX_RTT}"))?;
        Ok(Self {
            recorded: is_recorded(profile)?,
            rtt: Duration::from_millis(rtt),
        })
    }
}

const MAX_RTT: u64 = 10_000;

fn is_recorded(profile: &str) -> Result<bool, String> {
    match profile {
        "recorded" => Ok(true),
        "none" => Ok(false),
        other => Err(format!("unknown profile {other}")),
    }
}

/// The latency that is set now.
#[derive(Debug)]
pub struct Latencies(Mutex<Latency>);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Posted {
    profile: String,
    #[serde(default)]
    rtt_ms: u64,
}

impl Latencies {
    pub const fn new(latency: Latency) -> Self {
        Self(Mutex::new(latency))
    }

    fn lock(&self) -> MutexGuard<'_, Latency> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets what the posted body says; the error says what is wrong with it.
    pub fn set(&self, body: &[u8]) -> Result<(), String> {
        let posted: Posted = serde_json::from_slice(body).map_err(|error| error.to_string())?;
        if posted.rtt_ms > MAX_RTT {
            return Err(format!("rtt_ms is at most {MAX_RTT}"));
        }
        *self.lock() = Latency {
            recorded: is_recorded(&posted.profile)?,
            rtt: Duration::from_millis(posted.rtt_ms),
        };
        Ok(())
    }

    /// How long the network takes for a call.
    pub fn network(&self, request: &Request) -> Duration {
        let rtt = self.lock().rtt;
        if request.opens_connection {
            rtt * 2
        } else {
            rtt
        }
    }

    /// How long the server takes for this answer.
    pub fn server(&self, path: &str, request: &Request, reply: &Reply) -> Duration {
        if !self.lock().recorded {
            return Duration::ZERO;
        }
        Duration::from_micros(
            Endpoint::of(path).map_or(UNKNOWN_PATH, |endpoint| recorded(endpoint, request, reply)),
        )
    }
}

/// Microseconds.
const MS: u64 = 1000;
/// The page that says that a path does not exist.
const UNKNOWN_PATH: u64 = 5 * MS;

/// Medians over 30 runs with a kept connection. What was recorded once only, or not at all, says so.
fn recorded(endpoint: Endpoint<'_>, request: &Request, reply: &Reply) -> u64 {
    if reply.status == http::StatusCode::NOT_MODIFIED {
        return match endpoint.collection {
            C::Zaaktypen => 6 * MS,
            _ => 11 * MS,
        };
    }
    let expand = expands(request);
    match (endpoint.collection, endpoint.form) {
        // A list of 20 takes 47 and one of 50 takes 68: 33 and 0.7 a zaak; `_zoek` takes one less.
        (C::Zaken, Form::List) => 33 * MS + rows(reply) * (700 + per_zaak(&expand)),
        (C::Zaken, Form::Zoek) => 32 * MS + rows(reply) * (700 + per_zaak(&expand)),
        (C::Zaken, Form::Zaakeigenschappen(_)) => 26 * MS, // once
        (C::Zaken, Form::Zaakbesluiten(_)) => 20 * MS,     // as the Besluiten API
        // With eight expands it takes 133.
        (C::Zaken, _) => 47 * MS + expand.len() as u64 * 10_750,
        (C::Statussen | C::Substatussen, Form::List) => 22 * MS, // substatussen: as statussen
        (C::Statussen | C::Substatussen, _) => 30 * MS,
        (C::Rollen, Form::List) if asks(request, "betrokkeneIdentificatie__") => {
            // Of one zaak and person 31; all 50 of a person between 100 and 130.
            if asks(request, "zaak=") {
                31 * MS
            } else {
                115 * MS
            }
        }
        (C::Rollen, Form::List) => 25 * MS,
        (C::Rollen, _) => 38 * MS,     // once
        (C::Resultaten, _) => 25 * MS, // once
        (C::Zaakinformatieobjecten | C::Zaakobjecten, Form::List) => 24 * MS,
        (C::Zaakinformatieobjecten | C::Zaakobjecten, _) => 29 * MS, // once
        (C::Documenten, Form::Download(_)) => 13 * MS,
        (C::Documenten, _) => 17 * MS, // the search once: 15 for three documents
        (C::Objectinformatieobjecten, _) => 21 * MS, // once
        (C::Besluiten, Form::List) => 20 * MS,
        (C::Besluiten | C::Besluitinformatieobjecten, _) => 14 * MS, // once
        (C::Zaaktypen, Form::List) => 29 * MS,                       // once, of five
        (C::Zaaktypen, _) => 34 * MS,
        (C::Statustypen, _) => 21 * MS,
        // The rest of the catalogue once each, or by its likeness to a neighbour.
        (C::Resultaattypen, Form::List) => 21 * MS,
        (C::Resultaattypen | C::Besluittypen, _) => 20 * MS,
        (C::Catalogussen, _) => 26 * MS,
        (C::ZaaktypeInformatieobjecttypen, _) => 19 * MS,
        (C::Informatieobjecttypen | C::Eigenschappen | C::Roltypen, _) => 16 * MS,
    }
}

/// Microseconds that expanding adds for each zaak of a list, from the medians for 20: with status 157,
/// with its statustype 373, with rollen 337, with zaaktype 618.
fn per_zaak(expand: &[String]) -> u64 {
    expand
        .iter()
        .map(|path| match path.as_str() {
            "status.statustype" => 10_800,
            "rollen" => 14_500,
            "zaaktype" => 28_550,
            _ => 5_500,
        })
        .sum()
}

fn asks(request: &Request, what: &str) -> bool {
    request
        .query
        .split('&')
        .any(|field| field.starts_with(what))
}

/// The paths that are asked to come along, in the query or in the body of a search.
fn expands(request: &Request) -> Vec<String> {
    let in_query = request
        .params()
        .into_iter()
        .filter(|(name, _)| name == "expand")
        .flat_map(|(_, value)| value.split(',').map(str::to_owned).collect::<Vec<_>>());
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let in_body = body
        .get("expand")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned);
    in_query
        .chain(in_body)
        .filter(|path| !path.is_empty())
        .collect()
}

/// How many objects a list answers with.
fn rows(reply: &Reply) -> u64 {
    #[derive(Deserialize)]
    struct List {
        results: Vec<IgnoredAny>,
    }
    serde_json::from_slice::<List>(&reply.body).map_or(0, |list| list.results.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(query: &str, body: &str) -> Request {
        Request {
            method: http::Method::GET,
            path: String::new(),
            query: query.to_owned(),
            headers: http::HeaderMap::new(),
            body: body.to_owned().into(),
            opens_connection: false,
        }
    }

    fn takes(path: &str, query: &str, body: &str, rows: usize) -> u64 {
        let reply = Reply::json(
            http::StatusCode::OK,
            &serde_json::json!({"results": vec![1; rows]}),
        );
        let latencies = Latencies::new("recorded".parse().unwrap());
        let time = latencies.server(path, &request(query, body), &reply);
        u64::try_from(time.as_millis()).unwrap()
    }

    #[test]
    fn a_profile_is_a_word_and_perhaps_a_round_trip() {
        let parse = |text: &str| text.parse::<Latency>();
        assert_eq!(parse("none"), Ok(Latency::default()));
        let recorded = parse("recorded:20").unwrap();
        assert!(recorded.recorded);
        assert_eq!(recorded.rtt, Duration::from_millis(20));
        for wrong in ["", "slow", "recorded:", "recorded:x", "recorded:10001"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_was_recorded_is_what_it_takes() {
        let zaken = "/zaken/api/v1/zaken";
        assert_eq!(takes(zaken, "pageSize=20", "", 20), 47);
        assert_eq!(takes(zaken, "pageSize=50", "", 50), 68);
        assert_eq!(takes(zaken, "expand=status", "", 20), 157);
        assert_eq!(takes(zaken, "expand=status,status.statustype", "", 20), 373);
        assert_eq!(takes(zaken, "expand=rollen", "", 20), 337);
        assert_eq!(takes(zaken, "expand=zaaktype", "", 20), 618);
        let zoek = "/zaken/api/v1/zaken/_zoek";
        assert_eq!(takes(zoek, "", "{}", 20), 46);
        assert_eq!(takes(zoek, "", r#"{"expand": ["status"]}"#, 20), 156);
        let id = uuid::Uuid::nil();
        assert_eq!(takes(&format!("{zaken}/{id}"), "", "", 0), 47);
        let eight = "expand=a,b,c,d,e,f,g,h";
        assert_eq!(takes(&format!("{zaken}/{id}"), eight, "", 0), 133);
        let rollen = "/zaken/api/v1/rollen";
        assert_eq!(takes(rollen, "zaak=x", "", 5), 25);
        let bsn = "betrokkeneIdentificatie__natuurlijkPersoon__inpBsn=1";
        assert_eq!(takes(rollen, &format!("zaak=x&{bsn}"), "", 5), 31);
        assert_eq!(takes(rollen, bsn, "", 50), 115);
        let download = format!("/documenten/api/v1/enkelvoudiginformatieobjecten/{id}/download");
        assert_eq!(takes(&download, "", "", 0), 13);
    }

    #[test]
    fn the_first_call_on_a_connection_costs_a_round_trip_more() {
        let latencies = Latencies::new("none:20".parse().unwrap());
        let mut request = request("", "");
        assert_eq!(latencies.network(&request), Duration::from_millis(20));
        request.opens_connection = true;
        assert_eq!(latencies.network(&request), Duration::from_millis(40));
    }

    #[test]
    fn what_is_posted_is_checked() {
        let latencies = Latencies::new(Latency::default());
        assert!(
            latencies
                .set(br#"{"profile": "recorded", "rtt_ms": 20}"#)
                .is_ok()
        );
        assert!(latencies.lock().recorded);
        for wrong in [
            "",
            "{}",
            r#"{"profile": "x"}"#,
            r#"{"profile": "none", "rtt": 1}"#,
        ] {
            assert!(latencies.set(wrong.as_bytes()).is_err(), "{wrong}");
        }
        assert!(latencies.lock().recorded, "a refused body changes nothing");
    }
}
