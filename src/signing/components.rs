//! Which parts of a message are covered, in which order, and how their values are read.

use std::fmt;

use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderMap, HeaderName};
use http::{Method, Uri};
use sfv::{BareItem, InnerList};
use zeroize::Zeroizing;

use super::error::Reason;

pub const CONTENT_DIGEST: HeaderName = HeaderName::from_static("content-digest");

const ALWAYS: [&str; 5] = ["@method", "@authority", "@path", "@query", "content-digest"];
const RESPONSE: [&str; 3] = ["@status", "content-type", "content-digest"];

/// The two components that not every request has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Covered {
    pub authorization: bool,
    pub content_type: bool,
}

impl Covered {
    const ALL: [Self; 4] = [
        Self::new(false, false),
        Self::new(true, false),
        Self::new(false, true),
        Self::new(true, true),
    ];

    pub const fn new(authorization: bool, content_type: bool) -> Self {
        Self {
            authorization,
            content_type,
        }
    }

    /// The component names of a request, in the order of the profile.
    fn names(self) -> impl Iterator<Item = &'static str> {
        ALWAYS
            .into_iter()
            .chain(self.authorization.then_some("authorization"))
            .chain(self.content_type.then_some("content-type"))
    }

    /// The list of a request signature must be one of the four that exist, without any parameter.
    pub fn of_request(list: &InnerList) -> Result<Self, Reason> {
        let received = plain_names(list, &[])?;
        Self::ALL
            .into_iter()
            .find(|covered| covered.names().eq(received.iter().map(|(name, _)| *name)))
            .ok_or(Reason::Components)
    }

    /// The list of a response signature must be its own three, then the request's with `;req`.
    pub fn check_response(self, list: &InnerList) -> Result<(), Reason> {
        let received = plain_names(list, &["req"])?;
        let wanted = RESPONSE
            .into_iter()
            .map(|name| (name, false))
            .chain(self.names().map(|name| (name, true)));
        if wanted.eq(received) {
            Ok(())
        } else {
            Err(Reason::Components)
        }
    }

    pub fn request_list(self) -> String {
        let names: Vec<String> = self.names().map(|name| format!("\"{name}\"")).collect();
        format!("({})", names.join(" "))
    }

    pub fn response_list(self) -> String {
        let names: Vec<String> = RESPONSE
            .into_iter()
            .map(|name| format!("\"{name}\""))
            .chain(self.names().map(|name| format!("\"{name}\";req")))
            .collect();
        format!("({})", names.join(" "))
    }
}

/// Names with whether they carry the one flag that is allowed.
fn plain_names<'a>(list: &'a InnerList, allowed: &[&str]) -> Result<Vec<(&'a str, bool)>, Reason> {
    list.items
        .iter()
        .map(|item| {
            let BareItem::String(name) = &item.bare_item else {
                return Err(Reason::Components);
            };
            let flags = item.params.iter().all(|(key, value)| {
                allowed.contains(&key.as_str()) && matches!(value, BareItem::Boolean(true))
            });
            if flags {
                Ok((name.as_str(), !item.params.is_empty()))
            } else {
                Err(Reason::Components)
            }
        })
        .collect()
}

/// The head of a received request, as far as a signature can cover it.
#[derive(Debug, Clone, Copy)]
pub struct RequestHead<'a> {
    pub method: &'a Method,
    pub uri: &'a Uri,
    pub headers: &'a HeaderMap,
}

impl<'a> From<&'a http::request::Parts> for RequestHead<'a> {
    fn from(parts: &'a http::request::Parts) -> Self {
        Self {
            method: &parts.method,
            uri: &parts.uri,
            headers: &parts.headers,
        }
    }
}

/// The values of a request's components: what was signed, and what the answer covers with `;req`.
#[derive(Clone)]
pub(super) struct RequestComponents {
    pub method: String,
    pub authority: String,
    pub path: String,
    pub query: String,
    pub content_digest: String,
    pub authorization: Option<Zeroizing<String>>,
    pub content_type: Option<String>,
}

impl fmt::Debug for RequestComponents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A path, a query or a token can name a person.
        f.debug_struct("RequestComponents")
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}

impl RequestComponents {
    /// Reads the covered values from a received request. The authority is compared by the verifier.
    pub fn received(head: &RequestHead<'_>, covered: Covered) -> Result<Self, Reason> {
        if head.uri.scheme().is_some()
            || head.uri.authority().is_some()
            || !head.uri.path().starts_with('/')
        {
            return Err(Reason::Target);
        }
        // A field that is not covered may be anybody's: a token there must not look signed.
        if !covered.authorization && head.headers.contains_key(AUTHORIZATION) {
            return Err(Reason::NotCovered);
        }
        let authority = one(head.headers, &HOST).map_err(|_| Reason::Authority)?;
        Ok(Self {
            method: head.method.as_str().to_owned(),
            authority: authority.to_ascii_lowercase(),
            path: printable(head.uri.path())?.to_owned(),
            query: query(printable(head.uri.query().unwrap_or_default())?),
            content_digest: one(head.headers, &CONTENT_DIGEST)?.to_owned(),
            authorization: covered
                .authorization
                .then(|| one(head.headers, &AUTHORIZATION))
                .transpose()?
                .map(|value| Zeroizing::new(value.to_owned())),
            content_type: covered
                .content_type
                .then(|| one(head.headers, &CONTENT_TYPE))
                .transpose()?
                .map(str::to_owned),
        })
    }

    pub fn covered(&self) -> Covered {
        Covered::new(self.authorization.is_some(), self.content_type.is_some())
    }

    /// Name and value in the order of the profile.
    pub fn lines(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let always = [
            self.method.as_str(),
            &self.authority,
            &self.path,
            &self.query,
            &self.content_digest,
        ];
        let optional = [
            self.authorization.as_ref().map(|value| value.as_str()),
            self.content_type.as_deref(),
        ];
        let values = always.into_iter().chain(optional.into_iter().flatten());
        self.covered().names().zip(values)
    }
}

/// `@query` is the question mark and what follows it; an absent query looks like an empty one.
pub(super) fn query(query: &str) -> String {
    format!("?{query}")
}

/// The value of a field that occurs on exactly one line, without the space around it.
pub(super) fn one<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<&'a str, Reason> {
    let mut lines = headers.get_all(name).iter();
    let (Some(line), None) = (lines.next(), lines.next()) else {
        return Err(Reason::CoveredField);
    };
    // `to_str` refuses what is not ASCII; a horizontal tab would pass it.
    let text = line.to_str().map_err(|_| Reason::CoveredBytes)?;
    printable(text.trim_matches([' ', '\t']))
}

/// Only 0x20 to 0x7E: no line end can move a line of the base.
pub(super) fn printable(text: &str) -> Result<&str, Reason> {
    if text.bytes().all(|byte| (0x20..=0x7e).contains(&byte)) {
        Ok(text)
    } else {
        Err(Reason::CoveredBytes)
    }
}
