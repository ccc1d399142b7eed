//! The report as XML for readers of `JUnit`'s, in the dialect that Jenkins reads and nextest writes: a test case for each test, with
//! an element for each further distinct failure.
//!
//! A test that is flaky fails: it is wrong, too, and the mistake needs the right moment. Its failures are
//! `flakyFailure` or `flakyError`, those of a test that always fails `rerunFailure` or `rerunError`. Who collects
//! flaky tests rather than failing on them may have them as passed, with the same elements.

use std::time::Duration;

use protocol::FailureKind;
use quick_junit::{
    FlakyOrRerun, NonSuccessKind, Report as Junit, TestCase, TestCaseStatus, TestRerun, TestSuite,
};

use crate::account::{self, words};
use crate::model::{FailureGroup, Report, SuiteReport, TestReport};
use crate::verdict::TestVerdict;

/// Most characters of what is told of a test.
const TEXT_CHARS: usize = 20_000;

/// Most characters of the message of a further failure.
const MESSAGE_CHARS: usize = 2_000;

/// Most elements for further failures of a test.
const MOST_RERUNS: usize = 20;

/// What a flaky test counts as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Flaky {
    /// As failed.
    #[default]
    Fails,
    /// As passed, with its failures beside it.
    Passes,
}

/// The report as XML.
pub fn render(report: &Report, flaky: Flaky) -> String {
    let mut junit = Junit::new(words(&report.submission.name));
    junit.set_time(seconds(report.totals.wall_s));
    junit.timestamp = started(report);
    for suite in &report.suites {
        junit.add_test_suite(test_suite(report, suite, flaky));
    }
    let overruns = account::overruns(report);
    if !overruns.is_empty() {
        let mut suite = TestSuite::new("time limits");
        for (name, words) in overruns {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_message(words);
            suite.add_test_case(TestCase::new(name, status));
        }
        junit.add_test_suite(suite);
    }
    junit.to_string().expect("a string takes all")
}

/// When the session began.
fn started(report: &Report) -> Option<chrono::DateTime<chrono::FixedOffset>> {
    chrono::DateTime::from_timestamp(report.started.as_second(), 0).map(Into::into)
}

fn test_suite(report: &Report, of: &SuiteReport, flaky: Flaky) -> TestSuite {
    let mut suite = TestSuite::new(words(&of.id));
    suite.timestamp = started(report);
    suite.add_property(("seed", report.seed.to_string().as_str()));
    suite.add_property(("clock", of.clock.unwrap_or(report.clock).to_string().as_str()));
    let mut total_s = 0.0;
    for test in &of.tests {
        // Wall seconds of all runs, as far as medians tell.
        let wall_s = test.wall_s.map_or(0.0, |spread| spread.median) * test.runs as f64;
        total_s += wall_s;
        let mut case = TestCase::new(words(test.short_id()), status(report, of, test, flaky));
        case.set_classname(words(&of.id));
        case.set_time(seconds(wall_s));
        case.add_property(("verdict", test.verdict.to_string().as_str()));
        case.add_property(("runs", test.runs.to_string().as_str()));
        case.add_property(("failed", test.failed.to_string().as_str()));
        if let Some(rate) = test.failure_rate {
            case.add_property(("failure-rate", rate.words().as_str()));
        }
        suite.add_test_case(case);
    }
    suite.set_time(seconds(total_s));
    suite
}

fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or_default()
}

fn status(report: &Report, suite: &SuiteReport, test: &TestReport, flaky: Flaky) -> TestCaseStatus {
    let text = || account::of_test(report, suite, test, TEXT_CHARS);
    match test.verdict {
        TestVerdict::Pass => TestCaseStatus::success(),
        TestVerdict::NotImplemented => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(account::outcome(suite, test));
            status
        }
        TestVerdict::Flaky if flaky == Flaky::Passes => {
            let mut status = TestCaseStatus::success();
            status.add_reruns(test.failures.iter().take(MOST_RERUNS).map(rerun));
            status
        }
        TestVerdict::Flaky | TestVerdict::Fail | TestVerdict::Undetermined => {
            let first = test.failures.first();
            let mut status = TestCaseStatus::non_success(first.map_or(NonSuccessKind::Error, kind));
            status.set_message(account::outcome(suite, test));
            if let Some(first) = first {
                status.set_type(words(&first.title()));
            }
            status.set_description(text());
            status.add_reruns(test.failures.iter().skip(1).take(MOST_RERUNS).map(rerun));
            if test.verdict == TestVerdict::Flaky {
                status.set_rerun_kind(FlakyOrRerun::Flaky);
            }
            status
        }
    }
}

/// A check that failed is a failure; what ended a run before its checks is an error.
fn kind(failure: &FailureGroup) -> NonSuccessKind {
    use FailureKind::{ByteLimit, Check, Liveness, RpcLimit, Safety, Style, TimeLimit};
    match failure.kind {
        Check | Safety | Liveness | TimeLimit | RpcLimit | ByteLimit | Style => {
            NonSuccessKind::Failure
        }
        _ => NonSuccessKind::Error,
    }
}

fn rerun(failure: &FailureGroup) -> TestRerun {
    let mut rerun = TestRerun::new(kind(failure));
    rerun.set_type(words(&failure.title()));
    rerun.set_message(account::bounded(&failure.message, MESSAGE_CHARS));
    let lines: Vec<String> = failure
        .location
        .iter()
        .map(|at| format!("at {at}"))
        .chain(failure.details.iter().cloned())
        .chain([failure.replay.clone()])
        .collect();
    rerun.set_stack_trace(account::bounded(&lines.join("\n"), TEXT_CHARS));
    rerun
}
