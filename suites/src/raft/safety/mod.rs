//! The properties that must hold at every moment of every run: Figure 3 of the paper, and what they
//! rest on.
//!
//! What a submission keeps to itself is judged from what it cannot hide: the requests that it sends, what
//! it answers, what it applies, and what it says when asked. What it opens
//! ([`Submission::open_raft`](contracts::Submission::open_raft)) is judged from its state as well.
//!
//! # Why there are no false alarms
//!
//! Servers work concurrently, so the order in which things are *seen* need not be the order in which
//! they took effect. Every check keeps to what follows all the same:
//!
//! - A handler's effect lies between its begin and its end. What is concluded from an answer is
//!   compared with what was known when the handler began, and only if nothing else has come meanwhile
//!   that could have changed it.
//! - A request may leave long after it was put together. It tells of the sender's log *as leader, or
//!   candidate, of its term*, never of the log now.
//! - An answer is seen before anybody gets it, and a crash is seen before the storage is copied. What
//!   was seen of a life before its crash is therefore in its storage. What comes between the two may be
//!   in it or not: it counts as something that may have changed the log, and never as something held.
//! - Messages of other methods may carry anything. Once one was seen, the checks that need the whole
//!   traffic stop, and their properties are *not observed*.
//!
//! | module | what |
//! | --- | --- |
//! | [`property`] | the properties, by name |
//! | `chain` | every entry seen, with the one before it: log matching |
//! | `server` | what was seen of one server, and of one leader |
//! | `terms`, `votes` | what servers say of terms, and whom they vote for |
//! | `leaders` | who leads, and what leaders do to their logs |
//! | `followers` | what followers acknowledge and refuse |
//! | `commits` | what is committed, by the paper's rule, and who says so |
//! | `heard` | what a server knows came to it in messages |
//! | `inside` | the state of open servers |
//! | `looks` | that no server is killed while somebody looks inside |
//! | `history` | the events that led to a violation |
//! | `coverage` | how closely a run was watched |
//! | `violation` | a property that did not hold |

mod chain;
mod commits;
mod coverage;
mod followers;
mod heard;
mod history;
mod inside;
mod leaders;
mod looks;
pub mod property;
mod server;
mod terms;
#[cfg(test)]
mod tests;
mod violation;
mod votes;

use std::collections::BTreeMap;
use std::fmt;
use std::ops::RangeInclusive;
use std::sync::Arc;

use contracts::raft::{Command, LogIndex, RaftInternals, ServerId, Started, Term};

use super::observe::Life;
use super::traffic::{Position, Reply, Request};
use crate::bookkeeping::Lock;
use crate::{Context, Failure, Kind, Watched, events};

use chain::Chain;
use commits::Commits;
use coverage::Coverage;
use history::{History, What};
use looks::Looks;
pub use property::Property;
use server::{Inside, Leader, Seen};
pub(super) use violation::{Verdict, Violation};

/// Watches one cluster for the properties.
pub struct Safety {
    ctx: Context,
    state: Lock<State>,
    looks: Looks,
}

/// Everything seen so far.
#[derive(Debug)]
struct State {
    /// Whether the traffic is seen; if not, only answers and applies are judged.
    tapped: bool,
    servers: Vec<Seen>,
    chain: Chain,
    leaders: BTreeMap<Term, Leader>,
    /// The end of each candidate's log, by term and candidate.
    candidates: BTreeMap<(Term, ServerId), Position>,
    /// What leaders told clients: the command at an index of a term.
    promises: BTreeMap<(LogIndex, Term), (ServerId, u64)>,
    commits: Commits,
    coverage: Coverage,
    history: History,
    next_ticket: u64,
}

impl fmt::Debug for Safety {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Safety").finish_non_exhaustive()
    }
}

impl Safety {
    /// Watches a cluster of this many servers that has not started yet.
    pub fn new(ctx: &Context, servers: usize) -> Self {
        let state = State::new(servers, ctx.checkers());
        Self { ctx: ctx.clone(), state: Lock::new(state), looks: Looks::new(servers) }
    }

    /// How closely the run was watched so far.
    pub fn watched(&self) -> Vec<Watched> {
        let state = self.state.try_lock();
        state.map_or_else(Vec::new, |state| state.coverage.watched(state.tapped))
    }

    /// In how many of `terms` `server` has asked for votes; none where that cannot be known.
    pub(super) fn stood_in(&self, server: ServerId, terms: RangeInclusive<Term>) -> Option<u64> {
        let state = self.state.lock();
        let stood = |term: &Term| state.candidates.contains_key(&(*term, server));
        state.sees_all().then(|| terms.filter(stood).count() as u64)
    }

    /// Looks at, or adds to, what was seen; a violation ends the test.
    fn with<T>(&self, f: impl FnOnce(&mut State) -> Verdict<T>) -> T {
        let verdict = f(&mut self.state.lock());
        verdict.unwrap_or_else(|violation| self.fail(&violation))
    }

    /// Ends the test with `violation` and the events that led to it.
    pub(super) fn fail(&self, violation: &Violation) -> ! {
        let details = self.state.lock().history.leading_to(violation);
        let kind = Kind::Safety(violation.property.name());
        let failure = Failure { kind, details, ..Failure::new(&violation.message) };
        self.ctx.fail(failure)
    }

