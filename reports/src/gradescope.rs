//! The report as Gradescope reads it: `results.json`.
//!
//! All text is plain text. What a submission puts into its messages is shown and does nothing: no markup is read in
//! it, and control characters are spelt out.

use serde::Serialize;
use serde_json::{Value, json};

use crate::model::{FailureGroup, IterationReport, Report, SuiteReport, TestReport};
use crate::score::{Scheme, Score};
use crate::terminal::text::plain;
use crate::units::{count, duration, plural};
use crate::verdict::TestVerdict;

/// Most failures of a test that are told.
const FAILURES_TOLD: usize = 3;

/// Most lines of a failure's details that are told.
const DETAILS_TOLD: usize = 12;

/// Most characters of a text; what is longer is cut.
const TEXT_CHARS: usize = 8_000;

/// How a report is to be shown.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// How points are given.
    pub scheme: &'a Scheme,
    /// Whether students do not see the test of this full id. Gradescope then hides the sum, too.
    pub is_hidden: &'a dyn Fn(&str) -> bool,
}

/// What Gradescope shows of a submission.
#[derive(Serialize)]
struct Results {
    score: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    execution_time: Option<f64>,
    output: String,
    output_format: &'static str,
    test_output_format: &'static str,
    test_name_format: &'static str,
    visibility: &'static str,
    stdout_visibility: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tests: Vec<Test>,
    #[serde(skip_serializing_if = "Value::is_null")]
    extra_data: Value,
}

/// What it shows of a test.
#[derive(Serialize)]
struct Test {
    name: String,
    number: String,
    score: f64,
    max_score: f64,
    status: &'static str,
    output: String,
    tags: Vec<String>,
    visibility: &'static str,
}

/// All texts are this.
const TEXT: &str = "text";
const VISIBLE: &str = "visible";
const HIDDEN: &str = "hidden";

/// The report as `results.json`, ending in a newline.
pub fn render(report: &Report, options: Options<'_>) -> String {
    let mut tests: Vec<Test> = Vec::new();
    for (i, suite) in report.suites.iter().enumerate() {
        for (j, of) in suite.tests.iter().enumerate() {
            tests.push(test(report, suite, of, format!("{}.{}", i + 1, j + 1), options));
        }
    }
    let over = report.iterations.iter().filter(|all| all.over > 0);
    tests.extend(over.enumerate().map(|(i, all)| overrun(all, report.suites.len() + 1 + i)));
    let score = options.scheme.score(report).rounded();
    let results = Results {
        execution_time: Some(report.totals.wall_s),
        tests,
        extra_data: json!({
            "schema": report.schema,
            "tool": report.tool,
            "seed": report.seed,
            "started": report.started,
        }),
        ..results(score.points, &summary(report, score, options))
    };
    written(&results)
}

/// `results.json` for a submission of which no test was run: no points, and why. `details` are what a compiler
/// said, without escapes for colours.
pub fn render_failure(reason: &str, details: &str) -> String {
    let details = details.trim_end();
    let gap = if details.is_empty() { "" } else { "\n\n" };
    written(&results(0.0, &format!("{reason}{gap}{details}")))
}

fn results(score: f64, output: &str) -> Results {
    Results {
        score,
        execution_time: None,
        output: bounded(output),
        output_format: TEXT,
        test_output_format: TEXT,
        test_name_format: TEXT,
        visibility: VISIBLE,
        stdout_visibility: HIDDEN,
        tests: Vec::new(),
        extra_data: Value::Null,
    }
}

fn written(results: &Results) -> String {
    serde_json::to_string_pretty(results).expect("results are always JSON") + "\n"
}

