//! The white-box trait of `p2unit`: a server in a given state, one function called at a time.

use labrt::time::Duration;

use super::{
    AppendEntriesArgs, AppendEntriesReply, Entry, LogIndex, RequestVoteArgs, RequestVoteReply,
    ServerId, Term,
};

/// A server's role (§5.1, Figure 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Answers to leaders and candidates.
    Follower,
    /// Runs for leader.
    Candidate,
    /// Handles all client requests.
    Leader,
}

/// What a leader knows of one *other* server (Figure 2, "Volatile state on leaders").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Follower {
    /// The other server's number.
    pub id: ServerId,
    /// Index of the next entry to send to it; at least 1.
    pub next_index: LogIndex,
    /// Index of the highest entry known to be replicated on it; 0 when none is.
    pub match_index: LogIndex,
}

/// The whole state of a server (Figure 2, "State").
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// The server's own number.
    pub me: ServerId,
    /// Its role.
    pub role: Role,
    /// Latest term it has seen.
    pub current_term: Term,
    /// The candidate that received its vote in the current term.
    pub voted_for: Option<ServerId>,
    /// The entries of the log; the one at position `i` of this list has log index `i + 1`.
    pub log: Vec<Entry>,
    /// Index of the highest entry known to be committed.
    pub commit_index: LogIndex,
    /// Index of the highest entry that was handed to the state machine.
    pub last_applied: LogIndex,
    /// One item for each other server, in order of their numbers, whatever the role: the cluster's
    /// size is its length + 1. The indices mean something on a leader only.
    pub followers: Vec<Follower>,
}

/// White-box access to a server that has neither peers nor threads.
///
/// Replies are injected: no method of this trait sends an RPC and waits for its answer. A resend or
/// an advance of the commit index during a call is allowed.
pub trait RaftInternals: Send + Sync + 'static {
    /// A server in exactly this state. Its election timer is set anew.
    fn build(state: State) -> Self
    where
        Self: Sized;

    /// The server's state now. Nobody asks a server that was [killed](super::Raft::kill).
    fn state(&self) -> State;

    /// How long until the server's election timer runs out, on the world's clock; zero when it has.
    /// It lets the tests see which calls restart the timer. A leader has no timer to speak of, and
    /// what it answers means nothing.
    fn election_timer(&self) -> Duration;

    /// Handles an incoming RequestVote (§5.2, §5.4.1).
    fn request_vote(&self, args: RequestVoteArgs) -> RequestVoteReply;

    /// Handles an incoming AppendEntries (§5.3).
    fn append_entries(&self, args: AppendEntriesArgs) -> AppendEntriesReply;

    /// The election timer has run out: becomes a candidate of a new term and returns the ballot that
    /// it sends to every other server (§5.2).
    fn start_election(&self) -> RequestVoteArgs;

    /// Handles the `reply` of server `from` to `args` (§5.2).
    fn handle_vote_reply(&self, from: ServerId, args: RequestVoteArgs, reply: RequestVoteReply);

    /// Handles the `reply` of server `from` to `args` (§5.3).
    fn handle_append_reply(
        &self,
        from: ServerId,
        args: AppendEntriesArgs,
        reply: AppendEntriesReply,
    );

    /// As a leader, advances the commit index as far as, or one step towards, what the replicas
    /// allow (last rule for leaders in Figure 2, §5.4.2).
    fn update_commit_index(&self);
}
