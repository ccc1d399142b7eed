//! Faults of voters, and of candidates that count votes.

use std::sync::atomic::{AtomicUsize, Ordering};

use contracts::raft::{RaftInternals, RequestVoteArgs, RequestVoteReply, Role, ServerId};

use super::{Fault, Inner};

/// Votes for whoever asks last.
#[derive(Default)]
pub(crate) struct VotesTwice;

impl Fault for VotesTwice {
    fn request_vote(&self, server: &Inner, args: RequestVoteArgs) -> RequestVoteReply {
        let state = server.get().state();
        if args.term == state.current_term
            && state.voted_for.is_some_and(|v| v != args.candidate_id)
        {
            server.edit(|state| state.voted_for = None);
        }
        server.get().request_vote(args)
    }
}

/// Refuses everyone once it has voted, even the candidate that has the vote.
#[derive(Default)]
pub(crate) struct VotesOnce;

impl Fault for VotesOnce {
    fn request_vote(&self, server: &Inner, args: RequestVoteArgs) -> RequestVoteReply {
        let before = server.get().state();
        let voted = args.term == before.current_term && before.voted_for.is_some();
        let mut reply = server.get().request_vote(args);
        reply.vote_granted &= !voted;
        reply
    }
}

/// Compares logs by length only.
#[derive(Default)]
pub(crate) struct ComparesLengthOnly;

impl Fault for ComparesLengthOnly {
    fn request_vote(&self, server: &Inner, mut args: RequestVoteArgs) -> RequestVoteReply {
        let log = server.get().state().log;
        args.last_log_term = log.last().map_or(0, |e| e.term);
        server.get().request_vote(args)
    }
}

/// Compares logs by their last terms only.
#[derive(Default)]
pub(crate) struct ComparesTermOnly;

impl Fault for ComparesTermOnly {
    fn request_vote(&self, server: &Inner, mut args: RequestVoteArgs) -> RequestVoteReply {
        args.last_log_index = server.get().state().log.len() as u64;
        server.get().request_vote(args)
    }
}

/// Takes votes of earlier elections for current ones.
#[derive(Default)]
pub(crate) struct CountsStaleVotes;

impl Fault for CountsStaleVotes {
    fn vote_reply(
        &self,
        server: &Inner,
        from: ServerId,
        mut args: RequestVoteArgs,
        mut reply: RequestVoteReply,
    ) {
        let term = server.get().state().current_term;
        args.term = args.term.max(term);
        reply.term = reply.term.max(term);
        server.get().handle_vote_reply(from, args, reply);
    }
}

/// Counts replies rather than voters.
#[derive(Default)]
pub(crate) struct CountsVoterTwice(AtomicUsize);

impl Fault for CountsVoterTwice {
    fn vote_reply(
        &self,
        server: &Inner,
        _from: ServerId,
        args: RequestVoteArgs,
        reply: RequestVoteReply,
    ) {
        let followers = server.get().state().followers;
        let voter = followers[self.0.fetch_add(1, Ordering::Relaxed) % followers.len()].id;
        server.get().handle_vote_reply(voter, args, reply);
    }
}

/// Counts every reply of its term as a vote.
#[derive(Default)]
pub(crate) struct CountsRefusals;

impl Fault for CountsRefusals {
    fn vote_reply(
        &self,
        server: &Inner,
        from: ServerId,
        args: RequestVoteArgs,
        mut reply: RequestVoteReply,
    ) {
        reply.vote_granted = true;
        server.get().handle_vote_reply(from, args, reply);
    }
}

/// Refuses candidates whose log is just as up-to-date as its own.
#[derive(Default)]
pub(crate) struct RefusesEqualLogs;

impl Fault for RefusesEqualLogs {
    fn request_vote(&self, server: &Inner, args: RequestVoteArgs) -> RequestVoteReply {
        let log = server.get().state().log;
        let last = (log.len() as u64, log.last().map_or(0, |e| e.term));
        let equal = last == (args.last_log_index, args.last_log_term);
        let mut reply = server.get().request_vote(args);
        if equal && reply.vote_granted {
            reply.vote_granted = false;
            server.edit(|state| state.voted_for = None);
        }
        reply
    }
}

/// Does not look at the term of a request for its vote.
#[derive(Default)]
pub(crate) struct VotesInOldTerms;

impl Fault for VotesInOldTerms {
    fn request_vote(&self, server: &Inner, mut args: RequestVoteArgs) -> RequestVoteReply {
        args.term = args.term.max(server.get().state().current_term);
        server.get().request_vote(args)
    }
}

/// Sends ballots that say nothing of its log.
#[derive(Default)]
pub(crate) struct HidesItsLog;

impl Fault for HidesItsLog {
    fn start_election(&self, server: &Inner) -> RequestVoteArgs {
        RequestVoteArgs { last_log_index: 0, last_log_term: 0, ..server.get().start_election() }
    }
}

/// Names an entry in its ballot even when its log has none.
#[derive(Default)]
pub(crate) struct NamesNothing;

impl Fault for NamesNothing {
    fn start_election(&self, server: &Inner) -> RequestVoteArgs {
        let ballot = server.get().start_election();
        RequestVoteArgs { last_log_index: ballot.last_log_index.max(1), ..ballot }
    }
}

/// Leads with the first vote it gets.
#[derive(Default)]
pub(crate) struct LeadsByMinority;

impl Fault for LeadsByMinority {
    fn vote_reply(
        &self,
        server: &Inner,
        from: ServerId,
        args: RequestVoteArgs,
        reply: RequestVoteReply,
    ) {
        let counts = reply.vote_granted && args.term == server.get().state().current_term;
        server.get().handle_vote_reply(from, args, reply);
        if counts && server.get().state().role == Role::Candidate {
            server.edit(|state| state.role = Role::Leader);
        }
    }
}
