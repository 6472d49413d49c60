//! All integration tests in one binary, which links once.
//!
//! `conformance` and `attacks` are groups of `./dev test` by their module name.

// `cfg(test)` lets helper functions unwrap, as clippy.toml allows in tests.
#[cfg(feature = "sandbox")]
#[cfg(test)]
mod acting;
#[cfg(feature = "sandbox")]
#[cfg(test)]
mod attacks;
#[cfg(test)]
mod attacks_identity;
#[cfg(feature = "sandbox")]
#[cfg(test)]
mod catalogus;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod client;
#[cfg(test)]
mod config;
#[cfg(feature = "sandbox")]
#[cfg(test)]
mod conformance;
#[cfg(test)]
mod credentials;
#[cfg(test)]
mod docs;
#[cfg(feature = "sandbox")]
#[cfg(test)]
mod doctor;
#[cfg(feature = "sandbox")]
#[cfg(test)]
mod faults;
#[cfg(test)]
mod gate;
#[cfg(feature = "sandbox")]
#[cfg(test)]
mod harness;
#[cfg(feature = "sandbox")]
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod identity;
#[cfg(test)]
mod listeners;
#[cfg(feature = "sandbox")]
#[cfg(test)]
mod log;
#[cfg(feature = "sandbox")]
#[cfg(test)]
mod metrics;
#[cfg(test)]
mod op;
#[cfg(feature = "sandbox")]
#[cfg(test)]
mod openapi;
#[cfg(feature = "sandbox")]
#[cfg(test)]
mod sandbox;
#[cfg(feature = "sandbox")]
#[cfg(test)]
mod several;
#[cfg(test)]
mod signing;
#[cfg(feature = "sandbox")]
#[cfg(test)]
mod status;
#[cfg(feature = "sandbox")]
#[cfg(test)]
mod switches;
#[cfg(test)]
mod track;
#[cfg(feature = "sandbox")]
#[cfg(test)]
mod userdata;
#[cfg(feature = "sandbox")]
#[cfg(test)]
mod vendors;
#[cfg(test)]
mod walkthrough;
#[cfg(feature = "sandbox")]
#[cfg(test)]
mod zaken;
