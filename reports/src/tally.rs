//! From outcomes to the report, in bounded memory.
//!
//! What a report says does not depend on the order in which runs end, except for the wall and CPU
//! seconds, which are what they are, and for which failures are listed when a test has more distinct
//! ones than are kept.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use jiff::{Timestamp, Unit};
use protocol::{Clock, Failure, FailureKind, Figures, Policy, SuiteInfo, TestInfo};

use crate::distinct::Distinct;
use crate::groups::Groups;
use crate::interval::Rate;
use crate::iterations::Iterations;
use crate::model::{
    FailureGroup, Report, Seed, Submission, SuiteReport, TestReport, Tool, Totals, Warning,
    schema_id,
};
use crate::outcome::{Noted, Reading, RunOutcome};
use crate::properties::Properties;
use crate::sample::{Column, Sample, micros, seconds};
use crate::sandbox::Sandbox;
use crate::verdict::{Counts, TestVerdict};

/// What is known of a session before its first run.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// What writes the report.
    pub tool: Tool,
    /// The base seed.
    pub seed: u64,
    /// The clock in use.
    pub clock: Clock,
    /// The scheduling policy; left out of the report on the real clock.
    pub policy: Policy,
    /// What is graded.
    pub submission: Submission,
    /// When the first run starts.
    pub started: Timestamp,
    /// Folder of the logs of failing runs.
    pub logs: Option<PathBuf>,
    /// How far the runs are confined.
    pub sandbox: Option<Sandbox>,
    /// What a reader should know about the session as a whole.
    pub notes: Vec<String>,
}

/// All runs so far.
#[derive(Clone, Debug)]
pub struct Aggregate {
    suites: Vec<SuiteInfo>,
    planned: u64,
    tests: BTreeMap<String, Tally>,
    iterations: Vec<Iterations>,
}

impl Aggregate {
    /// No run yet of the selected `suites` (with only their selected tests, and with the limits in
    /// force), each test of which is to be run `planned` times; where sources are read, once.
    pub fn new(suites: Vec<SuiteInfo>, planned: u64) -> Self {
        let (iterations, indices) = Iterations::of(&suites);
        let mut tests = BTreeMap::new();
        for (suite, iterations) in suites.iter().zip(indices) {
            let tally = || Tally { iterations, reads: suite.reads, ..Tally::default() };
            tests.extend(suite.tests.iter().map(|test| (test.id.clone(), tally())));
        }
        Self { suites, planned, tests, iterations }
    }

    /// Takes in a run that ended.
    ///
    /// # Panics
    ///
    /// When the run is of a test that was not selected, or that reads.
    pub fn record(&mut self, outcome: &RunOutcome) -> Noted {
        let tally = tally(&mut self.tests, &outcome.test);
        assert!(!tally.reads, "a run of {:?}, which only reads", outcome.test);
        let overrun = tally.iterations.and_then(|at| self.iterations[at].add(outcome));
        Noted { overrun, ..tally.record(outcome) }
    }

    /// Takes in a look at the sources.
    ///
    /// # Panics
    ///
    /// When it is of a test that was not selected, that does not read, or that has been taken in.
    pub fn read(&mut self, reading: &Reading) -> Noted {
        let tally = tally(&mut self.tests, &reading.test);
        assert!(tally.reads, "a look at the sources for {:?}, which is run", reading.test);
        assert_eq!(tally.counts, Counts::default(), "a second look for {:?}", reading.test);
        tally.read(reading)
    }

    /// Whether `test` (full id) is among the selected tests.
    pub fn has(&self, test: &str) -> bool {
        self.tests.contains_key(test)
    }

    /// Runs taken in so far of `test` (full id): all, and those that failed. For live counts.
    pub fn progress(&self, test: &str) -> Option<(u64, u64)> {
        self.tests.get(test).map(|tally| (tally.counts.runs, tally.counts.failed))
    }

