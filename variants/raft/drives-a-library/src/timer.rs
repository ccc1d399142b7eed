//! Election timeouts of the world's randomness.

use raft::{RawNode, Storage};
use rand::RngExt;

use crate::timing::ELECTION;

/// Lets the library's clock tick.
///
/// Where its election timer was restarted since the last tick, it gets a new timeout. The library has drawn one, too, but not from
/// the world's randomness: it would not be the same in a second run. No timer runs out in a single tick, so that one never
/// counts.
pub(crate) fn tick<S: Storage>(node: &mut RawNode<S>) {
    if node.raft.election_elapsed == 0 {
        let timeout = labrt::rand::rng().random_range(ELECTION);
        node.raft.set_randomized_election_timeout(timeout);
    }
    node.tick();
}
