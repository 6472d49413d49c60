//! Chains of representation: the deepest party, or nobody.

use proptest::prelude::*;
use serde_json::{Map, json};

use super::*;
use crate::domain::{KvkNummer, Rsin};

fn read(claims: &Value) -> Result<Identity, IdentityError> {
    identity(claims.as_object().unwrap(), LevelOfAssurance::SUBSTANTIAL)
}

fn node(kind: &str, sub: &str) -> Value {
    json!({"iss": "urn:uuid:1", "sub": sub, "sub_id_type": format!("urn:nl-eid-gdi:1.0:id:{kind}")})
}

/// The first logs in, the last is the party whose data it is.
fn chain(parties: &[(&str, &str)]) -> Value {
    let mut deepest: Option<Value> = None;
    for (kind, sub) in parties.iter().rev() {
        let mut value = node(kind, sub);
        if let Some(inner) = deepest.take() {
            value["represents"] = inner;
        }
        deepest = Some(value);
    }
    deepest.unwrap()
}

fn burger(bsn: &str) -> Subject {
    Subject::Burger(Bsn::parse(bsn).unwrap())
}

#[test]
fn without_a_representation_it_is_the_person_who_logged_in() {
    for kind in ["BSN", "legacy-BSN"] {
        let own = read(&chain(&[(kind, "999990019")])).unwrap();
        assert_eq!(own.on_behalf_of, burger("999990019"));
        assert_eq!((own.actor, own.mandate), (Actor::Self_, None));
    }
}

#[test]
fn the_deepest_party_is_the_one_whose_data_it_is() {
    let mut two = chain(&[("BSN", "123456782"), ("BSN", "999990019")]);
    two["scope"] = json!("openid urn:uuid:service");
    let scope = |claims: &Value| read(claims).unwrap().mandate.unwrap().scope;
    let service = || MandateScope::Services(vec!["urn:uuid:service".to_owned()]);
    assert_eq!(scope(&two), service());
    for (given, scoped) in [
        (json!("openid"), MandateScope::Unstated),
        (Value::Null, MandateScope::Unstated),
        (json!("urn:uuid:service openid"), service()),
        (
            json!("urn:uuid:service urn:uuid:other"),
            MandateScope::Unclear,
        ),
        (json!(["urn:uuid:service"]), MandateScope::Unclear),
        (json!({}), MandateScope::Unclear),
    ] {
        two["scope"] = given;
        assert_eq!(scope(&two), scoped);
    }
    let two = read(&two).unwrap();
    assert_eq!(two.on_behalf_of, burger("999990019"));
    assert_eq!(two.actor, Actor::Burger(Bsn::parse("123456782").unwrap()));

    let three = [
        ("pseudonym", "p"),
        ("KvKnr", "12345678"),
        ("BSN", "999990019"),
    ];
    let three = read(&chain(&three)).unwrap();
    assert_eq!(three.on_behalf_of, burger("999990019"));
    assert_eq!(
        three.actor,
        Actor::Onderneming(Bedrijfsnummers::Kvk(KvkNummer::parse("12345678").unwrap()))
    );
    assert!(three.acts_for_another());
}

#[test]
fn an_employee_acts_for_the_own_company_and_a_pseudonym_for_a_person_acts_for_another() {
    let own = read(&chain(&[("pseudonym", "p"), ("KvKnr", "12345678")])).unwrap();
    assert_eq!(
        own.actor,
        Actor::Medewerker(Pseudoniem::new("urn:uuid:1", "p"))
    );
    assert!(!own.acts_for_another());
    let other = read(&chain(&[("pseudonym", "p"), ("BSN", "999990019")])).unwrap();
    assert!(other.mandate.is_some());
    assert!(other.acts_for_another());
}

