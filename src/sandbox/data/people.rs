//! The test persons. Names and numbers are made up; every BSN begins with 9999 and passes the elfproef.

use std::sync::Arc;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::model::Betrokkene;
use super::seed::Seed;
use crate::domain::Bsn;

/// Who can log in, and why one would.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub number: PersonNumber,
    pub name: String,
    pub about: String,
    /// Branches of which one may be chosen at login: number and name.
    pub vestigingen: Vec<(String, String)>,
}

/// A number of the test world. Unlike the domain's it prints itself: it is nobody's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PersonNumber {
    Bsn(String),
    Kvk(String),
}

impl PersonNumber {
    pub fn as_str(&self) -> &str {
        match self {
            Self::Bsn(number) | Self::Kvk(number) => number,
        }
    }

    /// The claim that carries it.
    pub const fn claim(&self) -> &'static str {
        match self {
            Self::Bsn(_) => "bsn",
            Self::Kvk(_) => "kvk",
        }
    }
}

/// `{"bsn"|"kvk","name","about"}`, as `zijspan demo --json` prints it.
impl Serialize for Person {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry(self.number.claim(), self.number.as_str())?;
        map.serialize_entry("name", &self.name)?;
        map.serialize_entry("about", &self.about)?;
        map.end()
    }
}

/// A natural person of the stories.
pub struct Burger {
    pub bsn: &'static str,
    pub voornamen: &'static str,
    pub voorvoegsel: &'static str,
    pub geslachtsnaam: &'static str,
    pub geboortedatum: &'static str,
}

const fn burger(
    bsn: &'static str,
    voornamen: &'static str,
    voorvoegsel: &'static str,
    geslachtsnaam: &'static str,
    geboortedatum: &'static str,
) -> Burger {
    Burger {
        bsn,
        voornamen,
        voorvoegsel,
        geslachtsnaam,
        geboortedatum,
    }
}

impl Burger {
    pub fn naam(&self) -> String {
        [self.voornamen, self.voorvoegsel, self.geslachtsnaam]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }

    pub fn betrokkene(&self) -> Arc<Betrokkene> {
        Arc::new(Betrokkene::Persoon {
            bsn: self.bsn.to_owned(),
            voornamen: self.voornamen.to_owned(),
            voorvoegsel: self.voorvoegsel.to_owned(),
            geslachtsnaam: self.geslachtsnaam.to_owned(),
            geboortedatum: self.geboortedatum.to_owned(),
        })
    }

    pub fn person(&self, about: &str) -> Person {
        Person {
            number: PersonNumber::Bsn(self.bsn.to_owned()),
            name: self.naam(),
            about: about.to_owned(),
            vestigingen: Vec::new(),
        }
    }
}

pub const NOOR: Burger = burger("999912410", "Noor", "van den", "Akker", "19850314");
pub const BRAM: Burger = burger("999931635", "Bram", "", "Hofstede", "19920702");
pub const FARIDA: Burger = burger("999946043", "Farida", "", "Benhaddou", "19780921");
pub const WILLEM: Burger = burger("999946857", "Willem", "", "Postmaat", "19511105");
pub const SOPHIE: Burger = burger("999958252", "Sophie", "de", "Graauw", "19890128");
pub const KAREL: Burger = burger("999963478", "Karel", "", "Dijkhuizen", "19640830");
pub const THEO: Burger = burger("999974713", "Theo", "van", "Zandwijk", "19700412");
/// Buurman of Noor and gemachtigde of Karel; has no login of his own in the list.
pub const PIETER: Burger = burger("999987112", "Pieter", "", "Overduin", "19590217");

const FIXED: [&str; 8] = [
    NOOR.bsn, BRAM.bsn, FARIDA.bsn, WILLEM.bsn, SOPHIE.bsn, KAREL.bsn, THEO.bsn, PIETER.bsn,
];

pub const BAKKERIJ_KVK: &str = "90027516";
pub const BAKKERIJ_RSIN: &str = "999987525";
pub const BAKKERIJ: &str = "Bakkerij De Korenmaat B.V.";
pub const VESTIGINGEN: [(&str, &str); 2] = [
    ("000090027511", "De Korenmaat Lindeplein"),
    ("000090027522", "De Korenmaat Schippershaven"),
];
pub const BEWIND_KVK: &str = "90031874";
pub const BEWIND_RSIN: &str = "999931222";
pub const BEWIND: &str = "Bewindkantoor Waardzicht B.V.";

pub fn bedrijf(kvk: &str, rsin: &str, vestiging: &str, naam: &str) -> Arc<Betrokkene> {
    Arc::new(Betrokkene::Bedrijf {
        kvk: kvk.to_owned(),
        rsin: rsin.to_owned(),
        vestiging: vestiging.to_owned(),
        naam: naam.to_owned(),
    })
}

pub fn vestiging(kvk: &str, nummer: &str, naam: &str) -> Arc<Betrokkene> {
    Arc::new(Betrokkene::Vestiging {
        kvk: kvk.to_owned(),
        nummer: nummer.to_owned(),
        naam: naam.to_owned(),
    })
}

const VOORNAMEN: [&str; 16] = [
    "Anouk", "Daan", "Esra", "Gijs", "Hanna", "Imre", "Joris", "Kim", "Lotte", "Mehmet", "Nienke",
    "Otis", "Puck", "Rachid", "Saar", "Teun",
];
const GESLACHTSNAMEN: [&str; 16] = [
    "Aalbers",
    "Boterhoven",
    "Cingel",
    "Demirel",
    "Elzinga",
    "Fokkema",
    "Groenewoud",
    "Haarsma",
    "Idsinga",
    "Jonkheer",
    "Kuipersma",
    "Lammertink",
    "Meerveld",
    "Nijdam",
    "Oosterling",
    "Pronk",
];

/// Persons beyond the fixed ones, each with a number of their own, as many as there are numbers (about
/// nine thousand).
pub fn generated() -> impl Iterator<Item = (Person, Arc<Betrokkene>)> {
    (999_900_000_u32..=999_999_999)
        .map(|number| number.to_string())
        .filter(|number| Bsn::parse(number).is_ok() && !FIXED.contains(&number.as_str()))
        .map(|bsn| {
            let mut seed = Seed::new(&bsn);
            let voornaam = seed.pick(&VOORNAMEN).unwrap_or_default();
            let achternaam = seed.pick(&GESLACHTSNAMEN).unwrap_or_default();
            let geboren = format!(
                "{}{:02}{:02}",
                1945 + seed.below(60),
                1 + seed.below(12),
                1 + seed.below(28)
            );
            let betrokkene = Arc::new(Betrokkene::Persoon {
                bsn: bsn.clone(),
                voornamen: voornaam.to_owned(),
                voorvoegsel: String::new(),
                geslachtsnaam: achternaam.to_owned(),
                geboortedatum: geboren,
            });
            let person = Person {
                number: PersonNumber::Bsn(bsn),
                name: format!("{voornaam} {achternaam}"),
                about: "gegenereerde testpersoon".to_owned(),
                vestigingen: Vec::new(),
            };
            (person, betrokkene)
        })
}
