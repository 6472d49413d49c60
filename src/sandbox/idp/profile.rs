//! How brokers write the same login down. Each is written from what the broker documents, not from the
//! claim maps of the sidecar.

use serde_json::{Map, Value, json};

use super::mandates::{Actor, Login};
use crate::sandbox::data::PersonNumber;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// The plain names of the demo, which know nobody who acts for another.
    Demo,
    /// Signicat eID Hub: the id_token says no more than that somebody logged in.
    Signicat,
    /// The names that Maykin's products and Anoigo use.
    Maykin,
    /// The NL GOV assurance profile: `sub` is who logged in.
    NlGov,
    /// Keycloak as NL Portal sets it up.
    Keycloak,
}

/// What stands in the id_token, and what UserInfo says.
pub struct Written {
    pub id_token: Map<String, Value>,
    pub userinfo: Map<String, Value>,
}

const KVK: &str = "urn:etoegang:1.9:EntityConcernedID:KvKnr";

impl Profile {
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "demo" => Self::Demo,
            "signicat" => Self::Signicat,
            "maykin" => Self::Maykin,
            "nlgov" => Self::NlGov,
            "keycloak" => Self::Keycloak,
            _ => return None,
        })
    }

    /// Signicat's plugin sends no PKCE.
    pub const fn demands_pkce(self) -> bool {
        !matches!(self, Self::Signicat)
    }

    pub const fn knows_mandates(self) -> bool {
        !matches!(self, Self::Demo)
    }

    /// `None` where this broker has no words for such a login.
    pub fn write(self, login: &Login, issuer: &str) -> Option<Written> {
        let mut about = match self {
            Self::Demo => demo(login)?,
            Self::Signicat => signicat(login),
            Self::Maykin => maykin(login),
            Self::NlGov => nlgov(login, issuer)?,
            Self::Keycloak => keycloak(login)?,
        };
        if let Some(name) = &login.name
            && self != Self::Signicat
            && self != Self::NlGov
        {
            about.insert("name".to_owned(), name.clone().into());
        }
        let sub = about
            .remove("sub")
            .unwrap_or_else(|| login.sub.clone().into());
        let mut id_token = if self == Self::Signicat {
            Map::new()
        } else {
            about.clone()
        };
        id_token.insert("sub".to_owned(), sub.clone());
        id_token.insert("acr".to_owned(), login.acr.clone().into());
        let mut userinfo = about;
        userinfo.insert("sub".to_owned(), sub);
        if self == Self::Demo {
            userinfo.insert("acr".to_owned(), login.acr.clone().into());
        }
        Some(Written { id_token, userinfo })
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// Adds a claim that is there.
fn put(claims: &mut Map<String, Value>, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        claims.insert(name.to_owned(), value.into());
    }
}

fn demo(login: &Login) -> Option<Map<String, Value>> {
    if login.actor != Actor::Zelf {
        return None;
    }
    let mut claims = object(json!({ login.party.claim(): login.party.as_str() }));
    put(&mut claims, "vestigingsnummer", login.vestiging.as_deref());
    Some(claims)
}

fn signicat(login: &Login) -> Map<String, Value> {
    let mut claims = Map::new();
    match &login.party {
        PersonNumber::Bsn(bsn) => put(&mut claims, "nin", Some(bsn)),
        PersonNumber::Kvk(kvk) => {
            put(&mut claims, "chamber_of_commerce", Some(kvk));
            put(&mut claims, "eherkenning_rsin", login.rsin.as_deref());
            put(
                &mut claims,
                "eherkenning_vestigingsnr",
                login.vestiging.as_deref(),
            );
        }
    }
    match &login.actor {
        Actor::Zelf => {}
        Actor::Gemachtigde(bsn) => put(&mut claims, "acting_nin", Some(bsn)),
        Actor::Bewindvoerder { kvk } | Actor::Intermediair { kvk } => {
            put(&mut claims, "eherkenning_intermediate_kvk_nr", Some(kvk));
        }
    }
    put(&mut claims, "eherkenningServiceUUID", login.service);
    claims
}

