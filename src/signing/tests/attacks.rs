//! What an attacker would try that one message cannot say: replays, full stores, clocks, rotations.
//! The numbers are those of `docs/signing.md`; everything else is in `tests/vectors/`.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

#[test]
fn attack_01_the_same_request_twice_is_refused_the_second_time() {
    let verifier = verifier_with(vec![pair("demo", 1)], &clock());
    let nonces = MemoryNonces::volatile(10);
    let (wire, _) = post(&key("wp-demo-1", 1), 1);
    assert!(wire.judge(&verifier, &nonces).is_ok());
    assert_eq!(
        wire.judge(&verifier, &nonces).unwrap_err(),
        Reason::Replayed.into()
    );
}

#[test]
fn attack_01_of_a_hundred_in_parallel_one_passes() {
    let verifier = verifier_with(vec![pair("demo", 1)], &clock());
    let nonces = MemoryNonces::volatile(1000);
    let (wire, _) = post(&key("wp-demo-1", 1), 1);
    let passed = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..100 {
            scope.spawn(|| {
                if wire.judge(&verifier, &nonces).is_ok() {
                    passed.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
    });
    assert_eq!(passed.into_inner(), 1);
}

#[test]
fn attack_03_an_expired_signature_is_refused_before_the_body_is_read() {
    let clock = clock();
    let verifier = verifier_with(vec![pair("demo", 1)], &clock);
    let signing = key("wp-demo-1", 1);
    let params = format!(
        ";created={NOW};expires={};nonce=\"AQEBAQEBAQEBAQEBAQEBAQ\";keyid=\"wp-demo-1\";tag=\"zijspan-request-v1\"",
        NOW + 10
    );
    let wire = properties::resigned(&post(&signing, 1).0, &signing, &params);
    clock.advance_secs(10);
    assert!(wire.head(&verifier).is_ok());
    clock.advance_secs(1);
    assert_eq!(wire.head(&verifier).unwrap_err(), Reason::Expired.into());
}

#[test]
fn attack_18_a_full_quota_is_not_a_401() {
    let verifier = verifier_with(vec![pair("demo", 1)], &clock());
    let nonces = MemoryNonces::volatile(1);
    let signing = key("wp-demo-1", 1);
    assert!(post(&signing, 1).0.judge(&verifier, &nonces).is_ok());
    let second = post(&signing, 2).0.judge(&verifier, &nonces);
    assert_eq!(second.unwrap_err(), Refused::NoncesFull);
}

#[test]
fn attack_18_a_request_without_its_signature_costs_no_nonce() {
    let verifier = verifier_with(vec![pair("demo", 1)], &clock());
    let nonces = MemoryNonces::volatile(1);
    let signing = key("wp-demo-1", 1);
    let (mut spoilt, _) = post(&signing, 1);
    spoilt.body.push(b' ');
    assert_eq!(
        spoilt.judge(&verifier, &nonces).unwrap_err(),
        Reason::Digest.into()
    );
    let (mut spoilt, _) = post(&signing, 1);
    spoilt.method = Method::PUT;
    assert_eq!(
        spoilt.judge(&verifier, &nonces).unwrap_err(),
        Reason::Mac.into()
    );
    assert!(post(&signing, 1).0.judge(&verifier, &nonces).is_ok());
}

#[test]
fn attack_18_after_a_clock_was_set_back_nothing_comes_back() {
    let clock = clock();
    let verifier = verifier_with(vec![pair("demo", 1)], &clock);
    let nonces = MemoryNonces::volatile(10);
    let signing = key("wp-demo-1", 1);
    let (wire, _) = post(&signing, 1);
    assert!(wire.judge(&verifier, &nonces).is_ok());
    clock.advance_secs(61);
    let late = NOW + 61;
    let (later, _) = post_at(&signing, 2, late);
    assert!(later.judge(&verifier, &nonces).is_ok());
    clock.set(Timestamp::from_secs(NOW + 1));
    let again = wire.judge(&verifier, &nonces).unwrap_err();
    assert!(matches!(again, Refused::NoncesUnavailable(_)), "{again:?}");
}

#[test]
fn attack_18_after_an_unclean_stop_a_request_is_told_when_to_come_back() {
    let dir = tempfile::tempdir().unwrap();
    let clock = clock();
    let nonces = MemoryNonces::open(dir.path(), 10, 5, clock.now()).unwrap();
    let verifier = verifier_with(vec![pair("demo", 1)], &clock);
    let (wire, _) = post(&key("wp-demo-1", 1), 1);
    assert_eq!(
        wire.judge(&verifier, &nonces).unwrap_err(),
        Refused::JustStarted {
            retry_after_secs: 6
        }
    );
}

#[test]
fn attack_19_both_pairs_of_a_rotation_are_answered_under_their_own_response_key() {
    let verifier = verifier_with(vec![pair("demo", 1), pair("demo", 2)], &clock());
    for number in [1, 2] {
        let (wire, awaiting) = post(&key(&format!("wp-demo-{number}"), number), number);
        let head = wire.head(&verifier).unwrap();
        let mut headers = HeaderMap::new();
        headers.insert("content-type", HeaderValue::from_static("text/plain"));
        head.responder()
            .sign(200, "text/plain", b"x")
            .unwrap()
            .apply(&mut headers);
        for answering in [1, 2] {
            let response_key = key(&format!("zs-demo-{answering}"), answering + 100);
            let verdict = awaiting.verify(&response_key, 200, &headers, b"x");
            assert_eq!(verdict.is_ok(), answering == number);
        }
    }
}
