//! A follower: answers AppendEntries (Figure 2, "AppendEntries RPC"; §5.3).
//!
//! A heartbeat is an AppendEntries without entries, and nothing here asks which of the two it is.

use contracts::raft::{AppendEntriesArgs, AppendEntriesReply, Entry, LogIndex};
use tracing::{debug, trace};

use crate::state::State;

/// Requires the lock.
impl State {
    /// Handles an incoming AppendEntries.
    pub(crate) fn append_entries(&mut self, args: AppendEntriesArgs) -> AppendEntriesReply {
        let (prev, count) = (args.prev_log_index, args.entries.len());
        trace!(server = self.me, leader = args.leader_id, prev, count, "asked to append");
        // Receiver's rule 1 (§5.1): an old leader's request changes nothing.
        if self.killed || args.term < self.current_term() {
            return self.append_reply(false, 0);
        }
        // The sender won this term: it is the current leader, and a candidate gives way (§5.2).
        self.become_follower(args.term);
        self.restart_timer();

        // Rule 2.
        if let Some(hint) = self.log().conflict(prev, args.prev_log_term) {
            debug!(server = self.me, prev, hint, "refused: the log differs before the entries");
            return self.append_reply(false, hint);
        }
        // Rules 3 and 4.
        let last_new = prev + count as LogIndex;
        self.merge(prev + 1, args.entries);
        // Rule 5. What this server holds beyond `last_new` may differ from the leader's log.
        self.commit_up_to(args.leader_commit.min(last_new));
        self.append_reply(true, last_new + 1)
    }

    /// Stores `entries`, the first of them at `first`.
    ///
    /// Entries that are there already stay, and so do those that follow them: this may be an old
    /// request, overtaken by later ones. Only a conflict proves what follows to be wrong.
    fn merge(&mut self, first: LogIndex, mut entries: Vec<Entry>) {
        let stored = (first..)
            .zip(&entries)
            .take_while(|(index, entry)| self.log().term_at(*index) == Some(entry.term))
            .count();
        let first_new = first + stored as LogIndex;
        if stored < entries.len() && first_new <= self.log().last_index() {
            debug!(server = self.me, from = first_new, "conflict: deleted the rest of the log");
            assert!(self.commit_index < first_new, "deletes committed entries (Figure 3)");
            self.stable.truncate_from(first_new);
        }
        for entry in entries.drain(stored..) {
            self.stable.append(entry);
        }
    }

    fn append_reply(&self, success: bool, next_index: LogIndex) -> AppendEntriesReply {
        AppendEntriesReply { term: self.current_term(), success, next_index }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{entry, follower};

    /// AppendEntries of term 5 with entries of these terms.
    fn append(prev: (LogIndex, u64), terms: &[u64], leader_commit: LogIndex) -> AppendEntriesArgs {
        AppendEntriesArgs {
            term: 5,
            leader_id: 1,
            prev_log_index: prev.0,
            prev_log_term: prev.1,
            entries: terms.iter().copied().map(entry).collect(),
            leader_commit,
        }
    }

    fn terms(state: &State) -> Vec<u64> {
        state.log().entries().iter().map(|e| e.term).collect()
    }

    #[test]
    fn only_a_conflict_deletes() {
        // prev, new entries, log afterwards; before it is 1 1 2 2
        let table: [(_, &[u64], &[u64]); 6] = [
            ((0, 0), &[], &[1, 1, 2, 2]),
            ((0, 0), &[1], &[1, 1, 2, 2]),
            ((1, 1), &[1, 2], &[1, 1, 2, 2]),
            ((2, 1), &[2, 2, 3], &[1, 1, 2, 2, 3]),
            ((2, 1), &[2, 3], &[1, 1, 2, 3]),
            ((1, 1), &[4], &[1, 4]),
        ];
        for (prev, new, expected) in table {
            let mut state = follower();
            for term in [1, 1, 2, 2] {
                state.stable.append(entry(term));
            }
            assert!(state.append_entries(append(prev, new, 0)).success);
            assert_eq!(terms(&state), expected, "{new:?} after {prev:?}");
            assert!(state.stable.image_follows_log());
        }
    }

    #[test]
    #[should_panic(expected = "deletes committed entries")]
    fn a_committed_entry_is_never_deleted() {
        let mut state = follower();
        state.append_entries(append((0, 0), &[1, 1], 2));
        state.append_entries(append((1, 1), &[2], 2));
    }

    #[test]
    fn a_killed_server_stores_nothing() {
        let mut state = follower();
        state.kill();
        assert!(!state.append_entries(append((0, 0), &[1], 1)).success);
        assert_eq!((state.current_term(), terms(&state)), (0, vec![]));
    }
}
