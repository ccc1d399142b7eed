//! The report as GitHub Actions reads it: annotations among what a step prints, and the step's summary.

use std::fmt::Write;
use std::path::Path;

use crate::account::{self, words};
use crate::markdown;
use crate::model::{FailureGroup, Report, SuiteReport, TestReport};
use crate::units::plural;
use crate::verdict::TestVerdict;

/// Most annotations of a kind that a step may make; GitHub drops the others without a word.
const MOST_OF_A_KIND: usize = 10;

/// Most bytes of a step's summary. GitHub refuses a longer one as a whole.
const SUMMARY_BYTES: usize = 1 << 20;

/// Most characters of an annotation's text.
const TEXT_CHARS: usize = 4_000;

/// The summary, in Markdown.
pub fn summary(report: &Report) -> String {
    markdown::render(report, SUMMARY_BYTES)
}

/// Lines to print: an error for each test that fails, a warning for each that is flaky. Places in the sources are
/// named from `root`, the folder of the package inside the repository.
pub fn annotations(report: &Report, root: &Path) -> String {
    let with = |verdict: &'static [TestVerdict]| -> Vec<(&SuiteReport, &TestReport)> {
        let tests = report.suites.iter();
        let tests = tests.flat_map(|suite| suite.tests.iter().map(move |test| (suite, test)));
        tests.filter(|(_, test)| verdict.contains(&test.verdict)).collect()
    };
    let failed = with(&[TestVerdict::Fail]);
    let doubtful = with(&[TestVerdict::Flaky, TestVerdict::Undetermined]);
    let mut errors: Vec<String> = account::overruns(report)
        .iter()
        .map(|(name, words)| line("error", &[("title", name)], words))
        .collect();
    errors.extend(
        failed.into_iter().map(|(suite, test)| of_test("error", report, suite, test, root)),
    );
    let warnings = doubtful.into_iter();
    let warnings = warnings.map(|(suite, test)| of_test("warning", report, suite, test, root));
    bounded("error", errors) + &bounded("warning", warnings.collect())
}

/// The line where no test was run.
pub fn failure(reason: &str) -> String {
    line("error", &[("title", "not graded")], &account::bounded(reason, TEXT_CHARS))
}

/// As many lines as GitHub shows; the last says how many more there are.
fn bounded(kind: &str, mut lines: Vec<String>) -> String {
    let hidden = lines.len().saturating_sub(MOST_OF_A_KIND);
    if hidden > 0 {
        lines.truncate(MOST_OF_A_KIND - 1);
        let words = format!("{}: see the summary", plural(hidden as u64 + 1, "more test"));
        lines.push(line(kind, &[("title", "and more")], &words));
    }
    lines.concat()
}

fn of_test(
    kind: &str,
    report: &Report,
    suite: &SuiteReport,
    test: &TestReport,
    root: &Path,
) -> String {
    let title = format!("{}: {}", test.id, test.verdict);
    let place = test.failures.iter().find_map(|failure| place(failure, root));
    let mut properties = vec![("title", title.as_str())];
    if let Some((file, number)) = &place {
        properties.extend([("file", file.as_str()), ("line", number.as_str())]);
    }
    line(kind, &properties, &account::of_test(report, suite, test, TEXT_CHARS))
}

/// File and line of a failure, where it points into the submission's sources.
fn place(failure: &FailureGroup, root: &Path) -> Option<(String, String)> {
    let mut parts = failure.location.as_deref()?.split(':');
    let (file, number) = (Path::new(parts.next()?), parts.next()?);
    let is_own = file.is_relative() && file.starts_with("src");
    let is_number = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit());
    (is_own && is_number)
        .then(|| (root.join(file).to_string_lossy().into_owned(), number.to_owned()))
}

/// `::error title=…::…`
fn line(kind: &str, properties: &[(&str, &str)], text: &str) -> String {
    let mut line = format!("::{kind} ");
    for (i, (name, value)) in properties.iter().enumerate() {
        let comma = if i > 0 { "," } else { "" };
        let value = data(&words(value)).replace(':', "%3A").replace(',', "%2C");
        // Writing to a string cannot fail.
        let _ = write!(line, "{comma}{name}={value}");
    }
    let _ = writeln!(line, "::{}", data(text));
    line
}

/// A text in which nothing ends the line.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_line_or_a_property() {
        let line = line("error", &[("title", "a,b: 100 %")], "one\r\ntwo ::error::");
        assert_eq!(line, "::error title=a%2Cb%3A 100 %25::one%0D%0Atwo ::error::\n");
    }

    #[test]
    fn more_than_are_shown_are_counted() {
        let lines: Vec<String> = (0..12).map(|i| format!("{i}\n")).collect();
        let text = bounded("error", lines);
        assert_eq!(text.lines().count(), MOST_OF_A_KIND);
        assert!(
            text.ends_with("::error title=and more::3 more tests: see the summary\n"),
            "{text}"
        );
    }
}
