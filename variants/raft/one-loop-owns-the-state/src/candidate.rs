//! Stands for election (§5.2).

use contracts::raft::{RequestVoteArgs, RequestVoteReply, ServerId, Term};
use tracing::debug;

use crate::node::{Node, Role};

impl Node {
    /// Enters a new term, votes for itself and asks the others.
    pub(crate) fn stand_for_election(&mut self) {
        self.stable.enter(self.term() + 1);
        self.stable.vote_for(self.me);
        self.restart_timer();
        self.role = Role::Candidate([self.me].into());
        debug!(server = self.me, term = self.term(), "stands for election");

        let ballot = RequestVoteArgs {
            term: self.term(),
            candidate_id: self.me,
            last_log_index: self.log().last_index(),
            last_log_term: self.log().last_term(),
        };
        self.stable.save();
        for peer in self.others() {
            if self.calls.may_call(peer) {
                self.calls.request_vote(peer, ballot.clone());
            }
        }
        self.lead_with_majority();
    }

    /// Handles the answer of `from` to a ballot of `term`: it counts in that term only.
    pub(crate) fn count_vote(&mut self, from: ServerId, term: Term, reply: &RequestVoteReply) {
        self.observe_term(reply.term);
        let counts = reply.vote_granted && term == self.term();
        if let Role::Candidate(votes) = &mut self.role
            && counts
        {
            votes.insert(from);
            self.lead_with_majority();
        }
    }

    fn lead_with_majority(&mut self) {
        if let Role::Candidate(votes) = &self.role
            && votes.len() >= self.majority()
        {
            self.lead();
        }
    }
}
