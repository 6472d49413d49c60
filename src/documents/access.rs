//! Whether this caller may have this zaak, and this document of it. Asked anew for every page and every
//! download: what was allowed a minute ago may not be allowed now.

use std::sync::Arc;

use futures_util::future::{join, join3};

use super::ZgwSource;
use crate::domain::zgw::{Rol, Zaak, Zaaktype};
use crate::domain::{Asker, HandleTarget, LevelOfAssurance, Proven, ResourceKind, ResourceRef};
use crate::gate::{
    HiddenCounts, KnownZaaktype, Show, ShownDocument, ShownZaak, Verdict, Viewer, judge_document,
    judge_zaak_and_level,
};
use crate::policy::Policy;
use crate::upstream::http::{ErrorKind, UpstreamError};
use crate::upstream::zgw::zaken::OwnRollen;

/// Who asks, and by which rules.
#[derive(Debug, Clone, Copy)]
pub struct Access<'a> {
    pub viewer: &'a Viewer,
    pub policy: &'a Policy,
    pub asker: &'a Asker,
}

/// Why nothing is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccessError {
    /// It does not exist, is somebody else's or may not be seen: the caller learns no more than that.
    NotFound,
    /// It is the caller's, and a login of this level would show it.
    Level(LevelOfAssurance),
    /// It may be the caller's, but the source names the person by URL only.
    Unprovable,
    /// A source gave no answer.
    Upstream(UpstreamError),
}

impl From<UpstreamError> for AccessError {
    fn from(error: UpstreamError) -> Self {
        match error.kind {
            ErrorKind::NotFound => Self::NotFound,
            _ => Self::Upstream(error),
        }
    }
}

/// A zaak that this caller may see, with its type.
#[derive(Debug, Clone)]
pub struct Opened {
    pub zaak: Show<ShownZaak>,
    pub zaaktype: Arc<Zaaktype>,
    pub domein: Option<String>,
}

/// Judges a zaak that was read together with the caller's own rollen in it.
pub async fn shown_zaak(
    source: &ZgwSource,
    access: Access<'_>,
    zaak: Zaak,
    rollen: &OwnRollen,
) -> Result<Opened, AccessError> {
    let nobodys = if rollen.by_url {
        AccessError::Unprovable
    } else {
        AccessError::NotFound
    };
    let Some(zaak) = Proven::zaak(zaak, &rollen.own) else {
        return Err(nobodys);
    };
    let id = zaak.get().zaaktype.clone().ok_or(AccessError::NotFound)?;
    let (zaaktype, domein) = match source.catalogus.zaaktype(&id).await {
        Ok(Some(known)) => known,
        Ok(None) => return Err(AccessError::NotFound),
        Err(error) => return Err(AccessError::Upstream(error)),
    };
    let known = KnownZaaktype {
        zaaktype: &zaaktype,
        domein: domein.as_deref(),
    };
    let own: Vec<&Rol> = rollen.own.iter().map(|rol| rol.get().as_ref()).collect();
    let judged = judge_zaak_and_level(
        zaak.into_inner(),
        Some(known),
        &own,
        access.viewer,
        access.policy,
    );
    match judged {
        (Verdict::Show(zaak), _) => Ok(Opened {
            zaak,
            zaaktype,
            domein,
        }),
        (Verdict::Hide(_), Some(level)) => Err(AccessError::Level(level)),
        (Verdict::Hide(_), None) => Err(nobodys),
    }
}

impl ZgwSource {
    /// The document that a handle names, if the caller may have it *through the zaak that the handle
    /// names*: linked to that zaak, or to a decision on it. Everything is asked at once.
    pub async fn open_document(
        &self,
        access: Access<'_>,
        target: &HandleTarget,
    ) -> Result<Show<ShownDocument>, AccessError> {
        let parent = target.parent.ok_or(AccessError::NotFound)?;
        if target.kind != ResourceKind::Enkelvoudiginformatieobject {
            return Err(AccessError::NotFound);
        }
        let zaak_id = self.zgw.reference(ResourceKind::Zaak, parent);
        let document_id = self.zgw.reference(target.kind, target.id);
        let ((zaak, rollen, links), document) = join(
            join3(
                self.zgw.zaak(&zaak_id, access.asker),
                self.zgw
                    .own_rollen_in(&zaak_id, &access.viewer.subject, access.asker),
                self.zgw.zaakinformatieobjecten(&zaak_id, access.asker),
            ),
            self.zgw.document(&document_id, access.asker),
        )
        .await;
        // Only the zaak or the document itself can be "not found"; a list that is not there is a source
        // that could not be asked.
        let zaak = zaak?;
        let rollen = rollen.map_err(AccessError::Upstream)?;
        let opened = shown_zaak(self, access, zaak, &rollen).await?;
        let linked = links
            .map_err(AccessError::Upstream)?
            .items
            .iter()
            .any(|link| link.get().informatieobject.as_ref() == Some(&document_id));
        if !linked
            && !self
                .linked_to_besluit(&zaak_id, &document_id, access)
                .await?
        {
            return Err(AccessError::NotFound);
        }
        let document = document?;
        let soort = match &document.get().informatieobjecttype {
            Some(id) => match self.catalogus.informatieobjecttype(id).await {
                Ok(soort) => soort,
                Err(error) => return Err(AccessError::Upstream(error)),
            },
            None => None,
        };
        judge_document(
            document,
            soort.as_deref(),
            &opened.zaak,
            access.viewer,
            access.policy,
        )
        .or_count(&mut HiddenCounts::default())
        .ok_or(AccessError::NotFound)
    }

    /// A document of a decision need not be linked to the zaak itself.
    async fn linked_to_besluit(
        &self,
        zaak: &ResourceRef,
        document: &ResourceRef,
        access: Access<'_>,
    ) -> Result<bool, AccessError> {
        if !self.zgw.has(crate::upstream::zgw::Component::Besluiten) {
            return Ok(false);
        }
        let besluiten = self
            .zgw
            .besluiten(zaak, access.asker)
            .await
            .map_err(AccessError::Upstream)?;
        for besluit in besluiten.items {
            let links = self
                .zgw
                .besluitinformatieobjecten(&besluit.get().id, access.asker)
                .await
                .map_err(AccessError::Upstream)?;
            if links
                .items
                .iter()
                .any(|link| link.get().informatieobject.as_ref() == Some(document))
            {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
