//! Puts records together so that they agree: statuses run along the zaaktype, dates lie in the past,
//! documents hang where they should.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::World;
use super::build_catalogus::make_catalogus;
use super::catalogus::{self, INFORMATIEOBJECTTYPEN};
use super::model::{
    Besluit, Besluitinformatieobject, Betrokkene, Document, Moment, Resultaat, Rol, RolSoort,
    Status, Substatus, Zaak, Zaakeigenschap, Zaakinformatieobject,
};
use super::seed::Seed;
use crate::sandbox::files::FileKind;
use crate::sandbox::large::Large;

/// Numbers that one zaaksysteem gives out in a year, so that no two have the same.
const NUMBERS_OF_A_SOURCE: usize = 100_000_000;

pub struct Builder {
    pub world: World,
    pub today: Date,
    /// Which zaaksysteem this is, from 0: uuids, numbers and days differ from one to the next.
    source: usize,
    /// For the records of the zaak under construction.
    pub seed: Seed,
    numbers: BTreeMap<(&'static str, i16), u32>,
}

/// What to know before a zaak can be made.
pub struct ZaakSpec {
    pub zaaktype: &'static str,
    pub omschrijving: String,
    /// Days before today.
    pub dagen_geleden: i32,
    /// How many statuses were set.
    pub bereikt: usize,
    /// The resultaat by its place in the zaaktype; given means closed.
    pub resultaat: Option<usize>,
    pub vertrouwelijkheid: &'static str,
}

impl ZaakSpec {
    pub fn open(zaaktype: &'static str, omschrijving: &str, geleden: i32, bereikt: usize) -> Self {
        Self {
            zaaktype,
            omschrijving: omschrijving.to_owned(),
            dagen_geleden: geleden,
            bereikt,
            resultaat: None,
            vertrouwelijkheid: "zaakvertrouwelijk",
        }
    }

    pub fn closed(
        zaaktype: &'static str,
        omschrijving: &str,
        geleden: i32,
        resultaat: usize,
    ) -> Self {
        Self {
            resultaat: Some(resultaat),
            bereikt: usize::MAX,
            ..Self::open(zaaktype, omschrijving, geleden, 0)
        }
    }
}

pub struct DocSpec<'a> {
    pub titel: &'a str,
    pub kind: FileKind,
    pub soort: &'static str,
    pub vertrouwelijkheid: &'static str,
    pub status: &'static str,
    pub dagen_geleden: i32,
    pub regels: &'a [&'a str],
}

impl Builder {
    pub fn new(today: Date, source: usize) -> Self {
        let mut builder = Self {
            world: World::default(),
            today,
            source,
            seed: Seed::of("catalogus Lindenwaard", source),
            numbers: BTreeMap::new(),
        };
        make_catalogus(&mut builder.world, &mut builder.seed, source);
        builder
    }

    pub fn day(&self, dagen_geleden: i32) -> Date {
        let later = i32::try_from(self.source).unwrap_or(0);
        self.today.saturating_sub((dagen_geleden + later).days())
    }

    fn number(&mut self, prefix: &'static str, day: Date) -> String {
        let last = self.numbers.entry((prefix, day.year())).or_insert(0);
        *last += 1;
        let number = self.source * NUMBERS_OF_A_SOURCE + *last as usize;
        format!("{prefix}-{}-{number:010}", day.year())
    }

    /// Gives the zaken their numbers in the order in which they began, as a register does.
    pub fn number_by_date(&mut self) {
        let mut order: Vec<(Date, usize)> = self
            .world
            .zaken
            .iter()
            .enumerate()
            .map(|(index, zaak)| (zaak.start, index))
            .collect();
        order.sort_unstable();
        for (start, index) in order {
            let number = self.number("ZAAK", start);
            self.change(index, |zaak| zaak.identificatie = number);
        }
    }

    /// The version of the zaaktype that was valid on the day.
    fn zaaktype(&self, identificatie: &str, day: Date) -> usize {
        let day = day.to_string();
        self.world
            .zaaktypen
            .iter()
            .position(|zaaktype| {
                zaaktype.def.identificatie == identificatie
                    && zaaktype.def.begin <= day.as_str()
                    && zaaktype.def.einde.is_none_or(|einde| day.as_str() < einde)
            })
            .unwrap_or(0)
    }

