//! The filters and the order of `/zaken` and `/zaken/_zoek`.

use std::cmp::Ordering;
use std::collections::HashSet;

use jiff::civil::Date;
use uuid::Uuid;

use super::problem::Problem;
use super::rol_filter::RolFilter;
use crate::domain::Vertrouwelijkheid;
use crate::sandbox::data::model::Zaak;
use crate::sandbox::data::{GEMEENTE_RSIN, World};
use crate::sandbox::http::value;

/// What `/zaken` knows beside its paging.
pub const PARAMS: &[&str] = &[
    "archiefactiedatum",
    "archiefactiedatum__gt",
    "archiefactiedatum__isnull",
    "archiefactiedatum__lt",
    "archiefnominatie",
    "archiefnominatie__in",
    "archiefstatus",
    "archiefstatus__in",
    "bronorganisatie",
    "bronorganisatie__in",
    "einddatum",
    "einddatumGepland",
    "einddatumGepland__gt",
    "einddatumGepland__lt",
    "einddatum__gt",
    "einddatum__isnull",
    "einddatum__lt",
    "expand",
    "identificatie",
    "identificatie__icontains",
    "kenmerk",
    "kenmerk__bron",
    "maximaleVertrouwelijkheidaanduiding",
    "omschrijving",
    "ordering",
    "registratiedatum",
    "registratiedatum__gt",
    "registratiedatum__lt",
    "resultaat__resultaattype",
    "rol__betrokkene",
    "rol__betrokkeneIdentificatie__medewerker__identificatie",
    "rol__betrokkeneIdentificatie__natuurlijkPersoon__anpIdentificatie",
    "rol__betrokkeneIdentificatie__natuurlijkPersoon__inpA_nummer",
    "rol__betrokkeneIdentificatie__natuurlijkPersoon__inpBsn",
    "rol__betrokkeneIdentificatie__nietNatuurlijkPersoon__annIdentificatie",
    "rol__betrokkeneIdentificatie__nietNatuurlijkPersoon__innNnpId",
    "rol__betrokkeneIdentificatie__nietNatuurlijkPersoon__kvkNummer",
    "rol__betrokkeneIdentificatie__nietNatuurlijkPersoon__vestigingsNummer",
    "rol__betrokkeneIdentificatie__organisatorischeEenheid__identificatie",
    "rol__betrokkeneIdentificatie__vestiging__kvkNummer",
    "rol__betrokkeneIdentificatie__vestiging__vestigingsNummer",
    "rol__betrokkeneType",
    "rol__machtiging",
    "rol__machtiging__loa",
    "rol__omschrijvingGeneriek",
    "startdatum",
    "startdatum__gt",
    "startdatum__gte",
    "startdatum__lt",
    "startdatum__lte",
    "status__statustype",
    "uiterlijkeEinddatumAfdoening",
    "uiterlijkeEinddatumAfdoening__gt",
    "uiterlijkeEinddatumAfdoening__lt",
    "zaaktype",
    "zaaktype__omschrijving",
];

const ORDERINGS: [&str; 6] = [
    "archiefactiedatum",
    "einddatum",
    "identificatie",
    "publicatiedatum",
    "registratiedatum",
    "startdatum",
];

#[derive(Debug)]
struct DateFilter {
    field: String,
    compare: String,
    day: Date,
}

#[derive(Debug, Default)]
pub struct ZakenFilter {
    rol: RolFilter,
    dates: Vec<DateFilter>,
    open: Option<bool>,
    ceiling: Option<Vertrouwelijkheid>,
    /// Compared as text with what the zaak holds.
    texts: Vec<(String, String)>,
    uuids: Option<HashSet<Uuid>>,
    /// Descending where true.
    ordering: Vec<(String, bool)>,
    /// Something is filtered for that no zaak of the sandbox has.
    impossible: bool,
}

