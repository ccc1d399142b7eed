//! A faulty solution, and whether it was caught as it should be.

use serde::{Deserialize, Serialize};

use super::detection::Detection;
use crate::model::{Report, TestReport};
use crate::verdict::TestVerdict;

/// What is known of a bug beforehand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AboutBug {
    /// The lab: `raft`.
    pub lab: String,
    /// Its name, which is that of its folder.
    pub name: String,
    /// What it does wrong, in one line.
    pub title: String,
    /// The rule that it breaks.
    pub breaks: String,
    /// Ids of the suites that should catch it.
    pub suites: Vec<String>,
    /// Full ids of the tests that are meant to catch it.
    pub tests: Vec<String>,
    /// How students come to make it.
    pub origin: String,
    /// Whether an exploration is expected to find it.
    pub explore: bool,
    /// What else a reader should know.
    pub note: Option<String>,
}

/// What became of a bug.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BugStatus {
    /// Its suites catch it with 99 % in as many iterations as there were, and so do the tests meant for it.
    Caught,
    /// Its suites do, but not the tests meant for it.
    Elsewhere,
    /// Its suites catch it now and then, and less surely than with 99 %.
    Seldom,
    /// Its suites do not catch it.
    Missed,
    /// Its suites do not catch it with 99 %, and an exploration, which was expected to find it, did.
    Explored,
    /// An exploration is expected to find it, and there was none.
    NotExplored,
    /// Nothing can be said: it does not build, or its runs say nothing.
    Broken,
}

impl BugStatus {
    /// Whether it is not as it should be.
    pub fn is_lapse(self) -> bool {
        !matches!(self, Self::Caught | Self::Explored | Self::NotExplored)
    }
}

impl std::fmt::Display for BugStatus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Caught => "caught",
            Self::Elsewhere => "caught, but not by the tests meant for it",
            Self::Seldom => "caught too seldom",
            Self::Missed => "missed",
            Self::Explored => "found by exploring",
            Self::NotExplored => "not explored",
            Self::Broken => "broken",
        })
    }
}

/// A suite against a bug.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SuiteDetection {
    /// Its id.
    pub suite: String,
    /// What its iterations amount to; `None` where none is complete.
    pub detection: Option<Detection>,
}

/// A test against a bug.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TestDetection {
    /// Its full id.
    pub test: String,
    /// What its runs amount to; `None` where none counts.
    pub detection: Option<Detection>,
    /// The most frequent of its failures, in one line; `None` where no run failed.
    pub message: Option<String>,
}

/// What an exploration made of a bug.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Explored {
    /// Runs that ended.
    pub runs: u64,
    /// Wall seconds from the first run to the last.
    pub wall_s: f64,
    /// Number of the earliest run that failed, from 0; `None` where none did.
    pub found: Option<u64>,
    /// How it failed, in one line.
    pub message: Option<String>,
}

/// A bug, and what the suites say of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bug {
    /// What is known of it beforehand.
    #[serde(flatten)]
    pub about: AboutBug,
    /// What became of it.
    pub status: BugStatus,
    /// Why nothing can be said, or what was cut short; `None` when all went well.
    pub reason: Option<String>,
    /// Its suites taken together.
    pub together: Option<Detection>,
    /// The tests meant for it taken together.
    pub meant: Option<Detection>,
    /// The suites that were run.
    pub by_suite: Vec<SuiteDetection>,
    /// Their tests.
    pub by_test: Vec<TestDetection>,
    /// What an exploration made of it; `None` where there was none.
    pub explored: Option<Explored>,
    /// Wall seconds that it took, building included.
    pub wall_s: f64,
}

impl Bug {
    /// One of which nothing can be said.
    pub fn broken(about: AboutBug, reason: String) -> Self {
        Self {
            about,
            status: BugStatus::Broken,
            reason: Some(reason),
            together: None,
            meant: None,
            by_suite: Vec::new(),
            by_test: Vec::new(),
            explored: None,
            wall_s: 0.0,
        }
    }

    /// One of which `report` says what `count` iterations of each suite showed.
    pub fn judged(about: AboutBug, report: &Report, count: u64) -> Self {
        let tests = || report.tests();
        let of_its_suites = |test: &&TestReport| {
            let suite = test.id.split('/').next().unwrap_or_default();
            about.suites.iter().any(|id| id == suite)
        };
        let together = Detection::of(tests().filter(of_its_suites));
        let meant = Detection::of(tests().filter(|test| about.tests.contains(&test.id)));
        let implemented = |test: &&TestReport| test.verdict != TestVerdict::NotImplemented;
        let by_suite = report
            .suites
            .iter()
            .filter(|suite| suite.tests.iter().any(|test| implemented(&test)))
            .map(|suite| SuiteDetection {
                suite: suite.id.clone(),
                detection: Detection::of(&suite.tests),
            })
            .collect();
        let by_test = tests()
            .filter(implemented)
            .map(|test| TestDetection {
                test: test.id.clone(),
                detection: Detection::of([test]),
                message: test.failures.first().map(|failure| failure.message.clone()),
            })
            .collect();
        let status = status(&about, count, together, meant);
        Self {
            about,
            status,
            reason: None,
            together,
            meant,
            by_suite,
            by_test,
            explored: None,
            wall_s: 0.0,
        }
    }

    /// The same after an exploration that was expected to find it.
    #[must_use]
    pub fn explored(mut self, explored: Explored) -> Self {
        if self.status == BugStatus::NotExplored {
            self.status = match (&explored.found, self.together) {
                (Some(_), _) => BugStatus::Explored,
                (None, Some(Detection { caught: 1.., .. })) => BugStatus::Seldom,
                (None, _) => BugStatus::Missed,
            };
        }
        self.explored = Some(explored);
        self
    }

    /// Whether further iterations could hardly take back that it is [caught](BugStatus::Caught) with 99 % in `count` of them.
    pub fn is_settled(&self, count: u64) -> bool {
        let settled = |of: Option<Detection>| of.is_some_and(|one| one.is_settled_in(count));
        let meant = self.about.tests.is_empty() || settled(self.meant);
        settled(self.together) && meant
    }

    /// Tests that catch it with 99 % in `count` iterations.
    pub fn caught_by(&self, count: u64) -> impl Iterator<Item = &str> {
        let sure = move |test: &&TestDetection| {
            test.detection.is_some_and(|detection| detection.is_sure_in(count))
        };
        self.by_test.iter().filter(sure).map(|test| test.test.as_str())
    }
}

/// What the suites alone make of a bug.
fn status(
    about: &AboutBug,
    count: u64,
    together: Option<Detection>,
    meant: Option<Detection>,
) -> BugStatus {
    let sure = |detection: Option<Detection>| detection.is_some_and(|one| one.is_sure_in(count));
    match together {
        _ if sure(together) && sure(meant) => BugStatus::Caught,
        _ if sure(together) && !about.tests.is_empty() => BugStatus::Elsewhere,
        _ if sure(together) => BugStatus::Caught,
        _ if about.explore => BugStatus::NotExplored,
        Some(detection) if detection.caught > 0 => BugStatus::Seldom,
        Some(_) => BugStatus::Missed,
        None => BugStatus::Broken,
    }
}
