//! For the webbeheerder: what the policy can name, and whether the sources answer what a page asks.

use futures_util::future::join_all;
use serde::Serialize;
use serde_json::{Value, json};

use super::Zaken;
use crate::documents::ZgwSource;
use crate::domain::{Clock, SourceName};
use crate::policy::{Policy, ZaaktypeState};
use crate::upstream::http::{ErrorKind, UpstreamError};
use crate::upstream::zgw::Component;

/// How a source does, for the page that shows it.
pub use crate::upstream::http::{BreakerState, BreakerVitals, Failure, Health, Vitals};

/// Every zaaktype of every source, the newest version of each, with its status line and results.
pub async fn catalogus(zaken: &Zaken, policy: &Policy) -> Result<Value, UpstreamError> {
    let mut zaaktypen = Vec::new();
    let mut names = Vec::new();
    let on = |source: &&ZgwSource| !policy.source_is_off(source.name());
    for source in zaken.sources().iter().filter(on) {
        zaaktypen.extend(of_source(source, policy).await?);
        names.extend(source.catalogus.informatieobjecttype_names().await?);
    }
    zaaktypen.sort_by_key(|item: &Zaaktype| {
        item.omschrijving.clone().unwrap_or_default().to_lowercase()
    });
    names.sort();
    names.dedup();
    Ok(json!({ "zaaktypen": zaaktypen, "informatieobjecttypen": names }))
}

#[derive(Debug, Serialize)]
struct Zaaktype {
    catalogus: String,
    identificatie: String,
    omschrijving: Option<String>,
    #[serde(rename = "extern")]
    is_extern: bool,
    state: ZaaktypeState,
    statustypen: Vec<Value>,
    resultaattypen: Vec<Value>,
}

async fn of_source(source: &ZgwSource, policy: &Policy) -> Result<Vec<Zaaktype>, UpstreamError> {
    let mut all = source.catalogus.zaaktypen().await?;
    // The newest version of each first; only that one is named.
    all.sort_by_key(|(zaaktype, _)| std::cmp::Reverse(zaaktype.versiedatum));
    let mut seen = std::collections::HashSet::new();
    all.retain(|(zaaktype, domein)| {
        zaaktype
            .identificatie
            .clone()
            .is_some_and(|identificatie| seen.insert((domein.clone(), identificatie)))
    });
    let answers = join_all(all.iter().map(|(zaaktype, domein)| async move {
        let statustypen = source.catalogus.statustypen(&zaaktype.id).await?;
        let resultaattypen = source.catalogus.resultaattypen(&zaaktype.id).await?;
        let now: Vec<_> = statustypen
            .iter()
            .map(|step| (step.volgnummer, step.omschrijving.as_deref()))
            .collect();
        let state = policy
            .zaaktype(domein.as_deref(), zaaktype.identificatie.as_deref())
            .state(&now);
        Ok(Zaaktype {
            catalogus: domein.clone().unwrap_or_default(),
            identificatie: zaaktype.identificatie.clone().unwrap_or_default(),
            omschrijving: zaaktype.omschrijving.clone(),
            is_extern: zaaktype.indicatie_intern_of_extern.as_deref() == Some("extern"),
            state,
            statustypen: statustypen
                .iter()
                .map(|step| {
                    json!({
                        "volgnummer": step.volgnummer,
                        "omschrijving": step.omschrijving,
                        "statustekst": step.statustekst,
                    })
                })
                .collect(),
            resultaattypen: resultaattypen
                .iter()
                .map(|soort| json!({ "omschrijving": soort.omschrijving }))
                .collect(),
        })
    }))
    .await;
    answers.into_iter().collect()
}

/// One question to one component, and what came of it in a webbeheerder's words.
#[derive(Debug, Clone, Serialize)]
pub struct Step {
    pub step: String,
    pub ok: bool,
    pub ms: u64,
    pub message: String,
}

/// A clock that differs more than this makes tokens expire too early or start too late.
const CLOCK_DIFFERENCE_SECS: i64 = 30;

