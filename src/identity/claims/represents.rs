//! The NL GOV OIDC profile: `sub` is who logged in, and each nested `represents` is whom the one before
//! acts for. The deepest is the party whose data it is.

use serde_json::Value;

use super::{Claims, label, number};
use crate::domain::{
    Actor, Bsn, Identity, KvkNummer, LevelOfAssurance, Mandate, Onderneming, Rsin, Subject,
};
use crate::identity::IdentityError;

/// How many parties may stand behind the one who logged in.
const MAX_DEPTH: usize = 4;

const TYPES: &str = "urn:nl-eid-gdi:1.0:id:";
const ETOEGANG_TYPES: &str = "urn:etoegang:1.9:EntityConcernedID:";

#[derive(Debug, Clone, PartialEq, Eq)]
enum Party {
    Person(Bsn),
    Company(KvkNummer, Option<Rsin>),
    /// Known by RSIN only: nothing can be asked for it.
    LegalEntity(Rsin),
    Pseudonym {
        iss: String,
        sub: String,
    },
}

pub fn identity(claims: &Claims, loa: LevelOfAssurance) -> Result<Identity, IdentityError> {
    let mut chain = vec![party(claims)?];
    let mut node = claims;
    while let Some(next) = node.get("represents") {
        // Also null or a list: a form that the profile does not have is not "nobody".
        let next = next.as_object().ok_or(IdentityError::Representation)?;
        if chain.len() > MAX_DEPTH {
            return Err(IdentityError::RepresentationDepth);
        }
        let party = party(next)?;
        if chain.iter().any(|before| same(before, &party)) {
            return Err(IdentityError::RepresentationCycle);
        }
        chain.push(party);
        node = next;
    }
    let (deepest, before) = chain.split_last().ok_or(IdentityError::NoParty)?;
    let on_behalf_of = match deepest {
        Party::Person(bsn) => Subject::Burger(bsn.clone()),
        Party::Company(kvk, rsin) => Subject::Onderneming(Onderneming {
            kvk: kvk.clone(),
            rsin: rsin.clone(),
            vestiging: None,
        }),
        Party::LegalEntity(_) | Party::Pseudonym { .. } => return Err(IdentityError::PartyKind),
    };
    let (actor, for_another) = actor(before, &on_behalf_of)?;
    Ok(Identity {
        on_behalf_of,
        actor,
        mandate: for_another.then(|| Mandate {
            service: service(claims),
        }),
        loa,
        label: label(node.get("name")),
    })
}

/// Who acts, and whether that is for another than the actor's own house.
fn actor(before: &[Party], subject: &Subject) -> Result<(Actor, bool), IdentityError> {
    // The last that is not just the employee of the one after it: that party holds the mandate.
    match before {
        [] => Ok((Actor::Self_, false)),
        [Party::Pseudonym { sub, .. }] => {
            let own_company = matches!(subject, Subject::Onderneming(_));
            Ok((Actor::Medewerker(sub.clone()), !own_company))
        }
        [.., last] => match last {
            Party::Person(bsn) => Ok((Actor::Burger(bsn.clone()), true)),
            Party::Company(kvk, _) => Ok((Actor::Onderneming(kvk.clone()), true)),
            Party::LegalEntity(_) | Party::Pseudonym { .. } => Err(IdentityError::PartyKind),
        },
    }
}

fn party(node: &Claims) -> Result<Party, IdentityError> {
    for odd in ["act", "may_act"] {
        if node.contains_key(odd) {
            return Err(IdentityError::Representation);
        }
    }
    let iss = string(node, "iss")?;
    let sub = node.get("sub").ok_or(IdentityError::Representation)?;
    let party = match short_type(node)? {
        "BSN" | "legacy-BSN" => Party::Person(number::bsn(sub)?),
        "KvKnr" => Party::Company(number::kvk(sub)?, None),
        "RSIN" => Party::LegalEntity(number::rsin(sub)?),
        "pseudonym" | "Pseudonym" => Party::Pseudonym {
            iss: iss.to_owned(),
            sub: number::opaque(sub)?,
        },
        _ => return Err(IdentityError::PartyKind),
    };
    with_alternatives(party, node.get("alt_sub"))
}

/// `alt_sub` may add the other number of the same company; anything else about it is left alone.
fn with_alternatives(party: Party, alternatives: Option<&Value>) -> Result<Party, IdentityError> {
    let list = match alternatives {
        None | Some(Value::Null) => return Ok(party),
        Some(Value::Array(list)) => list.as_slice(),
        Some(one) => std::slice::from_ref(one),
    };
    let mut party = party;
    for alternative in list {
        let node = alternative
            .as_object()
            .ok_or(IdentityError::Representation)?;
        let sub = node.get("sub").ok_or(IdentityError::Representation)?;
        party = match (party, short_type(node)?) {
            (Party::LegalEntity(rsin), "KvKnr") => Party::Company(number::kvk(sub)?, Some(rsin)),
            (Party::Company(kvk, None), "RSIN") => Party::Company(kvk, Some(number::rsin(sub)?)),
            (Party::Company(_, Some(_)) | Party::LegalEntity(_), "KvKnr" | "RSIN") => {
                return Err(IdentityError::Contradiction);
            }
            (party, _) => party,
        };
    }
    Ok(party)
}

fn short_type(node: &Claims) -> Result<&str, IdentityError> {
    let kind = string(node, "sub_id_type")?;
    kind.strip_prefix(TYPES)
        .or_else(|| kind.strip_prefix(ETOEGANG_TYPES))
        .ok_or(IdentityError::PartyKind)
}

fn string<'a>(node: &'a Claims, name: &str) -> Result<&'a str, IdentityError> {
    node.get(name)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
        .ok_or(IdentityError::Representation)
}

fn same(one: &Party, other: &Party) -> bool {
    match (one, other) {
        // A company is the same whichever of its numbers is there.
        (Party::Company(a, _), Party::Company(b, _)) if a == b => true,
        (Party::Company(_, Some(a)) | Party::LegalEntity(a), Party::Company(_, Some(b)))
        | (Party::Company(_, Some(a)), Party::LegalEntity(b)) => a == b,
        _ => one == other,
    }
}

/// The service is the scope that names one. Several are kept together, which matches none: a mandate
/// that is not understood must not widen what may be seen.
fn service(claims: &Claims) -> Option<String> {
    let scopes = claims.get("scope").and_then(Value::as_str)?;
    let services: Vec<&str> = scopes
        .split(' ')
        .filter(|scope| scope.starts_with("urn:"))
        .collect();
    (!services.is_empty()).then(|| services.join(" "))
}

#[cfg(test)]
#[path = "represents_tests.rs"]
mod tests;
