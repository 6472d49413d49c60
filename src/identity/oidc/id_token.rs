//! What must be true of the claims of a token whose signature holds.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use sha2::{Digest as _, Sha256, Sha512};
use subtle::ConstantTimeEq as _;

use super::Algorithm;
use crate::domain::Timestamp;
use crate::identity::IdentityError;
use crate::identity::claims::Claims;
use crate::store::shared::Digest;

/// How far our clock and the provider's may differ.
pub const LEEWAY_SECS: i64 = 30;
/// How old a token may be when it comes in.
pub const MAX_AGE_SECS: i64 = 5 * 60;

/// The times of a token that is now valid.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    /// After this moment it is refused for its age, so its use need not be remembered longer.
    pub refused_from: Timestamp,
}

/// Issuer and times: the same for every kind of token.
pub fn issuer_and_times(
    claims: &Claims,
    issuer: &str,
    now: Timestamp,
) -> Result<Times, IdentityError> {
    self::issuer(claims, issuer)?;
    let now = now.as_secs();
    let exp = number(claims, "exp", IdentityError::Expired)?.ok_or(IdentityError::Expired)?;
    if now >= exp.saturating_add(LEEWAY_SECS) {
        return Err(IdentityError::Expired);
    }
    if let Some(nbf) = number(claims, "nbf", IdentityError::NotYet)?
        && now.saturating_add(LEEWAY_SECS) < nbf
    {
        return Err(IdentityError::NotYet);
    }
    let iat = number(claims, "iat", IdentityError::IssuedAt)?.ok_or(IdentityError::IssuedAt)?;
    if now.saturating_add(LEEWAY_SECS) < iat || now > iat.saturating_add(MAX_AGE_SECS) {
        return Err(IdentityError::IssuedAt);
    }
    let end = exp
        .saturating_add(LEEWAY_SECS)
        .min(iat.saturating_add(MAX_AGE_SECS + 1));
    Ok(Times {
        refused_from: Timestamp::from_secs(end),
    })
}

/// Exactly as configured: a trailing slash counts.
pub fn issuer(claims: &Claims, issuer: &str) -> Result<(), IdentityError> {
    if claims.get("iss").and_then(Value::as_str) == Some(issuer) {
        Ok(())
    } else {
        Err(IdentityError::Issuer)
    }
}

/// Times that may be left out, but not be wrong.
pub fn times_where_stated(claims: &Claims, now: Timestamp) -> Result<(), IdentityError> {
    let now = now.as_secs();
    let soon = now.saturating_add(LEEWAY_SECS);
    if let Some(exp) = number(claims, "exp", IdentityError::Expired)?
        && now >= exp.saturating_add(LEEWAY_SECS)
    {
        return Err(IdentityError::Expired);
    }
    if number(claims, "nbf", IdentityError::NotYet)?.is_some_and(|nbf| soon < nbf) {
        return Err(IdentityError::NotYet);
    }
    if number(claims, "iat", IdentityError::IssuedAt)?.is_some_and(|iat| soon < iat) {
        return Err(IdentityError::IssuedAt);
    }
    Ok(())
}

/// The token is for us; where it is for others too, we are the party that it was issued to.
pub fn audience(claims: &Claims, client_id: &str) -> Result<(), IdentityError> {
    let several = match claims.get("aud") {
        Some(Value::String(aud)) if aud == client_id => false,
        Some(Value::Array(list))
            if list.iter().all(Value::is_string) && list.iter().any(|aud| aud == client_id) =>
        {
            list.len() > 1
        }
        _ => return Err(IdentityError::TokenAudience),
    };
    match claims.get("azp") {
        None if !several => Ok(()),
        Some(Value::String(azp)) if azp == client_id => Ok(()),
        _ => Err(IdentityError::AuthorizedParty),
    }
}

