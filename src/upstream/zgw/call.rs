//! One call to one component: its client, its CRS headers, and what the answer teaches of the source.

use std::sync::Arc;

use http::{HeaderName, HeaderValue, Method};
use serde_json::Value;
use uuid::Uuid;

use super::json::Object;
use super::listing::{Listing, Page, Reach, read_all};
use super::offers::{Feature, Offers};
use super::{Asker, Component, ListMethod, RollenStrategy, UrlMap, ZgwSettings};
use crate::domain::{Clock, Proven, ResourceKind, ResourceRef};
use crate::upstream::http::auth::SourceClient;
use crate::upstream::http::cache::{Answers, Question, Sized};
use crate::upstream::http::{Body, Call, ErrorKind, Reply, StreamReply, UpstreamError, Vitals};

/// Where a question must be asked of many objects one by one: how many at a time. All at once would be
/// refused at our own door, and is no way to treat a source that cannot be asked better.
pub(super) const AT_ONCE: usize = 16;

const CRS: HeaderValue = HeaderValue::from_static("EPSG:4326");
const ACCEPT_CRS: HeaderName = HeaderName::from_static("accept-crs");
const CONTENT_CRS: HeaderName = HeaderName::from_static("content-crs");

/// One question: what for, to which component, below which path, in whose name.
// Without `Debug`: the query may hold a number.
#[derive(Clone, Copy)]
pub(super) struct Ask<'a> {
    pub operation: &'static str,
    pub component: Component,
    pub path: &'a str,
    /// Never logged.
    pub query: &'a [(&'a str, &'a str)],
    pub asker: &'a Asker,
}

impl<'a> Ask<'a> {
    pub(super) const fn with_query(self, query: &'a [(&'a str, &'a str)]) -> Self {
        Self { query, ..self }
    }
}

/// The same question without borrowing, for a call that outlives its caller.
struct OwnedAsk {
    operation: &'static str,
    component: Component,
    path: String,
    query: Vec<(String, String)>,
    body: Option<Value>,
    asker: Asker,
}

/// An item of a list that was filtered on a parent.
#[derive(Debug, Clone)]
struct Child<T> {
    claimed: Claimed,
    item: Option<T>,
}

/// Which parent a child names.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Claimed {
    None,
    Parent(ResourceRef),
    /// In words that are not an address of this source.
    Unreadable,
}

impl Claimed {
    fn in_field(json: Object<'_>, field: &str, kind: ResourceKind) -> Self {
        match json.reference(field, kind) {
            Some(parent) => Self::Parent(parent),
            None if json.text(field).is_some() => Self::Unreadable,
            None => Self::None,
        }
    }

    fn reference(&self) -> Option<&ResourceRef> {
        match self {
            Self::Parent(parent) => Some(parent),
            Self::None | Self::Unreadable => None,
        }
    }
}

