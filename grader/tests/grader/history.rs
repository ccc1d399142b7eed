//! Sessions that were: kept, listed, shown, compared, and let go.

use std::fs;

use serde_json::Value;
use snapbox::str;

use crate::{Desk, files, read_json};

/// The sessions that are listed, the latest first.
fn listed(desk: &Desk, words: &str) -> Vec<Value> {
    let list = desk.grader(&format!("history --json {words}")).assert().success();
    serde_json::from_slice(&list.get_output().stdout).expect("a list")
}

fn ids(desk: &Desk) -> Vec<String> {
    let id = |entry: &Value| entry["id"].as_str().expect("a name").to_owned();
    listed(desk, "").iter().map(id).collect()
}

fn run(desk: &Desk, words: &str) {
    // Whether tests passed does not matter here.
    let _ = desk.grader(&format!("run --jobs 1 {words}")).assert();
}

/// Moves a session back in time.
fn make_older(desk: &Desk, id: &str, started: &str) {
    let file = desk.path("history").join(id).join("entry.json");
    let mut entry = read_json(&file);
    entry["started"] = started.into();
    fs::write(&file, entry.to_string()).expect("written");
}

#[test]
fn each_session_is_kept_and_shown_again() {
    let desk = Desk::new();
    desk.write("grader.toml", "[history]\nkeep-days = 100000\n");
    run(&desk, "--suite steady --seed 1 --json first.json");
    make_older(&desk, &ids(&desk)[0], "2026-01-01T00:00:00Z");
    run(&desk, "--suite broken --seed 1");
    let sessions = listed(&desk, "");
    assert_eq!(sessions.len(), 2);
    assert_eq!(
        (&sessions[0]["suites"][0], &sessions[1]["totals"]["pass"]),
        (&"broken".into(), &2.into())
    );
    assert_eq!(listed(&desk, "-n 1").len(), 1);
    let shown = |words: &str| {
        let show = desk.grader(&format!("show {words} --json -")).assert().success();
        String::from_utf8_lossy(&show.get_output().stdout).into_owned()
    };
    let id = sessions[1]["id"].as_str().expect("a name");
    let first = fs::read_to_string(desk.path("first.json")).expect("a report");
    assert_eq!(shown("latest~1"), first);
    assert_eq!(shown(&id[..17]), first);
    let text = desk.grader("show").assert().success();
    assert!(String::from_utf8_lossy(&text.get_output().stdout).contains("broken/fails"));
}

#[test]
fn nothing_is_kept_where_nothing_is_to_be() {
    let desk = Desk::new();
    run(&desk, "--suite steady --no-history");
    desk.write("grader.toml", "[history]\noff = true\n");
    run(&desk, "--suite steady");
    assert_eq!(files(&desk.path("history")), [""; 0]);
    desk.grader("history").assert().success().stdout_eq(str![[r#"
no session is kept yet: `grader run` keeps each

"#]]);
    desk.grader("show").assert().code(4).stderr_eq(str![[r#"
error: no session is kept in [..]/history; `grader history` lists what there is

"#]]);
}

#[test]
fn the_old_and_the_many_go_and_nothing_else() {
    let desk = Desk::new();
    run(&desk, "--suite steady");
    make_older(&desk, &ids(&desk)[0], "2025-01-01T00:00:00Z");
    fs::create_dir(desk.path("history").join("mine")).expect("a folder");
    desk.write("history/notes.txt", "mine, too");
    run(&desk, "--suite steady");
    assert_eq!(ids(&desk).len(), 1, "too old");
    desk.write("grader.toml", "[history]\nkeep-sessions = 2\n");
    (0..3).for_each(|_| run(&desk, "--suite steady"));
    assert_eq!(ids(&desk).len(), 2);
    desk.grader("history --clear").assert().success().stdout_eq("2 removed\n");
    let mut left = files(&desk.path("history"));
    left.sort();
    assert_eq!(left, ["mine", "notes.txt"]);
}

#[test]
fn a_session_that_cannot_be_kept_is_a_warning() {
    let desk = Desk::new();
    let file = desk.write("file", "");
    let run = desk.grader("run --suite steady --seed 1").env("GRADER_HISTORY", &file);
    run.assert().success().stderr_eq(str![[r#"
...
warning: the session is not kept in the history: [..]/file: File exists (os error 17)

"#]]);
}

#[test]
fn a_name_must_mean_one_session() {
    let desk = Desk::new();
    run(&desk, "--suite steady");
    run(&desk, "--suite steady");
    desk.grader("show 20").assert().code(2).stderr_eq(str![[r#"
error: `20` is the beginning of [..] and of [..]: type more of it

"#]]);
    desk.grader("show latest~x").assert().code(2).stderr_eq(str![[r#"
error: invalid value 'latest~x' for '[SESSION]': expected `latest`, `latest~N` or the beginning of a session's name, not "latest~x"

"#]]);
    desk.grader("show latest~5").assert().code(4).stderr_eq(str![[r#"
error: only 2 sessions are kept in [..]/history; `grader history` lists what there is

"#]]);
}

#[test]
fn the_exit_code_says_whether_anything_regressed() {
    let desk = Desk::new();
    // Whether this one passes is decided by its seed.
    let flaky = "--test broken/flaky --count 40";
    run(&desk, &format!("{flaky} --seed 1 --json flaky.json"));
    let report = fs::read_to_string(desk.path("flaky.json")).expect("a report");
    let failed = r#""runs": 40,
          "failed": "#;
    assert!(report.contains(failed), "{report}");
    let mut steady: Value = serde_json::from_str(&report).expect("a report");
    let test = &mut steady["suites"][0]["tests"][0];
    test["verdict"] = "pass".into();
    test["failed"] = 0.into();
    test["failures"] = Value::Array(Vec::new());
    for run in test["sampled_runs"].as_array_mut().expect("runs") {
        run["passed"] = true.into();
        run["failure"] = Value::Null;
    }
    desk.write("steady.json", &steady.to_string());
    desk.grader("compare steady.json flaky.json --json c.json").assert().code(125);
    assert_eq!(read_json(&desk.path("c.json"))["tests"][0]["change"], "flakier");
    desk.grader("compare flaky.json steady.json").assert().success();
    desk.grader("compare flaky.json latest").assert().success();
    desk.grader("compare flaky.json steady.json --alpha 2").assert().code(2).stderr_eq(str![[r#"
error: invalid value '2' for '--alpha <CHANCE>': expected a number above 0 and below 1

"#]]);
    desk.grader("compare nowhere.json latest").assert().code(96).stderr_eq(str![[r#"
error: cannot read the report nowhere.json: No such file or directory (os error 2)

"#]]);
}

#[test]
fn a_session_is_replayed_by_its_name() {
    let desk = Desk::new();
    run(&desk, "--test broken/fails --seed 1");
    let replay = desk.grader("replay latest").assert().success();
    let text = String::from_utf8_lossy(&replay.get_output().stdout).into_owned();
    assert!(text.contains("reproduced: it failed in the same way"), "{text}");
}
