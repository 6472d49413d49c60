//! Zijspan, the MijnOmgeving back end for Open Webconcept sites.
//!
//! The modules in order of dependence, from the words of the field up to the composition root. What
//! each may use is written in `tests/architecture.rs`, which checks it.

pub mod domain;

pub mod telemetry;

pub mod store;

pub mod logboek;

pub mod policy;
pub mod signing;
pub mod upstream;

pub mod gate;
pub mod identity;

pub mod documents;
pub mod mijn;

pub mod config;

pub mod api;

#[cfg(feature = "sandbox")]
pub mod sandbox;

pub mod app;
pub mod lifecycle;

pub mod cli;
