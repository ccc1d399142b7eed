//! What is told of a test to who reads it elsewhere: in plain lines, without markup and without control characters.

use crate::groups::clip;
use crate::model::{FailureGroup, IterationReport, Report, SuiteReport, TestReport};
use crate::terminal::text::plain;
use crate::units::{count, duration, plural};
use crate::verdict::TestVerdict;

/// Most failures of a test that are told.
const FAILURES_TOLD: usize = 3;

/// Most lines of a failure's details that are told.
const DETAILS_TOLD: usize = 12;

/// All that is told of a test, in plain lines of `chars` characters at most.
pub(crate) fn of_test(
    report: &Report,
    suite: &SuiteReport,
    test: &TestReport,
    chars: usize,
) -> String {
    let mut lines = vec![test.description.clone(), outcome(suite, test)];
    for failure in test.failures.iter().take(FAILURES_TOLD) {
        lines.push(String::new());
        describe(&mut lines, report, suite, test, failure);
    }
    let more = test.failures.len().saturating_sub(FAILURES_TOLD) as u64;
    if more > 0 || test.unlisted_failures > 0 {
        lines.push(String::new());
        lines.push("It also failed in other ways.".to_owned());
    }
    for warning in &test.warnings {
        let runs = plural(warning.runs, "run");
        lines.push(format!("warning: {} (in {runs})", warning.message));
    }
    bounded(&lines.join("\n"), chars)
}

/// What came of a test, in a sentence.
pub(crate) fn outcome(suite: &SuiteReport, test: &TestReport) -> String {
    if suite.reads { looked(test) } else { ran(test) }
}

/// What a look at the sources found, which is no matter of runs.
fn looked(test: &TestReport) -> String {
    match test.verdict {
        TestVerdict::Pass => "Kept.".to_owned(),
        TestVerdict::Undetermined => "The grader could not look.".to_owned(),
        _ => "Not kept.".to_owned(),
    }
}

fn ran(test: &TestReport) -> String {
    let runs = plural(test.runs, "run");
    match test.verdict {
        TestVerdict::Pass => format!("Passed in {runs}."),
        TestVerdict::Flaky => format!("Flaky: failed in {} of {runs}.", count(test.failed)),
        TestVerdict::Fail => format!("Failed in {runs}."),
        TestVerdict::NotImplemented if test.runs == 0 => {
            "Not implemented: the submission leaves this out.".to_owned()
        }
        TestVerdict::NotImplemented => "Not implemented yet.".to_owned(),
        TestVerdict::Undetermined => {
            "Undetermined: the grader itself failed. Tell your instructor.".to_owned()
        }
    }
}

/// Adds all that is told of a failure.
fn describe(
    lines: &mut Vec<String>,
    report: &Report,
    suite: &SuiteReport,
    test: &TestReport,
    failure: &FailureGroup,
) {
    if suite.reads {
        lines.push(failure.message.clone());
        lines.extend(failure.details.iter().map(|line| format!("  {line}")));
        return;
    }
    let runs = plural(failure.runs, "run");
    lines.push(format!("{} in {runs}: {}", failure.title(), failure.message));
    for (label, text) in [("step", &failure.step), ("at", &failure.location)] {
        lines.extend(text.iter().map(|text| format!("  {label:8}{text}")));
    }
    let details = failure.details.iter().take(DETAILS_TOLD);
    lines.extend(details.map(|line| format!("  | {line}")));
    lines.extend(replay(report, suite, test, failure).map(|line| format!("  replay  {line}")));
}

/// The command that repeats the failure in the folder of the submission, on whatever machine.
pub(crate) fn replay(
    report: &Report,
    suite: &SuiteReport,
    test: &TestReport,
    failure: &FailureGroup,
) -> Option<String> {
    let seed = failure.seeds.first()?;
    let clock = suite.clock.unwrap_or(report.clock);
    let policy = report.policy.filter(|policy| *policy != protocol::Policy::default());
    let policy = policy.map_or_else(String::new, |policy| format!(" --policy {policy}"));
    Some(format!("grader replay --test {} --seed {seed} --clock {clock}{policy}", test.id))
}

/// Suites that took too long as a whole, and how often. No test is to blame, so each stands beside them.
pub(crate) fn overruns(report: &Report) -> Vec<(String, String)> {
    let over = report.iterations.iter().filter(|all| all.over > 0);
    let words = |all: &IterationReport| {
        let IterationReport { name, suites, limit_s, ended, over, .. } = all;
        let iterations = plural(*ended, "iteration");
        let (over, limit, suites) = (count(*over), duration(*limit_s), suites.join(", "));
        let words = format!("{over} of {iterations} of {suites} took longer than {limit}.");
        (plain(&format!("time limit of {name} as a whole")), plain(&words))
    };
    over.map(words).collect()
}

/// A short text of somebody else's: in one line, without control characters, and not too long.
pub(crate) fn words(text: &str) -> String {
    plain(&clip(text))
}

/// `text` with each of its lines made plain, and cut where it is too long.
pub(crate) fn bounded(text: &str, chars: usize) -> String {
    // What is made plain becomes longer, never shorter; ten megabytes need not be looked at.
    let kept = text.char_indices().nth(chars).map_or(text, |(end, _)| &text[..end]);
    let lines: Vec<String> = kept.lines().map(plain).collect();
    let plain = lines.join("\n");
    match plain.char_indices().nth(chars) {
        None if kept.len() == text.len() => plain,
        None => format!("{plain}\n… (cut)"),
        Some((end, _)) => format!("{}\n… (cut)", &plain[..end]),
    }
}