    /// What the runs taken in so far of `test` (full id) amount to.
    pub fn verdict(&self, test: &str) -> Option<TestVerdict> {
        self.tests.get(test).map(|tally| TestVerdict::of(tally.counts))
    }

    /// What a run of `test` (full id) took so far, in the five numbers that a course asks for: the
    /// median of each. `None` until a run left a record.
    pub fn figures(&self, test: &str) -> Option<Figures> {
        let Tally { sample, servers, .. } = self.tests.get(test)?;
        let count = |column| sample.counts(column).map(|spread| spread.median);
        Some(Figures {
            virtual_s: sample.seconds(Column::Virtual)?.median,
            servers: *servers,
            rpcs: count(Column::Rpcs)?,
            bytes: count(Column::Bytes)?,
            commits: count(Column::Commits)?,
        })
    }

    /// The report on the runs so far, after `wall` of the session. `interrupted` says that the rest
    /// of the planned runs will not come.
    pub fn report(&self, session: &Session, wall: Duration, interrupted: bool) -> Report {
        let suites: Vec<SuiteReport> =
            self.suites.iter().map(|suite| self.suite(suite, session.clock)).collect();
        Report {
            schema: schema_id(),
            tool: session.tool.clone(),
            seed: Seed(session.seed),
            clock: session.clock,
            policy: (session.clock == Clock::Sim).then_some(session.policy),
            submission: session.submission.clone(),
            started: session.started.round(Unit::Second).unwrap_or(session.started),
            interrupted,
            totals: self.totals(&suites, wall),
            suites,
            iterations: self.iterations.iter().map(Iterations::report).collect(),
            sandbox: session.sandbox.clone(),
            notes: session.notes.clone(),
            logs: session.logs.as_ref().map(|path| path.to_string_lossy().into_owned()),
        }
    }

    fn suite(&self, suite: &SuiteInfo, clock: Clock) -> SuiteReport {
        let tests: Vec<TestReport> = suite
            .tests
            .iter()
            .map(|test| {
                let planned = if suite.reads { 1 } else { self.planned };
                self.tests[&test.id].report(test, suite.implemented, planned)
            })
            .collect();
        let medians = tests.iter().map(|test| test.virtual_s.map(|spread| spread.median));
        // Rounded anew: a sum of rounded numbers is not itself round.
        let iteration_s = medians.sum::<Option<f64>>().map(|sum| seconds(micros(sum)));
        SuiteReport {
            id: suite.id.clone(),
            title: suite.title.clone(),
            course: suite.course.clone(),
            clock: suite.clock.filter(|own| *own != clock),
            reads: suite.reads,
            budget_s: suite.budget_s,
            iteration_s,
            slow: iteration_s.is_some_and(|iteration_s| iteration_s > suite.budget_s),
            tests,
        }
    }

    fn totals(&self, suites: &[SuiteReport], wall: Duration) -> Totals {
        let mut totals =
            Totals { wall_s: seconds(micros(wall.as_secs_f64())), ..Totals::default() };
        for test in suites.iter().flat_map(|suite| &suite.tests) {
            totals.tests += 1;
            *match test.verdict {
                TestVerdict::Pass => &mut totals.pass,
                TestVerdict::Flaky => &mut totals.flaky,
                TestVerdict::Fail => &mut totals.fail,
                TestVerdict::NotImplemented => &mut totals.not_implemented,
                TestVerdict::Undetermined => &mut totals.undetermined,
            } += 1;
            totals.runs += test.runs;
            totals.failed_runs += test.failed;
            totals.errors += test.errors;
        }
        let sum = |column, counts: fn(&SuiteReport) -> bool| {
            let tests = suites.iter().filter(|suite| counts(suite)).flat_map(|suite| &suite.tests);
            let micros: u128 = tests.map(|test| self.tests[&test.id].sample.sum(column)).sum();
            micros as f64 / 1e6
        };
        totals.cpu_s = sum(Column::Cpu, |_| true);
        totals.virtual_s = sum(Column::Virtual, |suite| suite.clock.is_none());
        totals
    }
}

