//! The description of the **api** listener as OpenAPI 3.1: every route of `router::API_ROUTES`, with the
//! bodies and answers of `docs/wire.md`. `docs/openapi.json` is this, printed; a test holds them together.

mod policy;
mod schemas;

use serde_json::{Map, Value, json};

use schemas::{list, nullable, object, reference, text};

/// The whole description.
pub fn document() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Zijspan: api listener",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "EUPL-1.2", "identifier": "EUPL-1.2" },
            "description": "What the WordPress plugin asks of the sidecar (contract 1). Explained in docs/wire.md. JSON in UTF-8; a day is YYYY-MM-DD in the Netherlands, a moment RFC 3339 in UTC, a length seconds unless its name ends in _ms, a size bytes. Unknown fields of a request are refused; answers may gain fields.",
        },
        "servers": [{
            "url": "http://localhost:8480",
            "description": "The default address. The listener answers only to the authorities of its configuration.",
        }],
        "security": [{ "signature": [] }],
        "paths": paths(),
        "components": {
            "securitySchemes": security_schemes(),
            "responses": { "Problem": problem_response() },
            "schemas": schemas::all(),
        },
    })
}

fn security_schemes() -> Value {
    json!({
        "signature": {
            "type": "apiKey",
            "in": "header",
            "name": "Signature",
            "description": "HTTP Message Signature (RFC 9421, hmac-sha256) with tag \"zijspan-request-v1\" over, in this order: @method, @authority, @path, @query, content-digest, then authorization when a session token is sent and content-type when there is a body; in Signature-Input the parameters created, expires (at most 60 s later), nonce (16 bytes in base64url) and keyid. Content-Digest (RFC 9530) holds one sha-256 member, also over an empty body. Every answer after a valid signature is signed with the pair's response key, bound to the request and its nonce, with tag \"zijspan-response-v1\"; take no unsigned answer for success. In full: docs/signing.md.",
        },
        "session": {
            "type": "http",
            "scheme": "bearer",
            "description": "The access_token of POST /v1/token, covered by the signature. Opaque; bound to the site.",
        },
    })
}

fn problem_response() -> Value {
    json!({
        "description": "What went wrong (RFC 9457). Every type is explained in docs/problems.md.",
        "content": { "application/problem+json": { "schema": reference("Problem") } },
    })
}

