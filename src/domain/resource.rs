//! What an upstream URL names, without the URL: source, kind and identifier.

use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};

use foldhash::fast::RandomState;
use uuid::Uuid;

use super::SourceName;

/// The kinds of resources that an upstream URL may point at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ResourceKind {
    Zaak,
    Status,
    Substatus,
    Resultaat,
    Rol,
    Zaakinformatieobject,
    Zaaktype,
    Statustype,
    Resultaattype,
    Roltype,
    Informatieobjecttype,
    Besluittype,
    Catalogus,
    Enkelvoudiginformatieobject,
    Besluit,
    Besluitinformatieobject,
}

impl ResourceKind {
    pub const ALL: [Self; 16] = [
        Self::Zaak,
        Self::Status,
        Self::Substatus,
        Self::Resultaat,
        Self::Rol,
        Self::Zaakinformatieobject,
        Self::Zaaktype,
        Self::Statustype,
        Self::Resultaattype,
        Self::Roltype,
        Self::Informatieobjecttype,
        Self::Besluittype,
        Self::Catalogus,
        Self::Enkelvoudiginformatieobject,
        Self::Besluit,
        Self::Besluitinformatieobject,
    ];

    /// The path segment of the collection in the ZGW APIs.
    pub const fn collection(self) -> &'static str {
        match self {
            Self::Zaak => "zaken",
            Self::Status => "statussen",
            Self::Substatus => "substatussen",
            Self::Resultaat => "resultaten",
            Self::Rol => "rollen",
            Self::Zaakinformatieobject => "zaakinformatieobjecten",
            Self::Zaaktype => "zaaktypen",
            Self::Statustype => "statustypen",
            Self::Resultaattype => "resultaattypen",
            Self::Roltype => "roltypen",
            Self::Informatieobjecttype => "informatieobjecttypen",
            Self::Besluittype => "besluittypen",
            Self::Catalogus => "catalogussen",
            Self::Enkelvoudiginformatieobject => "enkelvoudiginformatieobjecten",
            Self::Besluit => "besluiten",
            Self::Besluitinformatieobject => "besluitinformatieobjecten",
        }
    }

    pub fn from_collection(segment: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.collection() == segment)
    }
}

/// One object of one source. Objects are compared as these, never as URLs.
#[derive(Debug, Clone, Eq, PartialOrd, Ord)]
pub struct ResourceRef {
    pub source: SourceName,
    pub kind: ResourceKind,
    pub id: Uuid,
}

/// The identifier first: it alone tells nearly all apart.
impl PartialEq for ResourceRef {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && self.kind == other.kind && self.source == other.source
    }
}

/// As for equality, the identifier tells nearly all apart. A page looks up hundreds of these.
impl Hash for ResourceRef {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}

/// By reference. The hash is a quick one with a seed of its own for every map.
pub type RefMap<V> = HashMap<ResourceRef, V, RandomState>;
pub type RefSet = HashSet<ResourceRef, RandomState>;
