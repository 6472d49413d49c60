//! What `docs/add-a-source.md` says of an adapter.

use zijspan::domain::{Asker, Doelbinding, SessionKey, UserId};
use zijspan::upstream::http::{BreakerState, ErrorKind};

use super::parkeren::{Eigenaar, Parkeren};
use super::world::{ANNA, Mode, Register, Site, company, person};

fn asker(session: u8) -> Asker {
    Asker::in_session(
        UserId::pseudonym("u-1".to_owned()),
        SessionKey::new([session; 32]),
        Doelbinding::new("parkeervergunningen"),
    )
}

async fn numbers(source: &Parkeren, asker: &Asker) -> Result<Vec<String>, ErrorKind> {
    let anna = Eigenaar::of(&person(ANNA)).unwrap();
    let found = source.vergunningen(&anna, asker).await;
    let nummer =
        |it: &zijspan::domain::Proven<super::parkeren::Vergunning>| it.get().nummer.clone();
    found
        .map(|found| found.items.iter().map(nummer).collect())
        .map_err(|error| error.kind)
}

async fn one(mode: Mode) -> (Register, Parkeren) {
    let register = Register::start("parkeren", mode).await;
    let source = Site::of(&[&register]).sources.remove(0);
    (register, source)
}

#[tokio::test]
async fn the_question_carries_the_owner_in_its_body_and_the_key_in_its_header() {
    let (register, source) = one(Mode::Right).await;
    assert_eq!(numbers(&source, &asker(1)).await.unwrap(), ["P-1", "P-3"]);
    let seen = register.seen();
    assert_eq!(seen[0].0, "key-of-parkeren");
    assert_eq!(seen[0].1["eigenaar"]["waarde"], ANNA);
}

#[tokio::test]
async fn a_register_that_ignores_the_filter_gives_nothing() {
    let (_register, source) = one(Mode::IgnoreFilter).await;
    let refused = numbers(&source, &asker(1)).await.unwrap_err();
    assert_eq!(refused, ErrorKind::FilterIgnored);
}

#[tokio::test]
async fn a_permit_that_names_nobody_is_nobodys() {
    let (_register, source) = one(Mode::Nameless).await;
    assert_eq!(numbers(&source, &asker(1)).await.unwrap().len(), 0);
}

#[tokio::test]
async fn an_answer_is_used_again_within_its_session_and_purpose_only() {
    let (register, source) = one(Mode::Right).await;
    for _ in 0..2 {
        numbers(&source, &asker(1)).await.unwrap();
    }
    assert_eq!(register.asked(), 1);
    numbers(&source, &asker(2)).await.unwrap();
    assert_eq!(register.asked(), 2);
    let other = asker(1).for_purpose(Doelbinding::new("handhaving"));
    numbers(&source, &other).await.unwrap();
    assert_eq!(register.asked(), 3);
}

#[tokio::test]
async fn an_endless_list_stops_at_the_bound_and_says_so() {
    let (register, source) = one(Mode::Endless).await;
    let anna = Eigenaar::of(&person(ANNA)).unwrap();
    let found = source.vergunningen(&anna, &asker(1)).await.unwrap();
    assert_eq!((found.items.len(), found.of), (3, Some(872)));
    assert_eq!(register.asked(), 3);
}

#[tokio::test]
async fn a_register_that_fails_is_left_alone_after_a_while() {
    let (register, source) = one(Mode::Fail).await;
    for _ in 0..3 {
        let failed = numbers(&source, &asker(1)).await.unwrap_err();
        assert_eq!(failed, ErrorKind::Server);
    }
    let refused = numbers(&source, &asker(1)).await.unwrap_err();
    assert_eq!((refused, register.asked()), (ErrorKind::Open, 3));
    assert_eq!(source.vitals().breaker.state, BreakerState::Open);
}

#[test]
fn a_branch_owns_nothing_that_is_the_companys() {
    assert!(Eigenaar::of(&company(None)).is_some());
    assert!(Eigenaar::of(&company(Some("000037178598"))).is_none());
}
