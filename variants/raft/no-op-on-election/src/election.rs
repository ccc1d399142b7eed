//! Voters and candidates (§5.2, §5.4.1).

use contracts::raft::{RequestVoteArgs, RequestVoteReply, ServerId};
use tracing::debug;

use crate::state::{Role, State};

impl State {
    /// Answers a candidate.
    pub(crate) fn request_vote(&mut self, args: &RequestVoteArgs) -> RequestVoteReply {
        self.observe_term(args.term);
        let free = self.stable.voted_for().is_none_or(|id| id == args.candidate_id);
        let theirs = (args.last_log_term, args.last_log_index);
        let up_to_date = theirs >= (self.log().last_term(), self.log().last_index());
        let vote_granted = args.term == self.term() && free && up_to_date && !self.killed;
        if vote_granted {
            self.stable.vote_for(args.candidate_id);
            self.restart_timer();
        }
        RequestVoteReply { term: self.term(), vote_granted }
    }

    /// Stands for election in a new term.
    pub(crate) fn stand(&mut self) {
        self.stable.enter(self.term() + 1);
        self.stable.vote_for(self.me);
        self.restart_timer();
        debug!(server = self.me, term = self.term(), "stands for election");
        let unasked = self.lines.keys().copied().collect();
        self.role = Role::Candidate { votes: [self.me].into(), unasked };
        self.lead_if_elected();
    }

    /// What this candidate asks each other server.
    pub(crate) fn ballot(&self) -> RequestVoteArgs {
        RequestVoteArgs {
            term: self.term(),
            candidate_id: self.me,
            last_log_index: self.log().last_index(),
            last_log_term: self.log().last_term(),
        }
    }

    /// Counts the vote of `from`, in the term for which it was asked.
    pub(crate) fn handle_vote_reply(
        &mut self,
        from: ServerId,
        args: &RequestVoteArgs,
        reply: &RequestVoteReply,
    ) {
        self.observe_term(reply.term);
        let counts = reply.vote_granted && args.term == self.term();
        if let Role::Candidate { votes, .. } = &mut self.role
            && counts
        {
            votes.insert(from);
            self.lead_if_elected();
        }
    }

    fn lead_if_elected(&mut self) {
        if let Role::Candidate { votes, .. } = &self.role
            && votes.len() >= self.majority()
        {
            self.lead();
        }
    }
}
