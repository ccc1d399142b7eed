//! The report as Gradescope reads it: `results.json`.
//!
//! What a submission puts into its messages is shown and does nothing: no markup is read in it, and control characters
//! are spelt out. That holds for plain text, which is the default, for text with our own colours, and for Markdown.

use jiff::Timestamp;
use serde::Serialize;

use crate::account::{self, bounded, words};
use crate::markdown;
use crate::model::{Report, Seed, SuiteReport, TestReport, Tool};
use crate::score::{Scheme, Score};
use crate::terminal::tables::ink;
use crate::terminal::text::Pen;
use crate::units::{count, plural};
use crate::verdict::TestVerdict;

/// Most characters of a text; what is longer is cut.
const TEXT_CHARS: usize = 8_000;

/// How a report is to be shown.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// How points are given.
    pub scheme: &'a Scheme,
    /// When students see the test of this full id. Gradescope hides the sum for as long as any test is hidden.
    pub visibility: &'a dyn Fn(&str) -> Visibility,
    /// How what is told of a test is written.
    pub output: Output,
    /// Whether submissions are compared, by the CPU time and the RPCs that a run of each test takes.
    pub leaderboard: bool,
}

/// When students see a test.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// At once.
    #[default]
    Visible,
    /// When nobody can submit any more.
    AfterDueDate,
    /// When grades are published.
    AfterPublished,
    /// Never.
    Hidden,
}

/// How what is told of a test is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Output {
    /// As plain text.
    #[default]
    Text,
    /// As text with colours.
    Ansi,
    /// As Markdown.
    Markdown,
}

impl Output {
    /// Its name at Gradescope.
    fn format(self) -> &'static str {
        match self {
            Self::Text => TEXT,
            Self::Ansi => "ansi",
            Self::Markdown => "md",
        }
    }

    fn of(self, report: &Report, suite: &SuiteReport, test: &TestReport) -> String {
        let text = || account::of_test(report, suite, test, TEXT_CHARS);
        match self {
            Self::Text => text(),
            Self::Ansi => {
                let verdict =
                    Pen { color: true }.paint(ink(test.verdict), &test.verdict.to_string());
                format!("{verdict}\n{}", text())
            }
            Self::Markdown => markdown::of_test(report, suite, test),
        }
    }
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
    #[serde(skip_serializing_if = "Vec::is_empty")]
    leaderboard: Vec<Row>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extra_data: Option<Extra>,
}

/// What it keeps beside the results and shows to nobody.
#[derive(Serialize)]
struct Extra {
    schema: String,
    tool: Tool,
    seed: Seed,
    started: Timestamp,
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
    visibility: Visibility,
}

/// A figure by which submissions are compared; less is better.
#[derive(Serialize)]
struct Row {
    name: &'static str,
    value: f64,
    order: &'static str,
}

/// All texts are this, but those of tests where something else is asked for.
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
    let over = account::overruns(report).into_iter().enumerate();
    tests.extend(over.map(|(i, all)| overrun(all, report.suites.len() + 1 + i)));
    let score = options.scheme.score(report).rounded();
    let results = Results {
        execution_time: Some(report.totals.wall_s),
        test_output_format: options.output.format(),
        leaderboard: if options.leaderboard { leaderboard(report) } else { Vec::new() },
        tests,
        extra_data: Some(Extra {
            schema: report.schema.clone(),
            tool: report.tool.clone(),
            seed: report.seed,
            started: report.started,
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
        output: bounded(output, TEXT_CHARS),
        output_format: TEXT,
        test_output_format: TEXT,
        test_name_format: TEXT,
        visibility: VISIBLE,
        stdout_visibility: HIDDEN,
        tests: Vec::new(),
        leaderboard: Vec::new(),
        extra_data: None,
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
    Test {
        name: words(&match test.course_name.as_str() {
            "" => test.id.clone(),
            course_name => format!("{} ({course_name})", test.id),
        }),
        number,
        score: score.points,
        max_score: score.of,
        status: status(test.verdict == TestVerdict::Pass),
        output: options.output.of(report, suite, test),
        tags: vec![words(&suite.id), test.verdict.to_string()],
        visibility: (options.visibility)(&test.id),
    }
}

/// Suites that took too long as a whole.
fn overrun((name, output): (String, String), number: usize) -> Test {
    Test {
        name,
        number: number.to_string(),
        score: 0.0,
        max_score: 0.0,
        status: status(false),
        output,
        tags: Vec::new(),
        visibility: Visibility::Visible,
    }
}

/// The sums of medians: what one run of each test takes. None where some test was not measured, for who does less
/// is not better.
fn leaderboard(report: &Report) -> Vec<Row> {
    let run = || report.suites.iter().filter(|suite| !suite.reads).flat_map(|suite| &suite.tests);
    let is_whole = run().all(|test| test.verdict == TestVerdict::Pass);
    let cpu_s: Option<f64> = run().map(|test| test.cpu_s.map(|spread| spread.median)).sum();
    let rpcs: Option<u64> = run().map(|test| test.rpcs.map(|spread| spread.median)).sum();
    let row = |name, value| Row { name, value, order: "asc" };
    let rows = [
        cpu_s.map(|cpu_s| row("CPU time, ms", (cpu_s * 1e6).round() / 1e3)),
        rpcs.map(|rpcs| row("RPCs", rpcs as f64)),
    ];
    rows.into_iter().flatten().filter(|_| is_whole).collect()
}

fn status(passed: bool) -> &'static str {
    if passed { "passed" } else { "failed" }
}

/// All that is told of the submission as a whole. Where some tests are hidden, nothing that tells of them.
fn summary(report: &Report, score: Score, options: Options<'_>) -> String {
    let hides = report.tests().any(|test| (options.visibility)(&test.id) != Visibility::Visible);
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
