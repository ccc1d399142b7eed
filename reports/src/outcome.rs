//! One run that ended, as it is taken in.

use std::path::PathBuf;

use protocol::{Failure, FailureKind, Record, Verdict};

/// One run that ended, as the grader judged it.
#[derive(Clone, Debug, PartialEq)]
pub struct RunOutcome {
    /// Full id of the test: `part2/consensus-no-failure`.
    pub test: String,
    /// Which run of its test, from 0; each is taken in once.
    pub iteration: u64,
    /// Its seed.
    pub seed: u64,
    /// Why it did not pass; `None` when it passed.
    pub failure: Option<Failure>,
    /// What it reported of itself, where an acceptable record came.
    pub record: Option<Record>,
    /// Wall seconds from the start of its process to its end.
    pub wall_s: f64,
    /// CPU seconds of its process as the grader saw them; `None` leaves it to the record.
    pub cpu_s: Option<f64>,
    /// Its log, where one was kept.
    pub log: Option<PathBuf>,
    /// The command that repeats it.
    pub replay: String,
}

impl RunOutcome {
    /// Why the run did not pass. Only a record that says "pass" is a pass, whatever else is
    /// claimed.
    pub(crate) fn verdict(&self) -> Option<Failure> {
        if let Some(failure) = &self.failure {
            return Some(failure.clone());
        }
        match &self.record {
            Some(Record { verdict: Verdict::Pass, failure: None, .. }) => None,
            Some(Record { failure: Some(failure), .. }) => Some(failure.clone()),
            Some(_) => Some(no_record("the run failed and did not say why")),
            None => Some(no_record("the run ended without a result")),
        }
    }
}

/// A look at the sources that ended: what a suite that reads has for a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Full id of the test: `style/formatting`.
    pub test: String,
    /// What was found; `None` when nothing was, and everything was looked at.
    pub failure: Option<Failure>,
    /// The command that looks once more.
    pub replay: String,
}

fn no_record(message: &str) -> Failure {
    Failure::new(FailureKind::NoRecord, message)
}

/// What taking in a run showed: enough to tell a new failure as it happens and to keep only the
/// logs that the report will name.
#[derive(Clone, Debug, PartialEq)]
pub struct Noted {
    /// Whether the run passed.
    pub passed: bool,
    /// Whether it failed in a way that no run before it did.
    pub new_failure: bool,
    /// Whether it is, for now, the run that its failure is told by: its log and its replay line
    /// stand in the report unless a run of an earlier iteration fails in the same way.
    pub told: bool,
    /// The iteration that with this run went over the time limit of its suites.
    pub overrun: Option<Overrun>,
}

impl Noted {
    pub(crate) fn passed() -> Self {
        Self { passed: true, new_failure: false, told: false, overrun: None }
    }

    pub(crate) fn failed(new_failure: bool, told: bool) -> Self {
        Self { passed: false, new_failure, told, overrun: None }
    }
}

/// An iteration took longer than its suites may take as a whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Overrun {
    /// What the suites are called as a whole.
    pub name: String,
    /// Which iteration, from 0.
    pub iteration: u64,
    /// Seconds on the clock in use that its runs took so far.
    pub time_s: f64,
    /// Seconds that it may take.
    pub limit_s: f64,
}
