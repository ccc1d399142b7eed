//! What went wrong: each distinct failure once, with what a student needs to go after it.

use protocol::FailureKind;

use super::Page;
use super::tables::ink;
use super::text::{Ink, plain, wrap};
use super::unwritten::is_unwritten;
use crate::model::{FailureGroup, Report, TestReport};
use crate::units::{count, plural};

/// Most distinct failures of a test that are shown; the report has them all.
const FAILURES_SHOWN: usize = 5;

/// Most lines of a failure's details that are shown; more of those that each are a place to go to.
const DETAILS_SHOWN: usize = 8;
const PLACES_SHOWN: usize = 20;

/// What the second and later lines of a wrapped detail start with.
const HANG: &str = "    ";

/// Columns of the labels "step", "at", "log", "replay".
pub(super) const LABEL: usize = 8;

/// The failures of all tests, test by test.
pub(super) fn failures(page: &mut Page, report: &Report) {
    let failed = |test: &&TestReport| !test.failures.is_empty() && !is_unwritten(test);
    for test in report.tests().filter(failed) {
        page.blank();
        heading(page, test);
        for (i, failure) in test.failures.iter().take(FAILURES_SHOWN).enumerate() {
            page.blank();
            describe(page, i + 1, failure, test);
        }
        let hidden = test.failures.iter().skip(FAILURES_SHOWN);
        let hidden_runs: u64 = hidden.clone().map(|failure| failure.runs).sum();
        let runs = hidden_runs + test.unlisted_failures;
        if runs > 0 {
            let more = if test.unlisted_failures > 0 { "more than " } else { "" };
            page.blank();
            page.wrapped(
                4,
                &format!(
                    "and {more}{} in {}; a JSON report lists them",
                    plural(hidden.count() as u64, "other distinct failure"),
                    plural(runs, "run")
                ),
            );
        }
    }
}

/// `part2/reconcile-long-logs: flaky, failed in 3 of 50 runs (6 %, 95 % interval 1.3–17 %)`
fn heading(page: &mut Page, test: &TestReport) {
    let name = page.pen.paint(Ink::Bold, &plain(&test.id));
    let verdict = page.pen.paint(ink(test.verdict), &test.verdict.to_string());
    page.line(&format!("{name}: {verdict}"));
    if let Some(rate) = test.failure_rate.filter(|_| test.failed > 0) {
        let often = match (test.failed, test.runs) {
            (1, 1) => "its only run".to_owned(),
            (failed, runs) if failed == runs => format!("all {} runs", count(runs)),
            (failed, runs) => format!("{} of {} runs", count(failed), count(runs)),
        };
        page.wrapped(2, &format!("failed in {often} ({})", rate.words()));
    }
    if test.errors > 0 {
        let count = if test.errors == 1 { "counts" } else { "count" };
        let errors = plural(test.errors, "run");
        let words =
            format!("{errors} ended in an error of the grader's own and {count} for nothing");
        page.wrapped(2, &words);
    }
    match test.course_name.as_str() {
        "" => page.wrapped(2, &test.description),
        name => page.wrapped(2, &format!("{name}: {}", test.description)),
    }
}

fn describe(page: &mut Page, number: usize, failure: &FailureGroup, test: &TestReport) {
    let of = if failure.kind == FailureKind::Internal { test.errors } else { test.runs };
    let often = match (failure.runs, of) {
        (1, 1) => String::new(),
        (runs, of) => format!(" in {} of {} runs", count(runs), count(of)),
    };
    let number = format!("  {number}. ");
    let indent = number.len();
    let title = page.pen.paint(Ink::Bad, &plain(&failure.title()));
    page.line(&format!("{number}{title}{often}"));
    page.wrapped(indent, &failure.message);
    for (label, text) in [("step", &failure.step), ("at", &failure.location)] {
        if let Some(text) = text {
            page.labelled(indent, LABEL, (label, Ink::Dim), text);
        }
    }
    details(page, indent, failure);
    page.verbatim(indent, "log", Ink::Plain, failure.log.as_deref());
    page.verbatim(indent, "replay", Ink::Command, Some(&failure.replay));
}

/// The details, as far as there is room: the end of a history, the beginning of all else.
fn details(page: &mut Page, indent: usize, failure: &FailureGroup) {
    let width = page.width.saturating_sub(indent + 2 + HANG.len());
    let hanging = |(i, line)| if i == 0 { line } else { format!("{HANG}{line}") };
    let wrapped = |line: &String| wrap(line, width).into_iter().enumerate().map(hanging);
    let mut lines: Vec<String> = failure.details.iter().flat_map(wrapped).collect();
    let shown = match failure.kind {
        FailureKind::Style => PLACES_SHOWN,
        _ => DETAILS_SHOWN,
    };
    let hidden = lines.len().saturating_sub(shown);
    if hidden > 0 && failure.kind == FailureKind::Safety {
        lines.drain(..hidden);
        lines.insert(0, format!("… {}", plural(hidden as u64, "earlier line")));
    } else if hidden > 0 {
        lines.truncate(shown);
        lines.push(format!("… {}", plural(hidden as u64, "more line")));
    }
    let bar = page.pen.paint(Ink::Dim, "│");
    for line in lines {
        page.line(&format!("{:indent$}{bar} {line}", ""));
    }
}

impl Page {
    /// As [`Page::labelled`], but never wrapped, for what is copied; nothing without a text.
    pub(super) fn verbatim(&mut self, indent: usize, label: &str, ink: Ink, text: Option<&str>) {
        let Some(text) = text else { return };
        let label = self.pen.paint(Ink::Dim, &format!("{label:LABEL$}"));
        let text = self.pen.paint(ink, &plain(text));
        self.line(&format!("{:indent$}{label}{text}", ""));
    }
}

/// The warnings of all tests.
pub(super) fn warnings(page: &mut Page, report: &Report) {
    for test in report.tests().filter(|test| !test.warnings.is_empty()) {
        page.blank();
        let warning = page.pen.paint(Ink::Doubtful, "warnings");
        page.line(&format!("{}: {warning}", page.pen.paint(Ink::Bold, &plain(&test.id))));
        for warning in &test.warnings {
            page.wrapped(2, &format!("{} (in {})", warning.message, plural(warning.runs, "run")));
        }
    }
}
