//! How long the iterations take of suites that a course limits as a whole.
//!
//! The runs of an iteration end in any order, and those of several iterations at a time. An iteration
//! is kept open until all of its runs have ended: as many as there are runs at a time, one more at
//! most.

use std::collections::BTreeMap;

use protocol::{SuiteInfo, Together};

use crate::model::{IterationReport, IterationTime};
use crate::outcome::{Overrun, RunOutcome};
use crate::sample::{Series, in_seconds, micros, seconds};

/// Most iterations over the limit that are listed.
const OVER_CAP: usize = 10;

/// The iterations of suites that are timed together.
#[derive(Clone, Debug)]
pub(crate) struct Iterations {
    together: Together,
    suites: Vec<String>,
    /// Runs of an iteration.
    tests: usize,
    open: BTreeMap<u64, Open>,
    ended: u64,
    unmeasured: u64,
    over: u64,
    /// Microseconds of the earliest iterations over the limit.
    earliest_over: BTreeMap<u64, u64>,
    /// Microseconds of each iteration that ended and was measured.
    sums: Series,
}

/// An iteration some of whose runs have ended.
#[derive(Clone, Debug, Default)]
struct Open {
    micros: u64,
    ended: usize,
    unmeasured: bool,
}

impl Iterations {
    /// Those of `suites`, and for each suite, the index of its own; none for a suite without a limit.
    pub(crate) fn of(suites: &[SuiteInfo]) -> (Vec<Self>, Vec<Option<usize>>) {
        let mut all: Vec<Self> = Vec::new();
        let mut indices = Vec::new();
        for suite in suites {
            let together = suite.together.as_ref().filter(|_| suite.implemented);
            indices.push(together.map(|together| {
                let known = all.iter().position(|known| known.together.name == together.name);
                let index = known.unwrap_or(all.len());
                if known.is_none() {
                    all.push(Self::none(together.clone()));
                }
                all[index].suites.push(suite.id.clone());
                all[index].tests += suite.tests.len();
                index
            }));
        }
        (all, indices)
    }

    fn none(together: Together) -> Self {
        Self {
            together,
            suites: Vec::new(),
            tests: 0,
            open: BTreeMap::new(),
            ended: 0,
            unmeasured: 0,
            over: 0,
            earliest_over: BTreeMap::new(),
            sums: Series::default(),
        }
    }

    /// Takes in a run; says so when its iteration now is over the limit and was not before.
    pub(crate) fn add(&mut self, outcome: &RunOutcome) -> Option<Overrun> {
        let iteration = outcome.iteration;
        let open = self.open.entry(iteration).or_default();
        let before = open.micros;
        open.ended += 1;
        match &outcome.record {
            Some(record) => open.micros = before.saturating_add(micros(record.virtual_s)),
            None => open.unmeasured = true,
        }
        let Open { micros: sum, ended, unmeasured } = *open;
        if ended == self.tests {
            self.open.remove(&iteration);
            self.ended += 1;
            if unmeasured {
                self.unmeasured += 1;
            } else {
                self.sums.add(iteration, sum);
            }
        }
        let limit = micros(self.together.limit_s);
        if sum <= limit {
            return None;
        }
        let newly = before <= limit;
        self.over += u64::from(newly);
        self.note_over(iteration, sum);
        newly.then(|| Overrun {
            name: self.together.name.clone(),
            iteration,
            time_s: seconds(sum),
            limit_s: self.together.limit_s,
        })
    }

    fn note_over(&mut self, iteration: u64, sum: u64) {
        self.earliest_over.insert(iteration, sum);
        if self.earliest_over.len() > OVER_CAP {
            self.earliest_over.pop_last();
        }
    }

    pub(crate) fn report(&self) -> IterationReport {
        let time = |(&iteration, &sum)| IterationTime { iteration, time_s: seconds(sum) };
        IterationReport {
            name: self.together.name.clone(),
            suites: self.suites.clone(),
            limit_s: self.together.limit_s,
            ended: self.ended,
            unmeasured: self.unmeasured,
            over: self.over,
            iteration_s: self.sums.spread().map(in_seconds),
            earliest_over: self.earliest_over.iter().map(time).collect(),
        }
    }
}
