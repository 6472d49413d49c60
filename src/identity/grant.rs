//! The form of `POST /v1/token`, read as one of its three grants.

use std::fmt;

use zeroize::Zeroizing;

use super::IdentityError;
use super::exchange::ExchangeRequest;

const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const HANDOFF: &str = "urn:zijspan:handoff";
const ASSERTED: &str = "urn:zijspan:asserted";

/// What is traded for a session.
pub enum Grant {
    Handoff {
        handoff: Zeroizing<String>,
        browser_secret: Zeroizing<String>,
    },
    Exchange(ExchangeRequest),
    /// Needs a key of scope `assert`, which the caller of this must check.
    Asserted {
        subject_type: String,
        subject: Zeroizing<String>,
    },
}

impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Handoff { .. } => "Handoff(…)",
            Self::Exchange(_) => "Exchange(…)",
            Self::Asserted { .. } => "Asserted(…)",
        })
    }
}

impl Grant {
    /// Reads the decoded fields. A field that comes twice is refused (RFC 6749 section 3.2), an empty one
    /// is absent, one that is not known is left alone.
    pub fn from_form(fields: &[(String, String)]) -> Result<Self, IdentityError> {
        let fields = Fields::new(fields)?;
        match fields.need("grant_type")?.as_str() {
            HANDOFF => Ok(Self::Handoff {
                handoff: fields.need("handoff")?,
                browser_secret: fields.need("browser_secret")?,
            }),
            ASSERTED => Ok(Self::Asserted {
                subject_type: fields.need("subject_type")?.to_string(),
                subject: fields.need("subject")?,
            }),
            EXCHANGE => Ok(Self::Exchange(ExchangeRequest {
                subject_token: fields.need("subject_token")?,
                subject_token_type: fields.need("subject_token_type")?,
                audience: fields.need("audience")?,
                resource: fields.get("resource"),
                requested_token_type: fields.get("requested_token_type"),
                scope: fields.get("scope"),
                actor_token: fields.get("actor_token"),
                actor_token_type: fields.get("actor_token_type"),
                nonce: fields.get("nonce"),
                access_token: fields.get("access_token"),
            })),
            _ => Err(IdentityError::GrantType),
        }
    }
}

struct Fields<'a>(std::collections::HashMap<&'a str, &'a str>);

impl<'a> Fields<'a> {
    fn new(fields: &'a [(String, String)]) -> Result<Self, IdentityError> {
        let mut map = std::collections::HashMap::new();
        for (name, value) in fields {
            if map.insert(name.as_str(), value.as_str()).is_some() {
                return Err(IdentityError::DuplicateField);
            }
        }
        Ok(Self(map))
    }

    fn get(&self, name: &str) -> Option<Zeroizing<String>> {
        let value = self.0.get(name).filter(|value| !value.is_empty())?;
        Some(Zeroizing::new((*value).to_owned()))
    }

    fn need(&self, name: &str) -> Result<Zeroizing<String>, IdentityError> {
        self.get(name).ok_or(IdentityError::MissingField)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(form: &str) -> Result<Grant, IdentityError> {
        let fields: Vec<(String, String)> = url::form_urlencoded::parse(form.as_bytes())
            .into_owned()
            .collect();
        Grant::from_form(&fields)
    }

    #[test]
    fn each_grant_needs_its_own_fields() {
        let good = "grant_type=urn:zijspan:handoff&handoff=a&browser_secret=b&unknown=c";
        assert!(matches!(read(good), Ok(Grant::Handoff { .. })));
        let good = "grant_type=urn:zijspan:asserted&subject_type=bsn&subject=1";
        assert!(matches!(read(good), Ok(Grant::Asserted { .. })));
        use IdentityError::{DuplicateField, GrantType, MissingField};
        for (form, reason) in [
            ("", MissingField),
            ("grant_type=", MissingField),
            ("grant_type=password&username=a", GrantType),
            ("grant_type=urn:zijspan:handoff&handoff=a", MissingField),
            (
                "grant_type=urn:zijspan:handoff&handoff=a&browser_secret=",
                MissingField,
            ),
            (
                "grant_type=urn:zijspan:handoff&handoff=a&handoff=b&browser_secret=c",
                DuplicateField,
            ),
            (
                "grant_type=urn:ietf:params:oauth:grant-type:token-exchange&subject_token=a",
                MissingField,
            ),
        ] {
            assert_eq!(read(form).err(), Some(reason), "{form}");
        }
    }

    #[test]
    fn a_grant_does_not_print_what_it_holds() {
        let grant = read("grant_type=urn:zijspan:asserted&subject_type=bsn&subject=999990019");
        assert!(!format!("{grant:?}").contains("999990019"));
    }
}
