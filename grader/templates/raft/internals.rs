//! A server from inside, for the white-box suite `p2unit`: a server in a given state, without peers and
//! threads, of which one function is called at a time.
//!
//! This file is written. It leads to the methods of [`State`], so you need to change it only if you change
//! those or the state's fields.

use std::collections::BTreeSet;

use contracts::raft::{
    self, AppendEntriesArgs, AppendEntriesReply, Persister, RaftInternals, RequestVoteArgs,
    RequestVoteReply, Role, ServerId,
};
use labrt::sync::{Condvar, Mutex};
use labrt::time::{Duration, Instant};

use super::{Server, State};

impl RaftInternals for Server {
    fn build(given: raft::State) -> Self {
        let mut state = State {
            me: given.me,
            role: given.role,
            current_term: given.current_term,
            voted_for: given.voted_for,
            log: given.log,
            commit_index: given.commit_index,
            last_applied: given.last_applied,
            followers: given.followers,
            votes: BTreeSet::new(),
            election_deadline: Instant::now(),
            killed: false,
            persister: Persister::new(),
        };
        if state.role == Role::Candidate {
            state.votes.insert(state.me);
        }
        state.restart_election_timer();
        Self {
            state: Mutex::new(state),
            // There is no thread to notify, and no peer to call.
            committed: Condvar::new(),
            peers: Vec::new(),
        }
    }

    fn state(&self) -> raft::State {
        let state = self.state.lock();
        raft::State {
            me: state.me,
            role: state.role,
            current_term: state.current_term,
            voted_for: state.voted_for,
            log: state.log.clone(),
            commit_index: state.commit_index,
            last_applied: state.last_applied,
            followers: state.followers.clone(),
        }
    }

    fn election_timer(&self) -> Duration {
        let deadline = self.state.lock().election_deadline;
        deadline.saturating_duration_since(Instant::now())
    }

    fn request_vote(&self, args: RequestVoteArgs) -> RequestVoteReply {
        self.state.lock().request_vote(args)
    }

    fn append_entries(&self, args: AppendEntriesArgs) -> AppendEntriesReply {
        self.state.lock().append_entries(args)
    }

    fn start_election(&self) -> RequestVoteArgs {
        self.state.lock().start_election()
    }

    fn handle_vote_reply(&self, from: ServerId, args: RequestVoteArgs, reply: RequestVoteReply) {
        self.state.lock().handle_vote_reply(from, args, reply);
    }

    fn handle_append_reply(
        &self,
        from: ServerId,
        args: AppendEntriesArgs,
        reply: AppendEntriesReply,
    ) {
        self.state.lock().handle_append_reply(from, args, reply);
    }

    fn update_commit_index(&self) {
        self.state.lock().update_commit_index();
    }
}
