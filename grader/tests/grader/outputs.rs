//! A report in every format, now and later; each whole or absent.

use std::fs;

use serde_json::Value;
use snapbox::cmd::Command;
use snapbox::str;

use crate::{Desk, read_json};

const FILES: [(&str, &str); 8] = [
    ("--json", "report.json"),
    ("--html", "report.html"),
    ("--junit", "junit.xml"),
    ("--markdown", "report.md"),
    ("--csv", "report.csv"),
    ("--tap", "report.tap"),
    ("--gradescope", "results.json"),
    ("--github-classroom", "results.b64"),
];

fn text(desk: &Desk, file: &str) -> String {
    fs::read_to_string(desk.path(file)).unwrap_or_else(|why| panic!("{file}: {why}"))
}

fn with_files(command: Command) -> Command {
    command.args(FILES.iter().flat_map(|(flag, file)| [flag, file]))
}

#[test]
fn a_session_goes_to_all_formats_and_an_old_report_does_too() {
    let desk = Desk::new();
    let run = desk.grader("run --suite steady,broken --count 3 --seed 1 --jobs 1");
    with_files(run).assert().code(100);
    let first: Vec<String> = FILES.iter().map(|(_, file)| text(&desk, file)).collect();
    assert!(first[1].starts_with("<!doctype html>") && first[1].contains("data-verdict=\"fail\""));
    assert!(first[2].contains("<testsuite name=\"broken\""), "{}", first[2]);
    assert!(first[5].starts_with("TAP version 14\n1..5\n"), "{}", first[5]);
    fs::copy(desk.path("report.json"), desk.path("old.json")).expect("copied");
    with_files(desk.grader("report old.json")).assert().success().stdout_eq("");
    for ((_, file), before) in FILES.iter().zip(first) {
        assert!(text(&desk, file) == before, "{file} differs");
    }
}

#[test]
fn an_old_report_is_shown_or_read_from_a_pipe() {
    let desk = Desk::new();
    let run = desk.grader("run --suite steady --seed 1 --json report.json").assert().success();
    let shown = String::from_utf8_lossy(&run.get_output().stdout).into_owned();
    let again = desk.grader("report report.json").assert().success();
    let again = String::from_utf8_lossy(&again.get_output().stdout).into_owned();
    assert!(shown.ends_with(&again), "{again}");
    let piped = desk.grader("report - --csv -").stdin(text(&desk, "report.json"));
    let csv = piped.assert().success();
    assert!(csv.get_output().stdout.starts_with(b"submission,suite,test,"));
}

#[test]
fn an_old_report_is_not_written_where_the_settings_put_new_ones() {
    let desk = Desk::new();
    desk.grader("run --suite steady --seed 1 --json old.json").assert().success();
    desk.write("grader.toml", "junit = 'junit.xml'\n");
    desk.grader("report old.json").assert().success();
    assert!(!desk.path("junit.xml").exists());
    desk.grader("run --suite steady --seed 1").assert().success();
    assert!(desk.path("junit.xml").exists());
}

#[test]
fn what_cannot_be_read_or_written_is_named_before_anything_runs() {
    let desk = Desk::new();
    desk.write("newer.json", r#"{"schema": "lab-report/2"}"#);
    let refused = |words: &str, code: i32, why: snapbox::data::Inline| {
        desk.grader(words).assert().code(code).stdout_eq("").stderr_eq(why);
        assert!(desk.no_run_was_started());
    };
    refused(
        "report newer.json",
        96,
        str![[r#"
error: newer.json is a report of schema lab-report/2, and this version reads up to lab-report/1: use a newer version

"#]],
    );
    refused(
        "run --html - --json -",
        2,
        str![[r#"
error: standard output has room for one report

"#]],
    );
    refused(
        "run --junit no/such/folder.xml",
        110,
        str![[r#"
error: cannot write the report no/such/folder.xml: there is no folder no/such

"#]],
    );
    refused(
        "run --classroom50 result.json",
        2,
        str![[r#"
error: --classroom50 needs `submission` in [assignment] of grader.toml, or the variable CLASSROOM50_SUBMISSION

"#]],
    );
}

#[test]
fn classroom_50_is_told_whose_result_it_is() {
    let desk = Desk::new();
    let toml = "[assignment]\nclassroom = 'cs350'\nassignment = 'raft'\nowner = 'ada'\n";
    desk.write("grader.toml", toml);
    let run = |tag: &str| {
        desk.grader("run --suite steady --seed 1 --classroom50 result.json")
            .env("GITHUB_REF_NAME", tag)
            .env("GITHUB_SHA", "0123abc")
            .env("CLASSROOM50_OWNER", "bob")
    };
    run("submit/7").assert().success();
    let result = read_json(&desk.path("result.json"));
    let of = |key: &str| result[key].as_str().map(str::to_owned);
    assert_eq!(of("submission").as_deref(), Some("submit/7"));
    assert_eq!(of("owner").as_deref(), Some("bob"), "the environment wins over the file");
    assert_eq!(
        (of("commit").as_deref(), of("assignment_type").as_deref()),
        (Some("0123abc"), Some("individual"))
    );
    run("main").assert().code(2);
    run("main").env("CLASSROOM50_SUBMISSION", "7").assert().code(2).stderr_eq(str![[r#"
error: --classroom50: the submission's tag begins with `submit/`, not `7`

"#]]);
}

#[test]
fn github_has_annotations_and_a_summary() {
    let desk = Desk::new();
    desk.write("summary.md", "before\n");
    let run = desk
        .grader("run --suite broken --count 3 --seed 1 --github")
        .env("GITHUB_STEP_SUMMARY", desk.path("summary.md"))
        .assert()
        .code(100);
    let printed = String::from_utf8_lossy(&run.get_output().stdout).into_owned();
    assert!(printed.contains("\n::error title=broken/fails%3A fail::"), "{printed}");
    let summary = text(&desk, "summary.md");
    assert!(summary.starts_with("before\n## ` fake `: "), "{summary}");
    let without = desk.grader("run --suite steady --seed 1 --github").assert().success();
    let warned = String::from_utf8_lossy(&without.get_output().stderr).into_owned();
    assert!(warned.contains("GITHUB_STEP_SUMMARY is not set"), "{warned}");
}

#[test]
fn who_waits_for_a_result_gets_one_whatever_comes() {
    let desk = Desk::new();
    let files = "--gradescope g.json --github-classroom c.b64 --junit j.xml --github";
    let run = desk.grader(&format!("run --test nothing {files}")).assert().code(4);
    assert_eq!(read_json(&desk.path("g.json"))["score"], 0.0);
    assert!(!text(&desk, "c.b64").is_empty() && !desk.path("j.xml").exists());
    let printed = String::from_utf8_lossy(&run.get_output().stdout).into_owned();
    assert!(printed.starts_with("::error title=not graded::No test was run"), "{printed}");
}

#[test]
fn when_students_see_a_test_is_a_setting() {
    let desk = Desk::new();
    let toml = "hidden = ['first']\n[results]\noutput = 'md'\nleaderboard = true\nafter-due-date = ['second', 'first']\n";
    desk.write("grader.toml", toml);
    desk.grader("run --suite steady --seed 1 --gradescope g.json").assert().success();
    let results = read_json(&desk.path("g.json"));
    let seen: Vec<&Value> = results["tests"]
        .as_array()
        .expect("tests")
        .iter()
        .map(|test| &test["visibility"])
        .collect();
    assert_eq!(seen, ["hidden", "after_due_date"]);
    assert_eq!(results["test_output_format"], "md");
    assert_eq!(results["leaderboard"][1]["name"], "RPCs");
}
