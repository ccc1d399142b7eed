//! The JSON report: its schema, its layout, and reading it back.

mod fixtures;
mod schemas;

use std::fs;
use std::path::PathBuf;

use fixtures::{
    all_pass, error, failed, flaky, killed, limited, panic, part2, passed, read, report, sandbox,
    unsafe_and_slow, violation, watched,
};
use insta::assert_snapshot;
use proptest::prelude::*;
use protocol::{Clock, Policy};
use reports::{Report, RunOutcome, Seed, json};
use schemas::faults;
use serde_json::{Value, json};

fn schema() -> jsonschema::Validator {
    schemas::schema(include_str!("../schema/report-1.schema.json"))
}

fn value(report: &Report) -> Value {
    serde_json::from_str(&json::render(report)).unwrap()
}

fn file(name: &str, contents: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, contents).unwrap();
    (folder, path)
}

/// The message of reading `contents` as a report, without the folder.
fn read_error(contents: &str) -> String {
    let (folder, path) = file("report.json", contents);
    let message = Report::read(&path).unwrap_err().to_string();
    message.replace(&format!("{}/", folder.path().display()), "")
}

#[test]
fn layout_is_stable() {
    let runs = [passed(0, 0), failed(0, 1, panic()), killed(0, 2), error(0, 3)];
    assert_snapshot!(json::render(&report(vec![part2(2)], 4, runs, true)));
}

#[test]
fn what_is_written_obeys_the_schema() {
    let schema = schema();
    let mut real = all_pass();
    (real.clock, real.policy) = (Clock::Real, None);
    let mut fifo = all_pass();
    fifo.policy = Some(Policy::Fifo);
    let mut pct = flaky();
    pct.policy = Some(Policy::Pct { depth: 3, length: 100_000 });
    let mut reference = flaky();
    (reference.submission.path, reference.logs) = (None, None);
    let mut empty = part2(3);
    empty.implemented = false;
    let empty = report(vec![empty], 50, [], true);
    let mut confined = all_pass();
    confined.sandbox = Some(sandbox("require", [None; 3]));
    let all = [
        flaky(),
        all_pass(),
        unsafe_and_slow(),
        read(),
        real,
        fifo,
        pct,
        reference,
        empty,
        confined,
    ];
    for report in all {
        assert_eq!(faults(&schema, &value(&report)), [""; 0]);
    }
}

#[test]
fn the_schema_knows_every_field_and_requires_it() {
    let schema = schema();
    let mut in_part = flaky();
    in_part.sandbox = Some(sandbox("auto", [Some("this kernel has no landlock"), None, None]));
    let (flaky, watched) = (value(&in_part), value(&unsafe_and_slow()));
    let mut objects = 0;
    let places =
        [&flaky, &watched].map(|json| pointers(json).into_iter().map(move |at| (json, at)));
    for (json, pointer) in places.into_iter().flatten() {
        let Value::Object(fields) = json.pointer(&pointer).unwrap() else {
            continue;
        };
        objects += 1;
        let mut more = json.clone();
        more.pointer_mut(&pointer).unwrap()["surprise"] = json!(1);
        assert!(!schema.is_valid(&more), "{pointer} takes an unknown field");
        for field in fields.keys().filter(|_| !pointer.ends_with("/limits")) {
            let mut less = json.clone();
            less.pointer_mut(&pointer).unwrap().as_object_mut().unwrap().remove(field);
            assert!(!schema.is_valid(&less), "{pointer} does without {field}");
        }
    }
    assert!(objects > 20, "only {objects} objects were looked at");
}

/// Where there is an object or a list in `json`, of each list only the first elements.
fn pointers(json: &Value) -> Vec<String> {
    let mut found = vec![String::new()];
    let children: Vec<(String, &Value)> = match json {
        Value::Object(fields) => fields.iter().map(|(name, field)| (name.clone(), field)).collect(),
        Value::Array(items) => {
            items.iter().take(3).enumerate().map(|(i, item)| (i.to_string(), item)).collect()
        }
        _ => Vec::new(),
    };
    for (name, child) in children {
        found.extend(pointers(child).into_iter().map(|rest| format!("/{name}{rest}")));
    }
    found
}

#[test]
fn seeds_keep_all_their_bits() {
    let mut report = all_pass();
    report.seed = Seed(u64::MAX);
    assert_eq!(value(&report)["seed"], "18446744073709551615");
    let (_folder, path) = file("r.json", &json::render(&report));
    assert_eq!(Report::read(&path).unwrap().seed, Seed(u64::MAX));
}

#[test]
fn reads_a_report_with_fields_of_a_later_release() {
    let mut json = value(&flaky());
    json["novelty"] = json!({ "a": 1 });
    json["suites"][0]["tests"][0]["novelty"] = json!(2);
    let (_folder, path) = file("r.json", &json.to_string());
    assert_eq!(Report::read(&path).unwrap(), flaky());
}

#[test]
fn reads_a_report_of_a_release_before_properties_and_iterations() {
    let mut json = value(&flaky());
    json.as_object_mut().unwrap().remove("iterations");
    json["suites"][0].as_object_mut().unwrap().remove("reads");
    let tests = json["suites"][0]["tests"].as_array_mut().unwrap();
    for test in tests.iter_mut().filter_map(Value::as_object_mut) {
        test.remove("properties");
        for failure in test["failures"].as_array_mut().unwrap() {
            failure.as_object_mut().unwrap().remove("property");
        }
    }
    let (_folder, path) = file("r.json", &json.to_string());
    assert_eq!(Report::read(&path).unwrap(), flaky());
}

