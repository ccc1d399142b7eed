//! A moment of a run, and which of two came first.

use labrt::time::Duration;
use labrt::world;

/// The course's tolerance, on the real clock.
pub(super) const TOLERANCE: Duration = Duration::from_millis(80);

/// A moment, on the clock in use.
///
/// On the simulated clock what is ready to run has no order but the one that the schedule gives it, and
/// each step costs a little time. Only when all threads have waited in between, and time has jumped, is
/// everything done that the earlier moment brought about. So a moment also knows how long all had
/// waited until then, and is *certainly before* another when they waited in between.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Moment {
    /// Since the world began.
    pub(super) at: Duration,
    /// The part of that in which all threads waited; on the real clock all of it.
    pub(super) idle: Duration,
}

impl Moment {
    /// Now. No point of choice.
    pub(super) fn now() -> Self {
        let at = world::elapsed();
        Self { at, idle: at.saturating_sub(world::stepping()) }
    }

    /// Whether everything that this moment brought about was done when `other` came, as far as nobody had
    /// to wait for something else. Moments that are at most `slack` apart have no order.
    pub(super) fn is_certainly_before(self, other: Self, slack: Duration) -> bool {
        self.idle + slack < other.idle
    }

    /// How long all threads waited since `earlier`.
    pub(super) fn idle_since(self, earlier: Self) -> Duration {
        self.idle.saturating_sub(earlier.idle)
    }
}

/// Seconds for people, to the millisecond.
pub(super) fn seconds(time: Duration) -> String {
    format!("{:.3} s", time.as_secs_f64())
}
