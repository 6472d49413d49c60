//! Sessions: an opaque token in the browser's cookie, and behind it a sealed record of who logged in.
//!
//! A session never changes. Another level, mandate or party is a new login, whose session ends the old.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::hmac;
use secrecy::SecretString;

use super::{IdentityError, ProvenLogin, Token};
use crate::domain::{Identity, SiteId, Subject, Timestamp};
use crate::store::shared::{
    Digest, Moment, NewRecord, SessionRecord, SharedError, SharedState, Vault, Which,
};

#[derive(Debug, Clone)]
pub struct SessionSettings {
    /// Without a page that a person opened.
    pub idle_secs: i64,
    /// From login to end, whatever happens.
    pub absolute_secs: i64,
    /// Sessions of one subject beside each other at one site; the oldest ends.
    pub parallel: usize,
}

impl Default for SessionSettings {
    fn default() -> Self {
        Self {
            idle_secs: 15 * 60,
            absolute_secs: 2 * 60 * 60,
            parallel: 3,
        }
    }
}

/// Why there is no session. Never made, ended, expired or another site's are one and the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SessionError {
    #[error("there is no such session, or it has ended")]
    Ended,
    #[error(transparent)]
    Unavailable(#[from] SharedError),
}

/// Names one session without being its token: the key of caches and tickets that must die with it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionId(Digest);

impl SessionId {
    pub fn of(token: &Token) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, token.as_str().as_bytes());
        let tag = hmac::sign(&key, b"zijspan-session-id-v1");
        let mut bytes = [0; 32];
        for (slot, byte) in bytes.iter_mut().zip(tag.as_ref()) {
            *slot = *byte;
        }
        Self(Digest::new(bytes))
    }

    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Digest::new(bytes))
    }

    pub const fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// The index under which the session is found by its id. The id itself stays out of the store.
    fn index(&self) -> Digest {
        Digest::of(&[b"session-id", self.0.as_bytes()])
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionId(…)")
    }
}

/// A live session, as it was when it was opened.
#[derive(Debug, Clone)]
pub struct Session {
    id: SessionId,
    site: SiteId,
    login: ProvenLogin,
    started: Timestamp,
    idle_end: Timestamp,
    absolute_end: Timestamp,
}

impl Session {
    pub const fn id(&self) -> SessionId {
        self.id
    }

    /// The login behind it, to be carried sealed in what is handed out in the session's name.
    pub(crate) const fn login(&self) -> &ProvenLogin {
        &self.login
    }

    pub const fn site(&self) -> &SiteId {
        &self.site
    }

    pub const fn identity(&self) -> &Identity {
        &self.login.identity
    }

    pub fn idp(&self) -> &str {
        &self.login.idp
    }

    pub fn iss(&self) -> &str {
        &self.login.iss
    }

    /// May be a number of a person: not for a log.
    pub fn sub(&self) -> &str {
        &self.login.sub
    }

    pub fn sid(&self) -> Option<&str> {
        self.login.sid.as_deref()
    }

    pub const fn id_token_hint(&self) -> Option<&SecretString> {
        self.login.id_token.as_ref()
    }

    pub const fn auth_time(&self) -> Option<Timestamp> {
        self.login.auth_time
    }

    pub const fn started(&self) -> Timestamp {
        self.started
    }

    pub const fn absolute_end(&self) -> Timestamp {
        self.absolute_end
    }

    /// Never more than what is left of the absolute time.
    pub fn idle_expires_in(&self, now: Timestamp) -> i64 {
        now.secs_until(self.idle_end.min(self.absolute_end))
    }

    pub const fn absolute_expires_in(&self, now: Timestamp) -> i64 {
        now.secs_until(self.absolute_end)
    }
}

/// A session that just began, with the token that is shown this once.
#[derive(Debug)]
pub struct Started {
    pub token: Token,
    pub session: Session,
}

