//! The zaaktypen of the gemeente Lindenwaard, which does not exist.

/// A zaaktype as it is written down; ids are made from `identificatie` and `begin`.
#[derive(Debug)]
pub struct ZaaktypeDef {
    pub identificatie: &'static str,
    pub omschrijving: &'static str,
    pub onderwerp: &'static str,
    pub handeling: &'static str,
    pub intern: bool,
    pub dagen: i32,
    pub begin: &'static str,
    pub einde: Option<&'static str>,
    /// Omschrijving and statustekst, in order; an empty statustekst is left to the omschrijving.
    pub statussen: &'static [(&'static str, &'static str)],
    pub resultaten: &'static [&'static str],
    pub besluit: Option<&'static str>,
    pub eigenschap: Option<&'static str>,
    /// What zaken of this type are about; `{}` becomes an address.
    pub onderwerpen: &'static [&'static str],
}

pub const GEMEENTE: &str = "Gemeente Lindenwaard";

/// The catalogue's short name.
pub const DOMEIN: &str = "LWAAR";

pub const OMGEVING: &str = "LW-OMGEVINGSVERGUNNING";
pub const PARKEREN: &str = "LW-PARKEERVERGUNNING";
pub const MELDING: &str = "LW-MELDING-OPENBARE-RUIMTE";
pub const BIJSTAND: &str = "LW-BIJZONDERE-BIJSTAND";
pub const SUBSIDIE: &str = "LW-SUBSIDIE-BUURTINITIATIEF";
pub const EVENEMENT: &str = "LW-EVENEMENTENVERGUNNING";
pub const VERHUIZING: &str = "LW-VERHUIZING";
pub const BEZWAAR: &str = "LW-BEZWAARSCHRIFT";
pub const TERRAS: &str = "LW-TERRASVERGUNNING";
pub const CONTROLE: &str = "LW-INTERNE-CONTROLE";

