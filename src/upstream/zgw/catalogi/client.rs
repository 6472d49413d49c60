//! What is asked of the Catalogi API.

use std::sync::Arc;

use super::model;
use crate::domain::ResourceRef;
use crate::domain::zgw::{Besluittype, Informatieobjecttype, Resultaattype, Statustype, Zaaktype};
use crate::upstream::http::{ErrorKind, UpstreamError};
use crate::upstream::zgw::json::Object;
use crate::upstream::zgw::{Asker, Component, Zgw};

/// Most pages of a list of one zaaktype, which holds tens of items. A page of zaken asks two such lists of
/// every zaaktype on it, so that a source whose pages never end would cost many calls.
const PAGES_OF_ONE_ZAAKTYPE: u32 = 5;

impl Zgw {
    async fn catalogue_list<T: Clone + Send + Sync + 'static>(
        &self,
        operation: &'static str,
        path: &'static str,
        query: &[(&str, &str)],
        read: impl Fn(Object<'_>) -> Option<T> + Clone + Send + 'static,
    ) -> Result<Vec<T>, UpstreamError> {
        let asker = Asker::system();
        let ask = self.ask(operation, Component::Catalogi, path, query, &asker);
        let max_pages = self.settings().max_pages;
        let of_one_zaaktype = query.iter().any(|(name, _)| *name == "zaaktype");
        let pages = if of_one_zaaktype {
            max_pages.min(PAGES_OF_ONE_ZAAKTYPE)
        } else {
            max_pages
        };
        let listing = self.get_all(ask, pages, read, |_, _| Ok(())).await?;
        Ok(listing.items.into_iter().flatten().collect())
    }

    async fn catalogue_item<T: Clone + Send + Sync + 'static>(
        &self,
        operation: &'static str,
        id: &ResourceRef,
        read: impl Fn(Object<'_>) -> Option<(ResourceRef, T)> + Send + 'static,
    ) -> Result<T, UpstreamError> {
        let path = format!("/{}/{}", id.kind.collection(), id.id);
        let asker = Asker::system();
        let ask = self.ask(operation, Component::Catalogi, &path, &[], &asker);
        let wanted = id.clone();
        let item = self
            .get(ask, move |zgw, value| {
                read(zgw.object(value))
                    .filter(|(own, _)| *own == wanted)
                    .map(|(_, item)| item)
                    .ok_or_else(|| zgw.error(operation, ErrorKind::Garbled))
            })
            .await?;
        Ok(Arc::unwrap_or_clone(item))
    }

    pub(super) async fn zaaktypen(&self) -> Result<Vec<Zaaktype>, UpstreamError> {
        const OPERATION: &str = "zaaktypen.list";
        let list = |query| self.catalogue_list(OPERATION, "/zaaktypen", query, model::zaaktype);
        match list(&[]).await {
            // Some vendors want the filter to be given.
            Err(error) if error.status == Some(400) => list(&[("status", "alles")]).await,
            answer => answer,
        }
    }

    pub(super) async fn fetch_zaaktype(&self, id: &ResourceRef) -> Result<Zaaktype, UpstreamError> {
        self.catalogue_item("zaaktype.get", id, |json| {
            model::zaaktype(json).map(|item| (item.id.clone(), item))
        })
        .await
    }

    /// Types that belong to one zaaktype. Another zaaktype's are left out, whatever was answered.
    async fn of_zaaktype<T: Clone + Send + Sync + 'static>(
        &self,
        operation: &'static str,
        path: &'static str,
        zaaktype: &ResourceRef,
        read: impl Fn(Object<'_>) -> Option<T> + Copy + Send + 'static,
        owner: impl Fn(&T) -> Option<&ResourceRef>,
    ) -> Result<Vec<T>, UpstreamError> {
        let written = self.written(operation, zaaktype)?;
        let of = ("zaaktype", written.as_str());
        let mut all = self.catalogue_list(operation, path, &[of], read).await?;
        all.retain(|item| owner(item) == Some(zaaktype));
        if all.is_empty() {
            // Those of a concept are left out unless asked for. A source without that filter said enough.
            let query = [of, ("status", "alles")];
            if let Ok(concepts) = self.catalogue_list(operation, path, &query, read).await {
                all = concepts;
                all.retain(|item| owner(item) == Some(zaaktype));
            }
        }
        Ok(all)
    }

    /// The statustypen of one zaaktype, in order.
    pub(super) async fn fetch_statustypen(
        &self,
        zaaktype: &ResourceRef,
    ) -> Result<Vec<Statustype>, UpstreamError> {
        let mut all = self
            .of_zaaktype(
                "statustypen.list",
                "/statustypen",
                zaaktype,
                model::statustype,
                |item| item.zaaktype.as_ref(),
            )
            .await?;
        all.sort_by_key(|item| item.volgnummer.unwrap_or(i64::MAX));
        Ok(all)
    }

    pub(super) async fn fetch_resultaattypen(
        &self,
        zaaktype: &ResourceRef,
    ) -> Result<Vec<Resultaattype>, UpstreamError> {
        self.of_zaaktype(
            "resultaattypen.list",
            "/resultaattypen",
            zaaktype,
            model::resultaattype,
            |item| item.zaaktype.as_ref(),
        )
        .await
    }

    pub(super) async fn fetch_informatieobjecttypen(
        &self,
    ) -> Result<Vec<Informatieobjecttype>, UpstreamError> {
        self.catalogue_list(
            "informatieobjecttypen.list",
            "/informatieobjecttypen",
            &[],
            model::informatieobjecttype,
        )
        .await
    }

    pub(super) async fn fetch_informatieobjecttype(
        &self,
        id: &ResourceRef,
    ) -> Result<Informatieobjecttype, UpstreamError> {
        self.catalogue_item("informatieobjecttype.get", id, |json| {
            model::informatieobjecttype(json).map(|item| (item.id.clone(), item))
        })
        .await
    }

    pub(super) async fn fetch_besluittypen(&self) -> Result<Vec<Besluittype>, UpstreamError> {
        self.catalogue_list(
            "besluittypen.list",
            "/besluittypen",
            &[],
            model::besluittype,
        )
        .await
    }

    pub(super) async fn fetch_besluittype(
        &self,
        id: &ResourceRef,
    ) -> Result<Besluittype, UpstreamError> {
        self.catalogue_item("besluittype.get", id, |json| {
            model::besluittype(json).map(|item| (item.id.clone(), item))
        })
        .await
    }

    /// Catalogues by their id, with the short name (`domein`) that the policy uses.
    pub(super) async fn fetch_catalogussen(
        &self,
    ) -> Result<Vec<(ResourceRef, String)>, UpstreamError> {
        self.catalogue_list("catalogussen.list", "/catalogussen", &[], |json| {
            let id = json.own(crate::domain::ResourceKind::Catalogus)?;
            Some((id, json.text("domein")?))
        })
        .await
    }
}
