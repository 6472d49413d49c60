//! One zaak: track & trace, result, decisions and documents, in two rounds of calls.

use std::collections::{HashMap, HashSet};

use futures_util::future::join_all;
use serde_json::Value;

use super::kin::{MAX_DEELZAKEN, kin};
use super::lacking::Lacking;
use super::params::DetailParams;
use super::view::{BesluitView, DetailView, DocumentView, ResultaatView, day};
use super::waits::Waits;
use super::{Zaken, access, handle, open_zaak_handle, track};
use crate::documents::{Access, AccessError, Opened, ZgwSource, filename, shown_zaak};
use crate::domain::zgw::{Besluit, Document, Informatieobjecttype, Status};
use crate::domain::{Proven, ResourceKind, ResourceRef, SupportCode};
use crate::gate::{
    DocumentSoort, HiddenCounts, Reason, Show, ShownDocument, judge_besluit, judge_document,
    judge_substatus,
};
use crate::mijn::Viewing;
use crate::mijn::page::{InTime, Until};
use crate::mijn::part::{Part, SourceReport, SourceState, report};
use crate::policy::{Module, ZaaktypeRegels};
use crate::upstream::http::{ErrorKind, UpstreamError};
use crate::upstream::zgw::Component;

use serde::Deserialize as _;

impl Zaken {
    /// Kind `zaak` of `docs/wire.md`.
    pub async fn detail(&self, viewing: &Viewing, params: &Value, until: &Until) -> Part {
        if let Some(refusal) = viewing.refusal(Module::Zaken) {
            return refusal;
        }
        let Ok(params) = DetailParams::deserialize(params) else {
            return Part::not_understood("params");
        };
        let Some(target) = open_zaak_handle(viewing, &params.handle) else {
            return Part::not_found();
        };
        let Some(source) = self.source(&target.source) else {
            return Part::not_found();
        };
        if viewing.source_is_off(source.name()) {
            return Part::source_off(vec![SourceReport::skipped(source.name().clone())]);
        }
        let code = SupportCode::generate();
        let id = source.zgw.reference(ResourceKind::Zaak, target.id);
        let waits = Waits::new(until, source);
        let asked = (source.clone(), viewing.measured());
        let built = until
            .or_late(async move {
                let (source, viewing) = asked;
                let built = Box::pin(build(&source, &viewing, &id, &waits, &code));
                let built = source.within_deadline("zaak", built).await;
                (built, viewing.asker.oldest_ms())
            })
            .await;
        let (built, age_ms) = match built {
            InTime::Yes(answer) => answer,
            InTime::Late => return Part::late(vec![SourceReport::late(source.name().clone())]),
            InTime::Failed => {
                let source = SourceReport::unavailable(source.name().clone());
                return Part::unavailable(vec![source], "internal", code);
            }
        };
        match built {
            Ok((view, hidden, lacking)) => {
                let hidden = hidden
                    .iter()
                    .map(|(reason, count)| (reason.as_str(), count))
                    .collect();
                let state = if lacking.late {
                    SourceState::Late
                } else {
                    SourceState::Answered
                };
                let report = SourceReport {
                    state,
                    age_ms,
                    ..SourceReport::answered(source.name().clone(), 1, hidden)
                };
                Part::partial(
                    &view,
                    vec![report],
                    lacking.missing.into_iter().collect(),
                    lacking.reason.unwrap_or("bound"),
                    code,
                )
            }
            Err(AccessError::NotFound) => Part::not_found(),
            Err(AccessError::Level(level)) => Part::needs_level(level),
            Err(AccessError::Unprovable) => Part::unavailable(
                vec![SourceReport::unavailable(source.name().clone())],
                "role_unprovable",
                code,
            ),
            Err(AccessError::Upstream(error)) => {
                report(&error, &code);
                Part::unavailable(
                    vec![SourceReport::unavailable(source.name().clone())],
                    error.kind.reason(),
                    code,
                )
            }
        }
    }
}

