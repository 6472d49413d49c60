//! What a source turns out to offer, whatever its configuration says: versions differ, and a configuration
//! may promise too much. It is found out once and remembered for a while, so that it costs a call, not a
//! call per page; after that the source is asked again, because it may have been updated.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use http::HeaderMap;

use super::Component;
use crate::domain::{Clock, SourceName, Timestamp};

/// How long a refusal is remembered.
const REMEMBERED_SECS: i64 = 15 * 60;

/// Something that sources differ in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Feature {
    /// `POST /zaken/_zoek`.
    ZakenZoek,
    /// `expand` on zaken.
    Expand,
    /// `ordering` on lists of zaken.
    Ordering,
    /// `GET /rollen` filtered on the person.
    RollenByPerson,
    /// `POST /enkelvoudiginformatieobjecten/_zoek`.
    DocumentenZoek,
    /// `/substatussen`.
    Substatussen,
}

impl Feature {
    const fn component(self) -> Component {
        match self {
            Self::DocumentenZoek => Component::Documenten,
            _ => Component::Zaken,
        }
    }

    /// Whether a version of the standard has it. Where the standard has no word for it, any may.
    const fn is_in(self, version: ApiVersion) -> bool {
        let ApiVersion { major, minor } = version;
        match self {
            // In 1.3 alone the search knows no party, and answers with everybody's zaken.
            Self::ZakenZoek => !(major == 1 && minor == 3),
            Self::Expand => major > 1 || minor >= 5,
            Self::DocumentenZoek => major > 1 || minor >= 3,
            Self::Ordering | Self::RollenByPerson | Self::Substatussen => true,
        }
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ZakenZoek => "zaken_zoek",
            Self::Expand => "expand",
            Self::Ordering => "ordering",
            Self::RollenByPerson => "rollen_by_person",
            Self::DocumentenZoek => "documenten_zoek",
            Self::Substatussen => "substatussen",
        }
    }
}

/// A version as `API-version` gives it, without what comes behind the second number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApiVersion {
    pub major: u16,
    pub minor: u16,
}

impl ApiVersion {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.trim().trim_start_matches(['v', 'V']).split('.');
        let major = parts.next()?.parse().ok()?;
        let minor = parts.next()?.parse().ok()?;
        Some(Self { major, minor })
    }
}

/// What is known of one source. Nothing personal: words and times.
#[derive(Debug)]
pub(super) struct Offers {
    source: SourceName,
    clock: Clock,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// Until when.
    lacking: HashMap<Feature, Timestamp>,
    versions: HashMap<Component, ApiVersion>,
}

impl Offers {
    pub(super) fn new(source: SourceName, clock: Clock) -> Self {
        Self {
            source,
            clock,
            known: Mutex::default(),
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it is worth asking: nothing says that the source does not have it, neither an answer nor the
    /// version of the API.
    pub(super) fn may_have(&self, feature: Feature) -> bool {
        let now = self.clock.now();
        let known = self.known();
        known
            .lacking
            .get(&feature)
            .is_none_or(|until| now >= *until)
            && known
                .versions
                .get(&feature.component())
                .is_none_or(|version| feature.is_in(*version))
    }

    /// The source was asked, does not have it, and was asked in simpler words with success.
    pub(super) fn lacks(&self, feature: Feature) {
        let until = self.clock.now().plus_secs(REMEMBERED_SECS);
        self.known().lacking.insert(feature, until);
        tracing::warn!(
            source = %self.source, feature = feature.as_str(),
            "the source does not offer what its configuration says; asking in simpler words for the next 15 minutes"
        );
    }

    /// Every answer may say the version of its API.
    pub(super) fn saw(&self, component: Component, headers: &HeaderMap) {
        let version = headers
            .get("api-version")
            .and_then(|value| value.to_str().ok())
            .and_then(ApiVersion::parse);
        let Some(version) = version else { return };
        let before = self.known().versions.insert(component, version);
        if before.is_some_and(|before| before != version) {
            // Another version may offer what the old one did not.
            self.known().lacking.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offers() -> (Clock, Offers) {
        let clock = Clock::manual(Timestamp::from_secs(1_790_000_000));
        let source = SourceName::parse("zgw").unwrap();
        (clock.clone(), Offers::new(source, clock))
    }

    fn answer(version: &str) -> HeaderMap {
        HeaderMap::from_iter([(
            http::HeaderName::from_static("api-version"),
            version.parse().unwrap(),
        )])
    }

    #[test]
    fn a_refusal_is_remembered_for_a_quarter_of_an_hour() {
        let (clock, offers) = offers();
        assert!(offers.may_have(Feature::Expand));
        offers.lacks(Feature::Expand);
        clock.advance_secs(15 * 60 - 1);
        assert!(!offers.may_have(Feature::Expand));
        assert!(offers.may_have(Feature::Ordering));
        clock.advance_secs(1);
        assert!(offers.may_have(Feature::Expand));
    }

    #[test]
    fn an_older_version_is_not_asked_for_what_came_later() {
        let cases = [
            ("1.0.2", [true, false, false]),
            ("1.3.0", [false, false, true]),
            ("1.4.3", [true, false, true]),
            ("1.5.1", [true, true, true]),
            ("2.0.0", [true, true, true]),
        ];
        for (version, expected) in cases {
            let (_, offers) = offers();
            offers.saw(Component::Zaken, &answer(version));
            offers.saw(Component::Documenten, &answer(version));
            let features = [Feature::ZakenZoek, Feature::Expand, Feature::DocumentenZoek];
            assert_eq!(
                features.map(|feature| offers.may_have(feature)),
                expected,
                "{version}"
            );
            assert!(offers.may_have(Feature::Ordering));
        }
    }

    #[test]
    fn a_version_is_learned_and_a_new_one_is_a_new_chance() {
        let (_, offers) = offers();
        let learned = || offers.known().versions.get(&Component::Zaken).copied();
        assert_eq!(learned(), None);
        for (written, major, minor) in [("1.5.1", 1, 5), ("v1.6", 1, 6), ("1.10.0-rc1", 1, 10)] {
            offers.saw(Component::Zaken, &answer(written));
            assert_eq!(learned(), Some(ApiVersion { major, minor }));
        }
        offers.lacks(Feature::Expand);
        for same in ["1.10.2", "", "x.y", "1"] {
            offers.saw(Component::Zaken, &answer(same));
            assert!(!offers.may_have(Feature::Expand), "{same}");
        }
        offers.saw(Component::Zaken, &answer("1.11.0"));
        assert!(offers.may_have(Feature::Expand));
    }
}
