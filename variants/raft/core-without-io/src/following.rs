//! The receiving side of replication (§5.3).

use contracts::raft::{AppendEntriesArgs, AppendEntriesReply, LogIndex};

use crate::core::Core;

impl Core {
    /// Answers a leader.
    pub(crate) fn append_entries(&mut self, args: &AppendEntriesArgs) -> AppendEntriesReply {
        let term = self.durable.term().max(args.term);
        if args.term < term {
            return AppendEntriesReply { term, success: false, next_index: 0 };
        }
        self.observe_term(args.term);
        // A candidate of this term has lost it to the sender.
        self.step_down();
        self.restart_timer();

        if let Some(next_index) = self.conflict(args) {
            return AppendEntriesReply { term, success: false, next_index };
        }
        self.store(args);
        let last = args.prev_log_index + args.entries.len() as LogIndex;
        self.commit_index = self.commit_index.max(args.leader_commit.min(last));
        AppendEntriesReply { term, success: true, next_index: last + 1 }
    }

    /// Where the leader should go on when this log does not hold the entry before the new ones.
    fn conflict(&self, args: &AppendEntriesArgs) -> Option<LogIndex> {
        match self.durable.term_at(args.prev_log_index) {
            None => Some(self.durable.last_index() + 1),
            Some(term) if term == args.prev_log_term => None,
            Some(_) => Some(self.durable.start_of_term_at(args.prev_log_index)),
        }
    }

    /// Stores those entries that are not there yet. Nothing is deleted unless it differs: later
    /// messages of the same leader may have overtaken this one.
    fn store(&mut self, args: &AppendEntriesArgs) {
        let indices = args.prev_log_index + 1..;
        let known = indices
            .zip(&args.entries)
            .take_while(|(index, entry)| self.durable.term_at(*index) == Some(entry.term))
            .count();
        if known < args.entries.len() {
            let prev = args.prev_log_index + known as LogIndex;
            self.durable.replace_after(prev, &args.entries[known..]);
        }
    }
}
