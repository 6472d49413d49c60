//! Nonces that were used, so that a captured request cannot be sent again.
//!
//! In memory, with a quota per key. Nothing unexpired is ever dropped to make room: who fills the
//! quota gets a 503, and a replay never gets through. A clean stop saves what is still of use and
//! the next start loads it; after any other stop it is not known what was used, so requests that
//! could have been made before the start wait their window out.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use sha2::{Digest as _, Sha256};

use crate::domain::{KeyId, Timestamp};

/// One nonce, as a signature with a valid MAC brought it. Moments are seconds since 1970.
#[derive(Debug, Clone, Copy)]
pub struct NonceUse<'a> {
    pub key: &'a KeyId,
    pub nonce: &'a str,
    pub created: i64,
    pub expires: i64,
}

/// Why a nonce may not be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NonceRefused {
    #[error("used before")]
    Replayed,
    #[error("expired while the body was read")]
    Expired,
    #[error("the key has no room left within the window")]
    Full,
    #[error("made before an unclean start")]
    JustStarted { retry_after_secs: i64 },
    #[error("cannot be judged: {0}")]
    Unavailable(&'static str),
}

/// Where nonces are used up. To spend one and to learn that it was free is one step.
pub trait Nonces: Send + Sync + fmt::Debug {
    fn spend(&self, nonce: &NonceUse<'_>, now: Timestamp) -> Result<(), NonceRefused>;

    /// How full the store is.
    fn held(&self) -> NoncesHeld;
}

/// How many nonces are remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoncesHeld {
    pub all: usize,
    /// Of the key that has most.
    pub fullest_key: usize,
    /// What fits per key.
    pub per_key: usize,
}

/// Why the memory of nonces could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum NoncesOpenError {
    #[error("another zijspan uses {}; stop it, or give this one its own state directory", .0.display())]
    InUse(PathBuf),
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
}

/// Nonces in the memory of this process.
#[derive(Debug)]
pub struct MemoryNonces {
    state: Mutex<State>,
    quota: usize,
    disk: Option<Disk>,
}

#[derive(Debug)]
struct Disk {
    dir: PathBuf,
    /// Held for as long as this lives; the system lets go of it, however the process ends.
    _lock: File,
}

type Hash = [u8; 32];

#[derive(Default)]
struct State {
    used: HashSet<Hash>,
    /// What can be forgotten once the clock has passed this second.
    by_expiry: BTreeMap<i64, Vec<(Hash, Option<KeyId>)>>,
    per_key: HashMap<KeyId, usize>,
    /// The latest second seen. A clock that is set back must not bring back what was forgotten.
    latest: i64,
    /// After an unclean stop: `created` up to and including this second is turned away. It is saved
    /// too, for a clean stop soon after an unclean one does not bring back what was lost.
    wait_until: Option<i64>,
    closed: bool,
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State")
            .field("used", &self.used.len())
            .field("latest", &self.latest)
            .finish_non_exhaustive()
    }
}

impl State {
    fn forget_expired(&mut self) {
        while let Some(entry) = self.by_expiry.first_entry() {
            if *entry.key() >= self.latest {
                break;
            }
            for (hash, key) in entry.remove() {
                self.used.remove(&hash);
                let Some(key) = key else { continue };
                let left = self.per_key.get(&key).map_or(0, |n| n.saturating_sub(1));
                if left == 0 {
                    self.per_key.remove(&key);
                } else {
                    self.per_key.insert(key, left);
                }
            }
        }
    }

    fn remember(&mut self, hash: Hash, expires: i64, key: Option<KeyId>) {
        self.used.insert(hash);
        if let Some(key) = &key {
            *self.per_key.entry(key.clone()).or_default() += 1;
        }
        self.by_expiry.entry(expires).or_default().push((hash, key));
    }
}

const LOCK: &str = "nonces.lock";
const SAVED: &str = "nonces.saved";
const HEADER: &str = "zijspan-nonces-1 clean";

impl MemoryNonces {
    /// Enough for a thousand requests a second and a window of 65 seconds.
    pub const DEFAULT_QUOTA: usize = 100_000;

    /// Without a file and without waiting: for keys that did not exist before this process.
    pub fn volatile(quota: usize) -> Self {
        Self {
            state: Mutex::default(),
            quota,
            disk: None,
        }
    }

