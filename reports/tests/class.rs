//! The summary of a class, as people, spreadsheets and machines read it.

mod schemas;

use std::collections::BTreeMap;

use protocol::Clock;
use reports::class::{self, Class, FlakyTest, Row, SCHEMA, Status, SuiteScore, TestCounts};
use reports::score::{Flaky, Score};
use reports::terminal::Options;
use reports::{Seed, Tool};

use schemas::{obeys, schema};

fn row(id: &str, points: f64, status: Status, reason: Option<&str>) -> Row {
    let score = Score { points, of: 33.0 };
    let graded = status == Status::Graded;
    Row {
        id: id.into(),
        name: None,
        columns: BTreeMap::new(),
        path: format!("/class/{id}"),
        status,
        reason: reason.map(str::to_owned),
        score,
        suites: if graded { vec![SuiteScore { suite: "part1".into(), score }] } else { Vec::new() },
        tests: if graded {
            TestCounts { pass: points as u64, flaky: 1, fail: 2, ..TestCounts::default() }
        } else {
            TestCounts::default()
        },
        runs: if graded { 660 } else { 0 },
        failed_runs: 0,
        flaky: Vec::new(),
        wall_s: 12.345,
        reports: id.into(),
    }
}

fn sample() -> Class {
    let mut ann = row("ann", 33.0, Status::Graded, None);
    ann.name = Some("Ann, \"A.\"".into());
    ann.columns.insert("email".into(), "ann@example.org".into());
    ann.flaky = vec![FlakyTest { test: "part1/re-election".into(), failure_rate: 0.125 }];
    let why = "`raft` in /class/bob does not build: mismatched types, which is a line that is a good deal \
               longer than a window is wide, so that it has to be broken somewhere";
    Class {
        schema: SCHEMA.into(),
        tool: Tool { name: "grader".into(), version: "0.1.0".into() },
        seed: Seed(u64::MAX),
        clock: Clock::Sim,
        count: 20,
        flaky: Flaky::AtLeast(18),
        waiting: 1,
        submissions: vec![
            ann,
            row("bob", 0.0, Status::DoesNotBuild, Some(why)),
            row("=cmd()", 16.5, Status::Graded, None),
            row("dee\u{1b}[31m", 0.0, Status::NoSubmission, Some("there is \u{1b}[5mno package")),
        ],
    }
}

#[test]
fn a_person_reads_a_line_each() {
    let options = Options { width: 80, color: false };
    insta::assert_snapshot!(class::to_text(&sample(), options));
}

#[test]
fn a_spreadsheet_reads_cells_and_computes_none() {
    insta::assert_snapshot!(class::to_csv(&sample()));
}

#[test]
fn a_machine_reads_it_back_and_the_schema_holds() {
    let json = sample().to_json();
    let back: Class = serde_json::from_str(&json).expect("a summary");
    assert_eq!(back, sample());
    let validator = schema(include_str!("../schema/class-1.schema.json"));
    let mut wrong = obeys(&validator, &json);
    wrong["submissions"][0]["status"] = "excellent".into();
    assert!(!validator.is_valid(&wrong));
}
