//! Ctrl-C, SIGTERM, closed pipes: a clean end, a report, and nobody left behind.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process, test_kill_process};

use crate::{Desk, files, fixture, program, read_json};

/// A session that would take for ever: some runs end, others hang.
fn start(desk: &Desk) -> Child {
    let files = ["--html", "report.html", "--junit", "junit.xml"];
    let run = ["run", "--suite", "steady,stuck", "--count", "1000000000"];
    started(desk, &[&run[..], &files].concat())
}

fn started(desk: &Desk, words: &[&str]) -> Child {
    Command::new(program())
        .args(words)
        .args(["--jobs", "2", "--json", "report.json"])
        .current_dir(desk.0.path())
        .env("GRADER_HARNESS", desk.path("fake-harness"))
        .env("GRADER_SANDBOX", "off")
        .env("GRADER_HISTORY", desk.path("history"))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("started")
}

/// Waits until some runs have ended: only two can be under way.
fn wait_for_runs(desk: &Desk) {
    desk.wait_for_runs(4);
}

fn assert_nobody_is_left(pids: &Path) {
    for pid in files(pids) {
        let pid = Pid::from_raw(pid.parse().expect("a process id")).expect("not 0");
        assert!(test_kill_process(pid).is_err(), "{pid:?} still runs");
    }
}

fn ends_cleanly(signal: Signal, code: i32) {
    let desk = Desk::new();
    let mut grader = start(&desk);
    wait_for_runs(&desk);
    kill_process(Pid::from_child(&grader), signal).expect("sent");
    let mut text = String::new();
    grader.stdout.take().expect("piped").read_to_string(&mut text).expect("text");
    assert_eq!(grader.wait().expect("ended").code(), Some(code));
    assert!(text.starts_with("fake: 3 tests, 1000000000 runs each"), "{text}");
    assert_nobody_is_left(&desk.path("pids"));

    let report = read_json(&desk.path("report.json"));
    assert_eq!(report["interrupted"], true);
    assert_eq!(report["totals"]["failed_runs"], 0, "a run that was stopped did not fail");
    assert!(report["totals"]["runs"].as_u64() > Some(0));
    let page = std::fs::read_to_string(desk.path("report.html")).expect("a page");
    assert!(page.contains("Stopped early: not all planned runs were made."));
    assert!(desk.path("junit.xml").exists());
}

#[test]
fn ctrl_c() {
    ends_cleanly(Signal::INT, 130);
}

#[test]
fn ctrl_c_during_an_exploration() {
    let desk = Desk::new();
    let mut grader = started(&desk, &["explore", "--runs", "1000000000", "--seed", "7"]);
    wait_for_runs(&desk);
    kill_process(Pid::from_child(&grader), Signal::INT).expect("sent");
    let mut text = String::new();
    grader.stdout.take().expect("piped").read_to_string(&mut text).expect("text");
    assert_eq!(grader.wait().expect("ended").code(), Some(130));
    assert!(text.ends_with("; 1 property was not observed (interrupted), seed 7\n"), "{text}");
    assert_nobody_is_left(&desk.path("pids"));

    let found = read_json(&desk.path("report.json"));
    assert_eq!((&found["interrupted"], &found["outcome"]), (&true.into(), &"undetermined".into()));
    assert!(found["runs"].as_u64() > Some(0));
}

#[test]
fn sigterm() {
    ends_cleanly(Signal::TERM, 143);
}

#[test]
fn a_list_that_nobody_reads_to_its_end() {
    let desk = Desk::new();
    let catalogue = std::fs::read_to_string(fixture("catalogue.json")).expect("a file");
    // More than a pipe holds.
    let long = desk.write("long.json", &catalogue.replace("always passes", &"x".repeat(100_000)));
    desk.fake("FAKE_CATALOGUE", long);
    let mut grader = Command::new(program())
        .args(["list"])
        .env("GRADER_HARNESS", desk.path("fake-harness"))
        .env("GRADER_SANDBOX", "off")
        .env("GRADER_HISTORY", desk.path("history"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("started");
    let mut head = BufReader::new(grader.stdout.take().expect("piped")).lines();
    assert!(head.next().is_some_and(|line| line.is_ok()));
    drop(head);
    let ended = grader.wait_with_output().expect("ended");
    assert_eq!(ended.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&ended.stderr), "");
}
