//! Every period and limit of the reference, with its reason. Periods are on the world's clock.

use std::ops::RangeInclusive;

use labrt::time::Duration;

/// An election timer runs for a time drawn from here, afresh at each restart (§5.2, §9.3).
///
/// The shortest time outlasts three heartbeats, so that the loss of two in a row deposes nobody.
/// The width of the range is many times a reliable round trip, so that votes rarely split. The
/// longest time lets several elections fail within the 5 s that a course grants for a new leader.
///
/// Measured over 2 000 simulated elections each, with a reliable network: votes split once with
/// three servers, never with five or seven; on average there is a new leader after 0.46, 0.42 and
/// 0.40 s, at the latest after 0.98 s (`cargo run --release --example split_votes`).
pub const ELECTION_TIMEOUT: RangeInclusive<Duration> =
    Duration::from_millis(350)..=Duration::from_millis(700);

/// A leader that has sent nothing to a follower for this long sends a heartbeat (§5.2).
///
/// It is also the time after which entries that were not acknowledged are sent again, and hence the
/// longest that a follower waits for the news of a commit on a network that loses nothing.
/// One course allows ten heartbeats a second to each peer.
pub const HEARTBEAT: Duration = Duration::from_millis(100);

/// A candidate asks those voters again that have not answered for this long (§5.1).
///
/// Many times a reliable round trip, so that nobody is asked twice without a loss; and a part of the
/// shortest election, which would else be lost with its first ballots.
pub const BALLOT: Duration = Duration::from_millis(100);

/// A follower that has answered nothing for this long gets heartbeats without entries.
///
/// A call to an unreachable server may hang for seconds; without this rule each of them would hold
/// a copy of everything that the follower misses. Its first answer brings it the entries at once.
pub const SILENCE: Duration = Duration::from_secs(1);

/// The most entries in one AppendEntries: bounds the size of a message to a follower that is far
/// behind. What is left follows as soon as the first part is acknowledged.
pub const MAX_ENTRIES: usize = 1_000;

/// The most RPCs to one server that wait for a reply at the same time.
///
/// Heartbeats do not wait for earlier replies, and a call to an unreachable server hangs for up to
/// 7 s: 70 heartbeats or repeated ballots, and at most 20 first ballots of elections between. Only a
/// server that accepts calls and never answers brings us to this bound.
pub const MAX_OUTSTANDING: u32 = 100;

/// The most entries that the applier takes out of the log while it holds the lock.
pub const MAX_APPLY: usize = 256;
