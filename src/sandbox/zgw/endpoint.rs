//! Which path is what: the collections of the four APIs and the forms in which they can be asked.

/// A kind of object with its own collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Collection {
    Zaken,
    Statussen,
    Substatussen,
    Rollen,
    Resultaten,
    Zaakinformatieobjecten,
    Zaakobjecten,
    Catalogussen,
    Zaaktypen,
    Statustypen,
    Resultaattypen,
    Roltypen,
    Eigenschappen,
    Informatieobjecttypen,
    Besluittypen,
    ZaaktypeInformatieobjecttypen,
    Documenten,
    Objectinformatieobjecten,
    Besluiten,
    Besluitinformatieobjecten,
}

use Collection as C;

impl Collection {
    const ALL: [Self; 20] = [
        C::Zaken,
        C::Statussen,
        C::Substatussen,
        C::Rollen,
        C::Resultaten,
        C::Zaakinformatieobjecten,
        C::Zaakobjecten,
        C::Catalogussen,
        C::Zaaktypen,
        C::Statustypen,
        C::Resultaattypen,
        C::Roltypen,
        C::Eigenschappen,
        C::Informatieobjecttypen,
        C::Besluittypen,
        C::ZaaktypeInformatieobjecttypen,
        C::Documenten,
        C::Objectinformatieobjecten,
        C::Besluiten,
        C::Besluitinformatieobjecten,
    ];

    /// The path of the collection below the base address.
    pub const fn path(self) -> &'static str {
        match self {
            C::Zaken => "/zaken/api/v1/zaken",
            C::Statussen => "/zaken/api/v1/statussen",
            C::Substatussen => "/zaken/api/v1/substatussen",
            C::Rollen => "/zaken/api/v1/rollen",
            C::Resultaten => "/zaken/api/v1/resultaten",
            C::Zaakinformatieobjecten => "/zaken/api/v1/zaakinformatieobjecten",
            C::Zaakobjecten => "/zaken/api/v1/zaakobjecten",
            C::Catalogussen => "/catalogi/api/v1/catalogussen",
            C::Zaaktypen => "/catalogi/api/v1/zaaktypen",
            C::Statustypen => "/catalogi/api/v1/statustypen",
            C::Resultaattypen => "/catalogi/api/v1/resultaattypen",
            C::Roltypen => "/catalogi/api/v1/roltypen",
            C::Eigenschappen => "/catalogi/api/v1/eigenschappen",
            C::Informatieobjecttypen => "/catalogi/api/v1/informatieobjecttypen",
            C::Besluittypen => "/catalogi/api/v1/besluittypen",
            C::ZaaktypeInformatieobjecttypen => "/catalogi/api/v1/zaaktype-informatieobjecttypen",
            C::Documenten => "/documenten/api/v1/enkelvoudiginformatieobjecten",
            C::Objectinformatieobjecten => "/documenten/api/v1/objectinformatieobjecten",
            C::Besluiten => "/besluiten/api/v1/besluiten",
            C::Besluitinformatieobjecten => "/besluiten/api/v1/besluitinformatieobjecten",
        }
    }

    pub fn version(self) -> &'static str {
        let path = self.path();
        if path.starts_with("/zaken/") {
            "1.5.1"
        } else if path.starts_with("/catalogi/") {
            "1.3.1"
        } else if path.starts_with("/documenten/") {
            "1.4.2"
        } else {
            "1.1.0"
        }
    }

    /// Lists that are bare arrays.
    pub const fn is_bare(self) -> bool {
        matches!(
            self,
            C::Zaakinformatieobjecten | C::Objectinformatieobjecten | C::Besluitinformatieobjecten
        )
    }

    /// The query parameters that a list knows beside its paging.
    pub const fn list_params(self) -> &'static [&'static str] {
        match self {
            C::Zaken => super::zaken_filter::PARAMS,
            C::Statussen => &["indicatieLaatstGezetteStatus", "statustype", "zaak"],
            C::Substatussen => &[
                "doelgroep",
                "status",
                "tijdstip__gt",
                "tijdstip__gte",
                "tijdstip__lt",
                "tijdstip__lte",
                "zaak",
            ],
            C::Rollen => super::rol_filter::PARAMS,
            C::Resultaten => &["resultaattype", "zaak"],
            C::Zaakinformatieobjecten => &["informatieobject", "zaak"],
            C::Zaakobjecten => &["object", "objectType", "zaak"],
            C::Catalogussen => &["domein", "domein__in", "rsin", "rsin__in"],
            C::Zaaktypen => &[
                "catalogus",
                "datumGeldigheid",
                "identificatie",
                "identificatie__icontains",
                "omschrijving__icontains",
                "status",
                "trefwoorden",
            ],
            C::Statustypen | C::Resultaattypen | C::Eigenschappen => &[
                "datumGeldigheid",
                "status",
                "zaaktype",
                "zaaktypeIdentificatie",
            ],
            C::Roltypen => &[
                "datumGeldigheid",
                "omschrijving",
                "omschrijvingGeneriek",
                "status",
                "zaaktype",
                "zaaktypeIdentificatie",
            ],
            C::Informatieobjecttypen => &[
                "catalogus",
                "datumGeldigheid",
                "omschrijving",
                "omschrijving__icontains",
                "status",
                "zaaktype",
            ],
            C::Besluittypen => &[
                "catalogus",
                "datumGeldigheid",
                "informatieobjecttypen",
                "omschrijving",
                "status",
                "zaaktypen",
            ],
            C::ZaaktypeInformatieobjecttypen => {
                &["informatieobjecttype", "richting", "status", "zaaktype"]
            }
            C::Documenten => &[
                "auteur",
                "beschrijving",
                "bronorganisatie",
                "creatiedatum__gte",
                "creatiedatum__lte",
                "expand",
                "identificatie",
                "informatieobjecttype",
                "locked",
                "objectinformatieobjecten__object",
                "objectinformatieobjecten__objectType",
                "ordering",
                "titel",
                "trefwoorden",
                "trefwoorden__overlap",
                "vertrouwelijkheidaanduiding",
            ],
            C::Objectinformatieobjecten => &["informatieobject", "object"],
            C::Besluiten => &[
                "besluittype",
                "identificatie",
                "verantwoordelijkeOrganisatie",
                "zaak",
            ],
            C::Besluitinformatieobjecten => &["besluit", "informatieobject"],
        }
    }

    /// The paging parameters that a list knows.
    pub const fn paging_params(self) -> &'static [&'static str] {
        match self {
            C::Substatussen => &["page"],
            _ if self.is_bare() => &[],
            _ => &["page", "pageSize"],
        }
    }
}

