//! What is wrong is said in one line, with the documented code, before anything runs.

use snapbox::cmd::Command;
use snapbox::str;

use crate::{Desk, fixture};

#[test]
fn help_of_every_command() {
    let desk = Desk::new();
    let commands = [
        "run", "class", "list", "explore", "replay", "report", "compare", "history", "show",
        "bench", "audit", "new", "link",
    ];
    for command in commands {
        let page = snapbox::Data::read_from(&fixture(&format!("help-{command}.txt")), None);
        desk.bare(command).arg("--help").assert().success().stdout_eq(page.raw());
    }
}

/// Runs and checks that no run was started.
fn refused(desk: &Desk, command: Command, code: i32, why: impl snapbox::IntoData) {
    command.assert().code(code).stdout_eq("").stderr_eq(why);
    assert!(desk.no_run_was_started());
}

#[test]
fn a_sandbox_is_one_of_three() {
    let desk = Desk::new();
    refused(
        &desk,
        desk.grader("run --sandbox maybe"),
        2,
        str![[r#"
error: invalid value 'maybe' for '--sandbox <MODE>': expected one of require, auto, off

"#]],
    );
}

#[test]
fn unknown_names() {
    let desk = Desk::new();
    refused(
        &desk,
        desk.grader("run --suite stedy"),
        2,
        str![[r#"
error: no suite `stedy` (did you mean `steady`?); there are steady, broken, stuck, absent

"#]],
    );
    refused(
        &desk,
        desk.grader("run --suite xyz"),
        2,
        str![[r#"
error: no suite `xyz`; there are steady, broken, stuck, absent

"#]],
    );
    refused(
        &desk,
        desk.grader("run --test steady/frist"),
        4,
        str![[r#"
error: no test matches `steady/frist` (did you mean `steady/first`?); there are steady/first, steady/second, broken/fails, broken/flaky, broken/exits, stuck/hangs, absent/never

"#]],
    );
    refused(
        &desk,
        desk.grader("run --suite steady --test TestFail"),
        4,
        str![[r#"
error: no test matches `TestFail`; there are steady/first, steady/second

"#]],
    );
    refused(
        &desk,
        desk.grader("run --test ("),
        2,
        str![[r#"
error: --test "(" is not a regular expression: unclosed group

"#]],
    );
    refused(
        &desk,
        desk.grader("replay --test steady/frist --seed 1"),
        4,
        str![[r#"
error: no test `steady/frist` (did you mean `steady/first`?); `grader list` shows what there is

"#]],
    );
}

#[test]
fn bad_values() {
    let desk = Desk::new();
    refused(
        &desk,
        desk.grader("run --count 0"),
        2,
        str![[r#"
error: invalid value '0' for '--count <N>': expected a whole number, 1 or more

"#]],
    );
    refused(
        &desk,
        desk.grader("run --count -3"),
        2,
        str![[r#"
error: invalid value '-3' for '--count <N>': expected a whole number, 1 or more

"#]],
    );
    refused(
        &desk,
        desk.grader("run --seed x12"),
        2,
        str![[r#"
error: invalid value 'x12' for '--seed <SEED>': expected a number below 2^64, decimal or 0x and hexadecimal

"#]],
    );
    refused(
        &desk,
        desk.grader("run --time-limit nan"),
        2,
        str![[r#"
error: invalid value 'nan' for '--time-limit <SECONDS>': expected a finite number of seconds above 0

"#]],
    );
    refused(
        &desk,
        desk.grader("run --suite-time-limit 0"),
        2,
        str![[r#"
error: invalid value '0' for '--suite-time-limit <SECONDS>': expected a finite number of seconds above 0

"#]],
    );
    refused(
        &desk,
        desk.grader("run --time-limit -1"),
        2,
        str![[r#"
error: invalid value '-1' for '--time-limit <SECONDS>': expected a finite number of seconds above 0

"#]],
    );
    refused(
        &desk,
        desk.grader("run --rpc-limit -1"),
        2,
        str![[r#"
error: invalid value '-1' for '--rpc-limit <N>': expected a whole number

"#]],
    );
    refused(
        &desk,
        desk.grader("run --jobs 100000"),
        2,
        str![[r#"
error: --jobs 100000 is too many: 256 at most

"#]],
    );
    refused(
        &desk,
        desk.grader("run --clock fake"),
        2,
        str![[r#"
error: invalid value 'fake' for '--clock <sim|real>': unknown clock `fake`: it is `sim` or `real`

"#]],
    );
    refused(
        &desk,
        desk.grader("run --policy lifo"),
        2,
        str![[r#"
error: invalid value 'lifo' for '--policy <POLICY>': unknown policy `lifo`: it is `fifo`, `random`, `random:N`, `pct` or `pct:DEPTH:LENGTH`

"#]],
    );
    refused(
        &desk,
        desk.grader("run").env("GRADER_COUNT", "none"),
        2,
        str![[r#"
error: invalid value 'none' for '--count <N>': expected a whole number, 1 or more

"#]],
    );
    refused(
        &desk,
        desk.bare("run -S . --harness x"),
        2,
        str![[r#"
error: --submission and --harness exclude each other: a harness has its submission inside

"#]],
    );
}

#[test]
fn bad_paths() {
    let desk = Desk::new();
    desk.write("file", "");
    refused(
        &desk,
        desk.grader("run --json missing/report.json"),
        110,
        str![[r#"
error: cannot write the report missing/report.json: there is no folder missing

"#]],
    );
    refused(
        &desk,
        desk.grader("run --json ."),
        110,
        str![[r#"
error: cannot write the report .: is a directory

"#]],
    );
    refused(
        &desk,
        desk.grader("run --logs file/logs"),
        110,
        str![[r#"
error: cannot write logs into the folder [..]/file/logs: Not a directory (os error 20)

"#]],
    );
    refused(
        &desk,
        desk.bare("run --harness missing"),
        2,
        str![[r#"
error: no harness executable at missing

"#]],
    );
    refused(
        &desk,
        desk.bare("run -S missing"),
        2,
        str![[r#"
error: no submission in [..]/missing: No such file or directory (os error 2)

"#]],
    );
    refused(
        &desk,
        desk.bare("run --toolkit ."),
        96,
        str![[r#"
error: no toolkit in .: expected its workspace there, with the folder `harness`; name it with --toolkit DIR or GRADER_TOOLKIT

"#]],
    );
    refused(
        &desk,
        desk.grader("run --config missing.toml"),
        2,
        str![[r#"
error: cannot read the settings file missing.toml: No such file or directory (os error 2)

"#]],
    );
}

#[test]
fn not_a_submission() {
    let desk = Desk::new();
    desk.write("Cargo.toml", "[package]\nname = 'mine'\n[dependencies]\nserde = '1'\n");
    refused(
        &desk,
        desk.bare("run -S ."),
        2,
        str![[r#"
error: `mine` in [..] is no submission: it does not depend on `contracts`; a submission is a library with `pub fn submission() -> contracts::Submission`

"#]],
    );
    desk.write("Cargo.toml", "[workspace]\nmembers = []\n");
    refused(
        &desk,
        desk.bare("run -S ."),
        2,
        str![[r#"
error: no submission in [..]: its Cargo.toml has no [package]; name the package's own folder

"#]],
    );
    desk.write("Cargo.toml", "[package\n");
    refused(
        &desk,
        desk.bare("run -S ."),
        2,
        str![[r#"
error: no submission in [..]: its Cargo.toml is not valid: unclosed table, expected `]`

"#]],
    );
}

#[test]
fn settings_file() {
    let desk = Desk::new();
    desk.write("grader.toml", "count = 5\ncuont = 6\n");
    refused(
        &desk,
        desk.grader("run"),
        2,
        str![[r#"
error: [..]/grader.toml:2: unknown field `cuont`, expected one of `submission`, `toolkit`, `suite`, `test`, `count`, `fail-fast`, `jobs`, `seed`, `clock`, `policy`, `vlevel`, `json`, `html`, `junit`, `markdown`, `csv`, `tap`, `gradescope`, `classroom50`, `github-classroom`, `junit-flaky`, `github`, `logs`, `progress`, `color`, `sandbox`, `no-tests`, `suite-time-limit`, `build`, `hidden`, `points`, `results`, `history`, `assignment`, `class`, `limits`, `suites`, `tests`, in `cuont = 6`

"#]],
    );
    desk.write("grader.toml", "[suites.stedy]\ntime-limit = 5\n");
    refused(
        &desk,
        desk.grader("run"),
        2,
        str![[r#"
error: the settings file has [suites."stedy"], but there is none of that name (did you mean "steady"?)

"#]],
    );
}

#[test]
fn a_harness_that_cannot_list() {
    let desk = Desk::new();
    refused(
        &desk,
        desk.bare("run --harness").arg("/bin/false"),
        104,
        str![[r#"
error: the harness [..]/false did not list its tests: it ended with exit status: 1

"#]],
    );
    refused(
        &desk,
        desk.bare("run --harness").arg("/bin/echo"),
        104,
        str![[r#"
error: the harness [..]/echo did not list its tests: its answer is not a catalogue: expected value at line 1 column 1

"#]],
    );
    let other = desk.write("other.json", r#"{"protocol": 99, "submission": "x", "suites": []}"#);
    desk.fake("FAKE_CATALOGUE", other);
    refused(
        &desk,
        desk.grader("run"),
        104,
        str![[r#"
error: the harness [..]/fake-harness did not list its tests: it speaks version 99 of the protocol, this grader version 4; build both from one toolkit

"#]],
    );
}

#[test]
fn no_tests_may_be_no_failure() {
    let desk = Desk::new();
    refused(&desk, desk.grader("run --test xyz --no-tests pass"), 0, str![""]);
    refused(
        &desk,
        desk.grader("run --test xyz --no-tests warn"),
        0,
        str![[r#"
warning: no test matches `xyz`; there are steady/first, steady/second, broken/fails, broken/flaky, broken/exits, stuck/hangs, absent/never

"#]],
    );
    refused(
        &desk,
        desk.grader("run --suite xyz --no-tests pass"),
        2,
        str![[r#"
error: no suite `xyz`; there are steady, broken, stuck, absent

"#]],
    );
}
