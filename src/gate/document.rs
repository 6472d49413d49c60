//! Whether a document of a shown zaak is shown, in the list and again at every download.

use super::{Reason, Show, ShownZaak, Verdict, Viewer};
use crate::domain::zgw::{Document, Informatieobjecttype};
use crate::domain::{Proven, Vertrouwelijkheid, non_empty};
use crate::policy::{self, Module, Policy};

/// As what a document is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DocumentSoort {
    Document,
    /// "Uw ingediende aanvraag": what the resident sent in.
    Aanvraag,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownDocument {
    document: Document,
    soort: DocumentSoort,
}

impl ShownDocument {
    pub const fn document(&self) -> &Document {
        &self.document
    }

    pub fn into_document(self) -> Document {
        self.document
    }

    pub const fn soort(&self) -> DocumentSoort {
        self.soort
    }
}

/// Judges a document that was proven to hang on `zaak` (through its zaakinformatieobject, or through a
/// besluit of that zaak). `informatieobjecttype` is `None` when the catalogue does not have it.
pub fn judge_document(
    document: Proven<Document>,
    informatieobjecttype: Option<&Informatieobjecttype>,
    zaak: &Show<ShownZaak>,
    viewer: &Viewer,
    policy: &Policy,
) -> Verdict<ShownDocument> {
    let document = document.into_inner();
    let type_name = informatieobjecttype
        .filter(|known| document.informatieobjecttype.as_ref() == Some(&known.id))
        .and_then(|known| non_empty(known.omschrijving.as_deref()));
    match judge(&document, type_name, zaak.get(), viewer, policy) {
        Ok(soort) => Verdict::Show(Show::new(ShownDocument { document, soort })),
        Err(reason) => Verdict::Hide(reason),
    }
}

fn judge(
    document: &Document,
    type_name: Option<&str>,
    zaak: &ShownZaak,
    viewer: &Viewer,
    policy: &Policy,
) -> Result<DocumentSoort, Reason> {
    // Asked again, because a download is judged in another call than the list. For which zaaktypen the
    // mandate is was judged with the zaak.
    viewer.reach(policy).module(Module::Zaken)?;
    if document.inhoud_is_vervallen == Some(true) {
        return Err(Reason::DocumentVervallen);
    }
    if document.tonen_aan_initiator == Some(false) {
        return Err(Reason::NietVoorInitiator);
    }
    match type_name {
        Some(name) if policy::names(&policy.verborgen_documenttypen, name) => {
            return Err(Reason::DocumenttypeVerborgen);
        }
        None if !policy.verborgen_documenttypen.is_empty() => {
            return Err(Reason::DocumenttypeOnbekend);
        }
        _ => {}
    }
    let archived = final_status(document)?;
    let level = document
        .vertrouwelijkheid
        .ok_or(Reason::VertrouwelijkheidOnbekend)?;
    let named = |list: &[String]| type_name.is_some_and(|name| policy::names(list, name));
    if level == Vertrouwelijkheid::Intern && !named(&policy.interne_documenttypen) {
        return Err(Reason::DocumentIntern);
    }
    // The form's own PDF is filed as `vertrouwelijk`, above the ceiling, because the municipality
    // keeps it that way; to the one who sent it in it is no secret.
    let own_submission = archived
        && zaak.is_initiator()
        && named(&policy.aanvraag_documenttypen)
        && level <= Vertrouwelijkheid::Vertrouwelijk;
    if own_submission {
        return Ok(DocumentSoort::Aanvraag);
    }
    if level > policy.document_vertrouwelijkheid {
        return Err(Reason::Vertrouwelijkheid);
    }
    Ok(DocumentSoort::Document)
}

/// Whether the document is archived; an error when it is neither that nor definitief.
///
/// An empty status is legal for a received document, but nothing then says that it is meant to be seen.
/// It is hidden, alone, under its own reason, so that the webbeheerder sees how many there are.
fn final_status(document: &Document) -> Result<bool, Reason> {
    let status = non_empty(document.status.as_deref()).ok_or(Reason::DocumentZonderStatus)?;
    match status.to_lowercase().as_str() {
        "definitief" => Ok(false),
        "gearchiveerd" => Ok(true),
        _ => Err(Reason::DocumentStatus),
    }
}
