//! What a session promises.

use super::*;
use crate::domain::{Actor, Bsn, KeyId, LevelOfAssurance, SecretBytes};
use crate::store::shared::{MemoryState, ServerKey};

const T0: Timestamp = Timestamp::from_secs(1_800_000_000);

fn after(secs: i64) -> Timestamp {
    T0.plus_secs(secs)
}

fn site(name: &str) -> SiteId {
    SiteId::parse(name).unwrap()
}

fn login(bsn: &str) -> ProvenLogin {
    ProvenLogin {
        identity: Identity {
            on_behalf_of: Subject::Burger(Bsn::parse(bsn).unwrap()),
            actor: Actor::Self_,
            mandate: None,
            loa: LevelOfAssurance::SUBSTANTIAL,
            means: crate::domain::Means::National,
            label: None,
        },
        idp: "digid".to_owned(),
        iss: "https://idp.example".to_owned(),
        sub: format!("sub-{bsn}"),
        sid: Some(format!("sid-{bsn}")),
        id_token: None,
        auth_time: None,
    }
}

fn key(id: &str, fill: u8) -> ServerKey {
    ServerKey {
        id: KeyId::parse(id).unwrap(),
        secret: SecretBytes::new(vec![fill; 32]),
    }
}

fn setup() -> (Arc<MemoryState>, Sessions) {
    let shared = Arc::new(MemoryState::default());
    let vault = Arc::new(Vault::new(key("a", 1), vec![]).unwrap());
    let sessions = Sessions::new(shared.clone(), vault, SessionSettings::default());
    (shared, sessions)
}

const ANNA: &str = "999990019";
const BERT: &str = "123456782";

#[tokio::test]
async fn a_session_gives_back_who_logged_in() {
    let (_, sessions) = setup();
    let started = sessions
        .start(&site("demo"), login(ANNA), None, T0)
        .await
        .unwrap();
    let token = started.token.as_str();
    let session = sessions
        .open(&site("demo"), token, false, after(1))
        .await
        .unwrap();
    assert_eq!(session.identity(), &login(ANNA).identity);
    assert_eq!(session.id(), started.session.id());
    assert_eq!(session.started(), T0);
    assert_eq!(session.idle_expires_in(after(1)), 899);
    assert_eq!(session.absolute_expires_in(after(1)), 7199);
}

#[tokio::test]
async fn only_a_touch_extends_the_idle_time() {
    let (_, sessions) = setup();
    let demo = site("demo");
    let started = sessions.start(&demo, login(ANNA), None, T0).await.unwrap();
    let token = started.token.as_str();
    let touched = sessions.open(&demo, token, true, after(600)).await.unwrap();
    assert_eq!(touched.idle_expires_in(after(600)), 900);
    for secs in [700, 1000, 1400, 1499] {
        assert!(
            sessions
                .open(&demo, token, false, after(secs))
                .await
                .is_ok()
        );
    }
    let gone = sessions.open(&demo, token, true, after(1500)).await;
    assert_eq!(gone.err(), Some(SessionError::Ended));
    // And it is not woken up by an earlier clock either.
    assert!(sessions.open(&demo, token, true, after(601)).await.is_err());
}

#[tokio::test]
async fn nothing_extends_the_absolute_time() {
    let (_, sessions) = setup();
    let demo = site("demo");
    let started = sessions.start(&demo, login(ANNA), None, T0).await.unwrap();
    let token = started.token.as_str();
    for minutes in (10..=110).step_by(10) {
        assert!(
            sessions
                .open(&demo, token, true, after(minutes * 60))
                .await
                .is_ok()
        );
    }
    let last = sessions
        .open(&demo, token, true, after(7199))
        .await
        .unwrap();
    assert_eq!(last.idle_expires_in(after(7199)), 1);
    assert!(
        sessions
            .open(&demo, token, true, after(7200))
            .await
            .is_err()
    );
}

#[tokio::test]
async fn missing_ended_expired_and_another_sites_are_one_error() {
    let (_, sessions) = setup();
    let demo = site("demo");
    let started = sessions.start(&demo, login(ANNA), None, T0).await.unwrap();
    let token = started.token.as_str().to_owned();
    let never_made = "A".repeat(43);
    for (at, site_name, text) in [
        (1, "demo", never_made.as_str()),
        (1, "demo", "not a token"),
        (1, "demo", ""),
        (1, "other", &token),
    ] {
        let refused = sessions.open(&site(site_name), text, true, after(at)).await;
        assert_eq!(refused.err(), Some(SessionError::Ended));
    }
    assert!(
        sessions
            .end(&site("other"), &token, after(1))
            .await
            .is_err()
    );
    assert!(sessions.open(&demo, &token, false, after(1)).await.is_ok());
    assert!(sessions.end(&demo, &token, after(1)).await.is_ok());
    assert!(sessions.open(&demo, &token, false, after(1)).await.is_err());
    assert!(sessions.end(&demo, &token, after(1)).await.is_err());
}

#[tokio::test]
async fn a_fourth_session_ends_the_oldest() {
    let (_, sessions) = setup();
    let demo = site("demo");
    let mut tokens = Vec::new();
    for _ in 0..4 {
        let started = sessions.start(&demo, login(ANNA), None, T0).await.unwrap();
        tokens.push(started.token);
    }
    let other = sessions.start(&demo, login(BERT), None, T0).await.unwrap();
    let elsewhere = sessions
        .start(&site("other"), login(ANNA), None, T0)
        .await
        .unwrap();
    let lives = async |site: &SiteId, token: &Token| {
        sessions
            .open(site, token.as_str(), false, after(1))
            .await
            .is_ok()
    };
    assert!(!lives(&demo, &tokens[0]).await);
    for token in &tokens[1..] {
        assert!(lives(&demo, token).await);
    }
    assert!(lives(&demo, &other.token).await);
    assert!(lives(&site("other"), &elsewhere.token).await);
}

