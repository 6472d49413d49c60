//! What each preset makes of the claims it was written for, and what it refuses.

use serde_json::json;

use super::*;
use crate::domain::{MandateKind, Vestigingsnummer};

fn read(preset: &str, claims: Value) -> Result<Identity, IdentityError> {
    let map = FlatMap::preset(preset).unwrap();
    map.identity(claims.as_object().unwrap(), LevelOfAssurance::SUBSTANTIAL)
}

fn bsn(digits: &str) -> Bsn {
    Bsn::parse(digits).unwrap()
}

fn kvk(digits: &str) -> Bedrijfsnummers {
    Bedrijfsnummers::Kvk(KvkNummer::parse(digits).unwrap())
}

fn rsin(digits: &str) -> Bedrijfsnummers {
    Bedrijfsnummers::Rsin(Rsin::parse(digits).unwrap())
}

fn services(names: &[&str]) -> MandateScope {
    MandateScope::Services(names.iter().map(|name| (*name).to_owned()).collect())
}

fn company(identity: &Identity) -> &Onderneming {
    match &identity.on_behalf_of {
        Subject::Onderneming(company) => company,
        _ => panic!("a company was expected"),
    }
}

#[test]
fn demo_reads_a_person_and_a_company() {
    let person = read(
        "demo",
        json!({"sub": "x", "bsn": "999990019", "name": "M. de Boer"}),
    )
    .unwrap();
    assert_eq!(person.on_behalf_of, Subject::Burger(bsn("999990019")));
    assert_eq!((person.actor, person.mandate), (Actor::Self_, None));
    assert_eq!(person.label.as_deref(), Some("M. de Boer"));

    let branch = json!({"sub": "x", "kvk": "69599084", "vestigingsnummer": "000037178598"});
    let branch = read("demo", branch).unwrap();
    assert_eq!(company(&branch).nummers, kvk("69599084"));
    let vestiging = Vestigingsnummer::parse("000037178598").ok();
    assert_eq!(company(&branch).vestiging, vestiging);
}

#[test]
fn demo_refuses_contradictions_and_what_it_does_not_know() {
    use IdentityError::{Contradiction, NoParty, Number, Representation};
    for (claims, reason) in [
        (
            json!({"bsn": "999990019", "kvk": "69599084"}),
            Contradiction,
        ),
        (
            json!({"bsn": "999990019", "vestigingsnummer": "000037178598"}),
            Contradiction,
        ),
        (json!({"vestigingsnummer": "000037178598"}), NoParty),
        (json!({"sub": "999990019"}), NoParty),
        (json!({"sub": "999990019", "bsn": null}), NoParty),
        (json!({"sub": "999990019", "bsn": ""}), Number),
        (json!({"bsn": ["999990019"]}), Number),
        (json!({"kvk": "69599084", "vestigingsnummer": "1"}), Number),
        (
            json!({"bsn": "999990019", "represents": {"sub": "123456782"}}),
            Representation,
        ),
        (
            json!({"bsn": "999990019", "act": {"sub": "123456782"}}),
            Representation,
        ),
        (json!({"bsn": "999990019", "may_act": "x"}), Representation),
    ] {
        assert_eq!(read("demo", claims.clone()), Err(reason), "{claims}");
    }
}

