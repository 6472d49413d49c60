//! Reading answers that registers write in many ways: `null`, `""` and absent are all "not filled in", a
//! field of another type than promised is too, and whatever is not known here is left alone.

use jiff::civil::Date;
use serde_json::Value;
use uuid::Uuid;

use super::refs::UrlMap;
use crate::domain::{ResourceKind, ResourceRef, Timestamp, dutch_time, non_empty};

/// One JSON object of an answer, with the map that turns its URLs into references.
#[derive(Debug, Clone, Copy)]
pub(super) struct Object<'a> {
    value: &'a Value,
    urls: &'a UrlMap,
}

impl<'a> Object<'a> {
    pub(super) const fn new(value: &'a Value, urls: &'a UrlMap) -> Self {
        Self { value, urls }
    }

    pub(super) fn text(&self, field: &str) -> Option<String> {
        non_empty(self.value.get(field).and_then(Value::as_str)).map(str::to_owned)
    }

    /// The number by which people know a zaak.
    pub(super) fn zaaknummer(&self) -> Option<String> {
        let identificatie = self.text("identificatie")?;
        Some(self.urls.shown_number(identificatie))
    }

    /// Text that a source may write as a number: identifiers in registers.
    pub(super) fn digits(&self, field: &str) -> Option<String> {
        match self.value.get(field) {
            Some(Value::Number(number)) => Some(number.to_string()),
            _ => self.text(field),
        }
    }

    pub(super) fn bool(&self, field: &str) -> Option<bool> {
        self.value.get(field).and_then(Value::as_bool)
    }

    pub(super) fn int(&self, field: &str) -> Option<i64> {
        match self.value.get(field) {
            Some(Value::String(text)) => text.trim().parse().ok(),
            other => other.and_then(Value::as_i64),
        }
    }

    /// A day; of a moment, the day as written.
    pub(super) fn date(&self, field: &str) -> Option<Date> {
        self.text(field)?.get(..10)?.parse().ok()
    }

    /// Whether something is written in the field that this reader cannot understand as a day.
    pub(super) fn is_garbled_date(&self, field: &str) -> bool {
        match self.value.get(field) {
            None | Some(Value::Null) => false,
            Some(Value::String(text)) if text.trim().is_empty() => false,
            Some(_) => self.date(field).is_none(),
        }
    }

    /// Whether the field holds anything at all.
    pub(super) fn holds(&self, field: &str) -> bool {
        self.value.get(field).is_some_and(|value| !value.is_null())
    }

    pub(super) fn moment(&self, field: &str) -> Option<Timestamp> {
        let text = self.text(field)?;
        if let Ok(moment) = text.parse::<jiff::Timestamp>() {
            return Some(Timestamp::from_millis(moment.as_millisecond()));
        }
        // Some vendors write a moment without a zone, or only a day: it is Dutch time.
        let civil = text
            .parse::<jiff::civil::DateTime>()
            .or_else(|_| text.parse::<Date>().map(|day| day.at(0, 0, 0, 0)))
            .ok()?;
        let moment = dutch_time().to_timestamp(civil).ok()?;
        Some(Timestamp::from_millis(moment.as_millisecond()))
    }

    /// The object that a URL field names, when it is of this kind and at this source.
    pub(super) fn reference(&self, field: &str, kind: ResourceKind) -> Option<ResourceRef> {
        self.urls.parse(self.value.get(field)?.as_str()?, kind)
    }

    pub(super) fn references(&self, field: &str, kind: ResourceKind) -> Vec<ResourceRef> {
        self.value
            .get(field)
            .and_then(Value::as_array)
            .map(|items| {
                items
                    .iter()
                    .filter_map(Value::as_str)
                    .filter_map(|url| self.urls.parse(url, kind))
                    .collect()
            })
            .unwrap_or_default()
    }

    /// The object's own identity: its `url`, or its `uuid` where the url is missing.
    pub(super) fn own(&self, kind: ResourceKind) -> Option<ResourceRef> {
        self.reference("url", kind).or_else(|| {
            if self.text("url").is_some() {
                return None;
            }
            let id = self.text("uuid")?.parse::<Uuid>().ok()?;
            Some(self.urls.reference(kind, id))
        })
    }

    pub(super) fn object(&self, field: &str) -> Option<Self> {
        let value = self.value.get(field)?;
        value.is_object().then_some(Self {
            value,
            urls: self.urls,
        })
    }

    /// What `expand` sent along (`_expand`), as one object.
    pub(super) fn expanded(&self, field: &str) -> Option<Self> {
        self.object("_expand")?.object(field)
    }

    /// What `expand` sent along, as a list.
    pub(super) fn expanded_list(&self, field: &str) -> Option<Vec<Self>> {
        let items = self.value.get("_expand")?.get(field)?.as_array()?;
        Some(
            items
                .iter()
                .map(|value| Self {
                    value,
                    urls: self.urls,
                })
                .collect(),
        )
    }
}