#[test]
fn a_company_is_known_by_either_number_or_both() {
    let mut claims = chain(&[("pseudonym", "p"), ("RSIN", "111222333")]);
    let nummers = |claims: &Value| match read(claims).unwrap().on_behalf_of {
        Subject::Onderneming(company) => company.nummers,
        other => panic!("a company was expected: {other:?}"),
    };
    let rsin = Rsin::parse("111222333").unwrap();
    assert_eq!(nummers(&claims), Bedrijfsnummers::Rsin(rsin.clone()));
    claims["represents"]["alt_sub"] = node("KvKnr", "69599084");
    let kvk = KvkNummer::parse("69599084").unwrap();
    assert_eq!(nummers(&claims), Bedrijfsnummers::Beide { kvk, rsin });
    claims["represents"]["alt_sub"] = json!([node("KvKnr", "69599084"), node("KvKnr", "12345678")]);
    assert_eq!(read(&claims), Err(IdentityError::Contradiction));
}

#[test]
fn a_pseudonym_alone_is_somebody_without_a_number_unless_it_is_linked() {
    let mut claims = chain(&[("Pseudonym", "p")]);
    let alone = read(&claims).unwrap();
    let name = Pseudoniem::new("urn:uuid:1", "p");
    assert_eq!(alone.on_behalf_of, Subject::Pseudoniem(name));
    assert_eq!((alone.actor, alone.mandate), (Actor::Self_, None));
    claims["alt_sub"] = node("BSN", "999990019");
    assert_eq!(read(&claims).unwrap().on_behalf_of, burger("999990019"));
    claims["alt_sub"] = json!([node("BSN", "999990019"), node("BSN", "123456782")]);
    assert_eq!(read(&claims), Err(IdentityError::Contradiction));
    // The person behind an employee is not the company's to show, nor the company the person's.
    let mut employee = chain(&[("pseudonym", "p"), ("KvKnr", "69599084")]);
    employee["alt_sub"] = node("BSN", "999990019");
    assert!(!read(&employee).unwrap().acts_for_another());
    let mut own = chain(&[("pseudonym", "p"), ("BSN", "999990019")]);
    own["alt_sub"] = node("BSN", "999990019");
    assert_eq!(read(&own), Err(IdentityError::RepresentationCycle));
}

#[test]
fn who_stands_on_which_side_says_what_right_it_is() {
    use crate::domain::MandateKind::{Bewind, Keten, Machtiging};
    for (parties, kind) in [
        (
            &[("BSN", "123456782"), ("BSN", "999990019")][..],
            Machtiging,
        ),
        (&[("BSN", "123456782"), ("KvKnr", "69599084")], Machtiging),
        (&[("pseudonym", "p"), ("BSN", "999990019")], Bewind),
        (
            &[
                ("pseudonym", "p"),
                ("KvKnr", "69599084"),
                ("BSN", "999990019"),
            ],
            Bewind,
        ),
        (
            &[
                ("pseudonym", "p"),
                ("RSIN", "111222333"),
                ("BSN", "999990019"),
            ],
            Bewind,
        ),
        (&[("KvKnr", "12345678"), ("KvKnr", "69599084")], Keten),
        (
            &[
                ("pseudonym", "p"),
                ("KvKnr", "12345678"),
                ("RSIN", "111222333"),
            ],
            Keten,
        ),
    ] {
        let read = read(&chain(parties)).unwrap();
        assert_eq!(read.mandate.unwrap().kind, kind, "{parties:?}");
    }
}

