//! The contract's server: the lock, and what threads wait for.

use std::mem::{Discriminant, discriminant};
use std::sync::Arc;

use contracts::raft::{AppendEntriesArgs, Command, Config, LogIndex, Raft, SERVICE, Started, Term};
use labrpc::{ClientEnd, Service};
use labrt::sync::{Condvar, Mutex};
use labrt::thread;

use crate::stable::Stable;
use crate::state::{Role, State};

/// The turn of the first thread on each line.
const FIRST_TURN: u64 = 0;

/// A server.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) state: Mutex<State>,
    pub(crate) signals: Signals,
    pub(crate) peers: Vec<ClientEnd>,
}

/// What threads wait for.
#[derive(Debug)]
pub(crate) struct Signals {
    /// There may be something to say to a server, by its number.
    pub(crate) talk: Vec<Condvar>,
    /// The role changed, or the server was killed.
    pub(crate) clock: Condvar,
    /// Something was committed, or the server was killed.
    pub(crate) committed: Condvar,
}

impl Server {
    /// The way to change the state: what must survive is saved, and those whom the change concerns
    /// are woken.
    pub(crate) fn enter<T>(&self, action: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state.lock();
        let before = Noticed::of(&state);
        let outcome = action(&mut state);
        state.stable.save();
        let after = Noticed::of(&state);
        drop(state);
        if after.role != before.role || after.killed {
            self.signals.clock.notify_one();
        }
        if after.role != before.role || after.last_index > before.last_index || after.killed {
            self.signals.talk.iter().for_each(Condvar::notify_all);
        }
        if after.commit_index > before.commit_index || after.killed {
            self.signals.committed.notify_one();
        }
        outcome
    }

    pub(crate) fn spawn(
        self: &Arc<Self>,
        name: &'static str,
        body: impl FnOnce(&Arc<Self>) + Send + 'static,
    ) {
        let server = Arc::clone(self);
        thread::Builder::new().name(name).spawn(move || body(&server));
    }
}

/// Those parts of the state whose changes somebody waits for.
struct Noticed {
    role: (Discriminant<Role>, Term),
    last_index: LogIndex,
    commit_index: LogIndex,
    killed: bool,
}

impl Noticed {
    fn of(state: &State) -> Self {
        Self {
            role: (discriminant(&state.role), state.term()),
            last_index: state.log().last_index(),
            commit_index: state.commit_index,
            killed: state.killed,
        }
    }
}

impl Raft for Server {
    fn make(config: Config) -> Arc<Self> {
        let Config { peers, me, persister, apply } = config;
        let servers = peers.len();
        let talk = (0..servers).map(|_| Condvar::new()).collect();
        let signals = Signals { talk, clock: Condvar::new(), committed: Condvar::new() };
        let state = Mutex::new(State::new(me, servers, Stable::load(persister)));
        let server = Arc::new(Self { state, signals, peers });
        server.spawn("clock", Self::run_clock);
        server.spawn("applier", move |server| server.run_applier(&apply));
        for peer in (0..servers).filter(|peer| *peer != me) {
            server.spawn("talk", move |server| server.talk_to(peer, FIRST_TURN));
        }
        server
    }

    fn start(&self, command: Command) -> Option<Started> {
        self.enter(|state| state.start(command))
    }

    fn state(&self) -> (Term, bool) {
        let state = self.state.lock();
        (state.term(), state.is_leader())
    }

    fn kill(&self) {
        self.enter(|state| state.killed = true);
    }

    fn services(self: Arc<Self>) -> Vec<Service> {
        let (voter, follower) = (Arc::clone(&self), Arc::clone(&self));
        let append_entries =
            move |args: AppendEntriesArgs| follower.enter(|state| state.append_log(args.into()));
        vec![
            Service::new(SERVICE)
                .method("RequestVote", move |args| voter.enter(|state| state.request_vote(&args)))
                .method("AppendEntries", append_entries)
                .method("AppendLog", move |args| self.enter(|state| state.append_log(args))),
        ]
    }
}
