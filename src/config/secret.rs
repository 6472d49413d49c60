//! Secrets: inline or in a file, never both, never printed.

use std::cell::RefCell;
use std::fmt;
use std::hash::{BuildHasher as _, RandomState};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::report::{At, Report};
use crate::domain::SecretBytes;

/// Bytes of a signing or server key.
pub const KEY_BYTES: usize = 32;

/// SHA-256 of the shared secret that RFC 9421 B.1.5 publishes. The secret itself would only set off
/// scanners.
const RFC_9421_TEST_KEY: &str = "57ca14d520f889be5bc6d9313b442f62a4a71d63fceac507c914683a8944b4a0";

/// Largest secret file that is read: a PEM chain fits, a mistaken path to a log does not.
const MAX_FILE: u64 = 64 * 1024;

/// A secret and where it came from.
#[derive(Debug, Clone)]
pub struct Secret {
    bytes: SecretBytes,
    file: Option<PathBuf>,
}

impl Secret {
    pub const fn bytes(&self) -> &SecretBytes {
        &self.bytes
    }

    /// The file it was read from; `None` when it stands in the configuration or the environment.
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    pub fn fingerprint(&self) -> String {
        fingerprint(self.bytes.expose())
    }
}

/// How it prints in `config check`: the place alone.
impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let place = match &self.file {
            Some(file) => format!("file {}", file.display()),
            None => "inline".to_owned(),
        };
        let mark = COMPARING.with_borrow(|state| {
            let state = state.as_ref()?;
            Some(format!(" {:x}", state.hash_one(self.bytes.expose())))
        });
        serializer.serialize_str(&format!("*** ({place}){}", mark.unwrap_or_default()))
    }
}

thread_local! {
    static COMPARING: RefCell<Option<RandomState>> = const { RefCell::new(None) };
}

/// Within `work`, secrets that differ are serialised differently: by a hash under a key that is made for
/// it and thrown away. So a comparison sees every secret, wherever one is added, and none is in what it
/// says. `work` must keep what it serialises to itself.
pub(super) fn compared<T>(work: impl FnOnce() -> T) -> T {
    COMPARING.set(Some(RandomState::new()));
    let done = work();
    COMPARING.set(None);
    done
}

/// Tells keys apart without giving them away: the first 16 hex digits of a labelled SHA-256.
pub fn fingerprint(secret: &[u8]) -> String {
    let mut hash = Sha256::new();
    hash.update(b"zijspan-key-fingerprint\0");
    hash.update(secret);
    hex(&hash.finalize()).chars().take(16).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Text that does not print itself, read from the file before anything is made of it.
#[derive(Clone)]
pub(super) struct Hidden(Zeroizing<String>);

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl<'de> Deserialize<'de> for Hidden {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        lenient_text(deserializer).map(|text| Self(Zeroizing::new(text)))
    }
}

/// Text, or a number or truth value that an environment variable made of text.
fn lenient_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    struct Text;
    impl serde::de::Visitor<'_> for Text {
        type Value = String;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a text")
        }
        fn visit_str<E>(self, text: &str) -> Result<String, E> {
            Ok(text.to_owned())
        }
        fn visit_bool<E>(self, value: bool) -> Result<String, E> {
            Ok(value.to_string())
        }
        fn visit_i64<E>(self, value: i64) -> Result<String, E> {
            Ok(value.to_string())
        }
        fn visit_u64<E>(self, value: u64) -> Result<String, E> {
            Ok(value.to_string())
        }
    }
    deserializer.deserialize_any(Text)
}

/// Text of an ordinary key, as lenient as [`Hidden`].
#[derive(Debug, Clone, Default)]
pub(super) struct Text(pub String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        lenient_text(deserializer).map(Self)
    }
}

/// The two ways to give one secret.
#[derive(Debug, Clone, Copy)]
pub(super) struct Given<'a> {
    pub inline: Option<&'a Hidden>,
    pub file: Option<&'a str>,
    /// The name of the inline key; the other is the same with `_file`.
    pub name: &'a str,
}

