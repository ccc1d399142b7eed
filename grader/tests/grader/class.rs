//! A whole class through the real command, with a toolkit that is small enough to build in a test.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::symlink;
use std::process::{Child, Stdio};

use snapbox::str;

use crate::Desk;
use crate::toolkit::{desk_with_toolkit, grader, library, variables, write_submission};

/// A desk with a class of these submissions: folder, and the way in which its runs end.
fn class(members: &[(&str, &str)]) -> Desk {
    let desk = desk_with_toolkit();
    for (folder, way) in members {
        write_submission(&desk.path("class").join(folder), "raft", &library(way));
    }
    desk
}

/// Lines of the journal, without the first.
fn journal(desk: &Desk) -> Vec<serde_json::Value> {
    let text = fs::read_to_string(desk.path("class-grades/journal.jsonl")).expect("a journal");
    text.lines().skip(1).map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// The summary, without what differs from day to day.
fn summary(desk: &Desk) -> String {
    let text = fs::read_to_string(desk.path("class-grades/summary.csv")).expect("a summary");
    let root = desk.path("");
    let root = root.to_string_lossy();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let mut lines = Vec::new();
    for record in reader.records() {
        let cells = record.expect("a record");
        let (runs, wall) = (cells.len() - 6, cells.len() - 3);
        // How many runs are under way when a test is given up, nobody knows.
        let given_up = cells.iter().any(|cell| cell.starts_with("given up"));
        let varies = |at| at == wall || (given_up && (runs..runs + 2).contains(&at));
        let cell = |(at, cell): (usize, &str)| match cell.parse::<f64>() {
            Ok(_) if varies(at) => "…".into(),
            _ => cell.replace(&*root, ""),
        };
        lines.push(cells.iter().enumerate().map(cell).collect::<Vec<_>>().join("|"));
    }
    lines.join("\n") + "\n"
}

#[test]
fn each_has_its_row_whatever_it_does_and_the_class_goes_on() {
    let members = [
        ("ann", "good"),
        ("bob smith", "flaky"),
        ("cy", "bad"),
        ("dee", "loops"),
        ("eve", "exits"),
        ("=gus()", "half"),
        ("no\nline", "good"),
    ];
    let desk = class(&members);
    write_submission(&desk.path("class/hal"), "raft", "pub fn submission() -> u32 { \"\" }");
    write_submission(&desk.path("class/ida"), "raft", "pub fn submit() {}");
    write_submission(&desk.path("elsewhere"), "raft", &library("good"));
    symlink(desk.path("elsewhere"), desk.path("class/jo")).expect("linked");
    fs::create_dir(desk.path("class/kim")).expect("made");
    fs::write(desk.path("class/ann/build.rs"), "fn main() {}").expect("written");

    grader(&desk, "class class --count 4 --seed 1").assert().success();
    snapbox::assert_data_eq!(
        summary(&desk),
        str![[r#"
id|name|status|score|of|s|pass|flaky|fail|not_implemented|undetermined|runs|failed_runs|flaky_tests|wall_s|reports|reason
'=gus()||graded|3|4|3|1|0|1|0|0|8|4||…|gus-4f3befaa|
ann||does not build|0|4||0|0|0|0|0|0|0||…|ann|`raft` in class/ann is not built: build.rs: build scripts are refused; remove it
bob smith||graded|3|4|3|1|1|0|0|0|8|2|s/one 50 %|…|bob smith|
cy||graded|0|4|0|0|0|2|0|0|8|8||…|cy|
dee||graded|0|4|0|0|0|2|0|0|…|…||…|dee|given up, because a run hung and none passed, so fewer runs were made: s/one, s/two
eve||graded|0|4|0|0|0|2|0|0|8|8||…|eve|
hal||does not build|0|4||0|0|0|0|0|0|0||…|hal|`raft` in class/hal does not build: mismatched types
ida||does not build|0|4||0|0|0|0|0|0|0||…|ida|`raft` in class/ida does not build: cannot find value `submission` in crate `submission`; its lib.rs needs `pub fn submission() -> contracts::Submission`
jo||no submission|0|4||0|0|0|0|0|0|0||…|jo|is a symbolic link out of the class's folder
kim||no submission|0|4||0|0|0|0|0|0|0||…|kim|there is no package in it: no Cargo.toml
no/nline||graded|4|4|4|2|0|0|0|0|8|0||…|no-nline-21e7c92b|

"#]]
    );
    let text = |file: &str| fs::read_to_string(desk.path("class-grades").join(file)).expect(file);
    assert!(text("hal/student.txt").contains("--> src/lib.rs:1:"), "{}", text("hal/student.txt"));
    assert!(text("cy/report.txt").starts_with("cy: 0 of 4 points, graded\n"));
    assert_eq!(journal(&desk).len(), 11);

    // Once more: nothing is graded twice.
    let done = grader(&desk, "class class --count 4").assert().success();
    let said = String::from_utf8_lossy(&done.get_output().stdout).into_owned();
    assert!(said.starts_with("11 submissions, 11 of them done before; 4 runs"), "{said}");
    assert_eq!(journal(&desk).len(), 11);

    // Who hands in again is graded again, and nobody else.
    write_submission(&desk.path("class/cy"), "raft", &library("good"));
    grader(&desk, "class class --count 4").assert().success();
    assert_eq!(journal(&desk).len(), 12);
    assert!(summary(&desk).contains("\ncy||graded|4|4|4|"), "{}", summary(&desk));
}

#[test]
fn points_are_given_as_the_settings_say_and_hidden_tests_stay_hidden() {
    let desk = class(&[("ann", "good"), ("bob", "flaky"), ("cy", "half")]);
    let settings = "hidden = ['two']\n[points]\nflaky = 'proportional'\nsuites = { s = 20 }\n";
    desk.write("grader.toml", settings);
    grader(&desk, "class class --count 4 --seed 1").assert().success();
    let rows = journal(&desk);
    let score = |id: &str| {
        let row = rows.iter().find(|row| row["row"]["id"] == id).expect("a row");
        row["row"]["score"]["points"].as_f64().expect("points")
    };
    assert!((score("ann") - 20.0).abs() < 1e-9 && (score("cy") - 15.0).abs() < 1e-9);
    assert!(score("bob") > 15.0 && score("bob") < 20.0, "{}", score("bob"));
    let text =
        |file: &str| fs::read_to_string(desk.path("class-grades/ann").join(file)).expect(file);
    assert!(text("report.txt").contains("two") && text("report.json").contains("s/two"));
    assert!(!text("student.txt").contains("two") && text("student.txt").contains("one"));
    assert!(!desk.path("class-grades/ann/report.html").exists());

    grader(&desk, "class class --out pages --html --count 4 --seed 1").assert().success();
    let page = |file: &str| fs::read_to_string(desk.path("pages/cy").join(file)).expect(file);
    let has =
        |page: &str, test: &str| page.contains(&format!("<span class=\"name\">{test}</span>"));
    assert!(has(&page("report.html"), "one") && has(&page("report.html"), "two"));
    assert!(has(&page("student.html"), "one") && !has(&page("student.html"), "two"));
}

#[test]
fn a_list_names_the_class() {
    let desk = class(&[("ann", "good"), ("bob", "bad"), ("cy", "good")]);
    desk.write("list.csv", "path,name,email\ncy,\"Cy, C.\",cy@x\nann,Ann,ann@x\n");
    grader(&desk, "class class --list list.csv --seed 1").assert().success();
    snapbox::assert_data_eq!(
        summary(&desk),
        str![[r#"
id|name|email|status|score|of|s|pass|flaky|fail|not_implemented|undetermined|runs|failed_runs|flaky_tests|wall_s|reports|reason
cy|Cy, C.|cy@x|graded|4|4|4|2|0|0|0|0|2|0||…|cy|
ann|Ann|ann@x|graded|4|4|4|2|0|0|0|0|2|0||…|ann|

"#]]
    );
}

/// Starts grading and waits until the first submission is done.
fn begin(desk: &Desk, words: &str) -> Child {
    let mut child = std::process::Command::new(crate::program())
        .current_dir(desk.path(""))
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("TMPDIR", desk.path(""))
        .env("CARGO_TARGET_DIR", desk.path("target"))
        .envs(variables(desk))
        .args(words.split_whitespace())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("started");
    let lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
    let _ = lines.map_while(Result::ok).find(|line| line.contains(" points; "));
    child
}

const SLOW: &[(&str, &str)] =
    &[("a", "slow"), ("b", "slow"), ("c", "slow"), ("d", "slow"), ("e", "slow"), ("f", "slow")];

fn ids(rows: &[serde_json::Value]) -> Vec<String> {
    let id = |row: &serde_json::Value| row["row"]["id"].as_str().expect("an id").to_owned();
    let mut ids: Vec<String> = rows.iter().map(id).collect();
    ids.sort();
    ids
}

#[test]
fn a_killed_run_resumes_where_it_stopped() {
    let desk = class(SLOW);
    let mut child = begin(&desk, "class class --count 2 --seed 1");
    child.kill().expect("killed");
    child.wait().expect("ended");
    let before = journal(&desk);
    assert!(!before.is_empty() && before.len() < SLOW.len(), "{}", before.len());
    grader(&desk, "class class --count 2").assert().success();
    let after = journal(&desk);
    assert_eq!(&after[..before.len()], &before[..]);
    assert_eq!(ids(&after), ["a", "b", "c", "d", "e", "f"]);
}

#[test]
fn ctrl_c_ends_it_cleanly_and_it_resumes() {
    let desk = class(SLOW);
    let mut child = begin(&desk, "class class --count 2 --seed 1");
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).expect("signalled");
    assert_eq!(child.wait().expect("ended").code(), Some(130));
    let done = journal(&desk).len();
    assert!(done < SLOW.len());
    let summary = fs::read_to_string(desk.path("class-grades/summary.json")).expect("a summary");
    assert!(summary.contains(&format!("\"waiting\": {}", SLOW.len() - done)), "{summary}");
    grader(&desk, "class class --count 2").assert().success();
    assert_eq!(ids(&journal(&desk)), ["a", "b", "c", "d", "e", "f"]);
}

#[test]
fn what_cannot_be_written_is_named_and_the_class_goes_on() {
    let desk = class(&[("ann", "good"), ("bob", "good")]);
    fs::create_dir(desk.path("class-grades")).expect("made");
    desk.write("class-grades/ann", "in the way");
    let done = grader(&desk, "class class").assert().code(110);
    let said = String::from_utf8_lossy(&done.get_output().stderr).into_owned();
    assert!(said.contains("not graded: ann: cannot empty the folder"), "{said}");
    assert_eq!(ids(&journal(&desk)), ["bob"]);
    fs::remove_file(desk.path("class-grades/ann")).expect("removed");
    grader(&desk, "class class").assert().success();
    assert_eq!(ids(&journal(&desk)), ["ann", "bob"]);
}

#[test]
fn after_the_deadline_nothing_is_begun() {
    let desk = class(&[("ann", "good")]);
    grader(&desk, "class class --deadline 0.001").assert().code(124);
    assert!(journal(&desk).is_empty());
    grader(&desk, "class class").assert().success();
    assert_eq!(journal(&desk).len(), 1);
}

#[test]
fn a_submission_has_its_time() {
    let desk = class(&[("ann", "slow")]);
    grader(&desk, "class class --count 1000 --submission-time 2s").assert().success();
    let rows = journal(&desk);
    assert_eq!(rows[0]["row"]["status"], "out-of-time");
    assert_eq!(rows[0]["row"]["reason"], "its tests were not done after 2s");
}

#[test]
fn what_cannot_be_graded_is_one_line() {
    let desk = class(&[("ann", "good")]);
    let refused = |words: &str, code: i32| {
        let done = grader(&desk, words).assert().code(code);
        let said = String::from_utf8_lossy(&done.get_output().stderr).into_owned();
        let last = said.lines().last().unwrap_or_default().to_owned();
        last.replace(&*desk.path("").to_string_lossy(), "")
    };
    assert_eq!(
        refused("class nowhere", 2),
        "error: cannot read the class in nowhere: No such file or directory (os error 2)"
    );
    assert!(refused("class class/ann", 2).contains("class/ann is a submission itself"));
    assert!(refused("class class --list none.csv", 2).contains("cannot read the list none.csv"));
    assert!(refused("class class --suite s,x", 2).starts_with("error: no suite `x`"));
    assert!(refused("class class --failfast", 2).contains("a class is graded whole"));
    desk.write("file", "");
    assert!(
        refused("class class --out file", 110).contains("cannot write reports into the folder")
    );
    desk.write("grader.toml", "[points]\nsuites = { z = 1 }\n");
    assert!(refused("class class", 2).contains("there is no suite `z`"));
    desk.write("grader.toml", "[points]\nflaky = 'at-least 5'\n");
    assert!(refused("class class", 2).contains("can never be reached with 1 runs"));
    desk.write("grader.toml", "[points]\nflaky = 'half'\n");
    assert!(refused("class class", 2).contains("grader.toml:2: expected `all-or-nothing`"));
}
