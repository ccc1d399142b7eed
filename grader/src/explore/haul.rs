//! What the missions brought.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use protocol::{Failure, FailureKind, Record};
use reports::groups::Key;
use reports::properties::Properties;
use runner::RunResult;
use xxhash_rust::xxh3::xxh3_64;

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
    /// Hashes of the distinct mixes: of a long exploration there are very many.
    pub(crate) mixes: BTreeSet<u64>,
    /// What the runs say about properties, as far as they can be judged.
    pub(crate) properties: Properties,
    /// By the way in which a run fails, the earliest run and how many there were.
    pub(crate) violations: BTreeMap<Key, Violation>,
    /// Runs about which nothing can be said.
    pub(crate) undetermined: u64,
    /// The first of those.
    pub(crate) unjudged: Vec<Ended>,
    /// Whether the submission has no Raft.
    pub(crate) not_implemented: Option<String>,
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
        let mix = format!("{} {}", mission.scenario.mix(), mission.policy);
        self.mixes.insert(xxh3_64(mix.as_bytes()));
        if let Some(record) = &result.record {
            self.virtual_s += record.virtual_s;
            self.commits += record.commits;
        }
        let failure = result.failure().cloned();
        if !failure.as_ref().is_some_and(is_undetermined) {
            self.properties.add(run, result.record.as_ref(), failure.as_ref());
        }
        match failure {
            None => {}
            // Code that is not written has a place, and reaching it is a failure like others.
            Some(failure)
                if failure.kind == FailureKind::NotImplemented && failure.location.is_none() =>
            {
                self.not_implemented = Some(failure.message);
            }
            Some(failure) => self.blame(run, Ended { mission, failure, record: result.record }),
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
