//! The zaken around a zaak: its hoofdzaak and its deelzaken.

use futures_util::future::{join_all, join3};

use super::view::{DeelzaakView, Label};
use super::waits::Waits;
use super::{access, handle, track};
use crate::documents::{AccessError, Opened, ZgwSource, shown_zaak};
use crate::domain::zgw::Status;
use crate::domain::{Proven, ResourceRef};
use crate::gate::Viewer;
use crate::mijn::Viewing;
use crate::upstream::http::UpstreamError;

/// Deelzaken that are asked about on one page.
pub(super) const MAX_DEELZAKEN: usize = 20;

/// A related zaak as it is shown here, and why its status is not.
pub(super) type Kin = (DeelzaakView, Option<UpstreamError>);

/// The hoofdzaak and the deelzaken, each only when the caller may see it in its own right. One that could
/// not be asked about is an error, so that it is not taken for one that may not be seen.
pub(super) async fn kin(
    source: &ZgwSource,
    viewing: &Viewing,
    viewer: &Viewer,
    opened: &Opened,
    waits: &Waits,
) -> (
    Option<Result<Kin, AccessError>>,
    Vec<Result<Kin, AccessError>>,
) {
    let zaak = opened.zaak.get().zaak();
    let one = |id: ResourceRef| async move {
        let asker = &viewing.asker;
        let (zaak, rollen, statussen) = join3(
            source.zgw.zaak(&id, asker),
            source.zgw.own_rollen_in(&id, &viewer.subject, asker),
            source.zgw.statussen(&id, asker),
        )
        .await;
        let zaak = zaak?;
        let rollen = rollen.map_err(AccessError::Upstream)?;
        let opened = shown_zaak(source, access(viewing, viewer), zaak, &rollen).await?;
        let regels = viewing.policy.zaaktype(
            opened.domein.as_deref(),
            opened.zaaktype.identificatie.as_deref(),
        );
        let statustypen = source.catalogus.statustypen(&opened.zaaktype.id).await;
        let (status, lacks) = match (statustypen, statussen) {
            (Ok(statustypen), Ok(listing)) => {
                let statussen: Vec<Status> =
                    listing.items.into_iter().map(Proven::into_inner).collect();
                let open = opened.zaak.get().zaak().is_open();
                let line = track::track(&statustypen, &statussen, &[], &regels, open);
                (line.current, None)
            }
            (Err(error), _) | (_, Err(error)) => (None, Some(error)),
        };
        let zaak = opened.zaak.get().zaak();
        let view = DeelzaakView {
            handle: handle(viewing, &id, None),
            zaaknummer: zaak.identificatie.clone(),
            zaaktype: regels
                .label()
                .map(str::to_owned)
                .or_else(|| opened.zaaktype.omschrijving.clone()),
            omschrijving: zaak.omschrijving.clone(),
            open: zaak.is_open(),
            status: status.map(|current| Label {
                label: current.label,
            }),
        };
        Ok((view, lacks))
    };
    let in_time = |id| waits.last("deelzaak", one(id));
    let deelzaken = zaak
        .deelzaken
        .iter()
        .take(MAX_DEELZAKEN)
        .cloned()
        .map(in_time);
    let hoofdzaak = async {
        match zaak.hoofdzaak.clone() {
            Some(id) => Some(in_time(id).await),
            None => None,
        }
    };
    tokio::join!(hoofdzaak, join_all(deelzaken))
}
