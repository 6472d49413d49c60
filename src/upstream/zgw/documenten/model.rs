//! From the JSON of the Documenten API to [`Document`].

use crate::domain::zgw::Document;
use crate::domain::{ResourceKind, Vertrouwelijkheid};
use crate::upstream::zgw::json::Object;

/// `None` when the object has no identity of its own.
pub(super) fn document(json: Object<'_>) -> Option<Document> {
    Some(Document {
        id: json.own(ResourceKind::Enkelvoudiginformatieobject)?,
        titel: json.text("titel"),
        bestandsnaam: json.text("bestandsnaam"),
        formaat: json.text("formaat"),
        bestandsomvang: json
            .int("bestandsomvang")
            .and_then(|n| u64::try_from(n).ok()),
        creatiedatum: json.date("creatiedatum"),
        ontvangstdatum: json.date("ontvangstdatum"),
        verzenddatum: json.date("verzenddatum"),
        taal: json.text("taal"),
        versie: json.int("versie").and_then(|n| u32::try_from(n).ok()),
        status: json.text("status").map(|word| word.to_lowercase()),
        vertrouwelijkheid: json
            .text("vertrouwelijkheidaanduiding")
            .and_then(|word| Vertrouwelijkheid::parse(&word)),
        informatieobjecttype: json
            .reference("informatieobjecttype", ResourceKind::Informatieobjecttype),
        tonen_aan_initiator: json.bool("tonenAanInitiator"),
        inhoud_is_vervallen: json.bool("inhoudIsVervallen"),
    })
}
