//! Whether a decision on a shown zaak is shown.

use super::{Reason, Show, ShownZaak, Verdict};
use crate::domain::Proven;
use crate::domain::zgw::Besluit;

/// A decision is shown with the zaak that it is about. Its documents are judged like any other document.
pub fn judge_besluit(besluit: Proven<Besluit>, zaak: &Show<ShownZaak>) -> Verdict<Besluit> {
    let besluit = besluit.into_inner();
    if besluit.zaak.as_ref() == Some(&zaak.get().zaak().id) {
        Verdict::Show(Show::new(besluit))
    } else {
        Verdict::Hide(Reason::AndereZaak)
    }
}
