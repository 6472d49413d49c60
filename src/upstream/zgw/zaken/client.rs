//! What is asked of the Zaken API about one zaak, and proven before it leaves here.

use super::model;
use crate::domain::zgw::{Resultaat, Rol, Status, Substatus, Zaak, Zaakinformatieobject};
use crate::domain::{Proven, ResourceRef, RolOwner, Subject};
use crate::upstream::http::{ErrorKind, UpstreamError};
use crate::upstream::zgw::{Component, Listing, UserId, Zgw};

/// A party's own rollen, and whether some rol may be the party's without proof.
#[derive(Debug, Clone, Default)]
pub struct OwnRollen {
    pub own: Vec<Proven<Rol>>,
    pub by_url: bool,
}

impl OwnRollen {
    pub(super) fn among(rollen: Vec<Rol>, subject: &Subject) -> Self {
        let by_url = rollen
            .iter()
            .any(|rol| RolOwner::of(rol, subject) == RolOwner::ByUrl);
        let own = rollen
            .into_iter()
            .filter_map(|rol| Proven::<Rol>::rol(rol, subject))
            .collect();
        Self { own, by_url }
    }
}

pub(super) const ROLLEN: &str = "rollen.list";

impl Zgw {
    /// Every rol in one zaak, whoever's it is. Rollen of another zaak mean that the filter was ignored.
    pub(super) async fn rollen_in(
        &self,
        zaak: &ResourceRef,
        user: &UserId,
    ) -> Result<Listing<Rol>, UpstreamError> {
        let rollen = self
            .children(ROLLEN, "/rollen", zaak, user, |json| {
                let rol = model::rol(json);
                let parent = rol.zaak.clone();
                (rol, parent)
            })
            .await?;
        let items = rollen.items.into_iter().map(Proven::into_inner).collect();
        Ok(Listing {
            items: self.fetch_betrokkenen(items, user).await,
            truncated: rollen.truncated,
        })
    }

    /// The party's own rollen in one zaak.
    pub async fn own_rollen_in(
        &self,
        zaak: &ResourceRef,
        subject: &Subject,
        user: &UserId,
    ) -> Result<OwnRollen, UpstreamError> {
        let rollen = self.rollen_in(zaak, user).await?;
        Ok(OwnRollen::among(rollen.items, subject))
    }

    /// All rollen in one zaak: only for the operator's question why a zaak is not shown.
    pub async fn rollen_for_diagnosis(
        &self,
        zaak: &ResourceRef,
    ) -> Result<Vec<Rol>, UpstreamError> {
        Ok(self.rollen_in(zaak, &UserId::system()).await?.items)
    }

    /// One zaak by its own id. It is still nobody's: only [`Proven::zaak`] makes it a party's.
    pub async fn zaak(&self, id: &ResourceRef, user: &UserId) -> Result<Zaak, UpstreamError> {
        const OPERATION: &str = "zaak.get";
        let path = format!("/zaken/{}", id.id);
        let expand: &[(&str, &str)] = if self.settings().expand {
            &[("expand", "resultaat")]
        } else {
            &[]
        };
        let value = self
            .get(self.ask(OPERATION, Component::Zaken, &path, expand, user))
            .await?;
        let zaak = model::zaak(self.object(&value));
        zaak.filter(|zaak| zaak.id == *id)
            .ok_or_else(|| self.error(OPERATION, ErrorKind::FilterIgnored))
    }

    pub async fn statussen(
        &self,
        zaak: &ResourceRef,
        user: &UserId,
    ) -> Result<Listing<Proven<Status>>, UpstreamError> {
        self.children("statussen.list", "/statussen", zaak, user, |json| {
            let status = model::status(json);
            let parent = status.zaak.clone();
            (status, parent)
        })
        .await
    }

    /// One status by its own id, for sources that cannot send it along with the list.
    pub async fn status(
        &self,
        id: &ResourceRef,
        zaak: &ResourceRef,
        user: &UserId,
    ) -> Result<Proven<Status>, UpstreamError> {
        const OPERATION: &str = "status.get";
        let path = format!("/statussen/{}", id.id);
        let value = self
            .get(self.ask(OPERATION, Component::Zaken, &path, &[], user))
            .await?;
        let status = model::status(self.object(&value));
        let parent = status.zaak.clone();
        Proven::<Status>::child(status, parent.as_ref(), zaak)
            .ok_or_else(|| self.error(OPERATION, ErrorKind::FilterIgnored))
    }

    pub async fn substatussen(
        &self,
        zaak: &ResourceRef,
        user: &UserId,
    ) -> Result<Listing<Proven<Substatus>>, UpstreamError> {
        self.children("substatussen.list", "/substatussen", zaak, user, |json| {
            let substatus = model::substatus(json);
            let parent = substatus.zaak.clone();
            (substatus, parent)
        })
        .await
    }

    pub async fn resultaten(
        &self,
        zaak: &ResourceRef,
        user: &UserId,
    ) -> Result<Listing<Proven<Resultaat>>, UpstreamError> {
        self.children("resultaten.list", "/resultaten", zaak, user, |json| {
            let resultaat = model::resultaat(json);
            let parent = resultaat.zaak.clone();
            (resultaat, parent)
        })
        .await
    }

    pub async fn zaakinformatieobjecten(
        &self,
        zaak: &ResourceRef,
        user: &UserId,
    ) -> Result<Listing<Proven<Zaakinformatieobject>>, UpstreamError> {
        self.children(
            "zaakinformatieobjecten.list",
            "/zaakinformatieobjecten",
            zaak,
            user,
            |json| {
                let link = model::zaakinformatieobject(json);
                let parent = link.zaak.clone();
                (link, parent)
            },
        )
        .await
    }

    /// The zaken with a number, for the operator's question why one is not shown. There is more than one
    /// where organisations share a source: a number is unique per bronorganisatie.
    pub async fn zaken_by_number(&self, nummer: &str) -> Result<Vec<Zaak>, UpstreamError> {
        let user = UserId::system();
        let query = [("identificatie", nummer)];
        let ask = self.ask("zaak.by_number", Component::Zaken, "/zaken", &query, &user);
        let listing = self.get_all(ask, 1, |_| Ok(())).await?;
        Ok(listing
            .items
            .iter()
            .filter_map(|value| model::zaak(self.object(value)))
            .filter(|zaak| zaak.identificatie.as_deref() == Some(nummer))
            .collect())
    }

    /// A list filtered on `?zaak=`: every item must name that zaak as its own, or the filter was ignored.
    async fn children<T>(
        &self,
        operation: &'static str,
        path: &'static str,
        zaak: &ResourceRef,
        user: &UserId,
        read: impl Fn(crate::upstream::zgw::json::Object<'_>) -> (T, Option<ResourceRef>),
    ) -> Result<Listing<Proven<T>>, UpstreamError> {
        let written = self.written(operation, zaak)?;
        let query = [("zaak", written.as_str())];
        let ask = self.ask(operation, Component::Zaken, path, &query, user);
        let listing = self
            .get_all(ask, self.settings().max_pages, |items| {
                self.all_children_of(operation, items, "zaak", zaak)
            })
            .await?;
        Ok(Listing {
            items: listing
                .items
                .iter()
                .filter_map(|value| {
                    let (item, parent) = read(self.object(value));
                    Proven::<T>::child(item, parent.as_ref(), zaak)
                })
                .collect(),
            truncated: listing.truncated,
        })
    }
}
