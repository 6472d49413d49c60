//! Handles: the only form in which an identifier leaves the sidecar.
//!
//! A handle is AES-256-SIV (RFC 5297) over `kind ‖ source ‖ id ‖ parent`, under a key per site and key
//! version, with the represented party as associated data. It is useless to anybody else, stable for the
//! same party so that a bookmark survives a new login, and does not look like a UUID.

use std::fmt;

use aes_siv::KeyInit;
use aes_siv::siv::Aes256Siv;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{ResourceKind, SiteId, SourceName, Subject};

/// What a handle opens.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HandleTarget {
    pub kind: ResourceKind,
    pub source: SourceName,
    pub id: Uuid,
    /// The object through which it may be seen: a document's zaak.
    pub parent: Option<Uuid>,
}

/// The text that goes to WordPress and comes back.
#[derive(Clone, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct Handle(String);

impl Handle {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handle(…)")
    }
}

/// The handle opens nothing for this party: made for another, by another key, or made up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the handle opens nothing for this party")]
pub struct HandleError;

/// 64 bytes of key for one site and one key version.
pub struct HandleKey {
    version: u8,
    key: Zeroizing<[u8; 64]>,
}

impl fmt::Debug for HandleKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HandleKey")
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

impl HandleKey {
    pub fn new(version: u8, key: [u8; 64]) -> Self {
        Self {
            version,
            key: Zeroizing::new(key),
        }
    }
}

/// Makes and opens handles of one site. The first key makes; every key opens.
pub struct HandleCodec {
    site: SiteId,
    keys: Vec<HandleKey>,
}

impl fmt::Debug for HandleCodec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HandleCodec")
            .field("site", &self.site)
            .finish_non_exhaustive()
    }
}

const MAX_HANDLE: usize = 256;

impl HandleCodec {
    pub fn new(site: SiteId, current: HandleKey, older: Vec<HandleKey>) -> Self {
        let mut keys = vec![current];
        keys.extend(older);
        Self { site, keys }
    }

    pub fn seal(&self, subject: &Subject, target: &HandleTarget) -> Handle {
        self.sealer(subject).seal(target)
    }

    /// Makes many handles for one party.
    pub fn sealer(&self, subject: &Subject) -> Sealer<'_> {
        Sealer {
            site: &self.site,
            key: self
                .keys
                .first()
                .map(|key| (key.version, Aes256Siv::new((&*key.key).into()))),
            binding: subject.binding(),
        }
    }

    pub fn open(&self, subject: &Subject, text: &str) -> Result<HandleTarget, HandleError> {
        if text.len() > MAX_HANDLE {
            return Err(HandleError);
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| HandleError)?;
        let (version, sealed) = bytes.split_first().ok_or(HandleError)?;
        let key = self
            .keys
            .iter()
            .find(|key| key.version == *version)
            .ok_or(HandleError)?;
        let mut siv = Aes256Siv::new((&*key.key).into());
        let binding = subject.binding();
        let headers: [&[u8]; 2] = [self.site.as_str().as_bytes(), &binding];
        let plain = siv.decrypt(headers, sealed).map_err(|_| HandleError)?;
        parse(&plain).ok_or(HandleError)
    }
}

/// Makes handles for one party: what is the same for all of them is made once.
pub struct Sealer<'a> {
    site: &'a SiteId,
    key: Option<(u8, Aes256Siv)>,
    binding: Zeroizing<Vec<u8>>,
}

impl fmt::Debug for Sealer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealer")
            .field("site", &self.site)
            .finish_non_exhaustive()
    }
}

impl Sealer<'_> {
    pub fn seal(&mut self, target: &HandleTarget) -> Handle {
        let Some((version, siv)) = &mut self.key else {
            return Handle(String::new());
        };
        let mut plain = Vec::with_capacity(MAX_HANDLE);
        plain.push(kind_code(target.kind));
        plain.extend_from_slice(target.id.as_bytes());
        match &target.parent {
            Some(parent) => {
                plain.push(1);
                plain.extend_from_slice(parent.as_bytes());
            }
            None => plain.push(0),
        }
        plain.extend_from_slice(target.source.as_str().as_bytes());
        let headers: [&[u8]; 2] = [self.site.as_str().as_bytes(), &self.binding];
        let mut out = Vec::with_capacity(MAX_HANDLE);
        out.push(*version);
        // Sealing fails only for more than 126 associated headers; there are two.
        out.extend(siv.encrypt(headers, &plain).unwrap_or_default());
        Handle(URL_SAFE_NO_PAD.encode(out))
    }
}

