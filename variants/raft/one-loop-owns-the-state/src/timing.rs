//! Periods and bounds. Periods are on the world's clock.

use std::ops::RangeInclusive;

use labrt::time::Duration;

/// A server that hears of no leader for a time drawn from here stands for election (§5.2). The
/// shortest outlasts three heartbeats.
pub(crate) const ELECTION_TIMEOUT: RangeInclusive<Duration> =
    Duration::from_millis(400)..=Duration::from_millis(800);

/// A follower hears of its leader at least this often: some eight times a second.
pub(crate) const HEARTBEAT: Duration = Duration::from_millis(120);

/// Entries that have not been acknowledged for this long are taken for lost.
pub(crate) const STALL: Duration = Duration::from_millis(300);

/// The most entries in one message.
pub(crate) const MAX_ENTRIES: usize = 500;

/// The most entries on their way to one follower.
pub(crate) const WINDOW: u64 = 2_000;

/// The most calls to one server that wait for an answer. A call may hang for 7 s, which are 59
/// heartbeats.
pub(crate) const MAX_CALLS: usize = 100;

/// The most entries that the applier is given at once, and hence the most that it still hands over
/// when the server has been killed.
pub(crate) const MAX_APPLY: usize = 64;
