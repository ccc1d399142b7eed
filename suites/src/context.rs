//! What a test is given, and what it leaves behind for the record.

use std::sync::Arc;

use contracts::Submission;
use labrpc::Network;
use labrt::sync::Mutex;

use crate::Failure;

/// What the harness reads after (or during) a test.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Servers in the cluster; 0 where the test has none.
    pub servers: u32,
    /// Log entries committed so far.
    pub commits: u64,
    /// What a person should know although it is no failure.
    pub warnings: Vec<String>,
    /// The step the test is at.
    pub step: Option<String>,
}

/// The surroundings of one run of one test. Clones share the same tally.
#[derive(Clone, Debug)]
pub struct Context {
    submission: Submission,
    network: Network,
    tally: Arc<Mutex<Tally>>,
}

impl Context {
    /// A context for one run. `network` is the one network of the run: its counters go into the
    /// record and the limits watch them.
    pub fn new(submission: Submission, network: Network) -> Self {
        Self { submission, network, tally: Arc::default() }
    }

    /// The submission under test.
    pub fn submission(&self) -> &Submission {
        &self.submission
    }

    /// The network of this run.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// Says at which step the test is; a failure names it.
    pub fn step(&self, step: impl Into<String>) {
        self.tally.lock().step = Some(step.into());
    }

    /// Adds a warning: something a person should know although it is no failure.
    pub fn warn(&self, warning: impl Into<String>) {
        self.tally.lock().warnings.push(warning.into());
    }

    /// Says how many servers the test has.
    pub fn set_servers(&self, servers: u32) {
        self.tally.lock().servers = servers;
    }

    /// Says how many log entries are committed by now.
    pub fn set_commits(&self, commits: u64) {
        self.tally.lock().commits = commits;
    }

    /// What the test has left behind so far.
    pub fn tally(&self) -> Tally {
        self.tally.lock().clone()
    }

    /// Ends the run at once with `failure`, from whichever thread saw it.
    pub fn fail(&self, failure: Failure) -> ! {
        labrt::world::end(failure)
    }
}
