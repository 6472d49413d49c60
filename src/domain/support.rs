//! The code that a resident reads out to the help desk and that is in the log beside the cause.

use std::fmt;

/// Letters and digits that are not mistaken for one another, read out or written down.
const ALPHABET: &[u8; 30] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Eight characters, chosen at random: it says nothing by itself and finds one line in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SupportCode([u8; 8]);

impl SupportCode {
    pub fn generate() -> Self {
        let mut code = [b'2'; 8];
        let mut filled = 0;
        while filled < code.len() {
            let mut random = [0_u8; 16];
            // A code is no secret: without randomness the page still gets one, only not a unique one.
            if aws_lc_rs::rand::fill(&mut random).is_err() {
                break;
            }
            // 240 is the largest multiple of 30 in a byte: above it the choice would not be even.
            for byte in random.into_iter().filter(|byte| *byte < 240) {
                let letter = ALPHABET.get(usize::from(byte) % ALPHABET.len());
                if let (Some(slot), Some(letter)) = (code.get_mut(filled), letter) {
                    *slot = *letter;
                    filled += 1;
                }
            }
        }
        Self(code)
    }

    pub fn as_str(&self) -> &str {
        // Only letters and digits of the alphabet were ever stored.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for SupportCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl serde::Serialize for SupportCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_differ_and_hold_no_look_alikes() {
        let codes: std::collections::HashSet<_> =
            (0..200).map(|_| SupportCode::generate()).collect();
        assert_eq!(codes.len(), 200);
        for code in codes {
            assert_eq!(code.as_str().len(), 8);
            assert!(!code.as_str().contains(['0', '1', 'I', 'L', 'O', 'U']));
        }
    }
}