fn kind_code(kind: ResourceKind) -> u8 {
    ResourceKind::ALL
        .iter()
        .position(|k| *k == kind)
        .and_then(|i| u8::try_from(i).ok())
        .unwrap_or(u8::MAX)
}

fn parse(plain: &[u8]) -> Option<HandleTarget> {
    let (&kind, rest) = plain.split_first()?;
    let kind = *ResourceKind::ALL.get(usize::from(kind))?;
    let (id, rest) = rest.split_at_checked(16)?;
    let id = Uuid::from_slice(id).ok()?;
    let (&has_parent, rest) = rest.split_first()?;
    let (parent, rest) = match has_parent {
        0 => (None, rest),
        1 => {
            let (parent, rest) = rest.split_at_checked(16)?;
            (Some(Uuid::from_slice(parent).ok()?), rest)
        }
        _ => return None,
    };
    let source = SourceName::parse(std::str::from_utf8(rest).ok()?).ok()?;
    Some(HandleTarget {
        kind,
        source,
        id,
        parent,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Bedrijfsnummers, Bsn, KvkNummer, Onderneming, Vestigingsnummer};
    use proptest::prelude::*;

    fn codec(site: &str) -> HandleCodec {
        HandleCodec::new(
            SiteId::parse(site).unwrap(),
            HandleKey::new(1, [7; 64]),
            vec![],
        )
    }

    fn burger(bsn: &str) -> Subject {
        Subject::Burger(Bsn::parse(bsn).unwrap())
    }

    fn target(id: u128, parent: Option<u128>) -> HandleTarget {
        HandleTarget {
            kind: ResourceKind::Enkelvoudiginformatieobject,
            source: SourceName::parse("zgw").unwrap(),
            id: Uuid::from_u128(id),
            parent: parent.map(Uuid::from_u128),
        }
    }

    proptest! {
        #[test]
        fn a_handle_opens_to_what_it_was_made_for(id: u128, parent: Option<u128>) {
            let codec = codec("demo");
            let target = target(id, parent);
            let handle = codec.seal(&burger("999990019"), &target);
            prop_assert_eq!(codec.open(&burger("999990019"), handle.as_str()), Ok(target));
        }

        #[test]
        fn a_changed_handle_opens_nothing(id: u128, at in 0usize..60, bit in 0u8..8) {
            let codec = codec("demo");
            let handle = codec.seal(&burger("999990019"), &target(id, None));
            let mut bytes = URL_SAFE_NO_PAD.decode(handle.as_str()).unwrap();
            let at = at % bytes.len();
            bytes[at] ^= 1 << bit;
            let changed = URL_SAFE_NO_PAD.encode(bytes);
            prop_assert_eq!(codec.open(&burger("999990019"), &changed), Err(HandleError));
        }

        #[test]
        fn any_text_is_refused_without_a_panic(text in ".{0,300}") {
            let refused = codec("demo").open(&burger("999990019"), &text);
            prop_assert_eq!(refused, Err(HandleError));
        }
    }

    #[test]
    fn a_handle_opens_for_its_own_party_and_site_only() {
        let handle = codec("demo").seal(&burger("999990019"), &target(5, Some(6)));
        assert!(
            codec("demo")
                .open(&burger("999990019"), handle.as_str())
                .is_ok()
        );
        assert!(
            codec("demo")
                .open(&burger("123456782"), handle.as_str())
                .is_err()
        );
        assert!(
            codec("other")
                .open(&burger("999990019"), handle.as_str())
                .is_err()
        );
    }

    #[test]
    fn a_branch_and_its_company_have_different_handles() {
        let company = |vestiging: Option<&str>| {
            Subject::Onderneming(Onderneming {
                nummers: Bedrijfsnummers::Kvk(KvkNummer::parse("69599084").unwrap()),
                vestiging: vestiging.map(|v| Vestigingsnummer::parse(v).unwrap()),
            })
        };
        let handle = codec("demo").seal(&company(Some("000037178598")), &target(5, None));
        assert!(codec("demo").open(&company(None), handle.as_str()).is_err());
    }

    #[test]
    fn a_handle_is_stable_and_survives_a_new_key() {
        let old = codec("demo").seal(&burger("999990019"), &target(5, None));
        assert_eq!(
            old,
            codec("demo").seal(&burger("999990019"), &target(5, None))
        );
        let rotated = HandleCodec::new(
            SiteId::parse("demo").unwrap(),
            HandleKey::new(2, [9; 64]),
            vec![HandleKey::new(1, [7; 64])],
        );
        assert!(rotated.open(&burger("999990019"), old.as_str()).is_ok());
        assert_ne!(old, rotated.seal(&burger("999990019"), &target(5, None)));
    }
}
