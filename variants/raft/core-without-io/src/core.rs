//! The state of a server and its one entrance.

use std::collections::{BTreeMap, BTreeSet};

use contracts::raft::{ApplyMsg, LogIndex, ServerId};
use labrt::time::Duration;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::durable::Durable;
use crate::message::{Action, Answer, Event, Exchange, Request};
use crate::progress::Progress;
use crate::timing::{ELECTION_TIMEOUT, MAX_APPLY, MAX_CALLS};

/// A role, with what only this role knows (Figure 4).
#[derive(Debug)]
pub(crate) enum Role {
    Follower,
    Candidate { votes: BTreeSet<ServerId> },
    Leader { followers: BTreeMap<ServerId, Progress> },
}

/// A server. Times count from its start.
#[derive(Debug)]
pub(crate) struct Core {
    pub(crate) me: ServerId,
    pub(crate) others: Vec<ServerId>,
    pub(crate) durable: Durable,
    pub(crate) role: Role,
    pub(crate) commit_index: LogIndex,
    pub(crate) last_applied: LogIndex,
    /// The end of what the state machine was given and has not taken yet.
    applying: Option<LogIndex>,
    /// When a server that does not lead stands for election.
    pub(crate) election_at: Duration,
    /// The time of the current step.
    pub(crate) now: Duration,
    /// How many requests to each server are not answered.
    calls: BTreeMap<ServerId, usize>,
    actions: Vec<Action>,
    random: StdRng,
}

impl Core {
    /// A follower at time zero.
    pub(crate) fn new(me: ServerId, others: Vec<ServerId>, durable: Durable, seed: u64) -> Self {
        let mut core = Self {
            me,
            calls: others.iter().map(|id| (*id, 0)).collect(),
            others,
            durable,
            role: Role::Follower,
            commit_index: 0,
            last_applied: 0,
            applying: None,
            election_at: Duration::ZERO,
            now: Duration::ZERO,
            actions: Vec::new(),
            random: StdRng::seed_from_u64(seed),
        };
        core.restart_timer();
        core
    }

    /// What is to be done because of `event`, which happens `now`.
    pub(crate) fn step(&mut self, event: Event, now: Duration) -> Vec<Action> {
        self.now = now;
        match event {
            Event::Tick if !self.is_leader() && now >= self.election_at => self.stand(),
            Event::Tick => {}
            Event::Start(command) => {
                let started = self.start(command);
                self.answer(Answer::Started(started));
            }
            Event::RequestVote(args) => {
                let reply = self.request_vote(&args);
                self.answer(Answer::Vote(reply));
            }
            Event::AppendEntries(args) => {
                let reply = self.append_entries(&args);
                self.answer(Answer::Append(reply));
            }
            Event::Answered { from, exchange } => self.answered(from, exchange),
            Event::Applied(index) => {
                self.last_applied = index;
                self.applying = self.applying.filter(|last| *last > index);
            }
        }
        self.send_due();
        self.apply_more();
        self.take_actions()
    }

    /// When there is something to do even if nothing happens; `None` for never.
    pub(crate) fn next_deadline(&self) -> Option<Duration> {
        match &self.role {
            Role::Leader { followers } => {
                let callable = followers.iter().filter(|(id, _)| self.may_call(**id));
                callable.map(|(_, follower)| follower.due(self.durable.last_index())).min()
            }
            _ => Some(self.election_at),
        }
    }

    fn answered(&mut self, from: ServerId, exchange: Exchange) {
        self.calls.entry(from).and_modify(|calls| *calls -= 1);
        match exchange {
            Exchange::Vote(args, Some(reply)) => self.handle_vote_reply(from, &args, &reply),
            Exchange::Vote(_, None) => {}
            Exchange::Append(args, Some(reply)) => self.handle_append_reply(from, &args, &reply),
            Exchange::Append(args, None) => self.handle_no_append_reply(from, &args),
        }
    }

    /// Gives the state machine more, once it has taken what it had.
    fn apply_more(&mut self) {
        if self.applying.is_some() || self.last_applied == self.commit_index {
            return;
        }
        let first = self.last_applied + 1;
        let committed = (self.commit_index - self.last_applied) as usize;
        let entries = self.durable.entries_from(first).iter().take(committed.min(MAX_APPLY));
        let messages: Vec<_> = (first..)
            .zip(entries)
            .map(|(index, entry)| ApplyMsg { index, command: entry.command.clone() })
            .collect();
        self.applying = messages.last().map(|message| message.index);
        self.actions.push(Action::Apply(messages));
    }

    fn answer(&mut self, answer: Answer) {
        self.actions.push(Action::Answer(answer));
    }

    /// What was decided; what must survive comes first.
    pub(crate) fn take_actions(&mut self) -> Vec<Action> {
        let save = self.durable.take_change().map(Action::Save);
        save.into_iter().chain(self.actions.drain(..)).collect()
    }

    /// Whether one more request to `peer` is allowed: those to a server that never answers are bounded.
    pub(crate) fn may_call(&self, peer: ServerId) -> bool {
        self.calls[&peer] < MAX_CALLS
    }

    pub(crate) fn send(&mut self, peer: ServerId, request: Request) {
        self.calls.entry(peer).and_modify(|calls| *calls += 1);
        self.actions.push(Action::Send(peer, request));
    }

    pub(crate) fn is_leader(&self) -> bool {
        matches!(self.role, Role::Leader { .. })
    }

    pub(crate) fn majority(&self) -> usize {
        self.others.len().div_ceil(2) + 1
    }

    /// Starts the election timer anew, with another timeout each time (§5.2).
    pub(crate) fn restart_timer(&mut self) {
        self.election_at = self.now + self.random.random_range(ELECTION_TIMEOUT);
    }
}
