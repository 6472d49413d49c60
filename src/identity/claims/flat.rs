//! Maps in which each fact has a claim of its own.

use serde::Deserialize;
use serde_json::Value;

use super::{ClaimPath, Claims, label, number};
use crate::domain::{
    Actor, Bedrijfsnummers, Bsn, Identity, KvkNummer, LevelOfAssurance, Mandate, MandateScope,
    Means, Onderneming, Pseudoniem, Rsin, Subject,
};
use crate::identity::IdentityError;

/// Where each fact is. Several places for one fact must agree where they are present.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FlatMap {
    /// The person whose data it is.
    pub bsn: Vec<ClaimPath>,
    /// The company whose data it is.
    pub kvk: Vec<ClaimPath>,
    pub rsin: Vec<ClaimPath>,
    /// A company number whose kind is in another claim.
    pub company: Option<Qualified>,
    /// The branch that the login is restricted to.
    pub vestiging: Vec<ClaimPath>,
    /// The person that a company acts for (bewindvoering).
    pub ward_bsn: Vec<ClaimPath>,
    /// The person who acts for another.
    pub acting_bsn: Vec<ClaimPath>,
    /// The company that acts for another.
    pub acting_kvk: Vec<ClaimPath>,
    /// The employee, as an opaque name.
    pub employee: Vec<ClaimPath>,
    /// The services that the mandate is for: one name or a list of them, in each place.
    pub service: Vec<ClaimPath>,
    /// How eIDAS knows the person: always there at such a login.
    pub eidas_pseudonym: Vec<ClaimPath>,
    /// The BSN that the eIDAS person is linked to.
    pub eidas_bsn: Vec<ClaimPath>,
    /// Where a number of a person stands with its sector before it. Only the BSN's sector is accepted.
    pub sector: Vec<ClaimPath>,
    /// A name to show.
    pub name: Vec<ClaimPath>,
    pub given_name: Vec<ClaimPath>,
    pub family_name: Vec<ClaimPath>,
}

/// A number and the claim that says which kind of number it is.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Qualified {
    pub value: ClaimPath,
    pub qualifier: ClaimPath,
}

const KVK_QUALIFIER: &str = "urn:etoegang:1.9:EntityConcernedID:KvKnr";
const RSIN_QUALIFIER: &str = "urn:etoegang:1.9:EntityConcernedID:RSIN";

/// Claims that say that somebody acts for another, or that a login is for one branch only, in the words of
/// any provider that is known. Present, they change whose data it is or narrow it, so a map that does not
/// read one may not pass it over.
const DELEGATIONS: [&str; 13] = [
    "represents",
    "act",
    "may_act",
    "acting_nin",
    "gemachtigde",
    "sel_uid",
    "urn:nl-eid-gdi:1.0:LegalSubjectID",
    "urn:nl-eid-gdi:1.0:ActingSubjectID",
    INTERMEDIATE,
    BRANCH,
    "eherkenning_intermediate_kvk_nr",
    "eherkenning_vestigingsnr",
    "vestigingsnummer",
];

const INTERMEDIATE: &str = "urn:etoegang:1.9:IntermediateEntityID:KvKnr";
const BRANCH: &str = "urn:etoegang:1.9:ServiceRestriction:Vestigingsnr";
const SERVICE_UUID: &str = "urn:etoegang:core:ServiceUUID";
const SERVICE_ID: &str = "urn:etoegang:core:ServiceID";
const EMPLOYEE: &str = "urn:etoegang:core:ActingSubjectID";

