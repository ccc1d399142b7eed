//! What the checkers may ask of a server whose internals are open.

use std::convert::identity;
use std::sync::Arc;

use contracts::Submission;
use contracts::raft::{
    AppendEntriesArgs, AppendEntriesReply, Command, Config, Raft, RaftInternals, RequestVoteArgs,
    RequestVoteReply, ServerId, Started, State, Term,
};
use labrpc::Service;
use labrt::sync::atomic::{AtomicBool, Ordering};
use labrt::thread;
use labrt::time::Duration;
use labrt::world;

use crate::common::{self, find};

/// A correct Raft that takes its time to say what its state is, and cannot say it once it was killed.
struct Shy {
    server: Arc<raft::Server>,
    killed: AtomicBool,
}

impl Raft for Shy {
    fn make(config: Config) -> Arc<Self> {
        Arc::new(Self { server: raft::Server::make(config), killed: AtomicBool::new(false) })
    }

    fn start(&self, command: Command) -> Option<Started> {
        Raft::start(&*self.server, command)
    }

    fn state(&self) -> (Term, bool) {
        Raft::state(&*self.server)
    }

    fn kill(&self) {
        self.killed.store(true, Ordering::SeqCst);
        self.server.kill();
    }

    fn services(self: Arc<Self>) -> Vec<Service> {
        Arc::clone(&self.server).services()
    }
}

impl RaftInternals for Shy {
    fn state(&self) -> State {
        thread::sleep(Duration::from_millis(20));
        assert!(!self.killed.load(Ordering::SeqCst), "asked after it was killed");
        RaftInternals::state(&*self.server)
    }

    fn build(_: State) -> Self {
        unreachable!("only p2unit builds")
    }

    fn election_timer(&self) -> Duration {
        self.server.election_timer()
    }

    fn request_vote(&self, args: RequestVoteArgs) -> RequestVoteReply {
        self.server.request_vote(args)
    }

    fn append_entries(&self, args: AppendEntriesArgs) -> AppendEntriesReply {
        self.server.append_entries(args)
    }

    fn start_election(&self) -> RequestVoteArgs {
        self.server.start_election()
    }

    fn handle_vote_reply(&self, from: ServerId, args: RequestVoteArgs, reply: RequestVoteReply) {
        self.server.handle_vote_reply(from, args, reply);
    }

    fn handle_append_reply(
        &self,
        from: ServerId,
        args: AppendEntriesArgs,
        reply: AppendEntriesReply,
    ) {
        self.server.handle_append_reply(from, args, reply);
    }

    fn update_commit_index(&self) {
        self.server.update_commit_index();
    }
}

#[test]
fn nobody_asks_a_server_that_was_killed() {
    for course_name in ["TestRestartsInElectionsPlus", "TestBasicPersistencePart3"] {
        for seed in 0..10 {
            let submission = Submission::new("shy").open_raft::<Shy>();
            let config = world::Config::sim(seed);
            let run = common::run(|| (), identity, find(course_name), submission, config);
            assert_eq!(run.result, Ok(()), "{course_name} with seed {seed}");
        }
    }
}
