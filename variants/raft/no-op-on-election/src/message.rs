//! Entries and AppendEntries with no-ops.
//!
//! The contract's entries always hold a command, so these have a method of their own. Votes are asked
//! for as the contract says; the last log index in them is that of the log, no-ops included.

use contracts::raft::{self, Command, LogIndex, ServerId, Term};
use serde::{Deserialize, Serialize};

/// Full method name of AppendEntries with no-ops.
pub(crate) const APPEND_LOG: &str = "Raft.AppendLog";

/// A log entry.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// Term in which a leader received, or made, the entry.
    pub(crate) term: Term,
    /// The client's command; none in a no-op.
    pub(crate) command: Option<Command>,
}

/// AppendEntries (Figure 2). It is answered as the contract's.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AppendLog {
    pub(crate) term: Term,
    pub(crate) leader_id: ServerId,
    pub(crate) prev_log_index: LogIndex,
    pub(crate) prev_log_term: Term,
    pub(crate) entries: Vec<Entry>,
    pub(crate) leader_commit: LogIndex,
}

impl AppendLog {
    /// The index of the last of its entries; that before them when it has none.
    pub(crate) fn last_index(&self) -> LogIndex {
        self.prev_log_index + self.entries.len() as LogIndex
    }
}

/// A leader without no-ops.
impl From<raft::AppendEntriesArgs> for AppendLog {
    fn from(args: raft::AppendEntriesArgs) -> Self {
        let entry = |e: raft::Entry| Entry { term: e.term, command: Some(e.command) };
        Self {
            term: args.term,
            leader_id: args.leader_id,
            prev_log_index: args.prev_log_index,
            prev_log_term: args.prev_log_term,
            entries: args.entries.into_iter().map(entry).collect(),
            leader_commit: args.leader_commit,
        }
    }
}
