//! What can be made to go wrong, per upstream: the vocabulary of `POST /sandbox/faults`.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;

use super::http::Request;
use super::zgw::Quirks;

/// Every upstream that a fault can name. `zgw` stands for the first four, `*` for all. Where there are
/// several sources, each further one has its own name.
pub const UPSTREAMS: [&str; 15] = [
    "zaken",
    "catalogi",
    "documenten",
    "besluiten",
    "brp",
    "kvk",
    "klantinteracties",
    "objecten",
    "vtb",
    "woz",
    "geo",
    "notificaties",
    "notifynl",
    "clamav",
    "payment",
];

const ZGW: [&str; 4] = ["zaken", "catalogi", "documenten", "besluiten"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// No fault; with `latency_ms` only slow.
    None,
    /// A status with the body of an Open Zaak error; 500 unless said otherwise.
    Status,
    /// Never an answer.
    Hang,
    /// A reset without an answer.
    Refuse,
    /// A reset halfway through the body.
    Reset,
    /// The right answer, a byte at a time.
    Drip,
    /// An orderly end before the promised length.
    Truncate,
    /// 200 and `application/json` with bytes that are not JSON.
    Garbage,
    /// 200 with a web page.
    Html,
    /// The right body under the wrong media type.
    ContentType,
    /// A body without an end in sight.
    Huge,
    /// Lists whose `next` never ends.
    ManyPages,
    /// A redirect to another origin.
    Redirect,
    /// 503 (or the status given) with `Retry-After`.
    RetryAfter,
    /// Filters on person, parent and uuid are ignored: everybody's objects.
    IgnoreFilter,
}

/// Every mode by its name.
const MODES: [(&str, Mode); 15] = [
    ("none", Mode::None),
    ("status", Mode::Status),
    ("hang", Mode::Hang),
    ("refuse", Mode::Refuse),
    ("reset", Mode::Reset),
    ("drip", Mode::Drip),
    ("truncate", Mode::Truncate),
    ("garbage", Mode::Garbage),
    ("html", Mode::Html),
    ("content_type", Mode::ContentType),
    ("huge", Mode::Huge),
    ("many_pages", Mode::ManyPages),
    ("redirect", Mode::Redirect),
    ("retry_after", Mode::RetryAfter),
    ("ignore_filter", Mode::IgnoreFilter),
];

/// The names of the modes, for a test that wants to try them all.
pub fn mode_names() -> impl Iterator<Item = &'static str> {
    MODES.into_iter().map(|(name, _)| name)
}

impl Mode {
    fn parse(word: &str) -> Option<Self> {
        MODES
            .into_iter()
            .find_map(|(name, mode)| (name == word).then_some(mode))
    }
}

#[derive(Debug, Clone)]
pub struct Fault {
    pub mode: Mode,
    pub status: Option<u16>,
    pub latency: Duration,
    /// Only requests with this method.
    method: Option<String>,
    /// Only requests whose path contains this; a `$` at the end asks that the path ends there.
    path: Option<String>,
    /// Only requests whose query contains this.
    query: Option<String>,
}

impl Fault {
    /// What it changes about the content of the answer.
    pub fn quirks(&self) -> Quirks {
        Quirks {
            ignore_filter: self.mode == Mode::IgnoreFilter,
            many_pages: self.mode == Mode::ManyPages,
            ..Quirks::default()
        }
    }

    fn concerns(&self, request: &Request) -> bool {
        let method = self
            .method
            .as_deref()
            .is_none_or(|method| method.eq_ignore_ascii_case(request.method.as_str()));
        let path = self
            .path
            .as_deref()
            .is_none_or(|wanted| match wanted.strip_suffix('$') {
                Some(end) => request.path.ends_with(end),
                None => request.path.contains(wanted),
            });
        let query = self
            .query
            .as_deref()
            .is_none_or(|wanted| request.query.contains(wanted));
        method && path && query
    }
}

/// The faults that are set now.
#[derive(Debug)]
pub struct Faults {
    /// Sources beyond the first, each one upstream with all its APIs.
    others: Vec<&'static str>,
    set: Mutex<BTreeMap<&'static str, Fault>>,
}

impl Faults {
    pub fn new(others: impl IntoIterator<Item = &'static str>) -> Self {
        Self {
            others: others.into_iter().collect(),
            set: Mutex::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<&'static str, Fault>> {
        self.set.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn clear(&self) {
        self.lock().clear();
    }

    /// The fault that applies to this request, if any.
    pub fn find(&self, upstream: &str, request: &Request) -> Option<Fault> {
        self.lock()
            .get(upstream)
            .filter(|fault| fault.concerns(request))
            .cloned()
    }

    /// Sets what the posted body says; the error says what is wrong with it.
    pub fn set(&self, body: &[u8]) -> Result<(), String> {
        let body: Value = serde_json::from_slice(body)
            .map_err(|error| format!("the body is not JSON: {error}"))?;
        let text = |key: &str| match body.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(format!("{key} must be text")),
        };
        let number = |key: &str| match body.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => value
                .as_u64()
                .map(Some)
                .ok_or_else(|| format!("{key} must be a whole number")),
        };
        let upstream = text("upstream")?.ok_or("upstream is missing")?;
        let word = text("mode")?.unwrap_or_else(|| "none".to_owned());
        let mode = Mode::parse(&word).ok_or_else(|| format!("unknown mode {word}"))?;
        let status = match number("status")? {
            None => None,
            Some(status) => Some(
                u16::try_from(status)
                    .ok()
                    .filter(|status| (200..=599).contains(status))
                    .ok_or("status must be between 200 and 599")?,
            ),
        };
        let fault = Fault {
            mode,
            status,
            latency: Duration::from_millis(number("latency_ms")?.unwrap_or(0)),
            method: text("method")?,
            path: text("path")?,
            query: text("query")?,
        };
        let all = || UPSTREAMS.into_iter().chain(self.others.iter().copied());
        let names: Vec<&'static str> = match upstream.as_str() {
            "*" => all().collect(),
            "zgw" => ZGW.to_vec(),
            name => all().filter(|known| *known == name).collect(),
        };
        if names.is_empty() {
            return Err(format!("unknown upstream {upstream}"));
        }
        let mut faults = self.lock();
        for name in names {
            faults.insert(name, fault.clone());
        }
        Ok(())
    }
}
