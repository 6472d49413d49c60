//! Why a message was refused. The reason is for the log; every caller gets the same 401.

/// What was wrong with a signed message. Never sent to the caller: it would tell an attacker which
/// guess was nearly right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Reason {
    #[error("there is not exactly one Signature-Input and one Signature field line")]
    FieldLines,
    #[error("a signature field is longer than 2 KiB")]
    FieldLength,
    #[error("a signature field does not parse as a dictionary of RFC 8941")]
    FieldSyntax,
    #[error("a signature field has more than four members")]
    TooManyMembers,
    #[error("a label occurs twice")]
    DuplicateLabel,
    #[error("Signature-Input and Signature do not have the same labels")]
    LabelsDiffer,
    #[error("no signature has the tag of this profile")]
    NoSignature,
    #[error("more than one signature has the tag of this profile")]
    TwoSignatures,
    #[error("the signature is not written in the one strict form, or repeats a parameter")]
    NotStrict,
    #[error("the covered components are not those of the profile, in its order")]
    Components,
    #[error("a signature parameter is missing, unknown or of the wrong type")]
    Parameters,
    #[error("the algorithm is not the one of the key")]
    Algorithm,
    #[error("the nonce is not 16 bytes in base64url without padding")]
    NonceForm,
    #[error("created lies outside the window")]
    Created,
    #[error("expires is not after created, or lies too far after it")]
    Expires,
    #[error("the signature has expired")]
    Expired,
    #[error("the request target is not a path with an optional query")]
    Target,
    #[error("the host is missing, repeated or not one of this listener")]
    Authority,
    #[error("a covered field does not occur exactly once")]
    CoveredField,
    #[error("a covered value holds something else than printable ASCII")]
    CoveredBytes,
    #[error("an Authorization field is not covered by the signature")]
    NotCovered,
    #[error("Content-Digest is not exactly one sha-256 member")]
    DigestForm,
    #[error("the signature is not 32 bytes")]
    MacLength,
    #[error("the signature does not fit")]
    Mac,
    #[error("nobody has this key id")]
    UnknownKey,
    #[error("the key is not valid yet")]
    KeyNotYetValid,
    #[error("the key is no longer valid")]
    KeyRetired,
    #[error("the key was revoked")]
    KeyRevoked,
    #[error("the body does not fit its digest")]
    Digest,
    #[error("there is a body without a covered content type, or a content type without a body")]
    BodyPresence,
    #[error("this request was seen before")]
    Replayed,
    #[error("the response is not signed with the response key of the request")]
    WrongResponseKey,
    #[error("the response has another nonce than the request")]
    WrongNonce,
}

impl Reason {
    /// The word in the log and in `tests/vectors/`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::FieldLines => "field_lines",
            Self::FieldLength => "field_length",
            Self::FieldSyntax => "field_syntax",
            Self::TooManyMembers => "too_many_members",
            Self::DuplicateLabel => "duplicate_label",
            Self::LabelsDiffer => "labels_differ",
            Self::NoSignature => "no_signature",
            Self::TwoSignatures => "two_signatures",
            Self::NotStrict => "not_strict",
            Self::Components => "components",
            Self::Parameters => "parameters",
            Self::Algorithm => "algorithm",
            Self::NonceForm => "nonce_form",
            Self::Created => "created",
            Self::Expires => "expires",
            Self::Expired => "expired",
            Self::Target => "target",
            Self::Authority => "authority",
            Self::CoveredField => "covered_field",
            Self::CoveredBytes => "covered_bytes",
            Self::NotCovered => "not_covered",
            Self::DigestForm => "digest_form",
            Self::MacLength => "mac_length",
            Self::Mac => "mac",
            Self::UnknownKey => "unknown_key",
            Self::KeyNotYetValid => "key_not_yet_valid",
            Self::KeyRetired => "key_retired",
            Self::KeyRevoked => "key_revoked",
            Self::Digest => "digest",
            Self::BodyPresence => "body_presence",
            Self::Replayed => "replayed",
            Self::WrongResponseKey => "wrong_response_key",
            Self::WrongNonce => "wrong_nonce",
        }
    }
}

/// How a request is turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The uniform, unsigned 401.
    #[error("{0}")]
    Signature(#[from] Reason),
    /// A signed 503: this key has as many nonces in use as it may have.
    #[error("the key has too many requests within one window")]
    NoncesFull,
    /// A signed 503 with Retry-After: after an unclean stop it is not known which nonces were used.
    #[error("nonces of before an unclean stop are not known")]
    JustStarted { retry_after_secs: i64 },
    /// A signed 503: the process is stopping, or its clock was set back.
    #[error("nonces cannot be judged: {0}")]
    NoncesUnavailable(&'static str),
}

impl Refused {
    /// The word in the log and in `tests/vectors/`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Signature(reason) => reason.code(),
            Self::NoncesFull => "nonces_full",
            Self::JustStarted { .. } => "just_started",
            Self::NoncesUnavailable(_) => "nonces_unavailable",
        }
    }
}

/// What was to be signed cannot be: a value would not survive the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    #[error("{0} holds something else than printable ASCII")]
    Value(&'static str),
    #[error("a request has a content type when it has a body, and only then")]
    ContentType,
    #[error("the system gave no random bytes")]
    Random,
}
