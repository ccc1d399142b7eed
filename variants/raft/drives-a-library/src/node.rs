//! The event loop, which owns the library's state.

use std::ops::ControlFlow;
use std::sync::Arc;

use contracts::raft::{ApplyMsg, Command, Persister, ServerId, Started, Term};
use labrt::channel::{self, Receiver, Sender};
use labrt::select;
use labrt::sync::Mutex;
use raft::eraftpb::{Entry, Message};
use raft::storage::MemStorage;
use raft::{Config, RawNode, Ready, StateRole};
use slog::{Discard, Logger, o};

use crate::ballots::Ballots;
use crate::event::Event;
use crate::peers::Peers;
use crate::position::Position;
use crate::stable::Stable;
use crate::timer::tick;
use crate::timing::{ELECTION, HEARTBEAT, MAX_APPEND_BYTES, MAX_APPENDS, TICK};
use crate::wire::{data_of, is_answer, node_of};

/// The library's node, and all that it needs.
pub(crate) struct Node {
    raw: RawNode<MemStorage>,
    stable: Stable,
    peers: Peers,
    ballots: Ballots,
    applied: Position,
    committed: Sender<ApplyMsg>,
    /// What others may know: nothing that is not saved yet.
    status: Arc<Mutex<(Term, bool)>>,
}

fn config(me: ServerId) -> Config {
    Config {
        id: node_of(me),
        election_tick: ELECTION.start,
        min_election_tick: ELECTION.start,
        max_election_tick: ELECTION.end,
        heartbeat_tick: HEARTBEAT,
        max_size_per_msg: MAX_APPEND_BYTES,
        max_inflight_msgs: MAX_APPENDS,
        check_quorum: true,
        pre_vote: true,
        // Followers hear of a commit with the next message. One of its own would double the number of calls.
        skip_bcast_commit: true,
        ..Config::default()
    }
}

impl Node {
    /// Server `me` of as many `servers`, with what its persister holds.
    pub(crate) fn new(
        me: ServerId,
        servers: usize,
        persister: Persister,
        peers: Peers,
        committed: Sender<ApplyMsg>,
    ) -> Self {
        let (stable, hard_state, entries) = Stable::restore(persister);
        let everybody: Vec<u64> = (0..servers).map(node_of).collect();
        let storage = MemStorage::new_with_conf_state((everybody, Vec::new()));
        storage.wl().append(&entries).expect("a log without a gap");
        storage.wl().set_hardstate(hard_state);
        let logger = Logger::root(Discard, o!());
        let raw = RawNode::new(&config(me), storage, &logger).expect("a valid configuration");
        let status = Arc::new(Mutex::new((raw.raft.term, false)));
        Self {
            raw,
            stable,
            peers,
            ballots: Ballots::default(),
            applied: Position::default(),
            committed,
            status,
        }
    }

    /// The server's term, and whether it leads, from now on.
    pub(crate) fn status(&self) -> Arc<Mutex<(Term, bool)>> {
        Arc::clone(&self.status)
    }

    /// Handles `events`, and lets time pass, until the server is killed.
    pub(crate) fn run(mut self, events: Receiver<Event>) {
        let ticks = channel::tick(TICK);
        let mut flow = ControlFlow::Continue(());
        while flow.is_continue() {
            select! {
                recv(events) -> event => flow = self.handle(event.unwrap_or(Event::Killed)),
                recv(ticks) -> _ => {
                    tick(&mut self.raw);
                    self.settle_and_send();
                    self.ask_again();
                }
            }
        }
        self.status.lock().1 = false;
    }

    fn handle(&mut self, event: Event) -> ControlFlow<()> {
        // Who asked may have gone: that an answer finds nobody is no error.
        match event {
            Event::Proposed(command, answer) => {
                let started = self.propose(&command);
                self.settle_and_send();
                let _ = answer.send(started);
            }
            Event::Asked(message, answer) => {
                let _ = answer.send(self.answer(message));
            }
            Event::Answered(peer, answers) => {
                self.peers.call_ended(peer);
                for message in answers {
                    self.ballots.close(&message);
                    self.step(message);
                }
                self.settle_and_send();
            }
            Event::Failed(peer) => {
                self.peers.call_ended(peer);
                self.raw.report_unreachable(node_of(peer));
                self.settle_and_send();
            }
            Event::Killed => return ControlFlow::Break(()),
        }
        ControlFlow::Continue(())
    }

    /// Appends a client's command, if this server leads.
    fn propose(&mut self, command: &Command) -> Option<Started> {
        // Any other would forward it to the leader.
        if self.raw.raft.state != StateRole::Leader {
            return None;
        }
        self.raw.propose(Vec::new(), data_of(command)).ok()?;
        let index = self.applied.last_command(&self.raw.raft.raft_log);
        Some(Started { index, term: self.raw.raft.term })
    }

    /// Handles the message of a server that waits; its answers. Anything else leaves in calls of its own.
    fn answer(&mut self, message: Message) -> Vec<Message> {
        let asker = message.from;
        self.step(message);
        let messages = self.settle();
        let (answers, others): (Vec<_>, Vec<_>) =
            messages.into_iter().partition(|message| message.to == asker && is_answer(message));
        self.send(&others);
        answers
    }

    fn step(&mut self, message: Message) {
        // What the library does not want, as an answer to what it no longer asks, is nothing to us.
        let _ = self.raw.step(message);
    }

    fn settle_and_send(&mut self) {
        let messages = self.settle();
        self.send(&messages);
    }

    /// Asks those voters again that have not answered.
    fn ask_again(&mut self) {
        let role = self.raw.raft.state;
        self.ballots.tick(role).iter().for_each(|ballot| self.peers.send(ballot));
    }

    fn send(&mut self, messages: &[Message]) {
        self.ballots.note(messages);
        messages.iter().for_each(|message| self.peers.send(message));
    }

    /// Does what the library has for us to do. What it returns may leave now that everything is saved.
    fn settle(&mut self) -> Vec<Message> {
        let mut messages = Vec::new();
        while self.raw.has_ready() {
            let mut ready = self.raw.ready();
            self.save(&ready);
            messages.extend(ready.take_messages());
            messages.extend(ready.take_persisted_messages());
            self.apply(&ready.take_committed_entries());
            let mut rest = self.raw.advance(ready);
            messages.extend(rest.take_messages());
            self.apply(&rest.take_committed_entries());
        }
        *self.status.lock() = (self.raw.raft.term, self.raw.raft.state == StateRole::Leader);
        messages
    }

    /// Saves term, vote and log, if they are others than before.
    fn save(&mut self, ready: &Ready) {
        let mut storage = self.raw.store().wl();
        if let Some(hard_state) = ready.hs() {
            storage.set_hardstate(hard_state.clone());
        }
        storage.append(ready.entries()).expect("a log without a gap");
        self.stable.append(ready.entries());
        if ready.must_sync() {
            self.stable.save(storage.hard_state());
        }
    }

    fn apply(&mut self, entries: &[Entry]) {
        for message in entries.iter().filter_map(|entry| self.applied.pass(entry)) {
            // The applier has ended when nobody listens to it.
            let _ = self.committed.send(message);
        }
    }
}
