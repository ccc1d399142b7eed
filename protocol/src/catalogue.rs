//! The suites and tests that a harness holds.

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::{Clock, Limits};

/// One test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TestInfo {
    /// Full id, suite included: `part2/consensus-no-failure`.
    pub id: String,
    /// The course's own name: `TestConsensusNoFailurePart2`.
    pub course_name: String,
    /// One line: what a correct solution shows.
    pub description: String,
    /// The course's numbered steps.
    pub steps: Vec<String>,
    /// Weight in a score.
    pub points: u32,
    /// What a run of it may use.
    pub limits: Limits,
}

/// Suites whose time a course limits as a whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Together {
    /// What they are called as a whole; the same in each of them: `COMP385 Raft`.
    pub name: String,
    /// Seconds on the clock in use that one iteration of all their tests may take.
    pub limit_s: f64,
}

impl fmt::Display for Together {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} s for all of {}", self.limit_s, self.name)
    }
}

/// One suite.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SuiteInfo {
    /// Short id: `part2`.
    pub id: String,
    /// A title.
    pub title: String,
    /// The course it comes from.
    pub course: String,
    /// Seconds on the clock in use within which one iteration of all its tests should end; beyond
    /// it the run still counts but is marked slow.
    pub budget_s: f64,
    /// The suites that it is timed with, and their limit; none where nothing limits them as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub together: Option<Together>,
    /// The only clock that its tests run on; none where either will do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<Clock>,
    /// How much of the machine a run takes on the real clock.
    #[serde(default, skip_serializing_if = "Effort::is_usual")]
    pub effort: Effort,
    /// Whether its tests read the submission's sources and run nothing. Each is done once, and has no seed, no
    /// clock and no traffic.
    #[serde(default, skip_serializing_if = "is_false")]
    pub reads: bool,
    /// Whether a run starts further processes, which talk to each other.
    #[serde(default, skip_serializing_if = "is_false")]
    pub processes: bool,
    /// Whether the submission implements the contract that this suite tests.
    pub implemented: bool,
    /// The tests, in the course's order.
    pub tests: Vec<TestInfo>,
}

impl SuiteInfo {
    /// The clock that its tests run on when `wanted` is asked for.
    pub fn clock(&self, wanted: Clock) -> Clock {
        self.clock.unwrap_or(wanted)
    }
}

/// How much of the machine a run takes on the real clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effort {
    /// It sleeps for nearly all of its time, and when something is late, nothing is wrong.
    Least,
    /// It mostly sleeps, and wants to be woken in time.
    #[default]
    Usual,
    /// It keeps more than one core busy, so that another beside it would slow it down.
    Most,
}

impl Effort {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    fn is_usual(&self) -> bool {
        *self == Self::Usual
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}

/// Answer of `harness list`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Catalogue {
    /// [`PROTOCOL`](crate::PROTOCOL) of the harness.
    pub protocol: u32,
    /// Name of the submission that is linked in.
    pub submission: String,
    /// Folders of the submission's source, which a suite may look at, as far as the harness was told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<PathBuf>,
    /// The suites, in the order in which they are run.
    pub suites: Vec<SuiteInfo>,
}
