//! The filters on rollen, alike on `/rollen` and, with `rol__` before them, on `/zaken`.

use super::problem::Problem;
use crate::sandbox::data::model::{Betrokkene, Rol};

/// What `/rollen` knows.
pub const PARAMS: &[&str] = &[
    "betrokkene",
    "betrokkeneIdentificatie__medewerker__identificatie",
    "betrokkeneIdentificatie__natuurlijkPersoon__anpIdentificatie",
    "betrokkeneIdentificatie__natuurlijkPersoon__inpA_nummer",
    "betrokkeneIdentificatie__natuurlijkPersoon__inpBsn",
    "betrokkeneIdentificatie__nietNatuurlijkPersoon__annIdentificatie",
    "betrokkeneIdentificatie__nietNatuurlijkPersoon__innNnpId",
    "betrokkeneIdentificatie__nietNatuurlijkPersoon__kvkNummer",
    "betrokkeneIdentificatie__nietNatuurlijkPersoon__vestigingsNummer",
    "betrokkeneIdentificatie__organisatorischeEenheid__identificatie",
    "betrokkeneIdentificatie__vestiging__kvkNummer",
    "betrokkeneIdentificatie__vestiging__vestigingsNummer",
    "betrokkeneType",
    "machtiging",
    "machtiging__loa",
    "omschrijving",
    "omschrijvingGeneriek",
    "roltype",
    "zaak",
];

/// The longest value of some filters, as the server checks it.
const LENGTHS: [(&str, usize); 4] = [
    ("natuurlijkPersoon__inpBsn", 9),
    ("nietNatuurlijkPersoon__innNnpId", 9),
    ("kvkNummer", 8),
    ("vestigingsNummer", 24),
];

#[derive(Debug, Default)]
pub struct RolFilter {
    wanted: Vec<(String, String)>,
}

impl RolFilter {
    /// Takes the filters that begin with `prefix`. An empty value does not filter.
    pub fn parse(params: &[(String, String)], prefix: &str) -> Result<Self, Problem> {
        let mut wanted = Vec::new();
        for (name, value) in params {
            let Some(key) = name.strip_prefix(prefix) else {
                continue;
            };
            if value.is_empty() || matches!(key, "zaak" | "roltype") || !PARAMS.contains(&key) {
                continue;
            }
            let too_long = LENGTHS
                .iter()
                .any(|(end, longest)| key.ends_with(end) && value.chars().count() > *longest);
            if too_long {
                return Err(Problem::invalid(
                    name,
                    "max_length",
                    "De waarde is te lang.",
                ));
            }
            wanted.push((key.to_owned(), value.clone()));
        }
        Ok(Self { wanted })
    }

    pub fn is_empty(&self) -> bool {
        self.wanted.is_empty()
    }

    /// Only what the rol is called: what is left when filters on person are ignored.
    #[must_use]
    pub fn without_person(mut self) -> Self {
        self.wanted
            .retain(|(key, _)| key.starts_with("omschrijving"));
        self
    }

    /// All filters must hold for the same rol.
    pub fn matches(&self, rol: &Rol) -> bool {
        self.wanted
            .iter()
            .all(|(key, value)| field(rol, key) == Some(value.as_str()))
    }
}

/// What a rol holds under the name of a filter.
fn field<'a>(rol: &'a Rol, key: &str) -> Option<&'a str> {
    let who = &*rol.betrokkene;
    match key.strip_prefix("betrokkeneIdentificatie__") {
        Some(key) => match (key, who) {
            ("natuurlijkPersoon__inpBsn", Betrokkene::Persoon { bsn, .. }) => Some(bsn),
            ("nietNatuurlijkPersoon__innNnpId", Betrokkene::Bedrijf { rsin, .. }) => Some(rsin),
            ("nietNatuurlijkPersoon__kvkNummer", Betrokkene::Bedrijf { kvk, .. })
            | ("vestiging__kvkNummer", Betrokkene::Vestiging { kvk, .. }) => Some(kvk),
            ("nietNatuurlijkPersoon__vestigingsNummer", Betrokkene::Bedrijf { vestiging, .. }) => {
                Some(vestiging)
            }
            ("vestiging__vestigingsNummer", Betrokkene::Vestiging { nummer, .. }) => Some(nummer),
            ("medewerker__identificatie", Betrokkene::Medewerker { id, .. })
            | ("organisatorischeEenheid__identificatie", Betrokkene::Afdeling { id, .. }) => {
                Some(id)
            }
            _ => None,
        },
        None => match key {
            "omschrijvingGeneriek" => Some(rol.soort.generiek()),
            "omschrijving" => Some(rol.soort.omschrijving()),
            "betrokkeneType" => Some(kind(who)),
            "machtiging" => Some(if rol.machtiging.is_empty() {
                "eigen"
            } else {
                rol.machtiging
            }),
            "machtiging__loa" => rol.loa,
            _ => None,
        },
    }
}

/// The word for a kind of betrokkene.
pub const fn kind(who: &Betrokkene) -> &'static str {
    match who {
        Betrokkene::Persoon { .. } => "natuurlijk_persoon",
        Betrokkene::Bedrijf { .. } => "niet_natuurlijk_persoon",
        Betrokkene::Vestiging { .. } => "vestiging",
        Betrokkene::Medewerker { .. } => "medewerker",
        Betrokkene::Afdeling { .. } => "organisatorische_eenheid",
    }
}
