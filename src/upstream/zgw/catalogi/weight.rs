//! How many bytes a part of the catalogue holds in memory, near enough to bound it.

use std::mem::size_of;
use std::sync::Arc;

use crate::domain::zgw::{Besluittype, Informatieobjecttype, Resultaattype, Statustype, Zaaktype};
use crate::domain::{RefMap, ResourceRef};

/// Of one entry of a map, besides what is in it.
const SLOT: usize = 64;

pub(super) trait Weigh {
    fn bytes(&self) -> usize;
}

fn name(reference: &ResourceRef) -> usize {
    reference.source.as_str().len()
}

fn named(reference: Option<&ResourceRef>) -> usize {
    reference.map_or(0, name)
}

fn text(texts: &[&Option<String>]) -> usize {
    texts
        .iter()
        .filter_map(|text| text.as_ref())
        .map(String::capacity)
        .sum()
}

impl Weigh for Zaaktype {
    fn bytes(&self) -> usize {
        size_of::<Self>()
            + name(&self.id)
            + named(self.catalogus.as_ref())
            + text(&[
                &self.identificatie,
                &self.omschrijving,
                &self.omschrijving_generiek,
                &self.indicatie_intern_of_extern,
            ])
    }
}

impl Weigh for Statustype {
    fn bytes(&self) -> usize {
        size_of::<Self>()
            + name(&self.id)
            + named(self.zaaktype.as_ref())
            + text(&[&self.omschrijving, &self.statustekst])
    }
}

impl Weigh for Resultaattype {
    fn bytes(&self) -> usize {
        size_of::<Self>()
            + name(&self.id)
            + named(self.zaaktype.as_ref())
            + text(&[&self.omschrijving, &self.omschrijving_generiek])
    }
}

impl Weigh for Informatieobjecttype {
    fn bytes(&self) -> usize {
        size_of::<Self>() + name(&self.id) + text(&[&self.omschrijving])
    }
}

impl Weigh for Besluittype {
    fn bytes(&self) -> usize {
        size_of::<Self>() + name(&self.id) + text(&[&self.omschrijving])
    }
}

impl Weigh for String {
    fn bytes(&self) -> usize {
        size_of::<Self>() + self.capacity()
    }
}

impl<T: Weigh> Weigh for Arc<T> {
    fn bytes(&self) -> usize {
        T::bytes(self)
    }
}

impl<T: Weigh> Weigh for Vec<T> {
    fn bytes(&self) -> usize {
        size_of::<Self>() + self.iter().map(Weigh::bytes).sum::<usize>()
    }
}

impl<T: Weigh> Weigh for RefMap<T> {
    fn bytes(&self) -> usize {
        size_of::<Self>()
            + self
                .iter()
                .map(|(key, value)| slot(key) + value.bytes())
                .sum::<usize>()
    }
}

/// What a key costs in a map.
pub(super) fn slot(key: &ResourceRef) -> usize {
    SLOT + size_of::<ResourceRef>() + name(key)
}

/// As many of the items as fit in `max_bytes`, and how many did not.
pub(super) fn fitting<T: Weigh>(
    items: impl IntoIterator<Item = (ResourceRef, T)>,
    max_bytes: usize,
) -> (RefMap<T>, usize) {
    let mut out = RefMap::default();
    let (mut bytes, mut left) = (size_of::<RefMap<T>>(), 0_usize);
    for (key, value) in items {
        let more = slot(&key).saturating_add(value.bytes());
        if bytes.saturating_add(more) > max_bytes {
            left += 1;
            continue;
        }
        bytes += more;
        out.insert(key, value);
    }
    (out, left)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::{ResourceKind, SourceName};

    fn item(n: u128, text: usize) -> (ResourceRef, Informatieobjecttype) {
        let id = ResourceRef {
            source: SourceName::parse("zgw").unwrap(),
            kind: ResourceKind::Informatieobjecttype,
            id: Uuid::from_u128(n),
        };
        let item = Informatieobjecttype {
            id: id.clone(),
            omschrijving: Some("x".repeat(text)),
        };
        (id, item)
    }

    #[test]
    fn what_a_source_writes_counts() {
        let (_, short) = item(1, 10);
        let (_, long) = item(1, 1010);
        assert_eq!(long.bytes() - short.bytes(), 1000);
    }

    #[test]
    fn a_list_is_cut_where_it_would_not_fit_and_small_items_still_come() {
        let items = [item(1, 400), item(2, 100_000), item(3, 400)];
        let (held, left) = fitting(items, 2000);
        assert_eq!((held.len(), left), (2, 1));
        assert!(held.bytes() <= 2000, "{}", held.bytes());
    }
}