impl FlatMap {
    pub(super) fn preset(name: &str) -> Option<Self> {
        let each = |names: &[&str]| -> Vec<ClaimPath> {
            names.iter().map(|name| ClaimPath::new(&[name])).collect()
        };
        let inside = |outer: &str, name: &str| ClaimPath::new(&[outer, name]);
        // How the eHerkenning network writes an eIDAS login, at every broker alike.
        let eidas = || Self {
            eidas_pseudonym: each(&["urn:etoegang:1.12:EntityConcernedID:PseudoID"]),
            eidas_bsn: each(&["urn:etoegang:1.12:EntityConcernedID:BSN"]),
            given_name: each(&["urn:etoegang:1.9:attribute:FirstName"]),
            family_name: each(&["urn:etoegang:1.9:attribute:FamilyName"]),
            ..Self::default()
        };
        Some(match name {
            "demo" => Self {
                bsn: each(&["bsn"]),
                kvk: each(&["kvk"]),
                vestiging: each(&["vestigingsnummer"]),
                name: each(&["name"]),
                ..Self::default()
            },
            "signicat" => Self {
                bsn: each(&["nin"]),
                sector: each(&["idp_id"]),
                acting_bsn: each(&["acting_nin"]),
                kvk: each(&["chamber_of_commerce", KVK_QUALIFIER]),
                rsin: each(&["eherkenning_rsin", RSIN_QUALIFIER]),
                vestiging: each(&["eherkenning_vestigingsnr", BRANCH]),
                acting_kvk: each(&["eherkenning_intermediate_kvk_nr", INTERMEDIATE]),
                employee: each(&["eherkenning_pseudo", EMPLOYEE]),
                service: each(&[
                    "eherkenningServiceUUID",
                    "eherkenningServiceID",
                    SERVICE_UUID,
                    SERVICE_ID,
                ]),
                ..eidas()
            },
            "maykin" => Self {
                bsn: each(&["bsn", "urn:nl-eid-gdi:1.0:LegalSubjectID"]),
                acting_bsn: each(&["urn:nl-eid-gdi:1.0:ActingSubjectID"]),
                company: Some(Qualified {
                    value: ClaimPath::new(&["urn:etoegang:core:LegalSubjectID"]),
                    qualifier: ClaimPath::new(&["namequalifier"]),
                }),
                vestiging: each(&[BRANCH]),
                acting_kvk: each(&[INTERMEDIATE]),
                ward_bsn: each(&["sel_uid"]),
                employee: each(&[EMPLOYEE]),
                service: each(&["urn:nl-eid-gdi:1.0:ServiceUUID", SERVICE_UUID, SERVICE_ID]),
                ..eidas()
            },
            "keycloak" => Self {
                bsn: vec![inside("aanvrager", "bsn")],
                kvk: vec![inside("aanvrager", "kvk")],
                rsin: vec![inside("aanvrager", "rsin")],
                vestiging: vec![
                    inside("aanvrager", "vestigingsnummer"),
                    ClaimPath::new(&["vestigingsnummer"]),
                ],
                acting_bsn: vec![inside("gemachtigde", "bsn")],
                acting_kvk: vec![inside("gemachtigde", "kvk")],
                service: each(&[SERVICE_UUID]),
                ..Self::default()
            },
            _ => return None,
        })
    }

    fn paths(&self) -> impl Iterator<Item = &ClaimPath> {
        let lists = [
            &self.bsn,
            &self.kvk,
            &self.rsin,
            &self.vestiging,
            &self.ward_bsn,
            &self.acting_bsn,
            &self.acting_kvk,
            &self.employee,
            &self.service,
            &self.eidas_pseudonym,
            &self.eidas_bsn,
            &self.sector,
            &self.name,
            &self.given_name,
            &self.family_name,
        ];
        let company = self.company.iter().flat_map(|c| [&c.value, &c.qualifier]);
        lists.into_iter().flatten().chain(company)
    }

    pub(super) fn reads(&self, name: &str) -> bool {
        DELEGATIONS.contains(&name) || self.paths().any(|path| path.top() == name)
    }

