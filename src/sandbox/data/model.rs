//! The records of the sandbox. They are the sandbox's own and share nothing with the clients.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;
use uuid::Uuid;

use super::catalogus::ZaaktypeDef;
use crate::sandbox::files::FileKind;
use crate::sandbox::large::Large;

/// Something with a uuid.
pub trait Row {
    fn id(&self) -> Uuid;
}

/// Rows in the order of their making, and by uuid.
#[derive(Debug)]
pub struct Table<T> {
    rows: Vec<T>,
    by_id: HashMap<Uuid, usize>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            by_id: HashMap::new(),
        }
    }
}

impl<T: Row> Table<T> {
    pub fn add(&mut self, row: T) -> usize {
        let index = self.rows.len();
        self.by_id.insert(row.id(), index);
        self.rows.push(row);
        index
    }

    pub fn get(&self, index: usize) -> Option<&T> {
        self.rows.get(index)
    }

    pub fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        self.rows.get_mut(index)
    }

    pub fn find(&self, id: Uuid) -> Option<&T> {
        self.index_of(id).and_then(|index| self.get(index))
    }

    pub fn index_of(&self, id: Uuid) -> Option<usize> {
        self.by_id.get(&id).copied()
    }

    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.rows.iter()
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// The rows at these places, in this order.
    pub fn at<'a>(&'a self, places: &'a [usize]) -> impl DoubleEndedIterator<Item = &'a T> {
        places.iter().filter_map(|index| self.get(*index))
    }
}

macro_rules! rows {
    ($($name:ident),*) => {
        $(impl Row for $name {
            fn id(&self) -> Uuid {
                self.id
            }
        })*
    };
}
rows!(
    Zaaktype,
    Statustype,
    Resultaattype,
    Roltype,
    Eigenschap,
    Informatieobjecttype,
    Besluittype,
    ZaaktypeInformatieobjecttype,
    Zaak,
    Status,
    Substatus,
    Rol,
    Resultaat,
    Zaakinformatieobject,
    Zaakeigenschap,
    Document,
    Besluit,
    Besluitinformatieobject
);

#[derive(Debug)]
pub struct Zaaktype {
    pub id: Uuid,
    pub def: &'static ZaaktypeDef,
    /// From low to high volgnummer.
    pub statustypen: Vec<usize>,
    pub resultaattypen: Vec<usize>,
    pub roltypen: Vec<usize>,
    pub besluittype: Option<usize>,
    pub eigenschap: Option<usize>,
}

#[derive(Debug)]
pub struct Statustype {
    pub id: Uuid,
    pub zaaktype: usize,
    pub volgnummer: usize,
    pub omschrijving: &'static str,
    pub statustekst: &'static str,
    pub eind: bool,
}

#[derive(Debug)]
pub struct Resultaattype {
    pub id: Uuid,
    pub zaaktype: usize,
    pub omschrijving: &'static str,
}

#[derive(Debug)]
pub struct Roltype {
    pub id: Uuid,
    pub zaaktype: usize,
    pub soort: RolSoort,
}

#[derive(Debug)]
pub struct Eigenschap {
    pub id: Uuid,
    pub zaaktype: usize,
    pub naam: &'static str,
}

#[derive(Debug)]
pub struct Informatieobjecttype {
    pub id: Uuid,
    pub omschrijving: &'static str,
    pub vertrouwelijkheid: &'static str,
}

#[derive(Debug)]
pub struct Besluittype {
    pub id: Uuid,
    pub zaaktype: usize,
    pub omschrijving: &'static str,
}

#[derive(Debug)]
pub struct ZaaktypeInformatieobjecttype {
    pub id: Uuid,
    pub zaaktype: usize,
    pub informatieobjecttype: usize,
    pub volgnummer: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RolSoort {
    Aanvrager,
    Behandelaar,
    Gemachtigde,
    Belanghebbende,
    MedeAanvrager,
}

impl RolSoort {
    pub const ALL: [Self; 5] = [
        Self::Aanvrager,
        Self::Behandelaar,
        Self::Gemachtigde,
        Self::Belanghebbende,
        Self::MedeAanvrager,
    ];

    pub const fn omschrijving(self) -> &'static str {
        match self {
            Self::Aanvrager => "Aanvrager",
            Self::Behandelaar => "Behandelaar",
            Self::Gemachtigde => "Gemachtigde",
            Self::Belanghebbende => "Belanghebbende",
            Self::MedeAanvrager => "Mede-aanvrager",
        }
    }

    /// The word of the standard; a gemachtigde has none of its own.
    pub const fn generiek(self) -> &'static str {
        match self {
            Self::Aanvrager => "initiator",
            Self::Behandelaar => "behandelaar",
            Self::Gemachtigde | Self::Belanghebbende => "belanghebbende",
            Self::MedeAanvrager => "mede_initiator",
        }
    }
}

