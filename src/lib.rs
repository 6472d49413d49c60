//! Zijspan, the MijnOmgeving back end for Open Webconcept sites.
//!
//! The modules in order of dependence, from the words of the field up to the composition root. What
//! each may use is written in `tests/architecture.rs`, which checks it.

#![forbid(unsafe_code)]

pub mod domain;
