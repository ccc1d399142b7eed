//! Calls to other servers. Each waits on a thread of its own and comes back as an event.

use contracts::raft::{
    APPEND_ENTRIES, AppendEntriesArgs, LogIndex, REQUEST_VOTE, RequestVoteArgs, ServerId,
};
use labrpc::ClientEnd;
use labrt::channel::Sender;
use labrt::thread;

use crate::event::{Event, Sent};
use crate::timing::MAX_CALLS;

/// The way to the other servers.
#[derive(Debug)]
pub(crate) struct Calls {
    peers: Vec<ClientEnd>,
    /// How many calls to each server wait for an answer.
    outstanding: Vec<usize>,
    inbox: Sender<Event>,
}

impl Calls {
    /// None outstanding; answers go to `inbox`.
    pub(crate) fn new(peers: Vec<ClientEnd>, inbox: Sender<Event>) -> Self {
        Self { outstanding: vec![0; peers.len()], peers, inbox }
    }

    /// The size of the cluster.
    pub(crate) fn servers(&self) -> usize {
        self.peers.len()
    }

    /// Whether one more call to `peer` may begin: a server that never answers must not collect threads.
    pub(crate) fn may_call(&self, peer: ServerId) -> bool {
        self.outstanding[peer] < MAX_CALLS
    }

    /// A call to `peer` is over, answered or not.
    pub(crate) fn ended(&mut self, peer: ServerId) {
        self.outstanding[peer] -= 1;
    }

    /// Asks `peer` for its vote.
    pub(crate) fn request_vote(&mut self, peer: ServerId, args: RequestVoteArgs) {
        self.spawn(peer, move |end| {
            let reply = end.call(REQUEST_VOTE, &args).ok();
            Event::Voted { from: peer, term: args.term, reply }
        });
    }

    /// Sends `peer` entries.
    pub(crate) fn append_entries(&mut self, peer: ServerId, args: AppendEntriesArgs) {
        let (term, prev) = (args.term, args.prev_log_index);
        let sent = Sent { term, prev, last: prev + args.entries.len() as LogIndex };
        self.spawn(peer, move |end| {
            let reply = end.call(APPEND_ENTRIES, &args).ok();
            Event::Appended { from: peer, sent, reply }
        });
    }

    fn spawn(&mut self, peer: ServerId, call: impl FnOnce(&ClientEnd) -> Event + Send + 'static) {
        self.outstanding[peer] += 1;
        let (end, inbox) = (self.peers[peer].clone(), self.inbox.clone());
        thread::Builder::new().name("call").spawn(move || {
            // Nobody listens when the server was killed meanwhile.
            let _ = inbox.send(call(&end));
        });
    }
}
