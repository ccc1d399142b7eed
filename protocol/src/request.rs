//! One run, as the grader asks for it.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::Limits;

/// Which clock a run is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Clock {
    /// Virtual time: sleeping costs nothing, the same seed gives the same run.
    Sim,
    /// Wall time on real threads.
    Real,
}

/// Who runs next in a simulated world.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "name")]
pub enum Policy {
    /// In order of becoming ready; no delays.
    Fifo,
    /// Uniformly at random; at one point of choice in `delay_one_in` the thread is also delayed.
    Random {
        /// Mean number of points of choice between two delays; 0 for no delays.
        delay_one_in: u32,
    },
    /// Probabilistic concurrency testing: random priorities, lowered at `depth` random points of the
    /// first `length` steps.
    Pct {
        /// Number of priority changes.
        depth: u32,
        /// Number of steps over which they are spread.
        length: u64,
    },
}

impl Default for Policy {
    fn default() -> Self {
        Self::Random { delay_one_in: 40 }
    }
}

/// What to run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// [`PROTOCOL`](crate::PROTOCOL) of the sender.
    pub protocol: u32,
    /// A secret of this run, to be echoed in its record.
    pub nonce: String,
    /// Full id of the test: `part2/consensus-no-failure`; `explore` for a scenario.
    pub test: String,
    /// Seed of every random choice of the run.
    pub seed: u64,
    /// The clock in use.
    pub clock: Clock,
    /// The scheduling policy; ignored on the real clock.
    pub policy: Policy,
    /// Verbosity: 0 nothing, 1 info, 2 debug, 3–10 trace of the submission, 11 and more also the
    /// network.
    pub vlevel: u8,
    /// Where to write the full trace of events; none when absent.
    pub trace: Option<PathBuf>,
    /// What is to happen in an exploration, in words that `scenario` reads; none for a test
    /// of a suite.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scenario: Option<String>,
    /// Limits that replace the test's own where given.
    pub limits: Limits,
}
