//! What the lock protects.

use std::collections::{BTreeMap, BTreeSet};

use contracts::raft::{ApplyMsg, LogIndex, ServerId, Term};
use labrt::time::Instant;
use rand::RngExt;

use crate::leader::Follower;
use crate::line::Line;
use crate::log::Log;
use crate::stable::Stable;
use crate::timing::{ELECTION_TIMEOUT, MAX_APPLY};

/// A role, with what only this role knows (Figure 4).
#[derive(Debug)]
pub(crate) enum Role {
    Follower,
    Candidate {
        votes: BTreeSet<ServerId>,
        /// Who has not been asked yet.
        unasked: BTreeSet<ServerId>,
    },
    Leader {
        followers: BTreeMap<ServerId, Follower>,
    },
}

/// A server's state.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) me: ServerId,
    pub(crate) stable: Stable,
    pub(crate) role: Role,
    pub(crate) commit_index: LogIndex,
    pub(crate) last_applied: LogIndex,
    /// When it stands for election, unless it leads.
    pub(crate) election_at: Instant,
    /// The conversations with the other servers.
    pub(crate) lines: BTreeMap<ServerId, Line>,
    pub(crate) killed: bool,
}

impl State {
    /// A follower in a cluster of `servers`, with what `stable` holds.
    pub(crate) fn new(me: ServerId, servers: usize, stable: Stable) -> Self {
        let others = (0..servers).filter(|id| *id != me);
        Self {
            me,
            stable,
            role: Role::Follower,
            commit_index: 0,
            last_applied: 0,
            election_at: election_deadline(),
            lines: others.map(|id| (id, Line::default())).collect(),
            killed: false,
        }
    }

    pub(crate) fn term(&self) -> Term {
        self.stable.term()
    }

    pub(crate) fn log(&self) -> &Log {
        self.stable.log()
    }

    pub(crate) fn is_leader(&self) -> bool {
        matches!(self.role, Role::Leader { .. })
    }

    pub(crate) fn majority(&self) -> usize {
        (self.lines.len() + 1) / 2 + 1
    }

    /// First rule for all servers in Figure 2 (§5.1).
    pub(crate) fn observe_term(&mut self, term: Term) {
        if term > self.term() {
            self.stable.enter(term);
            self.step_down();
        }
    }

    /// Becomes a follower. While it led, its timer stood still.
    pub(crate) fn step_down(&mut self) {
        if self.is_leader() {
            self.restart_timer();
        }
        self.role = Role::Follower;
    }

    /// Draws another timeout, so that servers rarely stand together (§5.2).
    pub(crate) fn restart_timer(&mut self) {
        self.election_at = election_deadline();
    }

    /// Commits up to `index`, if that is further than before.
    pub(crate) fn commit_up_to(&mut self, index: LogIndex) {
        self.commit_index = self.commit_index.max(index);
    }

    /// The next commands to apply, which count as applied from now on.
    pub(crate) fn take_committed(&mut self) -> Vec<ApplyMsg> {
        let first = self.last_applied + 1;
        self.last_applied = self.commit_index.min(self.last_applied + MAX_APPLY as LogIndex);
        self.log().messages(first, self.last_applied)
    }
}

fn election_deadline() -> Instant {
    Instant::now() + labrt::rand::rng().random_range(ELECTION_TIMEOUT)
}
