//! The report as CSV, for a spreadsheet: a line for each test, under a line of headings.

use crate::account::bounded;
use crate::model::{Report, Spread, SuiteReport, TestReport};

const HEADINGS: [&str; 25] = [
    "submission",
    "suite",
    "test",
    "course_name",
    "verdict",
    "points",
    "planned",
    "runs",
    "passed",
    "failed",
    "errors",
    "failure_rate",
    "rate_low",
    "rate_high",
    "virtual_s_min",
    "virtual_s_median",
    "virtual_s_max",
    "wall_s_median",
    "cpu_s_median",
    "rpcs_median",
    "bytes_median",
    "commits_median",
    "distinct_failures",
    "first_failure",
    "first_seed",
];

/// Most characters of a cell; spreadsheets take some 32 000.
const CELL_CHARS: usize = 2_000;

/// The report as CSV.
pub fn render(report: &Report) -> String {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    let mut write = |cells: &[String]| {
        writer.write_record(cells).expect("a vector takes everything");
    };
    write(&HEADINGS.map(str::to_owned));
    for suite in &report.suites {
        for test in &suite.tests {
            write(&cells(report, suite, test));
        }
    }
    let bytes = writer.into_inner().expect("a vector takes everything");
    String::from_utf8(bytes).expect("what was text is text")
}

fn cells(report: &Report, suite: &SuiteReport, test: &TestReport) -> [String; 25] {
    let rate = |part: fn(crate::interval::Rate) -> f64| number(test.failure_rate.map(part));
    let failure = test.failures.first();
    [
        safe(&report.submission.name),
        safe(&suite.id),
        safe(test.short_id()),
        safe(&test.course_name),
        test.verdict.to_string(),
        test.points.to_string(),
        test.planned.to_string(),
        test.runs.to_string(),
        test.passed().to_string(),
        test.failed.to_string(),
        test.errors.to_string(),
        rate(|rate| rate.point),
        rate(|rate| rate.low),
        rate(|rate| rate.high),
        number(test.virtual_s.map(|spread| spread.min)),
        median(test.virtual_s),
        number(test.virtual_s.map(|spread| spread.max)),
        median(test.wall_s),
        median(test.cpu_s),
        median(test.rpcs),
        median(test.bytes),
        median(test.commits),
        test.failures.len().to_string(),
        failure.map_or_else(String::new, |failure| {
            safe(&format!("{}: {}", failure.title(), failure.message))
        }),
        number(failure.and_then(|failure| failure.seeds.first())),
    ]
}

fn number<T: ToString>(number: Option<T>) -> String {
    number.map_or_else(String::new, |number| number.to_string())
}

fn median<T: ToString>(spread: Option<Spread<T>>) -> String {
    number(spread.map(|spread| spread.median))
}

/// `text` as a cell that a spreadsheet takes for text: one that begins like a formula would be computed, and
/// students choose some of these texts.
pub(crate) fn safe(text: &str) -> String {
    let text = bounded(text, CELL_CHARS);
    if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text }
}
