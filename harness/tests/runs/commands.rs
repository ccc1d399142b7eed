//! What people and `cargo test` say to the binary.

use libtest_mimic::Trial;
use protocol::{Catalogue, Clock, Record, Verdict};

use crate::check;
use crate::processes::{harness, text};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        check("list_is_for_people", list_is_for_people),
        check("list_is_for_programs", list_is_for_programs),
        check("run_prints_its_record", run_prints_its_record),
        check("run_refuses_what_is_wrong", run_refuses_what_is_wrong),
        check("nextest_can_list", nextest_can_list),
        check("cargo_test_passes", cargo_test_passes),
        check("cargo_test_fails_with_a_replay", cargo_test_fails),
        check("cargo_test_is_not_fooled", cargo_test_is_not_fooled),
        check("not_implemented_is_ignored", not_implemented_is_ignored),
        check("count_stops_at_a_failure", count_stops_at_a_failure),
        check("warnings_are_shown_or_denied", warnings_are_shown_or_denied),
        check("settings_are_checked", settings_are_checked),
        check("a_run_is_nothing_else", a_run_is_nothing_else),
        check("a_role_is_nothing_else", a_role_is_nothing_else),
    ]
}

fn list_is_for_people() {
    let (out, _) = text(&harness(&["list"], &[]));
    assert!(out.starts_with("submission: fixture\n\ntiny: Tiny fixtures (none; budget 10 s)\n"));
    assert!(out.contains("  tiny/passes               TestTiny  behaves in one way\n"), "{out}");
    assert!(out.contains("budget 1 s, not implemented)"), "{out}");
    assert!(out.contains("budget 60 s, real clock only)"), "{out}");
}

fn list_is_for_programs() {
    let output = harness(&["list", "--json"], &[]);
    let catalogue: Catalogue = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(catalogue.submission, "fixture");
    let implemented: Vec<_> = catalogue.suites.iter().map(|s| s.implemented).collect();
    assert_eq!(implemented, [true, false, true, true]);
    let clocks: Vec<_> = catalogue.suites.iter().map(|s| s.clock).collect();
    assert_eq!(clocks, [None, None, Some(Clock::Real), None]);
    assert_eq!(catalogue.suites[0].tests[0].id, "tiny/passes");
}

fn run_prints_its_record() {
    let args = ["run", "--test", "tiny/passes", "--seed", "5", "--policy", "fifo"];
    let output = harness(&args, &[]);
    assert!(output.status.success(), "{output:?}");
    let record: Record = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((record.seed, record.verdict), (5, Verdict::Pass));

    let output = harness(&["run", "--test", "tiny/overflows"], &[]);
    assert_eq!(output.status.code(), Some(100));
    let (out, err) = text(&output);
    assert_eq!(out, "", "there is no record to print");
    assert!(err.contains("used up its 256 KiB of stack"), "{err}");
}

fn run_refuses_what_is_wrong() {
    for (args, culprit) in [
        (&["run", "--test", "tiny/passe"][..], "tiny/passe"),
        (&["run", "--test", "tiny/passes", "--seed", "-1"], "-1"),
        (&["run", "--test", "tiny/passes", "--clock", "wall"], "wall"),
        (&["run", "--test", "tiny/passes", "--policy", "pct:3"], "pct:3"),
    ] {
        let output = harness(args, &[]);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(text(&output).1.contains(culprit), "{output:?}");
    }
    let output = harness(&["run"], &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output).1.contains("no request"), "{output:?}");
}

fn nextest_can_list() {
    let (out, _) = text(&harness(&["--list", "--format", "terse"], &[]));
    assert_eq!(out.lines().next(), Some("tiny/passes::TestTiny: test"));
    assert!(out.lines().all(|line| line.ends_with(": test")), "{out}");
}

