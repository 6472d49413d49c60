//! Judging a received request in the order of the design: head and MAC, then body and digest, then
//! nonce. Each step gives the value that the next one needs, so a [`VerifiedRequest`] cannot be
//! made without all three.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::base::{self, Base};
use super::components::{Covered, RequestComponents, RequestHead};
use super::digest::ContentDigest;
use super::error::{Reason, Refused, SignError};
use super::fields::{Member, Nonce, REQUEST_TAG};
use super::keys::{KeyTable, Scope};
use super::sign::ResponseSigner;
use crate::domain::{Clock, KeyId, SecretBytes, SiteId, Timestamp};
use crate::store::nonces::{NonceRefused, NonceUse, Nonces};

/// How far `created` may lie from the clock, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    past: i64,
    future: i64,
}

impl Window {
    /// A signature lives at most this long, whatever the window.
    const LIFETIME: i64 = 60;

    /// `None` when a bound makes no sense: more than a signature lives back, more than 30 ahead.
    pub fn new(past: i64, future: i64) -> Option<Self> {
        let possible = (1..=Self::LIFETIME).contains(&past) && (0..=30).contains(&future);
        possible.then_some(Self { past, future })
    }

    pub const fn past(self) -> i64 {
        self.past
    }

    pub const fn future(self) -> i64 {
        self.future
    }

    fn check(self, created: i64, expires: i64, now: i64) -> Result<(), Reason> {
        if created < now.saturating_sub(self.past) || created > now.saturating_add(self.future) {
            return Err(Reason::Created);
        }
        if expires <= created || expires > created.saturating_add(Self::LIFETIME) {
            return Err(Reason::Expires);
        }
        if expires < now {
            return Err(Reason::Expired);
        }
        Ok(())
    }
}

impl Default for Window {
    fn default() -> Self {
        Self {
            past: 60,
            future: 5,
        }
    }
}

/// Judges requests for one listener.
#[derive(Debug)]
pub struct Verifier {
    keys: Arc<KeyTable>,
    authorities: BTreeSet<String>,
    window: Window,
    clock: Clock,
    /// Stands in for the secret of a key id that nobody has, so that both cost the same.
    nobody: SecretBytes,
}

impl Verifier {
    /// `authorities` are the values of `Host` that this listener answers to, with the port.
    pub fn new(
        keys: Arc<KeyTable>,
        authorities: impl IntoIterator<Item = String>,
        window: Window,
        clock: Clock,
    ) -> Result<Self, SignError> {
        let mut nobody = vec![0; 32];
        aws_lc_rs::rand::fill(&mut nobody).map_err(|_| SignError::Random)?;
        Ok(Self {
            keys,
            authorities: authorities
                .into_iter()
                .map(|authority| authority.to_ascii_lowercase())
                .collect(),
            window,
            clock,
            nobody: SecretBytes::new(nobody),
        })
    }

    /// Everything that can be judged before the body is read. On failure the body must stay unread.
    pub fn verify_head(&self, head: &RequestHead<'_>) -> Result<VerifiedHead, Refused> {
        let now = self.clock.now();
        let member = Member::find(head.headers, REQUEST_TAG)?;
        let covered = Covered::of_request(&member.list)?;
        let expires = member.params.expires.ok_or(Reason::Parameters)?;
        let created = member.params.created;
        self.window.check(created, expires, now.as_secs())?;
        let components = RequestComponents::received(head, covered)?;
        if !self.authorities.contains(&components.authority) {
            return Err(Reason::Authority.into());
        }
        let digest = ContentDigest::parse(&components.content_digest)?;

        let mut base = Base::default();
        for (name, value) in components.lines() {
            base.line(name, value);
        }
        let base = base.finish(&member.text);
        // The order of these steps keeps the work equal for known and unknown key ids.
        let pair = KeyId::parse(&member.params.keyid)
            .ok()
            .and_then(|id| self.keys.find(&id));
        let secret = pair.map_or(&self.nobody, |pair| &pair.request.secret);
        let fits = base::fits(secret, &base, &member.mac);
        let pair = pair.ok_or(Reason::UnknownKey)?;
        if !fits {
            return Err(Reason::Mac.into());
        }
        pair.check(now)?;

        Ok(VerifiedHead {
            site: pair.site.clone(),
            key_id: pair.request.id.clone(),
            scopes: pair.scopes.clone(),
            created,
            expires,
            digest,
            clock: self.clock.clone(),
            responder: ResponseSigner::new(
                components,
                member.params.nonce,
                pair.response.clone(),
                self.clock.clone(),
            ),
        })
    }
}

