//! Faults of a leader that handles replies, and of a candidate that handles those of a later term.

use std::sync::atomic::{AtomicU64, Ordering};

use contracts::raft::{
    AppendEntriesArgs, AppendEntriesReply, Follower, LogIndex, RaftInternals, RequestVoteArgs,
    RequestVoteReply, ServerId, State,
};

use super::{Fault, Inner};

fn follower(state: &mut State, id: ServerId) -> &mut Follower {
    let mut followers = state.followers.iter_mut();
    followers.find(|f| f.id == id).expect("a server of this cluster")
}

fn end_of(args: &AppendEntriesArgs) -> LogIndex {
    args.prev_log_index + args.entries.len() as LogIndex
}

/// Goes back one entry on each refusal.
#[derive(Default)]
pub(crate) struct IgnoresHint;

impl Fault for IgnoresHint {
    fn append_reply(
        &self,
        server: &Inner,
        from: ServerId,
        args: AppendEntriesArgs,
        mut reply: AppendEntriesReply,
    ) {
        reply.next_index = args.prev_log_index;
        server.get().handle_append_reply(from, args, reply);
    }
}

/// Takes replies of earlier terms for current ones.
#[derive(Default)]
pub(crate) struct UsesStaleAppendReplies;

impl Fault for UsesStaleAppendReplies {
    fn append_reply(
        &self,
        server: &Inner,
        from: ServerId,
        mut args: AppendEntriesArgs,
        mut reply: AppendEntriesReply,
    ) {
        let term = server.get().state().current_term;
        args.term = args.term.max(term);
        reply.term = reply.term.max(term);
        server.get().handle_append_reply(from, args, reply);
    }
}

/// Uses the reply only to a request that starts at the next index.
#[derive(Default)]
pub(crate) struct DropsOlderReplies;

impl Fault for DropsOlderReplies {
    fn append_reply(
        &self,
        server: &Inner,
        from: ServerId,
        args: AppendEntriesArgs,
        reply: AppendEntriesReply,
    ) {
        let mut state = server.get().state();
        if follower(&mut state, from).next_index == args.prev_log_index + 1 {
            server.get().handle_append_reply(from, args, reply);
        }
    }
}

/// Sets the indices to what the latest reply says, even when that is old news.
#[derive(Default)]
pub(crate) struct MatchGoesBack;

impl Fault for MatchGoesBack {
    fn append_reply(
        &self,
        server: &Inner,
        from: ServerId,
        args: AppendEntriesArgs,
        reply: AppendEntriesReply,
    ) {
        let matched = end_of(&args);
        let current = args.term == server.get().state().current_term;
        let success = reply.success && current;
        server.get().handle_append_reply(from, args, reply);
        if success {
            server.edit(|state| {
                let follower = follower(state, from);
                follower.match_index = matched;
                follower.next_index = matched + 1;
            });
        }
    }
}

/// Goes back on every refusal, also on those from before the logs matched.
#[derive(Default)]
pub(crate) struct BelievesLateRefusals;

impl Fault for BelievesLateRefusals {
    fn append_reply(
        &self,
        server: &Inner,
        from: ServerId,
        args: AppendEntriesArgs,
        reply: AppendEntriesReply,
    ) {
        let state = server.get().state();
        if args.term == state.current_term && reply.term == args.term && !reply.success {
            server.edit(|state| {
                let follower = follower(state, from);
                follower.next_index = reply.next_index;
                follower.match_index = follower.match_index.min(reply.next_index - 1);
            });
        } else {
            server.get().handle_append_reply(from, args, reply);
        }
    }
}

/// Computes the match index from the reply instead of from what was sent.
#[derive(Default)]
pub(crate) struct MatchesByReply;

impl Fault for MatchesByReply {
    fn append_reply(
        &self,
        server: &Inner,
        from: ServerId,
        mut args: AppendEntriesArgs,
        reply: AppendEntriesReply,
    ) {
        if reply.success {
            args.prev_log_index = reply.next_index.saturating_sub(1);
            args.entries.clear();
        }
        server.get().handle_append_reply(from, args, reply);
    }
}

/// Does not look at the term of replies.
#[derive(Default)]
pub(crate) struct IgnoresLaterTerms;

impl Fault for IgnoresLaterTerms {
    fn append_reply(
        &self,
        server: &Inner,
        from: ServerId,
        args: AppendEntriesArgs,
        mut reply: AppendEntriesReply,
    ) {
        reply.term = reply.term.min(args.term);
        server.get().handle_append_reply(from, args, reply);
    }

    fn vote_reply(
        &self,
        server: &Inner,
        from: ServerId,
        args: RequestVoteArgs,
        mut reply: RequestVoteReply,
    ) {
        reply.term = reply.term.min(args.term);
        server.get().handle_vote_reply(from, args, reply);
    }
}

/// Commits what a majority stores, of whatever term.
#[derive(Default)]
pub(crate) struct CountsOldTerms;

impl Fault for CountsOldTerms {
    fn update_commit_index(&self, server: &Inner) {
        server.edit(|state| {
            let stored = |index: &LogIndex| {
                let others = state.followers.iter().filter(|f| f.match_index >= *index);
                2 * (1 + others.count()) > state.followers.len() + 1
            };
            let highest = (1..=state.log.len() as LogIndex).rfind(stored);
            state.commit_index = state.commit_index.max(highest.unwrap_or(0));
        });
    }
}

/// Counts an accepted heartbeat as an entry.
#[derive(Default)]
pub(crate) struct CountsHeartbeats(AtomicU64);

impl Fault for CountsHeartbeats {
    fn append_reply(
        &self,
        server: &Inner,
        from: ServerId,
        args: AppendEntriesArgs,
        reply: AppendEntriesReply,
    ) {
        if reply.success && args.entries.is_empty() {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
        server.get().handle_append_reply(from, args, reply);
    }

    fn state(&self, server: &Inner) -> State {
        let mut state = server.get().state();
        for follower in &mut state.followers {
            follower.next_index += self.0.load(Ordering::Relaxed);
        }
        state
    }
}

/// Commits what a follower has accepted, even when it no longer leads.
#[derive(Default)]
pub(crate) struct CommitsOnSuccess;

impl Fault for CommitsOnSuccess {
    fn append_reply(
        &self,
        server: &Inner,
        from: ServerId,
        args: AppendEntriesArgs,
        reply: AppendEntriesReply,
    ) {
        let (end, success) = (end_of(&args), reply.success);
        server.get().handle_append_reply(from, args, reply);
        if success {
            server.edit(|state| state.commit_index = end.min(state.log.len() as LogIndex));
        }
    }
}
