//! Everything that can be seen of a cluster, told to those who watch the whole run.
//!
//! Observers run on the thread on which something happens, and never wait: they are no point of choice.
//! What they find wrong ends the test at once.

use std::ops::RangeInclusive;
use std::sync::Arc;

use contracts::raft::{Command, LogIndex, RaftInternals, ServerId, Started, Term};

use super::demands::Watcher;
use super::safety::{Safety, Violation};
use super::story;
use super::traffic::{Reply, Request};
use crate::Watched;

/// One life of a server: from a start to the next crash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    /// The server.
    pub server: ServerId,
    /// Which of its lives; the first is 1.
    pub number: u32,
}

/// Those who watch.
#[derive(Debug)]
pub(super) struct Observers {
    safety: Safety,
    /// Whether they see the traffic, too.
    tapped: bool,
    demands: Option<Watcher>,
}

impl Observers {
    /// `demands` need the traffic.
    pub(super) fn new(safety: Safety, tapped: bool, demands: Option<Watcher>) -> Self {
        Self { safety, tapped, demands }
    }

    /// Whether the traffic is wanted: by those who watch it, or to write it down.
    pub(super) fn tapped(&self) -> bool {
        self.tapped || labrt::trace::is_full()
    }

    /// How closely the run was watched so far.
    pub(super) fn watched(&self) -> Vec<Watched> {
        let mut watched = self.safety.watched();
        watched.extend(self.demands.iter().flat_map(Watcher::watched));
        watched
    }

    /// In how many of `terms` `server` has asked for votes so far; none where that cannot be known.
    pub(super) fn stood_in(&self, server: ServerId, terms: RangeInclusive<Term>) -> Option<u64> {
        self.safety.stood_in(server, terms)
    }

    /// A server was connected, or disconnected.
    pub(super) fn connects(&self, server: ServerId, connected: bool) {
        if let Some(demands) = &self.demands {
            demands.connects(server, connected);
        }
    }

    /// The network was made reliable, or unreliable.
    pub(super) fn reliable(&self, reliable: bool) {
        if let Some(demands) = &self.demands {
            demands.reliable(reliable);
        }
    }

    /// The network began, or ceased, to make replies late.
    pub(super) fn reordering(&self, reordering: bool) {
        if let Some(demands) = &self.demands {
            demands.reordering(reordering);
        }
    }

    /// The current thread is about to make a call into an instance, which must return at once.
    pub(super) fn calls(&self, server: ServerId, call: &'static str) {
        if let Some(demands) = &self.demands {
            demands.calls(server, call);
        }
    }

    /// The call has returned.
    pub(super) fn returned(&self) {
        if let Some(demands) = &self.demands {
            demands.returned();
        }
    }

    /// An instance is about to be made.
    pub(super) fn starts(&self, life: Life) {
        self.safety.starts(life);
        if let Some(demands) = &self.demands {
            demands.starts(life);
        }
    }

    /// The instance lets us look inside.
    pub(super) fn opens(&self, life: Life) {
        self.safety.opens(life);
    }

    /// Somebody else has found a violation: ends the test.
    pub(super) fn violated(&self, violation: &Violation) -> ! {
        self.safety.fail(violation)
    }

    /// A life is over. Comes before its storage is copied: what was seen of it before is in the copy.
    pub(super) fn crashes(&self, life: Life) {
        self.safety.crashes(life);
        if let Some(demands) = &self.demands {
            demands.crashes(life);
        }
    }

    /// A request leaves; it may reach nobody.
    pub(super) fn sent(&self, from: Life, to: ServerId, call: u32, request: &Request<'_>) {
        story::sent(from.server, to, call, request);
        if self.tapped {
            self.safety.sent(from, request);
        }
        if let Some(demands) = &self.demands {
            demands.sent(from, to, request);
        }
    }

    /// A vote in `term` comes to the candidate that asked for it, which has not seen it yet.
    pub(super) fn vote_comes(&self, to: Life, voter: ServerId, term: Term) {
        if self.tapped {
            self.safety.vote_comes(to, voter, term);
        }
    }

    /// The news that a follower holds the log of the leader of `term` up to `index` comes to that leader,
    /// which has not seen it yet.
    pub(super) fn acknowledgement_comes(
        &self,
        to: Life,
        follower: ServerId,
        term: Term,
        index: LogIndex,
    ) {
        if self.tapped {
            self.safety.acknowledgement_comes(to, follower, term, index);
        }
    }

    /// A handler is about to run. What is returned comes back when it has ended.
    pub(super) fn begins(&self, at: Life, request: &Request<'_>) -> u64 {
        if self.tapped { self.safety.begins(at, request) } else { 0 }
    }

    /// A handler has ended, and nobody has seen its answer yet.
    pub(super) fn handled(
        &self,
        at: Life,
        ticket: u64,
        call: u32,
        request: &Request<'_>,
        reply: &Reply,
    ) {
        story::answered(at.server, call, reply);
        if self.tapped {
            self.safety.handled(at, ticket, request, reply);
        }
        if let Some(demands) = &self.demands {
            demands.handled(at, request, reply);
        }
    }

    /// A handler of an open instance has ended: a moment to look inside.
    pub(super) fn look(&self, at: Life, internals: &Arc<dyn RaftInternals>) {
        if self.tapped {
            self.safety.look(at, internals);
        }
    }

    /// A call into the instance is about to be made, whose answer will show a term. What is returned
    /// goes into [`state`](Self::state) or [`accepted`](Self::accepted).
    pub(super) fn asks(&self, life: Life) -> Term {
        self.safety.asks(life)
    }

    /// The instance has said its term and whether it leads it.
    pub(super) fn state(&self, life: Life, asked: Term, term: Term, leads: bool) {
        self.safety.state(life, asked, term, leads);
        if let Some(demands) = &self.demands {
            demands.state(life, term, leads);
        }
    }

    /// The instance has accepted a command as leader.
    pub(super) fn accepted(&self, life: Life, asked: Term, command: &Command, started: Started) {
        self.safety.accepted(life, asked, command, started);
        if let Some(demands) = &self.demands {
            demands.accepted(life, started);
        }
    }

    /// The instance has applied a command.
    pub(super) fn applied(&self, life: Life, index: LogIndex, command: &Command) {
        self.safety.applied(life, index, command);
        if let Some(demands) = &self.demands {
            demands.applied();
        }
    }
}
