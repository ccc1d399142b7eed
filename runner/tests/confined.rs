//! Runs that are confined, and what each may use, with shell scripts for programs. In a run of a single
//! process a script has the shell's own commands only.

#![allow(
    clippy::disallowed_methods,
    reason = "it lives outside every world and waits for processes"
)]

use std::fs;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use confine::{Mode, Sandbox, children};
use libtest_mimic::{Arguments, Trial};
use protocol::{Clock, FailureKind, Limits, PROTOCOL, Policy, Request};
use runner::{Allowance, CancelToken, Program, RunResult, run_once};

fn main() -> ExitCode {
    confine::launch_if_asked();
    children::adopt_orphans().expect("it is Linux");
    let trial = |name: &str, check: fn()| {
        Trial::test(name, move || {
            check();
            Ok(())
        })
    };
    let trials = vec![
        trial("the_environment_is_its_own", the_environment_is_its_own),
        trial("memory_is_limited", memory_is_limited),
        trial("memory_of_a_group_is_limited", memory_of_a_group_is_limited),
        trial("a_failed_allocation_is_recognised", a_failed_allocation_is_recognised),
        trial("disk_is_limited", disk_is_limited),
        trial("a_long_file_is_cut_off", a_long_file_is_cut_off),
        // Nothing is closed to root.
        trial("files_that_cannot_be_counted_are_too_many", files_that_cannot_be_counted)
            .with_ignored_flag(rustix::process::geteuid().is_root()),
        trial("a_folder_is_taken_away_whatever_it_holds", a_folder_is_taken_away_whatever_it_holds),
        trial("a_trace_reaches_the_file_that_was_named", a_trace_reaches_the_file_that_was_named),
        trial("what_cannot_be_started_says_so", what_cannot_be_started_says_so),
        trial("daemons_do_not_stay", daemons_do_not_stay),
    ];
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn request(clock: Clock) -> Request {
    Request {
        protocol: PROTOCOL,
        nonce: "n0nce".into(),
        test: "suite/test".into(),
        seed: 7,
        clock,
        policy: Policy::default(),
        vlevel: 0,
        trace: None,
        scenario: None,
        limits: Limits::default(),
    }
}

/// As confined as the machine can.
fn shell(script: &str) -> Program {
    let sandbox = Sandbox::new(Mode::Auto).expect("nothing is required");
    Program {
        args: vec!["-c".into(), script.into()],
        env: vec![("OWN".into(), "own".into())],
        ..Program::confined("/bin/sh", &sandbox)
    }
}

/// On the real clock, where a run has a folder.
fn allowance(processes: bool) -> Allowance {
    Allowance {
        memory_bytes: Some(100 << 20),
        disk_bytes: Some(20 << 20),
        processes,
        log_bytes: 1000,
        ..Allowance::for_test(Clock::Real, 60.0)
    }
}

fn run(script: &str, allowance: &Allowance) -> RunResult {
    let cancel = CancelToken::new().expect("a token");
    run_once(&shell(script), &request(Clock::Real), allowance, &cancel)
}

#[track_caller]
fn expect(script: &str, allowance: &Allowance, kind: FailureKind, message: &str) -> RunResult {
    let result = run(script, allowance);
    let failure = result.failure().expect("no shell passes");
    assert_eq!(failure.kind, kind, "{result:?}");
    assert!(failure.message.contains(message), "{failure}");
    result
}

fn the_environment_is_its_own() {
    // Cargo sets it for the tests.
    assert!(std::env::var_os("CARGO_PKG_NAME").is_some());
    let result = run(r#"echo "<$CARGO_PKG_NAME> <$OWN> <$TMPDIR>" >&2"#, &allowance(false));
    let said = result.log.last_lines(1).remove(0);
    assert!(said.starts_with("<> <own> <") && said.contains("/run-"), "{said}");
}

/// Doubles a variable for ever.
const HOG: &str = "x=0123456789; while :; do x=$x$x; done";

fn memory_is_limited() {
    expect(HOG, &allowance(false), FailureKind::Memory, "more than the 100 MiB that a run may");
}

/// No process of the group has more than it may.
fn memory_of_a_group_is_limited() {
    // 40 MB each, held in a variable.
    let member = "x=0123456789; for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22; do \
                  x=$x$x; done; read line";
    let script = format!("for n in 1 2 3 4 5 6; do ({member}) <&9 & done 9<&0; wait");
    // The shell reads from a pipe that nobody writes to.
    let script = format!("sleep 1000 | sh -c '{script}'");
    expect(&script, &allowance(true), FailureKind::Memory, "more than the 100 MiB that a run may");
}

fn a_failed_allocation_is_recognised() {
    let script = "echo 'memory allocation of 7 bytes failed' >&2; kill -ABRT $$";
    let words = "memory allocation of 7 bytes failed: more than a run may reserve";
    expect(script, &allowance(false), FailureKind::Memory, words);
}

/// Files of a megabyte, and more and more of them.
const FILL: &str = r#"x=0123456789abcdef; for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do x=$x$x; done
    n=0; while :; do n=$((n + 1)); echo "$x" > "$TMPDIR/$n"; done"#;

fn disk_is_limited() {
    expect(FILL, &allowance(false), FailureKind::Disk, "more than the 20 MiB that a run may");
}

fn a_long_file_is_cut_off() {
    let script = r#"x=0123456789abcdef; for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do x=$x$x; done
        exec > "$TMPDIR/long"; while :; do echo "$x"; done"#;
    let result = run(script, &Allowance { disk_bytes: Some(4 << 20), ..allowance(false) });
    let failure = result.failure().expect("no shell passes");
    // Whoever is first: the kernel at this file, or the look at the folder.
    assert_eq!(failure.kind, FailureKind::Disk, "{result:?}");
}

fn files_that_cannot_be_counted() {
    let script = r#"mkdir -m 0 "$TMPDIR/closed"; sleep 1000"#;
    expect(script, &allowance(true), FailureKind::Disk, "where nobody can count them");
}

fn a_folder_is_taken_away_whatever_it_holds() {
    let script = r#"echo "$TMPDIR" >&2; cd "$TMPDIR"; mkdir -p a/b; ln -s /usr link; mkdir -m 0 a/closed; exit 3"#;
    let result = run(script, &allowance(true));
    let folder = result.log.last_lines(1).remove(0);
    assert!(folder.contains("/run-"), "{result:?}");
    assert!(!fs::exists(&folder).expect("a path"), "{folder} is still there");
}

fn a_trace_reaches_the_file_that_was_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let named = folder.path().join("trace");
    let request = Request { trace: Some(named.clone()), ..request(Clock::Sim) };
    // The path is in the request.
    let script = r#"read -r request; to=${request#*\"trace\":\"}; echo events > "${to%%\"*}""#;
    let cancel = CancelToken::new().expect("a token");
    let result = run_once(&shell(script), &request, &allowance(false), &cancel);
    assert_eq!(fs::read_to_string(named).ok().as_deref(), Some("events\n"), "{result:?}");
}

fn what_cannot_be_started_says_so() {
    let program = Program { path: "/no/such/harness".into(), ..shell("") };
    let cancel = CancelToken::new().expect("a token");
    let result = run_once(&program, &request(Clock::Sim), &allowance(false), &cancel);
    let failure = result.failure().expect("it cannot pass");
    assert_eq!(failure.kind, FailureKind::Internal);
    assert!(failure.message.contains("/no/such/harness: No such file"), "{failure}");
}

fn daemons_do_not_stay() {
    // Where no call is refused, it leaves its group.
    let script = "setsid sleep 1000 & echo $! >&2; sleep 1000 & echo $! >&2; exit 3";
    let result = run(script, &allowance(true));
    let pids = result.log.last_lines(2);
    let start = Instant::now();
    while pids.iter().any(|pid| fs::exists(format!("/proc/{pid}")).expect("a path")) {
        assert!(start.elapsed() < Duration::from_secs(20), "still there: {pids:?}");
        children::end_orphans();
    }
}
