//! The token in a form that proves that the form was made for this session (docs/wire.md).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

use super::Token;

/// base64url(HMAC-SHA256(session token, `zijspan-csrf-v1` 0 kind 0 handle 0 action)).
pub fn token(session: &Token, kind: &str, handle: &str, action: &str) -> String {
    let mut out = String::new();
    // A key of any length is accepted by HMAC, so there is always a MAC.
    if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(session.as_str().as_bytes()) {
        mac.update(b"zijspan-csrf-v1");
        for part in [kind, handle, action] {
            mac.update(b"\0");
            mac.update(part.as_bytes());
        }
        URL_SAFE_NO_PAD.encode_string(mac.finalize().into_bytes(), &mut out);
    }
    out
}

/// Whether `given` is the token of this form, in constant time. A part with a zero byte has none: it
/// could pass for another split of the same message.
pub fn holds(session: &Token, kind: &str, handle: &str, action: &str, given: &str) -> bool {
    if [kind, handle, action]
        .iter()
        .any(|part| part.contains('\0'))
    {
        return false;
    }
    let expected = token(session, kind, handle, action);
    !expected.is_empty() && bool::from(expected.as_bytes().ct_eq(given.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(fill: &str) -> Token {
        Token::parse(&fill.repeat(43)).unwrap()
    }

    /// Computed with Python: hmac.new(b"A"*43, b"zijspan-csrf-v1\0session\0\0logout", sha256).
    #[test]
    fn the_formula_is_that_of_the_wire_contract() {
        assert_eq!(
            token(&session("A"), "session", "", "logout"),
            "MfjntLIAI-J_Jc5G-PCs10RSb9Jc4C7iHtCKzPsXr_w"
        );
    }

    #[test]
    fn a_token_holds_for_its_own_form_only() {
        let good = token(&session("A"), "taak", "abc", "afronden");
        assert!(holds(&session("A"), "taak", "abc", "afronden", &good));
        assert!(!holds(&session("Q"), "taak", "abc", "afronden", &good));
        assert!(!holds(&session("A"), "taken", "abc", "afronden", &good));
        assert!(!holds(&session("A"), "taak", "abd", "afronden", &good));
        assert!(!holds(&session("A"), "taak", "abc", "intrekken", &good));
        assert!(!holds(
            &session("A"),
            "taak",
            "abc",
            "afronden",
            &good[..42]
        ));
        assert!(!holds(&session("A"), "taak", "abc", "afronden", ""));
    }

    #[test]
    fn a_zero_byte_cannot_move_the_border_between_parts() {
        let good = token(&session("A"), "taak", "a", "b\0c");
        assert!(!holds(&session("A"), "taak", "a\0b", "c", &good));
    }
}