impl ZakenFilter {
    pub fn parse(params: &[(String, String)], ignore_filter: bool) -> Result<Self, Problem> {
        let rol = RolFilter::parse(params, "rol__")?;
        let mut filter = Self {
            rol: if ignore_filter {
                rol.without_person()
            } else {
                rol
            },
            ..Self::default()
        };
        let filled = |(name, value): &&(String, String)| !value.is_empty() || name == "uuid__in";
        for (name, value) in params.iter().filter(filled) {
            let (field, compare) = name.split_once("__").unwrap_or((name, ""));
            match (field, compare) {
                (
                    "startdatum"
                    | "registratiedatum"
                    | "einddatum"
                    | "einddatumGepland"
                    | "uiterlijkeEinddatumAfdoening",
                    "" | "gt" | "gte" | "lt" | "lte",
                ) => {
                    let day = value.parse().map_err(|_| {
                        Problem::invalid(name, "invalid", "Voer een geldige datum in.")
                    })?;
                    filter.dates.push(DateFilter {
                        field: field.to_owned(),
                        compare: compare.to_owned(),
                        day,
                    });
                }
                ("einddatum", "isnull") => filter.open = Some(value.eq_ignore_ascii_case("true")),
                ("maximaleVertrouwelijkheidaanduiding", "") => {
                    let level = Vertrouwelijkheid::parse(value)
                        .ok_or_else(|| Problem::invalid_choice(name, value))?;
                    filter.ceiling = Some(level);
                }
                ("bronorganisatie", _) => {
                    filter.impossible |= !value.split(',').any(|rsin| rsin == GEMEENTE_RSIN);
                }
                ("zaaktype", "") if ignore_filter => {}
                ("identificatie" | "omschrijving" | "zaaktype" | "status" | "resultaat", _) => {
                    filter.texts.push((name.clone(), value.clone()));
                }
                ("uuid", "in") if !ignore_filter => {
                    let uuids = value
                        .split(',')
                        .filter(|uuid| !uuid.is_empty())
                        .map(|uuid| {
                            Uuid::try_parse(uuid.trim()).map_err(|_| {
                                Problem::invalid("uuid__in", "invalid", "Ongeldige UUID.")
                            })
                        });
                    filter.uuids = Some(uuids.collect::<Result<_, _>>()?);
                }
                ("ordering", "") => filter.ordering = ordering(value)?,
                ("archiefactiedatum" | "archiefnominatie" | "archiefstatus" | "kenmerk", _) => {
                    filter.impossible = true;
                }
                _ => {}
            }
        }
        Ok(filter)
    }

    /// Whether an object with this uuid was asked for, if uuids were.
    pub fn allows_uuid(&self, id: Uuid) -> bool {
        self.uuids.as_ref().is_none_or(|uuids| uuids.contains(&id))
    }

    /// The zaken that match, in the order asked; newest first by default.
    pub fn apply<'a>(&self, world: &'a World, base: &str) -> Vec<&'a Zaak> {
        let mut zaken: Vec<&Zaak> = world
            .zaken
            .iter()
            .rev()
            .filter(|zaak| self.matches(world, base, zaak))
            .collect();
        if !self.ordering.is_empty() {
            zaken.sort_by(|a, b| self.compare(a, b));
        }
        zaken
    }

    fn matches(&self, world: &World, base: &str, zaak: &Zaak) -> bool {
        let level = || Vertrouwelijkheid::parse(zaak.vertrouwelijkheid);
        !self.impossible
            && self.allows_uuid(zaak.id)
            && self.open.is_none_or(|open| open == zaak.einde.is_none())
            && self
                .ceiling
                .is_none_or(|ceiling| level().is_some_and(|level| level <= ceiling))
            && self.dates.iter().all(|filter| filter.matches(zaak))
            && self
                .texts
                .iter()
                .all(|(name, value)| text_matches(world, base, zaak, name, value))
            && (self.rol.is_empty()
                || world
                    .rollen
                    .at(&zaak.rollen)
                    .any(|rol| self.rol.matches(rol)))
    }

    fn compare(&self, a: &Zaak, b: &Zaak) -> Ordering {
        self.ordering
            .iter()
            .map(|(field, descending)| {
                let order = match field.as_str() {
                    "identificatie" => a.identificatie.cmp(&b.identificatie),
                    // PostgreSQL puts what is not there last, going up.
                    "einddatum" => match (a.einde, b.einde) {
                        (None, None) => Ordering::Equal,
                        (None, Some(_)) => Ordering::Greater,
                        (Some(_), None) => Ordering::Less,
                        (Some(a), Some(b)) => a.cmp(&b),
                    },
                    "startdatum" | "registratiedatum" => a.start.cmp(&b.start),
                    _ => Ordering::Equal,
                };
                if *descending { order.reverse() } else { order }
            })
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    }
}

