//! The core, opened for the white-box suite. Nothing that it wants to be done is done.

use contracts::raft::{
    self, AppendEntriesArgs, AppendEntriesReply, Follower, Persister, RaftInternals,
    RequestVoteArgs, RequestVoteReply, ServerId,
};
use labrt::time::Duration;

use crate::core::{Core, Role};
use crate::durable::Durable;
use crate::message::{Action, Request};
use crate::progress::Progress;
use crate::server::Server;
use crate::shell::Shell;

/// Bare servers need no chance: none stands in another's way.
const SEED: u64 = 0;

impl RaftInternals for Server {
    fn build(state: raft::State) -> Self {
        let (shell, _nobody_applies) = Shell::new(restore(state), Persister::new(), Vec::new());
        Self { shell }
    }

    fn state(&self) -> raft::State {
        self.with(|core| describe(core))
    }

    fn election_timer(&self) -> Duration {
        self.with(|core| core.election_at.saturating_sub(core.now))
    }

    fn request_vote(&self, args: RequestVoteArgs) -> RequestVoteReply {
        self.with(|core| core.request_vote(&args))
    }

    fn append_entries(&self, args: AppendEntriesArgs) -> AppendEntriesReply {
        self.with(|core| core.append_entries(&args))
    }

    fn start_election(&self) -> RequestVoteArgs {
        self.with(|core| {
            core.stand();
            let ballot = core.take_actions().into_iter().find_map(|action| match action {
                Action::Send(_, Request::Vote(ballot)) => Some(ballot),
                _ => None,
            });
            ballot.expect("a candidate asks the other servers")
        })
    }

    fn handle_vote_reply(&self, from: ServerId, args: RequestVoteArgs, reply: RequestVoteReply) {
        self.with(|core| core.handle_vote_reply(from, &args, &reply));
    }

    fn handle_append_reply(
        &self,
        from: ServerId,
        args: AppendEntriesArgs,
        reply: AppendEntriesReply,
    ) {
        self.with(|core| core.handle_append_reply(from, &args, &reply));
    }

    fn update_commit_index(&self) {
        self.with(Core::advance_commit);
    }
}

impl Server {
    /// Calls one function of the core, now.
    fn with<T>(&self, function: impl FnOnce(&mut Core) -> T) -> T {
        let now = self.shell.now();
        let result = self.shell.core(|core| {
            core.now = now;
            function(core)
        });
        result.expect("nobody looks into a killed server")
    }
}

/// A core in exactly the given state.
fn restore(given: raft::State) -> Core {
    let raft::State { me, role, current_term, voted_for, log, followers, .. } = given;
    let others = followers.iter().map(|follower| follower.id).collect();
    let mut core = Core::new(me, others, Durable::new(current_term, voted_for, log), SEED);
    core.commit_index = given.commit_index;
    core.last_applied = given.last_applied;
    let progress =
        |f: &Follower| (f.id, Progress::new(f.next_index, f.match_index, Duration::ZERO));
    core.role = match role {
        raft::Role::Follower => Role::Follower,
        raft::Role::Candidate => Role::Candidate { votes: [me].into() },
        raft::Role::Leader => Role::Leader { followers: followers.iter().map(progress).collect() },
    };
    core
}

/// The state as the contract has it. Who does not lead knows nothing of the others' logs.
fn describe(core: &Core) -> raft::State {
    let unknown = Progress::new(core.durable.last_index() + 1, 0, Duration::ZERO);
    let (role, followers) = match &core.role {
        Role::Follower => (raft::Role::Follower, None),
        Role::Candidate { .. } => (raft::Role::Candidate, None),
        Role::Leader { followers } => (raft::Role::Leader, Some(followers)),
    };
    let progress = |id: &ServerId| followers.map_or(&unknown, |f| &f[id]).describe(*id);
    raft::State {
        me: core.me,
        role,
        current_term: core.durable.term(),
        voted_for: core.durable.voted_for(),
        log: core.durable.entries().to_vec(),
        commit_index: core.commit_index,
        last_applied: core.last_applied,
        followers: core.others.iter().map(progress).collect(),
    }
}
