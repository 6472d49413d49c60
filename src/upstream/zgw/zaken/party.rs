//! Whose zaken: the only thing that a list of zaken or rollen can be filtered on.
//!
//! A list query cannot be built without a [`Door`], and a door only comes from a [`Subject`]: an
//! unfiltered query cannot be expressed.

use crate::domain::Subject;
use crate::upstream::zgw::CompanyFilter;

/// One filter by which a source finds what belongs to a party. A company has several, each of which is
/// asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Door {
    terms: Vec<(&'static str, String)>,
}

const BSN: &str = "natuurlijkPersoon__inpBsn";
const NNP_KVK: &str = "nietNatuurlijkPersoon__kvkNummer";
const NNP_RSIN: &str = "nietNatuurlijkPersoon__innNnpId";
const NNP_VESTIGING: &str = "nietNatuurlijkPersoon__vestigingsNummer";
const VESTIGING_KVK: &str = "vestiging__kvkNummer";
const VESTIGING: &str = "vestiging__vestigingsNummer";

impl Door {
    /// The doors of a party at a source that knows these filters. A branch restriction narrows: then no
    /// door opens company-wide. None at all: the source cannot be asked for this party's zaken.
    pub fn of(subject: &Subject, filters: &[CompanyFilter]) -> Vec<Self> {
        let knows = |filter| filters.contains(&filter);
        let door = |terms: &[(&'static str, &str)]| Self {
            terms: terms
                .iter()
                .map(|(field, value)| (*field, (*value).to_owned()))
                .collect(),
        };
        match subject {
            Subject::Burger(bsn) => vec![door(&[(BSN, bsn.expose())])],
            Subject::Onderneming(company) => match &company.vestiging {
                Some(vestiging) => [
                    (
                        CompanyFilter::NnpKvk,
                        door(&[
                            (NNP_KVK, company.kvk.expose()),
                            (NNP_VESTIGING, vestiging.expose()),
                        ]),
                    ),
                    (
                        CompanyFilter::Vestiging,
                        door(&[(VESTIGING, vestiging.expose())]),
                    ),
                ]
                .into_iter()
                .filter(|(filter, _)| knows(*filter))
                .map(|(_, door)| door)
                .collect(),
                None => {
                    let kvk = company.kvk.expose();
                    let rsin = company.rsin.as_ref();
                    [
                        Some((CompanyFilter::NnpKvk, door(&[(NNP_KVK, kvk)]))),
                        Some((CompanyFilter::VestigingKvk, door(&[(VESTIGING_KVK, kvk)]))),
                        rsin.map(|rsin| (CompanyFilter::Rsin, door(&[(NNP_RSIN, rsin.expose())]))),
                    ]
                    .into_iter()
                    .flatten()
                    .filter(|(filter, _)| knows(*filter))
                    .map(|(_, door)| door)
                    .collect()
                }
            },
        }
    }

    /// Parameters for `/zaken` and `/zaken/_zoek`.
    pub(super) fn for_zaken(&self) -> Vec<(String, String)> {
        self.terms
            .iter()
            .map(|(field, value)| {
                (
                    format!("rol__betrokkeneIdentificatie__{field}"),
                    value.clone(),
                )
            })
            .collect()
    }

    /// Parameters for `/rollen`.
    pub(super) fn for_rollen(&self) -> Vec<(String, String)> {
        self.terms
            .iter()
            .map(|(field, value)| (format!("betrokkeneIdentificatie__{field}"), value.clone()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Bsn, KvkNummer, Onderneming, Rsin, Vestigingsnummer};

    const ALL: [CompanyFilter; 4] = [
        CompanyFilter::NnpKvk,
        CompanyFilter::VestigingKvk,
        CompanyFilter::Rsin,
        CompanyFilter::Vestiging,
    ];

    #[test]
    fn a_burger_has_one_door() {
        let doors = Door::of(&Subject::Burger(Bsn::parse("999990019").unwrap()), &[]);
        assert_eq!(
            doors[0].for_zaken(),
            [(
                "rol__betrokkeneIdentificatie__natuurlijkPersoon__inpBsn".to_owned(),
                "999990019".to_owned()
            )]
        );
        assert_eq!(doors.len(), 1);
    }

    #[test]
    fn a_branch_restriction_closes_the_company_wide_doors() {
        let company = Onderneming {
            kvk: KvkNummer::parse("69599084").unwrap(),
            rsin: Some(Rsin::parse("517439943").unwrap()),
            vestiging: None,
        };
        let whole = Subject::Onderneming(company.clone());
        assert_eq!(Door::of(&whole, &ALL).len(), 3);
        assert_eq!(Door::of(&whole, &[CompanyFilter::Rsin]).len(), 1);
        assert_eq!(Door::of(&whole, &[CompanyFilter::Vestiging]), []);
        let branch = Onderneming {
            vestiging: Some(Vestigingsnummer::parse("000037178598").unwrap()),
            ..company
        };
        let branch = Subject::Onderneming(branch);
        assert_eq!(Door::of(&branch, &ALL).len(), 2);
        assert_eq!(Door::of(&branch, &[CompanyFilter::VestigingKvk]), []);
        for door in Door::of(&branch, &ALL) {
            assert!(
                door.for_rollen()
                    .iter()
                    .any(|(name, value)| name.ends_with("vestigingsNummer")
                        && value == "000037178598"),
                "{door:?}"
            );
        }
    }
}
