//! `--upstreams FILE`: sources that stand in for the simulated ones.
//!
//! FILE holds `[[source]]` tables, written as `[[site.source]]` in a configuration. Their addresses must be
//! on this machine; any other needs `test_data = true` and `numbers = [...]` above the first table, and
//! then only those numbers can log in: real people's data is not for a demo. There too may stand
//! `zaak_vertrouwelijkheid` and `document_vertrouwelijkheid`, where the test data is more confidential than
//! a site shows of itself; the Toonregels must then allow it as well.

use std::path::Path;

use anyhow::Context as _;
use figment::Figment;
use figment::providers::{Format as _, Toml};
use figment::value::Value;

use crate::domain::{BaseUrl, Vertrouwelijkheid};

#[derive(Debug)]
pub struct Fragment {
    /// As `[[site.source]]` tables.
    pub toml: String,
    /// The only numbers that can log in, when given.
    pub signable: Option<Vec<String>>,
    /// Lines for `[site.policy]`.
    pub bounds: String,
}

#[derive(Debug, serde::Deserialize)]
struct Head {
    #[serde(default)]
    test_data: bool,
    numbers: Option<Vec<String>>,
    zaak_vertrouwelijkheid: Option<Vertrouwelijkheid>,
    document_vertrouwelijkheid: Option<Vertrouwelijkheid>,
}

impl Head {
    fn bounds(&self) -> String {
        [
            ("zaak_vertrouwelijkheid", self.zaak_vertrouwelijkheid),
            (
                "document_vertrouwelijkheid",
                self.document_vertrouwelijkheid,
            ),
        ]
        .into_iter()
        .filter_map(|(key, level)| Some(format!("{key} = \"{}\"\n", level?.as_str())))
        .collect()
    }
}

pub fn read(file: &Path) -> anyhow::Result<Fragment> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("{} cannot be read", file.display()))?;
    parse(&text).with_context(|| file.display().to_string())
}

fn parse(text: &str) -> anyhow::Result<Fragment> {
    let at = text
        .lines()
        .take_while(|line| !line.trim_start().starts_with('['))
        .map(|line| line.len() + 1)
        .sum::<usize>()
        .min(text.len());
    let (head, tables) = text.split_at(at);
    let head: Head = Figment::from(Toml::string(head)).extract()?;
    let toml: String = tables
        .lines()
        .map(|line| {
            let line = line.replacen("[[source]]", "[[site.source]]", 1);
            let line = line.replacen("[source.", "[site.source.", 1);
            line + "\n"
        })
        .collect();
    let value: Value = Figment::from(Toml::string(&toml)).extract()?;
    let mut addresses = Vec::new();
    collect(&value, &mut addresses);
    anyhow::ensure!(!addresses.is_empty(), "it holds no source with a base_url");
    let away = addresses
        .iter()
        .find(|address| BaseUrl::parse(address).map_or(true, |base| !base.is_loopback()));
    if let Some(address) = away {
        anyhow::ensure!(
            head.test_data && head.numbers.is_some(),
            "{address} is not on this machine; a demo with other systems needs test_data = true and numbers = [\"…\"], the test numbers that may log in"
        );
    }
    Ok(Fragment {
        toml,
        bounds: head.bounds(),
        signable: head.numbers,
    })
}

fn collect(value: &Value, addresses: &mut Vec<String>) {
    match value {
        Value::Dict(_, dict) => {
            for (key, value) in dict {
                match value.as_str() {
                    Some(text) if key == "base_url" => addresses.push(text.to_owned()),
                    _ => collect(value, addresses),
                }
            }
        }
        Value::Array(_, items) => items.iter().for_each(|item| collect(item, addresses)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "[[source]]\nname = \"zgw\"\n[source.zaken]\nbase_url = \"";

    #[test]
    fn sources_on_this_machine_stand_in_for_the_sandbox() {
        let read = parse(&format!("{SOURCE}http://127.0.0.1:8000/zaken/api/v1\"\n")).unwrap();
        assert!(read.toml.contains("[[site.source]]"));
        assert!(read.toml.contains("[site.source.zaken]"));
        assert_eq!(read.signable, None);
    }

    #[test]
    fn bounds_may_be_wider_for_test_data() {
        let file =
            format!("zaak_vertrouwelijkheid = \"geheim\"\n{SOURCE}http://127.0.0.1:8000\"\n");
        assert_eq!(
            parse(&file).unwrap().bounds,
            "zaak_vertrouwelijkheid = \"geheim\"\n"
        );
        let unknown = file.replace("geheim", "zeer");
        assert!(parse(&unknown).is_err());
    }

    #[test]
    fn other_systems_need_test_data_and_numbers() {
        let elsewhere = format!("{SOURCE}https://zgw.example/zaken/api/v1\"\n");
        assert!(parse(&elsewhere).is_err());
        assert!(parse(&format!("test_data = true\n{elsewhere}")).is_err());
        let told = format!("test_data = true\nnumbers = [\"999990019\"]\n\n{elsewhere}");
        assert_eq!(
            parse(&told).unwrap().signable,
            Some(vec!["999990019".to_owned()])
        );
        assert!(parse("numbers = []\n").is_err());
    }
}
