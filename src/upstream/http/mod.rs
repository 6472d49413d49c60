//! The only maker of HTTP clients. One [`Client`] per (site, source, credentials): its own connection
//! pool, one origin, no redirects, no proxy from the environment, bounded bodies, and a deadline.

pub mod auth;
pub mod cache;
mod client;
mod error;
mod settings;

pub use client::{Body, Call, Client, Health, Reply, StreamReply};
pub use error::{ErrorKind, UpstreamError};
pub use settings::ClientSettings;

pub use crate::domain::{BaseUrl, BaseUrlError};
