//! `zijspan openapi`: the committed description is what the code says, names every route, and fits what
//! the demo really answers.

use std::collections::BTreeSet;

use http::Method;
use serde_json::{Value, json};
use zijspan::api::openapi;
use zijspan::api::router::API_ROUTES;

use crate::harness::World;

/// Whether a value fits a schema, as far as the description uses JSON Schema. A field that the schema does
/// not name is a misfit too, though a client must bear it.
fn misfit(document: &Value, schema: &Value, value: &Value, at: &str) -> Option<String> {
    if let Some(name) = schema["$ref"].as_str() {
        let target = document.pointer(name.strip_prefix('#').unwrap());
        let target = target.unwrap_or_else(|| panic!("{name} is not there"));
        return misfit(document, target, value, at);
    }
    if let Some(choices) = schema["anyOf"].as_array() {
        let misfits: Vec<String> = choices
            .iter()
            .map(|choice| misfit(document, choice, value, at))
            .collect::<Option<_>>()?;
        return Some(misfits.join(", or "));
    }
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(value)
    {
        return Some(format!("{at}: {value} is none of {words:?}"));
    }
    if !schema["const"].is_null() && schema["const"] != *value {
        return Some(format!("{at}: {value}"));
    }
    let is = |kind: &str| match kind {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("{other} is not known here"),
    };
    let fits = match &schema["type"] {
        Value::String(kind) => is(kind),
        Value::Array(kinds) => kinds.iter().any(|kind| is(kind.as_str().unwrap())),
        _ => true,
    };
    if !fits {
        return Some(format!("{at}: {value} is not {}", schema["type"]));
    }
    if let Some(items) = value.as_array() {
        return items.iter().enumerate().find_map(|(index, item)| {
            misfit(document, &schema["items"], item, &format!("{at}/{index}"))
        });
    }
    let fields = value.as_object()?;
    let missing = schema["required"].as_array().and_then(|required| {
        required
            .iter()
            .find(|name| !fields.contains_key(name.as_str().unwrap()))
    });
    if let Some(name) = missing {
        return Some(format!("{at}: {name} is missing"));
    }
    fields.iter().find_map(|(name, field)| {
        let at = format!("{at}/{name}");
        match (&schema["properties"][name], &schema["additionalProperties"]) {
            (known @ Value::Object(_), _) => misfit(document, known, field, &at),
            (_, rest @ Value::Object(_)) => misfit(document, rest, field, &at),
            _ => Some(format!("{at} is not described")),
        }
    })
}

#[test]
fn the_committed_description_is_the_one_of_this_code() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/openapi.json");
    let committed: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    assert!(
        committed == openapi::document(),
        "write it anew: cargo run -- openapi > docs/openapi.json"
    );
}

#[test]
fn every_route_is_described_and_no_other() {
    let document = openapi::document();
    let mut described = BTreeSet::new();
    let mut ids = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            described.insert((method.to_uppercase(), path.clone()));
            let id = operation["operationId"].as_str().unwrap();
            assert!(ids.insert(id.to_owned()), "{id} twice");
            assert!(operation["responses"]["200"].is_object(), "{id}");
        }
    }
    let routes: BTreeSet<_> = API_ROUTES
        .iter()
        .map(|(method, path)| (method.to_string(), (*path).to_owned()))
        .collect();
    assert_eq!(described, routes);
}

#[test]
fn every_reference_leads_somewhere() {
    fn walk(document: &Value, value: &Value) {
        match value {
            Value::Object(fields) => {
                if let Some(Value::String(name)) = fields.get("$ref") {
                    let target = document.pointer(name.strip_prefix('#').unwrap());
                    assert!(target.is_some(), "{name}");
                }
                fields.values().for_each(|field| walk(document, field));
            }
            Value::Array(items) => items.iter().for_each(|item| walk(document, item)),
            _ => {}
        }
    }
    let document = openapi::document();
    walk(&document, &document);
}

struct Described<'a> {
    world: &'a World,
    document: Value,
}

impl Described<'_> {
    /// Asks, and holds the answer and the body sent against the description.
    async fn ask(
        &self,
        admin: bool,
        method: Method,
        path: &str,
        token: Option<&str>,
        body: Option<Value>,
    ) -> Value {
        let key = if admin {
            self.world.admin_key()
        } else {
            self.world.pages_key()
        };
        let bytes = body.as_ref().map(Value::to_string);
        let sent = bytes
            .as_ref()
            .map(|bytes| ("application/json", bytes.as_bytes()));
        let answer = self
            .world
            .call(&key, method.clone(), path, token, sent)
            .await;
        let operation = &self.document["paths"][path][method.as_str().to_lowercase()];
        if let Some(body) = &body
            && answer.status == 200
        {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            assert!(schema.is_object(), "{path}");
            assert_eq!(misfit(&self.document, schema, body, path), None);
        }
        let described = &operation["responses"][answer.status.to_string()];
        let media = if answer.status == 200 {
            "application/json"
        } else {
            "application/problem+json"
        };
        let schema = &described["content"][media]["schema"];
        assert!(schema.is_object(), "{method} {path} {}", answer.status);
        assert_eq!(misfit(&self.document, schema, &answer.body, path), None);
        answer.body
    }
}

