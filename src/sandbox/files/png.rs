//! A drawing of a house in 240 by 160 pixels with a palette, in stored (uncompressed) deflate blocks.

use super::crc32;

const WIDTH: u32 = 240;
const HEIGHT: u32 = 160;
/// Sky, wall, roof, window, grass, dormer, ink.
const PALETTE: [[u8; 3]; 7] = [
    [222, 238, 246],
    [238, 226, 205],
    [158, 66, 50],
    [120, 170, 200],
    [132, 168, 96],
    [250, 250, 245],
    [60, 60, 60],
];
/// The most that one stored block holds.
const BLOCK: usize = 65_535;

/// The colour of a pixel. `shift` moves the dormer, so that no two drawings are alike.
fn colour(x: u32, y: u32, shift: u32) -> u8 {
    let dormer = 100 + shift % 24;
    if (dormer..dormer + 34).contains(&x) && (46..74).contains(&y) {
        let edge = x == dormer || x == dormer + 33 || y == 46 || y == 73;
        return if edge { 6 } else { 5 };
    }
    // The roof widens by one pixel a line.
    if (28..84).contains(&y) && x.abs_diff(120) <= y {
        return 2;
    }
    if (84..140).contains(&y) && (50..190).contains(&x) {
        let window = (96..118).contains(&y) && ((66..92).contains(&x) || (148..174).contains(&x));
        let door = y >= 100 && (110..130).contains(&x);
        return match (window, door) {
            (true, _) => 3,
            (_, true) => 6,
            _ => 1,
        };
    }
    if y >= 140 { 4 } else { 0 }
}

fn chunk(out: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    out.extend(u32::try_from(data.len()).unwrap_or(0).to_be_bytes());
    let mut body = kind.to_vec();
    body.extend_from_slice(data);
    out.extend_from_slice(&body);
    out.extend(crc32(&body).to_be_bytes());
}

fn zlib(raw: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let blocks = raw.len().div_ceil(BLOCK);
    for (n, block) in raw.chunks(BLOCK).enumerate() {
        out.push(u8::from(n + 1 == blocks));
        let length = u16::try_from(block.len()).unwrap_or(0);
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend_from_slice(block);
    }
    let (a, b) = raw.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    out.extend(((b << 16) | a).to_be_bytes());
    out
}

pub fn make(title: &str) -> Vec<u8> {
    let shift = title.bytes().map(u32::from).sum();
    let mut raw = Vec::with_capacity(((WIDTH + 1) * HEIGHT) as usize);
    for y in 0..HEIGHT {
        raw.push(0);
        raw.extend((0..WIDTH).map(|x| colour(x, y, shift)));
    }
    let mut header = Vec::new();
    header.extend(WIDTH.to_be_bytes());
    header.extend(HEIGHT.to_be_bytes());
    // Eight bits a pixel, palette, and the only compression, filter and no interlace.
    header.extend([8, 3, 0, 0, 0]);
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut out, b"IHDR", &header);
    chunk(&mut out, b"PLTE", PALETTE.as_flattened());
    chunk(&mut out, b"IDAT", &zlib(&raw));
    chunk(&mut out, b"IEND", &[]);
    out
}
