//! What a page may ask of the zaken parts.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::order::Cursor;
use crate::domain::zgw::Zaak;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub(super) enum StatusFilter {
    #[default]
    All,
    Open,
    Closed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
pub(super) enum Sort {
    /// Open zaken, then closed ones, each with the newest first.
    #[default]
    #[serde(rename = "open")]
    OpenFirst,
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
    cursor: Option<String>,
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

    /// Where the page begins; `None` for the start. A cursor that was not made here begins at the start.
    pub(super) fn cursor(&self) -> Option<Cursor> {
        Cursor::parse(self.cursor.as_deref()?, self.sort)
    }
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
}
