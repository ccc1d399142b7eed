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
        .stdout_eq(str![]);
    desk.grader("replay report.json --test TestFlaky")
        .assert()
        .code(0)
        .stdout_eq(str![]);
    desk.grader("replay report.json --failure 3")
        .assert()
        .code(0);
    desk.grader("replay report.json --failure 4")
        .assert()
        .code(2)
        .stderr_eq(str![]);
    desk.grader("replay report.json --test steady")
        .assert()
        .code(4)
        .stderr_eq(str![]);

    // The line that the report gives can be pasted into a shell.
    let line = report["suites"][0]["tests"][0]["failures"][0]["replay"]
        .as_str()
        .expect("a line");
    let shell = std::process::Command::new("sh")
        .args(["-c", line])
        .output()
        .expect("a shell");
    assert_eq!(shell.status.code(), Some(100), "{line}: {shell:?}");
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
        .stdout_eq(str![]);
    desk.write(
        "report.json",
        &text.replace("--test broken/fails", "--test steady/first"),
    );
    desk.grader("replay report.json")
        .assert()
        .code(121)
        .stdout_eq(str![]);
    desk.write(
        "report.json",
        &text.replace("0000000000000007", "0000000000000008"),
    );
    desk.grader("replay report.json")
        .assert()
        .code(0)
        .stdout_eq(str![]);
}

#[test]
fn a_run_that_is_named_by_hand_passes_or_fails() {
    let desk = Desk::new();
    desk.grader("replay --test steady/first --seed 0xf")
        .assert()
        .code(0)
        .stdout_eq(str![]);
    desk.grader("replay --test TestFails --seed 1 --clock real")
        .assert()
        .code(100);
    desk.bare("replay --test x").assert().code(2);
    desk.bare("replay").assert().code(2);
}

#[test]
fn what_is_no_report_is_refused_in_one_line() {
    let desk = Desk::new();
    desk.write("cut.json", "{\"schema\": \"lab-rep");
    desk.write("foreign.json", "{\"tests\": []}");
    desk.write("newer.json", "{\"schema\": \"lab-report/99\"}");
    desk.grader("replay missing.json")
        .assert()
        .code(96)
        .stderr_eq(str![]);
    desk.grader("replay cut.json")
        .assert()
        .code(96)
        .stderr_eq(str![]);
    desk.grader("replay foreign.json")
        .assert()
        .code(96)
        .stderr_eq(str![]);
    desk.grader("replay newer.json")
        .assert()
        .code(96)
        .stderr_eq(str![]);

    desk.report("run --test broken/fails --seed 1", 100);
    let text = std::fs::read_to_string(desk.path("report.json")).expect("a report");
    desk.write("tampered.json", &text.replace(" replay ", " frobnicate "));
    desk.grader("replay tampered.json")
        .assert()
        .code(96)
        .stderr_eq(str![]);
}
