//! From a URL in an answer to (source, kind, id) and back.
//!
//! The text of a URL is never called. It is parsed among the components of the source that answered, and
//! an address is rebuilt from that component's `base_url`. A source may write other addresses in its
//! answers (`advertised_url`) than the one where we call it, as behind gateways and FSC.

use url::Url;
use uuid::Uuid;

use crate::domain::{ResourceKind, ResourceRef, SourceName};

/// The ZGW components of one source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Component {
    Zaken,
    Catalogi,
    Documenten,
    Besluiten,
    /// Where a betrokkene that a rol gives by URL is fetched; no ZGW API, and mostly not there.
    Betrokkenen,
}

impl Component {
    /// The four APIs themselves.
    pub const ALL: [Self; 4] = [
        Self::Zaken,
        Self::Catalogi,
        Self::Documenten,
        Self::Besluiten,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Zaken => "zaken",
            Self::Catalogi => "catalogi",
            Self::Documenten => "documenten",
            Self::Besluiten => "besluiten",
            Self::Betrokkenen => "betrokkenen",
        }
    }

    /// The component that owns a kind of resource.
    pub const fn of(kind: ResourceKind) -> Self {
        match kind {
            ResourceKind::Zaak
            | ResourceKind::Status
            | ResourceKind::Substatus
            | ResourceKind::Resultaat
            | ResourceKind::Rol
            | ResourceKind::Zaakinformatieobject => Self::Zaken,
            ResourceKind::Zaaktype
            | ResourceKind::Statustype
            | ResourceKind::Resultaattype
            | ResourceKind::Roltype
            | ResourceKind::Informatieobjecttype
            | ResourceKind::Besluittype
            | ResourceKind::Catalogus => Self::Catalogi,
            ResourceKind::Enkelvoudiginformatieobject => Self::Documenten,
            ResourceKind::Besluit | ResourceKind::Besluitinformatieobject => Self::Besluiten,
        }
    }
}

/// How one source writes the addresses of its components, and its zaaknummers.
#[derive(Debug, Clone)]
pub struct UrlMap {
    source: SourceName,
    advertised: Vec<(Component, Url)>,
    zaaknummer_marker: String,
}

impl UrlMap {
    /// `advertised` holds, per component, the address as the source writes it.
    pub fn new(source: SourceName, advertised: Vec<(Component, Url)>) -> Self {
        Self {
            source,
            advertised,
            zaaknummer_marker: String::new(),
        }
    }

    /// The word that stands between the number of the organisation and the number that people know.
    #[must_use]
    pub fn with_zaaknummer_marker(self, marker: &str) -> Self {
        Self {
            zaaknummer_marker: marker.to_owned(),
            ..self
        }
    }

    /// `0014ESUITE66392022` as people read it: `6639-2022`. Anything else stays as it is.
    pub fn shown_number(&self, identificatie: String) -> String {
        let marker = self.zaaknummer_marker.as_str();
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let known = (!marker.is_empty())
            .then(|| identificatie.split_once(marker))
            .flatten()
            .filter(|(organisation, rest)| digits(organisation) && digits(rest) && rest.len() > 4)
            .and_then(|(_, rest)| rest.split_at_checked(rest.len() - 4));
        match known {
            Some((number, year)) => format!("{number}-{year}"),
            None => identificatie,
        }
    }

    pub const fn source(&self) -> &SourceName {
        &self.source
    }

    pub fn reference(&self, kind: ResourceKind, id: Uuid) -> ResourceRef {
        ResourceRef {
            source: self.source.clone(),
            kind,
            id,
        }
    }

    /// What a URL names, if it is a resource of this kind at this source. A URL of any other origin, path
    /// or kind names nothing.
    pub fn parse(&self, text: &str, kind: ResourceKind) -> Option<ResourceRef> {
        let url = Url::parse(text).ok()?;
        if !url.username().is_empty() || url.password().is_some() {
            return None;
        }
        let component = Component::of(kind);
        self.advertised
            .iter()
            .filter(|(of, _)| *of == component)
            .find_map(|(_, base)| {
                if base.origin() != url.origin() {
                    return None;
                }
                let rest = url.path().strip_prefix(base.path().trim_end_matches('/'))?;
                let (collection, id) = rest.strip_prefix('/')?.split_once('/')?;
                if collection != kind.collection() {
                    return None;
                }
                let id = Uuid::try_parse(id.trim_end_matches('/')).ok()?;
                Some(self.reference(kind, id))
            })
    }