/// Starts, opens and ends sessions. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Sessions {
    shared: Arc<dyn SharedState>,
    vault: Arc<Vault>,
    settings: SessionSettings,
}

const PURPOSE: &str = "session";

impl Sessions {
    pub fn new(shared: Arc<dyn SharedState>, vault: Arc<Vault>, settings: SessionSettings) -> Self {
        Self {
            shared,
            vault,
            settings,
        }
    }

    pub const fn settings(&self) -> &SessionSettings {
        &self.settings
    }

    const fn moment(&self, now: Timestamp) -> Moment {
        Moment {
            now,
            idle_secs: self.settings.idle_secs,
        }
    }

    /// Makes a session of a proven login. The session of `replaces` (the token that the browser still
    /// had) ends, whoever it was of: nothing that was known before the login works after it.
    pub async fn start(
        &self,
        site: &SiteId,
        login: ProvenLogin,
        replaces: Option<&str>,
        now: Timestamp,
    ) -> Result<Started, IdentityError> {
        let token = Token::random()?;
        let key = token.key();
        let id = SessionId::of(&token);
        let absolute_end = now.plus_secs(self.settings.absolute_secs);
        let subject = login.identity.on_behalf_of.binding();
        let same_subject = self
            .vault
            .indexes("subject", &[site.as_str().as_bytes(), &subject]);
        let mut indexes = vec![id.index()];
        indexes.extend(same_subject.first());
        indexes.push(
            self.vault
                .index("iss-sub", &[login.iss.as_bytes(), login.sub.as_bytes()]),
        );
        if let Some(sid) = &login.sid {
            indexes.push(
                self.vault
                    .index("iss-sid", &[login.iss.as_bytes(), sid.as_bytes()]),
            );
        }
        let mut plain = login.to_bytes()?;
        // The start is sealed with the rest: it is nobody's business but the session's own.
        plain.extend_from_slice(&now.as_millis().to_be_bytes());
        let sealed = self.vault.seal(
            token.as_str().as_bytes(),
            PURPOSE,
            &bound(site, &key, &absolute_end.as_millis().to_be_bytes()),
            &plain,
        )?;
        let record = SessionRecord {
            key,
            site: site.clone(),
            last_seen: now,
            absolute_end,
            indexes,
            sealed,
        };
        let new = NewRecord {
            record,
            same_subject,
            at_most: self.settings.parallel.max(1),
            replaces: replaces.and_then(Token::parse).map(|old| old.key()),
        };
        self.shared.put_session(new, self.moment(now)).await?;
        Ok(Started {
            session: Session {
                id,
                site: site.clone(),
                login,
                started: now,
                idle_end: now.plus_secs(self.settings.idle_secs),
                absolute_end,
            },
            token,
        })
    }

    /// The live session of `token` at `site`. Only `touch` extends its idle time.
    pub async fn open(
        &self,
        site: &SiteId,
        token: &str,
        touch: bool,
        now: Timestamp,
    ) -> Result<Session, SessionError> {
        let token = Token::parse(token).ok_or(SessionError::Ended)?;
        let key = token.key();
        // Opened before it is extended: what does not open does not live longer either.
        let record = self.find(site, key, false, now).await?;
        let session = self.unseal(&token, &record)?;
        if !touch {
            return Ok(session);
        }
        let record = self.find(site, key, true, now).await?;
        Ok(Session {
            idle_end: record.last_seen.plus_secs(self.settings.idle_secs),
            ..session
        })
    }

    async fn find(
        &self,
        site: &SiteId,
        key: Digest,
        touch: bool,
        now: Timestamp,
    ) -> Result<SessionRecord, SessionError> {
        self.shared
            .session(site, key, touch, self.moment(now))
            .await?
            .ok_or(SessionError::Ended)
    }