pub const ZAAKTYPEN: &[ZaaktypeDef] = &[
    ZaaktypeDef {
        identificatie: OMGEVING,
        omschrijving: "Omgevingsvergunning aanvragen",
        onderwerp: "Omgevingsvergunning",
        handeling: "aanvragen",
        intern: false,
        dagen: 56,
        begin: "2019-01-01",
        einde: Some("2024-01-01"),
        statussen: &[
            ("Aanvraag geregistreerd", "Wij hebben uw aanvraag ontvangen"),
            (
                "Toets op volledigheid",
                "Wij kijken of uw aanvraag compleet is",
            ),
            ("Beoordeling", "Wij beoordelen uw aanvraag"),
            ("Besluit", "Wij hebben een besluit genomen"),
            ("Gesloten", "Uw aanvraag is afgehandeld"),
        ],
        resultaten: &["Vergunning verleend", "Vergunning geweigerd", "Ingetrokken"],
        besluit: Some("Besluit op aanvraag omgevingsvergunning"),
        eigenschap: None,
        onderwerpen: &["Aanbouw aan de woning, {}", "Dakkapel plaatsen, {}"],
    },
    ZaaktypeDef {
        identificatie: OMGEVING,
        omschrijving: "Omgevingsvergunning aanvragen",
        onderwerp: "Omgevingsvergunning",
        handeling: "aanvragen",
        intern: false,
        dagen: 56,
        begin: "2024-01-01",
        einde: None,
        statussen: &[
            ("Aanvraag ontvangen", "Wij hebben uw aanvraag ontvangen"),
            ("Volledigheid getoetst", "Uw aanvraag is compleet"),
            ("In behandeling genomen", "Wij beoordelen uw aanvraag"),
            ("Advies ontvangen", ""),
            ("Besluit genomen", "Wij hebben een besluit genomen"),
            ("Afgehandeld", "Uw aanvraag is afgehandeld"),
        ],
        resultaten: &[
            "Vergunning verleend",
            "Vergunning geweigerd",
            "Buiten behandeling gesteld",
            "Ingetrokken door aanvrager",
        ],
        besluit: Some("Besluit op aanvraag omgevingsvergunning"),
        eigenschap: None,
        onderwerpen: &[
            "Dakkapel achtergevel, {}",
            "Kappen van een beuk, {}",
            "Zonnepanelen op een monument, {}",
            "Uitrit aanleggen, {}",
            "Schuur vervangen, {}",
        ],
    },
    ZaaktypeDef {
        identificatie: PARKEREN,
        omschrijving: "Parkeervergunning voor bewoners",
        onderwerp: "Parkeervergunning",
        handeling: "aanvragen",
        intern: false,
        dagen: 14,
        begin: "2021-06-01",
        einde: None,
        statussen: &[
            ("Aanvraag ontvangen", "Wij hebben uw aanvraag ontvangen"),
            ("Wachten op gegevens", "Wij wachten op gegevens van u"),
            ("In behandeling", "Wij behandelen uw aanvraag"),
            ("Afgehandeld", "Uw aanvraag is afgehandeld"),
        ],
        resultaten: &["Toegekend", "Afgewezen"],
        besluit: None,
        eigenschap: Some("kenteken"),
        onderwerpen: &[
            "Parkeervergunning zone Centrum",
            "Parkeervergunning zone Havenkwartier",
            "Kenteken wijzigen zone Stationsbuurt",
        ],
    },
    ZaaktypeDef {
        identificatie: MELDING,
        omschrijving: "Melding openbare ruimte",
        onderwerp: "Melding",
        handeling: "melden",
        intern: false,
        dagen: 21,
        begin: "2022-01-01",
        einde: None,
        statussen: &[
            ("Melding ontvangen", "Wij hebben uw melding ontvangen"),
            ("Ingepland", "Wij hebben het werk ingepland"),
            ("Opgelost", "Uw melding is afgehandeld"),
        ],
        resultaten: &["Opgelost", "Niet opgelost", "Doorverwezen"],
        besluit: None,
        eigenschap: Some("locatie"),
        onderwerpen: &[
            "Losse stoeptegel, {}",
            "Lantaarnpaal defect, {}",
            "Zwerfafval bij de ondergrondse container, {}",
            "Verstopte straatkolk, {}",
        ],
    },
    ZaaktypeDef {
        identificatie: BIJSTAND,
        omschrijving: "Bijzondere bijstand aanvragen",
        onderwerp: "Bijzondere bijstand",
        handeling: "aanvragen",
        intern: false,
        dagen: 56,
        begin: "2020-01-01",
        einde: None,
        statussen: &[
            ("Aanvraag ontvangen", "Wij hebben uw aanvraag ontvangen"),
            ("Gegevens opgevraagd", "Wij hebben nog gegevens van u nodig"),
            (
                "Recht onderzocht",
                "Wij onderzoeken of u recht heeft op bijstand",
            ),
            (
                "Beschikking verzonden",
                "Wij hebben u een beschikking gestuurd",
            ),
            ("Afgehandeld", "Uw aanvraag is afgehandeld"),
        ],
        resultaten: &["Toegekend", "Deels toegekend", "Afgewezen"],
        besluit: Some("Beschikking bijzondere bijstand"),
        eigenschap: None,
        onderwerpen: &[
            "Vergoeding voor een bril",
            "Vergoeding voor een wasmachine",
            "Vergoeding voor een laptop voor school",
        ],
    },
    ZaaktypeDef {
        identificatie: SUBSIDIE,
        omschrijving: "Subsidie buurtinitiatief aanvragen",
        onderwerp: "Subsidie",
        handeling: "aanvragen",
        intern: false,
        dagen: 91,
        begin: "2023-01-01",
        einde: None,
        statussen: &[
            ("Aanvraag ontvangen", "Wij hebben uw aanvraag ontvangen"),
            ("Compleet verklaard", "Uw aanvraag is compleet"),
            ("Beoordeeld", "De commissie heeft uw aanvraag beoordeeld"),
            ("Subsidie verleend", "Wij hebben over uw subsidie besloten"),
            ("Voorschot betaald", "Het voorschot is betaald"),
            (
                "Verantwoording ontvangen",
                "Wij hebben uw verantwoording ontvangen",
            ),
            ("Subsidie vastgesteld", "Uw subsidie is vastgesteld"),
        ],
        resultaten: &["Vastgesteld", "Lager vastgesteld", "Afgewezen"],
        besluit: Some("Subsidiebesluit"),
        eigenschap: None,
        onderwerpen: &[
            "Geveltuinen in de straat, {}",
            "Buurtbarbecue en speelmiddag, {}",
            "Deelbakfiets voor de buurt, {}",
        ],
    },
    ZaaktypeDef {
        identificatie: EVENEMENT,
        omschrijving: "Evenementenvergunning aanvragen",
        onderwerp: "Evenement",
        handeling: "aanvragen",
        intern: false,
        dagen: 84,
        begin: "2021-01-01",
        einde: None,
        statussen: &[
            ("Aanvraag ontvangen", "Wij hebben uw aanvraag ontvangen"),
            (
                "Hulpdiensten gevraagd",
                "Wij vragen advies aan de hulpdiensten",
            ),
            (
                "Veiligheidsplan beoordeeld",
                "Uw veiligheidsplan is beoordeeld",
            ),
            ("Besluit genomen", "Wij hebben een besluit genomen"),
            ("Afgehandeld", "Uw aanvraag is afgehandeld"),
        ],
        resultaten: &["Vergunning verleend", "Vergunning geweigerd"],
        besluit: Some("Besluit evenementenvergunning"),
        eigenschap: None,
        onderwerpen: &[
            "Straatfeest, {}",
            "Rommelmarkt, {}",
            "Avondvierdaagse, start {}",
        ],
    },
    ZaaktypeDef {
        identificatie: VERHUIZING,
        omschrijving: "Verhuizing doorgeven",
        onderwerp: "Verhuizing",
        handeling: "doorgeven",
        intern: false,
        dagen: 7,
        begin: "2020-01-01",
        einde: None,
        statussen: &[
            ("Ontvangen", "Wij hebben uw verhuizing ontvangen"),
            ("Gecontroleerd", "Wij controleren uw gegevens"),
            ("Verwerkt", "Uw verhuizing is verwerkt"),
        ],
        resultaten: &["Verwerkt", "Niet verwerkt"],
        besluit: None,
        eigenschap: None,
        onderwerpen: &["Verhuizing naar {}"],
    },
    ZaaktypeDef {
        identificatie: BEZWAAR,
        omschrijving: "Bezwaarschrift behandelen",
        onderwerp: "Bezwaar",
        handeling: "indienen",
        intern: false,
        dagen: 84,
        begin: "2020-01-01",
        einde: None,
        statussen: &[
            ("Bezwaar ontvangen", "Wij hebben uw bezwaar ontvangen"),
            (
                "Ontvankelijk verklaard",
                "Wij nemen uw bezwaar in behandeling",
            ),
            ("Hoorzitting gepland", "De hoorzitting is gepland"),
            ("Advies commissie", "De commissie heeft advies gegeven"),
            ("Beslissing verzonden", "Wij hebben over uw bezwaar beslist"),
        ],
        resultaten: &["Gegrond", "Ongegrond", "Niet-ontvankelijk"],
        besluit: Some("Beslissing op bezwaar"),
        eigenschap: None,
        onderwerpen: &[
            "Bezwaar tegen naheffing parkeren",
            "Bezwaar tegen verkeersbesluit {}",
        ],
    },
    ZaaktypeDef {
        identificatie: TERRAS,
        omschrijving: "Terrasvergunning aanvragen",
        onderwerp: "Terras",
        handeling: "aanvragen",
        intern: false,
        dagen: 56,
        begin: "2022-03-01",
        einde: None,
        statussen: &[
            ("Aanvraag ontvangen", "Wij hebben uw aanvraag ontvangen"),
            ("Inmeting gedaan", "Wij hebben de plek opgemeten"),
            ("Besluit genomen", "Wij hebben een besluit genomen"),
            ("Afgehandeld", "Uw aanvraag is afgehandeld"),
        ],
        resultaten: &["Vergunning verleend", "Vergunning geweigerd"],
        besluit: Some("Besluit terrasvergunning"),
        eigenschap: None,
        onderwerpen: &["Terras aan de gevel, {}", "Winterterras, {}"],
    },
    ZaaktypeDef {
        identificatie: CONTROLE,
        omschrijving: "Interne kwaliteitscontrole dossier",
        onderwerp: "Dossiercontrole",
        handeling: "controleren",
        intern: true,
        dagen: 30,
        begin: "2020-01-01",
        einde: None,
        statussen: &[
            ("Steekproef getrokken", ""),
            ("Dossier gecontroleerd", ""),
            ("Bevindingen verwerkt", ""),
        ],
        resultaten: &["Akkoord", "Niet akkoord"],
        besluit: None,
        eigenschap: None,
        onderwerpen: &["Controle dossier minima"],
    },
];