#[derive(Debug)]
pub struct Zaak {
    pub id: Uuid,
    pub identificatie: String,
    pub zaaktype: usize,
    pub omschrijving: String,
    pub toelichting: &'static str,
    pub start: Date,
    pub einde: Option<Date>,
    pub vertrouwelijkheid: &'static str,
    pub hoofdzaak: Option<usize>,
    pub deelzaken: Vec<usize>,
    pub rollen: Vec<usize>,
    /// From old to new.
    pub statussen: Vec<usize>,
    pub substatussen: Vec<usize>,
    pub resultaat: Option<usize>,
    pub zaakinformatieobjecten: Vec<usize>,
    pub eigenschappen: Vec<usize>,
    pub besluiten: Vec<usize>,
    /// Longitude and latitude.
    pub plek: Option<(f64, f64)>,
    pub gemuteerd: Moment,
}

/// A day and a time on it, written as Open Zaak does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    pub day: Date,
    /// Seconds after midnight UTC.
    pub second: u32,
}

impl Moment {
    pub const fn new(day: Date, second: u32) -> Self {
        Self { day, second }
    }
}

impl std::fmt::Display for Moment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (h, m, s) = (
            self.second / 3600 % 24,
            self.second / 60 % 60,
            self.second % 60,
        );
        write!(f, "{}T{h:02}:{m:02}:{s:02}Z", self.day)
    }
}

#[derive(Debug)]
pub struct Status {
    pub id: Uuid,
    pub zaak: usize,
    pub statustype: usize,
    pub gezet: Moment,
    pub toelichting: &'static str,
    pub laatst: bool,
}

#[derive(Debug)]
pub struct Substatus {
    pub id: Uuid,
    pub zaak: usize,
    pub status: usize,
    pub omschrijving: &'static str,
    pub tijdstip: Moment,
    pub doelgroep: &'static str,
}

/// Who a rol is about.
#[derive(Debug)]
pub enum Betrokkene {
    Persoon {
        bsn: String,
        voornamen: String,
        voorvoegsel: String,
        geslachtsnaam: String,
        geboortedatum: String,
    },
    Bedrijf {
        kvk: String,
        rsin: String,
        vestiging: String,
        naam: String,
    },
    Vestiging {
        kvk: String,
        nummer: String,
        naam: String,
    },
    Medewerker {
        id: &'static str,
        voorletters: &'static str,
        achternaam: &'static str,
    },
    Afdeling {
        id: &'static str,
        naam: &'static str,
    },
}

#[derive(Debug)]
pub struct Rol {
    pub id: Uuid,
    pub zaak: usize,
    pub roltype: usize,
    pub soort: RolSoort,
    pub betrokkene: Arc<Betrokkene>,
    pub machtiging: &'static str,
    /// Level of assurance of the login that filed the zaak, where it is known.
    pub loa: Option<&'static str>,
    pub begin: Option<Date>,
    pub einde: Option<Date>,
    pub geregistreerd: Moment,
}

#[derive(Debug)]
pub struct Resultaat {
    pub id: Uuid,
    pub zaak: usize,
    pub resultaattype: usize,
    pub toelichting: &'static str,
}

#[derive(Debug)]
pub struct Zaakinformatieobject {
    pub id: Uuid,
    /// Of the twin in the Documenten API.
    pub objectinformatieobject: Uuid,
    pub zaak: usize,
    pub document: usize,
    pub geregistreerd: Moment,
}

#[derive(Debug)]
pub struct Zaakeigenschap {
    pub id: Uuid,
    pub zaak: usize,
    pub eigenschap: usize,
    pub waarde: String,
}

#[derive(Debug)]
pub struct Document {
    pub id: Uuid,
    pub identificatie: String,
    pub titel: String,
    pub bestandsnaam: String,
    pub soort: FileKind,
    pub informatieobjecttype: usize,
    pub vertrouwelijkheid: &'static str,
    pub status: &'static str,
    pub auteur: &'static str,
    pub creatie: Date,
    pub ontvangst: Option<Date>,
    pub verzending: Option<Date>,
    pub geregistreerd: Moment,
    /// What the file says, a line each.
    pub regels: Vec<String>,
    /// Made at the first question about the length or the bytes.
    pub bytes: std::sync::OnceLock<bytes::Bytes>,
    /// Made while it is sent, in place of `bytes`.
    pub large: Option<Large>,
}

impl Document {
    pub fn length(&self) -> u64 {
        self.large
            .map_or_else(|| self.bytes().len() as u64, |large| large.length)
    }

    pub fn bytes(&self) -> &bytes::Bytes {
        self.bytes
            .get_or_init(|| self.soort.make(&self.titel, &self.regels).into())
    }
}

#[derive(Debug)]
pub struct Besluit {
    pub id: Uuid,
    pub zaakbesluit: Uuid,
    pub identificatie: String,
    pub zaak: usize,
    pub besluittype: usize,
    pub datum: Date,
    pub toelichting: &'static str,
}

#[derive(Debug)]
pub struct Besluitinformatieobject {
    pub id: Uuid,
    pub besluit: usize,
    pub document: usize,
}
