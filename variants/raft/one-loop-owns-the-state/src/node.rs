//! The loop, and the state that only the loop sees.

use std::collections::{BTreeMap, BTreeSet};

use contracts::raft::{ApplyMsg, LogIndex, ServerId, Term};
use labrt::channel::{Receiver, RecvTimeoutError, Sender};
use labrt::time::Instant;
use rand::RngExt;
use tracing::debug;

use crate::calls::Calls;
use crate::event::Event;
use crate::log::Log;
use crate::peer::Peer;
use crate::stable::Stable;
use crate::timing::{ELECTION_TIMEOUT, MAX_APPLY};

/// What a server does at the moment (Figure 4).
#[derive(Debug)]
pub(crate) enum Role {
    Follower,
    /// Has these votes, its own among them.
    Candidate(BTreeSet<ServerId>),
    /// Has this view of the other servers.
    Leader(BTreeMap<ServerId, Peer>),
}

/// A server's state.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) me: ServerId,
    pub(crate) stable: Stable,
    pub(crate) role: Role,
    pub(crate) commit_index: LogIndex,
    pub(crate) calls: Calls,
    /// When it stands for election, unless it leads.
    election_at: Instant,
    /// The last entry that the applier was given, and whether it wants more.
    given: LogIndex,
    applier_idle: bool,
    applier: Sender<Vec<ApplyMsg>>,
}

impl Node {
    /// A follower with what `stable` holds.
    pub(crate) fn new(
        me: ServerId,
        stable: Stable,
        calls: Calls,
        applier: Sender<Vec<ApplyMsg>>,
    ) -> Self {
        Self {
            me,
            stable,
            role: Role::Follower,
            commit_index: 0,
            calls,
            election_at: election_deadline(),
            given: 0,
            applier_idle: true,
            applier,
        }
    }

    /// Takes events until the server is killed. Between two of them it does whatever has become due.
    pub(crate) fn run(mut self, inbox: &Receiver<Event>) {
        loop {
            self.act(Instant::now());
            let event = match self.deadline() {
                Some(deadline) => {
                    inbox.recv_timeout(deadline.saturating_duration_since(Instant::now()))
                }
                None => inbox.recv().map_err(RecvTimeoutError::from),
            };
            match event {
                Ok(Event::Kill) | Err(RecvTimeoutError::Disconnected) => return,
                Ok(event) => self.handle(event),
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    fn handle(&mut self, event: Event) {
        match event {
            Event::RequestVote(args, answer) => {
                let reply = self.request_vote(&args);
                self.answer(&answer, reply);
            }
            Event::AppendEntries(args, answer) => {
                let reply = self.append_entries(args);
                self.answer(&answer, reply);
            }
            Event::Start(command, answer) => {
                let started = self.start(command);
                self.answer(&answer, started);
            }
            Event::State(answer) => self.answer(&answer, (self.term(), self.is_leader())),
            Event::Voted { from, term, reply } => {
                self.calls.ended(from);
                if let Some(reply) = reply {
                    self.count_vote(from, term, &reply);
                }
            }
            Event::Appended { from, sent, reply } => {
                self.calls.ended(from);
                self.appended(from, sent, reply.as_ref());
            }
            Event::ApplierIdle => self.applier_idle = true,
            Event::Kill => unreachable!("ends the loop"),
        }
    }

    /// Answers somebody, who must not hear of anything that a crash could undo.
    fn answer<T>(&mut self, to: &Sender<T>, reply: T) {
        self.stable.save();
        // Who asked may have been killed meanwhile.
        let _ = to.send(reply);
    }

    /// Does what is due.
    fn act(&mut self, now: Instant) {
        if !self.is_leader() && now >= self.election_at {
            self.stand_for_election();
        }
        self.stable.save();
        self.send_due_appends(now);
        self.feed_applier();
    }

    /// When something will be due, if nothing happens before.
    fn deadline(&self) -> Option<Instant> {
        if self.is_leader() { self.next_append() } else { Some(self.election_at) }
    }

    fn feed_applier(&mut self) {
        if !self.applier_idle || self.given == self.commit_index {
            return;
        }
        let first = self.given + 1;
        let count = (self.commit_index - self.given).min(MAX_APPLY as u64) as usize;
        let entries = (first..).zip(self.log().from(first, count));
        let batch = entries
            .map(|(index, entry)| ApplyMsg { index, command: entry.command.clone() })
            .collect();
        self.given += count as LogIndex;
        self.applier_idle = false;
        // Fails when nobody takes what is applied any more.
        let _ = self.applier.send(batch);
    }

    pub(crate) fn term(&self) -> Term {
        self.stable.term()
    }

    pub(crate) fn log(&self) -> &Log {
        self.stable.log()
    }

    pub(crate) fn is_leader(&self) -> bool {
        matches!(self.role, Role::Leader(_))
    }

    /// The numbers of the other servers.
    pub(crate) fn others(&self) -> impl Iterator<Item = ServerId> + use<> {
        let me = self.me;
        (0..self.calls.servers()).filter(move |id| *id != me)
    }

    pub(crate) fn majority(&self) -> usize {
        self.calls.servers() / 2 + 1
    }

    /// First rule for all servers in Figure 2 (§5.1).
    pub(crate) fn observe_term(&mut self, term: Term) {
        if term > self.term() {
            self.stable.enter(term);
            self.follow();
        }
    }

    /// Becomes a follower. A leader's timer stood still, so it starts anew.
    pub(crate) fn follow(&mut self) {
        if self.is_leader() {
            debug!(server = self.me, term = self.term(), "no longer leads");
            self.restart_timer();
        }
        self.role = Role::Follower;
    }

    pub(crate) fn restart_timer(&mut self) {
        self.election_at = election_deadline();
    }
}

/// Drawn afresh each time, so that servers rarely stand together (§5.2).
fn election_deadline() -> Instant {
    Instant::now() + labrt::rand::rng().random_range(ELECTION_TIMEOUT)
}
