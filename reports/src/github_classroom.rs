//! The report as the autograding reporter of GitHub Classroom reads it. GitHub retired Classroom in August 2026; this is for who
//! still runs the reporter.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Serialize;

use crate::account::{self, words};
use crate::model::{Report, SuiteReport, TestReport};
use crate::score::Scheme;
use crate::verdict::TestVerdict;

/// Most characters of what is told of a test: all of it travels in an environment variable.
const TEXT_CHARS: usize = 1_000;

/// What is written.
#[derive(Serialize)]
struct Results {
    version: u32,
    status: Status,
    max_score: f64,
    tests: Vec<Row>,
}

/// A test of it.
#[derive(Serialize)]
struct Row {
    name: String,
    status: Status,
    score: f64,
    message: String,
    test_code: String,
    filename: String,
    line_no: u32,
    duration: f64,
}

/// How a test came out, the worst last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    Pass,
    Fail,
    Error,
}

/// The value of `<STEP-ID>_RESULTS`: base64 of JSON, in one line.
pub fn render(report: &Report, scheme: &Scheme) -> String {
    let all = report.suites.iter();
    let all = all.flat_map(|suite| suite.tests.iter().map(move |test| (suite, test)));
    let mut tests: Vec<Row> = all.map(|(suite, of)| test(report, suite, of, scheme)).collect();
    let overruns = account::overruns(report).into_iter();
    tests.extend(overruns.map(|(name, message)| pointless(Status::Fail, name, message)));
    encoded(scheme.score(report).rounded().of, tests)
}

/// The same for a submission of which no test was run.
pub fn render_failure(reason: &str, details: &str) -> String {
    let message = account::bounded(&format!("{reason}\n{details}"), TEXT_CHARS);
    encoded(0.0, vec![pointless(Status::Error, "build".to_owned(), message)])
}

fn encoded(max_score: f64, tests: Vec<Row>) -> String {
    let status = tests.iter().map(|test| test.status).max().unwrap_or(Status::Error);
    let results = Results { version: 1, status, max_score, tests };
    BASE64_STANDARD.encode(serde_json::to_string(&results).expect("results are always JSON"))
}

/// Something that went wrong and has no points.
fn pointless(status: Status, name: String, message: String) -> Row {
    Row {
        name,
        status,
        score: 0.0,
        message,
        test_code: String::new(),
        filename: String::new(),
        line_no: 0,
        duration: 0.0,
    }
}

fn test(report: &Report, suite: &SuiteReport, test: &TestReport, scheme: &Scheme) -> Row {
    let status = match test.verdict {
        TestVerdict::Pass => Status::Pass,
        TestVerdict::Undetermined => Status::Error,
        TestVerdict::Flaky | TestVerdict::Fail | TestVerdict::NotImplemented => Status::Fail,
    };
    let location = test.failures.iter().find_map(|failure| failure.location.as_deref());
    let mut place = location.unwrap_or_default().split(':');
    let (file, line) = (place.next().unwrap_or_default(), place.next().unwrap_or_default());
    Row {
        name: words(&test.id),
        status,
        score: scheme.test(suite, test).rounded().points,
        message: account::of_test(report, suite, test, TEXT_CHARS),
        test_code: words(&test.course_name),
        filename: words(file),
        line_no: line.parse().unwrap_or(0),
        duration: test.wall_s.map_or(0.0, |spread| spread.median),
    }
}
