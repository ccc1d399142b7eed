//! Time on the world's clock.
pub use std::time::Duration;
use std::ops::{Add, Sub, AddAssign};
use std::sync::OnceLock;

static ANCHOR: OnceLock<std::time::Instant> = OnceLock::new();

/// A moment on the world's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(Duration);
impl Instant {
    /// Now. A point of choice.
    pub fn now() -> Self { Self(ANCHOR.get_or_init(std::time::Instant::now).elapsed()) }
    /// Time since `earlier`; zero if that is later.
    pub fn duration_since(&self, earlier: Self) -> Duration { self.0.saturating_sub(earlier.0) }
    /// Time since this instant.
    pub fn elapsed(&self) -> Duration { Self::now().duration_since(*self) }
    /// As std's.
    pub fn saturating_duration_since(&self, earlier: Self) -> Duration { self.duration_since(earlier) }
}
impl Add<Duration> for Instant { type Output = Self; fn add(self, d: Duration) -> Self { Self(self.0 + d) } }
impl AddAssign<Duration> for Instant { fn add_assign(&mut self, d: Duration) { self.0 += d; } }
impl Sub<Duration> for Instant { type Output = Self; fn sub(self, d: Duration) -> Self { Self(self.0 - d) } }
impl Sub<Instant> for Instant { type Output = Duration; fn sub(self, o: Self) -> Duration { self.duration_since(o) } }
