//! A cluster of servers: starts and crashes them.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use contracts::RaftInstance;
use contracts::raft::{Config, Persister, ServerId};
use labrpc::Server;
use labrt::group::Group;
use labrt::thread::{self, JoinHandle};
use labrt::{channel, trace};
use rand::RngExt;

use super::Outcome;
use super::demands::{Demands, Severity, Watcher};
use super::observe::{Life, Observers};
use super::safety::Safety;
use super::traffic::Incoming;
use super::watch::Applied;
use crate::bookkeeping::Lock;
use crate::threads::join;
use crate::{Context, events};

/// What a cluster is like when it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setup {
    /// Number of servers.
    pub servers: usize,
    /// Whether the network loses and delays messages.
    pub unreliable: bool,
    /// Whether a call to an unreachable server may take up to 7 s to fail, instead of 0.1 s.
    pub long_delays: bool,
    /// What the course demands beyond correctness.
    pub demands: Demands,
}

impl Setup {
    /// A cluster of COMP385: reliable, and calls to unreachable servers hang long.
    pub const fn comp385(servers: usize) -> Self {
        Self { servers, unreliable: false, long_delays: true, demands: Demands::COMP385 }
    }

    /// A cluster of CS350: reliable, and calls to unreachable servers hang long. Its tester switches
    /// them on, while its network begins without them.
    pub const fn cs350(servers: usize) -> Self {
        Self { demands: Demands::CS350, ..Self::comp385(servers) }
    }

    /// The same on an unreliable network.
    #[must_use]
    pub const fn unreliable(self) -> Self {
        Self { unreliable: true, ..self }
    }
}

/// A cluster of Raft servers on the test's network. Clones drive the same cluster.
///
/// Any thread may ask for agreement. Only the test's main thread starts, crashes, connects and
/// disconnects.
#[derive(Clone)]
pub struct Cluster(pub(super) Arc<Shared>);

pub(super) struct Shared {
    pub(super) ctx: Context,
    /// The servers' names on the network and on their threads: "server 2".
    pub(super) names: Vec<Arc<str>>,
    pub(super) places: Lock<Vec<Place>>,
    applied: Arc<Applied>,
    pub(super) observers: Arc<Observers>,
    /// What becomes of a call that must return at once and does not.
    pub(super) at_once: Severity,
}

/// A server: what stays when its instance goes.
#[derive(Default)]
pub(super) struct Place {
    /// The running instance.
    pub(super) instance: Option<RaftInstance>,
    /// The number of its last life; 0 before the first start.
    pub(super) life: u32,
    pub(super) connected: bool,
    /// Servers that calls from here do not reach, although both are connected.
    pub(super) cut: BTreeSet<ServerId>,
    persister: Persister,
    /// Names of the client ends that lead from here to each server; empty before the first start.
    pub(super) ends: Vec<Arc<str>>,
}

impl fmt::Debug for Cluster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cluster")
            .field("running", &self.running())
            .field("connected", &self.connected())
            .finish_non_exhaustive()
    }
}

impl Cluster {
    /// Starts and connects `setup.servers` servers.
    pub fn new(ctx: &Context, setup: Setup) -> Outcome<Self> {
        let Setup { servers, .. } = setup;
        ctx.set_servers(servers as u32);
        ctx.network().reliable(!setup.unreliable);
        ctx.network().long_delays(setup.long_delays);
        let observers = observers(ctx, setup);
        let cluster = Self(Arc::new(Shared {
            ctx: ctx.clone(),
            names: (0..servers).map(|i| format!("server {i}").into()).collect(),
            places: Lock::new((0..servers).map(|_| Place::default()).collect()),
            applied: Arc::new(Applied::new(ctx, servers, Arc::clone(&observers))),
            observers,
            at_once: setup.demands.at_once,
        }));
        for server in cluster.servers() {
            cluster.start(server)?;
        }
        for server in cluster.servers() {
            cluster.connect(server);
        }
        Ok(cluster)
    }

    /// The test's surroundings.
    pub fn ctx(&self) -> &Context {
        &self.0.ctx
    }

    /// Says at which step the test is.
    pub fn step(&self, step: &'static str) {
        self.ctx().step(step);
    }

    /// All servers.
    pub fn servers(&self) -> std::ops::Range<ServerId> {
        0..self.size()
    }

    /// Number of servers.
    pub fn size(&self) -> usize {
        self.0.names.len()
    }

    /// The server `distance` places after `server`; after the last comes the first.
    pub fn after(&self, server: ServerId, distance: usize) -> ServerId {
        (server + distance) % self.size()
    }

    /// A server drawn at random, whatever its state.
    pub fn random_server(&self) -> ServerId {
        labrt::rand::rng().random_range(self.servers())
    }

    /// The servers that run.
    pub fn running(&self) -> Vec<ServerId> {
        self.servers_where(|place| place.instance.is_some())
    }

    /// Whether `server` runs.
    pub fn is_running(&self, server: ServerId) -> bool {
        self.0.places.lock()[server].instance.is_some()
    }

    pub(super) fn servers_where(&self, condition: impl Fn(&Place) -> bool) -> Vec<ServerId> {
        let places = self.0.places.lock();
        self.servers().filter(|i| condition(&places[*i])).collect()
    }