fn test(
    report: &Report,
    suite: &SuiteReport,
    test: &TestReport,
    number: String,
    options: Options<'_>,
) -> Test {
    let score = options.scheme.test(suite, test).rounded();
    let hidden = (options.is_hidden)(&test.id);
    Test {
        name: plain(&match test.course_name.as_str() {
            "" => test.id.clone(),
            course_name => format!("{} ({course_name})", test.id),
        }),
        number,
        score: score.points,
        max_score: score.of,
        status: status(test.verdict == TestVerdict::Pass),
        output: bounded(&account(report, suite, test)),
        tags: vec![plain(&suite.id), test.verdict.to_string()],
        visibility: if hidden { HIDDEN } else { VISIBLE },
    }
}

/// Suites that took too long as a whole. No test is to blame, so it stands beside them.
fn overrun(all: &IterationReport, number: usize) -> Test {
    let IterationReport { name, suites, limit_s, ended, over, .. } = all;
    let iterations = plural(*ended, "iteration");
    let limit = duration(*limit_s);
    let suites = suites.join(", ");
    Test {
        name: plain(&format!("time limit of {name} as a whole")),
        number: format!("{number}"),
        score: 0.0,
        max_score: 0.0,
        status: status(false),
        output: bounded(&format!(
            "{} of {iterations} of {suites} took longer than {limit}.",
            count(*over)
        )),
        tags: Vec::new(),
        visibility: VISIBLE,
    }
}

fn status(passed: bool) -> &'static str {
    if passed { "passed" } else { "failed" }
}

/// All that is told of the submission as a whole. Where some tests are hidden, nothing that tells of them.
fn summary(report: &Report, score: Score, options: Options<'_>) -> String {
    let hides = report.tests().any(|test| (options.is_hidden)(&test.id));
    let mut lines = if hides {
        vec![format!("Some tests are hidden. Seed {}.", report.seed)]
    } else {
        counted(report, score)
    };
    if report.interrupted {
        lines.push("Not all runs were made: the grader was interrupted.".to_owned());
    }
    lines.extend(report.notes.iter().map(|note| format!("note: {note}")));
    lines.join("\n")
}

/// Points and verdicts of all tests.
fn counted(report: &Report, score: Score) -> Vec<String> {
    let totals = &report.totals;
    let verdicts: Vec<String> =
        totals.verdicts().map(|(tests, verdict)| format!("{} {verdict}", count(tests))).collect();
    let tests = plural(totals.tests, "test");
    let mut lines = vec![
        format!("{}: {} of {} points", report.submission.name, score.points, score.of),
        format!("{tests}: {}; seed {}", verdicts.join(", "), report.seed),
    ];
    if totals.flaky > 0 {
        let words = "A flaky test failed in some of its runs only. It is wrong, too: the mistake needs the \
                     right moment.";
        lines.push(words.to_owned());
    }
    lines
}

/// All that is told of a test.
fn account(report: &Report, suite: &SuiteReport, test: &TestReport) -> String {
    let outcome = if suite.reads { looked(test) } else { outcome(test) };
    let mut lines = vec![test.description.clone(), outcome];
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
    lines.join("\n")
}

/// What a look at the sources found, which is no matter of runs.
fn looked(test: &TestReport) -> String {
    match test.verdict {
        TestVerdict::Pass => "Kept.".to_owned(),
        TestVerdict::Undetermined => "The grader could not look.".to_owned(),
        _ => "Not kept.".to_owned(),
    }
}

fn outcome(test: &TestReport) -> String {
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
    if let Some(seed) = failure.seeds.first() {
        let clock = suite.clock.unwrap_or(report.clock);
        let policy = report.policy.filter(|policy| *policy != protocol::Policy::default());
        let policy = policy.map_or_else(String::new, |policy| format!(" --policy {policy}"));
        let id = &test.id;
        lines.push(format!(
            "  replay  grader replay --test {id} --seed {seed} --clock {clock}{policy}"
        ));
    }
}

/// `text` with each of its lines made plain, and cut where it is too long.
fn bounded(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(plain).collect();
    let text = lines.join("\n");
    match text.char_indices().nth(TEXT_CHARS) {
        None => text,
        Some((end, _)) => format!("{}\n… (cut)", &text[..end]),
    }
}
