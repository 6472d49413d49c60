//! The token that ZGW APIs want: a JWT (HS256) per call, with the client id of this component.

use jsonwebtoken::{Algorithm, EncodingKey, Header};

use crate::domain::{Clock, SecretBytes, UserId};

/// Credentials for one component. Some vendors (Decos JOIN) want another secret per component.
#[derive(Debug, Clone)]
pub struct ZgwCredentials {
    pub client_id: String,
    pub secret: SecretBytes,
    /// What the source's audit trail calls us, for instance "inwoner via MijnOmgeving".
    pub user_representation: String,
}

#[derive(serde::Serialize)]
struct Claims<'a> {
    iss: &'a str,
    iat: i64,
    exp: i64,
    client_id: &'a str,
    user_id: &'a str,
    user_representation: &'a str,
}

/// Servers whose clock runs behind refuse a token from the future, so it is dated back a little.
const BACKDATE_SECS: i64 = 10;
const LIFETIME_SECS: i64 = 300;

impl ZgwCredentials {
    /// `Authorization` for one call; `None` when the token cannot be made.
    pub fn bearer(&self, user: &UserId, clock: &Clock) -> Option<http::HeaderValue> {
        let iat = clock.now().as_secs() - BACKDATE_SECS;
        let claims = Claims {
            iss: &self.client_id,
            iat,
            exp: iat + BACKDATE_SECS + LIFETIME_SECS,
            client_id: &self.client_id,
            user_id: user.as_str(),
            user_representation: &self.user_representation,
        };
        let token = jsonwebtoken::encode(
            &Header::new(Algorithm::HS256),
            &claims,
            &EncodingKey::from_secret(self.secret.expose()),
        )
        .ok()?;
        super::scheme_value("Bearer", token.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Timestamp;
    use base64::Engine as _;

    #[test]
    fn a_token_names_the_client_and_a_pseudonym() {
        let credentials = ZgwCredentials {
            client_id: "zijspan".to_owned(),
            secret: SecretBytes::new(vec![1; 32]),
            user_representation: "inwoner via MijnOmgeving".to_owned(),
        };
        let clock = Clock::manual(Timestamp::from_secs(1_790_000_000));
        let header = credentials
            .bearer(&UserId::pseudonym("p-1".to_owned()), &clock)
            .unwrap();
        let token = header
            .to_str()
            .unwrap()
            .strip_prefix("Bearer ")
            .unwrap()
            .to_owned();
        let parts: Vec<_> = token.split('.').collect();
        let decode = |part: &str| {
            base64::engine::general_purpose::URL_SAFE_NO_PAD
                .decode(part)
                .map(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).unwrap())
                .unwrap()
        };
        assert_eq!(decode(parts[0])["alg"], "HS256");
        let claims = decode(parts[1]);
        assert_eq!(claims["client_id"], "zijspan");
        assert_eq!(claims["user_id"], "p-1");
        assert_eq!(claims["iat"], 1_790_000_000 - 10);
        assert!(header.is_sensitive());
    }
}
