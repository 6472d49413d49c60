//! The types behind the zaken of one answer, looked up once each and side by side.

use std::sync::Arc;

use futures_util::future::{join, join_all};

use crate::documents::ZgwSource;
use crate::domain::zgw::{Statustype, Zaaktype};
use crate::domain::{RefMap, RefSet, ResourceRef};
use crate::upstream::http::UpstreamError;

/// What is known of the zaaktypen that a list names.
#[derive(Debug, Default)]
pub(super) struct Zaaktypen {
    known: RefMap<(Arc<Zaaktype>, Option<String>)>,
    statustypen: RefMap<Arc<Vec<Statustype>>>,
    /// The catalogue could not be asked; without it no zaak can be judged.
    pub failed: Option<UpstreamError>,
    /// Status lines that could not be asked.
    pub statustypen_failed: Option<UpstreamError>,
}

impl Zaaktypen {
    pub(super) async fn of(source: &ZgwSource, wanted: RefSet) -> Self {
        let mut out = Self::default();
        let mut to_ask = Vec::new();
        for id in wanted {
            match source.catalogus.zaaktype_at_hand(&id) {
                Some(known) => drop(out.known.insert(id, known)),
                None => to_ask.push(id),
            }
        }
        let answers = join_all(to_ask.into_iter().map(|id| async move {
            let zaaktype = source.catalogus.zaaktype(&id).await;
            (id, zaaktype)
        }))
        .await;
        for (id, answer) in answers {
            match answer {
                Ok(Some(known)) => {
                    out.known.insert(id, known);
                }
                Ok(None) => {}
                Err(error) => out.failed = Some(error),
            }
        }
        out
    }

    /// Reads the status lines of these zaaktypen. The results of those in `closed` are read beside them:
    /// the page of such a zaak, which often comes next, then waits for none of it.
    pub(super) async fn with_statustypen(
        &mut self,
        source: &ZgwSource,
        wanted: RefSet,
        closed: &RefSet,
    ) {
        let mut to_ask = Vec::new();
        for id in wanted {
            match source.catalogus.statustypen_at_hand(&id) {
                Some(known) => drop(self.statustypen.insert(id, known)),
                None => to_ask.push(id),
            }
        }
        let statustypen = join_all(to_ask.into_iter().map(|id| async move {
            let statustypen = source.catalogus.statustypen(&id).await;
            (id, statustypen)
        }));
        let closed = closed
            .iter()
            .filter(|id| !source.catalogus.has_resultaattypen(id));
        let ahead = join_all(closed.map(|id| source.catalogus.resultaattypen(id)));
        let (answers, _) = join(statustypen, ahead).await;
        for (id, answer) in answers {
            match answer {
                Ok(statustypen) => {
                    self.statustypen.insert(id, statustypen);
                }
                Err(error) => self.statustypen_failed = Some(error),
            }
        }
    }

    pub(super) fn get(&self, id: &ResourceRef) -> Option<(&Zaaktype, Option<&str>)> {
        self.known
            .get(id)
            .map(|(zaaktype, domein)| (&**zaaktype, domein.as_deref()))
    }

    pub(super) fn statustypen(&self, zaaktype: &ResourceRef) -> Option<&[Statustype]> {
        self.statustypen.get(zaaktype).map(|all| all.as_slice())
    }
}