async fn build(
    source: &ZgwSource,
    viewing: &Viewing,
    id: &ResourceRef,
    waits: &Waits,
    code: &SupportCode,
) -> Result<(DetailView, HiddenCounts, Lacking), AccessError> {
    let viewer = viewing.viewer();
    let access = access(viewing, &viewer);
    let zgw = &source.zgw;
    let settings = zgw.settings();
    let asker = &viewing.asker;
    let policy = &viewing.policy;
    let wants_substatussen = settings.substatussen
        && (policy.substatussen
            || policy
                .zaaktypen
                .iter()
                .any(|z| z.substatussen == Some(true)));

    source.catalogus.warm();
    // Round one: everything that needs no more than the zaak's address.
    let (zaak, rollen, statussen, substatussen, links, besluiten) = tokio::join!(
        zgw.zaak(id, asker),
        zgw.own_rollen_in(id, &viewer.subject, asker),
        waits.first("statussen.list", zgw.statussen(id, asker)),
        async {
            if wants_substatussen {
                Some(
                    waits
                        .first("substatussen.list", zgw.substatussen(id, asker))
                        .await,
                )
            } else {
                None
            }
        },
        async {
            if zgw.has(Component::Documenten) {
                let links = zgw.zaakinformatieobjecten(id, asker);
                Some(waits.first("zaakinformatieobjecten.list", links).await)
            } else {
                None
            }
        },
        async {
            if zgw.has(Component::Besluiten) {
                Some(
                    waits
                        .first("besluiten.list", zgw.besluiten(id, asker))
                        .await,
                )
            } else {
                None
            }
        },
    );
    // Only the zaak itself can be "not found"; rollen that are not there are a source that could not be asked.
    let zaak = zaak?;
    let rollen = rollen.map_err(AccessError::Upstream)?;
    let opened = shown_zaak(source, access, zaak, &rollen).await?;
    let zaak = opened.zaak.get().zaak().clone();
    let regels = policy.zaaktype(
        opened.domein.as_deref(),
        opened.zaaktype.identificatie.as_deref(),
    );
    let mut lacking = Lacking::default();
    let mut hidden = HiddenCounts::default();
    let statussen = lacking.list("stappen", statussen, code);
    let substatussen = substatussen.and_then(|answer| lacking.list("stappen", answer, code));
    let links = links.map(|answer| lacking.list("documenten", answer, code));
    let besluiten = besluiten.map(|answer| lacking.list("besluiten", answer, code));
    let sent_along = zaak
        .resultaat_expanded
        .clone()
        .filter(|resultaat| resultaat.zaak.as_ref() == Some(id));

    // Round two: what the first answers named.
    let linked: Vec<ResourceRef> = links
        .iter()
        .flatten()
        .flat_map(|listing| &listing.items)
        .filter_map(|link| link.get().informatieobject.clone())
        .collect();
    let shown_besluiten: Vec<Show<Besluit>> = besluiten
        .iter()
        .flatten()
        .flat_map(|listing| listing.items.clone())
        .filter_map(|besluit| judge_besluit(besluit, &opened.zaak).or_count(&mut hidden))
        .collect();
    let (documents, besluit_links, statustypen, resultaat, resultaattypen, besluittypen, kin) = tokio::join!(
        waits.last("documenten", zgw.documents(&linked, asker)),
        join_all(shown_besluiten.iter().map(|besluit| {
            let links = zgw.besluitinformatieobjecten(&besluit.get().id, asker);
            waits.last("besluitinformatieobjecten.list", links)
        })),
        waits.last(
            "statustypen.list",
            source.catalogus.statustypen(&opened.zaaktype.id)
        ),
        async {
            match (&sent_along, &zaak.resultaat) {
                // Not every source sends it along.
                (None, Some(resultaat)) => Some(
                    waits
                        .last("resultaat.get", zgw.resultaat(resultaat, id, asker))
                        .await,
                ),
                _ => None,
            }
        },
        async {
            match &zaak.resultaat {
                Some(_) => {
                    let typen = source.catalogus.resultaattypen(&opened.zaaktype.id);
                    Some(waits.last("resultaattypen.list", typen).await)
                }
                None => None,
            }
        },
        join_all(shown_besluiten.iter().map(|besluit| async {
            match &besluit.get().besluittype {
                Some(id) => {
                    let soort = source.catalogus.besluittype(id);
                    Some(waits.last("besluittype.get", soort).await)
                }
                None => None,
            }
        })),
        kin(source, viewing, &viewer, &opened, waits),
    );

    // Round three, only for a document of a decision that is not linked to the zaak itself.
    let mut of_besluit: Vec<Vec<ResourceRef>> = Vec::new();
    for answer in besluit_links {
        let links = lacking.list("besluiten", answer, code);
        of_besluit.push(
            links
                .into_iter()
                .flat_map(|listing| listing.items)
                .filter_map(|link| link.into_inner().informatieobject)
                .collect(),
        );
    }
    let only_besluit: Vec<ResourceRef> = of_besluit
        .iter()
        .flatten()
        .filter(|id| !linked.contains(id))
        .cloned()
        .collect();
    let more_documents = waits
        .last("documenten", zgw.documents(&only_besluit, asker))
        .await;
    let mut found = Vec::new();
    for (what, answer) in [("documenten", documents), ("besluiten", more_documents)] {
        let Some(answer) = lacking.take(what, answer, code) else {
            continue;
        };
        if let Some(error) = answer.error {
            lacking.note(what, &error, code);
        }
        for _ in 0..answer.withheld {
            hidden.add(Reason::DocumentNietGegeven);
        }
        found.extend(answer.found);
    }
    let (hoofdzaak, deelzaken) = kin;
    let hoofdzaak = hoofdzaak.and_then(|answer| lacking.kin(answer, code));
    let deelzaken: Vec<_> = deelzaken
        .into_iter()
        .filter_map(|answer| lacking.kin(answer, code))
        .collect();
    lacking.bound("deelzaken", zaak.deelzaken.len() > MAX_DEELZAKEN);
    let judging = Judging {
        source,
        access,
        opened: &opened,
        waits,
        code,
    };
    let shown = judge_documents(&judging, found, &mut hidden, &mut lacking).await;
    let resultaat = match resultaat {
        Some(answer) => lacking
            .take("resultaat", answer, code)
            .map(Proven::into_inner),
        None => sent_along,
    };
    if lacking.filter_ignored {
        return Err(AccessError::Upstream(UpstreamError::new(
            source.name(),
            "zaak",
            ErrorKind::FilterIgnored,
        )));
    }

    let statustypen = match statustypen {
        Ok(statustypen) => Some(statustypen),
        Err(error) => {
            lacking.note("stappen", &error, code);
            None
        }
    };
    let statussen: Option<Vec<Status>> =
        statussen.map(|listing| listing.items.into_iter().map(Proven::into_inner).collect());
    let substatussen: Vec<_> = substatussen
        .into_iter()
        .flat_map(|listing| listing.items)
        .filter_map(|item| judge_substatus(item, &opened.zaak, &regels).or_count(&mut hidden))
        .collect();
    let (stappen, status) = match (&statustypen, &statussen) {
        (Some(statustypen), Some(statussen)) => {
            let line = track::track(
                statustypen,
                statussen,
                &substatussen,
                &regels,
                zaak.is_open(),
            );
            (Some(line.stappen), line.current)
        }
        _ => (None, None),
    };
    let resultaat = resultaat.and_then(|resultaat| {
        let typen = resultaattypen.and_then(|answer| lacking.take("resultaat", answer, code))?;
        let soort = typen
            .iter()
            .find(|soort| Some(&soort.id) == resultaat.resultaattype.as_ref())?;
        Some(resultaat_view(soort.omschrijving.as_deref()?, &regels))
    });
    let documents: HashMap<&ResourceRef, DocumentView> = shown
        .iter()
        .map(|(document, soort)| {
            let view = document_view(viewing, id, document.get().document(), soort.as_deref());
            (&document.get().document().id, view)
        })
        .collect();
    let besluiten = besluiten.is_none_or(|answer| answer.is_some()).then(|| {
        shown_besluiten
            .iter()
            .zip(besluittypen)
            .zip(&of_besluit)
            .map(|((besluit, soort), links)| {
                let soort = soort.and_then(Result::ok);
                let label = soort.and_then(|soort| soort.omschrijving.clone());
                besluit_view(besluit.get(), label, links, &documents)
            })
            .collect()
    });
    let aanvraag = shown
        .iter()
        .filter(|(document, _)| document.get().soort() == DocumentSoort::Aanvraag)
        .map(|(document, _)| document.get().document())
        .min_by_key(|document| (document.creatiedatum, document.id.id))
        .map(|document| document.id.clone());
    let documenten = links.is_none_or(|answer| answer.is_some()).then(|| {
        let mut seen = HashSet::new();
        linked
            .iter()
            .filter(|id| Some(*id) != aanvraag.as_ref() && seen.insert(*id))
            .filter_map(|id| documents.get(id).cloned())
            .collect()
    });
    let open = zaak.is_open();
    let view = DetailView {
        handle: handle(viewing, id, None),
        zaaknummer: zaak.identificatie,
        zaaktype: regels
            .label()
            .map(str::to_owned)
            .or_else(|| opened.zaaktype.omschrijving.clone()),
        omschrijving: zaak.omschrijving,
        toelichting: zaak.toelichting,
        registratiedatum: zaak.registratiedatum,
        startdatum: zaak.startdatum,
        einddatum_gepland: zaak.einddatum_gepland,
        uiterlijke_einddatum: zaak.uiterlijke_einddatum,
        einddatum: zaak.einddatum,
        open,
        status: status.map(Into::into),
        stappen: stappen.map(|stappen| stappen.into_iter().map(Into::into).collect()),
        resultaat,
        besluiten,
        documenten,
        aanvraag: aanvraag.and_then(|id| documents.get(&id).cloned()),
        hoofdzaak,
        deelzaken,
    };
    Ok((view, hidden, lacking))
}

