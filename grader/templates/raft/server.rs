//! A server: its threads, and what clients and peers call.

use std::sync::Arc;

use contracts::raft::{
    ApplyMsg, Command, Config, Raft, RequestVoteArgs, SERVICE, ServerId, Started, Term,
};
use labrpc::{ClientEnd, Service};
use labrt::channel::Sender;
use labrt::sync::{Condvar, Mutex};

use super::State;

/// A Raft server. The same one is called from many threads at once.
pub struct Server {
    /// Everything that changes.
    pub(super) state: Mutex<State>,
    /// Notified whenever the commit index rises, and when the server is killed.
    pub(super) committed: Condvar,
    /// A way to each server of the cluster, by its number; the one at `me` is not needed.
    pub(super) peers: Vec<ClientEnd>,
}

impl Raft for Server {
    /// Creates a server and starts its threads. It returns at once.
    ///
    /// 1. Restore what the persister holds (`persist::restore`); on a first start that is nothing. A server
    ///    always starts as a follower, whatever it was before the crash (§5.2).
    /// 2. Start its threads, each with an `Arc` of the server. A simple design has one that runs
    ///    `run_elections`, one for each peer that runs `replicate_to`, and one that runs
    ///    `apply_committed`. `labrt::thread::Builder::new().name("…")` gives a
    ///    thread the name under which it appears in logs and verdicts.
    fn make(config: Config) -> Arc<Self> {
        todo!("make a server and start its threads")
    }

    /// A client asks for agreement on `command` (§5.3, §8).
    ///
    /// A leader appends it to its log, saves, starts to replicate it, and answers with the index that it
    /// will have and the current term. All others, and a killed server, answer `None`.
    ///
    /// It must return at once: no call to a peer, no waiting for one. The command may never be
    /// committed, and that is all right.
    fn start(&self, command: Command) -> Option<Started> {
        todo!("append a client's command, if this is the leader")
    }

    /// The current term, and whether this server believes that it leads it.
    fn state(&self) -> (Term, bool) {
        todo!("say the term and whether this is its leader")
    }

    /// The server is no longer needed: its threads end soon, and it answers no more.
    ///
    /// It returns at once. Every loop of every thread must notice, also one that waits on a condition
    /// variable, so notify it. The receiver of applied entries learns of the end when the last sender is
    /// dropped.
    fn kill(&self) {
        todo!("tell all threads to end")
    }

    /// What peers can call. Each call runs on a thread of its own.
    ///
    /// (This one is written: it shows how a handler takes the lock and leaves the work to `State`.)
    fn services(self: Arc<Self>) -> Vec<Service> {
        let voter = Arc::clone(&self);
        let service = Service::new(SERVICE)
            .method("RequestVote", move |args| {
                let mut state = voter.state.lock();
                state.request_vote(args)
            })
            .method("AppendEntries", move |args| {
                let mut state = self.state.lock();
                state.append_entries(args)
            });
        vec![service]
    }
}

/// The bodies of its threads. None of them holds the lock while it waits or calls.
impl Server {
    /// Holds an election each time the election timer runs out (§5.2).
    ///
    /// It sleeps for a while, looks whether the deadline has passed, and sleeps again; a pause of some
    /// 10 ms is short enough. A leader holds no elections. When the timer has run out it takes a ballot
    /// from [`State::start_election`] and sends it to all others at the same time
    /// ([`send_ballot`](Server::send_ballot), each in a thread of its own): one that is down must not hold
    /// up the rest.
    pub(super) fn run_elections(self: &Arc<Self>) {
        todo!("wait for the election timer and hold elections")
    }

    /// Asks one server for its vote, and counts it.
    ///
    /// `self.peers[peer].call(REQUEST_VOTE, &ballot)` waits for the answer, which may take seconds or
    /// never come. What comes goes to [`State::handle_vote_reply`]. A lost ballot need not be sent again:
    /// the next election sends another.
    pub(super) fn send_ballot(&self, peer: ServerId, ballot: RequestVoteArgs) {
        todo!("send a ballot and count the vote")
    }

    /// Keeps one follower up to date for as long as this server leads (§5.3).
    ///
    /// It sends what [`State::message_for`] says: at once after an election, so that nobody else starts
    /// one; at once when there is a new entry; and as a heartbeat when [`HEARTBEAT`](super::timing) has
    /// passed. Each call goes out in a thread of its own, so that a heartbeat never waits for the answer to
    /// the one before, which may hang for seconds; the answer goes to [`State::handle_append_reply`].
    ///
    /// Commands that are started together should share a message, and news of a commit can travel with
    /// what is sent anyway: some tests count messages.
    pub(super) fn replicate_to(self: &Arc<Self>, peer: ServerId) {
        todo!("send heartbeats and entries to one follower")
    }

    /// Hands committed entries to the state machine, each once and in the order of the log (§5.3).
    ///
    /// It waits on `committed` while there is nothing to apply. Sending on `apply` may block until the
    /// reader is ready, so it takes a few entries out of the log, lets go of the lock, and sends them then.
    /// It is the only thread that sends: two would mix up the order.
    pub(super) fn apply_committed(&self, apply: Sender<ApplyMsg>) {
        todo!("apply committed entries in order")
    }
}
