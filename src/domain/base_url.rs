//! Where a client may go.

use url::Url;

/// An origin and a path prefix. Everything a client asks lies under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl(Url);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BaseUrlError {
    #[error("{0:?} is not an absolute http or https address")]
    NotAbsolute(String),
    // Does not repeat the address: it may hold a password.
    #[error("the address holds a user name, password, query or fragment, which it may not")]
    Decorated,
    #[error(
        "{0:?} uses http: off this machine. Use https:, or http: with localhost, 127.0.0.1 or [::1] for a service on this machine"
    )]
    PlainHttp(String),
}

impl BaseUrl {
    /// https anywhere, http on loopback only.
    pub fn parse(text: &str) -> Result<Self, BaseUrlError> {
        let mut url =
            Url::parse(text.trim()).map_err(|_| BaseUrlError::NotAbsolute(text.to_owned()))?;
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            return Err(BaseUrlError::NotAbsolute(text.to_owned()));
        }
        if !url.username().is_empty()
            || url.password().is_some()
            || url.query().is_some()
            || url.fragment().is_some()
        {
            return Err(BaseUrlError::Decorated);
        }
        if url.scheme() == "http" && !is_loopback(&url) {
            return Err(BaseUrlError::PlainHttp(text.to_owned()));
        }
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(Self(url))
    }

    /// The address of `path` (which starts with `/`) under this base, with its query.
    pub fn join(&self, path: &str, query: &[(&str, &str)]) -> Url {
        let mut url = self.0.clone();
        let prefix = url.path().trim_end_matches('/').to_owned();
        url.set_path(&format!("{prefix}{path}"));
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }

    pub const fn as_url(&self) -> &Url {
        &self.0
    }

    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }

    /// The base without a trailing slash, as text.
    pub fn text(&self) -> String {
        self.0.as_str().trim_end_matches('/').to_owned()
    }

    pub fn same_origin(&self, other: &Url) -> bool {
        self.0.origin() == other.origin()
    }
}

impl serde::Serialize for BaseUrl {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_loopback_only() {
        assert!(BaseUrl::parse("http://localhost:8000/zaken/api/v1/").is_ok());
        assert!(BaseUrl::parse("http://127.0.0.1:8000").is_ok());
        assert!(BaseUrl::parse("https://zgw.example.nl/zaken/api/v1").is_ok());
        for bad in [
            "http://zgw.example.nl/zaken/api/v1",
            "http://localhost.example.nl/",
            "http://10.0.0.1/",
            "https://user:pw@zgw.example.nl/",
            "https://zgw.example.nl/?a=b",
            "ftp://localhost/",
            "zgw.example.nl",
        ] {
            assert!(BaseUrl::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_path_is_joined_under_the_prefix() {
        let base = BaseUrl::parse("https://gw.example.nl/oz/zaken/api/v1/").unwrap();
        assert_eq!(
            base.join("/zaken", &[("page", "2")]).as_str(),
            "https://gw.example.nl/oz/zaken/api/v1/zaken?page=2"
        );
    }
}
