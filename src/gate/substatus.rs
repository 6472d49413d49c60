//! Whether a step inside a status is shown.

use super::{Reason, Show, ShownZaak, Verdict};
use crate::domain::zgw::Substatus;
use crate::domain::{Proven, non_empty};
use crate::policy::ZaaktypeRegels;

/// A substatus is shown where the policy says so for this zaaktype, and only when it is meant for
/// betrokkenen: an employee's own notes have the same shape.
pub fn judge_substatus(
    substatus: Proven<Substatus>,
    zaak: &Show<ShownZaak>,
    regels: &ZaaktypeRegels<'_>,
) -> Verdict<Substatus> {
    let substatus = substatus.into_inner();
    if substatus.zaak.as_ref() != Some(&zaak.get().zaak().id) {
        return Verdict::Hide(Reason::AndereZaak);
    }
    let doelgroep = non_empty(substatus.doelgroep.as_deref()).map(str::to_lowercase);
    if doelgroep.as_deref() != Some("betrokkenen") {
        return Verdict::Hide(Reason::SubstatusIntern);
    }
    if !regels.substatussen() {
        return Verdict::Hide(Reason::SubstatusUit);
    }
    Verdict::Show(Show::new(substatus))
}