/// The MAC held. Nothing is known of the body yet, nor whether the request is a replay: this is
/// enough to sign an answer with, not to act upon.
#[derive(Debug)]
pub struct VerifiedHead {
    site: SiteId,
    key_id: KeyId,
    scopes: BTreeSet<Scope>,
    created: i64,
    expires: i64,
    digest: ContentDigest,
    clock: Clock,
    responder: ResponseSigner,
}

impl VerifiedHead {
    /// For the log.
    pub fn site(&self) -> &SiteId {
        &self.site
    }

    /// For the log.
    pub fn key_id(&self) -> &KeyId {
        &self.key_id
    }

    /// Signs the answer; to be kept before the next step, which may need a signed 413 or 503.
    pub fn responder(&self) -> ResponseSigner {
        self.responder.clone()
    }

    /// Whether the request says that it has a body.
    pub fn expects_body(&self) -> bool {
        self.responder.components().content_type.is_some()
    }

    /// `body` is all of it, as received.
    pub fn verify_body(self, body: &[u8]) -> Result<VerifiedBody, Refused> {
        if body.is_empty() == self.expects_body() {
            return Err(Reason::BodyPresence.into());
        }
        if !self.digest.matches(body) {
            return Err(Reason::Digest.into());
        }
        Ok(VerifiedBody(self))
    }
}

/// Head and body are as signed. What is left is that nobody sent them before.
#[derive(Debug)]
pub struct VerifiedBody(VerifiedHead);

impl VerifiedBody {
    /// The last step: the nonce is used up.
    pub fn spend_nonce(self, nonces: &dyn Nonces) -> Result<VerifiedRequest, Refused> {
        let Self(head) = self;
        let spent = NonceUse {
            key: &head.key_id,
            nonce: head.responder.nonce().as_str(),
            created: head.created,
            expires: head.expires,
        };
        match nonces.spend(&spent, head.clock.now()) {
            Ok(()) => Ok(VerifiedRequest {
                site: head.site,
                key_id: head.key_id,
                scopes: head.scopes,
                created: Timestamp::from_secs(head.created),
                responder: head.responder,
            }),
            Err(NonceRefused::Replayed) => Err(Reason::Replayed.into()),
            Err(NonceRefused::Expired) => Err(Reason::Expired.into()),
            Err(NonceRefused::Full) => Err(Refused::NoncesFull),
            Err(NonceRefused::JustStarted { retry_after_secs }) => {
                Err(Refused::JustStarted { retry_after_secs })
            }
            Err(NonceRefused::Unavailable(why)) => Err(Refused::NoncesUnavailable(why)),
        }
    }
}

/// A request that one of the sites made, whole, just now and once. Only what its signature covers
/// can be read from it.
#[derive(Debug)]
pub struct VerifiedRequest {
    site: SiteId,
    key_id: KeyId,
    scopes: BTreeSet<Scope>,
    created: Timestamp,
    responder: ResponseSigner,
}

impl VerifiedRequest {
    /// The site comes from the key alone.
    pub fn site(&self) -> &SiteId {
        &self.site
    }

    pub fn key_id(&self) -> &KeyId {
        &self.key_id
    }

    pub fn scopes(&self) -> &BTreeSet<Scope> {
        &self.scopes
    }

    pub fn has_scope(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }

    /// When the site signed it, by the site's clock.
    pub fn created(&self) -> Timestamp {
        self.created
    }

    pub fn nonce(&self) -> &Nonce {
        self.responder.nonce()
    }

    /// The session token, when the signature covers one.
    pub fn bearer(&self) -> Option<&str> {
        let value = self.responder.components().authorization.as_ref()?;
        let (scheme, token) = value.split_once(' ')?;
        (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
    }

    /// The media type of the body, when there is one.
    pub fn content_type(&self) -> Option<&str> {
        self.responder.components().content_type.as_deref()
    }

    /// Signs the answer.
    pub fn responder(&self) -> &ResponseSigner {
        &self.responder
    }
}
