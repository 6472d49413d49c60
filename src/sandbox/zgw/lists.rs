//! Lists and searches: filters, order, pages.

use serde_json::Value;
use uuid::Uuid;

use super::Context;
use super::endpoint::Collection as C;
use super::problem::Problem;
use super::rol_filter::RolFilter;
use super::zaken_filter::{self, ZakenFilter};
use super::{expand, paging};
use crate::sandbox::data::model::{Row, Table};
use crate::sandbox::http::value;

/// A filter on an address: not asked, or the place of the row, or a row that is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Parent {
    Any,
    Row(usize),
    Nobody,
}

impl Parent {
    fn allows(self, row: usize) -> bool {
        match self {
            Self::Any => true,
            Self::Row(wanted) => wanted == row,
            Self::Nobody => false,
        }
    }
}

impl Context<'_> {
    /// On GET an unknown query parameter is an error.
    pub fn check_params(&self, collection: C) -> Result<(), Problem> {
        let known = [collection.list_params(), collection.paging_params()];
        let mut unknown: Vec<&str> = self
            .params
            .iter()
            .map(|(name, _)| name.as_str())
            .filter(|name| !known.iter().any(|names| names.contains(name)))
            .collect();
        if unknown.is_empty() {
            return Ok(());
        }
        unknown.sort_unstable();
        unknown.dedup();
        Err(Problem::invalid(
            "nonFieldErrors",
            "unknown-parameters",
            format!("Onbekende query parameters: {}", unknown.join(", ")),
        ))
    }

    /// The row that a filter such as `?zaak=` names. Only this server's own addresses name one.
    fn parent<T: Row>(
        &self,
        name: &str,
        collection: C,
        table: &Table<T>,
    ) -> Result<Parent, Problem> {
        let Some(url) = value(&self.params, name).filter(|url| !url.is_empty()) else {
            return Ok(Parent::Any);
        };
        if !url.starts_with("http://") && !url.starts_with("https://") {
            return Err(Problem::invalid(
                name,
                "invalid",
                "Voer een geldige URL in.",
            ));
        }
        if self.quirks.ignore_filter {
            return Ok(Parent::Any);
        }
        let id = url
            .strip_prefix(self.render.base)
            .and_then(|rest| rest.strip_prefix(collection.path()))
            .and_then(|rest| rest.strip_prefix('/'))
            .and_then(|id| Uuid::try_parse(id).ok());
        Ok(id
            .and_then(|id| table.index_of(id))
            .map_or(Parent::Nobody, Parent::Row))
    }

    fn zaak_filter(&self) -> Result<Parent, Problem> {
        self.parent("zaak", C::Zaken, &self.render.world.zaken)
    }

    /// `?zaaktype=` by address, or by the identificatie that versions share.
    fn zaaktype_filter(&self) -> Result<impl Fn(usize) -> bool, Problem> {
        let world = self.render.world;
        let parent = self.parent("zaaktype", C::Zaaktypen, &world.zaaktypen)?;
        let wanted = value(&self.params, "zaaktypeIdentificatie").map(str::to_owned);
        Ok(move |zaaktype: usize| {
            let identificatie = world
                .zaaktypen
                .get(zaaktype)
                .map(|found| found.def.identificatie);
            parent.allows(zaaktype) && wanted.as_deref().is_none_or(|w| identificatie == Some(w))
        })
    }

    /// A text filter: absent, or equal.
    fn text(&self, name: &str, actual: &str) -> bool {
        value(&self.params, name).is_none_or(|wanted| wanted.is_empty() || wanted == actual)
    }

    /// Everything of the catalogue is published.
    fn published(&self) -> bool {
        value(&self.params, "status").is_none_or(|status| status != "concept")
    }

    /// Whether something valid between these days passes `datumGeldigheid`.
    fn valid_on(&self, begin: &str, einde: Option<&str>) -> bool {
        value(&self.params, "datumGeldigheid")
            .is_none_or(|day| begin <= day && einde.is_none_or(|einde| day < einde))
    }

    fn page<T>(&self, rows: &[T], render: impl Fn(&T) -> Value) -> Result<Value, Problem> {
        let address = format!("{}{}", self.render.base, self.path);
        paging::page(rows, &self.params, &address, self.quirks.many_pages, render)
    }

    pub fn list(&self, collection: C) -> Result<Value, Problem> {
        let r = &self.render;
        let w = r.world;
        match collection {
            C::Zaken => {
                let filter = ZakenFilter::parse(&self.params, self.quirks.ignore_filter)?;
                self.zaken(&filter, &zaken_filter::expand(&self.params))
            }
            C::Statussen => {
                let zaak = self.zaak_filter()?;
                let soort = self.parent("statustype", C::Statustypen, &w.statustypen)?;
                let rows = newest(&w.statussen, |row| {
                    zaak.allows(row.zaak) && soort.allows(row.statustype)
                });
                self.page(&rows, |row| r.status(row))
            }
            C::Substatussen => {
                let zaak = self.zaak_filter()?;
                let status = self.parent("status", C::Statussen, &w.statussen)?;
                let rows = newest(&w.substatussen, |row| {
                    zaak.allows(row.zaak)
                        && status.allows(row.status)
                        && self.text("doelgroep", row.doelgroep)
                });
                self.page(&rows, |row| r.substatus(row))
            }
            C::Rollen => self.rollen(),
            C::Resultaten => {
                let zaak = self.zaak_filter()?;
                let soort = self.parent("resultaattype", C::Resultaattypen, &w.resultaattypen)?;
                let rows = newest(&w.resultaten, |row| {
                    zaak.allows(row.zaak) && soort.allows(row.resultaattype)
                });
                self.page(&rows, |row| r.resultaat(row))
            }
            C::Zaakinformatieobjecten => {
                let zaak = self.zaak_filter()?;
                let document = self.parent("informatieobject", C::Documenten, &w.documenten)?;
                let rows = newest(&w.zaakinformatieobjecten, |row| {
                    zaak.allows(row.zaak) && document.allows(row.document)
                });
                Ok(rows
                    .into_iter()
                    .map(|row| r.zaakinformatieobject(row))
                    .collect())
            }
            C::Zaakobjecten => self.page::<()>(&[], |()| Value::Null),
            C::Documenten => {
                let zaak = self.parent("objectinformatieobjecten__object", C::Zaken, &w.zaken)?;
                let of_zaak = |document: usize| {
                    let mut links = w.zaakinformatieobjecten.iter();
                    links.any(|link| link.document == document && zaak.allows(link.zaak))
                };
                let rows: Vec<_> = w
                    .documenten
                    .iter()
                    .enumerate()
                    .filter(|(index, row)| {
                        self.text("identificatie", &row.identificatie)
                            && self.text("titel", &row.titel)
                            && (zaak == Parent::Any || of_zaak(*index))
                    })
                    .map(|(_, row)| row)
                    .collect();
                self.page(&rows, |row| r.document(row))
            }
            C::Objectinformatieobjecten => {
                let zaak = self.parent("object", C::Zaken, &w.zaken)?;
                let document = self.parent("informatieobject", C::Documenten, &w.documenten)?;
                let rows = newest(&w.zaakinformatieobjecten, |row| {
                    zaak.allows(row.zaak) && document.allows(row.document)
                });
                Ok(rows
                    .into_iter()
                    .map(|row| r.objectinformatieobject(row))
                    .collect())
            }
            C::Besluiten => {
                let zaak = self.zaak_filter()?;
                let soort = self.parent("besluittype", C::Besluittypen, &w.besluittypen)?;
                let rows = newest(&w.besluiten, |row| {
                    zaak.allows(row.zaak)
                        && soort.allows(row.besluittype)
                        && self.text("identificatie", &row.identificatie)
                });
                self.page(&rows, |row| r.besluit(row))
            }
            C::Besluitinformatieobjecten => {
                let besluit = self.parent("besluit", C::Besluiten, &w.besluiten)?;
                let document = self.parent("informatieobject", C::Documenten, &w.documenten)?;
                let rows = newest(&w.besluitinformatieobjecten, |row| {
                    besluit.allows(row.besluit) && document.allows(row.document)
                });
                Ok(rows
                    .into_iter()
                    .map(|row| r.besluitinformatieobject(row))
                    .collect())
            }
            _ => self.catalogue(collection),
        }
    }

    fn catalogue(&self, collection: C) -> Result<Value, Problem> {
        let r = &self.render;
        let w = r.world;
        let zaaktype = self.zaaktype_filter()?;
        let published = self.published();
        match collection {
            C::Zaaktypen => {
                let contains = |name: &str, actual: &str| {
                    value(&self.params, name)
                        .is_none_or(|part| actual.to_lowercase().contains(&part.to_lowercase()))
                };
                let rows = newest(&w.zaaktypen, |row| {
                    published
                        && self.text("identificatie", row.def.identificatie)
                        && contains("identificatie__icontains", row.def.identificatie)
                        && contains("omschrijving__icontains", row.def.omschrijving)
                        && self.valid_on(row.def.begin, row.def.einde)
                });
                self.page(&rows, |row| r.zaaktype(row))
            }
            C::Statustypen => {
                let rows = newest(&w.statustypen, |row| published && zaaktype(row.zaaktype));
                self.page(&rows, |row| r.statustype(row))
            }
            C::Resultaattypen => {
                let rows = newest(&w.resultaattypen, |row| published && zaaktype(row.zaaktype));
                self.page(&rows, |row| r.resultaattype(row))
            }
            C::Roltypen => {
                let rows = newest(&w.roltypen, |row| {
                    published
                        && zaaktype(row.zaaktype)
                        && self.text("omschrijvingGeneriek", row.soort.generiek())
                });
                self.page(&rows, |row| r.roltype(row))
            }
            C::Eigenschappen => {
                let rows = newest(&w.eigenschappen, |row| published && zaaktype(row.zaaktype));
                self.page(&rows, |row| r.eigenschap(row))
            }
            C::Informatieobjecttypen => {
                let rows = newest(&w.informatieobjecttypen, |row| {
                    published && self.text("omschrijving", row.omschrijving)
                });
                self.page(&rows, |row| r.informatieobjecttype(row))
            }
            C::Besluittypen => {
                let of = self.parent("zaaktypen", C::Zaaktypen, &w.zaaktypen)?;
                let rows = newest(&w.besluittypen, |row| {
                    published
                        && of.allows(row.zaaktype)
                        && self.text("omschrijving", row.omschrijving)
                });
                self.page(&rows, |row| r.besluittype(row))
            }
            C::ZaaktypeInformatieobjecttypen => {
                let rows = newest(&w.zaaktype_informatieobjecttypen, |row| {
                    published && zaaktype(row.zaaktype)
                });
                self.page(&rows, |row| r.zaaktype_informatieobjecttype(row))
            }
            _ => self.page(&[()], |()| r.catalogus()),
        }
    }

    fn zaken(&self, filter: &ZakenFilter, paths: &[String]) -> Result<Value, Problem> {
        if let Some(unknown) = expand::unknown_expand(paths) {
            return Err(Problem::invalid_choice("expand", unknown));
        }
        let zaken = filter.apply(self.render.world, self.render.base);
        self.page(&zaken, |zaak| self.render.zaak_expanded(zaak, paths))
    }

    fn rollen(&self) -> Result<Value, Problem> {
        let w = self.render.world;
        let zaak = self.zaak_filter()?;
        let soort = self.parent("roltype", C::Roltypen, &w.roltypen)?;
        let mut filter = RolFilter::parse(&self.params, "")?;
        if self.quirks.ignore_filter {
            filter = filter.without_person();
        }
        let rows = newest(&w.rollen, |row| {
            zaak.allows(row.zaak) && soort.allows(row.roltype) && filter.matches(row)
        });
        self.page(&rows, |row| self.render.rol(row))
    }

    /// A search: its filters are in the body, its page in the query.
    pub fn zoek(&self, collection: C) -> Result<Value, Problem> {
        let kind = self.request.header("content-type").unwrap_or_default();
        let media_type = kind.split(';').next().unwrap_or_default().trim();
        if media_type != "application/json" {
            return Err(Problem::media_type(media_type));
        }
        let body: Value = serde_json::from_slice(&self.request.body)
            .map_err(|error| Problem::parse(&error.to_string()))?;
        let filters = zaken_filter::from_body(&body);
        let searched = |name: &str| filters.iter().any(|(key, _)| key == name);
        if collection == C::Documenten {
            if !searched("uuid__in") {
                return Err(empty_search());
            }
            let filter = ZakenFilter::parse(&filters, self.quirks.ignore_filter)?;
            let documenten = &self.render.world.documenten;
            let rows: Vec<_> = documenten
                .iter()
                .filter(|row| filter.allows_uuid(row.id))
                .collect();
            return self.page(&rows, |row| self.render.document(row));
        }
        if filters.is_empty() {
            return Err(empty_search());
        }
        // The order may be asked in either place.
        let mut params = filters;
        if value(&params, "ordering").is_none()
            && let Some(ordering) = value(&self.params, "ordering")
        {
            params.push(("ordering".to_owned(), ordering.to_owned()));
        }
        let mut expand = zaken_filter::expand(&params);
        if expand.is_empty() {
            expand = zaken_filter::expand(&self.params);
        }
        let filter = ZakenFilter::parse(&params, self.quirks.ignore_filter)?;
        self.zaken(&filter, &expand)
    }
}

fn empty_search() -> Problem {
    Problem::invalid(
        "nonFieldErrors",
        "empty_search_body",
        "Je moet zoekparameters opgeven",
    )
}

/// The rows that are wanted, the last made first.
fn newest<T: Row>(table: &Table<T>, wanted: impl Fn(&T) -> bool) -> Vec<&T> {
    table.iter().rev().filter(|row| wanted(row)).collect()
}
