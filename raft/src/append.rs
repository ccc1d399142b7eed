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
