//! Periods and limits. The library counts time in ticks.

use std::ops::Range;

use labrt::time::Duration;

/// Fine enough that two servers seldom stand for election in the same tick.
pub(crate) const TICK: Duration = Duration::from_millis(10);

/// Ticks between two heartbeats: 100 ms, for ten in a second are allowed.
pub(crate) const HEARTBEAT: usize = 10;

/// Ticks without word from a leader until an election begins: 350 to 700 ms, so that two heartbeats may get lost, and
/// several elections fail within 5 s. A leader that has not heard of a majority for the shortest of them steps down.
pub(crate) const ELECTION: Range<usize> = 35..71;

/// Ticks after which a voter that has not answered is asked again: 100 ms, several round trips of a network that is well.
pub(crate) const BALLOT: usize = 10;

/// Entries that fit into so many bytes travel in one message.
pub(crate) const MAX_APPEND_BYTES: u64 = 1 << 20;

/// Appends that may be on their way to a follower at once.
pub(crate) const MAX_APPENDS: usize = 64;

/// Calls that may be on their way to a server at once.
///
/// A call to a server that cannot be reached hangs for up to 7 s: that makes 70 heartbeats, the appends of two leaderships, and
/// the ballots between them.
pub(crate) const MAX_CALLS: usize = 256;