/// An access token says in `client_id` or `azp` to whom it was given. Both, when both are there.
pub fn issued_to(claims: &Claims, client_id: &str) -> Result<(), IdentityError> {
    let named: Vec<&Value> = ["client_id", "azp"]
        .into_iter()
        .filter_map(|name| claims.get(name))
        .collect();
    if named.is_empty() || named.iter().any(|value| *value != client_id) {
        return Err(IdentityError::AuthorizedParty);
    }
    Ok(())
}

/// The token answers the question with this nonce. `None` is for a login that had no nonce: then a token
/// that has one answers somebody else's question.
pub fn nonce(claims: &Claims, expected: Option<&str>) -> Result<(), IdentityError> {
    let holds = match (claims.get("nonce"), expected) {
        (Some(Value::String(own)), Some(expected)) => {
            !expected.is_empty() && bool::from(own.as_bytes().ct_eq(expected.as_bytes()))
        }
        (None, None) => true,
        _ => false,
    };
    if holds {
        Ok(())
    } else {
        Err(IdentityError::Nonce)
    }
}

/// The access token beside an id_token belongs to it, where the id_token says anything about that.
pub fn access_token_hash(
    claims: &Claims,
    alg: Algorithm,
    access_token: &str,
) -> Result<(), IdentityError> {
    let Some(stated) = claims.get("at_hash") else {
        return Ok(());
    };
    let hash = match alg {
        // Ed25519 signs over SHA-512, and providers hash accordingly.
        Algorithm::EdDsa => Sha512::digest(access_token.as_bytes()).to_vec(),
        Algorithm::Rs256 | Algorithm::Ps256 | Algorithm::Es256 => {
            Sha256::digest(access_token.as_bytes()).to_vec()
        }
    };
    let (half, _) = hash.split_at_checked(hash.len() / 2).unwrap_or_default();
    let expected = URL_SAFE_NO_PAD.encode(half);
    if stated.as_str() == Some(expected.as_str()) {
        Ok(())
    } else {
        Err(IdentityError::AccessTokenHash)
    }
}

/// `sub`: text, not empty, at most 255 characters (OpenID Connect Core, section 2).
pub fn subject(claims: &Claims) -> Result<String, IdentityError> {
    claims
        .get("sub")
        .and_then(Value::as_str)
        .filter(|sub| (1..=255).contains(&sub.len()))
        .map(str::to_owned)
        .ok_or(IdentityError::SubjectMissing)
}

/// When the person proved who they are. Not in the future.
pub fn auth_time(claims: &Claims, now: Timestamp) -> Result<Option<Timestamp>, IdentityError> {
    let Some(at) = number(claims, "auth_time", IdentityError::AuthTime)? else {
        return Ok(None);
    };
    if now.as_secs().saturating_add(LEEWAY_SECS) < at {
        return Err(IdentityError::AuthTime);
    }
    Ok(Some(Timestamp::from_secs(at)))
}

/// Names the token among those of its issuer, by `jti` where it has one.
pub fn use_name(claims: &Claims, issuer: &str, signed: Digest) -> Digest {
    match claims.get("jti").and_then(Value::as_str) {
        Some(jti) if !jti.is_empty() => Digest::of(&[b"jti", issuer.as_bytes(), jti.as_bytes()]),
        _ => signed,
    }
}

/// A NumericDate: a number, also with a fraction; text is not a number.
fn number(claims: &Claims, name: &str, error: IdentityError) -> Result<Option<i64>, IdentityError> {
    /// The year 9999: a later moment is a mistake or an attempt at overflow.
    const LAST: i64 = 253_402_300_799;
    let Some(value) = claims.get(name) else {
        return Ok(None);
    };
    let seconds = match (value.as_i64(), value.as_f64()) {
        (Some(whole), _) => whole,
        #[expect(
            clippy::cast_possible_truncation,
            reason = "bounded to a range in which every whole number is exact"
        )]
        (None, Some(real)) if (0.0..=2.5e11).contains(&real) => real.floor() as i64,
        _ => return Err(error),
    };
    if (0..=LAST).contains(&seconds) {
        Ok(Some(seconds))
    } else {
        Err(error)
    }
}
