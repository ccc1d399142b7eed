//! The library's messages on their way to other servers.

use contracts::raft::ServerId;
use labrpc::ClientEnd;
use labrt::channel::Sender;
use labrt::thread;
use raft::eraftpb::Message;

use crate::event::Event;
use crate::timing::MAX_CALLS;
use crate::wire::{Packet, STEP, pack, server_of, unpack};

/// The way to each server, and how many calls are on it.
#[derive(Debug)]
pub(crate) struct Peers {
    ends: Vec<ClientEnd>,
    calls: Vec<usize>,
    inbox: Sender<Event>,
}

impl Peers {
    /// Calls go through `ends`; what comes of them, to `inbox`.
    pub(crate) fn new(ends: Vec<ClientEnd>, inbox: Sender<Event>) -> Self {
        Self { calls: vec![0; ends.len()], ends, inbox }
    }

    /// Sends `message` in a call of its own, on a thread of its own. It gets lost when too many are on their way already: a dead
    /// server must not collect threads, and the library sends again what got lost.
    pub(crate) fn send(&mut self, message: &Message) {
        let peer = server_of(message.to);
        if self.calls[peer] == MAX_CALLS {
            return;
        }
        self.calls[peer] += 1;
        let (end, inbox, packet) = (self.ends[peer].clone(), self.inbox.clone(), pack(message));
        thread::Builder::new().name("call").spawn(move || {
            let event = match end.call::<_, Vec<Packet>>(STEP, &packet) {
                Ok(answers) => Event::Answered(peer, unpack(&answers)),
                Err(_) => Event::Failed(peer),
            };
            // Nobody listens once the server was killed.
            let _ = inbox.send(event);
        });
    }

    /// A call to `peer` is over.
    pub(crate) fn call_ended(&mut self, peer: ServerId) {
        self.calls[peer] -= 1;
    }
}