    fn unseal(&self, token: &Token, record: &SessionRecord) -> Result<Session, SessionError> {
        let end = record.absolute_end.as_millis().to_be_bytes();
        let bound = bound(&record.site, &record.key, &end);
        let plain = self
            .vault
            .open(token.as_str().as_bytes(), PURPOSE, &bound, &record.sealed)
            .map_err(|_| SessionError::Ended)?;
        let (login, started) = plain.split_last_chunk::<8>().ok_or(SessionError::Ended)?;
        Ok(Session {
            id: SessionId::of(token),
            site: record.site.clone(),
            login: ProvenLogin::from_bytes(login).map_err(|_| SessionError::Ended)?,
            started: Timestamp::from_millis(i64::from_be_bytes(*started)),
            idle_end: record.last_seen.plus_secs(self.settings.idle_secs),
            absolute_end: record.absolute_end,
        })
    }

    /// Ends the session of `token` and returns what it was, so that the provider can be told.
    pub async fn end(
        &self,
        site: &SiteId,
        token: &str,
        now: Timestamp,
    ) -> Result<Session, SessionError> {
        let token = Token::parse(token).ok_or(SessionError::Ended)?;
        let record = self
            .shared
            .end_session(site, token.key(), self.moment(now))
            .await?
            .ok_or(SessionError::Ended)?;
        self.unseal(&token, &record)
    }

    /// Ends every session about this subject at this site, and says how many.
    pub async fn end_subject(
        &self,
        site: &SiteId,
        subject: &Subject,
    ) -> Result<usize, SharedError> {
        let binding = subject.binding();
        let parts: [&[u8]; 2] = [site.as_str().as_bytes(), &binding];
        let indexes = self.vault.indexes("subject", &parts);
        self.shared
            .end_sessions(Which::Indexed(site.clone(), indexes))
            .await
    }

    /// Ends the sessions of one login at the provider (back-channel logout with `sid`).
    pub async fn end_login(
        &self,
        site: &SiteId,
        iss: &str,
        sid: &str,
    ) -> Result<usize, SharedError> {
        self.end_indexed(site, "iss-sid", iss, sid).await
    }

    /// Ends every session of one account at the provider (back-channel logout with `sub` only).
    pub async fn end_account(
        &self,
        site: &SiteId,
        iss: &str,
        sub: &str,
    ) -> Result<usize, SharedError> {
        self.end_indexed(site, "iss-sub", iss, sub).await
    }

    async fn end_indexed(
        &self,
        site: &SiteId,
        purpose: &str,
        iss: &str,
        value: &str,
    ) -> Result<usize, SharedError> {
        let parts = [iss.as_bytes(), value.as_bytes()];
        let indexes = self.vault.indexes(purpose, &parts);
        self.shared
            .end_sessions(Which::Indexed(site.clone(), indexes))
            .await
    }

    /// Everyone out.
    pub async fn end_site(&self, site: &SiteId) -> Result<usize, SharedError> {
        self.shared.end_sessions(Which::Site(site.clone())).await
    }

    /// Whether the session still lives: for what was handed out in its name. Extends nothing.
    pub async fn alive(
        &self,
        site: &SiteId,
        id: &SessionId,
        now: Timestamp,
    ) -> Result<bool, SharedError> {
        self.shared
            .has_session(site, id.index(), self.moment(now))
            .await
    }

    /// How many are held, and how many fit.
    pub async fn held(&self) -> Result<(usize, usize), SharedError> {
        self.shared.sessions_held().await
    }

    /// Drops what has expired. To be called every minute or so.
    pub async fn sweep(&self, now: Timestamp) -> Result<(), SharedError> {
        self.shared.sweep(self.moment(now)).await
    }
}

fn bound<'a>(site: &'a SiteId, key: &'a Digest, absolute_end: &'a [u8; 8]) -> [&'a [u8]; 3] {
    [site.as_str().as_bytes(), key.as_bytes(), absolute_end]
}

#[cfg(test)]
#[path = "sessions_tests.rs"]
mod tests;