#[tokio::test]
async fn what_the_demo_answers_is_described() {
    let world = World::start().await;
    let document = openapi::document();
    let described = Described {
        world: &world,
        document,
    };
    let id_token = world
        .id_token(
            json!({"bsn": world.ready["persons"][0]["bsn"]}),
            "nonce-of-a-test",
        )
        .await;
    let token = world.exchange(&id_token, "nonce-of-a-test").await.body;
    let schema = &described.document["components"]["schemas"]["Token"];
    assert_eq!(misfit(&described.document, schema, &token, "token"), None);
    let token = token["access_token"].as_str().unwrap();
    let session = Some(token);
    let page = |kind: &str, params: Value| {
        Some(json!({"budget_ms": 10_000, "parts": [{"id": "p", "kind": kind, "params": params}]}))
    };

    described
        .ask(false, Method::GET, "/v1/session", session, None)
        .await;
    described
        .ask(false, Method::GET, "/v1/status", None, None)
        .await;
    let login = json!({"idp": "digid", "return_to": "/", "browser_hash": "A".repeat(43)});
    described
        .ask(false, Method::POST, "/v1/login", None, Some(login))
        .await;
    let list = described
        .ask(
            false,
            Method::POST,
            "/v1/page",
            session,
            page("zaken", json!({"page_size": 100})),
        )
        .await;
    let zaken = list["parts"][0]["data"]["zaken"].as_array().unwrap();
    assert!(zaken.len() > 20);
    let mut seen = Vec::new();
    for zaak in zaken {
        let params = json!({"handle": zaak["handle"]});
        let part = described
            .ask(
                false,
                Method::POST,
                "/v1/page",
                session,
                page("zaak", params),
            )
            .await;
        seen.push(part["parts"][0]["data"].clone());
    }
    // Between them the zaken have something of everything, so that everything was compared.
    for pointer in [
        "/stappen/0/substatussen/0",
        "/besluiten/0/documenten",
        "/documenten/0",
        "/resultaat/label",
        "/status/label",
        "/aanvraag/handle",
    ] {
        let found = seen
            .iter()
            .any(|zaak| zaak.pointer(pointer).is_some_and(|found| !found.is_null()));
        assert!(
            found || pointer.contains("substatussen"),
            "no zaak has {pointer}"
        );
    }
    let document = seen
        .iter()
        .find_map(|zaak| zaak.pointer("/documenten/0/handle"))
        .unwrap();
    let ticket = json!({"handle": document});
    described
        .ask(false, Method::POST, "/v1/tickets", session, Some(ticket))
        .await;
    described
        .ask(
            false,
            Method::POST,
            "/v1/page",
            session,
            page("zaak", json!({"handle": "x"})),
        )
        .await;
    described
        .ask(
            false,
            Method::POST,
            "/v1/page",
            session,
            page("weer", json!({})),
        )
        .await;
    // A search reads the whole list of the one with 872, and says so where it hits the bound.
    let many = world.log_in(6).await;
    described
        .ask(
            false,
            Method::POST,
            "/v1/page",
            Some(&many),
            page("zaken", json!({"q": "a"})),
        )
        .await;

    let policy = described
        .ask(true, Method::GET, "/v1/admin/policy", None, None)
        .await;
    let mut write =
        json!({"version": policy["version"], "policy": policy["policy"], "dry_run": true});
    described
        .ask(
            true,
            Method::PUT,
            "/v1/admin/policy",
            None,
            Some(write.clone()),
        )
        .await;
    write["policy"]["rollen"] = json!([]);
    let invalid = described
        .ask(true, Method::PUT, "/v1/admin/policy", None, Some(write))
        .await;
    assert_eq!(invalid["type"], "urn:zijspan:problem:invalid");
    described
        .ask(true, Method::GET, "/v1/admin/catalogus", None, None)
        .await;
    described
        .ask(true, Method::GET, "/v1/admin/check", None, None)
        .await;
    described
        .ask(false, Method::POST, "/v1/session/userdata", session, None)
        .await;

    // What is refused is described too.
    described
        .ask(false, Method::GET, "/v1/session", None, None)
        .await;
    described
        .ask(false, Method::GET, "/v1/admin/check", None, None)
        .await;
    let unknown = json!({"handle": "x"});
    described
        .ask(false, Method::POST, "/v1/tickets", session, Some(unknown))
        .await;
    let change = json!({"kind": "taak", "action": "af", "csrf": "x"});
    described
        .ask(false, Method::POST, "/v1/do", session, Some(change))
        .await;
    let csrf = json!({"csrf": "x"});
    for (method, path) in [
        (Method::POST, "/v1/session/extend"),
        (Method::DELETE, "/v1/session"),
    ] {
        described
            .ask(false, method, path, session, Some(csrf.clone()))
            .await;
    }
    described
        .ask(false, Method::POST, "/v1/session/userdata", None, None)
        .await;
    let bad = json!({"parts": [], "budget_ms": 1});
    described
        .ask(false, Method::POST, "/v1/page", session, Some(bad))
        .await;
    described
        .ask(true, Method::DELETE, "/v1/admin/sessions", None, None)
        .await;
    world.stop().await;
}
