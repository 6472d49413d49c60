//! The token and userinfo endpoints, and the one for scripts.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::sign::{at_hash, random_text, s256};
use super::{Access, DIGID_SUBSTANTIEEL, EHERKENNING_3, Idp, LIFETIME_SECS};
use crate::sandbox::http::{Reply, Request, value};

fn error(status: StatusCode, code: &str, text: &str) -> Reply {
    Reply::json(status, &json!({"error": code, "error_description": text}))
}

impl Idp {
    /// Trades a code for tokens. A code works once.
    pub(super) fn token(&self, request: &Request) -> Reply {
        let form = request.form();
        let value = |name| value(&form, name);
        if !self.authenticated(request, value("client_id"), value("client_secret")) {
            return error(
                StatusCode::UNAUTHORIZED,
                "invalid_client",
                "unknown client or wrong secret",
            )
            .with("www-authenticate", "Basic realm=\"sandbox\"");
        }
        if value("grant_type") != Some("authorization_code") {
            return error(
                StatusCode::BAD_REQUEST,
                "unsupported_grant_type",
                "authorization_code only",
            );
        }
        let now = self.now();
        let code = self.state().codes.remove(value("code").unwrap_or_default());
        let Some(code) = code.filter(|code| code.expires > now) else {
            return error(
                StatusCode::BAD_REQUEST,
                "invalid_grant",
                "the code is unknown, used or expired",
            );
        };
        if value("redirect_uri") != Some(&code.redirect_uri) {
            return error(
                StatusCode::BAD_REQUEST,
                "invalid_grant",
                "redirect_uri differs",
            );
        }
        if value("code_verifier").map(s256).as_deref() != Some(&code.challenge) {
            return error(
                StatusCode::BAD_REQUEST,
                "invalid_grant",
                "code_verifier does not fit",
            );
        }
        let access_token = random_text();
        let mut claims = self.registered(&self.client_id);
        claims.extend(code.claims.clone());
        claims.insert("at_hash".to_owned(), at_hash(&access_token).into());
        claims.insert("auth_time".to_owned(), now.into());
        if let Some(nonce) = code.nonce {
            claims.insert("nonce".to_owned(), nonce.into());
        }
        let mut state = self.state();
        state.access_tokens.retain(|_, access| access.expires > now);
        state.access_tokens.insert(
            access_token.clone(),
            Access {
                claims: code.claims,
                expires: now + LIFETIME_SECS,
            },
        );
        drop(state);
        Reply::json(
            StatusCode::OK,
            &json!({
                "access_token": access_token,
                "token_type": "Bearer",
                "expires_in": LIFETIME_SECS,
                "id_token": self.signer.sign(&claims),
                "scope": "openid profile",
            }),
        )
    }

    /// `client_secret_basic` or `client_secret_post`; a public client only names itself.
    fn authenticated(&self, request: &Request, id: Option<&str>, secret: Option<&str>) -> bool {
        let basic = request
            .header("authorization")
            .and_then(|value| value.strip_prefix("Basic "))
            .and_then(|value| STANDARD.decode(value.trim()).ok())
            .and_then(|bytes| String::from_utf8(bytes).ok());
        let decode = |part: &str| {
            percent_encoding::percent_decode_str(&part.replace('+', " "))
                .decode_utf8_lossy()
                .into_owned()
        };
        let (id, secret) = match basic.as_deref().and_then(|text| text.split_once(':')) {
            Some((id, secret)) => (Some(decode(id)), Some(decode(secret))),
            None => (id.map(str::to_owned), secret.map(str::to_owned)),
        };
        let known = id.as_deref() == Some(&self.client_id);
        known
            && self
                .client_secret
                .as_ref()
                .is_none_or(|own| secret.as_ref() == Some(own))
    }

    /// The claims that every id_token begins with.
    fn registered(&self, audience: &str) -> Map<String, Value> {
        let now = self.now();
        let mut claims = Map::new();
        for (name, value) in [
            ("iss", Value::from(self.issuer.clone())),
            ("aud", audience.into()),
            ("iat", now.into()),
            ("exp", (now + LIFETIME_SECS).into()),
            ("jti", random_text().into()),
        ] {
            claims.insert(name.to_owned(), value);
        }
        claims
    }

    pub(super) fn userinfo(&self, request: &Request) -> Reply {
        let token = request
            .header("authorization")
            .and_then(|value| value.strip_prefix("Bearer "))
            .unwrap_or_default();
        let access = self.state().access_tokens.get(token).cloned();
        match access.filter(|access| access.expires > self.now()) {
            Some(access) => {
                let mut claims = access.claims;
                claims.remove("sid");
                Reply::json(StatusCode::OK, &Value::Object(claims))
            }
            None => error(
                StatusCode::UNAUTHORIZED,
                "invalid_token",
                "unknown or expired",
            )
            .with("www-authenticate", "Bearer error=\"invalid_token\""),
        }
    }

    /// `POST /sandbox/id_token`: whatever a test wants to have signed.
    pub(super) fn script_token(&self, request: &Request) -> Reply {
        let bad = |text: &str| error(StatusCode::BAD_REQUEST, "invalid_request", text);
        let Ok(body) = serde_json::from_slice::<Value>(&request.body) else {
            return bad("the body is not JSON");
        };
        let empty = Map::new();
        let wanted = match body.get("claims") {
            None | Some(Value::Null) => &empty,
            Some(Value::Object(claims)) => claims,
            Some(_) => return bad("claims must be an object"),
        };
        if !wanted.values().all(|value| self.harmless(value)) {
            return error(
                StatusCode::FORBIDDEN,
                "access_denied",
                "this number is not listed for signing",
            );
        }
        let audience = body.get("client_id").and_then(Value::as_str);
        let audience = audience.unwrap_or(&self.client_id);
        let text = |name: &str| wanted.get(name).and_then(Value::as_str);
        let mut claims = self.registered(audience);
        let number = text("bsn").or_else(|| text("kvk"));
        let sub = number.map_or_else(random_text, |number| self.pairwise(audience, number));
        claims.insert("sub".to_owned(), sub.into());
        match body.get("acr") {
            None | Some(Value::Null) => {
                let acr = if wanted.contains_key("kvk") {
                    EHERKENNING_3
                } else {
                    DIGID_SUBSTANTIEEL
                };
                claims.insert("acr".to_owned(), acr.into());
            }
            Some(Value::String(acr)) if acr.is_empty() => {}
            Some(acr) => {
                claims.insert("acr".to_owned(), acr.clone());
            }
        }
        if let Some(nonce) = body.get("nonce").filter(|nonce| !nonce.is_null()) {
            claims.insert("nonce".to_owned(), nonce.clone());
        }
        claims.extend(wanted.clone());
        Reply::json(
            StatusCode::OK,
            &json!({ "id_token": self.signer.sign(&claims) }),
        )
    }

    /// No value that looks like a BSN, RSIN or KvK number, unless it was listed for signing.
    fn harmless(&self, value: &Value) -> bool {
        match value {
            Value::String(text) => self.harmless_text(text),
            Value::Number(number) => self.harmless_text(&number.to_string()),
            Value::Array(items) => items.iter().all(|item| self.harmless(item)),
            Value::Object(fields) => fields.values().all(|field| self.harmless(field)),
            Value::Null | Value::Bool(_) => true,
        }
    }

    fn harmless_text(&self, text: &str) -> bool {
        text.split(|c: char| !c.is_ascii_digit())
            .filter(|run| matches!(run.len(), 8 | 9))
            .all(|run| self.may_sign(run))
    }
}
