//! A session: every selected test, many times.
//!
//! ```text
//! queue ─► pool ─► collect ─► events ─► progress
//!                     └─────► report
//! ```

pub(crate) mod collect;
pub(crate) mod enough;
pub(crate) mod event;
pub(crate) mod grading;
pub(crate) mod logs;
pub(crate) mod patience;
pub(crate) mod pool;
pub(crate) mod progress;
pub(crate) mod queue;
pub(crate) mod replay_line;
pub(crate) mod timelines;

use std::ops::Range;

use protocol::{Clock, Effort, Limits, PROTOCOL, Policy, Request, SuiteInfo};
use runner::shares::{Load, Shares};
use runner::{Allowance, CancelToken, Program, RunResult};

use scenario::Scenario;

use crate::plan::jobs::Jobs;
use crate::plan::seeds;
use crate::plan::world::World;
use collect::Collector;
use event::{Event, Reporter};
use patience::Patience;
use pool::Message;
use queue::{Job, Queue};

/// What is to be run, how often, and how.
#[derive(Debug)]
pub(crate) struct Session {
    /// The harness.
    pub(crate) program: Program,
    /// The tests, in the order in which each iteration starts them.
    pub(crate) tests: Vec<PlannedTest>,
    /// Runs of each test.
    pub(crate) count: u64,
    /// Runs at a time.
    pub(crate) jobs: Jobs,
    /// Whether the first failure ends everything.
    pub(crate) fail_fast: bool,
    /// Base seed.
    pub(crate) seed: u64,
    /// Who runs next under the simulated clock.
    pub(crate) policy: Policy,
    /// Verbosity of the logs.
    pub(crate) vlevel: u8,
    /// Which tests are given up.
    pub(crate) patience: Patience,
}

/// One of the tests.
#[derive(Clone, Debug)]
pub(crate) struct PlannedTest {
    /// Full id.
    pub(crate) id: String,
    /// What replaces its own limits.
    pub(crate) overrides: Limits,
    /// The clock that it runs on.
    pub(crate) clock: Clock,
    /// What its process may use of the machine.
    pub(crate) allowance: Allowance,
    /// How much of the machine it takes.
    pub(crate) load: Load,
}

/// What stands in place of a test's id where a scenario is run.
pub(crate) const EXPLORE: &str = "explore";

/// Seconds that a run may take when neither its test nor anybody else sets a limit; for its process
/// on the real clock, not for its verdict.
const TIME_LIMIT_S: f64 = 120.0;

impl PlannedTest {
    /// The tests of `suites` that are run, whose limits are those in force, in a world of `world`'s kind.
    pub(crate) fn of_suites(suites: &[SuiteInfo], world: &World) -> Vec<Self> {
        let implemented = suites.iter().filter(|suite| suite.implemented && !suite.reads);
        implemented
            .flat_map(|suite| {
                let clock = suite.clock(world.clock);
                let load = Load::of(clock, suite.effort);
                suite.tests.iter().map(move |test| {
                    let time_s = test.limits.time_s.unwrap_or(TIME_LIMIT_S);
                    Self {
                        id: test.id.clone(),
                        overrides: world.limits.overrides(&test.id),
                        clock,
                        allowance: Allowance {
                            processes: suite.processes,
                            ..Allowance::for_test(clock, time_s)
                        },
                        load,
                    }
                })
            })
            .collect()
    }

    /// A scenario of an exploration in place of a test.
    pub(crate) fn of_scenario(scenario: &Scenario, world: &World) -> Self {
        let overrides = world.limits.overrides(EXPLORE);
        let safety_s = f64::from(scenario.until.0) / 1000.0;
        let time_s = overrides.time_s.unwrap_or(safety_s + TIME_LIMIT_S);
        let allowance = Allowance::for_test(world.clock, time_s);
        let load = Load::of(world.clock, Effort::Usual);
        Self { id: EXPLORE.to_owned(), overrides, clock: world.clock, allowance, load }
    }
}

impl Session {
    /// Most runs at a time.
    pub(crate) fn at_a_time(&self) -> usize {
        self.jobs.at_most(self.tests.iter().map(|test| test.load))
    }

    /// The seed of a run.
    pub(crate) fn seed_of(&self, job: Job) -> u64 {
        seeds::of_run(self.seed, &self.tests[job.test].id, job.iteration)
    }

    /// What the harness is asked for a run.
    fn request(&self, job: Job, nonce: String) -> Request {
        let test = &self.tests[job.test];
        Request {
            protocol: PROTOCOL,
            nonce,
            test: test.id.clone(),
            seed: self.seed_of(job),
            clock: test.clock,
            policy: self.policy,
            vlevel: self.vlevel,
            trace: None,
            scenario: None,
            limits: test.overrides,
        }
    }

    /// Makes these runs of each test, as many at a time as there are `shares` for, or until `cancel`. All that happens is told
    /// to `reporter`; what was found is then in `collector`.
    pub(crate) fn conduct(
        &self,
        iterations: Range<u64>,
        shares: &Shares,
        cancel: &CancelToken,
        collector: &mut Collector,
        reporter: &mut dyn Reporter,
    ) {
        let count = iterations.end.saturating_sub(iterations.start);
        let runs = (self.tests.len() as u64).saturating_mul(count);
        let workers = runs.min(self.at_a_time() as u64);
        let queue = Queue::new(self.tests.len(), iterations);
        pool::run(
            &Runs { session: self, queue },
            workers,
            shares,
            cancel,
            |message| match message {
                Message::Started(job) => {
                    let seed = self.seed_of(job);
                    reporter.see(&Event::RunStarted { job, seed });
                }
                Message::Finished(job, result) => {
                    let (outcome, noted) = collector.take(self, job, &result);
                    if self.fail_fast && noted.overrun.is_some() {
                        cancel.cancel();
                    }
                    reporter.see(&Event::RunFinished { job, outcome: &outcome, noted });
                    if let Some((verdict, runs, failed)) = collector.decided(self, job) {
                        let figures = collector.aggregate.figures(&outcome.test);
                        let test = job.test;
                        reporter.see(&Event::TestDecided { test, verdict, runs, failed, figures });
                    }
                }
            },
        );
    }
}

/// The runs of a session.
struct Runs<'a> {
    session: &'a Session,
    queue: Queue,
}

impl pool::Work for Runs<'_> {
    type Job = Job;

    fn take(&self) -> Option<Job> {
        let patience = &self.session.patience;
        loop {
            let job = self.queue.take()?;
            if patience.gave_up_all() {
                return None;
            }
            if !patience.gave_up(job.test) {
                return Some(job);
            }
        }
    }

    fn share(&self, job: &Job) -> usize {
        self.session.jobs.share(self.session.tests[job.test].load)
    }

    fn program(&self) -> &Program {
        &self.session.program
    }

    fn request(&self, job: &Job, nonce: String) -> Request {
        self.session.request(*job, nonce)
    }

    fn allowance(&self, job: &Job) -> &Allowance {
        &self.session.tests[job.test].allowance
    }

    fn ended(&self, job: &Job, result: &RunResult, cancel: &CancelToken) {
        self.session.patience.notice(job.test, result);
        if self.session.fail_fast && !result.passed() {
            cancel.cancel();
        }
    }
}
