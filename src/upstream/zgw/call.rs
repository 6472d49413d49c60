//! One call to one component: its client, its token, its CRS headers.

use std::sync::Arc;

use http::{HeaderName, HeaderValue, Method};
use serde_json::Value;
use uuid::Uuid;

use super::json::Object;
use super::listing::{Listing, Page, Reach, read_all};
use super::{Component, ComponentSettings, UrlMap, UserId, ZgwSettings};
use crate::domain::{Clock, Proven, ResourceKind, ResourceRef};
use crate::upstream::http::{
    Body, Call, Client, ErrorKind, Health, Reply, StreamReply, UpstreamError,
};

const CRS: HeaderValue = HeaderValue::from_static("EPSG:4326");
const ACCEPT_CRS: HeaderName = HeaderName::from_static("accept-crs");
const CONTENT_CRS: HeaderName = HeaderName::from_static("content-crs");

/// One question: what for, to which component, below which path, in whose name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ask<'a> {
    pub operation: &'static str,
    pub component: Component,
    pub path: &'a str,
    /// Never logged.
    pub query: &'a [(&'a str, &'a str)],
    pub user: &'a UserId,
}

impl<'a> Ask<'a> {
    pub(super) const fn with_query(self, query: &'a [(&'a str, &'a str)]) -> Self {
        Self { query, ..self }
    }
}

/// Whether the source says that this call does not exist there: an older version, or another vendor.
pub(super) fn is_not_offered(error: &UpstreamError) -> bool {
    matches!(error.status, Some(404 | 405 | 501))
}

/// The children of one parent, as a component lists them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Children<'a> {
    pub operation: &'static str,
    pub component: Component,
    pub path: &'static str,
    /// The filter, and the field in which each child names its parent.
    pub field: &'static str,
    pub parent: &'a ResourceRef,
}

/// One ZGW source, with a client per component. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Zgw {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    settings: ZgwSettings,
    clients: Vec<(Component, Client)>,
    urls: UrlMap,
    clock: Clock,
}

impl Zgw {
    pub fn new(settings: ZgwSettings, clock: Clock) -> Result<Self, UpstreamError> {
        let mut clients = Vec::new();
        let mut advertised = Vec::new();
        for component in &settings.components {
            let client = Client::new(
                settings.name.clone(),
                component.base_url.clone(),
                settings.http.clone(),
            )?;
            clients.push((component.component, client));
            advertised.push((component.component, component.advertised_url.clone()));
        }
        let urls = UrlMap::new(settings.name.clone(), advertised);
        Ok(Self {
            inner: Arc::new(Inner {
                settings,
                clients,
                urls,
                clock,
            }),
        })
    }

    pub fn settings(&self) -> &ZgwSettings {
        &self.inner.settings
    }

    pub fn urls(&self) -> &UrlMap {
        &self.inner.urls
    }

    pub fn reference(&self, kind: ResourceKind, id: Uuid) -> ResourceRef {
        self.inner.urls.reference(kind, id)
    }

    /// Whether the source is configured with this component.
    pub fn has(&self, component: Component) -> bool {
        self.inner.clients.iter().any(|(of, _)| *of == component)
    }

    /// The worst of its components.
    pub fn health(&self) -> Health {
        let all = || self.inner.clients.iter().map(|(_, client)| client.health());
        if all().any(|health| health == Health::Failing) {
            Health::Failing
        } else if all().any(|health| health == Health::Ok) {
            Health::Ok
        } else {
            Health::Unknown
        }
    }

    /// The address that the source writes in a list, when it is not the one that the configuration
    /// expects: then no reference in its answers can be understood.
    pub fn foreign_address(&self, component: Component, body: &[u8]) -> Option<String> {
        let value: Value = serde_json::from_slice(body).ok()?;
        let page = Page::from_json(value)?;
        let url = page.items.first()?.get("url")?.as_str()?;
        let known = ResourceKind::ALL
            .into_iter()
            .filter(|kind| Component::of(*kind) == component)
            .any(|kind| self.inner.urls.parse(url, kind).is_some());
        if known {
            return None;
        }
        // Without the last two parts, which name the object.
        let (without_id, _) = url.rsplit_once('/')?;
        let (address, _) = without_id.rsplit_once('/')?;
        Some(address.to_owned())
    }

    pub(super) fn error(&self, operation: &'static str, kind: ErrorKind) -> UpstreamError {
        UpstreamError::new(&self.inner.settings.name, operation, kind)
    }

    pub(super) fn object<'a>(&'a self, value: &'a Value) -> Object<'a> {
        Object::new(value, &self.inner.urls)
    }

    /// The address of an object as the source itself writes it.
    pub(super) fn written(
        &self,
        operation: &'static str,
        reference: &ResourceRef,
    ) -> Result<String, UpstreamError> {
        self.inner
            .urls
            .advertised(reference)
            .ok_or_else(|| self.error(operation, ErrorKind::Rejected))
    }

    fn component(
        &self,
        operation: &'static str,
        component: Component,
    ) -> Result<(&Client, &ComponentSettings), UpstreamError> {
        let client = self.inner.clients.iter().find(|(of, _)| *of == component);
        let settings = self
            .inner
            .settings
            .components
            .iter()
            .find(|settings| settings.component == component);
        match (client, settings) {
            (Some((_, client)), Some(settings)) => Ok((client, settings)),
            _ => Err(self.error(operation, ErrorKind::Rejected)),
        }
    }

