//! The NL GOV OIDC profile: `sub` is who logged in, and each nested `represents` is whom the one before
//! acts for. The deepest is the party whose data it is.

use serde_json::Value;

use super::{Claims, label, number};
use crate::domain::{
    Actor, Bedrijfsnummers, Bsn, Identity, LevelOfAssurance, Mandate, MandateScope, Means,
    Onderneming, Pseudoniem, Subject,
};
use crate::identity::IdentityError;

/// How many parties may stand behind the one who logged in.
const MAX_DEPTH: usize = 4;

const TYPES: &str = "urn:nl-eid-gdi:1.0:id:";
const ETOEGANG_TYPES: &str = "urn:etoegang:1.9:EntityConcernedID:";

#[derive(Debug, Clone, PartialEq, Eq)]
enum Party {
    Person(Bsn),
    Company(Bedrijfsnummers),
    Pseudonym {
        name: Pseudoniem,
        /// The number of the same person, where the provider links the two.
        linked: Option<Bsn>,
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
        Party::Company(nummers) => Subject::Onderneming(Onderneming {
            nummers: nummers.clone(),
            vestiging: None,
        }),
        // Somebody who logs in for themselves under a pseudonym. To act for a pseudonym has no meaning.
        Party::Pseudonym { name, linked } if before.is_empty() => match linked {
            Some(bsn) => Subject::Burger(bsn.clone()),
            None => Subject::Pseudoniem(name.clone()),
        },
        Party::Pseudonym { .. } => return Err(IdentityError::PartyKind),
    };
    let (actor, for_another) = actor(before, &on_behalf_of)?;
    let mandate = for_another.then(|| Mandate::between(&actor, &on_behalf_of, scope(claims)));
    Ok(Identity {
        on_behalf_of,
        actor,
        mandate,
        loa,
        means: Means::National,
        label: label(node.get("name")),
    })
}

/// Who acts, and whether that is for another than the actor's own house.
fn actor(before: &[Party], subject: &Subject) -> Result<(Actor, bool), IdentityError> {
    // The last that is not just the employee of the one after it: that party holds the mandate.
    match before {
        [] => Ok((Actor::Self_, false)),
        [Party::Pseudonym { name, .. }] => {
            let own_company = matches!(subject, Subject::Onderneming(_));
            Ok((Actor::Medewerker(name.clone()), !own_company))
        }
        [.., last] => match last {
            Party::Person(bsn) => Ok((Actor::Burger(bsn.clone()), true)),
            Party::Company(nummers) => Ok((Actor::Onderneming(nummers.clone()), true)),
            Party::Pseudonym { .. } => Err(IdentityError::PartyKind),
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
        "KvKnr" => Party::Company(Bedrijfsnummers::Kvk(number::kvk(sub)?)),
        "RSIN" => Party::Company(Bedrijfsnummers::Rsin(number::rsin(sub)?)),
        "pseudonym" | "Pseudonym" => Party::Pseudonym {
            name: Pseudoniem::new(iss, &number::opaque(sub)?),
            linked: None,
        },
        _ => return Err(IdentityError::PartyKind),
    };
    with_alternatives(party, node.get("alt_sub"))
}

/// `alt_sub` may add the other number of the same company, or the BSN of a pseudonym; anything else about it
/// is left alone.
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
            (Party::Company(Bedrijfsnummers::Rsin(rsin)), "KvKnr") => {
                let kvk = number::kvk(sub)?;
                Party::Company(Bedrijfsnummers::Beide { kvk, rsin })
            }
            (Party::Company(Bedrijfsnummers::Kvk(kvk)), "RSIN") => {
                let rsin = number::rsin(sub)?;
                Party::Company(Bedrijfsnummers::Beide { kvk, rsin })
            }
            (Party::Company(_), "KvKnr" | "RSIN")
            | (
                Party::Pseudonym {
                    linked: Some(_), ..
                },
                "BSN" | "legacy-BSN",
            ) => {
                return Err(IdentityError::Contradiction);
            }
            (Party::Pseudonym { name, linked: None }, "BSN" | "legacy-BSN") => {
                let linked = Some(number::bsn(sub)?);
                Party::Pseudonym { name, linked }
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
        (Party::Company(a), Party::Company(b)) => a.same_as(b),
        (Party::Pseudonym { name: a, .. }, Party::Pseudonym { name: b, .. }) => a == b,
        (Party::Pseudonym { linked, .. }, Party::Person(bsn))
        | (Party::Person(bsn), Party::Pseudonym { linked, .. }) => linked.as_ref() == Some(bsn),
        _ => one == other,
    }
}

/// The service is the scope that names one. Which of several the mandate is for is not said: a mandate that
/// is not understood must not widen what may be seen.
fn scope(claims: &Claims) -> MandateScope {
    let scopes = match claims.get("scope") {
        None | Some(Value::Null) => return MandateScope::Unstated,
        Some(Value::String(scopes)) => scopes,
        Some(_) => return MandateScope::Unclear,
    };
    let mut services = scopes.split(' ').filter(|scope| scope.starts_with("urn:"));
    match (services.next(), services.next()) {
        (None, _) => MandateScope::Unstated,
        (Some(service), None) => MandateScope::Services(vec![service.to_owned()]),
        (Some(_), Some(_)) => MandateScope::Unclear,
    }
}

#[cfg(test)]
#[path = "represents_tests.rs"]
mod tests;
