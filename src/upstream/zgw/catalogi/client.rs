//! What is asked of the Catalogi API.

use std::sync::Arc;

use http::HeaderValue;

use super::model;
use super::public::{Fetched, Question};
use crate::domain::ResourceRef;
use crate::domain::zgw::{Besluittype, Informatieobjecttype, Resultaattype, Statustype, Zaaktype};
use crate::upstream::http::{ErrorKind, UpstreamError};
use crate::upstream::zgw::Zgw;
use crate::upstream::zgw::json::Object;
use crate::upstream::zgw::listing::{Page, Reach, read_all};

/// Most pages of a list of one zaaktype, which holds tens of items. A page of zaken asks two such lists of
/// every zaaktype on it, so that a source whose pages never end would cost many calls.
const PAGES_OF_ONE_ZAAKTYPE: u32 = 5;

impl Zgw {
    async fn catalogue_list<T: Clone>(
        &self,
        operation: &'static str,
        path: &'static str,
        query: &[(&str, &str)],
        read: impl Fn(Object<'_>) -> Option<T>,
    ) -> Result<Vec<T>, UpstreamError> {
        let max_pages = self.settings().max_pages;
        let of_one_zaaktype = query.iter().any(|(name, _)| *name == "zaaktype");
        let pages = if of_one_zaaktype {
            max_pages.min(PAGES_OF_ONE_ZAAKTYPE)
        } else {
            max_pages
        };
        let read = &read;
        let page = |number: u32| async move {
            let number_text = number.to_string();
            let mut query = query.to_vec();
            if number > 1 {
                query.push(("page", &number_text));
            }
            let question = Question {
                operation,
                path,
                query: &query,
            };
            // Recorded on Open Zaak: lists have no ETag, so a list is read anew each time.
            let page = match self.for_everyone(question, None).await? {
                Fetched::New { value, .. } => Page::from_json(value),
                Fetched::Same => None,
            };
            page.map(|page| Arc::new(page.map(|item| read(self.object(&item)))))
                .ok_or_else(|| self.error(operation, ErrorKind::Garbled))
        };
        let listing = read_all(Reach::pages(pages), page).await?;
        if listing.truncated {
            tracing::warn!(
                source = %self.settings().name,
                operation,
                read = listing.items.len(),
                count = listing.count,
                "the list goes on beyond its bound; the rest is asked for one by one"
            );
        }
        Ok(listing.items.into_iter().flatten().collect())
    }

    /// `tag`: of what is known already.
    async fn catalogue_item<T>(
        &self,
        operation: &'static str,
        id: &ResourceRef,
        tag: Option<HeaderValue>,
        read: impl FnOnce(Object<'_>) -> Option<(ResourceRef, T)>,
    ) -> Result<Fetched<T>, UpstreamError> {
        let path = format!("/{}/{}", id.kind.collection(), id.id);
        let question = Question {
            operation,
            path: &path,
            query: &[],
        };
        let (value, tag) = match self.for_everyone(question, tag).await? {
            Fetched::New { value, tag } => (value, tag),
            Fetched::Same => return Ok(Fetched::Same),
        };
        read(self.object(&value))
            .filter(|(own, _)| own == id)
            .map(|(_, value)| Fetched::New { value, tag })
            .ok_or_else(|| self.error(operation, ErrorKind::Garbled))
    }

    pub(super) async fn fetch_zaaktypen(&self) -> Result<Vec<Zaaktype>, UpstreamError> {
        const OPERATION: &str = "zaaktypen.list";
        let list = |query| self.catalogue_list(OPERATION, "/zaaktypen", query, model::zaaktype);
        match list(&[]).await {
            // Some vendors want the filter to be given.
            Err(error) if error.status == Some(400) => list(&[("status", "alles")]).await,
            answer => answer,
        }
    }

    pub(super) async fn fetch_zaaktype(
        &self,
        id: &ResourceRef,
        tag: Option<HeaderValue>,
    ) -> Result<Fetched<Zaaktype>, UpstreamError> {
        self.catalogue_item("zaaktype.get", id, tag, |json| {
            model::zaaktype(json).map(|item| (item.id.clone(), item))
        })
        .await
    }

    /// Types that belong to one zaaktype. Another zaaktype's are left out, whatever was answered.
    async fn of_zaaktype<T: Clone>(
        &self,
        operation: &'static str,
        path: &'static str,
        zaaktype: &ResourceRef,
        read: impl Fn(Object<'_>) -> Option<T> + Copy,
        owner: impl Fn(&T) -> Option<&ResourceRef>,
    ) -> Result<Vec<T>, UpstreamError> {
        let written = self.written(operation, zaaktype)?;
        let of = ("zaaktype", written.as_str());
        let mut all = self.catalogue_list(operation, path, &[of], read).await?;
        all.retain(|item| owner(item) == Some(zaaktype));
        if all.is_empty() {
            // Those of a concept are left out unless asked for.
            let query = [of, ("status", "alles")];
            match self.catalogue_list(operation, path, &query, read).await {
                Ok(concepts) => {
                    all = concepts;
                    all.retain(|item| owner(item) == Some(zaaktype));
                }
                // Whether there are any is not known: that must not be remembered as none.
                Err(error) if error.kind.retry_may_help() => return Err(error),
                // A source without that filter said enough.
                Err(_) => {}
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
        let geen_status = &self.settings().geen_status;
        all.retain(|item| {
            let name = item.omschrijving.as_deref().unwrap_or_default();
            !geen_status.contains(&name.trim().to_lowercase())
        });
        all.sort_by_key(|item| item.volgnummer.unwrap_or(i64::MAX));
        Ok(all)
    }

    pub(super) async fn fetch_resultaattypen(
        &self,
        zaaktype: &ResourceRef,
    ) -> Result<Vec<Resultaattype>, UpstreamError> {
        if !self.settings().resultaattypen {
            return Ok(Vec::new());
        }
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
        tag: Option<HeaderValue>,
    ) -> Result<Fetched<Informatieobjecttype>, UpstreamError> {
        self.catalogue_item("informatieobjecttype.get", id, tag, |json| {
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
        tag: Option<HeaderValue>,
    ) -> Result<Fetched<Besluittype>, UpstreamError> {
        self.catalogue_item("besluittype.get", id, tag, |json| {
            model::besluittype(json).map(|item| (item.id.clone(), item))
        })
        .await
    }

    /// Catalogues by their id, with the short name (`domein`) that the policy uses.
    pub(super) async fn fetch_catalogussen(
        &self,
    ) -> Result<Vec<(ResourceRef, String)>, UpstreamError> {
        if !self.settings().catalogussen {
            return Ok(Vec::new());
        }
        self.catalogue_list("catalogussen.list", "/catalogussen", &[], |json| {
            let id = json.own(crate::domain::ResourceKind::Catalogus)?;
            Some((id, json.text("domein")?))
        })
        .await
    }
}