    fn headers(
        &self,
        operation: &'static str,
        settings: &ComponentSettings,
        user: &UserId,
    ) -> Result<Vec<(HeaderName, HeaderValue)>, UpstreamError> {
        let bearer = settings
            .credentials
            .bearer(user, &self.inner.clock)
            .ok_or_else(|| self.error(operation, ErrorKind::Credentials))?;
        let mut headers = vec![(http::header::AUTHORIZATION, bearer)];
        if settings.component == Component::Zaken {
            headers.push((ACCEPT_CRS, CRS));
            headers.push((CONTENT_CRS, CRS));
        }
        Ok(headers)
    }

    /// A question to one component. Without a body it is a GET, with one a POST.
    pub(super) const fn ask<'a>(
        &self,
        operation: &'static str,
        component: Component,
        path: &'a str,
        query: &'a [(&'a str, &'a str)],
        user: &'a UserId,
    ) -> Ask<'a> {
        Ask {
            operation,
            component,
            path,
            query,
            user,
        }
    }

    pub(super) async fn get(&self, ask: Ask<'_>) -> Result<Value, UpstreamError> {
        self.send(ask, ask.query, None).await
    }

    async fn send(
        &self,
        ask: Ask<'_>,
        query: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Value, UpstreamError> {
        let (client, settings) = self.component(ask.operation, ask.component)?;
        client
            .json(Call {
                operation: ask.operation,
                method: if body.is_some() {
                    Method::POST
                } else {
                    Method::GET
                },
                path: ask.path,
                query,
                headers: self.headers(ask.operation, settings, ask.user)?,
                body: body.map_or(Body::None, Body::Json),
            })
            .await
    }

    async fn page(
        &self,
        ask: Ask<'_>,
        body: Option<&Value>,
        page: u32,
    ) -> Result<Page, UpstreamError> {
        let number = page.to_string();
        let mut query = ask.query.to_vec();
        if page > 1 {
            query.push(("page", &number));
        }
        let value = self.send(ask, &query, body).await?;
        Page::from_json(value).ok_or_else(|| self.error(ask.operation, ErrorKind::Garbled))
    }

    /// Reads a list with GET; see [`read_all`].
    pub(super) async fn get_all(
        &self,
        ask: Ask<'_>,
        reach: impl Into<Reach>,
        check: impl Fn(&[Value]) -> Result<(), UpstreamError>,
    ) -> Result<Listing<Value>, UpstreamError> {
        read_all(reach.into(), |page| self.page(ask, None, page), check).await
    }

    /// Reads a list with POST (`_zoek`): the body is sent again with every page.
    pub(super) async fn post_all(
        &self,
        ask: Ask<'_>,
        body: &Value,
        reach: impl Into<Reach>,
        check: impl Fn(&[Value]) -> Result<(), UpstreamError>,
    ) -> Result<Listing<Value>, UpstreamError> {
        read_all(reach.into(), |page| self.page(ask, Some(body), page), check).await
    }

    /// An answer filtered on a parent may hold that parent's children only. An item that names another
    /// parent, in whatever words, means that the filter was ignored.
    pub(super) fn all_children_of(
        &self,
        operation: &'static str,
        items: &[Value],
        field: &str,
        parent: &ResourceRef,
    ) -> Result<(), UpstreamError> {
        let foreign = items.iter().any(|value| {
            let json = self.object(value);
            json.text(field).is_some()
                && json.reference(field, parent.kind).as_ref() != Some(parent)
        });
        if foreign {
            return Err(self.error(operation, ErrorKind::FilterIgnored));
        }
        Ok(())
    }

    /// A list filtered on a parent: every item must name that parent as its own, or the filter was ignored.
    pub(super) async fn children<T>(
        &self,
        list: Children<'_>,
        user: &UserId,
        read: impl Fn(Object<'_>) -> Option<T>,
    ) -> Result<Listing<Proven<T>>, UpstreamError> {
        let Children {
            operation,
            component,
            path,
            field,
            parent,
        } = list;
        let written = self.written(operation, parent)?;
        let query = [(field, written.as_str())];
        let ask = self.ask(operation, component, path, &query, user);
        let listing = self
            .get_all(ask, self.settings().max_pages, |items| {
                self.all_children_of(operation, items, field, parent)
            })
            .await?;
        Ok(Listing {
            items: listing
                .items
                .iter()
                .filter_map(|value| {
                    let json = self.object(value);
                    let claimed = json.reference(field, parent.kind);
                    Proven::<T>::child(read(json)?, claimed.as_ref(), parent)
                })
                .collect(),
            truncated: listing.truncated,
        })
    }

    pub(super) async fn stream(
        &self,
        ask: Ask<'_>,
        idle: std::time::Duration,
    ) -> Result<StreamReply, UpstreamError> {
        let (client, settings) = self.component(ask.operation, ask.component)?;
        let mut headers = self.headers(ask.operation, settings, ask.user)?;
        // `application/pdf` is refused with 406 by Open Zaak: a download is whatever it is.
        headers.push((http::header::ACCEPT, HeaderValue::from_static("*/*")));
        client
            .stream(
                Call {
                    query: ask.query,
                    headers,
                    ..Call::get(ask.operation, ask.path)
                },
                idle,
            )
            .await
    }

    /// A call for the health check: the answer whatever its status.
    pub async fn probe(
        &self,
        component: Component,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<(Reply, Option<UpstreamError>), UpstreamError> {
        let operation = "check";
        let (client, settings) = self.component(operation, component)?;
        let reply = client
            .call(Call {
                query,
                headers: self.headers(operation, settings, &UserId::system())?,
                ..Call::get(operation, path)
            })
            .await?;
        let error = client.decode::<Value>(operation, &reply).err();
        Ok((reply, error))
    }
}
