//! The report in the Test Anything Protocol, version 14: a line for each test, and what went wrong below it in YAML.

use std::fmt::Write;

use crate::account::{self, words};
use crate::model::{Report, SuiteReport, TestReport};
use crate::verdict::TestVerdict;

/// Most characters of what is told of a test.
const TEXT_CHARS: usize = 8_000;

/// The report as TAP.
pub fn render(report: &Report) -> String {
    let overruns = account::overruns(report);
    let tests = report.tests().count();
    let mut tap = format!("TAP version 14\n1..{}\n", tests + overruns.len());
    let _ = writeln!(tap, "# {}, seed {}", words(&report.submission.name), report.seed);
    let all = report.suites.iter();
    let all = all.flat_map(|suite| suite.tests.iter().map(move |test| (suite, test)));
    for (number, (suite, test)) in all.enumerate() {
        point(&mut tap, report, suite, test, number + 1);
    }
    for (i, (name, words)) in overruns.into_iter().enumerate() {
        let (number, name) = (tests + 1 + i, escaped(&name));
        let _ = write!(tap, "not ok {number} - {name}\n  ---\n  message: |-\n    {words}\n  ...\n");
    }
    tap
}

fn point(tap: &mut String, report: &Report, suite: &SuiteReport, test: &TestReport, number: usize) {
    let ok = match test.verdict {
        TestVerdict::Pass | TestVerdict::NotImplemented => "ok",
        TestVerdict::Flaky | TestVerdict::Fail | TestVerdict::Undetermined => "not ok",
    };
    let name = escaped(&words(&test.id));
    let directive = match test.verdict {
        TestVerdict::NotImplemented => " # SKIP not implemented",
        _ => "",
    };
    // Writing to a string cannot fail.
    let _ = writeln!(tap, "{ok} {number} - {name}{directive}");
    if ok == "ok" {
        return;
    }
    let _ = writeln!(tap, "  ---");
    let _ = writeln!(tap, "  verdict: {}", test.verdict);
    let _ = writeln!(tap, "  runs: {}", test.runs);
    let _ = writeln!(tap, "  failed: {}", test.failed);
    let _ = writeln!(tap, "  message: |-");
    for line in account::of_test(report, suite, test, TEXT_CHARS).lines() {
        let _ = writeln!(tap, "{}", format!("    {line}").trim_end());
    }
    let _ = writeln!(tap, "  ...");
}

/// A description in which nothing is a directive.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('#', "\\#")
}
