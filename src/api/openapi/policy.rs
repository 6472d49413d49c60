//! The policy and what it can name.

use serde_json::json;

use super::schemas::{
    BEURT, MIN_LOA, Named, boolean, closed, count, day, list, nullable, object, reference, text,
    words,
};

const LEVELS: [&str; 8] = [
    "openbaar",
    "beperkt_openbaar",
    "intern",
    "zaakvertrouwelijk",
    "vertrouwelijk",
    "confidentieel",
    "geheim",
    "zeer_geheim",
];

const BETEKENIS: [&str; 2] = ["bereikt", "bezig"];

pub(super) fn all() -> Vec<Named> {
    let short = || nullable(json!({ "type": "string", "maxLength": 500 }));
    let modules = object(&[("zaken", boolean())]);
    let mandaten = closed(&[
        ("bewind?", boolean()),
        ("zonder_dienst?", boolean()),
        (
            "diensten?",
            list(closed(&[
                (
                    "dienst",
                    json!({ "type": "string", "description": "ServiceUUID or ServiceID." }),
                ),
                ("naam?", short()),
                ("modules?", modules.clone()),
                (
                    "zaaktypen",
                    list(closed(&[("catalogus", text()), ("identificatie", text())])),
                ),
            ])),
        ),
    ]);
    let niveau = || nullable(words(&MIN_LOA));
    let rollen = list(words(&["initiator", "belanghebbende", "gemachtigde"]));
    let statustype = closed(&[
        ("volgnummer", count()),
        ("omschrijving", text()),
        ("label?", short()),
        ("toelichting?", short()),
        ("beurt?", nullable(words(&BEURT))),
        ("verborgen?", boolean()),
    ]);
    let resultaattype = closed(&[
        ("omschrijving", text()),
        ("label?", short()),
        ("toelichting?", short()),
        ("bezwaar?", nullable(boolean())),
    ]);
    let zaaktype = closed(&[
        ("catalogus", text()),
        ("identificatie", text()),
        ("tonen?", boolean()),
        ("niveau?", niveau()),
        ("label?", short()),
        ("status_betekenis?", nullable(words(&BETEKENIS))),
        ("substatussen?", nullable(boolean())),
        ("statustypen?", list(statustype)),
        ("resultaattypen?", list(resultaattype)),
    ]);
    let known = object(&[
        ("catalogus", text()),
        ("identificatie", text()),
        ("omschrijving", nullable(text())),
        ("extern", boolean()),
        ("state", words(&["bekend", "nieuw", "gewijzigd"])),
        (
            "statustypen",
            list(object(&[
                ("volgnummer", nullable(count())),
                ("omschrijving", nullable(text())),
                ("statustekst", nullable(text())),
            ])),
        ),
        (
            "resultaattypen",
            list(object(&[("omschrijving", nullable(text()))])),
        ),
    ]);
    vec![
        (
            "Policy",
            closed(&[
                ("modules?", modules.clone()),
                ("niveaus?", closed(&[("zaken?", niveau())])),
                ("mandaten?", mandaten),
                ("bronnen_uit?", list(text())),
                ("zaak_vertrouwelijkheid?", words(&LEVELS)),
                ("document_vertrouwelijkheid?", words(&LEVELS)),
                ("rollen?", rollen.clone()),
                ("nieuwe_zaaktypen?", words(&["tonen", "verbergen"])),
                ("deelzaken?", words(&["gevouwen", "los"])),
                ("zichtbaar_vanaf?", nullable(day())),
                ("status_betekenis?", words(&BETEKENIS)),
                ("substatussen?", boolean()),
                ("aanvraag_documenttypen?", list(text())),
                ("interne_documenttypen?", list(text())),
                ("verborgen_documenttypen?", list(text())),
                ("zaaktypen?", list(zaaktype)),
            ]),
        ),
        (
            "Bounds",
            object(&[
                ("modules", modules),
                ("zaak_vertrouwelijkheid", words(&LEVELS)),
                ("document_vertrouwelijkheid", words(&LEVELS)),
                ("rollen", rollen),
                (
                    "mandaten",
                    object(&[("bewind", boolean()), ("zonder_dienst", boolean())]),
                ),
                ("bronnen", list(text())),
                ("bronnen_uit", list(text())),
            ]),
        ),
        (
            "PolicyWritten",
            object(&[
                ("version", count()),
                ("policy", reference("Policy")),
                ("changes", list(text())),
                ("saved", boolean()),
            ]),
        ),
        (
            "Catalogus",
            object(&[
                ("zaaktypen", list(known)),
                ("informatieobjecttypen", list(text())),
            ]),
        ),
    ]
}