#[tokio::test]
async fn a_new_login_ends_the_session_that_the_browser_had() {
    let (_, sessions) = setup();
    let demo = site("demo");
    let first = sessions.start(&demo, login(ANNA), None, T0).await.unwrap();
    let old = first.token.as_str();
    let second = sessions
        .start(&demo, login(BERT), Some(old), T0)
        .await
        .unwrap();
    assert!(sessions.open(&demo, old, false, T0).await.is_err());
    assert!(
        sessions
            .open(&demo, second.token.as_str(), false, T0)
            .await
            .is_ok()
    );
    // A token of another site ends nothing there.
    let other = site("other");
    sessions
        .start(&other, login(BERT), Some(second.token.as_str()), T0)
        .await
        .unwrap();
    assert!(
        sessions
            .open(&demo, second.token.as_str(), false, T0)
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn sessions_end_by_subject_by_login_by_account_and_by_site() {
    let (shared, sessions) = setup();
    let demo = site("demo");
    let anna = Subject::Burger(Bsn::parse(ANNA).unwrap());
    let iss = "https://idp.example";
    let start = async |bsn: &str| sessions.start(&demo, login(bsn), None, T0).await.unwrap();
    start(ANNA).await;
    start(ANNA).await;
    let bert = start(BERT).await;
    assert_eq!(sessions.end_subject(&site("other"), &anna).await, Ok(0));
    assert_eq!(sessions.end_subject(&demo, &anna).await, Ok(2));
    start(ANNA).await;
    assert_eq!(
        sessions
            .end_login(&demo, "https://evil.example", &format!("sid-{ANNA}"))
            .await,
        Ok(0)
    );
    assert_eq!(
        sessions.end_login(&demo, iss, &format!("sid-{ANNA}")).await,
        Ok(1)
    );
    start(ANNA).await;
    assert_eq!(
        sessions
            .end_account(&demo, iss, &format!("sub-{ANNA}"))
            .await,
        Ok(1)
    );
    assert!(sessions.alive(&demo, &bert.session.id(), T0).await.unwrap());
    assert!(
        !sessions
            .alive(&site("other"), &bert.session.id(), T0)
            .await
            .unwrap()
    );
    assert_eq!(sessions.end_site(&demo).await, Ok(1));
    assert!(!sessions.alive(&demo, &bert.session.id(), T0).await.unwrap());
    assert_eq!(shared.held(), (0, 0, 0));
}

#[tokio::test]
async fn expired_sessions_give_their_memory_back() {
    let (shared, sessions) = setup();
    for _ in 0..50 {
        sessions
            .start(&site("demo"), login(ANNA), None, T0)
            .await
            .unwrap();
    }
    assert_eq!(shared.held().1, 3);
    sessions.sweep(after(899)).await.unwrap();
    assert_eq!(shared.held().1, 3);
    sessions.sweep(after(900)).await.unwrap();
    assert_eq!(shared.held(), (0, 0, 0));
}

#[tokio::test]
async fn sessions_survive_a_new_server_key_and_keep_counting_together() {
    let shared = Arc::new(MemoryState::default());
    let old = Vault::new(key("a", 1), vec![]).unwrap();
    let new = Vault::new(key("b", 2), vec![key("a", 1)]).unwrap();
    let with = |vault| Sessions::new(shared.clone(), Arc::new(vault), SessionSettings::default());
    let (old, new) = (with(old), with(new));
    let demo = site("demo");
    let first = old.start(&demo, login(ANNA), None, T0).await.unwrap();
    assert!(
        new.open(&demo, first.token.as_str(), false, T0)
            .await
            .is_ok()
    );
    for _ in 0..3 {
        new.start(&demo, login(ANNA), None, T0).await.unwrap();
    }
    assert!(
        new.open(&demo, first.token.as_str(), false, T0)
            .await
            .is_err()
    );
    let anna = Subject::Burger(Bsn::parse(ANNA).unwrap());
    assert_eq!(new.end_subject(&demo, &anna).await, Ok(3));
}

#[tokio::test]
async fn what_is_kept_shows_no_number_and_opens_only_at_its_site_and_end() {
    let (shared, sessions) = setup();
    let demo = site("demo");
    let started = sessions.start(&demo, login(ANNA), None, T0).await.unwrap();
    let moment = Moment {
        now: T0,
        idle_secs: 900,
    };
    let record = shared
        .session(&demo, started.token.key(), false, moment)
        .await
        .unwrap()
        .unwrap();
    let kept = String::from_utf8_lossy(&record.sealed).into_owned() + &format!("{record:?}");
    assert!(!kept.contains(ANNA));
    assert!(sessions.unseal(&started.token, &record).is_ok());
    let moved = SessionRecord {
        site: site("other"),
        ..record.clone()
    };
    assert!(sessions.unseal(&started.token, &moved).is_err());
    let longer = SessionRecord {
        absolute_end: after(99_999),
        ..record
    };
    assert!(sessions.unseal(&started.token, &longer).is_err());
}
