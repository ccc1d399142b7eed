//! What an audit makes of runs, and how people and machines read it.

mod audits;
mod fixtures;

use audits::{COUNT, about, all_pass, every, judged, sample, session, variant};
use fixtures::{disagreement, error, failed};
use reports::audit::{
    AboutBug, Audit, Bug, BugStatus, Detection, Explored, LeftOut, VariantStatus, worths,
};
use reports::terminal::Options;
use reports::{Report, RunOutcome};

#[test]
fn an_iteration_sees_a_bug_when_any_of_its_tests_does() {
    let report = session(2, every(0, 5).chain(every(1, 2)));
    let detection = Detection::of(report.tests()).expect("iterations");
    assert_eq!((detection.iterations, detection.caught), (50, 30), "of 10: 0 2 4 5 6 8");
    assert_eq!(detection.runs_99, Some(6));
    let found_in_s = detection.found_in_s.expect("found");
    assert!((found_in_s - detection.iteration_s / 0.6).abs() < 2e-6);
}

#[test]
fn only_iterations_count_in_which_every_test_ran() {
    let given_up = (0..3).map(|iteration| failed(1, iteration, disagreement(iteration)));
    let report = session(2, all_pass(0).chain(given_up));
    let detection = Detection::of(report.tests()).expect("iterations");
    assert_eq!((detection.iterations, detection.caught), (3, 3));
    assert!(detection.rate.low < 0.4, "three iterations say little: {:?}", detection.rate);
    let errors = (0..COUNT).map(|iteration| error(1, iteration));
    let report = session(2, all_pass(0).chain(errors));
    assert_eq!(Detection::of(report.tests()), None);
}

#[test]
fn a_bug_is_caught_by_its_suites_and_by_the_test_meant_for_it() {
    let of = |runs: Vec<RunOutcome>| judged("x", &session(2, runs)).status;
    assert_eq!(of(every(0, 5).chain(all_pass(1)).collect()), BugStatus::Caught);
    assert_eq!(of(all_pass(0).chain(every(1, 5)).collect()), BugStatus::Elsewhere);
    assert_eq!(of(every(0, 50).chain(all_pass(1)).collect()), BugStatus::Seldom);
    assert_eq!(of(all_pass(0).chain(all_pass(1)).collect()), BugStatus::Missed);
    assert_eq!(of(Vec::new()), BugStatus::Broken);
}

#[test]
fn what_is_left_to_exploring_is_found_or_missed() {
    let report = session(1, all_pass(0));
    let left = || Bug::judged(AboutBug { explore: true, ..about("x", &report) }, &report, COUNT);
    assert_eq!(left().status, BugStatus::NotExplored);
    let explored = |found| Explored { runs: 9, wall_s: 1.0, found, message: None };
    assert_eq!(left().explored(explored(Some(3))).status, BugStatus::Explored);
    assert_eq!(left().explored(explored(None)).status, BugStatus::Missed);
}

#[test]
fn a_test_is_worth_what_no_other_catches() {
    let both = judged("both", &session(2, every(0, 1).chain(every(1, 1))));
    let one = judged("one", &session(2, every(0, 1).chain(all_pass(1))));
    let seldom = judged("seldom", &session(2, all_pass(0).chain(every(1, 50))));
    let worths = worths(&[both, one, seldom], |_| COUNT);
    assert_eq!((worths[0].caught, worths[0].alone.as_slice()), (2, &["one".to_owned()][..]));
    assert_eq!((worths[1].caught, worths[1].alone.len()), (1, 0));
}

#[test]
fn a_correct_solution_is_left_alone_or_blamed_or_not_looked_at() {
    let status = |report: &Report| variant(report, Vec::new()).status;
    assert_eq!(status(&session(1, all_pass(0))), VariantStatus::LeftAlone);
    assert_eq!(status(&session(1, every(0, 50))), VariantStatus::FalseAlarm);
    assert_eq!(status(&session(1, all_pass(0).take(3))), VariantStatus::Broken);
    let blamed = session(1, every(0, 50));
    let what = blamed.suites[0].tests[0].id.clone();
    let skipped = vec![LeftOut { what, why: "it has none".into() }];
    assert_eq!(variant(&blamed, skipped).status, VariantStatus::Broken, "nothing is left to run");
}

#[test]
fn a_person_reads_a_matrix_and_what_is_not_as_it_should_be() {
    let options = Options { width: 80, color: false };
    let text = reports::terminal::audit::render(&sample(), options);
    insta::assert_snapshot!(text);
    assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text:?}");
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
}

#[test]
fn a_machine_reads_it_back_and_the_schema_holds() {
    let json = sample().to_json();
    let back: Audit = serde_json::from_str(&json).expect("an audit");
    assert_eq!(back, sample());
    let schema = include_str!("../schema/audit-1.schema.json");
    let schema: serde_json::Value = serde_json::from_str(schema).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let value: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let errors: Vec<String> =
        validator.iter_errors(&value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let mut wrong = value;
    wrong["bugs"][0]["status"] = "excellent".into();
    assert!(!validator.is_valid(&wrong));
}
