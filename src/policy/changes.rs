//! What changed between two policies, in sentences for the webbeheerder and the audit log's reader.

mod mandaten;

use std::collections::BTreeSet;

use super::{
    Beurt, Deelzaken, NieuweZaaktypen, Policy, ResultaattypePolicy, StatusBetekenis,
    StatustypePolicy, ZaaktypePolicy,
};
use crate::domain::LevelOfAssurance;

impl Policy {
    /// What this policy changes in `old`. Empty exactly when the two are equal.
    pub fn changes_from(&self, old: &Self) -> Vec<String> {
        let mut said = Said::default();
        said.turned("Mijn zaken", old.modules.zaken, self.modules.zaken);
        said.value(
            "Inlogniveau voor Mijn zaken",
            &niveau(old.niveaus.zaken),
            &niveau(self.niveaus.zaken),
        );
        mandaten::told(&mut said, &old.mandaten, &self.mandaten);
        let bronnen = |policy: &Self| -> Vec<String> {
            policy
                .bronnen_uit
                .iter()
                .map(|bron| bron.as_str().to_owned())
                .collect()
        };
        said.list("Bronnen die uit staan", &bronnen(old), &bronnen(self));
        said.value(
            "Hoogste vertrouwelijkheid van zaken",
            old.zaak_vertrouwelijkheid.as_str(),
            self.zaak_vertrouwelijkheid.as_str(),
        );
        said.value(
            "Hoogste vertrouwelijkheid van documenten",
            old.document_vertrouwelijkheid.as_str(),
            self.document_vertrouwelijkheid.as_str(),
        );
        let rollen = |policy: &Self| -> Vec<String> {
            policy
                .rollen
                .iter()
                .map(|r| r.as_str().to_owned())
                .collect()
        };
        said.list("Rollen die inzage geven", &rollen(old), &rollen(self));
        said.value(
            "Nieuwe zaaktypen",
            nieuwe(old.nieuwe_zaaktypen),
            nieuwe(self.nieuwe_zaaktypen),
        );
        said.value(
            "Deelzaken",
            deelzaken(old.deelzaken),
            deelzaken(self.deelzaken),
        );
        let day = |policy: &Self| {
            policy
                .zichtbaar_vanaf
                .map_or_else(|| "altijd".to_owned(), |day| day.to_string())
        };
        said.value("Zichtbaar vanaf", &day(old), &day(self));
        said.value(
            "Betekenis van een status",
            betekenis(old.status_betekenis),
            betekenis(self.status_betekenis),
        );
        said.turned("Substatussen", old.substatussen, self.substatussen);
        said.list(
            "Documenttypen van de ingediende aanvraag",
            &old.aanvraag_documenttypen,
            &self.aanvraag_documenttypen,
        );
        said.list(
            "Interne documenttypen die getoond worden",
            &old.interne_documenttypen,
            &self.interne_documenttypen,
        );
        said.list(
            "Verborgen documenttypen",
            &old.verborgen_documenttypen,
            &self.verborgen_documenttypen,
        );
        said.items(
            "Zaaktypen",
            "Zaaktype",
            &old.zaaktypen,
            &self.zaaktypen,
            |entry| named(&entry.catalogus, &entry.identificatie),
            |entry| (entry.catalogus.clone(), entry.identificatie.clone()),
            zaaktype,
        );
        said.0
    }
}

/// A zaaktype as it is read in a sentence.
fn named(catalogus: &str, identificatie: &str) -> String {
    if catalogus.is_empty() {
        identificatie.to_owned()
    } else {
        format!("{identificatie} ({catalogus})")
    }
}

fn niveau(level: Option<LevelOfAssurance>) -> String {
    level.map_or_else(|| "geen eis".to_owned(), |level| level.to_string())
}

