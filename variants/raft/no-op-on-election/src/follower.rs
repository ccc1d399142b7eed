//! The receiving side of replication (§5.3).

use contracts::raft::{AppendEntriesReply, LogIndex};

use crate::message::{AppendLog, Entry};
use crate::state::State;

impl State {
    /// Answers a leader.
    pub(crate) fn append_log(&mut self, args: AppendLog) -> AppendEntriesReply {
        if self.killed || args.term < self.term() {
            return self.append_reply(false, 0);
        }
        self.observe_term(args.term);
        // A candidate of this term has lost it to the sender.
        self.step_down();
        self.restart_timer();
        if let Some(hint) = self.log().conflict(args.prev_log_index, args.prev_log_term) {
            return self.append_reply(false, hint);
        }
        let last = args.last_index();
        self.store(args.prev_log_index, args.entries);
        self.commit_up_to(args.leader_commit.min(last));
        self.append_reply(true, last + 1)
    }

    /// Stores the entries after `prev` that are not there yet. Only one that conflicts deletes what
    /// follows: later messages may have overtaken this one.
    fn store(&mut self, prev: LogIndex, entries: Vec<Entry>) {
        for (index, entry) in (prev + 1..).zip(entries) {
            let stored = self.log().term_at(index);
            if stored == Some(entry.term) {
                continue;
            }
            if stored.is_some() {
                self.stable.truncate(index - 1);
            }
            self.stable.append(entry);
        }
    }

    fn append_reply(&self, success: bool, next_index: LogIndex) -> AppendEntriesReply {
        AppendEntriesReply { term: self.term(), success, next_index }
    }
}
