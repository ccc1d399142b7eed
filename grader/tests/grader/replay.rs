//! Any failure of a report can be had again, or it is said that it cannot.

use snapbox::str;

use crate::Desk;

#[test]
fn a_failure_of_a_report_is_reproduced() {
    let desk = Desk::new();
    let report = desk.report("run --suite broken --count 4 --seed 1 --jobs 1", 100);
    desk.grader("replay report.json")
        .assert()
        .code(0)
        .stdout_eq(str![[r#"
broken/fails, seed 16340232935066927666, sim clock
failed: check failed: two leaders in term 3
  step: 2
1.500 s on the sim clock, 0.001 s wall, 0.001 s CPU, 3 servers, 20 RPCs, 1000 bytes, 5 commits, 100 steps
trace hash 0000000000000007
reproduced: it failed in the same way, with the same trace hash

"#]]);
    desk.grader("replay report.json --test TestFlaky")
        .assert()
        .code(0)
        .stdout_eq(str![[r#"
broken/flaky, seed 10457487885406121580, sim clock
failed: check failed: no leader after 5 s
  step: 2
1.500 s on the sim clock, 0.001 s wall, 0.001 s CPU, 3 servers, 20 RPCs, 1000 bytes, 5 commits, 100 steps
trace hash 0000000000000007
reproduced: it failed in the same way, with the same trace hash

"#]]);
    desk.grader("replay report.json --failure 3").assert().code(0);
    desk.grader("replay report.json --failure 4").assert().code(2).stderr_eq(str![[r#"
error: --failure 4: report.json has 3 distinct failures

"#]]);
    desk.grader("replay report.json --test steady").assert().code(4).stderr_eq(str![[r#"
error: report.json has no failures of tests matching `steady`

"#]]);

    // The line that the report gives can be pasted into a shell.
    let line = report["suites"][0]["tests"][0]["failures"][0]["replay"].as_str().expect("a line");
    let shell = std::process::Command::new("sh").args(["-c", line]).output().expect("a shell");
    assert_eq!(shell.status.code(), Some(100), "{line}: {shell:?}");
}

#[test]
fn what_a_look_at_the_sources_found_is_not_replayed() {
    let desk = Desk::new();
    desk.report("run --test broken/fails --seed 1", 100);
    let text = std::fs::read_to_string(desk.path("report.json")).expect("a report");
    assert!(text.contains("\"reads\": false"));
    desk.write("report.json", &text.replace("\"reads\": false", "\"reads\": true"));
    desk.grader("replay report.json").assert().code(4).stderr_eq(str![[r#"
error: report.json has no failures

"#]]);
}

#[test]
fn a_failure_that_does_not_come_again_is_not_reproduced() {
    let desk = Desk::new();
    desk.report("run --test broken/fails --seed 1", 100);
    let text = std::fs::read_to_string(desk.path("report.json")).expect("a report");
    desk.write("report.json", &text.replace("two leaders", "three leaders"));
    desk.grader("replay report.json")
        .assert()
        .code(121)
        .stdout_eq(str![[r#"
broken/fails, seed 16340232935066927666, sim clock
failed: check failed: two leaders in term 3
  step: 2
1.500 s on the sim clock, 0.001 s wall, 0.001 s CPU, 3 servers, 20 RPCs, 1000 bytes, 5 commits, 100 steps
trace hash 0000000000000007
not reproduced: the report says check failed: three leaders in term 3

"#]]);
    desk.write("report.json", &text.replace("--test broken/fails", "--test steady/first"));
    desk.grader("replay report.json")
        .assert()
        .code(121)
        .stdout_eq(str![[r#"
steady/first, seed 16340232935066927666, sim clock
passed
1.500 s on the sim clock, 0.001 s wall, 0.001 s CPU, 3 servers, 20 RPCs, 1000 bytes, 5 commits, 100 steps
trace hash 0000000000000007
not reproduced: the report says check failed: two leaders in term 3

"#]]);
    desk.write("report.json", &text.replace("0000000000000007", "0000000000000008"));
    desk.grader("replay report.json")
        .assert()
        .code(0)
        .stdout_eq(str![[r#"
broken/fails, seed 16340232935066927666, sim clock
failed: check failed: two leaders in term 3
  step: 2
1.500 s on the sim clock, 0.001 s wall, 0.001 s CPU, 3 servers, 20 RPCs, 1000 bytes, 5 commits, 100 steps
trace hash 0000000000000007
reproduced: it failed in the same way, but the report's trace hash is 0000000000000008: the submission or the toolkit has changed

"#]]);
}

#[test]
fn a_run_that_is_named_by_hand_passes_or_fails() {
    let desk = Desk::new();
    desk.grader("replay --test steady/first --seed 0xf")
        .assert()
        .code(0)
        .stdout_eq(str![[r#"
steady/first, seed 15, sim clock
passed
1.500 s on the sim clock, 0.001 s wall, 0.001 s CPU, 3 servers, 20 RPCs, 1000 bytes, 5 commits, 100 steps
trace hash 0000000000000007

"#]]);
    desk.grader("replay --test TestFails --seed 1 --clock real").assert().code(100);
    desk.bare("replay --test x").assert().code(2);
    desk.bare("replay").assert().code(2);
}

#[test]
fn what_is_no_report_is_refused_in_one_line() {
    let desk = Desk::new();
    desk.write("cut.json", "{\"schema\": \"lab-rep");
    desk.write("foreign.json", "{\"tests\": []}");
    desk.write("newer.json", "{\"schema\": \"lab-report/99\"}");
    desk.grader("replay missing.json").assert().code(96).stderr_eq(str![[r#"
error: cannot read the report missing.json: No such file or directory (os error 2)

"#]]);
    desk.grader("replay cut.json").assert().code(96).stderr_eq(str![[r#"
error: cut.json is not a report: it is not JSON (EOF while parsing a string at line 1 column 19)

"#]]);
    desk.grader("replay foreign.json").assert().code(96).stderr_eq(str![[r#"
error: foreign.json is not a report: it has no "schema": "lab-report/1"

"#]]);
    desk.grader("replay newer.json")
        .assert()
        .code(96)
        .stderr_eq(str![[r#"
error: newer.json is a report of schema lab-report/99, and this version reads up to lab-report/1: use a newer version

"#]]);

    desk.report("run --test broken/fails --seed 1", 100);
    let text = std::fs::read_to_string(desk.path("report.json")).expect("a report");
    desk.write("tampered.json", &text.replace(" replay ", " frobnicate "));
    desk.grader("replay tampered.json")
        .assert()
        .code(96)
        .stderr_eq(str![[r#"
error: tampered.json has a replay line of another kind: [..]grader frobnicate --harness [..]fake-harness --test broken/fails --seed 16340232935066927666 --clock sim --sandbox off

"#]]);
}
