//! The bodies and answers of the api listener.

use serde_json::{Map, Value, json};

pub(super) fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

pub(super) fn text() -> Value {
    json!({ "type": "string" })
}

pub(super) fn boolean() -> Value {
    json!({ "type": "boolean" })
}

pub(super) fn environment() -> Value {
    words(&["demo", "acceptatie", "productie"])
}

/// A whole number that is not negative.
pub(super) fn count() -> Value {
    json!({ "type": "integer", "minimum": 0 })
}

pub(super) fn day() -> Value {
    json!({ "type": "string", "format": "date" })
}

fn handle() -> Value {
    json!({ "type": "string", "pattern": "^[A-Za-z0-9_-]{1,256}$", "description": "Opaque; opens something for this party alone." })
}

pub(super) fn words(words: &[&str]) -> Value {
    json!({ "type": "string", "enum": words })
}

pub(super) fn nullable(schema: Value) -> Value {
    json!({ "anyOf": [schema, { "type": "null" }] })
}

pub(super) fn list(items: Value) -> Value {
    json!({ "type": "array", "items": items })
}

/// An object whose fields are always there, but for those whose name ends in `?`.
pub(super) fn object(fields: &[(&str, Value)]) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for (name, schema) in fields {
        let bare = name.trim_end_matches('?');
        if bare == *name {
            required.push(bare);
        }
        properties.insert(bare.to_owned(), schema.clone());
    }
    json!({ "type": "object", "properties": properties, "required": required })
}

/// The same for what is taken: an unknown field is refused.
pub(super) fn closed(fields: &[(&str, Value)]) -> Value {
    let mut schema = object(fields);
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("additionalProperties".to_owned(), Value::Bool(false));
    }
    schema
}

