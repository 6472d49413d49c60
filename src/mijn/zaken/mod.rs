//! Mijn zaken: the list of a party's zaken and one zaak with its track & trace, decisions and documents.

pub mod beheer;
mod detail;
mod download;
mod kin;
mod lacking;
mod list;
mod offer;
mod order;
mod params;
mod switched;
pub mod track;
mod types;
mod view;
mod waits;

pub use download::OpenedDocument;

use std::sync::Arc;

use crate::documents::{Access, ZgwSource};
use crate::domain::{Handle, HandleTarget, ResourceKind, ResourceRef, SourceName};
use crate::gate::Viewer;

use crate::mijn::Viewing;

/// The sources of zaken of one site.
#[derive(Debug, Clone)]
pub struct Zaken {
    sources: Arc<[ZgwSource]>,
}

impl Zaken {
    pub fn new(sources: Vec<ZgwSource>) -> Self {
        Self {
            sources: sources.into(),
        }
    }

    pub fn source(&self, name: &SourceName) -> Option<&ZgwSource> {
        self.sources.iter().find(|source| source.name() == name)
    }

    pub fn sources(&self) -> &[ZgwSource] {
        &self.sources
    }
}

fn access<'a>(viewing: &'a Viewing, viewer: &'a Viewer) -> Access<'a> {
    Access {
        viewer,
        policy: &viewing.policy,
        asker: &viewing.asker,
    }
}

/// The handle of a zaak, or of a document seen through a zaak, for this caller alone.
fn handle(viewing: &Viewing, id: &ResourceRef, parent: Option<&ResourceRef>) -> Handle {
    viewing
        .handles
        .seal(&viewing.identity.on_behalf_of, &target(id, parent))
}

fn target(id: &ResourceRef, parent: Option<&ResourceRef>) -> HandleTarget {
    HandleTarget {
        kind: id.kind,
        source: id.source.clone(),
        id: id.id,
        parent: parent.map(|parent| parent.id),
    }
}

/// What a handle of a zaak opens for this caller, if anything.
fn open_zaak_handle(viewing: &Viewing, text: &str) -> Option<HandleTarget> {
    viewing
        .handles
        .open(&viewing.identity.on_behalf_of, text)
        .ok()
        .filter(|target| target.kind == ResourceKind::Zaak)
}