#[test]
fn signicat_reads_digid_machtigen_and_eherkenning() {
    let own = read(
        "signicat",
        json!({"nin": "999990019", "acting_nin": "999990019"}),
    )
    .unwrap();
    assert_eq!(own.actor, Actor::Self_);
    let other =
        json!({"nin": "999990019", "acting_nin": "123456782", "eherkenningServiceUUID": "u1"});
    let other = read("signicat", other).unwrap();
    assert_eq!(other.on_behalf_of, Subject::Burger(bsn("999990019")));
    assert_eq!(other.actor, Actor::Burger(bsn("123456782")));
    assert_eq!(
        other.mandate,
        Some(Mandate {
            kind: MandateKind::Machtiging,
            scope: services(&["u1"]),
        })
    );
    assert!(other.acts_for_another());

    let claims = json!({"chamber_of_commerce": "69599084", "eherkenning_rsin": "111222333",
                        "eherkenning_vestigingsnr": "000037178598"});
    let eh = read("signicat", claims).unwrap();
    assert_eq!(company(&eh).rsin(), Rsin::parse("111222333").ok().as_ref());
    let keten =
        json!({"chamber_of_commerce": "69599084", "eherkenning_intermediate_kvk_nr": "12345678"});
    assert_eq!(
        read("signicat", keten).unwrap().actor,
        Actor::Onderneming(kvk("12345678"))
    );
    assert_eq!(
        read("signicat", json!({"acting_nin": "123456782"})),
        Err(IdentityError::NoParty)
    );
    let by_rsin = read("signicat", json!({"eherkenning_rsin": "111222333"})).unwrap();
    assert_eq!(company(&by_rsin).nummers, rsin("111222333"));
    // A number of the old sector is another's BSN, wherever it says so.
    assert_eq!(
        read(
            "signicat",
            json!({"nin": "999990019", "idp_id": "s00000001:999990019"})
        ),
        Err(IdentityError::Sector)
    );
    assert!(
        read(
            "signicat",
            json!({"nin": "999990019", "idp_id": "s00000000:999990019"})
        )
        .is_ok()
    );
    assert_eq!(
        read("signicat", json!({"nin": "s00000001:999990019"})),
        Err(IdentityError::Sector)
    );
}

#[test]
fn maykin_reads_machtigen_companies_and_bewind() {
    let machtigen = json!({"urn:nl-eid-gdi:1.0:LegalSubjectID": "999990019",
        "urn:nl-eid-gdi:1.0:ActingSubjectID": "123456782", "urn:nl-eid-gdi:1.0:ServiceUUID": "u1"});
    let machtigen = read("maykin", machtigen).unwrap();
    assert_eq!(machtigen.on_behalf_of, Subject::Burger(bsn("999990019")));
    assert_eq!(machtigen.actor, Actor::Burger(bsn("123456782")));

    let with = |qualifier: &str, number: &str, more: Value| {
        let mut claims = json!({"urn:etoegang:core:LegalSubjectID": number, "namequalifier": qualifier,
            "urn:etoegang:core:ActingSubjectID": "abc@def"});
        claims
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        read("maykin", claims)
    };
    let own = with(KVK_QUALIFIER, "69599084", json!({})).unwrap();
    assert_eq!(own.actor, Actor::Medewerker(Pseudoniem::new("", "abc@def")));
    assert!(!own.acts_for_another());
    let keten = json!({"urn:etoegang:1.9:IntermediateEntityID:KvKnr": "12345678"});
    assert!(
        with(KVK_QUALIFIER, "69599084", keten)
            .unwrap()
            .acts_for_another()
    );
    let bewind = with(KVK_QUALIFIER, "69599084", json!({"sel_uid": "999990019"})).unwrap();
    assert_eq!(bewind.on_behalf_of, Subject::Burger(bsn("999990019")));
    assert_eq!(bewind.actor, Actor::Onderneming(kvk("69599084")));
    assert_eq!(bewind.mandate.unwrap().kind, MandateKind::Bewind);
    let by_rsin = with(RSIN_QUALIFIER, "111222333", json!({})).unwrap();
    assert_eq!(company(&by_rsin).nummers, rsin("111222333"));
    assert_eq!(
        with(
            "urn:etoegang:1.9:EntityConcernedID:Pseudo",
            "69599084",
            json!({})
        ),
        Err(IdentityError::PartyKind)
    );
    assert_eq!(
        with(KVK_QUALIFIER, "69599084", json!({"bsn": "999990019"})),
        Err(IdentityError::Contradiction)
    );
    let two = json!({"bsn": "123456782", "urn:nl-eid-gdi:1.0:LegalSubjectID": "999990019"});
    assert_eq!(read("maykin", two), Err(IdentityError::Contradiction));
}

