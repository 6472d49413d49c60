//! Whether a policy that somebody wrote holds, with the place and a Dutch sentence where it does not.

use std::collections::HashSet;

use serde::Serialize;
use serde_json::Value;

use super::{Bounds, Mandaten, Policy, ZaaktypePolicy};

const MAX_TEXT: usize = 500;
const MAX_ZAAKTYPEN: usize = 500;
const MAX_STATUSTYPEN: usize = 50;
const MAX_RESULTAATTYPEN: usize = 50;
const MAX_DOCUMENTTYPEN: usize = 200;
const MAX_BRONNEN: usize = 100;
const MAX_DIENSTEN: usize = 100;
/// As long as a claim may be (`identity::claims`).
const MAX_DIENST: usize = 256;

/// One field that does not hold: `zaaktypen.0.statustypen.1.beurt` and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldError {
    pub path: String,
    pub message: String,
}

impl FieldError {
    pub fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            message: message.into(),
        }
    }
}

impl Policy {
    /// Reads a policy that came over the wire. A shape that does not fit names its first wrong place.
    pub fn from_json(json: &Value) -> Result<Self, Vec<FieldError>> {
        objects(json)?;
        serde_path_to_error::deserialize(json).map_err(|error| {
            // serde writes `zaaktypen[0].label`; a path of the contract is `zaaktypen.0.label`.
            let path = error.path().to_string();
            let path = if path == "." { String::new() } else { path };
            let path = path.replace('[', ".").replace(']', "");
            vec![FieldError::new(path, shape_message(error.inner()))]
        })
    }

    /// Everything that does not hold, wider than the bounds included. Empty when all is well.
    pub fn problems(&self, bounds: &Bounds) -> Vec<FieldError> {
        let mut check = Check(self.narrowed(bounds).wider);
        if self.rollen.is_empty() {
            check.add(
                "rollen",
                "Kies ten minste één rol, of zet de module Mijn zaken uit.",
            );
        }
        check.at_most("bronnen_uit", self.bronnen_uit.len(), MAX_BRONNEN);
        check.unique("bronnen_uit", self.bronnen_uit.iter(), |bron| bron.as_str());
        check.unique("rollen", self.rollen.iter(), |soort| soort.as_str());
        for (path, list) in [
            ("aanvraag_documenttypen", &self.aanvraag_documenttypen),
            ("interne_documenttypen", &self.interne_documenttypen),
            ("verborgen_documenttypen", &self.verborgen_documenttypen),
        ] {
            check.at_most(path, list.len(), MAX_DOCUMENTTYPEN);
            for (at, name) in list.iter().enumerate() {
                check.name(&format!("{path}.{at}"), name);
            }
            check.unique(path, list.iter(), |name| name.trim().to_lowercase());
        }
        check.mandaten(&self.mandaten);
        check.at_most("zaaktypen", self.zaaktypen.len(), MAX_ZAAKTYPEN);
        check.unique("zaaktypen", self.zaaktypen.iter(), |zaaktype| {
            (
                zaaktype.catalogus.trim().to_owned(),
                zaaktype.identificatie.trim().to_owned(),
            )
        });
        for (at, zaaktype) in self.zaaktypen.iter().enumerate() {
            check.zaaktype(&format!("zaaktypen.{at}"), zaaktype);
        }
        check.0
    }
}

/// A list where an object belongs would be read as the object's fields in order, and an empty one (which is
/// how PHP writes an empty object) as the defaults.
fn objects(json: &Value) -> Result<(), Vec<FieldError>> {
    fn items<'v>(json: &'v Value, field: &str, path: &str) -> Vec<(String, &'v Value)> {
        let list = json.get(field).and_then(Value::as_array);
        let at = |(at, item)| (format!("{path}{field}.{at}"), item);
        list.into_iter().flatten().enumerate().map(at).collect()
    }
    let mut all = vec![(String::new(), json)];
    for field in ["modules", "niveaus", "mandaten"] {
        all.extend(json.get(field).map(|value| (field.to_owned(), value)));
    }
    if let Some(mandaten) = json.get("mandaten") {
        for (path, dienst) in items(mandaten, "diensten", "mandaten.") {
            all.extend(items(dienst, "zaaktypen", &format!("{path}.")));
            let modules = dienst.get("modules");
            all.extend(modules.map(|modules| (format!("{path}.modules"), modules)));
            all.push((path, dienst));
        }
    }
    for (path, zaaktype) in items(json, "zaaktypen", "") {
        for field in ["statustypen", "resultaattypen"] {
            all.extend(items(zaaktype, field, &format!("{path}.")));
        }
        all.push((path, zaaktype));
    }
    match all.into_iter().find(|(_, value)| value.is_array()) {
        Some((path, _)) => Err(vec![FieldError::new(path, "Deze waarde past hier niet.")]),
        None => Ok(()),
    }
}

