//! The server: its lock, its threads, and what clients and peers call.

use std::sync::Arc;

use contracts::raft::{Command, Config, Persister, Raft, SERVICE, ServerId, Started, Term};
use labrpc::{ClientEnd, Service};
use labrt::sync::Mutex;
use labrt::thread;

use crate::persist::Persistent;
use crate::state::{Signals, State};

/// A Raft server.
///
/// Its methods here exclude the lock: they take it themselves.
#[derive(Debug)]
pub struct Server {
    pub(crate) state: Mutex<State>,
    pub(crate) signals: Arc<Signals>,
    pub(crate) peers: Vec<ClientEnd>,
}

impl Server {
    /// A server without threads.
    pub(crate) fn new(state: State, peers: Vec<ClientEnd>) -> Self {
        Self { signals: Arc::clone(&state.signals), state: Mutex::new(state), peers }
    }

    /// The state of a server that starts: a follower with what `persister` holds.
    pub(crate) fn initial_state(me: ServerId, servers: usize, persister: Persister) -> State {
        let others = (0..servers).filter(|id| *id != me).collect();
        State::new(me, others, Persistent::restore(persister))
    }

    /// Starts a thread of this server.
    pub(crate) fn spawn(
        self: &Arc<Self>,
        name: &'static str,
        body: impl FnOnce(&Arc<Self>) + Send + 'static,
    ) {
        let server = Arc::clone(self);
        thread::Builder::new().name(name).spawn(move || body(&server));
    }
}

impl Raft for Server {
    fn make(config: Config) -> Arc<Self> {
        let Config { peers, me, persister, apply } = config;
        let state = Self::initial_state(me, peers.len(), persister);
        let others = state.others.clone();
        let server = Arc::new(Self::new(state, peers));
        server.spawn("elections", Self::run_elections);
        for peer in others {
            server.spawn("replicator", move |server| server.replicate_to(peer));
        }
        server.spawn("applier", move |server| server.apply_committed(apply));
        server
    }

    fn start(&self, command: Command) -> Option<Started> {
        self.lock().start(command)
    }

    fn state(&self) -> (Term, bool) {
        let state = self.lock();
        (state.current_term(), state.is_leader())
    }

    fn kill(&self) {
        self.lock().kill();
    }

    fn services(self: Arc<Self>) -> Vec<Service> {
        let voter = Arc::clone(&self);
        vec![
            Service::new(SERVICE)
                .method("RequestVote", move |args| voter.lock().request_vote(&args))
                .method("AppendEntries", move |args| self.lock().append_entries(args)),
        ]
    }
}
