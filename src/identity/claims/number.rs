//! Numbers in claims: text of ASCII digits and nothing else.

use serde_json::Value;

use crate::domain::{Bsn, KvkNummer, Rsin, Vestigingsnummer};
use crate::identity::IdentityError;

/// The sector code of the BSN in DigiD's `sector:number` form. `s00000001` is the old sofinummer.
const BSN_SECTOR: &str = "s00000000:";

pub fn text(value: &Value) -> Result<&str, IdentityError> {
    value.as_str().ok_or(IdentityError::Number)
}

/// A BSN. A leading zero that got lost on the way (eight digits) is put back; nothing else is repaired.
pub fn bsn(value: &Value) -> Result<Bsn, IdentityError> {
    let text = text(value)?;
    let digits = match text.strip_prefix(BSN_SECTOR) {
        Some(digits) => digits,
        None if text.contains(':') => return Err(IdentityError::Sector),
        None => text,
    };
    let padded;
    let digits = if digits.len() == 8 && digits.bytes().all(|b| b.is_ascii_digit()) {
        padded = zeroize::Zeroizing::new(format!("0{digits}"));
        padded.as_str()
    } else {
        digits
    };
    Bsn::parse(digits).map_err(|_| IdentityError::Number)
}

pub fn kvk(value: &Value) -> Result<KvkNummer, IdentityError> {
    KvkNummer::parse(text(value)?).map_err(|_| IdentityError::Number)
}

pub fn rsin(value: &Value) -> Result<Rsin, IdentityError> {
    Rsin::parse(text(value)?).map_err(|_| IdentityError::Number)
}

pub fn vestiging(value: &Value) -> Result<Vestigingsnummer, IdentityError> {
    Vestigingsnummer::parse(text(value)?).map_err(|_| IdentityError::Number)
}

/// A number with its sector before it, for the sector alone: another than the BSN's is a number of another
/// kind. Text without a sector says nothing.
pub fn sector(value: &Value) -> Result<(), IdentityError> {
    let text = text(value)?;
    let other = text.starts_with('s')
        && text.get(1..10).is_some_and(|rest| {
            rest.ends_with(':')
                && rest
                    .trim_end_matches(':')
                    .bytes()
                    .all(|b| b.is_ascii_digit())
        })
        && !text.starts_with(BSN_SECTOR);
    if other {
        Err(IdentityError::Sector)
    } else {
        Ok(())
    }
}

/// An opaque name of an employee or service: bounded, printable, without spaces.
pub fn opaque(value: &Value) -> Result<String, IdentityError> {
    let text = text(value)?;
    if text.is_empty() || text.len() > 256 || !text.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(IdentityError::Number);
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_bsn_is_text_of_digits_with_at_most_its_own_sector() {
        assert_eq!(bsn(&json!("999990019")).unwrap().expose(), "999990019");
        assert_eq!(
            bsn(&json!("s00000000:999990019")).unwrap().expose(),
            "999990019"
        );
        // 012345672 passes the elfproef: 8·1+7·2+6·3+5·4+4·5+3·6+2·7−2 = 110.
        assert_eq!(bsn(&json!("12345672")).unwrap().expose(), "012345672");
        for bad in [
            json!("000000000"),
            json!("00000000"),
            json!("12345678"),
            json!("1234567"),
            json!("999990019\n"),
            json!(" 999990019"),
            json!("９９９９９００１９"),
            json!(999_990_019),
            json!(12_345_672),
            json!(["999990019"]),
            json!({"bsn": "999990019"}),
            json!(true),
            json!(""),
            json!("99999001９"),
        ] {
            assert_eq!(bsn(&bad), Err(IdentityError::Number), "{bad}");
        }
        for bad in [
            "s00000001:999990019",
            "s00000000:s00000000:999990019",
            "S00000000:999990019",
            ":999990019",
        ] {
            let refused = bsn(&json!(bad)).err();
            assert!(
                matches!(refused, Some(IdentityError::Sector | IdentityError::Number)),
                "{bad}"
            );
        }
        assert_eq!(
            bsn(&json!("s00000001:999990019")),
            Err(IdentityError::Sector)
        );
    }

    #[test]
    fn a_sector_of_another_number_is_refused_and_an_opaque_name_has_none() {
        for good in ["s00000000:999990019", "a1b2", "", "s0000001", "sharon:1"] {
            assert_eq!(sector(&json!(good)), Ok(()), "{good}");
        }
        for bad in ["s00000001:999990019", "s00000009:x"] {
            assert_eq!(sector(&json!(bad)), Err(IdentityError::Sector), "{bad}");
        }
        assert_eq!(sector(&json!(1)), Err(IdentityError::Number));
    }

    #[test]
    fn numbers_of_companies_are_not_repaired() {
        assert!(kvk(&json!("69599084")).is_ok());
        assert!(vestiging(&json!("000037178598")).is_ok());
        for bad in [
            json!("6959908"),
            json!("069599084"),
            json!(69_599_084),
            json!(["69599084"]),
            json!("６９５９９０８４"),
        ] {
            assert_eq!(kvk(&bad), Err(IdentityError::Number), "{bad}");
        }
        assert!(vestiging(&json!("37178598")).is_err());
    }
}
