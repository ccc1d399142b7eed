//! Elections: voters and candidates (§5.2, §5.4.1).

use contracts::raft::{RequestVoteArgs, RequestVoteReply, ServerId, Term};
use tracing::debug;

use crate::core::{Core, Role};
use crate::message::Request;

impl Core {
    /// A request or reply of a later term makes this server a follower in it (§5.1).
    pub(crate) fn observe_term(&mut self, term: Term) {
        if term > self.durable.term() {
            self.durable.enter(term);
            self.step_down();
        }
    }

    /// Becomes a follower. As long as it led, its timer stood still.
    pub(crate) fn step_down(&mut self) {
        if self.is_leader() {
            self.restart_timer();
        }
        self.role = Role::Follower;
    }

    /// Answers a candidate.
    pub(crate) fn request_vote(&mut self, args: &RequestVoteArgs) -> RequestVoteReply {
        self.observe_term(args.term);
        let vote_granted = args.term == self.durable.term() && self.accepts(args);
        if vote_granted {
            self.durable.vote_for(args.candidate_id);
            self.restart_timer();
        }
        RequestVoteReply { term: self.durable.term(), vote_granted }
    }

    /// One vote a term, and only for a log at least as up to date as this server's.
    fn accepts(&self, args: &RequestVoteArgs) -> bool {
        let vote = self.durable.voted_for();
        let theirs = (args.last_log_term, args.last_log_index);
        let ours = (self.durable.last_term(), self.durable.last_index());
        vote.is_none_or(|candidate| candidate == args.candidate_id) && theirs >= ours
    }

    /// Stands for election in a new term.
    pub(crate) fn stand(&mut self) {
        self.durable.enter(self.durable.term() + 1);
        self.durable.vote_for(self.me);
        self.restart_timer();
        self.role = Role::Candidate { votes: [self.me].into() };
        debug!(server = self.me, term = self.durable.term(), "stands for election");
        let ballot = RequestVoteArgs {
            term: self.durable.term(),
            candidate_id: self.me,
            last_log_index: self.durable.last_index(),
            last_log_term: self.durable.last_term(),
        };
        for peer in self.others.clone() {
            if self.may_call(peer) {
                self.send(peer, Request::Vote(ballot.clone()));
            }
        }
        self.lead_if_elected();
    }

    /// Counts a vote, in the term for which it was given.
    pub(crate) fn handle_vote_reply(
        &mut self,
        from: ServerId,
        args: &RequestVoteArgs,
        reply: &RequestVoteReply,
    ) {
        self.observe_term(reply.term);
        let term = self.durable.term();
        let counts = reply.vote_granted && args.term == term && reply.term == term;
        if let Role::Candidate { votes } = &mut self.role
            && counts
        {
            votes.insert(from);
            self.lead_if_elected();
        }
    }

    fn lead_if_elected(&mut self) {
        if let Role::Candidate { votes } = &self.role
            && votes.len() >= self.majority()
        {
            self.lead();
        }
    }
}
