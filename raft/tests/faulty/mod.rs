//! The reference's internals, each with one rule broken.
//!
//! A fault intercepts calls on their way to a correct server. What it breaks it breaks from outside:
//! by changing a request, a reply, or the state between two calls.

mod follower;
mod leader;
mod timer;
mod voter;

use contracts::raft::{
    AppendEntriesArgs, AppendEntriesReply, RaftInternals, RequestVoteArgs, RequestVoteReply,
    ServerId, State,
};
use labrt::sync::{Mutex, MutexGuard};
use labrt::time::Duration;
use raft::Server;

pub(crate) use follower::*;
pub(crate) use leader::*;
pub(crate) use timer::*;
pub(crate) use voter::*;

/// A broken rule. Every method is correct by default.
pub(crate) trait Fault: Default + Send + Sync + 'static {
    fn state(&self, server: &Inner) -> State {
        server.get().state()
    }

    fn election_timer(&self, server: &Inner) -> Duration {
        server.get().election_timer()
    }

    fn request_vote(&self, server: &Inner, args: RequestVoteArgs) -> RequestVoteReply {
        server.get().request_vote(args)
    }

    fn append_entries(&self, server: &Inner, args: AppendEntriesArgs) -> AppendEntriesReply {
        server.get().append_entries(args)
    }

    fn start_election(&self, server: &Inner) -> RequestVoteArgs {
        server.get().start_election()
    }

    fn vote_reply(
        &self,
        server: &Inner,
        from: ServerId,
        args: RequestVoteArgs,
        reply: RequestVoteReply,
    ) {
        server.get().handle_vote_reply(from, args, reply);
    }

    fn append_reply(
        &self,
        server: &Inner,
        from: ServerId,
        args: AppendEntriesArgs,
        reply: AppendEntriesReply,
    ) {
        server.get().handle_append_reply(from, args, reply);
    }

    fn update_commit_index(&self, server: &Inner) {
        server.get().update_commit_index();
    }
}

/// The correct server inside.
pub(crate) struct Inner(Mutex<Server>);

impl Inner {
    pub(crate) fn get(&self) -> MutexGuard<'_, Server> {
        self.0.lock()
    }

    /// Replaces the server by one in a changed state. Its election timer starts anew.
    pub(crate) fn edit(&self, change: impl FnOnce(&mut State)) {
        let mut server = self.get();
        let mut state = server.state();
        change(&mut state);
        *server = Server::build(state);
    }

    /// Restarts the election timer.
    pub(crate) fn restart_timer(&self) {
        self.edit(|_| {});
    }
}

/// A server that breaks the rule `F`.
pub(crate) struct Faulty<F> {
    server: Inner,
    fault: F,
}

impl<F: Fault> RaftInternals for Faulty<F> {
    fn build(state: State) -> Self {
        Self { server: Inner(Mutex::new(Server::build(state))), fault: F::default() }
    }

    fn state(&self) -> State {
        self.fault.state(&self.server)
    }

    fn election_timer(&self) -> Duration {
        self.fault.election_timer(&self.server)
    }

    fn request_vote(&self, args: RequestVoteArgs) -> RequestVoteReply {
        self.fault.request_vote(&self.server, args)
    }

    fn append_entries(&self, args: AppendEntriesArgs) -> AppendEntriesReply {
        self.fault.append_entries(&self.server, args)
    }

    fn start_election(&self) -> RequestVoteArgs {
        self.fault.start_election(&self.server)
    }

    fn handle_vote_reply(&self, from: ServerId, args: RequestVoteArgs, reply: RequestVoteReply) {
        self.fault.vote_reply(&self.server, from, args, reply);
    }

    fn handle_append_reply(
        &self,
        from: ServerId,
        args: AppendEntriesArgs,
        reply: AppendEntriesReply,
    ) {
        self.fault.append_reply(&self.server, from, args, reply);
    }

    fn update_commit_index(&self) {
        self.fault.update_commit_index(&self.server);
    }
}
