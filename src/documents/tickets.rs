//! The right to fetch one document once, for a minute. The ticket is in an address, so it says nothing,
//! opens nothing by itself, and is spent by its first use elsewhere than on the site's own origin.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::domain::{Clock, SiteId};
use crate::store::shared::{Digest, OneTime, SharedState, Vault};

const LIFETIME_SECS: i64 = 60;
const PURPOSE: &str = "ticket";

/// What a ticket carries, sealed under the ticket itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketContent {
    pub site: SiteId,
    /// The handle of the document, which only its party can open.
    pub handle: String,
    /// The session in whose name it was given; a ticket ends with it.
    pub session: [u8; 32],
    /// Who asks, as the api layer wrote it.
    pub who: Zeroizing<Vec<u8>>,
}

/// The state or the system does not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("tickets are not available")]
pub struct TicketsUnavailable;

/// Gives and takes tickets. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Tickets {
    shared: Arc<dyn SharedState>,
    vault: Arc<Vault>,
    clock: Clock,
}

impl Tickets {
    pub fn new(shared: Arc<dyn SharedState>, vault: Arc<Vault>, clock: Clock) -> Self {
        Self {
            shared,
            vault,
            clock,
        }
    }

    pub const fn lifetime_secs() -> i64 {
        LIFETIME_SECS
    }

    pub async fn issue(&self, content: &TicketContent) -> Result<String, TicketsUnavailable> {
        let mut random = Zeroizing::new([0_u8; 32]);
        aws_lc_rs::rand::fill(&mut *random).map_err(|_| TicketsUnavailable)?;
        let ticket = URL_SAFE_NO_PAD.encode(*random);
        let mut plain = Zeroizing::new(Vec::new());
        plain.extend_from_slice(&content.session);
        for field in [
            content.site.as_str().as_bytes(),
            content.handle.as_bytes(),
            &content.who,
        ] {
            let length = u32::try_from(field.len()).map_err(|_| TicketsUnavailable)?;
            plain.extend_from_slice(&length.to_be_bytes());
            plain.extend_from_slice(field);
        }
        let sealed = self
            .vault
            .seal(ticket.as_bytes(), PURPOSE, &[], &plain)
            .map_err(|_| TicketsUnavailable)?;
        let now = self.clock.now();
        let until = now.plus_secs(LIFETIME_SECS);
        self.shared
            .put_once(OneTime::Ticket, key(&ticket), sealed, until, now)
            .await
            .map_err(|_| TicketsUnavailable)?;
        Ok(ticket)
    }

    /// What the ticket carries, if it is one. `again` leaves it for a second reading within its time.
    pub async fn redeem(
        &self,
        ticket: &str,
        again: bool,
    ) -> Result<Option<TicketContent>, TicketsUnavailable> {
        if ticket.len() != 43 {
            return Ok(None);
        }
        let now = self.clock.now();
        let sealed = if again {
            self.shared.read(OneTime::Ticket, key(ticket), now).await
        } else {
            self.shared.take(OneTime::Ticket, key(ticket), now).await
        };
        let Some(sealed) = sealed.map_err(|_| TicketsUnavailable)? else {
            return Ok(None);
        };
        let plain = self.vault.open(ticket.as_bytes(), PURPOSE, &[], &sealed);
        Ok(plain.ok().and_then(|plain| parse(&plain)))
    }
}

fn key(ticket: &str) -> Digest {
    Digest::of(&[b"ticket", ticket.as_bytes()])
}

fn parse(plain: &[u8]) -> Option<TicketContent> {
    let (session, rest) = plain.split_first_chunk::<32>()?;
    let (site, rest) = field(rest)?;
    let (handle, rest) = field(rest)?;
    let (who, rest) = field(rest)?;
    rest.is_empty().then_some(())?;
    Some(TicketContent {
        site: SiteId::parse(std::str::from_utf8(site).ok()?).ok()?,
        handle: std::str::from_utf8(handle).ok()?.to_owned(),
        session: *session,
        who: Zeroizing::new(who.to_vec()),
    })
}

fn field(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)
}
