//! The same test and seed give the same run, whoever starts it and whatever is looked at.

use libtest_mimic::Trial;
use protocol::{Record, Request};

use crate::check;
use crate::processes::{harness, request, run, text};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        check("two_processes_run_alike", two_processes_run_alike),
        check("looking_changes_nothing", looking_changes_nothing),
        check("the_level_only_filters", the_level_only_filters),
        check("cargo_test_runs_alike", cargo_test_runs_alike),
    ]
}

fn drawing() -> Request {
    request("tiny/draws")
}

/// The trace hash of a run, and what it drew.
fn drawn(request: &Request) -> (String, String) {
    let result = run(request);
    let Record { trace_hash, failure, .. } =
        result.record.clone().unwrap_or_else(|| panic!("{result:?}"));
    let message = failure.unwrap().message;
    assert!(message.starts_with("drew "), "{message}");
    (trace_hash, message)
}

fn two_processes_run_alike() {
    let once = drawn(&drawing());
    assert_eq!(once, drawn(&drawing()));
    let other = Request { seed: 8, ..drawing() };
    let other = drawn(&other);
    assert_ne!(once.0, other.0, "another seed gives another hash");
    assert_ne!(once.1, other.1, "another seed gives other draws");
}

fn looking_changes_nothing() {
    let plain = drawn(&drawing());
    let loud = Request { vlevel: 11, ..drawing() };
    assert_eq!(plain, drawn(&loud), "the level of logging");
    let folder = tempfile::tempdir().unwrap();
    let traced = Request { trace: Some(folder.path().join("events.trace")), ..drawing() };
    assert_eq!(plain, drawn(&traced), "a full trace");
    let trace = std::fs::read_to_string(traced.trace.unwrap()).unwrap();
    assert!(trace.contains("drew"), "{trace}");
}

/// How many lines of the lab and of the network there are at each level, and that they come out
/// alike in two processes, virtual times and all.
fn the_level_only_filters() {
    for (vlevel, of_lab, of_network) in [(0, 0, 0), (1, 0, 0), (2, 160, 0), (11, 160, 160)] {
        let request = Request { vlevel, ..drawing() };
        let log = |request| String::from_utf8(run(request).log.to_bytes()).unwrap();
        let once = log(&request);
        let count = |what| once.lines().filter(|line| line.contains(what)).count();
        assert_eq!(count("DEBUG lab: "), of_lab, "level {vlevel}: {once}");
        assert_eq!(count("DEBUG labrpc::net: "), of_network, "level {vlevel}");
        assert_eq!(once.contains("TRACE labrpc: "), vlevel == 11, "{once}");
        assert_eq!(once, log(&request));
    }
}

fn cargo_test_runs_alike() {
    let (_, message) = drawn(&drawing());
    let output = harness(&["--exact", "tiny/draws"], &[("LAB_SEED", "7")]);
    let (out, _) = text(&output);
    assert!(out.contains(&message), "{message} is not in {out}");
}
