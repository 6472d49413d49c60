//! Numbers that look random and are the same every time: the sandbox's uuids and choices.

use uuid::Uuid;

/// SplitMix64 from a text.
#[derive(Debug, Clone)]
pub struct Seed(u64);

impl Seed {
    pub fn new(text: &str) -> Self {
        // FNV-1a: short, and good enough to tell texts apart.
        let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(hash)
    }

    /// The same text gives every zaaksysteem something else.
    pub fn of(text: &str, source: usize) -> Self {
        match source {
            0 => Self::new(text),
            other => Self::new(&format!("{text} bron {other}")),
        }
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`; zero when the bound is zero.
    pub fn below(&mut self, bound: usize) -> usize {
        let bound = bound as u64;
        self.next()
            .checked_rem(bound)
            .and_then(|n| usize::try_from(n).ok())
            .unwrap_or(0)
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        from.get(self.below(from.len())).copied()
    }

    /// A uuid of version 4 by its looks.
    pub fn uuid(&mut self) -> Uuid {
        let bits = (u128::from(self.next()) << 64) | u128::from(self.next());
        uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_text_gives_the_same_uuids() {
        let (mut a, mut b) = (Seed::new("zaak 1"), Seed::new("zaak 1"));
        assert_eq!(a.uuid(), b.uuid());
        assert_ne!(a.uuid(), Seed::new("zaak 2").uuid());
        assert_eq!(a.uuid().get_version_num(), 4);
    }
}
