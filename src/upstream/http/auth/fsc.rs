//! Calls through an FSC Outway: which contract a call belongs to, and the number by which both sides log it.
//!
//! The core of the standard leaves the routing between client and Outway open. OpenFSC routes by
//! `Fsc-Grant-Hash` and refuses a transaction id that is not a UUID of version 7.

use http::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

use crate::domain::Clock;
use crate::upstream::http::judge::code_word;

const GRANT_HASH: HeaderName = HeaderName::from_static("fsc-grant-hash");
const TRANSACTION_ID: HeaderName = HeaderName::from_static("fsc-transaction-id");
const ERROR_CODE: HeaderName = HeaderName::from_static("fsc-error-code");

/// The contract under which a source is called.
#[derive(Debug, Clone)]
pub struct Fsc {
    grant_hash: HeaderValue,
    transaction_id: bool,
}

impl Fsc {
    /// `None` when the hash cannot stand in a header.
    pub fn new(grant_hash: &str, transaction_id: bool) -> Option<Self> {
        Some(Self {
            grant_hash: HeaderValue::from_str(grant_hash).ok()?,
            transaction_id,
        })
    }

    /// `None` when there is no randomness for a number.
    pub(super) fn headers(&self, clock: &Clock) -> Option<Vec<(HeaderName, HeaderValue)>> {
        let mut headers = vec![(GRANT_HASH, self.grant_hash.clone())];
        if self.transaction_id {
            let mut random = [0_u8; 10];
            aws_lc_rs::rand::fill(&mut random).ok()?;
            let millis = u64::try_from(clock.now().as_millis()).unwrap_or(0);
            let id: Uuid = uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid();
            headers.push((TRANSACTION_ID, HeaderValue::from_str(&id.to_string()).ok()?));
        }
        Some(headers)
    }
}

/// Whether the answer is that of an Outway or Inway: the source itself was not asked.
pub(super) fn is_from_the_network(headers: &HeaderMap) -> bool {
    headers.contains_key(ERROR_CODE)
}

/// The word by which FSC says what is wrong.
pub(super) fn error_code(headers: &HeaderMap) -> Option<String> {
    code_word(headers.get(ERROR_CODE)?.to_str().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Timestamp;

    #[test]
    fn every_call_has_a_transaction_id_of_version_seven_of_its_own() {
        let clock = Clock::manual(Timestamp::from_secs(1_790_000_000));
        let fsc = Fsc::new("$1$3$abc==", true).unwrap();
        let id = || {
            let headers = fsc.headers(&clock).unwrap();
            assert_eq!(headers[0].1, "$1$3$abc==");
            headers[1].1.to_str().unwrap().parse::<Uuid>().unwrap()
        };
        let (one, two) = (id(), id());
        assert_eq!(one.get_version_num(), 7);
        assert_eq!(&one.as_bytes()[..6], &two.as_bytes()[..6]);
        assert_ne!(one, two);
    }

    #[test]
    fn without_a_transaction_id_only_the_grant_goes_along() {
        let clock = Clock::manual(Timestamp::from_secs(1_790_000_000));
        let fsc = Fsc::new("$1$3$abc==", false).unwrap();
        assert_eq!(fsc.headers(&clock).unwrap().len(), 1);
        assert!(Fsc::new("a\r\nX: y", true).is_none());
    }
}
