//! Every period, with its reason. Try others: the tests tell what is too short or too long.

use std::ops::RangeInclusive;

use labrt::time::Duration;

/// A leader sends a heartbeat to each follower this often (§5.2). CS350 allows ten a second at most.
pub(super) const HEARTBEAT: Duration = Duration::from_millis(100);

/// The election timer runs for a time drawn from here (§5.2, §9.3).
///
/// The shortest must outlast a few heartbeats, or a lost message deposes a healthy leader. The range must be
/// wide, or votes split. The longest must leave room for several elections in the five seconds within
/// which there has to be a new leader. The paper's 150 to 300 ms are too short for ten heartbeats a second.
pub(super) const ELECTION_TIMEOUT: RangeInclusive<Duration> =
    Duration::from_millis(400)..=Duration::from_millis(800);
