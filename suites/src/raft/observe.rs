//! Everything that can be seen of a cluster, told to those who watch the whole run.
//!
//! Observers run on the thread on which something happens, and never wait: they are no point of choice.
//! What they find wrong ends the test at once.

use contracts::raft::{Command, LogIndex, ServerId, Started, Term};

use super::safety::Safety;
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
    safety: Option<Safety>,
}

impl Observers {
    /// Nobody, or whoever watches for properties.
    pub(super) fn new(safety: Option<Safety>) -> Self {
        Self { safety }
    }

    /// Whether anybody watches: for properties, or to write it down.
    pub(super) fn watch(&self) -> bool {
        self.safety.is_some() || labrt::trace::is_full()
    }

    /// How closely the run was watched so far.
    pub(super) fn watched(&self) -> Vec<Watched> {
        self.safety.as_ref().map(Safety::watched).unwrap_or_default()
    }

    /// An instance is about to be made.
    pub(super) fn starts(&self, life: Life) {
        if let Some(safety) = &self.safety {
            safety.starts(life);
        }
    }

    /// A life is over. Comes before its storage is copied: what was seen of it before is in the copy.
    pub(super) fn crashes(&self, life: Life) {
        if let Some(safety) = &self.safety {
            safety.crashes(life);
        }
    }

    /// A request leaves; it may reach nobody.
    pub(super) fn sent(&self, from: Life, to: ServerId, call: u32, request: &Request<'_>) {
        story::sent(from.server, to, call, request);
        if let Some(safety) = &self.safety {
            safety.sent(from, to, call, request);
        }
    }

    /// A handler is about to run. What is returned comes back when it has ended.
    pub(super) fn begins(&self, at: Life, request: &Request<'_>) -> u64 {
        self.safety.as_ref().map_or(0, |safety| safety.begins(at, request))
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
        if let Some(safety) = &self.safety {
            safety.handled(at, ticket, call, request, reply);
        }
    }

    /// A call into the instance is about to be made, whose answer will show a term. What is returned
    /// goes into [`state`](Self::state) or [`accepted`](Self::accepted).
    pub(super) fn asks(&self, life: Life) -> Term {
        self.safety.as_ref().map_or(0, |safety| safety.asks(life))
    }

    /// The instance has said its term and whether it leads it.
    pub(super) fn state(&self, life: Life, asked: Term, term: Term, leads: bool) {
        if let Some(safety) = &self.safety {
            safety.state(life, asked, term, leads);
        }
    }

    /// The instance has accepted a command as leader.
    pub(super) fn accepted(&self, life: Life, asked: Term, command: &Command, started: Started) {
        if let Some(safety) = &self.safety {
            safety.accepted(life, asked, command, started);
        }
    }

    /// The instance has applied a command.
    pub(super) fn applied(&self, life: Life, index: LogIndex, command: &Command) {
        if let Some(safety) = &self.safety {
            safety.applied(life, index, command);
        }
    }
}
