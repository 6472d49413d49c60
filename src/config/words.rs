//! Small readers that every section uses: a text that must be there, a word out of a list, a length
//! of time, a day.

use std::time::Duration;

use url::Url;

use super::report::{At, Report};
use super::secret::Text;
use crate::domain::{BaseUrl, Timestamp, dutch_time};

/// What was filled in: absent and empty are the same.
pub(super) fn filled(text: Option<&Text>) -> Option<String> {
    crate::domain::non_empty(text.map(|text| text.0.as_str())).map(str::to_owned)
}

pub(super) fn required(
    report: &mut Report,
    at: &At,
    key: &str,
    text: Option<&Text>,
) -> Option<String> {
    let text = filled(text);
    if text.is_none() {
        report.refuse(&at.key(key), "is not set; fill it in");
    }
    text
}

/// One of the words that the list has.
pub(super) fn choice<T: Copy>(
    report: &mut Report,
    at: &At,
    word: &str,
    words: &[(&str, T)],
) -> Option<T> {
    let found = words.iter().find(|(known, _)| *known == word);
    if found.is_none() {
        let known: Vec<_> = words
            .iter()
            .map(|(word, _)| format!("\"{word}\""))
            .collect();
        report.refuse(at, format!("must be {}", known.join(" or ")));
    }
    found.map(|(_, value)| *value)
}

/// A whole number within bounds; out of bounds it is refused and the nearest bound is taken.
pub(super) fn within(report: &mut Report, at: &At, value: u64, low: u64, high: u64) -> u64 {
    if !(low..=high).contains(&value) {
        report.refuse(at, format!("is {value}; take {low} to {high}"));
    }
    value.clamp(low, high)
}

pub(super) fn count(report: &mut Report, at: &At, value: u64, low: u64, high: u64) -> usize {
    usize::try_from(within(report, at, value, low, high)).unwrap_or(usize::MAX)
}

pub(super) fn minutes(report: &mut Report, at: &At, value: u64, low: u64, high: u64) -> Duration {
    Duration::from_secs(within(report, at, value, low, high) * 60)
}

pub(super) fn millis(report: &mut Report, at: &At, value: u64, low: u64, high: u64) -> Duration {
    Duration::from_millis(within(report, at, value, low, high))
}

/// An address that is called or that browsers come to.
pub(super) fn base_url(report: &mut Report, at: &At, text: &str) -> Option<BaseUrl> {
    match BaseUrl::parse(text) {
        Ok(url) => Some(url),
        Err(error) => {
            report.refuse(at, error.to_string());
            None
        }
    }
}

/// An origin (scheme, host, port) as a browser writes it, without a path.
pub(super) fn origin(report: &mut Report, at: &At, text: &str) -> Option<String> {
    let url = base_url(report, at, text)?;
    if url.as_url().path().trim_matches('/').is_empty() {
        Some(url.as_url().origin().ascii_serialization())
    } else {
        report.refuse(at, "has a path; write only scheme, host and port");
        None
    }
}

/// A day (`2026-11-24`, from midnight in the Netherlands) or a moment (RFC 3339).
pub(super) fn moment(report: &mut Report, at: &At, text: Option<&Text>) -> Option<Timestamp> {
    let text = filled(text)?;
    let day = || {
        let day = text.parse::<jiff::civil::Date>().ok()?;
        dutch_time().to_timestamp(day.at(0, 0, 0, 0)).ok()
    };
    let found = text.parse::<jiff::Timestamp>().ok().or_else(day);
    if found.is_none() {
        report.refuse(
            at,
            "is neither a day (2026-11-24) nor a moment (2026-11-24T08:00:00Z)",
        );
    }
    found.map(|moment| Timestamp::from_millis(moment.as_millisecond()))
}

// How values print in `config check`.

pub(super) fn show_moment<S: serde::Serializer>(
    moment: &Option<Timestamp>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let text = moment.and_then(|at| jiff::Timestamp::from_millisecond(at.as_millis()).ok());
    match text {
        Some(text) => serializer.collect_str(&text),
        None => serializer.serialize_none(),
    }
}

pub(super) fn show_millis<S: serde::Serializer>(
    time: &Duration,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_u128(time.as_millis())
}

pub(super) fn show_minutes<S: serde::Serializer>(
    time: &Duration,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(time.as_secs() / 60)
}

pub(super) fn show_url<S: serde::Serializer>(url: &Url, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(url.as_str())
}

pub(super) fn show_text<T: std::fmt::Display, S: serde::Serializer>(
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}