impl Given<'_> {
    pub const fn is_set(&self) -> bool {
        self.inline.is_some() || self.file.is_some()
    }

    /// The text as given, without the newline that editors put at the end of a file.
    fn read(
        &self,
        at: &At,
        base: &Path,
        report: &mut Report,
    ) -> Option<(Zeroizing<String>, Option<PathBuf>)> {
        let name = self.name;
        match (self.inline, self.file) {
            (Some(_), Some(_)) => {
                report.refuse(
                    &at.key(name),
                    format!("both {name} and {name}_file are set; keep one of them"),
                );
                None
            }
            (None, None) => {
                report.refuse(
                    &at.key(name),
                    format!("is not set; set {name} or {name}_file"),
                );
                None
            }
            (Some(inline), None) => Some((inline.0.clone(), None)),
            (None, Some(file)) => {
                let path = base.join(file);
                match read_file(&path) {
                    Ok(text) => Some((text, Some(path))),
                    Err(message) => {
                        report.refuse(&at.key(&format!("{name}_file")), message);
                        None
                    }
                }
            }
        }
    }

    /// A secret that is used as the text it is: an OAuth client's, a ZGW application's, a PEM file.
    pub fn text(&self, at: &At, base: &Path, report: &mut Report) -> Option<Secret> {
        let (text, file) = self.read(at, base, report)?;
        let text = text.trim_end_matches(['\r', '\n']);
        if text.trim().is_empty() {
            report.refuse(
                &self.place(at, file.as_ref()),
                "is empty; put the secret in it",
            );
            return None;
        }
        Some(Secret {
            bytes: SecretBytes::new(text.as_bytes().to_vec()),
            file,
        })
    }

    /// A key of at least 32 bytes in padded standard base64.
    pub fn key_bytes(&self, at: &At, base: &Path, report: &mut Report) -> Option<Secret> {
        let (text, file) = self.read(at, base, report)?;
        let place = self.place(at, file.as_ref());
        match decode_key(text.trim()) {
            Ok(bytes) => Some(Secret { bytes, file }),
            Err(message) => {
                report.refuse(&place, message);
                None
            }
        }
    }

    /// The key that was used, for a message about its content.
    fn place(&self, at: &At, file: Option<&PathBuf>) -> At {
        match file {
            None => at.key(self.name),
            Some(_) => at.key(&format!("{}_file", self.name)),
        }
    }
}

fn decode_key(text: &str) -> Result<SecretBytes, String> {
    const MAKE: &str = "make one with `zijspan keys new`";
    if text.is_empty() {
        return Err(format!("the key is empty; {MAKE}"));
    }
    let bytes = STANDARD
        .decode(text)
        .map_err(|_| format!("is not padded standard base64; {MAKE}"))?;
    let bytes = SecretBytes::new(bytes);
    if bytes.len() < KEY_BYTES {
        return Err(format!(
            "the key is too short: {} bytes, {KEY_BYTES} are needed; {MAKE}",
            bytes.len()
        ));
    }
    if hex(&Sha256::digest(bytes.expose())) == RFC_9421_TEST_KEY {
        return Err(format!(
            "this is the test key that RFC 9421 publishes; {MAKE}"
        ));
    }
    let steps = |a: &u8, b: &u8| b.wrapping_sub(*a);
    let mut differences = bytes
        .expose()
        .iter()
        .zip(bytes.expose().iter().skip(1))
        .map(|(a, b)| steps(a, b));
    let first = differences.next();
    // All the same byte, or a row that counts: an example that somebody copied.
    if differences.all(|step| Some(step) == first) {
        return Err(format!("the key is not random; {MAKE}"));
    }
    Ok(bytes)
}

/// Whether people outside the file's owner and group can read it.
pub(super) fn world_readable(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|meta| meta.permissions().mode() & 0o007 != 0)
}

fn read_file(path: &Path) -> Result<Zeroizing<String>, String> {
    let shown = path.display();
    let meta = std::fs::metadata(path).map_err(|error| {
        format!(
            "cannot read {shown} ({}); create it or correct the path",
            error.kind()
        )
    })?;
    if !meta.is_file() {
        return Err(format!(
            "{shown} is not a file; name the file that holds the secret"
        ));
    }
    if world_readable(path) {
        return Err(format!(
            "everybody can read {shown}; run `chmod 600 {shown}`"
        ));
    }
    if meta.len() > MAX_FILE {
        return Err(format!(
            "{shown} is too large for a secret; correct the path"
        ));
    }
    std::fs::read_to_string(path)
        .map(Zeroizing::new)
        .map_err(|error| {
            format!(
                "cannot read {shown} ({}); give the sidecar's user the right to read it",
                error.kind()
            )
        })
}