    /// Gives `server` a new instance, made from a copy of what the last one had persisted. It cannot
    /// be reached until it is connected. A running instance is crashed first.
    pub fn start(&self, server: ServerId) -> Outcome {
        self.start_made(server, |config| self.make(server, config))
    }

    /// As [`start`](Self::start); the threads that the instance starts, and those that they start, are in `group`.
    pub fn start_in(&self, server: ServerId, group: &Group) -> Outcome {
        self.start_made(server, |config| {
            let cluster = self.clone();
            let made = thread::Builder::new().name("make").group(group);
            join(made.spawn(move || cluster.make(server, config)))
        })
    }

    fn make(&self, server: ServerId, config: Config) -> Option<RaftInstance> {
        self.on_behalf(server, "make", || self.ctx().submission().make_raft(config))
    }

    fn start_made(
        &self,
        server: ServerId,
        make: impl FnOnce(Config) -> Option<RaftInstance>,
    ) -> Outcome {
        self.crash(server);
        trace(events::START, server, "start");
        let life = self.next_life(server);
        let (peers, ends) = self.fresh_ends(life);
        let persister = {
            let place = &mut self.0.places.lock()[server];
            place.ends = ends;
            place.persister.clone()
        };
        let (apply, messages) = channel::bounded(0);
        self.0.applied.watch(life, messages);
        self.0.observers.starts(life);

        let config = Config { peers, me: server, persister, apply };
        let instance =
            make(config).ok_or_else(|| self.ctx().failure("the submission has no Raft"))?;
        let services = Arc::clone(&instance.raft).services();
        let mut services = services.into_iter().fold(Server::new(), Server::service);
        if self.0.observers.tapped() {
            let observers = Arc::clone(&self.0.observers);
            let internals = instance.internals.clone();
            if internals.is_some() {
                observers.opens(life);
            }
            services = services.tapped(Arc::new(Incoming { observers, at: life, internals }));
        }
        self.0.places.lock()[server].instance = Some(instance);
        let name = Arc::clone(&self.0.names[server]);
        self.ctx().network().add_server(name, services);
        Ok(())
    }

    /// Stops the instance of `server` as if its machine had lost power. Without an instance it does
    /// nothing.
    pub fn crash(&self, server: ServerId) {
        if self.0.places.lock()[server].instance.is_none() {
            return;
        }
        self.disconnect(server);
        trace(events::CRASH, server, "crash");
        self.ctx().network().delete_server(&self.0.names[server]);
        self.0.observers.crashes(self.life(server));
        let persister = self.0.places.lock()[server].persister.clone();
        // Before the stop: a late write of the old instance must not reach the new one.
        let persister = persister.copy();
        let instance = {
            let place = &mut self.0.places.lock()[server];
            place.persister = persister;
            place.instance.take()
        };
        self.0.applied.retire(server);
        if let Some(instance) = instance {
            self.on_behalf(server, "kill", || instance.raft.kill());
        }
    }

    /// The current or last life of `server`.
    pub(super) fn life(&self, server: ServerId) -> Life {
        Life { server, number: self.0.places.lock()[server].life }
    }

    fn next_life(&self, server: ServerId) -> Life {
        let place = &mut self.0.places.lock()[server];
        place.life += 1;
        Life { server, number: place.life }
    }

    /// Disconnects, starts and connects `server`.
    pub fn restart(&self, server: ServerId) -> Outcome {
        self.disconnect(server);
        self.start(server)?;
        self.connect(server);
        Ok(())
    }

    /// Starts a thread of the test that drives the cluster beside the main one. An error ends the
    /// test at once.
    pub fn client<T: Send + 'static>(
        &self,
        name: String,
        f: impl FnOnce(&Self) -> Outcome<T> + Send + 'static,
    ) -> JoinHandle<T> {
        let cluster = self.clone();
        thread::Builder::new()
            .name(name)
            .spawn(move || f(&cluster).unwrap_or_else(|failure| cluster.ctx().fail(failure)))
    }

    /// What the servers have applied.
    pub fn applied(&self) -> &Applied {
        &self.0.applied
    }

    /// RPCs received so far, summed over the servers.
    pub fn rpcs_received(&self) -> u64 {
        let network = self.ctx().network();
        self.0.names.iter().map(|name| network.rpc_count(name)).sum()
    }

    /// Stops every instance at the end of a test. It does not wait for their threads to end.
    pub fn stop(&self) {
        self.step("End: stop all servers");
        for server in self.servers() {
            self.crash(server);
        }
    }
}

/// Those who watch the whole run of a cluster, as far as the test wants them.
fn observers(ctx: &Context, setup: Setup) -> Arc<Observers> {
    let Setup { servers, unreliable, demands, .. } = setup;
    let tapped = ctx.checkers();
    let demands = tapped.then(|| Watcher::new(ctx, demands, servers, !unreliable));
    let observers = Arc::new(Observers::new(Safety::new(ctx, servers), tapped, demands));
    let watching = Arc::clone(&observers);
    ctx.set_watchers(move || watching.watched());
    observers
}

/// Records what the driver does to a server.
pub(super) fn trace(kind: trace::Kind, server: ServerId, verb: &str) {
    trace::emit(kind, server as u32, 0, format_args!("{verb} server {server}"));
}