    pub(super) fn identity(
        &self,
        claims: &Claims,
        loa: LevelOfAssurance,
    ) -> Result<Identity, IdentityError> {
        self.refuse_unread_delegation(claims)?;
        one(&self.sector, claims, number::sector)?;
        let linked = one(&self.eidas_bsn, claims, number::bsn)?;
        let eidas = one(&self.eidas_pseudonym, claims, number::opaque)?;
        if linked.is_some() && eidas.is_none() {
            // What links a BSN to nobody is not a form that eIDAS has.
            return Err(IdentityError::Contradiction);
        }
        let bsn = match (one(&self.bsn, claims, number::bsn)?, linked) {
            (own, Some(linked)) => Some(agree(own, linked)?),
            (own, None) => own,
        };
        let ward = one(&self.ward_bsn, claims, number::bsn)?;
        let (kvk, rsin) = self.company(claims)?;
        let vestiging = one(&self.vestiging, claims, number::vestiging)?;
        let acting = Acting {
            bsn: one(&self.acting_bsn, claims, number::bsn)?,
            kvk: one(&self.acting_kvk, claims, number::kvk)?,
        };
        let employee = one(&self.employee, claims, number::opaque)?;
        let scope = self.scope(claims)?;
        let means = if eidas.is_some() {
            Means::Eidas
        } else {
            Means::National
        };
        let issuer = claims.get("iss").and_then(Value::as_str);
        let pseudonym = |name: &str| Pseudoniem::new(issuer.unwrap_or_default(), name);

        let (on_behalf_of, actor) = match (bsn, Bedrijfsnummers::new(kvk, rsin), ward, eidas) {
            (Some(bsn), None, None, _) => {
                if vestiging.is_some() {
                    return Err(IdentityError::Contradiction);
                }
                let actor = acting.other_than(Some(&bsn), None)?;
                (Subject::Burger(bsn), actor.unwrap_or(Actor::Self_))
            }
            (None, Some(nummers), None, None) => {
                let actor = acting
                    .other_than(None, nummers.kvk())?
                    .or_else(|| employee.map(|name| Actor::Medewerker(pseudonym(&name))))
                    .unwrap_or(Actor::Self_);
                let company = Onderneming { nummers, vestiging };
                (Subject::Onderneming(company), actor)
            }
            (None, Some(nummers), Some(ward), None) => {
                // Three parties, or one branch that is put under bewind: nobody wrote down what that means.
                if acting.is_somebody() || vestiging.is_some() {
                    return Err(IdentityError::Contradiction);
                }
                (Subject::Burger(ward), Actor::Onderneming(nummers))
            }
            (None, None, None, Some(name)) => {
                // There is nobody in particular to act for.
                if acting.is_somebody() || vestiging.is_some() {
                    return Err(IdentityError::PartyKind);
                }
                (Subject::Pseudoniem(pseudonym(&name)), Actor::Self_)
            }
            (None, None, _, None) => return Err(IdentityError::NoParty),
            _ => return Err(IdentityError::Contradiction),
        };
        let for_another = !matches!(actor, Actor::Self_ | Actor::Medewerker(_));
        let mandate = for_another.then(|| Mandate::between(&actor, &on_behalf_of, scope));
        Ok(Identity {
            on_behalf_of,
            mandate,
            actor,
            loa,
            means,
            label: self.label(claims),
        })
    }

    /// Every service that is named anywhere. One service may have two names, so they need not agree: each
    /// opens what the policy says, and one that the policy does not name opens nothing.
    fn scope(&self, claims: &Claims) -> Result<MandateScope, IdentityError> {
        let mut names = Vec::new();
        let mut stated = false;
        for path in &self.service {
            let Some(value) = path.find(claims)? else {
                continue;
            };
            stated = true;
            match value {
                Value::Array(list) => {
                    for value in list {
                        names.push(number::opaque(value)?);
                    }
                }
                value => names.push(number::opaque(value)?),
            }
        }
        // An empty list is a mandate for no service, which is not a mandate without one.
        Ok(if stated {
            MandateScope::Services(names)
        } else {
            MandateScope::Unstated
        })
    }

