//! Numbers of people and companies. They hide themselves from `Debug`, have no `Display` and no
//! `Serialize`, and are wiped on drop; `expose` is the word to search for in a review.

use std::fmt;

use zeroize::Zeroize;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdentifierError {
    #[error("is not made of exactly {0} digits")]
    Digits(usize),
    #[error("does not pass the check of its digits (elfproef)")]
    Check,
}

fn digits(text: &str, len: usize) -> Result<[u8; 12], IdentifierError> {
    let bytes = text.as_bytes();
    if bytes.len() != len || !bytes.iter().all(u8::is_ascii_digit) {
        return Err(IdentifierError::Digits(len));
    }
    let mut out = [b'0'; 12];
    for (slot, byte) in out.iter_mut().zip(bytes) {
        *slot = *byte;
    }
    Ok(out)
}

/// The elfproef of BSN and RSIN: Σ (9−i)·dᵢ for the first eight digits minus the ninth, divisible by 11.
fn elfproef(digits: &[u8]) -> bool {
    let sum: i32 = digits
        .iter()
        .zip([9, 8, 7, 6, 5, 4, 3, 2, -1])
        .map(|(digit, weight)| i32::from(digit - b'0') * weight)
        .sum();
    sum % 11 == 0 && digits.iter().any(|digit| *digit != b'0')
}

macro_rules! number {
    ($(#[$doc:meta])* $name:ident, $len:literal, $elfproef:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name([u8; 12]);

        impl $name {
            /// Exactly the right number of ASCII digits, and the digits' own check where there is one.
            pub fn parse(text: &str) -> Result<Self, IdentifierError> {
                let digits = digits(text, $len)?;
                if $elfproef && !elfproef(&digits[..$len]) {
                    return Err(IdentifierError::Check);
                }
                Ok(Self(digits))
            }

            /// The digits themselves: only for a comparison or for the upstream that needs them.
            pub fn expose(&self) -> &str {
                // Only ASCII digits were ever stored.
                std::str::from_utf8(&self.0[..$len]).unwrap_or_default()
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(***)"))
            }
        }

        impl Drop for $name {
            fn drop(&mut self) {
                self.0.zeroize();
            }
        }
    };
}

number!(
    /// Burgerservicenummer: nine digits that pass the elfproef; `000000000` is none.
    Bsn, 9, true
);
number!(
    /// Rechtspersonen en Samenwerkingsverbanden Informatienummer: nine digits that pass the elfproef.
    Rsin, 9, true
);
number!(
    /// Number in the Handelsregister: eight digits.
    KvkNummer, 8, false
);
number!(
    /// Number of a vestiging in the Handelsregister: twelve digits.
    Vestigingsnummer, 12, false
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bsn_passes_the_elfproef() {
        for good in ["999990019", "123456782", "111222333", "999993653"] {
            assert!(Bsn::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "000000000",
            "123456789",
            "12345678",
            "1234567890",
            "",
            " 999990019",
            "999990019\n",
            "９９９９９００１９",
            "s00000001:999990019",
        ] {
            assert!(Bsn::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn numbers_do_not_print_themselves() {
        let bsn = Bsn::parse("999990019").unwrap();
        assert_eq!(format!("{bsn:?}"), "Bsn(***)");
        assert_eq!(bsn.expose(), "999990019");
        assert_eq!(
            format!("{:?}", KvkNummer::parse("69599084").unwrap()),
            "KvkNummer(***)"
        );
    }

    #[test]
    fn a_vestigingsnummer_keeps_its_leading_zeros() {
        assert_eq!(
            Vestigingsnummer::parse("000037178598").unwrap().expose(),
            "000037178598"
        );
        assert!(Vestigingsnummer::parse("37178598").is_err());
    }
}
