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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{entry, follower};

    fn ask(term: u64, last: (u64, u64)) -> RequestVoteArgs {
        let (last_log_index, last_log_term) = last;
        RequestVoteArgs { term, candidate_id: 1, last_log_index, last_log_term }
    }

    #[test]
    fn a_vote_is_kept_for_the_restart() {
        let mut state = follower();
        assert!(state.request_vote(&ask(1, (0, 0))).vote_granted);
        assert_eq!((state.current_term(), state.stable.voted_for()), (1, Some(1)));
    }

    #[test]
    fn a_candidate_that_lacks_an_entry_gets_no_vote_but_its_term_counts() {
        let mut state = follower();
        state.stable.enter_term(1);
        state.stable.append(entry(1));
        let reply = state.request_vote(&ask(2, (0, 0)));
        assert_eq!(reply, RequestVoteReply { term: 2, vote_granted: false });
        assert_eq!(state.stable.voted_for(), None);
    }

    #[test]
    fn a_killed_server_votes_for_nobody_and_changes_nothing() {
        let mut state = follower();
        state.kill();
        let reply = state.request_vote(&ask(9, (9, 9)));
        assert_eq!(reply, RequestVoteReply { term: 0, vote_granted: false });
        assert_eq!((state.current_term(), state.stable.voted_for()), (0, None));
    }
}