#[test]
fn keycloak_reads_aanvrager_and_gemachtigde() {
    let own = read("keycloak", json!({"aanvrager": {"bsn": "999990019"}})).unwrap();
    assert_eq!(own.actor, Actor::Self_);
    let other = json!({"aanvrager": {"kvk": "69599084"}, "gemachtigde": {"bsn": "123456782"}});
    assert_eq!(
        read("keycloak", other).unwrap().actor,
        Actor::Burger(bsn("123456782"))
    );
    use IdentityError::{Contradiction, NoParty, Representation};
    for (claims, reason) in [
        (
            json!({"aanvrager": {"bsn": "999990019", "kvk": "69599084"}}),
            Contradiction,
        ),
        (
            json!({"aanvrager": {"bsn": "999990019"}, "gemachtigde": {"bsn": "123456782", "kvk": "69599084"}}),
            Contradiction,
        ),
        (
            json!({"aanvrager": {"bsn": "999990019"}, "gemachtigde": {"naam": "x"}}),
            Representation,
        ),
        (
            json!({"aanvrager": {"bsn": "999990019"}, "gemachtigde": "123456782"}),
            Representation,
        ),
        (json!({"aanvrager": [{"bsn": "999990019"}]}), Representation),
        (json!({"gemachtigde": {"bsn": "123456782"}}), NoParty),
        (json!({"sub": "999990019"}), NoParty),
    ] {
        assert_eq!(read("keycloak", claims.clone()), Err(reason), "{claims}");
    }
}

const PSEUDO: &str = "urn:etoegang:1.12:EntityConcernedID:PseudoID";
const EIDAS_BSN: &str = "urn:etoegang:1.12:EntityConcernedID:BSN";

#[test]
fn eidas_is_a_pseudonym_or_the_person_that_it_is_linked_to() {
    for preset in ["signicat", "maykin"] {
        let alone = json!({"iss": "https://b", PSEUDO: "NL/SE/1", EMPLOYEE: "abc@def",
            "urn:etoegang:1.9:attribute:FirstName": "Åsa",
            "urn:etoegang:1.9:attribute:FamilyName": "Lind"});
        let alone = read(preset, alone).unwrap();
        let name = Pseudoniem::new("https://b", "NL/SE/1");
        assert_eq!(alone.on_behalf_of, Subject::Pseudoniem(name), "{preset}");
        assert_eq!((alone.actor, alone.mandate), (Actor::Self_, None));
        assert_eq!(alone.label.as_deref(), Some("Åsa Lind"));

        let linked = read(preset, json!({PSEUDO: "NL/SE/1", EIDAS_BSN: "999990019"})).unwrap();
        assert_eq!(linked.on_behalf_of, Subject::Burger(bsn("999990019")));
        assert_eq!(linked.means, Means::Eidas);

        use IdentityError::{Contradiction, Number, PartyKind};
        let company = match preset {
            "signicat" => json!({"chamber_of_commerce": "69599084", PSEUDO: "x"}),
            _ => json!({"urn:etoegang:core:LegalSubjectID": "69599084",
                        "namequalifier": KVK_QUALIFIER, PSEUDO: "x"}),
        };
        for (claims, reason) in [
            (json!({EIDAS_BSN: "999990019"}), Contradiction),
            (json!({PSEUDO: ["x"]}), Number),
            (json!({PSEUDO: ""}), Number),
            (json!({PSEUDO: "x", INTERMEDIATE: "12345678"}), PartyKind),
            (json!({PSEUDO: "x", BRANCH: "000037178598"}), PartyKind),
            (company, Contradiction),
        ] {
            assert_eq!(
                read(preset, claims.clone()),
                Err(reason),
                "{preset} {claims}"
            );
        }
    }
    let two = json!({"nin": "123456782", PSEUDO: "x", EIDAS_BSN: "999990019"});
    assert_eq!(read("signicat", two), Err(IdentityError::Contradiction));
}

