//! The four ZGW APIs as Open Zaak 1.30 was recorded to answer: statuses, shapes, headers and errors.

mod auth;
mod details;
mod endpoint;
mod expand;
mod lists;
mod paging;
mod problem;
mod render;
mod render_types;
mod rol_filter;
mod vendor;
mod zaken_filter;

use http::{Method, StatusCode};
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

pub use auth::ApiClient;
pub use endpoint::{Collection, Endpoint, Form};
use problem::Problem;
use render::Render;
pub use vendor::Played;

use super::data::World;
use super::http::{Reply, Request};
use crate::domain::Clock;

const CRS: &str = "EPSG:4326";

/// What a fault changes about the content of an answer.
#[derive(Debug, Clone, Copy, Default)]
pub struct Quirks {
    pub ignore_filter: bool,
    pub many_pages: bool,
    /// Somebody else has looked at the token already.
    pub trusted: bool,
}

#[derive(Debug)]
pub struct Zgw {
    pub world: World,
    /// Address that answers write and filters know, without a trailing slash.
    pub base: String,
    pub clients: Vec<ApiClient>,
    pub clock: Clock,
}

/// One request under way.
struct Context<'a> {
    request: &'a Request,
    /// Below the address of the source.
    path: &'a str,
    params: Vec<(String, String)>,
    quirks: Quirks,
    render: Render<'a>,
}

/// What an endpoint found.
enum Found {
    Json(Value),
    /// A detail with the value that its ETag is made of.
    Detail {
        body: Value,
        tagged: Value,
    },
    File(Reply),
}

impl Zgw {
    /// `path` is the request's without what stands before this source's APIs.
    pub fn answer(&self, path: &str, request: &Request, quirks: Quirks) -> Reply {
        let host = request.header("host").unwrap_or_default();
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        if !matches!(name, "127.0.0.1" | "localhost" | "[::1]") {
            return Reply::html(StatusCode::BAD_REQUEST, BAD_HOST);
        }
        let Some(endpoint) = Endpoint::of(path) else {
            return common(Reply::html(StatusCode::NOT_FOUND, NO_PATH))
                .with("vary", "origin, Cookie");
        };
        let context = Context {
            request,
            path,
            params: request.params(),
            quirks,
            render: Render {
                world: &self.world,
                base: &self.base,
            },
        };
        let found = self.find(endpoint, &context);
        let reply = match found {
            Ok(found) => self.found(found, request),
            Err(problem) => problem.reply(&self.base),
        };
        self.dress(reply, endpoint, request)
    }

    /// A failure of the server as a whole.
    pub fn failure(&self, status: u16) -> Reply {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Problem::of_status(status).reply(&self.base)
    }

    /// The order of Open Zaak: media type, token, object, coordinates, query.
    fn find(&self, endpoint: Endpoint<'_>, context: &Context<'_>) -> Result<Found, Problem> {
        let request = context.request;
        let download = matches!(endpoint.form, Form::Download(_));
        if !accepts(request, download) {
            if download {
                // Recorded: the body of this 406 is its own media type.
                return Ok(Found::File(Reply::new(
                    StatusCode::NOT_ACCEPTABLE,
                    "application/octet-stream",
                    "application/octet-stream",
                )));
            }
            return Err(Problem::not_acceptable());
        }
        if !context.quirks.trusted {
            auth::check(request, &self.clients, self.clock.now())?;
        }
        let reads = super::upstreams::reads(&request.method);
        let zoekt = request.method == Method::POST && endpoint.form == Form::Zoek;
        if !reads && !zoekt || reads && endpoint.form == Form::Zoek {
            // What the real server can write, this client may not.
            let known = endpoint.allow().contains(request.method.as_str());
            return Err(if known {
                Problem::forbidden("permission_denied", None)
            } else {
                Problem::method(request.method.as_str())
            });
        }
        match endpoint.form {
            Form::Detail(id) => {
                let id = Uuid::try_parse(id).map_err(|_| Problem::server_error())?;
                context.detail(endpoint.collection, id)
            }
            Form::Download(id) => context.download(id).map(Found::File),
            Form::Zaakeigenschappen(id) => context.zaakeigenschappen(id).map(Found::Json),
            Form::Zaakbesluiten(id) => context.zaakbesluiten(id).map(Found::Json),
            Form::Zoek => {
                if endpoint.has_crs() {
                    check_crs(request, "content-crs", "Content-Crs")?;
                    check_crs(request, "accept-crs", "Accept-Crs")?;
                }
                context.zoek(endpoint.collection).map(Found::Json)
            }
            Form::List => {
                if endpoint.has_crs() {
                    check_crs(request, "accept-crs", "Accept-Crs")?;
                }
                context.check_params(endpoint.collection)?;
                context.list(endpoint.collection).map(Found::Json)
            }
        }
    }