fn zaaktype(said: &mut Said, name: &str, old: &ZaaktypePolicy, new: &ZaaktypePolicy) {
    let of = |what: &str| format!("{name}: {what}");
    said.value(&of("tonen"), yes(old.tonen), yes(new.tonen));
    said.value(&of("inlogniveau"), &niveau(old.niveau), &niveau(new.niveau));
    said.text(
        &of("naam voor inwoners"),
        old.label.as_deref(),
        new.label.as_deref(),
    );
    let own = |value: Option<StatusBetekenis>| value.map_or("als de site", betekenis);
    said.value(
        &of("betekenis van een status"),
        own(old.status_betekenis),
        own(new.status_betekenis),
    );
    let own = |value: Option<bool>| value.map_or("als de site", yes);
    said.value(
        &of("substatussen"),
        own(old.substatussen),
        own(new.substatussen),
    );
    said.items(
        &of("statussen"),
        &of("status"),
        &old.statustypen,
        &new.statustypen,
        |entry| format!("{} ‘{}’", entry.volgnummer, entry.omschrijving),
        |entry| (entry.volgnummer, entry.omschrijving.clone()),
        statustype,
    );
    said.items(
        &of("resultaten"),
        &of("resultaat"),
        &old.resultaattypen,
        &new.resultaattypen,
        |entry| format!("‘{}’", entry.omschrijving),
        |entry| entry.omschrijving.clone(),
        resultaattype,
    );
}

fn statustype(said: &mut Said, name: &str, old: &StatustypePolicy, new: &StatustypePolicy) {
    let of = |what: &str| format!("{name}: {what}");
    said.text(&of("tekst"), old.label.as_deref(), new.label.as_deref());
    said.text(
        &of("toelichting"),
        old.toelichting.as_deref(),
        new.toelichting.as_deref(),
    );
    said.value(&of("aan de beurt"), beurt(old.beurt), beurt(new.beurt));
    said.value(&of("verborgen"), yes(old.verborgen), yes(new.verborgen));
}

fn resultaattype(
    said: &mut Said,
    name: &str,
    old: &ResultaattypePolicy,
    new: &ResultaattypePolicy,
) {
    let of = |what: &str| format!("{name}: {what}");
    said.text(&of("tekst"), old.label.as_deref(), new.label.as_deref());
    said.text(
        &of("toelichting"),
        old.toelichting.as_deref(),
        new.toelichting.as_deref(),
    );
    let known = |value: Option<bool>| value.map_or("niet ingevuld", yes);
    said.value(
        &of("bezwaar mogelijk"),
        known(old.bezwaar),
        known(new.bezwaar),
    );
}

const fn yes(value: bool) -> &'static str {
    if value { "ja" } else { "nee" }
}

const fn nieuwe(value: NieuweZaaktypen) -> &'static str {
    match value {
        NieuweZaaktypen::Tonen => "tonen",
        NieuweZaaktypen::Verbergen => "verbergen",
    }
}

const fn deelzaken(value: Deelzaken) -> &'static str {
    match value {
        Deelzaken::Gevouwen => "onder hun hoofdzaak",
        Deelzaken::Los => "los in de lijst",
    }
}

const fn betekenis(value: StatusBetekenis) -> &'static str {
    match value {
        StatusBetekenis::Bereikt => "bereikt",
        StatusBetekenis::Bezig => "bezig",
    }
}

const fn beurt(value: Option<Beurt>) -> &'static str {
    match value {
        None => "niet ingevuld",
        Some(Beurt::Gemeente) => "gemeente",
        Some(Beurt::Inwoner) => "inwoner",
        Some(Beurt::Ander) => "een ander",
    }
}

/// The sentences so far.
#[derive(Default)]
struct Said(Vec<String>);

impl Said {
    fn value(&mut self, what: &str, old: &str, new: &str) {
        if old != new {
            self.0.push(format!("{what}: {old} → {new}"));
        }
    }

    fn turned(&mut self, what: &str, old: bool, new: bool) {
        let word = |on| if on { "aan" } else { "uit" };
        self.value(what, word(old), word(new));
    }

    /// A text can be long; that it changed is enough.
    fn text(&mut self, what: &str, old: Option<&str>, new: Option<&str>) {
        let verb = match (old, new) {
            (old, new) if old == new => return,
            (None, _) => "ingevuld",
            (_, None) => "weggehaald",
            _ => "gewijzigd",
        };
        self.0.push(format!("{what}: {verb}"));
    }

