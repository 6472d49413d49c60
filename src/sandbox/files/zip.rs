//! A zip with stored entries, as much of the format as a DOCX needs.

use super::crc32;

/// 1 January 2026 in the date form of DOS; the time is midnight.
const DATE: u16 = ((2026 - 1980) << 9) | (1 << 5) | 1;

/// Sizes and offsets are 32 bits wide; the files of the sandbox are far below that.
fn word(n: usize) -> [u8; 4] {
    u32::try_from(n).unwrap_or(u32::MAX).to_le_bytes()
}

fn half(n: usize) -> [u8; 2] {
    u16::try_from(n).unwrap_or(u16::MAX).to_le_bytes()
}

/// The fields that the local header and the directory have in common.
fn shared(name: &str, content: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    // Version 2.0, names in UTF-8, stored, time, date.
    out.extend(half(20));
    out.extend(half(0x0800));
    out.extend(half(0));
    out.extend(half(0));
    out.extend(DATE.to_le_bytes());
    out.extend(crc32(content).to_le_bytes());
    out.extend(word(content.len()));
    out.extend(word(content.len()));
    out.extend(half(name.len()));
    out.extend(half(0));
    out
}

pub fn make(entries: &[(&str, String)]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for (name, content) in entries {
        let content = content.as_bytes();
        let offset = out.len();
        let fields = shared(name, content);
        out.extend(b"PK\x03\x04");
        out.extend(&fields);
        out.extend(name.as_bytes());
        out.extend(content);

        directory.extend(b"PK\x01\x02");
        directory.extend(half(20));
        directory.extend(&fields);
        // Comment length, disk, internal and external attributes.
        directory.extend([0; 10]);
        directory.extend(word(offset));
        directory.extend(name.as_bytes());
    }
    let start = out.len();
    out.extend(&directory);
    out.extend(b"PK\x05\x06");
    out.extend([0; 4]);
    out.extend(half(entries.len()));
    out.extend(half(entries.len()));
    out.extend(word(directory.len()));
    out.extend(word(start));
    out.extend(half(0));
    out
}
