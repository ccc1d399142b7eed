//! The suites and tests that are linked in.

use std::fmt::Write;
use std::path::PathBuf;

use contracts::Submission;
use protocol::{Catalogue, Clock, PROTOCOL, SuiteInfo, TestInfo, Together};
use suites::{Suite, Test};

use crate::{Harness, full_id, own_limits};

/// The catalogue of `harness`, seen from `submission`; without one, nothing is implemented, and nothing of
/// what is said can be the submission's doing.
pub(crate) fn catalogue(harness: Harness, submission: Option<&Submission>) -> Catalogue {
    let suite_info = |suite: &Suite| SuiteInfo {
        id: suite.id.into(),
        title: suite.title.into(),
        course: suite.course.into(),
        budget_s: suite.budget_s,
        together: suite.together.map(together),
        clock: suite.clock.map(clock),
        effort: suite.effort,
        reads: false,
        processes: suite.processes,
        implemented: submission.is_some_and(|submission| suite.needs.met_by(submission)),
        tests: suite.tests.iter().map(|test| info(suite, test)).collect(),
    };
    Catalogue {
        protocol: PROTOCOL,
        submission: submission.map_or("", Submission::name).into(),
        sources: harness.sources.iter().map(PathBuf::from).collect(),
        suites: harness.suites.iter().map(suite_info).collect(),
    }
}

/// A clock of the runtime, as the protocol names it.
pub(crate) fn clock(of: labrt::Clock) -> Clock {
    match of {
        labrt::Clock::Sim => Clock::Sim,
        labrt::Clock::Real => Clock::Real,
    }
}

fn together(of: suites::Together) -> Together {
    Together { name: of.name.into(), limit_s: of.limit_s }
}

fn info(suite: &Suite, test: &Test) -> TestInfo {
    TestInfo {
        id: full_id(suite, test),
        course_name: test.course_name.into(),
        description: test.description.into(),
        steps: test.steps.iter().map(|&step| step.into()).collect(),
        points: test.points,
        limits: own_limits(test),
    }
}

/// The catalogue as a person reads it.
pub(crate) fn for_people(catalogue: &Catalogue) -> String {
    let mut text = format!("submission: {}\n", catalogue.submission);
    for suite in &catalogue.suites {
        let limit =
            suite.together.as_ref().map_or_else(String::new, |all| format!(", limit {all}"));
        let clock = suite.clock.map_or_else(String::new, |clock| format!(", {clock} clock only"));
        let missing = if suite.implemented { "" } else { ", not implemented" };
        let _ = writeln!(
            text,
            "\n{}: {} ({}; budget {} s{limit}{clock}{missing})",
            suite.id, suite.title, suite.course, suite.budget_s
        );
        let width = |of: fn(&TestInfo) -> &str| {
            let lengths = suite.tests.iter().map(|test| of(test).len());
            lengths.max().unwrap_or(0)
        };
        let (ids, names) = (width(|test| &test.id), width(|test| &test.course_name));
        for test in &suite.tests {
            let _ = writeln!(
                text,
                "  {:ids$}  {:names$}  {}",
                test.id, test.course_name, test.description
            );
        }
    }
    text
}