fn shape_message(error: &serde_json::Error) -> &'static str {
    let text = error.to_string();
    if text.starts_with("unknown field") {
        "Dit veld is niet bekend."
    } else if text.starts_with("unknown variant") {
        "Deze keuze bestaat niet."
    } else if text.starts_with("missing field") {
        "Hier ontbreekt een verplicht veld."
    } else if text.starts_with("duplicate field") {
        "Dit veld staat er twee keer."
    } else {
        "Deze waarde past hier niet."
    }
}

/// Collects what does not hold.
struct Check(Vec<FieldError>);

impl Check {
    fn add(&mut self, path: impl Into<String>, message: impl Into<String>) {
        self.0.push(FieldError::new(path, message));
    }

    fn at_most(&mut self, path: &str, len: usize, most: usize) {
        if len > most {
            self.add(
                path,
                format!("Dit zijn er {len}; het mogen er {most} zijn."),
            );
        }
    }

    fn text(&mut self, path: &str, text: &str) {
        if text.chars().count() > MAX_TEXT {
            self.add(path, format!("Deze tekst is langer dan {MAX_TEXT} tekens."));
        }
        if text.chars().any(|c| c.is_control() && c != '\n') {
            self.add(path, "Deze tekst bevat een teken dat niet leesbaar is.");
        }
    }

