//! Periods and bounds. Periods are on the world's clock.

use std::ops::RangeInclusive;

use labrt::time::Duration;

/// A server that hears of no leader for a time drawn from here stands for election (§5.2).
pub(crate) const ELECTION_TIMEOUT: RangeInclusive<Duration> =
    Duration::from_millis(400)..=Duration::from_millis(750);

/// A follower hears of its leader at least this often, unless the clock looks a little later.
pub(crate) const HEARTBEAT: Duration = Duration::from_millis(105);

/// A thread that has waited this long for an answer is relieved. The clock looks as often.
pub(crate) const PATIENCE: Duration = Duration::from_millis(50);

/// The most entries in one message.
pub(crate) const MAX_ENTRIES: usize = 1_000;

/// The most commands that the applier takes out of the log at once.
pub(crate) const MAX_APPLY: usize = 100;

/// The most calls to one server that wait for an answer. A call may hang for 7 s, which are 67
/// heartbeats.
pub(crate) const MAX_CALLS: usize = 100;
