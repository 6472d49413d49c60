//! `expand` on a zaak: which paths there are and what comes along.

use serde_json::{Map, Value, json};

use super::render::{Render, set};
use crate::sandbox::data::model::Zaak;

/// The paths that `expand` on a zaak knows.
const EXPANDS: [&str; 31] = [
    "deelzaken",
    "deelzaken.resultaat",
    "deelzaken.resultaat.resultaattype",
    "deelzaken.rollen",
    "deelzaken.rollen.roltype",
    "deelzaken.status",
    "deelzaken.status.statustype",
    "deelzaken.zaakinformatieobjecten",
    "deelzaken.zaakobjecten",
    "deelzaken.zaaktype",
    "eigenschappen",
    "eigenschappen.eigenschap",
    "hoofdzaak",
    "hoofdzaak.resultaat",
    "hoofdzaak.resultaat.resultaattype",
    "hoofdzaak.rollen",
    "hoofdzaak.rollen.roltype",
    "hoofdzaak.status",
    "hoofdzaak.status.statustype",
    "hoofdzaak.zaakinformatieobjecten",
    "hoofdzaak.zaakobjecten",
    "hoofdzaak.zaaktype",
    "resultaat",
    "resultaat.resultaattype",
    "rollen",
    "rollen.roltype",
    "status",
    "status.statustype",
    "zaakinformatieobjecten",
    "zaakobjecten",
    "zaaktype",
];

/// The first path that cannot be expanded.
pub fn unknown_expand(paths: &[String]) -> Option<&str> {
    paths
        .iter()
        .map(String::as_str)
        .find(|path| !EXPANDS.contains(path))
}

impl Render<'_> {
    /// A zaak with what was asked to come along; what is empty stays away.
    pub fn zaak_expanded(&self, zaak: &Zaak, paths: &[String]) -> Value {
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        self.expanded(zaak, &paths)
    }

    fn expanded(&self, zaak: &Zaak, paths: &[&str]) -> Value {
        let w = self.world;
        let has = |path: &str| paths.contains(&path);
        let below = |prefix: &str| -> Vec<&str> {
            paths
                .iter()
                .filter_map(|path| path.strip_prefix(prefix))
                .collect()
        };
        let mut expand = Map::new();
        let mut put = |name: &str, value: Option<Value>| {
            if let Some(value) =
                value.filter(|value| value.as_array().is_none_or(|a| !a.is_empty()))
            {
                expand.insert(name.to_owned(), value);
            }
        };
        if has("zaaktype") {
            put(
                "zaaktype",
                self.zaaktype_of(zaak).map(|row| self.zaaktype(row)),
            );
        }
        if has("status") || has("status.statustype") {
            let status = zaak
                .statussen
                .last()
                .and_then(|index| w.statussen.get(*index));
            put(
                "status",
                status.map(|status| {
                    let mut value = self.status(status);
                    let found = w.statustypen.get(status.statustype);
                    if let Some(found) = found.filter(|_| has("status.statustype")) {
                        set(
                            &mut value,
                            "_expand",
                            json!({"statustype": self.statustype(found)}),
                        );
                    }
                    value
                }),
            );
        }
        if has("resultaat") || has("resultaat.resultaattype") {
            let resultaat = zaak.resultaat.and_then(|index| w.resultaten.get(index));
            put(
                "resultaat",
                resultaat.map(|resultaat| {
                    let mut value = self.resultaat(resultaat);
                    let found = w.resultaattypen.get(resultaat.resultaattype);
                    if let Some(found) = found.filter(|_| has("resultaat.resultaattype")) {
                        set(
                            &mut value,
                            "_expand",
                            json!({"resultaattype": self.resultaattype(found)}),
                        );
                    }
                    value
                }),
            );
        }
        if has("rollen") || has("rollen.roltype") {
            put(
                "rollen",
                Some(
                    w.rollen
                        .at(&zaak.rollen)
                        .map(|rol| {
                            let mut value = self.rol(rol);
                            let found = w.roltypen.get(rol.roltype);
                            if let Some(found) = found.filter(|_| has("rollen.roltype")) {
                                set(
                                    &mut value,
                                    "_expand",
                                    json!({"roltype": self.roltype(found)}),
                                );
                            }
                            value
                        })
                        .collect(),
                ),
            );
        }
        if has("zaakinformatieobjecten") {
            let rows = w.zaakinformatieobjecten.at(&zaak.zaakinformatieobjecten);
            put(
                "zaakinformatieobjecten",
                Some(rows.map(|row| self.zaakinformatieobject(row)).collect()),
            );
        }
        if has("eigenschappen") || has("eigenschappen.eigenschap") {
            let rows = w.zaakeigenschappen.at(&zaak.eigenschappen);
            put(
                "eigenschappen",
                Some(rows.map(|row| self.zaakeigenschap(row)).collect()),
            );
        }
        if has("hoofdzaak") || !below("hoofdzaak.").is_empty() {
            let hoofd = zaak.hoofdzaak.and_then(|index| w.zaken.get(index));
            put(
                "hoofdzaak",
                hoofd.map(|hoofd| self.expanded(hoofd, &below("hoofdzaak."))),
            );
        }
        if has("deelzaken") || !below("deelzaken.").is_empty() {
            let rows = w.zaken.at(&zaak.deelzaken);
            put(
                "deelzaken",
                Some(
                    rows.map(|deel| self.expanded(deel, &below("deelzaken.")))
                        .collect(),
                ),
            );
        }
        let mut value = self.zaak(zaak);
        set(&mut value, "_expand", Value::Object(expand));
        value
    }
}
