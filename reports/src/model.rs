//! The report: what a grading session found, in a form that every format is rendered from.
//!
//! Units are last in a name: `_s` is seconds. "Virtual" seconds are seconds on the clock in use:
//! simulated time on the simulated clock, wall time on the real one. Rates are fractions, 0 to 1.
//! Seconds are rounded to microseconds, rates to six significant digits, so that a report holds no
//! noise and no `NaN`. The order of the fields is the order in the file.

use std::fmt;

use jiff::Timestamp;
use protocol::{Clock, FailureKind, Limits, Policy};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::interval::Rate;
use crate::sandbox::Sandbox;
use crate::verdict::{Standing, TestVerdict};

/// Name of the report's schema, without its version.
pub const SCHEMA_NAME: &str = "lab-report";

/// Version of the report's schema. Within a version fields may be added; none is removed, renamed
/// or changes its meaning.
pub const SCHEMA_VERSION: u32 = 1;

/// The value of [`Report::schema`] that this crate writes.
pub fn schema_id() -> String {
    format!("{SCHEMA_NAME}/{SCHEMA_VERSION}")
}

/// What a grading session found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Name and version of the schema: `lab-report/1`.
    pub schema: String,
    /// What wrote the report.
    pub tool: Tool,
    /// The base seed, from which the seed of each run is derived.
    pub seed: Seed,
    /// The clock that the runs were on, but for suites that have one of their own.
    pub clock: Clock,
    /// The scheduling policy; `None` on the real clock.
    pub policy: Option<Policy>,
    /// What was graded.
    pub submission: Submission,
    /// When the first run started, to the second, UTC.
    pub started: Timestamp,
    /// Whether the session ended before every planned run was done.
    pub interrupted: bool,
    /// Sums over all suites.
    pub totals: Totals,
    /// The suites, in the order in which they were run.
    pub suites: Vec<SuiteReport>,
    /// How long the iterations of suites took that have a time limit as a whole.
    #[serde(default)]
    pub iterations: Vec<IterationReport>,
    /// How far the runs were confined; none where a report does not say.
    #[serde(default)]
    pub sandbox: Option<Sandbox>,
    /// What a reader should know about the session as a whole.
    pub notes: Vec<String>,
    /// Folder of the logs of failing runs, where there is one.
    pub logs: Option<String>,
}

/// What wrote a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// Name of the command.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// What was graded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// Its name, as it calls itself.
    pub name: String,
    /// Folder of its package; `None` for the built-in reference.
    pub path: Option<String>,
}

/// A seed. In JSON it is a string of decimal digits, because a JSON number keeps only 53 of its 64
/// bits in most readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seed(pub u64);

impl fmt::Display for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Seed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Seed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let digits = String::deserialize(deserializer)?;
        let seed = digits.parse().map_err(|_| {
            D::Error::custom(format!("seed {digits:?} is not a number from 0 to 2^64-1"))
        })?;
        Ok(Self(seed))
    }
}

/// Sums over all tests of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Totals {
    /// Tests selected; the sum of the five counts that follow.
    pub tests: u64,
    /// Tests that passed in every run.
    pub pass: u64,
    /// Tests that passed in some runs and failed in others.
    pub flaky: u64,
    /// Tests that failed in every run.
    pub fail: u64,
    /// Tests of contracts that the submission leaves out, and of code that is not written.
    pub not_implemented: u64,
    /// Tests that nothing can be said about, because no run of theirs counts.
    pub undetermined: u64,
    /// Runs that passed or failed.
    pub runs: u64,
    /// Runs that failed.
    pub failed_runs: u64,
    /// Runs in which the toolkit itself failed: neither passed nor failed.
    pub errors: u64,
    /// Wall seconds from the first start to the last end.
    pub wall_s: f64,
    /// CPU seconds of all runs.
    pub cpu_s: f64,
    /// Seconds on the session's clock, of all runs that were on it.
    pub virtual_s: f64,
}

