//! Who is up and can talk, and since when.

use contracts::raft::ServerId;
use labrt::time::Duration;

/// What the driver has done to servers, links and network.
#[derive(Clone, Debug)]
pub(super) struct Up {
    running: Vec<bool>,
    connected: Vec<bool>,
    reliable: bool,
    reordering: bool,
    /// When the servers that are up, or the network's reliability, changed last.
    since: Duration,
}

impl Up {
    pub(super) fn new(servers: usize, reliable: bool, now: Duration) -> Self {
        Self {
            running: vec![false; servers],
            connected: vec![false; servers],
            reliable,
            reordering: false,
            since: now,
        }
    }

    /// Makes a change; whether others are up than before, or the network is another.
    pub(super) fn change(&mut self, now: Duration, change: impl FnOnce(&mut Self)) -> bool {
        let before = (self.servers(), self.is_reliable());
        change(self);
        let changed = before != (self.servers(), self.is_reliable());
        if changed {
            self.since = now;
        }
        changed
    }

    pub(super) fn runs(&mut self, server: ServerId, runs: bool) {
        self.running[server] = runs;
    }

    pub(super) fn connects(&mut self, server: ServerId, connects: bool) {
        self.connected[server] = connects;
    }

    pub(super) fn reliable(&mut self, reliable: bool) {
        self.reliable = reliable;
    }

    pub(super) fn reordering(&mut self, reordering: bool) {
        self.reordering = reordering;
    }

    /// Whether messages are neither lost nor late.
    pub(super) fn is_reliable(&self) -> bool {
        self.reliable && !self.reordering
    }

    /// Whether there is such a server, and it runs and is connected.
    pub(super) fn is_up(&self, server: ServerId) -> bool {
        self.running.get(server) == Some(&true) && self.connected[server]
    }

    /// The servers that are up.
    pub(super) fn servers(&self) -> Vec<ServerId> {
        (0..self.running.len()).filter(|server| self.is_up(*server)).collect()
    }

    /// Whether those that are up can elect a leader, and nothing but themselves keeps them from it.
    pub(super) fn can_elect(&self) -> bool {
        self.is_reliable() && self.servers().len() > self.running.len() / 2
    }

    /// Since when they are the same servers, on a network as reliable as now.
    pub(super) fn since(&self) -> Duration {
        self.since
    }
}