#[test]
fn a_delegation_or_a_branch_in_another_providers_words_is_not_passed_over() {
    let own = |preset: &str| match preset {
        "demo" => json!({"bsn": "999990019"}),
        "signicat" => json!({"nin": "999990019"}),
        "maykin" => json!({"urn:nl-eid-gdi:1.0:LegalSubjectID": "999990019"}),
        _ => json!({"aanvrager": {"bsn": "999990019"}}),
    };
    for preset in ["demo", "signicat", "maykin", "keycloak"] {
        assert!(read(preset, own(preset)).is_ok());
        let map = FlatMap::preset(preset).unwrap();
        for name in DELEGATIONS {
            let mut claims = own(preset);
            // The map reads these: what they then mean is tested with the map.
            if map.paths().any(|path| path.top() == name) {
                continue;
            }
            claims[name] = json!("x");
            assert!(map.reads(name));
            assert_eq!(
                read(preset, claims),
                Err(IdentityError::Representation),
                "{preset} {name}"
            );
        }
    }
}

#[test]
fn every_name_of_a_service_is_kept_and_an_empty_list_is_not_none() {
    let keten = |more: Value| {
        let mut claims = json!({"urn:etoegang:core:LegalSubjectID": "69599084",
            "namequalifier": KVK_QUALIFIER, INTERMEDIATE: "12345678"});
        claims
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        read("maykin", claims).map(|identity| identity.mandate.unwrap())
    };
    let both =
        keten(json!({SERVICE_UUID: "u-1", SERVICE_ID: "urn:etoegang:DV:1:services:9"})).unwrap();
    assert_eq!(both.kind, MandateKind::Keten);
    assert_eq!(
        both.scope,
        services(&["u-1", "urn:etoegang:DV:1:services:9"])
    );
    assert_eq!(keten(json!({})).unwrap().scope, MandateScope::Unstated);
    let list = |list: Value| {
        let claims = json!({"aanvrager": {"bsn": "999990019"}, "gemachtigde": {"bsn": "123456782"},
            SERVICE_UUID: list});
        read("keycloak", claims).map(|identity| identity.mandate.unwrap().scope)
    };
    assert_eq!(list(json!(["u-1", "u-2"])), Ok(services(&["u-1", "u-2"])));
    assert_eq!(list(json!([])), Ok(services(&[])));
    assert_eq!(list(json!([1])), Err(IdentityError::Number));
    assert_eq!(list(json!("a b")), Err(IdentityError::Number));
    assert_eq!(list(json!({"u": 1})), Err(IdentityError::Number));
}

#[test]
fn keycloak_reads_a_branch_inside_the_aanvrager_or_beside_it() {
    let branch = Vestigingsnummer::parse("000037178598").ok();
    for claims in [
        json!({"aanvrager": {"kvk": "69599084", "vestigingsnummer": "000037178598"}}),
        json!({"aanvrager": {"kvk": "69599084"}, "vestigingsnummer": "000037178598"}),
    ] {
        assert_eq!(
            company(&read("keycloak", claims).unwrap()).vestiging,
            branch
        );
    }
    let two = json!({"aanvrager": {"kvk": "69599084", "vestigingsnummer": "000037178598"},
        "vestigingsnummer": "000037178601"});
    assert_eq!(read("keycloak", two), Err(IdentityError::Contradiction));
    let ward = json!({"aanvrager": {"bsn": "999990019"}, "gemachtigde": {"kvk": "69599084"}});
    let ward = read("keycloak", ward).unwrap();
    assert_eq!(ward.mandate.unwrap().kind, MandateKind::Bewind);
}

#[test]
fn bewind_of_one_branch_or_through_another_company_is_refused() {
    let claims = |more: Value| {
        let mut claims = json!({"urn:etoegang:core:LegalSubjectID": "69599084",
            "namequalifier": KVK_QUALIFIER, "sel_uid": "999990019"});
        claims
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        read("maykin", claims).err()
    };
    assert_eq!(claims(json!({})), None);
    for more in [
        json!({BRANCH: "000037178598"}),
        json!({INTERMEDIATE: "12345678"}),
        json!({"urn:nl-eid-gdi:1.0:ActingSubjectID": "123456782"}),
    ] {
        assert_eq!(
            claims(more.clone()),
            Some(IdentityError::Contradiction),
            "{more}"
        );
    }
}
