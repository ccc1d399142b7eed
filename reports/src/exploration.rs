//! What an exploration found.
//!
//! Units and seeds are as in the [report](crate::model): `_s` is seconds, a seed is a string. The schema
//! is `schema/exploration-1.schema.json` in this crate.

use jiff::Timestamp;
use protocol::{Failure, FailureKind, Policy};
use serde::{Deserialize, Serialize};

use crate::model::{PropertyReport, Seed, Submission, Tool};
use crate::sandbox::Sandbox;

/// The value of [`Exploration::schema`]. Within version 1 fields may be added; none is removed, renamed or
/// changes its meaning.
pub const SCHEMA: &str = "lab-exploration/1";

/// What an exploration found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exploration {
    /// [`SCHEMA`].
    pub schema: String,
    /// What wrote it.
    pub tool: Tool,
    /// What was explored.
    pub submission: Submission,
    /// The base seed, from which the seed, the scenario and the policy of each run follow.
    pub seed: Seed,
    /// When the first run started, to the second, UTC.
    pub started: Timestamp,
    /// What it amounts to.
    pub outcome: Outcome,
    /// Whether a signal ended it.
    pub interrupted: bool,
    /// Sizes of clusters of which each run drew one.
    pub servers: Vec<usize>,
    /// The policy of all runs; none where each drew its own.
    pub policy: Option<Policy>,
    /// Runs that ended.
    pub runs: u64,
    /// Log entries committed, in all runs.
    pub commits: u64,
    /// Wall seconds from the first run to the last, without those of shrinking.
    pub wall_s: f64,
    /// Virtual seconds of all runs.
    pub virtual_s: f64,
    /// Distinct mixes: a cluster's size, the kinds of its network's conditions and of its events, a policy.
    pub mixes: u64,
    /// The properties that were watched all the time, in the runs about which something can be said.
    pub properties: Vec<PropertyReport>,
    /// Each distinct violation once, the earliest run first.
    pub violations: Vec<Violation>,
    /// Runs about which nothing can be said.
    pub undetermined: Undetermined,
    /// How far the runs were confined; none where a report does not say.
    #[serde(default)]
    pub sandbox: Option<Sandbox>,
}

/// What an exploration amounts to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// At least one run failed.
    Violation,
    /// No run failed, but about some, or all, nothing can be said; or some property was not observed
    /// in any run.
    Undetermined,
    /// No run failed. That is no proof.
    NothingFound,
}

/// One distinct violation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Violation {
    /// Runs that failed in this way.
    pub runs: u64,
    /// Number of the earliest of them, from 0.
    pub run: u64,
    /// Whether that run failed in the same way when it was run once more; none when that was not tried.
    pub reproduced: Option<bool>,
    /// The earliest run.
    pub found: Case,
    /// The smallest that fails in the same way; none when none smaller was found or looked for.
    pub shrunk: Option<Case>,
    /// Runs made to find it.
    pub tries: u64,
    /// Wall seconds that took.
    pub shrink_s: f64,
}

/// One run that failed, and all that is needed to have it again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// How it failed: kind, message, property, the events that led there.
    pub failure: Failure,
    /// What was done to the cluster.
    pub scenario: String,
    /// Events in the scenario: faults and commands.
    pub events: usize,
    /// Servers in the cluster.
    pub servers: usize,
    /// Virtual seconds of the scenario's safety phase.
    pub until_s: f64,
    /// Seed of the run.
    pub seed: Seed,
    /// Who ran next.
    pub policy: Policy,
    /// What was done, with times, and whom it hit. Empty where the run left no record.
    pub history: Vec<String>,
    /// Virtual seconds until it failed; none where the run left no record.
    pub virtual_s: Option<f64>,
    /// The trace hash; none where the run left none.
    pub trace_hash: Option<String>,
    /// The command that repeats it.
    pub replay: String,
}

/// Runs about which nothing can be said: the toolkit itself failed, or they were killed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undetermined {
    /// How many.
    pub runs: u64,
    /// The first few messages.
    pub messages: Vec<String>,
    /// The command that repeats the first of them.
    pub replay: Option<String>,
}

impl Violation {
    /// The case to look at: the smallest.
    pub fn told(&self) -> &Case {
        self.shrunk.as_ref().unwrap_or(&self.found)
    }
}

impl Case {
    /// What was violated, in a few words.
    pub fn headline(&self) -> String {
        let Failure { kind, property, .. } = &self.failure;
        match (kind, property) {
            (FailureKind::Safety, Some(property)) => format!("safety violated: {property}"),
            (FailureKind::Liveness, _) => "liveness violated: no progress".to_owned(),
            _ => kind.to_string(),
        }
    }
}

/// The exploration as JSON, ending in a newline.
pub fn json(exploration: &Exploration) -> String {
    serde_json::to_string_pretty(exploration).expect("an exploration is always JSON") + "\n"
}
