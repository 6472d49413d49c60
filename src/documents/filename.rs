//! A file name from a register, made safe for a header and for a disk (RFC 6266, RFC 8187).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// `attr-char` of RFC 8187, section 3.2.1.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

const MAX_CHARS: usize = 120;

/// The media types that are sent as what they are; any other is `application/octet-stream`, so that no
/// browser runs it.
const TYPES: &[(&str, &str)] = &[
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("gif", "image/gif"),
    ("txt", "text/plain"),
    ("csv", "text/csv"),
    ("doc", "application/msword"),
    (
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    ("xls", "application/vnd.ms-excel"),
    (
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    ("odt", "application/vnd.oasis.opendocument.text"),
    ("ods", "application/vnd.oasis.opendocument.spreadsheet"),
    ("zip", "application/zip"),
];

/// The extension by which a document is named, when it is one that we know.
pub fn extension(bestandsnaam: Option<&str>, formaat: Option<&str>) -> Option<&'static str> {
    let by_name = bestandsnaam.and_then(|name| {
        let (_, ending) = name.rsplit_once('.')?;
        let ending = ending.trim().to_ascii_lowercase();
        TYPES.iter().find(|(known, _)| *known == ending)
    });
    let by_format = || {
        let formaat = formaat?.split(';').next()?.trim().to_ascii_lowercase();
        TYPES.iter().find(|(_, media)| *media == formaat)
    };
    by_name.or_else(by_format).map(|(ending, _)| *ending)
}

/// The media type to send.
pub fn media_type(extension: Option<&str>) -> &'static str {
    TYPES
        .iter()
        .find(|(known, _)| Some(*known) == extension)
        .map_or("application/octet-stream", |(_, media)| *media)
}

/// A name without anything that a header, a path or a reader could trip over.
pub fn safe(name: Option<&str>, extension: Option<&str>) -> String {
    let given = name.unwrap_or_default();
    // Only the last part of a path is a name.
    let given = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut stem: String = given
        .chars()
        .filter(|c| !c.is_control() && !is_bidi(*c))
        .map(|c| if "\"<>:|?*%;".contains(c) { '-' } else { c })
        .take(MAX_CHARS)
        .collect();
    if let Some(ending) = extension {
        let lower = stem.to_ascii_lowercase();
        if let Some(kept) = lower.strip_suffix(&format!(".{ending}")) {
            // The stem is as long in both cases: only ASCII letters changed.
            stem.truncate(kept.len());
        }
    }
    let stem = stem.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let stem = if stem.is_empty() { "document" } else { stem };
    // A name without a known ending gets one that nothing runs.
    format!("{stem}.{}", extension.unwrap_or("bin"))
}

/// Characters that turn the reading direction and so disguise an ending.
const fn is_bidi(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{200b}')
}

/// `Content-Disposition` for a name from [`safe`]: plain ASCII for old readers, UTF-8 for the others.
pub fn disposition(name: &str) -> String {
    let ascii: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_graphic() || c == ' ' {
                c
            } else {
                '_'
            }
        })
        .collect();
    let encoded = utf8_percent_encode(name, KEPT);
    format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn attack_39_a_hostile_name_becomes_a_plain_one() {
        for (given, safe_name) in [
            ("besluit.pdf", "besluit.pdf"),
            ("../../etc/passwd.pdf", "passwd.pdf"),
            ("C:\\temp\\brief.PDF", "brief.pdf"),
            ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie- x=1.pdf"),
            ("quo\"te.pdf", "quo-te.pdf"),
            ("shell.php", "shell.php.bin"),
            ("\u{202e}fdp.exe", "fdp.exe.bin"),
            ("", "document.bin"),
            ("....", "document.bin"),
        ] {
            let ending = extension(Some(given), None);
            assert_eq!(safe(Some(given), ending), safe_name, "{given:?}");
        }
        let long = "x".repeat(4096);
        assert!(safe(Some(&long), None).len() <= MAX_CHARS + 4);
    }

    #[test]
    fn the_ending_follows_the_format_where_the_name_has_none() {
        assert_eq!(
            extension(Some("brief"), Some("application/pdf")),
            Some("pdf")
        );
        assert_eq!(extension(None, Some("text/html")), None);
        assert_eq!(media_type(None), "application/octet-stream");
        assert_eq!(safe(Some("Brief"), Some("pdf")), "Brief.pdf");
    }

    #[test]
    fn a_dutch_name_is_kept() {
        let header = disposition(&safe(Some("Beschikking één.pdf"), Some("pdf")));
        assert_eq!(
            header,
            "attachment; filename=\"Beschikking __n.pdf\"; filename*=UTF-8''Beschikking%20%C3%A9%C3%A9n.pdf"
        );
    }

    proptest! {
        #[test]
        fn any_name_makes_a_valid_header(name in ".{0,300}") {
            let ending = extension(Some(&name), None);
            let header = disposition(&safe(Some(&name), ending));
            prop_assert!(http::HeaderValue::try_from(&header).is_ok(), "{header}");
            prop_assert!(!header.contains('\n') && !header.contains('\r'));
            prop_assert_eq!(header.matches('"').count(), 2);
        }
    }
}
