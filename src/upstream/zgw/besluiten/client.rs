//! What is asked of the Besluiten API.

use crate::domain::zgw::{Besluit, Besluitinformatieobject};
use crate::domain::{Proven, ResourceKind, ResourceRef};
use crate::upstream::http::UpstreamError;
use crate::upstream::zgw::json::Object;
use crate::upstream::zgw::{Component, Listing, UserId, Zgw};

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
        user: &UserId,
    ) -> Result<Listing<Proven<Besluit>>, UpstreamError> {
        const OPERATION: &str = "besluiten.list";
        let written = self.written(OPERATION, zaak)?;
        let query = [("zaak", written.as_str())];
        let ask = self.ask(OPERATION, Component::Besluiten, "/besluiten", &query, user);
        let listing = self
            .get_all(ask, self.settings().max_pages, |items| {
                self.all_children_of(OPERATION, items, "zaak", zaak)
            })
            .await?;
        Ok(Listing {
            items: listing
                .items
                .iter()
                .filter_map(|value| {
                    let besluit = besluit(self.object(value))?;
                    let parent = besluit.zaak.clone();
                    Proven::<Besluit>::child(besluit, parent.as_ref(), zaak)
                })
                .collect(),
            truncated: listing.truncated,
        })
    }

    pub async fn besluitinformatieobjecten(
        &self,
        besluit: &ResourceRef,
        user: &UserId,
    ) -> Result<Listing<Proven<Besluitinformatieobject>>, UpstreamError> {
        const OPERATION: &str = "besluitinformatieobjecten.list";
        let written = self.written(OPERATION, besluit)?;
        let query = [("besluit", written.as_str())];
        let path = "/besluitinformatieobjecten";
        let ask = self.ask(OPERATION, Component::Besluiten, path, &query, user);
        let listing = self
            .get_all(ask, self.settings().max_pages, |items| {
                self.all_children_of(OPERATION, items, "besluit", besluit)
            })
            .await?;
        Ok(Listing {
            items: listing
                .items
                .iter()
                .filter_map(|value| {
                    let link = besluitinformatieobject(self.object(value));
                    let parent = link.besluit.clone();
                    Proven::<Besluitinformatieobject>::child(link, parent.as_ref(), besluit)
                })
                .collect(),
            truncated: listing.truncated,
        })
    }
}
