//! `[site.idp.claims]`: which claim of a token holds what.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

use super::report::{At, Report};
use super::words::choice;

/// Which claim holds what.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimMap {
    /// One that is built in: `signicat`, `maykin`, `nlgov`, `keycloak`, `demo`.
    Preset(String),
    /// From `[site.idp.claims]`, in the form that `identity::FlatMap` reads: for each fact the places
    /// where it may be, each place a list of names from the outside in.
    Custom(Map<String, Value>),
}

const PRESETS: [(&str, &str); 5] = [
    ("signicat", "signicat"),
    ("maykin", "maykin"),
    ("nlgov", "nlgov"),
    ("keycloak", "keycloak"),
    ("demo", "demo"),
];

/// The facts that a custom map can place.
const FACTS: [&str; 15] = [
    "bsn",
    "kvk",
    "rsin",
    "vestiging",
    "ward_bsn",
    "acting_bsn",
    "acting_kvk",
    "employee",
    "service",
    "eidas_pseudonym",
    "eidas_bsn",
    "sector",
    "name",
    "given_name",
    "family_name",
];

pub(super) const CLAIM_FORM: &str =
    "must be the name of a claim, or a list of names for a claim inside others";

/// The map that `claim_map` and `[site.idp.claims]` describe.
pub(super) fn read(
    word: &str,
    claims: &BTreeMap<String, Value>,
    at: &At,
    report: &mut Report,
) -> Option<ClaimMap> {
    let place = at.key("claims");
    if word != "custom" {
        if !claims.is_empty() {
            report.refuse(
                &place,
                "is read only with claim_map = \"custom\"; set that or remove it",
            );
        }
        let known: Vec<_> = PRESETS.into_iter().chain([("custom", "custom")]).collect();
        let preset = choice(report, &at.key("claim_map"), word, &known)?;
        return Some(ClaimMap::Preset(preset.to_owned()));
    }
    let mut map = Map::new();
    for (fact, given) in claims {
        let place = place.key(fact);
        let read = match fact.as_str() {
            "company" => company(given),
            _ if FACTS.contains(&fact.as_str()) => places(given),
            _ => {
                report.refuse(
                    &place,
                    format!("unknown key; use one of {}, company", FACTS.join(", ")),
                );
                continue;
            }
        };
        match read {
            Some(read) => {
                map.insert(fact.clone(), read);
            }
            None if fact == "company" => report.refuse(
                &place,
                "must be { value = …, qualifier = … }, each the name of a claim",
            ),
            None => report.refuse(&place, CLAIM_FORM),
        }
    }
    if !["bsn", "kvk", "rsin", "company", "eidas_pseudonym"]
        .iter()
        .any(|fact| claims.contains_key(*fact))
    {
        report.refuse(
            &place,
            "says nowhere who it is; add bsn, kvk, rsin, company or eidas_pseudonym",
        );
    }
    Some(ClaimMap::Custom(map))
}

/// `"a"`, or `["a", "b"]` for b inside a.
pub(super) fn claim_path(given: &Value) -> Option<Vec<String>> {
    let name = |value: &Value| {
        let name = value.as_str().filter(|name| !name.is_empty());
        name.map(str::to_owned)
    };
    match given {
        Value::Array(names) if !names.is_empty() => names.iter().map(name).collect(),
        other => name(other).map(|name| vec![name]),
    }
}

/// `"a"`, or a list of places, each as [`claim_path`] reads it.
fn places(given: &Value) -> Option<Value> {
    let places: Option<Vec<_>> = match given {
        Value::Array(places) if !places.is_empty() => places.iter().map(claim_path).collect(),
        other => claim_path(other).map(|path| vec![path]),
    };
    Some(places?.into())
}

fn company(given: &Value) -> Option<Value> {
    let given = given.as_object().filter(|given| given.len() == 2)?;
    let value = claim_path(given.get("value")?)?;
    let qualifier = claim_path(given.get("qualifier")?)?;
    Some(serde_json::json!({ "value": value, "qualifier": qualifier }))
}