    /// The path below the betrokkenen's base that a URL names, if it is of that address: only plain
    /// segments, so that it cannot climb out.
    pub fn betrokkene_path(&self, text: &str) -> Option<String> {
        let url = Url::parse(text).ok()?;
        if !url.username().is_empty() || url.password().is_some() || url.query().is_some() {
            return None;
        }
        let (_, base) = self
            .advertised
            .iter()
            .find(|(of, _)| *of == Component::Betrokkenen)?;
        if base.origin() != url.origin() {
            return None;
        }
        let rest = url.path().strip_prefix(base.path().trim_end_matches('/'))?;
        let plain = |segment: &str| {
            !segment.is_empty()
                && segment
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        };
        let path = rest.strip_prefix('/')?;
        path.split('/').all(plain).then(|| rest.to_owned())
    }

    /// The address as the source writes it itself: the only form that its filters (`?zaak=`) understand.
    pub fn advertised(&self, reference: &ResourceRef) -> Option<String> {
        if reference.source != self.source {
            return None;
        }
        let component = Component::of(reference.kind);
        let (_, base) = self.advertised.iter().find(|(of, _)| *of == component)?;
        Some(format!(
            "{}/{}/{}",
            base.as_str().trim_end_matches('/'),
            reference.kind.collection(),
            reference.id
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map() -> UrlMap {
        UrlMap::new(
            SourceName::parse("zgw").unwrap(),
            vec![
                (
                    Component::Zaken,
                    Url::parse("https://zgw.example/zaken/api/v1").unwrap(),
                ),
                (
                    Component::Documenten,
                    Url::parse("https://drc.example/api/v1").unwrap(),
                ),
            ],
        )
    }

    const ID: &str = "e5df286d-66aa-4c5e-b151-d2934e5148df";

    #[test]
    fn a_zaaknummer_with_a_marker_is_shown_as_people_know_it() {
        let plain = map();
        let marked = map().with_zaaknummer_marker("ESUITE");
        let shown = |map: &UrlMap, text: &str| map.shown_number(text.to_owned());
        assert_eq!(shown(&marked, "0014ESUITE66392022"), "6639-2022");
        assert_eq!(shown(&plain, "0014ESUITE66392022"), "0014ESUITE66392022");
        for other in [
            "ZAAK-2026-0000000018",
            "ESUITE66392022",
            "0014ESUITE2022",
            "0014ESUITE6639-2022",
            "x14ESUITE66392022",
            "",
        ] {
            assert_eq!(shown(&marked, other), other);
        }
    }

    #[test]
    fn a_url_of_the_source_is_a_reference_and_back() {
        let text = format!("https://zgw.example/zaken/api/v1/zaken/{ID}");
        let zaak = map().parse(&text, ResourceKind::Zaak).unwrap();
        assert_eq!(zaak.id.to_string(), ID);
        assert_eq!(map().advertised(&zaak), Some(text));
    }

    #[test]
    fn attack_34_a_betrokkene_is_fetched_below_its_own_address_only() {
        let map = UrlMap::new(
            SourceName::parse("zgw").unwrap(),
            vec![(
                Component::Betrokkenen,
                Url::parse("https://brp.example/personen").unwrap(),
            )],
        );
        let path = |text: &str| map.betrokkene_path(text);
        assert_eq!(
            path("https://brp.example/personen/999990019"),
            Some("/999990019".to_owned())
        );
        for text in [
            "https://brp.example/personen",
            "https://brp.example/personen/",
            "https://brp.example/personen/../admin",
            "https://brp.example/personen/%2e%2e/admin",
            "https://brp.example/personen/1?x=1",
            "https://brp.example.evil/personen/1",
            "http://brp.example/personen/1",
            "https://user@brp.example/personen/1",
        ] {
            assert_eq!(path(text), None, "{text}");
        }
    }

    #[test]
    fn attack_34_a_url_of_anybody_else_names_nothing() {
        for text in [
            format!("http://169.254.169.254/zaken/api/v1/zaken/{ID}"),
            format!("http://zgw.example/zaken/api/v1/zaken/{ID}"),
            format!("https://zgw.example.evil/zaken/api/v1/zaken/{ID}"),
            format!("https://zgw.example@evil/zaken/api/v1/zaken/{ID}"),
            format!("https://user@zgw.example/zaken/api/v1/zaken/{ID}"),
            format!("https://zgw.example:8443/zaken/api/v1/zaken/{ID}"),
            format!("https://zgw.example/other/zaken/{ID}"),
            format!("https://zgw.example/zaken/api/v1/statussen/{ID}"),
            format!("https://zgw.example/zaken/api/v1/zaken/../zaken/x/{ID}"),
            "file:///etc/passwd".to_owned(),
            String::new(),
            "https://zgw.example/zaken/api/v1/zaken/123".to_owned(),
        ] {
            assert_eq!(map().parse(&text, ResourceKind::Zaak), None, "{text}");
        }
    }
}
