//! The white-box view: a server in a given state, without peers and threads.

use contracts::raft::{
    self, AppendEntriesArgs, AppendEntriesReply, Follower, Persister, RaftInternals,
    RequestVoteArgs, RequestVoteReply, ServerId,
};
use labrt::time::{Duration, Instant};

use crate::persist::Persistent;
use crate::progress::Progress;
use crate::role::Role;
use crate::server::Server;
use crate::state::State;

impl RaftInternals for Server {
    fn build(given: raft::State) -> Self {
        Self::new(State::from(given), Vec::new())
    }

    fn state(&self) -> raft::State {
        self.lock().describe()
    }

    fn election_timer(&self) -> Duration {
        self.lock().timer.remaining()
    }

    fn request_vote(&self, args: RequestVoteArgs) -> RequestVoteReply {
        self.lock().request_vote(&args)
    }

    fn append_entries(&self, args: AppendEntriesArgs) -> AppendEntriesReply {
        self.lock().append_entries(args)
    }

    fn start_election(&self) -> RequestVoteArgs {
        self.lock().start_election()
    }

    fn handle_vote_reply(&self, from: ServerId, args: RequestVoteArgs, reply: RequestVoteReply) {
        self.lock().handle_vote_reply(from, &args, &reply);
    }

    fn handle_append_reply(
        &self,
        from: ServerId,
        args: AppendEntriesArgs,
        reply: AppendEntriesReply,
    ) {
        self.lock().handle_append_reply(from, &args, &reply);
    }

    fn update_commit_index(&self) {
        self.lock().update_commit_index();
    }
}

impl From<raft::State> for State {
    fn from(given: raft::State) -> Self {
        let mut stable = Persistent::restore(Persister::new());
        if given.current_term > 0 {
            stable.enter_term(given.current_term);
        }
        if let Some(candidate) = given.voted_for {
            stable.vote_for(candidate);
        }
        for entry in given.log {
            stable.append(entry);
        }
        let now = Instant::now();
        let progress = |f: &Follower| Progress::new(f.id, f.next_index, f.match_index, now);
        let others = given.followers.iter().map(|f| f.id).collect();
        let mut state = Self::new(given.me, others, stable);
        state.commit_index = given.commit_index;
        state.last_applied = given.last_applied;
        state.role = match given.role {
            raft::Role::Follower => Role::Follower,
            raft::Role::Candidate => Role::candidate(state.me, &state.others),
            raft::Role::Leader => {
                Role::Leader { followers: given.followers.iter().map(progress).collect() }
            }
        };
        state
    }
}

impl State {
    /// The state as the contract has it. Who does not lead knows nothing of its followers, and
    /// answers with what it would begin with as a leader.
    fn describe(&self) -> raft::State {
        let unknown = |id: &ServerId| Follower {
            id: *id,
            next_index: self.log().last_index() + 1,
            match_index: 0,
        };
        let (role, followers) = match &self.role {
            Role::Follower => (raft::Role::Follower, None),
            Role::Candidate { .. } => (raft::Role::Candidate, None),
            Role::Leader { followers } => (raft::Role::Leader, Some(followers)),
        };
        raft::State {
            me: self.me,
            role,
            current_term: self.current_term(),
            voted_for: self.stable.voted_for(),
            log: self.log().entries().to_vec(),
            commit_index: self.commit_index,
            last_applied: self.last_applied,
            followers: match followers {
                Some(followers) => followers.iter().map(Follower::from).collect(),
                None => self.others.iter().map(unknown).collect(),
            },
        }
    }
}
