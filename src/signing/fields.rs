//! The `Signature-Input` and `Signature` fields: from two lines of text to the one member that is ours.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::{HeaderMap, HeaderName};
use sfv::{BareItem, Dictionary, InnerList, ListEntry, ListSerializer, Parser, Version};

use super::error::{Reason, SignError};
use crate::domain::KeyId;

pub const SIGNATURE_INPUT: HeaderName = HeaderName::from_static("signature-input");
pub const SIGNATURE: HeaderName = HeaderName::from_static("signature");

pub(super) const REQUEST_TAG: &str = "zijspan-request-v1";
pub(super) const RESPONSE_TAG: &str = "zijspan-response-v1";
pub(super) const ALGORITHM: &str = "hmac-sha256";

const MAX_FIELD: usize = 2048;
const MAX_MEMBERS: usize = 4;

/// Sixteen random bytes, as they are sent.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Nonce(String);

impl Nonce {
    pub fn random() -> Result<Self, SignError> {
        let mut bytes = [0; 16];
        aws_lc_rs::rand::fill(&mut bytes).map_err(|_| SignError::Random)?;
        Ok(Self::from_bytes(bytes))
    }

    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Exactly 22 characters that decode to 16 bytes in one way only.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        match URL_SAFE_NO_PAD.decode(text) {
            Ok(bytes) if bytes.len() == 16 => Ok(Self(text.to_owned())),
            _ => Err(Reason::NonceForm),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The one signature of a message that has our tag.
#[derive(Debug)]
pub(super) struct Member {
    /// List and parameters exactly as received: the value of `@signature-params`.
    pub text: String,
    pub list: InnerList,
    pub params: Params,
    pub mac: [u8; 32],
}

impl Member {
    pub fn find(headers: &HeaderMap, tag: &str) -> Result<Self, Reason> {
        let input_text = field(headers, &SIGNATURE_INPUT)?;
        let mac_text = field(headers, &SIGNATURE)?;
        let inputs = Field::parse(input_text)?;
        let mut macs = Field::parse(mac_text)?;
        // RFC 9421 section 4.2: a label in one field without the other is an error.
        let same = inputs.dictionary.len() == macs.dictionary.len()
            && inputs
                .dictionary
                .keys()
                .all(|label| macs.dictionary.contains_key(label));
        if !same {
            return Err(Reason::LabelsDiffer);
        }
        let mut ours = inputs
            .dictionary
            .into_iter()
            .filter_map(|(label, entry)| match entry {
                ListEntry::InnerList(list) if has_tag(&list, tag) => Some((label, list)),
                _ => None,
            });
        let (label, list) = ours.next().ok_or(Reason::NoSignature)?;
        if ours.next().is_some() {
            return Err(Reason::TwoSignatures);
        }
        let raw = |members: &[(&str, &str)]| {
            members
                .iter()
                .find(|(key, _)| *key == label.as_str())
                .map(|(_, value)| (*value).to_owned())
                .ok_or(Reason::FieldSyntax)
        };
        let text = raw(&inputs.members)?;
        let entry = ListEntry::InnerList(list);
        strict(&entry, &text)?;
        let mac_raw = raw(&macs.members)?;
        let mac_entry = macs
            .dictionary
            .swap_remove(&label)
            .ok_or(Reason::LabelsDiffer)?;
        let mac = mac_bytes(&mac_entry)?;
        strict(&mac_entry, &mac_raw)?;
        let ListEntry::InnerList(list) = entry else {
            return Err(Reason::FieldSyntax);
        };
        Ok(Self {
            text,
            params: Params::read(&list)?,
            list,
            mac,
        })
    }
}

fn has_tag(list: &InnerList, tag: &str) -> bool {
    matches!(list.params.get("tag"), Some(BareItem::String(value)) if value.as_str() == tag)
}

fn mac_bytes(entry: &ListEntry) -> Result<[u8; 32], Reason> {
    match entry {
        ListEntry::Item(item) if item.params.is_empty() => match &item.bare_item {
            BareItem::ByteSequence(bytes) => {
                bytes.as_slice().try_into().map_err(|_| Reason::MacLength)
            }
            _ => Err(Reason::FieldSyntax),
        },
        _ => Err(Reason::FieldSyntax),
    }
}

/// The text must be what a strict serializer makes of it, in the order received. Then the text and
/// its meaning cannot differ between two readers, and no parameter can hide behind a second one of
/// the same name.
fn strict(entry: &ListEntry, text: &str) -> Result<(), Reason> {
    let mut serializer = ListSerializer::new();
    serializer.members([entry]);
    if serializer.finish().as_deref() == Some(text) {
        Ok(())
    } else {
        Err(Reason::NotStrict)
    }
}

fn field<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<&'a str, Reason> {
    let mut lines = headers.get_all(name).iter();
    let (Some(line), None) = (lines.next(), lines.next()) else {
        return Err(Reason::FieldLines);
    };
    if line.len() > MAX_FIELD {
        return Err(Reason::FieldLength);
    }
    line.to_str().map_err(|_| Reason::FieldSyntax)
}

/// A dictionary field, parsed, with the text of each member kept next to it.
struct Field<'a> {
    dictionary: Dictionary,
    members: Vec<(&'a str, &'a str)>,
}