/// Asks every component of every source what a page would ask, and compares the clocks.
///
/// A source that is `off` is not asked, and that is no fault.
pub async fn check(zaken: &Zaken, clock: &Clock, off: impl Fn(&SourceName) -> bool) -> Vec<Step> {
    let mut steps = Vec::new();
    for source in zaken.sources() {
        if off(source.name()) {
            steps.push(Step {
                step: source.name().to_string(),
                ok: true,
                ms: 0,
                message: "Deze bron staat uit en is niet gevraagd.".to_owned(),
            });
            continue;
        }
        let asked = Component::ALL
            .into_iter()
            .filter(|component| source.zgw.has(*component))
            .map(|component| step(source, component, clock));
        let mut furthest: Option<i64> = None;
        for (step, ahead) in join_all(asked).await {
            steps.push(step);
            if let Some(ahead) = ahead
                && furthest.is_none_or(|known| known.abs() < ahead.abs())
            {
                furthest = Some(ahead);
            }
        }
        steps.extend(furthest.map(|ahead| clock_step(source, ahead)));
    }
    steps
}

fn clock_step(source: &ZgwSource, ahead: i64) -> Step {
    let ok = ahead.abs() <= CLOCK_DIFFERENCE_SECS;
    let message = if ok {
        "De klok van de bron loopt gelijk met de onze.".to_owned()
    } else {
        let (seconds, way) = (ahead.abs(), if ahead > 0 { "voor" } else { "achter" });
        format!(
            "De klok van de bron loopt {seconds} seconden {way} op de onze. Zet beide servers gelijk (NTP), anders weigert de bron onze tokens."
        )
    };
    Step {
        step: format!("{}.klok", source.name()),
        ok,
        ms: 0,
        message,
    }
}

/// How many seconds the source's clock is ahead of ours, by the `Date` of its answer.
fn ahead(headers: &http::HeaderMap, clock: &Clock) -> Option<i64> {
    let date = headers.get(http::header::DATE)?.to_str().ok()?;
    let theirs = jiff::fmt::rfc2822::parse(date).ok()?.timestamp();
    Some(theirs.as_second().saturating_sub(clock.now().as_secs()))
}

async fn step(source: &ZgwSource, component: Component, clock: &Clock) -> (Step, Option<i64>) {
    // A number that nobody has: the question is a real one, the answer is empty.
    let (path, query): (&str, &[(&str, &str)]) = match component {
        Component::Zaken => (
            "/zaken",
            &[(
                "rol__betrokkeneIdentificatie__natuurlijkPersoon__inpBsn",
                "999999990",
            )],
        ),
        Component::Catalogi => ("/zaaktypen", &[]),
        Component::Documenten => (
            "/enkelvoudiginformatieobjecten/00000000-0000-4000-8000-000000000000",
            &[],
        ),
        Component::Besluiten => ("/besluiten", &[("identificatie", "bestaat-niet")]),
        Component::Betrokkenen => ("/", &[]),
    };
    let began = tokio::time::Instant::now();
    let answer = source.zgw.probe(component, path, query).await;
    let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let name = format!("{}.{}", source.name(), component.as_str());
    let ahead = answer
        .as_ref()
        .ok()
        .and_then(|(reply, _)| ahead(&reply.headers, clock));
    let (ok, message) = match answer {
        Ok((reply, None)) => match source.zgw.foreign_address(component, &reply.body) {
            Some(address) => (
                false,
                format!(
                    "De bron schrijft zijn adressen als {address}. Zet dat bij advertised_url van dit onderdeel."
                ),
            ),
            None => (true, answers(&reply.headers)),
        },
        // A document that does not exist is the answer that was expected, and the root of a register of
        // betrokkenen need not hold anything.
        Ok((reply, Some(error)))
            if matches!(component, Component::Documenten | Component::Betrokkenen)
                && error.kind == ErrorKind::NotFound =>
        {
            (true, answers(&reply.headers))
        }
        Ok((_, Some(error))) | Err(error) => (false, explain(&error)),
    };
    let step = Step {
        step: name,
        ok,
        ms,
        message,
    };
    (step, ahead)
}

