//! Streams: who may have a document, its ticket, and its bytes.

mod access;
pub mod filename;
mod source;
mod tickets;

pub use access::{Access, AccessError, Opened, shown_zaak};
pub use source::ZgwSource;
pub use tickets::{TicketContent, Tickets, TicketsUnavailable};
