//! Answers candidates and leaders (Figure 2, "Receiver implementation").

use contracts::raft::{
    AppendEntriesArgs, AppendEntriesReply, Entry, LogIndex, RequestVoteArgs, RequestVoteReply,
};

use crate::node::Node;

impl Node {
    /// Answers a candidate (§5.2, §5.4.1).
    pub(crate) fn request_vote(&mut self, args: &RequestVoteArgs) -> RequestVoteReply {
        self.observe_term(args.term);
        let vote_granted = self.may_vote(args);
        if vote_granted {
            self.stable.vote_for(args.candidate_id);
            self.restart_timer();
        }
        RequestVoteReply { term: self.term(), vote_granted }
    }

    fn may_vote(&self, args: &RequestVoteArgs) -> bool {
        let free = self.stable.voted_for().is_none_or(|id| id == args.candidate_id);
        let up_to_date = (args.last_log_term, args.last_log_index)
            >= (self.log().last_term(), self.log().last_index());
        args.term == self.term() && free && up_to_date
    }

    /// Answers a leader (§5.3).
    pub(crate) fn append_entries(&mut self, args: AppendEntriesArgs) -> AppendEntriesReply {
        if args.term < self.term() {
            return self.append_reply(false, 0);
        }
        self.observe_term(args.term);
        // Of the same term: a candidate gives way to the winner.
        self.follow();
        self.restart_timer();
        if let Some(hint) = self.log().conflict(args.prev_log_index, args.prev_log_term) {
            return self.append_reply(false, hint);
        }
        let last = args.prev_log_index + args.entries.len() as LogIndex;
        self.store(args.prev_log_index, args.entries);
        self.commit_index = self.commit_index.max(args.leader_commit.min(last));
        self.append_reply(true, last + 1)
    }

    /// Stores `entries` after `prev`. What follows them is deleted only when one of them conflicts: the
    /// message may be old, and later ones may have come before it.
    fn store(&mut self, prev: LogIndex, entries: Vec<Entry>) {
        for (index, entry) in (prev + 1..).zip(entries) {
            match self.log().term_at(index) {
                Some(term) if term == entry.term => continue,
                Some(_) => self.stable.truncate(index - 1),
                None => {}
            }
            self.stable.append(entry);
        }
    }

    fn append_reply(&self, success: bool, next_index: LogIndex) -> AppendEntriesReply {
        AppendEntriesReply { term: self.term(), success, next_index }
    }
}