/// That it answers, and as which version of its API when it says so.
fn answers(headers: &http::HeaderMap) -> String {
    let version = headers
        .get("api-version")
        .and_then(|version| version.to_str().ok())
        // What a source writes is repeated only where it looks like a version.
        .filter(|version| (1..=20).contains(&version.len()))
        .filter(|version| {
            version
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-.+".contains(&b))
        });
    match version {
        Some(version) => format!("De bron antwoordt, API-versie {version}."),
        None => "De bron antwoordt. Hij noemt geen API-versie.".to_owned(),
    }
}

/// What to look at, in words that a webbeheerder understands.
pub fn explain(error: &UpstreamError) -> String {
    let status = error
        .status
        .map(|status| format!(" (antwoord {status})"))
        .unwrap_or_default();
    match error.kind {
        ErrorKind::Connect => "De bron is niet bereikbaar. Controleer het adres, de firewall en het certificaat.".to_owned(),
        ErrorKind::Timeout | ErrorKind::Late => "De bron antwoordt niet op tijd.".to_owned(),
        ErrorKind::Busy => format!("De bron is te druk{status}. Probeer het later opnieuw."),
        ErrorKind::Open => "De bron faalde enkele keren na elkaar en wordt tijdelijk overgeslagen. Zijspan probeert vanzelf of zij weer werkt.".to_owned(),
        ErrorKind::Server => format!("De bron heeft een storing{status}. Meld dit bij de leverancier."),
        ErrorKind::Credentials => match error.code.as_deref() {
            Some("jwt-expired") => "De bron vindt ons token verlopen. Controleer de klok van beide servers.".to_owned(),
            Some("invalid-jwt-signature") => "Het geheim (secret) klopt niet met dat van de bron.".to_owned(),
            Some("invalid-client-identifier") => "De bron kent onze client_id niet.".to_owned(),
            _ => format!("De bron weigert onze sleutel{status}. Controleer client_id en secret."),
        },
        ErrorKind::Forbidden => format!("De bron kent ons, maar geeft geen rechten{status}. Geef deze client leesrechten."),
        ErrorKind::NotFound => format!("Het adres van de bron bestaat niet{status}. Controleer base_url."),
        ErrorKind::Rejected => format!("De bron begrijpt de vraag niet{status}. Controleer base_url en de versie van de API."),
        ErrorKind::Redirect => format!("De bron verwijst door naar een ander adres{status}. Zet het juiste adres bij base_url."),
        ErrorKind::Garbled => format!("Het antwoord is niet dat van deze API{status}. Controleer base_url."),
        ErrorKind::FilterIgnored => "De bron negeert een filter en geeft gegevens van anderen. Er wordt niets van getoond. Meld dit bij de leverancier.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Timestamp;
    use http::{HeaderMap, HeaderValue, header::DATE};

    #[test]
    fn the_version_is_named_where_it_looks_like_one() {
        let of = |version: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            if let Some(version) = version {
                headers.insert("API-version", HeaderValue::from_static(version));
            }
            answers(&headers)
        };
        assert_eq!(of(Some("1.5.1")), "De bron antwoordt, API-versie 1.5.1.");
        for strange in [
            None,
            Some(""),
            Some("999990019 is mijn bsn"),
            Some("<b>1</b>"),
        ] {
            assert_eq!(of(strange), "De bron antwoordt. Hij noemt geen API-versie.");
        }
    }

    #[test]
    fn the_date_of_an_answer_is_compared_with_our_clock() {
        let clock = Clock::manual(Timestamp::from_secs(784_111_777));
        let ahead_of = |date: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(DATE, HeaderValue::from_static(date));
            ahead(&headers, &clock)
        };
        assert_eq!(ahead_of("Sun, 06 Nov 1994 08:49:37 GMT"), Some(0));
        assert_eq!(ahead_of("Sun, 06 Nov 1994 08:51:12 GMT"), Some(95));
        assert_eq!(ahead_of("Sun, 06 Nov 1994 08:49:00 GMT"), Some(-37));
        assert_eq!(ahead_of("yesterday"), None);
        assert_eq!(ahead(&HeaderMap::new(), &clock), None);
    }
}
