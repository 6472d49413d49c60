//! What is asked of the Zaken API about one zaak, and proven before it leaves here.

use std::sync::Arc;

use serde_json::Value;

use super::model;
use crate::domain::zgw::{Resultaat, Rol, Status, Substatus, Zaak, Zaakinformatieobject};
use crate::domain::{Proven, ResourceRef, RolOwner, Subject};
use crate::upstream::http::{ErrorKind, UpstreamError};
use crate::upstream::zgw::call::Children;
use crate::upstream::zgw::json::Object;
use crate::upstream::zgw::{Asker, Component, Feature, Listing, Reach, Zgw, is_not_offered};

/// A party's own rollen, and whether some rol may be the party's without proof.
#[derive(Debug, Clone, Default)]
pub struct OwnRollen {
    pub own: Vec<Proven<Arc<Rol>>>,
    pub by_url: bool,
}

impl OwnRollen {
    pub(super) fn among(rollen: impl IntoIterator<Item = Arc<Rol>>, subject: &Subject) -> Self {
        let mut out = Self::default();
        for rol in rollen {
            out.by_url |= RolOwner::of(&rol, subject) == RolOwner::ByUrl;
            out.own.extend(Proven::rol(rol, subject));
        }
        out
    }
}

pub(super) const ROLLEN: &str = "rollen.list";

impl Zgw {
    /// Every rol in one zaak, whoever's it is. Rollen of another zaak mean that the filter was ignored.
    pub(super) async fn rollen_in(
        &self,
        zaak: &ResourceRef,
        asker: &Asker,
    ) -> Result<Listing<Rol>, UpstreamError> {
        let rollen = self
            .in_zaak(ROLLEN, "/rollen", zaak, asker, model::rol)
            .await?;
        let items = rollen.items.into_iter().map(Proven::into_inner).collect();
        Ok(Listing {
            items: self.fetch_betrokkenen(items, asker).await,
            truncated: rollen.truncated,
            count: rollen.count,
        })
    }

    /// The party's own rollen in one zaak.
    pub async fn own_rollen_in(
        &self,
        zaak: &ResourceRef,
        subject: &Subject,
        asker: &Asker,
    ) -> Result<OwnRollen, UpstreamError> {
        let rollen = self.rollen_in(zaak, asker).await?;
        let rollen = rollen.items.into_iter().map(Arc::new);
        Ok(OwnRollen::among(rollen, subject))
    }

    /// All rollen in one zaak: only for the operator's question why a zaak is not shown.
    pub async fn rollen_for_diagnosis(
        &self,
        zaak: &ResourceRef,
    ) -> Result<Vec<Rol>, UpstreamError> {
        Ok(self.rollen_in(zaak, &Asker::system()).await?.items)
    }

    /// One zaak by its own id. It is still nobody's: only [`Proven::zaak`] makes it a party's.
    pub async fn zaak(&self, id: &ResourceRef, asker: &Asker) -> Result<Zaak, UpstreamError> {
        const OPERATION: &str = "zaak.get";
        let path = format!("/zaken/{}", id.id);
        let plain = self.ask(OPERATION, Component::Zaken, &path, &[], asker);
        let read = |wanted: ResourceRef| {
            move |zgw: &Self, value: &Value| {
                let zaak = model::zaak(zgw.object(value));
                zaak.filter(|zaak| zaak.id == wanted)
                    .ok_or_else(|| zgw.error(OPERATION, ErrorKind::FilterIgnored))
            }
        };
        let expand = self.may_have(Feature::Expand);
        let answer = if expand {
            let query = [("expand", "resultaat")];
            self.get(plain.with_query(&query), read(id.clone())).await
        } else {
            self.get(plain, read(id.clone())).await
        };
        let zaak = match answer {
            Err(error) if expand && error.status == Some(400) => {
                let zaak = self.get(plain, read(id.clone())).await?;
                self.lacks(Feature::Expand);
                zaak
            }
            answer => answer?,
        };
        Ok(Arc::unwrap_or_clone(zaak))
    }

    pub async fn statussen(
        &self,
        zaak: &ResourceRef,
        asker: &Asker,
    ) -> Result<Listing<Proven<Status>>, UpstreamError> {
        self.in_zaak("statussen.list", "/statussen", zaak, asker, model::status)
            .await
    }