fn ordering(value: &str) -> Result<Vec<(String, bool)>, Problem> {
    value
        .split(',')
        .map(|word| {
            let (field, descending) = match word.strip_prefix('-') {
                Some(field) => (field, true),
                None => (word, false),
            };
            if ORDERINGS.contains(&field) {
                Ok((field.to_owned(), descending))
            } else {
                Err(Problem::invalid_choice("ordering", word))
            }
        })
        .collect()
}

impl DateFilter {
    fn matches(&self, zaak: &Zaak) -> bool {
        let day = match self.field.as_str() {
            "startdatum" | "registratiedatum" => Some(zaak.start),
            "einddatum" => zaak.einde,
            _ => None,
        };
        day.is_some_and(|day| match self.compare.as_str() {
            "gt" => day > self.day,
            "gte" => day >= self.day,
            "lt" => day < self.day,
            "lte" => day <= self.day,
            _ => day == self.day,
        })
    }
}

fn text_matches(world: &World, base: &str, zaak: &Zaak, name: &str, wanted: &str) -> bool {
    use super::endpoint::Collection;
    let url = |collection: Collection, id: Uuid| format!("{base}{}/{id}", collection.path());
    match name {
        "identificatie" => zaak.identificatie == wanted,
        "identificatie__icontains" => zaak
            .identificatie
            .to_lowercase()
            .contains(&wanted.to_lowercase()),
        "omschrijving" => zaak.omschrijving == wanted,
        "zaaktype" => world
            .zaaktypen
            .get(zaak.zaaktype)
            .is_some_and(|found| url(Collection::Zaaktypen, found.id) == wanted),
        "zaaktype__omschrijving" => world
            .zaaktypen
            .get(zaak.zaaktype)
            .is_some_and(|found| found.def.omschrijving == wanted),
        "status__statustype" => world
            .statussen
            .at(&zaak.statussen)
            .next_back()
            .and_then(|status| world.statustypen.get(status.statustype))
            .is_some_and(|found| url(Collection::Statustypen, found.id) == wanted),
        "resultaat__resultaattype" => zaak
            .resultaat
            .and_then(|index| world.resultaten.get(index))
            .and_then(|resultaat| world.resultaattypen.get(resultaat.resultaattype))
            .is_some_and(|found| url(Collection::Resultaattypen, found.id) == wanted),
        _ => true,
    }
}

/// The parameters of a `_zoek` body: unknown keys are left out without a word, arrays are joined.
pub fn from_body(body: &serde_json::Value) -> Vec<(String, String)> {
    let known = |name: &str| name == "uuid__in" || PARAMS.contains(&name);
    body.as_object()
        .into_iter()
        .flatten()
        .filter(|(name, _)| known(name))
        .map(|(name, value)| (name.clone(), text(value)))
        .collect()
}

fn text(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Null => String::new(),
        serde_json::Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

/// The paths to expand, in the query or the body.
pub fn expand(params: &[(String, String)]) -> Vec<String> {
    value(params, "expand")
        .unwrap_or_default()
        .split(',')
        .map(str::trim)
        .filter(|path| !path.is_empty())
        .map(str::to_owned)
        .collect()
}
