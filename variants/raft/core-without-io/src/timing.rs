//! Periods and bounds.

use std::ops::RangeInclusive;

use labrt::time::Duration;

/// A server that hears of no leader for a time drawn from here stands for election (§5.2).
pub(crate) const ELECTION_TIMEOUT: RangeInclusive<Duration> =
    Duration::from_millis(350)..=Duration::from_millis(750);

/// A follower hears of its leader at least this often.
pub(crate) const HEARTBEAT: Duration = Duration::from_millis(105);

/// Entries that were not acknowledged for this long are taken for lost.
pub(crate) const PATIENCE: Duration = Duration::from_millis(250);

/// The most entries in one message.
pub(crate) const MAX_ENTRIES: usize = 2_000;

/// The most entries that the state machine is given at once.
pub(crate) const MAX_APPLY: usize = 100;

/// The most calls to one server that wait for an answer. A call may hang for 7 s, which are 67
/// heartbeats.
pub(crate) const MAX_CALLS: usize = 100;