    /// Takes the state directory for this process alone and loads what a clean stop left there.
    /// `future` is how many seconds ahead of the clock a request may be made.
    pub fn open(
        dir: &Path,
        quota: usize,
        future: i64,
        now: Timestamp,
    ) -> Result<Self, NoncesOpenError> {
        let io = |path: &Path| {
            let path = path.to_owned();
            move |source| NoncesOpenError::Io { path, source }
        };
        fs::create_dir_all(dir).map_err(io(dir))?;
        let lock_path = dir.join(LOCK);
        let lock = private().open(&lock_path).map_err(io(&lock_path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(NoncesOpenError::InUse(dir.to_owned())),
            Err(TryLockError::Error(source)) => return Err(io(&lock_path)(source)),
        }
        let saved_path = dir.join(SAVED);
        let state = match fs::read_to_string(&saved_path) {
            Ok(text) => parse(&text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            // Bytes that are no text were not written by a clean stop.
            Err(error) if error.kind() == io::ErrorKind::InvalidData => None,
            Err(error) => return Err(io(&saved_path)(error)),
        };
        // From here on only a new clean stop may say that everything is known.
        match fs::remove_file(&saved_path) {
            Ok(()) => sync_dir(dir).map_err(io(dir))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(io(&saved_path)(error)),
        }
        let state = state.unwrap_or_else(|| State {
            wait_until: Some(now.as_secs().saturating_add(future)),
            ..State::default()
        });
        Ok(Self {
            state: Mutex::new(state),
            quota,
            disk: Some(Disk {
                dir: dir.to_owned(),
                _lock: lock,
            }),
        })
    }

    /// The clean stop: nothing is accepted from here on, and what is known is written down.
    pub fn close(&self, now: Timestamp) -> io::Result<()> {
        let mut state = self.state();
        state.closed = true;
        state.latest = state.latest.max(now.as_secs());
        state.forget_expired();
        let Some(disk) = &self.disk else {
            return Ok(());
        };
        let temporary = disk.dir.join("nonces.new");
        let mut file = private().truncate(true).open(&temporary)?;
        file.write_all(render(&state).as_bytes())?;
        file.sync_all()?;
        fs::rename(&temporary, disk.dir.join(SAVED))?;
        sync_dir(&disk.dir)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic with the lock held cannot leave half an entry that would let a replay through:
        // `used` is always filled first.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Nonces for MemoryNonces {
    fn spend(&self, nonce: &NonceUse<'_>, now: Timestamp) -> Result<(), NonceRefused> {
        let now = now.as_secs();
        let hash = hash(nonce);
        let mut state = self.state();
        if state.closed {
            return Err(NonceRefused::Unavailable("the process is stopping"));
        }
        if nonce.expires < now {
            return Err(NonceRefused::Expired);
        }
        if let Some(until) = state.wait_until
            && nonce.created <= until
        {
            let retry_after_secs = until.saturating_sub(now).saturating_add(1).max(1);
            return Err(NonceRefused::JustStarted { retry_after_secs });
        }
        state.latest = state.latest.max(now);
        if nonce.expires < state.latest {
            return Err(NonceRefused::Unavailable("the clock was set back"));
        }
        state.forget_expired();
        if state.used.contains(&hash) {
            return Err(NonceRefused::Replayed);
        }
        let in_use = state.per_key.get(nonce.key).copied().unwrap_or_default();
        if in_use >= self.quota {
            return Err(NonceRefused::Full);
        }
        state.remember(hash, nonce.expires, Some(nonce.key.clone()));
        Ok(())
    }

    fn held(&self) -> NoncesHeld {
        let state = self.state();
        NoncesHeld {
            all: state.used.len(),
            fullest_key: state.per_key.values().copied().max().unwrap_or_default(),
            per_key: self.quota,
        }
    }
}

/// A key id holds no zero byte, so two different pairs never hash the same text.
fn hash(nonce: &NonceUse<'_>) -> Hash {
    Sha256::new()
        .chain_update(nonce.key.as_str())
        .chain_update([0])
        .chain_update(nonce.nonce)
        .finalize()
        .into()
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false).mode(0o600);
    options
}

fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

/// One line that says who wrote it, the latest second and the waiting time, one line per nonce, one line that says
/// that nothing was cut off.
fn render(state: &State) -> String {
    let wait = state.wait_until.unwrap_or_default();
    let mut text = format!("{HEADER} {} {wait}\n", state.latest);
    for (expires, entries) in &state.by_expiry {
        for (hash, _) in entries {
            for byte in hash {
                text.push_str(&format!("{byte:02x}"));
            }
            text.push_str(&format!(" {expires}\n"));
        }
    }
    text.push_str("end\n");
    text
}

/// `None` unless a clean stop wrote all of it.
fn parse(text: &str) -> Option<State> {
    let mut lines = text.strip_suffix("\nend\n")?.lines();
    let (latest, wait) = lines.next()?.strip_prefix(HEADER)?.trim().split_once(' ')?;
    let mut state = State {
        latest: latest.parse().ok()?,
        wait_until: wait.parse().ok().filter(|wait| *wait != 0),
        ..State::default()
    };
    for line in lines {
        let (hash, expires) = line.split_once(' ')?;
        // Whose it was is not in the file, so it counts for nobody's quota.
        state.remember(unhex(hash)?, expires.parse().ok()?, None);
    }
    Some(state)
}

fn unhex(text: &str) -> Option<Hash> {
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut hash = [0; 32];
    for (slot, at) in hash.iter_mut().zip((0..64).step_by(2)) {
        *slot = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
    }
    Some(hash)
}

#[cfg(test)]
mod tests;
