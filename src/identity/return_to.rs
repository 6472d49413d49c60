//! Where the browser goes after login: a path of the site, never another address.

use super::IdentityError;

/// A site-relative path with an optional query, safe to send as `Location`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnTo(String);

const MAX: usize = 2000;
/// How often text may be percent-encoded over itself before it counts as hiding something.
const MAX_ROUNDS: usize = 4;

impl ReturnTo {
    pub fn parse(text: &str) -> Result<Self, IdentityError> {
        if text.len() > MAX || !text.starts_with('/') || !text.bytes().all(|b| b.is_ascii_graphic())
        {
            return Err(IdentityError::ReturnTo);
        }
        let mut bytes = text.as_bytes().to_vec();
        // What a server or browser further on might see after decoding must be as harmless as the text.
        for round in 0..=MAX_ROUNDS {
            if !harmless(&bytes) {
                return Err(IdentityError::ReturnTo);
            }
            let Some(decoded) = decode(&bytes, round == 0)? else {
                return Ok(Self(text.to_owned()));
            };
            bytes = decoded;
        }
        Err(IdentityError::ReturnTo)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn harmless(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return false;
    };
    let path = text.split(['?', '#']).next().unwrap_or_default();
    !text.chars().any(|c| c.is_control() || c == '\\') && !path.contains("//")
}

/// One round of percent-decoding; `None` when there was nothing to decode. In the text itself a `%`
/// without two hexadecimal digits is refused; further in it is an ordinary character.
fn decode(bytes: &[u8], strict: bool) -> Result<Option<Vec<u8>>, IdentityError> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut changed = false;
    let mut rest = bytes;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte == b'%' {
            if let Some((pair, after)) = after.split_at_checked(2)
                && let [high, low] = pair
                && let (Some(high), Some(low)) = (hex(*high), hex(*low))
            {
                out.push(high * 16 + low);
                rest = after;
                changed = true;
                continue;
            }
            if strict {
                return Err(IdentityError::ReturnTo);
            }
        }
        out.push(byte);
    }
    Ok(changed.then_some(out))
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn paths_of_the_site_are_kept() {
        for good in [
            "/",
            "/mijn-zaken/",
            "/mijn-zaken/?zaak=abc&x=1#top",
            "/zoek?q=caf%C3%A9%20100%25",
            "/pagina?terug=https://example.nl/x//y",
            "/@naam/a:b",
        ] {
            assert_eq!(ReturnTo::parse(good).unwrap().as_str(), good);
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for bad in [
            "",
            "mijn-zaken",
            "//evil.example",
            "\\\\evil",
            "/\\evil",
            "\\/evil",
            "/a//b",
            "https:evil",
            "https://evil.example",
            "javascript:alert(1)",
            "user@evil.example",
            "/%0d%0aLocation:%20https://evil.example",
            "/%0D",
            "/a\r\nb",
            "/a\tb",
            "/ b",
            "/a\0",
            "/%00",
            "/%7f",
            "/%5cevil",
            "/%2f%2fevil",
            "/%2Fevil",
            "/%252f%252fevil",
            "/%25252fevil",
            "/%255cevil",
            "/%250d",
            "/%",
            "/%g1",
            "/%1",
            "/é",
            "/%C2%85",
            "/%FF",
            "/%2525252525252f",
        ] {
            assert_eq!(
                ReturnTo::parse(bad),
                Err(IdentityError::ReturnTo),
                "{bad:?}"
            );
        }
        assert!(ReturnTo::parse(&format!("/{}", "a".repeat(1999))).is_ok());
        assert!(ReturnTo::parse(&format!("/{}", "a".repeat(2000))).is_err());
    }

    proptest! {
        /// Whatever is accepted stays on the site when a browser resolves it.
        #[test]
        fn what_is_accepted_stays_on_the_site(tail in "[/\\\\%0-9a-fA-F:@.?#a-z\\t\\n -]{0,40}") {
            if let Ok(path) = ReturnTo::parse(&format!("/{tail}")) {
                let site = url::Url::parse("https://site.example/x/").unwrap();
                let to = site.join(path.as_str()).unwrap();
                prop_assert_eq!(to.origin(), site.origin());
                prop_assert!(!to.path().starts_with("//"));
            }
        }
    }
}
