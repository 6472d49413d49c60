//! A document of a zaak, opened for its party and ready to stream.

use std::time::Duration;

use super::{Zaken, access};
use crate::documents::{Access, AccessError};
use crate::domain::SourceName;
use crate::domain::zgw::Document;
use crate::mijn::Viewing;
use crate::policy::Module;
use crate::upstream::http::StreamReply;

/// Shown by the gate a moment ago, its first byte still to come.
#[derive(Debug)]
pub struct OpenedDocument {
    pub source: SourceName,
    pub document: Document,
    pub reply: StreamReply,
}

impl Zaken {
    /// Judges anew, then asks for the bytes. `idle` bounds the wait for each piece.
    pub async fn open_document(
        &self,
        viewing: &Viewing,
        handle: &str,
        idle: Duration,
    ) -> Result<OpenedDocument, AccessError> {
        let target = viewing
            .handles
            .open(&viewing.identity.on_behalf_of, handle)
            .map_err(|_| AccessError::NotFound)?;
        if viewing.refusal(Module::Zaken).is_some() {
            return Err(AccessError::NotFound);
        }
        let source = self.source(&target.source).ok_or(AccessError::NotFound)?;
        if viewing.source_is_off(source.name()) {
            return Err(AccessError::NotFound);
        }
        let viewer = viewing.viewer();
        // What the source said when the page was made is not good enough to give a document away.
        let asker = viewing.asker.anew();
        let access = Access {
            asker: &asker,
            ..access(viewing, &viewer)
        };
        let shown = source.open_document(access, &target).await?;
        let document = shown.into_inner().into_document();
        let reply = source.zgw.download(&document, &asker, idle).await?;
        Ok(OpenedDocument {
            source: target.source,
            document,
            reply,
        })
    }
}
