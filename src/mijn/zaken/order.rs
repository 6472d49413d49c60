//! The order of the merged list, and the cursor that finds back a place in it.
//!
//! A cursor names a zaak and not a number: when zaken come in above it, or a source that was silent speaks,
//! the next page still begins where the last one ended. Zaken of the same day stand as their sources give
//! them, those of the source that is configured first before the others.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::params::Sort;
use crate::domain::zgw::Zaak;

/// Where a zaak stands: compared field by field, the smallest first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Place {
    /// 1 for a closed zaak where the open ones come first.
    group: u8,
    /// Only where the list is in order of it.
    label: Option<String>,
    day: i64,
}

/// Longer labels are compared by their beginning.
const LABEL: usize = 60;

impl Place {
    pub(super) fn of(sort: Sort, zaak: &Zaak, label: Option<&str>) -> Self {
        let newest = |day: Option<Date>| day.map_or(i64::MAX, |day| -number(day));
        let oldest = |day: Option<Date>| day.map_or(i64::MIN, number);
        let day = match sort {
            Sort::OpenFirst | Sort::StartdatumDown | Sort::Zaaktype => newest(zaak.startdatum),
            Sort::StartdatumUp => oldest(zaak.startdatum),
            Sort::RegistratiedatumDown => newest(zaak.registratiedatum),
            Sort::RegistratiedatumUp => oldest(zaak.registratiedatum),
        };
        Self {
            group: u8::from(sort == Sort::OpenFirst && !zaak.is_open()),
            label: match (sort, label) {
                (Sort::Zaaktype, Some(label)) => {
                    Some(label.to_lowercase().chars().take(LABEL).collect())
                }
                _ => None,
            },
            day,
        }
    }
}

fn number(day: Date) -> i64 {
    i64::from(day.year()) * 10_000 + i64::from(day.month()) * 100 + i64::from(day.day())
}

/// Tells one zaak from another and says nothing about it; the same whichever source offers it.
pub(super) fn tag(zaak: &Zaak) -> u64 {
    let mut hash = Sha256::new();
    match same_everywhere(zaak) {
        Some((organisatie, nummer)) => {
            hash.update(organisatie);
            hash.update([0]);
            hash.update(nummer);
        }
        None => {
            hash.update(zaak.id.source.as_str());
            hash.update([0]);
            hash.update(zaak.id.id.as_bytes());
        }
    }
    let digest = hash.finalize();
    digest
        .iter()
        .take(8)
        .fold(0, |tag, byte| (tag << 8) | u64::from(*byte))
}

/// What tells that two sources offer the same zaak: a zaaknummer is unique within the organisation that gave
/// it (Zaken API 1.5.1, `identificatie`).
pub(super) fn same_everywhere(zaak: &Zaak) -> Option<(&str, &str)> {
    zaak.bronorganisatie
        .as_deref()
        .zip(zaak.identificatie.as_deref())
}

/// Where a page begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Cursor {
    sort: Sort,
    place: Place,
    tag: u64,
    /// The page begins behind this zaak: what comes next was not read yet.
    behind: bool,
    /// How many zaken stood before it: as many as must be read to find it back.
    pub before: usize,
}

/// No list is longer, so that a cursor of somebody's own making costs nothing.
const MAX_BEFORE: usize = 100_000;

impl Cursor {
    /// The page begins with this zaak.
    pub(super) fn at(sort: Sort, place: &Place, zaak: &Zaak, before: usize) -> Self {
        Self {
            sort,
            place: place.clone(),
            tag: tag(zaak),
            behind: false,
            before,
        }
    }

    /// The page begins behind this zaak.
    pub(super) fn behind(sort: Sort, place: &Place, zaak: &Zaak, before: usize) -> Self {
        Self {
            behind: true,
            ..Self::at(sort, place, zaak, before)
        }
    }

