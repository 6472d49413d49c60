//! HTTP out, one folder per API; [`http`] is the only maker of clients.

pub mod http;
pub mod zgw;