fn or_null(fields: &[&'static str], schema: &Value) -> Vec<(&'static str, Value)> {
    fields
        .iter()
        .map(|name| (*name, nullable(schema.clone())))
        .collect()
}

pub(super) fn all() -> Value {
    let mut all = Map::new();
    for (name, schema) in requests()
        .into_iter()
        .chain(general())
        .chain(parts())
        .chain(zaken())
        .chain(super::policy::all())
    {
        all.insert(name.to_owned(), schema);
    }
    Value::Object(all)
}

pub(super) type Named = (&'static str, Value);

const LOA: [&str; 5] = ["none", "low", "middle", "substantial", "high"];
pub(super) const MIN_LOA: [&str; 4] = ["low", "middle", "substantial", "high"];
pub(super) const BEURT: [&str; 3] = ["gemeente", "inwoner", "ander"];

fn requests() -> Vec<Named> {
    let part = closed(&[
        ("id", text()),
        ("kind", text()),
        (
            "params?",
            json!({
                "anyOf": [reference("ZakenParams"), reference("ZaakParams"), { "type": "null" }],
                "description": "As the kind takes them: ZakenParams for zaken, ZaakParams for zaak.",
            }),
        ),
    ]);
    vec![
        (
            "LoginRequest",
            closed(&[
                ("idp", text()),
                ("min_loa?", nullable(words(&MIN_LOA))),
                (
                    "return_to",
                    json!({ "type": "string", "description": "A path of the site." }),
                ),
                (
                    "browser_hash",
                    json!({ "type": "string", "description": "Base64url without padding of SHA-256 over the value of the __Host-zijspan-login cookie." }),
                ),
            ]),
        ),
        (
            "TokenRequest",
            object(&[
                (
                    "grant_type",
                    words(&[
                        "urn:zijspan:handoff",
                        "urn:ietf:params:oauth:grant-type:token-exchange",
                        "urn:zijspan:asserted",
                    ]),
                ),
                ("handoff?", text()),
                ("browser_secret?", text()),
                ("subject_token?", text()),
                ("subject_token_type?", text()),
                (
                    "audience?",
                    json!({ "type": "string", "description": "urn:zijspan:<site id>" }),
                ),
                ("nonce?", text()),
                ("access_token?", text()),
                ("requested_token_type?", text()),
                ("scope?", text()),
                ("subject_type?", text()),
                ("subject?", text()),
            ]),
        ),
        ("CsrfRequest", closed(&[("csrf", text())])),
        (
            "PageRequest",
            closed(&[
                (
                    "budget_ms?",
                    json!({ "anyOf": [{ "type": "integer", "minimum": 100, "maximum": 10000 }, { "type": "null" }], "default": 2000 }),
                ),
                (
                    "touch?",
                    json!({ "type": "boolean", "default": true, "description": "Whether a person opened the page, which extends the idle time." }),
                ),
                (
                    "parts",
                    json!({ "type": "array", "maxItems": 16, "items": part }),
                ),
            ]),
        ),
        (
            "ZakenParams",
            closed(&[
                (
                    "status?",
                    json!({ "enum": ["all", "open", "closed"], "default": "all" }),
                ),
                (
                    "q?",
                    json!({ "type": ["string", "null"], "maxLength": 100 }),
                ),
                (
                    "zaaktype?",
                    json!({ "type": ["string", "null"], "description": "A value of filters.zaaktypen." }),
                ),
                ("year?", json!({ "type": ["integer", "null"] })),
                (
                    "sort?",
                    json!({ "enum": ["open", "-startdatum", "startdatum", "-registratiedatum", "registratiedatum", "zaaktype"], "default": "open" }),
                ),
                (
                    "page_size?",
                    json!({ "type": "integer", "minimum": 1, "maximum": 100, "default": 20 }),
                ),
                ("cursor?", json!({ "type": ["string", "null"] })),
            ]),
        ),
        ("ZaakParams", closed(&[("handle", handle())])),
        ("TicketRequest", closed(&[("handle", handle())])),
        (
            "DoRequest",
            closed(&[
                ("kind", text()),
                ("handle?", text()),
                ("action", text()),
                ("data?", json!({})),
                ("csrf", text()),
                ("idempotency_key?", text()),
            ]),
        ),
        (
            "PolicyWrite",
            closed(&[
                ("version", count()),
                ("policy", reference("Policy")),
                ("dry_run?", json!({ "type": "boolean", "default": false })),
            ]),
        ),
    ]
}

fn general() -> Vec<Named> {
    let moment = || json!({ "type": "string", "format": "date-time" });
    let component = object(&[
        ("component", text()),
        ("state", words(&["ok", "failing", "skipped", "unknown"])),
        ("since", nullable(moment())),
        ("last_ok", nullable(moment())),
        (
            "last_failure",
            nullable(object(&[("at", moment()), ("reason", text())])),
        ),
        ("median_ms", nullable(count())),
        ("p95_ms", nullable(count())),
        ("calls", count()),
        ("failures", count()),
        ("in_flight", count()),
        ("waiting", count()),
    ]);
    let source = object(&[
        ("name", text()),
        ("label", text()),
        (
            "state",
            words(&["ok", "failing", "skipped", "unknown", "off"]),
        ),
        ("off_by", nullable(words(&["policy", "configuration"]))),
        ("components", list(component)),
    ]);
    let cache = object(&[
        ("entries", count()),
        ("bytes", count()),
        ("max_bytes", count()),
        ("hits", count()),
        ("misses", count()),
        ("evictions", count()),
    ]);
    vec![
        (
            "Problem",
            object(&[
                (
                    "type",
                    json!({ "type": "string", "pattern": "^urn:zijspan:problem:[a-z-]+$" }),
                ),
                (
                    "title",
                    json!({ "type": "string", "description": "A Dutch sentence fit for a page." }),
                ),
                ("status", count()),
                ("trace_id", text()),
                (
                    "detail?",
                    json!({ "type": "string", "description": "For the maker of the client, in English." }),
                ),
                (
                    "error?",
                    json!({ "type": "string", "description": "RFC 6749 section 5.2." }),
                ),
                ("reason?", text()),
                (
                    "code?",
                    json!({ "type": "string", "description": "Support code, eight characters, also in the log." }),
                ),
                ("version?", count()),
                (
                    "fields?",
                    list(object(&[("path", text()), ("message", text())])),
                ),
            ]),
        ),
        (
            "OnBehalfOf",
            object(&[
                ("type", words(&["burger", "onderneming", "pseudoniem"])),
                (
                    "label",
                    json!({ "type": ["string", "null"], "description": "A name to show, never a number." }),
                ),
            ]),
        ),
        (
            "Session",
            object(&[
                ("idle_expires_in", count()),
                ("absolute_expires_in", count()),
                ("loa", words(&LOA)),
                ("on_behalf_of", reference("OnBehalfOf")),
                ("acts_for_another", boolean()),
                ("mandate", nullable(reference("Mandate"))),
                (
                    "one_branch",
                    json!({ "type": "boolean", "description": "Only one branch of a company may be seen." }),
                ),
                ("eidas", boolean()),
                (
                    "idp",
                    json!({ "type": ["string", "null"], "description": "What POST /v1/login takes to log in again; null where the login was handed over." }),
                ),
            ]),
        ),
        (
            "Mandate",
            object(&[
                ("kind", words(&["machtiging", "bewind", "keten"])),
                (
                    "limited",
                    json!({ "type": "boolean", "description": "There may be more than this mandate opens." }),
                ),
                ("services", list(text())),
            ]),
        ),
        (
            "Token",
            object(&[
                ("access_token", text()),
                ("issued_token_type", text()),
                ("token_type", json!({ "const": "Bearer" })),
                ("expires_in", count()),
                ("return_to", nullable(text())),
                ("loa", words(&LOA)),
                ("on_behalf_of", reference("OnBehalfOf")),
            ]),
        ),
        (
            "Ticket",
            object(&[("url", nullable(text())), ("expires_in", count())]),
        ),
        (
            "Done",
            object(&[
                ("state", words(&["done", "accepted", "conflict", "invalid"])),
                ("receipt", json!({})),
                ("fields", json!({})),
            ]),
        ),
        (
            "Status",
            object(&[
                ("version", text()),
                ("contract", json!({ "const": 1 })),
                ("site", text()),
                ("environment", environment()),
                ("login", list(text())),
                ("modules", object(&[("zaken", boolean())])),
                ("sources", list(source)),
                ("cache", cache),
                ("time", moment()),
            ]),
        ),
    ]
}

fn parts() -> Vec<Named> {
    let hidden = json!({
        "type": "object",
        "additionalProperties": { "type": "integer", "minimum": 1 },
        "description": "How many of the caller's own objects are not shown, by reason.",
    });
    let source = object(&[
        ("name", text()),
        (
            "state",
            words(&["answered", "late", "unavailable", "skipped"]),
        ),
        ("count", nullable(count())),
        ("age_ms", count()),
        ("of", nullable(count())),
        ("hidden", hidden),
    ]);
    let missing = words(&[
        "zaken",
        "status",
        "stappen",
        "documenten",
        "besluiten",
        "resultaat",
        "aanvraag",
    ]);
    let problem = object(&[
        ("type", text()),
        (
            "title",
            json!({ "type": "string", "description": "A Dutch sentence fit for the page." }),
        ),
        ("reason", text()),
        ("missing", list(missing)),
        ("code", nullable(text())),
        ("required_loa", nullable(words(&MIN_LOA))),
        (
            "rule",
            json!({ "type": ["string", "null"], "description": "The reason code of the rule behind it." }),
        ),
    ]);
    let data = json!({
        "anyOf": [reference("Zaken"), reference("Zaak"), { "type": "null" }],
        "description": "By kind; null unless state is ok or partial. Holds no URL and no UUID.",
    });
    vec![(
        "Part",
        object(&[
            ("id", text()),
            ("kind", text()),
            (
                "state",
                words(&[
                    "ok",
                    "partial",
                    "late",
                    "unavailable",
                    "denied",
                    "not_found",
                ]),
            ),
            ("data", data),
            ("sources", list(source)),
            ("problem", nullable(problem)),
        ]),
    )]
}

fn zaken() -> Vec<Named> {
    let at_least = object(&[("value", count()), ("at_least", boolean())]);
    let label = object(&[("label", text())]);
    let mut common = vec![("handle", handle())];
    common.extend(or_null(
        &["zaaknummer", "zaaktype", "omschrijving"],
        &text(),
    ));
    let mut dates = or_null(
        &[
            "registratiedatum",
            "startdatum",
            "einddatum_gepland",
            "uiterlijke_einddatum",
            "einddatum",
        ],
        &day(),
    );
    dates.push(("open", boolean()));
    dates.push(("status", nullable(reference("ZaakStatus"))));

    let mut item = common.clone();
    item.extend(dates.clone());
    item.extend([
        ("resultaat", nullable(label.clone())),
        ("deelzaken", count()),
    ]);

    let filter = object(&[("value", text()), ("label", text()), ("count", count())]);
    let mut detail = common.clone();
    detail.push(("toelichting", nullable(text())));
    detail.extend(dates);
    let deelzaak = reference("Deelzaak");
    detail.extend([
        ("stappen", nullable(list(reference("Stap")))),
        (
            "resultaat",
            nullable(object(&[
                ("label", text()),
                ("toelichting", nullable(text())),
                ("bezwaar", nullable(boolean())),
            ])),
        ),
        ("besluiten", nullable(list(reference("Besluit")))),
        ("documenten", nullable(list(reference("Document")))),
        ("aanvraag", nullable(reference("Document"))),
        ("hoofdzaak", nullable(deelzaak.clone())),
        ("deelzaken", list(deelzaak)),
    ]);

    let mut folded = common;
    folded.extend([("open", boolean()), ("status", nullable(label))]);

    let mut besluit = vec![("label", text()), ("toelichting", nullable(text()))];
    besluit.extend(or_null(
        &[
            "datum",
            "ingangsdatum",
            "vervaldatum",
            "uiterlijke_reactiedatum",
        ],
        &day(),
    ));
    besluit.push(("documenten", list(reference("Document"))));

    vec![
        (
            "Zaken",
            object(&[
                ("zaken", list(reference("ZaakInList"))),
                ("total", at_least.clone()),
                (
                    "counts",
                    object(&[("open", at_least.clone()), ("closed", at_least)]),
                ),
                (
                    "filters",
                    object(&[
                        ("zaaktypen", list(filter)),
                        ("years", list(json!({ "type": "integer" }))),
                    ]),
                ),
                (
                    "needs_loa",
                    nullable(object(&[
                        ("required_loa", words(&MIN_LOA)),
                        ("count", count()),
                    ])),
                ),
                ("next", nullable(text())),
                ("previous", nullable(text())),
            ]),
        ),
        ("ZaakInList", object(&item)),
        ("Zaak", object(&detail)),
        ("Deelzaak", object(&folded)),
        (
            "ZaakStatus",
            object(&[
                ("label", text()),
                ("toelichting", nullable(text())),
                ("datum", nullable(day())),
                ("beurt", nullable(words(&BEURT))),
            ]),
        ),
        (
            "Stap",
            object(&[
                ("label", text()),
                ("toelichting", nullable(text())),
                ("state", words(&["done", "current", "todo"])),
                ("datum", nullable(day())),
                (
                    "substatussen",
                    list(object(&[("label", text()), ("datum", nullable(day()))])),
                ),
            ]),
        ),
        ("Besluit", object(&besluit)),
        (
            "Document",
            object(&[
                ("handle", handle()),
                ("naam", text()),
                ("type", nullable(text())),
                ("bestandsnaam", text()),
                ("extensie", nullable(text())),
                ("omvang", nullable(count())),
                ("datum", nullable(day())),
                ("taal", nullable(text())),
            ]),
        ),
    ]
}