    /// `None` for what was not made here, or for another order.
    pub(super) fn parse(text: &str, sort: Sort) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let cursor: Self = serde_json::from_slice(&bytes).ok()?;
        (cursor.sort == sort && cursor.before <= MAX_BEFORE).then_some(cursor)
    }

    /// Where the page begins in this list, sorted by place. When its zaak is gone, that is the beginning of
    /// its day: a zaak may then be seen twice, but none is passed over.
    pub(super) fn start<T>(&self, sorted: &[T], of: impl Fn(&T) -> (&Place, &Zaak)) -> usize {
        let day = sorted.partition_point(|item| *of(item).0 < self.place);
        let same_day = sorted
            .iter()
            .skip(day)
            .take_while(|item| *of(item).0 == self.place);
        same_day
            .map(|item| tag(of(item).1))
            .position(|tag| tag == self.tag)
            .map_or(day, |at| day + at + usize::from(self.behind))
    }

    pub(super) fn text(&self) -> String {
        // Numbers and short texts only: that cannot fail, and an empty cursor is the start.
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zaak(n: u128, startdatum: &str) -> Zaak {
        let reference = |kind, id| crate::domain::ResourceRef {
            source: crate::domain::SourceName::parse("zgw").unwrap(),
            kind,
            id: uuid::Uuid::from_u128(id),
        };
        Zaak {
            id: reference(crate::domain::ResourceKind::Zaak, n),
            identificatie: None,
            bronorganisatie: None,
            omschrijving: None,
            toelichting: None,
            zaaktype: None,
            registratiedatum: None,
            startdatum: startdatum.parse().ok(),
            einddatum: None,
            einddatum_gepland: None,
            uiterlijke_einddatum: None,
            vertrouwelijkheid: None,
            status: None,
            resultaat: None,
            hoofdzaak: None,
            deelzaken: Vec::new(),
            status_expanded: None,
            resultaat_expanded: None,
        }
    }

    fn list(zaken: &[(u128, &str)]) -> Vec<(Place, Zaak)> {
        zaken
            .iter()
            .map(|(n, day)| {
                let zaak = zaak(*n, day);
                (Place::of(Sort::OpenFirst, &zaak, None), zaak)
            })
            .collect()
    }

    fn start(cursor: &Cursor, list: &[(Place, Zaak)]) -> usize {
        cursor.start(list, |(place, zaak)| (place, zaak))
    }

    const DAY: &str = "2026-03-02";

    #[test]
    fn a_cursor_is_read_back_in_its_own_order_only() {
        let list = list(&[(1, DAY)]);
        let cursor = Cursor::at(Sort::OpenFirst, &list[0].0, &list[0].1, 40);
        assert_eq!(
            Cursor::parse(&cursor.text(), Sort::OpenFirst),
            Some(cursor.clone())
        );
        assert_eq!(Cursor::parse(&cursor.text(), Sort::Zaaktype), None);
        for nonsense in ["o40", "", "zzz", "e30", "\u{202e}"] {
            assert_eq!(Cursor::parse(nonsense, Sort::OpenFirst), None);
        }
        let far = Cursor {
            before: usize::MAX,
            ..cursor
        };
        assert_eq!(Cursor::parse(&far.text(), Sort::OpenFirst), None);
    }

    #[test]
    fn a_page_begins_at_its_zaak_whatever_came_in_above_it() {
        let before = list(&[(1, "2026-03-03"), (2, DAY), (3, DAY), (4, "2026-03-01")]);
        let (place, third) = &before[2];
        let at = Cursor::at(Sort::OpenFirst, place, third, 2);
        let behind = Cursor::behind(Sort::OpenFirst, place, third, 2);
        assert_eq!((start(&at, &before), start(&behind, &before)), (2, 3));
        let after = list(&[
            (9, "2026-03-04"),
            (8, DAY),
            (2, DAY),
            (3, DAY),
            (4, "2026-03-01"),
        ]);
        assert_eq!((start(&at, &after), start(&behind, &after)), (3, 4));
        // Its zaak is gone: from the beginning of the day, so that none is passed over.
        let gone = list(&[(1, "2026-03-03"), (2, DAY), (4, "2026-03-01")]);
        assert_eq!((start(&at, &gone), start(&behind, &gone)), (1, 1));
    }

    #[test]
    fn a_cursor_says_nothing_that_identifies_a_zaak() {
        let list = list(&[(0x1234_5678_9abc_def0_1234_5678_9abc_def0, DAY)]);
        let cursor = Cursor::at(Sort::OpenFirst, &list[0].0, &list[0].1, 1);
        let text = URL_SAFE_NO_PAD.decode(cursor.text()).unwrap();
        let text = String::from_utf8(text).unwrap();
        assert!(!text.contains("12345678"), "{text}");
    }

    #[test]
    fn the_same_zaak_of_two_sources_has_one_tag() {
        let named = |n, nummer: &str| Zaak {
            identificatie: Some(nummer.to_owned()),
            bronorganisatie: Some("123456782".to_owned()),
            ..zaak(n, DAY)
        };
        assert_eq!(tag(&named(1, "Z-1")), tag(&named(2, "Z-1")));
        assert_ne!(tag(&named(1, "Z-1")), tag(&named(1, "Z-2")));
        assert_ne!(tag(&zaak(1, DAY)), tag(&zaak(2, DAY)));
    }
}
