//! One submission, from its harness to its report.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

use jiff::Timestamp;
use protocol::{Clock, SuiteInfo, TestInfo};
use regex::RegexSet;
use reports::model::TestReport;
use reports::{Aggregate, Reading, Report};
use runner::CancelToken;
use runner::shares::Shares;

use super::collect::Collector;
use super::enough::{self, Enough};
use super::event::{Event, Reporter};
use super::logs::Logs;
use super::patience::Patience;
use super::{PlannedTest, Session, replay_line};
use crate::build::Harness;
use crate::commands;
use crate::exit::{NO_TESTS, Outcome, Stop};
use crate::plan::submission::Source;
use crate::plan::{Base, TestPlan};

/// A submission, built, and what is to be done with it.
pub(crate) struct Grading<'a> {
    /// Which tests, how often and how.
    pub(crate) plan: &'a TestPlan,
    /// Where the program came from.
    pub(crate) source: &'a Source,
    /// The program.
    pub(crate) harness: &'a Harness,
    /// The suites that are meant, with the limits in force.
    pub(crate) suites: Vec<SuiteInfo>,
    /// Whether tests that hang are given up.
    pub(crate) hurried: bool,
    /// Tests that a student does not see; none where all are seen.
    pub(crate) hidden: Option<&'a RegexSet>,
    /// When the runs may end before all are made; none for never.
    pub(crate) enough: Option<Enough<'a>>,
    /// What is to be said of the sources' style, where that is asked for.
    pub(crate) style: Option<style::Outcome>,
}

/// What came of a submission.
pub(crate) struct Graded {
    /// All of it.
    pub(crate) full: Report,
    /// What a student sees, where that is less.
    pub(crate) visible: Option<Report>,
}

impl Graded {
    /// Names the timelines of all of it also in what a student sees.
    pub(crate) fn share_timelines(&mut self) {
        let Some(visible) = &mut self.visible else { return };
        let of: BTreeMap<&str, &TestReport> =
            self.full.tests().map(|test| (test.id.as_str(), test)).collect();
        for test in visible.suites.iter_mut().flat_map(|suite| &mut suite.tests) {
            let Some(same) = of.get(test.id.as_str()) else { continue };
            for (failure, same) in test.failures.iter_mut().zip(&same.failures) {
                failure.timeline.clone_from(&same.timeline);
            }
        }
    }
}

impl<'a> Grading<'a> {
    /// Selects the tests.
    ///
    /// # Errors
    /// When none matches, or a name that was given is not one of this harness.
    pub(crate) fn new(
        plan: &'a TestPlan,
        source: &'a Source,
        harness: &'a Harness,
    ) -> Outcome<Self> {
        plan.world.limits.check(&harness.catalogue)?;
        let suites = plan.selection.apply(&harness.catalogue)?;
        let named = !plan.selection.suites.is_empty();
        if !named && suites.iter().all(|suite| !suite.implemented) {
            let submission = &harness.catalogue.submission;
            let message =
                format!("`{submission}` implements none of the contracts that are tested");
            return Err(Stop::new(NO_TESTS, message));
        }
        let suites = suites.into_iter().map(|suite| plan.world.limits.in_force(suite)).collect();
        Ok(Self {
            plan,
            source,
            harness,
            suites,
            hurried: false,
            hidden: None,
            enough: None,
            style: None,
        })
    }

    /// Whether a suite is meant that reads the submission's sources.
    pub(crate) fn reads(&self) -> bool {
        self.suites.iter().any(|suite| suite.reads)
    }

    /// What is to be run.
    pub(crate) fn session(&self) -> Session {
        let plan = self.plan;
        let tests = PlannedTest::of_suites(&self.suites, &plan.world);
        Session {
            program: self.harness.program(),
            patience: Patience::new(tests.len(), self.hurried),
            tests,
            count: plan.count,
            jobs: plan.jobs,
            fail_fast: plan.fail_fast,
            seed: plan.seed,
            policy: plan.world.policy,
            vlevel: plan.world.vlevel,
        }
    }

