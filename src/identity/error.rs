//! Why a login or a token was refused: a reason for the audit log, a coarse class for everybody else.
//!
//! No variant holds a claim, a token or a number, so printing an error cannot reveal one.

use crate::store::shared::{SealError, SharedError};
use crate::upstream::http::{ErrorKind, UpstreamError};

/// What the outside may know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// The caller asked for something that cannot be.
    Request,
    /// The login or token is not accepted. Which check failed is for the log only.
    Refused,
    /// The resident stopped, or the provider said no.
    Cancelled,
    /// The login is real, but its level is too low.
    StepUp,
    /// Too many at once; later it may work.
    Limited,
    /// The provider or our own state does not answer.
    Unavailable,
}

/// `error` of RFC 6749 section 5.2 and RFC 8693 section 2.2.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenErrorCode {
    InvalidRequest,
    InvalidGrant,
    InvalidTarget,
    InvalidScope,
    UnsupportedGrantType,
    UnauthorizedClient,
    /// Not of section 5.2: the condition is temporary (RFC 6749 section 4.1.2.1).
    TemporarilyUnavailable,
}

impl TokenErrorCode {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidGrant => "invalid_grant",
            Self::InvalidTarget => "invalid_target",
            Self::InvalidScope => "invalid_scope",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
        }
    }
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident, $code:literal, $class:ident;)*) => {
        /// A refusal. `Display` is the reason code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum IdentityError {
            $($(#[$doc])* $name,)*
            /// The identity provider gave nothing to use.
            Provider(ErrorKind),
        }

        impl IdentityError {
            /// The reason code of the audit log.
            pub const fn reason(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                    Self::Provider(kind) => kind.reason(),
                }
            }

            pub const fn class(self) -> Class {
                match self {
                    $(Self::$name => Class::$class,)*
                    Self::Provider(_) => Class::Unavailable,
                }
            }
        }
    };
}

reasons! {
    // What WordPress asked.
    UnknownProvider, "unknown_provider", Request;
    ReturnTo, "return_to", Request;
    BrowserHash, "browser_hash", Request;
    ModeOff, "mode_off", Request;
    DuplicateField, "duplicate_field", Request;
    MissingField, "missing_field", Request;
    GrantType, "grant_type", Request;
    Audience, "audience", Request;
    Scope, "scope", Request;
    ActorToken, "actor_token", Request;
    SubjectTokenType, "subject_token_type", Request;
    RequestedTokenType, "requested_token_type", Request;
    Resource, "resource", Request;

    // The way of the browser.
    /// Never made, used before, or older than five minutes.
    State, "state", Refused;
    /// RFC 9207: the answer is of another provider, or does not say of which.
    IssuerParameter, "iss_parameter", Refused;
    Cancelled, "cancelled", Cancelled;
    ProviderRefused, "provider_refused", Refused;
    CodeMissing, "code_missing", Refused;
    CodeRefused, "code_refused", Refused;
    TokenAnswer, "token_answer", Refused;
    /// Never made, used before, or older than a minute.
    Handoff, "handoff", Refused;
    /// Of another site, or begun in another browser.
    HandoffBinding, "handoff_binding", Refused;

    // The identity provider's own papers.
    DiscoveryIssuer, "discovery_issuer", Unavailable;
    DiscoveryEndpoint, "discovery_endpoint", Unavailable;
    DiscoveryGarbled, "discovery_garbled", Unavailable;
    JwksGarbled, "jwks_garbled", Unavailable;
    /// The authorization request cannot be handed over as configured, or the provider did not take it.
    PushedRequest, "pushed_request", Unavailable;

    // The token.
    TokenMalformed, "token_malformed", Refused;
    TokenEncrypted, "token_encrypted", Refused;
    /// Every id_token of this provider comes encrypted, except this one.
    TokenNotEncrypted, "token_not_encrypted", Refused;
    /// What is encrypted must say that it is a token (`cty`).
    NotNested, "cty", Refused;
    Compressed, "zip", Refused;
    Decryption, "decryption", Refused;
    TokenTooLarge, "token_too_large", Refused;
    Algorithm, "alg", Refused;
    Critical, "crit", Refused;
    TokenType, "typ", Refused;
    UnknownKey, "kid", Refused;
    Signature, "signature", Refused;
    Issuer, "iss", Refused;
    TokenAudience, "aud", Refused;
    AuthorizedParty, "azp", Refused;
    Expired, "exp", Refused;
    NotYet, "nbf", Refused;
    IssuedAt, "iat", Refused;
    Nonce, "nonce", Refused;
    SubjectMissing, "sub", Refused;
    TokenUsed, "token_used", Refused;
    /// The provider says that the access token is not good now.
    Inactive, "inactive", Refused;
    AccessTokenHash, "at_hash", Refused;
    AuthTime, "auth_time", Refused;
    UserInfoSubject, "userinfo_sub", Refused;
    UserInfoConflict, "userinfo_conflict", Refused;
    LogoutEvent, "logout_event", Refused;
    Level, "loa", StepUp;

    // Who it is about.
    /// Neither a person nor a company, in the form that the claim map knows.
    NoParty, "no_party", Refused;
    /// A person and a company at once, or the same claim twice with another value.
    Contradiction, "contradiction", Refused;
    /// Not text of exactly the digits that the number has.
    Number, "number", Refused;
    /// The sector code of another number than the BSN.
    Sector, "sector", Refused;
    /// A party that the sidecar cannot ask for, such as a company known by RSIN only.
    PartyKind, "party_kind", Refused;
    /// Delegation in a form that is not known; it is never ignored.
    Representation, "representation", Refused;
    RepresentationDepth, "representation_depth", Refused;
    RepresentationCycle, "representation_cycle", Refused;

    // Asserted.
    AssertedKind, "asserted_kind", Request;
    AssertedRate, "asserted_rate", Limited;

    // Ourselves.
    StateFull, "state_full", Limited;
    StateUnavailable, "state_unavailable", Unavailable;
    Sealing, "sealing", Unavailable;
    Randomness, "randomness", Unavailable;
    /// Our own proof to the provider could not be signed.
    Assertion, "assertion", Unavailable;
}

impl IdentityError {
    /// What `POST /v1/token` says.
    pub const fn token_error(self) -> TokenErrorCode {
        match self {
            Self::GrantType => TokenErrorCode::UnsupportedGrantType,
            Self::Audience | Self::Resource => TokenErrorCode::InvalidTarget,
            Self::Scope => TokenErrorCode::InvalidScope,
            Self::ModeOff | Self::AssertedKind => TokenErrorCode::UnauthorizedClient,
            Self::Handoff | Self::HandoffBinding => TokenErrorCode::InvalidGrant,
            _ => match self.class() {
                Class::Limited | Class::Unavailable => TokenErrorCode::TemporarilyUnavailable,
                Class::Request | Class::Refused | Class::Cancelled | Class::StepUp => {
                    TokenErrorCode::InvalidRequest
                }
            },
        }
    }
}

impl std::fmt::Display for IdentityError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.reason())
    }
}

impl std::error::Error for IdentityError {}

impl From<SharedError> for IdentityError {
    fn from(error: SharedError) -> Self {
        match error {
            SharedError::Full => Self::StateFull,
            SharedError::Unavailable => Self::StateUnavailable,
        }
    }
}

impl From<SealError> for IdentityError {
    fn from(_: SealError) -> Self {
        Self::Sealing
    }
}

impl From<UpstreamError> for IdentityError {
    fn from(error: UpstreamError) -> Self {
        Self::Provider(error.kind)
    }
}