/// The runs of `test`.
fn tally<'a>(tests: &'a mut BTreeMap<String, Tally>, test: &str) -> &'a mut Tally {
    match tests.get_mut(test) {
        Some(tally) => tally,
        None => panic!("a run of {test:?}, which is not among the selected tests"),
    }
}

/// The runs of one test.
#[derive(Clone, Debug, Default)]
struct Tally {
    /// Whether it reads sources, which counts as one run.
    reads: bool,
    counts: Counts,
    sample: Sample,
    failures: Groups,
    properties: Properties,
    warnings: Distinct,
    servers: u32,
    /// Index of the iterations that its runs belong to; none without a limit on them.
    iterations: Option<usize>,
}

impl Tally {
    fn record(&mut self, outcome: &RunOutcome) -> Noted {
        if let Some(record) = &outcome.record {
            self.servers = self.servers.max(record.servers);
            self.warnings.add(outcome.iteration, record.warnings.iter().map(String::as_str));
        }
        self.judged(outcome, outcome.verdict())
    }

    fn read(&mut self, reading: &Reading) -> Noted {
        let Reading { test, failure, replay } = reading.clone();
        let outcome = RunOutcome {
            test,
            iteration: 0,
            seed: 0,
            failure: failure.clone(),
            record: None,
            wall_s: 0.0,
            cpu_s: None,
            log: None,
            replay,
        };
        self.judged(&outcome, failure)
    }

    fn judged(&mut self, outcome: &RunOutcome, failure: Option<Failure>) -> Noted {
        let Some(failure) = failure else {
            self.counts.runs += 1;
            self.properties.add(outcome.iteration, outcome.record.as_ref(), None);
            self.sample.add(outcome, true, None);
            return Noted::passed();
        };
        let (group, noted) = self.failures.add(outcome, &failure);
        if failure.kind == FailureKind::Internal {
            self.counts.errors += 1;
            return noted;
        }
        self.counts.runs += 1;
        self.counts.failed += 1;
        self.properties.add(outcome.iteration, outcome.record.as_ref(), Some(&failure));
        self.counts.not_implemented += u64::from(failure.kind == FailureKind::NotImplemented);
        self.sample.add(outcome, false, group);
        noted
    }

    fn report(&self, test: &TestInfo, implemented: bool, planned: u64) -> TestReport {
        let Counts { runs, failed, errors, .. } = self.counts;
        let (failures, places) = self.failures.listed();
        let verdict =
            if implemented { TestVerdict::of(self.counts) } else { TestVerdict::NotImplemented };
        let report = TestReport {
            id: test.id.clone(),
            course_name: test.course_name.clone(),
            description: test.description.clone(),
            points: test.points,
            limits: test.limits,
            verdict,
            planned,
            runs,
            failed,
            errors,
            failure_rate: Rate::of(failed, runs),
            virtual_s: self.sample.seconds(Column::Virtual),
            wall_s: self.sample.seconds(Column::Wall),
            cpu_s: self.sample.seconds(Column::Cpu),
            rpcs: self.sample.counts(Column::Rpcs),
            bytes: self.sample.counts(Column::Bytes),
            commits: self.sample.counts(Column::Commits),
            servers: self.servers,
            properties: self.properties.listed(runs),
            warnings: self.warnings.listed().into_iter().map(Warning::from).collect(),
            failures,
            unlisted_failures: self.failures.unlisted(),
            sampled_runs: self.sample.listed(&places),
        };
        if self.reads { without_runs(report) } else { report }
    }
}

/// A look at the sources has no seed, cost nothing that was measured, and would find the same again.
fn without_runs(report: TestReport) -> TestReport {
    let failures = report.failures.into_iter();
    TestReport {
        failures: failures.map(|found| FailureGroup { seeds: Vec::new(), ..found }).collect(),
        failure_rate: None,
        wall_s: None,
        sampled_runs: Vec::new(),
        ..report
    }
}
