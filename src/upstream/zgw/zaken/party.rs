//! Whose zaken: the only thing that a list of zaken or rollen can be filtered on.
//!
//! A list query cannot be built without a [`Door`], and a door only comes from a [`Subject`]: an
//! unfiltered query cannot be expressed.

use crate::domain::{KvkNummer, Rsin, Subject};
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
            Subject::Onderneming(company) => {
                let kvk = company.kvk().map(KvkNummer::expose);
                let doors = match (&company.vestiging, kvk) {
                    // A branch is proven by both numbers in one rol: without the one there is no door.
                    (Some(_), None) => vec![],
                    (Some(vestiging), Some(kvk)) => {
                        let vestiging = vestiging.expose();
                        let mut of_branch = vec![(VESTIGING, vestiging)];
                        // A vestigingsnummer alone says less than the two together.
                        if knows(CompanyFilter::VestigingKvk) {
                            of_branch.push((VESTIGING_KVK, kvk));
                        }
                        vec![
                            (
                                CompanyFilter::NnpKvk,
                                door(&[(NNP_KVK, kvk), (NNP_VESTIGING, vestiging)]),
                            ),
                            (CompanyFilter::Vestiging, door(&of_branch)),
                        ]
                    }
                    (None, kvk) => {
                        let rsin = company.rsin().map(Rsin::expose);
                        [
                            kvk.map(|kvk| (CompanyFilter::NnpKvk, door(&[(NNP_KVK, kvk)]))),
                            kvk.map(|kvk| {
                                (CompanyFilter::VestigingKvk, door(&[(VESTIGING_KVK, kvk)]))
                            }),
                            rsin.map(|rsin| (CompanyFilter::Rsin, door(&[(NNP_RSIN, rsin)]))),
                        ]
                        .into_iter()
                        .flatten()
                        .collect()
                    }
                };
                doors
                    .into_iter()
                    .filter(|(filter, _)| knows(*filter))
                    .map(|(_, door)| door)
                    .collect()
            }
            // Nothing is filed under a pseudonym.
            Subject::Pseudoniem(_) => vec![],
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
    use crate::domain::{Bedrijfsnummers, Bsn, Onderneming, Pseudoniem, Vestigingsnummer};

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
            nummers: Bedrijfsnummers::Beide {
                kvk: KvkNummer::parse("69599084").unwrap(),
                rsin: Rsin::parse("517439943").unwrap(),
            },
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

    #[test]
    fn a_company_known_by_rsin_alone_has_one_door_and_a_branch_of_it_none() {
        let company = |vestiging: Option<&str>| {
            Subject::Onderneming(Onderneming {
                nummers: Bedrijfsnummers::Rsin(Rsin::parse("517439943").unwrap()),
                vestiging: vestiging.map(|v| Vestigingsnummer::parse(v).unwrap()),
            })
        };
        let doors = Door::of(&company(None), &ALL);
        let asked: Vec<_> = doors.iter().flat_map(Door::for_rollen).collect();
        let rsin = "betrokkeneIdentificatie__nietNatuurlijkPersoon__innNnpId";
        assert_eq!(asked, [(rsin.to_owned(), "517439943".to_owned())]);
        assert_eq!(Door::of(&company(Some("000037178598")), &ALL), []);
        let pseudoniem = Subject::Pseudoniem(Pseudoniem::new("iss", "x"));
        assert_eq!(Door::of(&pseudoniem, &ALL), []);
    }

    #[test]
    fn a_branch_is_asked_for_with_its_company_where_the_source_can() {
        let branch = Subject::Onderneming(Onderneming {
            nummers: Bedrijfsnummers::Kvk(KvkNummer::parse("69599084").unwrap()),
            vestiging: Some(Vestigingsnummer::parse("000037178598").unwrap()),
        });
        for (filters, terms) in [(&ALL[..], 2), (&[CompanyFilter::Vestiging][..], 1)] {
            let doors = Door::of(&branch, filters);
            assert_eq!(
                doors.last().unwrap().for_zaken().len(),
                terms,
                "{filters:?}"
            );
        }
    }
}
