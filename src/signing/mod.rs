//! RFC 9421 signatures and RFC 9530 digests in the closed profile of `docs/signing.md`.
//!
//! A request is judged in three steps that cannot be skipped or swapped:
//! [`Verifier::verify_head`] → [`VerifiedHead::verify_body`] → [`VerifiedBody::spend_nonce`]. Only
//! the last one gives a [`VerifiedRequest`]. An answer is signed with the [`ResponseSigner`] that
//! the first step already gives, so that a 413 or a 503 is signed too.

mod base;
mod components;
mod digest;
mod error;
mod fields;
mod keys;
mod sign;
mod verify;

#[cfg(test)]
mod tests;

pub use crate::store::nonces::Nonces;
pub use components::{CONTENT_DIGEST, RequestHead};
pub use digest::ContentDigest;
pub use error::{Reason, Refused, SignError};
pub use fields::{Nonce, SIGNATURE, SIGNATURE_INPUT};
pub use keys::{KeyPair, KeyProblem, KeyStatus, KeyTable, Scope, SigningKey, fingerprint};
pub use sign::{
    AwaitedResponse, OutgoingRequest, ResponseSigner, SignatureHeaders, SignedRequest, sign_request,
};
pub use verify::{VerifiedBody, VerifiedHead, VerifiedRequest, Verifier, Window};
