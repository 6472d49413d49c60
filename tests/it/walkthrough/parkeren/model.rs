//! The words of the register, and how it writes them.

use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Value, json};
use zijspan::domain::{Bsn, KvkNummer, Proven, Subject};

/// Whose a permit is. Owners are compared as this, never as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Eigenaar {
    Burger(Bsn),
    Onderneming(KvkNummer),
}

impl Eigenaar {
    /// `None` for whom the register knows nothing: it knows companies as a whole, by KvK-nummer, and the
    /// whole is not a branch's to see.
    pub fn of(subject: &Subject) -> Option<Self> {
        match subject {
            Subject::Burger(bsn) => Some(Self::Burger(bsn.clone())),
            Subject::Onderneming(own) if own.vestiging.is_none() => {
                own.kvk().cloned().map(Self::Onderneming)
            }
            Subject::Onderneming(_) | Subject::Pseudoniem(_) => None,
        }
    }

    pub(super) fn to_json(&self) -> Value {
        match self {
            Self::Burger(bsn) => json!({ "type": "bsn", "waarde": bsn.expose() }),
            Self::Onderneming(kvk) => json!({ "type": "kvk", "waarde": kvk.expose() }),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vergunning {
    pub nummer: String,
    pub zone: Option<String>,
    pub geldig_tot: Option<Date>,
}

/// One page as the register sends it. No `Debug`: there are numbers of people in it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Page {
    pub aantal: u64,
    pub volgende: Option<u32>,
    vergunningen: Vec<Item>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    nummer: String,
    zone: Option<String>,
    geldig_tot: Option<Date>,
    eigenaar: Option<Owner>,
}

#[derive(Deserialize)]
struct Owner {
    #[serde(rename = "type")]
    kind: String,
    waarde: String,
}

impl Item {
    /// The owner that the permit names, when it can be read.
    fn eigenaar(&self) -> Option<Eigenaar> {
        let owner = self.eigenaar.as_ref()?;
        match owner.kind.as_str() {
            "bsn" => Bsn::parse(&owner.waarde).ok().map(Eigenaar::Burger),
            "kvk" => KvkNummer::parse(&owner.waarde)
                .ok()
                .map(Eigenaar::Onderneming),
            _ => None,
        }
    }
}

impl Page {
    /// Whether a permit names somebody else: then the register ignored the filter, and nothing of what it
    /// said can be trusted.
    pub fn names_another(&self, asked: &Eigenaar) -> bool {
        self.vergunningen
            .iter()
            .filter_map(Item::eigenaar)
            .any(|own| own != *asked)
    }

    /// The permits that name this owner. One that names nobody is nobody's.
    pub fn of(&self, asked: &Eigenaar) -> impl Iterator<Item = Proven<Vergunning>> {
        self.vergunningen.iter().filter_map(move |item| {
            let vergunning = Vergunning {
                nummer: item.nummer.clone(),
                zone: item.zone.clone(),
                geldig_tot: item.geldig_tot,
            };
            Proven::owned(vergunning, item.eigenaar().as_ref(), asked)
        })
    }
}