    /// What the report says of the session as a whole.
    pub(crate) fn about(&self, logs: &Logs, base: &Base) -> reports::Session {
        let world = &self.plan.world;
        let mut notes: Vec<String> =
            self.suites.iter().filter_map(|suite| self.own_clock(suite)).collect();
        if let (Clock::Sim, Err(why)) = (world.clock, runner::addresses::fix()) {
            notes.push(format!("{why}; a run may differ where a hash depends on addresses"));
        }
        reports::Session {
            tool: commands::tool(),
            seed: self.plan.seed,
            clock: world.clock,
            policy: world.policy,
            submission: commands::submission(self.source, self.harness, base),
            started: Timestamp::now(),
            logs: Some(logs.folder().to_owned()),
            sandbox: Some(commands::sandbox(&self.harness.sandbox)),
            notes,
        }
    }

    /// A note on a suite that runs on another clock than was asked for.
    fn own_clock(&self, suite: &SuiteInfo) -> Option<String> {
        let wanted = self.plan.world.clock;
        let clock = suite.clock(wanted);
        (clock != wanted && suite.implemented)
            .then(|| format!("{} runs on the {clock} clock only", suite.id))
    }

    /// The suites without what is hidden; none where nothing is.
    fn visible(&self) -> Option<Vec<SuiteInfo>> {
        let hidden = self.hidden.filter(|hidden| !hidden.is_empty())?;
        let visible = |test: &&TestInfo| !hidden.is_match(&test.id);
        let suite = |suite: &SuiteInfo| SuiteInfo {
            tests: suite.tests.iter().filter(visible).cloned().collect(),
            ..suite.clone()
        };
        Some(self.suites.iter().map(suite).filter(|suite| !suite.tests.is_empty()).collect())
    }

    /// Makes the runs, as many at a time as there are `shares` for; what came of them.
    pub(crate) fn conduct(
        self,
        session: &Session,
        mut about: reports::Session,
        logs: Logs,
        shares: &Shares,
        cancel: &CancelToken,
        reporter: &mut dyn Reporter,
    ) -> Graded {
        let visible = self.visible().map(|suites| Aggregate::new(suites, session.count));
        let readings = self.style.as_ref().map(|style| readings(style, self.source));
        let aggregate = Aggregate::new(self.suites, session.count);
        let mut collector =
            Collector::new(aggregate, visible, logs, self.source.clone(), session.tests.len());
        for reading in readings.into_iter().flatten() {
            collector.read(&reading);
        }
        let start = Instant::now();
        let report = |about: &reports::Session, of: &Aggregate, early| {
            of.report(about, start.elapsed(), early)
        };
        let mut made = 0;
        reporter.see(&Event::Started(session));
        for stage in enough::stages(session.count, self.enough.is_some()) {
            made = stage.end;
            session.conduct(stage, shares, cancel, &mut collector, reporter);
            let is_enough =
                |enough: Enough<'_>| enough(&report(&about, &collector.aggregate, false));
            if cancel.is_cancelled() || self.enough.is_some_and(is_enough) {
                break;
            }
        }
        reporter.see(&Event::Ended);

        about.notes.extend(given_up(session));
        about.notes.extend(collector.logs.trouble().map(str::to_owned));
        about.logs = collector.logs.used().map(PathBuf::from);
        let early = collector.ended_early(session, made);
        Graded {
            full: report(&about, &collector.aggregate, early),
            visible: collector.visible.as_ref().map(|visible| report(&about, visible, early)),
        }
    }
}

/// What a look at the sources says by each rule.
fn readings(outcome: &style::Outcome, source: &Source) -> Vec<Reading> {
    let reading = |rule: style::Rule| Reading {
        test: rule.test(),
        failure: style::suite::failure(outcome, rule),
        replay: replay_line::look_again(source, &rule.test()),
    };
    style::Rule::ALL.map(reading).into()
}

/// Most tests that a note lists by their names.
const GIVEN_UP_LISTED: usize = 5;

/// A note on the tests that were given up.
fn given_up(session: &Session) -> Option<String> {
    let given_up = |index: &usize| session.patience.gave_up(*index);
    let tests: Vec<&str> = (0..session.tests.len())
        .filter(given_up)
        .map(|index| session.tests[index].id.as_str())
        .collect();
    let listed = match tests.as_slice() {
        [] => return None,
        [first @ .., _, _] if first.len() > GIVEN_UP_LISTED => {
            let more = tests.len() - GIVEN_UP_LISTED;
            format!("{} and {more} more", tests[..GIVEN_UP_LISTED].join(", "))
        }
        few => few.join(", "),
    };
    Some(format!("given up, because a run hung and none passed, so fewer runs were made: {listed}"))
}
