//! Takes in the runs for the report, and keeps the logs that it will name.

use protocol::{Limits, Policy};
use reports::{Aggregate, Noted, Reading, RunOutcome, TestVerdict};
use runner::{Ending, RunResult};

use super::Session;
use super::logs::Logs;
use super::queue::Job;
use super::replay_line::{ReplayLine, What};
use crate::plan::submission::Source;

/// The runs so far.
#[derive(Debug)]
pub(crate) struct Collector {
    /// The figures.
    pub(crate) aggregate: Aggregate,
    /// The same of the tests that a student sees, where some are hidden.
    pub(crate) visible: Option<Aggregate>,
    /// The logs.
    pub(crate) logs: Logs,
    /// Where the program came from, for replay lines.
    source: Source,
    /// Runs that ended, by test.
    ended: Vec<u64>,
}

impl Collector {
    /// Nothing yet of a session of `tests` tests.
    pub(crate) fn new(
        aggregate: Aggregate,
        visible: Option<Aggregate>,
        logs: Logs,
        source: Source,
        tests: usize,
    ) -> Self {
        Self { aggregate, visible, logs, source, ended: vec![0; tests] }
    }

    /// Takes in a run.
    pub(crate) fn take(
        &mut self,
        session: &Session,
        job: Job,
        result: &RunResult,
    ) -> (RunOutcome, Noted) {
        self.ended[job.test] += 1;
        let test = &session.tests[job.test];
        let seed = session.seed_of(job);
        let failed = result.ending != Ending::Passed;
        let log = failed && !result.log.is_empty();
        let outcome = RunOutcome {
            test: test.id.clone(),
            iteration: job.iteration,
            seed,
            failure: result.failure().cloned(),
            record: result.record.clone(),
            wall_s: result.wall_s,
            cpu_s: None,
            log: log.then(|| self.logs.file(&test.id, seed)),
            replay: if failed { self.replay(session, job, test.overrides) } else { String::new() },
        };
        let noted = self.aggregate.record(&outcome);
        if let Some(visible) = self.visible.as_mut().filter(|visible| visible.has(&outcome.test)) {
            visible.record(&outcome);
        }
        if let Some(file) = outcome.log.as_ref().filter(|_| noted.told) {
            self.logs.keep(file, &result.log);
        }
        (outcome, noted)
    }

    /// Takes in a look at the sources, if its test is among those that are meant.
    pub(crate) fn read(&mut self, reading: &Reading) {
        for aggregate in std::iter::once(&mut self.aggregate).chain(&mut self.visible) {
            if aggregate.has(&reading.test) {
                aggregate.read(reading);
            }
        }
    }

    fn replay(&self, session: &Session, job: Job, limits: Limits) -> String {
        ReplayLine {
            source: &self.source,
            what: What::Test(&session.tests[job.test].id),
            seed: session.seed_of(job),
            clock: session.tests[job.test].clock,
            policy: Some(session.policy).filter(|policy| *policy != Policy::default()),
            limits,
            unconfined: session.program.is_unconfined(),
        }
        .to_string()
    }

    /// What the runs of a test amount to, its runs and its failed runs, if that was its last run.
    pub(crate) fn decided(&self, session: &Session, job: Job) -> Option<(TestVerdict, u64, u64)> {
        let test = &session.tests[job.test].id;
        let (runs, failed) = self.aggregate.progress(test)?;
        let verdict = self.aggregate.verdict(test)?;
        (self.ended[job.test] == session.count).then_some((verdict, runs, failed))
    }

    /// Whether runs of the first `made` iterations are missing that were not given up.
    pub(crate) fn ended_early(&self, session: &Session, made: u64) -> bool {
        let missing =
            |(test, &ended): (usize, &u64)| ended < made && !session.patience.gave_up(test);
        self.ended.iter().enumerate().any(missing)
    }
}
