//! The data of the sandbox: a gemeente that does not exist, its catalogue, its people and their zaken.
//! Everything follows from the clock's day and the options, so that two starts give the same.

mod build;
mod build_catalogus;
pub mod catalogus;
pub mod model;
mod people;
mod seed;
mod stories;

use jiff::civil::Date;
use uuid::Uuid;

pub use people::{Person, PersonNumber};

/// The people and companies that always exist.
pub mod fixed {
    pub use super::people::{
        BAKKERIJ, BAKKERIJ_KVK, BAKKERIJ_RSIN, BEWIND, BEWIND_KVK, KAREL, PIETER,
    };
}

pub use seed::Seed;

use model::{
    Besluit, Besluitinformatieobject, Besluittype, Document, Eigenschap, Informatieobjecttype,
    Resultaat, Resultaattype, Rol, Roltype, Status, Statustype, Substatus, Table, Zaak,
    Zaakeigenschap, Zaakinformatieobject, Zaaktype, ZaaktypeInformatieobjecttype,
};

use crate::sandbox::large::Large;

/// RSIN of the gemeente Lindenwaard.
pub const GEMEENTE_RSIN: &str = "999987926";

/// Everything that the ZGW APIs answer from.
#[derive(Debug, Default)]
pub struct World {
    pub catalogus: Uuid,
    pub zaaktypen: Table<Zaaktype>,
    pub statustypen: Table<Statustype>,
    pub resultaattypen: Table<Resultaattype>,
    pub roltypen: Table<Roltype>,
    pub eigenschappen: Table<Eigenschap>,
    pub informatieobjecttypen: Table<Informatieobjecttype>,
    pub besluittypen: Table<Besluittype>,
    pub zaaktype_informatieobjecttypen: Table<ZaaktypeInformatieobjecttype>,
    pub zaken: Table<Zaak>,
    pub statussen: Table<Status>,
    pub substatussen: Table<Substatus>,
    pub rollen: Table<Rol>,
    pub resultaten: Table<Resultaat>,
    pub zaakinformatieobjecten: Table<Zaakinformatieobject>,
    pub zaakeigenschappen: Table<Zaakeigenschap>,
    pub documenten: Table<Document>,
    pub besluiten: Table<Besluit>,
    pub besluitinformatieobjecten: Table<Besluitinformatieobject>,
}

/// What a world is to hold.
#[derive(Debug, Clone, Copy, Default)]
pub struct Plan {
    /// Zaken of the first person.
    pub zaken: usize,
    /// Generated persons beyond the fixed ones.
    pub extra_persons: usize,
    /// Which zaaksysteem it is for, from 0. All know the same people, with other zaken.
    pub source: usize,
    /// One more document of the first person's showpiece.
    pub large: Option<Large>,
}

