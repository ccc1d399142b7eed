//! The report as Classroom 50 reads it: `classroom50/result/v1`. It refuses keys that it does not know, so that nothing stands here
//! besides what it asks for; scores are whole numbers.

use jiff::{Timestamp, Unit};
use serde::{Deserialize, Serialize};

use crate::account::{self, words};
use crate::model::{Report, SuiteReport, TestReport};
use crate::score::{Scheme, Score};
use crate::verdict::TestVerdict;

/// The schema.
pub const SCHEMA: &str = "classroom50/result/v1";

/// Most characters of what is told of a test.
const TEXT_CHARS: usize = 8_000;

/// What a report does not know: which assignment this is, and whose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct About {
    /// The classroom.
    pub classroom: String,
    /// The assignment.
    pub assignment: String,
    /// Its kind: `individual`, `group`.
    pub assignment_type: String,
    /// Who owns the repository.
    pub owner: String,
    /// The tag of the submission; it begins with `submit/`.
    pub submission: String,
    /// The commit.
    pub commit: String,
    /// The release of the submission.
    pub release: String,
    /// Where it is reviewed.
    pub review: String,
}

/// What is written; unknown keys are refused, so that there are no others.
#[derive(Serialize)]
struct Results<'a> {
    schema: &'static str,
    classroom: &'a str,
    assignment: &'a str,
    assignment_type: &'a str,
    owner: &'a str,
    submission: &'a str,
    commit: &'a str,
    release: &'a str,
    review: &'a str,
    datetime: String,
    score: u64,
    #[serde(rename = "max-score")]
    max_score: u64,
    tests: Vec<Row>,
}

/// A test of it. What it does not ask for is kept.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Row {
    test_name: String,
    passed: bool,
    score: u64,
    max_score: u64,
    output: String,
}

/// The result as JSON, ending in a newline. It is of the moment `now`.
pub fn render(report: &Report, scheme: &Scheme, about: &About, now: Timestamp) -> String {
    let all = report.suites.iter();
    let all = all.flat_map(|suite| suite.tests.iter().map(move |test| (suite, test)));
    let mut tests: Vec<Row> = all.map(|(suite, of)| test(report, suite, of, scheme)).collect();
    let overruns = account::overruns(report).into_iter();
    tests.extend(overruns.map(|(name, output)| pointless(name, output)));
    written(about, now, tests)
}

/// The result of a submission of which no test was run: no points, and why.
pub fn render_failure(reason: &str, details: &str, about: &About, now: Timestamp) -> String {
    let output = account::bounded(&format!("{reason}\n{details}"), TEXT_CHARS);
    written(about, now, vec![pointless("build".to_owned(), output)])
}

fn test(report: &Report, suite: &SuiteReport, test: &TestReport, scheme: &Scheme) -> Row {
    let Score { points, of } = scheme.test(suite, test);
    Row {
        test_name: words(&test.id),
        passed: test.verdict == TestVerdict::Pass,
        // Points are finite and not negative.
        score: points.round() as u64,
        max_score: of.round() as u64,
        output: account::of_test(report, suite, test, TEXT_CHARS),
    }
}

/// Something that failed and has no points.
fn pointless(test_name: String, output: String) -> Row {
    Row { test_name, passed: false, score: 0, max_score: 0, output }
}

fn written(about: &About, now: Timestamp, tests: Vec<Row>) -> String {
    let results = Results {
        schema: SCHEMA,
        classroom: &about.classroom,
        assignment: &about.assignment,
        assignment_type: &about.assignment_type,
        owner: &about.owner,
        submission: &about.submission,
        commit: &about.commit,
        release: &about.release,
        review: &about.review,
        datetime: now.round(Unit::Second).unwrap_or(now).to_string(),
        // The sum of what stands below it, which is rounded.
        score: tests.iter().map(|test| test.score).sum(),
        max_score: tests.iter().map(|test| test.max_score).sum(),
        tests,
    };
    serde_json::to_string_pretty(&results).expect("results are always JSON") + "\n"
}
