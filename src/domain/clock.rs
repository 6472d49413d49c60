//! Time is a parameter: code asks the [`Clock`] it was given, so that a test can set it.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};

use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Whole milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    pub const fn from_secs(secs: i64) -> Self {
        Self(secs.saturating_mul(1000))
    }

    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Whole seconds, rounded down.
    pub const fn as_secs(self) -> i64 {
        self.0.div_euclid(1000)
    }

    #[must_use]
    pub const fn plus_secs(self, secs: i64) -> Self {
        Self(self.0.saturating_add(secs.saturating_mul(1000)))
    }

    /// Whole seconds from `self` until `later`, never below zero.
    pub const fn secs_until(self, later: Self) -> i64 {
        let diff = later.0.saturating_sub(self.0);
        if diff < 0 { 0 } else { diff / 1000 }
    }
}

/// The only way to learn what time it is.
#[derive(Debug, Clone)]
pub struct Clock(Inner);

#[derive(Debug, Clone)]
enum Inner {
    System,
    Manual(Arc<AtomicI64>),
}

impl Clock {
    pub const fn system() -> Self {
        Self(Inner::System)
    }

    /// A clock that stands still until [`Clock::advance_secs`] or [`Clock::set`] moves it.
    pub fn manual(at: Timestamp) -> Self {
        Self(Inner::Manual(Arc::new(AtomicI64::new(at.as_millis()))))
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the system clock"
    )]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Inner::System => Timestamp::from_millis(jiff::Timestamp::now().as_millisecond()),
            Inner::Manual(at) => Timestamp::from_millis(at.load(Ordering::SeqCst)),
        }
    }

    /// Moves a manual clock; a system clock is left alone.
    pub fn advance_secs(&self, secs: i64) {
        if let Inner::Manual(at) = &self.0 {
            at.fetch_add(secs.saturating_mul(1000), Ordering::SeqCst);
        }
    }

    /// Sets a manual clock; a system clock is left alone.
    pub fn set(&self, to: Timestamp) {
        if let Inner::Manual(at) = &self.0 {
            at.store(to.as_millis(), Ordering::SeqCst);
        }
    }
}

/// The calendar day in the Netherlands, the day that Dutch registers mean.
pub fn today_in_nl(now: Timestamp) -> Date {
    let instant = jiff::Timestamp::from_millisecond(now.as_millis()).unwrap_or_default();
    dutch_time().to_datetime(instant).date()
}

/// The time zone of the Netherlands. Found once: looking it up takes longer than using it.
pub fn dutch_time() -> &'static TimeZone {
    static ZONE: LazyLock<TimeZone> =
        LazyLock::new(|| TimeZone::get("Europe/Amsterdam").unwrap_or(TimeZone::UTC));
    &ZONE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_in_the_netherlands_starts_before_the_day_in_utc() {
        // 2026-06-30T22:30:00Z is half past midnight on 1 July in Amsterdam.
        let now = Timestamp::from_secs(1_782_858_600);
        assert_eq!(today_in_nl(now), jiff::civil::date(2026, 7, 1));
    }

    #[test]
    fn a_manual_clock_moves_only_when_told() {
        let clock = Clock::manual(Timestamp::from_secs(100));
        assert_eq!(clock.now().as_secs(), 100);
        clock.clone().advance_secs(5);
        assert_eq!(clock.now().as_secs(), 105);
    }
}
