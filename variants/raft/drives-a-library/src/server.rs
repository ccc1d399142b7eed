//! What clients and peers call.

use std::sync::Arc;

use contracts::raft::{Command, Config, Raft, SERVICE, Started, Term};
use labrpc::Service;
use labrt::channel::{self, Sender};
use labrt::sync::Mutex;
use labrt::thread;

use crate::applier::apply_all;
use crate::event::Event;
use crate::node::Node;
use crate::peers::Peers;
use crate::wire::{METHOD, Packet, pack, unpack_one};

/// A Raft server: the way to its event loop.
#[derive(Debug)]
pub struct Server {
    inbox: Sender<Event>,
    /// Current term, and whether the server leads it.
    status: Arc<Mutex<(Term, bool)>>,
}

impl Server {
    /// Asks the event loop; `None` once the server was killed.
    fn ask<T>(&self, event: impl FnOnce(Sender<T>) -> Event) -> Option<T> {
        let (answer, answered) = channel::bounded(1);
        self.inbox.send(event(answer)).ok()?;
        answered.recv().ok()
    }

    /// Handles a message of another server; what there is to answer.
    fn step(&self, packet: &[u8]) -> Vec<Packet> {
        let message = unpack_one(packet);
        let answers = self.ask(|answer| Event::Asked(message, answer)).unwrap_or_default();
        answers.iter().map(pack).collect()
    }
}

impl Raft for Server {
    fn make(config: Config) -> Arc<Self> {
        let Config { peers, me, persister, apply } = config;
        let servers = peers.len();
        let (inbox, events) = channel::unbounded();
        let (committed, to_apply) = channel::unbounded();
        let peers = Peers::new(peers, inbox.clone());
        let node = Node::new(me, servers, persister, peers, committed);
        let status = node.status();
        thread::Builder::new().name("event loop").spawn(move || node.run(events));
        thread::Builder::new().name("applier").spawn(move || apply_all(to_apply, apply));
        Arc::new(Self { inbox, status })
    }

    fn start(&self, command: Command) -> Option<Started> {
        self.ask(|answer| Event::Proposed(command, answer)).flatten()
    }

    fn state(&self) -> (Term, bool) {
        *self.status.lock()
    }

    fn kill(&self) {
        // The loop may have ended before.
        let _ = self.inbox.send(Event::Killed);
    }

    fn services(self: Arc<Self>) -> Vec<Service> {
        vec![Service::new(SERVICE).method(METHOD, move |packet: Packet| self.step(&packet))]
    }
}
