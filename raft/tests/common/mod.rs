//! A small cluster of reference servers, for tests of what the white box cannot show: threads,
//! timing, traffic.

#![allow(dead_code, reason = "each of its users takes a part")]

use std::sync::Arc;

use contracts::raft::{ApplyMsg, Command, Config, LogIndex, Persister, Raft, ServerId, Term};
use labrpc::{Network, Server as Host};
use labrt::channel::{Receiver, unbounded};
use labrt::sync::Mutex;
use labrt::thread;
use labrt::time::{Duration, Instant};
use labrt::world::{self, End};
use raft::Server;

pub(crate) const MS: Duration = Duration::from_millis(1);

/// Runs `body` in simulated worlds of these seeds, then once on the real clock.
pub(crate) fn in_both_worlds(seeds: u64, body: fn()) {
    in_simulation(seeds, body);
    run(world::Config::real(1), body);
}

/// Runs `body` in simulated worlds of these seeds.
pub(crate) fn in_simulation(seeds: u64, body: fn()) {
    for seed in 0..seeds {
        run(world::Config::sim(seed), body);
    }
}

fn run(config: world::Config, body: fn()) {
    let what = format!("{:?} world, seed {}", config.clock, config.seed);
    let outcome = world::run(config, body);
    assert!(matches!(outcome.end, End::Returned(())), "{what}: {:?}", outcome.end);
}

/// What a server has applied since its last start, in order.
type Applied = Arc<Mutex<Vec<Command>>>;

struct Member {
    server: Option<Arc<Server>>,
    persister: Persister,
    applied: Applied,
    connected: bool,
    /// Its client ends, to each server by number; new ones for each start.
    ends: Vec<labrpc::ClientEnd>,
    starts: u32,
}

/// A cluster whose members can crash, restart and be cut off.
pub(crate) struct Cluster {
    pub(crate) network: Network,
    members: Vec<Member>,
}

impl Cluster {
    /// `size` servers, started and connected.
    pub(crate) fn new(size: usize) -> Self {
        let member = |_| Member {
            server: None,
            persister: Persister::new(),
            applied: Applied::default(),
            connected: false,
            ends: Vec::new(),
            starts: 0,
        };
        let members = (0..size).map(member).collect();
        let mut cluster = Self { network: Network::new(), members };
        for id in 0..size {
            cluster.start(id);
            cluster.connect(id);
        }
        cluster
    }

    pub(crate) fn size(&self) -> usize {
        self.members.len()
    }

    pub(crate) fn ids(&self) -> std::ops::Range<ServerId> {
        0..self.size()
    }

    /// Starts server `id` from its persister. It is not connected yet.
    pub(crate) fn start(&mut self, id: ServerId) {
        self.members[id].starts += 1;
        let peers: Vec<_> = self.ids().map(|to| self.end(id, to)).collect();
        self.members[id].ends.clone_from(&peers);
        let (apply, messages) = unbounded();
        let persister = self.members[id].persister.clone();
        let server = thread::with_server(format!("raft {id}"), || {
            Server::make(Config { peers, me: id, persister, apply })
        });
        let mut host = Host::new();
        for service in Arc::clone(&server).services() {
            host = host.service(service);
        }
        self.network.add_server(name(id), host);
        let member = &mut self.members[id];
        member.server = Some(server);
        member.applied = Applied::default();
        let applied = Arc::clone(&member.applied);
        thread::spawn(move || watch(&messages, &applied));
    }

    /// A new, disabled client end.
    fn end(&self, from: ServerId, to: ServerId) -> labrpc::ClientEnd {
        let starts = self.members[from].starts;
        let end = self.network.make_end(format!("{from} to {to}, start {starts}"));
        self.network.connect(end.name(), name(to));
        end
    }

    /// Crashes server `id`. What it saves from now on is lost.
    pub(crate) fn crash(&mut self, id: ServerId) {
        self.disconnect(id);
        self.network.delete_server(&name(id));
        let member = &mut self.members[id];
        member.persister = member.persister.copy();
        member.server.take().expect("a running server").kill();
    }

    pub(crate) fn connect(&mut self, id: ServerId) {
        self.members[id].connected = true;
        self.enable(id, true);
    }

    pub(crate) fn disconnect(&mut self, id: ServerId) {
        self.members[id].connected = false;
        self.enable(id, false);
    }

    fn enable(&self, id: ServerId, enabled: bool) {
        for other in self.ids() {
            let both = self.members[other].server.is_some() && self.members[other].connected;
            if other == id || both {
                self.network.enable(self.members[id].ends[other].name(), enabled);
                self.network.enable(self.members[other].ends[id].name(), enabled);
            }
        }
    }

    pub(crate) fn server(&self, id: ServerId) -> &Arc<Server> {
        self.members[id].server.as_ref().expect("a running server")
    }

    /// The leader of the highest term among the connected servers, and the term.
    pub(crate) fn leader_now(&self) -> Option<(ServerId, Term)> {
        let connected = self.ids().filter(|id| self.members[*id].connected);
        let states = connected.map(|id| (id, self.server(id).state()));
        let mut leaders: Vec<_> = states.filter(|(_, s)| s.1).map(|(id, s)| (s.0, id)).collect();
        leaders.sort_unstable();
        let mut terms: Vec<_> = leaders.iter().map(|(term, _)| *term).collect();
        terms.dedup();
        assert_eq!(terms.len(), leaders.len(), "one leader a term: {leaders:?}");
        leaders.pop().map(|(term, id)| (id, term))
    }

    /// Waits for a leader.
    pub(crate) fn leader(&self) -> ServerId {
        eventually("a leader", || self.leader_now()).0
    }

    /// What server `id` has applied since its last start.
    pub(crate) fn applied(&self, id: ServerId) -> Vec<Command> {
        self.members[id].applied.lock().clone()
    }

    /// How many servers have applied exactly this command at `index`.
    pub(crate) fn count(&self, index: LogIndex, command: &Command) -> usize {
        let at = index as usize - 1;
        self.ids().filter(|id| self.members[*id].applied.lock().get(at) == Some(command)).count()
    }

    /// Gets `command` applied on `servers` servers, with whichever leader, and returns its index.
    pub(crate) fn agree(&self, command: impl Into<Command>, servers: usize) -> LogIndex {
        let command = command.into();
        eventually("an agreement", || {
            let (leader, _) = self.leader_now()?;
            let started = self.server(leader).start(command.clone())?;
            let agreed = || (self.count(started.index, &command) >= servers).then_some(());
            within(MS * 2000, agreed).map(|()| started.index)
        })
    }
}

/// Reads a server's apply channel until it closes: indices count from 1 without a gap.
fn watch(messages: &Receiver<ApplyMsg>, applied: &Applied) {
    for message in messages {
        let mut applied = applied.lock();
        applied.push(message.command);
        assert_eq!(message.index as usize, applied.len(), "entries are applied in order");
    }
}

fn name(id: ServerId) -> String {
    format!("raft {id}")
}

/// Polls until `look` finds something, at most for `limit`.
pub(crate) fn within<T>(limit: Duration, mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return Some(found);
        }
        if start.elapsed() > limit {
            return None;
        }
        thread::sleep(MS * 10);
    }
}

/// Polls until `look` finds something; after 20 s it panics.
pub(crate) fn eventually<T>(what: &str, look: impl FnMut() -> Option<T>) -> T {
    within(MS * 20_000, look).unwrap_or_else(|| panic!("no {what} within 20 s"))
}
