use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

const NOW: i64 = 1_790_000_000;

fn at(secs: i64) -> Timestamp {
    Timestamp::from_secs(secs)
}

fn key() -> KeyId {
    KeyId::parse("wp-demo-1").unwrap()
}

/// A nonce of a request made at `created`, spent at `now`.
fn spend(store: &MemoryNonces, nonce: &str, created: i64, now: i64) -> Result<(), NonceRefused> {
    let key = key();
    let spent = NonceUse {
        key: &key,
        nonce,
        created,
        expires: created + 60,
    };
    store.spend(&spent, at(now))
}

fn open(dir: &Path, now: i64) -> MemoryNonces {
    MemoryNonces::open(dir, 1000, 5, at(now)).unwrap()
}

#[test]
fn a_nonce_is_used_once_for_as_long_as_its_request_could_be_accepted() {
    let store = MemoryNonces::volatile(10);
    assert_eq!(spend(&store, "a", NOW, NOW), Ok(()));
    for later in [NOW, NOW + 1, NOW + 59, NOW + 60] {
        assert_eq!(spend(&store, "a", NOW, later), Err(NonceRefused::Replayed));
    }
    assert_eq!(
        spend(&store, "a", NOW, NOW + 61),
        Err(NonceRefused::Expired)
    );
    assert_eq!(spend(&store, "a", NOW + 61, NOW + 61), Ok(()));
}

#[test]
fn the_same_nonce_of_two_keys_is_two_nonces() {
    let store = MemoryNonces::volatile(10);
    assert_eq!(spend(&store, "a", NOW, NOW), Ok(()));
    let other = KeyId::parse("wp-other-1").unwrap();
    let spent = NonceUse {
        key: &other,
        nonce: "a",
        created: NOW,
        expires: NOW + 60,
    };
    assert_eq!(store.spend(&spent, at(NOW)), Ok(()));
}

