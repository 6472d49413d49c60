//! What changed about acting for another.

use super::{Said, named, yes};
use crate::policy::{DienstPolicy, Mandaten};

pub(super) fn told(said: &mut Said, old: &Mandaten, new: &Mandaten) {
    said.value(
        "Inzage door een bewindvoerder",
        yes(old.bewind),
        yes(new.bewind),
    );
    said.value(
        "Machtiging zonder dienst geeft inzage",
        yes(old.zonder_dienst),
        yes(new.zonder_dienst),
    );
    let zaaktypen = |dienst: &DienstPolicy| -> Vec<String> {
        dienst
            .zaaktypen
            .iter()
            .map(|zaaktype| named(&zaaktype.catalogus, &zaaktype.identificatie))
            .collect()
    };
    said.items(
        "Diensten van machtigingen",
        "Dienst",
        &old.diensten,
        &new.diensten,
        |dienst| format!("‘{}’", dienst.dienst),
        |dienst| dienst.dienst.clone(),
        |said, name, old, new| {
            let of = |what: &str| format!("{name}: {what}");
            said.text(&of("naam"), old.naam.as_deref(), new.naam.as_deref());
            said.turned(&of("Mijn zaken"), old.modules.zaken, new.modules.zaken);
            said.list(&of("zaaktypen"), &zaaktypen(old), &zaaktypen(new));
        },
    );
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::policy::Policy;

    fn changes(old: Value, new: Value) -> Vec<String> {
        let policy = |json| serde_json::from_value::<Policy>(json).unwrap();
        policy(new).changes_from(&policy(old))
    }

    fn with(niveau: Value) -> Value {
        json!({"zaaktypen": [{"catalogus": "PORTL", "identificatie": "ZT-1", "niveau": niveau}]})
    }

    #[test]
    fn mandates_and_levels_are_told() {
        let dienst = |zaaktype: &str| {
            json!({"diensten": [{"dienst": "d-1",
                "zaaktypen": [{"catalogus": "PORTL", "identificatie": zaaktype}]}]})
        };
        for (old, new, said) in [
            (
                json!({}),
                json!({"niveaus": {"zaken": "substantial"}}),
                "Inlogniveau voor Mijn zaken: geen eis → substantial",
            ),
            (
                json!({}),
                json!({"mandaten": {"bewind": true}}),
                "Inzage door een bewindvoerder: nee → ja",
            ),
            (
                json!({}),
                json!({"mandaten": {"zonder_dienst": true}}),
                "Machtiging zonder dienst geeft inzage: nee → ja",
            ),
            (
                json!({}),
                json!({"mandaten": dienst("ZT-1")}),
                "Dienst ‘d-1’: erbij",
            ),
            (
                json!({"mandaten": dienst("ZT-1")}),
                json!({"mandaten": {"diensten": [{"dienst": "d-1", "zaaktypen": []}]}}),
                "Dienst ‘d-1’: zaaktypen: ‘ZT-1 (PORTL)’ eraf",
            ),
            (
                with(json!(null)),
                with(json!("high")),
                "Zaaktype ZT-1 (PORTL): inlogniveau: geen eis → high",
            ),
        ] {
            assert_eq!(changes(old, new), [said]);
        }
    }
}
