//! Playing another product than Open Zaak: what `POST /sandbox/vendor` says is done otherwise. Every answer
//! is still made by the rest of the sandbox; here a question is refused before, or an answer rewritten after.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::problem::Problem;
use super::{ApiClient, Quirks, Zgw, auth};
use crate::domain::SecretBytes;
use crate::sandbox::http::{Reply, Request};

/// Where tokens are to be had.
const TOKEN: &str = "/vendor/token";

/// How the product differs. An empty one is Open Zaak.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Vendor {
    /// The secret of one API (`catalogi`), instead of the common one.
    secrets: BTreeMap<String, String>,
    /// A token endpoint; then only its tokens are accepted.
    token: Option<TokenDialect>,
    /// What every call must carry, by the beginning of its path: `{"/documenten": {"api-version": "1.0.0"}}`.
    wants: BTreeMap<String, BTreeMap<String, String>>,
    /// Paths, by their end, that do not exist.
    absent: Vec<String>,
    /// Paths, by their end, that fail.
    broken: Vec<String>,
    /// Parameters that are unknown and refused.
    refused: Vec<String>,
    /// Parameters that are unknown and ignored.
    ignored: Vec<String>,
    /// Where more than one parameter filters, none does.
    one_filter: bool,
    /// Lists come without an envelope, whole.
    bare: bool,
    /// Days are written as moments.
    time_part: bool,
    /// Texts of every answer that are written otherwise.
    replace: Vec<(String, String)>,
    /// The version that an API says it has.
    versions: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct TokenDialect {
    client_id: String,
    secret: String,
    /// `form` or `json`.
    request: String,
    /// The request carries id and secret in a Basic header.
    basic: bool,
    /// The field with the secret, if the request carries id and secret in its body.
    secret_field: Option<String>,
    /// The field of the answer with the token.
    token_field: String,
    expires_in: Option<u64>,
}

/// The product that is played, and the tokens that it gave.
#[derive(Debug, Default)]
pub struct Played {
    vendor: Mutex<Vendor>,
    given: Mutex<u32>,
}

impl Played {
    fn vendor(&self) -> MutexGuard<'_, Vendor> {
        self.vendor.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn given(&self) -> MutexGuard<'_, u32> {
        self.given.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `POST` sets it, `DELETE` makes it Open Zaak again, `PUT` ends every token that was given.
    pub fn control(&self, request: &Request) -> Reply {
        match request.method.as_str() {
            "POST" => match serde_json::from_slice(&request.body) {
                Ok(vendor) => *self.vendor() = vendor,
                Err(error) => {
                    let error = json!({ "error": error.to_string() });
                    return Reply::json(StatusCode::BAD_REQUEST, &error);
                }
            },
            "DELETE" => *self.vendor() = Vendor::default(),
            "PUT" => *self.given() += 1,
            _ => return Reply::json(StatusCode::METHOD_NOT_ALLOWED, &json!({})),
        }
        Reply::json(StatusCode::OK, &json!({}))
    }

    pub fn answer(&self, zgw: &Zgw, path: &str, request: &Request, quirks: Quirks) -> Reply {
        let vendor = self.vendor().clone();
        if let Some(dialect) = &vendor.token
            && path == TOKEN
        {
            return self.token(dialect, request);
        }
        let mut quirks = quirks;
        match self.admit(&vendor, zgw, path, request) {
            Ok(trusted) => quirks.trusted = trusted,
            Err(reply) => return *reply,
        }
        let asked = vendor.without_ignored(request);
        vendor.rewrite(
            path,
            zgw.answer(path, asked.as_ref().unwrap_or(request), quirks),
        )
    }

    fn token(&self, dialect: &TokenDialect, request: &Request) -> Reply {
        let refused = || {
            Reply::json(
                StatusCode::UNAUTHORIZED,
                &json!({"error": "invalid_client"}),
            )
        };
        let fields: BTreeMap<String, String> = if dialect.request == "json" {
            serde_json::from_slice(&request.body).unwrap_or_default()
        } else {
            request.form().into_iter().collect()
        };
        let pair = format!("{}:{}", dialect.client_id, dialect.secret);
        let basic = format!("Basic {}", STANDARD.encode(pair));
        let field = |name: &str| fields.get(name).map(String::as_str);
        let right = request.method == Method::POST
            && (!dialect.basic || request.header("authorization") == Some(basic.as_str()))
            && dialect.secret_field.as_ref().is_none_or(|name| {
                field("client_id") == Some(dialect.client_id.as_str())
                    && field(name) == Some(dialect.secret.as_str())
            });
        if !right {
            return refused();
        }
        let mut answer = json!({ &dialect.token_field: self.current() });
        if let (Some(seconds), Some(object)) = (dialect.expires_in, answer.as_object_mut()) {
            object.insert("expires_in".to_owned(), Value::from(seconds));
        }
        Reply::json(StatusCode::OK, &answer)
    }

    fn current(&self) -> String {
        format!("vendor-token-{}", *self.given())
    }

