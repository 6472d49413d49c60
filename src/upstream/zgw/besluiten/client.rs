//! What is asked of the Besluiten API.

use crate::domain::zgw::{Besluit, Besluitinformatieobject};
use crate::domain::{Proven, ResourceKind, ResourceRef};
use crate::upstream::http::UpstreamError;
use crate::upstream::zgw::call::Children;
use crate::upstream::zgw::json::Object;
use crate::upstream::zgw::{Asker, Component, Listing, Zgw};

fn besluit(json: Object<'_>) -> Option<Besluit> {
    Some(Besluit {
        id: json.own(ResourceKind::Besluit)?,
        zaak: json.reference("zaak", ResourceKind::Zaak),
        besluittype: json.reference("besluittype", ResourceKind::Besluittype),
        datum: json.date("datum"),
        ingangsdatum: json.date("ingangsdatum"),
        vervaldatum: json.date("vervaldatum"),
        publicatiedatum: json.date("publicatiedatum"),
        verzenddatum: json.date("verzenddatum"),
        uiterlijke_reactiedatum: json.date("uiterlijkeReactiedatum"),
        toelichting: json.text("toelichting"),
    })
}

fn besluitinformatieobject(json: Object<'_>) -> Besluitinformatieobject {
    Besluitinformatieobject {
        besluit: json.reference("besluit", ResourceKind::Besluit),
        informatieobject: json.reference(
            "informatieobject",
            ResourceKind::Enkelvoudiginformatieobject,
        ),
    }
}

impl Zgw {
    pub async fn besluiten(
        &self,
        zaak: &ResourceRef,
        asker: &Asker,
    ) -> Result<Listing<Proven<Besluit>>, UpstreamError> {
        let list = Children {
            operation: "besluiten.list",
            component: Component::Besluiten,
            path: "/besluiten",
            field: "zaak",
            parent: zaak,
        };
        self.children(list, asker, besluit).await
    }

    pub async fn besluitinformatieobjecten(
        &self,
        besluit: &ResourceRef,
        asker: &Asker,
    ) -> Result<Listing<Proven<Besluitinformatieobject>>, UpstreamError> {
        let list = Children {
            operation: "besluitinformatieobjecten.list",
            component: Component::Besluiten,
            path: "/besluitinformatieobjecten",
            field: "besluit",
            parent: besluit,
        };
        let read = |json: Object<'_>| Some(besluitinformatieobject(json));
        self.children(list, asker, read).await
    }
}