/// What is asked of a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form<'a> {
    List,
    Zoek,
    Detail(&'a str),
    Download(&'a str),
    Zaakeigenschappen(&'a str),
    Zaakbesluiten(&'a str),
}

#[derive(Debug, Clone, Copy)]
pub struct Endpoint<'a> {
    pub collection: Collection,
    pub form: Form<'a>,
}

impl<'a> Endpoint<'a> {
    /// `None` for a path that does not exist.
    pub fn of(path: &'a str) -> Option<Self> {
        let (collection, rest) = C::ALL.into_iter().find_map(|collection| {
            let rest = path.strip_prefix(collection.path())?;
            (rest.is_empty() || rest.starts_with('/')).then_some((collection, rest))
        })?;
        let mut segments = rest.split('/').skip(1);
        let form = match (
            collection,
            segments.next(),
            segments.next(),
            segments.next(),
        ) {
            (_, None, None, None) => Form::List,
            (C::Zaken | C::Documenten, Some("_zoek"), None, None) => Form::Zoek,
            (C::Documenten, Some(id), Some("download"), None) => Form::Download(id),
            (C::Zaken, Some(id), Some("zaakeigenschappen"), None) => Form::Zaakeigenschappen(id),
            (C::Zaken, Some(id), Some("besluiten"), None) => Form::Zaakbesluiten(id),
            (_, Some(id), None, None) if !id.is_empty() => Form::Detail(id),
            _ => return None,
        };
        Some(Self { collection, form })
    }

    pub const fn allow(&self) -> &'static str {
        match (self.collection, self.form) {
            (_, Form::Zoek) => "POST, OPTIONS",
            (_, Form::Download(_)) => "GET, HEAD, OPTIONS",
            (_, Form::List | Form::Zaakeigenschappen(_) | Form::Zaakbesluiten(_)) => {
                "GET, POST, HEAD, OPTIONS"
            }
            (C::Statussen | C::Substatussen, Form::Detail(_)) => "GET, HEAD, OPTIONS",
            (C::Rollen, Form::Detail(_)) => "GET, PUT, DELETE, HEAD, OPTIONS",
            (_, Form::Detail(_)) => "GET, PUT, PATCH, DELETE, HEAD, OPTIONS",
        }
    }

    /// Answers with a zaak in it speak of coordinates.
    pub const fn has_crs(&self) -> bool {
        matches!(self.collection, C::Zaken)
            && matches!(self.form, Form::List | Form::Zoek | Form::Detail(_))
    }

    pub const fn vary(&self) -> &'static str {
        let plain = self.has_crs()
            || matches!(
                (self.collection, self.form),
                (
                    C::Documenten,
                    Form::Detail(_) | Form::Zoek | Form::Download(_) | Form::List
                )
            );
        if plain {
            "origin, Cookie"
        } else {
            "Accept, origin, Cookie"
        }
    }
}