/// One suite.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SuiteReport {
    /// Short id: `part2`.
    pub id: String,
    /// A title.
    pub title: String,
    /// The course it comes from.
    pub course: String,
    /// The clock that its runs were on, where it is another than the session's; `None` otherwise.
    #[serde(default)]
    pub clock: Option<Clock>,
    /// Whether its tests read the submission's sources and run nothing. Each is done once, which counts as a run; there
    /// are no seeds, rates and costs.
    #[serde(default)]
    pub reads: bool,
    /// Seconds on the clock in use within which one iteration of all its tests should end.
    pub budget_s: f64,
    /// Seconds on the clock in use that one iteration takes: the sum of the tests' medians. `None`
    /// until every test has been measured.
    pub iteration_s: Option<f64>,
    /// Whether an iteration takes longer than the budget. It says so; it fails nothing.
    pub slow: bool,
    /// The selected tests, in the course's order.
    pub tests: Vec<TestReport>,
}

/// How long the iterations took of suites that have a time limit as a whole. An iteration is one run
/// of each of their selected tests; it takes the sum of what these took.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IterationReport {
    /// What the suites are called as a whole: `COMP385 Raft`.
    pub name: String,
    /// Their ids.
    pub suites: Vec<String>,
    /// Seconds on the clock in use that an iteration may take.
    pub limit_s: f64,
    /// Iterations of which every run ended.
    pub ended: u64,
    /// Those of them in which some run left no record, so that what they took is not known.
    pub unmeasured: u64,
    /// Iterations that took longer than the limit, also when some of their runs are missing: each is
    /// a failure of the suites as a whole.
    pub over: u64,
    /// Seconds on the clock in use that an iteration took; `None` until one was measured.
    pub iteration_s: Option<Spread<f64>>,
    /// The earliest iterations that took longer than the limit; ten at most.
    pub earliest_over: Vec<IterationTime>,
}

/// What one iteration took.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct IterationTime {
    /// Which, from 0.
    pub iteration: u64,
    /// Seconds on the clock in use, of those of its runs that left a record.
    pub time_s: f64,
}

/// One test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TestReport {
    /// Full id, suite included: `part2/consensus-no-failure`.
    pub id: String,
    /// The course's own name: `TestConsensusNoFailurePart2`.
    pub course_name: String,
    /// One line: what a correct solution shows.
    pub description: String,
    /// Weight in a score.
    pub points: u32,
    /// What a run may use. A limit that is not set is absent.
    pub limits: Limits,
    /// What the runs amount to.
    pub verdict: TestVerdict,
    /// Runs asked for.
    pub planned: u64,
    /// Runs that passed or failed.
    pub runs: u64,
    /// Runs that failed.
    pub failed: u64,
    /// Runs in which the toolkit itself failed: neither passed nor failed.
    pub errors: u64,
    /// Failed runs over runs, with its 95 % interval; `None` with no run.
    pub failure_rate: Option<Rate>,
    /// Seconds on the clock in use, per run.
    pub virtual_s: Option<Spread<f64>>,
    /// Wall seconds per run, start of the process included.
    pub wall_s: Option<Spread<f64>>,
    /// CPU seconds per run.
    pub cpu_s: Option<Spread<f64>>,
    /// RPCs sent, per run.
    pub rpcs: Option<Spread<u64>>,
    /// Bytes of requests and delivered replies, encoded, per run.
    pub bytes: Option<Spread<u64>>,
    /// Log entries committed, per run.
    pub commits: Option<Spread<u64>>,
    /// Servers in the cluster; 0 where the test has none.
    pub servers: u32,
    /// The properties that were watched all the time, and what came of it.
    #[serde(default)]
    pub properties: Vec<PropertyReport>,
    /// What a person should know although it is no failure: each distinct warning once.
    pub warnings: Vec<Warning>,
    /// Each distinct failure once, the most frequent first.
    pub failures: Vec<FailureGroup>,
    /// Failed runs whose failures are not listed, because there were too many distinct ones.
    pub unlisted_failures: u64,
    /// Single runs in the order of their iterations: all of them, or, of very many, a fair sample
    /// ([`SAMPLE_CAP`](crate::sample::SAMPLE_CAP)).
    pub sampled_runs: Vec<SampledRun>,
}

/// Least, middle and greatest of the runs that measured something.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spread<T> {
    /// The least, of all runs.
    pub min: T,
    /// The middle one; of an even number the lower of the two. Of very many runs, that of a sample.
    pub median: T,
    /// The greatest, of all runs.
    pub max: T,
}