impl<'a> Field<'a> {
    fn parse(text: &'a str) -> Result<Self, Reason> {
        let dictionary = Parser::new(text)
            .with_version(Version::Rfc8941)
            .parse::<Dictionary>()
            .map_err(|_| Reason::FieldSyntax)?;
        let members = split(text);
        if members.len() > MAX_MEMBERS {
            return Err(Reason::TooManyMembers);
        }
        // The parser keeps the last of two members with one label.
        if members.len() != dictionary.len() {
            return Err(Reason::DuplicateLabel);
        }
        Ok(Self {
            dictionary,
            members,
        })
    }
}

/// Label and text of each member. Only called on what parsed, where a comma outside a string
/// separates members: inner lists separate with spaces.
fn split(text: &str) -> Vec<(&str, &str)> {
    let mut quoted = false;
    let mut escaped = false;
    text.split(|c: char| {
        if escaped {
            escaped = false;
        } else if quoted && c == '\\' {
            escaped = true;
        } else if c == '"' {
            quoted = !quoted;
        }
        c == ',' && !quoted
    })
    .map(|member| member.trim_matches([' ', '\t']))
    // An empty field is a dictionary without members.
    .filter(|member| !member.is_empty())
    .map(|member| member.split_once('=').unwrap_or((member, "")))
    .collect()
}

/// The parameters of our signature, each at most once, no other ones.
#[derive(Debug)]
pub(super) struct Params {
    pub created: i64,
    pub expires: Option<i64>,
    pub nonce: Nonce,
    /// As received; it may not even be a possible key id.
    pub keyid: String,
}

impl Params {
    fn read(list: &InnerList) -> Result<Self, Reason> {
        let (mut created, mut expires, mut nonce, mut keyid) = (None, None, None, None);
        for (name, value) in &list.params {
            match (name.as_str(), value) {
                ("created", BareItem::Integer(secs)) => created = Some(seconds((*secs).into())?),
                ("expires", BareItem::Integer(secs)) => expires = Some(seconds((*secs).into())?),
                ("nonce", BareItem::String(text)) => nonce = Some(Nonce::parse(text.as_str())?),
                ("keyid", BareItem::String(text)) => keyid = Some(text.as_str().to_owned()),
                ("alg", BareItem::String(text)) if text.as_str() == ALGORITHM => {}
                ("alg", _) => return Err(Reason::Algorithm),
                ("tag", BareItem::String(_)) => {}
                _ => return Err(Reason::Parameters),
            }
        }
        Ok(Self {
            created: created.ok_or(Reason::Parameters)?,
            expires,
            nonce: nonce.ok_or(Reason::Parameters)?,
            keyid: keyid.ok_or(Reason::Parameters)?,
        })
    }
}

fn seconds(secs: i64) -> Result<i64, Reason> {
    if secs < 0 {
        return Err(Reason::Parameters);
    }
    Ok(secs)
}

/// The parameters of a signature of our own, in the order in which we write them.
pub(super) fn write_params(
    list: &str,
    created: i64,
    expires: Option<i64>,
    nonce: &Nonce,
    keyid: &KeyId,
    tag: &str,
) -> String {
    let expires = expires.map_or_else(String::new, |secs| format!(";expires={secs}"));
    format!(
        "{list};created={created}{expires};nonce=\"{}\";keyid=\"{keyid}\";tag=\"{tag}\"",
        nonce.as_str()
    )
}