type TypedDocument = (
    Show<ShownDocument>,
    Option<std::sync::Arc<Informatieobjecttype>>,
);

/// By what the documents of one zaak are judged.
struct Judging<'a> {
    source: &'a ZgwSource,
    access: Access<'a>,
    opened: &'a Opened,
    waits: &'a Waits,
    code: &'a SupportCode,
}

async fn judge_documents(
    judging: &Judging<'_>,
    found: Vec<Proven<Document>>,
    hidden: &mut HiddenCounts,
    lacking: &mut Lacking,
) -> Vec<TypedDocument> {
    let Judging {
        source,
        access,
        opened,
        waits,
        code,
    } = *judging;
    let soorten = join_all(found.iter().map(|document| async {
        match &document.get().informatieobjecttype {
            Some(id) => {
                let soort = source.catalogus.informatieobjecttype(id);
                Some(waits.last("informatieobjecttype.get", soort).await)
            }
            None => None,
        }
    }))
    .await;
    let mut shown = Vec::with_capacity(found.len());
    for (document, soort) in found.into_iter().zip(soorten) {
        let soort = match soort {
            Some(Ok(soort)) => soort,
            Some(Err(error)) => {
                // Its type decides whether it may be seen, so it is not shown, and the page says so.
                lacking.note("documenten", &error, code);
                continue;
            }
            None => None,
        };
        let verdict = judge_document(
            document,
            soort.as_deref(),
            &opened.zaak,
            access.viewer,
            access.policy,
        );
        shown.extend(verdict.or_count(hidden).map(|document| (document, soort)));
    }
    shown
}

