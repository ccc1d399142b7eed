//! When an entry is committed (§5.3, §5.4.2).

use contracts::raft::LogIndex;

use crate::role::Role;
use crate::state::State;

/// How many of `servers` are a majority.
pub(crate) fn majority(servers: usize) -> usize {
    servers / 2 + 1
}

/// The highest index that a majority of servers has reached, when each has reached the index given
/// for it. The order does not matter.
///
/// # Panics
/// When there is no server.
pub(crate) fn reached_by_majority(mut reached: Vec<LogIndex>) -> LogIndex {
    let nth = majority(reached.len()) - 1;
    let (_, index, _) = reached.select_nth_unstable_by(nth, |a, b| b.cmp(a));
    *index
}

/// Requires the lock.
impl State {
    /// Last rule for leaders in Figure 2: commits up to the highest N that a majority stores, if the
    /// entry at N is of the leader's own term.
    ///
    /// Entries of earlier terms are never committed by counting replicas, only together with a later
    /// one of this term (§5.4.2, Figure 8). Terms do not decrease along the log, so when the entry
    /// at N is too old, those before it are, too.
    pub(crate) fn update_commit_index(&mut self) {
        let Role::Leader { followers } = &self.role else {
            return;
        };
        // The leader has reached the end of its own log.
        let own = self.log().last_index();
        let reached = followers.iter().map(|f| f.match_index).chain([own]);
        let index = reached_by_majority(reached.collect());
        if self.log().term_at(index) == Some(self.current_term()) {
            self.commit_up_to(index);
        }
    }

    /// Moves the commit index forward to `index`, never back, and wakes the applier.
    pub(crate) fn commit_up_to(&mut self, index: LogIndex) {
        if index > self.commit_index {
            self.commit_index = index;
            self.signals.commit.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn majorities() {
        let table = [(1, 1), (2, 2), (3, 2), (4, 3), (5, 3), (6, 4), (7, 4)];
        for (servers, expected) in table {
            assert_eq!(majority(servers), expected, "{servers} servers");
        }
    }

    #[test]
    fn a_majority_has_reached_the_median() {
        let table: [(&[LogIndex], LogIndex); 9] = [
            (&[7], 7),
            (&[7, 3], 3),
            (&[7, 3, 0], 3),
            (&[9, 9, 1, 9], 9),
            (&[9, 9, 1, 1], 1),
            (&[9, 6, 8, 1, 9], 8),
            (&[9, 4, 8, 1, 5], 5),
            (&[9, 1, 1, 7, 2], 2),
            (&[0, 0, 0, 0, 5], 0),
        ];
        for (reached, expected) in table {
            assert_eq!(reached_by_majority(reached.to_vec()), expected, "{reached:?}");
        }
    }

    proptest! {
        #[test]
        fn it_is_the_highest_index_that_a_majority_has_reached(
            reached in prop::collection::vec(0..12u64, 1..10),
        ) {
            let enough = |n| reached.iter().filter(|r| **r >= n).count() >= majority(reached.len());
            let by_trial = (0..=12).filter(|n| enough(*n)).max().unwrap();
            prop_assert_eq!(reached_by_majority(reached), by_trial);
        }
    }
}
