//! Everything that the server's lock protects (Figure 2, "State"), and the rule for all servers.

use std::collections::BTreeSet;

use contracts::raft::{Entry, Follower, LogIndex, Persister, Role, ServerId, Term};
use labrt::time::Instant;

/// The state of a server.
///
/// Log indices count from 1. Index 0 is a sentinel before the first entry, and its term is 0: with it,
/// "the entry before the first one" needs no special case.
pub(crate) struct State {
    /// This server's number.
    pub(super) me: ServerId,
    /// Follower, candidate or leader (Figure 4).
    pub(super) role: Role,

    // Persistent: a change to any of these three is saved before anybody can learn of it.
    /// The latest term that this server has seen; it never goes back (§5.1).
    pub(super) current_term: Term,
    /// Who got this server's vote in the current term; nobody yet if none.
    pub(super) voted_for: Option<ServerId>,
    /// The entries; the one at position `i` of the list has log index `i + 1`.
    pub(super) log: Vec<Entry>,

    // Volatile, on all servers.
    /// The highest index that is known to be committed.
    pub(super) commit_index: LogIndex,
    /// The highest index that was handed to the state machine; never above the commit index.
    pub(super) last_applied: LogIndex,

    /// What a leader knows of each *other* server: the next index to send to it, and the highest index
    /// that is known to be replicated on it. There is one item for each, whatever the role, so that
    /// the cluster has one server more than this list is long; the indices mean something on a leader
    /// only.
    pub(super) followers: Vec<Follower>,
    /// Who has voted for this candidate in the current term, itself included.
    pub(super) votes: BTreeSet<ServerId>,
    /// When the election timer runs out.
    pub(super) election_deadline: Instant,
    /// Whether the server was told to end.
    pub(super) killed: bool,
    /// The stable storage.
    pub(super) persister: Persister,
}

impl State {
    /// The number of servers.
    pub(super) fn cluster_size(&self) -> usize {
        self.followers.len() + 1
    }

    /// The index of the last entry; 0 when the log is empty.
    pub(super) fn last_log_index(&self) -> LogIndex {
        self.log.len() as LogIndex
    }

    /// The term of the entry at `index`: 0 for the sentinel, none beyond the end of the log.
    pub(super) fn term_at(&self, index: LogIndex) -> Option<Term> {
        todo!("look up the term of an entry")
    }

    /// The rule for all servers (§5.1, Figure 2): whoever sees a later term enters it and becomes
    /// a follower.
    ///
    /// To be called first thing on *every* request and *every* reply. In a new term this server has voted
    /// for nobody yet; in the same term it must not forget for whom it did.
    pub(super) fn observe_term(&mut self, term: Term) {
        todo!("enter a later term as a follower")
    }

    /// The election timer has run out: enters a new term, votes for itself (§5.2).
    pub(super) fn become_candidate(&mut self) {
        todo!("become a candidate of a new term")
    }

    /// A majority has voted for this candidate (§5.2).
    ///
    /// For each follower the next index is one past the end of this log, and nothing is known to be
    /// replicated on it yet: that is all that a new leader may assume (Figure 2).
    pub(super) fn become_leader(&mut self) {
        todo!("become the leader")
    }

    /// Sets the election timer anew, to a time drawn at random from `timing::ELECTION_TIMEOUT` (§5.2).
    ///
    /// Drawn afresh each time: servers that draw once split their votes again and again. Randomness comes
    /// from `labrt::rand::rng()`, with `rand::RngExt::random_range`, so that a seed repeats it.
    pub(super) fn restart_election_timer(&mut self) {
        todo!("draw a new deadline for the election timer")
    }
}
