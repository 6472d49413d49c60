//! Toonregels that a webbeheerder of the sandbox's municipality could have written: they show what a site
//! can say in its own words. JSON, because the sandbox shares no types with the sidecar.

use serde_json::{Value, json};

use super::data::catalogus::{DOMEIN, MELDING, OMGEVING, PARKEREN};

pub fn toonregels() -> Value {
    json!({
        "substatussen": true,
        "zaaktypen": [
            {
                "catalogus": DOMEIN, "identificatie": OMGEVING,
                "statustypen": [
                    stap(1, "Aanvraag ontvangen", "Ontvangst van uw aanvraag", None, "gemeente"),
                    stap(2, "Volledigheid getoetst", "Controle of uw aanvraag compleet is", None, "gemeente"),
                    stap(3, "In behandeling genomen", "Beoordeling van uw aanvraag", None, "gemeente"),
                    stap(4, "Advies ontvangen", "Advies over uw plan", None, "gemeente"),
                    stap(5, "Besluit genomen", "Besluit op uw aanvraag",
                        Some("Wij hebben een besluit genomen. U vindt de brief bij Besluiten."), "gemeente"),
                    stap(6, "Afgehandeld", "Afronding", None, "gemeente"),
                ],
                "resultaattypen": [
                    resultaat("Vergunning verleend", "Uw vergunning is verleend", true),
                    resultaat("Vergunning geweigerd", "Uw vergunning is geweigerd", true),
                    resultaat("Buiten behandeling gesteld", "Wij behandelen uw aanvraag niet", true),
                    resultaat("Ingetrokken door aanvrager", "U heeft uw aanvraag ingetrokken", false),
                ],
            },
            {
                "catalogus": DOMEIN, "identificatie": PARKEREN, "status_betekenis": "bezig",
                "statustypen": [
                    stap(1, "Aanvraag ontvangen", "Wij hebben uw aanvraag ontvangen", None, "gemeente"),
                    stap(2, "Wachten op gegevens", "Wij wachten op gegevens van u",
                        Some("Stuur de gevraagde gegevens op. Daarna gaan wij verder met uw aanvraag."), "inwoner"),
                    stap(3, "In behandeling", "Wij behandelen uw aanvraag", None, "gemeente"),
                ],
                "resultaattypen": [
                    resultaat("Toegekend", "U krijgt een parkeervergunning", false),
                    resultaat("Afgewezen", "U krijgt geen parkeervergunning", true),
                ],
            },
            {
                "catalogus": DOMEIN, "identificatie": MELDING, "status_betekenis": "bezig",
                "statustypen": [
                    stap(2, "Ingepland", "Wij hebben het werk ingepland", None, "gemeente"),
                ],
            },
        ],
    })
}

fn stap(
    volgnummer: u32,
    omschrijving: &str,
    label: &str,
    toelichting: Option<&str>,
    beurt: &str,
) -> Value {
    json!({
        "volgnummer": volgnummer, "omschrijving": omschrijving, "label": label,
        "toelichting": toelichting, "beurt": beurt,
    })
}

fn resultaat(omschrijving: &str, label: &str, bezwaar: bool) -> Value {
    json!({ "omschrijving": omschrijving, "label": label, "bezwaar": bezwaar })
}
