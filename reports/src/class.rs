//! What became of a class: a row for each submission.
//!
//! | module | what |
//! | --- | --- |
//! | `csv` | for a spreadsheet or a course platform |
//! | `terminal` | for a person |

mod csv;
mod terminal;

use std::collections::BTreeMap;

use protocol::Clock;
use serde::{Deserialize, Serialize};

use crate::model::{Report, Seed, Tool};
use crate::score::{Flaky, Scheme, Score};
use crate::verdict::TestVerdict;

pub use csv::render as to_csv;
pub use terminal::render as to_text;

/// The schema of a class's summary.
pub const SCHEMA: &str = "lab-class/1";

/// A class, graded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Class {
    /// [`SCHEMA`].
    pub schema: String,
    /// What wrote it.
    pub tool: Tool,
    /// Base seed of all submissions.
    pub seed: Seed,
    /// The clock in use.
    pub clock: Clock,
    /// Runs of each test.
    pub count: u64,
    /// What flaky tests are worth.
    pub flaky: Flaky,
    /// Submissions that were not graded yet.
    pub waiting: u64,
    /// A row for each submission that was, in the order of the roster.
    pub submissions: Vec<Row>,
}

/// What became of a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Its tests were run.
    Graded,
    /// Its time was over before all of them were.
    OutOfTime,
    /// It does not build, or asks for something that is refused.
    DoesNotBuild,
    /// There is no submission where there should be one.
    NoSubmission,
    /// It was built, and then did not say what it implements, or implements nothing that is tested.
    NoTests,
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Graded => "graded",
            Self::OutOfTime => "out of time",
            Self::DoesNotBuild => "does not build",
            Self::NoSubmission => "no submission",
            Self::NoTests => "no tests",
        })
    }
}

/// One submission.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// What it is called: its folder, relative to the class's, or what the roster says.
    pub id: String,
    /// Whose it is, where the roster says so.
    pub name: Option<String>,
    /// The roster's other columns.
    pub columns: BTreeMap<String, String>,
    /// Its folder.
    pub path: String,
    /// What became of it.
    pub status: Status,
    /// Why, in one line; `None` when all went well.
    pub reason: Option<String>,
    /// Its points.
    pub score: Score,
    /// Those of each suite.
    pub suites: Vec<SuiteScore>,
    /// Its tests, by verdict.
    pub tests: TestCounts,
    /// Runs that passed or failed.
    pub runs: u64,
    /// Those of them that failed.
    pub failed_runs: u64,
    /// Tests that are flaky, the one that fails most often first.
    pub flaky: Vec<FlakyTest>,
    /// Wall seconds that it took, building included.
    pub wall_s: f64,
    /// The folder of its reports, relative to that of the class's.
    pub reports: String,
}

/// The points of a suite.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SuiteScore {
    /// Its id.
    pub suite: String,
    /// Its points.
    #[serde(flatten)]
    pub score: Score,
}

/// Tests by verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestCounts {
    /// Tests that passed in every run.
    pub pass: u64,
    /// Tests that passed in some.
    pub flaky: u64,
    /// Tests that passed in none.
    pub fail: u64,
    /// Tests of what the submission leaves out.
    pub not_implemented: u64,
    /// Tests that nothing can be said about.
    pub undetermined: u64,
}

/// A test that passes now and then.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FlakyTest {
    /// Its full id.
    pub test: String,
    /// The part of its runs that failed.
    pub failure_rate: f64,
}

impl Row {
    /// Takes in the report on the submission.
    #[must_use]
    pub fn with_report(mut self, report: &Report, scheme: &Scheme) -> Self {
        let suite_score = |suite: &crate::model::SuiteReport| SuiteScore {
            suite: suite.id.clone(),
            score: scheme.suite(suite).rounded(),
        };
        self.score = scheme.score(report).rounded();
        self.suites = report.suites.iter().map(suite_score).collect();
        let totals = &report.totals;
        self.tests = TestCounts {
            pass: totals.pass,
            flaky: totals.flaky,
            fail: totals.fail,
            not_implemented: totals.not_implemented,
            undetermined: totals.undetermined,
        };
        self.runs = totals.runs;
        self.failed_runs = totals.failed_runs;
        let flaky = report.tests().filter(|test| test.verdict == TestVerdict::Flaky);
        self.flaky = flaky
            .map(|test| FlakyTest {
                test: test.id.clone(),
                failure_rate: test.failed as f64 / test.runs as f64,
            })
            .collect();
        self.flaky.sort_by(|a, b| b.failure_rate.total_cmp(&a.failure_rate));
        self
    }
}

impl Class {
    /// The summary as JSON, ending in a newline.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("a summary is always JSON") + "\n"
    }

    /// Ids of the suites that some submission was graded with, in their order.
    fn suites(&self) -> Vec<&str> {
        let mut suites: Vec<&str> = Vec::new();
        for score in self.submissions.iter().flat_map(|row| &row.suites) {
            if !suites.contains(&score.suite.as_str()) {
                suites.push(&score.suite);
            }
        }
        suites
    }
}
