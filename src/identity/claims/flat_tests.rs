//! What each preset makes of the claims it was written for, and what it refuses.

use serde_json::json;

use super::*;
use crate::domain::Vestigingsnummer;

fn read(preset: &str, claims: Value) -> Result<Identity, IdentityError> {
    let map = FlatMap::preset(preset).unwrap();
    map.identity(claims.as_object().unwrap(), LevelOfAssurance::SUBSTANTIAL)
}

fn bsn(digits: &str) -> Bsn {
    Bsn::parse(digits).unwrap()
}

fn kvk(digits: &str) -> KvkNummer {
    KvkNummer::parse(digits).unwrap()
}

fn company(identity: &Identity) -> &Onderneming {
    match &identity.on_behalf_of {
        Subject::Onderneming(company) => company,
        Subject::Burger(_) => panic!("a company was expected"),
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
    assert_eq!(company(&branch).kvk, kvk("69599084"));
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
            service: Some("u1".to_owned())
        })
    );
    assert!(other.acts_for_another());

    let claims = json!({"chamber_of_commerce": "69599084", "eherkenning_rsin": "111222333",
                        "eherkenning_vestigingsnr": "000037178598"});
    let eh = read("signicat", claims).unwrap();
    assert_eq!(company(&eh).rsin, Rsin::parse("111222333").ok());
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
    assert_eq!(
        read("signicat", json!({"eherkenning_rsin": "111222333"})),
        Err(IdentityError::PartyKind)
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
    assert_eq!(own.actor, Actor::Medewerker("abc@def".to_owned()));
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
    assert!(bewind.mandate.is_some());
    assert_eq!(
        with(RSIN_QUALIFIER, "111222333", json!({})),
        Err(IdentityError::PartyKind)
    );
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