    fn list(&mut self, what: &str, old: &[String], new: &[String]) {
        let names = |list: &[String]| list.iter().cloned().collect::<BTreeSet<_>>();
        let (before, after) = (names(old), names(new));
        let known = self.0.len();
        for name in after.difference(&before) {
            self.0.push(format!("{what}: ‘{name}’ erbij"));
        }
        for name in before.difference(&after) {
            self.0.push(format!("{what}: ‘{name}’ eraf"));
        }
        if self.0.len() == known && old != new {
            self.0.push(format!("{what}: volgorde gewijzigd"));
        }
    }

    /// Entries that are known by a key: added, removed, or changed inside.
    #[expect(
        clippy::too_many_arguments,
        reason = "three lists go through this one comparison, each with its own words"
    )]
    fn items<T: PartialEq, K: PartialEq>(
        &mut self,
        all: &str,
        one: &str,
        old: &[T],
        new: &[T],
        name: impl Fn(&T) -> String,
        key: impl Fn(&T) -> K,
        inside: impl Fn(&mut Self, &str, &T, &T),
    ) {
        let known = self.0.len();
        for entry in new {
            match old.iter().find(|other| key(other) == key(entry)) {
                Some(before) => inside(self, &format!("{one} {}", name(entry)), before, entry),
                None => self.0.push(format!("{one} {}: erbij", name(entry))),
            }
        }
        for entry in old {
            if !new.iter().any(|other| key(other) == key(entry)) {
                self.0.push(format!("{one} {}: eraf", name(entry)));
            }
        }
        if self.0.len() == known && old != new {
            self.0.push(format!("{all}: volgorde gewijzigd"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn policy(json: Value) -> Policy {
        serde_json::from_value(json).unwrap()
    }

    fn changes(old: Value, new: Value) -> Vec<String> {
        policy(new).changes_from(&policy(old))
    }

    fn with(field: &str, value: Value) -> Value {
        let mut zaaktype = json!({
            "catalogus": "PORTL", "identificatie": "ZT-1",
            "statustypen": [{"volgnummer": 1, "omschrijving": "Ontvangen"}],
            "resultaattypen": [{"omschrijving": "Verleend"}],
        });
        zaaktype[field] = value;
        json!({"zaaktypen": [zaaktype]})
    }

    #[test]
    fn every_field_that_changes_is_said_in_one_sentence() {
        let plain = with("tonen", json!(true));
        let step = |field: &str, value: Value| {
            let mut step = json!({"volgnummer": 1, "omschrijving": "Ontvangen"});
            step[field] = value;
            with("statustypen", json!([step]))
        };
        let result = |field: &str, value: Value| {
            let mut result = json!({"omschrijving": "Verleend"});
            result[field] = value;
            with("resultaattypen", json!([result]))
        };
        for (old, new, said) in [
            (
                json!({}),
                json!({"modules": {"zaken": false}}),
                "Mijn zaken: aan → uit",
            ),
            (
                json!({}),
                json!({"zaak_vertrouwelijkheid": "openbaar"}),
                "Hoogste vertrouwelijkheid van zaken: zaakvertrouwelijk → openbaar",
            ),
            (
                json!({}),
                json!({"document_vertrouwelijkheid": "openbaar"}),
                "Hoogste vertrouwelijkheid van documenten: zaakvertrouwelijk → openbaar",
            ),
            (
                json!({}),
                json!({"rollen": ["initiator", "gemachtigde"]}),
                "Rollen die inzage geven: ‘gemachtigde’ erbij",
            ),
            (
                json!({}),
                json!({"bronnen_uit": ["archief"]}),
                "Bronnen die uit staan: ‘archief’ erbij",
            ),
            (
                json!({"bronnen_uit": ["archief", "zgw"]}),
                json!({"bronnen_uit": ["archief"]}),
                "Bronnen die uit staan: ‘zgw’ eraf",
            ),
            (
                json!({}),
                json!({"nieuwe_zaaktypen": "verbergen"}),
                "Nieuwe zaaktypen: tonen → verbergen",
            ),
            (
                json!({}),
                json!({"deelzaken": "los"}),
                "Deelzaken: onder hun hoofdzaak → los in de lijst",
            ),
            (
                json!({}),
                json!({"zichtbaar_vanaf": "2026-01-01"}),
                "Zichtbaar vanaf: altijd → 2026-01-01",
            ),
            (
                json!({}),
                json!({"status_betekenis": "bezig"}),
                "Betekenis van een status: bereikt → bezig",
            ),
            (
                json!({}),
                json!({"substatussen": true}),
                "Substatussen: uit → aan",
            ),
            (
                json!({}),
                json!({"aanvraag_documenttypen": []}),
                "Documenttypen van de ingediende aanvraag: ‘Aanvraagformulier’ eraf",
            ),
            (
                json!({}),
                json!({"interne_documenttypen": ["Memo"]}),
                "Interne documenttypen die getoond worden: ‘Memo’ erbij",
            ),
            (
                json!({}),
                json!({"verborgen_documenttypen": ["Memo"]}),
                "Verborgen documenttypen: ‘Memo’ erbij",
            ),
            (
                json!({"verborgen_documenttypen": ["A", "B"]}),
                json!({"verborgen_documenttypen": ["B", "A"]}),
                "Verborgen documenttypen: volgorde gewijzigd",
            ),
            (json!({}), plain.clone(), "Zaaktype ZT-1 (PORTL): erbij"),
            (plain.clone(), json!({}), "Zaaktype ZT-1 (PORTL): eraf"),
            (
                plain.clone(),
                with("tonen", json!(false)),
                "Zaaktype ZT-1 (PORTL): tonen: ja → nee",
            ),
            (
                plain.clone(),
                with("label", json!("Vergunning")),
                "Zaaktype ZT-1 (PORTL): naam voor inwoners: ingevuld",
            ),
            (
                plain.clone(),
                with("status_betekenis", json!("bezig")),
                "Zaaktype ZT-1 (PORTL): betekenis van een status: als de site → bezig",
            ),
            (
                plain.clone(),
                with("substatussen", json!(false)),
                "Zaaktype ZT-1 (PORTL): substatussen: als de site → nee",
            ),
            (
                plain.clone(),
                with("statustypen", json!([])),
                "Zaaktype ZT-1 (PORTL): status 1 ‘Ontvangen’: eraf",
            ),
            (
                plain.clone(),
                step("label", json!("Binnen")),
                "Zaaktype ZT-1 (PORTL): status 1 ‘Ontvangen’: tekst: ingevuld",
            ),
            (
                plain.clone(),
                step("toelichting", json!("Wij hebben uw aanvraag.")),
                "Zaaktype ZT-1 (PORTL): status 1 ‘Ontvangen’: toelichting: ingevuld",
            ),
            (
                plain.clone(),
                step("beurt", json!("inwoner")),
                "Zaaktype ZT-1 (PORTL): status 1 ‘Ontvangen’: aan de beurt: niet ingevuld → inwoner",
            ),
            (
                plain.clone(),
                step("verborgen", json!(true)),
                "Zaaktype ZT-1 (PORTL): status 1 ‘Ontvangen’: verborgen: nee → ja",
            ),
            (
                plain.clone(),
                result("label", json!("Ja")),
                "Zaaktype ZT-1 (PORTL): resultaat ‘Verleend’: tekst: ingevuld",
            ),
            (
                plain.clone(),
                result("toelichting", json!("U mag bouwen.")),
                "Zaaktype ZT-1 (PORTL): resultaat ‘Verleend’: toelichting: ingevuld",
            ),
            (
                result("bezwaar", json!(false)),
                result("bezwaar", json!(true)),
                "Zaaktype ZT-1 (PORTL): resultaat ‘Verleend’: bezwaar mogelijk: nee → ja",
            ),
        ] {
            assert_eq!(changes(old.clone(), new), [said]);
            assert!(changes(old.clone(), old).is_empty());
        }
    }
}
