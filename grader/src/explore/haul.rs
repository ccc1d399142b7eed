//! What the missions brought.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use protocol::{Failure, FailureKind, Record};
use reports::groups::Key;
use runner::RunResult;

use super::mission::{Mission, is_undetermined, way};

/// What the missions brought.
#[derive(Debug, Default)]
pub(crate) struct Haul {
    /// Runs that ended.
    pub(crate) runs: u64,
    /// Log entries committed, in all runs.
    pub(crate) commits: u64,
    /// Seconds on the simulated clock.
    pub(crate) virtual_s: f64,
    /// Wall time from the first run to the last.
    pub(crate) wall: Duration,
    /// Distinct mixes.
    pub(crate) mixes: BTreeSet<String>,
    /// By the property's name.
    pub(crate) properties: BTreeMap<String, Observed>,
    /// The names of the properties as the harness lists them.
    pub(crate) order: Vec<String>,
    /// By the way in which a run fails, the earliest run and how many there were.
    pub(crate) violations: BTreeMap<Key, Violation>,
    /// Runs about which nothing can be said.
    pub(crate) undetermined: u64,
    /// The first of those.
    pub(crate) unjudged: Vec<Ended>,
    /// Whether the submission has no Raft.
    pub(crate) not_implemented: Option<String>,
}

/// What all runs together say of a property.
#[derive(Clone, Debug, Default)]
pub(crate) struct Observed {
    /// Checks in all runs.
    pub(crate) checks: u64,
    /// Runs in which it was observed.
    pub(crate) runs: u64,
    /// Why it was not, in the first run in which it was not.
    pub(crate) not_observed: Option<String>,
}

/// A distinct violation.
#[derive(Clone, Debug)]
pub(crate) struct Violation {
    /// Number of the earliest run that failed so.
    pub(crate) run: u64,
    /// Runs that did.
    pub(crate) runs: u64,
    /// The earliest.
    pub(crate) ended: Ended,
}

/// A mission that failed, and how.
#[derive(Clone, Debug)]
pub(crate) struct Ended {
    /// The mission.
    pub(crate) mission: Mission,
    /// Why it failed.
    pub(crate) failure: Failure,
    /// Its record, if it left one.
    pub(crate) record: Option<Record>,
}

/// Most undetermined runs that are told.
const UNJUDGED: usize = 3;

impl Haul {
    /// Takes in a run.
    pub(crate) fn take(&mut self, run: u64, mission: Mission, result: RunResult) {
        self.runs += 1;
        self.mixes.insert(format!("{} {}", mission.scenario.mix(), mission.policy));
        if let Some(record) = &result.record {
            self.virtual_s += record.virtual_s;
            self.commits += record.commits;
            self.observe(record);
        }
        match result.failure().cloned() {
            None => {}
            Some(failure) if failure.kind == FailureKind::NotImplemented => {
                self.not_implemented = Some(failure.message);
            }
            Some(failure) => self.blame(run, Ended { mission, failure, record: result.record }),
        }
    }

    fn observe(&mut self, record: &Record) {
        for watched in &record.watched {
            if !self.properties.contains_key(&watched.property) {
                self.order.push(watched.property.clone());
            }
            let observed = self.properties.entry(watched.property.clone()).or_default();
            observed.checks += watched.checks;
            if watched.checks > 0 && watched.not_observed.is_none() {
                observed.runs += 1;
            } else if observed.not_observed.is_none() {
                observed.not_observed.clone_from(&watched.not_observed);
            }
        }
    }

    fn blame(&mut self, run: u64, ended: Ended) {
        if is_undetermined(&ended.failure) {
            self.undetermined += 1;
            if self.unjudged.len() < UNJUDGED {
                self.unjudged.push(ended);
            }
            return;
        }
        let way = way(&ended.failure);
        match self.violations.get_mut(&way) {
            None => drop(self.violations.insert(way, Violation { run, runs: 1, ended })),
            Some(known) => {
                known.runs += 1;
                if run < known.run {
                    (known.run, known.ended) = (run, ended);
                }
            }
        }
    }
}
