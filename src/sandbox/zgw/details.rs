//! Answers about one object.

use bytes::Bytes;
use http::StatusCode;
use serde_json::Value;
use uuid::Uuid;

use super::endpoint::Collection as C;
use super::problem::Problem;
use super::{Context, Found, check_crs, etag, expand, matches_tag, zaken_filter};
use crate::sandbox::data::Seed;
use crate::sandbox::data::model::{Row, Table};
use crate::sandbox::http::Reply;

impl Context<'_> {
    pub fn detail(&self, collection: C, id: Uuid) -> Result<Found, Problem> {
        let r = &self.render;
        let w = r.world;
        let found = match collection {
            C::Zaken => return self.zaak(id),
            C::Statussen => row(&w.statussen, id, |row| r.status(row)),
            C::Substatussen => row(&w.substatussen, id, |row| r.substatus(row)),
            C::Rollen => row(&w.rollen, id, |row| r.rol(row)),
            C::Resultaten => row(&w.resultaten, id, |row| r.resultaat(row)),
            C::Zaakinformatieobjecten => row(&w.zaakinformatieobjecten, id, |row| {
                r.zaakinformatieobject(row)
            }),
            C::Zaakobjecten => None,
            C::Catalogussen => (w.catalogus == id).then(|| r.catalogus()),
            C::Zaaktypen => row(&w.zaaktypen, id, |row| r.zaaktype(row)),
            C::Statustypen => row(&w.statustypen, id, |row| r.statustype(row)),
            C::Resultaattypen => row(&w.resultaattypen, id, |row| r.resultaattype(row)),
            C::Roltypen => row(&w.roltypen, id, |row| r.roltype(row)),
            C::Eigenschappen => row(&w.eigenschappen, id, |row| r.eigenschap(row)),
            C::Informatieobjecttypen => row(&w.informatieobjecttypen, id, |row| {
                r.informatieobjecttype(row)
            }),
            C::Besluittypen => row(&w.besluittypen, id, |row| r.besluittype(row)),
            C::ZaaktypeInformatieobjecttypen => row(&w.zaaktype_informatieobjecttypen, id, |row| {
                r.zaaktype_informatieobjecttype(row)
            }),
            C::Documenten => row(&w.documenten, id, |row| r.document(row)),
            C::Objectinformatieobjecten => w
                .zaakinformatieobjecten
                .iter()
                .find(|row| row.objectinformatieobject == id)
                .map(|row| r.objectinformatieobject(row)),
            C::Besluiten => row(&w.besluiten, id, |row| r.besluit(row)),
            C::Besluitinformatieobjecten => row(&w.besluitinformatieobjecten, id, |row| {
                r.besluitinformatieobject(row)
            }),
        };
        let body = found.ok_or_else(Problem::not_found)?;
        Ok(Found::Detail {
            tagged: body.clone(),
            body,
        })
    }

    /// A zaak carries the same ETag with and without what is expanded.
    fn zaak(&self, id: Uuid) -> Result<Found, Problem> {
        let zaak = self
            .render
            .world
            .zaken
            .find(id)
            .ok_or_else(Problem::not_found)?;
        check_crs(self.request, "accept-crs", "Accept-Crs")?;
        let paths = zaken_filter::expand(&self.params);
        if let Some(unknown) = expand::unknown_expand(&paths) {
            return Err(Problem::invalid_choice("expand", unknown));
        }
        Ok(Found::Detail {
            body: self.render.zaak_expanded(zaak, &paths),
            tagged: self.render.zaak(zaak),
        })
    }

    /// The bytes, under a random name and a media type that says nothing; a Range is not looked at.
    pub fn download(&self, id: &str) -> Result<Reply, Problem> {
        let id = Uuid::try_parse(id).map_err(|_| Problem::server_error())?;
        let document = self
            .render
            .world
            .documenten
            .find(id)
            .ok_or_else(Problem::not_found)?;
        let (bytes, tag) = match document.large {
            None => {
                let bytes = document.bytes().clone();
                let tag = etag(&bytes);
                (bytes, tag)
            }
            Some(large) => (
                Bytes::new(),
                etag(format!("{id} {}", large.length).as_bytes()),
            ),
        };
        if matches_tag(self.request, &tag) {
            let mut reply = Reply::new(StatusCode::NOT_MODIFIED, "application/octet-stream", "");
            reply.headers.remove("content-type");
            return Ok(reply.with("etag", &tag));
        }
        let name = Seed::new(&format!("bestand {id}")).uuid();
        let modified = document
            .creatie
            .at(9, 26, 40, 0)
            .strftime("%a, %d %b %Y %H:%M:%S GMT");
        let mut reply = Reply::new(StatusCode::OK, "application/octet-stream", bytes)
            .with("etag", &tag)
            .with("last-modified", &modified.to_string())
            .with(
                "content-disposition",
                &format!("attachment; filename=\"{name}.bin\""),
            );
        reply.large = document.large;
        Ok(reply)
    }

    pub fn zaakeigenschappen(&self, id: &str) -> Result<Value, Problem> {
        let w = self.render.world;
        if self.quirks.ignore_filter {
            let rows = w.zaakeigenschappen.iter();
            return Ok(rows.map(|row| self.render.zaakeigenschap(row)).collect());
        }
        let id = Uuid::try_parse(id).map_err(|_| Problem::server_error())?;
        let zaak = w.zaken.find(id).ok_or_else(Problem::not_found)?;
        let rows = w.zaakeigenschappen.at(&zaak.eigenschappen);
        Ok(rows.map(|row| self.render.zaakeigenschap(row)).collect())
    }

    pub fn zaakbesluiten(&self, id: &str) -> Result<Value, Problem> {
        let w = self.render.world;
        if self.quirks.ignore_filter {
            let rows = w.besluiten.iter();
            return Ok(rows.map(|row| self.render.zaakbesluit(row)).collect());
        }
        let id = Uuid::try_parse(id).map_err(|_| Problem::server_error())?;
        let zaak = w.zaken.find(id).ok_or_else(Problem::not_found)?;
        let rows = w.besluiten.at(&zaak.besluiten);
        Ok(rows.map(|row| self.render.zaakbesluit(row)).collect())
    }
}

fn row<T: Row>(table: &Table<T>, id: Uuid, render: impl FnOnce(&T) -> Value) -> Option<Value> {
    table.find(id).map(render)
}