#[test]
fn unknown_forms_are_refused_and_never_read_as_the_actor() {
    use IdentityError::{
        Number, PartyKind, Representation, RepresentationCycle, RepresentationDepth,
    };
    let own = || chain(&[("BSN", "999990019")]);
    let with = |name: &str, value: Value| {
        let mut claims = own();
        claims[name] = value;
        claims
    };
    let inner = |change: fn(&mut Map<String, Value>)| {
        let mut claims = chain(&[("BSN", "123456782"), ("BSN", "999990019")]);
        change(claims["represents"].as_object_mut().unwrap());
        claims
    };
    let cases = [
        (with("represents", Value::Null), Representation),
        (with("represents", json!("123456782")), Representation),
        (
            with("represents", json!([node("BSN", "123456782")])),
            Representation,
        ),
        (with("represents", json!({})), Representation),
        (with("act", json!({"sub": "123456782"})), Representation),
        (
            with("sub_id_type", json!("urn:nl-eid-gdi:1.0:id:Onbekend")),
            PartyKind,
        ),
        (with("sub_id_type", json!("BSN")), PartyKind),
        (with("sub", json!(999_990_019)), Number),
        (inner(|node| drop(node.remove("iss"))), Representation),
        (
            inner(|node| drop(node.insert("iss".into(), json!("")))),
            Representation,
        ),
        (inner(|node| drop(node.remove("sub"))), Representation),
        (
            inner(|node| drop(node.remove("sub_id_type"))),
            Representation,
        ),
        (
            inner(|node| drop(node.insert("act".into(), json!({})))),
            Representation,
        ),
        (
            inner(|node| drop(node.insert("sub".into(), json!("123456782")))),
            RepresentationCycle,
        ),
        (
            chain(&[
                ("BSN", "999990019"),
                ("KvKnr", "12345678"),
                ("BSN", "999990019"),
            ]),
            RepresentationCycle,
        ),
        (
            chain(&[("BSN", "999990019"), ("pseudonym", "p")]),
            PartyKind,
        ),
        (
            chain(&[
                ("BSN", "111222333"),
                ("KvKnr", "00000001"),
                ("KvKnr", "00000002"),
                ("KvKnr", "00000003"),
                ("KvKnr", "00000004"),
                ("BSN", "999990019"),
            ]),
            RepresentationDepth,
        ),
    ];
    for (claims, reason) in cases {
        assert_eq!(read(&claims), Err(reason), "{claims}");
    }
}

fn any_party() -> impl Strategy<Value = (&'static str, &'static str)> {
    prop::sample::select(vec![
        ("BSN", "999990019"),
        ("BSN", "123456782"),
        ("legacy-BSN", "111222333"),
        ("KvKnr", "69599084"),
        ("KvKnr", "12345678"),
        ("RSIN", "111222333"),
        ("pseudonym", "a"),
        ("pseudonym", "b"),
        ("Onbekend", "x"),
        ("BSN", "123456789"),
        ("KvKnr", "1"),
    ])
}

proptest! {
    /// Whoever is in between, the data is the deepest party's or nobody's.
    #[test]
    fn a_chain_gives_the_deepest_party_or_nobody(
        parties in prop::collection::vec(any_party(), 1..7),
        break_at in prop::option::of((0usize..6, prop::sample::select(vec!["iss", "sub", "sub_id_type"]))),
    ) {
        let mut claims = chain(&parties);
        let mut broken = false;
        if let Some((depth, name)) = break_at {
            let mut at = &mut claims;
            for _ in 0..depth.min(parties.len() - 1) {
                at = &mut at["represents"];
            }
            at.as_object_mut().unwrap().remove(name);
            broken = true;
        }
        if let Ok(read) = read(&claims) {
            let (kind, sub) = parties[parties.len() - 1];
            prop_assert!(!broken && parties.len() <= MAX_DEPTH + 1);
            match &read.on_behalf_of {
                Subject::Burger(bsn) => {
                    prop_assert!(kind.ends_with("BSN"));
                    prop_assert_eq!(bsn.expose(), sub);
                }
                Subject::Onderneming(company) => {
                    let number = company.kvk().map(KvkNummer::expose).or(company.rsin().map(Rsin::expose));
                    prop_assert_eq!(company.kvk().is_some(), kind == "KvKnr");
                    prop_assert_eq!(number, Some(sub));
                }
                Subject::Pseudoniem(name) => {
                    prop_assert_eq!((kind, parties.len()), ("pseudonym", 1));
                    prop_assert_eq!(name.expose().1, sub);
                }
            }
            prop_assert_eq!(read.actor == Actor::Self_, parties.len() == 1);
        }
    }
}
