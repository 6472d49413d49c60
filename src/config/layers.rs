//! From three layers to one: the embedded defaults, the file, the environment.
//!
//! `default.toml` has the form of a real file. Each of its arrays of tables holds exactly one item,
//! and every item of the file starts from it. So a default is written once, where it is documented.

use figment::providers::{Format as _, Toml};
use figment::value::{Dict, Value};
use figment::{Profile, Provider as _};

use super::report::Report;

/// The reference: every key, its meaning, unit, default and environment name.
pub const REFERENCE: &str = include_str!("default.toml");

const PREFIX: &str = "ZIJSPAN__";

/// The tables of a TOML text, or one sentence that says where it is not TOML.
pub(super) fn parse(text: &str) -> Result<Dict, String> {
    let mut profiles = Toml::string(text).data().map_err(|error| {
        let text = error.to_string();
        // Between the first and the last line stands the offending line itself, maybe a secret.
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let first = lines.next().unwrap_or("is not TOML").to_owned();
        match lines.next_back() {
            Some(last) if !last.contains(['|', '=']) => format!("{first}: {last}"),
            _ => first,
        }
    })?;
    let dict = profiles.remove(&Profile::Default).unwrap_or_default();
    Ok(dict.into_iter().map(|(k, v)| (k, plain_dates(v))).collect())
}

/// An unquoted TOML date arrives as a table with one private key; make it the text it stands for.
fn plain_dates(value: Value) -> Value {
    match value {
        Value::Dict(tag, mut dict) => match dict.remove("$__toml_private_datetime") {
            Some(date) => date,
            None => Value::Dict(
                tag,
                dict.into_iter().map(|(k, v)| (k, plain_dates(v))).collect(),
            ),
        },
        Value::Array(tag, items) => Value::Array(tag, items.into_iter().map(plain_dates).collect()),
        other => other,
    }
}

/// `file` on top of `default`.
pub(super) fn merge(default: &Dict, file: Dict) -> Dict {
    let mut out: Dict = default
        .iter()
        .filter(|(key, _)| !file.contains_key(*key))
        .map(|(key, value)| (key.clone(), without_items(value)))
        .collect();
    for (key, value) in file {
        let merged = match default.get(&key) {
            Some(default) => merge_value(default, value),
            None => value,
        };
        out.insert(key, merged);
    }
    out
}

fn merge_value(default: &Value, value: Value) -> Value {
    match (default, value) {
        (Value::Dict(_, default), Value::Dict(tag, file)) => Value::Dict(tag, merge(default, file)),
        (Value::Array(_, defaults), Value::Array(tag, items)) => match defaults.first() {
            Some(template @ Value::Dict(..)) => Value::Array(
                tag,
                items
                    .into_iter()
                    .map(|item| merge_value(template, item))
                    .collect(),
            ),
            _ => Value::Array(tag, items),
        },
        (_, value) => value,
    }
}

/// A default that nothing in the file touches: the items of its arrays of tables are only templates.
fn without_items(value: &Value) -> Value {
    match value {
        Value::Dict(tag, dict) => Value::Dict(
            *tag,
            dict.iter()
                .map(|(key, value)| (key.clone(), without_items(value)))
                .collect(),
        ),
        Value::Array(tag, items) if matches!(items.first(), Some(Value::Dict(..))) => {
            Value::Array(*tag, Vec::new())
        }
        other => other.clone(),
    }
}

/// Lays `ZIJSPAN__SECTION__KEY` variables over the file. An item of an array is named by its number
/// or by its name, with `_` for `-`: `ZIJSPAN__SITE__VOORBEELD__SOURCE__ZGW__SECRET`.
pub(super) fn overlay(
    file: &mut Dict,
    default: &Dict,
    environment: &[(String, String)],
    report: &mut Report,
) {
    let mut variables: Vec<_> = environment
        .iter()
        .filter_map(|(name, value)| Some((name, name.strip_prefix(PREFIX)?, value)))
        .collect();
    variables.sort();
    for (name, rest, text) in variables {
        let steps: Vec<String> = rest.split("__").map(str::to_lowercase).collect();
        let mut plain = Vec::new();
        match set(file, Some(default), &steps, text, &mut plain) {
            Ok(()) => {
                let place = plain.join(".");
                report.provenance.env.insert(place, name.clone());
            }
            Err(message) => report.refuse_variable(name, message),
        }
    }
}

