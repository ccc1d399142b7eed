//! What a session finds, and what it leaves.

use std::path::Path;

use serde_json::Value;
use snapbox::str;

use crate::toolkit::{desk_with_suites, library, variables, write_submission};
use crate::{Desk, files, fixture};

/// Ids and verdicts of a report's tests.
fn verdicts(report: &Value) -> Vec<(String, String)> {
    tests(report).map(|test| (text(&test["id"]), text(&test["verdict"]))).collect()
}

fn tests(report: &Value) -> impl Iterator<Item = &Value> {
    let suites = report["suites"].as_array().expect("suites");
    suites.iter().flat_map(|suite| suite["tests"].as_array().expect("tests"))
}

fn text(value: &Value) -> String {
    value.as_str().expect("a string").to_owned()
}

#[test]
fn passes() {
    let desk = Desk::new();
    let report = desk.report("run --suite steady --count 3 --seed 0x10", 0);
    assert_eq!(report["seed"], "16");
    assert_eq!(report["totals"]["runs"], 6);
    assert_eq!(report["interrupted"], false);
    assert_eq!(report["logs"], Value::Null);
    let pass = |id: &str| (id.to_owned(), "pass".to_owned());
    assert_eq!(verdicts(&report), [pass("steady/first"), pass("steady/second")]);
}

#[test]
fn a_test_that_always_fails_is_a_failure_and_one_that_sometimes_does_is_flaky() {
    let desk = Desk::new();
    let report = desk.report("run --suite broken --count 8 --seed 1", 100);
    let expected = [("broken/fails", "fail"), ("broken/flaky", "flaky"), ("broken/exits", "fail")];
    assert_eq!(verdicts(&report), expected.map(|(id, is)| (id.to_owned(), is.to_owned())));

    let report = desk.report("run --test TestFlaky --count 8 --seed 1", 120);
    assert_eq!(report["totals"]["flaky"], 1);
}

#[test]
fn exit_status_0_is_not_a_pass() {
    let report = Desk::new().report("run --test broken/exits", 100);
    let failure = &tests(&report).next().expect("a test")["failures"][0];
    assert_eq!(failure["kind"], "exit");
}