    /// A zaak with its statuses and resultaat; nobody has a rol in it yet. `key` makes its uuids.
    pub fn zaak(&mut self, key: &str, spec: ZaakSpec) -> usize {
        self.seed = Seed::of(key, self.source);
        let start = self.day(spec.dagen_geleden);
        let zaaktype = self.zaaktype(spec.zaaktype, start);
        let (statustypen, resultaattypen, eigenschap, dagen) = self
            .world
            .zaaktypen
            .get(zaaktype)
            .map(|found| {
                (
                    found.statustypen.clone(),
                    found.resultaattypen.clone(),
                    found.eigenschap,
                    found.def.dagen,
                )
            })
            .unwrap_or_default();
        let index = self.world.zaken.len();

        // The steps are spread over the time that has passed, or that the zaak took.
        let bereikt = spec.bereikt.min(statustypen.len());
        let duur = match spec.resultaat {
            Some(_) => spec.dagen_geleden.min(dagen - dagen / 6),
            None => spec.dagen_geleden,
        };
        let stap = |n: usize| {
            let parts = i32::try_from(bereikt.saturating_sub(1).max(1)).unwrap_or(1);
            let done = i32::try_from(n).unwrap_or(0);
            // The last step of an open zaak is not always today.
            let share = if spec.resultaat.is_some() {
                duur
            } else {
                duur * 9 / 10
            };
            spec.dagen_geleden - share * done / parts
        };
        let mut statussen = Vec::new();
        for (n, statustype) in statustypen.iter().take(bereikt).enumerate() {
            let gezet = Moment::new(self.day(stap(n)), 28_800 + self.seed.below(30_000) as u32);
            let id = self.seed.uuid();
            statussen.push(self.world.statussen.add(Status {
                id,
                zaak: index,
                statustype: *statustype,
                gezet,
                toelichting: "",
                laatst: n + 1 == bereikt,
            }));
        }
        let einde = spec
            .resultaat
            .map(|_| self.day(stap(bereikt.saturating_sub(1))));
        let resultaat = spec.resultaat.and_then(|place| {
            let resultaattype = *resultaattypen.get(place % resultaattypen.len().max(1))?;
            let id = self.seed.uuid();
            Some(self.world.resultaten.add(Resultaat {
                id,
                zaak: index,
                resultaattype,
                toelichting: "",
            }))
        });
        let plek = (spec.zaaktype == catalogus::MELDING).then(|| {
            let off = |n: usize| f64::from(n as u32) / 10_000.0;
            (
                5.30 + off(self.seed.below(200)),
                52.05 + off(self.seed.below(120)),
            )
        });
        let gemuteerd = self
            .world
            .statussen
            .at(&statussen)
            .last()
            .map_or(Moment::new(start, 32_400), |status| status.gezet);
        let id = self.seed.uuid();
        self.world.zaken.add(Zaak {
            id,
            identificatie: String::new(),
            zaaktype,
            omschrijving: spec.omschrijving,
            toelichting: "Ingediend via de website",
            start,
            einde,
            vertrouwelijkheid: spec.vertrouwelijkheid,
            hoofdzaak: None,
            deelzaken: Vec::new(),
            rollen: Vec::new(),
            statussen,
            substatussen: Vec::new(),
            resultaat,
            zaakinformatieobjecten: Vec::new(),
            eigenschappen: Vec::new(),
            besluiten: Vec::new(),
            plek,
            gemuteerd,
        });
        if let Some(eigenschap) = eigenschap {
            let waarde = if plek.is_some() {
                catalogus::adres(self.seed.below(90))
            } else {
                // Not a series that the RDW gives out for cars.
                format!("ZZ-{:03}-Z", self.seed.below(1000))
            };
            let id = self.seed.uuid();
            let place = self.world.zaakeigenschappen.add(Zaakeigenschap {
                id,
                zaak: index,
                eigenschap,
                waarde,
            });
            self.change(index, |zaak| zaak.eigenschappen.push(place));
        }
        index
    }

    pub fn change(&mut self, zaak: usize, change: impl FnOnce(&mut Zaak)) {
        if let Some(zaak) = self.world.zaken.get_mut(zaak) {
            change(zaak);
        }
    }

    pub fn rol(&mut self, zaak: usize, soort: RolSoort, betrokkene: &Arc<Betrokkene>) -> usize {
        let Some((zaaktype, start)) = self.world.zaken.get(zaak).map(|z| (z.zaaktype, z.start))
        else {
            return 0;
        };
        let place = RolSoort::ALL.iter().position(|known| *known == soort);
        let roltype = self
            .world
            .zaaktypen
            .get(zaaktype)
            .and_then(|zaaktype| zaaktype.roltypen.get(place?).copied())
            .unwrap_or(0);
        let rol = self.world.rollen.add(Rol {
            id: self.seed.uuid(),
            zaak,
            roltype,
            soort,
            betrokkene: Arc::clone(betrokkene),
            machtiging: "",
            loa: None,
            begin: None,
            einde: None,
            geregistreerd: Moment::new(start, 33_000),
        });
        self.change(zaak, |zaak| zaak.rollen.push(rol));
        rol
    }

