//! Errors as Open Zaak writes them: the shape of a problem under the media type of plain JSON.

use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::sandbox::http::Reply;

#[derive(Debug, Clone)]
pub struct Problem {
    status: StatusCode,
    kind: &'static str,
    code: &'static str,
    title: &'static str,
    detail: String,
    invalid: Vec<Invalid>,
}

#[derive(Debug, Clone)]
struct Invalid {
    name: String,
    code: &'static str,
    reason: String,
}

impl Problem {
    fn new(
        status: StatusCode,
        kind: &'static str,
        code: &'static str,
        title: &'static str,
    ) -> Self {
        Self {
            status,
            kind,
            code,
            title,
            detail: title.to_owned(),
            invalid: Vec::new(),
        }
    }

    fn detail(self, detail: impl Into<String>) -> Self {
        Self {
            detail: detail.into(),
            ..self
        }
    }

    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "NotFound",
            "not_found",
            "Niet gevonden.",
        )
    }

    pub fn page_not_found() -> Self {
        Self::not_found().detail("Ongeldige pagina.")
    }

    /// A refusal with the code that says what is wrong with the token.
    pub fn forbidden(code: &'static str, detail: Option<&str>) -> Self {
        let problem = Self::new(
            StatusCode::FORBIDDEN,
            "PermissionDenied",
            code,
            "Je hebt geen toestemming om deze actie uit te voeren.",
        );
        match detail {
            Some(detail) => problem.detail(detail),
            None => problem,
        }
    }

    pub fn not_acceptable() -> Self {
        Self::new(
            StatusCode::NOT_ACCEPTABLE,
            "NotAcceptable",
            "not_acceptable",
            "Kan niet voldoen aan de opgegeven Accept header.",
        )
    }

    pub fn crs_missing(header: &str) -> Self {
        Self::new(
            StatusCode::PRECONDITION_FAILED,
            "PreconditionFailed",
            "precondition_failed",
            "Voorwaarde is niet vervuld",
        )
        .detail(format!("'{header}' header ontbreekt"))
    }

    pub fn crs_unsupported(crs: &str) -> Self {
        Self::not_acceptable().detail(format!("CRS '{crs}' is niet ondersteund"))
    }

    pub fn method(method: &str) -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "MethodNotAllowed",
            "method_not_allowed",
            "Methode \"{method}\" niet toegestaan.",
        )
        .detail(format!("Methode \"{method}\" niet toegestaan."))
    }

    pub fn media_type(media_type: &str) -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "UnsupportedMediaType",
            "unsupported_media_type",
            "Ongeldige media type \"{media_type}\" in aanvraag.",
        )
        .detail(format!(
            "Ongeldige media type \"{media_type}\" in aanvraag."
        ))
    }

    pub fn parse(detail: &str) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "ParseError",
            "parse_error",
            "Ongeldig samengestelde request.",
        )
        .detail(format!("JSON parse error - {detail}"))
    }

    pub fn invalid(name: impl Into<String>, code: &'static str, reason: impl Into<String>) -> Self {
        let mut problem = Self::new(
            StatusCode::BAD_REQUEST,
            "ValidationError",
            "invalid",
            "Ongeldige invoer.",
        );
        problem.invalid.push(Invalid {
            name: name.into(),
            code,
            reason: reason.into(),
        });
        problem
    }

    pub fn invalid_choice(name: &str, value: &str) -> Self {
        Self::invalid(
            name,
            "invalid_choice",
            format!("Selecteer een geldige keuze. {value} is geen beschikbare keuze."),
        )
    }

    pub fn server_error() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "APIException",
            "error",
            "Er is een serverfout opgetreden.",
        )
        .detail("Internal Server Error")
    }

    /// A failure of any status, for faults.
    pub fn of_status(status: StatusCode) -> Self {
        match status.as_u16() {
            403 | 401 => Self {
                status,
                ..Self::forbidden("permission_denied", None)
            },
            404 => Self::not_found(),
            400 => Self::invalid("nonFieldErrors", "invalid", "Ongeldige waarde."),
            _ => Self {
                status,
                ..Self::server_error()
            },
        }
    }

    pub fn reply(&self, base: &str) -> Reply {
        let mut body = json!({
            "type": format!("{base}/ref/fouten/{}/", self.kind),
            "code": self.code,
            "title": self.title,
            "status": self.status.as_u16(),
            "detail": self.detail,
            "instance": Uuid::new_v4().urn().to_string(),
        });
        if !self.invalid.is_empty() {
            let invalid: Value = self
                .invalid
                .iter()
                .map(|one| json!({"name": one.name, "code": one.code, "reason": one.reason}))
                .collect();
            if let Some(object) = body.as_object_mut() {
                object.insert("invalidParams".to_owned(), invalid);
            }
        }
        Reply::json(self.status, &body)
    }
}