fn maykin(login: &Login) -> Map<String, Value> {
    let mut claims = Map::new();
    let company = |claims: &mut Map<String, Value>, kvk: &str| {
        put(claims, "urn:etoegang:core:LegalSubjectID", Some(kvk));
        put(claims, "namequalifier", Some(KVK));
        let employee = format!("{:0>64}@{:0>32}", login.sub.len(), "1f");
        put(claims, "urn:etoegang:core:ActingSubjectID", Some(&employee));
    };
    match (&login.party, &login.actor) {
        (PersonNumber::Bsn(bsn), Actor::Bewindvoerder { kvk }) => {
            company(&mut claims, kvk);
            put(&mut claims, "sel_uid", Some(bsn));
        }
        (PersonNumber::Bsn(bsn), Actor::Gemachtigde(acting)) => {
            put(&mut claims, "urn:nl-eid-gdi:1.0:LegalSubjectID", Some(bsn));
            put(
                &mut claims,
                "urn:nl-eid-gdi:1.0:ActingSubjectID",
                Some(acting),
            );
            put(&mut claims, "urn:nl-eid-gdi:1.0:ServiceUUID", login.service);
        }
        (PersonNumber::Bsn(bsn), Actor::Zelf | Actor::Intermediair { .. }) => {
            put(&mut claims, "bsn", Some(bsn));
        }
        (PersonNumber::Kvk(kvk), actor) => {
            company(&mut claims, kvk);
            put(
                &mut claims,
                "urn:etoegang:1.9:ServiceRestriction:Vestigingsnr",
                login.vestiging.as_deref(),
            );
            if let Actor::Intermediair { kvk } = actor {
                put(
                    &mut claims,
                    "urn:etoegang:1.9:IntermediateEntityID:KvKnr",
                    Some(kvk),
                );
            }
            put(&mut claims, "urn:etoegang:core:ServiceUUID", login.service);
        }
    }
    claims
}

fn nlgov(login: &Login, issuer: &str) -> Option<Map<String, Value>> {
    // The profile has no place for a branch.
    if login.vestiging.is_some() {
        return None;
    }
    let person =
        |bsn: &str| json!({"iss": issuer, "sub": bsn, "sub_id_type": "urn:nl-eid-gdi:1.0:id:BSN"});
    let company = |kvk: &str| json!({"iss": issuer, "sub": kvk, "sub_id_type": KVK});
    let employee =
        json!({"iss": issuer, "sub": login.sub, "sub_id_type": "urn:nl-eid-gdi:1.0:id:Pseudonym"});
    let party = match &login.party {
        PersonNumber::Bsn(bsn) => person(bsn),
        PersonNumber::Kvk(kvk) => {
            let mut company = company(kvk);
            if let (Some(rsin), Some(fields)) = (&login.rsin, company.as_object_mut()) {
                let other = json!([{"iss": issuer, "sub": rsin,
                    "sub_id_type": "urn:etoegang:1.9:EntityConcernedID:RSIN"}]);
                fields.insert("alt_sub".to_owned(), other);
            }
            company
        }
    };
    // From the one who logged in to the one whose data it is.
    let chain = match (&login.party, &login.actor) {
        (PersonNumber::Bsn(_), Actor::Zelf) => vec![party],
        (PersonNumber::Kvk(_), Actor::Zelf) => vec![employee, party],
        (_, Actor::Gemachtigde(bsn)) => vec![person(bsn), party],
        (_, Actor::Bewindvoerder { kvk } | Actor::Intermediair { kvk }) => {
            vec![employee, company(kvk), party]
        }
    };
    let nested = chain.into_iter().rev().reduce(|inner, mut outer| {
        if let Some(fields) = outer.as_object_mut() {
            fields.insert("represents".to_owned(), inner);
        }
        outer
    })?;
    let mut claims = object(nested);
    // Of the token itself, who it is from is said elsewhere.
    claims.remove("iss");
    if let Some(service) = login.service {
        put(
            &mut claims,
            "scope",
            Some(&format!("openid urn:uuid:{service}")),
        );
    }
    Some(claims)
}

fn keycloak(login: &Login) -> Option<Map<String, Value>> {
    if login.vestiging.is_some() {
        return None;
    }
    let mut claims = object(json!({
        "aanvrager": { login.party.claim(): login.party.as_str() },
    }));
    let acting = match &login.actor {
        Actor::Zelf => return Some(claims),
        Actor::Gemachtigde(bsn) => json!({ "bsn": bsn }),
        Actor::Bewindvoerder { kvk } | Actor::Intermediair { kvk } => json!({ "kvk": kvk }),
    };
    claims.insert("gemachtigde".to_owned(), acting);
    Some(claims)
}