fn set(
    dict: &mut Dict,
    default: Option<&Dict>,
    steps: &[String],
    text: &str,
    plain: &mut Vec<String>,
) -> Result<(), String> {
    let Some((key, rest)) = steps.split_first() else {
        return Err("names no key; write it as ZIJSPAN__SECTION__KEY".to_owned());
    };
    if key.is_empty() {
        return Err("has an empty part; write it as ZIJSPAN__SECTION__KEY".to_owned());
    }
    plain.push(key.clone());
    let default = default.and_then(|default| default.get(key));
    let Some((step, deeper)) = rest.split_first() else {
        dict.insert(key.clone(), guess(default, text));
        return Ok(());
    };
    let template = match default {
        Some(Value::Array(_, items)) => Some(match items.first() {
            Some(Value::Dict(_, template)) => template,
            _ => return Err("goes deeper than the key it names".to_owned()),
        }),
        _ => None,
    };
    let Some(template) = template else {
        let default = match default {
            Some(Value::Dict(_, default)) => Some(default),
            Some(_) => return Err("goes deeper than the key it names".to_owned()),
            None => None,
        };
        let entry = dict
            .entry(key.clone())
            .or_insert_with(|| Value::from(Dict::new()));
        let Value::Dict(_, inner) = entry else {
            return Err("goes deeper than the key it names".to_owned());
        };
        return set(inner, default, rest, text, plain);
    };
    let entry = dict
        .entry(key.clone())
        .or_insert_with(|| Value::from(Vec::<Value>::new()));
    let Value::Array(_, items) = entry else {
        return Err(format!("needs {key} to be a list in the file"));
    };
    let index = match step.parse::<usize>() {
        Ok(index) => index,
        Err(_) => items
            .iter()
            .position(|item| item_name(item).is_some_and(|name| env_name(name) == *step))
            .ok_or_else(|| format!("names the {key} {step:?}, which the file does not have"))?,
    };
    if index == items.len() {
        items.push(Value::from(Dict::new()));
    }
    plain.push(index.to_string());
    match items.get_mut(index) {
        Some(Value::Dict(_, item)) => set(item, Some(template), deeper, text, plain),
        _ => Err(format!(
            "names {key} number {index}, which the file does not have"
        )),
    }
}

/// What an item of an array is called: a site's id, a key's request key id, else its name.
pub(super) fn item_name(item: &Value) -> Option<&str> {
    let text = |path| item.find_ref(path).and_then(Value::as_str);
    text("id")
        .or_else(|| text("name"))
        .or_else(|| text("request.keyid"))
}

fn env_name(name: &str) -> String {
    name.to_lowercase().replace('-', "_")
}

/// A variable is text; what the key wants decides what it becomes.
fn guess(default: Option<&Value>, text: &str) -> Value {
    match default {
        Some(Value::String(..)) => Value::from(text),
        Some(Value::Array(..)) => list(text),
        _ => match text {
            "true" => Value::from(true),
            "false" => Value::from(false),
            _ => match text.parse::<i64>() {
                // Only what prints the same is a number: "007" stays the text it is.
                Ok(number) if number.to_string() == text => Value::from(number),
                _ if text.starts_with('[') => list(text),
                _ => Value::from(text),
            },
        },
    }
}

/// `["a", "b"]` as in TOML, or `a, b`.
fn list(text: &str) -> Value {
    if text.trim_start().starts_with('[')
        && let Ok(mut dict) = parse(&format!("list = {text}"))
        && let Some(list) = dict.remove("list")
    {
        return list;
    }
    let items: Vec<Value> = text
        .split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
        .map(Value::from)
        .collect();
    Value::from(items)
}