    /// Whether the caller's word needs no further proof, or why it gets nothing.
    fn admit(
        &self,
        vendor: &Vendor,
        zgw: &Zgw,
        path: &str,
        request: &Request,
    ) -> Result<bool, Box<Reply>> {
        let api = path.split('/').nth(1).unwrap_or_default();
        let mut trusted = false;
        if vendor.token.is_some() {
            let wanted = format!("Bearer {}", self.current());
            if request.header("authorization") != Some(wanted.as_str()) {
                return Err(Box::new(
                    Problem::of_status(StatusCode::UNAUTHORIZED).reply(&zgw.base),
                ));
            }
            trusted = true;
        } else if let Some(secret) = vendor.secrets.get(api) {
            let clients: Vec<ApiClient> = zgw
                .clients
                .iter()
                .map(|client| ApiClient {
                    client_id: client.client_id.clone(),
                    secret: SecretBytes::new(secret.clone().into_bytes()),
                })
                .collect();
            auth::check(request, &clients, zgw.clock.now())
                .map_err(|problem| Box::new(problem.reply(&zgw.base)))?;
            trusted = true;
        }
        for (prefix, headers) in &vendor.wants {
            let missing =
                |(name, value): (&String, &String)| request.header(name) != Some(value.as_str());
            if path.starts_with(prefix) && headers.iter().any(missing) {
                return Err(Box::new(Problem::not_acceptable().reply(&zgw.base)));
            }
        }
        let ends = |paths: &[String]| paths.iter().any(|end| path.ends_with(end));
        if ends(&vendor.absent) {
            return Err(Box::new(Reply::html(StatusCode::NOT_FOUND, "<h1>404</h1>")));
        }
        if ends(&vendor.broken) {
            return Err(Box::new(zgw.failure(500)));
        }
        let named = |name: &String| {
            request.params().iter().any(|(known, _)| known == name)
                || serde_json::from_slice::<Value>(&request.body)
                    .is_ok_and(|body| body.get(name).is_some())
        };
        match vendor.refused.iter().find(|name| named(name)) {
            Some(name) => {
                let problem = Problem::invalid(name.clone(), "unknown-parameters", "Onbekend.");
                Err(Box::new(problem.reply(&zgw.base)))
            }
            None => Ok(trusted),
        }
    }
}

impl Vendor {
    /// The question as this product understands it, where that is another one.
    fn without_ignored(&self, request: &Request) -> Option<Request> {
        let filters = |name: &str| !matches!(name, "page" | "pageSize" | "expand" | "ordering");
        let several = self.one_filter
            && request
                .params()
                .iter()
                .filter(|(name, _)| filters(name))
                .count()
                > 1;
        let stays = |name: &str| {
            let ignored = self.ignored.iter().any(|ignored| ignored == name);
            !(ignored || several && filters(name))
        };
        let params = request.params();
        let body = serde_json::from_slice::<Value>(&request.body).ok();
        let in_body = body
            .as_ref()
            .and_then(Value::as_object)
            .is_some_and(|body| !body.keys().all(|name| stays(name)));
        if params.iter().all(|(name, _)| stays(name)) && !in_body {
            return None;
        }
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(params.iter().filter(|(name, _)| stays(name)))
            .finish();
        let body = match body {
            Some(Value::Object(mut fields)) => {
                fields.retain(|name, _| stays(name));
                Value::Object(fields).to_string().into()
            }
            _ => request.body.clone(),
        };
        Some(Request {
            method: request.method.clone(),
            path: request.path.clone(),
            query,
            headers: request.headers.clone(),
            body,
            opens_connection: request.opens_connection,
        })
    }

    fn rewrite(&self, path: &str, mut reply: Reply) -> Reply {
        let api = path.split('/').nth(1).unwrap_or_default();
        if let Some(version) = self.versions.get(api) {
            reply = reply.with("api-version", version);
        }
        let json = reply.status.is_success()
            && reply
                .headers
                .get("content-type")
                .is_some_and(|media| media.as_bytes().starts_with(b"application/json"));
        if !json {
            return reply;
        }
        let Ok(mut value) = serde_json::from_slice::<Value>(&reply.body) else {
            return reply;
        };
        if self.bare
            && let Some(results) = value.get_mut("results").map(Value::take)
        {
            value = results;
        }
        if self.time_part {
            with_time(&mut value);
        }
        let mut text = value.to_string();
        for (from, to) in &self.replace {
            text = text.replace(from, to);
        }
        reply.body = text.into();
        reply
    }
}

/// `2026-11-24` becomes `2026-11-24T00:00:00`.
fn with_time(value: &mut Value) {
    match value {
        Value::String(text) if text.parse::<jiff::civil::Date>().is_ok() && text.len() == 10 => {
            text.push_str("T00:00:00");
        }
        Value::Array(items) => items.iter_mut().for_each(with_time),
        Value::Object(fields) => fields.values_mut().for_each(with_time),
        _ => {}
    }
}
