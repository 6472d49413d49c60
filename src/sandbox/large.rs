//! A document of any size, made while it is sent and never held in memory.

use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, stream};
use tokio::time::Instant;

/// How long it is, and how fast the source sends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Large {
    pub length: u64,
    /// 0 sends as fast as the reader takes it.
    pub bytes_per_second: u64,
}

/// What a PDF begins with; the rest says nothing.
const HEAD: &[u8] = b"%PDF-1.4\n";
const CHUNK: usize = 64 * 1024;

impl Large {
    /// The bytes, chunk by chunk, each no earlier than the rate allows. A reader that is slow for a while
    /// may catch up.
    pub fn chunks(self) -> impl Stream<Item = Bytes> + Send + use<> {
        let mut first = HEAD.to_vec();
        first.resize(CHUNK, b'\n');
        let rest = Bytes::from(vec![b'\n'; CHUNK]);
        let began = Instant::now();
        stream::unfold(
            (0_u64, Bytes::from(first), rest),
            move |(sent, next, rest)| async move {
                let left = self.length.saturating_sub(sent);
                if left == 0 {
                    return None;
                }
                if self.bytes_per_second > 0 {
                    tokio::time::sleep_until(began + self.due(sent)).await;
                }
                let size = usize::try_from(left).unwrap_or(CHUNK).min(CHUNK);
                Some((next.slice(..size), (sent + size as u64, rest.clone(), rest)))
            },
        )
    }

    /// When the byte after the first `sent` may go.
    fn due(self, sent: u64) -> Duration {
        let micros = u128::from(sent) * 1_000_000 / u128::from(self.bytes_per_second.max(1));
        Duration::from_micros(u64::try_from(micros).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use futures_util::StreamExt as _;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn it_is_as_long_and_as_slow_as_was_asked() {
        let large = Large {
            length: 1_000_001,
            bytes_per_second: 500_000,
        };
        let began = Instant::now();
        let chunks: Vec<Bytes> = large.chunks().collect().await;
        assert!(chunks[0].starts_with(b"%PDF-"));
        assert_eq!(chunks.iter().map(Bytes::len).sum::<usize>(), 1_000_001);
        let took = began.elapsed().as_millis();
        assert!((1_850..=2_010).contains(&took), "{took} ms");
    }

    #[tokio::test]
    async fn without_a_rate_it_does_not_wait() {
        let large = Large {
            length: 10,
            bytes_per_second: 0,
        };
        let chunks: Vec<Bytes> = large.chunks().collect().await;
        assert_eq!(chunks, [&b"%PDF-1.4\n\n"[..]]);
    }
}