#[test]
fn a_look_at_the_sources_is_one_run_without_what_only_runs_have() {
    let report = value(&read());
    let style = &report["suites"][1];
    assert_eq!((&style["reads"], &style["slow"]), (&json!(true), &json!(false)));
    assert_eq!(style["iteration_s"], Value::Null);
    for test in style["tests"].as_array().unwrap() {
        assert_eq!(test["planned"], 1);
        for none in ["failure_rate", "virtual_s", "wall_s", "cpu_s", "rpcs", "bytes", "commits"] {
            assert_eq!(test[none], Value::Null, "{none}");
        }
        assert_eq!(test["sampled_runs"], json!([]));
        assert!(
            test["failures"].as_array().unwrap().iter().all(|found| found["seeds"] == json!([]))
        );
    }
    let verdicts = style["tests"].as_array().unwrap().iter().map(|test| &test["verdict"]);
    assert_eq!(verdicts.collect::<Vec<_>>(), ["pass", "fail", "undetermined"]);
    let (_folder, path) = file("r.json", &report.to_string());
    assert_eq!(Report::read(&path).unwrap(), read());
}

#[test]
fn a_property_that_was_not_observed_cannot_be_written_in_as_held() {
    let mut json = value(&unsafe_and_slow());
    json["suites"][0]["tests"][0]["properties"][7]["standing"] = json!("held");
    assert_snapshot!(read_error(&json.to_string()), @r#"report.json is not a report: part2/consensus-no-failure has "commits only its own term" as held, but of its runs 0 held, 50 did not observe, 0 violated it"#);
}

#[test]
fn says_what_is_wrong_with_a_file() {
    let text = json::render(&all_pass());
    assert_eq!(
        read_error(&text[..text.len() / 2]).split(" (").next().unwrap(),
        "report.json is not a report: it is not JSON"
    );
    assert_snapshot!(read_error(""), @"report.json is not a report: it is not JSON (EOF while parsing a value at line 1 column 0)");
    assert_snapshot!(read_error("[1, 2]"), @r#"report.json is not a report: it has no "schema": "lab-report/1""#);
    assert_snapshot!(read_error(r#"{"schema": "sarif/2"}"#), @r#"report.json is not a report: its schema is "sarif/2", not "lab-report/1""#);
    assert_snapshot!(read_error(r#"{"schema": "lab-exploration/1"}"#), @"report.json is not a report: it is an exploration; type one of the replay lines in it");
    assert_snapshot!(read_error(r#"{"schema": "lab-report/2"}"#), @"report.json is a report of schema lab-report/2, and this version reads up to lab-report/1: use a newer version");
    assert_snapshot!(read_error(r#"{"schema": "lab-report/1"}"#), @"report.json is not a report: missing field `tool`");
    let negative = text.replace(r#""seed": "7""#, r#""seed": "-7""#);
    assert_snapshot!(read_error(&negative), @r#"report.json is not a report: seed "-7" is not a number from 0 to 2^64-1"#);
}

#[test]
fn refuses_figures_that_cannot_be() {
    let broken = |pointer: &str, figure: Value| {
        let mut json = value(&flaky());
        *json.pointer_mut(pointer).unwrap() = figure;
        read_error(&json.to_string())
    };
    assert_snapshot!(broken("/suites/0/tests/2/failed", json!(51)), @"report.json is not a report: part2/reconcile-long-logs has 51 failed runs of 50");
    assert_snapshot!(broken("/suites/0/tests/2/sampled_runs/12/failure", json!(2)), @"report.json is not a report: part2/reconcile-long-logs has a run of failure 2, but only 2 failures");
}

#[test]
fn names_a_file_that_is_not_there() {
    let message = Report::read("no/such.json".as_ref()).unwrap_err().to_string();
    assert!(message.starts_with("cannot read the report no/such.json: "), "{message}");
}

/// Any run of the first two tests, with figures that a broken harness might send.
fn outcome() -> impl Strategy<Value = RunOutcome> {
    let figures = (any::<f64>(), 0.0..1e4_f64, any::<u64>(), any::<u64>());
    let text = "\\PC{0,40}";
    (0..2_usize, 0..100_000_u64, 0..7_u8, figures, text).prop_map(
        |(test, iteration, shape, (odd, seconds, rpcs, bytes), text)| {
            let mut run = match shape {
                0 => passed(test, iteration),
                1 => failed(test, iteration, panic()),
                2 => killed(test, iteration),
                3 => error(test, iteration),
                4 => failed(test, iteration, violation(&text, iteration)),
                5 => {
                    watched(passed(test, iteration), &text, rpcs, (rpcs % 2 == 0).then_some(&text))
                }
                _ => RunOutcome { record: None, ..passed(test, iteration) },
            };
            if let Some(failure) = &mut run.failure {
                failure.message.clone_from(&text);
                failure.location = (iteration % 2 == 0).then_some(text);
            }
            if let Some(record) = &mut run.record {
                (record.virtual_s, record.cpu_s) = (odd, seconds);
                (record.rpcs, record.bytes) = (rpcs, bytes);
            }
            run
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_report_obeys_the_schema_and_is_read_back_as_it_was(
        runs in prop::collection::vec(outcome(), 0..80),
        interrupted: bool,
    ) {
        let report = report(vec![limited(2, 9.0)], 80, runs, interrupted);
        prop_assert_eq!(faults(&schema(), &value(&report)), [""; 0]);
        let (_folder, path) = file("r.json", &json::render(&report));
        prop_assert_eq!(Report::read(&path).unwrap(), report);
    }
}