/// What the runs of a test say about a property that must hold at every moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PropertyReport {
    /// Its name: `election safety`.
    pub property: String,
    /// What they amount to.
    pub standing: Standing,
    /// Runs in which it was observed and never violated.
    pub held: u64,
    /// Runs that say nothing about it.
    pub not_observed: u64,
    /// Runs in which it was violated.
    pub violated: u64,
    /// How often something was seen that could have violated it, over all runs.
    pub checks: u64,
    /// Why runs say nothing about it: each distinct reason once, the most frequent first.
    pub reasons: Vec<Reason>,
}

/// Why runs say nothing about a property.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The reason, as the earliest of these runs gave it.
    pub reason: String,
    /// Runs that gave it.
    pub runs: u64,
}

/// A warning that runs gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// The warning, as the earliest of these runs gave it.
    pub message: String,
    /// Runs that gave it.
    pub runs: u64,
}

impl From<(String, u64)> for Warning {
    /// A text and the runs that gave it.
    fn from((message, runs): (String, u64)) -> Self {
        Self { message, runs }
    }
}

impl From<(String, u64)> for Reason {
    /// A text and the runs that gave it.
    fn from((reason, runs): (String, u64)) -> Self {
        Self { reason, runs }
    }
}

/// A distinct failure: runs that failed in the same way.
///
/// The same way means the same kind and property, the same source location, and a message that
/// differs at most in its numbers. All that is told in detail is told of the earliest of these runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailureGroup {
    /// The kind.
    pub kind: FailureKind,
    /// The property that was violated, where it is one that is watched all the time.
    #[serde(default)]
    pub property: Option<String>,
    /// One line for a person: what was expected and what was seen.
    pub message: String,
    /// Source location it points to: `src/raft.rs:120:9`.
    pub location: Option<String>,
    /// The step of the test during which it failed.
    pub step: Option<String>,
    /// Further lines.
    pub details: Vec<String>,
    /// Runs that failed in this way.
    pub runs: u64,
    /// Seeds of the earliest of these runs, in the order of their iterations; ten at most. None where sources
    /// were read.
    pub seeds: Vec<Seed>,
    /// The command that repeats the earliest of these runs.
    pub replay: String,
    /// Log of that run, where one was kept.
    pub log: Option<String>,
    /// Hash of that run's events, which a replay must show again; `None` where it has none.
    pub trace_hash: Option<String>,
    /// File with what happened in that run, for a picture of it; `None` where none was kept.
    #[serde(default)]
    pub timeline: Option<String>,
}

/// One run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SampledRun {
    /// Which run of its test, from 0.
    pub iteration: u64,
    /// Its seed.
    pub seed: Seed,
    /// Whether it passed.
    pub passed: bool,
    /// Index of its failure in [`TestReport::failures`], from 0; `None` when it passed or when its
    /// failure is not listed.
    pub failure: Option<usize>,
    /// Seconds on the clock in use; `None`, as all that follows, when the run left no record.
    pub virtual_s: Option<f64>,
    /// Wall seconds.
    pub wall_s: f64,
    /// CPU seconds.
    pub cpu_s: Option<f64>,
    /// RPCs sent.
    pub rpcs: Option<u64>,
    /// Bytes of requests and delivered replies, encoded.
    pub bytes: Option<u64>,
    /// Log entries committed.
    pub commits: Option<u64>,
}

impl Report {
    /// All tests, suite by suite.
    pub fn tests(&self) -> impl Iterator<Item = &TestReport> {
        self.suites.iter().flat_map(|suite| &suite.tests)
    }
}

impl Totals {
    /// How many tests have each verdict, those that none has left out.
    pub fn verdicts(&self) -> impl Iterator<Item = (u64, TestVerdict)> {
        let counts = [
            (self.pass, TestVerdict::Pass),
            (self.flaky, TestVerdict::Flaky),
            (self.fail, TestVerdict::Fail),
            (self.not_implemented, TestVerdict::NotImplemented),
            (self.undetermined, TestVerdict::Undetermined),
        ];
        counts.into_iter().filter(|(tests, _)| *tests > 0)
    }
}

impl FailureGroup {
    /// What kind of failure it is, in words: `safety violated (election safety)`.
    pub fn title(&self) -> String {
        self.kind.title(self.property.as_deref())
    }
}

impl TestReport {
    /// Runs that passed.
    pub fn passed(&self) -> u64 {
        self.runs - self.failed
    }

    /// The id without its suite: `consensus-no-failure`.
    pub fn short_id(&self) -> &str {
        self.id.split_once('/').map_or(&self.id, |(_, test)| test)
    }
}
