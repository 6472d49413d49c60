//! The parts' data as it goes out (docs/wire.md): no URL, no UUID, dates as days.

use jiff::civil::Date;
use serde::{Serialize, Serializer};

use crate::domain::{Handle, LevelOfAssurance, Timestamp, today_in_nl};
use crate::policy::Beurt;

#[derive(Debug, Serialize)]
pub(super) struct Count {
    pub value: usize,
    pub at_least: bool,
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct StatusView {
    pub label: String,
    pub toelichting: Option<String>,
    #[serde(serialize_with = "write_day")]
    pub datum: Option<Date>,
    pub beurt: Option<Beurt>,
}

#[derive(Debug, Serialize)]
pub(super) struct Label {
    pub label: String,
}

#[derive(Debug, Serialize)]
pub(super) struct ListItem<'a> {
    pub handle: Handle,
    pub zaaknummer: Option<&'a str>,
    pub zaaktype: Option<&'a str>,
    pub omschrijving: Option<&'a str>,
    #[serde(serialize_with = "write_day")]
    pub registratiedatum: Option<Date>,
    #[serde(serialize_with = "write_day")]
    pub startdatum: Option<Date>,
    #[serde(serialize_with = "write_day")]
    pub einddatum_gepland: Option<Date>,
    #[serde(serialize_with = "write_day")]
    pub uiterlijke_einddatum: Option<Date>,
    #[serde(serialize_with = "write_day")]
    pub einddatum: Option<Date>,
    pub open: bool,
    pub status: Option<StatusView>,
    pub resultaat: Option<Label>,
    pub deelzaken: usize,
}

#[derive(Debug, Serialize)]
pub(super) struct ZaaktypeFilter<'a> {
    pub value: &'a str,
    pub label: &'a str,
    pub count: usize,
}

#[derive(Debug, Serialize)]
pub(super) struct Filters<'a> {
    pub zaaktypen: Vec<ZaaktypeFilter<'a>>,
    pub years: Vec<i16>,
}

#[derive(Debug, Serialize)]
pub(super) struct Counts {
    pub open: Count,
    pub closed: Count,
}

/// How many of the party's own zaken a login of this level would show besides.
#[derive(Debug, Serialize)]
pub(super) struct NeedsLevel {
    pub required_loa: LevelOfAssurance,
    pub count: usize,
}

#[derive(Debug, Serialize)]
pub(super) struct ListView<'a> {
    pub zaken: Vec<ListItem<'a>>,
    pub total: Count,
    pub counts: Counts,
    pub filters: Filters<'a>,
    pub needs_loa: Option<NeedsLevel>,
    pub next: Option<String>,
    pub previous: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct DocumentView {
    pub handle: Handle,
    pub naam: String,
    #[serde(rename = "type")]
    pub soort: Option<String>,
    pub bestandsnaam: String,
    pub extensie: Option<&'static str>,
    pub omvang: Option<u64>,
    pub datum: Option<Date>,
    pub taal: Option<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct ResultaatView {
    pub label: String,
    pub toelichting: Option<String>,
    pub bezwaar: Option<bool>,
}

#[derive(Debug, Serialize)]
pub(super) struct BesluitView {
    pub label: String,
    pub toelichting: Option<String>,
    pub datum: Option<Date>,
    pub ingangsdatum: Option<Date>,
    pub vervaldatum: Option<Date>,
    pub uiterlijke_reactiedatum: Option<Date>,
    pub documenten: Vec<DocumentView>,
}

#[derive(Debug, Serialize)]
pub(super) struct DeelzaakView {
    pub handle: Handle,
    pub zaaknummer: Option<String>,
    pub zaaktype: Option<String>,
    pub omschrijving: Option<String>,
    pub open: bool,
    pub status: Option<Label>,
}

#[derive(Debug, Serialize)]
pub(super) struct StapView {
    pub label: String,
    pub toelichting: Option<String>,
    pub state: &'static str,
    pub datum: Option<Date>,
    pub substatussen: Vec<SubstatusView>,
}

#[derive(Debug, Serialize)]
pub(super) struct SubstatusView {
    pub label: String,
    pub datum: Option<Date>,
}

#[derive(Debug, Serialize)]
pub(super) struct DetailView {
    pub handle: Handle,
    pub zaaknummer: Option<String>,
    pub zaaktype: Option<String>,
    pub omschrijving: Option<String>,
    pub toelichting: Option<String>,
    pub registratiedatum: Option<Date>,
    pub startdatum: Option<Date>,
    pub einddatum_gepland: Option<Date>,
    pub uiterlijke_einddatum: Option<Date>,
    pub einddatum: Option<Date>,
    pub open: bool,
    pub status: Option<StatusView>,
    pub stappen: Option<Vec<StapView>>,
    pub resultaat: Option<ResultaatView>,
    pub besluiten: Option<Vec<BesluitView>>,
    pub documenten: Option<Vec<DocumentView>>,
    pub aanvraag: Option<DocumentView>,
    pub hoofdzaak: Option<DeelzaakView>,
    pub deelzaken: Vec<DeelzaakView>,
}

/// The day in the Netherlands of a moment.
pub(super) fn day(moment: Option<Timestamp>) -> Option<Date> {
    moment.map(today_in_nl)
}

/// As jiff writes a day, without the machinery of formatting: a list has a hundred of them.
fn write_day<S: Serializer>(day: &Option<Date>, out: S) -> Result<S::Ok, S::Error> {
    let Some(day) = day else {
        return out.serialize_none();
    };
    let (Ok(year @ 0..=9999), Ok(month), Ok(number)) = (
        u16::try_from(day.year()),
        u8::try_from(day.month()),
        u8::try_from(day.day()),
    ) else {
        return day.serialize(out);
    };
    let digit = |n: u16| b'0' + u8::try_from(n % 10).unwrap_or_default();
    let text = [
        digit(year / 1000),
        digit(year / 100),
        digit(year / 10),
        digit(year),
        b'-',
        digit(u16::from(month / 10)),
        digit(u16::from(month)),
        b'-',
        digit(u16::from(number / 10)),
        digit(u16::from(number)),
    ];
    match std::str::from_utf8(&text) {
        Ok(text) => out.serialize_str(text),
        Err(_) => day.serialize(out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_as_jiff_writes_it() {
        #[derive(Serialize)]
        struct Days(#[serde(serialize_with = "write_day")] Option<Date>);
        for text in ["2026-11-24", "0001-01-01", "9999-12-31", "-000001-02-03"] {
            let day: Date = text.parse().unwrap();
            let ours = serde_json::to_string(&Days(Some(day))).unwrap();
            assert_eq!(ours, serde_json::to_string(&day).unwrap());
        }
        assert_eq!(serde_json::to_string(&Days(None)).unwrap(), "null");
    }
}
