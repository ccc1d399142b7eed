//! What a course demands of a Raft beyond its correctness, measured from what it really does.
//!
//! | module | what |
//! | --- | --- |
//! | [`values`] | the demands of each course |
//! | `up` | who is up and can talk, and since when |
//! | `at_once` | calls that must return at once send no RPC themselves |
//! | `heartbeats` | how many requests a leader sends while nothing happens |
//! | `succession` | how soon a majority that can talk has a new leader |
//! | `winner` | whether a winner's first message leaves at once |
//!
//! Each of these is told what happens and when, and has no clock of its own. Nothing here is a point of
//! choice, so a run with demands is the same run as one without.

mod at_once;
mod heartbeats;
mod succession;
mod up;
pub mod values;
mod winner;

use std::fmt;

use contracts::raft::{ServerId, Started, Term};
use labrt::time::Duration;
use labrt::{thread, world};

use super::observe::Life;
use super::traffic::{Reply, Request};
use crate::bookkeeping::Lock;
use crate::{Context, Failure, Kind, Watched};

use at_once::Calls;
use heartbeats::Heartbeats;
use succession::Succession;
use up::Up;
pub use values::{Demands, Severity};
use winner::Winner;

/// Watches one cluster for what is demanded of it.
#[derive(Debug)]
pub(super) struct Watcher {
    ctx: Context,
    demands: Demands,
    state: Lock<State>,
}

/// What is known of the cluster; each part is there if it is demanded.
#[derive(Debug)]
struct State {
    up: Up,
    calls: Calls,
    heartbeats: Option<Heartbeats>,
    succession: Option<Succession>,
    winner: Option<Winner>,
}

/// What was found wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Finding {
    severity: Severity,
    kind: Kind,
    message: String,
}

impl Watcher {
    /// Watches a cluster of this many servers that has not started yet, on a network that is
    /// `reliable` or not.
    pub(super) fn new(ctx: &Context, demands: Demands, servers: usize, reliable: bool) -> Self {
        let now = world::elapsed();
        let jitter = match world::clock() {
            labrt::Clock::Sim => 0,
            labrt::Clock::Real => heartbeats::JITTER,
        };
        let state = State {
            up: Up::new(servers, reliable, now),
            calls: Calls::default(),
            heartbeats: demands.requests_per_s.map(|per_s| Heartbeats::new(servers, per_s, jitter)),
            succession: demands.leader_within.map(Succession::new),
            winner: demands.first_message_within.map(|within| Winner::new(servers, within)),
        };
        Self { ctx: ctx.clone(), demands, state: Lock::new(state) }
    }

    /// How closely the run was watched so far.
    pub(super) fn watched(&self) -> Vec<Watched> {
        let Some(state) = self.state.try_lock() else {
            return Vec::new();
        };
        let heartbeats = state.heartbeats.as_ref().map(Heartbeats::watched);
        heartbeats.into_iter().chain(state.succession.as_ref().map(Succession::watched)).collect()
    }

    pub(super) fn starts(&self, life: Life) {
        self.note(|state, now| state.changes(now, |up| up.runs(life.server, true)));
    }

    pub(super) fn crashes(&self, life: Life) {
        self.note(|state, now| state.changes(now, |up| up.runs(life.server, false)));
    }

    pub(super) fn connects(&self, server: ServerId, connected: bool) {
        self.note(|state, now| state.changes(now, |up| up.connects(server, connected)));
    }

    pub(super) fn reliable(&self, reliable: bool) {
        self.note(|state, now| state.changes(now, |up| up.reliable(reliable)));
    }

    pub(super) fn reordering(&self, reordering: bool) {
        self.note(|state, now| state.changes(now, |up| up.reordering(reordering)));
    }

    /// The current thread is about to make a call that must return at once.
    pub(super) fn calls(&self, server: ServerId, call: &'static str) {
        self.note(|state, _| state.calls.begins(thread::ordinal(), server, call));
    }

    /// The call of the current thread has returned.
    pub(super) fn returned(&self) {
        self.note(|state, _| state.calls.ends(thread::ordinal()));
    }

    pub(super) fn sent(&self, from: Life, to: ServerId, request: &Request<'_>) {
        self.judge(|state, now| match state.calls.sent(thread::ordinal, to, request) {
            Some(found) => Err(Finding::check(self.demands.at_once, found)),
            None => state.sent(from.server, to, request, now),
        });
    }

    pub(super) fn handled(&self, at: Life, request: &Request<'_>, reply: &Reply) {
        self.note(|state, now| state.handled(at.server, request, reply, now));
    }