    fn found(&self, found: Found, request: &Request) -> Reply {
        match found {
            Found::Json(body) => Reply::json(StatusCode::OK, &body),
            Found::File(reply) => reply,
            Found::Detail { body, tagged } => {
                let tag = etag(tagged.to_string().as_bytes());
                if matches_tag(request, &tag) {
                    let mut reply = Reply::json(StatusCode::NOT_MODIFIED, &Value::Null);
                    reply.body = bytes::Bytes::new();
                    reply.headers.remove("content-type");
                    return reply.with("etag", &tag);
                }
                Reply::json(StatusCode::OK, &body).with("etag", &tag)
            }
        }
    }

    fn dress(&self, reply: Reply, endpoint: Endpoint<'_>, request: &Request) -> Reply {
        let download = matches!(endpoint.form, Form::Download(_));
        let mut reply = common(reply)
            .with("allow", endpoint.allow())
            .with("vary", endpoint.vary());
        // Recorded: a 304 and a file come without the version of the API.
        let bare =
            reply.status == StatusCode::NOT_MODIFIED || (download && reply.status.is_success());
        if !bare {
            reply = reply.with("api-version", endpoint.collection.version());
        }
        if endpoint.has_crs() {
            reply = reply.with("content-crs", CRS);
        }
        if request.method == Method::HEAD {
            let length = reply.length().to_string();
            reply.body = bytes::Bytes::new();
            reply.large = None;
            reply = reply.with("content-length", &length);
        }
        reply
    }
}

fn common(reply: Reply) -> Reply {
    reply
        .with("server", "gunicorn")
        .with("x-frame-options", "DENY")
        .with("x-content-type-options", "nosniff")
        .with("referrer-policy", "same-origin")
        .with("cross-origin-opener-policy", "same-origin")
}

fn etag(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let hex: String = digest
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("\"{hex}\"")
}

fn matches_tag(request: &Request, tag: &str) -> bool {
    request.header("if-none-match").is_some_and(|given| {
        given
            .split(',')
            .map(|one| one.trim().trim_start_matches("W/"))
            .any(|one| one == tag || one == "*")
    })
}

/// Whether the client takes what there is. Parameters such as `q` are not weighed.
fn accepts(request: &Request, download: bool) -> bool {
    let own = if download {
        "application/octet-stream"
    } else {
        "application/json"
    };
    let accept: Vec<&str> = request
        .headers
        .get_all("accept")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    accept.is_empty()
        || accept
            .iter()
            .flat_map(|value| value.split(','))
            .filter_map(|range| range.split(';').next())
            .any(|range| matches!(range.trim(), "*/*" | "application/*") || range.trim() == own)
}

fn check_crs(request: &Request, header: &str, written: &str) -> Result<(), Problem> {
    match request.header(header) {
        None => Err(Problem::crs_missing(written)),
        Some(CRS) => Ok(()),
        Some(other) => Err(Problem::crs_unsupported(other)),
    }
}

const BAD_HOST: &str = "\n<!doctype html>\n<html lang=\"en\">\n<head>\n  <title>Bad Request (400)</title>\n\
    </head>\n<body>\n  <h1>Bad Request (400)</h1><p></p>\n</body>\n</html>\n";

const NO_PATH: &str = "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">\
    <title>API dashboard</title></head>\n<body><h1>Page not found</h1></body>\n</html>\n";