    /// The same for what one life does; what is left of an earlier one does not count.
    fn with_living<T: Default>(&self, life: Life, f: impl FnOnce(&mut State) -> Verdict<T>) -> T {
        self.with(|state| if state.lives(life) { f(state) } else { Ok(T::default()) })
    }

    pub(super) fn starts(&self, life: Life) {
        self.with(|state| {
            state.starts(life);
            Ok(())
        });
    }

    pub(super) fn crashes(&self, life: Life) {
        self.with_living(life, |state| {
            state.crashes(life);
            Ok(())
        });
        self.looks.wait(life.server);
    }

    /// The life is open to [`look`](Self::look).
    pub(super) fn opens(&self, life: Life) {
        self.with_living(life, |state| {
            state.servers[life.server].inside = Some(Inside::default());
            Ok(())
        });
    }

    pub(super) fn sent(&self, from: Life, request: &Request<'_>) {
        self.with_living(from, |state| match request {
            Request::Vote(args) => state.asks_for_votes(from, args),
            Request::Append(append) => state.leader_sends(from.server, append),
            Request::Other(method) => {
                state.coverage.unknown_call(method);
                Ok(())
            }
        });
    }

    pub(super) fn vote_comes(&self, to: Life, voter: ServerId, term: Term) {
        self.with_living(to, |state| {
            state.vote_comes(to, voter, term);
            Ok(())
        });
    }

    pub(super) fn acknowledgement_comes(
        &self,
        to: Life,
        follower: ServerId,
        term: Term,
        index: LogIndex,
    ) {
        self.with_living(to, |state| {
            state.acknowledgement_comes(to, follower, term, index);
            Ok(())
        });
    }

    /// The ticket is the server's highest term so far for a ballot, and the number of the handling for
    /// an AppendEntries.
    pub(super) fn begins(&self, at: Life, request: &Request<'_>) -> u64 {
        self.with(|state| Ok(state.begins(at, request)))
    }

    pub(super) fn handled(&self, at: Life, ticket: u64, request: &Request<'_>, reply: &Reply) {
        self.with_living(at, |state| match (request, reply) {
            (Request::Vote(args), Reply::Vote(reply)) => state.ballot(at, ticket, args, reply),
            (Request::Append(append), Reply::Append(reply)) => {
                state.append_ends(at.server, ticket, append, reply)
            }
            (Request::Vote(_) | Request::Append(_), _) => {
                state.coverage.unknown_call("something else in reply");
                Ok(())
            }
            (Request::Other(_), _) => Ok(()),
        });
    }

    pub(super) fn asks(&self, life: Life) -> Term {
        self.with(|state| Ok(state.servers[life.server].term))
    }

    pub(super) fn state(&self, life: Life, asked: Term, term: Term, leads: bool) {
        self.with_living(life, |state| {
            state.says_term(life.server, asked, term)?;
            if leads { state.leads(life.server, term) } else { Ok(()) }
        });
    }

    pub(super) fn accepted(&self, life: Life, asked: Term, command: &Command, started: Started) {
        let command = events::command_hash(command);
        self.with_living(life, |state| {
            state.says_term(life.server, asked, started.term)?;
            state.leader_accepts(life.server, started, command)
        });
    }

    pub(super) fn applied(&self, life: Life, index: LogIndex, command: &Command) {
        self.with_living(life, |state| state.applies(life.server, index, command));
    }

    /// Looks into an open server, when that is due and it has not been killed.
    pub(super) fn look(&self, life: Life, internals: &Arc<dyn RaftInternals>) {
        let Some(before) = self.with_living(life, |state| Ok(state.look_is_due(life.server)))
        else {
            return;
        };
        let look = self.looks.begin(life.server);
        if !self.state.lock().lives(life) {
            return;
        }
        let inside = internals.state();
        drop(look);
        self.with_living(life, |state| state.looks(life, before, &inside));
    }
}

impl State {
    fn new(servers: usize, tapped: bool) -> Self {
        Self {
            tapped,
            servers: (0..servers).map(|_| Seen::default()).collect(),
            chain: Chain::default(),
            leaders: BTreeMap::new(),
            candidates: BTreeMap::new(),
            promises: BTreeMap::new(),
            commits: Commits::default(),
            coverage: Coverage::default(),
            history: History::default(),
            next_ticket: 0,
        }
    }

    fn starts(&mut self, life: Life) {
        let seen = &mut self.servers[life.server];
        seen.life = life.number;
        seen.alive = true;
        seen.term_at_start = seen.term;
        seen.handling.clear();
        seen.inside = None;
        self.history.add(life.server, What::Starts { life: life.number });
    }

    fn crashes(&mut self, life: Life) {
        self.servers[life.server].alive = false;
        self.history.add(life.server, What::Crashes);
    }

    fn lives(&self, life: Life) -> bool {
        let seen = &self.servers[life.server];
        seen.alive && seen.life == life.number
    }

    fn begins(&mut self, at: Life, request: &Request<'_>) -> u64 {
        match request {
            // Between the end of a life and the copy of its storage, what comes may still get into it.
            Request::Append(append) if self.servers[at.server].life == at.number => {
                self.append_comes(at.server, append)
            }
            Request::Vote(_) if self.lives(at) => self.servers[at.server].term,
            _ => 0,
        }
    }

    fn majority(&self) -> usize {
        self.servers.len() / 2 + 1
    }
}