fn resultaat_view(omschrijving: &str, regels: &ZaaktypeRegels<'_>) -> ResultaatView {
    let own = regels.resultaattype(Some(omschrijving));
    ResultaatView {
        label: own
            .and_then(|own| own.label.clone())
            .unwrap_or_else(|| omschrijving.to_owned()),
        toelichting: own.and_then(|own| own.toelichting.clone()),
        bezwaar: own.and_then(|own| own.bezwaar),
    }
}

fn besluit_view(
    besluit: &Besluit,
    label: Option<String>,
    links: &[ResourceRef],
    documents: &HashMap<&ResourceRef, DocumentView>,
) -> BesluitView {
    BesluitView {
        label: label.unwrap_or_else(|| "Besluit".to_owned()),
        toelichting: besluit.toelichting.clone(),
        datum: besluit.datum,
        ingangsdatum: besluit.ingangsdatum,
        vervaldatum: besluit.vervaldatum,
        uiterlijke_reactiedatum: besluit.uiterlijke_reactiedatum,
        documenten: links
            .iter()
            .filter_map(|id| documents.get(id).cloned())
            .collect(),
    }
}

fn document_view(
    viewing: &Viewing,
    zaak: &ResourceRef,
    document: &Document,
    soort: Option<&Informatieobjecttype>,
) -> DocumentView {
    let extensie = filename::extension(
        document.bestandsnaam.as_deref(),
        document.formaat.as_deref(),
    );
    let name = document
        .bestandsnaam
        .as_deref()
        .or(document.titel.as_deref());
    DocumentView {
        handle: handle(viewing, &document.id, Some(zaak)),
        naam: document
            .titel
            .clone()
            .or_else(|| document.bestandsnaam.clone())
            .unwrap_or_else(|| "Document".to_owned()),
        soort: soort.and_then(|soort| soort.omschrijving.clone()),
        bestandsnaam: filename::safe(name, extensie),
        extensie,
        omvang: document.bestandsomvang,
        datum: document
            .ontvangstdatum
            .or(document.verzenddatum)
            .or(document.creatiedatum),
        taal: document.taal.clone(),
    }
}

impl From<track::Stap> for super::view::StapView {
    fn from(stap: track::Stap) -> Self {
        Self {
            label: stap.label,
            toelichting: stap.toelichting,
            state: stap.state.as_str(),
            datum: day(stap.datum),
            substatussen: stap
                .substatussen
                .into_iter()
                .map(|(label, at)| super::view::SubstatusView {
                    label,
                    datum: day(at),
                })
                .collect(),
        }
    }
}

impl From<track::Current> for super::view::StatusView {
    fn from(current: track::Current) -> Self {
        Self {
            label: current.label,
            toelichting: current.toelichting,
            datum: day(current.datum),
            beurt: current.beurt,
        }
    }
}
