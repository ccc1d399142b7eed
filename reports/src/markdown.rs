//! The report as Markdown (GitHub's dialect): for a comment, a step's summary, or a wiki.
//!
//! What a submission says stands in code spans and code blocks whose fences it cannot close.

use std::fmt::Write;

use crate::account::{self, words};
use crate::interval::Rate;
use crate::model::{FailureGroup, Report, SuiteReport, TestReport};
use crate::terminal::work;
use crate::units::{Scaled, count, plural};
use crate::verdict::TestVerdict;

/// Most failures of a test, and most lines of a failure's details, that are told.
const FAILURES_TOLD: usize = 5;
const DETAILS_TOLD: usize = 20;

/// Most characters of a line.
const LINE_CHARS: usize = 1_000;

/// The report as Markdown, of at most `most_bytes` bytes: failures that have no room are counted at the end.
pub fn render(report: &Report, most_bytes: usize) -> String {
    let mut page = heading(report);
    for suite in &report.suites {
        page += &table(suite);
    }
    let mut left_out = 0;
    for suite in &report.suites {
        for test in suite.tests.iter().filter(|test| test.verdict != TestVerdict::NotImplemented) {
            for (i, failure) in test.failures.iter().take(FAILURES_TOLD).enumerate() {
                let told = self::failure(report, suite, test, failure, i + 1);
                if page.len() + told.len() + LAST_WORDS > most_bytes {
                    left_out += 1;
                } else {
                    page += &told;
                }
            }
        }
    }
    if left_out > 0 {
        let _ = write!(page, "\n{} left out for want of room.\n", plural(left_out, "failure"));
    }
    page
}

/// Room for what stands at the end.
const LAST_WORDS: usize = 80;

fn heading(report: &Report) -> String {
    let verdicts: Vec<String> = report
        .totals
        .verdicts()
        .map(|(tests, verdict)| format!("{} {} {verdict}", symbol(verdict), count(tests)))
        .collect();
    let name = code(&report.submission.name);
    let mut text = format!("## {name}: {}\n\n", verdicts.join(", "));
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{}; seed {}.", words(&work(report)), report.seed);
    if report.interrupted {
        text += "\n**Stopped early:** not all planned runs were made.\n";
    }
    for (name, words) in account::overruns(report) {
        let _ = write!(text, "\n**{}:** {}\n", escaped(&name), escaped(&words));
    }
    for note in &report.notes {
        let _ = write!(text, "\nNote: {}\n", code(note));
    }
    text
}

/// A symbol beside the word.
fn symbol(verdict: TestVerdict) -> &'static str {
    match verdict {
        TestVerdict::Pass => "✅",
        TestVerdict::Flaky => "⚠️",
        TestVerdict::Fail => "❌",
        TestVerdict::NotImplemented => "⬜",
        TestVerdict::Undetermined => "❔",
    }
}

fn table(suite: &SuiteReport) -> String {
    let mut text = format!("\n### {} {}\n\n", code(&suite.id), escaped(&suite.title));
    text += "| test | verdict | passed | failure rate | time of a run |\n|---|---|---:|---|---:|\n";
    for test in &suite.tests {
        let passed = if suite.reads {
            "–".to_owned()
        } else {
            format!("{} of {}", count(test.passed()), count(test.runs))
        };
        let rate = test.failure_rate.map_or_else(|| "–".to_owned(), Rate::brief);
        let time = test.virtual_s.map(Scaled::durations);
        let time = time.map_or_else(|| "–".to_owned(), |time| time.middle());
        let (name, verdict) = (cell(&code(test.short_id())), test.verdict);
        let _ = writeln!(
            text,
            "| {name} | {} {verdict} | {passed} | {rate} | {time} |",
            symbol(verdict)
        );
    }
    text
}

/// What stands in a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// All that is told of a test, as Markdown.
pub(crate) fn of_test(report: &Report, suite: &SuiteReport, test: &TestReport) -> String {
    let mut text =
        format!("{} {}\n", symbol(test.verdict), escaped(&account::outcome(suite, test)));
    if test.failures.is_empty() {
        let _ = write!(text, "\n{}\n", escaped(&test.description));
    }
    for (i, of) in test.failures.iter().take(FAILURES_TOLD).enumerate() {
        text += &failure(report, suite, test, of, i + 1);
    }
    for warning in &test.warnings {
        let runs = plural(warning.runs, "run");
        let _ = write!(text, "\nWarning (in {runs}): {}\n", code(&warning.message));
    }
    text
}

fn failure(
    report: &Report,
    suite: &SuiteReport,
    test: &TestReport,
    failure: &FailureGroup,
    number: usize,
) -> String {
    let mut text = String::new();
    if number == 1 {
        let _ = write!(text, "\n#### {}: {}\n", code(&test.id), test.verdict);
        let _ = write!(text, "\n{}\n", escaped(&test.description));
    }
    let often = match (suite.reads, failure.runs) {
        (true, _) => String::new(),
        (false, runs) => format!(" in {} of {}", count(runs), plural(test.runs, "run")),
    };
    let _ = write!(text, "\n{number}. **{}**{often}\n\n", escaped(&failure.title()));
    let mut lines = vec![failure.message.clone()];
    lines.extend(failure.step.iter().map(|step| format!("step  {step}")));
    lines.extend(failure.location.iter().map(|at| format!("at    {at}")));
    let hidden = failure.details.len().saturating_sub(DETAILS_TOLD);
    lines.extend(failure.details.iter().take(DETAILS_TOLD).map(|line| format!("| {line}")));
    if hidden > 0 {
        lines.push(format!("| … {}", plural(hidden as u64, "more line")));
    }
    text += &block(&lines, "text");
    if let Some(replay) = account::replay(report, suite, test, failure) {
        text += &block(&[replay], "console");
    }
    text
}

/// `text` as it is, in a line.
fn code(text: &str) -> String {
    let text = account::bounded(&text.replace(['\n', '\r'], " "), LINE_CHARS);
    let fence = "`".repeat(longest_fence(&text) + 1);
    // A span that begins or ends with a backtick, or is empty, needs spaces.
    format!("{fence} {text} {fence}")
}

/// Lines as they are, in a block inside a list.
fn block(lines: &[String], kind: &str) -> String {
    let lines: Vec<String> = lines
        .iter()
        .flat_map(|line| line.lines())
        .map(|line| account::bounded(line, LINE_CHARS))
        .collect();
    let longest = lines.iter().map(|line| longest_fence(line)).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let lines = lines.join("\n   ");
    format!("   {fence}{kind}\n   {lines}\n   {fence}\n\n")
}

/// The most backticks in a row.
fn longest_fence(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// A text of ours in which nothing is markup.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in words(&account::bounded(text, LINE_CHARS)).chars() {
        if c.is_ascii_punctuation() {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}
