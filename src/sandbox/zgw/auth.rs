//! The HS256 tokens of the ZGW APIs, judged as Open Zaak does: every fault is a 403 with its own code.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;

use super::problem::Problem;
use crate::domain::{SecretBytes, Timestamp};
use crate::sandbox::http::Request;

/// Open Zaak's `JWT_EXPIRY`.
const MAX_AGE_SECS: i64 = 3600;

/// Who may ask the ZGW APIs.
#[derive(Debug, Clone)]
pub struct ApiClient {
    pub client_id: String,
    pub secret: SecretBytes,
}

fn refused(code: &'static str, detail: &str) -> Problem {
    Problem::forbidden(code, Some(detail))
}

fn undecodable() -> Problem {
    refused(
        "jwt-decode-error",
        "Het JWT kon niet gedecodeerd worden. Mogelijks heb je een copy-paste fout gemaakt",
    )
}

fn json_part(part: &str) -> Result<Value, Problem> {
    URL_SAFE_NO_PAD
        .decode(part)
        .ok()
        .and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok())
        .filter(Value::is_object)
        .ok_or_else(undecodable)
}

pub fn check(request: &Request, clients: &[ApiClient], now: Timestamp) -> Result<(), Problem> {
    let token = request
        .header("authorization")
        .and_then(|value| value.strip_prefix("Bearer "))
        .map(str::trim)
        .ok_or_else(|| Problem::forbidden("permission_denied", None))?;
    let mut parts = token.split('.');
    let (Some(header), Some(payload), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(undecodable());
    };
    let head = json_part(header)?;
    let claims = json_part(payload)?;
    let mac = URL_SAFE_NO_PAD
        .decode(signature)
        .map_err(|_| undecodable())?;

    let client_id = claims
        .get("client_id")
        .and_then(Value::as_str)
        .ok_or_else(|| {
            refused(
                "missing-client-identifier",
                "`client_id` is niet aanwezig in het JWT",
            )
        })?;
    let client = clients
        .iter()
        .find(|client| client.client_id == client_id)
        .ok_or_else(|| {
            refused(
                "invalid-client-identifier",
                "Client identifier bestaat niet",
            )
        })?;
    let wrong = || {
        refused(
            "invalid-jwt-signature",
            "Client credentials zijn niet geldig",
        )
    };
    if head.get("alg").and_then(Value::as_str) != Some("HS256") {
        return Err(wrong());
    }
    let mut hmac = Hmac::<Sha256>::new_from_slice(client.secret.expose()).map_err(|_| wrong())?;
    hmac.update(header.as_bytes());
    hmac.update(b".");
    hmac.update(payload.as_bytes());
    hmac.verify_slice(&mac).map_err(|_| wrong())?;

    let now = now.as_secs();
    let time = |name: &str| claims.get(name).and_then(Value::as_i64);
    let expired = || {
        refused(
            "jwt-expired",
            "De JWT die gebruikt is voor dit verzoek is verlopen",
        )
    };
    let iat = time("iat")
        .ok_or_else(|| refused("jwt-missing-iat-claim", "`iat` is niet aanwezig in het JWT"))?;
    // A moment of issue in the future is accepted, as recorded.
    if now - iat > MAX_AGE_SECS || time("exp").is_some_and(|exp| exp <= now) {
        return Err(expired());
    }
    if time("nbf").is_some_and(|nbf| nbf > now) {
        return Err(refused(
            "jwt-immaturesignatureerror",
            "De JWT die gebruikt is voor dit verzoek is nog niet geldig",
        ));
    }
    Ok(())
}