/// Kinds of document with their own level.
pub const INFORMATIEOBJECTTYPEN: &[(&str, &str)] = &[
    (AANVRAAGFORMULIER, "zaakvertrouwelijk"),
    (BESLUIT, "openbaar"),
    (TEKENING, "zaakvertrouwelijk"),
    (BRIEF, "zaakvertrouwelijk"),
    (INTERN_ADVIES, "intern"),
    (BEWIJSSTUK, "vertrouwelijk"),
    (FOTO, "zaakvertrouwelijk"),
];

pub const AANVRAAGFORMULIER: &str = "Aanvraagformulier";
pub const BESLUIT: &str = "Besluit";
pub const TEKENING: &str = "Tekening";
pub const BRIEF: &str = "Brief";
pub const INTERN_ADVIES: &str = "Intern advies";
pub const BEWIJSSTUK: &str = "Bewijsstuk";
pub const FOTO: &str = "Foto";

const STRATEN: [&str; 14] = [
    "Kastanjelaan",
    "Molenkade",
    "Achter de Wallen",
    "Zilverberkstraat",
    "Pontonniersweg",
    "Lindeplein",
    "Korenbloemhof",
    "Oude Veerdam",
    "Schippershaven",
    "Vlierbeslaan",
    "Burgemeester Tollenaarstraat",
    "Weverspad",
    "Kloosterhoek",
    "Sluisweg",
];

/// An address in Lindenwaard.
pub fn adres(n: usize) -> String {
    let straat = STRATEN.get(n % STRATEN.len()).copied().unwrap_or_default();
    format!("{straat} {}", 1 + n * 7 % 118)
}