#[test]
fn of_a_hundred_at_once_exactly_one_wins() {
    let store = MemoryNonces::volatile(1000);
    let won = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..100 {
            scope.spawn(|| {
                if spend(&store, "the one", NOW, NOW).is_ok() {
                    won.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
    });
    assert_eq!(won.load(Ordering::SeqCst), 1);
}

#[test]
fn a_full_quota_refuses_and_forgets_nothing_that_still_counts() {
    let store = MemoryNonces::volatile(2);
    assert_eq!(spend(&store, "a", NOW, NOW), Ok(()));
    assert_eq!(spend(&store, "b", NOW + 1, NOW + 1), Ok(()));
    assert_eq!(spend(&store, "c", NOW, NOW + 1), Err(NonceRefused::Full));
    assert_eq!(
        spend(&store, "a", NOW, NOW + 1),
        Err(NonceRefused::Replayed)
    );

    let other = KeyId::parse("wp-other-1").unwrap();
    let spent = NonceUse {
        key: &other,
        nonce: "a",
        created: NOW,
        expires: NOW + 60,
    };
    assert_eq!(
        store.spend(&spent, at(NOW + 1)),
        Ok(()),
        "a quota is per key"
    );
    let held = store.held();
    assert_eq!((held.all, held.fullest_key, held.per_key), (3, 2, 2));

    assert_eq!(
        spend(&store, "c", NOW + 60, NOW + 60),
        Err(NonceRefused::Full)
    );
    assert_eq!(spend(&store, "c", NOW + 61, NOW + 61), Ok(()));
}

#[test]
fn a_clock_that_is_set_back_does_not_bring_back_a_forgotten_nonce() {
    let store = MemoryNonces::volatile(10);
    assert_eq!(spend(&store, "a", NOW, NOW), Ok(()));
    assert_eq!(spend(&store, "b", NOW + 70, NOW + 70), Ok(()));
    let back = spend(&store, "a", NOW, NOW + 30);
    assert!(
        matches!(back, Err(NonceRefused::Unavailable(_))),
        "{back:?}"
    );
    assert_eq!(
        spend(&store, "c", NOW + 30, NOW + 30),
        Ok(()),
        "what cannot have been forgotten is still judged"
    );
}

#[test]
fn a_clean_stop_remembers() {
    let dir = tempfile::tempdir().unwrap();
    let first = open(dir.path(), NOW - 100);
    assert_eq!(spend(&first, "old", NOW - 65, NOW - 60), Ok(()));
    assert_eq!(spend(&first, "a", NOW, NOW), Ok(()));
    first.close(at(NOW + 1)).unwrap();
    let late = spend(&first, "b", NOW, NOW + 1);
    assert!(
        matches!(late, Err(NonceRefused::Unavailable(_))),
        "{late:?}"
    );
    drop(first);

    let text = fs::read_to_string(dir.path().join(SAVED)).unwrap();
    assert_eq!(text.lines().count(), 3, "{text}");
    assert!(!text.contains("wp-demo-1"), "{text}");

    let second = open(dir.path(), NOW + 2);
    assert_eq!(
        spend(&second, "a", NOW, NOW + 2),
        Err(NonceRefused::Replayed)
    );
    assert_eq!(spend(&second, "b", NOW, NOW + 2), Ok(()));
}

#[test]
fn an_unclean_stop_makes_requests_of_before_it_wait() {
    let dir = tempfile::tempdir().unwrap();
    let first = open(dir.path(), NOW - 1000);
    first.close(at(NOW - 900)).unwrap();
    drop(first);
    let second = open(dir.path(), NOW - 800);
    assert_eq!(spend(&second, "a", NOW, NOW), Ok(()));
    drop(second);

    let third = open(dir.path(), NOW + 1);
    assert_eq!(
        spend(&third, "a", NOW, NOW + 1),
        Err(NonceRefused::JustStarted {
            retry_after_secs: 6
        })
    );
    assert_eq!(
        spend(&third, "b", NOW + 6, NOW + 6),
        Err(NonceRefused::JustStarted {
            retry_after_secs: 1
        })
    );
    assert_eq!(spend(&third, "b", NOW + 7, NOW + 7), Ok(()));
    third.close(at(NOW + 8)).unwrap();
    drop(third);

    let fourth = open(dir.path(), NOW + 9);
    let replay = spend(&fourth, "a", NOW, NOW + 9);
    assert!(
        matches!(replay, Err(NonceRefused::JustStarted { .. })),
        "a clean stop soon after an unclean one knows no more: {replay:?}"
    );
}

#[test]
fn a_cut_off_or_strange_file_counts_as_an_unclean_stop() {
    let whole = format!("{HEADER} {NOW} 0\n{} {}\nend\n", "ab".repeat(32), NOW + 60);
    assert!(parse(&whole).is_some());
    for (at, _) in whole.char_indices() {
        assert!(parse(&whole[..at]).is_none(), "{at}");
    }
    for bad in [
        "",
        "end\n",
        "\nend\n",
        "zijspan-nonces-2 clean 1 0\nend\n",
        &whole.replace("ab", "é"),
        &whole.replace("ab", "+1"),
    ] {
        assert!(parse(bad).is_none(), "{bad}");
    }
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join(SAVED), b"\xff\xfe").unwrap();
    let store = open(dir.path(), NOW);
    let early = spend(&store, "a", NOW, NOW);
    assert!(
        matches!(early, Err(NonceRefused::JustStarted { .. })),
        "{early:?}"
    );
}

#[test]
fn two_processes_do_not_share_a_state_directory() {
    let dir = tempfile::tempdir().unwrap();
    let first = open(dir.path(), NOW);
    let second = MemoryNonces::open(dir.path(), 10, 5, at(NOW));
    assert!(
        matches!(second, Err(NoncesOpenError::InUse(_))),
        "{second:?}"
    );
    drop(first);
    open(dir.path(), NOW);
}

#[test]
fn what_is_saved_is_for_the_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path(), NOW);
    store.close(at(NOW + 100)).unwrap();
    let mode = fs::metadata(dir.path().join(SAVED))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}
