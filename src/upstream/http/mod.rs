//! The only maker of HTTP clients. One [`Client`] per (site, source, credentials): its own connection
//! pool, TLS identity and trust, breaker and bulkhead; one origin, no redirects, no proxy from the
//! environment, bounded bodies, and a deadline that second attempts are part of.

pub mod auth;
mod breaker;
mod bulkhead;
pub mod cache;
mod call;
mod client;
mod error;
mod exchange;
mod idle;
mod judge;
mod metrics;
mod retry;
mod settings;
mod tls;
mod vitals;

pub use call::{Body, Call, Reply, StreamReply};
pub use client::Client;
pub use error::{ErrorKind, UpstreamError};
pub use metrics::describe;
pub use settings::{BreakerSettings, ClientSettings, Host};
pub use tls::TlsSettings;
pub use vitals::{BreakerState, BreakerVitals, Failure, Health, Vitals};

pub use crate::domain::{BaseUrl, BaseUrlError};
