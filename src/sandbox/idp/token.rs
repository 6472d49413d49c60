//! The token and userinfo endpoints, and the one for scripts.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use jsonwebtoken::{DecodingKey, Validation};
use serde_json::{Map, Value, json};

use super::play::{Auth, Play, UserInfo};
use super::sign::{Algorithm, at_hash, encrypt, random_text, s256};
use super::{Access, Code, DIGID_SUBSTANTIEEL, EHERKENNING_3, Idp, LIFETIME_SECS};
use crate::sandbox::http::{Reply, Request, value};

pub fn invalid_client() -> Reply {
    error(
        StatusCode::UNAUTHORIZED,
        "invalid_client",
        "unknown client or wrong secret",
    )
    .with("www-authenticate", "Basic realm=\"sandbox\"")
}

fn error(status: StatusCode, code: &str, text: &str) -> Reply {
    Reply::json(status, &json!({"error": code, "error_description": text}))
}

impl Idp {
    /// Trades a code for tokens. A code works once.
    pub(super) fn token(&self, request: &Request) -> Reply {
        let form = request.form();
        let Some(client_id) = self.authenticated(request, &form) else {
            return invalid_client();
        };
        let value = |name| value(&form, name);
        if value("grant_type") != Some("authorization_code") {
            return error(
                StatusCode::BAD_REQUEST,
                "unsupported_grant_type",
                "authorization_code only",
            );
        }
        let now = self.now();
        let code = self.state().codes.remove(value("code").unwrap_or_default());
        let ours = |code: &Code| code.expires > now && code.client_id == client_id;
        let Some(code) = code.filter(ours) else {
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
        let proven = value("code_verifier").map(s256).unwrap_or_default();
        if proven != code.challenge {
            return error(
                StatusCode::BAD_REQUEST,
                "invalid_grant",
                "code_verifier does not fit",
            );
        }
        let access_token = random_text();
        let Some(play) = self.play_of(&client_id) else {
            return invalid_client();
        };
        let mut claims = self.registered(&client_id);
        claims.extend(code.claims);
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
                client_id,
                userinfo: code.userinfo,
                acr: claims.get("acr").cloned(),
                issued: now,
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
                "id_token": self.made(&play, &claims),
                "scope": "openid profile",
            }),
        )
    }

    /// Signed, and encrypted where the client wants that.
    fn made(&self, play: &Play, claims: &Map<String, Value>) -> String {
        let token = self.signer.sign(play.algorithm, "JWT", claims);
        match &play.encrypt {
            Some(to) => encrypt(&token, to),
            None => token,
        }
    }

    /// The client that a request proves to be of; a public client only names itself.
    pub(super) fn authenticated(
        &self,
        request: &Request,
        form: &[(String, String)],
    ) -> Option<String> {
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
        let own = |name| value(form, name).map(str::to_owned);
        let (id, secret) = match basic.as_deref().and_then(|text| text.split_once(':')) {
            Some((id, secret)) => (Some(decode(id)), Some(decode(secret))),
            None => (own("client_id"), own("client_secret")),
        };
        let id = id?;
        let proven = match self.play_of(&id)?.auth {
            Auth::None => true,
            Auth::Secret(own) => secret.as_ref() == Some(&own),
            Auth::Key(key) => value(form, "client_assertion")
                .is_some_and(|assertion| self.asserts(&id, assertion, &key)),
        };
        proven.then_some(id)
    }

    /// RFC 7523: by this client, for our token endpoint, now.
    fn asserts(&self, id: &str, assertion: &str, key: &(Algorithm, DecodingKey)) -> bool {
        let (algorithm, key) = key;
        let mut rules = Validation::new(match algorithm {
            Algorithm::Es256 => jsonwebtoken::Algorithm::ES256,
            Algorithm::Ps256 => jsonwebtoken::Algorithm::PS256,
            Algorithm::Rs256 => jsonwebtoken::Algorithm::RS256,
        });
        // It would ask the system's clock.
        rules.validate_exp = false;
        rules.set_audience(&[format!("{}/token", self.issuer)]);
        rules.set_issuer(&[id]);
        let Ok(data) = jsonwebtoken::decode::<Value>(assertion, key, &rules) else {
            return false;
        };
        let now = self.now();
        let number = |name: &str| data.claims.get(name).and_then(Value::as_i64);
        data.claims.get("sub").is_some_and(|sub| sub == id)
            && data.claims.get("jti").is_some()
            && number("exp").is_some_and(|exp| exp > now && exp <= now + 300)
    }

    /// The claims that every id_token begins with.
    pub(super) fn registered(&self, audience: &str) -> Map<String, Value> {
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
            Some(access) => self.told(access),
            None => error(
                StatusCode::UNAUTHORIZED,
                "invalid_token",
                "unknown or expired",
            )
            .with("www-authenticate", "Bearer error=\"invalid_token\""),
        }
    }

    /// UserInfo in the form that the client is registered with.
    fn told(&self, access: Access) -> Reply {
        let Some(play) = self.play_of(&access.client_id) else {
            return invalid_client();
        };
        let mut claims = access.userinfo;
        if play.userinfo == UserInfo::Json {
            return Reply::json(StatusCode::OK, &Value::Object(claims));
        }
        claims.insert("iss".to_owned(), self.issuer.clone().into());
        claims.insert("aud".to_owned(), access.client_id.into());
        let token = self.signer.sign(play.algorithm, "JWT", &claims);
        let token = match (&play.encrypt, play.userinfo) {
            (Some(to), UserInfo::Encrypted) => encrypt(&token, to),
            _ => token,
        };
        Reply::new(StatusCode::OK, "application/jwt", token)
    }

    /// What an access token is worth (RFC 7662), to the client that it was given to.
    pub(super) fn introspect(&self, request: &Request) -> Reply {
        let form = request.form();
        let Some(client_id) = self.authenticated(request, &form) else {
            return invalid_client();
        };
        let token = value(&form, "token").unwrap_or_default();
        let access = self.state().access_tokens.get(token).cloned();
        let now = self.now();
        let Some(access) =
            access.filter(|access| access.expires > now && access.client_id == client_id)
        else {
            return Reply::json(StatusCode::OK, &json!({"active": false}));
        };
        let mut answer = access.userinfo;
        for (name, value) in [
            ("active", Value::from(true)),
            ("iss", self.issuer.clone().into()),
            ("client_id", client_id.into()),
            ("token_type", "Bearer".into()),
            ("iat", access.issued.into()),
            ("exp", access.expires.into()),
            ("acr", access.acr.unwrap_or_default()),
        ] {
            answer.insert(name.to_owned(), value);
        }
        Reply::json(StatusCode::OK, &Value::Object(answer))
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
        // Also for clients that are not known here: a forged token is what a test may want.
        let play = self.play_of(audience).unwrap_or_else(|| self.first.clone());
        Reply::json(
            StatusCode::OK,
            &json!({ "id_token": self.made(&play, &claims) }),
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
