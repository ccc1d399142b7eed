//! What is wrong is said in one line, with the documented code, before anything runs.

use snapbox::cmd::Command;
use snapbox::str;

use crate::{Desk, fixture};

#[test]
fn help_of_every_command() {
    let desk = Desk::new();
    for command in ["run", "list", "replay", "bench"] {
        let page = snapbox::Data::read_from(&fixture(&format!("help-{command}.txt")), None);
        desk.bare(command)
            .arg("--help")
            .assert()
            .success()
            .stdout_eq(page.raw());
    }
}

/// Runs and checks that no run was started.
fn refused(command: Command, code: i32, why: impl snapbox::IntoData) {
    let pids = tempfile::tempdir().expect("a folder");
    command
        .env("FAKE_PIDS", pids.path())
        .assert()
        .code(code)
        .stdout_eq("")
        .stderr_eq(why);
    assert_eq!(crate::files(pids.path()), [""; 0]);
}

#[test]
fn unknown_names() {
    let desk = Desk::new();
    refused(desk.grader("run --suite stedy"), 2, str![]);
    refused(desk.grader("run --suite xyz"), 2, str![]);
    refused(desk.grader("run --test steady/frist"), 4, str![]);
    refused(desk.grader("run --suite steady --test TestFail"), 4, str![]);
    refused(desk.grader("run --test ("), 2, str![]);
    refused(
        desk.grader("replay --test steady/frist --seed 1"),
        4,
        str![],
    );
}

#[test]
fn bad_values() {
    let desk = Desk::new();
    refused(desk.grader("run --count 0"), 2, str![]);
    refused(desk.grader("run --count -3"), 2, str![]);
    refused(desk.grader("run --seed x12"), 2, str![]);
    refused(desk.grader("run --time-limit nan"), 2, str![]);
    refused(desk.grader("run --time-limit -1"), 2, str![]);
    refused(desk.grader("run --rpc-limit -1"), 2, str![]);
    refused(desk.grader("run --jobs 100000"), 2, str![]);
    refused(desk.grader("run --clock fake"), 2, str![]);
    refused(desk.grader("run --policy lifo"), 2, str![]);
    refused(desk.grader("run").env("GRADER_COUNT", "none"), 2, str![]);
    refused(desk.bare("run -S . --harness x"), 2, str![]);
}

#[test]
fn bad_paths() {
    let desk = Desk::new();
    desk.write("file", "");
    refused(desk.grader("run --json missing/report.json"), 110, str![]);
    refused(desk.grader("run --json ."), 110, str![]);
    refused(desk.grader("run --logs file/logs"), 110, str![]);
    refused(desk.bare("run --harness missing"), 2, str![]);
    refused(desk.bare("run -S missing"), 2, str![]);
    refused(desk.bare("run --toolkit ."), 96, str![]);
    refused(desk.grader("run --config missing.toml"), 2, str![]);
}

#[test]
fn not_a_submission() {
    let desk = Desk::new();
    desk.write(
        "Cargo.toml",
        "[package]\nname = 'mine'\n[dependencies]\nserde = '1'\n",
    );
    refused(desk.bare("run -S ."), 2, str![]);
    desk.write("Cargo.toml", "[workspace]\nmembers = []\n");
    refused(desk.bare("run -S ."), 2, str![]);
    desk.write("Cargo.toml", "[package\n");
    refused(desk.bare("run -S ."), 2, str![]);
}

#[test]
fn settings_file() {
    let desk = Desk::new();
    desk.write("grader.toml", "count = 5\ncuont = 6\n");
    refused(desk.grader("run"), 2, str![]);
    desk.write("grader.toml", "[suites.stedy]\ntime-limit = 5\n");
    refused(desk.grader("run"), 2, str![]);
}

#[test]
fn a_harness_that_cannot_list() {
    let desk = Desk::new();
    refused(desk.bare("run --harness").arg("/bin/false"), 104, str![]);
    refused(desk.bare("run --harness").arg("/bin/echo"), 104, str![]);
    let other = desk.write(
        "other.json",
        r#"{"protocol": 99, "submission": "x", "suites": []}"#,
    );
    refused(desk.grader("run").env("FAKE_CATALOGUE", other), 104, str![]);
}

#[test]
fn no_tests_may_be_no_failure() {
    let desk = Desk::new();
    refused(desk.grader("run --test xyz --no-tests pass"), 0, str![""]);
    refused(desk.grader("run --test xyz --no-tests warn"), 0, str![]);
    refused(desk.grader("run --suite xyz --no-tests pass"), 2, str![]);
}
