//! Faults of a follower that handles AppendEntries.

use std::sync::atomic::{AtomicU64, Ordering};

use contracts::raft::{
    AppendEntriesArgs, AppendEntriesReply, RaftInternals, RequestVoteArgs, RequestVoteReply, Role,
    State,
};

use super::{Fault, Inner};

/// Deletes what follows the entries it was sent, conflict or not.
#[derive(Default)]
pub(crate) struct TruncatesAlways;

impl Fault for TruncatesAlways {
    fn append_entries(&self, server: &Inner, args: AppendEntriesArgs) -> AppendEntriesReply {
        let end = args.prev_log_index as usize + args.entries.len();
        let reply = server.get().append_entries(args);
        if reply.success && server.get().state().log.len() > end {
            server.edit(|state| {
                state.log.truncate(end);
                state.commit_index = state.commit_index.min(end as u64);
            });
        }
        reply
    }
}

/// Takes over the leader's commit index as it is.
#[derive(Default)]
pub(crate) struct CommitsPastLastNew(AtomicU64);

impl Fault for CommitsPastLastNew {
    fn append_entries(&self, server: &Inner, args: AppendEntriesArgs) -> AppendEntriesReply {
        let leader_commit = args.leader_commit;
        let reply = server.get().append_entries(args);
        if reply.success {
            self.0.fetch_max(leader_commit, Ordering::Relaxed);
        }
        reply
    }

    fn state(&self, server: &Inner) -> State {
        let mut state = server.get().state();
        state.commit_index = state.commit_index.max(self.0.load(Ordering::Relaxed));
        state
    }
}

/// Takes over the leader's commit index even when its own is higher.
#[derive(Default)]
pub(crate) struct CommitGoesBack;

impl Fault for CommitGoesBack {
    fn append_entries(&self, server: &Inner, args: AppendEntriesArgs) -> AppendEntriesReply {
        let leader_commit = args.leader_commit;
        let reply = server.get().append_entries(args);
        if reply.success && server.get().state().commit_index > leader_commit {
            server.edit(|state| state.commit_index = leader_commit);
        }
        reply
    }
}

/// Refuses with the index before, as the paper's first version of the protocol has it.
#[derive(Default)]
pub(crate) struct NoHint;

impl Fault for NoHint {
    fn append_entries(&self, server: &Inner, args: AppendEntriesArgs) -> AppendEntriesReply {
        let prev = args.prev_log_index;
        let mut reply = server.get().append_entries(args);
        if !reply.success {
            reply.next_index = prev;
        }
        reply
    }
}

/// Accepts every heartbeat of a current leader.
#[derive(Default)]
pub(crate) struct TrustsHeartbeats;

impl Fault for TrustsHeartbeats {
    fn append_entries(&self, server: &Inner, args: AppendEntriesArgs) -> AppendEntriesReply {
        let (term, heartbeat) = (args.term, args.entries.is_empty());
        let mut reply = server.get().append_entries(args);
        reply.success |= heartbeat && reply.term == term;
        reply
    }
}

/// Does not look at the term of AppendEntries.
#[derive(Default)]
pub(crate) struct ServesOldLeader;

impl Fault for ServesOldLeader {
    fn append_entries(&self, server: &Inner, mut args: AppendEntriesArgs) -> AppendEntriesReply {
        args.term = args.term.max(server.get().state().current_term);
        server.get().append_entries(args)
    }
}

/// As a candidate, does not give way to the leader of its own term.
#[derive(Default)]
pub(crate) struct IgnoresLeader;

impl Fault for IgnoresLeader {
    fn append_entries(&self, server: &Inner, args: AppendEntriesArgs) -> AppendEntriesReply {
        let state = server.get().state();
        if state.role == Role::Candidate && args.term == state.current_term {
            return AppendEntriesReply {
                term: args.term,
                success: true,
                next_index: args.prev_log_index + 1,
            };
        }
        server.get().append_entries(args)
    }
}

/// Takes no notice of a later term in a request.
#[derive(Default)]
pub(crate) struct KeepsItsTerm;

impl Fault for KeepsItsTerm {
    fn append_entries(&self, server: &Inner, mut args: AppendEntriesArgs) -> AppendEntriesReply {
        args.term = args.term.min(server.get().state().current_term);
        server.get().append_entries(args)
    }

    fn request_vote(&self, server: &Inner, mut args: RequestVoteArgs) -> RequestVoteReply {
        args.term = args.term.min(server.get().state().current_term);
        server.get().request_vote(args)
    }
}

/// Has no entry at index 0 for the first entries to follow.
#[derive(Default)]
pub(crate) struct ForgetsSentinel;

impl Fault for ForgetsSentinel {
    fn append_entries(&self, server: &Inner, mut args: AppendEntriesArgs) -> AppendEntriesReply {
        if args.prev_log_index == 0 {
            args.prev_log_term = args.term;
        }
        server.get().append_entries(args)
    }
}

/// Appends what it is sent without looking at what it has.
#[derive(Default)]
pub(crate) struct AppendsBlindly;

impl Fault for AppendsBlindly {
    fn append_entries(&self, server: &Inner, mut args: AppendEntriesArgs) -> AppendEntriesReply {
        let entries = std::mem::take(&mut args.entries);
        let reply = server.get().append_entries(args);
        if reply.success {
            server.edit(|state| state.log.extend(entries));
        }
        reply
    }
}

/// Stores one entry of each request.
#[derive(Default)]
pub(crate) struct StoresOne;

impl Fault for StoresOne {
    fn append_entries(&self, server: &Inner, mut args: AppendEntriesArgs) -> AppendEntriesReply {
        args.entries.truncate(1);
        server.get().append_entries(args)
    }
}