/// The world as it is on `today`, and who lives in it.
pub fn make(today: Date, plan: &Plan) -> (World, Vec<Person>) {
    let mut builder = build::Builder::new(today, plan.source);
    let persons = stories::tell(&mut builder, plan);
    (builder.world, persons)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Bsn, Rsin};

    fn world(zaken: usize, extra: usize) -> (World, Vec<Person>) {
        let plan = Plan {
            zaken,
            extra_persons: extra,
            ..Plan::default()
        };
        make(jiff::civil::date(2026, 11, 24), &plan)
    }

    fn zaken_of<'a>(world: &'a World, number: &str) -> Vec<&'a Zaak> {
        world
            .zaken
            .iter()
            .filter(|zaak| {
                world
                    .rollen
                    .at(&zaak.rollen)
                    .any(|rol| match &*rol.betrokkene {
                        model::Betrokkene::Persoon { bsn, .. } => bsn == number,
                        model::Betrokkene::Bedrijf { kvk, .. }
                        | model::Betrokkene::Vestiging { kvk, .. } => kvk == number,
                        _ => false,
                    })
            })
            .collect()
    }

    #[test]
    fn the_persons_come_in_the_order_of_the_design() {
        let (world, persons) = world(25, 3);
        let counts: Vec<usize> = persons
            .iter()
            .map(|person| zaken_of(&world, person.number.as_str()).len())
            .collect();
        assert_eq!(counts[..4], [25, 0, 1, 6]);
        assert_eq!(counts[6], 872);
        assert!(counts[7] >= 5);
        assert_eq!(persons.len(), 11);
        for person in &persons {
            match &person.number {
                PersonNumber::Bsn(bsn) => {
                    assert!(Bsn::parse(bsn).is_ok() && bsn.starts_with("9999"), "{bsn}");
                }
                PersonNumber::Kvk(kvk) => assert_eq!(kvk.len(), 8),
            }
        }
        assert!(Rsin::parse(GEMEENTE_RSIN).is_ok());
    }

    #[test]
    fn the_first_persons_latest_open_zaak_is_the_showpiece() {
        let (world, persons) = world(25, 0);
        let zaken = zaken_of(&world, persons[0].number.as_str());
        let open = zaken
            .iter()
            .filter(|zaak| zaak.einde.is_none())
            .max_by_key(|zaak| zaak.start)
            .unwrap();
        let latest = zaken.iter().filter(|zaak| zaak.start >= open.start).count();
        assert_eq!(latest, 1, "no other zaak is as recent");
        assert_eq!(open.zaakinformatieobjecten.len(), 3);
        assert_eq!(open.besluiten.len(), 1);
        assert!(open.substatussen.len() >= 2);
        let zaaktype = world.zaaktypen.get(open.zaaktype).unwrap();
        assert_eq!(zaaktype.statustypen.len(), 6);
    }

    #[test]
    fn two_worlds_of_the_same_day_are_the_same() {
        let (a, b) = (world(3, 1).0, world(3, 1).0);
        let ids = |world: &World| -> Vec<Uuid> { world.zaken.iter().map(|z| z.id).collect() };
        assert_eq!(ids(&a), ids(&b));
        assert_eq!(world(0, 0).1.len(), 8);
    }

    #[test]
    fn two_zaaksystemen_share_people_and_nothing_else() {
        let of = |source| {
            let plan = Plan {
                zaken: 25,
                source,
                ..Plan::default()
            };
            make(jiff::civil::date(2026, 11, 24), &plan)
        };
        let ((a, people), (b, same_people)) = (of(0), of(1));
        assert_eq!(people, same_people);
        assert_eq!(a.zaken.len(), b.zaken.len());
        for zaak in b.zaken.iter() {
            assert!(a.zaken.find(zaak.id).is_none());
            assert!(
                !a.zaken
                    .iter()
                    .any(|z| z.identificatie == zaak.identificatie)
            );
        }
        for zaaktype in b.zaaktypen.iter() {
            assert!(a.zaaktypen.find(zaaktype.id).is_none());
        }
        for document in b.documenten.iter() {
            assert!(a.documenten.find(document.id).is_none());
        }
    }

    #[test]
    fn a_large_document_hangs_in_the_showpiece() {
        let large = Large {
            length: 5_000_000_000,
            bytes_per_second: 0,
        };
        let plan = Plan {
            zaken: 1,
            large: Some(large),
            ..Plan::default()
        };
        let (world, _) = make(jiff::civil::date(2026, 11, 24), &plan);
        let zaak = world.zaken.get(0).unwrap();
        let links = world
            .zaakinformatieobjecten
            .at(&zaak.zaakinformatieobjecten);
        let lengths: Vec<u64> = links
            .map(|link| world.documenten.get(link.document).unwrap().length())
            .collect();
        assert_eq!(lengths.len(), 4);
        assert_eq!(lengths[3], large.length);
    }

    #[test]
    fn zaaknummers_are_unique_and_no_zaak_lies_in_the_future() {
        let (world, _) = world(25, 2);
        let mut numbers: Vec<&str> = world.zaken.iter().map(|z| &*z.identificatie).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), world.zaken.len());
        let today = jiff::civil::date(2026, 11, 24);
        for zaak in world.zaken.iter() {
            assert!(zaak.start <= today);
            assert!(zaak.einde.is_none_or(|einde| einde <= today));
            for status in world.statussen.at(&zaak.statussen) {
                assert!(status.gezet.day >= zaak.start && status.gezet.day <= today);
            }
        }
    }
}
