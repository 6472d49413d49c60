//! What of a configuration may change while the sidecar runs, and what waits for a restart.
//!
//! At run time: `[site.policy]` of a site that is there, and `enabled` of a source that is there. The rest
//! made sockets, keys, clients and sessions at the start.

use serde_json::Value;

use super::Config;
use super::secret::compared;

/// What a file that was read again comes to.
#[derive(Debug, Clone)]
pub struct Reload {
    /// The running configuration with what may change taken from the file.
    pub config: Config,
    /// Keys that changed and hold from now on.
    pub applied: Vec<String>,
    /// Keys that changed and do not hold before a restart.
    pub needs_restart: Vec<String>,
}

impl Config {
    /// Holds a file that was read again against what runs.
    pub fn reload(&self, read: &Self) -> Result<Reload, serde_json::Error> {
        let mut config = self.clone();
        for site in &mut config.sites {
            let Some(new) = read.site(&site.id) else {
                continue;
            };
            site.policy = new.policy.clone();
            for source in &mut site.sources {
                let same = new.sources.iter().find(|other| other.name == source.name);
                if let Some(same) = same {
                    source.enabled = same.enabled;
                }
            }
        }
        let [before, after, read] = compared(|| [self, &config, read].map(serde_json::to_value));
        let (before, after, read) = (before?, after?, read?);
        Ok(Reload {
            applied: differences(&before, &after),
            needs_restart: differences(&after, &read),
            config,
        })
    }
}

/// The keys that differ, as a person writes them: `site[voorbeeld].source[zgw].enabled`.
fn differences(a: &Value, b: &Value) -> Vec<String> {
    let mut found = Vec::new();
    differ("", a, b, &mut found);
    found
}

fn differ(at: &str, a: &Value, b: &Value, found: &mut Vec<String>) {
    if a == b {
        return;
    }
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            for key in a.keys().chain(b.keys().filter(|key| !a.contains_key(*key))) {
                let dot = if at.is_empty() { "" } else { "." };
                let at = format!("{at}{dot}{}", written(key));
                let none = &Value::Null;
                differ(
                    &at,
                    a.get(key).unwrap_or(none),
                    b.get(key).unwrap_or(none),
                    found,
                );
            }
        }
        (Value::Array(a), Value::Array(b))
            if a.iter().chain(b).all(|item| name(item).is_some()) =>
        {
            let of = |list: &[Value], wanted: &str| {
                let item = list
                    .iter()
                    .find(|item| name(item).as_deref() == Some(wanted));
                item.cloned().unwrap_or_default()
            };
            let mut names: Vec<String> = Vec::new();
            for item in a.iter().chain(b).filter_map(name) {
                if !names.contains(&item) {
                    names.push(item);
                }
            }
            for item in names {
                differ(
                    &format!("{at}[{item}]"),
                    &of(a, &item),
                    &of(b, &item),
                    found,
                );
            }
        }
        _ => found.push(at.to_owned()),
    }
}

/// What the items of an array of tables are called by.
fn name(item: &Value) -> Option<String> {
    let own = ["id", "name", "version"]
        .iter()
        .find_map(|key| item.get(key));
    let own = own.or_else(|| item.pointer("/request/keyid"))?;
    match own {
        Value::String(name) => Some(name.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Arrays of tables have the name of one item in the file.
fn written(key: &str) -> &str {
    match key {
        "sites" => "site",
        "sources" => "source",
        "idps" => "idp",
        "keys" => "key",
        other => other,
    }
}