    /// One status by its own id, for sources that cannot send it along with the list.
    pub async fn status(
        &self,
        id: &ResourceRef,
        zaak: &ResourceRef,
        asker: &Asker,
    ) -> Result<Proven<Status>, UpstreamError> {
        const OPERATION: &str = "status.get";
        let path = format!("/statussen/{}", id.id);
        let ask = self.ask(OPERATION, Component::Zaken, &path, &[], asker);
        let of = zaak.clone();
        let proven = self
            .get(ask, move |zgw, value| {
                let status = model::status(zgw.object(value));
                let parent = status.zaak.clone();
                Proven::<Status>::child(status, parent.as_ref(), &of)
                    .ok_or_else(|| zgw.error(OPERATION, ErrorKind::FilterIgnored))
            })
            .await?;
        Ok(Arc::unwrap_or_clone(proven))
    }

    /// The substatussen, where the source has such a thing.
    pub async fn substatussen(
        &self,
        zaak: &ResourceRef,
        asker: &Asker,
    ) -> Result<Listing<Proven<Substatus>>, UpstreamError> {
        if !self.may_have(Feature::Substatussen) {
            return Ok(Listing::default());
        }
        let answer = self
            .in_zaak(
                "substatussen.list",
                "/substatussen",
                zaak,
                asker,
                model::substatus,
            )
            .await;
        match answer {
            Err(error) if is_not_offered(&error) => {
                self.lacks(Feature::Substatussen);
                Ok(Listing::default())
            }
            answer => answer,
        }
    }

    /// The result that a zaak names, where it was not sent along with the zaak.
    pub async fn resultaat(
        &self,
        id: &ResourceRef,
        zaak: &ResourceRef,
        asker: &Asker,
    ) -> Result<Proven<Resultaat>, UpstreamError> {
        const OPERATION: &str = "resultaat.get";
        let path = format!("/resultaten/{}", id.id);
        let ask = self.ask(OPERATION, Component::Zaken, &path, &[], asker);
        let of = zaak.clone();
        let proven = self
            .get(ask, move |zgw, value| {
                let resultaat = model::resultaat(zgw.object(value));
                let parent = resultaat.zaak.clone();
                Proven::<Resultaat>::child(resultaat, parent.as_ref(), &of)
                    .ok_or_else(|| zgw.error(OPERATION, ErrorKind::FilterIgnored))
            })
            .await?;
        Ok(Arc::unwrap_or_clone(proven))
    }

    pub async fn zaakinformatieobjecten(
        &self,
        zaak: &ResourceRef,
        asker: &Asker,
    ) -> Result<Listing<Proven<Zaakinformatieobject>>, UpstreamError> {
        self.in_zaak(
            "zaakinformatieobjecten.list",
            "/zaakinformatieobjecten",
            zaak,
            asker,
            model::zaakinformatieobject,
        )
        .await
    }

    /// The zaken with a number, for the operator's question why one is not shown. There is more than one
    /// where organisations share a source: a number is unique per bronorganisatie.
    pub async fn zaken_by_number(&self, nummer: &str) -> Result<Vec<Zaak>, UpstreamError> {
        let asker = Asker::system();
        let shown = self.urls().shown_number(nummer.to_owned());
        let query = [("identificatie", nummer)];
        let ask = self.ask("zaak.by_number", Component::Zaken, "/zaken", &query, &asker);
        let listing = self
            .get_all(ask, Reach::pages(1), model::zaak, |_, _| Ok(()))
            .await?;
        Ok(listing
            .items
            .into_iter()
            .flatten()
            .filter(|zaak| zaak.identificatie.as_deref() == Some(shown.as_str()))
            .collect())
    }

    /// A list filtered on `?zaak=`; see [`Zgw::children`].
    async fn in_zaak<T>(
        &self,
        operation: &'static str,
        path: &'static str,
        zaak: &ResourceRef,
        asker: &Asker,
        read: impl Fn(Object<'_>) -> T + Clone + Send + 'static,
    ) -> Result<Listing<Proven<T>>, UpstreamError>
    where
        T: Clone + Send + Sync + 'static,
    {
        let list = Children {
            operation,
            component: Component::Zaken,
            path,
            field: "zaak",
            parent: zaak,
        };
        self.children(list, asker, move |json| Some(read(json)))
            .await
    }
}
