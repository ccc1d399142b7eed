//! Faults of the election timer.

use contracts::raft::{
    AppendEntriesArgs, AppendEntriesReply, RaftInternals, RequestVoteArgs, RequestVoteReply,
    ServerId,
};
use labrt::time::{Duration, Instant};

use super::{Fault, Inner};

/// Restarts the timer whenever it is asked for its vote.
#[derive(Default)]
pub(crate) struct RestartsOnRefusedVote;

impl Fault for RestartsOnRefusedVote {
    fn request_vote(&self, server: &Inner, args: RequestVoteArgs) -> RequestVoteReply {
        let reply = server.get().request_vote(args);
        server.restart_timer();
        reply
    }
}

/// Restarts the timer on every AppendEntries.
#[derive(Default)]
pub(crate) struct RestartsForOldLeader;

impl Fault for RestartsForOldLeader {
    fn append_entries(&self, server: &Inner, args: AppendEntriesArgs) -> AppendEntriesReply {
        let reply = server.get().append_entries(args);
        server.restart_timer();
        reply
    }
}

/// Restarts the timer on every reply to a ballot that makes it a follower.
#[derive(Default)]
pub(crate) struct RestartsOnBallotReply;

impl Fault for RestartsOnBallotReply {
    fn vote_reply(
        &self,
        server: &Inner,
        from: ServerId,
        args: RequestVoteArgs,
        reply: RequestVoteReply,
    ) {
        let later = reply.term > args.term;
        server.get().handle_vote_reply(from, args, reply);
        if later {
            server.restart_timer();
        }
    }
}

/// Draws its timer once.
pub(crate) struct NeverRestarts(Instant);

impl Default for NeverRestarts {
    fn default() -> Self {
        Self(Instant::now() + Duration::from_millis(500))
    }
}

impl Fault for NeverRestarts {
    fn election_timer(&self, _server: &Inner) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }
}
