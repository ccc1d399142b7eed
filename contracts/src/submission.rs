//! Which contracts a submission implements.

use std::fmt;
use std::sync::Arc;

use crate::bank::Bank;
use crate::mapreduce::{Application, Coordinator, Error, Job, Worker};
use crate::raft::{Config, Raft, RaftInternals, State};
use crate::weather::{Aggregator, Aggregators};

/// A server that was made, as far as its submission opens it.
#[derive(Clone)]
pub struct RaftInstance {
    /// The server.
    pub raft: Arc<dyn Raft>,
    /// The same server from inside; none when the submission keeps it closed.
    pub internals: Option<Arc<dyn RaftInternals>>,
}

type MakeRaft = Arc<dyn Fn(Config) -> RaftInstance + Send + Sync>;
type BuildRaft = Arc<dyn Fn(State) -> Box<dyn RaftInternals> + Send + Sync>;

/// A MapReduce.
#[derive(Clone, Copy)]
pub struct MapReduce {
    /// [`Coordinator::make`].
    pub coordinator: fn(Job) -> Result<Box<dyn Coordinator>, Error>,
    /// The worker.
    pub worker: Worker,
}

/// A submission: a name and the contracts it implements. Suites of contracts that it leaves out are
/// reported as not implemented.
#[derive(Clone)]
pub struct Submission {
    name: String,
    raft: Option<MakeRaft>,
    raft_internals: Option<BuildRaft>,
    weather: Option<Aggregators>,
    bank: Option<fn() -> Arc<dyn Bank>>,
    mapreduce: Option<MapReduce>,
    credit: Option<Arc<dyn Application>>,
}

impl Submission {
    /// A submission that implements nothing yet.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            raft: None,
            raft_internals: None,
            weather: None,
            bank: None,
            mapreduce: None,
            credit: None,
        }
    }

    /// Implements Raft (suites `part1` to `part4`, `4a`, `4b`).
    #[must_use]
    pub fn raft<R: Raft>(mut self) -> Self {
        let make = |config| RaftInstance { raft: R::make(config), internals: None };
        self.raft = Some(Arc::new(make));
        self
    }

    /// Implements Raft and opens its internals in one type: as [`raft`](Self::raft) and
    /// [`raft_internals`](Self::raft_internals) together, and the checkers that watch a cluster also
    /// read the state of its running servers, instead of only their traffic.
    #[must_use]
    pub fn open_raft<R: Raft + RaftInternals>(mut self) -> Self {
        let make = |config| {
            let server = R::make(config);
            RaftInstance { raft: server.clone(), internals: Some(server) }
        };
        self.raft = Some(Arc::new(make));
        self.raft_internals::<R>()
    }

    /// Opens Raft's internals (suite `p2unit`).
    #[must_use]
    pub fn raft_internals<R: RaftInternals>(mut self) -> Self {
        self.raft_internals = Some(Arc::new(|state| Box::new(R::build(state))));
        self
    }

    /// Implements the weather aggregator (suite `weather`): once with channels and no lock, once with
    /// locks.
    #[must_use]
    pub fn weather(mut self, channels: Aggregator, mutex: Aggregator) -> Self {
        self.weather = Some(Aggregators { channels, mutex });
        self
    }

    /// Implements the bank (suite `bank`).
    #[must_use]
    pub fn bank<B: Bank>(mut self) -> Self {
        self.bank = Some(|| Arc::new(B::new()));
        self
    }

    /// Implements MapReduce (suite `mapreduce`).
    #[must_use]
    pub fn mapreduce<C: Coordinator>(mut self, worker: Worker) -> Self {
        let coordinator =
            |job| C::make(job).map(|coordinator| Box::new(coordinator) as Box<dyn Coordinator>);
        self.mapreduce = Some(MapReduce { coordinator, worker });
        self
    }

    /// Implements the application `credit` (one test of the suite `mapreduce`).
    #[must_use]
    pub fn credit(mut self, app: impl Application) -> Self {
        self.credit = Some(Arc::new(app));
        self
    }

    /// The submission's name, for reports.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether [`raft`](Self::raft) was given.
    pub fn has_raft(&self) -> bool {
        self.raft.is_some()
    }

    /// Whether [`raft_internals`](Self::raft_internals) was given.
    pub fn has_raft_internals(&self) -> bool {
        self.raft_internals.is_some()
    }

    /// Its weather aggregators, if it has them.
    pub fn aggregators(&self) -> Option<Aggregators> {
        self.weather
    }

    /// Whether [`bank`](Self::bank) was given.
    pub fn has_bank(&self) -> bool {
        self.bank.is_some()
    }

    /// Makes a bank without accounts; `None` when the submission has no bank.
    pub fn make_bank(&self) -> Option<Arc<dyn Bank>> {
        Some((self.bank.as_ref()?)())
    }

    /// Its MapReduce, if it has one.
    pub fn map_reduce(&self) -> Option<MapReduce> {
        self.mapreduce
    }

    /// Its application `credit`, if it has one.
    pub fn credit_app(&self) -> Option<Arc<dyn Application>> {
        self.credit.clone()
    }

    /// Makes a Raft server; `None` when the submission has no Raft.
    pub fn make_raft(&self, config: Config) -> Option<RaftInstance> {
        Some((self.raft.as_ref()?)(config))
    }

    /// Builds a bare Raft server in a given state; `None` when the internals are not open.
    pub fn build_raft(&self, state: State) -> Option<Box<dyn RaftInternals>> {
        Some((self.raft_internals.as_ref()?)(state))
    }
}

impl fmt::Debug for RaftInstance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RaftInstance")
            .field("open", &self.internals.is_some())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for MapReduce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MapReduce").finish_non_exhaustive()
    }
}

impl fmt::Debug for Submission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Submission")
            .field("name", &self.name)
            .field("raft", &self.has_raft())
            .field("raft_internals", &self.has_raft_internals())
            .field("weather", &self.weather.is_some())
            .field("bank", &self.has_bank())
            .field("mapreduce", &self.mapreduce.is_some())
            .field("credit", &self.credit.is_some())
            .finish()
    }
}
