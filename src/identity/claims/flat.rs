//! Maps in which each fact has a claim of its own.

use serde::Deserialize;
use serde_json::Value;

use super::{ClaimPath, Claims, label, number};
use crate::domain::{
    Actor, Bsn, Identity, KvkNummer, LevelOfAssurance, Mandate, Onderneming, Rsin, Subject,
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
    /// The service that the mandate is for.
    pub service: Vec<ClaimPath>,
    /// A name to show.
    pub name: Vec<ClaimPath>,
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

/// Claims of delegation that no flat map reads. Present, they change whose data it is, so they may not
/// be passed over.
const OTHER_DELEGATIONS: [&str; 3] = ["represents", "act", "may_act"];

impl FlatMap {
    pub(super) fn preset(name: &str) -> Option<Self> {
        let one = |name: &str| vec![ClaimPath::new(&[name])];
        let inside = |outer: &str, name: &str| vec![ClaimPath::new(&[outer, name])];
        Some(match name {
            "demo" => Self {
                bsn: one("bsn"),
                kvk: one("kvk"),
                vestiging: one("vestigingsnummer"),
                name: one("name"),
                ..Self::default()
            },
            "signicat" => Self {
                bsn: one("nin"),
                acting_bsn: one("acting_nin"),
                kvk: one("chamber_of_commerce"),
                rsin: one("eherkenning_rsin"),
                vestiging: one("eherkenning_vestigingsnr"),
                acting_kvk: one("eherkenning_intermediate_kvk_nr"),
                service: one("eherkenningServiceUUID"),
                ..Self::default()
            },
            "maykin" => Self {
                bsn: vec![
                    ClaimPath::new(&["bsn"]),
                    ClaimPath::new(&["urn:nl-eid-gdi:1.0:LegalSubjectID"]),
                ],
                acting_bsn: one("urn:nl-eid-gdi:1.0:ActingSubjectID"),
                company: Some(Qualified {
                    value: ClaimPath::new(&["urn:etoegang:core:LegalSubjectID"]),
                    qualifier: ClaimPath::new(&["namequalifier"]),
                }),
                vestiging: one("urn:etoegang:1.9:ServiceRestriction:Vestigingsnr"),
                acting_kvk: one("urn:etoegang:1.9:IntermediateEntityID:KvKnr"),
                ward_bsn: one("sel_uid"),
                employee: one("urn:etoegang:core:ActingSubjectID"),
                service: vec![
                    ClaimPath::new(&["urn:nl-eid-gdi:1.0:ServiceUUID"]),
                    ClaimPath::new(&["urn:etoegang:core:ServiceUUID"]),
                ],
                ..Self::default()
            },
            "keycloak" => Self {
                bsn: inside("aanvrager", "bsn"),
                kvk: inside("aanvrager", "kvk"),
                acting_bsn: inside("gemachtigde", "bsn"),
                acting_kvk: inside("gemachtigde", "kvk"),
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
            &self.name,
        ];
        let company = self.company.iter().flat_map(|c| [&c.value, &c.qualifier]);
        lists.into_iter().flatten().chain(company)
    }

    pub(super) fn reads(&self, name: &str) -> bool {
        OTHER_DELEGATIONS.contains(&name) || self.paths().any(|path| path.top() == name)
    }

    pub(super) fn identity(
        &self,
        claims: &Claims,
        loa: LevelOfAssurance,
    ) -> Result<Identity, IdentityError> {
        self.refuse_unread_delegation(claims)?;
        let bsn = one(&self.bsn, claims, number::bsn)?;
        let ward = one(&self.ward_bsn, claims, number::bsn)?;
        let (kvk, rsin) = self.company(claims)?;
        let vestiging = one(&self.vestiging, claims, number::vestiging)?;
        let acting_bsn = one(&self.acting_bsn, claims, number::bsn)?;
        let acting_kvk = one(&self.acting_kvk, claims, number::kvk)?;
        let employee = one(&self.employee, claims, number::opaque)?;
        let service = one(&self.service, claims, number::opaque)?;

        let (on_behalf_of, actor) = match (bsn, kvk, ward) {
            (Some(bsn), None, None) => {
                if rsin.is_some() || vestiging.is_some() {
                    return Err(IdentityError::Contradiction);
                }
                let actor = acting(acting_bsn, acting_kvk, Some(&bsn), None)?;
                (Subject::Burger(bsn), actor.unwrap_or(Actor::Self_))
            }
            (None, Some(kvk), None) => {
                let actor = acting(acting_bsn, acting_kvk, None, Some(&kvk))?;
                let actor = actor
                    .or_else(|| employee.map(Actor::Medewerker))
                    .unwrap_or(Actor::Self_);
                let company = Onderneming {
                    kvk,
                    rsin,
                    vestiging,
                };
                (Subject::Onderneming(company), actor)
            }
            (None, Some(kvk), Some(ward)) => {
                // Three parties: nobody wrote down what that would mean.
                if acting_bsn.is_some() || acting_kvk.is_some() {
                    return Err(IdentityError::Contradiction);
                }
                (Subject::Burger(ward), Actor::Onderneming(kvk))
            }
            (None, None, None) if rsin.is_some() => return Err(IdentityError::PartyKind),
            (None, None, _) => return Err(IdentityError::NoParty),
            (Some(_), _, _) => return Err(IdentityError::Contradiction),
        };
        let for_another = !matches!(actor, Actor::Self_ | Actor::Medewerker(_));
        Ok(Identity {
            on_behalf_of,
            mandate: for_another.then_some(Mandate { service }),
            actor,
            loa,
            label: self.label(claims),
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
        for name in OTHER_DELEGATIONS {
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
        self.name
            .iter()
            .find_map(|path| label(path.find(claims).ok().flatten()))
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

/// Who acts, where that is somebody else than the party itself.
fn acting(
    bsn: Option<Bsn>,
    kvk: Option<KvkNummer>,
    own_bsn: Option<&Bsn>,
    own_kvk: Option<&KvkNummer>,
) -> Result<Option<Actor>, IdentityError> {
    match (bsn, kvk) {
        (Some(_), Some(_)) => Err(IdentityError::Contradiction),
        (Some(bsn), None) => Ok((Some(&bsn) != own_bsn).then_some(Actor::Burger(bsn))),
        (None, Some(kvk)) => Ok((Some(&kvk) != own_kvk).then_some(Actor::Onderneming(kvk))),
        (None, None) => Ok(None),
    }
}

#[cfg(test)]
#[path = "flat_tests.rs"]
mod tests;
