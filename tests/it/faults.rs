//! The fault matrix: every fault of the sandbox at every call of the overview, of a zaak and of a
//! download. For each: what the page shows and why, what is logged, that nothing else on the page
//! suffers, and that the answer is there within its deadline.
//!
//! One world at a time would take minutes, most of it waiting for sources that hang: each test runs its
//! cases on several threads, each with a sandbox of its own, and a new sidecar for every case, since
//! catalogue, answers and breaker remember.

mod expect;
mod ground;
mod run;

use expect::{Call, DOWNLOAD, OVERVIEW, ZAAK, ZAAK_CATALOGUS};

#[test]
fn faults_of_the_overview() {
    run::matrix(OVERVIEW);
}

#[test]
fn faults_of_a_zaak() {
    run::matrix(ZAAK);
}

#[test]
fn faults_of_the_catalogue() {
    run::matrix(ZAAK_CATALOGUS);
}

#[test]
fn faults_of_a_download() {
    run::matrix(DOWNLOAD);
}

/// Every mode that the sandbox knows is in the matrix.
#[test]
fn every_mode_of_the_sandbox_is_tried() {
    let tried: std::collections::BTreeSet<&str> =
        expect::FAULTS.iter().map(|fault| fault.mode).collect();
    let known: std::collections::BTreeSet<&str> = zijspan::sandbox::mode_names().collect();
    assert_eq!(tried, known);
    let calls: Vec<&Call> = [OVERVIEW, ZAAK, ZAAK_CATALOGUS, DOWNLOAD].concat();
    assert!(calls.len() >= 20);
}
