//! A correct solution, and whether it was left alone.

use serde::{Deserialize, Serialize};

use crate::model::Report;
use crate::verdict::TestVerdict;

/// What is known of a variant beforehand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AboutVariant {
    /// The lab: `raft`.
    pub lab: String,
    /// Its name, which is that of its folder.
    pub name: String,
    /// What it is, in one line.
    pub title: String,
    /// In what it differs from the reference.
    pub differs: String,
    /// Suites and tests that are not for it.
    pub skipped: Vec<LeftOut>,
    /// What else a reader should know.
    pub note: Option<String>,
}

/// What is not for a variant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// The id of a suite, or the full id of a test.
    pub what: String,
    /// Why.
    pub why: String,
}

/// What became of a variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VariantStatus {
    /// No run failed.
    LeftAlone,
    /// Some run failed: the suite is wrong.
    FalseAlarm,
    /// Nothing can be said: it does not build, or nothing was run, or not all of it.
    Broken,
}

/// A test that failed a correct solution.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alarm {
    /// Its full id.
    pub test: String,
    /// Its runs.
    pub runs: u64,
    /// Those of them that failed.
    pub failed: u64,
    /// The most frequent of its failures, in one line.
    pub message: String,
    /// Seed of the earliest run that failed in this way.
    pub seed: Option<crate::Seed>,
}

/// A variant, and what the suites say of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Variant {
    /// What is known of it beforehand.
    #[serde(flatten)]
    pub about: AboutVariant,
    /// What became of it.
    pub status: VariantStatus,
    /// Why nothing can be said; `None` when all went well.
    pub reason: Option<String>,
    /// Runs of all tests, without those that are not for it.
    pub runs: u64,
    /// Runs in which the toolkit itself failed.
    pub errors: u64,
    /// The tests that failed it.
    pub alarms: Vec<Alarm>,
    /// Wall seconds that it took, building included.
    pub wall_s: f64,
}

impl Variant {
    /// One of which nothing can be said.
    pub fn broken(about: AboutVariant, reason: String) -> Self {
        let status = VariantStatus::Broken;
        let reason = Some(reason);
        Self { about, status, reason, runs: 0, errors: 0, alarms: Vec::new(), wall_s: 0.0 }
    }

    /// One of which `report` says what the suites showed.
    pub fn judged(about: AboutVariant, report: &Report) -> Self {
        let mut variant = Self::broken(about, "none of its lab's tests was run".to_owned());
        let is_for_it = |test: &&crate::model::TestReport| {
            let suite = test.id.split('/').next().unwrap_or_default();
            let skipped = &variant.about.skipped;
            !skipped.iter().any(|one| one.what == test.id || one.what == suite)
                && test.verdict != TestVerdict::NotImplemented
        };
        let tests: Vec<_> = report.tests().filter(is_for_it).collect();
        variant.runs = tests.iter().map(|test| test.runs).sum();
        variant.errors = tests.iter().map(|test| test.errors).sum();
        variant.alarms = tests
            .iter()
            .filter(|test| test.failed > 0)
            .map(|test| {
                let failure = test.failures.first();
                Alarm {
                    test: test.id.clone(),
                    runs: test.runs,
                    failed: test.failed,
                    message: failure.map_or_else(String::new, |failure| failure.message.clone()),
                    seed: failure.and_then(|failure| failure.seeds.first().copied()),
                }
            })
            .collect();
        let unfinished = tests.iter().find(|test| test.runs < test.planned);
        (variant.status, variant.reason) = match (variant.alarms.is_empty(), unfinished) {
            (false, _) => (VariantStatus::FalseAlarm, None),
            (true, Some(test)) => {
                let why = format!("only {} of {} runs of {}", test.runs, test.planned, test.id);
                (VariantStatus::Broken, Some(why))
            }
            (true, None) if variant.runs > 0 => (VariantStatus::LeftAlone, None),
            (true, None) => (VariantStatus::Broken, variant.reason),
        };
        variant
    }
}
