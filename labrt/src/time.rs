//! Time on the world's clock.
//!
//! In a simulated world a moment is a number of virtual nanoseconds since the world began; each step
//! of a thread costs one virtual microsecond, and otherwise time passes only while all threads
//! wait. In the real world it is the wall clock.

use std::fmt;
use std::ops::{Add, AddAssign, Sub, SubAssign};
use std::panic::Location;

pub use std::time::Duration;

use crate::context::{self, Current};
use crate::{real, trace};

/// A moment on the world's clock, as [`std::time::Instant`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant {
    /// Since [`BEFORE_START`] before the simulated world, or on the real clock this process, began.
    since_origin: Duration,
}

/// How far back before the start of the clock a moment may lie, so that a program can say "an hour
/// ago" in its first second: a year.
const BEFORE_START: Duration = Duration::from_hours(365 * 24);

impl Instant {
    /// Now. In a simulated world this is a point of choice, so that a loop which waits for a moment
    /// lets time pass.
    #[track_caller]
    pub fn now() -> Self {
        let since_start = match context::current() {
            Current::Sim(sim) => {
                sim.point(trace::CLOCK, 0, 0, Location::caller());
                Duration::from_nanos(sim.now())
            }
            Current::Real => real::process_time(),
        };
        Self { since_origin: BEFORE_START + since_start }
    }

    /// A moment that many virtual nanoseconds after the start of the simulated world.
    pub(crate) fn from_nanos(nanos: u64) -> Self {
        Self { since_origin: BEFORE_START + Duration::from_nanos(nanos) }
    }

    /// Time from `earlier` until this moment; zero when `earlier` is later.
    pub fn duration_since(&self, earlier: Self) -> Duration {
        self.since_origin.saturating_sub(earlier.since_origin)
    }

    /// As [`duration_since`](Self::duration_since).
    pub fn saturating_duration_since(&self, earlier: Self) -> Duration {
        self.duration_since(earlier)
    }

    /// Time from `earlier` until this moment; `None` when `earlier` is later.
    pub fn checked_duration_since(&self, earlier: Self) -> Option<Duration> {
        self.since_origin.checked_sub(earlier.since_origin)
    }

    /// Time from this moment until now; zero when the moment is still to come.
    #[track_caller]
    pub fn elapsed(&self) -> Duration {
        Self::now().duration_since(*self)
    }

    /// The moment `duration` later; `None` when that cannot be represented.
    pub fn checked_add(&self, duration: Duration) -> Option<Self> {
        Some(Self { since_origin: self.since_origin.checked_add(duration)? })
    }

    /// The moment `duration` earlier; `None` when that is more than a year before the start of the
    /// clock.
    pub fn checked_sub(&self, duration: Duration) -> Option<Self> {
        Some(Self { since_origin: self.since_origin.checked_sub(duration)? })
    }
}

/// Nanoseconds, at most `u64::MAX`: more than 500 years.
pub(crate) fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Instant({:?})", self.since_origin.saturating_sub(BEFORE_START))
    }
}

impl Add<Duration> for Instant {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        Self { since_origin: self.since_origin + duration }
    }
}

impl AddAssign<Duration> for Instant {
    fn add_assign(&mut self, duration: Duration) {
        self.since_origin += duration;
    }
}

/// # Panics
/// When the result would lie more than a year before the start of the clock.
impl Sub<Duration> for Instant {
    type Output = Self;

    fn sub(self, duration: Duration) -> Self {
        self.checked_sub(duration)
            .expect("a moment lies at most a year before the start of the clock")
    }
}

impl SubAssign<Duration> for Instant {
    fn sub_assign(&mut self, duration: Duration) {
        *self = *self - duration;
    }
}

impl Sub<Instant> for Instant {
    type Output = Duration;

    fn sub(self, earlier: Instant) -> Duration {
        self.duration_since(earlier)
    }
}
