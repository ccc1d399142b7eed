//! Formats given to programs of others, where those are installed.

mod fixtures;

use std::io::Write;
use std::process::{Command, ExitCode, Stdio};

use browser::kit::Kit;
use browser::trials;
use libtest_mimic::Arguments;
use reports::{Report, tap};
use serde_json::Value;

use fixtures::{all_pass, flaky, unsafe_and_slow};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = trials(&[("tap_parser_reads_what_is_written", tap_parser_reads_what_is_written)]);
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// What `tap-parser` makes of a report: passed, failed, skipped, and what it did not understand.
fn tap_parser(kit: &Kit, report: &Report) -> (u64, u64, u64, usize) {
    let mut parser = Command::new("node")
        .arg(kit.tap_parser())
        .args(["--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node");
    let mut input = parser.stdin.take().expect("piped");
    input.write_all(tap::render(report).as_bytes()).expect("it reads");
    drop(input);
    let output = parser.wait_with_output().expect("it ends");
    let events: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let events = events.as_array().expect("a list");
    let of = |name: &str| events.iter().filter(|event| event[0] == name).count();
    let complete = events.iter().find(|event| event[0] == "complete").expect("an end");
    let count = |name: &str| complete[1][name].as_u64().expect("a count");
    (count("pass"), count("fail"), count("skip"), of("extra"))
}

fn tap_parser_reads_what_is_written(kit: &Kit) {
    assert_eq!(tap_parser(kit, &all_pass()), (3, 0, 0, 0));
    assert_eq!(tap_parser(kit, &flaky()), (1, 2, 0, 0));
    assert_eq!(
        tap_parser(kit, &unsafe_and_slow()),
        (2, 2, 0, 0),
        "a time limit is a test of its own"
    );
    let mut hostile = flaky();
    let says = "# TODO later\nok 99 - me\nBail out!\n  ...\n1..0 # SKIP";
    for test in hostile.suites.iter_mut().flat_map(|suite| &mut suite.tests) {
        test.id = format!("{} {says}", test.id);
        for failure in &mut test.failures {
            says.clone_into(&mut failure.message);
            failure.details = vec![says.to_owned()];
        }
    }
    assert_eq!(tap_parser(kit, &hostile), (1, 2, 0, 0));
}