/// Who may call a route.
#[derive(Clone, Copy)]
enum Who {
    /// A key of this scope.
    Key(&'static str),
    /// A key of scope `pages` and a live session.
    Session,
}

/// One route: what it takes, what it gives, and what can go wrong beside what always can.
struct Route {
    id: &'static str,
    summary: &'static str,
    who: Who,
    body: Option<Value>,
    answer: Value,
    problems: &'static [(&'static str, &'static str)],
}

impl Route {
    fn operation(self) -> Value {
        let (tag, scope) = match self.who {
            Who::Key(scope @ "admin") => ("administration", scope),
            Who::Key(scope) => ("login and status", scope),
            Who::Session => ("personal", "pages"),
        };
        let mut responses = Map::new();
        responses.insert("200".to_owned(), self.answer);
        let mut problems = vec![
            (
                "401",
                match self.who {
                    Who::Key(_) => "`signature` (unsigned: the signature does not hold).",
                    Who::Session => {
                        "`signature` (unsigned: the signature does not hold) or `session` (signed: no session, or it has ended)."
                    }
                },
            ),
            ("403", "`scope`: the key may not ask this."),
            ("408", "`timeout`: the body did not come in time."),
            ("411", "`length`: a body without Content-Length."),
            ("413", "`too-large`: a body of more than 1 MiB."),
            (
                "415",
                "`media-type`: another media type than the route takes.",
            ),
            ("500", "`internal`: our own fault."),
            (
                "503",
                "`busy` (with Retry-After) or `unavailable` (with a support code).",
            ),
        ];
        problems.extend(self.problems);
        for (status, what) in problems {
            responses.insert(
                status.to_owned(),
                json!({
                    "description": what,
                    "content": { "application/problem+json": { "schema": reference("Problem") } },
                }),
            );
        }
        responses.insert(
            "default".to_owned(),
            json!({ "$ref": "#/components/responses/Problem" }),
        );
        let security = match self.who {
            Who::Key(_) => json!([{ "signature": [] }]),
            Who::Session => json!([{ "signature": [], "session": [] }]),
        };
        let mut operation = json!({
            "operationId": self.id,
            "summary": self.summary,
            "tags": [tag],
            "x-zijspan-key-scope": scope,
            "security": security,
            "responses": responses,
        });
        if let (Some(body), Some(operation)) = (self.body, operation.as_object_mut()) {
            operation.insert("requestBody".to_owned(), body);
        }
        operation
    }
}

fn takes(schema: &str) -> Option<Value> {
    Some(json!({
        "required": true,
        "content": { "application/json": { "schema": reference(schema) } },
    }))
}

fn gives(what: &str, schema: Value) -> Value {
    json!({ "description": what, "content": { "application/json": { "schema": schema } } })
}

const REQUEST: (&str, &str) = (
    "400",
    "`request`: the body holds what it may not hold; `detail` says what.",
);
const NOT_FOUND: (&str, &str) = (
    "404",
    "`not-found`: the handle opens nothing for this caller, whatever the cause.",
);
const CSRF: (&str, &str) = (
    "403",
    "`scope`: the key may not ask this; or `csrf`: the form's token is not of this session and action.",
);
const RATE: (&str, &str) = (
    "429",
    "`rate`: the key was used too often within a minute (Retry-After).",
);

fn paths() -> Value {
    json!({
        "/v1/login": { "post": login() },
        "/v1/token": { "post": token() },
        "/v1/session": { "get": session_read(), "delete": session_end() },
        "/v1/session/extend": { "post": session_extend() },
        "/v1/session/userdata": { "post": session_userdata() },
        "/v1/page": { "post": page() },
        "/v1/tickets": { "post": ticket() },
        "/v1/tickets/redeem": { "post": redeem() },
        "/v1/do": { "post": act() },
        "/v1/status": { "get": status() },
        "/v1/admin/policy": { "get": policy_read(), "put": policy_write() },
        "/v1/admin/catalogus": { "get": catalogus() },
        "/v1/admin/check": { "get": check() },
        "/v1/admin/sessions": { "delete": sessions_end() },
    })
}

fn login() -> Value {
    Route {
        id: "login",
        summary: "Where to send the browser to log in. It comes back to the plugin's one configured address with ?zijspan_handoff=…, or with ?zijspan_login=failed&zijspan_code=<support code>.",
        who: Who::Key("pages"),
        body: takes("LoginRequest"),
        answer: gives("The browser goes there with 303.", object(&[("url", text())])),
        problems: &[("400", "`request`, or `login`: logging in cannot begin; `code` is the support code.")],
    }
    .operation()
}

fn token() -> Value {
    let body = json!({
        "required": true,
        "description": "Which fields there are depends on grant_type; an old session token, sent as Authorization, ends.",
        "content": { "application/x-www-form-urlencoded": { "schema": reference("TokenRequest") } },
    });
    Route {
        id: "token",
        summary: "Trades a handoff, a token of an identity provider or (scope assert) an assertion, once, for a session.",
        who: Who::Key("pages"),
        body: Some(body),
        answer: gives("A session.", reference("Token")),
        problems: &[("400", "`token`: `error` as in RFC 6749 section 5.2 and RFC 8693 section 2.2.2; `code` is the support code.")],
    }
    .operation()
}

fn session_read() -> Value {
    Route {
        id: "readSession",
        summary: "What is known of the session. Does not extend it.",
        who: Who::Session,
        body: None,
        answer: gives("The session.", reference("Session")),
        problems: &[],
    }
    .operation()
}

fn session_end() -> Value {
    Route {
        id: "endSession",
        summary: "Logs out. The CSRF token is that of kind session, no handle, action logout.",
        who: Who::Session,
        body: takes("CsrfRequest"),
        answer: gives(
            "Where the browser can log out at the identity provider too.",
            object(&[("logout_url", nullable(text()))]),
        ),
        problems: &[REQUEST, CSRF],
    }
    .operation()
}

fn session_extend() -> Value {
    Route {
        id: "extendSession",
        summary: "Stays logged in. The CSRF token is that of kind session, no handle, action extend.",
        who: Who::Session,
        body: takes("CsrfRequest"),
        answer: gives("The session.", reference("Session")),
        problems: &[REQUEST, CSRF],
    }
    .operation()
}

fn session_userdata() -> Value {
    Route {
        id: "userdata",
        summary: "The number of who is logged in, for forms of the site. Only where the site has feed_userdata, and never of somebody for whom another acts.",
        who: Who::Session,
        body: None,
        answer: gives(
            "The numbers that there are.",
            object(&[
                ("type", schemas::words(&["burger", "onderneming"])),
                ("bsn", nullable(text())),
                ("kvk", nullable(text())),
                ("rsin", nullable(text())),
                ("vestigingsnummer", nullable(text())),
            ]),
        ),
        problems: &[(
            "403",
            "`scope`: `reason` is `userdata_off` (the site may not have it), `acts_for_another` or `no_number`; without a reason the key may not ask this.",
        )],
    }
    .operation()
}

fn sessions_end() -> Value {
    Route {
        id: "endSessions",
        summary: "Everyone out: ends every session of the site.",
        who: Who::Key("admin"),
        body: None,
        answer: gives(
            "How many sessions have ended.",
            object(&[("ended", schemas::count())]),
        ),
        problems: &[RATE],
    }
    .operation()
}

fn page() -> Value {
    Route {
        id: "page",
        summary: "Every part that a page needs, in one call, within one budget.",
        who: Who::Session,
        body: takes("PageRequest"),
        answer: gives(
            "The parts in the order asked. An unknown kind, or params that do not fit, make that part unavailable, never the page.",
            object(&[
                ("parts", list(reference("Part"))),
                ("session", reference("Session")),
                ("environment", schemas::environment()),
            ]),
        ),
        problems: &[REQUEST],
    }
    .operation()
}

fn ticket() -> Value {
    Route {
        id: "issueTicket",
        summary: "The right to fetch one document within a minute. The plugin answers the click with 303.",
        who: Who::Session,
        body: takes("TicketRequest"),
        answer: gives("The url is null where the site has no public route.", reference("Ticket")),
        problems: &[REQUEST, NOT_FOUND],
    }
    .operation()
}

fn redeem() -> Value {
    Route {
        id: "redeemTicket",
        summary: "The bytes of a document, not signed, for a site without a public route: the shim passes them on.",
        who: Who::Session,
        body: takes("TicketRequest"),
        answer: json!({
            "description": "The document, as an attachment with a safe file name. The one answer that is not signed.",
            "content": { "application/octet-stream": {}, "application/pdf": {}, "image/*": {} },
        }),
        problems: &[REQUEST, NOT_FOUND],
    }
    .operation()
}

fn act() -> Value {
    Route {
        id: "act",
        summary: "A change. No module takes changes yet: after the CSRF check every kind is refused.",
        who: Who::Session,
        body: takes("DoRequest"),
        answer: gives("What came of it.", reference("Done")),
        problems: &[REQUEST, CSRF],
    }
    .operation()
}

fn status() -> Value {
    Route {
        id: "status",
        summary: "Versions, ways to log in, modules and sources. A key of scope admin may ask too.",
        who: Who::Key("pages"),
        body: None,
        answer: gives(
            "The state of the sidecar for this site.",
            reference("Status"),
        ),
        problems: &[],
    }
    .operation()
}

fn policy_read() -> Value {
    Route {
        id: "readPolicy",
        summary: "What the site shows and says, and how far it can go.",
        who: Who::Key("admin"),
        body: None,
        answer: gives(
            "The policy and the bounds of the configuration file.",
            object(&[
                ("version", schemas::count()),
                ("policy", reference("Policy")),
                ("bounds", reference("Bounds")),
            ]),
        ),
        problems: &[RATE],
    }
    .operation()
}

fn policy_write() -> Value {
    Route {
        id: "writePolicy",
        summary: "Writes the policy over the version that the writer saw, or with dry_run says what would change.",
        who: Who::Key("admin"),
        body: takes("PolicyWrite"),
        answer: gives("What changed, in Dutch sentences.", reference("PolicyWritten")),
        problems: &[
            REQUEST,
            ("409", "`conflict`: somebody else wrote since; `version` is the one that is there."),
            ("422", "`invalid`: `fields` names the places that do not hold, in Dutch."),
            RATE,
        ],
    }
    .operation()
}

fn catalogus() -> Value {
    Route {
        id: "catalogus",
        summary: "What the policy can name: the newest version of every zaaktype of every source.",
        who: Who::Key("admin"),
        body: None,
        answer: gives("The catalogue.", reference("Catalogus")),
        problems: &[RATE],
    }
    .operation()
}

fn check() -> Value {
    let step = object(&[
        ("step", text()),
        ("ok", schemas::boolean()),
        ("ms", schemas::count()),
        ("message", text()),
    ]);
    Route {
        id: "check",
        summary: "Asks every source what a page asks, and compares the clocks.",
        who: Who::Key("admin"),
        body: None,
        answer: gives(
            "One step per question, each with a Dutch sentence.",
            object(&[("steps", list(step))]),
        ),
        problems: &[RATE],
    }
    .operation()
}
