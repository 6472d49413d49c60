//! The parts' data as it goes out (docs/wire.md): no URL, no UUID, dates as days.

use jiff::civil::Date;
use serde::Serialize;

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
    pub datum: Option<Date>,
    pub beurt: Option<Beurt>,
}

#[derive(Debug, Serialize)]
pub(super) struct Label {
    pub label: String,
}

#[derive(Debug, Serialize)]
pub(super) struct ListItem {
    pub handle: Handle,
    pub zaaknummer: Option<String>,
    pub zaaktype: Option<String>,
    pub omschrijving: Option<String>,
    pub registratiedatum: Option<Date>,
    pub startdatum: Option<Date>,
    pub einddatum_gepland: Option<Date>,
    pub uiterlijke_einddatum: Option<Date>,
    pub einddatum: Option<Date>,
    pub open: bool,
    pub status: Option<StatusView>,
    pub resultaat: Option<Label>,
    pub deelzaken: usize,
}

#[derive(Debug, Serialize)]
pub(super) struct ZaaktypeFilter {
    pub value: String,
    pub label: String,
    pub count: usize,
}

#[derive(Debug, Serialize)]
pub(super) struct Filters {
    pub zaaktypen: Vec<ZaaktypeFilter>,
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
pub(super) struct ListView {
    pub zaken: Vec<ListItem>,
    pub total: Count,
    pub counts: Counts,
    pub filters: Filters,
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