/// Every call to the Zaken API speaks of coordinates, wanted or not.
fn crs(component: Component) -> Vec<(HeaderName, HeaderValue)> {
    match component {
        Component::Zaken => vec![(ACCEPT_CRS, CRS), (CONTENT_CRS, CRS)],
        _ => Vec::new(),
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
    clients: Vec<(Component, SourceClient)>,
    urls: UrlMap,
    answers: Answers,
    offers: Offers,
}

impl Zgw {
    pub fn new(
        settings: ZgwSettings,
        clock: Clock,
        answers: Answers,
    ) -> Result<Self, UpstreamError> {
        let mut clients = Vec::new();
        let mut advertised = Vec::new();
        for component in &settings.components {
            let client = SourceClient::new(
                settings.name.clone(),
                component.base_url.clone(),
                settings.http.of_component(component.component.as_str()),
                component.auth.clone(),
            )?;
            clients.push((component.component, client));
            advertised.push((component.component, component.advertised_url.clone()));
        }
        let urls = UrlMap::new(settings.name.clone(), advertised)
            .with_zaaknummer_marker(&settings.zaaknummer_marker);
        let offers = Offers::new(settings.name.clone(), clock);
        Ok(Self {
            inner: Arc::new(Inner {
                settings,
                clients,
                urls,
                answers,
                offers,
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

    /// How each component is doing.
    pub fn vitals(&self) -> Vec<Vitals> {
        let clients = self.inner.clients.iter();
        clients.map(|(_, client)| client.vitals()).collect()
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

    /// Forgets what was remembered for somebody whose answers hold what is not theirs.
    pub(super) fn distrust(&self, asker: &Asker) {
        self.inner.answers.distrust(asker);
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

    pub(super) fn client(
        &self,
        operation: &'static str,
        component: Component,
    ) -> Result<&SourceClient, UpstreamError> {
        let mut clients = self.inner.clients.iter();
        clients
            .find(|(of, _)| *of == component)
            .map(|(_, client)| client)
            .ok_or_else(|| self.error(operation, ErrorKind::Rejected))
    }

    /// Whether it is worth asking the source for this: the configuration says so, and nothing that the
    /// source said lately contradicts it.
    pub(super) fn may_have(&self, feature: Feature) -> bool {
        let settings = self.settings();
        let said = match feature {
            Feature::ZakenZoek => settings.list_method == ListMethod::Zoek,
            Feature::Expand => settings.expand,
            Feature::Ordering => settings.ordering,
            Feature::RollenByPerson => settings.rollen == RollenStrategy::ByPerson,
            Feature::DocumentenZoek => settings.documenten_zoek,
            Feature::Substatussen => settings.substatussen,
        };
        said && self.inner.offers.may_have(feature)
    }

    /// The source was asked for this and does not have it.
    pub(super) fn lacks(&self, feature: Feature) {
        self.inner.offers.lacks(feature);
    }

    /// A question to one component. Without a body it is a GET, with one a POST.
    pub(super) const fn ask<'a>(
        &self,
        operation: &'static str,
        component: Component,
        path: &'a str,
        query: &'a [(&'a str, &'a str)],
        asker: &'a Asker,
    ) -> Ask<'a> {
        Ask {
            operation,
            component,
            path,
            query,
            asker,
        }
    }

    /// One object, or what `read` makes of it. What `read` refuses is not kept.
    pub(super) async fn get<T: Send + Sync + 'static>(
        &self,
        ask: Ask<'_>,
        read: impl FnOnce(&Self, &Value) -> Result<T, UpstreamError> + Send + 'static,
    ) -> Result<Arc<T>, UpstreamError> {
        self.send(ask, ask.query, None, |zgw, value| read(zgw, &value))
            .await
    }

    /// Asks the source, or takes what it said in this session a moment ago.
    async fn send<T: Send + Sync + 'static>(
        &self,
        ask: Ask<'_>,
        query: &[(&str, &str)],
        body: Option<&Value>,
        read: impl FnOnce(&Self, Value) -> Result<T, UpstreamError> + Send + 'static,
    ) -> Result<Arc<T>, UpstreamError> {
        let client = self.client(ask.operation, ask.component)?;
        let question = Question {
            source: client.source(),
            base: client.base().as_url().as_str(),
            method: method(body),
            path: ask.path,
            query,
            body,
        };
        let work = || {
            let owned = OwnedAsk {
                operation: ask.operation,
                component: ask.component,
                path: ask.path.to_owned(),
                query: query
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                    .collect(),
                body: body.cloned(),
                asker: ask.asker.clone(),
            };
            let zgw = self.clone();
            // On the heap: a page waits for many of these at once, each as large as a whole HTTP exchange.
            Box::pin(async move {
                let (value, bytes) = zgw.fetch(&owned).await?;
                let value = read(&zgw, value)?;
                Ok(Sized { value, bytes })
            })
        };
        let fresh = self.inner.settings.fresh;
        self.inner
            .answers
            .get(ask.asker, question, fresh, ask.operation, work)
            .await
    }

    async fn fetch(&self, ask: &OwnedAsk) -> Result<(Value, usize), UpstreamError> {
        let client = self.client(ask.operation, ask.component)?;
        let query: Vec<(&str, &str)> = ask
            .query
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let call = Call {
            operation: ask.operation,
            method: method(ask.body.as_ref()).clone(),
            path: &ask.path,
            query: &query,
            headers: crs(ask.component),
            body: ask.body.as_ref().map_or(Body::None, Body::Json),
            // The only POST is `_zoek`, which changes nothing.
            idempotent: true,
        };
        let reply = client.call(call, ask.asker.user()).await?;
        self.inner.offers.saw(ask.component, &reply.headers);
        let value = client.decode(ask.operation, &reply)?;
        Ok((value, reply.body.len()))
    }

    async fn page<T, R, C>(
        &self,
        ask: Ask<'_>,
        body: Option<&Value>,
        page: u32,
        read: R,
        check: C,
    ) -> Result<Arc<Page<T>>, UpstreamError>
    where
        T: Send + Sync + 'static,
        R: Fn(Object<'_>) -> T + Send + 'static,
        C: Fn(&Self, &[T]) -> Result<(), UpstreamError> + Send + 'static,
    {
        let number = page.to_string();
        let mut query = ask.query.to_vec();
        if page > 1 {
            query.push(("page", &number));
        }
        let operation = ask.operation;
        self.send(ask, &query, body, move |zgw, value| {
            let page = Page::from_json(value)
                .ok_or_else(|| zgw.error(operation, ErrorKind::Garbled))?
                .map(|value| read(zgw.object(&value)));
            check(zgw, &page.items)?;
            Ok(page)
        })
        .await
    }

    /// Reads a list with GET; see [`read_all`]. `check` sees every page before it is kept or another is
    /// asked for.
    pub(super) async fn get_all<T, R, C>(
        &self,
        ask: Ask<'_>,
        reach: Reach,
        read: R,
        check: C,
    ) -> Result<Listing<T>, UpstreamError>
    where
        T: Clone + Send + Sync + 'static,
        R: Fn(Object<'_>) -> T + Clone + Send + 'static,
        C: Fn(&Self, &[T]) -> Result<(), UpstreamError> + Clone + Send + 'static,
    {
        let page = |page| self.page(ask, None, page, read.clone(), check.clone());
        read_all(reach, page).await
    }

    /// Reads a list with POST (`_zoek`): the body is sent again with every page.
    pub(super) async fn post_all<T, R, C>(
        &self,
        ask: Ask<'_>,
        body: &Value,
        reach: Reach,
        read: R,
        check: C,
    ) -> Result<Listing<T>, UpstreamError>
    where
        T: Clone + Send + Sync + 'static,
        R: Fn(Object<'_>) -> T + Clone + Send + 'static,
        C: Fn(&Self, &[T]) -> Result<(), UpstreamError> + Clone + Send + 'static,
    {
        let page = |page| self.page(ask, Some(body), page, read.clone(), check.clone());
        read_all(reach, page).await
    }

    /// A list filtered on a parent: every item must name that parent as its own. An item that names another
    /// parent, in whatever words, means that the filter was ignored.
    pub(super) async fn children<T>(
        &self,
        list: Children<'_>,
        asker: &Asker,
        read: impl Fn(Object<'_>) -> Option<T> + Clone + Send + 'static,
    ) -> Result<Listing<Proven<T>>, UpstreamError>
    where
        T: Clone + Send + Sync + 'static,
    {
        let Children {
            operation,
            component,
            path,
            field,
            parent,
        } = list;
        let written = self.written(operation, parent)?;
        let query = [(field, written.as_str())];
        let ask = self.ask(operation, component, path, &query, asker);
        let kind = parent.kind;
        let child = move |json: Object<'_>| Child {
            claimed: Claimed::in_field(json, field, kind),
            item: read(json),
        };
        let own = Claimed::Parent(parent.clone());
        let check = move |zgw: &Self, items: &[Child<T>]| {
            let foreign = |item: &Child<T>| item.claimed != Claimed::None && item.claimed != own;
            if items.iter().any(foreign) {
                return Err(zgw.error(operation, ErrorKind::FilterIgnored));
            }
            Ok(())
        };
        let reach = Reach::pages(self.settings().max_pages);
        let listing = self.get_all(ask, reach, child, check).await?;
        Ok(Listing {
            items: listing
                .items
                .into_iter()
                .filter_map(|child| {
                    Proven::<T>::child(child.item?, child.claimed.reference(), parent)
                })
                .collect(),
            truncated: listing.truncated,
            count: listing.count,
        })
    }

    pub(super) async fn stream(
        &self,
        ask: Ask<'_>,
        idle: std::time::Duration,
    ) -> Result<StreamReply, UpstreamError> {
        let client = self.client(ask.operation, ask.component)?;
        let mut headers = crs(ask.component);
        // `application/pdf` is refused with 406 by Open Zaak: a download is whatever it is.
        headers.push((http::header::ACCEPT, HeaderValue::from_static("*/*")));
        let call = Call {
            query: ask.query,
            headers,
            ..Call::get(ask.operation, ask.path)
        };
        client.stream(call, ask.asker.user(), idle).await
    }

    /// A call for the health check: the answer whatever its status.
    pub async fn probe(
        &self,
        component: Component,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<(Reply, Option<UpstreamError>), UpstreamError> {
        let operation = "check";
        let client = self.client(operation, component)?;
        let call = Call {
            query,
            headers: crs(component),
            ..Call::get(operation, path)
        };
        let reply = client.call(call, Asker::system().user()).await?;
        self.inner.offers.saw(component, &reply.headers);
        let error = client.decode::<Value>(operation, &reply).err();
        Ok((reply, error))
    }
}

/// Without a body it is a GET, with one a POST.
const fn method(body: Option<&Value>) -> &'static Method {
    if body.is_some() {
        &Method::POST
    } else {
        &Method::GET
    }
}
