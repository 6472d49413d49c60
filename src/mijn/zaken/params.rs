//! What a page may ask of the zaken parts.

use serde::Deserialize;
use serde_json::Value;

use crate::domain::zgw::Zaak;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub(super) enum StatusFilter {
    #[default]
    All,
    Open,
    Closed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
pub(super) enum Sort {
    #[default]
    #[serde(rename = "-startdatum")]
    StartdatumDown,
    #[serde(rename = "startdatum")]
    StartdatumUp,
    #[serde(rename = "-registratiedatum")]
    RegistratiedatumDown,
    #[serde(rename = "registratiedatum")]
    RegistratiedatumUp,
    #[serde(rename = "zaaktype")]
    Zaaktype,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ListParams {
    pub status: StatusFilter,
    pub q: Option<String>,
    pub zaaktype: Option<String>,
    pub year: Option<i16>,
    pub sort: Sort,
    pub page_size: usize,
    pub cursor: Option<String>,
}

impl Default for ListParams {
    fn default() -> Self {
        Self {
            status: StatusFilter::All,
            q: None,
            zaaktype: None,
            year: None,
            sort: Sort::default(),
            page_size: 20,
            cursor: None,
        }
    }
}

const MAX_SEARCH: usize = 100;

impl ListParams {
    pub(super) fn parse(params: &Value) -> Option<Self> {
        let mut parsed = if params.is_null() {
            Self::default()
        } else {
            // A JSON list would fill the fields by their place.
            params.as_object()?;
            Self::deserialize(params).ok()?
        };
        let filled = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        parsed.q = filled(parsed.q);
        parsed.zaaktype = filled(parsed.zaaktype);
        parsed.cursor = filled(parsed.cursor);
        let fits = (1..=100).contains(&parsed.page_size)
            && parsed
                .q
                .as_ref()
                .is_none_or(|q| q.chars().count() <= MAX_SEARCH);
        fits.then_some(parsed)
    }

    /// Whether something is looked for, so that the whole list must be read.
    pub(super) const fn searches(&self) -> bool {
        self.q.is_some() || self.zaaktype.is_some() || self.year.is_some()
    }

    /// Whether the zaak has the status asked for.
    pub(super) const fn wants(&self, zaak: &Zaak) -> bool {
        match self.status {
            StatusFilter::All => true,
            StatusFilter::Open => zaak.is_open(),
            StatusFilter::Closed => !zaak.is_open(),
        }
    }

    /// Where the page before this one begins, when `matching` zaken match: from beyond the end, as an old
    /// bookmark may be, that is the last page.
    pub(super) fn previous(&self, matching: usize) -> Option<usize> {
        let offset = self.offset();
        if offset == 0 {
            return None;
        }
        let last = matching.saturating_sub(1) / self.page_size.max(1) * self.page_size;
        Some(offset.saturating_sub(self.page_size).min(last))
    }

    /// Where the page begins. A cursor that was not made here begins at the start.
    pub(super) fn offset(&self) -> usize {
        self.cursor
            .as_deref()
            .and_then(|cursor| cursor.strip_prefix('o')?.parse().ok())
            .unwrap_or(0)
    }
}

/// The cursor of a page that begins at `offset`.
pub(super) fn cursor(offset: usize) -> String {
    format!("o{offset}")
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DetailParams {
    pub handle: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn params_that_do_not_fit_are_refused() {
        for bad in [
            json!({"page_size": 0}),
            json!({"page_size": 101}),
            json!({"status": "alles"}),
            json!({"sort": "bsn"}),
            json!({"bsn": "999990019"}),
            json!({"q": "x".repeat(101)}),
            json!([]),
            json!("zaken"),
        ] {
            assert!(ListParams::parse(&bad).is_none(), "{bad}");
        }
        assert!(ListParams::parse(&json!({"q": "", "cursor": null})).is_some());
        assert!(ListParams::parse(&Value::Null).is_some());
    }

    #[test]
    fn a_cursor_is_read_back_and_nonsense_is_the_start() {
        let at = |cursor: &str| ListParams {
            cursor: Some(cursor.to_owned()),
            ..ListParams::default()
        };
        assert_eq!(at(&cursor(40)).offset(), 40);
        assert_eq!(at("o-1").offset(), 0);
        assert_eq!(at("zzz").offset(), 0);
    }
}