#[test]
fn a_contract_that_is_left_out_fails_only_where_it_is_required() {
    let desk = Desk::new();
    let report = desk.report("run --test steady|absent", 0);
    assert_eq!(report["totals"]["not_implemented"], 1);
    desk.report("run --suite absent", 100);
    desk.grader("run --test TestNever").assert().code(4).stderr_eq(str![[r#"
error: `fake` implements none of the contracts that are tested

"#]]);
}

#[test]
fn the_same_base_seed_means_the_same_runs() {
    let desk = Desk::new();
    let seeds = |words: &str| {
        let report = desk.report(words, 120);
        let test = tests(&report).find(|test| test["id"] == "broken/flaky").expect("the test");
        test["failures"][0]["seeds"].clone()
    };
    let alone = seeds("run --test flaky --count 9 --seed 5 --jobs 1");
    let among_others = seeds("run --test flaky|steady --count 9 --seed 5 --jobs 4");
    assert_eq!(alone, among_others);
}

#[test]
fn fail_fast_ends_everything_at_the_first_failure() {
    let desk = Desk::new();
    // The other worker hangs, and so would the session.
    let words = "run --suite stuck,broken --test hangs|fails --count 1000 --jobs 2 --failfast";
    let report = desk.report(words, 100);
    assert_eq!(report["interrupted"], true);
    assert_eq!(report["totals"]["failed_runs"], 1);
}

#[test]
fn json_on_standard_output_is_alone_there() {
    let desk = Desk::new();
    let done = desk.grader("run --suite steady --seed 1 --json -").assert().success();
    let report: Value = serde_json::from_slice(&done.get_output().stdout).expect("only JSON");
    assert_eq!(report["totals"]["pass"], 2);
    let people = String::from_utf8_lossy(&done.get_output().stderr);
    assert!(people.contains("seed 1"), "{people}");
}

#[test]
fn the_seed_is_printed_first() {
    let done = Desk::new().grader("run --suite steady --seed 255 --jobs 3").assert().success();
    let text = String::from_utf8_lossy(&done.get_output().stdout);
    let heading = "fake: 2 tests, 1 run each, 3 at a time, simulated clock, seed 255";
    assert_eq!(text.lines().next(), Some(heading));
}

#[test]
fn logs_of_failing_runs_are_kept_where_the_report_says() {
    let desk = Desk::new();
    let report = desk.report("run --test fails --count 3 --seed 1 --jobs 1 --logs logs", 100);
    assert_eq!(report["logs"].as_str(), desk.path("logs").to_str());
    let failure = &tests(&report).next().expect("a test")["failures"][0];
    let log = std::fs::read_to_string(text(&failure["log"])).expect("a log");
    assert_eq!(log, "log of a failing run\n");
    // One failure three times: the log of the run that it is told by is enough.
    assert_eq!(files(&desk.path("logs")).len(), 1);
}

#[test]
fn a_flag_wins_over_the_environment_and_that_over_the_file() {
    let desk = Desk::new();
    let planned = |count_in_environment: Option<&str>, flags: &str| {
        let mut command = desk.grader("run --suite steady --json report.json");
        if let Some(count) = count_in_environment {
            command = command.env("GRADER_COUNT", count);
        }
        command.args(flags.split_whitespace()).assert().success();
        let report = crate::read_json(&desk.path("report.json"));
        tests(&report).next().expect("a test")["planned"].clone()
    };
    assert_eq!(planned(None, ""), 1);
    desk.write("grader.toml", "count = 2\n");
    assert_eq!(planned(None, ""), 2);
    assert_eq!(planned(Some("3"), ""), 3);
    assert_eq!(planned(Some("3"), "--count 4"), 4);
}

#[test]
fn the_report_names_the_limits_in_force() {
    let desk = Desk::new();
    desk.write(
        "grader.toml",
        "[limits]\ntime-limit = 60\n[suites.steady]\nbudget = 1\n[tests.'steady/first']\nrpc-limit = 100\n",
    );
    let report = desk.report("run --suite steady --byte-limit 5000", 0);
    let limits: Vec<&Value> = tests(&report).map(|test| &test["limits"]).collect();
    assert_eq!(*limits[0], serde_json::json!({"time_s": 60.0, "rpcs": 100, "bytes": 5000}));
    assert_eq!(*limits[1], serde_json::json!({"time_s": 60.0, "bytes": 5000}));
    assert_eq!(report["suites"][0]["slow"], true);
}

#[test]
fn a_run_over_a_limit_does_not_pass() {
    // The fixture says "pass" after 20 RPCs, whatever it was allowed.
    Desk::new().grader("run --suite steady --rpc-limit 10").assert().code(100);
}

#[test]
fn an_iteration_over_its_suites_limit_does_not_pass() {
    let desk = Desk::new();
    // Each run of the fixture takes 1.5 s, so an iteration takes 3 s.
    let over = |report: &Value| {
        let iterations = &report["iterations"][0];
        (text(&iterations["name"]), iterations["limit_s"].as_f64(), iterations["over"].as_u64())
    };
    let of = |limit, over| ("Fixtures 101 Raft".to_owned(), Some(limit), Some(over));
    let words = "run --suite steady --count 2";
    assert_eq!(over(&desk.report(words, 0)), of(600.0, 0));

    let report = desk.report(&format!("{words} --suite-time-limit 2.9"), 100);
    assert_eq!(over(&report), of(2.9, 2));
    assert_eq!(report["totals"]["pass"], 2, "no test is to blame");

    desk.write("grader.toml", "suite-time-limit = 2\n");
    assert_eq!(over(&desk.report(words, 100)), of(2.0, 2));
    assert_eq!(over(&desk.report(&format!("{words} --suite-time-limit 3"), 0)), of(3.0, 0));
    let in_environment = desk.grader(words).env("GRADER_SUITE_TIME_LIMIT", "3");
    in_environment.assert().success();
}

#[test]
fn fail_fast_ends_everything_at_the_first_iteration_over_its_limit() {
    let words = "run --suite steady --count 1000000 --jobs 1 --failfast --suite-time-limit 2";
    let report = Desk::new().report(words, 100);
    assert_eq!(report["interrupted"], true);
    assert_eq!(report["iterations"][0]["over"], 1);
    assert_eq!(report["totals"]["failed_runs"], 0);
}

#[test]
fn progress_lines_say_what_a_run_took_and_which_iteration_was_too_slow() {
    let words = "run --suite steady --count 2 --jobs 1 --suite-time-limit 2";
    let done = Desk::new().grader(words).assert().code(100);
    done.stderr_eq(str![[r#"
FAIL Fixtures 101 Raft, iteration 1: has taken 3.000 s, the limit is 2 s
pass  steady/first 2 of 2: median 1.500 s, 3 servers, 20 RPCs, 1000 bytes, 5 commits
FAIL Fixtures 101 Raft, iteration 2: has taken 3.000 s, the limit is 2 s
pass  steady/second 2 of 2: median 1.500 s, 3 servers, 20 RPCs, 1000 bytes, 5 commits

"#]]);
}

#[test]
fn an_existing_report_survives_a_refusal() {
    let desk = Desk::new();
    let report = desk.write("report.json", "precious");
    desk.grader("run --suite xyz --json report.json").assert().code(2);
    assert_eq!(std::fs::read_to_string(report).expect("a file"), "precious");
}

#[test]
fn list_shows_suites_names_and_steps() {
    let desk = Desk::new();
    desk.grader("list --suite steady --steps").assert().success().stdout_eq(str![[r#"
steady Tests that pass (Fixtures 101; budget 10 s, limit 600 s for all of Fixtures 101 Raft)
  steady/first   TestFirst   always passes
     1. do this
     2. do that
  steady/second  TestSecond  always passes, too

"#]]);
    desk.grader("list --suite absent").assert().success().stdout_eq(str![[r#"
absent A contract that is left out (Fixtures 102; budget 10 s; not implemented by this submission)
  absent/never  TestNever  cannot be run

"#]]);
    let done = desk.grader("list --json").assert().success();
    let listed: Value = serde_json::from_slice(&done.get_output().stdout).expect("JSON");
    assert_eq!(listed, crate::read_json(&fixture("catalogue.json")));
}

#[test]
fn colours_are_for_those_who_want_them() {
    let desk = Desk::new();
    let escapes = |command: snapbox::cmd::Command| {
        command.assert().success().get_output().stdout.contains(&b'\x1b')
    };
    assert!(!escapes(desk.grader("list")));
    assert!(escapes(desk.grader("list --color always")));
    assert!(escapes(desk.grader("list").env("GRADER_COLOR", "always")));
    assert!(!escapes(desk.grader("list").env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1")));
}

#[test]
fn bench_shows_each_figure_and_what_to_reach() {
    let desk = desk_with_suites("part1,part2,part3,part4,4a,4b");
    let catalogue = std::fs::read_to_string(fixture("catalogue.json")).expect("a file");
    let renamed = desk.write("part2.json", &catalogue.replace("steady", "part2"));
    // A Raft that can be changed where the measured class is.
    let raft = desk.path("toolkit/raft");
    write_submission(&raft, "raft", &library("good"));
    let real = Path::new(env!("CARGO_MANIFEST_DIR")).join("../raft/src");
    for file in ["vote.rs", "commit.rs"] {
        let text = std::fs::read_to_string(real.join(file)).expect("a file");
        std::fs::write(raft.join("src").join(file), text).expect("written");
    }
    desk.fake("FAKE_CATALOGUE", &renamed);
    let bench = |words| {
        let bench = desk.grader(words).env("GRADER_MAPREDUCE", fixture("fake-mapreduce"));
        variables(&desk).into_iter().fold(bench, |bench, (name, value)| bench.env(name, value))
    };
    bench("bench").assert().success().stdout_eq(str![[r#"
switch_sim_ns                    62    at most    100   reached       one context switch of a lab thread, simulated
rpc_sim_ns                      700    at most   1000   reached       one serial RPC, simulated, encoding included
rpc_real_ns                   20000    at most  10000   not reached   the same on the real clock
speedup_part2                  2100   at least   1500   reached       virtual over wall seconds of part2, one process
speedup_4b                      900   at least   1000   not reached   the same of 4b
checkers_percent_part2           12    at most     25   reached       per cent by which the checkers lengthen part2
checkers_percent_4b              18    at most     25   reached       the same of 4b
runs_per_s_part2 [..] at least    150 [..]reached [..] whole processes of part2's tests a second, all cores
explore_runs_per_s [..] at least    200 [..]reached [..] explored runs a second, 5 servers and 10 virtual seconds each, all cores
submission_build_s [..] at most      3 [..]reached [..] seconds to build a submission, the suites being built
class_submissions_per_min [..] at least      3 [..]reached [..] submissions a minute of a class of 10, 33 tests 20 times each
mr_wc_vs_sequential            1.62   at least    1.5   reached       MapReduce's word count of 100 MB by 2 workers, against the sequential runner
mr_wc_mb_s                       30   at least     40   not reached   megabytes a second of the same

"#]]);
    let done = bench("bench --json -").assert().success();
    let figures: Value = serde_json::from_slice(&done.get_output().stdout).expect("only JSON");
    assert_eq!(figures["speedup_part2"], 2100.0);
    assert!(figures["runs_per_s_part2"].as_f64() > Some(0.0));
}
