//! What is asked of the Documenten API.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream;
use serde_json::json;

use super::model;
use crate::domain::zgw::Document;
use crate::domain::{Proven, ResourceRef};
use crate::upstream::http::{ErrorKind, StreamReply, UpstreamError};
use crate::upstream::zgw::call::AT_ONCE;
use crate::upstream::zgw::{Asker, Component, Feature, Reach, Zgw, is_not_offered};

const SEARCH: &str = "documenten.zoek";
const GET: &str = "document.get";

/// What became of the documents that were asked for.
#[derive(Debug, Default)]
pub struct Documents {
    pub found: Vec<Proven<Document>>,
    /// Documents that the source does not give: it has them no longer, or not for our client. A search
    /// leaves them out without a word.
    pub withheld: usize,
    /// Why a document could not be asked about, of the first such.
    pub error: Option<UpstreamError>,
}

impl Zgw {
    /// The descriptions of these documents: in one search where the source offers it, else one by one. A
    /// document that cannot be had hides only itself.
    pub async fn documents(
        &self,
        ids: &[ResourceRef],
        asker: &Asker,
    ) -> Result<Documents, UpstreamError> {
        // A document may be linked twice.
        let mut unique: Vec<ResourceRef> = Vec::with_capacity(ids.len());
        for id in ids {
            if !unique.contains(id) {
                unique.push(id.clone());
            }
        }
        if unique.is_empty() {
            return Ok(Documents::default());
        }
        if self.may_have(Feature::DocumentenZoek) {
            match self.search_documents(&unique, asker).await {
                Err(error) if is_not_offered(&error) => {
                    let documents = self.documents_one_by_one(&unique, asker).await?;
                    self.lacks(Feature::DocumentenZoek);
                    return Ok(documents);
                }
                answer => return answer,
            }
        }
        self.documents_one_by_one(&unique, asker).await
    }

    async fn search_documents(
        &self,
        ids: &[ResourceRef],
        asker: &Asker,
    ) -> Result<Documents, UpstreamError> {
        let uuids: Vec<String> = ids.iter().map(|id| id.id.to_string()).collect();
        let body = json!({ "uuid__in": uuids });
        let path = "/enkelvoudiginformatieobjecten/_zoek";
        let ask = self.ask(SEARCH, Component::Documenten, path, &[], asker);
        let asked = ids.to_vec();
        let check = move |zgw: &Self, items: &[Option<Document>]| {
            let foreign = |item: &Option<Document>| {
                item.as_ref().is_none_or(|found| !asked.contains(&found.id))
            };
            if items.iter().any(foreign) {
                return Err(zgw.error(SEARCH, ErrorKind::FilterIgnored));
            }
            Ok(())
        };
        let reach = Reach::pages(self.settings().max_pages);
        let listing = self
            .post_all(ask, &body, reach, model::document, check)
            .await?;
        let found: Vec<_> = listing
            .items
            .into_iter()
            .flatten()
            .filter_map(|document| {
                let id = document.id.clone();
                Proven::<Document>::asked(document, Some(&id), ids)
            })
            .collect();
        Ok(Documents {
            withheld: ids.len().saturating_sub(found.len()),
            found,
            error: None,
        })
    }

    async fn documents_one_by_one(
        &self,
        ids: &[ResourceRef],
        asker: &Asker,
    ) -> Result<Documents, UpstreamError> {
        let questions: Vec<_> = ids.iter().map(|id| self.document(id, asker)).collect();
        let answers: Vec<_> = stream::iter(questions).buffered(AT_ONCE).collect().await;
        let mut out = Documents::default();
        for answer in answers {
            match answer {
                Ok(document) => out.found.push(document),
                Err(error) if error.kind == ErrorKind::FilterIgnored => return Err(error),
                Err(error) if error.kind == ErrorKind::NotFound => out.withheld += 1,
                Err(error) => {
                    out.error.get_or_insert(error);
                }
            }
        }
        Ok(out)
    }

    /// One document's description.
    pub async fn document(
        &self,
        id: &ResourceRef,
        asker: &Asker,
    ) -> Result<Proven<Document>, UpstreamError> {
        let path = format!("/enkelvoudiginformatieobjecten/{}", id.id);
        let ask = self.ask(GET, Component::Documenten, &path, &[], asker);
        let wanted = id.clone();
        let proven = self
            .get(ask, move |zgw, value| {
                model::document(zgw.object(value))
                    .and_then(|document| {
                        let own = document.id.clone();
                        let asked = std::slice::from_ref(&wanted);
                        Proven::<Document>::asked(document, Some(&own), asked)
                    })
                    .ok_or_else(|| zgw.error(GET, ErrorKind::FilterIgnored))
            })
            .await?;
        Ok(Arc::unwrap_or_clone(proven))
    }

    /// The bytes of one document, piece by piece. The address is built here; `inhoud` is never called.
    pub async fn download(
        &self,
        document: &Document,
        asker: &Asker,
        idle: Duration,
    ) -> Result<StreamReply, UpstreamError> {
        let path = format!("/enkelvoudiginformatieobjecten/{}/download", document.id.id);
        let version = document.versie.map(|version| version.to_string());
        let query: Vec<(&str, &str)> = version
            .iter()
            .map(|version| ("versie", version.as_str()))
            .collect();
        let ask = self.ask(
            "document.download",
            Component::Documenten,
            &path,
            &query,
            asker,
        );
        self.stream(ask, idle).await
    }
}
