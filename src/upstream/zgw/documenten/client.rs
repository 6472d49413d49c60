//! What is asked of the Documenten API.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;

use super::model;
use crate::domain::zgw::Document;
use crate::domain::{Proven, ResourceRef};
use crate::upstream::http::{ErrorKind, StreamReply, UpstreamError};
use crate::upstream::zgw::{Component, UserId, Zgw, is_not_offered};

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
        user: &UserId,
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
        if self.settings().documenten_zoek {
            match self.search_documents(&unique, user).await {
                Err(error) if is_not_offered(&error) => {
                    tracing::warn!(%error, "the source has no documenten_zoek, as its configuration says; asking one by one");
                }
                answer => return answer,
            }
        }
        self.documents_one_by_one(&unique, user).await
    }

    async fn search_documents(
        &self,
        ids: &[ResourceRef],
        user: &UserId,
    ) -> Result<Documents, UpstreamError> {
        let uuids: Vec<String> = ids.iter().map(|id| id.id.to_string()).collect();
        let body = json!({ "uuid__in": uuids });
        let path = "/enkelvoudiginformatieobjecten/_zoek";
        let ask = self.ask(SEARCH, Component::Documenten, path, &[], user);
        let check = |items: &[serde_json::Value]| {
            let foreign = items.iter().any(|value| {
                model::document(self.object(value)).is_none_or(|found| !ids.contains(&found.id))
            });
            if foreign {
                return Err(self.error(SEARCH, ErrorKind::FilterIgnored));
            }
            Ok(())
        };
        let listing = self
            .post_all(ask, &body, self.settings().max_pages, check)
            .await?;
        let found: Vec<_> = listing
            .items
            .iter()
            .filter_map(|value| {
                let document = model::document(self.object(value))?;
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
        user: &UserId,
    ) -> Result<Documents, UpstreamError> {
        let answers = join_all(ids.iter().map(|id| self.document(id, user))).await;
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
        user: &UserId,
    ) -> Result<Proven<Document>, UpstreamError> {
        let path = format!("/enkelvoudiginformatieobjecten/{}", id.id);
        let value = self
            .get(self.ask(GET, Component::Documenten, &path, &[], user))
            .await?;
        model::document(self.object(&value))
            .and_then(|document| {
                let own = document.id.clone();
                Proven::<Document>::asked(document, Some(&own), std::slice::from_ref(id))
            })
            .ok_or_else(|| self.error(GET, ErrorKind::FilterIgnored))
    }

    /// The bytes of one document, piece by piece. The address is built here; `inhoud` is never called.
    pub async fn download(
        &self,
        document: &Document,
        user: &UserId,
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
            user,
        );
        self.stream(ask, idle).await
    }
}
