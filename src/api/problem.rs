//! The only mapping from what went wrong to a status and a problem document (RFC 9457).
//!
//! Every slug is explained in `docs/problems.md`. The title is Dutch and fit for a page; nothing here
//! says which source failed, what was asked, or whose it was.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Map, Value, json};

/// A problem to answer with. The `trace_id` is added where the answer leaves.
#[derive(Debug, Clone)]
pub struct Problem {
    status: StatusCode,
    slug: &'static str,
    title: &'static str,
    extra: Map<String, Value>,
    retry_after: Option<u64>,
}

pub const MEDIA_TYPE: &str = "application/problem+json";

impl Problem {
    fn new(status: StatusCode, slug: &'static str, title: &'static str) -> Self {
        Self {
            status,
            slug,
            title,
            extra: Map::new(),
            retry_after: None,
        }
    }

    /// The uniform answer to a request whose signature does not hold.
    pub fn signature() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "signature",
            "De website kon niet worden herkend.",
        )
    }

    pub fn session() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "session",
            "U bent niet meer ingelogd.",
        )
    }

    pub fn scope() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "scope",
            "Deze sleutel mag dit niet opvragen.",
        )
    }

    pub fn csrf() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "csrf",
            "Het formulier is verlopen. Probeer het opnieuw.",
        )
    }

    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "Dit is niet gevonden.")
    }

    pub fn method() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method",
            "Deze handeling bestaat hier niet.",
        )
    }

    /// The request holds what it may not hold; `detail` says what, for the maker of the client.
    pub fn request(detail: &str) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "request",
            "De vraag van de website klopt niet.",
        )
        .with("detail", detail)
    }

    pub fn length_required() -> Self {
        Self::new(
            StatusCode::LENGTH_REQUIRED,
            "length",
            "De vraag van de website heeft geen lengte.",
        )
    }

    pub fn too_large() -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
            "De vraag van de website is te groot.",
        )
    }

    pub fn slow_body() -> Self {
        Self::new(
            StatusCode::REQUEST_TIMEOUT,
            "timeout",
            "De vraag van de website kwam niet op tijd.",
        )
    }

    pub fn media_type() -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "media-type",
            "De vraag van de website heeft een onbekende vorm.",
        )
    }

    /// A token that cannot be exchanged: `error` as in RFC 6749, section 5.2.
    pub fn token(error: &'static str, code: Option<&str>) -> Self {
        let problem = Self::new(
            StatusCode::BAD_REQUEST,
            "token",
            "Het inloggen is niet gelukt. Probeer het opnieuw.",
        )
        .with("error", error);
        match code {
            Some(code) => problem.with("code", code),
            None => problem,
        }
    }

    /// A login that cannot begin.
    pub fn login(code: &str) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "login",
            "Inloggen kan nu niet. Probeer het later opnieuw.",
        )
        .with("code", code)
    }

    /// A logout token that is not accepted: which check failed, only the log says.
    pub fn logout(code: &str) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "logout",
            "Het uitloggen is niet gelukt.",
        )
        .with("error", "invalid_request")
        .with("code", code)
    }

    pub fn unavailable(code: &str) -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            "We kunnen deze gegevens nu niet laten zien. Probeer het later opnieuw.",
        )
        .with("code", code)
    }

    /// Too much at once, or only just started.
    pub fn busy(retry_after: u64) -> Self {
        let mut problem = Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "busy",
            "Het is nu te druk. Probeer het over een paar seconden opnieuw.",
        );
        problem.retry_after = Some(retry_after);
        problem
    }

    /// The key was used too often within a minute.
    pub fn rate() -> Self {
        let mut problem = Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "rate",
            "Dit is te vaak gevraagd. Probeer het over een minuut opnieuw.",
        );
        problem.retry_after = Some(60);
        problem
    }

    pub fn conflict() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "conflict",
            "Iemand anders heeft dit intussen gewijzigd.",
        )
    }

    pub fn invalid(fields: Value) -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid",
            "Niet alles is goed ingevuld.",
        )
        .with("fields", fields)
    }

    /// Our own fault.
    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Er ging iets mis. Probeer het later opnieuw.",
        )
    }

    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.extra.insert(name.to_owned(), value.into());
        self
    }

    pub const fn status(&self) -> StatusCode {
        self.status
    }

    pub const fn title(&self) -> &'static str {
        self.title
    }

    pub const fn slug(&self) -> &'static str {
        self.slug
    }

    /// The document itself.
    pub fn document(&self, trace_id: &str) -> Value {
        let mut document = json!({
            "type": format!("urn:zijspan:problem:{}", self.slug),
            "title": self.title,
            "status": self.status.as_u16(),
            "trace_id": trace_id,
        });
        if let Some(document) = document.as_object_mut() {
            document.extend(self.extra.clone());
        }
        document
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// Writes the document of a response that is a problem; leaves any other response alone.
pub fn render(response: Response, trace_id: &str) -> Response {
    let Some(problem) = response.extensions().get::<Problem>() else {
        return response;
    };
    let body = problem.document(trace_id).to_string();
    let (mut parts, _) = response.into_parts();
    parts
        .headers
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    // axum has written the length of the empty body that this one replaces.
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, axum::body::Body::from(body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_document_takes_the_place_of_an_empty_body_and_its_length() {
        let mut response = Problem::invalid(json!([])).into_response();
        response
            .headers_mut()
            .insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
        let response = render(response, "trace");
        assert!(!response.headers().contains_key(header::CONTENT_LENGTH));
        let bytes = axum::body::to_bytes(response.into_body(), 4096)
            .await
            .unwrap_or_default();
        assert!(String::from_utf8_lossy(&bytes).contains("urn:zijspan:problem:invalid"));
    }
}
