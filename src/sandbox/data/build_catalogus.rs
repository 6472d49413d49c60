//! Makes the records of the catalogue from its definitions.

use super::World;
use super::catalogus::{INFORMATIEOBJECTTYPEN, ZAAKTYPEN};
use super::model::{
    Besluittype, Eigenschap, Informatieobjecttype, Resultaattype, RolSoort, Roltype, Statustype,
    Zaaktype, ZaaktypeInformatieobjecttype,
};
use super::seed::Seed;

pub fn make_catalogus(world: &mut World, seed: &mut Seed, source: usize) {
    world.catalogus = seed.uuid();
    for (omschrijving, vertrouwelijkheid) in INFORMATIEOBJECTTYPEN {
        world.informatieobjecttypen.add(Informatieobjecttype {
            id: seed.uuid(),
            omschrijving,
            vertrouwelijkheid,
        });
    }
    for def in ZAAKTYPEN {
        let mut seed = Seed::of(&format!("{} {}", def.identificatie, def.begin), source);
        let zaaktype = world.zaaktypen.len();
        let eind = def.statussen.len();
        let statustypen = (1..)
            .zip(def.statussen)
            .map(|(volgnummer, (omschrijving, statustekst))| {
                world.statustypen.add(Statustype {
                    id: seed.uuid(),
                    zaaktype,
                    volgnummer,
                    omschrijving,
                    statustekst,
                    eind: volgnummer == eind,
                })
            })
            .collect();
        let resultaattypen = def
            .resultaten
            .iter()
            .map(|omschrijving| {
                world.resultaattypen.add(Resultaattype {
                    id: seed.uuid(),
                    zaaktype,
                    omschrijving,
                })
            })
            .collect();
        let roltypen = RolSoort::ALL
            .into_iter()
            .map(|soort| {
                world.roltypen.add(Roltype {
                    id: seed.uuid(),
                    zaaktype,
                    soort,
                })
            })
            .collect();
        let besluittype = def.besluit.map(|omschrijving| {
            world.besluittypen.add(Besluittype {
                id: seed.uuid(),
                zaaktype,
                omschrijving,
            })
        });
        let eigenschap = def.eigenschap.map(|naam| {
            world.eigenschappen.add(Eigenschap {
                id: seed.uuid(),
                zaaktype,
                naam,
            })
        });
        for place in 0..INFORMATIEOBJECTTYPEN.len() {
            world
                .zaaktype_informatieobjecttypen
                .add(ZaaktypeInformatieobjecttype {
                    id: seed.uuid(),
                    zaaktype,
                    informatieobjecttype: place,
                    volgnummer: place + 1,
                });
        }
        world.zaaktypen.add(Zaaktype {
            id: seed.uuid(),
            def,
            statustypen,
            resultaattypen,
            roltypen,
            besluittype,
            eigenschap,
        });
    }
}
