//! The messages of Figure 2, with the `next_index` conflict hint of §5.3.
//!
//! Every Raft serves these two methods under these names, so that what a server does not expose can
//! be checked from its traffic. A submission may add further methods.

use serde::{Deserialize, Serialize};

use super::{Command, LogIndex, ServerId, Term};

/// The name of the service that carries both methods.
pub const SERVICE: &str = "Raft";
/// Full method name of RequestVote (§5.2).
pub const REQUEST_VOTE: &str = "Raft.RequestVote";
/// Full method name of AppendEntries (§5.3); it serves as the heartbeat as well (§5.2).
pub const APPEND_ENTRIES: &str = "Raft.AppendEntries";

/// One log entry (Figure 2, "State").
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Term in which a leader received the entry; at least 1.
    pub term: Term,
    /// The client's command.
    pub command: Command,
}

/// Arguments of RequestVote (Figure 2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestVoteArgs {
    /// The candidate's term.
    pub term: Term,
    /// The candidate that asks for the vote.
    pub candidate_id: ServerId,
    /// Index of the candidate's last log entry; 0 when its log is empty (§5.4.1).
    pub last_log_index: LogIndex,
    /// Term of the candidate's last log entry; 0 when its log is empty (§5.4.1).
    pub last_log_term: Term,
}

/// Reply to RequestVote (Figure 2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestVoteReply {
    /// The voter's current term, for the candidate to update itself.
    pub term: Term,
    /// Whether the candidate received the vote.
    pub vote_granted: bool,
}

/// Arguments of AppendEntries (Figure 2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppendEntriesArgs {
    /// The leader's term.
    pub term: Term,
    /// The leader that sends.
    pub leader_id: ServerId,
    /// Index of the entry right before `entries`; 0 when they start the log.
    pub prev_log_index: LogIndex,
    /// Term of the entry at `prev_log_index`; 0 for the sentinel.
    pub prev_log_term: Term,
    /// The entries to store, the first of them at `prev_log_index + 1`; empty for a heartbeat.
    pub entries: Vec<Entry>,
    /// The leader's commit index; 0 when nothing is committed.
    pub leader_commit: LogIndex,
}

/// Reply to AppendEntries (Figure 2, with the hint of §5.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppendEntriesReply {
    /// The follower's current term, for the leader to update itself.
    pub term: Term,
    /// Whether the follower held an entry that matches `prev_log_index` and `prev_log_term`.
    pub success: bool,
    /// Where the leader should go on. On success one past the last entry that is known to match;
    /// on a conflict the first index that the follower stores for the conflicting term; when its
    /// log is too short, one past its last entry; 0, without meaning, when the leader's term was old.
    pub next_index: LogIndex,
}