    fn optional(&mut self, path: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.text(path, text);
        }
    }

    /// A text that something is named by.
    fn name(&mut self, path: &str, name: &str) {
        if name.trim().is_empty() {
            self.add(path, "Vul hier een naam in.");
        }
        self.text(path, name);
    }

    fn unique<T, K: Eq + std::hash::Hash>(
        &mut self,
        path: &str,
        items: impl Iterator<Item = T>,
        key: impl Fn(T) -> K,
    ) {
        let mut seen = HashSet::new();
        for (at, item) in items.enumerate() {
            if !seen.insert(key(item)) {
                self.add(format!("{path}.{at}"), "Dit staat er al.");
            }
        }
    }

    fn mandaten(&mut self, mandaten: &Mandaten) {
        const PATH: &str = "mandaten.diensten";
        self.at_most(PATH, mandaten.diensten.len(), MAX_DIENSTEN);
        self.unique(PATH, mandaten.diensten.iter(), |dienst| {
            dienst.dienst.trim().to_ascii_lowercase()
        });
        for (at, dienst) in mandaten.diensten.iter().enumerate() {
            let path = format!("{PATH}.{at}");
            let name = dienst.dienst.trim();
            let fits = name.len() <= MAX_DIENST && name.bytes().all(|b| b.is_ascii_graphic());
            if name.is_empty() || !fits {
                self.add(
                    format!("{path}.dienst"),
                    "Vul hier het kenmerk van de dienst in (ServiceUUID of ServiceID), zonder spaties.",
                );
            }
            self.optional(&format!("{path}.naam"), dienst.naam.as_deref());
            let zaaktypen = format!("{path}.zaaktypen");
            self.at_most(&zaaktypen, dienst.zaaktypen.len(), MAX_ZAAKTYPEN);
            self.unique(&zaaktypen, dienst.zaaktypen.iter(), |zaaktype| {
                (
                    zaaktype.catalogus.trim().to_owned(),
                    zaaktype.identificatie.trim().to_owned(),
                )
            });
            for (at, zaaktype) in dienst.zaaktypen.iter().enumerate() {
                let path = format!("{zaaktypen}.{at}");
                self.text(&format!("{path}.catalogus"), &zaaktype.catalogus);
                self.name(&format!("{path}.identificatie"), &zaaktype.identificatie);
            }
        }
    }

    fn zaaktype(&mut self, path: &str, zaaktype: &ZaaktypePolicy) {
        self.text(&format!("{path}.catalogus"), &zaaktype.catalogus);
        self.name(&format!("{path}.identificatie"), &zaaktype.identificatie);
        self.optional(&format!("{path}.label"), zaaktype.label.as_deref());
        let steps = format!("{path}.statustypen");
        self.at_most(&steps, zaaktype.statustypen.len(), MAX_STATUSTYPEN);
        self.unique(&steps, zaaktype.statustypen.iter(), |status| {
            (status.volgnummer, status.omschrijving.trim().to_lowercase())
        });
        for (at, status) in zaaktype.statustypen.iter().enumerate() {
            let path = format!("{steps}.{at}");
            self.name(&format!("{path}.omschrijving"), &status.omschrijving);
            self.optional(&format!("{path}.label"), status.label.as_deref());
            self.optional(
                &format!("{path}.toelichting"),
                status.toelichting.as_deref(),
            );
        }
        let results = format!("{path}.resultaattypen");
        self.at_most(&results, zaaktype.resultaattypen.len(), MAX_RESULTAATTYPEN);
        self.unique(&results, zaaktype.resultaattypen.iter(), |result| {
            result.omschrijving.trim().to_lowercase()
        });
        for (at, result) in zaaktype.resultaattypen.iter().enumerate() {
            let path = format!("{results}.{at}");
            self.name(&format!("{path}.omschrijving"), &result.omschrijving);
            self.optional(&format!("{path}.label"), result.label.as_deref());
            self.optional(
                &format!("{path}.toelichting"),
                result.toelichting.as_deref(),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn paths(json: serde_json::Value) -> Vec<String> {
        let errors = match Policy::from_json(&json) {
            Ok(policy) => policy.problems(&Bounds::default()),
            Err(errors) => errors,
        };
        errors.into_iter().map(|error| error.path).collect()
    }

    fn zaaktype(extra: serde_json::Value) -> serde_json::Value {
        let mut zaaktype = json!({"catalogus": "PORTL", "identificatie": "ZT-1"});
        for (key, value) in extra.as_object().unwrap() {
            zaaktype[key] = value.clone();
        }
        json!({"zaaktypen": [zaaktype]})
    }

    #[test]
    fn the_default_policy_holds() {
        assert!(paths(json!({})).is_empty());
    }

    #[test]
    fn a_wrong_shape_names_its_place() {
        let step = json!({"volgnummer": 1, "omschrijving": "Ontvangen"});
        let wrong = json!({"volgnummer": 2, "omschrijving": "Klaar", "beurt": "niemand"});
        assert_eq!(
            paths(zaaktype(json!({"statustypen": [step, wrong]}))),
            ["zaaktypen.0.statustypen.1.beurt"]
        );
        assert_eq!(paths(json!({"meer": 1})), ["meer"]);
        assert_eq!(paths(json!(7)), [""]);
        assert_eq!(paths(json!([])), [""]);
        assert_eq!(paths(json!({"modules": []})), ["modules"]);
        assert_eq!(paths(json!({"zaaktypen": [["P", "Z"]]})), ["zaaktypen.0"]);
        assert_eq!(
            paths(zaaktype(json!({"statustypen": [[1, "O"]]}))),
            ["zaaktypen.0.statustypen.0"]
        );
        assert_eq!(paths(json!({"rollen": ["buurman"]})), ["rollen.0"]);
        assert_eq!(paths(json!({"bronnen_uit": ["Z G W"]})), ["bronnen_uit.0"]);
    }

    #[test]
    fn limits_of_the_contract() {
        let long = "é".repeat(501);
        assert_eq!(
            paths(zaaktype(json!({"label": long}))),
            ["zaaktypen.0.label"]
        );
        assert!(paths(zaaktype(json!({"label": "é".repeat(500)}))).is_empty());
        let steps: Vec<_> = (0..51)
            .map(|n| json!({"volgnummer": n, "omschrijving": "Stap"}))
            .collect();
        assert_eq!(
            paths(zaaktype(json!({"statustypen": steps}))),
            ["zaaktypen.0.statustypen"]
        );
        let many: Vec<_> = (0..501)
            .map(|n| json!({"catalogus": "P", "identificatie": format!("Z{n}")}))
            .collect();
        assert_eq!(paths(json!({"zaaktypen": many})), ["zaaktypen"]);
    }

    #[test]
    fn what_is_named_twice_or_not_at_all_is_refused() {
        let same = json!({"catalogus": "P", "identificatie": "Z"});
        assert_eq!(paths(json!({"zaaktypen": [same, same]})), ["zaaktypen.1"]);
        assert_eq!(
            paths(json!({"zaaktypen": [{"catalogus": "P", "identificatie": " "}]})),
            ["zaaktypen.0.identificatie"]
        );
        assert_eq!(
            paths(json!({"verborgen_documenttypen": ["Memo", "memo "]})),
            ["verborgen_documenttypen.1"]
        );
        assert_eq!(
            paths(json!({"rollen": ["initiator", "initiator"]})),
            ["rollen.1"]
        );
        // No source is known here, so that each is refused for that too.
        assert_eq!(
            paths(json!({"bronnen_uit": ["zgw", "zgw"]})),
            ["bronnen_uit.0", "bronnen_uit.1", "bronnen_uit.1"]
        );
        assert_eq!(paths(json!({"rollen": []})), ["rollen"]);
    }

    #[test]
    fn a_service_is_named_once_and_names_zaaktypen() {
        let dienst = |dienst: &str, zaaktypen: serde_json::Value| json!({"dienst": dienst, "zaaktypen": zaaktypen});
        let with = |diensten: serde_json::Value| paths(json!({"mandaten": {"diensten": diensten}}));
        let good = json!([{"catalogus": "P", "identificatie": "Z"}]);
        assert!(with(json!([dienst("f00d-1", good.clone())])).is_empty());
        assert!(with(json!([dienst("f00d-1", json!([]))])).is_empty());
        assert_eq!(
            with(json!([
                dienst("f00d-1", good.clone()),
                dienst(" F00D-1", good.clone())
            ])),
            ["mandaten.diensten.1"]
        );
        for bad in ["", " ", "a b", "é", &"x".repeat(257)] {
            assert_eq!(
                with(json!([dienst(bad, good.clone())])),
                ["mandaten.diensten.0.dienst"],
                "{bad}"
            );
        }
        let twice = json!([good[0], good[0]]);
        assert_eq!(
            with(json!([dienst("d", twice)])),
            ["mandaten.diensten.0.zaaktypen.1"]
        );
        assert_eq!(
            with(json!([dienst(
                "d",
                json!([{"catalogus": "P", "identificatie": ""}])
            )])),
            ["mandaten.diensten.0.zaaktypen.0.identificatie"]
        );
        assert_eq!(
            paths(json!({"mandaten": {"bewind": true, "zonder_dienst": true}})),
            ["mandaten.bewind", "mandaten.zonder_dienst"]
        );
    }

    #[test]
    fn a_list_is_no_object_of_mandates() {
        let dienst = |dienst: serde_json::Value| json!({"mandaten": {"diensten": [dienst]}});
        for (json, path) in [
            (json!({"mandaten": []}), "mandaten"),
            (json!({"niveaus": []}), "niveaus"),
            (dienst(json!(["d", null])), "mandaten.diensten.0"),
            (
                dienst(json!({"dienst": "d", "zaaktypen": [["P", "Z"]]})),
                "mandaten.diensten.0.zaaktypen.0",
            ),
            (
                dienst(json!({"dienst": "d", "zaaktypen": [], "modules": []})),
                "mandaten.diensten.0.modules",
            ),
            (json!({"niveaus": {"zaken": "none"}}), "niveaus.zaken"),
        ] {
            assert_eq!(paths(json), [path]);
        }
    }

    #[test]
    fn a_control_character_is_refused_a_new_line_is_not() {
        assert_eq!(
            paths(zaaktype(json!({"label": "a\u{0}b"}))),
            ["zaaktypen.0.label"]
        );
        assert!(paths(zaaktype(json!({"label": "a\nb"}))).is_empty());
    }

    #[test]
    fn a_policy_wider_than_the_bounds_does_not_hold() {
        assert_eq!(
            paths(
                json!({"zaak_vertrouwelijkheid": "geheim", "rollen": ["initiator", "gemachtigde"]})
            ),
            ["zaak_vertrouwelijkheid", "rollen.1"]
        );
    }
}
