//! `grader explore`: its outcomes, its report, its exit codes.

use snapbox::str;

use crate::{Desk, read_json};

#[test]
fn what_was_not_observed_is_undetermined() {
    let desk = Desk::new();
    desk.grader("explore --runs 3 --seed 7 --jobs 1 --servers 5 --policy fifo")
        .assert()
        .code(122)
        .stdout_eq(str![[r#"
fake: exploring for 3 runs, 1 at a time, 5 servers, fifo, seed 7

Watched all the time:
  election safety  not violated  9 checks in 3 runs
  log matching     not observed  so nothing is said about it: no traffic

3 runs in [..], 4.50 s of simulated time, 3 distinct combinations of faults, workloads[..]
[..]
not confined: the submission could do what whoever started this can
undetermined: nothing was found; 1 property was not observed, seed 7

"#]]);
}

#[test]
fn a_violation_is_shrunk_reported_and_replayed() {
    let desk = Desk::new();
    let explore = "explore --runs 9 --seed 7 --jobs 1 --shrink-runs 60 --json found.json";
    desk.fake("FAKE_EXPLORE", "safety");
    desk.grader(explore).assert().code(100).stdout_eq(str![[r#"
fake: exploring for 9 runs, 1 at a time, 3, 5, 7 servers, mixed policies, seed 7

1. safety violated: election safety (run 1)
   servers 1 and 2 lead term 3

   What led there:
     1 leads
     2 leads

   Shrunk from [..] events to 0, from [..] servers to 3, from [..] s to 0 s, in [..] attempts:
     0.500 s  submit

   replay  [..]grader replay --harness [..]fake-harness --scenario 'servers 3; until 0s' --seed [..]

Watched all the time:
  election safety  violated      1 run

[..]
[..]
not confined: the submission could do what whoever started this can
1 distinct violation, seed 7

"#]]);

    let found = read_json(&desk.path("found.json"));
    assert_eq!(found["outcome"], "violation");
    let violation = &found["violations"][0];
    assert_eq!(violation["reproduced"], true);
    assert_eq!(violation["shrunk"]["failure"]["property"], "election safety");
    let line = violation["found"]["replay"].as_str().expect("a line");
    let shell = std::process::Command::new("sh").args(["-c", line]).output().expect("a shell");
    assert_eq!(shell.status.code(), Some(100), "{line}: {shell:?}");
}

#[test]
fn a_violation_that_does_not_come_again_says_so() {
    let desk = Desk::new();
    let once = desk.write("once", &format!(
        "#!/bin/sh\n[ \"$1\" = list ] || {{ [ -e {0} ] || export FAKE_EXPLORE=safety; : > {0}; }}\nexec {1} \"$@\"\n",
        desk.path("ran").display(),
        desk.path("fake-harness").display()
    ));
    let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(&once, executable).expect("executable");
    let explore = "explore --runs 9 --seed 7 --jobs 1 --json found.json";
    let said = desk.grader(explore).env("GRADER_HARNESS", &once).assert().code(100);
    let text = String::from_utf8_lossy(&said.get_output().stdout).into_owned();
    assert!(text.contains("it did not fail in the same way"), "{text}");
    let found = read_json(&desk.path("found.json"));
    assert_eq!(found["violations"][0]["reproduced"], false);
    assert_eq!(found["violations"][0]["shrunk"], serde_json::Value::Null);
}

#[test]
fn every_run_counts_when_it_keeps_going() {
    let desk = Desk::new();
    desk.fake("FAKE_EXPLORE", "safety");
    desk.grader("explore --runs 9 --keep-going --no-shrink --json found.json").assert().code(100);
    let found = read_json(&desk.path("found.json"));
    assert_eq!((&found["runs"], &found["violations"][0]["runs"]), (&9.into(), &9.into()));
    assert_eq!(found["violations"].as_array().map(Vec::len), Some(1));
}

#[test]
fn what_the_toolkit_could_not_judge_is_undetermined() {
    let desk = Desk::new();
    desk.fake("FAKE_EXPLORE", "internal");
    let said = desk.grader("explore --runs 4 --json found.json").assert().code(122);
    let text = String::from_utf8_lossy(&said.get_output().stdout).into_owned();
    assert!(
        text.contains("Nothing can be said about 4 runs:\n  internal error: out of ideas"),
        "{text}"
    );
    assert!(text.contains("\nundetermined: nothing was found, seed "), "{text}");
    assert_eq!(read_json(&desk.path("found.json"))["outcome"], "undetermined");
}

#[test]
fn a_submission_without_a_raft_cannot_be_explored() {
    let desk = Desk::new();
    desk.fake("FAKE_EXPLORE", "absent");
    desk.grader("explore --runs 4").assert().code(4).stderr_eq(str![[r#"
error: `fake` has no Raft

"#]]);
}

#[test]
fn bad_values_get_one_line() {
    let desk = Desk::new();
    let refused = |words: &[&str], why: snapbox::data::Inline| {
        desk.grader("").args(words).assert().code(2).stdout_eq("").stderr_eq(why);
    };
    refused(
        &["explore", "--servers", "3,12"],
        str![[r#"
error: invalid value '12' for '--servers <N,N>': expected numbers of servers from 1 to 9: `3,5,7`

"#]],
    );
    refused(
        &["explore", "--for", "0s"],
        str![[r#"
error: invalid value '0s' for '--for <TIME>': expected a time above 0: `60s`, `10m`, or a number of seconds

"#]],
    );
    refused(
        &["replay", "--seed", "1", "--scenario", "servers 3; until 2s; 1 crush leader"],
        str![[r#"
error: invalid value 'servers 3; until 2s; 1 crush leader' for '--scenario <SCENARIO>': `crush` in `1 crush leader`: expected `submit`, `crash`, `restart`, `start`, `disconnect`, `connect`, `partition`, `cut` or `heal`

"#]],
    );
}
