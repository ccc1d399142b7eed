//! Everything that the lock protects (Figure 2, "State").
//!
//! The methods of [`State`] are spread over the files of this crate by what they do; all of them
//! require the lock.

use std::sync::Arc;

use contracts::raft::{Command, Entry, LogIndex, ServerId, Started, Term};
use labrt::sync::Condvar;
use tracing::debug;

use crate::calls::Calls;
use crate::log::Log;
use crate::persist::Persistent;
use crate::role::Role;
use crate::timer::ElectionTimer;

/// The state of a server. [`Server::lock`](crate::Server) is the way to it.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) me: ServerId,
    /// The other servers of the cluster, in order.
    pub(crate) others: Vec<ServerId>,
    pub(crate) role: Role,
    pub(crate) stable: Persistent,
    pub(crate) commit_index: LogIndex,
    pub(crate) last_applied: LogIndex,
    /// Means nothing while this server leads.
    pub(crate) timer: ElectionTimer,
    pub(crate) calls: Calls,
    pub(crate) killed: bool,
    pub(crate) signals: Arc<Signals>,
}

/// What the server's own threads wait for.
#[derive(Debug)]
pub(crate) struct Signals {
    /// The election timer's deadline came nearer, or the timer runs again after a leadership.
    pub(crate) timer: Condvar,
    /// The replicator of each server, by its number, may have something to send. Each has a signal of
    /// its own: most of them are about one follower.
    pub(crate) replicate: Vec<Condvar>,
    /// The commit index advanced.
    pub(crate) commit: Condvar,
}

impl Signals {
    fn new(servers: usize) -> Self {
        let replicate = (0..servers).map(|_| Condvar::new()).collect();
        Self { timer: Condvar::new(), replicate, commit: Condvar::new() }
    }

    /// Every replicator may have something to send.
    pub(crate) fn replicate_to_all(&self) {
        self.replicate.iter().for_each(Condvar::notify_all);
    }
}

impl State {
    /// A follower with the persistent state `stable`, its election timer started.
    pub(crate) fn new(me: ServerId, others: Vec<ServerId>, stable: Persistent) -> Self {
        let servers = others.iter().chain([&me]).max().map_or(0, |id| id + 1);
        Self {
            me,
            others,
            role: Role::Follower,
            stable,
            commit_index: 0,
            last_applied: 0,
            timer: ElectionTimer::start(),
            calls: Calls::new(servers),
            killed: false,
            signals: Arc::new(Signals::new(servers)),
        }
    }

    pub(crate) fn current_term(&self) -> Term {
        self.stable.current_term()
    }

    pub(crate) fn log(&self) -> &Log {
        self.stable.log()
    }

    /// Whether this server believes to lead the current term.
    pub(crate) fn is_leader(&self) -> bool {
        matches!(self.role, Role::Leader { .. }) && !self.killed
    }

    /// How many servers the cluster has.
    pub(crate) fn cluster_size(&self) -> usize {
        self.others.len() + 1
    }

    /// First rule for all servers in Figure 2: a request or a reply of a later term makes this
    /// server a follower in that term (§5.1).
    pub(crate) fn observe_term(&mut self, term: Term) {
        if term > self.current_term() {
            self.become_follower(term);
        }
    }

    /// Restarts the election timer.
    ///
    /// To be called for exactly three reasons (§5.2): AppendEntries of the current leader, a vote
    /// granted, an election started. Anything else lets a server that cannot win keep those that
    /// can from trying.
    pub(crate) fn restart_timer(&mut self) {
        if self.timer.restart() {
            self.signals.timer.notify_one();
        }
    }

    /// A leader appends the client's command to its log and wakes the replicators (§5.3).
    pub(crate) fn start(&mut self, command: Command) -> Option<Started> {
        if !self.is_leader() {
            return None;
        }
        let term = self.current_term();
        let index = self.stable.append(Entry { term, command });
        debug!(server = self.me, index, term, "started");
        self.update_commit_index();
        self.signals.replicate_to_all();
        Some(Started { index, term })
    }

    /// Tells every thread of this server to end.
    pub(crate) fn kill(&mut self) {
        self.killed = true;
        self.signals.timer.notify_all();
        self.signals.replicate_to_all();
        self.signals.commit.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{follower, leader};

    #[test]
    fn a_leader_numbers_commands_from_one() {
        let mut state = leader(0);
        let started = |state: &mut State| state.start(Command::Int(7)).map(|s| (s.index, s.term));
        assert_eq!(started(&mut state), Some((1, 1)));
        assert_eq!(started(&mut state), Some((2, 1)));
        assert_eq!(state.log().last_index(), 2);
        assert_eq!(state.commit_index, 0, "a majority has to store them first");
    }

    #[test]
    fn followers_and_killed_leaders_take_no_commands() {
        assert_eq!(follower().start(Command::Int(7)), None);
        let mut state = leader(0);
        state.kill();
        assert_eq!(state.start(Command::Int(7)), None);
        assert_eq!(state.log().last_index(), 0);
    }
}