    pub(super) fn state(&self, life: Life, term: Term, leads: bool) {
        self.note(|state, now| {
            if leads {
                state.leads(life.server, term, now);
            }
        });
    }

    pub(super) fn accepted(&self, life: Life, started: Started) {
        self.note(|state, now| {
            state.leads(life.server, started.term, now);
            state.disturbed(now);
        });
    }

    pub(super) fn applied(&self) {
        self.note(State::disturbed);
    }

    /// Takes in what has just happened.
    fn note(&self, what: impl FnOnce(&mut State, Duration)) {
        self.judge(|state, now| {
            what(state, now);
            Ok(())
        });
    }

    /// Judges what has just happened, after what should have happened before it.
    fn judge(&self, what: impl FnOnce(&mut State, Duration) -> Result<(), Finding>) {
        let found = {
            let mut state = self.state.lock();
            // Under the lock, so that moments come in their order.
            let now = world::elapsed();
            let late = state.late(&self.ctx, now);
            late.and_then(|()| what(&mut state, now))
        };
        if let Err(found) = found {
            found.report(&self.ctx);
        }
    }
}

impl State {
    /// The driver changes who can talk.
    fn changes(&mut self, now: Duration, change: impl FnOnce(&mut Up)) {
        let changed = self.up.change(now, change);
        if let Some(heartbeats) = &mut self.heartbeats {
            heartbeats.fault(now, self.up.is_reliable());
        }
        if let Some(succession) = self.succession.as_mut().filter(|_| changed) {
            succession.changed(&self.up);
        }
        if let Some(winner) = self.winner.as_mut().filter(|_| changed) {
            winner.changed();
        }
    }

    /// Something other than a heartbeat is to be sent.
    fn disturbed(&mut self, now: Duration) {
        if let Some(heartbeats) = &mut self.heartbeats {
            heartbeats.disturbed(now);
        }
    }

    /// A server has shown that it leads a term.
    fn leads(&mut self, server: ServerId, term: Term, now: Duration) {
        if let Some(heartbeats) = &mut self.heartbeats {
            heartbeats.leads(server, term, now);
        }
    }

    fn sent(
        &mut self,
        from: ServerId,
        to: ServerId,
        request: &Request<'_>,
        now: Duration,
    ) -> Result<(), Finding> {
        if let Request::Vote(_) = request {
            self.disturbed(now);
        } else if let Some(winner) = &mut self.winner {
            winner.sent(from);
        }
        match &mut self.heartbeats {
            Some(heartbeats) if from != to && self.up.is_up(from) && self.up.is_up(to) => {
                heartbeats
                    .sent(from, to, now)
                    .map_err(|found| Finding::check(Severity::Failure, found))
            }
            _ => Ok(()),
        }
    }

    fn handled(&mut self, at: ServerId, request: &Request<'_>, reply: &Reply, now: Duration) {
        if let Some(succession) = &mut self.succession {
            succession.handled(at, request, reply, &self.up, now);
        }
        if let Some(winner) = &mut self.winner {
            winner.handled(at, request, reply, &self.up, now);
        }
        if let Some(heartbeats) = &mut self.heartbeats
            && let (Request::Append(append), Reply::Append(reply)) = (request, reply)
        {
            if reply.term == append.term && append.leader != at {
                heartbeats.leads(append.leader, append.term, now);
            }
            heartbeats.replicated(at, append, reply.success, now);
        }
    }

    /// What should have happened by now. Nothing watches the clock: it is looked at whenever anything
    /// happens, and the driver's looks at its servers are never far apart.
    fn late(&mut self, ctx: &Context, now: Duration) -> Result<(), Finding> {
        if let Some(late) = self.winner.as_mut().and_then(|winner| winner.late(now)) {
            ctx.warn(late);
        }
        match self.succession.as_ref().and_then(|succession| succession.late(&self.up, now)) {
            None => Ok(()),
            Some(message) => {
                Err(Finding { severity: Severity::Failure, kind: Kind::Liveness, message })
            }
        }
    }
}

impl Finding {
    fn check(severity: Severity, message: String) -> Self {
        Self { severity, kind: Kind::Check, message }
    }

    fn report(self, ctx: &Context) {
        match self.severity {
            Severity::Warning => ctx.warn(self.message),
            Severity::Failure => ctx.fail(Failure { kind: self.kind, ..ctx.failure(self.message) }),
        }
    }
}

/// A moment or a time for people: "3.250 s".
struct Seconds(Duration);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3} s", self.0.as_secs_f64())
    }
}