    pub fn change_rol(&mut self, rol: usize, change: impl FnOnce(&mut Rol)) {
        if let Some(rol) = self.world.rollen.get_mut(rol) {
            change(rol);
        }
    }

    /// A document by itself, linked to nothing.
    pub fn document(&mut self, spec: &DocSpec<'_>) -> usize {
        let creatie = self.day(spec.dagen_geleden);
        let informatieobjecttype = INFORMATIEOBJECTTYPEN
            .iter()
            .position(|(omschrijving, _)| *omschrijving == spec.soort)
            .unwrap_or(0);
        let identificatie = self.number("DOCUMENT", creatie);
        let naam: String = spec
            .titel
            .to_lowercase()
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .collect();
        let van_buiten = matches!(
            spec.soort,
            catalogus::AANVRAAGFORMULIER
                | catalogus::TEKENING
                | catalogus::BEWIJSSTUK
                | catalogus::FOTO
        );
        let id = self.seed.uuid();
        self.world.documenten.add(Document {
            id,
            identificatie,
            titel: spec.titel.to_owned(),
            bestandsnaam: format!("{naam}.{}", spec.kind.extension()),
            soort: spec.kind,
            informatieobjecttype,
            vertrouwelijkheid: spec.vertrouwelijkheid,
            status: spec.status,
            auteur: if van_buiten {
                "Aanvrager"
            } else {
                "Team Dienstverlening"
            },
            creatie,
            ontvangst: van_buiten.then_some(creatie),
            verzending: (spec.soort == catalogus::BRIEF && spec.status == "definitief")
                .then_some(creatie),
            geregistreerd: Moment::new(creatie, 34_000),
            regels: spec.regels.iter().map(|&regel| regel.to_owned()).collect(),
            bytes: OnceLock::new(),
            large: None,
        })
    }

    /// Makes a document as large as is wanted.
    pub fn enlarge(&mut self, document: usize, large: Large) {
        if let Some(document) = self.world.documenten.get_mut(document) {
            document.large = Some(large);
        }
    }

    /// A document that belongs to a zaak.
    pub fn attach(&mut self, zaak: usize, spec: &DocSpec<'_>) -> usize {
        let document = self.document(spec);
        let link = Zaakinformatieobject {
            id: self.seed.uuid(),
            objectinformatieobject: self.seed.uuid(),
            zaak,
            document,
            geregistreerd: Moment::new(self.day(spec.dagen_geleden), 34_100),
        };
        let link = self.world.zaakinformatieobjecten.add(link);
        self.change(zaak, |zaak| zaak.zaakinformatieobjecten.push(link));
        document
    }

    pub fn besluit(
        &mut self,
        zaak: usize,
        dagen_geleden: i32,
        toelichting: &'static str,
        documenten: &[usize],
    ) {
        let datum = self.day(dagen_geleden);
        let Some(besluittype) = self
            .world
            .zaken
            .get(zaak)
            .and_then(|zaak| self.world.zaaktypen.get(zaak.zaaktype))
            .and_then(|zaaktype| zaaktype.besluittype)
        else {
            return;
        };
        let identificatie = self.number("BESLUIT", datum);
        let besluit = self.world.besluiten.len();
        for document in documenten {
            let id = self.seed.uuid();
            self.world
                .besluitinformatieobjecten
                .add(Besluitinformatieobject {
                    id,
                    besluit,
                    document: *document,
                });
        }
        let row = Besluit {
            id: self.seed.uuid(),
            zaakbesluit: self.seed.uuid(),
            identificatie,
            zaak,
            besluittype,
            datum,
            toelichting,
        };
        self.world.besluiten.add(row);
        self.change(zaak, |zaak| zaak.besluiten.push(besluit));
    }

    /// A step inside the n-th status, some days after it was set.
    pub fn substatus(
        &mut self,
        zaak: usize,
        n: usize,
        omschrijving: &'static str,
        doelgroep: &'static str,
    ) {
        let found = self
            .world
            .zaken
            .get(zaak)
            .and_then(|zaak| zaak.statussen.get(n))
            .and_then(|status| Some((*status, self.world.statussen.get(*status)?.gezet)));
        let Some((status, gezet)) = found else { return };
        let later = self.seed.below(3_000) as u32 + 600;
        let id = self.seed.uuid();
        let place = self.world.substatussen.add(Substatus {
            id,
            zaak,
            status,
            omschrijving,
            tijdstip: Moment::new(gezet.day, gezet.second + later),
            doelgroep,
        });
        self.change(zaak, |zaak| zaak.substatussen.push(place));
    }

    pub fn deelzaak_van(&mut self, deel: usize, hoofd: usize) {
        self.change(deel, |zaak| zaak.hoofdzaak = Some(hoofd));
        self.change(hoofd, |zaak| zaak.deelzaken.push(deel));
    }
}
