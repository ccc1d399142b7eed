//! A voter: answers RequestVote (Figure 2, "RequestVote RPC"; §5.2, §5.4.1).

use contracts::raft::{RequestVoteArgs, RequestVoteReply};
use tracing::{debug, trace};

use crate::state::State;

/// Requires the lock.
impl State {
    /// Handles an incoming RequestVote.
    pub(crate) fn request_vote(&mut self, args: &RequestVoteArgs) -> RequestVoteReply {
        trace!(server = self.me, candidate = args.candidate_id, term = args.term, "asked for vote");
        let vote_granted = !self.killed && self.grants(args);
        RequestVoteReply { term: self.current_term(), vote_granted }
    }

    fn grants(&mut self, args: &RequestVoteArgs) -> bool {
        self.observe_term(args.term);
        if args.term < self.current_term() || !self.may_vote_for(args) {
            return false;
        }
        debug!(server = self.me, candidate = args.candidate_id, term = args.term, "vote granted");
        self.stable.vote_for(args.candidate_id);
        self.restart_timer();
        true
    }

    /// First come, first served within a term (§5.2), and only for a candidate that holds every
    /// committed entry, which a log at least as up-to-date as this one's implies (§5.4.1). The log
    /// with the later last term is more up-to-date; of equal last terms, the longer one.
    fn may_vote_for(&self, args: &RequestVoteArgs) -> bool {
        let free = match self.stable.voted_for() {
            None => true,
            Some(candidate) => candidate == args.candidate_id,
        };
        let theirs = (args.last_log_term, args.last_log_index);
        let ours = (self.log().last_term(), self.log().last_index());
        free && theirs >= ours
    }
}