fn cargo_test_passes() {
    for filter in ["tiny/passes", "tiny/passes::TestTiny"] {
        let output = harness(&["--exact", filter], &[("LAB_SEED", "3")]);
        let (out, err) = text(&output);
        assert!(output.status.success() && out.contains("1 passed"), "{output:?}");
        assert!(err.contains("tiny/passes: seed 3, sim clock"), "{err}");
    }
}

fn cargo_test_fails() {
    let output = harness(&["--exact", "tiny/fails"], &[("LAB_SEED", "3")]);
    assert_eq!(output.status.code(), Some(101));
    let (out, _) = text(&output);
    for line in [
        "check failed: expected a leader, saw none (at step: 1. Look)\n",
        "run 1 of 1, seed 3, sim clock: ",
        "replay: LAB_SEED=3 LAB_CLOCK=sim LAB_POLICY=random:40 cargo test -- --exact \
         'tiny/fails::TestTiny'\n",
    ] {
        assert!(out.contains(line), "{line} is not in {out}");
    }
}

fn cargo_test_is_not_fooled() {
    for test in ["exits", "exits-in-a-thread", "prints-a-record", "finds-the-pipe", "aborts"] {
        let output = harness(&["--exact", &format!("tiny/{test}")], &[]);
        assert_eq!(output.status.code(), Some(101), "{test}: {output:?}");
    }
}

fn not_implemented_is_ignored() {
    let output = harness(&["other/"], &[]);
    let (out, _) = text(&output);
    assert!(output.status.success(), "{output:?}");
    assert!(out.contains("not implemented") && out.contains("1 ignored"), "{out}");
}

fn count_stops_at_a_failure() {
    let env = [("LAB_SEED", "3"), ("LAB_COUNT", "4")];
    let (out, err) = text(&harness(&["--exact", "tiny/passes"], &env));
    assert!(out.contains("1 passed"), "{out}");
    assert!(err.contains("4 runs from seed 3"), "{err}");
    let figures = " s, 3 servers, 0 RPCs, 0 bytes, 12 commits\n";
    assert!(err.contains("tiny/passes: passed, last run: ") && err.ends_with(figures), "{err}");
    let (out, _) = text(&harness(&["--exact", "tiny/fails"], &env));
    assert!(out.contains("run 1 of 4, seed 3"), "{out}");
}

fn warnings_are_shown_or_denied() {
    let test = ["--exact", "tiny/passes"];
    let (out, err) = text(&harness(&test, &[("LAB_COUNT", "3")]));
    assert!(out.contains("1 passed"), "{out}");
    assert_eq!(err.matches("tiny/passes: warning: only just\n").count(), 1, "{err}");

    let env = [("LAB_SEED", "3"), ("LAB_WARNINGS", "deny")];
    let output = harness(&test, &env);
    let (out, _) = text(&output);
    assert_eq!(output.status.code(), Some(101), "{out}");
    assert!(out.contains("warning: only just\nrun 1 of 1, seed 3, sim clock: "), "{out}");
}

fn settings_are_checked() {
    let output = harness(&["tiny/passes"], &[("LAB_CLOCK", "wall")]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(text(&output).1, "error: LAB_CLOCK=wall: it is `sim` or `real`\n");
}

/// With the marker in its environment the arguments say nothing.
fn a_run_is_nothing_else() {
    for args in [&["list"][..], &["--list"], &["run", "--test", "tiny/passes"]] {
        let output = harness(args, &[(protocol::RUN_MARKER, "1")]);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert_eq!(text(&output).0, "", "{args:?}");
    }
}

/// With a role in its environment they say nothing either, unless it is a run.
fn a_role_is_nothing_else() {
    let role = (protocol::ROLE_MARKER, "{}");
    for args in [&["list"][..], &["--list"], &["run", "--test", "tiny/passes"]] {
        let output = harness(args, &[role]);
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        let (out, err) = text(&output);
        assert!(out.is_empty() && err.starts_with("error: no role: "), "{output:?}");
        let output = harness(args, &[role, (protocol::RUN_MARKER, "1")]);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
    }
}