    /// The company's number, from claims of its own or from a qualified one.
    fn company(&self, claims: &Claims) -> Result<(Option<KvkNummer>, Option<Rsin>), IdentityError> {
        let mut kvk = one(&self.kvk, claims, number::kvk)?;
        let mut rsin = one(&self.rsin, claims, number::rsin)?;
        let Some(company) = &self.company else {
            return Ok((kvk, rsin));
        };
        let Some(value) = company.value.find(claims)? else {
            return Ok((kvk, rsin));
        };
        match company.qualifier.find(claims)?.and_then(Value::as_str) {
            Some(KVK_QUALIFIER) => kvk = Some(agree(kvk, number::kvk(value)?)?),
            Some(RSIN_QUALIFIER) => rsin = Some(agree(rsin, number::rsin(value)?)?),
            _ => return Err(IdentityError::PartyKind),
        }
        Ok((kvk, rsin))
    }

    fn refuse_unread_delegation(&self, claims: &Claims) -> Result<(), IdentityError> {
        for name in DELEGATIONS {
            let read = self.paths().any(|path| path.top() == name);
            if !read && claims.get(name).is_some_and(|value| !value.is_null()) {
                return Err(IdentityError::Representation);
            }
        }
        // An object that should hold a party but holds none that is known.
        for path in self.paths().filter(|path| path.0.len() > 1) {
            let Some(object) = claims.get(path.top()).filter(|value| !value.is_null()) else {
                continue;
            };
            let mut siblings = self.paths().filter(|other| other.top() == path.top());
            let known = siblings.any(|other| matches!(other.find(claims), Ok(Some(_))));
            if !object.is_object() || !known {
                return Err(IdentityError::Representation);
            }
        }
        Ok(())
    }

    fn label(&self, claims: &Claims) -> Option<String> {
        let first = |paths: &[ClaimPath]| {
            let mut found = paths.iter();
            found.find_map(|path| label(path.find(claims).ok().flatten()))
        };
        first(&self.name).or_else(|| {
            let (given, family) = (first(&self.given_name)?, first(&self.family_name)?);
            label(Some(&Value::from(format!("{given} {family}"))))
        })
    }
}

/// The one value of a fact: every place that has it must say the same.
fn one<T: PartialEq>(
    paths: &[ClaimPath],
    claims: &Claims,
    read: impl Fn(&Value) -> Result<T, IdentityError>,
) -> Result<Option<T>, IdentityError> {
    let mut found = None;
    for path in paths {
        if let Some(value) = path.find(claims)? {
            found = Some(agree(found, read(value)?)?);
        }
    }
    Ok(found)
}

fn agree<T: PartialEq>(before: Option<T>, now: T) -> Result<T, IdentityError> {
    match before {
        Some(before) if before != now => Err(IdentityError::Contradiction),
        _ => Ok(now),
    }
}

/// Who acts, as the claims have it.
struct Acting {
    bsn: Option<Bsn>,
    kvk: Option<KvkNummer>,
}

impl Acting {
    const fn is_somebody(&self) -> bool {
        self.bsn.is_some() || self.kvk.is_some()
    }

    /// The actor, where that is somebody else than the party itself.
    fn other_than(
        self,
        own_bsn: Option<&Bsn>,
        own_kvk: Option<&KvkNummer>,
    ) -> Result<Option<Actor>, IdentityError> {
        match (self.bsn, self.kvk) {
            (Some(_), Some(_)) => Err(IdentityError::Contradiction),
            (Some(bsn), None) => Ok((Some(&bsn) != own_bsn).then_some(Actor::Burger(bsn))),
            (None, Some(kvk)) => Ok(
                (Some(&kvk) != own_kvk).then_some(Actor::Onderneming(Bedrijfsnummers::Kvk(kvk)))
            ),
            (None, None) => Ok(None),
        }
    }
}

#[cfg(test)]
#[path = "flat_tests.rs"]
mod tests;
