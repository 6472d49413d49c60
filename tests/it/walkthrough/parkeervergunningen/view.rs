//! What goes out: no address, no UUID, no number of a person.

use jiff::civil::Date;
use serde_json::{Value, json};
use zijspan::domain::Proven;

use super::super::parkeren::{Vergunning, Vergunningen};
use super::ListParams;

/// Takes proven permits, so that one that is not cannot be shown.
fn item(vergunning: &Proven<Vergunning>) -> Value {
    let vergunning = vergunning.get();
    json!({
        "nummer": vergunning.nummer,
        "zone": vergunning.zone,
        "geldig_tot": vergunning.geldig_tot,
    })
}

pub(super) fn list(
    today: Date,
    params: &ListParams,
    found: &[Vergunningen],
    at_least: bool,
) -> Value {
    let valid = |vergunning: &&Proven<Vergunning>| {
        let until = vergunning.get().geldig_tot;
        !params.geldig || until.is_none_or(|until| until >= today)
    };
    let all = found.iter().flat_map(|found| &found.items);
    let shown: Vec<Value> = all.filter(valid).map(item).collect();
    json!({ "total": { "value": shown.len(), "at_least": at_least }, "vergunningen": shown })
}
