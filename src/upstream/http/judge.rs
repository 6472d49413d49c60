//! What an answer means: its status, its media type, and the code of its problem document.

use http::HeaderMap;
use http::header::{CONTENT_TYPE, RETRY_AFTER};

use super::{ErrorKind, UpstreamError};
use crate::domain::SourceName;

/// The error that an answer is; `None` for a 2xx.
pub(super) fn judge(
    source: &SourceName,
    operation: &'static str,
    status: u16,
    headers: &HeaderMap,
    body: &[u8],
) -> Option<UpstreamError> {
    if (200..300).contains(&status) {
        return None;
    }
    let code = problem_code(body);
    let kind = match status {
        // Nothing was asked conditionally, so there is nothing that this could mean.
        304 => ErrorKind::Garbled,
        300..=399 => ErrorKind::Redirect,
        401 => ErrorKind::Credentials,
        403 if code.as_deref().is_some_and(is_token_code) => ErrorKind::Credentials,
        403 => ErrorKind::Forbidden,
        404 if is_json(headers) => ErrorKind::NotFound,
        410 => ErrorKind::NotFound,
        // An HTML 404 is a wrong address, not an object that is not there.
        404 => ErrorKind::Garbled,
        429 => ErrorKind::Busy,
        503 if headers.contains_key(RETRY_AFTER) => ErrorKind::Busy,
        500..=599 => ErrorKind::Server,
        _ => ErrorKind::Rejected,
    };
    Some(UpstreamError {
        status: Some(status),
        code,
        ..UpstreamError::new(source, operation, kind)
    })
}

/// Whether an answer says that the source cannot work now. 501 says that it never will, which is an answer.
pub(super) const fn is_fault(status: u16) -> bool {
    matches!(status, 429 | 500 | 502..=599)
}

/// Whether the same question may be answered a moment later.
pub(super) const fn may_pass(status: u16) -> bool {
    matches!(status, 429 | 502 | 503 | 504)
}

pub(super) fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .map(|value| {
            value
                .split(';')
                .next()
                .unwrap_or_default()
                .trim()
                .to_ascii_lowercase()
        })
        .is_some_and(|media| media == "application/json" || media.ends_with("+json"))
}

/// What a source says is wrong, when it looks like a code and not like a sentence, which may be about somebody.
pub(super) fn code_word(text: &str) -> Option<String> {
    let is_code = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    (text.len() <= 64 && text.bytes().all(is_code)).then(|| text.to_owned())
}

/// The `code` of a ZGW problem document.
fn problem_code(body: &[u8]) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Problem {
        code: Option<String>,
    }
    code_word(&serde_json::from_slice::<Problem>(body).ok()?.code?)
}

/// Codes of a 403 that say the token itself is not accepted (commonground-api-common).
fn is_token_code(code: &str) -> bool {
    code.starts_with("jwt-")
        || matches!(
            code,
            "invalid-jwt-signature"
                | "invalid-client-identifier"
                | "missing-client-identifier"
                | "not_authenticated"
                | "authentication_failed"
        )
}
