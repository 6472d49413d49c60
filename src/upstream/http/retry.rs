//! Whether a call is sent a second time, and after what pause.

use std::time::Duration;

use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};
use tower::retry::budget::{Budget as _, TpsBudget};

use crate::domain::Clock;

/// Second attempts may be so much of all calls of the last ten seconds, and at least one a second: a
/// source that is slow because it has too much to do does not get twice as much.
const BUDGET_WINDOW: Duration = Duration::from_secs(10);
const BUDGET_PER_SECOND: u32 = 1;
const BUDGET_SHARE: f32 = 0.2;

const SHORTEST_MS: u64 = 50;
const LONGEST_MS: u64 = 150;

#[derive(Debug)]
pub(super) struct Retries {
    most: u32,
    budget: TpsBudget,
}

impl Retries {
    pub fn new(most: u32) -> Self {
        Self {
            most,
            budget: TpsBudget::new(BUDGET_WINDOW, BUDGET_PER_SECOND, BUDGET_SHARE),
        }
    }

    /// A call begins; a share of it may be spent on a second attempt.
    pub fn deposit(&self) {
        self.budget.deposit();
    }

    /// The pause before the next attempt; `None` when there is none. `asked` is what the source wants,
    /// `left` the time in which a pause has to fit.
    pub fn pause(&self, made: u32, asked: Option<Duration>, left: Duration) -> Option<Duration> {
        if made >= self.most {
            return None;
        }
        let pause = asked.unwrap_or_default().max(jitter());
        (pause < left && self.budget.withdraw()).then_some(pause)
    }
}

/// So that calls that failed together do not come back together.
fn jitter() -> Duration {
    let mut byte = [0_u8; 1];
    // Without a random byte the pause is the shortest one.
    let _ = aws_lc_rs::rand::fill(&mut byte);
    let [byte] = byte;
    let span = LONGEST_MS - SHORTEST_MS;
    Duration::from_millis(SHORTEST_MS + span * u64::from(byte) / 255)
}

/// `Retry-After`: seconds, or a date. A date is held against the answer's own `Date`, for the clock of
/// the source need not be ours.
pub(super) fn retry_after(headers: &HeaderMap, clock: &Clock) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let then = date(text)?;
    let now = headers
        .get(DATE)
        .and_then(|value| date(value.to_str().ok()?))
        .unwrap_or_else(|| clock.now().as_secs());
    u64::try_from(then.saturating_sub(now).max(0))
        .ok()
        .map(Duration::from_secs)
}

/// Seconds since 1970 of an HTTP date.
fn date(text: &str) -> Option<i64> {
    let date = jiff::fmt::rfc2822::parse(text).ok()?;
    Some(date.timestamp().as_second())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Timestamp;
    use http::HeaderValue;

    const LONG: Duration = Duration::from_secs(9);

    fn asked(retry_after_: &'static str, date: Option<&'static str>) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_static(retry_after_));
        if let Some(date) = date {
            headers.insert(DATE, HeaderValue::from_static(date));
        }
        // 1994-11-06T08:49:37Z
        retry_after(&headers, &Clock::manual(Timestamp::from_secs(784_111_777)))
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let seconds = |n| Some(Duration::from_secs(n));
        assert_eq!(asked("3", None), seconds(3));
        assert_eq!(asked(" 120 ", None), seconds(120));
        assert_eq!(asked("Sun, 06 Nov 1994 08:49:40 GMT", None), seconds(3));
        assert_eq!(
            asked("Sun, 06 Nov 1994 08:49:00 GMT", None),
            seconds(0),
            "past"
        );
        // The clock of the source runs an hour ahead; it means five seconds all the same.
        assert_eq!(
            asked(
                "Sun, 06 Nov 1994 09:49:42 GMT",
                Some("Sun, 06 Nov 1994 09:49:37 GMT")
            ),
            seconds(5)
        );
        for odd in ["-1", "soon", "", "1.5", "06 Nov 1994"] {
            assert_eq!(asked(odd, None), None, "{odd:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_is_jittered_and_no_shorter_than_asked() {
        let retries = Retries::new(1);
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..10 {
            for _ in 0..10 {
                retries.deposit();
            }
            let pause = retries.pause(0, None, LONG).unwrap().as_millis();
            assert!((50..=150).contains(&pause), "{pause}");
            seen.insert(pause);
        }
        assert!(seen.len() > 2, "{seen:?}");
        let asked = Some(Duration::from_secs(2));
        assert_eq!(retries.pause(0, asked, LONG), asked);
    }

    #[tokio::test(start_paused = true)]
    async fn there_is_no_pause_that_does_not_fit() {
        let retries = Retries::new(1);
        let asked = Some(Duration::from_secs(2));
        assert_eq!(retries.pause(0, asked, Duration::from_secs(2)), None);
        assert_eq!(retries.pause(0, None, Duration::from_millis(49)), None);
        assert!(retries.pause(0, asked, Duration::from_secs(3)).is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_attempts_than_told() {
        assert_eq!(Retries::new(0).pause(0, None, LONG), None);
        let retries = Retries::new(2);
        assert!(retries.pause(0, None, LONG).is_some());
        assert!(retries.pause(1, None, LONG).is_some());
        assert_eq!(retries.pause(2, None, LONG), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_source_that_fails_always_gets_a_fifth_more_and_not_twice_as_much() {
        let retries = Retries::new(1);
        let mut second = 0;
        for _ in 0..1000 {
            retries.deposit();
            second += u32::from(retries.pause(0, None, LONG).is_some());
            tokio::time::advance(Duration::from_millis(10)).await;
        }
        // A fifth of a thousand, and one for each of ten seconds.
        assert!((180..=215).contains(&second), "{second}");
    }
}
